"""Tables of a bulletin about places: the ranking of a track, and the marks behind it."""

from __future__ import annotations

from saima.briefing.model import NOT_APPLICABLE, Cell, Column, Missing, Table, Tied
from saima.briefing.overview import Group, Overview
from saima.briefing.sentences import before_text
from saima.rounding import text
from saima.scoring.marks import LeafMarks
from saima.scoring.result import Mark, UnitResult

_MOST_ACROSS = 8
"""Columns of marks that an upright page takes."""
_TIES = {
    "competition": "同分并列，下一名次顺延",
    "dense": "同分并列，下一名次不空",
    "ordinal": "同分不并列",
}


def in_order(view: Overview, group: Group) -> list[UnitResult]:
    """A group's units by rank, or in official order, as the campaign's documents say."""
    if view.campaign.documents.order != "official":
        return list(group.units)
    inside = {u.unit for u in group.units}
    return [u for u in view.result.units if u.unit in inside]


def title_of(view: Overview, group: Group, rest: str) -> str:
    """A title that names the group where there are several."""
    return f"{group.name}{rest}" if group.name else f"{view.period.label()}{rest}"


def ranking_table(view: Overview, group: Group) -> Table:
    """位次 | 单位 | 得分 | 上月位次 | 位次变化 | 距前一名 | 梯队 | 等次 | 月月红."""
    units = in_order(view, group)
    columns = [
        Column("位次", "rank"),
        Column("单位"),
        Column("得分", "number", view.score_decimals),
    ]
    rows: list[list[Cell]] = [[_rank(view, u), view.label(u.unit), _score(u.score)] for u in units]
    if view.moved:
        columns += [Column(f"{before_text(view)}位次", "number"), Column("位次变化", "movement")]
        for row, unit in zip(rows, units, strict=True):
            row += _moved(unit)
    columns.append(Column("距前一名", "number", view.score_decimals, "分"))
    for row, unit in zip(rows, units, strict=True):
        row.append(unit.ahead.gap if unit.ahead else NOT_APPLICABLE)
    for header, words in (("梯队", _tiers(units)), ("等次", _grades(units))):
        if any(words):
            columns.append(Column(header))
            for row, word in zip(rows, words, strict=True):
                row.append(word or NOT_APPLICABLE)
    for name in _seals(units):
        columns.append(Column(name, "seal"))
        for row, unit in zip(rows, units, strict=True):
            row.append(_seal(unit, name))
    return Table(
        title=title_of(view, group, "排名表"),
        columns=tuple(columns),
        rows=tuple(map(tuple, rows)),
        measure_line="单位：分",
        notes=_ranking_notes(view),
        sentence=group_sentence(view, group),
    )


def group_sentence(view: Overview, group: Group) -> str:
    """经营类：澄江置业居第一，5家单位平均90.94分."""
    firsts = [view.label(u.unit) for u in group.ranked if u.rank == 1]
    if not firsts:
        return f"{group.name}没有参加排名的单位"
    mean = sum(u.score or 0.0 for u in group.ranked) / len(group.ranked)
    who = f"{'、'.join(firsts[:3])}{'并列' if len(firsts) > 1 else '居'}第一"
    head = f"{group.name}：" if group.name else ""
    rest = f"，{len(group.ranked)}家单位平均{text(mean, view.score_decimals)}分"
    return f"{head}{who}{rest if len(group.ranked) > 1 else ''}"


def _rank(view: Overview, unit: UnitResult) -> Cell:
    if not unit.rank:
        return Missing(view.apart_reason(unit))
    return Tied(unit.rank) if unit.tied else unit.rank


def _score(score: float | None) -> Cell:
    return NOT_APPLICABLE if score is None else score


def _moved(unit: UnitResult) -> list[Cell]:
    if unit.movement is None or not unit.rank:
        return [NOT_APPLICABLE, NOT_APPLICABLE]
    return [unit.rank + unit.movement, unit.movement]


def _tiers(units: list[UnitResult]) -> list[str | None]:
    return [u.tier for u in units]


def _grades(units: list[UnitResult]) -> list[str | None]:
    return [u.grade for u in units]


def _seals(units: list[UnitResult]) -> list[str]:
    return list(dict.fromkeys(award.name for u in units for award in u.seals))


def _seal(unit: UnitResult, name: str) -> Cell:
    earned = next((a.earned for a in unit.seals if a.name == name), None)
    if earned is None:
        return NOT_APPLICABLE
    return "红" if earned else None


def _ranking_notes(view: Overview) -> tuple[str, ...]:
    ranks = view.scoring.rulebook.ranks
    notes = []
    if ranks.of == "rounded":
        notes.append(f"按四舍五入到{view.score_decimals}位小数的得分排名，{_TIES[ranks.ties]}。")
    else:
        notes.append(f"按未舍入的得分排名，{_TIES[ranks.ties]}。")
    if view.moved:
        word = "已公布" if view.result.movement_basis == "published" else "重新计算"
        notes.append(f"位次变化与{word}的{before_text(view)}位次比较。")
    return tuple(notes)


# --- marks --------------------------------------------------------------------------------------


