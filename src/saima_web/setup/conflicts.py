"""What a campaign's tables say otherwise than the platform already knows: nothing is bent silently."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from saima import campaigns as library
from saima.problems import Problem, declare
from saima.tables import Tables
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import library_indicator
from saima_web.people.models import Unit
from saima_web.reporting.models import Figure

UNIT_DIFFERS = declare(
    "unit-differs",
    "代码“{code}”在平台上是“{here}”，文件里是“{there}”。",
    "请改用别的代码；如是同一单位更名，请先在“单位”页修改名称。",
    "unit code {code} is {here} on the platform and {there} in the file.",
    "Use another code, or rename the unit on the Units page if it is the same one.",
)
INDICATOR_DIFFERS = declare(
    "indicator-differs",
    "指标“{name}”（{code}）平台上已有，{field}不同：平台为“{here}”，文件为“{there}”。",
    "同一代码只能有一个含义。含义相同请改成一致，含义不同请换一个代码。",
    "indicator {name} ({code}) exists with another {field}: {here} here, {there} in the file.",
    "One code has one meaning: make them agree, or use another code.",
)
DEFINITION_DIFFERS = declare(
    "definition-differs",
    "指标“{name}”的口径第{version}版平台上已有，文字或生效期不同。",
    "口径一经登记不改动。请沿用平台上的口径，或以新的版本号写明生效期间。",
    "definition {version} of {name} exists with other words or another effective period.",
    "Keep the platform's definition, or give this one a new version and effective period.",
)
FIGURE_DIFFERS = declare(
    "figure-differs",
    "“{unit}”的“{indicator}”{period}平台上已有{here}，文件里是{there}。",
    "一个数只有一个来处。请改成一致；确需更正的，走填报更正流程。",
    "{unit}, {indicator}, {period} is {here} on the platform and {there} in the file.",
    "Make them agree, or correct the figure by reporting it again.",
)

MEANING = {
    "name": "名称",
    "measure": "计量单位",
    "direction": "方向",
    "nature": "数据性质",
    "frequency": "频度",
    "rolls_up": "汇总方式",
    "numerator": "分子指标",
    "denominator": "分母指标",
    "formula": "公式",
    "qualitative": "是否定性",
}
"""Fields that make an indicator what it is, with their names."""

MOST_FIGURES = 50
"""Differing figures that are named one by one."""

Cell = tuple[str, str, str, str]
"""Unit, indicator, period, source."""


def conflicts(tables: Tables) -> list[Problem]:
    """Units, indicators, definitions and figures that the platform knows otherwise."""
    named = tables.campaign
    units = {u.code: u for u in Unit.objects.filter(code__in=[u.code for u in named.units])}
    codes = [x.code for x in named.indicators]
    known = {x.code: x for x in Indicator.objects.filter(code__in=codes)}
    found = [
        *_units(named, units),
        *(p for n, x in enumerate(named.indicators) for p in _indicator(named, n, known)),
    ]
    if units and known:
        found += list(_figures(tables, units, known))[:MOST_FIGURES]
    return found


def _units(named: library.Campaign, units: dict[str, Unit]) -> Iterator[Problem]:
    for n, unit in enumerate(named.units):
        here = units.get(unit.code)
        if here is not None and here.name != unit.name:
            values = {"code": unit.code, "here": here.name, "there": unit.name}
            yield Problem(UNIT_DIFFERS, named.place("units", n), values)


def _indicator(named: library.Campaign, n: int, known: dict[str, Indicator]) -> Iterator[Problem]:
    given = named.indicators[n]
    if given.code not in known:
        return
    here, place = library_indicator(known[given.code]), named.place("indicators", n)
    for field, title in MEANING.items():
        ours, theirs = getattr(here, field), getattr(given, field)
        if ours != theirs:
            values = {"name": here.name, "code": here.code, "field": title}
            yield Problem(INDICATOR_DIFFERS, place, values | {"here": ours, "there": theirs})
    versions = {d.version: d for d in here.definitions}
    for definition in given.definitions:
        if versions.get(definition.version, definition) != definition:
            told: dict[str, Any] = {"name": here.name, "version": definition.version}
            yield Problem(DEFINITION_DIFFERS, place, told)


def _figures(
    tables: Tables, units: dict[str, Unit], known: dict[str, Indicator]
) -> Iterator[Problem]:
    here = figures_known(units, known)
    named = tables.campaign
    for row in facts_of(tables):
        cell = (row["unit"], row["indicator"], row["period"], row["source"])
        if cell in here and here[cell] != said(row):
            yield Problem(
                FIGURE_DIFFERS,
                tables.place(row["table"], row["row"], row["column"]),
                {
                    "unit": named.unit(cell[0]).label, "indicator": named.indicator(cell[1]).name,
                    "period": cell[2], "here": words(here[cell]), "there": words(said(row)),
                },
            )  # fmt: skip


Said = tuple[Decimal | None, str, str]
"""Value, kind of missing, grade."""


def figures_known(units: dict[str, Unit], known: dict[str, Indicator]) -> dict[Cell, Said]:
    """The latest figure of every cell of some units and indicators."""
    rows = Figure.objects.filter(
        unit__in=[u.pk for u in units.values()], indicator__in=[x.pk for x in known.values()]
    ).order_by("pk")
    fields = (
        "unit__code", "indicator__code", "period", "source", "value", "missing", "grade",
        "withdrawn",
    )  # fmt: skip
    found: dict[Cell, Said] = {}
    for *cell, value, missing, grade, withdrawn in rows.values_list(*fields):
        unit, indicator, period, source = cell
        if withdrawn:
            found.pop((unit, indicator, period, source), None)
        else:
            found[unit, indicator, period, source] = (value, missing, grade)
    return found


def facts_of(tables: Tables) -> list[dict[str, Any]]:
    """The facts that say something, oldest first, codes as text; later rows of a cell win."""
    import polars as pl

    said_something = (pl.col("value").is_not_null()) | (pl.col("missing") != "not-reported")
    text = [pl.col(c).cast(pl.String) for c in ("unit", "indicator", "period", "source")]
    rows = tables.facts.with_columns(*text, pl.col("missing").cast(pl.String)).filter(
        said_something | (pl.col("grade") != "")
    )
    latest = rows.sort("recorded_at", nulls_last=False, maintain_order=True)
    cells = ["unit", "indicator", "period", "source"]
    return latest.unique(cells, keep="last", maintain_order=True).to_dicts()


def said(row: dict[str, Any]) -> Said:
    """What a fact's row says, with its number as the text of the float says it."""
    return exact(row["value"]), row["missing"] or "", row["grade"] or ""


def exact(value: float | None) -> Decimal | None:
    """The decimal that a float prints as; None for blanks and not-a-number."""
    return None if value is None or value != value else Decimal(repr(value))


def words(what: Said) -> str:
    """A figure in words."""
    value, missing, grade = what
    return grade or (missing if value is None else format(value.normalize(), "f"))
