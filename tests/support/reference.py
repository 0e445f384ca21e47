"""The slow obvious reference scorer, second half: marks, totals, ranks, tiers and grades.

One function per step of the fixed order: value → definition → method → difficulty → cap → rounding
of the mark → weight and aggregation → bonus and deduction → gate → veto → rounding of the score →
rank → grade. Loops, dictionaries and exact fractions; nothing of the engine is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from saima.campaigns import Campaign, Event, Unit
from saima.periods import Period, add_months
from saima.rules.rulebook import EventRule, Grade, Leaf, Node, Rulebook, Tier
from tests.support.reference_figures import Figures, Number, exact, half_up, settled
from tests.support.reference_methods import METHODS, Missing, stated

HUNDRED = Fraction(100)
LEFT_OUT_KINDS = ("not-applicable", "excluded")
ALREADY_TURNED = ("attainment", "pace_gap", "pace_ratio", "met")
ALWAYS_MORE = ("cleared", "cleared_share", "pace", "elapsed", "whole", "day_number", "difficulty")


@dataclass
class Scored:
    """One leaf of one unit: `mark` is None while it has none."""

    leaf: Leaf
    full: Fraction
    weight: Fraction
    state: str  # marked | refused | missing | left_out
    mark: Number = None

    @property
    def present(self) -> bool:
        return self.state in ("marked", "refused")

    @property
    def outcome(self) -> str:
        """What became of it: a missing figure is left out, or marked by its policy."""
        if self.state == "missing":
            policy = self.leaf.when_missing.replace("-", "_")
            return "left_out" if self.mark is None else policy
        return self.state


@dataclass
class Row:
    """What is known of a unit at a scored period."""

    unit: Unit
    leaves: dict[int, Scored] = field(default_factory=dict)  # by id of the leaf
    unrounded: Number = None
    score: Number = None
    rank: int | None = None
    tier: str = ""
    grade: str = ""
    vetoes: list[EventRule] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)

    def has_veto(self, effect: str) -> bool:
        return any(rule.effect == effect for rule in self.vetoes)

    @property
    def competes(self) -> bool:
        return self.unit.ranked and self.score is not None and not self.has_veto("unranked")


def score(
    campaign: Campaign, facts: Iterable[dict], targets: Iterable[dict], rulebook: Rulebook
) -> dict[str, list[dict[str, Any]]]:
    """Period text -> units in official order, with score, rank, tier, grade and marks."""
    figures = Figures(campaign, list(facts), list(targets), rulebook)
    held: dict[str, tuple[int, int]] = {}
    result = {}
    for p in figures.scored:
        rows = Period_(figures, p).rows()
        give_tiers(rows, rulebook, held)
        result[p.text] = [as_data(row, rulebook) for row in rows]
    return result


class Period_:  # noqa: N801 - a scored period at work
    """All units at one scored period."""

    def __init__(self, figures: Figures, p: Period) -> None:
        self.figures, self.p = figures, p
        self.campaign, self.rulebook = figures.campaign, figures.rulebook
        units = [u for u in self.campaign.units if u.track and u.valid_at(p.end)]
        self.units = sorted(units, key=lambda u: u.order)
        self.known: dict[tuple[str, int, str], Number] = {}

    def rows(self) -> list[Row]:
        rows = [Row(unit) for unit in self.units]
        for row in rows:
            for path, leaf in self.rulebook.leaves():
                weight = self.weight(row.unit, leaf)
                if weight:
                    row.leaves[id(leaf)] = self.own_mark(row.unit, leaf, path[-1], weight)
        for row in rows:
            self.fill_missing(row, rows)
        for row in rows:
            self.total(row)
        give_ranks(rows, self.rulebook)
        give_grades(rows, self.rulebook)
        return rows

    # --- weight ---------------------------------------------------------------------------------

    def weight(self, unit: Unit, leaf: Leaf) -> Fraction:
        """The weight, 0 where the unit does not have the indicator."""
        rows = [a for a in self.campaign.assignments if a.indicator == leaf.indicator]
        fitting = (
            [a for a in rows if a.unit == unit.code]
            or [a for a in rows if not a.unit and a.track == unit.track]
            or [a for a in rows if not a.unit and not a.track]
        )
        if rows and not fitting:
            return Fraction(0)
        if fitting and fitting[0].weight is not None:
            return exact(fitting[0].weight)
        if leaf.weight == "assigned":
            return Fraction(0)
        if isinstance(leaf.weight, (int, float)):
            return exact(leaf.weight)
        return exact(leaf.weight.get(unit.track, 0.0))

    # --- one mark -------------------------------------------------------------------------------

    def own_mark(self, unit: Unit, leaf: Leaf, node: Node, weight: Fraction) -> Scored:
        full = weight if node.aggregate == "sum" else HUNDRED
        at = self.speaks_of(unit, leaf)
        if at is None or self.figures.figure(unit.code, leaf, at).kind in LEFT_OUT_KINDS:
            return Scored(leaf, full, weight, "left_out")
        asked = Asked(self, unit, leaf, at, full)
        try:
            mark = METHODS[leaf.method](asked, leaf.settings)
        except Missing:
            mark = None
        if self.refused(unit, leaf, at, asked):
            return Scored(leaf, full, weight, "refused", Fraction(0))
        if mark is None:
            return Scored(leaf, full, weight, "missing")
        return Scored(leaf, full, weight, "marked", self.modified(unit, leaf, full, mark))

    def speaks_of(self, unit: Unit, leaf: Leaf) -> Period | None:
        """The period whose quantities count: p itself, an earlier one that is held, or none."""
        indicator = self.campaign.indicator(leaf.indicator)
        own = self.figures.on_grid(indicator, self.p)
        if own is not None:
            return own
        if leaf.off_period == "exclude":
            return None
        return self.figures.held(unit.code, indicator, self.p)

    def refused(self, unit: Unit, leaf: Leaf, at: Period, asked: Asked) -> bool:
        """A zero or negative target under a method that divides by it."""
        if self.campaign.indicator(leaf.indicator).direction == "clear-to-zero":
            return False
        own_plan = (leaf.pace or self.rulebook.pace) == "own-plan"
        divides = any(n in ALREADY_TURNED or (n == "pace" and own_plan) for n in asked.names)
        actual = self.figures.basic(unit.code, leaf, at, "actual")
        target = self.figures.basic(unit.code, leaf, at, "target")
        if not divides or actual is None or target is None:
            return False
        if target == 0:
            return leaf.zero_target != "full-if-met"
        return target < 0 and leaf.negative_target == "refuse"

    def modified(self, unit: Unit, leaf: Leaf, full: Fraction, mark: Fraction) -> Fraction:
        """Held down by other indicators, difficulty, then cap and floor, then rounding."""
        difficulty = exact(unit.difficulty) if leaf.difficulty == "by-unit" else Fraction(1)
        if leaf.limit is not None and self.falls_short(unit, leaf):
            kept = difficulty if leaf.limit.difficulty else Fraction(1)
            mark = min(mark * kept, stated(leaf.limit.to, full))
        else:
            mark *= difficulty
        if leaf.floor is not None:
            mark = max(mark, exact(leaf.floor) * full)
        if leaf.cap is not None:
            mark = min(mark, exact(leaf.cap) * full)
        return self.round_mark(mark)

    def falls_short(self, unit: Unit, leaf: Leaf) -> bool:
        """True while an indicator that a mark hangs on has not reached what it should."""
        first = {x.indicator: x for _, x in reversed(list(self.rulebook.leaves()))}
        others = [first[code] for code in leaf.limit.indicators]
        values = [self.quantity(unit, x, leaf.limit.of) for x in others]
        return any(v is None or settled(v) < exact(leaf.limit.below) for v in values)

    def round_mark(self, mark: Fraction) -> Fraction:
        places = self.rulebook.rounding.marks
        return mark if places is None else half_up(settled(mark), places)

    # --- quantities and references ----------------------------------------------------------------

    def quantity(self, unit: Unit, leaf: Leaf, name: str) -> Number:
        """A quantity of any unit at this period (held where it is held), None where there is none."""
        key = (unit.code, id(leaf), name)
        if key not in self.known:
            at = self.speaks_of(unit, leaf)
            self.known[key] = (
                None if at is None else self.figures.quantity(unit.code, leaf, at, name)
            )
        return self.known[key]

    def statistic(self, unit: Unit, leaf: Leaf, kind: str, of: str, scope: str) -> Number:
        peers = [
            u
            for u in self.units
            if u.ranked and (scope == "all" or u.track == unit.track) and self.weight(u, leaf)
        ]
        values = [self.quantity(u, leaf, of) for u in peers]
        known = [settled(v) for v in values if v is not None]
        if kind == "count":
            return Fraction(len(known))
        if kind == "sum":
            return sum((v for v in values if v is not None), Fraction(0)) if known else None
        if kind == "mean":
            return (
                sum((v for v in values if v is not None), Fraction(0)) / len(known)
                if known
                else None
            )
        good = self.larger_is_better(leaf, of)
        if kind in ("best", "worst"):
            exactly = [v for v in values if v is not None]
            top = max if good == (kind == "best") else min
            return top(exactly) if exactly else None
        own = self.quantity(unit, leaf, of)
        if own is None:
            return None
        mine = settled(own)
        return Fraction(1 + sum(1 for v in known if (v > mine if good else v < mine)))

    def larger_is_better(self, leaf: Leaf, of: str) -> bool:
        direction = self.campaign.indicator(leaf.indicator).direction
        if of in ALWAYS_MORE or of == "deviation":
            return of != "deviation"
        if of in ALREADY_TURNED:
            return not (direction == "less" and leaf.reverse == "swap")
        more = direction in ("more", "centred")
        return not more if of == "shortfall" else more

    # --- missing marks ------------------------------------------------------------------------------

    def fill_missing(self, row: Row, rows: list[Row]) -> None:
        for scored in row.leaves.values():
            if scored.state != "missing":
                continue
            policy = scored.leaf.when_missing
            if policy == "zero":
                scored.mark = Fraction(0)
            elif policy != "exclude":
                rate = own_rate(row) if policy == "own-average" else track_rate(row, scored, rows)
                if rate is not None:
                    scored.mark = self.round_mark(scored.full * rate)

    # --- the total ----------------------------------------------------------------------------------

    def total(self, row: Row) -> None:
        dated = [e for e in self.campaign.events if e.unit == row.unit.code]
        row.vetoes = [r for _, r in self.in_force(dated, "veto")]
        row.blocked = self.blocked(row, dated)
        part = together(row, self.rulebook.root, self.rulebook.re_weight == "category")
        if part.present == 0:
            return
        base = part.value * part.whole / part.present + part.extra
        bonus = self.points(dated, "bonus", self.rulebook.bonus_at_most)
        deduction = self.points(dated, "deduction", self.rulebook.deduction_at_most)
        if "bonus" in row.blocked:
            bonus = Fraction(0)
        row.unrounded = base + bonus - deduction
        if row.has_veto("score-zero"):
            row.unrounded = Fraction(0)
        places = self.rulebook.rounding.score
        row.score = row.unrounded if places is None else half_up(settled(row.unrounded), places)

    def rule(self, event: Event) -> EventRule | None:
        same = [r for r in self.rulebook.events if (r.kind, r.name) == (event.kind, event.name)]
        return same[0] if same else None

    def points(self, events: list[Event], kind: str, most: float | None) -> Fraction:
        """Bonus or deduction: by rule up to its limit, then all of them up to the overall limit."""
        window = self.figures.clock.window(self.p.end)
        by_rule: dict[str, Fraction] = {}
        for event in events:
            rule = self.rule(event)
            if event.kind != kind or rule is None:
                continue
            if not (window.start <= event.on and event.in_force(self.p.end)):
                continue
            stated = event.points is not None
            worth = exact(event.points) if stated else exact(rule.each) * exact(event.count)
            by_rule[rule.name] = by_rule.get(rule.name, Fraction(0)) + worth
        for rule in self.rulebook.events:
            if rule.kind == kind and rule.at_most is not None and rule.name in by_rule:
                by_rule[rule.name] = min(by_rule[rule.name], exact(rule.at_most))
        total = sum(by_rule.values(), Fraction(0))
        return total if most is None else min(total, exact(most))

    def in_force(self, events: list[Event], kind: str) -> list[tuple[Event, EventRule]]:
        found = []
        for event in events:
            rule = self.rule(event)
            if event.kind != kind or rule is None or event.on > self.p.end:
                continue
            last = event.expires or last_day(event.on, rule.lasts)
            if last is None or self.p.end <= last:
                found.append((event, rule))
        return found

    def blocked(self, row: Row, events: list[Event]) -> set[str]:
        names = {name for _, rule in self.in_force(events, "gate") for name in rule.blocks}
        for scored in row.leaves.values():
            gate = scored.leaf.gate
            if gate is None or scored.state == "left_out":
                continue
            value = self.quantity(row.unit, scored.leaf, gate.of)
            if value is not None and settled(value) < exact(gate.below):
                names |= set(gate.blocks)
        return names


class Asked:
    """What a method may ask about one unit and leaf; remembers the names that it asked for."""

    def __init__(
        self, at_work: Period_, unit: Unit, leaf: Leaf, at: Period, full: Fraction
    ) -> None:
        self.at_work, self.unit, self.leaf, self.at, self.full = at_work, unit, leaf, at, full
        self.names: set[str] = set()
        self.direction = at_work.campaign.indicator(leaf.indicator).direction

    def uses(self, *names: str) -> None:
        """Note quantities that a method uses, whether or not it comes to ask for each."""
        self.names |= {re.sub("^(best|worst|mean|sum|rank|count)_(all_)?", "", n) for n in names}

    def get(self, name: str) -> Fraction:
        """A quantity by name, statistics included. Errors: Missing where there is no number."""
        if name == "full":
            return self.full
        if name.startswith("value:"):
            return self.other(name.removeprefix("value:"))
        kind, _, rest = name.partition("_")
        if kind in ("best", "worst", "mean", "sum", "rank", "count"):
            scope = "all" if rest.startswith("all_") else "track"
            return self.statistic(kind, rest.removeprefix("all_"), scope)
        self.names.add(name)
        return known(self.at_work.quantity(self.unit, self.leaf, name))

    def statistic(self, kind: str, of: str, scope: str) -> Fraction:
        self.names.add(of)
        return known(self.at_work.statistic(self.unit, self.leaf, kind, of, scope))

    def larger_is_better(self, of: str) -> bool:
        return self.at_work.larger_is_better(self.leaf, of)

    def other(self, code: str) -> Fraction:
        campaign = self.at_work.campaign
        value = self.at_work.figures.value(self.unit.code, campaign.indicator(code), self.at)
        return known(value.number)

    def events(self, name: str) -> Fraction:
        """How many things of a name are dated in the window up to the scored period's end."""
        end = self.at_work.p.end
        start = self.at_work.figures.clock.window(end).start
        counted = [
            exact(e.count)
            for e in self.at_work.campaign.events
            if (e.unit, e.name) == (self.unit.code, name) and start <= e.on and e.in_force(end)
        ]
        return sum(counted, Fraction(0))


