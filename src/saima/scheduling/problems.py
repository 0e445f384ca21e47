"""What can be wrong with a schedule: the wordings, in one place."""

from __future__ import annotations

from saima.problems import declare

CYCLE = declare(
    "schedule-cycle",
    "前置任务互相循环：{members}。",
    "请删去或改正其中一条前置关系。",
    "The predecessors run in a circle: {members}.",
    "Remove or correct one of these links.",
)
MISSING_PREDECESSOR = declare(
    "schedule-missing-predecessor",
    "“{name}”的前置任务“{predecessor}”不存在。",
    "请改成已有任务的编号，或补上这个任务。",
    "The predecessor “{predecessor}” of “{name}” does not exist.",
    "Write the number of an existing task, or add that task.",
)
MISSING_PARENT = declare(
    "schedule-missing-parent",
    "“{name}”的上级任务“{parent}”不存在，或上下级互相循环。",
    "请改成已有任务的编号，或留空。",
    "The parent “{parent}” of “{name}” does not exist, or parents run in a circle.",
    "Write the number of an existing task, or leave it blank.",
)
TWICE = declare(
    "schedule-uid-twice",
    "编号“{uid}”出现两次：“{first}”“{second}”。",
    "请给其中一个任务改用新的编号。",
    "The number “{uid}” stands twice: “{first}”, “{second}”.",
    "Give one of the tasks another number.",
)
NEGATIVE = declare(
    "schedule-negative-duration",
    "“{name}”的{what}是负数（{value}）。",
    "请填写 0 或正数；提前量请写成前置关系里的负时间间隔，如 3FS-2天。",
    "The {what} of “{name}” is negative ({value}).",
    "Write 0 or more; a lead belongs into the link, as in 3FS-2d.",
)
UNKNOWN_CALENDAR = declare(
    "schedule-unknown-calendar",
    "“{name}”用的日历“{calendar}”不存在。",
    "已有的日历：{known}。请改用其中一个，或补上这个日历。",
    "The calendar “{calendar}” of “{name}” does not exist.",
    "Known calendars: {known}. Use one of them, or add it.",
)
EMPTY_CALENDAR = declare(
    "schedule-empty-calendar",
    "日历“{calendar}”没有任何工作时间。",
    "请至少设一个工作日。",
    "The calendar “{calendar}” has no working time.",
    "Give it at least one working day.",
)
BEYOND = declare(
    "schedule-beyond-dates",
    "按日历“{calendar}”算出的日期超出了1600 年至 2999 年。",
    "请检查工期、时间间隔和约束日期是否多写了位数。",
    "Dates by the calendar “{calendar}” leave the years 1600 to 2999.",
    "Check durations, lags and constraint dates for digits too many.",
)
NO_DATE = declare(
    "schedule-constraint-without-date",
    "“{name}”的约束“{constraint}”没有日期。",
    "请填写约束日期，或把约束改为“越早越好”。",
    "The constraint {constraint} of “{name}” has no date.",
    "Give the date, or make it as soon as possible.",
)
SUMMARY_START = declare(
    "schedule-summary-start-link",
    "“{name}”的前置关系 {kind} 以汇总任务“{predecessor}”的开始为准，无法计算。",
    "请改为以其中最先开始的子任务为前置任务。",
    "The {kind} link of “{name}” hangs on the start of the summary task “{predecessor}”.",
    "Link it to the first of the summary's own tasks.",
)
SUMMARY_FINISH = declare(
    "schedule-summary-finish-link",
    "汇总任务“{name}”的前置关系 {kind} 要求它的完成时间，无法计算。",
    "汇总任务只能用 FS、SS；请改为连到最后一个子任务。",
    "The {kind} link demands the finish of the summary task “{name}”.",
    "A summary takes FS and SS only; link its last task instead.",
)
ESTIMATES = declare(
    "schedule-estimates-order",
    "“{name}”的三点估计次序不对：乐观 {low}、最可能 {likely}、悲观 {high}（天）。",
    "请保证 乐观 ≤ 最可能 ≤ 悲观，且不为负数。",
    "The estimates of “{name}” are out of order: {low}, {likely}, {high} days.",
    "Optimistic ≤ most likely ≤ pessimistic, none negative.",
)
PERCENT = declare(
    "schedule-percent-range",
    "“{name}”的完成百分比 {value} 不在 0 到 100 之间。",
    "请填写 0 到 100 之间的数。",
    "The percent complete of “{name}” is {value}, not from 0 to 100.",
    "Write a number from 0 to 100.",
)
ACTUALS = declare(
    "schedule-actual-order",
    "“{name}”的实际完成 {finish} 早于实际开始 {start}。",
    "请核对两个日期。",
    "“{name}” was finished on {finish}, before it was started on {start}.",
    "Check the two dates.",
)
NO_TASKS = declare(
    "schedule-no-tasks",
    "没有任何任务。",
    "请至少填写一个任务（名称和工期）。",
    "There are no tasks.",
    "Enter at least one task with name and duration.",
)
OVERRULED = declare(
    "schedule-constraint-against-links",
    "“{name}”的约束日期与前置关系冲突：按前置关系{end}不能早于 {links}，按约束是 {date}。",
    "已按约束日期计算，前面的任务出现负时差；请放宽约束，或压缩前面的工期。",
    "The constraint of “{name}” contradicts its links: by them its {end} is {links}, "
    "by the constraint {date}.",
    "The constraint was kept and slack became negative; relax it, or shorten what comes before.",
    severity="warning",
)
