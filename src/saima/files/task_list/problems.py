"""What can be wrong in a task list."""

from __future__ import annotations

from saima.problems import declare

NO_LIST = declare(
    "task-list-none",
    "没有找到任务清单：要有一行表头，含“工作任务”和“责任单位”“完成时限”中的至少一列。",
    "请检查表头的名称；可用 saima tasks --template 生成一份空表。",
    "no task list was found: a header with 工作任务 and one of 责任单位, 完成时限 is needed.",
    "Check the names of the columns; saima tasks --template writes an empty list.",
)
NO_UNIT = declare(
    "task-no-unit",
    "没有责任单位。",
    "一项任务要有一个责任单位；几个单位共同办的，牵头的写在这里，其余写在“配合单位”。",
    "there is no responsible unit.",
    "Name the one that leads; the others go into 配合单位.",
)
NO_TITLE = declare(
    "task-no-title",
    "这一行没有工作任务。",
    "请填写工作任务，或删去这一行。",
    "this row has no task.",
    "Write the task or delete the row.",
)
NO_DEADLINE = declare(
    "task-no-deadline",
    "没有完成时限。",
    "请填写日期，或写“11月底前”“第45周”；长期工作写“长期坚持”。",
    "there is no deadline.",
    "Write a date, 11月底前 or 第45周; 长期坚持 for standing work.",
)
BAD_DEADLINE = declare(
    "task-bad-deadline",
    "看不懂完成时限“{text}”。",
    "请写成 2026-11-30、11月底前、第45周或长期坚持。",
    "the deadline “{text}” is not understood.",
    "Write 2026-11-30, 11月底前, 第45周 or 长期坚持.",
)
BAD_STATE = declare(
    "task-bad-state",
    "不认识状态“{text}”，按“{taken}”处理。",
    "可写：{known}。",
    "the state “{text}” is unknown; taken as “{taken}”.",
    "Known: {known}.",
    severity="warning",
)
BAD_REPORTED = declare(
    "task-bad-reported",
    "看不懂办结日期“{text}”。",
    "请写成 2026-11-28。",
    "the day “{text}” is not understood.",
    "Write 2026-11-28.",
)
TWICE = declare(
    "task-number-twice",
    "序号“{number}”出现了两次（另一处：{other}）。",
    "请改成不同的序号。",
    "the number “{number}” stands twice (also at {other}).",
    "Give each task its own number.",
)
NO_PARENT = declare(
    "task-no-parent",
    "序号“{number}”的上级“{parent}”不在表中。",
    "请补上级任务，或改成不带点的序号。",
    "the parent “{parent}” of “{number}” is not in the list.",
    "Add it, or number the task without a dot.",
    severity="warning",
)
