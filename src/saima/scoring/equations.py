"""A traced step in words and numbers: its value in its own unit, its formula, and one equation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from saima.problems import Language
from saima.rounding import text
from saima.rules.quantities import quantity_named, quantity_unit
from saima.rules.words import percent_short, short
from saima.scoring.labels import english

Step = Mapping[str, Any]
"""A step as JSON: op, value, label, detail, of (docs/reference/trace.schema.json)."""

SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "sum": "+"}
_PRECEDENCE = {
    "minimum": 0, "maximum": 0, "sum": 1, "add": 1, "subtract": 1, "multiply": 2, "divide": 2,
    "power": 3,
}  # fmt: skip
_NEUTRAL = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "divide": 1.0}
_TESTS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}
_WORDS = {
    "zh": {"floor": "取整", "interpolate": "按折线取值", "lookup": "按档取值"},
    "en": {"floor": "whole part", "interpolate": "on the line", "lookup": "by band"},
}
_NAMELESS = {
    "zh": {"constant": "定值", "floor": "取整", "interpolate": "折线值", "lookup": "分档值",
           "subtract": "差额"},
    "en": {"constant": "constant", "floor": "whole part", "interpolate": "value on the line",
           "lookup": "value of the band", "subtract": "difference"},
}  # fmt: skip
_VALUE = {"zh": "取值", "en": "value"}
_KEEPS_UNIT = ("minimum", "maximum", "round", "add", "subtract", "sum", "where", "absolute")
_UNITS = {"zh": {"points": "个百分点", "marks": "分"}, "en": {"points": " points", "marks": ""}}
MOST_TERMS = 7
"""Terms of an equation; with more, inner steps are shown as their values."""


def children(step: Step) -> Sequence[Step]:
    return list(step.get("of", ()))


def detail(step: Step) -> Mapping[str, Any]:
    found: Mapping[str, Any] = step.get("detail", {})
    return found


def label(step: Step, language: Language = "zh") -> str:
    """The term of a step without its bracketed unit."""
    said = str(step.get("label", "")).partition("（")[0]
    return said if language == "zh" else english(said, detail(step))


def unit_of(step: Step) -> str:
    """ratio, points, marks, time, place, number, amount or empty, from what the step is called."""
    known = str(detail(step).get("quantity", ""))
    if known:
        return quantity_unit(known)
    if step["op"] in ("rank", "count"):
        return "place" if step["op"] == "rank" else "number"
    name = quantity_named(label(step).removeprefix("计分"))
    if name and label(step):
        return quantity_unit(name)
    if ("indicator" in detail(step) and step["op"] != "input") or label(step).endswith("分"):
        return "marks"
    inner = children(step)
    return unit_of(inner[0]) if inner and step["op"] in _KEEPS_UNIT else ""


def value_text(step: Step, language: Language = "zh") -> str:
    """A step's value as people write it: 52,050万元, 65.0625%, 第2位, 是."""
    value, zh = step.get("value"), language == "zh"
    if value is None:
        return "—"
    if step["op"] in _TESTS:
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    unit = unit_of(step)
    if unit == "ratio":
        return percent_short(value)
    if unit == "place":
        return f"第{short(value)}位" if zh else f"place {short(value)}"
    places = detail(step).get("places")
    after = _UNITS[language].get(unit, "")
    return f"{_grouped(value, places)}{after or detail(step).get('measure', '')}"


def _grouped(value: float, places: int | None = None) -> str:
    """A number with thousands separators, four decimals at most unless `places` says."""
    if places is not None:
        return text(value, places, grouped=True)
    fixed = text(value, 4, grouped=True)
    return fixed.rstrip("0").rstrip(".") if "." in fixed else fixed


def bare(step: Step) -> str:
    """A value for an equation: percentages keep their sign, other units go under it."""
    value = step.get("value")
    if value is None:
        return "—"
    if unit_of(step) == "ratio":
        return percent_short(value)
    return _grouped(value, detail(step).get("places"))


def formula(step: Step, language: Language = "zh") -> str:
    """What was done, in the terms of the step's parts: 完成数 ÷ 目标值; empty for an input."""
    op, parts = step["op"], children(step)
    if not parts:
        return ""
    if op in ("minimum", "maximum", "round"):
        return _limited(step, language)
    if op == "where":
        return _term(parts[1], language)
    if op in _TESTS:
        return f"{_term(parts[0], language)} {_TESTS[op]} {_term(parts[1], language)}"
    if op == "absolute":
        return f"|{_term(parts[0], language)}|"
    if negated(step) is not None:
        return f"−{_inside(parts[1], 'multiply', language)}"
    if op in SIGNS:
        kept = telling(step)
        return (
            f" {SIGNS[op]} ".join(_inside(part, op, language) for part in kept)
            if kept[1:]
            else _term(kept[0], language)
        )
    word = _WORDS[language].get(op, op)
    return f"{word}{'：' if language == 'zh' else ': '}{_term(parts[0], language)}"


