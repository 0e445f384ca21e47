"""judge(rules, observations, history, on): which cards the rules propose at an evaluation.

The order: the heaviest level of each subject → what its standing card calls for (late answer, so
many in a row) → a new, heavier, lighter card or none → cards that add up for a unit → steps that
follow from how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from saima.cards.finding import Finding, findings, year_begin
from saima.cards.model import Card, History, Observation, Proposal, ProposalKind
from saima.cards.rules import CardRules, Escalation, Level, SubjectKind
from saima.cards.words import reason
from saima.periods import containing
from saima.workflows.card import overdue


def judge(
    rules: CardRules, observations: Sequence[Observation], history: History, on: date
) -> list[Proposal]:
    """The proposals of an evaluation, in the order of the observations; pure.

    Observations and cards may stand in any order. A subject that is not observed keeps its card;
    only a late answer still moves it. What was decided for the same month (or week …) is not
    proposed again.
    """
    subjects = _subjects(rules, observations, history, on)
    raised: Counter[tuple[str, str]] = Counter()
    own = [s for s in subjects.values() if s.kind != "unit"]
    units = [s for s in subjects.values() if s.kind == "unit"]
    out = [proposal for s in own for proposal in s.proposals(raised)]
    for unit, wanted in _combined(rules, own):
        found = next((s for s in units if s.key == unit), None)
        if found is None:
            found = _Subject(rules, on, unit, "unit", unit)
            units.append(found)
        found.seen_through_others, found.combined = True, wanted
    return [*out, *(proposal for s in units for proposal in s.proposals(raised))]


def levels_of(
    rules: CardRules, observations: Sequence[Observation], history: History, on: date
) -> dict[str, str]:
    """The light of every subject observed: its level by the rules, "" for none."""
    subjects = _subjects(rules, observations, history, on)
    lights = {s.key: s.finding for s in subjects.values() if s.observed}
    return {key: found.level if found else "" for key, found in lights.items()}


@dataclass
class _Subject:
    """One subject (or a unit with all of its subjects) at an evaluation."""

    rules: CardRules
    on: date
    key: str
    kind: SubjectKind
    unit: str
    name: str = ""
    by_day: dict[date, list[Observation]] = field(default_factory=dict)
    cards: list[Card] = field(default_factory=list)
    of_unit: list[Card] = field(default_factory=list)
    combined: tuple[str, str, str] | None = None  # level, reason, clause
    seen_through_others: bool = False

    @property
    def observed(self) -> bool:
        return self.on in self.by_day or self.seen_through_others

    def _found_on(self, day: date) -> tuple[Finding | None, Finding | None]:
        """The heaviest finding and the highest praise of a day."""
        worst: list[Finding] = []
        best: list[Finding] = []
        for seen in self.by_day.get(day, []):
            earlier = [
                o
                for before in sorted(d for d in self.by_day if d < day)
                for o in self.by_day[before]
                if o.subject == seen.subject
            ]
            bad, good = findings(self.rules, seen, earlier)
            worst += [bad] if bad else []
            best += [good] if good else []
        weight = self.rules.weight
        return (
            max(worst, key=lambda f: weight(f.level), default=None),
            max(best, key=lambda f: weight(f.level), default=None),
        )

    @cached_property
    def _today(self) -> tuple[Finding | None, Finding | None]:
        return self._found_on(self.on)

    @property
    def finding(self) -> Finding | None:
        return self._today[0]

    def _backwards(self) -> Iterator[str]:
        """The levels of the evaluations up to this one, the latest first."""
        for day in sorted((d for d in self.by_day if d <= self.on), reverse=True):
            found = self._today[0] if day == self.on else self._found_on(day)[0]
            yield found.level if found else ""

    @cached_property
    def standing(self) -> Card | None:
        """The heaviest open card that waits to be made good."""
        held = [c for c in self.cards if c.open and self.rules.is_card(c.level)]
        return max(held, key=lambda c: self.rules.weight(c.level), default=None)

    @cached_property
    def wanted(self) -> tuple[str, str, str]:
        """The card to which today's findings and the standing card lead: level, reason, clause."""
        options = [("", "", "")]
        if self.finding and self.rules.is_card(self.finding.level):
            f = self.finding
            options.append((f.level, reason(f, self.key), f.rule.clause))
        if self.combined:
            options.append(self.combined)
        options += [(e.to, self._because(e), e.clause) for e in self._due() if e.to]
        return max(options, key=lambda o: self.rules.weight(o[0]))

    @property
    def after(self) -> str:
        """The level at which the subject stands when all is done as proposed."""
        standing = self.standing.level if self.standing else ""
        if not self.observed:
            return max(standing, self.wanted[0], key=self.rules.weight)
        if self.rules.lasts == "until-next" or not standing:
            return self.wanted[0] or (self.rules.level(standing).made_good if standing else "")
        if self.wanted[0] or not self._made_good():
            return max(standing, self.wanted[0], key=self.rules.weight)
        return self.rules.level(standing).made_good

    def proposals(self, raised: Counter[tuple[str, str]]) -> Iterator[Proposal]:
        """What is proposed for this subject today; `raised` counts cards of today by unit, level."""
        after, standing = self.after, self.standing
        was = standing.level if standing else ""
        again = self.rules.lasts == "until-next" and bool(self.wanted[0])
        if after and (again or self.rules.weight(after) > self.rules.weight(was)):
            yield from self._raised(after, was, raised)
        elif standing and after != was:
            yield self._lighter(standing, after)
        elif standing:
            yield from self._steps(e for e in self._due() if e.step and not e.to)
        if self._today[1] and not self._decided(self._today[1].level):
            yield self._card(self._today[1].level, self._today[1], "")

    def _decided(self, level: str) -> bool:
        """Whether a card at least so heavy came of this evaluation's month (or week …) already."""
        weight = self.rules.weight
        good = self.rules.is_good(level)
        span = containing(self.rules.evaluated, self.on)
        same = [
            c
            for c in self.cards
            if span.start <= c.on <= span.end and self.rules.is_good(c.level) == good
        ]
        return any(weight(c.level) >= weight(level) for c in same)

    def _raised(self, level: str, was: str, today: Counter[tuple[str, str]]) -> Iterator[Proposal]:
        if self._decided(level):
            return
        yield self._card(level, None, was)
        today[self.unit, level] += 1
        numbers = {
            "subject": self._issued(self.cards, level) + 1,
            "unit": self._issued(self.of_unit, level) + today[self.unit, level],
        }
        yield from self._steps(
            e
            for e in self.rules.escalation
            if e.when == "repeat" and e.level == level and numbers[e.over] == e.times
        )
        yield from self._steps(e for e in self._in_a_row() if e.level == level and not e.to)

    def _issued(self, cards: Iterable[Card], level: str) -> int:
        """How many cards of a level were issued earlier in the assessment year."""
        since = year_begin(self.on, self.rules.year_from)
        return sum(
            c.level == level and c.raised and c.counts and since <= c.on < self.on for c in cards
        )

    def _lighter(self, standing: Card, after: str) -> Proposal:
        level = self.rules.level(after or standing.level)
        return self._proposal(
            "lower" if after else "lift", level, standing.level if after else "",
            f"已达标，{standing.level}降为{after}。" if after else "已达标，建议摘牌。",
        )  # fmt: skip

    def _made_good(self) -> bool:
        """The event that the rules ask for, or no card at so many evaluations (one where it adds up)."""
        if self.rules.made_good_by:
            return any(self.rules.made_good_by in o.events for o in self.by_day.get(self.on, []))
        clear = 0
        for level in self._backwards():
            if self.rules.is_card(level):
                break
            clear += 1
        return clear >= self.rules.clear_for or (clear == 0 and self.seen_through_others)

    def _due(self) -> list[Escalation]:
        """Escalations that the standing card calls for now."""
        card = self.standing
        if card is None:
            return []
        late = [
            e
            for e in self.rules.escalation
            if e.when == "overdue"
            and e.level == card.level
            and overdue(card.state, card.due and card.due + timedelta(days=e.days), self.on)
        ]
        return [e for e in [*late, *self._in_a_row()] if e.step not in card.steps or not e.step]

    def _in_a_row(self) -> list[Escalation]:
        """Escalations for being at a level at so many evaluations one after another."""
        asked = [e for e in self.rules.escalation if e.when == "in-a-row"]
        if not asked or self.on not in self.by_day:
            return []
        line = list(self._backwards())
        return [e for e in asked if self._run(line, e.level) == e.times]

    def _run(self, line: list[str], level: str) -> int:
        """How many of the latest evaluations were at a level or a heavier one."""
        length = 0
        for at in line:
            if not self.rules.is_card(at) or self.rules.weight(at) < self.rules.weight(level):
                break
            length += 1
        return length

    def _because(self, e: Escalation) -> str:
        if e.when == "overdue":
            return f"{e.level}逾期未答复，升为{e.to}。"
        return f"连续{e.times}次{e.level}，升为{e.to}。"

    def _steps(self, escalations: Iterable[Escalation]) -> Iterator[Proposal]:
        for e in escalations:
            if e.step:
                yield self._step(e)

    def _step(self, e: Escalation) -> Proposal:
        why = {"overdue": "逾期未答复", "repeat": f"本年第{e.times}次{e.level}"}
        level = self.rules.level(e.level)
        return self._proposal(
            "step", level, "", f"{why.get(e.when, f'连续{e.times}次{e.level}')}，{e.step}。",
            step=e.step, receivers=e.receivers, deducts=e.deducts, clause=e.clause,
        )  # fmt: skip

    def _card(self, name: str, praise: Finding | None, was: str) -> Proposal:
        level = self.rules.level(name)
        why, clause = (reason(praise, self.key), praise.rule.clause) if praise else self.wanted[1:]
        return self._proposal(
            "raise", level, was, why, clause=clause or level.clause, step=level.step,
            receivers=level.receivers, deducts=level.deducts,
        )  # fmt: skip

    def _proposal(
        self,
        kind: ProposalKind,
        level: Level,
        was: str,
        why: str,
        *,
        step: str = "",
        receivers: tuple[str, ...] = (),
        deducts: float = 0.0,
        clause: str = "",
    ) -> Proposal:
        found = self.finding or self._today[1]
        project = self.kind in ("project", "milestone")
        office = found.rule.office if found else "project" if project else "assessment"
        return Proposal(
            kind=kind,
            subject=self.key,
            subject_kind=self.kind,
            unit=self.unit,
            name=self.name,
            level=level.name,
            was=was,
            on=self.on,
            verb=level.verb,
            reason=why,
            clause=clause,
            office=office,
            answer_days=level.answer_days if kind == "raise" else None,
            answer_months=level.answer_months if kind == "raise" else None,
            receivers=receivers,
            step=step,
            deducts=deducts,
        )


