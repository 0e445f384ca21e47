"""The columns of a task list: how they are written, and the other names that offices give them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from saima.files.sheet.words import key


@dataclass(frozen=True)
class Column:
    """A field, its header as we write it, its other names, and its width in characters."""

    field: str
    header: str
    names: tuple[str, ...] = ()
    width: int = 12


COLUMNS = (
    Column("number", "序号", ("编号", "项次", "任务编号"), 7),
    Column("front", "战线", ("类别", "板块", "工作类别", "领域", "任务类别", "战役"), 10),
    Column("title", "工作任务", (
        "任务", "重点任务", "重点工作", "工作事项", "督办事项", "事项", "任务名称", "工作内容", "任务内容",
        "主要任务", "具体任务", "目标任务", "事项名称", "督查事项", "任务事项",
    ), 34),
    Column("step", "步骤", ("具体步骤", "工作步骤", "推进步骤", "分解任务", "子任务", "细化措施"), 24),
    Column("goal", "目标（量化）", (
        "目标", "量化目标", "工作目标", "量化指标", "目标要求", "年度目标", "任务目标", "预期目标",
    ), 28),
    Column("supporting_project", "支撑项目", ("项目支撑", "依托项目", "项目"), 16),
    Column("landmark_result", "标志性成果", ("成果", "预期成果", "标志成果", "成果形式"), 16),
    Column("source", "来源", ("任务来源", "立项来源", "依据", "立项依据"), 10),
    Column("lead_leader", "牵头领导", ("分管领导", "责任领导", "包联领导", "分线领导"), 10),
    Column("responsible_unit", "责任单位", (
        "牵头单位", "责任(牵头)单位", "牵头(责任)单位", "主要责任单位", "责任部门", "牵头部门", "承办单位",
        "主办单位", "单位",
    ), 16),
    Column("supporting_units", "配合单位", (
        "协办单位", "参与单位", "其他责任单位", "配合部门", "协同单位", "责任单位(配合)",
    ), 18),
    Column("first_responsible", "第一责任人", ("主要负责人",), 10),
    Column("person", "责任人", ("经办人", "联系人", "具体责任人", "直接责任人", "承办人"), 10),
    Column("deadline", "完成时限", (
        "完成时间", "时限", "时限要求", "办结时限", "完成期限", "截止时间", "时间节点", "截止日期", "计划完成时间",
    ), 13),
    Column("progress", "进展情况", (
        "工作进展", "进展", "完成情况", "目前进展", "推进情况", "落实情况", "办理情况", "工作动态",
    ), 30),
    Column("trouble", "存在问题", ("问题", "困难问题", "存在的问题", "存在困难和问题"), 20),
    Column("next_step", "下步措施", ("下一步措施", "下一步工作", "下步打算", "下一步计划", "下步工作"), 20),
    Column("state", "状态", ("办理状态", "完成状态", "任务状态", "进度状态"), 10),
    Column("reported", "办结日期", ("完成日期", "实际完成时间", "办结时间"), 12),
    Column("note", "备注", ("说明",), 14),
)  # fmt: skip
BY_NAME = {key(name): c.field for c in COLUMNS for name in (c.header, *c.names)}
HEADER = {c.field: c.header for c in COLUMNS}


def field_of(parts: tuple[str, ...]) -> str:
    """The field that a header means: by its lowest text, else by all of them; '' if none."""
    for text in (parts[-1] if parts else "", "".join(parts)):
        plain = key(text)
        found = BY_NAME.get(plain) or BY_NAME.get(re.sub(r"\(.*?\)$", "", plain))
        if found:
            return found
    return ""


STATES = {
    "initiated": ("已立项", "立项"),
    "assigned": ("待签收", "已交办", "未启动", "未开展", "未开始", "尚未启动", "待启动"),
    "disputed": ("有异议",),
    "accepted": ("已签收",),
    "in_hand": (
        "承办中", "推进中", "进行中", "正在推进", "有序推进", "办理中", "正在办理", "实施中", "在办",
        "已启动", "达到序时", "序时推进", "超序时", "滞后", "未完成", "逾期", "未办结",
    ),
    "reported": ("待审核", "已报告"),
    "reviewed": ("已审核",),
    "returned": ("退回重办", "退回", "被退回"),
    "completed": ("已办结", "办结", "已完成", "完成", "完成任务"),
    "closed_out": ("已销号", "销号"),
    "evaluated": ("已评价",),
    "archived": ("已归档", "归档"),
    "stopped": ("已中止", "中止", "终止", "取消", "暂停"),
}  # fmt: skip
"""State -> what a list may call it; the first is written."""
BY_STATE = {word: state for state, words in STATES.items() for word in words}
