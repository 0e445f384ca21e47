"""Assessment of units by their projects, quarter by quarter (项目考核): its method and its marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from saima.periods import Period
from saima.projects.model import Project
from saima.projects.money import Money, together
from saima.ranking import rank
from saima.rounding import text


@dataclass(frozen=True)
class Measure:
    """One thing that is measured: full marks, how the marks come about, after which published rule.

    rule: with {full} where the full marks stand.
    """

    key: str
    name: str
    full: float
    rule: str
    source: str

    @property
    def words(self) -> str:
        """The rule with its full marks put in."""
        return self.rule.format(full=text(self.full))


MEASURES = (
    Measure(
        "plan", "完成计划", 25, "得分＝{full}×累计完成÷累计计划，最高{full}分；没有月度计划的，年度计划平均到月",
        "赛马指标体系的通知：投资目标细化到每个项目每月完成投资额；市直财政评价：按完成比例计算得分，满分为止",
    ),
    Measure(
        "pace", "序时进度", 15, "得分＝{full}×年度计划完成率÷序时进度（已过月数÷12），最高{full}分",
        "武汉市重大项目管理办法：完成进度与时序进度之比；延安2017年：进度按完成投资占年度计划的比计分",
    ),
    Measure(
        "starts", "开工率", 20, "得分＝{full}×应开工项目中已开工的比例",
        "应开尽开：应开工数与已开工数之比；按完成比例计算得分，满分为止",
    ),
    Measure(
        "statistics", "入统率", 15, "得分＝{full}×已开工、总投资500万元以上的项目中已入库的比例",
        "应统尽统：应入库数与已入库数之比；计划总投资500万元以上入库",
    ),
    Measure(
        "milestones", "节点按时率", 25, "得分＝{full}×本季到期节点中按时完成的比例",
        "广元环保督察：未按节点即黄牌；按完成比例计算得分，满分为止",
    ),
)  # fmt: skip
"""The method, in one place. Its shapes are published ones; the full marks are our default."""

YELLOW, RED = 0.5, 2.0
"""Points taken off for each card of the quarter (广元: 黄牌2次扣1分, 红牌扣2分)."""
WHOLE = 100.0
MISSING_RULE = "没有应考事项的一项不计，其余各项按满分折算为100分"
PROBLEM_RULE = "上报问题和提出的难题只列出、不扣分"


@dataclass(frozen=True)
class Method:
    """What is measured with how many marks, and what a card takes off."""

    measures: tuple[Measure, ...] = MEASURES
    yellow: float = YELLOW
    red: float = RED

    @property
    def deduction_rule(self) -> str:
        said = f"本季项目黄牌每张扣{text(self.yellow)}分，红牌每张扣{text(self.red)}分"
        usual = (self.yellow, self.red) == (YELLOW, RED)
        return f"{said}（广元：黄牌2次扣1分，红牌扣2分）" if usual else said


USUAL = Method()


def method(full: Mapping[str, float], yellow: float, red: float) -> Method:
    """A method with other full marks, by key; a measure of no marks is not measured."""
    rows = (replace(m, full=full[m.key]) for m in MEASURES)
    return Method(tuple(m for m in rows if m.full > 0), yellow, red)


@dataclass(frozen=True)
class Item:
    """What stands behind a number: a project (or its milestone), and whether it is met."""

    project: Project
    met: bool
    what: str = ""
    due: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Tally:
    """How many of how many."""

    items: tuple[Item, ...] = ()

    @property
    def of(self) -> int:
        return len(self.items)

    @property
    def met(self) -> int:
        return sum(item.met for item in self.items)

    @property
    def missed(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.met)

    @property
    def share(self) -> float | None:
        """Of one; None where there is nothing to be met."""
        return self.met / self.of if self.items else None


@dataclass(frozen=True)
class Mark:
    """The marks of one measure; share is the part of them that was earned, unrounded."""

    measure: Measure
    share: float | None

    @property
    def marks(self) -> float | None:
        return None if self.share is None else self.measure.full * min(1.0, max(0.0, self.share))


@dataclass(frozen=True)
class Assessed:
    """A unit's quarter. score: of 100, None where nothing could be measured; place: 0 without one."""

    unit: str
    projects: tuple[Project, ...]
    money: Money
    starts: Tally
    statistics: Tally
    milestones: Tally
    marks: tuple[Mark, ...]
    yellow: int
    red: int
    score: float | None
    place: int = 0
    method: Method = USUAL

    @property
    def problems(self) -> tuple[Project, ...]:
        return tuple(p for p in self.projects if p.problem)

    @property
    def raised(self) -> int:
        """Problems raised to others that name its projects."""
        return sum(p.raised for p in self.projects)

    @property
    def deduction(self) -> float:
        return self.method.yellow * self.yellow + self.method.red * self.red

    @property
    def pace(self) -> float | None:
        """The share of the year's plan over the share of the year that is gone."""
        gone = int(self.money.month[-2:]) if self.money.month else 0
        if not gone or not self.money.year_plan:
            return None
        return float(self.money.done / (self.money.year_plan * gone / 12))

    def share_of(self, key: str) -> float | None:
        return next((m.share for m in self.marks if m.measure.key == key), None)


