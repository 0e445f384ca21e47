"""The rules on a cell: bounds, jumps, share of the target, and being behind the pace of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saima.briefing.phrases import behind
from saima.periods import (
    ONE_DAY,
    Clock,
    PaceBase,
    Period,
    containing,
    month,
    parse,
    previous,
    same_period_last_year,
    span,
)
from saima.problems import Refused
from saima_web.base.prepared import prepared
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of
from saima_web.indicators.models import CheckRule, Indicator, Rulebook
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.targets.models import Target, TargetSet
from saima_web.ui.templatetags.saima import plain_number

Pair = tuple[int, int]
"""(unit id, indicator id)."""
FEW = 100
"""Cells whose targets are read at once, whatever their period; of more, only those wanted."""
PREFERENCE = ("official", "confirmed", "reported")


@dataclass(frozen=True)
class Finding:
    """One thing about a cell. kind says how it is settled: mend, or explain by a remark of `kind`.

    An error must be mended; a `jump` needs its reason, `behind` cause, measure and date. `settled`
    is True once that is given.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    kind: Literal["error", "jump", "behind"]
    settled: bool = False

    @property
    def open(self) -> bool:
        return not self.settled


@dataclass(frozen=True)
class Basis:
    """What the figure of one cell is measured against; None where there is nothing.

    accrued: the sum of the window's other figures up to the period, for in-period flows.
    gone: the share of time, or of the unit's own plan, that has passed.
    """

    previous: Decimal | None = None
    last_year: Decimal | None = None
    target: Decimal | None = None
    stretch: Decimal | None = None
    accrued: Decimal = Decimal(0)
    opening: Decimal | None = None
    gone: float | None = None


class Check(NamedTuple):
    """A rule on an indicator's figures, as its row has it."""

    pk: int
    indicator_id: int
    kind: str
    severity: str
    limit: Decimal


@dataclass
class Bases:
    """The bases of a round's cells and the rules on them, read in a few queries."""

    round: Round
    rules: Mapping[int, list[Check]]
    of: dict[Pair, Basis] = field(default_factory=dict)

    def examine(
        self, unit_id: int, indicator: Indicator, value: Decimal | None, said: Iterable[str] = ()
    ) -> list[Finding]:
        """What is to be said about a value in a cell; `said` are the kinds of remarks on it."""
        if value is None:
            return []
        basis = self.of.get((unit_id, indicator.pk), Basis())
        kinds = set(said)
        found = [
            f
            for rule in self.rules.get(indicator.pk, ())
            if (f := _broken(rule, value, basis, kinds))
        ]
        gap = pace_gap(indicator, value, basis)
        if behind(gap) and -(gap or 0.0) >= self.round.campaign.explain_from:
            text = _("欠序时%(n)s个百分点，请写原因、措施和追平日期。")
            message = text % {"n": plain_number(-(gap or 0.0), 1)}
            found.append(Finding("behind", "warning", message, "behind", "behind" in kinds))
        return found


def checks_of(round: Round, unit: Unit | None = None) -> dict[int, list[Finding]]:
    """The findings of a round's cells by entry id, for one unit or all; cells without are absent."""
    entries = round.entries.select_related("indicator", "reported")
    if unit is not None:
        entries = entries.filter(unit=unit)
    return findings_on(round, list(entries))


def findings_on(round: Round, entries: list[Entry]) -> dict[int, list[Finding]]:
    """The findings of some cells of a round by entry id, as reported last."""
    bases = bases_of(round, {e.unit_id for e in entries}, {e.indicator for e in entries})
    said = remarks_on(entries)
    found: dict[int, list[Finding]] = {}
    for entry in entries:
        value = entry.reported.value if entry.reported else None
        findings = bases.examine(entry.unit_id, entry.indicator, value, said.get(entry.pk, ()))
        if findings:
            found[entry.pk] = findings
    return found


def remarks_on(entries: list[Entry]) -> dict[int, set[str]]:
    """The kinds of remarks on each cell."""
    found: dict[int, set[str]] = {}
    rows = Remark.objects.filter(entry__in=[e.pk for e in entries])
    for entry_id, kind in rows.values_list("entry_id", "kind"):
        found.setdefault(entry_id, set()).add(kind)
    return found


