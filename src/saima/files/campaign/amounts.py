"""The numbers of a column of figures: values, kinds of missing, words of qualitative goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from saima.files.campaign.grids import LONGEST_CELL, Columns
from saima.files.campaign.keys import Keys, closed_list, constant, name_cells, pick
from saima.files.campaign.names import PERCENT_MEASURES, Naming
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import choices
from saima.files.campaign.values import numbers, percent_of, texts
from saima.rounding import settle
from saima.rounding import text as digits
from saima.tables import MISSING_KINDS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Amounts:
    """One column of figures: value (Float64), missing (Enum); `words` where an indicator is
    qualitative (None: nowhere); `bad` marks records that are left out (None: none)."""

    column: int
    value: pl.Series
    missing: pl.Series
    words: pl.Series | None = None
    bad: pl.Series | None = None

    def any(self) -> bool:
        """True if the column holds anything at all (a month to come holds nothing)."""
        if self.words is not None or self.bad is not None:
            return True
        return bool((self.missing != "not-reported").any())

    @classmethod
    def nothing(cls, columns: Columns, beside: pl.Series | None) -> Amounts:
        """No figures at all, as in a table of goals in words only."""
        import polars as pl

        height = columns.grid.height
        index = columns.of.get("goal", -1) if beside is not None else -1
        value = pl.repeat(None, height, dtype=pl.Float64, eager=True)
        return cls(index, value, _from_nulls(value))


def amounts(
    columns: Columns, index: int, keys: Keys, naming: Naming, findings: Findings
) -> Amounts:
    """Read a column of figures; texts that are neither numbers nor marks of missing are named."""
    value, rest = numbers(columns.grid.read(index))
    found = Amounts(index, value, _from_nulls(value))
    if rest is not None:
        found = _with_texts(columns, found, rest, keys, naming, findings)
    found = _shown_as_percent(columns, found, keys, naming, findings)
    if columns.has("grade") and columns.has("period"):
        found = _with_grades(columns, found)
    if columns.has("missing") and columns.has("period"):
        found = _with_kinds(columns, found, findings)
    return found


def _from_nulls(value: pl.Series) -> pl.Series:
    import polars as pl

    kind = pl.Enum(list(MISSING_KINDS))
    if not value.null_count():
        return constant("", kind, len(value))
    filled = pl.when(value.is_null()).then(pl.lit("not-reported", dtype=kind))
    return pl.select(filled.otherwise(pl.lit("", dtype=kind)).alias("missing")).to_series()


def _with_texts(
    columns: Columns,
    found: Amounts,
    rest: pl.Series,
    keys: Keys,
    naming: Naming,
    findings: Findings,
) -> Amounts:
    import polars as pl

    distinct = rest.drop_nulls().unique().to_list()
    known = choices("missing")
    kinds = {t: known[t.lower()] for t in distinct if t.lower() in known}
    percents = {t: p for t in distinct if (p := percent_of(t)) is not None}
    missing = found.missing
    if kinds:
        read = rest.replace_strict(kinds, default=None, return_dtype=missing.dtype)
        missing = pl.select(pl.coalesce(read, missing)).to_series()
    words = _goals(rest, keys, naming, list(kinds))
    odd = rest.is_not_null() & ~rest.is_in(list(kinds))
    value = found.value
    if percents:
        is_percent = rest.is_in(list(percents)) & _has_measure(keys, naming)
        read = rest.replace_strict(percents, default=None, return_dtype=pl.Float64)
        value = pl.select(pl.coalesce(pick(is_percent, read), value)).to_series()
        odd &= ~is_percent
    if words is not None:
        odd &= words.is_null()
    missing = missing.set(
        value.is_not_null() | (words.is_not_null() if words is not None else False), ""
    )
    bad = _name_texts(columns, found.column, pick(odd, rest), keys, findings)
    return Amounts(found.column, value, missing, words, bad)


def _goals(rest: pl.Series, keys: Keys, naming: Naming, marks: list[str]) -> pl.Series | None:
    """Texts that are meant: those of qualitative indicators."""
    if not naming.qualitative:
        return None
    meant = keys.frame["indicator"].is_in(list(naming.qualitative)).fill_null(False)
    meant &= rest.is_not_null() & ~rest.is_in(marks)
    return pick(meant, rest.str.slice(0, LONGEST_CELL)) if meant.any() else None


def _has_measure(keys: Keys, naming: Naming) -> pl.Series:
    """Records whose indicator is measured in percent."""
    codes = [c for c, measure in naming.measures.items() if measure in PERCENT_MEASURES]
    return keys.frame["indicator"].is_in(codes).fill_null(False)


def _name_texts(
    columns: Columns, index: int, rest: pl.Series, keys: Keys, findings: Findings
) -> pl.Series | None:
    if rest.null_count() == len(rest):
        return None
    wanted = rest if keys.good is None else pick(keys.good, rest)
    header = columns.grid.headers[index].strip()
    name_cells(columns, index, wanted, findings, "number-expected", header=header)
    return rest.is_not_null()


def _shown_as_percent(
    columns: Columns, found: Amounts, keys: Keys, naming: Naming, findings: Findings
) -> Amounts:
    """Numbers that a sheet shows as percentages: 0.972 shown as 97.2% is 97.2 of the measure %."""
    import polars as pl

    grid = columns.grid
    first = grid.first_row - 1
    records = sorted(r - first for r, c in grid.percents if c == found.column and r >= first)
    if not records:
        return found
    shown = pl.Series([False]).new_from_index(0, grid.height).scatter(records, True)
    shown &= found.value.is_not_null()
    fits = shown & _has_measure(keys, naming)
    scaled = pl.Series(settle(found.value.to_numpy() * 100.0))
    value = pl.select(pl.when(fits).then(scaled).otherwise(found.value)).to_series()
    wrong = shown & ~fits
    if keys.good is not None:
        wrong &= keys.good
    for record in wrong.arg_true()[: findings.room("percent-unexpected", grid.name)].to_list():
        code = str(keys.frame["indicator"][record])
        text = f"{digits(float(scaled[record]))}%"
        values = {"text": text, "indicator": code, "measure": naming.measures.get(code, "")}
        findings.add("percent-unexpected", grid.place(record, found.column), **values)
    bad = wrong if found.bad is None else wrong | found.bad
    return Amounts(found.column, value, found.missing, found.words, bad if bad.any() else None)


def _with_grades(columns: Columns, found: Amounts) -> Amounts:
    import polars as pl

    grade = texts(columns.read("grade"))
    if grade.null_count() == len(grade):
        return found
    words = grade if found.words is None else pl.select(pl.coalesce(grade, found.words)).to_series()
    missing = pl.select(
        pl.when(grade.is_not_null())
        .then(pl.lit("", dtype=found.missing.dtype))
        .otherwise(found.missing)
    ).to_series()
    return Amounts(found.column, found.value, missing, words, found.bad)


def _with_kinds(columns: Columns, found: Amounts, findings: Findings) -> Amounts:
    """A column that says why a figure is missing; with a figure beside it the record is named."""
    import polars as pl

    kind = pl.Enum(list(MISSING_KINDS))
    said = closed_list(columns, "missing", "missing", kind, findings, "", None)
    both = (said != "").fill_null(False) & found.value.is_not_null()
    for record in both.arg_true()[
        : findings.room("value-and-missing", columns.grid.name)
    ].to_list():
        place = columns.place(record, "missing")
        number = digits(float(found.value[record]))
        findings.add("value-and-missing", place, value=number, missing=said[record])
    missing = pl.select(
        pl.when((said != "").fill_null(False)).then(said).otherwise(found.missing)
    ).to_series()
    bad = both if found.bad is None else both | found.bad
    return Amounts(found.column, found.value, missing, found.words, bad if bad.any() else None)
