"""Words for marks: one cell's numbers, printed as officials print them, and joined to sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from saima.rounding import text as digits
from saima.rules.quantities import quantity_label, quantity_unit

_remembered = lru_cache(maxsize=16384)  # full marks, caps and whole marks are printed over and over


class Cell(msgspec.Struct, frozen=True):
    """One unit × indicator × period as plain numbers, for sentences.

    `values` holds the quantities that the method used (NaN where unknown) by name; `measure` and
    `decimals` print amounts; `full` and `marks` are the full marks and the marks awarded
    (after the rulebook's rounding), `label` names the indicator.
    """

    label: str
    measure: str
    decimals: int
    full: float
    marks: float
    marks_decimals: int | None
    values: Mapping[str, float] = msgspec.field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values.get(name, float("nan"))

    def value(self, stated: float | str) -> float:
        """A number as a rulebook states it, or that of the quantity that it names instead."""
        return self[stated] if isinstance(stated, str) else stated

    def plain(self, value: float, of: str, language: str = "zh") -> str:
        """A stated value in the unit of a quantity and the indicator's measure."""
        return told(value, quantity_unit(of), self.measure, self.decimals, language)

    def amount(self, name: str) -> str:
        """A quantity in the indicator's measure: 52,050万元."""
        return amount(self[name], self.measure, self.decimals)

    def told(self, name: str, language: str = "zh") -> str:
        """A quantity in its own unit: 65.06%, 6.25个百分点, 第2位, 52,050万元."""
        return told(self[name], quantity_unit(name), self.measure, self.decimals, language)

    def share(self, name: str) -> str:
        """A ratio as a percentage: 65.06%."""
        return percent(self[name])

    @property
    def points(self) -> str:
        """The marks awarded, in the rulebook's decimals."""
        return points(self.marks, self.marks_decimals)

    @property
    def full_points(self) -> str:
        return points(self.full)


@lru_cache
def term(name: str) -> str:
    """The term for a quantity in a sentence: 超欠序时."""
    return quantity_label(name).partition("（")[0]


def told(
    value: float, unit: str, measure: str = "", decimals: int | None = None, language: str = "zh"
) -> str:
    """A value of a quantity in the quantity's unit."""
    if unit == "ratio":
        return percent_short(value) if decimals is None else percent(value)
    if unit == "amount":
        return f"{_short(value)}{measure}" if decimals is None else amount(value, measure, decimals)
    before, after = _AROUND.get((unit, language), ("", ""))
    return f"{before}{_short(value)}{after}"


_AROUND = {
    ("points", "zh"): ("", "个百分点"),
    ("points", "en"): ("", " points"),
    ("place", "zh"): ("第", "位"),
    ("place", "en"): ("place ", ""),
}


def difference(value: float, unit: str, measure: str = "", language: str = "zh") -> str:
    """A difference of two values of a quantity: between ratios it is in percentage points."""
    if unit == "ratio":
        return told(value * 100.0, "points", language=language)
    if unit == "place":
        return f"{_short(value)}{'位' if language == 'zh' else ' places'}"
    return told(value, unit, measure, language=language)


def marks_text(marks: float | str, language: str = "zh") -> str:
    """Marks as rulebooks state them: 3分, 满分, 满分的80%."""
    if isinstance(marks, str):
        if language != "zh":
            return "full marks" if marks == "full" else f"{marks} of full marks"
        return "满分" if marks == "full" else f"满分的{marks}"
    return f"{_short(marks)}分" if language == "zh" else f"{_short(marks)} marks"


def amount(value: float, measure: str = "", decimals: int = 2) -> str:
    return f"{digits(value, decimals, grouped=True)}{measure}"


@_remembered
def percent(value: float, places: int = 2) -> str:
    return f"{digits(value * 100.0, places)}%"


def percent_short(value: float) -> str:
    """A ratio as a percentage, as short as it is: 5%."""
    return f"{_short(value * 100.0)}%"


@_remembered
def points(value: float, decimals: int | None = None) -> str:
    """Marks: fixed decimals where the rulebook rounds marks, else four at most."""
    return digits(value, decimals) if decimals is not None else _short(value)


def short(value: float) -> str:
    """A number as short as it is, four decimals at most."""
    return _short(value)


@_remembered
def _short(value: float) -> str:
    fixed = digits(value, 4)
    return fixed.rstrip("0").rstrip(".") if "." in fixed else fixed


def gap_words(gap: float, language: str = "zh") -> str:
    """超序时进度6.25个百分点 / 欠序时进度3个百分点 / 与序时进度持平."""
    size = _short(half(abs(gap)))
    if language != "zh":
        state = "ahead of pace by" if gap > 0 else "behind pace by"
        return "on pace" if half(gap) == 0 else f"{state} {size} points"
    if half(gap) == 0:
        return "与序时进度持平"
    return f"{'超' if gap > 0 else '欠'}序时进度{size}个百分点"


def half(value: float) -> float:
    """Percentage points as printed: two decimals."""
    return float(digits(value, 2))
