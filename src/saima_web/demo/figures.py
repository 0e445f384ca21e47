"""The demonstration's numbers: targets that add up, and invented figures with a story in them.

Everything comes from one seed, so that every demonstration is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from saima import campaigns as library
from saima.periods import Clock
from saima.rounding import half_up
from saima.tables import Tables
from saima_web.demo.plan import (
    BEGUN,
    DEPARTMENTS,
    FLOW,
    FOUNDED,
    GROUP,
    ITEMS,
    PROJECTS,
    TRACKS,
    UNITS,
    YEAR,
    Item,
)

SEED = 20260103
SEASON = np.array([6, 5, 8, 8, 9, 9, 8, 8, 9, 9, 10, 11], dtype=float)
SEASON /= SEASON.sum()

STORIES: dict[tuple[str, str], tuple[int, int, float]] = {
    ("C5", "investment"): (3, 12, 0.70),
    ("C5", "agreements"): (5, 12, 0.82),
    ("C5", "households_left"): (5, 12, 0.80),
    ("E1", "investment"): (2, 8, 0.78),
    ("E5", "revenue"): (6, 9, 0.74),
    ("S3", "receivables"): (4, 12, 0.80),
    ("E4", "profit"): (7, 10, 0.80),
    ("C4", "signed"): (8, 10, 0.60),
    ("E2", "revenue"): (1, 12, 1.05),
}
"""(unit, indicator) -> from month, to month, factor on what they would have done."""

OPENING = 90
"""Households left at the year's start, at size 1."""


@dataclass(frozen=True)
class Cell:
    """What a unit has for an indicator: the year's target, monthly plans and true monthly values."""

    unit: str
    item: Item
    target: float
    plan: tuple[float, ...]
    actual: tuple[float, ...]
    opening: float | None = None
    last_year: tuple[float, ...] = ()


def cells() -> list[Cell]:
    """All cells of the year, January to December."""
    random = np.random.Generator(np.random.PCG64(SEED))
    found = []
    for code, _, _, track, size, keeps in UNITS:
        luck = np.cumsum(random.normal(0, 0.035, 12)) * 0.9
        for item in ITEMS:
            noise = luck + random.normal(0, 0.05, 12)
            if str(track) in item.tracks:
                found.append(_cell(code, item, size, keeps, noise))
    return found


def _cell(unit: str, item: Item, size: float, keeps: float, noise: np.ndarray) -> Cell:
    steady = keeps + noise
    start, end, factor = STORIES.get((unit, item.code), (1, 0, 1.0))
    months = np.arange(1, 13)
    steady = np.where((months >= start) & (months <= end), steady * factor, steady)
    if item.direction == "clear-to-zero":
        return _cleared(unit, item, size, steady)
    if item.nature == FLOW:
        return _flow(unit, item, size, steady)
    return _level(unit, item, steady)


def _flow(unit: str, item: Item, size: float, steady: np.ndarray) -> Cell:
    year = _round(item.target * size, item.decimals)
    if item.code == "investment":
        year = float(sum(_round(p * _size(unit), 0) for _, p in PROJECTS.get(unit, (("", 8000),))))
    plan = shares(year, item.decimals, FOUNDED[unit].month - 1 if unit in FOUNDED else 0)
    share = np.array(plan) * steady
    actual = _counted(share, item)
    before = tuple(_round(v * 0.92, item.decimals) for v in actual)
    return Cell(unit, item, year, plan, actual, last_year=before)


def _counted(share: np.ndarray, item: Item) -> tuple[float, ...]:
    """Whole things come whole: what does not fit into a month goes on to the next."""
    if item.code == "accidents":
        return (0.0,) * 12
    total = half_up(np.cumsum(share), item.decimals)
    return tuple(float(v) for v in half_up(np.diff(total, prepend=0.0), item.decimals))


def _level(unit: str, item: Item, steady: np.ndarray) -> Cell:
    wobble = (steady - 1.0) * 12
    worse = -1 if item.direction == "less" else 1
    values = item.target + worse * np.minimum(wobble, 1.2)
    if item.code == "energy":
        values = item.target + wobble * 0.15
    top = 100.0 if item.measure == "%" else np.inf
    actual = tuple(_round(min(max(v, 0), top), item.decimals) for v in values)
    return Cell(unit, item, item.target, (), actual)


def _cleared(unit: str, item: Item, size: float, steady: np.ndarray) -> Cell:
    opening = round(OPENING * size)
    plan = tuple(float(round(opening * (1 - m / 12))) for m in range(1, 13))
    gone = np.cumsum(steady / 12 * opening)
    actual = tuple(float(max(0, round(opening - g))) for g in gone)
    return Cell(unit, item, 0.0, plan, actual, opening=float(opening))


def shares(year: float, decimals: int, idle: int = 0) -> tuple[float, ...]:
    """The year spread over the months by season, at the measure's precision, adding up exactly.

    idle: so many months at the start have nothing.
    """
    season = np.where(np.arange(12) < idle, 0.0, SEASON)
    total = half_up(np.cumsum(season / season.sum()) * year, decimals)
    return tuple(float(v) for v in half_up(np.diff(total, prepend=0.0), decimals))


