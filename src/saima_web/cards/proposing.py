"""From observations to proposals: new cards waiting for a decision, advice on those that stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from saima.cards import CardRules, History, Observation, Proposal, judge
from saima.problems import refuse
from saima.workflows.card import OPEN
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.cards.models import Card, CardRuleSet, CardStep
from saima_web.cards.observers import Seen, observed
from saima_web.cards.queries import active, in_force, judged, rules_of
from saima_web.cards.refusals import NO_RULES
from saima_web.indicators.models import Indicator
from saima_web.messaging.actions import tell
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require

State = Card.State
OVERALL = "整体情况"


@dataclass
class Made:
    """What one judging brought: new cards by level, and how many pieces of advice."""

    raised: Counter[str] = field(default_factory=Counter)
    advised: int = 0
    lapsed: int = 0

    @property
    def total(self) -> int:
        return sum(self.raised.values())


def propose(*, campaign: Campaign, by: User | None = None) -> Made:
    """Judge what is known now; what the rules propose waits for a person. Safe to repeat.

    `by` is None for the nightly job. Errors: Refused where no rules are in force.
    """
    if by is not None:
        require(by, "cards.decide", campaign=campaign)
    row = in_force(campaign, today())
    if row is None:
        raise refuse(NO_RULES)
    rules, made = rules_of(row), Made()
    with writing(by) as ledger:
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        work = _Work(campaign, row, rules, made, ledger, by)
        for seen in [*observed(campaign, rules), Seen(today(), ())]:
            work.judge(seen)
        if made.total:
            _tell(campaign, made)
    return made


def propose_everywhere() -> str:
    """The nightly job: every running campaign that has rules."""
    done = []
    for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING):
        if in_force(campaign, today()) is not None:
            made = propose(campaign=campaign)
            done.append(f"{campaign.code}：{made.total}/{made.advised}")
    return "；".join(done)


def _tell(campaign: Campaign, made: Made) -> None:
    told = "、".join(f"{level}{count}张" for level, count in made.raised.items())
    tell(
        to=[Role.OFFICE], campaign=campaign, kind="card", subject=f"待决定：{told}",
        text="规则只提出建议，是否发出由您决定。", link=f"/c/{campaign.code}/cards/?box=proposed",
    )  # fmt: skip


@dataclass
class _Work:
    """One judging of a campaign under one version of its rules; `standing`: open cards by subject."""

    campaign: Campaign
    row: CardRuleSet
    rules: CardRules
    made: Made
    ledger: Ledger
    by: User | None
    units: dict[str, Unit] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    standing: dict[str, Card] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = {u.code: u for u in Unit.objects.all()}
        self.indicators = {x.code: x for x in Indicator.objects.all()}

    def judge(self, seen: Seen) -> None:
        """Judge one day; a subject whose open card has a level unknown to these rules is left."""
        cards = list(active(self.campaign))
        self.standing = {c.subject: c for c in cards if c.state in OPEN and not c.good}
        strange = {c.subject for c in cards if c.out and self.rules.weight(c.level) < 0}
        history = History(observations=seen.earlier, cards=judged(cards))
        looked = {o.subject: o for o in seen.now}
        found = judge(self.rules, _without(seen.now, strange), history, seen.on)
        for proposal in found:
            if proposal.subject not in strange and self._unit(proposal, looked) is not None:
                self._take(proposal, looked.get(proposal.subject))
        self._forget(seen, found)

    def _unit(self, proposal: Proposal, looked: dict[str, Observation]) -> Unit | None:
        seen = looked.get(proposal.subject)
        return self.units.get(proposal.unit or (seen.unit if seen else "") or proposal.subject)

    def _take(self, proposal: Proposal, seen: Observation | None) -> None:
        standing = self.standing.get(proposal.subject)
        if proposal.kind == "raise":
            self._raise(proposal, seen, standing)
        elif standing is None:
            return
        elif standing.state in (State.PROPOSED, State.HELD) and proposal.kind != "step":
            self._lapse(standing, "决定之前已经达标")
        else:
            self._advise(standing, proposal)

    def _raise(self, p: Proposal, seen: Observation | None, standing: Card | None) -> None:
        level = self.rules.level(p.level)
        if level.good:
            standing = None
        unit = self.units[p.unit or p.subject]
        indicator = self.indicators.get(seen.indicator) if seen else None
        if indicator is None and p.subject_kind == "unit-indicator":
            indicator = self.indicators.get(p.subject.partition("/")[2])
        before = standing
        if standing is not None and standing.state in (State.PROPOSED, State.HELD):
            self._lapse(standing, f"改提{p.level}")
            before = standing.replaces
        card = Card.objects.create(
            campaign=self.campaign, rules=self.row, year=p.on.year, subject=p.subject,
            subject_kind=p.subject_kind, name=_name(p, seen, indicator), unit=unit,
            indicator=indicator, level=p.level, colour=level.colour, good=level.good,
            evaluated_on=p.on, reason=p.reason[:400], clause=p.clause, office=p.office,
            receivers=list(p.receivers), step=p.step, deducts=p.deducts,
            was=before.level if before else "", replaces=before, proposed_at=now(),
            changed_at=now(),
        )  # fmt: skip
        self.made.raised[p.level] += 1
        if not level.good:
            self.standing[p.subject] = card
        note(card, "propose", "", self.by)
        self._record("card.proposed", card, level=p.level, on=p.on.isoformat())

    def _advise(self, card: Card, p: Proposal) -> None:
        """What the rules propose for a card that stands; the same advice is given once."""
        advice = {
            "kind": p.kind, "level": p.level, "step": p.step, "reason": p.reason,
            "deducts": p.deducts, "receivers": list(p.receivers), "on": p.on.isoformat(),
        }  # fmt: skip
        same = [a for a in card.advice if (a["kind"], a["step"]) == (p.kind, p.step)]
        if same:
            return
        card.advice = [*card.advice, advice]
        card.save(update_fields=["advice"])
        self.made.advised += 1
        self._record("card.advised", card, kind=p.kind, step=p.step)

    def _lapse(self, card: Card, why: str) -> None:
        card.state, card.decision, card.changed_at = State.LAPSED, why, now()
        card.save(update_fields=["state", "decision", "changed_at"])
        self.made.lapsed += 1
        note(card, "lapse", why, self.by)
        self._record("card.lapsed", card, reason=why)

    def _forget(self, seen: Seen, found: list[Proposal]) -> None:
        """Advice to lift falls away where a later evaluation finds the subject behind again."""
        lifted = {p.subject for p in found if p.kind in ("lift", "lower")}
        subjects = {o.subject for o in seen.now} - lifted
        for card in self.campaign.cards.filter(subject__in=subjects).exclude(advice=[]):
            kept = [a for a in card.advice if a["kind"] == "step"]
            if len(kept) < len(card.advice):
                card.advice = kept
                card.save(update_fields=["advice"])

    def _record(self, event: str, card: Card, **data: Any) -> None:
        self.ledger.record(
            event, subject_of(card), campaign=self.campaign.code, unit=card.unit.code, **data
        )


def _without(seen: tuple[Observation, ...], subjects: set[str]) -> tuple[Observation, ...]:
    return tuple(o for o in seen if o.subject not in subjects) if subjects else seen


def _name(p: Proposal, seen: Observation | None, indicator: Indicator | None) -> str:
    """What a card is about, without its unit."""
    if p.subject_kind == "unit":
        return OVERALL
    if indicator is not None:
        return indicator.name
    return (seen.title if seen else p.name or p.subject)[:200]


def note(card: Card, event: str, words: str, by: User | None) -> None:
    """Keep a step of the card's loop, for its page."""
    CardStep.objects.create(
        card=card, event=event, state=card.state, note=words[:300], by=by, at=now()
    )


def subject_of(card: Card) -> str:
    """How the ledger names a card."""
    return f"card/{card.campaign.code}/{card.pk}"
