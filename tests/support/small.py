"""Small campaigns in a few lines, for tests that state every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from saima.campaigns import Campaign, Event, Indicator, Unit
from saima.periods import Clock
from saima.rules.reading import read_rulebook
from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring, score
from saima.tables import Tables

YEAR = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31))

Figures = Mapping[tuple[str, str, str], Any]
"""(unit, indicator, period) -> number, missing kind as text, or None for not reported."""


def tables(
    units: Sequence[Unit | str],
    indicators: Sequence[Indicator],
    figures: Figures,
    targets: Mapping[tuple[str, str, str], float] | None = None,
    *,
    clock: Clock = YEAR,
    events: Sequence[Event] = (),
    **campaign: Any,
) -> Tables:
    """Tables of a campaign; units given as text are companies of one track."""
    whole = [
        u if isinstance(u, Unit) else Unit(code=u, name=f"示例{u}公司", order=n, track="企业赛道")
        for n, u in enumerate(units)
    ]
    made = Campaign(
        name="示例行动（虚构）",
        organisation="示例集团",
        clock=clock,
        units=tuple(whole),
        indicators=tuple(indicators),
        events=tuple(events),
        **campaign,
    )
    return Tables(made, _targets(targets or {}), _facts(figures), "示例.xlsx")


def _facts(figures: Figures) -> pl.DataFrame:
    rows = [
        {
            "unit": unit,
            "indicator": indicator,
            "period": period,
            "source": "confirmed",
            "value": None if value is None or isinstance(value, str) else float(value),
            "missing": value if isinstance(value, str) else "not-reported" if value is None else "",
        }
        for (unit, indicator, period), value in figures.items()
    ]
    schema = dict.fromkeys(("unit", "indicator", "period", "source"), pl.String)
    frame = pl.DataFrame(rows, schema={**schema, "value": pl.Float64, "missing": pl.String})
    return _placed(frame.with_columns(grade=pl.lit("")), "数据")


def _targets(targets: Mapping[tuple[str, str, str], float]) -> pl.DataFrame:
    rows = [
        {"unit": unit, "indicator": indicator, "period": period, "target": float(value)}
        for (unit, indicator, period), value in targets.items()
    ]
    schema = dict.fromkeys(("unit", "indicator", "period"), pl.String)
    frame = pl.DataFrame(rows, schema={**schema, "target": pl.Float64})
    extra = {"stretch": pl.lit(None, dtype=pl.Float64), "goal": pl.lit("")}
    return _placed(frame.with_columns(**extra), "目标")


def _placed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    return frame.with_columns(
        recorded_at=pl.lit(None, dtype=pl.Datetime),
        table=pl.lit(table),
        row=pl.int_range(pl.len(), dtype=pl.Int32) + 2,
        column=pl.lit(3, dtype=pl.Int32),
    )


def rulebook(text: str) -> Rulebook:
    """A rulebook from YAML that must read without a problem."""
    made, problems = read_rulebook(text, "办法.yaml")
    assert made is not None, [p.text() for p in problems]
    return made


def one_leaf(leaf: str, head: str = "rounding: {marks: null, score: null}") -> Rulebook:
    """A rulebook with one scored indicator, written as a YAML flow mapping."""
    return rulebook(
        f"rulebook: small\nname: 示例办法\n{head}\ntree:\n"
        f"  - category: 全部\n    indicators:\n      - {leaf}\n"
    )


def scored(made: Tables, book: Rulebook) -> Scoring:
    return score(made, book)