def assess(
    projects: Sequence[Project], quarter: Period, on: date, month: str, by: Method = USUAL
) -> list[Assessed]:
    """Every unit with projects, best first. What is due is judged on a day, money up to a month.

    on: today, or the quarter's last day once it is over. Milestones are those due in the quarter.
    """
    units = list(dict.fromkeys(p.unit for p in projects))
    lines = [
        assess_unit(unit, [p for p in projects if p.unit == unit], quarter, on, month, by)
        for unit in units
    ]
    scores = np.array([np.nan if x.score is None else x.score for x in lines])
    places = [int(place) for place in rank(scores)] if lines else []
    placed = [_at(line, place) for line, place in zip(lines, places, strict=True)]
    return sorted(placed, key=lambda x: (x.place == 0, x.place))


def _at(line: Assessed, place: int) -> Assessed:
    return Assessed(**{**vars(line), "place": place})


def assess_unit(
    unit: str,
    projects: Sequence[Project],
    quarter: Period,
    on: date,
    month: str,
    by: Method = USUAL,
) -> Assessed:
    """One unit (or all projects as one): tallies, marks, deductions, score."""
    day = min(on, quarter.end)
    starts = _tally(projects, lambda p: p.due_to_start(day), lambda p: p.started(day))
    included = _tally(projects, lambda p: p.due_in_statistics(day), lambda p: p.included(day))
    milestones = reached(projects, quarter, on)
    money = together((p.money for p in projects), month)
    yellow, red = sum(p.yellow for p in projects), sum(p.red for p in projects)
    bare = Assessed(
        unit, tuple(projects), money, starts, included, milestones, (), yellow, red, None, method=by
    )
    shares = {
        "plan": money.ratio, "pace": bare.pace, "starts": starts.share,
        "statistics": included.share, "milestones": milestones.share,
    }  # fmt: skip
    marks = tuple(Mark(measure, shares[measure.key]) for measure in by.measures)
    return Assessed(**{**vars(bare), "marks": marks, "score": _score(marks, bare.deduction)})


def _score(marks: Sequence[Mark], deduction: float) -> float | None:
    """Marks of what could be measured, scaled to 100, less the cards; never below zero."""
    known = [m for m in marks if m.marks is not None]
    full = sum(m.measure.full for m in known)
    if not full:
        return None
    return max(0.0, sum(m.marks or 0.0 for m in known) / full * WHOLE - deduction)


def _tally(
    projects: Sequence[Project], due: Callable[[Project], bool], met: Callable[[Project], bool]
) -> Tally:
    return Tally(tuple(Item(p, met(p)) for p in projects if due(p)))


def reached(projects: Sequence[Project], quarter: Period, on: date) -> Tally:
    """Milestones due in the quarter, on time only if reached by their day.

    In a running quarter those due before today count, and those of today that are done.
    """
    items = []
    for project in projects:
        for stone in project.milestones:
            passed = stone.due < on or (stone.due == on and stone.done_on is not None)
            if quarter.start <= stone.due <= quarter.end and passed:
                met = stone.done_on is not None and stone.done_on <= stone.due
                items.append(Item(project, met, stone.name, stone.due, stone.done_on))
    return Tally(tuple(items))


def behind(projects: Sequence[Project]) -> list[Project]:
    """Projects behind their own plan, the furthest first, by unrounded amounts."""
    late = [p for p in projects if p.money.gap is not None and p.money.gap < 0]
    return sorted(late, key=lambda p: p.money.gap or 0.0)
