"""What the figures of a grid belong to: unit, indicator, source and period as columns of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saima.campaigns import SOURCES
from saima.files.campaign.grids import Columns
from saima.files.campaign.names import PERCENT_MEASURES, Names, Naming
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import WORDS, choices
from saima.files.campaign.values import moments, texts

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
    unit = _codes(columns.read("unit"), naming.units)
    indicator = _codes(columns.read("indicator"), naming.indicators)
    live = None
    if unit.null_count() or indicator.null_count():
        live = _live(columns, naming.units, findings)
        _name_lost(columns, "unit", unit, live, naming.units, findings)
        _name_lost(columns, "indicator", indicator, live, naming.indicators, findings)
    series = {"unit": unit, "indicator": indicator}
    if grid.form.table == "facts":
        series["source"] = _sources(columns, naming, live, findings)
    if columns.has("period"):
        series["period"] = _periods(columns, naming, periods, period_of, live, findings)
    if columns.has("measure"):
        _check_measures(columns, indicator, naming, findings)
    good = _all_known(list(series.values()))
    rows = pl.int_range(grid.first_row, grid.first_row + grid.height, dtype=pl.Int32, eager=True)
    frame = pl.DataFrame({"row": rows, **series})
    if columns.has("recorded_at"):
        frame = frame.with_columns(_recorded(columns, findings).alias("recorded_at"))
    return Keys(frame, good)


def direct(column: Any, kind: pl.Enum) -> pl.Series | None:
    """A column of texts cast straight to an Enum, None if any of them needs a second look."""
    import polars as pl

    if isinstance(column, list) or column.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return None
    found = column.cast(kind, strict=False)
    return None if found.null_count() else found


def _codes(column: Any, names: Names) -> pl.Series:
    import polars as pl

    found = None if names.ambiguous else direct(column, pl.Enum(names.codes))
    return names.column(texts(column)) if found is None else found


def _all_known(series: list[pl.Series]) -> pl.Series | None:
    found: pl.Series | None = None
    for column in series:
        if column.null_count():
            known = column.is_not_null()
            found = known if found is None else found & known
    return found


def _live(columns: Columns, units: Names, findings: Findings) -> pl.Series:
    """Records that mean something; blank ones, notes below the table and totals are passed over."""

    unit = texts(columns.read("unit"))
    indicator = texts(columns.read("indicator"))
    is_total = unit.is_in([t for t in TOTALS if units.find(t) is None]).fill_null(False)
    if is_total.any():
        rows = [str(columns.grid.first_row + r) for r in is_total.arg_true()[:8].to_list()]
        values = {"rows": "、".join(rows), "count": int(is_total.sum())}
        findings.add("total-rows-passed-over", columns.place(-1, "unit"), **values)
    is_note = unit.is_null() | unit.str.starts_with("注")
    return ~(is_total | (indicator.is_null() & is_note))


def _name_lost(
    columns: Columns,
    name: str,
    found: pl.Series,
    live: pl.Series,
    names: Names,
    findings: Findings,
) -> None:
    """Name each record whose cell is blank or stands for nothing, as far as there is room."""
    written, table = texts(columns.read(name)), columns.grid.name
    lost = found.is_null() & live
    blank = lost & written.is_null()
    if blank.any():
        rest = pick(blank, written.fill_null(""))
        name_cells(
            columns, columns.of[name], rest, findings, "cell-empty", header=columns.header(name)
        )
    records = (lost & written.is_not_null()).arg_true()
    room = findings.room(names.unknown, table)
    for record in records[:room].to_list():
        names.name_unknown(str(written[record]), columns.place(record, name), findings)
    findings.passed_over(names.unknown, table, max(0, len(records) - room))


def pick(mask: pl.Series, column: pl.Series) -> pl.Series:
    """The values of a column where a mask holds, null elsewhere."""
    import polars as pl

    return pl.select(pl.when(mask).then(column)).to_series()


def _check_measures(
    columns: Columns, indicator: pl.Series, naming: Naming, findings: Findings
) -> None:
    """Name the first row of each indicator whose measure is not the one that it declares."""
    import polars as pl

    written = texts(columns.read("measure"))
    pairs = pl.DataFrame({"code": indicator, "measure": written}).with_row_index("record")
    first = pairs.drop_nulls().unique(["code", "measure"], keep="first").sort("record")
    for record, code, measure in first.iter_rows():
        wanted = naming.measures.get(code, "")
        if wanted and measure != wanted and {measure, wanted} - PERCENT_MEASURES:
            values = {"indicator": naming.indicators.label(code), "measure": measure}
            place = columns.place(record, "measure")
            findings.add("measure-differs", place, wanted=wanted, **values)


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
        return constant(default, kind, columns.grid.height)
    return closed_list(columns, "source", "source", kind, findings, default, live)


def constant(value: str, kind: pl.Enum, height: int) -> pl.Series:
    """A column of one value."""
    import polars as pl

    return pl.Series([value], dtype=kind).new_from_index(0, height)


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

    raw = columns.read(name)
    found = direct(raw, kind)
    if found is not None:
        return found
    written, known = texts(raw), choices(words)
    table = {t: known.get(t.lower()) for t in written.drop_nulls().unique().to_list()}
    found = written.replace_strict(table, default=None, return_dtype=kind)
    unknown = [t for t, identifier in table.items() if identifier is None]
    if unknown:
        wrong = written.is_in(unknown) if live is None else written.is_in(unknown) & live
        rest = pick(wrong, written)
        values = {"words": "、".join(w[0] for w in WORDS[words].values() if w[0])}
        values |= {"names": ", ".join(WORDS[words]), "nearest": "", "nearest_en": ""}
        values |= {"header": columns.header(name)}
        name_cells(columns, columns.of[name], rest, findings, "word-unknown", **values)
    filled = pl.when(written.is_null()).then(pl.lit(blank, dtype=kind)).otherwise(found)
    return pl.select(filled).to_series()


def _periods(
    columns: Columns,
    naming: Naming,
    periods: tuple[str, ...],
    period_of: dict[str, str],
    live: pl.Series | None,
    findings: Findings,
) -> pl.Series:
    """Periods as an Enum of canonical texts; a target without one is for the whole window."""
    import polars as pl

    raw, kind = columns.read("period"), pl.Enum(list(periods))
    found = direct(raw, kind)
    if found is not None:
        return found
    written = texts(raw)
    if columns.grid.form.table == "targets":
        written = written.fill_null(naming.clock.window(naming.clock.start).text)
    found = written.replace_strict(period_of, default=None, return_dtype=kind)
    lost = found.is_null() if live is None else found.is_null() & live
    for code, part in (("cell-empty", lost & written.is_null()), ("unknown-period", lost)):
        if part.any():
            seen = written.fill_null("") if code == "cell-empty" else written
            rest = pick(part, seen)
            header = columns.header("period")
            name_cells(columns, columns.of["period"], rest, findings, code, header=header)
    return found
