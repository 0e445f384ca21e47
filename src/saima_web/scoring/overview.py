"""The lists of scoring: periods with their state and next step, a draft's ranking, a sheet's marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.people.models import Unit
from saima_web.scoring.checks import Reporting, reporting
from saima_web.scoring.models import ScoreRun, SheetCheck
from saima_web.scoring.queries import base_of, difference, result_of
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import period as period_words

State = ScoreRun.State


def periods_table(campaign: Campaign, *, may_run: bool = False) -> Table:
    """Every period that has begun, the latest first, with what is missing and what comes next."""
    told = reporting(campaign)
    runs: dict[str, list[ScoreRun]] = {}
    rows = campaign.runs.filter(comparison=False).exclude(state=State.DROPPED).defer("result")
    for run in rows:
        runs.setdefault(run.period, []).append(run)
    begun = [p for p in periods_of(campaign) if p.start <= today()]
    extra = {"may_run": may_run}
    return Table(
        columns=(
            Column("title", _("期间"), link="href"),
            Column("state", _("状态"), template="scoring/_state.html"),
            Column("missing", _("未核定"), "number", 0, _("项")),
            Column("late", _("逾期"), "number", 0, _("项")),
            Column("problems", _("数据问题"), "number", 0, _("个")),
            Column("next", _("下一步"), template="scoring/_next.html", sort="", export=False),
        ),
        rows=[
            _period_row(campaign, p.text, runs.get(p.text, []), told.get(p.text), p.end < today())
            | extra
            for p in reversed(begun)
        ],
        name=_("各期计分"),
        boxes=(
            Box("todo", _("待办"), lambda r: r["code"] not in ("", "published", "future")),
            Box("published", _("已公布"), lambda r: r["code"] == "published"),
        ),
        empty=_("行动还没有开始。"),
        begin=_("第一期结束、数据核定后，在这里计分。"),
    )


def _period_row(
    campaign: Campaign, period: str, runs: Sequence[ScoreRun], told: Reporting | None, over: bool
) -> dict[str, Any]:
    run = runs[0] if runs else None
    return {
        "title": period_words(period),
        "period": period,
        "campaign": campaign,
        "run": run,
        "href": reverse("scoring:run", args=[campaign.code, run.pk]) if run else "",
        "code": run.state if run else "none" if over else "future",
        "state": state_words(run, over),
        "trial": bool(run and run.trial),
        "missing": told.open if told else None,
        "late": told.late if told else None,
        "problems": len(result_of(run).problems) if run else None,
        "next": next_words(run, over),
    }


def state_words(run: ScoreRun | None, over: bool = True) -> str:
    """A run's state as people say it."""
    if run is None:
        return _("未计分") if over else _("本期未结束")
    if run.state == State.PUBLISHED:
        return _("已公布第%(n)s版") % {"n": run.version}
    if run.state == State.CHECKING:
        waiting = run.checks.filter(state=SheetCheck.State.SENT).count()
        return _("核对中，%(n)s家未答复") % {"n": waiting} if waiting else _("核对完毕")
    return str(run.get_state_display())


def next_words(run: ScoreRun | None, over: bool = True) -> str:
    """What the run waits for."""
    if run is None:
        return _("计分") if over else ""
    return {
        State.DRAFT: _("送各单位核对"),
        State.CHECKING: _("结束核对"),
        State.CHECKED: _("领导审定"),
        State.APPROVED: _("公布"),
    }.get(State(run.state), "")


def ranking_table(run: ScoreRun) -> Table:
    """A run's ranking with what changed against the version before, and how checking stands."""
    base = base_of(run)
    changed = {row["unit"]: row for row in difference(base, run)} if base else {}
    checks = {c.unit.code: c for c in run.checks.select_related("unit")}
    units = sorted(result_of(run).units, key=lambda u: (u.track, u.rank is None, u.rank or 0))
    columns = [
        Column("track", _("赛道")),
        Column("rank", _("位次"), "number", 0),
        Column("name", _("单位"), link="href"),
        Column("score", _("总分"), "number", 2, _("分")),
        Column("movement", _("比上期"), template="scoring/_move.html", sort="movement"),
        Column("tier", _("梯队")),
    ]
    if base:
        columns.insert(4, Column("was", _("第%(n)s版") % {"n": base.version}, "number", 2, _("分")))
        columns.insert(5, Column("marks", _("改动"), template="scoring/_changes.html", sort=""))
    if checks:
        columns.append(Column("check", _("核对"), template="scoring/_check.html"))
    return Table(
        columns=columns,
        rows=[_ranking_row(run, u, changed.get(u.unit), checks.get(u.unit)) for u in units],
        name=_("%(period)s得分") % {"period": period_words(run.period)},
        search=("name", "track"),
        boxes=_ranking_boxes(bool(base), bool(checks)),
    )


def _ranking_boxes(base: bool, checks: bool) -> list[Box]:
    boxes = [Box("changed", _("有改动"), lambda r: r["marks"] or r["was_rank"])] if base else []
    if checks:
        boxes += [
            Box("sent", _("待核对"), lambda r: r["check"] == _("待核对")),
            Box("disputed", _("有异议"), lambda r: bool(r["note"])),
        ]
    return boxes


def _ranking_row(
    run: ScoreRun, unit: Any, changed: dict[str, Any] | None, check: SheetCheck | None
) -> dict[str, Any]:
    return {
        "track": unit.track, "rank": unit.rank, "name": unit.name, "score": unit.score,
        "movement": unit.movement, "tier": unit.tier or "",
        "was": changed["score_was"] if changed else unit.score,
        "was_rank": changed["rank_was"] if changed and changed["rank_was"] != unit.rank else None,
        "marks": changed["marks"] if changed else [],
        "check": str(check.get_state_display()) if check else "",
        "note": check.note if check and check.state == SheetCheck.State.DISPUTED else "",
        "href": reverse("scoring:sheet", args=[run.campaign.code, run.pk, unit.unit]),
    }  # fmt: skip


def sheet_table(run: ScoreRun, unit: Unit) -> Table | None:
    """A unit's marks one by one; None where the run does not score it."""
    found = next((u for u in result_of(run).units if u.unit == unit.code), None)
    if found is None:
        return None
    rows = [
        {
            "category": m.category, "name": m.name, "actual": m.actual, "target": m.target,
            "attainment": None if m.attainment is None else m.attainment * 100,
            "marks": m.marks, "full": m.full_marks, "sentence": m.sentence,
            "href": reverse("scoring:why", args=[run.campaign.code, run.period, unit.code, m.indicator])
            + f"?run={run.pk}",
        }
        for m in found.marks
    ]  # fmt: skip
    return Table(
        columns=(
            Column("category", _("类别")),
            Column("name", _("指标"), link="href"),
            Column("actual", _("完成"), "number", 2),
            Column("target", _("目标"), "number", 2),
            Column("attainment", _("完成率"), "number", 2, "%"),
            Column("marks", _("得分"), "number", 2, _("分")),
            Column("full", _("满分"), "number", 2, _("分")),
            Column("sentence", _("怎么来的")),
        ),
        rows=rows,
        name=_("%(unit)s%(period)s成绩单") % {"unit": unit, "period": period_words(run.period)},
    )
