"""Replays a history: judged evaluation by evaluation, as if every proposal had been carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, structs

from saima.cards.judging import judge
from saima.cards.model import Card, History, Observation, Proposal
from saima.cards.rules import CardRules, Level
from saima.periods import add_months

DueDay = Callable[[date, int], date]
"""(day, working days) -> the day so many working days later."""


class Replay(Struct, frozen=True, kw_only=True):
    """What would have happened: every proposal in order, and the cards as they stand at the end."""

    proposals: tuple[Proposal, ...]
    cards: tuple[Card, ...]

    @property
    def raised(self) -> tuple[Proposal, ...]:
        return tuple(p for p in self.proposals if p.kind == "raise")


def weekdays_later(start: date, days: int) -> date:
    """The day so many Mondays to Fridays later: working days where no calendar is at hand."""
    found = start
    while days:
        found += timedelta(days=1)
        days -= found.weekday() < 5
    return found


def answer_due(level: Level, on: date, later: DueDay = weekdays_later) -> date | None:
    """The last day for the answer to a card issued on a day, None where none is asked."""
    if level.answer_months is not None:
        return add_months(on, level.answer_months)
    return None if level.answer_days is None else later(on, level.answer_days)


def replay(
    rules: CardRules,
    observations: Iterable[Observation],
    *,
    answered: bool = True,
    later: DueDay = weekdays_later,
) -> Replay:
    """Judge a history from its first evaluation to its last. Deterministic.

    answered: every card is answered in time and lifted when made good; else none is answered.
    """
    by_day: dict[date, list[Observation]] = {}
    for seen in observations:
        by_day.setdefault(seen.on, []).append(seen)
    before: list[Observation] = []
    proposals: list[Proposal] = []
    cards: list[Card] = []
    for on in sorted(by_day):
        history = History(observations=tuple(before), cards=tuple(cards))
        found = judge(rules, by_day[on], history, on)
        for proposal in found:
            _carry_out(rules, cards, proposal, answered, later)
        proposals += found
        before += by_day[on]
    return Replay(proposals=tuple(proposals), cards=tuple(cards))


def _carry_out(
    rules: CardRules, cards: list[Card], proposal: Proposal, answered: bool, later: DueDay
) -> None:
    standing = [i for i, c in enumerate(cards) if c.open and c.subject == proposal.subject]
    if proposal.kind == "step":
        for i in standing[-1:]:
            cards[i] = structs.replace(cards[i], steps=(*cards[i].steps, proposal.step))
        return
    good = rules.is_good(proposal.level)
    for i in standing:
        if rules.is_good(cards[i].level) == good:
            state = "lifted" if proposal.kind == "lift" else "replaced"
            cards[i] = structs.replace(cards[i], state=state, closed=proposal.on)
    if proposal.kind != "lift":
        cards.append(_card(rules, proposal, answered, later))


def _card(rules: CardRules, proposal: Proposal, answered: bool, later: DueDay) -> Card:
    more: dict[str, Any] = {"state": "accepted" if answered else "issued"}
    return Card(
        subject=proposal.subject,
        kind=proposal.subject_kind,
        level=proposal.level,
        on=proposal.on,
        unit=proposal.unit,
        name=proposal.name,
        due=answer_due(rules.level(proposal.level), proposal.on, later),
        raised=proposal.kind == "raise",
        steps=(proposal.step,) if proposal.step else (),
        **more,
    )
