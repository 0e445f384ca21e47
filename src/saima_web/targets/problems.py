"""What is refused about targets, and why, in words."""

from __future__ import annotations

from saima.problems import declare

NOT_A_DRAFT = declare(
    "targets-not-a-draft",
    "“{title}”已是“{state}”，不能再改。",
    "如需调整，请另作一次修改。",
    "“{title}” is {state} and cannot be changed.",
    "Make another change instead.",
)
NOT_WAITING = declare(
    "targets-not-waiting",
    "“{title}”不在待批准状态（现为“{state}”）。",
    "请刷新页面，看看是否已有人处理。",
    "“{title}” is not waiting for approval (it is {state}).",
    "Reload the page; somebody may have decided already.",
)
NOT_THE_MAKER = declare(
    "targets-not-the-maker",
    "“{title}”由{maker}编制，只有编制人可以修改、提交或撤回。",
    "请联系编制人，或另编一份。",
    "“{title}” is {maker}'s; only its maker may change, submit or take it back.",
    "Ask its maker, or make another.",
)
OWN_TARGETS = declare(
    "targets-own",
    "不能批准自己编制的目标。",
    "请由其他领导批准。",
    "one's own targets cannot be approved by oneself.",
    "Another leader has to approve them.",
)
NOTHING_CHANGED = declare(
    "targets-nothing-changed",
    "没有改动，不用提交。",
    "请先修改目标。",
    "nothing was changed.",
    "Change some targets first.",
)
REASON_NEEDED = declare(
    "targets-reason-needed",
    "改动了{count}个已批准的目标，没有写原因。",
    "请写明调整原因。",
    "{count} approved targets are changed without a reason.",
    "Give the reason.",
)
CHANGED_MEANWHILE = declare(
    "targets-changed-meanwhile",
    "“{title}”提交以后，其中{count}个目标又由别的批次改过。",
    "请退回编制人，按现行目标重新编制。",
    "{count} targets of “{title}” were changed by another set after it was submitted.",
    "Return it to be made anew from what is in force.",
)
CELL_NUMBER = declare(
    "target-not-a-number",
    "“{text}”不是数字。",
    "请只填数字，计量单位不用填。",
    "“{text}” is not a number.",
    "Give digits only, without the measure.",
)
CELL_TOO_FINE = declare(
    "target-too-fine",
    "{value}的小数多于{decimals}位。",
    "请四舍五入后再填，或在指标设置中增加小数位。",
    "{value} has more than {decimals} decimals.",
    "Round it, or allow the indicator more decimals.",
)
CELL_LOCKED = declare(
    "target-locked",
    "{value}已锁定，不能改。",
    "请先解锁。",
    "{value} is locked.",
    "Unlock it first.",
)
CELL_UNKNOWN = declare(
    "target-unknown-cell",
    "没有“{text}”这个单位、期间，或您不能改它的目标。",
    "请从表格里选。",
    "there is no unit or period “{text}”, or its targets are not yours to change.",
    "Choose from the grid.",
)
STRETCH_EASIER = declare(
    "target-stretch-easier",
    "奋斗目标{stretch}比目标{target}还容易。",
    "请改奋斗目标，或清空。",
    "the stretch target {stretch} is easier than the target {target}.",
    "Correct or clear the stretch target.",
)
OUT_OF_BOUNDS = declare(
    "target-out-of-bounds",
    "{value}超出上下限（{bound}）。",
    "请改数，或先放宽上下限。",
    "{value} is outside its bounds ({bound}).",
    "Correct it, or relax the bounds first.",
)
NOT_ADDITIVE = declare(
    "targets-not-additive",
    "“{indicator}”是时点数、比率或定性指标，不能按合计分解或划转。",
    "请直接填写各单位目标。",
    "“{indicator}” is a level, a rate or in words; it cannot be split or moved by its sum.",
    "Give each unit's target directly.",
)
NO_TARGET = declare(
    "targets-none-to-move",
    "{unit}没有“{indicator}”的目标，无可划转。",
    "请先下达目标。",
    "{unit} has no target of “{indicator}” to move.",
    "Set one first.",
)
BOUND_EMPTY = declare(
    "bound-crossed",
    "下限{lower}高于上限{upper}。",
    "请改正其中一个。",
    "the lower bound {lower} is above the upper bound {upper}.",
    "Correct one of them.",
)
LEAD_TWICE = declare(
    "lead-twice",
    "{unit}已经登记过“{name}”。",
    "请在已有的记录上更新进展。",
    "{unit} has “{name}” already.",
    "Record progress on that one.",
)
LEAD_BACKWARDS = declare(
    "lead-step-backwards",
    "“{name}”的上一次进展在{day}，新进展不能更早。",
    "请改日期。",
    "the last step of “{name}” was on {day}; the next cannot be earlier.",
    "Correct the date.",
)
NO_NEXT_YEAR = declare(
    "targets-no-next-year",
    "还没有从本行动复制的下一年行动。",
    "请先在“新建行动”中复制本行动，再把草案转过去。",
    "no campaign was cloned from this one yet.",
    "Clone this campaign first, then hand the draft over.",
)
