"""The leader's minute: group totals, who leads, who is behind and why, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from saima.scoring.result import Mark, UnitResult
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.dashboards.reasons import reasons_of
from saima_web.followup.queries import open_instructions
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.reporting.models import Round
from saima_web.reporting.queries import OWED
from saima_web.reporting.tallies import provided_indicators
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import kept_by_run, result_of
from saima_web.ui.templatetags.saima import pace_words, period, plain_number

HEADLINES = 5
SLACK = 0.05
"""Smaller gaps, in points, print as none."""


@dataclass(frozen=True)
class Headline:
    """An indicator over all units: the sums of what was done and of the year's targets."""

    indicator: str
    name: str
    measure: str
    decimals: int
    actual: float
    target: float
    gap: float | None
    href: str

    @property
    def attainment(self) -> float | None:
        return self.actual / self.target if self.target else None


@dataclass(frozen=True)
class Behind:
    """A unit's mark that loses most by being behind pace, with what the unit says of it."""

    unit: UnitResult
    label: str
    mark: Mark
    lost: float
    cause: str
    until: date | None


@dataclass(frozen=True)
class Due:
    """Something with a date."""

    title: str
    detail: str
    when: date | datetime
    href: str


def headlines(campaign: Campaign, run: ScoreRun) -> list[Headline]:
    """The heaviest indicators that can be added up over units, in the order of the library."""
    rows = {x.code: x for x in _adding()}
    marks, full = _marks(run)
    adding = [c for c, m in marks.items() if c in rows and any(map(_known, m))]
    heavy = sorted(adding, key=lambda c: -full[c])[:HEADLINES]
    return [
        _headline(campaign, rows[c], marks[c]) for c in sorted(heavy, key=lambda c: rows[c].order)
    ]


@kept_by_run(16)
def _marks(run: ScoreRun) -> tuple[dict[str, list[Mark]], dict[str, float]]:
    """By indicator all units' marks, and the sum of their full marks."""
    marks: dict[str, list[Mark]] = {}
    for unit in result_of(run).units:
        for mark in unit.marks:
            marks.setdefault(mark.indicator, []).append(mark)
    return marks, {code: sum(m.full_marks for m in found) for code, found in marks.items()}


def _adding() -> QuerySet[Indicator, Any]:
    """The indicators whose figures add up over units towards a target."""
    flows = Indicator.objects.exclude(nature=Indicator.Nature.POINT_IN_TIME).exclude(measure="%")
    more = flows.filter(direction=Indicator.Direction.MORE, qualitative=False).order_by()
    return more.values_list("code", "name", "measure", "decimals", "order", named=True)


def _known(mark: Mark) -> bool:
    return mark.actual is not None and bool(mark.target)


def _headline(campaign: Campaign, indicator: Any, marks: Iterable[Mark]) -> Headline:
    """Sums over units; the gap is of the sums: what was done less what was planned by now."""
    known = [m for m in marks if _known(m)]
    actual, target = sum(m.actual or 0.0 for m in known), sum(m.target or 0.0 for m in known)
    gaps = [(m.pace_gap, m.target or 0.0) for m in known]
    planned = sum((g or 0.0) * t for g, t in gaps)
    gap = planned / target if target and all(g is not None for g, _t in gaps) else None
    href = reverse("dashboards:indicator", args=[campaign.code, indicator.code])
    return Headline(
        indicator.code,
        indicator.name,
        indicator.measure,
        indicator.decimals,
        actual,
        target,
        gap,
        href,
    )


def behind(campaign: Campaign, board: Leaderboard) -> list[Behind]:
    """Every unit's worst mark behind pace, the heaviest loss first."""
    said = reasons_of(campaign, board.run.period)
    labels = {line.unit.unit: line.label for line in board.lines}
    rows = []
    for unit, mark in _worst(board.run):
        cause = said.get((unit.unit, mark.indicator))
        lost = mark.full_marks - (mark.marks or 0.0)
        words = (cause.cause, cause.until) if cause else ("", None)
        rows.append(Behind(unit, labels[unit.unit], mark, lost, *words))
    return sorted(rows, key=lambda b: -b.lost)


@kept_by_run(16)
def _worst(run: ScoreRun) -> list[tuple[UnitResult, Mark]]:
    """The mark that loses a unit most of those behind pace, of each unit that has one."""
    found = []
    for unit in result_of(run).units:
        marks = [m for m in unit.marks if (m.pace_gap or 0.0) < -SLACK and m.marks is not None]
        if marks:
            lost = max(marks, key=lambda m: (m.full_marks - (m.marks or 0.0), -(m.pace_gap or 0.0)))
            found.append((unit, lost))
    return found