def known(number: Number) -> Fraction:
    if number is None:
        raise Missing
    return number


def own_rate(row: Row) -> Number:
    """Marks over full marks of what the unit has figures for."""
    present = [s for s in row.leaves.values() if s.present and not s.leaf.extra]
    full = sum((s.full for s in present), Fraction(0))
    return sum((s.mark for s in present), Fraction(0)) / full if full else None


def track_rate(row: Row, scored: Scored, rows: list[Row]) -> Number:
    """The mean rate of the ranked units of the track that have a mark of their own."""
    rates = []
    for other in rows:
        theirs = other.leaves.get(id(scored.leaf))
        same = other.unit.ranked and other.unit.track == row.unit.track
        if same and theirs and theirs.state == "marked":
            rates.append(theirs.mark / theirs.full)
    return sum(rates, Fraction(0)) / len(rates) if rates else None


# --- aggregation ------------------------------------------------------------------------------------


@dataclass
class Part:
    """What a leaf or node brings: value on the full marks that are present, all full marks, and
    what comes on top of them."""

    weight: Fraction
    value: Fraction
    present: Fraction
    whole: Fraction
    extra: Fraction = Fraction(0)


def together(row: Row, node: Node, by_category: bool, under: str = "sum") -> Part:
    """What is left out is made up by every node, or by the root and wherever weights weigh."""
    parts = [leaf_part(row.leaves[id(x)]) for x in node.indicators if id(x) in row.leaves]
    parts += [together(row, child, by_category, node.aggregate) for child in node.categories]
    made = {"sum": added, "weighted-sum": weighed}.get(node.aggregate)
    value, present, whole = made(parts) if made else averaged(parts, node.aggregate)
    if present and (by_category or (node.aggregate, under) != ("sum", "sum")):
        value, present = value * whole / present, whole
    extra = sum((x.extra for x in parts), Fraction(0))
    return Part(exact(node.weight), value, present, whole, extra)


