"""What is added to and taken from a total: bonus, deduction, gates that block, vetoes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from saima.campaigns import Event
from saima.periods import Period, add_months
from saima.rules.rulebook import EventRule, Rulebook
from saima.scoring.cells import Field, Flags
from saima.scoring.marks import LeafMarks
from saima.steps import Floats, Num, given, minimum, named, total

Names = frozenset[str]


def rule_for(rulebook: Rulebook, event: Event) -> EventRule | None:
    """The rulebook's rule of an event: same kind and name."""
    rules = (r for r in rulebook.events if r.kind == event.kind and r.name == event.name)
    return next(rules, None)


def events_at(field: Field, unit: str, period: Period) -> list[Event]:
    """A unit's events that count at a period: dated in its window, in force at its end.

    A veto or gate counts as long as it is in force, whatever window it fell in.
    """
    events = field.events_of.get(unit)
    if not events:
        return []
    window = field.cube.campaign.clock.window(period.end)
    return [
        e
        for e in events
        if in_force(e, rule_for(field.rulebook, e), period.end)
        and (e.on >= window.start or e.kind in ("veto", "gate"))
    ]


def in_force(event: Event, rule: EventRule | None, moment: date) -> bool:
    """Dated by then and not expired: by its own expiry, else after what the rule says it lasts."""
    if event.expires is not None or rule is None or not rule.lasts:
        return event.in_force(moment)
    return event.on <= moment < add_months(event.on, months_of(rule.lasts))


def months_of(lasts: str) -> int:
    """`12 months`, `1 year`, 12个月 or 一年 as months; a bare number is months."""
    digits = re.search(r"\d+", lasts)
    count = int(digits[0]) if digits else 1
    return count * 12 if "year" in lasts or "年" in lasts else count


@dataclass(frozen=True)
class Additions:
    """Arrays (units, scored periods) of what events did, before they meet the total."""

    bonus: Floats
    deduction: Floats

    @classmethod
    def of(cls, field: Field) -> Additions:
        bonus, deduction = np.zeros(field.shape), np.zeros(field.shape)
        units = {e.unit for e in field.cube.campaign.events if e.kind in ("bonus", "deduction")}
        for u, unit in enumerate(field.cube.campaign.units):
            if unit.code not in units:
                continue
            for s in range(field.shape[1]):
                bonus[u, s] = float(points(field, "bonus", u, s).value)
                deduction[u, s] = float(points(field, "deduction", u, s).value)
        return cls(bonus, deduction)


def points(field: Field, kind: str, unit: int, scored: int) -> Num:
    """Traced bonus or deduction of one cell: events, limit of each rule, limit of the whole."""
    rulebook = field.rulebook
    code, period = field.cube.campaign.units[unit].code, field.cube.scored[scored]
    groups: dict[str, list[Event]] = {}
    for event in events_at(field, code, period):
        if event.kind == kind and rule_for(rulebook, event) is not None:
            groups.setdefault(event.name, []).append(event)
    parts = [_group(rulebook, events) for events in groups.values()]
    most = rulebook.bonus_at_most if kind == "bonus" else rulebook.deduction_at_most
    summed = total(parts) if parts else Num(0.0)
    label = "加分" if kind == "bonus" else "扣分"
    return named(summed if most is None else minimum(summed, most), label)


def _group(rulebook: Rulebook, events: list[Event]) -> Num:
    rule = rule_for(rulebook, events[0])
    parts = [
        given(_event_points(e, rule), e.name, basis=e.basis, on=e.on.isoformat()) for e in events
    ]
    summed = total(parts)
    if rule is not None and rule.at_most is not None:
        summed = named(minimum(summed, rule.at_most), f"{events[0].name}（限额）")
    return summed


def _event_points(event: Event, rule: EventRule | None) -> float:
    if event.points is not None:
        return event.points
    return (rule.each if rule else 0.0) * event.count


def blocked_awards(field: Field, marked: list[LeafMarks], scored: int) -> list[Names]:
    """The awards that gates block for each unit in a period (names of grades, seals, `bonus`)."""
    blocked: list[Names] = [frozenset()] * len(field.cube.campaign.units)
    for leaf in marked:
        if leaf.blocked is not None and leaf.leaf.gate is not None:
            for u in np.nonzero(leaf.blocked[:, scored])[0].tolist():
                blocked[u] |= frozenset(leaf.leaf.gate.blocks)
    for u in field.units_with_events:
        code = field.cube.campaign.units[u].code
        for event in events_at(field, code, field.cube.scored[scored]):
            rule = rule_for(field.rulebook, event)
            if event.kind == "gate" and rule is not None:
                blocked[u] |= frozenset(rule.blocks)
    return blocked


def bonus_blocked(field: Field, marked: list[LeafMarks]) -> Flags:
    """Where a gate takes the bonus away (units, scored periods)."""
    out = np.zeros(field.shape, dtype=bool)
    gated = any(m.leaf.gate and "bonus" in m.leaf.gate.blocks for m in marked)
    if gated or any(r.kind == "gate" and "bonus" in r.blocks for r in field.rulebook.events):
        for s in range(field.shape[1]):
            out[:, s] = ["bonus" in b for b in blocked_awards(field, marked, s)]
    return out


def vetoes(field: Field, unit: int, scored: int) -> list[tuple[Event, EventRule]]:
    """The vetoes in force for a unit at a period, with what the rulebook says they do."""
    code, period = field.cube.campaign.units[unit].code, field.cube.scored[scored]
    found = []
    for event in events_at(field, code, period):
        rule = rule_for(field.rulebook, event)
        if event.kind == "veto" and rule is not None:
            found.append((event, rule))
    return found
