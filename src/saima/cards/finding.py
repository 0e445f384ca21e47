"""To which level an observation leads by the rules: the heaviest band that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from saima.cards.metrics import EVENT
from saima.cards.model import Observation
from saima.cards.rules import Band, CardRule, CardRules


@dataclass(frozen=True)
class Finding:
    """A level with the rule, band and value that led to it."""

    level: str
    rule: CardRule
    band: Band
    value: float
    seen: Observation


def year_begin(on: date, month: int) -> date:
    """The first day of the assessment year in which a day lies."""
    return date(on.year if on.month >= month else on.year - 1, month, 1)


def findings(
    rules: CardRules, seen: Observation, earlier: Sequence[Observation]
) -> tuple[Finding | None, Finding | None]:
    """The heaviest finding, and the highest praise, of an observation.

    earlier: the same subject's observations before, the oldest first.
    """
    if rules.made_good_by and rules.made_good_by in seen.events:
        return None, None
    found = [
        Finding(band.level, rule, band, value, seen)
        for rule in rules.rules
        if applies(rule, seen)
        for band in rule.bands
        if (value := _value(rules, rule, band, seen, earlier)) is not None
    ]
    praise = [f for f in found if rules.level(f.level).good]
    return _heaviest(rules, [f for f in found if f not in praise]), _heaviest(rules, praise)


def _heaviest(rules: CardRules, found: list[Finding]) -> Finding | None:
    """The first of the heaviest, in the document's order."""
    return max(found, key=lambda f: rules.weight(f.level), default=None)


def applies(rule: CardRule, seen: Observation) -> bool:
    """Whether a rule speaks of a subject."""
    return (
        rule.subject == seen.kind
        and (not rule.groups or seen.group in rule.groups)
        and (not rule.indicators or seen.indicator in rule.indicators)
    )


def _value(
    rules: CardRules, rule: CardRule, band: Band, seen: Observation, earlier: Sequence[Observation]
) -> float | None:
    """The value where a band holds so often in a row as it asks, else None."""
    line = [*earlier, seen]
    if len(line) < band.in_a_row:
        return None
    for place in range(len(line) - band.in_a_row, len(line)):
        if not _holds(rules, rule, band, line[place], line[:place]):
            return None
    return _measured(rules, rule, seen, earlier)


def _holds(
    rules: CardRules, rule: CardRule, band: Band, seen: Observation, earlier: Sequence[Observation]
) -> bool:
    value = _measured(rules, rule, seen, earlier)
    if value is None or not band.hold(value):
        return False
    return all(c.of in seen.values and c.hold(seen.values[c.of]) for c in band.also)


def _measured(
    rules: CardRules, rule: CardRule, seen: Observation, earlier: Sequence[Observation]
) -> float | None:
    """The value of the rule's metric; for events, how often they happened."""
    if rule.of != EVENT:
        return seen.values.get(rule.of)
    since = year_begin(seen.on, rules.year_from)
    counted = [o for o in earlier if o.on >= since] if rule.counts == "year" else []
    count = sum(o.events.count(rule.event) for o in [*counted, seen])
    return float(count) if count else None
