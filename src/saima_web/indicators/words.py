"""The words of forms that edit rulebooks: labels of fields and of choices, for translation.

Labels and hints of a method's settings are the library's own descriptions; `LIBRARY` repeats them
so that they reach the translators, and a test holds the list against the methods.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

LABELS: dict[str, str] = {
    "clause": noop("条款"),
    "reverse": noop("反向指标的算法"),
    "difficulty": noop("难度系数"),
    "cap": noop("得分上限（满分的比例）"),
    "floor": noop("得分下限（满分的比例）"),
    "when_missing": noop("缺报的处理"),
    "off_period": noop("非填报期的处理"),
    "zero_target": noop("零目标的处理"),
    "negative_target": noop("负目标的处理"),
    "pace": noop("序时进度的算法"),
    "against": noop("对照的目标"),
    "gate": noop("门槛"),
    "limit": noop("关联指标限制"),
    "extra": noop("另加（不计入满分）"),
    "note": noop("备注"),
    "below": noop("低于"),
    "of": noop("比较的量"),
    "blocks": noop("不得享受的"),
    "indicators": noop("指标代码"),
    "to": noop("最多得"),
    "name": noop("名称"),
    "scores": noop("计分周期"),
    "re_weight": noop("折算范围"),
    "rounding": noop("小数位"),
    "marks": noop("单项得分"),
    "score": noop("总分"),
    "ranks": noop("排名"),
    "ties": noop("并列的处理"),
    "break_by": noop("并列时依次比较的指标"),
    "within": noop("范围"),
    "aggregate": noop("汇总方式"),
    "full_marks": noop("满分"),
    "bonus_at_most": noop("加分合计上限"),
    "deduction_at_most": noop("扣分合计上限"),
    "tiers": noop("梯队"),
    "order": noop("由高到低"),
    "keep": noop("降梯队须连续的月数"),
    "top": noop("前几名"),
    "bottom": noop("后几名"),
    "share": noop("其后的比例"),
    "at_least": noop("不低于"),
    "at_most": noop("不高于"),
    "rest": noop("其余单位"),
    "seals": noop("标志（月月红等）"),
    "every": noop("评定周期"),
    "when": noop("条件"),
    "quantity": noop("看哪个量"),
    "grades": noop("等次"),
    "events": noop("加分、扣分、门槛与一票否决"),
    "kind": noop("种类"),
    "each": noop("每次分值"),
    "effect": noop("后果"),
    "grade": noop("评为等次"),
    "lasts": noop("期限"),
    "basis": noop("依据"),
    "category": noop("类别"),
    "weight": noop("权重"),
}
"""Labels of the fields that are the rulebook's own, by attribute name."""

CHOICES: dict[str, dict[str, str]] = {
    "reverse": {
        "two-minus": noop("2减完成率"),
        "reciprocal": noop("目标值÷完成数"),
        "swap": noop("最优与最差对调"),
    },
    "difficulty": {"none": noop("不乘"), "by-unit": noop("乘本单位难度系数")},
    "when_missing": {
        "zero": noop("计零分"),
        "exclude": noop("剔除，其余按比例折算"),
        "own-average": noop("按本单位平均得分率"),
        "track-average": noop("按同赛道平均得分率"),
    },
    "off_period": {"hold": noop("沿用上期数"), "exclude": noop("剔除，其余按比例折算")},
    "zero_target": {
        "refuse": noop("不计分"),
        "by-difference": noop("按与目标的差额计"),
        "full-if-met": noop("达到的得满分，否则不得分"),
    },
    "pace": {
        "linear-month": noop("按月平均"),
        "linear-day": noop("按日平均"),
        "own-plan": noop("按各单位进度计划"),
    },
    "against": {
        "target": noop("全年目标"),
        "plan": noop("截至本期的计划"),
        "current": noop("本期计划"),
    },
    "test": {
        "at-least": noop("达到（不低于）"),
        "more-than": noop("超过"),
        "at-most": noop("不高于"),
        "less-than": noop("低于"),
    },
    "among": {"track": noop("赛道内"), "all": noop("全体单位")},
    "within": {"track": noop("赛道内"), "all": noop("全体单位")},
    "range": {"track": noop("赛道内的最差至最优值"), "all": noop("全体的最差至最优值")},
    "counted": {"places": noop("按名次"), "share": noop("按比例")},
    "steps": {
        "linear": noop("按比例"),
        "whole": noop("不足一档不计"),
        "begun": noop("不足一档按一档"),
    },
    "by": {
        "ratio": noop("按进度比"),
        "points": noop("按超欠百分点"),
        "efficacy": noop("功效系数"),
        "rank": noop("名次递减"),
        "best": noop("与最优值之比"),
    },
    "short": {"none": noop("不得分"), "proportional": noop("按比例")},
    "scores": {
        "day": noop("每日"),
        "ten-day": noop("每旬"),
        "week": noop("每周"),
        "month": noop("每月"),
        "two-months": noop("每两月"),
        "quarter": noop("每季度"),
        "half": noop("每半年"),
        "year": noop("每年"),
    },
    "re_weight": {"total": noop("在总分内折算"), "category": noop("在本类内折算")},
    "ties": {
        "competition": noop("并列，其后名次顺延"),
        "dense": noop("并列，其后名次不顺延"),
        "ordinal": noop("不并列"),
    },
    "of": {"rounded": noop("取舍后的总分"), "unrounded": noop("未取舍的总分")},
    "aggregate": {
        "sum": noop("得分相加"),
        "weighted-sum": noop("乘权重后相加"),
        "mean": noop("加权算术平均"),
        "geometric": noop("加权几何平均"),
    },
    "kind": {
        "bonus": noop("加分"),
        "deduction": noop("扣分"),
        "veto": noop("一票否决"),
        "gate": noop("门槛"),
    },
    "effect": {
        "grade": noop("降为某一等次"),
        "score-zero": noop("总分计零"),
        "last": noop("列末位"),
        "unranked": noop("不参加排名"),
    },
}
CHOICES["negative_target"] = CHOICES["zero_target"]
CHOICES["every"] = CHOICES["scores"]
CHOICES["indicators"] = {"all": noop("全部指标")}


def choice_words(field: str, word: str) -> str:
    """The words of one choice of a field; the choice itself where it has none."""
    return _(CHOICES.get(field.replace("-", "_"), {}).get(word, word))
