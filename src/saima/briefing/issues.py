"""What a bulletin names as problems: behind pace, places lost, not reported, not marked, vetoes.

It names units and figures only. Doubts about figures are questions for the unit and the data
owner and never stand in a bulletin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from saima.briefing.model import NOT_APPLICABLE, Cell, Column, Table
from saima.briefing.overview import Overview
from saima.briefing.phrases import behind, gap_size, listed
from saima.briefing.progress import Progress, catch_up
from saima.briefing.reasons import event_names
from saima.problems import Problem
from saima.rounding import number
from saima.scoring.additions import vetoes
from saima.scoring.result import UnitResult

_MOST_NAMED = 5
_FAR_BEHIND = 10.0
"""Percentage points behind pace from which an item is named apart."""

_REFUSED = {
    "zero-target": "目标值为0",
    "negative-target": "目标值为负",
    "missing-target": "没有目标值",
    "missing-base": "缺少计分所需的基数",
}


@dataclass(frozen=True)
class Late:
    """A unit's indicator behind its pace; gap in percentage points, below zero."""

    unit: UnitResult
    indicator: str
    name: str
    attainment: float | None
    gap: float
    missing: str


def late_items(progress: Sequence[Progress]) -> list[Late]:
    """All unit × indicator items behind pace, the furthest behind first."""
    found = [
        Late(
            row.unit, one.indicator.code, one.indicator.name, row.mark.attainment,
            row.mark.pace_gap or 0.0, catch_up(one, row),
        )
        for one in progress
        for row in one.known
        if behind(row.mark.pace_gap)
    ]  # fmt: skip
    return sorted(found, key=lambda item: item.gap)


def issue_sentences(view: Overview, progress: Sequence[Progress]) -> list[str]:
    """The paragraphs of 存在问题, without their 一是、二是; empty if there is nothing to name."""
    late = late_items(progress)
    found = [
        _late_words(view, late),
        _fallen(view),
        _unreported(view.problems),
        _refused(view.problems),
        _deducted(view),
        _vetoed(view),
    ]
    return [said for said in found if said]


def _late_words(view: Overview, late: list[Late]) -> str:
    """部分指标欠序时进度。9家单位26项次欠序时，其中欠10个百分点及以上的4项次：…"""
    if not late:
        return ""
    units = Counter(item.unit.unit for item in late)
    said = f"部分指标欠序时进度。{len(units)}家单位共{len(late)}项次欠序时"
    far = [item for item in late if number(item.gap, 2) <= -_FAR_BEHIND]
    named = far or late
    items = [
        f"{view.label(i.unit.unit)}{i.name}（欠{gap_size(i.gap)}）" for i in named[:_MOST_NAMED]
    ]
    if far:
        said += f"，其中欠10个百分点及以上的{len(far)}项次"
    word = "分别是" if 1 < len(named) <= _MOST_NAMED else "欠序时较多的是"
    word = "为" if len(named) == 1 else word
    stop = "；" if far and len(named) > _MOST_NAMED else "，"
    said += f"{stop}{word}{'、'.join(items)}。"
    most = max(units.values())
    names = [view.label(code) for code, count in units.items() if count == most]
    if most > 1 and len(units) > 1:
        said += f"欠序时项数最多的是{listed(names, _MOST_NAMED)}（{'各' if len(names) > 1 else ''}{most}项）。"
    return said


def _fallen(view: Overview) -> str:
    units = [u for g in view.groups for u in g.ranked if (u.movement or 0) < 0]
    if not units:
        return ""
    units.sort(key=lambda u: u.movement or 0)
    said = [f"{view.label(u.unit)}降{-(u.movement or 0)}位" for u in units[:_MOST_NAMED]]
    rest = "等" if len(units) > _MOST_NAMED else ""
    return f"部分单位位次下降。{len(units)}家单位位次下降：{'、'.join(said)}{rest}。"


