"""The tables of red lines' pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.rules.rulebook import EventRule
from saima.scoring.additions import months_of
from saima_web.campaigns.models import Campaign
from saima_web.redlines import queries
from saima_web.redlines.actions import IN_FORCE
from saima_web.redlines.models import (
    AccountabilityRecord,
    AllowedVeto,
    Honour,
    Incident,
    RiskItem,
)
from saima_web.redlines.rules import event_rules
from saima_web.ui.tables import Box, Column, Table


def incidents_table(campaign: Campaign, rows: Iterable[Incident]) -> Table:
    """Incidents, the latest first."""
    lines = [
        {
            "on": r.on, "domain": r.domain.name, "unit": str(r.unit), "name": r.name,
            "effect": r.veto.get_effect_display(), "veto": r.veto.name, "basis": r.basis,
            "expires": r.expires, "state": r.get_state_display(), "code": r.state,
            "href": reverse("redlines:one", args=[campaign.code, r.pk]),
        }
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("on", _("发生日期"), "date"),
            Column("domain", _("领域")),
            Column("unit", _("单位")),
            Column("name", _("事件"), link="href"),
            Column("effect", _("后果")),
            Column("basis", _("依据文件")),
            Column("expires", _("有效期至"), "date"),
            Column("state", _("状态")),
        ),
        lines,
        name=_("红线事件"),
        search=("domain", "unit", "name", "basis"),
        boxes=(
            Box("waiting", _("待审定"), lambda r: r["code"] == "recorded"),
            Box("force", _("生效中"), lambda r: r["code"] in IN_FORCE),
            Box("appealed", _("申诉中"), lambda r: r["code"] == "appealed"),
            Box("over", _("已了结"), lambda r: r["code"] in ("withdrawn", "expired", "dismissed")),
        ),
        css="s-rows",
        stacks=True,
        heads="name",
        empty=_("没有红线事件。"),
        begin=_("发生以后凭依据文件登记，领导审定才生效，单位可以申诉。"),
    )


def vetoes_table(campaign: Campaign, manages: bool) -> Table:
    """What may follow from an incident; the rest is refused."""
    known: dict[tuple[str, str], EventRule] = {(r.kind, r.name): r for r in event_rules(campaign)}
    rows = campaign.allowed_vetoes.select_related("domain")
    lines = [
        {
            "domain": r.domain.name, "name": r.name, "effect": r.get_effect_display(),
            "basis": r.basis, "pk": r.pk, "live": r.retired_at is None, "manages": manages,
            "clause": _clause(known.get((r.effect, r.name))),
            "state": _("可用") if r.retired_at is None else _("已停用"),
        }
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("domain", _("领域")),
            Column("name", _("情形")),
            Column("effect", _("后果")),
            Column("basis", _("依据文件")),
            Column("clause", _("考核办法")),
            Column("state", _("状态"), template="redlines/_veto_state.html"),
        ),
        lines,
        name=_("许可的否决"),
        search=("domain", "name", "basis"),
        boxes=[
            Box(key, str(title), lambda r, title=title: r["effect"] == title)  # type: ignore[misc]
            for key, title in AllowedVeto.Effect.choices
        ],
        css="s-rows",
        stacks=True,
        heads="name",
        empty=_("还没有列入任何否决。"),
        begin=_("凭依据文件列入；清单以外的，不能登记。"),
    )


def _clause(rule: EventRule | None) -> str:
    if rule is None:
        return _("办法里没有同名事项，不影响得分")
    lasts = _("，期限%(n)s个月") % {"n": months_of(rule.lasts)} if rule.lasts else ""
    return (rule.clause or _("有同名事项")) + lasts


def risks_table(campaign: Campaign, rows: Iterable[RiskItem], day: date) -> Table:
    """The list of risks with their checks."""
    hazards = queries.open_hazards(campaign)
    lines = [_risk_line(campaign, r, hazards, day) for r in rows]
    return Table(
        (
            Column("domain", _("领域")),
            Column("name", _("风险事项"), link="href"),
            Column("unit", _("责任单位")),
            Column("last", _("最近检查"), "date"),
            Column("next", _("下次检查"), "date"),
            Column("plan", _("预案")),
            Column("state", _("状态"), template="redlines/_risk_state.html"),
        ),
        lines,
        name=_("底线清单"),
        search=("domain", "name", "unit"),
        boxes=(
            Box("overdue", _("逾期未查"), lambda r: bool(r["overdue"])),
            Box("hazard", _("有隐患"), lambda r: bool(r["hazard"])),
            Box("no-plan", _("没有预案"), lambda r: bool(r["open"] and not r["has_plan"])),
            Box("closed", _("已销项"), lambda r: not r["open"]),
        ),
        css="s-rows",
        stacks=True,
        heads="name",
        empty=_("底线清单还是空的。"),
        begin=_("把不能出事的地方一条一条列出来，写明责任单位、检查周期和预案。"),
    )


def _risk_line(campaign: Campaign, row: RiskItem, hazards: set[int], day: date) -> dict[str, Any]:
    closed = row.closed_at is not None
    state = _("已销项") if closed else _("有隐患") if row.pk in hazards else _("正常")
    return {
        "domain": row.domain.name, "name": row.name, "unit": str(row.unit),
        "last": getattr(row, "last_on", None), "next": None if closed else queries.next_check(row),
        "plan": _("有") if row.plan else _("没有"), "has_plan": bool(row.plan), "open": not closed,
        "state": state, "hazard": row.pk in hazards, "overdue": queries.is_overdue(row, day),
        "href": reverse("redlines:risk", args=[campaign.code, row.pk]),
    }  # fmt: skip


def honours_table(campaign: Campaign, rows: Iterable[Honour]) -> Table:
    """Bonus, deduction, commendation, warning."""
    lines = [
        {
            "on": r.on, "kind": r.get_kind_display(), "code": r.kind, "unit": str(r.unit),
            "name": r.name, "points": r.points, "counted": r.counted, "basis": r.basis,
            "feeds": r.get_counts_in_display() if r.points is not None else "",
            "state": r.get_state_display(), "waits": r.state == Honour.State.RECORDED,
            "href": reverse("redlines:honour", args=[campaign.code, r.pk]),
        }
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("on", _("日期"), "date"),
            Column("kind", _("类型")),
            Column("unit", _("单位")),
            Column("name", _("事项"), link="href"),
            Column("points", _("分值"), "number", 1, measure=_("分")),
            Column("counted", _("计入"), "number", 1, measure=_("分")),
            Column("feeds", _("计入期间")),
            Column("basis", _("依据文件")),
            Column("state", _("状态")),
        ),
        lines,
        name=_("奖惩"),
        search=("unit", "name", "basis"),
        boxes=(
            Box("waiting", _("待审定"), lambda r: bool(r["waits"])),
            *(
                Box(key, str(title), lambda r, key=key: r["code"] == key)  # type: ignore[misc]
                for key, title in Honour.Kind.choices
            ),
        ),
        css="s-rows",
        stacks=True,
        heads="name",
        empty=_("还没有奖惩记录。"),
        begin=_("凭依据文件登记，领导审定后告知单位，有分值的计入得分。"),
    )


def accountability_table(rows: Iterable[AccountabilityRecord], erases: bool) -> Table:
    """What units answered for; restricted."""
    lines = [
        {"on": r.on, "unit": str(r.unit), "matter": r.matter, "form": r.form, "basis": r.basis,
         "words": r.words, "pk": r.pk, "erased": r.erased_at is not None,
         "erasable": erases and r.erased_at is None}
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("on", _("日期"), "date"),
            Column("unit", _("单位")),
            Column("matter", _("事由"), template="redlines/_matter.html"),
            Column("form", _("方式")),
            Column("basis", _("依据文件")),
            Column("words", _("情况")),
        ),
        lines, name=_("责任追究"), search=("unit", "matter", "basis"),
        css="s-rows", stacks=True, heads="matter",
        empty=_("没有责任追究记录。"), begin=_("只有考核办和领导能看到这一页。"),
    )  # fmt: skip
