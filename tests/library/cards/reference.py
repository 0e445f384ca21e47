"""The slow, obvious judge: what stands after each evaluation, from the first one on, by recursion."""

from __future__ import annotations

from datetime import date

from saima.cards.model import Observation
from saima.cards.rules import CardRules

Line = tuple[date, str, str, str, str]
"""day, subject, kind, level, level before."""


def light(rules: CardRules, seen: list[Observation]) -> str:
    """The heaviest level of the last of a subject's observations."""
    best = ""
    for rule in rules.rules:
        for band in rule.bands:
            times = seen[-band.in_a_row :]
            enough = len(times) == band.in_a_row
            holds = all(rule.of in o.values and band.hold(o.values[rule.of]) for o in times)
            if enough and holds and rules.weight(band.level) > rules.weight(best):
                best = band.level
    return best


def stands(rules: CardRules, seen: list[Observation]) -> str:
    """The card with which a subject stands after the last of its observations."""
    if not seen:
        return ""
    before = stands(rules, seen[:-1])
    wanted = light(rules, seen)
    if not rules.is_card(wanted):
        wanted = ""
    if wanted:
        lasting = rules.lasts == "until-made-good" and rules.weight(before) > rules.weight(wanted)
        return before if lasting else wanted
    if not before or rules.lasts == "until-next" or _clear(rules, seen):
        return rules.level(before).made_good if before else ""
    return before


def _clear(rules: CardRules, seen: list[Observation]) -> bool:
    last = range(len(seen), max(0, len(seen) - rules.clear_for), -1)
    return len(last) == rules.clear_for and not any(
        rules.is_card(light(rules, seen[:n])) for n in last
    )


def slow_replay(rules: CardRules, observations: list[Observation]) -> list[Line]:
    """Every card that comes and goes, and every step, ordered by day and subject."""
    lines: list[Line] = []
    for subject in dict.fromkeys(o.subject for o in observations):
        own = sorted((o for o in observations if o.subject == subject), key=lambda o: o.on)
        raised: list[str] = []
        for n in range(1, len(own) + 1):
            on, before, after = own[n - 1].on, stands(rules, own[: n - 1]), stands(rules, own[:n])
            fresh = rules.lasts == "until-next" and rules.is_card(light(rules, own[:n]))
            if after and (fresh or rules.weight(after) > rules.weight(before)):
                raised.append(after)
                lines.append((on, subject, "raise", after, before))
                lines += [
                    (on, subject, "step", e.step, "")
                    for e in rules.escalation
                    if e.when == "repeat" and e.level == after and raised.count(after) == e.times
                ]
            elif after and after != before:
                lines.append((on, subject, "lower", after, before))
            elif before and not after:
                lines.append((on, subject, "lift", before, ""))
    return sorted(lines)