def pace_gap(indicator: Indicator, value: Decimal | None, basis: Basis) -> float | None:
    """超欠序时 in percentage points; None where a figure does not add up towards a target."""
    if value is None or basis.target is None or basis.gone is None or indicator.qualitative:
        return None
    if indicator.direction == "clear-to-zero":
        if basis.opening is None or basis.opening == basis.target:
            return None
        attainment = float((basis.opening - value) / (basis.opening - basis.target))
    elif indicator.direction != "more" or indicator.nature == "point-in-time" or basis.target <= 0:
        return None
    else:
        attainment = float((value + basis.accrued) / basis.target)
    return (attainment - basis.gone) * 100.0


def _broken(rule: Check, value: Decimal, basis: Basis, said: set[str]) -> Finding | None:
    message = _message(rule, value, basis)
    if not message:
        return None
    if rule.severity == CheckRule.Severity.ERROR:
        return Finding(rule.kind, "error", message, "error")
    return Finding(rule.kind, "warning", message, "jump", "jump" in said)


def _message(rule: Check, value: Decimal, basis: Basis) -> str:
    """Why a value breaks a rule, empty if it does not."""
    known = {"limit": plain_number(rule.limit)}
    if rule.kind == CheckRule.Kind.MINIMUM:
        return _("小于下限%(limit)s。") % known if value < rule.limit else ""
    if rule.kind == CheckRule.Kind.MAXIMUM:
        return _("大于上限%(limit)s。") % known if value > rule.limit else ""
    if rule.kind == CheckRule.Kind.JUMP:
        return _jump(rule, value, basis, known)
    if not basis.target or basis.target < 0:
        return ""
    share = (value + basis.accrued) / basis.target * 100
    known["n"] = plain_number(share, 1)
    return _("已是全年目标的%(n)s%%，超过%(limit)s%%。") % known if share > rule.limit else ""


def _jump(rule: Check, value: Decimal, basis: Basis, known: dict[str, str]) -> str:
    if not basis.previous:
        return ""
    change = abs(value - basis.previous) / abs(basis.previous) * 100
    known |= {"n": plain_number(change, 1), "before": plain_number(basis.previous)}
    if change <= rule.limit:
        return ""
    return _("比上期%(before)s变动%(n)s%%，超过%(limit)s%%。") % known


def bases_of(round: Round, unit_ids: Iterable[int], indicators: Iterable[Indicator]) -> Bases:
    """What the cells of some units and indicators are measured against in a round."""
    units, chosen = set(unit_ids), {x.pk: x for x in indicators}
    rules: dict[int, list[Check]] = {}
    for rule in sorted(Check(*row) for row in _rules(chosen)):
        rules.setdefault(rule.indicator_id, []).append(rule)
    found = Bases(round, rules)
    clock, at = clock_of(round.campaign), parse(round.period)
    periods = {pk: figure_period(clock, at, x) for pk, x in chosen.items()}
    figures = _figures(units, periods, clock)
    pace_bases = _pace_bases(round.campaign, at)
    by_plan = "own-plan" in pace_bases.values()
    targets, plans = _targets(round.campaign, units, set(chosen), clock, at, plans=by_plan)
    for indicator in chosen.values():
        pace_base = pace_bases.get(indicator.code, pace_bases[""])
        around = _around(periods[indicator.pk], indicator.nature, clock)
        for unit in units:
            pair = (unit, indicator.pk)
            gone = _gone(clock, at, pace_base, targets.get(pair), plans.get(pair))
            found.of[pair] = _basis(figures.get(pair, {}), around, targets.get(pair), gone)
    return found


@prepared
def _rules(indicators: Any) -> QuerySet[CheckRule, Any]:
    rows = CheckRule.objects.filter(indicator__in=indicators).order_by()
    return rows.values_list(*Check._fields)


def figure_period(clock: Clock, at: Period, indicator: Indicator) -> Period:
    """The period that a cell's figure speaks of in the round of a period.

    An indicator asked less often than the round speaks of its own longer period that ends in it;
    a flow in a joint span (January and February) of the whole span.
    """
    return _figure_period(clock, at, indicator.frequency, indicator.nature)


