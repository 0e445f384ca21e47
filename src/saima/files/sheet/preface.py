"""What stands above a table and counts for all of it: title, unit, period, indicator, measures."""

from __future__ import annotations

import re

from saima.files.sheet.columns import cell_text
from saima.files.sheet.grid import Grid
from saima.files.sheet.layout import Block
from saima.files.sheet.measures import declared_measures, measure_in, without_measure
from saima.files.sheet.months import moment, period_in
from saima.files.sheet.words import plain, tidy

_CONTEXT = {
    "地区": "unit",
    "填报单位": "unit",
    "报送单位": "unit",
    "编制单位": "unit",
    "指标": "indicator",
    "指标名称": "indicator",
    "报告期": "period",
    "统计时间": "period",
    "数据时间": "period",
    "所属期": "period",
    "截至": "period",
}


def row_text(grid: Grid, row: int) -> str:
    """All texts of a row, with a space between them."""
    return " ".join(str(cell_text(grid.rows[row][c])) for c in grid.filled[row])


def preface(grid: Grid, block: Block) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """Title, context (unit, indicator, period) and measures said above a table."""
    title = " ".join(tidy(row_text(grid, row)) for row in block.titles)
    context: dict[str, str] = {}
    measures: tuple[str, ...] = ()
    for row in block.titles + block.metas:
        for column in grid.filled[row]:
            text = tidy(str(grid.rows[row][column]))
            measures = measures or declared_measures(text)
            said = re.match(r"\(?([^:：]{1,8})\s*[:：]\s*(.+)$", text)
            name = _CONTEXT.get(plain(said[1]).replace(" ", "")) if said else None
            if said and name:
                context.setdefault(name, said[2].strip())
    if not measures and "(" in plain(title) and measure_in(title):
        measures = (measure_in(title),)
    dated = moment(context.get("period", "")) if "period" in context else None
    period = dated.period if dated else period_in(title)
    context = {name: text for name, text in context.items() if name != "period"}
    return title, context | ({"period": period} if period else {}), measures


_FRAME = re.compile(
    r"^(全?[国省市区县]|各|分)(地区|县区|县市区|区县|市州|单位|镇街|行业|月份?|季度?)*|"
    r"(完成|进展|推进|统计|汇总|执行|发展)?(情况)?(一览|统计|汇总|明细|进度)?表?([(（].*[)）])?$"
)


def indicator_in(title: str) -> str:
    """The indicator that a title names: 2024年分地区工业投资情况表（亿元） -> 工业投资."""
    text = re.sub(
        r"[\d一二三四\-~—至、.．]*(年度?|月份?|季度|[上下]半年)", "", tidy(title).split(" ")[0]
    )
    text = without_measure(text)
    for _ in range(2):
        text = _FRAME.sub("", text).strip()
    return text