def _limited(step: Step, language: Language) -> str:
    """A bound or a rounding: 完成率，最高120% / attainment, at most 120%."""
    zh, parts = language == "zh", children(step)
    said = f"{_term(parts[0], language)}{'，' if zh else ', '}"
    if step["op"] == "round":
        places = detail(step).get("places", 0)
        return said + (f"四舍五入到{places}位" if zh else f"rounded half up, decimals: {places}")
    highest = step["op"] == "minimum"
    bound = ("最高" if highest else "最低") if zh else ("at most " if highest else "at least ")
    return f"{said}{bound}{_bound(parts[1], unit_of(parts[0]), language)}"


def _term(step: Step, language: Language) -> str:
    """How a step is called inside a formula: its label, its value, or its own formula."""
    if label(step):
        return label(step, language)
    return formula(step, language) or bare(step)


def _bound(step: Step, unit: str, language: Language) -> str:
    """A limit, in the unit of what it limits."""
    if step["op"] == "constant" and not label(step) and unit == "ratio":
        return percent_short(step["value"])
    return _term(step, language)


def telling(step: Step) -> Sequence[Step]:
    """A step's parts without what changes nothing: − 0, ÷ 1 as rulebooks' settings leave them."""
    parts, neutral = children(step), _NEUTRAL.get(step["op"])
    return [
        part
        for place, part in enumerate(parts)
        if not (place and part["op"] == "constant" and part["value"] == neutral)
    ]


def negated(step: Step) -> Step | None:
    """What stands behind the minus of 0 − x."""
    parts = children(step)
    zero = step["op"] == "subtract" and parts[0]["op"] == "constant" and parts[0]["value"] == 0
    return parts[1] if zero else None


def _inside(step: Step, op: str, language: Language) -> str:
    said = _term(step, language)
    while not label(step) and step["op"] in _NEUTRAL and len(telling(step)) == 1:
        step = telling(step)[0]
    loose = not label(step) and _PRECEDENCE.get(step["op"], 9) <= _PRECEDENCE[op]
    if not (loose and children(step)):
        return said
    return f"（{said}）" if language == "zh" else f"({said})"


Token = tuple[str, str]
"""A piece of an equation and what stands under it: ("52,050", "完成数（万元）"), ("×", "")."""


def equation(step: Step, *, to_marks: bool = False, language: Language = "zh") -> list[Token]:
    """The right side of the equation for a step, down to its inputs as far as it stays short.

    Limits that did not bind and roundings are passed through; a whole score goes down to its
    marks only (`to_marks`). Empty where nothing is calculated.
    """
    for depth in (9, 6, 5, 4, 3, 2, 1):
        tokens = _tokens(step, depth, 0, to_marks, language)
        terms = sum(1 for _, under in tokens if under)
        if terms <= MOST_TERMS:
            return tokens if terms > 1 else []
    return []


def _tokens(step: Step, depth: int, outer: int, to_marks: bool, language: Language) -> list[Token]:
    mark = to_marks and "indicator" in detail(step)
    through = None if mark else _through(step)
    if through is not None:
        return _named(_tokens(through, depth, outer, to_marks, language), step, language)
    op, parts = step["op"], telling(step)
    if op in ("add", "sum"):
        parts = [part for part in parts if part["value"] != 0] or parts[:1]
    if op == "subtract" and len(parts) == 2 and parts[1]["value"] == 0:
        parts = parts[:1]
    if len(parts) == 1 and op in SIGNS:
        return _named(_tokens(parts[0], depth, outer, to_marks, language), step, language)
    figure = detail(step).get("quantity") or unit_of(step) == "points"
    if mark or op not in SIGNS or depth == 0 or figure or negated(step) is not None:
        return [(bare(step), _under(step, language))]
    own = _PRECEDENCE[op]
    out: list[Token] = []
    for place, part in enumerate(parts):
        behind = negated(part) if place and op in ("add", "sum") else None
        tight = own + 1 if place and op in ("subtract", "divide", "power") else own
        out += [("−" if behind else SIGNS[op], "")] if place else []
        within = own + 1 if behind else tight
        out += _tokens(behind or part, depth - 1, within, to_marks, language)
    return [("(", ""), *out, (")", "")] if own < outer else out


def _named(tokens: list[Token], step: Step, language: Language) -> list[Token]:
    """A single value that has no name of its own takes the name of the step it stands for."""
    nameless = (_VALUE[language], *_NAMELESS[language].values())
    if len(tokens) == 1 and tokens[0][1] in nameless and label(step):
        return [(bare(step), _under(step, language))]
    return tokens


def _through(step: Step) -> Step | None:
    """The part that a step hands on unchanged: a limit's chosen side, a rounding, a branch."""
    parts = children(step)
    if step["op"] == "round":
        return parts[0]
    if step["op"] == "where":
        return parts[1]
    if step["op"] in ("minimum", "maximum"):
        return parts[0] if parts[0].get("value") == step.get("value") else parts[1]
    return None


def _under(step: Step, language: Language) -> str:
    zh = language == "zh"
    measure = str(detail(step).get("measure", ""))
    name = label(step, language) or _NAMELESS[language].get(step["op"], _VALUE[language])
    measure = measure or (("百分点" if zh else "points") if unit_of(step) == "points" else "")
    if not measure:
        return name
    return f"{name}（{measure}）" if zh else f"{name} ({measure})"