@lru_cache(maxsize=512)
def _figure_period(clock: Clock, at: Period, frequency: str, nature: str) -> Period:
    own = _own_period(at, frequency)
    if own is not None and own.days > at.days:
        return own
    if nature == Indicator.Nature.IN_PERIOD and at.kind == "month":
        for first, last in clock.joint:
            if at.end.month == last:
                return span(month(at.end.year, first), at)
    return at


def is_due(clock: Clock, at: Period, indicator: Indicator) -> bool:
    """Whether an indicator is asked for in the round of a period, by its frequency.

    What is asked less often comes where its period ends; all of it at the campaign's end.
    """
    return _own_period(at, indicator.frequency) is not None or at.end >= clock.end


def _own_period(at: Period, frequency: str) -> Period | None:
    """The last period of an indicator's own frequency that ends within a round's period."""
    own = containing(frequency.replace("-", "_"), at.end)  # type: ignore[arg-type]
    if own.end > at.end:
        own = previous(own)
    return own if own.end >= at.start else None


def _figures(
    units: set[int], periods: Mapping[int, Period], clock: Clock
) -> dict[Pair, dict[str, Decimal]]:
    """The best known value of each pair by period text: official, else confirmed, else reported."""
    wanted = {text for period in set(periods.values()) for text in _texts(period, clock)}
    latest: dict[tuple[int, int, str, str], Decimal | None] = {}
    for unit, indicator, period, source, value, gone in _known(units, periods, sorted(wanted)):
        latest[unit, indicator, period, source] = None if gone else value
    found: dict[Pair, dict[str, Decimal]] = {}
    for source in reversed(PREFERENCE):
        for (unit, indicator, period, at), value in latest.items():
            if at == source and value is not None:
                found.setdefault((unit, indicator), {})[period] = value
    return found


@prepared
def _known(units: Any, indicators: Any, periods: Any) -> QuerySet[Figure, Any]:
    rows = Figure.objects.filter(unit__in=units, indicator__in=indicators, period__in=periods)
    fields = ("unit_id", "indicator_id", "period", "source", "value", "withdrawn")
    return rows.order_by("pk").values_list(*fields)


def _texts(period: Period, clock: Clock) -> list[str]:
    """The periods a figure is compared with: the window's, the one before, last year's, opening."""
    window = clock.window(period.end)
    start = Period(window.start - ONE_DAY, window.start - ONE_DAY, "day")
    inside = _inside(period, window)
    around = [_before(period), same_period_last_year(period), containing("month", start.end)]
    return [p.text for p in (*inside, *around)] + ["D0"]


def _inside(period: Period, window: Period) -> list[Period]:
    """The periods before one in its window, of its kind; months, for a range."""
    found, at = [], _before(period)
    while at.start >= window.start:
        found.append(at)
        at = previous(at)
    return found


def _before(period: Period) -> Period:
    """The period just before; the month before, for a joint span."""
    if period.kind == "range":
        return containing("month", period.start - ONE_DAY)
    return previous(period)


@dataclass(frozen=True)
class Around:
    """The periods that an indicator's figure is measured against, by their texts."""

    inside: Sequence[str]
    before: str
    last_year: str
    closing: str


@lru_cache(maxsize=512)
def _around(period: Period, nature: str, clock: Clock) -> Around:
    """`inside` only for what adds up; `before` is empty where a count starts afresh."""
    window, before = clock.window(period.end), _before(period)
    flow = nature == Indicator.Nature.IN_PERIOD
    fresh = nature == Indicator.Nature.YEAR_TO_DATE and before.end < window.start
    return Around(
        [p.text for p in _inside(period, window)] if flow else [],
        "" if fresh else before.text,
        same_period_last_year(period).text,
        containing("month", window.start - ONE_DAY).text,
    )


