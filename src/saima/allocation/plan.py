"""The plan document: which headlines are broken down, over whom and when, by what, with what fixed.

docs/reference/allocation.md describes it for people. Reading reports every problem with its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from saima.allocation.cascade import cut
from saima.periods import Clock, Kind, Period, parse, span
from saima.problems import Problem, Refused, declare
from saima.rules.building import WRONG, Builder
from saima.rules.documents import Document, Path, read_document_file

declare(
    "plan-empty",
    "分解计划没有内容，或不是“项: 值”的形式。",
    "请从说明文档里的示例改起。",
    "the plan is empty or not a mapping.",
    "Start from the example in the reference.",
)
declare(
    "plan-key-twice",
    "“{key}”出现了不止一次。",
    "请改名或删去一处，编号和名称都不能重复。",
    "“{key}” stands more than once.",
    "Rename or remove one; neither keys nor names may repeat.",
)
declare(
    "plan-unknown",
    "没有叫“{key}”的{what}。",
    "现有：{known}。",
    "there is no {what_en} “{key}”.",
    "Known: {known}.",
)
declare(
    "plan-no-target",
    "“{name}”既没有目标（target），也不属于任何总目标（headline）。",
    "请写上 target 或 headline。",
    "“{name}” has neither a target nor a headline that it is part of.",
    "Give target or headline.",
)
declare(
    "plan-part-measure",
    "“{name}”的计量单位或小数位数与所属总目标“{headline}”不同。",
    "请删去这里的 measure、decimals，或改成与总目标一致。",
    "“{name}” has another measure or precision than its headline “{headline}”.",
    "Remove measure and decimals here, or make them equal.",
)
declare(
    "plan-window",
    "起始期间晚于结束期间。",
    "请检查 periods 的 from 和 to。",
    "the first period is after the last.",
    "Check from and to of periods.",
)

Amounts = tuple[Decimal, ...] | dict[str, Decimal]
Decimals = Annotated[int, Meta(ge=0, le=6)]
UnitWay = Literal["history", "weights", "capacity", "equal"]
PeriodWay = Literal["history", "season", "capacity", "equal", "days", "working-days"]
Comparator = Literal["reach", "exceed"]
Step = Literal["quarter", "month", "ten-day", "week", "day"]


class Window(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The periods that targets are broken down over; the ends are clipped to whole days."""

    from_: str = msgspec.field(name="from")
    to: str = ""
    by: Step = "month"


