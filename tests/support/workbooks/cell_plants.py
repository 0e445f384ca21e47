"""Defects of a single cell: odd numbers, marks for missing, percentages, formulas, errors."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from saima.places import cell_name
from tests.support.workbooks.model import Cell, Draft, Expected

MISSING = {"—": "not-applicable", "…": "below-unit", "/": "not-applicable", "": "not-reported",
           "暂无数据": "not-reported", "不详": "unknown", "-": "not-applicable"}  # fmt: skip


def name_of(cell: Cell) -> str:
    return cell_name(*cell)


def pick(d: Draft, rng: random.Random) -> Cell:
    return rng.choice(d.figures())


def told(code: str, cell: Cell, **state: Any) -> Expected:
    return Expected([(code, name_of(cell))], {cell: state} if state else {})


def as_text(code: str, form: Callable[[str], str]) -> Callable[[Draft, random.Random], Expected]:
    """A number written as a text of some form, read as the same number."""

    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = pick(d, rng)
        d.cells[cell] = form(f"{d.truth[cell]}")
        return told(code, cell)

    return plant


def unreadable(
    code: str, value: Callable[[Draft, Cell], object]
) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = pick(d, rng)
        d.cells[cell], d.truth[cell] = value(d, cell), None
        return Expected([(code, name_of(cell))], unread={cell})

    return plant


def missing(mark: str) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = pick(d, rng)
        d.truth[cell] = None
        if mark:
            d.cells[cell] = mark
        else:
            del d.cells[cell]
        return Expected(states={cell: {"missing": MISSING[mark]}})

    return plant


def converted(suffix: str, factor: int) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell, value = pick(d, rng), Decimal(rng.randint(11, 99)) / 10
        d.cells[cell], d.truth[cell] = f"{value}{suffix}", value * factor
        return told("sheet-measure-converted", cell, measure="万元")

    return plant


def word_for_zero(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.cells[cell], d.truth[cell] = "无", Decimal(0)
    return Expected(states={cell: {"missing": "zero"}})


def rate_cell(d: Draft, rng: random.Random) -> Cell | None:
    return (rng.choice(d.data), d.rates[0]) if d.rates else None


def percent_as_text(d: Draft, rng: random.Random) -> Expected | None:
    cell = rate_cell(d, rng)
    if not cell:
        return None
    d.cells[cell] = f"{d.truth[cell]}%"
    return told("sheet-percent-as-text", cell, measure="%")


def percent_as_fraction(d: Draft, rng: random.Random) -> Expected | None:
    cell = rate_cell(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = 0.972, Decimal("0.972")
    return told("sheet-percent-scale", cell)


def percent_format(d: Draft, rng: random.Random) -> Expected | None:
    cell = rate_cell(d, rng)
    if not cell:
        return None
    d.cells[cell], d.formats[cell], d.truth[cell] = 0.972, "0.0%", Decimal("97.2")
    return Expected(states={cell: {"measure": "%"}})


def at_least(d: Draft, rng: random.Random) -> Expected | None:
    cell = rate_cell(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = rng.choice(["≥95%", "不低于95%", "95%以上"]), Decimal(95)
    return Expected(states={cell: {"bound": ">="}})


def at_most(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.cells[cell], d.truth[cell] = rng.choice(["不超过300", "≤300", "300以内"]), Decimal(300)
    return Expected(states={cell: {"bound": "<="}})


def in_brackets(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.cells[cell], d.truth[cell] = "（123.4）", Decimal("-123.4")
    return told("sheet-negative-in-brackets", cell)


def sign_in_words(d: Draft, rng: random.Random) -> Expected | None:
    cell = rate_cell(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = "下降3.2%", Decimal("-3.2")
    return told("sheet-sign-in-words", cell)


def triangle(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.cells[cell], d.truth[cell] = "▲55.5", Decimal("-55.5")
    return told("sheet-triangle-sign", cell)


def formula_with_value(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.formulas[cell] = ("=1+2", d.cells[cell])
    return Expected()


def formula_without_value(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.formulas[cell], d.truth[cell] = ("=1+2", ""), None
    return Expected([("sheet-formula-without-value", name_of(cell))], unread={cell})


def error_value(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.formulas[cell], d.truth[cell] = ("=1/0", rng.choice(["#DIV/0!", "#N/A", "#REF!"])), None
    return Expected([("sheet-error-value", name_of(cell))], unread={cell})


def full_width(text: str) -> str:
    return text.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})


def grouped(text: str) -> str:
    return f"{Decimal(text):,}"