def _basis(
    known: Mapping[str, Decimal], around: Around, target: Goal | None, gone: float | None
) -> Basis:
    return Basis(
        previous=known.get(around.before),
        last_year=known.get(around.last_year),
        target=target.value if target else None,
        stretch=target.stretch if target else None,
        accrued=sum((known[text] for text in around.inside if text in known), Decimal(0)),
        opening=known.get("D0", known.get(around.closing)),
        gone=gone,
    )


@dataclass(frozen=True)
class Goal:
    """The year's target of a pair."""

    value: Decimal | None
    stretch: Decimal | None


def _targets(
    campaign: Campaign, units: set[int], indicators: set[int], clock: Clock, at: Period,
    *, plans: bool,
) -> tuple[dict[Pair, Goal], dict[Pair, Decimal]]:  # fmt: skip
    """The approved target of the year, and (with `plans`) the planned amount up to a period."""
    if len(units) * len(indicators) > FEW:
        rows = _approved(campaign.pk, units, indicators)
        texts = list(rows.order_by().values_list("period", flat=True).distinct())
        whole, past = _planned_for(texts, clock, at)
        kept = list(rows.filter(period__in=whole | past if plans else whole))
    else:
        kept = _approved_few(campaign.pk, units, indicators)
    whole, past = _planned_for({row[2] for row in kept}, clock, at)
    if not plans:
        past = set()
    latest = {row[:3]: row[3:] for row in kept}
    targets: dict[Pair, Goal] = {}
    planned: dict[Pair, Decimal] = {}
    for (unit, indicator, text), (value, stretch, withdrawn) in latest.items():
        if withdrawn:
            continue
        if text in whole:
            targets[unit, indicator] = Goal(value, stretch)
        elif text in past and value is not None:
            planned[unit, indicator] = planned.get((unit, indicator), Decimal(0)) + value
    return targets, planned


def _approved(campaign: Any, units: Any, indicators: Any) -> QuerySet[Target, Any]:
    rows = Target.objects.filter(
        batch__campaign=campaign, batch__state=TargetSet.State.APPROVED,
        unit__in=units, indicator__in=indicators,
    )  # fmt: skip
    fields = ("unit_id", "indicator_id", "period", "value", "stretch", "withdrawn")
    return rows.order_by("batch__decided_at", "pk").values_list(*fields)


_approved_few = prepared(_approved)


def _planned_for(texts: Iterable[str], clock: Clock, at: Period) -> tuple[set[str], set[str]]:
    """Of some periods with targets, those that are the whole window, and those inside until `at`."""
    window = clock.window(at.end)
    periods = {text: parse(text, clock) for text in texts}
    whole = {t for t, p in periods.items() if (p.start, p.end) == (window.start, window.end)}
    past = {t for t, p in periods.items() if window.start <= p.start and p.end <= at.end}
    return whole, past - whole


def _pace_bases(campaign: Campaign, at: Period) -> dict[str, PaceBase]:
    """How the rulebook in force measures the pace of each indicator; "" for all others."""
    return _paces(campaign, at, tuple(sorted(_published(campaign.pk))))


@prepared
def _published(campaign: Any) -> QuerySet[Rulebook, Any]:
    rows = Rulebook.objects.filter(campaign=campaign).exclude(state=Rulebook.State.DRAFT)
    return rows.order_by().values_list("pk", "digest", "official")


@lru_cache(maxsize=64)
def _paces(
    campaign: Campaign, at: Period, _published: tuple[tuple[int, str, bool], ...]
) -> dict[str, PaceBase]:
    """Kept while the published versions are the same: every saved cell asks for it."""
    try:
        book = parsed(rulebook_in_force(campaign, at).text)[0]
    except Refused:
        book = None
    if book is None:
        return {"": "linear-month"}
    return {"": book.pace} | {leaf.indicator: leaf.pace or book.pace for _, leaf in book.leaves()}


def _gone(
    clock: Clock, at: Period, pace_base: PaceBase, target: Goal | None, plan: Decimal | None
) -> float | None:
    if pace_base == "own-plan":
        if plan is None or target is None or not target.value:
            return None
        return float(plan / target.value)
    base = "linear-day" if pace_base == "linear-day" else "linear-month"
    elapsed, whole = clock.pace(at.end, base)  # type: ignore[arg-type]
    return elapsed / whole
