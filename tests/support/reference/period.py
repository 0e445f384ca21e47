"""The reference at one scored period: weights, marks, missing marks, events and totals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from saima.campaigns import Event, Unit
from saima.periods import Period, add_months
from saima.rules.rulebook import EventRule, Leaf, Node
from tests.support.reference.asked import Asked
from tests.support.reference.figures import Figures, Number, exact, half_up, settled
from tests.support.reference.methods import METHODS, Missing, stated
from tests.support.reference.rows import HUNDRED, Row, Scored, own_rate, track_rate
from tests.support.reference.standing import give_grades, give_ranks
from tests.support.reference.totals import together

LEFT_OUT_KINDS = ("not-applicable", "excluded")
ALREADY_TURNED = ("attainment", "pace_gap", "pace_ratio", "met")
ALWAYS_MORE = ("cleared", "cleared_share", "pace", "elapsed", "whole", "day_number", "difficulty")


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
