"""The JSON shapes of the command line that are not a library result of their own."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from saima.allocation.output import AllocationData
from saima.cards.model import Proposal
from saima.files.sheet.shapes import ReadData
from saima.scheduling.output import ScheduleData
from saima.scoring.boards import Board, Remaining
from saima.scoring.result import Result
from saima.scoring.side_by_side import SideBySide


class Where(Struct, forbid_unknown_fields=True):
    """A place: only the parts that are known."""

    file: str | UnsetType = UNSET
    sheet: str | UnsetType = UNSET
    cell: str | UnsetType = UNSET
    line: int | UnsetType = UNSET
    path: str | UnsetType = UNSET


class ProblemData(Struct, forbid_unknown_fields=True):
    """One problem: its code, severity, place, what is wrong and what to do."""

    code: str
    severity: Literal["error", "warning"]
    where: Where
    message: str
    hint: str


class CheckData(Struct, forbid_unknown_fields=True):
    """`saima check --json`."""

    campaign: str
    problems: list[ProblemData]


class StepData(Struct, forbid_unknown_fields=True):
    """One step of a trace; `of` are the steps it is made from, `value` recomputes from them."""

    op: str
    value: float | None
    label: str | UnsetType = UNSET
    detail: dict[str, Any] | UnsetType = UNSET
    of: list[StepData] | UnsetType = UNSET


class ExplainRulebook(Struct, forbid_unknown_fields=True):
    """The rulebook that an explanation follows."""

    name: str
    title: str
    version: int
    digest: str
    basis: str


class ExplainDefinition(Struct, forbid_unknown_fields=True):
    """The version of an indicator's definition in force."""

    version: int
    effective: str
    text: str


class ExplainMark(Struct, forbid_unknown_fields=True):
    """One mark of an explanation; `place` is the cell of its figure."""

    indicator: str
    name: str
    category: str
    marks: float | None
    full_marks: float
    status: str
    sentence: str
    clause: str
    rule: str
    definition: ExplainDefinition | None
    place: str


class ExplainData(Struct, forbid_unknown_fields=True):
    """`saima explain --json`: the marks in words, and the tree of steps of the score or mark."""

    period: str
    unit: str
    name: str
    rulebook: ExplainRulebook
    marks: list[ExplainMark]
    steps: StepData
    boards: list[Board]
    remaining: list[Remaining]


class FindingWhere(Struct, forbid_unknown_fields=True):
    """Where a .docx breaks a rule: its part, the paragraph or table's number there, its text."""

    part: str
    number: int
    text: str


class FindingData(Struct, forbid_unknown_fields=True):
    """One broken rule; `also` are the numbers of further places that break it likewise."""

    rule: str
    standard: str
    clause: str
    where: FindingWhere
    also: list[int]
    found: str
    message: str
    hint: str


class DocxCheckData(Struct, forbid_unknown_fields=True):
    """`saima docx-check --json`."""

    standard: str
    profile: str
    findings: list[FindingData]


class CardsData(Struct, forbid_unknown_fields=True):
    """`saima cards judge|replay --json`: what the rules propose, in the order of the days."""

    rules: str
    proposals: list[Proposal]


SHAPES: dict[str, type[Struct]] = {
    "score": Result,
    "side-by-side": SideBySide,
    "explain": ExplainData,
    "trace": StepData,
    "allocate": AllocationData,
    "check": CheckData,
    "docx-check": DocxCheckData,
    "read": ReadData,
    "schedule": ScheduleData,
    "cards": CardsData,
    "problem": ProblemData,
}
"""Schema file name -> shape; docs/reference/<name>.schema.json is written from these."""
