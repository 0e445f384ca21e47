"""The project bulletin (项目通报): how far the projects are, by unit and by category, who is behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from saima.briefing.model import (
    NOT_APPLICABLE,
    Annex,
    Block,
    Briefing,
    Cell,
    Column,
    Paragraph,
    Section,
    Table,
    Tied,
    heading_number,
)
from saima.briefing.phrases import behind, gap_text, listed, until
from saima.periods import Period
from saima.projects.assessment import behind as behind_plan
from saima.projects.model import CATEGORIES, Project
from saima.projects.money import SERIES, STATISTICAL, Money, together
from saima.ranking import rank
from saima.rules.words import amount, percent

MEASURE = "万元"
SERIES_NAMES = dict(zip(SERIES, ("统计口径", "实物量口径", "资金支付"), strict=True))
_FAR, _MOST = 10.0, 8
"""Points behind that are named as far behind; names in one sentence."""


@dataclass(frozen=True)
class Group:
    """Projects told together (a unit's, a category's, all): sums, and counts on a day."""

    name: str
    projects: tuple[Project, ...]
    money: Money
    day: date

    @property
    def started(self) -> int:
        return sum(p.started(self.day) for p in self.projects)

    @property
    def due(self) -> tuple[Project, ...]:
        """应开."""
        return tuple(p for p in self.projects if p.due_to_start(self.day))

    @property
    def due_in_statistics(self) -> tuple[Project, ...]:
        """应统."""
        return tuple(p for p in self.projects if p.due_in_statistics(self.day))

    @property
    def started_share(self) -> float:
        """开工率: of all projects, as bulletins say it (50个已开工33个，开工率66%)."""
        return self.started / len(self.projects)

    def met(self, due: Sequence[Project], test: Callable[[Project], bool]) -> float | None:
        return sum(map(test, due)) / len(due) if due else None

    @property
    def start_share(self) -> float | None:
        """Of those due, how many have started."""
        return self.met(self.due, lambda p: p.started(self.day))

    @property
    def statistics_share(self) -> float | None:
        """Of those due in the statistics, how many are in them."""
        return self.met(self.due_in_statistics, lambda p: p.included(self.day))


def group(name: str, projects: Sequence[Project], month: Period) -> Group:
    found = together((p.money for p in projects), month.text)
    return Group(name, tuple(projects), found, month.end)


def groups(
    projects: Sequence[Project], key: Callable[[Project], str], month: Period
) -> list[Group]:
    """One group for each value of `key`, in the order of the projects."""
    names = dict.fromkeys(key(p) for p in projects)
    return [group(name, [p for p in projects if key(p) == name], month) for name in names]


def ranked(found: Sequence[Group]) -> list[tuple[Group, int]]:
    """By share of the year's plan, unrounded, the highest first; 0 for those without a plan."""
    shares = [np.nan if x.money.share is None else x.money.share for x in found]
    places = [int(p) for p in rank(np.array(shares, dtype=float))]
    pairs = list(zip(found, places, strict=True))
    return sorted(pairs, key=lambda pair: (pair[1] == 0, pair[1]))


def project_bulletin(
    projects: Sequence[Project], month: Period, *, today: date, whose: str = ""
) -> Briefing:
    """The bulletin of the projects at a month's end. Every number is of unrounded amounts.

    whose: words before 重点项目 (全市, 集团). today: 成文日期. Investment is the statistical series.
    """
    whole = group("合计", projects, month)
    units = ranked(groups(projects, lambda p: p.unit, month))
    order = {name: place for place, name in enumerate(CATEGORIES)}
    kinds = groups(projects, lambda p: p.category or "其他", month)
    kinds.sort(key=lambda x: order.get(x.name, len(order)))
    late = behind_plan(projects)
    parts: list[tuple[str, Sequence[Block]]] = [
        ("", [Paragraph(_opening(whole, month, whose))]),
        ("总体情况", [Paragraph(said) for said in _overall(whole, month)]),
        ("各单位进展", [*_said(_units_sentence(units)), _table("各单位重点项目进展表", "单位", units, whole)]),
        ("分类别进展", [*_said(_kinds_sentence(kinds, month)),
                   _table("分类别重点项目进展表", "类别", [(x, 0) for x in kinds], whole)]),
        ("存在问题", [Paragraph(said) for said in _problems(whole, late)]),
        ("下步要求", [Paragraph(said) for said in _demands(whole, late)]),
    ]  # fmt: skip
    annexes = (Annex("滞后项目清单", (late_table(late, month),)),) if late else ()
    label = f"{month.end.year}年1—{month.end.month}月"
    return Briefing(
        kind="通报",
        title=f"关于{label}重点项目推进情况的通报" if month.end.month > 1 else f"关于{month.label()}重点项目推进情况的通报",
        date=today,
        sections=_sections(parts),
        headline=_headline(whole, month),
        annexes=annexes,
    )  # fmt: skip