def leaf_part(scored: Scored) -> Part:
    mark, full, none = scored.mark, scored.full, Fraction(0)
    if scored.leaf.extra:
        return Part(scored.weight, none, none, none, mark or none)
    if mark is None:
        return Part(scored.weight, none, none, full)
    return Part(scored.weight, mark, full, full)


def added(parts: list[Part]) -> tuple[Fraction, Fraction, Fraction]:
    zero = Fraction(0)
    return (
        sum((x.value for x in parts), zero),
        sum((x.present for x in parts), zero),
        sum((x.whole for x in parts), zero),
    )


def weighed(parts: list[Part]) -> tuple[Fraction, Fraction, Fraction]:
    return added(
        [Part(x.weight, *(x.weight * v for v in (x.value, x.present, x.whole))) for x in parts]
    )


def averaged(parts: list[Part], aggregate: str) -> tuple[Fraction, Fraction, Fraction]:
    """Weighted mean of the parts that are present, each on a scale of 100."""
    there = [x for x in parts if x.present and x.weight]
    whole = HUNDRED if any(x.whole and x.weight for x in parts) else Fraction(0)
    if not there:
        return Fraction(0), Fraction(0), whole
    weights = sum((x.weight for x in there), Fraction(0))
    scaled = [(x.weight / weights, HUNDRED * x.value / x.present) for x in there]
    if aggregate == "geometric":
        return geometric(scaled), HUNDRED, whole
    return sum((w * x for w, x in scaled), Fraction(0)), HUNDRED, whole


