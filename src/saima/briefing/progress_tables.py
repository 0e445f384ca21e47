"""Tables of a bulletin about figures: progress towards targets, levels, what is left to do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from saima.briefing.model import NOT_APPLICABLE, NOT_REPORTED, Cell, Column, Table
from saima.briefing.next_steps import days_left, left_of, rate_decimals, rest_of
from saima.briefing.overview import Overview
from saima.briefing.phrases import behind, gap_text, until, whole_word
from saima.briefing.progress import Progress, ProgressRow, Total, who_at
from saima.campaigns import Indicator
from saima.rules.words import percent
from saima.scoring.result import Mark

_NOT_REPORTED = {"zero", "own_average", "track_average"}
_THIS = {"month": "本月", "ten_day": "本旬", "week": "本周", "quarter": "本季"}
_MOST_ACROSS = 6
"""Indicators beside one another in a table of levels: what an upright page takes."""


def progress_table(progress: Progress) -> Table:
    """单位 | 全年目标 | 本月完成 | 累计完成 | 完成率 | 超欠序时 | 月均还需; empty columns left out."""
    view, x = progress.view, progress.indicator
    rows = _in_order(progress)
    columns = _columns(progress)
    body = [(view.label(r.unit.unit), *_cells(progress, r)) for r in rows]
    total = progress.total
    bold: tuple[int, ...] = ()
    if total is not None and len(rows) > 1:
        body.append(("合计", *_total_cells(progress, total)))
        bold = (len(body) - 1,)
    kept = [i for i in range(len(columns)) if i == 0 or any(_says(row[i]) for row in body)]
    return Table(
        title=f"{x.name}完成情况",
        columns=tuple(columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in body),
        measure_line=f"单位：{x.measure}" if x.measure else "",
        notes=_notes(progress),
        bold_rows=bold,
        sentence=_sentence(progress),
    )


def _sentence(progress: Progress) -> str:
    """营业收入：完成率65.06%，欠序时9.94个百分点; empty where nothing adds up."""
    total = progress.total
    if total is None:
        return ""
    rate = percent(total.attainment)
    return f"{progress.indicator.name}：完成率{rate}，{gap_text(total.gap)}"


def _in_order(progress: Progress) -> list[ProgressRow]:
    """By attainment, best first, or in official order, as the campaign's documents say."""
    official = progress.view.campaign.documents.order == "official"
    if official or not _rated(progress.indicator):
        return list(progress.rows)
    return sorted(progress.rows, key=lambda r: -_rate(r.mark))


def _rate(mark: Mark) -> float:
    return -math.inf if mark.attainment is None else mark.attainment


def _rated(indicator: Indicator) -> bool:
    """True where a higher completion rate says that more was done: not for what is kept low."""
    return indicator.direction in ("more", "clear-to-zero")


def _columns(progress: Progress) -> list[Column]:
    x, clock = progress.indicator, progress.view.campaign.clock
    aim = "目标" if x.direction != "less" else "控制数"
    target = {"plan": "分期计划", "current": "本期计划"}.get(
        progress.leaf.leaf.against, f"{whole_word(clock)}{aim}"
    )
    verb = "完成" if x.direction == "more" else "发生"
    level = x.nature == "point-in-time"
    done = "现余" if progress.clearing else ("现值" if level else f"累计{verb}")
    this = _THIS.get(progress.view.period.kind, "本期")
    return [
        Column("单位"),
        Column(target, "number", x.decimals),
        Column(f"{this}{verb}", "number", x.decimals),
        Column(done, "number", x.decimals),
        Column("完成率", "percent", 2, "%"),
        Column("超欠序时", "number", 2, "百分点"),
        Column("月均还需", "number", _monthly_decimals(progress)),
    ]


def _monthly(progress: Progress, base: float | None, done: float | None) -> float | None:
    """What each remaining month has to bring; None where it cannot be spread."""
    left = left_of(progress, base, done)
    days = days_left(progress.view)
    return None if left is None or days <= 0 else rest_of(left, days).per_month


def _monthly_decimals(progress: Progress) -> int:
    needs = [_monthly(progress, r.base, r.done) for r in progress.rows]
    return rate_decimals(
        min((n for n in needs if n), default=math.inf), progress.indicator.decimals
    )


def _cells(progress: Progress, row: ProgressRow) -> tuple[Cell, ...]:
    mark, level = row.mark, progress.indicator.nature == "point-in-time"
    missing = NOT_REPORTED if mark.status in _NOT_REPORTED else NOT_APPLICABLE
    gap = mark.pace_gap if progress.paced else None
    rate = mark.attainment if _rated(progress.indicator) else None
    return (
        _or(mark.target, NOT_APPLICABLE),
        None if level else _or(row.current, missing),
        _or(mark.actual, missing),
        _or(None if rate is None else rate * 100.0, NOT_APPLICABLE),
        _or(gap, NOT_APPLICABLE),
        _or(_monthly(progress, row.base, row.done), NOT_APPLICABLE),
    )


def _total_cells(progress: Progress, total: Total) -> tuple[Cell, ...]:
    level = progress.indicator.nature == "point-in-time"
    return (
        total.target,
        None if level else _or(total.current, NOT_APPLICABLE),
        total.actual,
        total.attainment * 100.0,
        total.gap,
        _or(_monthly(progress, total.base, total.done), NOT_APPLICABLE),
    )


