"""What can be wrong between the tables of a campaign: wordings of the checks, in one place."""

from __future__ import annotations

from saima.problems import declare

declare(
    "clock-ends-early",
    "结束日期{end}早于开始日期{start}。",
    "请改正其中一个日期。",
    "the campaign ends on {end}, before it starts on {start}.",
    "Correct one of the dates.",
)
declare(
    "no-ranked-units",
    "没有参与排名的单位。",
    "请在“单位”表中为参赛单位填上赛道。",
    "no unit takes part in the ranking.",
    "Give the units that compete a track.",
)
declare(
    "parent-unknown",
    "{unit}的上级“{text}”不是本活动的单位。",
    "请改正“上级”，或在“单位”表中补上。",
    "the parent “{text}” of {unit} is not a unit of the campaign.",
    "Correct the parent or add the unit.",
)
declare(
    "successor-unknown",
    "{unit}的继任单位“{text}”不是本活动的单位。",
    "请改正“继任单位”，或在“单位”表中补上。",
    "the successor “{text}” of {unit} is not a unit of the campaign.",
    "Correct the successor or add the unit.",
)
declare(
    "unit-ends-early",
    "{unit}的终止日期{end}早于起始日期{start}。",
    "请改正其中一个日期。",
    "{unit} ends on {end}, before it starts on {start}.",
    "Correct one of the dates.",
)
declare(
    "lead-unit-unknown",
    "“{indicator}”的牵头单位“{text}”不是本活动的单位。",
    "请改正；确为外单位的，可以不管。",
    "the lead unit “{text}” of “{indicator}” is not a unit of the campaign.",
    "Correct it; ignore this for a unit outside the campaign.",
    severity="warning",
)
declare(
    "ratio-without-parts",
    "“{indicator}”按加权比率汇总，但没有填{part}指标。",
    "请补填分子和分母指标；比率不能由下级的比率平均得出。",
    "“{indicator}” rolls up as a ratio, but its {part_en} is not given.",
    "Name numerator and denominator; ratios are never averaged.",
)
declare(
    "ratio-part-unknown",
    "“{indicator}”的{part}“{text}”不是本活动的指标。",
    "请改正，或在“指标”表中补上。",
    "the {part_en} “{text}” of “{indicator}” is not an indicator of the campaign.",
    "Correct it or add the indicator.",
)
declare(
    "weights-not-a-hundred",
    "按“{rulebook}”和分工，{unit}的分值合计{total}，不是100。",
    "请核对各项分值；办法规定总分不是100的，可以不管。",
    "the weights of {unit} in “{rulebook}” and the assignments add up to {total}, not to 100.",
    "Check the weights; ignore this where the scheme has another total.",
    severity="warning",
)
declare(
    "assignment-twice",
    "“{indicator}”给{whom}分配了两次，前一次在{first}。",
    "请只保留一次。",
    "“{indicator}” is assigned to {whom} twice, first at {first_en}.",
    "Keep one of them.",
)
declare(
    "event-without-basis",
    "{unit}的“{name}”没有填依据。",
    "请补填文件名称和文号。",
    "“{name}” of {unit} states no basis.",
    "Name the document that it rests on.",
)
declare(
    "veto-without-expiry",
    "{unit}的一票否决“{name}”没有填有效期。",
    "请补填“有效期至”。",
    "the veto “{name}” of {unit} has no expiry.",
    "Give the day on which it expires.",
)
declare(
    "event-expires-early",
    "{unit}的“{name}”有效期至{end}，早于发生日期{start}。",
    "请改正其中一个日期。",
    "“{name}” of {unit} expires on {end}, before it happened on {start}.",
    "Correct one of the dates.",
)
declare(
    "event-not-in-rulebook",
    "办法中没有“{name}”这一事项，{unit}的这一项不会计分{nearest}。",
    "请改成办法中的事项名称，或在办法中补上，或直接填分数。",
    "no rulebook has an event “{name}”, so that of {unit} does not count{nearest_en}.",
    "Use the name in the rulebook, add it there, or state the points.",
)
declare(
    "rulebook-indicator-unknown",
    "办法“{rulebook}”计分的指标“{text}”不是本活动的指标。",
    "请改正办法，或在“指标”表中补上。",
    "the rulebook “{rulebook}” scores “{text}”, which is not an indicator of the campaign.",
    "Correct the rulebook or add the indicator.",
)
declare(
    "too-many-decimals",
    "“{indicator}”的数值{value}多于规定的{decimals}位小数。",
    "请按{decimals}位小数填报，或改“指标”表的小数位。",
    "{value} of “{indicator}” has more than {decimals} decimals.",
    "Report it with {decimals} decimals or change what the indicator declares.",
    severity="warning",
)
declare(
    "value-negative",
    "“{indicator}”的数值{value}为负数。",
    "请核对正负号；确为负数的，可以不管。",
    "{value} of “{indicator}” is negative.",
    "Check the sign; ignore this if it is meant.",
    severity="warning",
)
declare(
    "unit-not-there-yet",
    "{unit}在{period}还不存在或已经撤并（{start}至{end}）。",
    "请改正期间或单位；撤并后的数应填在继任单位名下。",
    "{unit} did not exist in {period} (only {start} to {end}).",
    "Correct the period or the unit; figures after a merger belong to the successor.",
)
declare(
    "period-after-the-end",
    "{period}在活动结束之后。",
    "请核对年份。",
    "{period} lies after the end of the campaign.",
    "Check the year.",
    severity="warning",
)
declare(
    "period-inside-joint",
    "{period}与后一个月合并报送，不应单独有数。",
    "请把数填在合并期间的最后一个月。",
    "{period} is reported together with the month after it and has no figure of its own.",
    "Put the figure into the last month of the joint span.",
    severity="warning",
)
declare(
    "cumulative-falls",
    "{unit}“{indicator}”{period}累计{value}，比上期累计{before}少。",
    "累计数不应减少；请核对，确属冲减的请说明。",
    "{unit}, {indicator}: {value} to date in {period} is less than {before} the period before.",
    "A cumulative figure does not fall; check it, or explain the correction.",
    severity="warning",
)
declare(
    "figures-end-together",
    "{unit}“{indicator}”有两个数止于同一天：{period}的{value}与{other}的{before}，只能采用一个。",
    "请只保留一处；累计数填在截止的月份即可。",
    "{unit}, {indicator}: {value} for {period} and {before} for {other} end on the same day; one can count.",
    "Keep one of them; a cumulative figure belongs to the month it ends in.",
    severity="warning",
)
declare(
    "target-missing",
    "{unit}承担“{indicator}”，但没有目标。",
    "请在“目标”表中补填。",
    "{unit} has the indicator “{indicator}” but no target for it.",
    "Add the target.",
)
declare(
    "stretch-below-target",
    "{unit}“{indicator}”的奋斗目标{stretch}比目标{target}还容易达到。",
    "请核对两个目标。",
    "the stretch {stretch} of {unit} for “{indicator}” is easier than the target {target}.",
    "Check both.",
)
declare(
    "plans-do-not-add-up",
    "{unit}“{indicator}”各期计划合计{total}，与全年目标{target}相差{gap}。",
    "请调整各期计划或全年目标，使两者相等。",
    "the plans of {unit} for “{indicator}” add up to {total}; the year's target is {target} (off by {gap}).",
    "Make them agree.",
)
declare(
    "indicator-never-reported",
    "“{indicator}”列入计分，但没有任何单位报过数。",
    "请补报；暂不考核的，请从办法或分工中去掉。",
    "“{indicator}” is scored, but nobody ever reported it.",
    "Report it, or take it out of the rulebook or the assignments.",
    severity="warning",
)
declare(
    "unit-never-reported",
    "{unit}承担“{indicator}”，但从未报过数。",
    "请补报；无此项的请填“—”。",
    "{unit} has the indicator “{indicator}” but never reported it.",
    "Report it, or mark it “—” if it does not apply.",
    severity="warning",
)
declare(
    "counting-source-missing",
    "{unit}“{indicator}”有{count}期只有{given}，没有{wanted}，这几期不计分（最近一期{period}）。",
    "请补上{wanted}，或改“采用数据”。",
    "{unit}, {indicator}: {count} periods have only {given_en} figures, none {wanted_en}; they do not count (last: {period}).",
    "Add the figures that count, or change which source counts.",
    severity="warning",
)