def _unreported(problems: Sequence[Problem]) -> str:
    found = [p for p in problems if p.code == "not-reported"]
    if not found:
        return ""
    by_unit: dict[str, list[str]] = {}
    for p in found:
        by_unit.setdefault(str(p.values["unit"]), []).append(str(p.values["indicator"]))
    said = [
        f"{unit}未报{listed(_once(names), _MOST_NAMED, '项')}" for unit, names in by_unit.items()
    ]
    rest = "等" if len(said) > _MOST_NAMED else ""
    count = sum(len(_once(names)) for names in by_unit.values())
    head = f"共{count}项次，涉及{len(said)}家单位"
    return f"部分数据未按时报送。{head}：{'；'.join(said[:_MOST_NAMED])}{rest}。"


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _refused(problems: Sequence[Problem]) -> str:
    found = [p for p in problems if p.code in _REFUSED]
    if not found:
        return ""
    said = _once(
        [f"{p.values['unit']}{p.values['indicator']}（{_REFUSED[p.code]}）" for p in found]
    )
    rest = f"等{len(said)}项次" if len(said) > _MOST_NAMED else ""
    return f"个别指标无法计分。{'、'.join(said[:_MOST_NAMED])}{rest}，需补充完善后重新计分。"


def _deducted(view: Overview) -> str:
    said = [
        f"{view.label(u.unit)}扣{view.marks_text(u.deduction)}分"
        f"（{'、'.join(event_names(view, u.unit, 'deduction'))}）"
        for u in view.result.units
        if u.deduction
    ]
    if not said:
        return ""
    rest = f"等{len(said)}家单位" if len(said) > _MOST_NAMED else ""
    return f"部分单位被扣分。{'、'.join(said[:_MOST_NAMED])}{rest}。"


def _vetoed(view: Overview) -> str:
    """Vetoes in force, each with its basis, which a veto is never without."""
    said = []
    for unit in view.result.units:
        found = vetoes(view.scoring.field, view.index(unit.unit), view.s)
        for event, rule in found:
            basis = event.basis or rule.basis
            said.append(
                f"{view.label(unit.unit)}因{event.name}" + (f"（依据：{basis}）" if basis else "")
            )
    return f"存在一票否决情形。{'、'.join(_once(said))}，按办法予以一票否决。" if said else ""


# --- as a table ---------------------------------------------------------------------------------


def issue_table(view: Overview, progress: Sequence[Progress]) -> Table | None:
    """序号 | 责任单位 | 指标 | 存在问题 | 完成率 | 超欠序时 | 追平序时还需, by unit; None if empty."""
    late: dict[str, list[Late]] = {}
    for item in late_items(progress):
        late.setdefault(item.unit.unit, []).append(item)
    lacking: dict[str, list[Problem]] = {}
    for problem in view.problems:
        lacking.setdefault(str(problem.values.get("unit")), []).append(problem)
    rows: list[tuple[Cell, ...]] = []
    for unit in view.result.units:
        name = view.label(unit.unit)
        rows += [_late_row(name, item) for item in late.get(unit.unit, [])]
        rows += dict.fromkeys(_lacking_row(name, p) for p in lacking.get(name, []))
        rows += [(name, *_NONE[:1], f"一票否决：{v}", *_NONE) for v in dict.fromkeys(unit.vetoes)]
    if not rows:
        return None
    columns = (
        Column("序号", "number"),
        Column("责任单位"),
        Column("指标"),
        Column("存在问题"),
        Column("完成率", "percent", 2, "%"),
        Column("超欠序时", "number", 2, "百分点"),
        Column("追平序时还需"),
    )
    count = len({row[0] for row in rows})
    body = tuple((place, *row) for place, row in enumerate(rows, start=1))
    return Table("问题清单", columns, body, sentence=f"{count}家单位共{len(rows)}个问题")


_NONE = (NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE)


def _late_row(name: str, item: Late) -> tuple[Cell, ...]:
    rate = NOT_APPLICABLE if item.attainment is None else item.attainment * 100.0
    return name, item.name, "欠序时进度", rate, item.gap, item.missing or NOT_APPLICABLE


def _lacking_row(name: str, problem: Problem) -> tuple[Cell, ...]:
    word = "未报" if problem.code == "not-reported" else f"无法计分：{_REFUSED[problem.code]}"
    return name, str(problem.values["indicator"]), word, *_NONE
