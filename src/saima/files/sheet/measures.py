"""Units of measure as texts: finding them in headers and converting between 元, 万元 and 亿元."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from saima.files.sheet.words import plain

_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_BASE = (
    "元|美元|人|人次|人天|户|户次|家|个|台|台套|套|吨|吨标准煤|公斤|千克|"
    "公顷|亩|平方米|平方公里|公里|米|千瓦|千瓦时|度|辆|艘|架|件|项|处|张|"
    "所|座|株|头|只|羽|立方米|标准立方米|标箱|部|眼|间|套次|次|起|宗|条|"
    "份|篇|期|场|批|班|名|位|分|天|日|小时|倍|级|岁|枚|床|车位|桩|孔|"
    "站|孔数|标准箱"
)
_WORDS = {
    "%",
    "‰",
    "个百分点",
    "百分点",
    "㎡",
    "km",
    "m2",
    "t",
    "kw",
    "kwh",
    "元/人",
    "元/平方米",
    "元/吨",
}
_SCALE = "|".join(filter(None, _SCALES))
_MEASURE = re.compile(rf"({_SCALE})?({_BASE})(/({_BASE}))?")
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]{1,12})[)\]】]")
_DECLARED = re.compile(r"(?:计量|金额|货币)?单位\s*[::]\s*([^)）]{1,30})")
_RATIO_WORDS = re.compile(
    r"(率|增速|增幅|占比|比重|同比|环比|进度|百分比|比例)$|增长(?!值|额|量|点)|同比(?!值|额|量)"
)


@lru_cache(maxsize=4096)
def is_measure(text: str) -> bool:
    """True for 万元, %, 个百分点, 千公顷, 元/人."""
    text = plain(text).lower()
    return text in _WORDS or bool(_MEASURE.fullmatch(text))


def is_scale(text: str) -> bool:
    """True for a bare 万 or 亿."""
    return bool(text) and text in _SCALES


@lru_cache(maxsize=4096)
def measure_in(text: str) -> str:
    """The measure that a header or row label names: 投资额（亿元） -> 亿元; 完成率% -> %; or ''."""
    text = plain(text)
    for inner in reversed(_BRACKETS.findall(text)):
        for part in re.split(r"[,;:、]|单位", inner):
            if is_measure(part):
                return part.strip()
    tail = re.search(r"[,:、/]\s*([^,:、/]+)$", text)
    if tail and is_measure(tail[1]):
        return tail[1].strip()
    if text.endswith(("%", "‰")):
        return text[-1]
    return text if is_measure(text) and len(text) > 1 else ""


def without_measure(text: str) -> str:
    """A header without its bracketed measure: 投资额（亿元） -> 投资额."""
    cut = re.sub(r"[(（\[【]([^()（）\[\]【】]{1,12})[)）\]】]", _drop_measure, text)
    return re.sub(r"[%‰％]$", "", cut).strip() or text


def _drop_measure(match: re.Match[str]) -> str:
    parts = re.split(r"[,;:、]|单位", plain(match[1]))
    return "" if any(is_measure(part) for part in parts if part) else match[0]


def declared_measures(text: str) -> tuple[str, ...]:
    """The measures of a measure row: 单位：亿元、% -> (亿元, %); () if it declares none."""
    match = _DECLARED.search(plain(text))
    parts = re.split(r"[,;、/\s]+", match[1]) if match else []
    whole = match[1].strip() if match else ""
    return (whole,) if is_measure(whole) else tuple(p for p in parts if is_measure(p))


def speaks_of_ratio(header: str) -> bool:
    """True for headers whose figures are percentages whatever the sheet's measure: 完成率, 同比."""
    return bool(_RATIO_WORDS.search(re.sub(r"\(.*?\)", "", plain(header))))


def convert(value: Decimal, measure: str, target: str) -> Decimal | None:
    """A value in another measure of the same base (亿元 -> 万元), exactly; None if there is no way.

    A bare scale (万, 亿) stands for that many of the target's own base.
    """
    if measure == target:
        return value
    to = _MEASURE.fullmatch(target)
    scale = _SCALES.get(measure) if measure else None
    if scale is None:
        of = _MEASURE.fullmatch(measure)
        if not of or not to or of[2] != to[2] or of[4] != to[4]:
            return None
        scale = _SCALES[of[1] or ""]
    return value * scale / _SCALES[to[1] or ""] if to else None
