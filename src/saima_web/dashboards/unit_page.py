"""A unit's page: how it is doing, who is near, where points are lost, and how that came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saima.scoring.result import Mark, Result, UnitResult
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, period_in, periods_of
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.dashboards.reasons import Reason, reasons_of
from saima_web.indicators.models import Indicator
from saima_web.scoring.models import ScoreRun
from saima_web.ui.addresses import addresses
from saima_web.ui.charts import Chart, Series
from saima_web.ui.templatetags.saima import month, plain_number

SHOWN = 3
SLACK = 0.05


@dataclass(frozen=True)
class MarkLine:
    """One mark as the page shows it; `left` says what has to be done each month until the end.

    reason: what the unit says of being behind, where it has.
    """

    mark: Mark
    measure: str
    decimals: int
    why: str
    left: str
    reason: Reason | None = None

    @property
    def lost(self) -> float:
        return max(0.0, self.mark.full_marks - (self.mark.marks or 0.0))


def line_of(board: Leaderboard, code: str) -> Line | None:
    """The unit's line of the ranking, None where it is not in it."""
    return next((line for line in board.lines if line.unit.unit == code), None)


def near(board: Leaderboard, line: Line) -> list[Line]:
    """The line before, its own and the one after in the track."""
    peers = next(t.lines for t in board.tracks if line in t.lines)
    ranked = [p for p in peers if p.unit.rank]
    if line not in ranked:
        return []
    at = ranked.index(line)
    return ranked[max(0, at - 1) : at + 2]


def mark_lines(campaign: Campaign, run: ScoreRun, unit: UnitResult) -> list[MarkLine]:
    """All marks in the order of the rulebook."""
    rows = {x.code: x for x in Indicator.objects.all()}
    left = _months_left(campaign, run.period)
    reasons = reasons_of(campaign, run.period, unit.unit)
    why = addresses("scoring:why", campaign.code, run.period, unit.unit)
    return [
        MarkLine(
            mark=mark,
            measure=rows[mark.indicator].measure if mark.indicator in rows else "",
            decimals=rows[mark.indicator].decimals if mark.indicator in rows else 2,
            why=why(mark.indicator),
            left=_left(mark, rows.get(mark.indicator), left),
            reason=reasons.get((unit.unit, mark.indicator)),
        )
        for mark in unit.marks
    ]


def _months_left(campaign: Campaign, text: str) -> int:
    here = period_in(campaign, text)
    window = clock_of(campaign).window(here.end)
    return sum(1 for p in periods_of(campaign) if here.end < p.end <= window.end)


def _left(mark: Mark, row: Indicator | None, months: int) -> str:
    """年底前每月要完成多少, for figures that add up and are short of their target."""
    if row is None or row.nature == Indicator.Nature.POINT_IN_TIME or row.measure == "%":
        return ""
    if mark.actual is None or not mark.target or mark.target <= mark.actual or not months:
        return ""
    rest = mark.target - mark.actual
    words = {"n": plain_number(rest / months, row.decimals), "m": row.measure}
    return _("期末前每月要完成%(n)s%(m)s") % words


def chase(lines: Sequence[MarkLine]) -> list[MarkLine]:
    """Behind pace, the heaviest loss first (赶)."""
    late = [x for x in lines if (x.mark.pace_gap or 0.0) < -SLACK and x.lost > 0]
    return sorted(late, key=lambda x: -x.lost)


def lead(lines: Sequence[MarkLine]) -> list[MarkLine]:
    """Ahead of pace, the furthest first (超)."""
    ahead = [x for x in lines if (x.mark.pace_gap or 0.0) > SLACK]
    return sorted(ahead, key=lambda x: -(x.mark.pace_gap or 0.0))


def composition(lines: Sequence[MarkLine]) -> list[dict[str, Any]]:
    """Marks of each category of the rulebook, of how many."""
    found: dict[str, list[float]] = {}
    for line in lines:
        if line.mark.marks is not None:
            sums = found.setdefault(line.mark.category, [0.0, 0.0])
            sums[0] += line.mark.marks
            sums[1] += line.mark.full_marks
    return [
        {"name": n, "marks": a, "full": f, "share": min(100.0, a / f * 100) if f else 0.0}
        for n, (a, f) in found.items()
    ]


def answer(line: Line, found: Result) -> list[str]:
    """The page's sentence in clauses."""
    unit = line.unit
    if unit.rank is None:
        return [
            _("单列，"),
            _("得%(n)s分，不参加排名。") % {"n": plain_number(unit.score or 0.0, 2)},
        ]
    clauses = [_("%(m)s第%(n)s名") % {"m": month(found.period), "n": unit.rank}]
    if unit.tied:
        clauses[0] += _("（并列）")
    if unit.movement:
        words = _("比上月升%(n)s位") if unit.movement > 0 else _("比上月降%(n)s位")
        clauses.append(words % {"n": abs(unit.movement)})
    if unit.ahead is not None:
        clauses.append(_("差前一名%(n)s分") % {"n": plain_number(unit.ahead.gap, 2)})
        if unit.need is not None:
            need = {
                "name": unit.need.name, "n": plain_number(unit.need.more), "m": unit.need.measure,
            }  # fmt: skip
            clauses.append(_("%(name)s再多%(n)s%(m)s即可追平") % need)
    elif unit.behind is not None:
        clauses.append(_("领先第二名%(n)s分") % {"n": plain_number(unit.behind.gap, 2)})
    return [c + (_("，") if i < len(clauses) - 1 else _("。")) for i, c in enumerate(clauses)]


def charts(campaign: Campaign, line: Line, ranks: Sequence[int | None]) -> tuple[Chart, Chart]:
    """Places (1 on top) and scores, month by month."""
    names = [month(p.text) for p in periods_of(campaign)][: len(line.scores)]
    places = Chart(
        "lines", _("位次走势"), names, [Series(_("位次"), list(ranks))], decimals=0, inverse=True
    )
    scores = Chart("lines", _("得分走势"), names, [Series(_("得分"), line.scores)])
    return places, scores


def ranks_of(history: Sequence[Result], code: str) -> list[int | None]:
    """The unit's place in every publication given."""
    found: list[int | None] = []
    for result in history:
        found.append(next((u.rank for u in result.units if u.unit == code), None))
    return found
