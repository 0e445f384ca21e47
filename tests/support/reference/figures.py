"""The figures of the slow obvious reference: every named quantity, from rows of facts and targets.

Everything is exact (`fractions.Fraction` of the printed decimal); None is "there is no number".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from saima.campaigns import Campaign, Indicator
from saima.periods import Period, a_year_before, containing, parse, same_period_last_year
from saima.rules.rulebook import Leaf, Rulebook

Number = Fraction | None

LENGTHS = ("day", "ten-day", "week", "month", "two-months", "quarter", "half", "year")
ONE_DAY = timedelta(days=1)


def exact(value: float) -> Fraction:
    """The decimal that a person sees, not the binary number behind it."""
    return Fraction(Decimal(repr(float(value))))


def half_up(x: Fraction, places: int) -> Fraction:
    scale = 10**places
    size = (abs(x) * scale + Fraction(1, 2)).__floor__()
    return Fraction(size if x >= 0 else -size, scale)


def settled(x: Fraction) -> Fraction:
    """Computed numbers are written with nine decimals before they are compared or rounded."""
    return half_up(x, 9)


def ratio(a: Number, b: Number) -> Number:
    return None if a is None or b is None or b == 0 else a / b


def minus(a: Number, b: Number) -> Number:
    return None if a is None or b is None else a - b


@dataclass(frozen=True)
class Figure:
    """A number, or the kind of missing."""

    number: Number
    kind: str = ""


ABSENT = Figure(None, "not-reported")


def kind_of(frequency: str) -> str:
    """The kind of period of a frequency, as periods.py writes it."""
    return frequency.replace("-", "_")


class Figures:
    """The counting facts and the targets of a campaign, asked cell by cell."""

    def __init__(
        self, campaign: Campaign, facts: Iterable[dict], targets: Iterable[dict], rulebook: Rulebook
    ) -> None:
        self.campaign, self.clock, self.rulebook = campaign, campaign.clock, rulebook
        self.facts = counting_facts(campaign, facts)
        self.targets = target_rows(campaign, targets)
        self.scored = scored_periods(campaign, rulebook, self.facts)

    # --- the value of an indicator ----------------------------------------------------------

    def value(self, unit: str, indicator: Indicator, p: Period) -> Figure:
        """The figure as known at the end of a period: the unit's own, derived or rolled up."""
        if indicator.formula:
            return self.derived(unit, indicator, p)
        own = self.own_value(unit, indicator, p)
        children = self.campaign.children(unit, p.end)
        if (
            own is not None
            or indicator.rolls_up == "own"
            or not (children or indicator.rolls_up == "ratio")
        ):
            return own or ABSENT
        if indicator.rolls_up == "ratio":
            return self.rolled_ratio(unit, indicator, p)
        below = [self.value(child.code, indicator, p) for child in children]
        applying = [f for f in below if f.kind not in ("not-applicable", "excluded")]
        return sum_of(applying or below)  # those to whom it does not apply are passed over

    def own_value(self, unit: str, indicator: Indicator, p: Period) -> Figure | None:
        rows = self.facts.get((unit, indicator.code), {})
        if indicator.nature != "in-period":
            return ending_on(rows, p)
        own = ending_on(rows, p)
        if own is not None and own.number is None:
            return own
        return tiled(rows, self.clock.window(p.end).start, p.end, self.begins(unit, p))

    def begins(self, unit: str, p: Period) -> date | None:
        """The day with which a sum may begin although the window starts elsewhere: the founding of
        the unit within the window, or the start of a campaign of days."""
        window = self.clock.window(p.end)
        founded = self.campaign.unit(unit).valid_from
        if founded is not None and window.start < founded <= p.end:
            return founded
        return window.start if self.clock.kind == "days" else None

    def derived(self, unit: str, indicator: Indicator, p: Period) -> Figure:
        from tests.support.reference.formula import evaluate

        def other(code: str) -> Number:
            return self.value(unit, self.campaign.indicator(code), p).number

        number = evaluate(indicator.formula, other)
        return ABSENT if number is None else Figure(number)

    def rolled_ratio(self, unit: str, indicator: Indicator, p: Period) -> Figure:
        top = self.value(unit, self.campaign.indicator(indicator.numerator), p)
        bottom = self.value(unit, self.campaign.indicator(indicator.denominator), p)
        number = ratio(top.number, bottom.number)
        return ABSENT if number is None else Figure(number)

    # --- quantities about time ----------------------------------------------------------------

    def before(self, indicator: Indicator, p: Period) -> Period | None:
        """The period before, on the indicator's own grid; only scored periods on the scoring grid."""
        if longer(indicator.frequency, self.rulebook.scores):
            earlier = [q for q in self.own_grid(indicator) if q.end < p.end]
        else:
            earlier = [q for q in self.scored if q.end < p.end]
        return earlier[-1] if earlier else None

    def own_grid(self, indicator: Indicator) -> list[Period]:
        return list(self.clock.periods(kind_of(indicator.frequency)))  # type: ignore[arg-type]

    def on_grid(self, indicator: Indicator, p: Period) -> Period | None:
        """The indicator's own period that a scored period ends, None in an off-period."""
        if not longer(indicator.frequency, self.rulebook.scores):
            return p
        own = containing(kind_of(indicator.frequency), p.end)  # type: ignore[arg-type]
        return own if own.end == p.end else None

    def held(self, unit: str, indicator: Indicator, p: Period) -> Period | None:
        """The latest earlier period of the indicator in the window that has a number."""
        start = self.clock.window(p.end).start
        earlier = [q for q in self.own_grid(indicator) if start <= q.end < p.end]
        for q in reversed(earlier):
            if self.value(unit, indicator, q).number is not None:
                return q
        return None

    def current(self, unit: str, indicator: Indicator, p: Period) -> Figure:
        now = self.value(unit, indicator, p)
        if indicator.nature == "point-in-time" or (indicator.formula and now.number is None):
            return now
        if indicator.nature == "in-period":
            rows = self.facts.get((unit, indicator.code), {})
            alone = tiled(rows, p.start, p.end)
            return alone or tiled(rows, self.joint_start(p), p.end) or ABSENT
        earlier = self.before(indicator, p)
        if earlier is None or earlier.end < self.clock.window(p.end).start:
            return now
        then = self.value(unit, indicator, earlier)
        number = minus(now.number, then.number)
        return Figure(number, now.kind if number is None and now.kind else "")

    def previous(self, unit: str, indicator: Indicator, p: Period) -> Number:
        earlier = self.before(indicator, p)
        return None if earlier is None else self.current(unit, indicator, earlier).number

    def joint_start(self, p: Period) -> date:
        for first, last in self.clock.joint:
            if p.kind == "month" and p.end.month == last:
                return p.start.replace(month=first)
        return p.start

    def opening(self, unit: str, indicator: Indicator, p: Period) -> Number:
        eve = self.clock.window(p.end).start - ONE_DAY
        return self.value(unit, indicator, Period(eve, eve, "day")).number

    def last_year(self, unit: str, indicator: Indicator, p: Period) -> Number:
        if p.kind == "week":
            then = same_period_last_year(p)
        else:
            end = a_year_before(p.end)
            then = Period(end, min(a_year_before_or_same(p.start), end), p.kind)
        if indicator.nature == "in-period" and self.clock.kind == "days":
            return None
        return self.value(unit, indicator, then).number

    def elapsed(self, p: Period, base: str) -> tuple[Fraction, Fraction]:
        window = self.clock.window(p.end)
        moment = min(p.end, window.end)
        if base == "linear-day":
            return Fraction((moment - window.start).days + 1), Fraction(window.days)
        return months_between(window.start, moment), months_between(window.start, window.end)

    # --- targets ------------------------------------------------------------------------------

    def target(self, unit: str, indicator: Indicator, p: Period) -> Number:
        window = self.clock.window(p.end)
        rows = self.targets.get((unit, indicator.code), {})
        row = self.target_row(rows, window)
        if row is not None:
            return rows[row][0]
        if indicator.nature == "point-in-time":
            return None
        plans = {q: Figure(values[0]) for q, values in rows.items()}
        return self.planned(unit, plans, Period(window.end, window.end, "day"))

    def stretch(self, unit: str, indicator: Indicator, p: Period) -> Number:
        rows = self.targets.get((unit, indicator.code), {})
        row = self.target_row(rows, self.clock.window(p.end))
        return None if row is None else rows[row][1]

    @staticmethod
    def target_row(rows: dict[Period, tuple[Number, Number]], window: Period) -> Period | None:
        for q in rows:
            named = q.kind == "year" and q.end.year == window.end.year
            if q.covers(window) or named:
                return q
        return None

    def plan(self, unit: str, indicator: Indicator, p: Period) -> Number:
        rows = self.targets.get((unit, indicator.code), {})
        plans = {q: Figure(values[0]) for q, values in rows.items()}
        if indicator.nature == "point-in-time":
            found = ending_on(plans, p)
            return found.number if found else None
        return self.planned(unit, plans, p)

    def planned(self, unit: str, plans: dict[Period, Figure], p: Period) -> Number:
        """Plans added from the window's start, or else from where the unit or campaign starts."""
        start = self.clock.window(p.end).start
        found = tiled(plans, start, p.end) or tiled(plans, start, p.end, self.begins(unit, p))
        return found.number if found else None

    def plan_alone(self, unit: str, indicator: Indicator, p: Period) -> Number:
        """The plan of a period alone: of a flow, what the plan adds since the period before."""
        plan = self.plan(unit, indicator, p)
        earlier = self.before(indicator, p)
        window = self.clock.window(p.end)
        first = earlier is None or earlier.end < window.start
        if indicator.nature == "point-in-time" or first:
            return plan
        return minus(plan, self.plan(unit, indicator, earlier))

    # --- named quantities of a leaf -----------------------------------------------------------

    def basic(self, unit: str, leaf: Leaf, p: Period, name: str) -> Number:
        """A basic quantity of a scored indicator at a period, after `against`."""
        x = self.campaign.indicator(leaf.indicator)
        if name == "actual":
            return self.figure(unit, leaf, p).number
        if name == "target" and leaf.against != "target":
            read = self.plan if leaf.against == "plan" else self.plan_alone
            return read(unit, x, p)
        if name in ("elapsed", "whole"):
            pair = self.elapsed(p, leaf.pace or self.rulebook.pace)
            return pair[name == "whole"]
        if name == "difficulty":
            return exact(self.campaign.unit(unit).difficulty)
        if name == "day_number":
            return Fraction((p.end - self.clock.start).days + 1)
        if name == "current":
            return self.current(unit, x, p).number
        return getattr(self, name)(unit, x, p)

    def figure(self, unit: str, leaf: Leaf, p: Period) -> Figure:
        """What is put in for `actual`: the value, or the period's own figure."""
        x = self.campaign.indicator(leaf.indicator)
        read = self.current if leaf.against == "current" else self.value
        return read(unit, x, p)

    def quantity(self, unit: str, leaf: Leaf, p: Period, name: str) -> Number:
        """A basic or derived quantity (statistics need the other units: see period.py)."""
        if name in DERIVED:
            return DERIVED[name](self, unit, leaf, p)
        return self.basic(unit, leaf, p, name)