def geometric(parts: list[tuple[Fraction, Fraction]]) -> Fraction:
    if any(x <= 0 for _, x in parts):
        return Fraction(0)
    with localcontext() as context:
        context.prec = 60
        product = Decimal(1)
        for share, x in parts:
            product *= decimal(x) ** decimal(share)
        return Fraction(product)


def decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)


# --- events -------------------------------------------------------------------------------------------


def last_day(start: date, lasts: str) -> date | None:
    """The last day on which something that lasts is in force; None: it has no end."""
    if not lasts:
        return None
    amount, unit = lasts.split()
    count = int(amount)
    if unit.startswith("day"):
        return start + timedelta(days=count - 1)
    months = count * 12 if unit.startswith("year") else count
    return add_months(start, months) - timedelta(days=1)


# --- ranks --------------------------------------------------------------------------------------------


def groups(rows: list[Row], within: str) -> list[list[Row]]:
    """Units that compete, by track or all together."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.competes:
            found.setdefault(row.unit.track if within == "track" else "", []).append(row)
    return list(found.values())


def give_ranks(rows: list[Row], rulebook: Rulebook) -> None:
    for group in groups(rows, rulebook.ranks.within):
        keys = {row.unit.code: rank_key(row, rulebook) for row in group}
        for row in group:
            mine = keys[row.unit.code]
            better = [keys[other.unit.code] for other in group if keys[other.unit.code] < mine]
            if rulebook.ranks.ties == "dense":
                row.rank = 1 + len(set(better))
            else:
                row.rank = 1 + len(better)
        if rulebook.ranks.ties == "ordinal":
            ordered = sorted(group, key=lambda row: (keys[row.unit.code], rows.index(row)))
            for place, row in enumerate(ordered, start=1):
                row.rank = place


def rank_key(row: Row, rulebook: Rulebook) -> tuple:
    """Smaller goes first: not put last, then score, then the marks that break ties."""
    of = row.score if rulebook.ranks.of == "rounded" else row.unrounded
    breaks = tuple(tie_break(row, code) for code in rulebook.ranks.break_by)
    return (row.has_veto("last"), -settled(of), *breaks)


def tie_break(row: Row, code: str) -> tuple:
    marks = [s.mark for s in row.leaves.values() if s.leaf.indicator == code and s.mark is not None]
    return (False, -settled(sum(marks, Fraction(0)))) if marks else (True, Fraction(0))


# --- grades -------------------------------------------------------------------------------------------


def give_grades(rows: list[Row], rulebook: Rulebook) -> None:
    for row in rows:
        forced = [r.grade for r in row.vetoes if r.effect == "grade"]
        names = [g.name for g in rulebook.grades]
        if forced:
            row.grade = max(forced, key=lambda name: names.index(name) if name in names else -1)
    for grade in rulebook.grades:
        reached = [
            row
            for row in rows
            if row.score is not None
            and not row.grade
            and grade.name not in row.blocked
            and (grade.at_least is None or settled(row.score) >= exact(grade.at_least))
        ]
        for row in within_share(reached, rows, grade):
            row.grade = grade.name


def within_share(reached: list[Row], rows: list[Row], grade: Grade) -> list[Row]:
    """Those for whom there is room: best scores first, a tie at the edge falls as a whole."""
    if grade.at_most is None:
        return reached
    kept = [row for row in reached if not row.competes]
    for group in groups(rows, grade.within):
        room = (exact(grade.at_most) * len(group)).__floor__()
        wanting = [row for row in group if row in reached]
        for row in wanting:
            as_good = sum(1 for other in wanting if settled(other.score) >= settled(row.score))
            if as_good <= room:
                kept.append(row)
    return kept


# --- tiers --------------------------------------------------------------------------------------------


def give_tiers(rows: list[Row], rulebook: Rulebook, held: dict[str, tuple[int, int]]) -> None:
    """`held` carries (tier held, months below it in a row) from one period to the next."""
    order = rulebook.tiers.order
    for group in groups(rows, rulebook.ranks.within):
        for row in group:
            now = tier_index(row, group, order)
            if now is None:
                continue
            before, months = held.get(row.unit.code, (now, 0))
            months = months + 1 if now > before else 0
            if now > before and months < rulebook.tiers.keep:
                now = before
            else:
                months = 0
            held[row.unit.code] = (now, months)
            row.tier = order[now].name


def tier_index(row: Row, group: list[Row], order: tuple[Tier, ...]) -> int | None:
    so_far = Fraction(0)
    for i, tier in enumerate(order):
        if tier.share is not None:
            so_far += exact(tier.share)
        if not tier.rest and in_tier(row, group, tier, so_far):
            return i
    rest = [i for i, tier in enumerate(order) if tier.rest]
    return rest[0] if rest else None


def in_tier(row: Row, group: list[Row], tier: Tier, so_far: Fraction) -> bool:
    if tier.top is not None:
        return row.rank <= tier.top
    if tier.bottom is not None:
        return sum(1 for other in group if other.rank > row.rank) < tier.bottom
    if tier.share is not None:
        return row.rank <= (so_far * len(group)).__floor__()
    return tier.at_least is not None and settled(row.score) >= exact(tier.at_least)


# --- the result -----------------------------------------------------------------------------------------


def as_data(row: Row, rulebook: Rulebook) -> dict[str, Any]:
    marks = [row.leaves[id(leaf)] for _, leaf in rulebook.leaves() if id(leaf) in row.leaves]
    return {
        "unit": row.unit.code,
        "track": row.unit.track,
        "score": None if row.score is None else float(row.score),
        "rank": row.rank,
        "tier": row.tier,
        "grade": row.grade,
        "marks": [
            {
                "indicator": s.leaf.indicator,
                "marks": None if s.mark is None else float(s.mark),
                "full_marks": float(s.full),
                "state": s.outcome,
            }
            for s in marks
        ],
    }
