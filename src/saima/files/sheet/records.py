"""Rows and values as they are handed on: every figure with the unit, indicator and period it means."""

from __future__ import annotations

from saima.files.cells import Cell
from saima.files.sheet.columns import cell_text
from saima.files.sheet.figures import Figure
from saima.files.sheet.grid import Grid
from saima.files.sheet.measures import without_measure
from saima.files.sheet.model import Column, Row, Value
from saima.files.sheet.months import moment
from saima.files.sheet.rows import Line
from saima.files.sheet.words import is_blank


def table_records(
    grid: Grid,
    lines: list[Line],
    columns: list[Column],
    figures: dict[Cell, Figure],
    context: dict[str, str],
) -> tuple[Row, ...]:
    """The rows of a table with their values, from left to right."""
    labels = [c for c in columns if c.kind == "label"]
    used = [(c, heading(c)) for c in columns if c.kind in ("text", "number")]
    across = _has_units_across(labels, context) and all(h for c, h in used if c.kind == "number")
    hidden = grid.sheet.facts.hidden_rows
    rows = []
    for line in lines:
        about = _about(line, labels, context)
        values = []
        for column, head in used:
            unit, indicator, period = about
            if across and column.kind == "number":
                unit = head
            elif head and column.kind == "number":
                indicator = f"{indicator}/{head}" if indicator else head
            said = (unit, indicator, column.period or period)
            values.append(_value(grid, line.index, column, figures, said))
        kept = tuple(value for value in values if value is not None)
        rows.append(
            Row(line.index, line.labels, line.kind, line.section, line.index in hidden, kept)
        )
    return tuple(rows)


def _has_units_across(labels: list[Column], context: dict[str, str]) -> bool:
    """True if rows are indicators and nothing but the headers can say the unit."""
    fields = {c.field for c in labels}
    return "indicator" in fields and "unit" not in fields and "unit" not in context


def heading(column: Column) -> str:
    """What a header says of the indicator: without measures, the period, and a known field's word."""
    parts = [p for p in column.path if not (column.period and moment(p))]
    return "/".join(without_measure(p) for p in (parts[:-1] if column.field else parts))


def _about(line: Line, labels: list[Column], context: dict[str, str]) -> tuple[str, str, str]:
    """Unit, indicator and period that a row speaks of, by its labels, else by the context."""
    named = {c.field: text for c, text in zip(labels, line.labels) if c.field and text}
    unit = named.get("unit", context.get("unit", ""))
    indicator = named.get("indicator", context.get("indicator", ""))
    if not named.keys() & {"unit", "indicator", "project"}:
        name = next((text for c, text in zip(labels, line.labels) if not c.field), "")
        if "unit" in context:
            indicator = name or indicator
        else:
            unit = name or unit
    dated = moment(named["period"]) if "period" in named else None
    return unit, without_measure(indicator), dated.period if dated else context.get("period", "")


def _value(
    grid: Grid,
    row: int,
    column: Column,
    figures: dict[Cell, Figure],
    about: tuple[str, str, str],
) -> Value | None:
    """One value; None for a blank text cell. A number that could not be read stays as text."""
    figure = figures.get((row, column.index))
    if figure is None:
        raw = grid.raw(row, column.index)
        text = "" if is_blank(raw) else cell_text(raw)
        number, measure, missing, bound, written = None, "", "", "", text
    else:
        number = None if figure.number is None else float(figure.number)
        measure, missing, bound = figure.measure, figure.missing, figure.bound
        written, text = figure.written, ""
    if figure is None and not text:
        return None
    return Value(
        row,
        column.index,
        written,
        number,
        text,
        measure,
        missing,
        bound,
        *about,
        column.field,
    )
