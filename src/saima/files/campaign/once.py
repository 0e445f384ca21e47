"""Every figure once: the last recorded one stands, and figures given twice are named."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from saima.files.campaign.names import Naming
from saima.files.campaign.problems import Findings
from saima.places import cell_name
from saima.problems import Place

if TYPE_CHECKING:
    import polars as pl

KEYS = {
    "facts": ("unit", "indicator", "period", "source"),
    "targets": ("unit", "indicator", "period"),
}


def once(
    frame: pl.DataFrame,
    naming: Naming,
    findings: Findings,
    table: str,
    as_of: datetime | None,
    files: dict[str, Place],
) -> pl.DataFrame:
    """The figures known at `as_of` (None: all), one row per key, in the order given.

    A row recorded later replaces an earlier one; rows without a time count as known from the
    start. Equal keys with equal times are a problem, and the first of them stands. A blank cell
    never stands beside a figure for the same key.
    """
    import polars as pl

    if as_of is not None and frame["recorded_at"].null_count() < frame.height:
        known = pl.col("recorded_at").is_null() | (
            pl.col("recorded_at") <= as_of.replace(tzinfo=None)
        )
        frame = frame.filter(known)
    keys = list(KEYS[table])
    number = _key_number(frame, keys)
    if frame.height < 2 or number.n_unique() == frame.height:
        return frame
    frame = frame.with_columns(number.alias("key")).with_row_index("at")
    repeated = frame.filter(pl.col("key").is_duplicated())
    kept = _kept(repeated, table, naming, findings, files)
    single = frame.filter(~pl.col("key").is_duplicated())
    return pl.concat([single, kept]).sort("at").drop("at", "key")


def _key_number(frame: pl.DataFrame, keys: list[str]) -> pl.Series:
    """One whole number per key."""
    import polars as pl

    number = pl.lit(0, dtype=pl.UInt64)
    for key in keys:
        size = len(frame.schema[key].categories) + 1  # type: ignore[attr-defined]
        number = number * size + frame[key].to_physical().cast(pl.UInt64)
    return frame.select(number.alias("key")).to_series()


def _kept(
    repeated: pl.DataFrame,
    table: str,
    naming: Naming,
    findings: Findings,
    files: dict[str, Place],
) -> pl.DataFrame:
    """Of rows with the same key: the last recorded, else the first; true repetitions are named."""
    import polars as pl

    if table == "facts":
        blank = pl.col("missing") == "not-reported"
        repeated = repeated.filter(~blank | blank.all().over("key"))
    latest = pl.col("recorded_at").max().over("key")
    current = repeated.filter((pl.col("recorded_at") == latest) | latest.is_null())
    again = current.filter(pl.col("key").is_duplicated())
    if again.height:
        _name_repeated(again, table, naming, findings, files)
    return current.unique("key", keep="first", maintain_order=True)


def _name_repeated(
    again: pl.DataFrame,
    table: str,
    naming: Naming,
    findings: Findings,
    files: dict[str, Place],
) -> None:
    first: dict[int, dict[str, Any]] = {}
    amount = "value" if table == "facts" else "target"
    named = 0
    for row in again.sort("key", "at").head(4 * findings.room("figure-twice", "")).to_dicts():
        earlier = first.setdefault(row["key"], row)
        if earlier is row:
            continue
        named += 1
        same = earlier[amount] == row[amount]
        findings.add(
            "figure-twice",
            _place(row, files),
            unit=naming.units.label(row["unit"]),
            indicator=naming.indicators.label(row["indicator"]),
            period=row["period"],
            what="数据" if table == "facts" else "目标",
            what_en="figure" if table == "facts" else "target",
            first=_place(earlier, files).text(),
            first_en=_place(earlier, files).text("en"),
            same="两处数值相同" if same else "两处数值不同",
            same_en="both agree" if same else "they differ",
        )
    rest = again.height - again["key"].n_unique() - named
    findings.passed_over("figure-twice", again["table"][0], max(0, rest))


def _place(row: dict[str, Any], files: dict[str, Place]) -> Place:
    at = files.get(row["table"], Place(file=row["table"]))
    column = row["column"]
    cell = cell_name(row["row"] - 1, column) if column >= 0 else ""
    return Place(at.file, at.sheet, cell, line=0 if cell else row["row"])
