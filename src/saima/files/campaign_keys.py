"""What the figures of a grid belong to: unit, indicator, source and period as columns of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saima.campaigns import SOURCES
from saima.files.campaign_grids import Columns
from saima.files.campaign_names import Names, Naming
from saima.files.campaign_problems import Findings
from saima.files.campaign_schema import WORDS, choices
from saima.files.campaign_values import moments, texts

if TYPE_CHECKING:
    import polars as pl

TOTALS = ("合计", "小计", "总计")


@dataclass(frozen=True)
class Keys:
    """`frame`: row, unit, indicator and where given source, period, recorded_at (null: unknown).

    `good` marks the records that can be placed, None for all of them.
    """

    frame: pl.DataFrame
    good: pl.Series | None


def keys_of(
    columns: Columns,
    naming: Naming,
    periods: tuple[str, ...],
    period_of: dict[str, str],
    findings: Findings,
) -> Keys:
    """Resolve the key columns of a grid by their distinct texts, naming what stands for nothing."""
    import polars as pl

    grid = columns.grid
    written = {name: texts(columns.read(name)) for name in ("unit", "indicator")}
    live = _live(columns, written, naming.units, findings)
    series = {
        "unit": _codes(columns, "unit", written, live, naming.units, findings),
        "indicator": _codes(columns, "indicator", written, live, naming.indicators, findings),
    }
    if grid.form.table == "facts":
        series["source"] = _sources(columns, naming, live, findings)
    if columns.has("period"):
        series["period"] = _periods(columns, periods, period_of, live, findings)
    good = _all_known(list(series.values()))
    rows = pl.int_range(grid.first_row, grid.first_row + grid.height, dtype=pl.Int32, eager=True)
    frame = pl.DataFrame({"row": rows, **series})
    if columns.has("recorded_at"):
        frame = frame.with_columns(_recorded(columns, findings).alias("recorded_at"))
    return Keys(frame, good)


def _all_known(series: list[pl.Series]) -> pl.Series | None:
    found: pl.Series | None = None
    for column in series:
        if column.null_count():
            known = column.is_not_null()
            found = known if found is None else found & known
    return found


def _live(
    columns: Columns, written: dict[str, pl.Series], units: Names, findings: Findings
) -> pl.Series | None:
    """Records that mean something; blank ones, notes below the table and totals are passed over."""
    import polars as pl

    unit, indicator = written["unit"], written["indicator"]
    totals = [t for t in TOTALS if units.find(t) is None]
    odd = (
        unit.cast(pl.String).str.strip_chars(" 　").str.starts_with("注").fill_null(False)
        if (indicator.null_count())
        else None
    )
    is_total = unit.is_in(totals).fill_null(False) if unit.dtype == pl.String else None
    if is_total is not None and is_total.any():
        rows = [str(columns.grid.first_row + r) for r in is_total.arg_true()[:8].to_list()]
        values = {"rows": "、".join(rows), "count": is_total.sum()}
        findings.add("total-rows-passed-over", columns.place(-1, "unit"), **values)
    if odd is None:
        return None if is_total is None or not is_total.any() else ~is_total
    dead = indicator.is_null() & (unit.is_null() | odd)
    return ~dead if is_total is None else ~dead & ~is_total


def _codes(
    columns: Columns,
    name: str,
    written: dict[str, pl.Series],
    live: pl.Series | None,
    names: Names,
    findings: Findings,
) -> pl.Series:
    found = names.column(written[name])
    if found.null_count():
        lost = found.is_null() if live is None else found.is_null() & live
        _name_lost(columns, name, written[name], lost, names, findings)
    return found


def _name_lost(
    columns: Columns,
    name: str,
    written: pl.Series,
    lost: pl.Series,
    names: Names,
    findings: Findings,
) -> None:
    """Name each record whose text stands for nothing, as far as there is room."""
    header, table = columns.header(name), columns.grid.name
    records = lost.arg_true()
    room = max(findings.room(names.unknown, table), findings.room("cell-empty", table))
    for record in records[:room].to_list():
        text, place = written[record], columns.place(record, name)
        if text is None:
            findings.add("cell-empty", place, header=header)
        else:
            names.name_unknown(str(text), place, findings)
    findings.passed_over(names.unknown, table, len(records) - min(room, len(records)))


def name_cells(
    columns: Columns,
    index: int,
    rest: pl.Series,
    findings: Findings,
    code: str,
    **values: Any,
) -> None:
    """One problem for each text of a column that should not be there, up to the limit."""
    grid = columns.grid
    bad = rest.is_not_null().arg_true()
    room = findings.room(code, grid.name)
    for record in bad[:room].to_list():
        text = str(rest[record])[:60]
        findings.add(code, grid.place(record, index), text=text, **values)
    findings.passed_over(code, grid.name, len(bad) - min(room, len(bad)))


def _recorded(columns: Columns, findings: Findings) -> pl.Series:
    found, rest = moments(columns.read("recorded_at"))
    if rest is not None:
        header = columns.header("recorded_at")
        name_cells(
            columns, columns.of["recorded_at"], rest, findings, "date-expected", header=header
        )
    return found


def _sources(
    columns: Columns, naming: Naming, live: pl.Series | None, findings: Findings
) -> pl.Series:
    import polars as pl

    kind, default = pl.Enum(list(SOURCES)), naming.counts[0]
    if not columns.has("source"):
        return pl.repeat(default, columns.grid.height, dtype=pl.String, eager=True).cast(kind)
    return closed_list(columns, "source", "source", kind, findings, default, live)


def closed_list(
    columns: Columns,
    name: str,
    words: str,
    kind: pl.Enum,
    findings: Findings,
    blank: str,
    live: pl.Series | None,
) -> pl.Series:
    """A column of words as an Enum of identifiers; blank becomes `blank`, unknown words null."""
    import polars as pl

    written = texts(columns.read(name))
    known = choices(words)
    distinct = written.cast(pl.String).drop_nulls().unique().to_list()
    table = {t: known.get(t.lower()) for t in distinct}
    direct = all(t == identifier for t, identifier in table.items())
    found = (
        written.cast(kind)
        if direct
        else written.cast(pl.String).replace_strict(table, default=None, return_dtype=kind)
    )
    unknown = [t for t, identifier in table.items() if identifier is None]
    if unknown:
        wrong = written.is_in(unknown) if live is None else written.is_in(unknown) & live
        rest = pl.select(pl.when(wrong).then(written)).to_series()
        values = {"words": "、".join(w[0] for w in WORDS[words].values() if w[0])}
        values |= {"names": ", ".join(WORDS[words]), "nearest": "", "nearest_en": ""}
        values |= {"header": columns.header(name)}
        name_cells(columns, columns.of[name], rest, findings, "word-unknown", **values)
    if not written.null_count():
        return found
    return pl.select(
        pl.when(written.is_null()).then(pl.lit(blank, dtype=kind)).otherwise(found)
    ).to_series()


def _periods(
    columns: Columns,
    periods: tuple[str, ...],
    period_of: dict[str, str],
    live: pl.Series | None,
    findings: Findings,
) -> pl.Series:
    import polars as pl

    written = texts(columns.read("period"))
    kind = pl.Enum(list(periods))
    found = written.cast(kind, strict=False)
    if found.null_count() > written.null_count():
        found = written.cast(pl.String).replace_strict(period_of, default=None, return_dtype=kind)
    lost = found.is_null() if live is None else found.is_null() & live
    if lost.any():
        rest = pl.select(pl.when(lost).then(written.cast(pl.String).fill_null(""))).to_series()
        name_cells(columns, columns.of["period"], rest, findings, "unknown-period")
    return found
