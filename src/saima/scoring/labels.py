"""The English of a trace: what its steps are called. Names that people gave stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from saima.campaigns import SOURCE_NAMES
from saima.rules.quantities import BASIC, DERIVED, STATISTICS, quantity_label

_QUANTITIES = {
    "full": "full marks", "whole": "whole time", "elapsed": "time elapsed", "current": "this period",
    "opening": "opening figure", "stretch": "stretch target", "plan": "planned progress",
    "met": "target met", "growth": "growth on last year", "on_previous": "growth on last period",
    "pace_gap": "points ahead of pace", "change": "change on last year",
}  # fmt: skip
_STATISTICS = {
    "best": "best", "worst": "worst", "mean": "mean", "sum": "sum of", "rank": "rank by",
    "count": "number of units by",
}  # fmt: skip
_METHODS = {
    "名次分档得分": "marks by band of ranks", "名次占比": "rank as a share",
    "折线得分": "marks on the line", "分段折线得分": "marks on a piecewise line",
    "超出部分": "part beyond", "不足部分": "part short", "县区平均完成率": "districts' mean attainment",
    "未达标县区数": "districts that missed", "与县区挂钩得分": "marks from the districts",
    "县区达标加分": "bonus for districts that met", "县区未达标扣分": "deduction for districts that missed",
    "测评得分率": "ballot rate", "测评得分": "ballot marks", "有效票数": "valid votes",
    "序时进度得分": "marks by pace", "计分进度比": "counted pace ratio",
    "欠序时扣分": "deduction for being behind pace", "超序时加分": "bonus for being ahead of pace",
    "上级排名得分": "marks by the upper level's ranking", "位次得分": "marks for the place",
    "进位数": "places gained", "进位加分": "bonus for places gained",
    "退位扣分": "deduction for places lost", "公式得分": "marks by formula",
    "按清零率得分": "marks by cleared share", "清零得分": "marks for clearing to zero",
    "全部清零得分": "marks for clearing all", "未清零扣分": "deduction for what is left",
    "评议得分": "marks by grade", "等次": "grade", "评议等次": "grade", "台阶得分": "marks by steps of volume",
    "总量台阶得分": "marks by volume", "小基数加倍": "small base counted more",
    "按完成率得分": "marks by attainment", "超过目标的比例": "share beyond the target",
    "超目标加分": "bonus beyond the target", "低于目标扣分": "deduction below the target",
    "目标与基准值挂钩得分": "marks by target and base", "基准值": "base", "加分上限": "limit of the bonus",
    "减亏折算": "smaller loss, counted in part", "合计得分率": "rate in all",
    "增幅与总量得分": "marks by growth and level", "五档得分": "marks in five bands",
    "各项合计": "all references", "对照得分": "marks against references",
    "与最优值之比": "ratio to the best", "比最优得分": "marks by ratio to the best",
    "分档得分": "marks by bands", "按件得分": "marks by events", "加减分制得分": "marks by steps",
    "功效系数": "efficacy coefficient", "功效系数得分": "marks by efficacy coefficient",
    "是否达标": "whether met", "达标得分": "marks if met", "名次得分率": "rate for the rank",
    "按名次得分": "marks by rank", "份额": "share", "原份额": "share before",
    "份额升降": "change of share (points)", "份额得分": "marks by share",
    "份额上升": "for a larger share", "份额下降": "for a smaller share",
}  # fmt: skip
_RULEBOOK = {
    "得分": "marks", "得分合计": "marks in all", "各项得分合计": "marks of all indicators", "总分": "score", "加分": "bonus", "扣分": "deduction",
    "加分后": "after bonus", "扣分后": "after deduction", "乘难度系数": "times difficulty",
    "关联指标限制": "limit by other indicators", "关联指标是否达标": "whether the other indicators reach it",
    "只得基本分": "basic marks only", "封顶": "capped", "保底": "floor", "四舍五入": "rounded half up",
    "剔除折算": "scaled for what is left out", "未报，计0分": "not reported: 0",
    "无法计分，计0分": "cannot be scored: 0", "其他指标得分合计": "marks of the other indicators",
    "其他指标满分合计": "full marks of the other indicators", "同赛道平均得分率": "mean rate in the track",
    "按本单位平均得分率计分": "at the unit's own mean rate",
    "按同赛道平均得分率计分": "at the track's mean rate", "剔除该项并折算": "left out and scaled",
    "计0分": "counted as 0",
}  # fmt: skip
_SOURCES = {SOURCE_NAMES[code]: f"{code} figure" for code in SOURCE_NAMES}


def _term(name: str) -> str:
    return _QUANTITIES.get(name, name.replace("_", " "))


def _quantities() -> dict[str, str]:
    """The terms of all simple quantities, and of every statistic over them."""
    terms = {quantity_label(name).partition("（")[0]: _term(name) for name in (*BASIC, *DERIVED)}
    for kind in STATISTICS:
        for name in (*BASIC, *DERIVED):
            for scope, where_ in (("", "in the track"), ("all_", "of all units")):
                said = f"{_STATISTICS[kind]} {_term(name)} {where_}"
                terms[quantity_label(f"{kind}_{scope}{name}").partition("（")[0]] = said
    return terms


TERMS: dict[str, str] = _quantities() | _METHODS | _RULEBOOK
"""What a step may be called, without a bracketed unit: Chinese -> English."""

_AROUND = (
    ("计分", "", "counted {}"), ("各地", "", "{}, by district"), ("县区", "", "{}, by district"),
    ("与", "比", "against {}"), ("", "部分", "part for {}"), ("一票否决：", "", "veto: {}"),
    ("", "次数", "number of {}"), ("", "加分", "bonus for {}"), ("", "扣分", "deduction for {}"),
)  # fmt: skip
"""Before and after a term or a name, and the English around it."""


def english(label: str, detail: Mapping[str, Any] | None = None) -> str:
    """What a step is called in English; a name that is no term of ours is left alone.

    `detail` is the step's: it tells an indicator's name from a term.
    """
    if detail and "indicator" in detail:
        return _of_other(label, str(detail.get("quantity", "")))
    plain = label.partition("（")[0]
    if plain in TERMS:
        return TERMS[plain]
    for before, after, said in _AROUND:
        inner = plain.removeprefix(before).removesuffix(after)
        if inner and plain == f"{before}{inner}{after}":
            return said.format(TERMS.get(inner) or _stated(inner))
    return plain


def _stated(text: str) -> str:
    """A value as a rulebook states it, or names one after another."""
    text = re.sub(r"第([\d.]+)位", r"place \1", text)
    return text.replace("个百分点", " points").replace("、", ", ")


def _of_other(name: str, quantity: str) -> str:
    """Another indicator's quantity: its name, and the term if one is added to it."""
    term = quantity_label(quantity) if quantity else ""
    if not term or not name.endswith(term):
        return name
    return f"{name.removesuffix(term)} {_term(quantity)}"


def source(name: str) -> str:
    """Which kind of figure it is: 自报数 -> reported figure."""
    return _SOURCES.get(name, name)
