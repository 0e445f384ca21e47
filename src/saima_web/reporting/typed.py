"""What somebody wrote into a cell: a number in the indicator's measure, a mark, or a grade."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from saima.files.sheet.measures import convert
from saima.files.sheet.values import parse
from saima.problems import Language, Place, Refused, declare, refuse
from saima_web.indicators.models import Indicator

NOT_READ = declare(
    "figure-not-read",
    "“{text}”不是数字。",
    "请填数字；不适用的填“—”。",
    "“{text}” is not a number.",
    "Give a number, or “—” where it does not apply.",
)
WRONG_MEASURE = declare(
    "figure-in-other-measure",
    "“{text}”的计量单位不能换算成{measure}。",
    "请按{measure}填写。",
    "“{text}” cannot be converted to {measure}.",
    "Give the figure in {measure}.",
)
BOUNDED = declare(
    "figure-with-bound",
    "“{text}”是一个范围，不是实际数。",
    "请填实际完成的数。",
    "“{text}” is a bound, not an actual figure.",
    "Give the actual figure.",
)
MARKS = {"not-applicable": "—", "below-unit": "…", "unknown": "不详", "excluded": "不计"}
"""How a kind of missing is written in a cell."""


def language() -> Language:
    """The reader's language, as problems know it."""
    return "en" if get_language() == "en" else "zh"


def told(error: Refused) -> str:
    """A refusal in the reader's words: what is wrong, and the mend."""
    problem, gap = error.problem, " " if language() == "en" else ""
    return problem.message(language()) + gap + problem.hint(language())


@dataclass(frozen=True)
class Typed:
    """A value, or a kind of missing, or a grade; none of them clears the cell."""

    value: Decimal | None = None
    missing: str = ""
    grade: str = ""


def read(raw: object, indicator: Indicator, place: Place | None = None, measure: str = "") -> Typed:
    """Read a cell's text or a workbook's raw value. Errors: Refused, with the mend.

    measure: what the row's label says its number is in, for numbers without one of their own.
    """
    text = str(raw).strip() if raw is not None else ""
    if not text:
        return Typed()
    if indicator.qualitative:
        return Typed(grade=text[:20])
    found = parse(raw if isinstance(raw, float | int) else text)
    if found.missing and found.number is None:
        return Typed(missing="" if found.missing == "not-reported" else found.missing)
    if found.number is None or "持平" in text:
        raise refuse(NOT_READ, place, text=text[:40])
    if found.bound and found.bound != "~":
        raise refuse(BOUNDED, place, text=text[:40])
    return Typed(_in_measure(found.number, found.measure or measure, indicator, text, place))


def _in_measure(
    number: Decimal, measure: str, indicator: Indicator, text: str, place: Place | None
) -> Decimal:
    if not measure or measure == indicator.measure:
        return number
    value = convert(number, measure, indicator.measure)
    if value is None:
        raise refuse(WRONG_MEASURE, place, text=text[:40], measure=indicator.measure or "数")
    return value
