"""Facts and targets: from grids in the long or the wide form to the two long tables.

Everything here works on whole columns, because these tables may hold millions of rows. A wide
sheet has one column per period (1月 … 12月) and becomes long by stacking those columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from saima.campaigns import SOURCES
from saima.files.campaign.amounts import Amounts, amounts
from saima.files.campaign.grids import Columns, Grid, columns_of
from saima.files.campaign.keys import Keys, keys_of
from saima.files.campaign.names import Naming
from saima.files.campaign.once import once
from saima.files.campaign.problems import Findings
from saima.files.campaign.values import texts
from saima.periods import Period, parse
from saima.problems import Place, Refused, refuse
from saima.tables import FACT_COLUMNS, MISSING_KINDS, TARGET_COLUMNS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Times:
    """The periods that occur: canonical texts in order of time, and every text as written."""

    canonical: tuple[str, ...]
    of: dict[str, str]


def times_of(columns: list[Columns], naming: Naming) -> Times:
    """Parse every distinct period text of the grids once; those not understood are left out."""
    found: dict[str, Period] = {}
    for written in _period_texts(columns):
        try:
            found[written] = parse(written, naming.clock)
        except Refused:
            continue
    whole = naming.clock.window(naming.clock.start)
    headed = [period for c in columns for _, period in c.periods]
    ordered = sorted({*found.values(), *headed, whole})
    of = {text: period.text for text, period in found.items()} | {whole.text: whole.text}
    return Times(tuple(dict.fromkeys(p.text for p in ordered)), of)


def _period_texts(columns: list[Columns]) -> set[str]:
    read = (c.distinct("period") for c in columns if c.has("period"))
    return {text for column in read for text in texts(column).drop_nulls().to_list()}


def read_facts(
    grids: list[Grid], naming: Naming, findings: Findings, as_of: datetime | None = None
) -> pl.DataFrame:
    """The facts of all grids as one table with FACT_COLUMNS, one row per figure.

    Rows that cannot be placed are named in `findings` and left out. Where figures carry times of
    recording, the last one up to `as_of` stands. Errors: Refused `as-of-without-times`.
    """
    columns = [columns_of(grid, naming.clock, findings) for grid in grids]
    if as_of is not None and not all(c.has("recorded_at") for c in columns):
        bad = next(c.grid for c in columns if not c.has("recorded_at"))
        raise refuse("as-of-without-times", Place(bad.file, bad.sheet))
    times = times_of(columns, naming)
    kinds = _fact_kinds(grids, naming, times)
    parts = [
        part
        for c in columns
        if c.has("unit") and c.has("indicator")
        for part in _fact_parts(c, naming, times, findings)
    ]
    frame = _stacked(parts, kinds)
    return once(frame, naming, findings, "facts", as_of, _files(grids))


def _files(grids: list[Grid]) -> dict[str, Place]:
    return {grid.name: Place(grid.file, grid.sheet) for grid in grids}


def _fact_kinds(grids: list[Grid], naming: Naming, times: Times) -> dict[str, pl.DataType]:
    import polars as pl

    kinds: dict[str, pl.DataType] = {
        "unit": pl.Enum(naming.units.codes),
        "indicator": pl.Enum(naming.indicators.codes),
        "period": pl.Enum(list(times.canonical)),
        "source": pl.Enum(list(SOURCES)),
        "value": pl.Float64(),
        "missing": pl.Enum(list(MISSING_KINDS)),
        "grade": pl.Categorical(),
        "recorded_at": pl.Datetime("us"),
        "table": pl.Enum(list(dict.fromkeys(grid.name for grid in grids))),
        "row": pl.Int32(),
        "column": pl.Int32(),
    }
    return {name: kinds[name] for name in FACT_COLUMNS}


def _fact_parts(
    columns: Columns, naming: Naming, times: Times, findings: Findings
) -> list[pl.DataFrame]:
    """One frame for the long form, one for each period of the wide form that has any figure."""
    keys = keys_of(columns, naming, times.canonical, times.of, findings)
    if columns.has("period"):
        if not columns.has("value") and not columns.has("grade"):
            values = {"table": columns.grid.form.sheet, "header": "数值", "field": "value"}
            findings.add("column-missing", columns.grid.place(-1, 0), **values)
            return []
        index = columns.of.get("value", columns.of.get("grade", 0))
        return [_fact_part(columns, keys, amounts(columns, index, keys, naming, findings), None)]
    read = (
        (period, amounts(columns, index, keys, naming, findings))
        for index, period in columns.periods
    )
    parts = [_fact_part(columns, keys, found, period) for period, found in read if found.any()]
    return [_without_blanks(part, naming) for part in parts]


def _without_blanks(part: pl.DataFrame, naming: Naming) -> pl.DataFrame:
    """A blank cell of what is computed leaves the computing to the library."""
    import polars as pl

    if not naming.computed:
        return part
    blank = pl.col("missing") == "not-reported"
    return part.filter(~(blank & pl.col("indicator").is_in(list(naming.computed))))


def _fact_part(columns: Columns, keys: Keys, found: Amounts, period: Period | None) -> pl.DataFrame:
    import polars as pl

    grade = pl.lit("") if found.words is None else pl.lit(found.words).fill_null("")
    frame = keys.frame.with_columns(
        found.value.alias("value"),
        found.missing.alias("missing"),
        grade.alias("grade"),
        pl.lit(columns.grid.name).alias("table"),
        pl.lit(found.column, dtype=pl.Int32).alias("column"),
    )
    if period is not None:
        frame = frame.with_columns(pl.lit(period.text).alias("period"))
    good = keys.good
    if found.bad is not None:
        good = ~found.bad if good is None else good & ~found.bad
    return frame if good is None else frame.filter(good)


def _stacked(parts: list[pl.DataFrame], kinds: dict[str, pl.DataType]) -> pl.DataFrame:
    """The parts with exactly the columns of `kinds`, one below the other."""
    import polars as pl

    shaped = []
    for part in parts:
        given = [pl.col(n).cast(k) for n, k in kinds.items() if n in part.columns]
        absent = [pl.lit(None, dtype=k).alias(n) for n, k in kinds.items() if n not in part.columns]
        shaped.append(part.with_columns(*given, *absent).select(list(kinds)))
    return pl.concat(shaped) if shaped else pl.DataFrame(schema=kinds)


def read_targets(
    grids: list[Grid], naming: Naming, findings: Findings, as_of: datetime | None = None
) -> pl.DataFrame:
    """The targets of all grids as one table with TARGET_COLUMNS, as `read_facts`."""
    columns = [columns_of(grid, naming.clock, findings) for grid in grids]
    times = times_of(columns, naming)
    facts = _fact_kinds(grids, naming, times)
    import polars as pl

    own: dict[str, pl.DataType] = {
        "target": pl.Float64(),
        "stretch": pl.Float64(),
        "goal": pl.String(),
    }
    kinds = {name: own.get(name) or facts[name] for name in TARGET_COLUMNS}
    parts = [
        part
        for c in columns
        if c.has("unit") and c.has("indicator")
        for part in _target_parts(c, naming, times, findings)
    ]
    return once(_stacked(parts, kinds), naming, findings, "targets", as_of, _files(grids))


def _target_parts(
    columns: Columns, naming: Naming, times: Times, findings: Findings
) -> list[pl.DataFrame]:
    keys = keys_of(columns, naming, times.canonical, times.of, findings)
    whole = None if columns.has("period") else naming.clock.window(naming.clock.start)
    parts = [_whole_target(columns, keys, naming, findings, whole)]
    for index, period in columns.periods:
        found = amounts(columns, index, keys, naming, findings)
        if found.any():
            parts.append(_target_part(columns, keys, found, None, None, period))
    return parts


def _whole_target(
    columns: Columns, keys: Keys, naming: Naming, findings: Findings, period: Period | None
) -> pl.DataFrame:
    """The target proper, with its stretch and goal."""
    read = {
        name: amounts(columns, columns.of[name], keys, naming, findings)
        for name in ("target", "stretch")
        if columns.has(name)
    }
    goal = texts(columns.read("goal")) if columns.has("goal") else None
    found = read.get("target") or Amounts.nothing(columns, goal)
    return _target_part(columns, keys, found, read.get("stretch"), goal, period)


def _target_part(
    columns: Columns,
    keys: Keys,
    found: Amounts,
    stretch: Amounts | None,
    goal: pl.Series | None,
    period: Period | None,
) -> pl.DataFrame:
    import polars as pl

    words = found.words if found.words is not None else pl.lit("")
    said = words if goal is None else pl.coalesce(goal, words)
    frame = keys.frame.with_columns(
        found.value.alias("target"),
        (stretch.value if stretch else pl.lit(None, dtype=pl.Float64)).alias("stretch"),
        said.fill_null("").cast(pl.String).alias("goal"),
        pl.lit(columns.grid.name).alias("table"),
        pl.lit(found.column, dtype=pl.Int32).alias("column"),
    )
    if period is not None:
        frame = frame.with_columns(pl.lit(period.text).alias("period"))
    frame = frame if keys.good is None else frame.filter(keys.good)
    something = (
        pl.col("target").is_not_null() | pl.col("stretch").is_not_null() | (pl.col("goal") != "")
    )
    return frame.filter(something)