def _or(value: float | None, otherwise: Cell) -> Cell:
    return otherwise if value is None else value


def _says(cell: Cell) -> bool:
    return cell is not None and cell != NOT_APPLICABLE


def _notes(progress: Progress) -> tuple[str, ...]:
    notes = []
    if any(r.mark.period for r in progress.rows):
        notes.append("非填报期沿用最近一次的数。")
    total = progress.total
    if total is not None and total.units < len(progress.rows):
        notes.append(f"合计为有目标和完成数的{total.units}家单位之和。")
    if progress.known:
        notes.append(f"超欠序时为完成率减截至{until(progress.view.period)}的序时进度。")
    return tuple(notes)


def summary_table(progress: Sequence[Progress]) -> Table:
    """指标 | 完成率 | 超欠序时 | 达序时 | 欠序时 | 超欠最多的: the indicators that have a pace."""
    rows: list[tuple[Cell, ...]] = []
    for one in progress:
        late = sum(behind(r.mark.pace_gap) for r in one.known)
        total = one.total
        rows.append(
            (
                one.indicator.name,
                _or(None if total is None else total.attainment * 100.0, NOT_APPLICABLE),
                _or(None if total is None else total.gap, NOT_APPLICABLE),
                len(one.known) - late,
                late,
                who_at(one, one.known[0].mark.pace_gap or 0.0, 1),
                who_at(one, one.known[-1].mark.pace_gap or 0.0, 1),
            )
        )
    columns = (
        Column("指标"),
        Column("完成率", "percent", 2, "%"),
        Column("超欠序时", "number", 2, "百分点"),
        Column("达序时", "number", 0, "家"),
        Column("欠序时", "number", 0, "家"),
        Column("进度最快"),
        Column("进度最慢"),
    )
    late = sum(behind(r.mark.pace_gap) for one in progress for r in one.known)
    sentence = f"{len(progress)}项指标共{late}项次欠序时" if late else "各项指标均达到或超过序时"
    notes = ("完成率和超欠序时按各单位合计数计算，不能加总的指标为“—”。",)
    return Table("指标进度汇总表", columns, tuple(rows), notes=notes, sentence=sentence)


# --- levels -------------------------------------------------------------------------------------


def level_tables(view: Overview, progress: Sequence[Progress], title: str) -> list[Table]:
    """单位 | 利税率（%） | 整改率（%） | …: figures of indicators that have no pace, side by side."""
    if not progress:
        return []
    size = math.ceil(len(progress) / math.ceil(len(progress) / _MOST_ACROSS))
    parts = [progress[i : i + size] for i in range(0, len(progress), size)]
    names = [title] if len(parts) == 1 else [f"{title}（{n}）" for n in range(1, len(parts) + 1)]
    return [_levels(view, part, name) for part, name in zip(parts, names, strict=True)]


def _levels(view: Overview, progress: Sequence[Progress], title: str) -> Table:
    columns = [Column("单位")]
    columns += [
        Column(p.indicator.name, "number", p.indicator.decimals, p.indicator.measure)
        for p in progress
    ]
    cells = [{r.unit.unit: _level(r.mark) for r in p.rows} for p in progress]
    held = [any(r.mark.period for r in p.rows) for p in progress]
    rows = [
        (view.label(u.unit), *(column.get(u.unit, NOT_APPLICABLE) for column in cells))
        for u in view.result.units
        if any(u.unit in column for column in cells)
    ]
    notes = ("非填报期沿用最近一次的数。",) if any(held) else ()
    return Table(title, tuple(columns), tuple(rows), notes=notes)


def _level(mark: Mark) -> Cell:
    missing = NOT_REPORTED if mark.status in _NOT_REPORTED else NOT_APPLICABLE
    return _or(mark.actual, missing)


# --- what is left -------------------------------------------------------------------------------


def rest_table(view: Overview, progress: Progress) -> Table | None:
    """单位 | 还需 | 平均每天 | 平均每周 | 平均每月 of one indicator; None where nothing is left."""
    days = days_left(view)
    found = [(r, left_of(progress, r.base, r.done)) for r in progress.rows]
    left = [(r, value) for r, value in found if value]
    if not left or days <= 0:
        return None
    x = progress.indicator
    rests = [(view.label(r.unit.unit), rest_of(value, days)) for r, value in left]
    total = progress.total and left_of(progress, progress.total.base, progress.total.done)
    if total and len(left) > 1:
        rests.append(("合计", rest_of(total, days)))
    places = rate_decimals(min(rest.per_day for _, rest in rests), x.decimals)
    columns = (
        Column("单位"),
        Column(f"{whole_word(view.campaign.clock)}还需", "number", x.decimals),
        Column("平均每天", "number", places),
        Column("平均每周", "number", places),
        Column("平均每月", "number", places),
    )
    return Table(
        f"{x.name}后续任务测算",
        columns,
        tuple((n, r.left, r.per_day, r.per_week, r.per_month) for n, r in rests),
        measure_line=f"单位：{x.measure}" if x.measure else "",
        notes=("已达目标的单位不列；合计含其超额部分。",) if len(left) < len(progress.rows) else (),
        bold_rows=(len(rests) - 1,) if len(rests) > len(left) else (),
    )