def _sections(parts: Sequence[tuple[str, Sequence[Block]]]) -> tuple[Section, ...]:
    """Numbered in order; what has no content is left out."""
    found, place = [], 0
    for title, blocks in parts:
        if blocks:
            place += bool(title)
            found.append(Section(heading_number(1, place) + title if title else "", tuple(blocks)))
    return tuple(found)


def _said(text: str) -> list[Block]:
    return [Paragraph(text)] if text else []


# --- sentences ----------------------------------------------------------------------------------


def _opening(whole: Group, month: Period, whose: str) -> str:
    return (
        f"现将{whose}{len(whole.projects)}个重点项目截至{until(month)}的推进情况通报如下。"
        f"投资按{SERIES_NAMES[STATISTICAL]}统计，序时进度按已过月数除以12计算。"
    )


def money_words(found: Group, month: Period) -> str:
    """年度计划17.68万元，1—5月完成投资4.28万元，完成率24.21%，欠序时17.46个百分点."""
    money = found.money
    span = f"1—{month.end.month}月" if month.end.month > 1 else "1月"
    done = f"{span}完成投资{amount(float(money.done), MEASURE, 0)}"
    if money.share is None or money.calendar_gap is None:
        return done
    plan = f"年度投资计划{amount(float(money.year_plan), MEASURE, 0)}"
    return f"{plan}，{done}，完成率{percent(money.share / 100)}，{gap_text(money.calendar_gap)}"


def _headline(whole: Group, month: Period) -> str:
    return f"{len(whole.projects)}个重点项目{money_words(whole, month)}"


def _overall(whole: Group, month: Period) -> list[str]:
    total = amount(float(whole.money.total), MEASURE, 0)
    count = len(whole.projects)
    money = f"重点项目{count}个，总投资{total}，{money_words(whole, month)}"
    if whole.money.gap is not None and whole.money.planned is not None:
        planned = amount(float(whole.money.planned), MEASURE, 0)
        money += f"；按各项目月度计划应完成{planned}，{_plan_gap(whole.money.gap)}"
    starts = (
        f"已开工{whole.started}个，未开工{count - whole.started}个，"
        f"开工率{percent(whole.started_share)}"
    )
    return [f"{money}。", f"{starts}。{_due_words(whole)}"]


def _plan_gap(gap: float) -> str:
    """超计划2.31个百分点 / 欠计划…"""
    return gap_text(gap).replace("序时", "计划")


def _due_words(whole: Group) -> str:
    said = []
    due = whole.due
    if due:
        met = sum(p.started(whole.day) for p in due)
        said.append(f"应开工{len(due)}个，已开工{met}个，占{percent(met / len(due))}")
    counted = whole.due_in_statistics
    if counted:
        met = sum(p.included(whole.day) for p in counted)
        said.append(f"应入库纳统{len(counted)}个，已入库{met}个，入统率{percent(met / len(counted))}")  # fmt: skip
    return f"{'；'.join(said)}。" if said else ""


def _units_sentence(units: Sequence[tuple[Group, int]]) -> str:
    known = [
        f"{x.name}（{percent(x.money.share / 100)}）" for x, _ in units if x.money.share is not None
    ]
    if len(known) < 2:
        return ""
    late = [x.name for x, _ in units if behind(x.money.calendar_gap)]
    said = f"投资完成率由高到低依次是：{'、'.join(known)}。"
    if not late:
        return f"{said}各单位均达到或超过序时进度。"
    if len(late) == len(known):
        return f"{said}各单位均欠序时进度。"
    return f"{said}{listed(late, _MOST)}欠序时进度。"


def _kinds_sentence(kinds: Sequence[Group], month: Period) -> str:
    return "".join(
        f"{x.name}项目{len(x.projects)}个，{money_words(x, month)}，开工率{percent(x.started_share)}。"
        for x in kinds
    )


def _problems(whole: Group, late: Sequence[Project]) -> list[str]:
    found = []
    if late:
        far = [p.name for p in late if (p.money.gap or 0.0) <= -_FAR]
        said = f"欠月度计划的项目{len(late)}个（见附件）"
        if far:
            said += f"，其中欠10个百分点以上的{len(far)}个：{listed(far, _MOST, '个')}"
        found.append(f"{said}。")
    idle = [p.name for p in whole.due if not p.started(whole.day)]
    if idle:
        found.append(f"应开未开的项目{len(idle)}个：{listed(idle, _MOST, '个')}。")
    outside = [p.name for p in whole.due_in_statistics if not p.included(whole.day)]
    if outside:
        found.append(f"应统未统的项目{len(outside)}个：{listed(outside, _MOST, '个')}。")
    slipped = [p.name for p in whole.projects if _overdue(p, whole.day)]
    if slipped:
        found.append(f"有节点逾期的项目{len(slipped)}个：{listed(slipped, _MOST, '个')}。")
    return found


