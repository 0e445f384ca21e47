"""The office's desk: how far each period has come, what is missing or odd, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.scoring.editing import Edit, edited
from saima.scoring.report import result
from saima.scoring.result import Result
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry, Round
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of, scoring_of
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import period as period_words

State = ScoreRun.State


@dataclass(frozen=True)
class Month:
    """One period: its round's counts, and its runs, the newest first."""

    period: str
    round: Round | None
    counts: dict[str, int]
    runs: list[ScoreRun]

    @property
    def published(self) -> ScoreRun | None:
        return next((r for r in self.runs if r.state == State.PUBLISHED), None)

    @property
    def working(self) -> ScoreRun | None:
        """The run that is on its way, if any."""
        done = (State.PUBLISHED, State.SUPERSEDED, State.DROPPED)
        return next((r for r in self.runs if r.state not in done and not r.comparison), None)

    @property
    def unsettled(self) -> int:
        return sum(n for s, n in self.counts.items() if s != "confirmed")

    @property
    def words(self) -> str:
        """The state in words."""
        if self.working is not None:
            return str(self.working.get_state_display())
        if self.published is not None:
            return _("已公布第%(n)s版") % {"n": self.published.version}
        if self.round is None:
            return _("还没有开启填报")
        if self.unsettled:
            return _("还有%(n)s项未核定") % {"n": self.unsettled}
        return _("可以计分")


def months(campaign: Campaign) -> list[Month]:
    """The periods that have a round or a run, the latest first."""
    rounds = {r.period: r for r in campaign.rounds.all()}
    counts: dict[str, dict[str, int]] = {}
    rows = Entry.objects.filter(round__campaign=campaign).values_list("round__period", "state")
    for period, state, n in rows.annotate(n=Count("pk")).order_by():
        counts.setdefault(period, {})[state] = n
    runs: dict[str, list[ScoreRun]] = {}
    for run in campaign.runs.defer("result").select_related("rulebook", "made_by"):
        runs.setdefault(run.period, []).append(run)
    names = sorted({*rounds, *runs}, reverse=True)
    return [Month(p, rounds.get(p), counts.get(p, {}), runs.get(p, [])) for p in names]


def months_table(campaign: Campaign, found: Sequence[Month]) -> Table:
    """The periods as a list."""
    rows = []
    for month in found:
        run = month.working or month.published
        href = reverse("scoring:run", args=[campaign.code, run.pk]) if run else ""
        rows.append(
            {
                "period": month.period, "name": period_words(month.period), "words": month.words,
                "confirmed": month.counts.get("confirmed", 0), "unsettled": month.unsettled,
                "runs": len(month.runs), "href": href, "state": run.state if run else "",
            }
        )  # fmt: skip
    columns = [
        Column("name", _("期间"), link="href", sort="period"),
        Column("words", _("进度")),
        Column("confirmed", _("已核定"), "number", decimals=0),
        Column("unsettled", _("未核定"), "number", decimals=0),
        Column("runs", _("计分次数"), "number", decimals=0),
        Column("next", "", template="scoring/_next.html", sort="", export=False),
    ]
    boxes = [
        Box("published", _("已公布"), lambda r: r["state"] == State.PUBLISHED),
        Box("working", _("办理中"), lambda r: r["state"] not in ("", State.PUBLISHED)),
    ]
    return Table(
        columns, [r | {"campaign": campaign.code} for r in rows], name=_("计分"), boxes=boxes,
        empty=_("还没有可以计分的期间。"), begin=_("先在“填报”里开启一期，核定完就可以计分。"),
    )  # fmt: skip


def oddities(campaign: Campaign, run: ScoreRun) -> list[str]:
    """What the office should look at before sending a run out."""
    found = []
    waiting = Entry.objects.filter(round__campaign=campaign, round__period=run.period)
    unsettled = waiting.exclude(state="confirmed").count()
    if unsettled:
        found.append(_("还有%(n)s项没有核定，按缺数处理。") % {"n": unsettled})
    late = waiting.filter(late=True).count()
    if late:
        found.append(_("%(n)s项逾期报送。") % {"n": late})
    if run.provisional:
        found.append(_("含未核定数，只供内部参考。"))
    if run.trial:
        found.append(_("试运行期间：计分但不计入。"))
    found += [f"{p['message']}{p['hint']}" for p in result_of(run).problems[:20]]
    return found


