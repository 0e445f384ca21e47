"""Why a schedule file cannot be read, or not all of it: the wordings, in one place."""

from __future__ import annotations

from saima.problems import declare

BROKEN = declare(
    "schedule-xml-broken",
    "不是完整的 XML（{reason}）。",
    "请在 Project 中打开原文件，另存为“XML 格式”后重试。",
    "This is not whole XML ({reason}).",
    "Open the original in the planning program and save it as XML again.",
)
DECLARATION = declare(
    "schedule-xml-declaration",
    "文件含有实体声明（DOCTYPE），可能有害，已拒绝读取。",
    "Project 导出的 XML 不含这种声明；请确认来源，重新导出。",
    "The file declares a document type or entities, which may do harm; it was not read.",
    "Exported schedules have none: check where the file comes from and export it again.",
)
NOT_MSPDI = declare(
    "schedule-not-mspdi",
    "这不是 MS Project 的 XML（根元素是“{root}”）。",
    "请在 Project 中另存为“XML 格式（*.xml）”。",
    "This is not MS Project XML (its root is “{root}”).",
    "Save it as XML in the planning program.",
)
BAD_VALUE = declare(
    "schedule-value",
    "“{field}”的值“{value}”看不懂。",
    "请改为{wanted}。",
    "The value “{value}” of “{field}” is not understood.",
    "Write {wanted_en}.",
)
NO_START = declare(
    "schedule-no-start",
    "没有项目开始日期。",
    "请填写开始日期（工作簿：“项目”表的“开始日期”；XML：StartDate）。",
    "There is no start date of the project.",
    "Give it (workbook: sheet 项目, row 开始日期; XML: StartDate).",
)
FROM_FINISH = declare(
    "schedule-from-finish",
    "原计划从完成日期倒排，这里按开始日期 {start} 顺排。",
    "要倒排的，请把末尾任务的约束改为“必须完成于”，其余改为“越晚越好”。",
    "The plan was scheduled back from its finish; it is scheduled forward from {start} here.",
    "Give the last task a must-finish date and the others as late as possible.",
    severity="warning",
)
EXTERNAL = declare(
    "schedule-external-link",
    "“{name}”的一条前置关系指向另一个项目文件，没有计入。",
    "请把那个任务的日期作为约束填进来。",
    "A link of “{name}” leads to another project file and was left out.",
    "Enter the date of that task as a constraint.",
    severity="warning",
)
RECURRENCE = declare(
    "schedule-exception-pattern",
    "日历“{calendar}”的例外“{name}”按周期重复（第 {type} 类），只支持逐日的例外，没有计入。",
    "请改为逐日列出。",
    "The exception “{name}” of calendar “{calendar}” recurs by pattern {type}; it was left out.",
    "List its days one by one.",
    severity="warning",
)
NO_HEADER = declare(
    "schedule-header",
    "没有找到表头：需要有“名称”和“工期”两列。",
    "请在表头写明“名称”“工期（天）”；各列的写法见 docs/reference/schedule.md。",
    "No header with the columns 名称 and 工期 was found.",
    "Name these columns; docs/reference/schedule.md tells them all.",
)
BAD_LINK = declare(
    "schedule-link-text",
    "前置任务“{text}”看不懂。",
    "请写成 3、3FS、3SS+2天、3FF-1天、3FS+50% 或 3FS+5日历天；多个用逗号分开。",
    "The predecessor “{text}” is not understood.",
    "Write 3, 3FS, 3SS+2d, 3FF-1d, 3FS+50% or 3FS+5ed; separate several with commas.",
)
NOT_WRITABLE_KIND = declare(
    "schedule-output-kind",
    "不能写成“{suffix}”。",
    "请写到 .xml 或 .xlsx。",
    "Cannot write “{suffix}”.",
    "Write to .xml or .xlsx.",
)
