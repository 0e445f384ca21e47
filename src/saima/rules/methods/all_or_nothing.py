"""Full marks if a value passes a test, else nothing (达标得满分，未达标不得分)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rounding import SETTLED_DECIMALS, number
from saima.rules.quantities import Quantities, quantity_unit
from saima.rules.slopes import in_marks, settled
from saima.rules.values import Marks, OfQuantity, Quantity
from saima.rules.words import Cell, marks_text, term, told
from saima.steps import Num, apply, named, where

NAME = "all-or-nothing"
TITLE = ("达标计分", "all or nothing")

Test = Literal["at-least", "more-than", "at-most", "less-than"]
_WORDS = {
    "at-least": ("达到", "未达到"),
    "more-than": ("超过", "未超过"),
    "at-most": ("不高于", "高于"),
    "less-than": ("低于", "不低于"),
}


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="看哪个量")] = "attainment"
    test: Annotated[Test, Meta(description="达到、超过、不高于、低于")] = "at-least"
    than: Annotated[
        OfQuantity | Quantity, Meta(description="标准：一个数，或另一个量（如 mean-all-growth）")
    ] = 1.0
    marks: Annotated[Marks, Meta(description="达标得几分")] = "full"
    otherwise: Annotated[Marks, Meta(description="未达标得几分")] = 0.0


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of, s.than) if isinstance(s.than, str) else (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·1[a ≥ T]. Source: 经济发展指标月度评估办法, 指标完成年度目标即得该项指标满分，未完成目标不得分."""
    full, x, than = q.get("full"), settled(q.get(s.of)), settled(q.value(s.than))
    passed = named(apply(s.test.replace("-", "_"), x, than), "是否达标")
    return named(where(passed, in_marks(s.marks, full), in_marks(s.otherwise, full)), "达标得分")


def rule(s: Settings, language: str) -> str:
    got, rest = marks_text(s.marks, language), marks_text(s.otherwise, language)
    if language != "zh":
        return (
            f"{s.of} {s.test.replace('-', ' ')} {_standard(s, language)}: {got}; otherwise {rest}."
        )
    rest = "不得分" if s.otherwise == 0.0 else f"得{rest}"
    return f"{term(s.of)}{_WORDS[s.test][0]}{_standard(s, language)}得{got}，否则{rest}。"


def _standard(s: Settings, language: str) -> str:
    if isinstance(s.than, str):
        return term(s.than) if language == "zh" else s.than
    return told(s.than, quantity_unit(s.of), language=language)


def sentence(c: Cell, s: Settings, language: str) -> str:
    passed = passes(c[s.of], s.test, c.value(s.than))
    figure = f"（{c.told(s.than)}）" if isinstance(s.than, str) else ""
    if language != "zh":
        word = "passes" if passed else "fails"
        return (
            f"{s.of} {c.told(s.of, language)} {word} {s.test} {_standard(s, language)}: {c.points}"
        )
    word = _WORDS[s.test][0 if passed else 1]
    return f"{term(s.of)}{c.told(s.of)}，{word}{_standard(s, language)}{figure}，得{c.points}分"


def passes(value: float, test: Test, than: float) -> bool:
    """The test on plain numbers."""
    value, than = number(value, SETTLED_DECIMALS), number(than, SETTLED_DECIMALS)
    return {
        "at-least": value >= than,
        "more-than": value > than,
        "at-most": value <= than,
        "less-than": value < than,
    }[test]