def _overdue(project: Project, day: date) -> bool:
    """Whether a milestone should have been reached by a day and was not."""
    return any(m.due <= day and (m.done_on is None or m.done_on > day) for m in project.milestones)


def _demands(whole: Group, late: Sequence[Project]) -> list[str]:
    """What the figures ask for; nothing is asked that is in order."""
    found = []
    if late:
        missing = amount(
            sum(float((p.money.planned or 0) - p.money.done) for p in late), MEASURE, 0
        )
        found.append(
            f"滞后项目的责任单位要逐项说明原因，倒排工期，尽快补上欠计划的{missing}，以月保季、以季保年。"
        )
    if any(not p.started(whole.day) for p in whole.due):
        found.append("应开未开的项目要查清卡在哪个关口，明确责任人和开工时间，做到应开尽开。")
    if any(not p.included(whole.day) for p in whole.due_in_statistics):
        found.append("已开工未入库的项目要抓紧补齐立项批复、施工合同等依据，做到应统尽统。")
    if any(p.problem for p in whole.projects):
        found.append("对上报的问题，配合单位要主动对接，需要会商的及时提交调度会研究。")
    return found


# --- tables -------------------------------------------------------------------------------------


def _share(value: float | None) -> Cell:
    return NOT_APPLICABLE if value is None else value * 100


def _or_none(value: float | None) -> Cell:
    return NOT_APPLICABLE if value is None else value


def _table(title: str, first: str, found: Sequence[tuple[Group, int]], whole: Group) -> Table:
    """Groups with their sums; a total row where there are several. Units have places."""
    placed = any(place for _, place in found)
    columns = (
        *((Column("排名", "rank", width=1.15),) if placed else ()),
        Column(first, width=2.5), Column("项目", "number", width=1.15),
        Column("年度计划", "number", width=2.0), Column("完成投资", "number", width=2.0),
        Column("完成率", "percent", 2, "%", 1.5), Column("超欠序时", "number", 2, "点", 1.5),
        Column("开工率", "percent", 1, "%", 1.5), Column("入统率", "percent", 1, "%", 1.5),
    )  # fmt: skip
    places = [place for _, place in found]
    rows = [_row(x, place, places, placed) for x, place in found]
    bold: tuple[int, ...] = ()
    if len(rows) > 1:
        bold = (len(rows),)
        rows.append(_row(whole, 0, places, placed, last=True))
    notes = (
        "开工率为已开工项目占全部项目的比例；入统率为已开工且总投资500万元以上的项目中已入库的比例。",
    )
    return Table(title, columns, tuple(rows), f"单位：{MEASURE}", notes, bold)


def _row(
    x: Group, place: int, places: Sequence[int], placed: bool, *, last: bool = False
) -> tuple[Cell, ...]:
    money = x.money
    rank_cell: Cell = None if last else Tied(place) if places.count(place) > 1 and place else place
    if placed and not last and not place:
        rank_cell = NOT_APPLICABLE
    cells: tuple[Cell, ...] = (
        x.name, len(x.projects), float(money.year_plan), float(money.done), _or_none(money.share),
        _or_none(money.calendar_gap), _share(x.started_share), _share(x.statistics_share),
    )  # fmt: skip
    return (rank_cell, *cells) if placed else cells


def late_table(late: Sequence[Project], month: Period) -> Table:
    """Those behind their own plan, the furthest first, with what is stuck."""
    columns = (
        Column("序号", "number"), Column("项目", width=3), Column("责任单位", width=2),
        Column("年度计划", "number"), Column("应完成", "number"), Column("已完成", "number"),
        Column("完成率", "percent", 2, "%"), Column("欠计划", "number", 2, "百分点"),
        Column("存在问题", width=3),
    )  # fmt: skip
    rows = tuple(
        (
            place, p.name, p.unit, float(p.money.year_plan), float(p.money.planned or 0),
            float(p.money.done), _or_none(p.money.share), -(p.money.gap or 0.0),
            p.problem or NOT_APPLICABLE,
        )
        for place, p in enumerate(late, 1)
    )  # fmt: skip
    return Table(
        f"截至{until(month)}滞后项目清单", columns, rows, f"单位：{MEASURE}",
        ("欠计划＝（已完成－按项目月度计划应完成）÷年度计划，按未四舍五入的数计算。",),
    )  # fmt: skip
