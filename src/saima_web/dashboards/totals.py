"""The ranking to date: published months of the year or of the final push, brought to one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.ranking import Ties, rank_in_groups
from saima.rounding import half_up, settle
from saima.scoring.result import Result, UnitResult
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, period_in
from saima_web.indicators.queries import parsed
from saima_web.people.models import Unit, User
from saima_web.people.permissions import posts_of
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import published_runs, result_of
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, period, plain_number

DECIMALS = 2


@dataclass(frozen=True)
class Total:
    """A unit's published months together. score: the mean of its months' scores, two decimals."""

    unit: UnitResult
    months: int
    score: float
    rank: int | None
    tied: bool
    firsts: int
    best: int | None
    worst: int | None
    red: int


@dataclass(frozen=True)
class ToDate:
    """Units by track and place, and the months that were counted."""

    totals: list[Total]
    months: list[str]
    seal: str


def spans(campaign: Campaign) -> dict[str, str]:
    """The word in the address -> the view's title; the final push only where there is one."""
    found = {"": _("当月"), "year": _("全年累计")}
    return found | ({"sprint": _("攻坚以来")} if campaign.sprint_start else {})


def runs_in(campaign: Campaign, run: ScoreRun, span: str) -> list[ScoreRun]:
    """The months that count up to a run's: published, no trial months, since the span began."""
    end = period_in(campaign, run.period).end
    since = clock_of(campaign).window(end).start
    if span == "sprint" and campaign.sprint_start:
        since = max(since, campaign.sprint_start)
    return [
        row
        for row in published_runs(campaign)
        if not row.trial and since <= period_in(campaign, row.period).end <= end
    ]


def to_date(campaign: Campaign, run: ScoreRun, span: str) -> ToDate:
    """Every unit of the run's ranking with its months so far; units listed apart take no place."""
    runs = runs_in(campaign, run, span)
    book = parsed(run.rulebook.text)[0]
    seal = next((s.name for s in book.seals if s.every == "month"), "") if book else ""
    ties: Ties = book.ranks.ties if book else "competition"
    months = [result_of(r) for r in runs]
    units = [u for u in result_of(run).units if _scores(months, u.unit)]
    totals = _placed(units, months, seal, ties)
    return ToDate(totals, [r.period for r in runs], seal)


def _scores(months: Sequence[Result], code: str) -> list[float]:
    found = (u.score for r in months for u in r.units if u.unit == code)
    return [s for s in found if s is not None]


def _placed(
    units: Sequence[UnitResult], months: Sequence[Result], seal: str, ties: Ties
) -> list[Total]:
    """Places by the mean score within the track, ties by the rulebook's own rule."""
    means = half_up(settle([np.mean(_scores(months, u.unit)) for u in units]), DECIMALS)
    tracks = list(dict.fromkeys(u.track for u in units))
    group = np.array([tracks.index(u.track) if u.rank else -1 for u in units], dtype=np.int64)
    ranks = rank_in_groups(means, group, ties).tolist() if units else []
    of = list(zip(group.tolist(), ranks, strict=True))
    totals = [
        _total(u, months, seal, float(mean), place[1], of.count(place) > 1)
        for u, mean, place in zip(units, means, of, strict=True)
    ]
    return sorted(totals, key=lambda t: (tracks.index(t.unit.track), t.rank is None, t.rank or 0))


def _total(
    unit: UnitResult, months: Sequence[Result], seal: str, mean: float, rank: int, same: bool
) -> Total:
    own = [u for r in months for u in r.units if u.unit == unit.unit]
    places = [u.rank for u in own if u.rank]
    return Total(
        unit=unit,
        months=len(_scores(months, unit.unit)),
        score=mean,
        rank=rank or None,
        tied=same and bool(rank),
        firsts=places.count(1),
        best=min(places, default=None),
        worst=max(places, default=None),
        red=sum(1 for u in own for s in u.seals if s.name == seal and s.earned),
    )


def span_words(found: ToDate) -> str:
    """`2026年1月至2026年9月`, or one month alone."""
    first, last = period(found.months[0]), period(found.months[-1])
    return first if first == last else _("%(a)s至%(b)s") % {"a": first, "b": last}


def answer(found: ToDate, labels: Mapping[str, str]) -> list[str]:
    """Who leads so far, track by track, and who was first most often."""
    count = len(found.months)
    clauses = [_("截至%(m)s，%(n)s个月平均，") % {"m": month(found.months[-1]), "n": count}]
    firsts = [t for t in found.totals if t.rank == 1]
    clauses += [
        _("%(track)s%(name)s领先（%(n)s分）")
        % {"track": t.unit.track, "name": labels[t.unit.unit], "n": plain_number(t.score, 2)}
        for t in firsts[:4]
    ]
    last = len(clauses) - 1
    return [c if i == 0 else c + (_("，") if i < last else _("。")) for i, c in enumerate(clauses)]


def labels_of() -> dict[str, str]:
    return {u.code: str(u) for u in Unit.objects.all()}


def table(
    by: User, campaign: Campaign, run: ScoreRun, found: ToDate, labels: Mapping[str, str]
) -> Table:
    """The places so far: sorted, filtered by track, exported like every other list."""
    own = {p.unit.code for p in posts_of(by) if p.unit is not None}
    rows = [_row(campaign, run, t, labels, own) for t in found.totals]
    seal = (
        [Column("red", _("%(seal)s次数") % {"seal": found.seal}, "number", 0)] if found.seal else []
    )
    tracks = list(dict.fromkeys(str(r["track"]) for r in rows))
    return Table(
        name=_("%(span)s累计排名") % {"span": span_words(found)},
        columns=[
            Column("rank", _("累计位次"), "number", 0, template="dashboards/_place.html"),
            Column("track", _("赛道")),
            Column("name", _("单位"), link="href"),
            Column("score", _("平均得分"), "number", DECIMALS, _("分")),
            Column("now", _("当月位次"), "number", 0),
            Column("firsts", _("第一名次数"), "number", 0),
            *seal,
            Column("best", _("最好位次"), "number", 0),
            Column("worst", _("最差位次"), "number", 0),
            Column("months", _("计入月数"), "number", 0),
        ],
        rows=rows,
        search=("name",),
        boxes=[
            *(Box(f"track{i}", t, lambda r, t=t: r["track"] == t) for i, t in enumerate(tracks)),  # type: ignore[misc]
            *([Box("own", _("本单位"), lambda r: bool(r["own"]))] if own else []),
        ],
    )


def _row(
    campaign: Campaign, run: ScoreRun, total: Total, labels: Mapping[str, str], own: set[str]
) -> dict[str, Any]:
    unit = total.unit
    marks = ("first" if total.rank == 1 else "", "me" if unit.unit in own else "")
    href = reverse("dashboards:unit", args=[campaign.code, unit.unit])
    return {
        "rank": total.rank, "tied": total.tied, "track": unit.track, "name": labels[unit.unit],
        "score": total.score, "now": unit.rank, "firsts": total.firsts, "red": total.red,
        "best": total.best, "worst": total.worst, "months": total.months,
        "own": unit.unit in own, "row_class": " ".join(m for m in marks if m),
        "href": f"{href}?period={run.period}",
    }  # fmt: skip