def standings_table(campaign: Campaign, run: ScoreRun, before: Result | None) -> Table:
    """A run's ranking with the scores and places of the run that it is compared with."""
    was = {u.unit: u for u in before.units} if before else {}
    labels = {u.code: str(u) for u in Unit.objects.all()}
    checks = {c.unit.code: c for c in run.checks.select_related("unit")}
    rows = []
    for u in result_of(run).units:
        old, check = was.get(u.unit), checks.get(u.unit)
        rows.append(
            {
                "track": u.track, "rank": u.rank, "unit": labels.get(u.unit, u.name),
                "score": u.score, "tier": u.tier or "",
                "old_score": old.score if old else None, "old_rank": old.rank if old else None,
                "check": check.get_state_display() if check else "", "note": check.note if check else "",
                "check_state": check.state if check else "",
                "href": reverse("scoring:sheet", args=[campaign.code, run.pk, u.unit]),
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (r["track"], r["rank"] is None, r["rank"] or 0))
    columns = [
        Column("track", _("赛道")),
        Column("rank", _("位次"), "number", decimals=0),
        Column("unit", _("单位"), link="href"),
        Column("score", _("得分"), "number", decimals=2),
        Column("tier", _("梯队")),
    ]
    if before is not None:
        columns += [
            Column("old_score", _("对照得分"), "number", decimals=2),
            Column("old_rank", _("对照位次"), "number", decimals=0),
        ]
    if checks:
        columns += [Column("check", _("核对")), Column("note", _("异议说明"))]
    boxes = [
        Box("disputed", _("有异议"), lambda r: r["check_state"] == "disputed"),
        Box("waiting", _("待核对"), lambda r: r["check_state"] == "sent"),
    ]
    return Table(
        columns, rows, name=_("%(p)s排名") % {"p": period_words(run.period)},
        boxes=boxes if checks else (), search=("unit", "track"),
    )  # fmt: skip


def sheet_table(run: ScoreRun, unit: str, campaign: Campaign) -> Table:
    """A unit's own sheet: every mark with its sentence."""
    marks = next((u.marks for u in result_of(run).units if u.unit == unit), ())
    rows = [
        {
            "category": m.category, "name": m.name, "actual": m.actual, "target": m.target,
            "marks": m.marks, "full": m.full_marks, "sentence": m.sentence,
            "why": reverse("scoring:why", args=[campaign.code, run.period, unit, m.indicator]) + f"?run={run.pk}",
        }
        for m in marks
    ]  # fmt: skip
    columns = [
        Column("category", _("类别")),
        Column("name", _("指标"), link="why"),
        Column("actual", _("完成"), "number"),
        Column("target", _("目标"), "number"),
        Column("marks", _("得分"), "number", decimals=2),
        Column("full", _("分值"), "number", decimals=0),
        Column("sentence", _("怎么算的"), template="scoring/_sentence.html"),
    ]
    return Table(columns, rows, name=_("成绩单"), search=("name", "category"))


def what_if(run: ScoreRun, unit: Unit, indicator: Indicator, value: float) -> dict[str, Any]:
    """What one other figure would change in the ranking; nothing is saved."""
    scoring = scoring_of(run)
    change = Edit(unit=unit.code, indicator=indicator.code, period=run.period, value=value)
    after = result(edited(scoring, [change]), run.period, with_needs=False)
    before = {u.unit: u for u in result_of(run).units}
    rows = []
    for u in after.units:
        was = before[u.unit]
        if (was.score, was.rank) != (u.score, u.rank):
            rows.append(
                {
                    "name": u.name,
                    "was": was.score,
                    "now": u.score,
                    "rank_was": was.rank,
                    "rank": u.rank,
                }
            )
    own = next(
        m
        for u in after.units
        if u.unit == unit.code
        for m in u.marks
        if m.indicator == indicator.code
    )
    mark = next(m for m in before[unit.code].marks if m.indicator == indicator.code)
    return {
        "rows": rows,
        "was": mark.marks,
        "now": own.marks,
        "sentence": own.sentence,
        "at": now(),
    }


def next_step(run: ScoreRun) -> str:
    """What the run waits for, as a sentence."""
    words = {
        State.DRAFT: _("下一步：送各单位核对。"),
        State.CHECKING: _("各单位正在核对，结束核对后报领导审定。"),
        State.CHECKED: _("等领导审定。"),
        State.APPROVED: _("已审定，可以公布。"),
        State.PUBLISHED: _("已公布，不再改动；有错另发更正版。"),
        State.SUPERSEDED: _("已被更正版替代，留作记录。"),
        State.DROPPED: _("已作废，留作记录。"),
    }
    return words[State(run.state)]
