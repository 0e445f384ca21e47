"""The columns of a project workbook: texts, amounts, days, and four kinds of amounts by month."""

from __future__ import annotations

import re

SHEET = "重点项目"
HEADERS = {
    "name": "项目名称",
    "category": "类别",
    "kind": "类型",
    "unit": "责任单位",
    "leader": "责任领导",
    "supporting": "配合单位",
    "centre": "项目管理中心",
    "agent": "代建单位",
    "investor": "投资单位",
    "front": "战场",
    "highlighted": "亮点项目",
    "indicator": "支撑指标",
    "total": "总投资（万元）",
    "before": "至上年底完成（万元）",
    "year_plan": "年度计划（万元）",
    "start_due": "计划开工",
    "started_on": "实际开工",
    "included_on": "入库纳统",
    "finish_due": "计划竣工",
    "finished_on": "实际竣工",
    "problem": "存在问题",
    "contingency": "预案",
}
OTHER_NAMES = {
    "项目": "name", "单位": "unit", "牵头单位": "unit", "项目类别": "category", "项目类型": "kind",
    "总投资": "total", "累计完成": "before", "年度投资计划": "year_plan", "年度计划投资": "year_plan",
    "开工时间": "started_on", "入库时间": "included_on", "竣工时间": "finished_on", "问题": "problem",
    "战线": "front", "亮点": "highlighted", "应急预案": "contingency",
}  # fmt: skip
"""Other names that offices give the columns."""
AMOUNTS = ("total", "before", "year_plan")
YES_NO = ("是", "否")
DAYS = ("start_due", "started_on", "included_on", "finish_due", "finished_on")
NEEDED = ("name", "unit")
LONG = ("contingency",)
"""Texts of any length; the others end after 300 characters."""
MONTHLY = {
    "plan": "{n}月计划",
    "statistical": "{n}月完成",
    "physical": "{n}月实物量",
    "paid": "{n}月支付",
}
"""Series -> header of a month. The three series of what was done stand apart and never mix."""
_MONTH = re.compile(r"(\d{1,2})月(计划|完成|实物量|支付)")
_SERIES = {header.format(n=""): series for series, header in MONTHLY.items()}


def field_of(title: str) -> tuple[str, int]:
    """The field that a header names, and its month (0 for none); ("", 0) for an unknown one."""
    plain = re.sub(r"[（(\s].*", "", title.strip())
    month = _MONTH.fullmatch(plain)
    if month and 1 <= int(month[1]) <= 12:
        return _SERIES["月" + month[2]], int(month[1])
    return _BY_HEADER.get(plain, ""), 0


_BY_HEADER = {re.sub(r"（.*", "", title): key for key, title in HEADERS.items()} | OTHER_NAMES


def header_of(field: str, month: int = 0) -> str:
    return MONTHLY[field].format(n=month) if month else HEADERS[field]