# --- rows ---------------------------------------------------------------------------------------


def counting_facts(campaign: Campaign, rows: Iterable[dict]) -> dict:
    """(unit, indicator) -> period -> figure, from the first source that has a row for the cell."""
    found: dict[tuple[str, str], dict[Period, tuple[tuple[bool, int], Figure]]] = {}
    for row in rows:
        indicator = campaign.indicator(row["indicator"])
        sources = indicator.counts or campaign.counts
        if row["source"] not in sources:
            continue
        blank = row["missing"] == "not-reported" or not (row["missing"] or row["value"] is not None)
        place = (blank, sources.index(row["source"]))  # a blank hides no other source's figure
        period = parse(row["period"], campaign.clock)
        cell = found.setdefault((row["unit"], row["indicator"]), {})
        if period not in cell or place < cell[period][0]:
            cell[period] = (place, figure_of(row))
    return {key: {p: figure for p, (_, figure) in cell.items()} for key, cell in found.items()}


def figure_of(row: dict) -> Figure:
    if row["missing"] == "below-unit":
        return Figure(Fraction(0))
    if row["value"] is None:
        return Figure(None, row["missing"] or "not-reported")
    return Figure(exact(row["value"]))


def target_rows(campaign: Campaign, rows: Iterable[dict]) -> dict:
    found: dict[tuple[str, str], dict[Period, tuple[Number, Number]]] = {}
    for row in rows:
        if row["target"] is None:
            continue
        stretch = None if row["stretch"] is None else exact(row["stretch"])
        cell = found.setdefault((row["unit"], row["indicator"]), {})
        cell[parse(row["period"], campaign.clock)] = (exact(row["target"]), stretch)
    return found