class PlanUnit(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A unit that takes a share; `order` is the official order, the order of listing without it."""

    unit: str
    name: str = ""
    order: int | None = None
    weight: Decimal | None = None


class PlanWork(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A building project: the unit it belongs to and the periods in which it is worked on."""

    project: str
    name: str = ""
    order: int | None = None
    weight: Decimal | None = None
    unit: str = ""
    from_: str = msgspec.field(name="from", default="")
    to: str = ""


class Headline(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A total of several indicators; `assigned` is what the upper level asked for."""

    headline: str
    target: Decimal
    name: str = ""
    measure: str = ""
    decimals: Decimals = 2
    split_by: Literal["history", "weights", "equal"] = "history"
    comparator: Comparator = "reach"
    assigned: Decimal | None = None
    stretch: Decimal | None = None


class UnitBasis(Struct, frozen=True, kw_only=True, rename="kebab"):
    """By what units share; figures by unit key or name, or in official order."""

    basis: UnitWay
    figures: Amounts = ()


class PeriodBasis(Struct, frozen=True, kw_only=True, rename="kebab"):
    """By what periods share; figures in order or by period; `profile` names one of `seasons`."""

    basis: PeriodWay
    figures: Amounts = ()
    profile: str = ""


class Lock(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A sum of cells that is fixed: of a unit, of a period, of both, or of a group."""

    amount: Decimal
    unit: str = ""
    period: str = ""
    note: str = ""


class Bound(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A sum of cells that must not be lower or higher."""

    unit: str = ""
    period: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    note: str = ""


class PlanIndicator(Struct, frozen=True, kw_only=True, rename="kebab"):
    """One indicator to be broken down: its own target, or its share of a headline.

    less: smaller is better. over: units or projects; `units` narrows them. share: its weight
    within the headline. supported_by: the indicator whose projects stand behind this one.
    """

    indicator: str
    name: str = ""
    measure: str = ""
    decimals: Decimals | None = None
    target: Decimal | None = None
    headline: str = ""
    share: Decimal | None = None
    comparator: Comparator = "reach"
    less: bool = False
    over: Literal["units", "projects"] = "units"
    units: tuple[str, ...] = ()
    units_by: UnitWay | UnitBasis | None = None
    periods_by: PeriodWay | PeriodBasis | None = None
    locks: tuple[Lock, ...] = ()
    bounds: tuple[Bound, ...] = ()
    stretch: Decimal | None = None
    assigned: Decimal | None = None
    supported_by: str = ""


class PlanDays(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Days that override the official calendar."""

    rest: tuple[date, ...] = ()
    work: tuple[date, ...] = ()


class PlanCascade(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Which periods are carried further down, into what, and by which days."""

    periods: tuple[str, ...]
    into: tuple[Literal["month", "ten-day", "week", "day"], ...]
    by: Literal["working-days", "days"] = "working-days"


class ChainNode(Struct, frozen=True, kw_only=True, rename="kebab"):
    """One body in a chain of targets from the top level down."""

    node: str
    level: str
    target: Decimal
    name: str = ""
    parent: str = ""
    weight: Decimal | None = None


class Chain(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Targets of several levels, for the over-amplification meter."""

    nodes: tuple[ChainNode, ...]
    name: str = ""
    measure: str = ""
    kind: Literal["amount", "rate"] = "amount"
    less: bool = False


class Plan(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A whole plan as it was written."""

    plan: str
    periods: Window
    indicators: tuple[PlanIndicator, ...]
    units: tuple[PlanUnit, ...] = ()
    projects: tuple[PlanWork, ...] = ()
    headlines: tuple[Headline, ...] = ()
    unit_groups: dict[str, tuple[str, ...]] = {}
    seasons: dict[str, tuple[Decimal, ...]] = {}
    history: str = ""
    calendar: PlanDays = PlanDays()
    cascade: PlanCascade | None = None
    amplification: Chain | None = None


@dataclass(frozen=True)
class Axis:
    """Keys in official order, with their names; a name or key finds the key."""

    what: str
    what_en: str
    names: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, text: str) -> str | None:
        return self.keys.get(text)


def axis_of(plan: Plan, over: Literal["units", "projects"]) -> Axis:
    """The units or projects of a plan in official order."""
    if over == "units":
        rows = [(u.order, u.unit, u.name) for u in plan.units]
    else:
        rows = [(p.order, p.project, p.name) for p in plan.projects]
    places = sorted(range(len(rows)), key=lambda i: (rows[i][0] or i + 1, i))
    names = {rows[i][1]: rows[i][2] or rows[i][1] for i in places}
    keys = {name: key for key, name in names.items()} | {key: key for key in names}
    what = ("单位", "unit") if over == "units" else ("项目", "project")
    return Axis(*what, names, keys)


def read_plan(path: FilePath) -> tuple[Plan | None, Document, list[Problem]]:
    """Read a plan from a YAML or JSON file; no plan if anything is wrong with it."""
    document, problems = read_document_file(path)
    if document is None:
        return None, Document(path.name), problems
    if not isinstance(document.data, dict):
        return None, document, [*problems, Problem("plan-empty", document.place(()))]
    builder = Builder(document)
    plan = builder.build(Plan, document.data, ())
    problems += builder.problems
    if plan is WRONG or problems:
        return None, document, problems
    problems = check_plan(plan, document)
    return (None if problems else plan), document, problems


def check_plan(plan: Plan, document: Document) -> list[Problem]:
    """What is wrong with the names and periods of a plan."""
    problems = _check_names(plan, document)
    problems += [p for i in range(len(plan.indicators)) for p in _check_target(plan, i, document)]
    try:
        if not periods_of(plan):
            problems.append(Problem("plan-window", document.place(("periods",))))
    except Refused as refused:
        place = document.place(("periods",))
        problems.append(Problem(refused.problem.code, place, refused.problem.values))
    return problems


def _check_names(plan: Plan, document: Document) -> list[Problem]:
    parts: list[tuple[str, Iterable[tuple[str, str]]]] = [
        ("units", [(u.unit, u.name) for u in plan.units]),
        ("projects", [(p.project, p.name) for p in plan.projects]),
        ("headlines", [(h.headline, h.name) for h in plan.headlines]),
        ("indicators", [(i.indicator, i.name) for i in plan.indicators]),
    ]
    problems = []
    for part, rows in parts:
        seen: set[str] = set()
        for index, row in enumerate(rows):
            names = {name for name in row if name}
            for name in sorted(names & seen):
                problems.append(_problem(document, "plan-key-twice", (part, index), key=name))
            seen |= names
    return problems


def _check_target(plan: Plan, index: int, document: Document) -> list[Problem]:
    indicator, path = plan.indicators[index], ("indicators", index)
    name = indicator.name or indicator.indicator
    if not indicator.headline:
        if indicator.target is None:
            return [_problem(document, "plan-no-target", path, name=name)]
        return []
    known = {h.headline: h for h in plan.headlines}
    headline = known.get(indicator.headline)
    if headline is None:
        told = {"key": indicator.headline, "what": "总目标", "what_en": "headline"}
        listed = "、".join(known) or "（无）"
        return [_problem(document, "plan-unknown", (*path, "headline"), **told, known=listed)]
    measure_differs = indicator.measure not in ("", headline.measure)
    if measure_differs or indicator.decimals not in (None, headline.decimals):
        return [
            _problem(document, "plan-part-measure", path, name=name, headline=indicator.headline)
        ]
    return []


def _problem(document: Document, code: str, path: Path, **values: Any) -> Problem:
    return Problem(code, document.place(path), values)


def whole_window(plan: Plan) -> Period:
    """All that the plan covers. Errors: Refused for a period that cannot be read."""
    first = parse(plan.periods.from_)
    return span(first, parse(plan.periods.to) if plan.periods.to else first)


def periods_of(plan: Plan) -> list[Period]:
    """The plan's periods in order, clipped to its window; none if it ends before it starts."""
    window = whole_window(plan)
    return cut(window, kind_of(plan.periods.by)) if window.start <= window.end else []


def kind_of(step: str) -> Kind:
    """A step as plans write it (ten-day) as a kind of period (ten_day)."""
    kinds: dict[str, Kind] = {
        "quarter": "quarter", "month": "month", "ten-day": "ten_day", "week": "week", "day": "day",
    }  # fmt: skip
    return kinds[step]


def clock_of(plan: Plan) -> Clock:
    """The clock that forms without a year (3月、三季度) are read by."""
    window = whole_window(plan)
    return Clock("days", window.start, window.end)
