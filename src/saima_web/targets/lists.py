"""The tables of targets' pages: headlines, sets, changes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.periods import parse
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import cells_for
from saima_web.targets import actions
from saima_web.targets.kept import lines_of
from saima_web.targets.models import ProjectPlan, Target, TargetSet
from saima_web.targets.overview import Overview, amplified
from saima_web.ui.tables import Box, Column, Table


def headline_table(view: Overview) -> Table:
    """One line per indicator."""
    rows = lines_of(view, lambda view: [_line(view, row) for row in view.rows()])
    columns = [
        Column("name", _("指标"), link="href"),
        Column("category", _("类别")),
        Column("measure", _("计量单位")),
        Column("headline", _("总目标"), "number", template="targets/_headline.html"),
        Column("base", _("各单位合计"), "number", template="targets/_amount.html"),
        Column("ratio", _("加码"), "number", template="targets/_ratio.html"),
        Column("stretch", _("奋斗目标合计"), "number", template="targets/_plain.html"),
        Column("months", _("月度合计")),
        Column("missing_names", _("缺目标"), template="targets/_missing.html"),
    ]
    if not any(r["wide"] for r in rows):
        columns = [c for c in columns if c.key not in ("headline", "ratio")]
        columns = [_own(c) if c.key == "base" else c for c in columns]
    boxes = (
        Box("missing", _("缺目标"), lambda r: bool(r["missing"])),
        Box("over", _("加码"), lambda r: bool(r["over"])),
        Box("under", _("未分足"), lambda r: bool(r["under"])),
        Box("months", _("月度对不上"), lambda r: bool(r["off"])),
    )
    return Table(
        columns, rows, name=_("目标总表"), search=("name", "category", "missing_names"), boxes=boxes,
        empty=_("还没有指标。"), begin=_("先在“指标”里建立指标，再回到这里下达目标。"),
    )  # fmt: skip


def _own(column: Column) -> Column:
    return Column(column.key, _("目标"), "number", template=column.template)


def _line(view: Overview, row: dict[str, Any]) -> dict[str, Any]:
    indicator = row["indicator"]
    levels = amplified(view, indicator)
    row["levels"] = levels
    row["ratio"] = levels[-1].amplification if levels else None
    row["over"] = any(level.stretch > 0 for level in levels)
    row["under"] = any(level.stretch < 0 for level in levels)
    row["href"] = reverse("targets:grid", args=[view.campaign.code, indicator.code])
    row["months"] = _months(row)
    row["missing_names"] = "、".join(str(u) for u in row["missing"])
    return row


def _months(row: dict[str, Any]) -> str:
    if not row["additive"]:
        return _("不相加")
    if row["off"]:
        return _("%(n)s个单位对不上") % {"n": len(row["off"])}
    if not row["planned"]:
        return _("未按月分解") if row["units"] else ""
    return _("相符")


def sets_table(campaign: Campaign, by: User) -> Table:
    """Sets that touch cells of a user's scope: drafts are their maker's only."""
    scope = cells_for(by, "targets.see", campaign)
    touched = Target.objects.filter(scope, batch__campaign=campaign)
    sets = campaign.target_sets.exclude(kind=TargetSet.Kind.NEXT_YEAR)
    sets = sets.exclude(state=TargetSet.State.WITHDRAWN).select_related("made_by", "decided_by")
    found = [r for r in sets if r.made_by_id == by.pk or r.state != TargetSet.State.DRAFT]
    planned = ProjectPlan.objects.filter(scope, batch__campaign=campaign)
    seen = {pk for rows in (touched, planned) for pk in rows.values_list("batch", flat=True)}
    found = [r for r in found if r.pk in seen or r.made_by_id == by.pk or not scope]
    return Table(
        [
            Column("title", _("名称"), link="href"),
            Column("kind", _("类型")),
            Column("state", _("状态"), template="targets/_state.html"),
            Column("cells", _("改动"), "number", 0, measure=_("格")),
            Column("reason", _("原因")),
            Column("maker", _("编制人")),
            Column("at", _("时间"), "moment"),
            Column("decider", _("批准人")),
            Column("decided", _("批准时间"), "moment"),
        ],
        [_set_row(campaign, r) for r in found],
        name=_("目标批次"), search=("title", "reason", "maker"), prefix="s-",
        boxes=(
            Box("waiting", _("待批准"), lambda r: r["code"] == "submitted"),
            Box("approved", _("已批准"), lambda r: r["code"] == "approved"),
            Box("refused", _("未批准"), lambda r: r["code"] == "refused"),
        ),
        empty=_("还没有提交过目标。"),
        begin=_("点一个指标，在表格里填写各单位目标，保存后提交领导批准。"),
    )  # fmt: skip


def _set_row(campaign: Campaign, row: TargetSet) -> dict[str, Any]:
    return {
        "title": row.title, "href": reverse("targets:set", args=[campaign.code, row.pk]),
        "kind": row.get_kind_display(), "state": row.get_state_display(), "code": row.state,
        "cells": cells_in(row), "reason": row.reason,
        "maker": row.made_by.name if row.made_by else _("系统"),
        "at": row.submitted_at or row.made_at,
        "decider": row.decided_by.name if row.decided_by else "", "decided": row.decided_at,
    }  # fmt: skip


def cells_in(batch: TargetSet) -> int:
    """How many cells a set speaks of, however often each was typed."""
    cells = batch.targets.order_by().values("unit", "indicator", "period")
    plans = batch.project_plans.order_by().values("unit", "indicator", "project", "period")
    return cells.distinct().count() + plans.distinct().count()


def changes_table(batch: TargetSet, by: User) -> Table:
    """What a set changes, of the cells that a user may see: old struck out beside new."""
    scope = cells_for(by, "targets.see", batch.campaign)
    visible = set(batch.targets.filter(scope).values_list("pk", flat=True))
    plans = set(batch.project_plans.filter(scope).values_list("pk", flat=True))
    rows = [
        _change(c)
        for c in actions.changes_in(batch)
        if c["after"].pk in (visible if isinstance(c["after"], Target) else plans)
    ]
    return Table(
        [
            Column("indicator", _("指标")),
            Column("unit", _("单位")),
            Column("period", _("期间")),
            Column("before", _("原来"), "number", template="targets/_old.html"),
            Column("after", _("改为"), "number", template="targets/_new.html"),
            Column("move", _("变动"), "number"),
            Column("stretch", _("奋斗目标"), template="targets/_pair.html"),
            Column("goal", _("文字目标、锁定")),
        ],
        rows, name=_("改动明细"), search=("indicator", "unit", "period", "goal"),
        boxes=(
            Box("new", _("新增"), lambda r: r["before"] is None and r["after"] is not None),
            Box("up", _("调高"), lambda r: (r["move"] or 0) > 0),
            Box("down", _("调低"), lambda r: (r["move"] or 0) < 0),
        ),
        empty=_("这一批没有改动。"),
    )  # fmt: skip


def _change(change: dict[str, Any]) -> dict[str, Any]:
    old, new = change["before"], change["after"]
    before = old.value if old else None
    after = None if new.withdrawn else new.value
    project = getattr(new, "project", "")
    told = {
        "indicator": new.indicator.name, "unit": f"{new.unit} {project}".strip(),
        "period": parse(new.period).label(), "before": before, "after": after,
        "decimals": new.indicator.decimals, "gone": new.withdrawn,
        "move": after - before if before is not None and after is not None else None,
        "stretch": None, "stretch_before": None, "goal": "",
    }  # fmt: skip
    if isinstance(new, Target):
        was = (old.stretch, old.goal, old.locked) if old else (None, "", False)
        if was[0] != new.stretch:
            told |= {"stretch": new.stretch, "stretch_before": was[0]}
        words = [new.goal] if new.goal != was[1] else []
        if new.locked != was[2]:
            words.append(_("锁定") if new.locked else _("解锁"))
        told["goal"] = "；".join(words)
    return told