def scored_periods(campaign: Campaign, rulebook: Rulebook, facts: dict) -> list[Period]:
    """The clock's periods on whose last day some figure of a scored unit ends."""
    scored = {u.code for u in campaign.units if u.track}
    ends = {
        period.end
        for (unit, _), cell in facts.items()
        if unit in scored
        for period, figure in cell.items()
        if figure.number is not None
    }
    kind = kind_of(rulebook.scores)
    return [p for p in campaign.clock.periods(kind) if p.end in ends]  # type: ignore[arg-type]


def ending_on(rows: dict[Period, Figure], p: Period) -> Figure | None:
    if p in rows:
        return rows[p]
    found = sorted((q.start, q) for q in rows if q.end == p.end)
    return rows[found[-1][1]] if found else None


def tiled(
    rows: dict[Period, Figure], start: date, end: date, begins: date | None = None
) -> Figure | None:
    """The sum of the fewest rows that follow one another from start to end; None: no such rows.

    With `begins` the first row is the one in which that day lies, wherever it starts.
    """
    longest = sorted(rows, key=lambda q: q.end, reverse=True)
    starts = [q.start for q in longest if begins and q.start <= begins <= q.end] or [start]
    for first in starts:
        tiles = tiling(longest, first, end)
        if tiles:
            return sum_of(rows[q] for q in tiles)
    return None


