"""What is refused when bars are moved, and how to mend it."""

from __future__ import annotations

from saima.problems import declare

DONE = declare(
    "gantt-done",
    "“{name}”已经完成，不能再排。",
    "登记错了的，请先在项目页更正实际完成日期。",
    "“{name}” is finished and cannot be planned any more.",
    "If that was recorded by mistake, correct it on the project's page first.",
)
BEGUN = declare(
    "gantt-begun",
    "“{name}”已于{day}开始，开始日期不能再改。",
    "可以拖动右端改工期。",
    "“{name}” began on {day}; its start cannot be moved.",
    "Drag its right end to change how long it takes.",
)
PAST = declare(
    "gantt-past",
    "“{name}”还没有开始，不能排到今天（{day}）以前。",
    "请排在今天或以后；实际上已开始的，请在项目页登记实际开始日期。",
    "“{name}” has not begun and cannot be planned before today ({day}).",
    "Choose today or later; if it has begun, record its start on the project's page.",
)
BOUND = declare(
    "gantt-bound",
    "“{name}”受前置任务“{before}”限制，最早{day}。",
    "请先把前置任务提前，或在计划文件里改两者的搭接关系。",
    "“{name}” is bound by “{before}”: {day} at the earliest.",
    "Move that one first, or change the link in the plan file.",
)
PERCENT_LAG = declare(
    "gantt-percent-lag",
    "“{name}”与前置任务的间隔按百分比计算，不能拖动。",
    "请在计划文件里改搭接关系后重新导入。",
    "“{name}” follows with a lag in percent and cannot be dragged.",
    "Change the link in the plan file and import it.",
)
NO_LENGTH = declare(
    "gantt-no-length",
    "“{name}”是节点，没有工期可改。",
    "节点只能整体移动。",
    "“{name}” is an event without a duration.",
    "It can only be moved.",
)
TOO_SHORT = declare(
    "gantt-too-short",
    "“{name}”的工期不能改成{days}天。",
    "工期至少0.5天，至多3650天；不需要的活动请在计划文件里删去。",
    "“{name}” cannot take {days} days.",
    "Choose half a day to 3,650 days; remove activities in the plan file.",
)
CHANGED = declare(
    "gantt-changed",
    "“{name}”刚被别人改过，您的改动没有保存。",
    "请刷新页面，看过最新的安排后再改。",
    "Somebody has just changed “{name}”; your change was not kept.",
    "Reload the page to see it, then try again.",
)
UNREADABLE = declare(
    "gantt-unreadable",
    "看不懂发来的改动。",
    "请刷新页面后再试。",
    "The change could not be read.",
    "Reload the page and try again.",
)
PREVIEW_GONE = declare(
    "plan-preview-gone",
    "这份预览已失效，计划没有换。",
    "预览后计划又有改动，或已超过一天；请重新上传文件。",
    "This preview is out of date; the plan was not replaced.",
    "The plan has changed since, or a day has passed; upload the file again.",
)
