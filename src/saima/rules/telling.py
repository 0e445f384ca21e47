"""The words in which a comparison of two rulebooks is told, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from saima.problems import Language
from saima.rules.rulebook import EventRule, Grade, Tier
from saima.rules.showing import (
    AGGREGATES,
    EXCEPTIONS,
    MISSING,
    PACES,
    SCORED,
    TIES,
    event_text,
    grade_text,
    tier_text,
)
from saima.rules.words import percent_short, points, short

LABELS = {
    "name": "名称", "version": "版本", "from_": "施行时间", "to": "停止时间", "basis": "依据",
    "scores": "计分周期", "pace": "序时进度的算法", "re_weight": "折算范围", "marks": "单项得分小数位",
    "score": "总分小数位", "of": "比较的量", "ties": "并列的处理", "break_by": "并列时的比较顺序",
    "within": "范围", "aggregate": "汇总方式", "full_marks": "满分", "bonus_at_most": "加分上限",
    "deduction_at_most": "扣分上限", "clause": "条款", "weight": "分值", "reverse": "反向指标的算法",
    "difficulty": "难度系数", "cap": "得分上限", "floor": "得分下限", "when_missing": "缺报的处理",
    "off_period": "非填报期的处理", "zero_target": "零目标的处理", "negative_target": "负目标的处理",
    "against": "对照的目标", "gate": "门槛", "limit": "关联指标限制", "extra": "是否另加", "note": "备注",
    "each": "每次分值", "at_most": "上限", "at_least": "下限", "effect": "后果", "grade": "等次",
    "lasts": "期限", "blocks": "不得享受的", "kind": "种类", "top": "前几名", "bottom": "后几名",
    "share": "比例", "rest": "其余", "keep": "降梯队须连续的月数", "every": "评定周期", "when": "条件",
}  # fmt: skip
LABELS_EN = {
    "from_": "in force from", "to": "in force until", "scores": "period that is scored",
    "marks": "decimals of a mark", "score": "decimals of the score", "of": "quantity compared",
    "ties": "treatment of ties", "break_by": "order of breaking ties", "within": "scope",
    "aggregate": "way of adding up", "bonus_at_most": "limit of the bonus",
    "deduction_at_most": "limit of the deduction", "reverse": "reading of a reverse indicator",
    "cap": "highest marks", "floor": "lowest marks", "zero_target": "treatment of a zero target",
    "negative_target": "treatment of a negative target", "against": "target compared with",
    "limit": "limit by other indicators", "extra": "whether extra", "each": "points each",
    "at_most": "limit", "at_least": "lowest", "lasts": "how long", "blocks": "what it bars",
    "top": "number at the top", "bottom": "number at the bottom",
    "keep": "months before leaving a tier", "every": "how often it is awarded", "when": "condition",
}  # fmt: skip
"""Where a field's own name would not do."""

WORDS: dict[str, dict[str, str]] = {
    "scores": SCORED, "pace": PACES, "aggregate": AGGREGATES, "ties": TIES, "when_missing": MISSING,
    "zero_target": {"refuse": "不计分", **EXCEPTIONS}, "negative_target": {"refuse": "不计分", **EXCEPTIONS},
    "within": {"track": "赛道内", "all": "全体单位"}, "difficulty": {"none": "不乘", "by-unit": "乘"},
}  # fmt: skip