def tiling(rows: list[Period], start: date, end: date) -> list[Period] | None:
    if start > end:
        return []
    for q in rows:
        if q.start == start and q.end <= end:
            rest = tiling(rows, q.end + ONE_DAY, end)
            if rest is not None:
                return [q, *rest]
    return None


def sum_of(figures: Iterable[Figure]) -> Figure:
    """A sum is missing if a part is, of the kind of the last such part."""
    parts = list(figures)
    missing = [f for f in parts if f.number is None]
    return missing[-1] if missing else Figure(sum((f.number for f in parts), Fraction(0)))


def longer(frequency: str, scores: str) -> bool:
    return LENGTHS.index(frequency) > LENGTHS.index(scores)


def a_year_before_or_same(moment: date) -> date:
    return moment.replace(year=moment.year - 1, day=min(moment.day, 28))


def months_between(start: date, moment: date) -> Fraction:
    whole = (moment.year - start.year) * 12 + moment.month - start.month
    days = monthrange(moment.year, moment.month)[1]
    return whole + Fraction(moment.day - start.day + 1, days)


# --- derived quantities --------------------------------------------------------------------------


def met(x: Indicator, actual: Fraction, target: Fraction) -> Fraction:
    return Fraction(actual <= target if x.direction == "less" else actual >= target)


