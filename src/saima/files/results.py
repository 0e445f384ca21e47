"""Write a period's result into a folder: result.json, ranking.csv and marks.csv, each whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import msgspec

from saima.files.saving import NOT_WRITABLE, save
from saima.problems import Place, refuse
from saima.rounding import text
from saima.scoring.result import Result, UnitResult

FILES = ("result.json", "ranking.csv", "marks.csv")

_RANKING = (
    "赛道", "位次", "并列", "单位代码", "单位", "得分", "满分", "加分", "扣分", "位次变化",
    "梯队", "等次", "红旗与标志", "一票否决", "距前一名", "进一位还需",
)  # fmt: skip
_MARKS = (
    "赛道", "单位代码", "单位", "类别", "指标代码", "指标", "完成数", "目标值", "完成率",
    "超欠序时（百分点）", "得分", "满分", "状态", "数据来源", "沿用期间", "说明",
)  # fmt: skip
_STATUS = {
    "marked": "已计分",
    "zero": "未报计0分",
    "left_out": "不计入",
    "own_average": "按本单位平均得分率",
    "track_average": "按同赛道平均得分率",
    "refused": "无法计分",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_result(result: Result, directory: Path) -> list[Path]:
    """Write the three files into `directory`, which is made if it is missing; their paths.

    CSV is UTF-8 with a mark, so that Excel and WPS show Chinese; a text never starts a formula.
    Errors: Refused where the folder or a file cannot be written; old files stay whole.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refuse(
            NOT_WRITABLE, Place(file=directory.name), folder=str(directory), reason=reason
        ) from error
    document = msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"
    contents = (document, _csv(_RANKING, _ranking(result)), _csv(_MARKS, _marks(result)))
    paths = [directory / name for name in FILES]
    for path, content in zip(paths, contents, strict=True):
        save(path, content)
    return paths


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """A number in digits, a text that no spreadsheet takes for a formula, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, int | float):
        return text(value)
    said = str(value)
    return f"'{said}" if said.startswith(_FORMULA_STARTS) else said


def _ranking(result: Result) -> Iterable[Sequence[object]]:
    """Units by track and place; those without a place after them, in official order."""
    tracks = list(dict.fromkeys(u.track for u in result.units))
    for track in tracks:
        units = [u for u in result.units if u.track == track]
        for unit in sorted(units, key=lambda u: u.rank or len(result.units) + 1):
            yield _unit(unit)


def _unit(unit: UnitResult) -> Sequence[object]:
    earned = "、".join(award.name for award in unit.seals if award.earned)
    return (
        unit.track, unit.rank, unit.tied, unit.unit, unit.name, unit.score, unit.full_marks,
        unit.bonus, unit.deduction, unit.movement, unit.tier, unit.grade, earned,
        "、".join(unit.vetoes), unit.ahead.gap if unit.ahead else None,
        unit.need.sentence if unit.need else "",
    )  # fmt: skip


def _marks(result: Result) -> Iterable[Sequence[object]]:
    for unit in result.units:
        for m in unit.marks:
            yield (
                unit.track, unit.unit, unit.name, m.category, m.indicator, m.name, m.actual,
                m.target, m.attainment, m.pace_gap, m.marks, m.full_marks, _STATUS[m.status],
                m.source, m.period, m.sentence,
            )  # fmt: skip