def _subjects(
    rules: CardRules, observations: Sequence[Observation], history: History, on: date
) -> dict[str, _Subject]:
    """Every subject observed or holding an open card, by its key, observed ones first."""
    known: dict[str, _Subject] = {}
    for seen in observations:
        _place(rules, on, known, seen).by_day.setdefault(on, []).append(seen)
    for card in history.cards:
        if card.open and card.subject not in known:
            known[card.subject] = _Subject(rules, on, card.subject, card.kind, card.unit, card.name)
    for seen in history.observations:
        key = _key(rules, seen)[0]
        if key in known and seen.on < on:
            known[key].by_day.setdefault(seen.on, []).append(seen)
    of_unit: dict[str, list[Card]] = {}
    for card in history.cards:
        of_unit.setdefault(card.unit, []).append(card)
        if card.subject in known:
            known[card.subject].cards.append(card)
    for subject in known.values():
        subject.of_unit = of_unit.get(subject.unit, []) if subject.unit else subject.cards
    return known


def _key(rules: CardRules, seen: Observation) -> tuple[str, SubjectKind]:
    if rules.per == "unit" and seen.unit:
        return seen.unit, "unit"
    return seen.subject, seen.kind


def _place(rules: CardRules, on: date, known: dict[str, _Subject], seen: Observation) -> _Subject:
    key, kind = _key(rules, seen)
    if key not in known:
        name = seen.name if kind == seen.kind else ""
        known[key] = _Subject(rules, on, key, kind, seen.unit, name)
    return known[key]


def _combined(
    rules: CardRules, own: list[_Subject]
) -> Iterator[tuple[str, tuple[str, str, str] | None]]:
    """Units some of whose subjects were observed, with the level that theirs add up to."""
    if not rules.combine:
        return
    for unit in dict.fromkeys(s.unit for s in own if s.unit and s.observed):
        theirs = [rules.weight(s.after) for s in own if s.unit == unit]
        made = [
            (c.makes, f"{n}项达到{c.level}及以上（满{c.times}项）。", c.clause)
            for c in rules.combine
            if (n := sum(w >= rules.weight(c.level) for w in theirs)) >= c.times
        ]
        yield unit, max(made, key=lambda m: rules.weight(m[0]), default=None)