def attainment(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    x = f.campaign.indicator(leaf.indicator)
    actual, target = (f.basic(unit, leaf, p, name) for name in ("actual", "target"))
    if x.direction == "clear-to-zero":
        opening = f.basic(unit, leaf, p, "opening")
        return ratio(minus(opening, actual), minus(opening, target))
    if actual is None or target is None:
        return None
    if target < 0:
        return of_negative(x, leaf, actual, target)
    if target == 0:
        return met(x, actual, target) if leaf.zero_target == "full-if-met" else None
    if x.direction == "less" and leaf.reverse == "two-minus":
        return 2 - actual / target
    if x.direction == "less" and leaf.reverse == "reciprocal":
        return ratio(target, actual)
    return actual / target


def of_negative(x: Indicator, leaf: Leaf, actual: Fraction, target: Fraction) -> Number:
    if leaf.negative_target == "by-difference":
        change = (actual - target) / -target
        return 1 - change if x.direction == "less" else 1 + change
    return met(x, actual, target) if leaf.negative_target == "full-if-met" else None


def pace(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    own_plan = (leaf.pace or f.rulebook.pace) == "own-plan"
    if own_plan and f.campaign.indicator(leaf.indicator).direction == "clear-to-zero":
        opening, plan, target = (
            f.basic(unit, leaf, p, name) for name in ("opening", "plan", "target")
        )
        return ratio(minus(opening, plan), minus(opening, target))
    if own_plan:
        return ratio(f.basic(unit, leaf, p, "plan"), f.basic(unit, leaf, p, "target"))
    return ratio(f.basic(unit, leaf, p, "elapsed"), f.basic(unit, leaf, p, "whole"))


def pace_gap(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    gap = minus(attainment(f, unit, leaf, p), pace(f, unit, leaf, p))
    return None if gap is None else gap * 100


def pace_ratio(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    return ratio(attainment(f, unit, leaf, p), pace(f, unit, leaf, p))


def change(f: Figures, unit: str, leaf: Leaf, p: Period, now: str, then: str) -> Number:
    """A rate of change, refused over a base that is not positive."""
    base = f.basic(unit, leaf, p, then)
    if base is None or base <= 0:
        return None
    return minus(ratio(f.basic(unit, leaf, p, now), base), Fraction(1))


def basic_minus(first: str, second: str):
    return lambda f, *at: minus(f.basic(*at, first), f.basic(*at, second))


def basic_ratio(first: str, second: str):
    return lambda f, *at: ratio(f.basic(*at, first), f.basic(*at, second))


def cleared_share(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    return ratio(DERIVED["cleared"](f, unit, leaf, p), f.basic(unit, leaf, p, "opening"))


def deviation(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    """How far off the target, either way, over the size of the target."""
    off = minus(f.basic(unit, leaf, p, "actual"), f.basic(unit, leaf, p, "target"))
    target = f.basic(unit, leaf, p, "target")
    return None if off is None else ratio(abs(off), abs(target))


def is_met(f: Figures, unit: str, leaf: Leaf, p: Period) -> Number:
    reached = attainment(f, unit, leaf, p)
    return None if reached is None else Fraction(settled(reached) >= 1)


DERIVED = {
    "attainment": attainment,
    "pace": pace,
    "pace_gap": pace_gap,
    "pace_ratio": pace_ratio,
    "growth": lambda f, *at: change(f, *at, "actual", "last_year"),
    "on_previous": lambda f, *at: change(f, *at, "current", "previous"),
    "cleared": basic_minus("opening", "actual"),
    "cleared_share": cleared_share,
    "shortfall": basic_minus("target", "actual"),
    "stretch_attainment": basic_ratio("actual", "stretch"),
    "plan_attainment": basic_ratio("actual", "plan"),
    "deviation": deviation,
    "change": basic_minus("actual", "last_year"),
    "met": is_met,
}
