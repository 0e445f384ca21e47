"""What judging takes and gives: observations, cards as they stand, proposals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from saima.cards.rules import Office, SubjectKind
from saima.workflows.card import OPEN, OUT

ProposalKind = Literal["raise", "lower", "lift", "step"]


class Observation(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What was seen of one subject at one evaluation. A metric that is not there says nothing.

    events: what happened since the evaluation before, as often as it did. group: the unit's track
    or kind.
    """

    subject: str
    kind: SubjectKind
    on: date
    values: Mapping[str, float] = {}
    events: tuple[str, ...] = ()
    name: str = ""
    unit: str = ""
    group: str = ""
    indicator: str = ""

    @property
    def title(self) -> str:
        return self.name or self.subject


class Card(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A card as it stands. `on` is the evaluation it came from; `raised` False where a heavier
    card fell to this level; `steps` are what was done about it."""

    subject: str
    kind: SubjectKind
    level: str
    on: date
    unit: str = ""
    name: str = ""
    state: str = "issued"
    due: date | None = None
    raised: bool = True
    steps: tuple[str, ...] = ()
    closed: date | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def counts(self) -> bool:
        """Whether it was ever issued, so that it counts among the year's cards."""
        return self.state in (*OUT, "lifted", "replaced")


class Proposal(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What a rule would have done; a named person decides.

    raise: a new card, in place of the one `was`. lower: a lighter one in its place. lift: the card
    goes. step: something is done about the card that stands.
    """

    kind: ProposalKind
    subject: str
    subject_kind: SubjectKind
    level: str
    on: date
    was: str = ""
    unit: str = ""
    name: str = ""
    verb: str = "亮"
    reason: str = ""
    clause: str = ""
    office: Office = "assessment"
    answer_days: int | None = None
    answer_months: int | None = None
    receivers: tuple[str, ...] = ()
    step: str = ""
    deducts: float = 0.0

    @property
    def brief(self) -> str:
        """The proposal in one line: 2026-03-31 示例一号厂房：亮黄牌."""
        return f"{self.on.isoformat()} {self.name or self.subject}：{self._what}"

    @property
    def _what(self) -> str:
        match self.kind:
            case "raise" if self.was and self.was != self.level:
                return f"{self.was}升为{self.level}"
            case "raise":
                return f"{self.verb}{self.level}"
            case "lower":
                return f"{self.was}降为{self.level}"
            case "lift":
                return f"摘{self.level}"
        return self.step


class History(Struct, frozen=True, kw_only=True):
    """What came before: earlier observations and all cards so far, closed ones too."""

    observations: tuple[Observation, ...] = ()
    cards: tuple[Card, ...] = ()