def _round(value: float, decimals: int) -> float:
    return float(half_up(value, decimals))


def _size(unit: str) -> float:
    return next(u[4] for u in UNITS if u[0] == unit)


def project_plans() -> Iterator[tuple[str, str, str, float]]:
    """Unit, project, month and planned investment; a unit's projects add up to its plan."""
    for unit, projects in PROJECTS.items():
        wholes = [_round(p * _size(unit), 0) for _, p in projects]
        plan = shares(sum(wholes), 0)
        parts = [shares(w, 0) for w in wholes[:-1]]
        for m in range(12):
            given = 0.0
            for (name, _), part in zip(projects, parts, strict=False):
                yield unit, name, f"{YEAR}-{m + 1:02}", part[m]
                given += part[m]
            yield unit, projects[-1][0], f"{YEAR}-{m + 1:02}", plan[m] - given


def tables() -> Tables:
    """The demonstration as a campaign to import: units, indicators, targets, last year's figures."""
    return Tables(_campaign(), _targets(), _history(), name="演示")


def _campaign() -> library.Campaign:
    return library.Campaign(
        name="百日攻坚·决战四季度",
        organisation=GROUP[2],
        clock=Clock("natural_year", date(YEAR, 1, 1), date(YEAR, 12, 31)),
        counts=("confirmed", "official"),
        tracks=TRACKS,
        units=tuple(_units()),
        indicators=tuple(_indicators()),
        documents=library.DocumentSettings(
            letterhead=f"{GROUP[1]}文件",
            number=f"示例城投考核〔{YEAR}〕{{issue}}号",
            addressee="各部门、各子公司",
            signature=GROUP[1],
            copies_to="集团领导班子成员",
            printed_by=f"{GROUP[2]}考核办公室",
        ),
        demo=True,
    )


def _units() -> Iterator[library.Unit]:
    code, name, short = GROUP
    yield library.Unit(code=code, name=name, short_name=short, kind="group", order=0)
    for n, (code, name, short) in enumerate(DEPARTMENTS):
        yield library.Unit(
            code=code, name=name, short_name=short, kind="department", parent="G", order=n + 1
        )
    for n, (code, name, short, track, _, _) in enumerate(UNITS):
        yield library.Unit(
            code=code, name=name, short_name=short, kind="company", parent="G", order=20 + n,
            track=TRACKS[track], ranked=code not in FOUNDED, valid_from=FOUNDED.get(code),
        )  # fmt: skip


def _indicators() -> Iterator[library.Indicator]:
    for item in ITEMS:
        yield library.Indicator(
            code=item.code, name=item.name, category=item.category, measure=item.measure,
            decimals=item.decimals, direction=item.direction, nature=item.nature,  # type: ignore[arg-type]
            data_owner=item.owner, lead_unit=item.owner,
            definitions=(library.Definition(text=item.definition, basis=f"示例城投〔{YEAR}〕9号"),),
        )  # fmt: skip


def _targets() -> pl.DataFrame:
    rows = []
    for cell in cells():
        rows.append((cell.unit, cell.item.code, str(YEAR), cell.target))
        rows += [
            (cell.unit, cell.item.code, f"{YEAR}-{m + 1:02}", value)
            for m, value in enumerate(cell.plan)
        ]
    frame = pl.DataFrame(rows, schema=("unit", "indicator", "period", "target"), orient="row")
    return frame.with_columns(
        pl.col("target").cast(pl.Float64),
        pl.lit(None, pl.Float64).alias("stretch"),
        pl.lit("").alias("goal"),
        *_nowhere(),
    )


def _history() -> pl.DataFrame:
    rows = []
    for cell in cells():
        if cell.opening is not None:
            rows.append((cell.unit, cell.item.code, f"{YEAR - 1}-12", cell.opening))
        rows += [
            (cell.unit, cell.item.code, f"{YEAR - 1}-{m + 1:02}", value)
            for m, value in enumerate(cell.last_year)
            if cell.unit not in FOUNDED
        ]
        first = FOUNDED[cell.unit].month - 1 if cell.unit in FOUNDED else 0
        rows += [
            (cell.unit, cell.item.code, f"{YEAR}-{m + 1:02}", cell.actual[m])
            for m in range(first, BEGUN.month - 1)
        ]
    frame = pl.DataFrame(rows, schema=("unit", "indicator", "period", "value"), orient="row")
    return frame.with_columns(
        pl.col("value").cast(pl.Float64),
        pl.lit("confirmed").alias("source"),
        pl.lit("").alias("missing"),
        pl.lit("").alias("grade"),
        *_nowhere(),
    )


def _nowhere() -> list[pl.Expr]:
    return [
        pl.lit(None, pl.Datetime("us")).alias("recorded_at"),
        pl.lit("演示").alias("table"),
        pl.lit(0, pl.Int32).alias("row"),
        pl.lit(-1, pl.Int32).alias("column"),
    ]
