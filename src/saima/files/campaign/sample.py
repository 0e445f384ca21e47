"""The worked sample of the template: an invented group, four units in two tracks, nine months."""

from __future__ import annotations

from datetime import date
from typing import Any

from saima.files.campaign.content import Content, Row

COMPANIES, DEPARTMENTS = "企业赛道", "部门赛道"

_UNITS: list[Row] = [
    {"code": "group", "name": "示例城投集团", "kind": "group", "order": 0},
    {"code": "build", "name": "示例建设公司", "short_name": "建设公司", "kind": "company",
     "parent": "示例城投集团", "order": 1, "track": COMPANIES},
    {"code": "estate", "name": "示例置业公司", "short_name": "置业公司", "kind": "company",
     "parent": "示例城投集团", "order": 2, "track": COMPANIES, "difficulty": 1.05},
    {"code": "works", "name": "示例工程部", "short_name": "工程部", "kind": "department",
     "parent": "示例城投集团", "order": 3, "track": DEPARTMENTS},
    {"code": "trade", "name": "示例招商部", "short_name": "招商部", "kind": "department",
     "parent": "示例城投集团", "order": 4, "track": DEPARTMENTS},
]  # fmt: skip

_INDICATORS: list[Row] = [
    {"code": "revenue", "name": "营业收入", "category": "经营指标", "measure": "万元", "decimals": 0,
     "direction": "more", "nature": "year-to-date", "frequency": "month", "lead_unit": "示例城投集团"},
    {"code": "cost", "name": "综合融资成本率", "category": "经营指标", "measure": "%", "decimals": 2,
     "direction": "less", "nature": "point-in-time", "frequency": "month"},
    {"code": "investment", "name": "完成投资", "category": "项目建设", "battle_line": "项目攻坚战",
     "measure": "万元", "decimals": 0, "direction": "more", "nature": "year-to-date",
     "frequency": "month", "lead_unit": "示例工程部"},
    {"code": "signed", "name": "签约项目", "category": "招商引资", "battle_line": "招商攻坚战",
     "measure": "个", "decimals": 0, "direction": "more", "nature": "in-period",
     "frequency": "month", "lead_unit": "示例招商部"},
    {"code": "households", "name": "待征收户数", "category": "征收清零", "battle_line": "征收攻坚战",
     "measure": "户", "decimals": 0, "direction": "clear-to-zero", "nature": "point-in-time",
     "frequency": "month", "lead_unit": "示例工程部"},
]  # fmt: skip

_DEFINITIONS: list[Row] = [
    {"indicator": "营业收入", "version": 1, "effective": "2026-01",
     "text": "合并报表口径的营业收入，不含集团内部交易", "basis": "示例考核办〔2026〕1号"},
    {"indicator": "待征收户数", "version": 1, "effective": "2026-01",
     "text": "列入年度征收计划、尚未签约腾空的户数", "basis": "示例考核办〔2026〕1号"},
]  # fmt: skip

_WEIGHTS: dict[str, dict[str, float]] = {
    COMPANIES: {"营业收入": 40, "综合融资成本率": 20, "完成投资": 40},
    DEPARTMENTS: {"完成投资": 40, "签约项目": 30, "待征收户数": 30},
}

# unit, indicator, target, stretch, monthly plans, figures (the opening balance first, if any)
_FIGURES: list[tuple[str, str, float, float | None, list[float], list[Any]]] = [
    ("示例建设公司", "营业收入", 52000, 56000,
     [3600, 3200, 4200, 4300, 4400, 4500, 4500, 4500, 4600, 4700, 4700, 4800],
     [3710, 6985, 11240, 15480, 20150, 24760, 29310, 33980, 39760]),
    ("示例建设公司", "综合融资成本率", 4.2, 4, [],
     [4.61, 4.58, 4.55, 4.49, 4.43, 4.4, 4.36, 4.31, 4.27]),
    ("示例建设公司", "完成投资", 36000, 38000,
     [1800, 1800, 2700, 3000, 3200, 3300, 3300, 3300, 3400, 3400, 3400, 3400],
     [1650, 3380, 6010, 9120, 12460, 15820, 19240, 22480, 26420]),
    ("示例置业公司", "营业收入", 31000, 33000,
     [2000, 1800, 2500, 2600, 2700, 2700, 2700, 2800, 2800, 2800, 2800, 2800],
     [1820, 3490, 5880, 8310, 10960, 13540, 16120, 18870, 21530]),
    ("示例置业公司", "综合融资成本率", 4.5, 4.3, [],
     [4.82, 4.8, 4.78, 4.74, 4.7, 4.66, 4.61, 4.57, 4.53]),
    ("示例置业公司", "完成投资", 18000, 19000,
     [900, 900, 1350, 1500, 1600, 1650, 1650, 1650, 1700, 1700, 1700, 1700],
     [960, 1910, 3340, 4890, 6520, 8240, 9950, 11670, 13420]),
    ("示例工程部", "完成投资", 54000, 57000,
     [2700, 2700, 4050, 4500, 4800, 4950, 4950, 4950, 5100, 5100, 5100, 5100],
     [2610, 5290, 9350, 14010, 18980, 24060, 29190, 34150, 39330]),
    ("示例工程部", "签约项目", 6, 8, [0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1],
     [0, 0, 1, 0, 0, 1, 1, 0, 1]),
    ("示例工程部", "待征收户数", 0, None, [],
     [120, 114, 109, 98, 86, 75, 61, 48, 37, 29]),
    ("示例招商部", "完成投资", 12000, 13000,
     [600, 600, 900, 1000, 1050, 1100, 1100, 1100, 1150, 1150, 1100, 1150],
     [540, 1120, 1980, 2870, 3910, 4980, 6050, 7090, 8160]),
    ("示例招商部", "签约项目", 24, 28, [1, 1, 2, 2, 2, 2, 2, 2, 3, 2, 2, 3],
     [1, 0, 3, 2, 2, 3, 2, 2, 3]),
    ("示例招商部", "待征收户数", 0, None, [],
     [40, 39, 38, 35, 31, 27, 24, 20, 15, 12]),
]  # fmt: skip