def marks_tables(view: Overview, group: Group) -> list[Table]:
    """The marks of a group: upright where they fit, else turned, listed or parted by category.

    They are listed where most units do not have most indicators (一企一策).
    """
    units = in_order(view, group)
    leaves = [m for m in view.scoring.marked if any(view.mark(u, m) for u in units)]
    if not leaves:
        return []
    title = title_of(view, group, "分项得分表")
    if len(leaves) > _MOST_ACROSS >= len(units):
        return [_turned(view, units, leaves, title)]
    if len(leaves) <= _MOST_ACROSS:
        return [_upright(view, units, leaves, title, whole=True)]
    held = sum(view.mark(u, leaf) is not None for u in units for leaf in leaves)
    if held * 2 < len(units) * len(leaves):
        return [_listed(view, units, title)]
    parts: dict[str, list[LeafMarks]] = {}
    for leaf in leaves:
        parts.setdefault(leaf.path[-1].category, []).append(leaf)
    return [
        _upright(view, units, part, f"{title}（{category}）", whole=False)
        for category, part in parts.items()
    ]


def _full(view: Overview, units: list[UnitResult], leaf: LeafMarks) -> float | None:
    """Full marks of a leaf where all units that have it share them."""
    found = {mark.full_marks for u in units if (mark := view.mark(u, leaf))}
    return found.pop() if len(found) == 1 else None


def _names(leaves: list[LeafMarks]) -> list[str]:
    """Names of leaves; an indicator that is scored twice says by which method."""
    names = [leaf.q.indicator.name for leaf in leaves]
    return [
        f"{name}（{leaf.method.TITLE[0]}）" if names.count(name) > 1 else name
        for name, leaf in zip(names, leaves, strict=True)
    ]


def _upright(
    view: Overview, units: list[UnitResult], leaves: list[LeafMarks], title: str, *, whole: bool
) -> Table:
    """One row a unit, one column an indicator with its full marks; the score if all are there."""
    columns = [Column("单位")]
    for name, leaf in zip(_names(leaves), leaves, strict=True):
        full = _full(view, units, leaf)
        columns.append(
            Column(name, "number", view.mark_decimals, "" if full is None else f"{text(full)}分")
        )
    ends = _ends(units) if whole else []
    columns += [Column(name, "number", view.mark_decimals) for name, _ in ends]
    rows = [
        (
            view.label(u.unit),
            *(_marks_cell(view.mark(u, leaf)) for leaf in leaves),
            *(_score(values[u.unit]) for _, values in ends),
        )
        for u in units
    ]
    return Table(title, tuple(columns), tuple(rows), measure_line="单位：分")


def _turned(view: Overview, units: list[UnitResult], leaves: list[LeafMarks], title: str) -> Table:
    """One row an indicator, one column a unit; bonus, deduction and score below."""
    columns = [Column("类别"), Column("指标"), Column("满分", "number", _full_decimals(leaves))]
    columns += [Column(view.label(u.unit), "number", view.mark_decimals) for u in units]
    rows: list[tuple[Cell, ...]] = [
        (
            leaf.path[-1].category,
            name,
            _score(_full(view, units, leaf)),
            *(_marks_cell(view.mark(u, leaf)) for u in units),
        )
        for name, leaf in zip(_names(leaves), leaves, strict=True)
    ]
    for name, values in _ends(units):
        rows.append((name, None, None, *(_score(values[u.unit]) for u in units)))
    return Table(
        title, tuple(columns), tuple(rows), measure_line="单位：分", bold_rows=(len(rows) - 1,)
    )


def _listed(view: Overview, units: list[UnitResult], title: str) -> Table:
    """One row a mark."""
    columns = (
        Column("单位"),
        Column("类别"),
        Column("指标"),
        Column("满分", "number", _full_decimals(view.scoring.marked)),
        Column("得分", "number", view.mark_decimals),
    )
    rows: list[tuple[Cell, ...]] = []
    for unit in units:
        name = view.label(unit.unit)
        rows += [
            (name, m.category, m.name, m.full_marks, _marks_cell(m))
            for m in unit.marks
            if m.marks is not None
        ]
        rows += [
            (name, end, None, None, _score(values[unit.unit])) for end, values in _ends([unit])
        ]
    return Table(title, columns, tuple(rows), measure_line="单位：分")


def _full_decimals(leaves: list[LeafMarks]) -> int:
    return 0 if all(float(m.full.max()).is_integer() for m in leaves) else 1


def _ends(units: list[UnitResult]) -> list[tuple[str, dict[str, float | None]]]:
    """What stands behind the marks: bonus and deduction where there are any, and the score."""
    found: list[tuple[str, dict[str, float | None]]] = []
    if any(u.bonus for u in units):
        found.append(("加分", {u.unit: u.bonus for u in units}))
    if any(u.deduction for u in units):
        found.append(("扣分", {u.unit: u.deduction for u in units}))
    return [*found, ("总分", {u.unit: u.score for u in units})]


def _marks_cell(mark: Mark | None) -> Cell:
    return NOT_APPLICABLE if mark is None or mark.marks is None else mark.marks