def tracks(board: Leaderboard) -> list[dict[str, Any]]:
    """Per track: who leads by how much, who rose and who fell most."""
    found = []
    for track in board.tracks:
        first = next((line for line in track.lines if line.unit.rank == 1), None)
        found.append(
            {
                "name": track.name, "units": len(track.lines), "first": first,
                "up": _mover(track.lines, 1), "down": _mover(track.lines, -1),
            }
        )  # fmt: skip
    return found


def _mover(lines: Sequence[Line], sign: int) -> dict[str, Any] | None:
    """The line that moved furthest in a direction, and how many others did as far."""
    best = max(((line.unit.movement or 0) * sign for line in lines), default=0)
    if best <= 0:
        return None
    same = [line for line in lines if (line.unit.movement or 0) * sign == best]
    return {"line": same[0], "others": len(same) - 1, "count": len(same), "places": best * sign}


def due(by: User, campaign: Campaign) -> list[Due]:
    """What is due within a week, and what is overdue."""
    horizon = today() + timedelta(days=7)
    found = [
        Due(
            row.text[:24], str(row.unit), row.due_on,
            reverse("followup:instructions", args=[campaign.code]),
        )
        for row in open_instructions(by, campaign).filter(due_on__lte=horizon)
    ]  # fmt: skip
    for row in campaign.rounds.filter(state=Round.State.OPEN):
        found += _round_due(campaign, row)
    found += [
        Due(row.name, row.note, row.on, reverse("dashboards:cockpit", args=[campaign.code]))
        for row in campaign.key_dates.filter(on__gte=today(), on__lte=horizon)
    ]
    return sorted(found, key=lambda d: _moment(d.when))


def _moment(when: date | datetime) -> str:
    day = timezone.localdate(when) if isinstance(when, datetime) else when
    return day.isoformat()


def _round_due(campaign: Campaign, row: Round) -> list[Due]:
    own = row.entries.exclude(indicator__in=provided_indicators()).order_by()
    owes = Count("pk", filter=Q(state__in=OWED))
    counts = [n for _unit, n in own.values_list("unit_id").annotate(n=owes)]
    owing = sum(1 for n in counts if n)
    href = reverse("reporting:round", args=[campaign.code, row.period])
    label = period(row.period)
    report = _("%(done)s家已报，%(owing)s家未报齐") % {"done": len(counts) - owing, "owing": owing}
    lines = [
        Due(_("%(p)s填报") % {"p": label}, report, row.due_at, href),
        Due(_("%(p)s核定") % {"p": label}, _("数据责任部门"), row.confirm_due_at, href),
    ]
    horizon = now() + timedelta(days=7)
    return [d for d in lines if isinstance(d.when, datetime) and d.when <= horizon]


def answer(heads: Sequence[Headline], late: Sequence[Behind], units: int) -> list[str]:
    """The sentence of the minute, clause by clause."""
    clauses = []
    known = [h for h in heads if h.gap is not None and h.attainment is not None]
    if known:
        worst = min(known, key=lambda h: h.gap or 0.0)
        share = plain_number((worst.attainment or 0.0) * 100, 1)
        clauses.append(_("全集团%(name)s完成%(n)s%%，") % {"name": worst.name, "n": share})
        clauses.append(_("%(gap)s个百分点；") % {"gap": _pace_phrase(worst.gap)})
    if not late:
        return [*clauses, _("%(n)s家单位都跟上了序时。") % {"n": units}]
    clauses.append(_("%(n)s家单位有落后的指标，") % {"n": len(late)})
    clauses.append(_("最需要过问的是%(name)s。") % {"name": late[0].label})
    return clauses


def _pace_phrase(gap: float | None) -> str:
    size = plain_number(abs(gap or 0.0), 1)
    if (gap or 0.0) < -SLACK:
        return _("欠序时%(n)s") % {"n": size}
    return _("超序时%(n)s") % {"n": size}


def brief(
    clauses: Sequence[str], board: Leaderboard, heads: Sequence[Headline], late: Sequence[Behind]
) -> str:
    """One minute as plain text, to copy into a message."""
    lines = ["".join(clauses)]
    lines += [
        f"{h.name}：{plain_number(h.actual, h.decimals)}{h.measure}，"
        + _("完成%(n)s%%，") % {"n": plain_number((h.attainment or 0.0) * 100, 1)}
        + pace_words(h.gap)
        for h in heads
    ]
    lines += [
        f"{t['name']}：{t['first'].label} {plain_number(t['first'].unit.score, 2)}"
        for t in tracks(board)
        if t["first"]
    ]
    lines += [
        f"{b.label} {b.mark.name} {pace_words(b.mark.pace_gap)}"
        + (f"（{b.cause}）" if b.cause else "")
        for b in late[:6]
    ]
    return "\n".join(lines)
