"""The shapes of what calls take and give. Numbers of figures are decimal text, never floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

T = TypeVar("T")
Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,80}$")]


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class Page(Schema, Generic[T]):
    """A part of a list, and how long all of it is."""

    count: int
    items: list[T]


def part(rows: QuerySet[Any] | Sequence[Any], page: Paging, as_data: Callable[[Any], Any]) -> Any:
    """The part of some rows that is asked for; the rows stand in an order that does not change."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    taken = rows[page.offset : page.offset + page.limit]
    return {"count": count, "items": [as_data(row) for row in taken]}


class ProblemOut(Schema):
    """What is wrong, where it stands, and the mend."""

    code: str
    place: str
    where: dict[str, Any]
    message_zh: str
    hint_zh: str
    message_en: str
    hint_en: str


class Problems(Schema):
    """Why a call was refused."""

    problems: list[ProblemOut]


# ── reference data ──


class CampaignOut(Schema):
    code: str
    name: str
    organisation: str
    state: str
    start: date
    end: date
    scores: str


class UnitOut(Schema):
    code: str
    name: str
    short_name: str
    kind: str
    parent: str
    track: str
    ranked: bool


class IndicatorOut(Schema):
    code: str
    name: str
    category: str
    measure: str
    decimals: int
    direction: str
    nature: str
    frequency: str
    qualitative: bool
    provider: str
    data_owner: str
    definition: str


class PeriodOut(Schema):
    period: str
    label: str
    start: date
    end: date
    published: bool


class RoundOut(Schema):
    period: str
    state: str
    opens_on: date
    due_at: datetime
    confirm_due_at: datetime
    trial: bool
    instructions: str


# ── reporting ──


class CellOut(Schema):
    """A cell: `figure` is the number to send back as `expected` when changing it."""

    indicator: str
    name: str
    measure: str
    state: str
    value: str | None
    missing: str
    grade: str
    figure: int
    late: bool
    reason: str
    due_at: datetime
    may_save: bool


class FigureIn(Schema):
    """A figure as a person would type it: `value` is a number in the indicator's measure, or —, or empty."""

    model_config = ConfigDict(extra="forbid")
    key: Key
    value: Words
    expected: int | None = Field(None, ge=0, le=2**62)
    on_behalf: Words = ""


class NamedFigureIn(FigureIn):
    indicator: Code


class FiguresIn(Schema):
    model_config = ConfigDict(extra="forbid")
    figures: list[NamedFigureIn] = Field(min_length=1, max_length=500)


class SavedOut(Schema):
    """What became of one figure of a batch."""

    key: str
    indicator: str
    saved: bool
    cell: CellOut | None
    problem: ProblemOut | None


class BatchOut(Schema):
    saved: int
    refused: int
    items: list[SavedOut]


class SubmittedOut(Schema):
    submitted: int
    late: bool
    indicators: list[str]


# ── results ──


class RunOut(Schema):
    period: str
    version: int
    published_at: datetime
    trial: bool
    rulebook: str
    rulebook_version: int
    units: int
    input_digest: str


class StandingOut(Schema):
    unit: str
    name: str
    track: str
    rank: int | None
    tied: bool
    score: float | None
    tier: str | None
    grade: str | None
    movement: int | None


class MarkOut(Schema):
    """`opened`: the token's owner may see the figures behind the mark; without it they are null."""

    indicator: str
    name: str
    category: str
    marks: float | None
    full_marks: float
    opened: bool
    actual: float | None
    target: float | None
    attainment: float | None
    sentence: str | None


class ExplanationOut(Schema):
    """The steps from figures to marks, as `saima explain` gives them."""

    model_config = ConfigDict(extra="allow")
    marks: list[dict[str, Any]]
    steps: dict[str, Any]


LanguageIn = Literal["zh", "en"]
