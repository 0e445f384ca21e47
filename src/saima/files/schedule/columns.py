"""The columns of the office's schedule workbook: their names, and the other names that are read."""

from __future__ import annotations

import re

TASKS, PROJECT, CALENDARS = "计划", "项目", "日历"
"""The sheets."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "uid": ("编号", "序号", "任务编号", "节点编号", "标识号", "uid", "id"),
    "name": ("名称", "任务名称", "节点名称", "活动名称", "工作内容", "任务", "节点", "name"),
    "parent": ("上级编号", "上级", "上级任务", "父任务", "parent"),
    "duration": ("工期（天）", "工期", "计划工期", "持续时间", "duration"),
    "links": ("前置任务", "前置", "紧前工作", "紧前任务", "predecessors"),
    "calendar": ("日历", "工作日历", "calendar"),
    "constraint": ("约束", "约束类型", "限制类型", "constraint"),
    "constraint_date": ("约束日期", "限制日期", "constraint_date"),
    "deadline": ("期限", "完成期限", "截止日期", "deadline"),
    "baseline_start": ("计划开始", "计划开始日期", "基线开始", "baseline_start"),
    "baseline_finish": ("计划完成", "计划完成日期", "基线完成", "baseline_finish"),
    "actual_start": ("实际开始", "实际开始日期", "actual_start"),
    "actual_finish": ("实际完成", "实际完成日期", "actual_finish"),
    "percent_complete": ("完成百分比", "完成比例", "进度", "percent_complete"),
    "remaining": ("剩余工期（天）", "剩余工期", "remaining"),
    "optimistic": ("乐观工期（天）", "乐观工期", "乐观", "optimistic"),
    "likely": ("最可能工期（天）", "最可能工期", "最可能", "likely"),
    "pessimistic": ("悲观工期（天）", "悲观工期", "悲观", "pessimistic"),
}
"""Field -> its header, then other headers that are read as the same."""

COMPUTED = (
    "最早开始", "最早完成", "最迟开始", "最迟完成", "总时差（天）", "自由时差（天）", "关键",
)  # fmt: skip
"""Written beside the plan, passed over when it is read."""

CONSTRAINTS = {
    "越早越好": "ASAP",
    "越晚越好": "ALAP",
    "不得早于…开始": "SNET",
    "不得晚于…开始": "SNLT",
    "不得早于…完成": "FNET",
    "不得晚于…完成": "FNLT",
    "必须开始于": "MSO",
    "必须完成于": "MFO",
}

SETTINGS = {
    "项目名称": "name",
    "开始日期": "start",
    "状态日期": "status",
    "日历": "calendar",
}

OFF, ON = "休息", "上班"


def field_of(header: object) -> str:
    """The field that a header names, or ''."""
    plain = _plain(str(header))
    return _BY_HEADER.get(plain, "")


def _plain(header: str) -> str:
    return re.sub(r"[（(\s].*", "", header.strip().lower())


_BY_HEADER = {_plain(name): key for key, names in COLUMNS.items() for name in names}


def constraint_of(written: str) -> str | None:
    """The constraint that a text names: its letters, or its words with or without the dots."""
    text = written.strip()
    if not text:
        return "ASAP"
    if text.upper() in CONSTRAINTS.values():
        return text.upper()
    bare = re.sub(r"[…\.\s]|于", "", text)
    return {re.sub(r"[…\.\s]|于", "", words): key for words, key in CONSTRAINTS.items()}.get(bare)
