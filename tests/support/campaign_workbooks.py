"""A small invented campaign as a workbook, to be changed by tests sheet by sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[list[Any]]

SHEETS: dict[str, Rows] = {
    "活动": [
        ["项目", "内容"],
        ["活动名称", "示例集团赛马（虚构）"],
        ["主办单位", "示例集团"],
        ["计时方式", "自然年"],
        ["开始日期", date(2026, 1, 1)],
        ["采用数据", "核定数"],
        ["赛道", "甲组、乙组"],
        ["演示数据", "是"],
    ],
    "单位": [
        ["代码", "名称", "简称", "类型", "上级", "机构序", "赛道"],
        ["a", "示例一公司", "一公司", "企业", None, 1, "甲组"],
        ["b", "示例二公司", "二公司", "企业", None, 2, "甲组"],
        ["c", "示例三部", "三部", "部门", None, 3, "乙组"],
    ],
    "指标": [
        ["代码", "名称", "类别", "计量单位", "小数位", "方向", "数据性质"],
        ["revenue", "营业收入", "经营", "万元", 0, "越大越好", "累计数"],
        ["cost", "成本率", "经营", "%", 2, "越小越好", "时点数"],
    ],
    "目标": [
        ["单位", "指标", "计量单位", "全年目标", "奋斗目标", "1月", "2月"],
        ["一公司", "营业收入", "万元", 1200, 1300, 100, 100],
        ["二公司", "营业收入", "万元", 600, None, None, None],
        ["三部", "营业收入", "万元", 300, None, None, None],
    ],
    "数据": [
        ["单位", "指标", "计量单位", "数据来源", "1月", "2月"],
        ["一公司", "营业收入", "万元", "核定数", 90, 210],
        ["二公司", "营业收入", "万元", "核定数", 50, 95],
        ["三部", "营业收入", "万元", "核定数", 30, 60],
        ["一公司", "成本率", "%", "核定数", 4.7, 4.61],
        ["二公司", "成本率", "%", "核定数", None, 4.4],
        ["三部", "成本率", "%", "核定数", "—", "—"],
    ],
    "办法": [
        ["项目", "内容"],
        ["办法代码", "scheme"],
        ["办法名称", "示例办法"],
        ["单项小数位", 2],
        ["梯队", "第一梯队: {top: 1}, 第二梯队: rest"],
    ],
    "办法指标": [
        ["类别", "指标", "分值", "计分方法", "参数", "缺报处理", "依据条款"],
        ["经营", "营业收入", "甲组: 60, 乙组: 100", "完成率计分", "封顶：120%，保底：0", "按零分", "第三条"],
        [None, "成本率", "甲组: 40, 乙组: 0", "名次递减计分", "按: 完成数, 递减: 10%", None, "第四条"],
    ],
    "办法事项": [
        ["类型", "事项", "每次分值", "上限", "后果", "等次"],
        ["加分", "先进典型", 1, 3, None, None],
        ["一票否决", "安全事故", None, None, "定为等次", "不合格"],
    ],
    "办法等次": [
        ["等次", "最低分", "比例上限"],
        ["优秀", 95, 0.3],
        ["合格", 60, None],
        ["不合格", None, None],
    ],
}  # fmt: skip
"""The sheets by name; reading and checking find nothing wrong."""


def write_book(path: Path, changes: Mapping[str, Rows | None] | None = None) -> Path:
    """Write the workbook; None leaves a sheet out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {**SHEETS, **(changes or {})}.items():
        if rows is not None:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, edits: Mapping[tuple[str, str], Any]) -> Path:
    """Write the workbook with some cells changed: (sheet, cell) -> value."""
    book = openpyxl.load_workbook(write_book(path))
    for (sheet, cell), value in edits.items():
        book[sheet][cell] = value
    book.save(path)
    return path
