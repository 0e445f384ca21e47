"""One cell's value as it was meant: number, kind of missing, bound (≥95%), own measure, oddities."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from saima.files.sheet.measures import is_measure, is_scale
from saima.files.sheet.words import plain

MISSING_MARKS: dict[str, str] = {
    **dict.fromkeys(("…", "……", "...", "⋯"), "below-unit"),
    **dict.fromkeys(
        ("—", "——", "–", "―", "-", "--", "---", "一", "/", "\\", "×"), "not-applicable"
    ),
    **dict.fromkeys(("不适用", "不涉及", "无此项", "N/A", "n/a", "NA"), "not-applicable"),
    **dict.fromkeys(("暂无数据", "暂无", "无数据", "未报", "未上报", "未填报"), "not-reported"),
    **dict.fromkeys(("缺", "缺报", "暂缺", "待报", "待统计", "数据待反馈"), "not-reported"),
    **dict.fromkeys(("不详", "未知", "不明", "?", "？"), "unknown"),
    **dict.fromkeys(("不计", "不考核", "免考核"), "excluded"),
    **dict.fromkeys(("无", "零", "〇", "持平", "与上年持平", "与上月持平"), "zero"),
}
"""What a text in a figure's place stands for. `zero` is a value of 0, the others are missing.

Sources: 中国统计年鉴 (… below the smallest unit, blank unknown or none), bureaus' notes (— none).
A sheet's own notes go before (`notes`).
"""

_BOUNDS = {
    **dict.fromkeys(("≥", ">=", "不低于", "不少于", "不小于", "达到", "达"), ">="),
    **dict.fromkeys(("≤", "<=", "不高于", "不超过", "不大于"), "<="),
    **dict.fromkeys((">", "超过", "突破", "高于", "多于", "大于"), ">"),
    **dict.fromkeys(("<", "低于", "少于", "小于"), "<"),
    **dict.fromkeys(("约", "力争"), "~"),
}
_AFTER = {"以上": ">=", "及以上": ">=", "以下": "<=", "及以下": "<=", "以内": "<=", "左右": "~"}
_SIGNS = {
    **dict.fromkeys(("增长", "同比增长", "上升", "提高", "增加", "↑"), 1),
    **dict.fromkeys(("下降", "同比下降", "减少", "降低", "回落", "负增长", "↓", "▼", "▲", "△"), -1),
}
_NUMBER = re.compile(
    rf"(?P<bound>{'|'.join(sorted(map(re.escape, _BOUNDS), key=len, reverse=True))})?\s*"
    rf"(?P<word>{'|'.join(sorted(_SIGNS, key=len, reverse=True))})?\s*"
    r"(?P<sign>[+-])?\s*(?P<digits>\d[\d,]*\.?\d*|\.\d+)\s*"
    r"(?P<measure>[^\d\s.,①-⑳*※#\[]{1,8}?)??\s*"
    rf"(?P<after>{'|'.join(sorted(_AFTER, key=len, reverse=True))})?\s*"
    r"(?P<mark>[①-⑳*※#]+|\[\d{1,2}\])?"
)
_GROUPS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")


class Parsed(NamedTuple):
    """What a cell says.

    number: None where there is none. missing: a kind of MISSING_MARKS, or ''. bound: '', '>=',
    '<=', '>', '<', '~'. measure: the cell's own (%, 亿元, 亿), or ''. oddities: names of what was
    forgiven: `text`, `full-width`, `invisible`, `footnote`, `brackets`, `word-sign`, `triangle-up` or `-down`.
    """

    number: Decimal | None = None
    missing: str = ""
    bound: str = ""
    measure: str = ""
    oddities: tuple[str, ...] = ()


def is_missing_mark(text: str) -> bool:
    """True for texts that stand in a figure's place: —, …, /, 暂无数据."""
    return plain(text) in MISSING_MARKS


def is_number(text: str) -> bool:
    """True for texts that `parse` reads as a number."""
    return parse_text(text).number is not None


def parse(value: object, legend: dict[str, str] | None = None) -> Parsed:
    """Read a raw cell value. `legend` is what the sheet's notes say of its marks.

    A text that is neither a number nor a mark comes back with neither.
    """
    if type(value) is float:
        return Parsed(Decimal(repr(value)))
    if isinstance(value, str):
        mark = (legend or {}).get(plain(value))
        if mark:
            return Parsed(missing=mark, number=Decimal(0) if mark == "zero" else None)
        return parse_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Parsed(Decimal(repr(value)))
    return Parsed()


@lru_cache(maxsize=65536)
def parse_text(value: str) -> Parsed:
    """`parse` for a text, without a sheet's own legend."""
    text = plain(value)
    mark = MISSING_MARKS.get(text)
    if mark:
        return Parsed(missing=mark, number=Decimal(0) if mark == "zero" else None)
    brackets = re.fullmatch(r"\(([\d,.]+)\)", text)
    match = _NUMBER.fullmatch(brackets[1] if brackets else text)
    if not match or not _well_grouped(match["digits"]) or not _known(match["measure"]):
        return Parsed()
    number = Decimal(match["digits"].replace(",", ""))
    negative = (match["sign"] == "-") != (_SIGNS.get(match["word"] or "", 1) < 0)
    if match["sign"] and match["word"]:
        negative = match["sign"] == "-" or _SIGNS[match["word"]] < 0
    return Parsed(
        number=-number if negative or brackets else number,
        bound=_BOUNDS.get(match["bound"] or "", "") or _AFTER.get(match["after"] or "", ""),
        measure=match["measure"] or "",
        oddities=tuple(_oddities(value, match, bool(brackets))),
    )


def _well_grouped(digits: str) -> bool:
    return "," not in digits or bool(_GROUPS.fullmatch(digits))


def _known(measure: str | None) -> bool:
    return not measure or is_measure(measure) or is_scale(measure)


def _oddities(value: str, match: re.Match[str], brackets: bool) -> list[str]:
    found = ["text"]
    if re.search("[０-９．，％＋－]", value):
        found.append("full-width")
    if re.search("[\u200b\u200c\u200d\u2060\ufeff\u00a0\u3000]", value):
        found.append("invisible")
    if match["mark"]:
        found.append("footnote")
    if brackets:
        found.append("brackets")
    if match["word"]:
        signs = dict.fromkeys("▲△", "triangle-up") | {"▼": "triangle-down"}
        found.append(signs.get(match["word"], "word-sign"))
    return found