_ZH = {
    "other": "这是两份不同的办法：“{old}”与“{new}”。", "changed": "{subject}{label}由{was}改为{now}。",
    "of": "{what}“{name}”的", "of-indicator": "指标{title}的", "of-ranks": "排名的",
    "none": "“无”", "yes": "“是”", "no": "“否”", "category": "类别",
    "new-category": "新增类别“{name}”。", "no-category": "取消类别“{name}”。",
    "new-leaf": "“{place}”新增指标{title}，{weight}：{rule}",
    "no-leaf": "“{place}”取消指标{title}（原{weight}）。", "again": "“{code}”（第{times}处）",
    "assigned": "分值按分工", "weight": "{said}分", "moved": "指标{title}由“{old}”移到“{new}”。",
    "method": "指标{title}由{old}改为{new}。原为：{was}改为：{now}",
    "rule": "指标{title}的计分规则由“{was}”改为“{now}”。",
    "new": "新增{what}“{name}”{told}。", "gone": "取消{what}“{name}”。",
    "order": "{what}的顺序改为{names}。", "event": "事项", "grade": "等次", "seal": "标志",
    "tier": "梯队", "bonus": "加分", "deduction": "扣分", "veto": "一票否决", "gate": "门槛",
    "colon": "：", "comma": "，", "list": "、",
}  # fmt: skip
_EN = {
    "other": "These are two different rulebooks: “{old}” and “{new}”.",
    "changed": "{subject}{label} changed from {was} to {now}.",
    "of": "{what} “{name}”: ", "of-indicator": "indicator {title}: ", "of-ranks": "ranking: ",
    "none": "“none”", "yes": "“yes”", "no": "“no”", "category": "category",
    "new-category": "New category “{name}”.", "no-category": "Category “{name}” is dropped.",
    "new-leaf": "“{place}”: new indicator {title}, {weight}: {rule}",
    "no-leaf": "“{place}”: indicator {title} is dropped (was {weight}).",
    "again": "“{code}” (place {times})", "assigned": "marks by assignment", "weight": "{said} marks",
    "moved": "Indicator {title} moves from “{old}” to “{new}”.",
    "method": "Indicator {title} changes from {old} to {new}. Before: {was} Now: {now}",
    "rule": "Indicator {title}: the rule changed from “{was}” to “{now}”.",
    "new": "New {what} “{name}”{told}.", "gone": "{what} “{name}” is dropped.",
    "order": "The order of {what}s is now {names}.", "event": "event", "grade": "grade",
    "seal": "seal", "tier": "tier", "bonus": "bonus", "deduction": "deduction", "veto": "veto",
    "gate": "gate", "colon": ": ", "comma": ", ", "list": ", ",
}  # fmt: skip


@dataclass(frozen=True)
class Tongue:
    """A language of a comparison: its sentences, and what fields and values are called in it."""

    language: Language
    sentences: Mapping[str, str]
    index: int
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def says(self, key: str, **values: object) -> str:
        """A sentence or a part of one; sentences begin with a capital letter."""
        said = self.sentences[key].format(**values)
        return said[:1].upper() + said[1:] if said.endswith(".") else said

    def label(self, name: str, described: str, key: str) -> str:
        """What a field is called; `described` is its Chinese description, `key` its written name."""
        if self.language == "zh":
            return self.labels.get(name) or described or key
        return self.labels.get(name) or re.sub("[-_]", " ", key).strip()

    def about(self, item: Struct) -> str:
        """What a new event, grade or tier is about, after a colon; empty for others."""
        if isinstance(item, EventRule):
            told = (
                _event_en(item) if self.index else event_text(item).partition("：")[2].rstrip("。")
            )
        elif isinstance(item, Grade):
            told = _grade_en(item) if self.index else grade_text(item)
        elif isinstance(item, Tier):
            told = _tier_en(item) if self.index else tier_text(item)
        else:
            return ""
        return self.sentences["colon"] + told


ZH = Tongue("zh", _ZH, 0, LABELS, WORDS)
EN = Tongue("en", _EN, 1, LABELS_EN)


def _event_en(rule: EventRule) -> str:
    said = [f"{points(rule.each)} points each"] if rule.each else []
    if rule.at_most is not None:
        said.append(f"at most {points(rule.at_most)}")
    if rule.kind == "veto":
        said.append(f"graded {rule.grade}" if rule.effect == "grade" else rule.effect)
    if rule.blocks:
        said.append(f"bars {', '.join(rule.blocks)}")
    said += [f"for {rule.lasts}"] if rule.lasts else []
    return ", ".join([*said, *(f"[{x}]" for x in (rule.clause, rule.basis) if x)])


def _tier_en(tier: Tier) -> str:
    if tier.top is not None:
        return f"the first {tier.top}"
    if tier.bottom is not None:
        return f"the last {tier.bottom}"
    if tier.share is not None:
        return f"the next {percent_short(tier.share)}"
    return f"scores of at least {short(tier.at_least)}" if tier.at_least is not None else "the rest"


def _grade_en(grade: Grade) -> str:
    least = f"scores of at least {short(grade.at_least)}" if grade.at_least is not None else ""
    scope = "all units" if grade.within == "all" else "the track"
    most = f"at most {percent_short(grade.at_most)} of {scope}" if grade.at_most is not None else ""
    return ", ".join(x for x in (least, most) if x) or "the rest"