_EVENTS: list[Row] = [
    {"kind": "bonus", "unit": "示例招商部", "name": "省级以上典型经验", "on": date(2026, 6, 18),
     "count": 1, "basis": "示例经验交流〔2026〕7号"},
    {"kind": "deduction", "unit": "示例置业公司", "name": "通报批评", "on": date(2026, 8, 5),
     "count": 1, "basis": "示例督查通报〔2026〕12号"},
]  # fmt: skip

_RULES: list[Row] = [
    {"category": "经营指标", "indicator": "营业收入", "weight": "按分工", "method": "完成率计分",
     "settings": "封顶: 120%, 保底: 0", "when-missing": "zero", "clause": "第三条第一款"},
    {"indicator": "综合融资成本率", "weight": "按分工", "method": "完成率计分",
     "settings": "封顶: 110%", "reverse": "two-minus", "clause": "第三条第二款"},
    {"category": "项目建设", "indicator": "完成投资", "weight": "按分工", "method": "序时进度计分",
     "settings": "封顶: 110%", "difficulty": True, "clause": "第四条"},
    {"category": "招商引资", "indicator": "签约项目", "weight": "按分工", "method": "名次递减计分",
     "settings": "按: 完成率, 递减: 10%", "clause": "第五条"},
    {"category": "征收清零", "indicator": "待征收户数", "weight": "按分工", "method": "完成率计分",
     "clause": "第六条"},
]  # fmt: skip

_RULE_EVENTS: list[Row] = [
    {"kind": "bonus", "name": "省级以上典型经验", "each": 1, "at-most": 3, "clause": "第七条"},
    {"kind": "deduction", "name": "通报批评", "each": 0.5, "at-most": 2, "clause": "第八条"},
    {"kind": "veto", "name": "较大及以上安全生产责任事故", "effect": "grade", "grade": "不合格",
     "lasts": "12 months", "clause": "第九条", "basis": "安全生产责任制规定"},
]  # fmt: skip

_RULE_GRADES: list[Row] = [
    {"name": "优秀", "at-least": 95, "at-most": "50%"},
    {"name": "良好", "at-least": 85},
    {"name": "合格", "at-least": 60},
    {"name": "不合格"},
]

_RULEBOOK: Row = {
    "rulebook": "sample",
    "name": "示例城投集团赛马比拼办法（虚构）",
    "version": 1,
    "effective.from": "2026-01",
    "basis": "示例考核办〔2026〕1号",
    "scores": "month",
    "pace": "linear-month",
    "rounding.marks": 2,
    "rounding.score": 2,
    "ranks.ties": "competition",
    "bonus-at-most": 5,
    "tiers": "第一梯队: {top: 1}, 第二梯队: rest",
    "seals": "月月红: {every: month, when: {indicator: 完成投资, pace-gap: '>= -3'}}",
}

_SETTINGS: Row = {
    "name": "示例城投集团2026年赛马比拼（虚构数据）",
    "organisation": "示例城投集团",
    "clock.kind": "natural-year",
    "clock.start": date(2026, 1, 1),
    "clock.end": date(2026, 12, 31),
    "counts": "核定数",
    "scores": "month",
    "tracks": f"{COMPANIES}、{DEPARTMENTS}",
    "demo": True,
    "documents.letterhead": "示例城投集团考核办公室",
    "documents.number": "示例考核〔2026〕{issue}号",
    "documents.addressee": "集团各部门、各子公司",
    "documents.signature": "示例城投集团考核办公室",
    "documents.named-places": 3,
}

MONTHS = [f"{m}月" for m in range(1, 13)]


def sample() -> Content:
    """The sample; every name and figure in it is invented."""
    measures = {row["name"]: row["measure"] for row in _INDICATORS}
    targets: list[Row] = []
    facts: list[Row] = []
    for unit, indicator, target, stretch, plans, values in _FIGURES:
        row: Row = {"unit": unit, "indicator": indicator, "measure": measures[indicator]}
        more = {"stretch": stretch} if stretch is not None else {}
        targets.append({**row, "target": target, **more, **dict(zip(MONTHS, plans))})
        heads = ["期初", *MONTHS] if len(values) == 10 else MONTHS
        facts.append({**row, "source": "confirmed", **dict(zip(heads, values))})
    rows = {
        "units": _UNITS,
        "indicators": _INDICATORS,
        "definitions": _DEFINITIONS,
        "assignments": [
            {"indicator": indicator, "track": track, "weight": weight}
            for track, weights in _WEIGHTS.items()
            for indicator, weight in weights.items()
        ],
        "targets": targets,
        "facts": facts,
        "events": _EVENTS,
        "published": [],
        "rulebook_indicators": _RULES,
        "rulebook_events": _RULE_EVENTS,
        "rulebook_grades": _RULE_GRADES,
    }
    periods = {"targets": MONTHS, "facts": ["期初", *MONTHS]}
    return Content(_SETTINGS, rows, periods, _RULEBOOK)
