"""The figures of a table: each cell read, put into its column's measure, and what was odd noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from saima.files.cells import Cell
from saima.files.sheet.columns import cell_text, common_measure, is_measureless, shortened
from saima.files.sheet.findings import Findings
from saima.files.sheet.grid import is_moment
from saima.files.sheet.measures import convert, is_scale
from saima.files.sheet.model import Column
from saima.files.sheet.problems import (
    BRACKETS,
    CONVERTED,
    DATE_IN_NUMBERS,
    ERROR_VALUE,
    FOOTNOTE,
    FULL_WIDTH,
    INVISIBLE,
    MEASURE_DIFFERS,
    MERGED_VALUE,
    NOT_NUMBER,
    NUMBER_AS_TEXT,
    PERCENT_AS_TEXT,
    TRIANGLE,
    WORD_SIGN,
)
from saima.files.sheet.rows import Line
from saima.files.sheet.values import Parsed, parse
from saima.files.sheet.words import is_blank
from saima.places import cell_name, column_name

PERCENT = {"%", "个百分点", "百分点"}
_ODDITIES = {
    "full-width": FULL_WIDTH,
    "invisible": INVISIBLE,
    "footnote": FOOTNOTE,
    "brackets": BRACKETS,
    "triangle-up": TRIANGLE,
    "triangle-down": TRIANGLE,
    "word-sign": WORD_SIGN,
}


@dataclass(slots=True)
class Figure:
    """One cell of a number column as it is read; number is in `measure`."""

    row: int
    column: int
    written: str
    number: Decimal | None
    measure: str
    missing: str = ""
    bound: str = ""


@dataclass
class _Texts:
    """Numbers stored as text so far, to be told one by one or, where most are so, once."""

    cells: list[tuple[int, int, Parsed, str]] = field(default_factory=list)


def read_figures(
    found: Findings,
    lines: list[Line],
    columns: list[Column],
    legend: dict[str, str],
    row_measures: dict[int, str],
    table_measure: str,
) -> dict[tuple[int, int], Figure]:
    """The figures of all number columns by cell; `legend` is what the notes say of marks."""
    figures: dict[Cell, Figure] = {}
    texts = _Texts()
    for column in columns:
        if column.kind != "number":
            continue
        cells = [((line.index, column.index), _number(found, line.index, column)) for line in lines]
        odd = {at: _parsed(found, at, column, legend) for at, number in cells if number is None}
        measures = [p.measure for p in odd.values() if p and p.number is not None]
        own = common_measure(measures + [""] * (len(cells) - len(odd)))
        default = "" if is_measureless(column) else table_measure
        for at, number in cells:
            said = "" if is_measureless(column) else row_measures.get(at[0], "")
            wanted = column.measure or said or own or default
            if number is not None:
                text = repr(number)
                figures[at] = Figure(*at, text.removesuffix(".0"), Decimal(text), wanted)
            elif (parsed := odd[at]) is not None:
                figures[at] = _figure(found, at, parsed, wanted, texts)
    _tell_texts(found, texts, len(figures))
    return figures


def _number(found: Findings, row: int, column: Column) -> float | None:
    """A cell that is simply a number, as nearly all are; None for every other."""
    value = found.grid.rows[row][column.index]
    if type(value) is float and (row, column.index) not in found.grid.sheet.facts.percents:
        return value
    return None


def _parsed(found: Findings, at: Cell, column: Column, legend: dict[str, str]) -> Parsed | None:
    """What a cell says; None if it cannot be read (noted). Percent formats count as %."""
    facts, value = found.grid.sheet.facts, found.grid.raw(*at)
    if at in facts.errors:
        found.leave(*at, "error")
        found.add(ERROR_VALUE, at, text=facts.errors[at])
        return None
    if at in facts.uncomputed:
        return None
    if is_blank(value):
        if _is_of_group(found, at):
            return None
        _check_merged(found, at)
        return Parsed(missing=legend.get("", "not-reported"))
    parsed = parse(value, legend)
    if parsed.number is None and not parsed.missing:
        _leave_unreadable(found, at, value, column)
        return None
    if at in facts.percents and parsed.number is not None:
        return Parsed(parsed.number * 100, measure="%")
    return _moved(parsed) if column.field == "movement" else parsed


def _moved(parsed: Parsed) -> Parsed:
    """A change of place: arrows and triangles are the usual way to write it, ▲ is up."""
    up = "triangle-up" in parsed.oddities and parsed.number is not None
    return parsed._replace(
        number=abs(parsed.number) if up and parsed.number is not None else parsed.number,
        oddities=(),
    )


def _leave_unreadable(found: Findings, at: tuple[int, int], value: object, column: Column) -> None:
    found.leave(*at, "not-a-number")
    code = DATE_IN_NUMBERS if is_moment(value) else NOT_NUMBER
    name = column.name or column_name(column.index)
    found.add(code, at, text=shortened(value), column=name)


def _is_of_group(found: Findings, at: Cell) -> bool:
    """True below a figure that is merged over just the rows of a merged group name."""
    span = found.grid.spans.get(at)
    if not span or at[0] == span[0]:
        return False
    groups = (found.grid.spans.get((at[0], c)) for c in found.grid.filled[span[0]] if c != at[1])
    rows = [s for s in groups if s and found.roles[s[0]][s[1]] in ("label", "total")]
    return any((s[0], s[2]) == (span[0], span[2]) for s in rows)


def _check_merged(found: Findings, at: tuple[int, int]) -> None:
    """Note once a figure that is merged over several rows (at the first blank cell below it)."""
    span = found.grid.spans.get(at)
    if span and at == (span[0] + 1, span[1]) and not is_blank(found.grid.raw(span[0], span[1])):
        found.add(MERGED_VALUE, span[:2], rows=span[2] - span[0] + 1)


def _figure(found: Findings, at: Cell, parsed: Parsed, wanted: str, texts: _Texts) -> Figure:
    written = cell_text(found.grid.raw(*at))
    figure = Figure(*at, written, parsed.number, wanted, parsed.missing, parsed.bound)
    if parsed.number is not None and parsed.measure and parsed.measure != wanted:
        _measured(found, figure, parsed, wanted)
    if parsed.oddities and found.roles[at[0]][at[1]] != "unread":
        _tell_oddities(found, figure, parsed, texts)
    return figure


def _measured(found: Findings, figure: Figure, parsed: Parsed, wanted: str) -> None:
    """Bring a figure with a measure of its own into the measure that is wanted."""
    assert parsed.number is not None
    at = (figure.row, figure.column)
    if {parsed.measure, wanted} <= PERCENT or (not wanted and not is_scale(parsed.measure)):
        figure.measure = parsed.measure
        return
    number = _scaled(parsed) if not wanted else convert(parsed.number, parsed.measure, wanted)
    figure.number = number
    if number is None:
        found.leave(*at, "measure")
        found.add(MEASURE_DIFFERS, at, text=figure.written, measure=wanted)
    else:
        text = plain_number(number)
        found.add(CONVERTED, at, text=figure.written, value=text, measure=wanted)


def _scaled(parsed: Parsed) -> Decimal | None:
    """1.5亿 where no measure is known: the plain number."""
    return convert(parsed.number or Decimal(0), parsed.measure, "个")


def _tell_oddities(found: Findings, figure: Figure, parsed: Parsed, texts: _Texts) -> None:
    at = (figure.row, figure.column)
    value = plain_number(figure.number) if figure.number is not None else ""
    special = [_ODDITIES[name] for name in parsed.oddities if name in _ODDITIES]
    for code in special:
        found.add(code, at, text=figure.written, value=value)
    usual = not parsed.bound and (not parsed.measure or parsed.measure in PERCENT)
    if usual and not special and "text" in parsed.oddities and not found.texts_are_numbers:
        texts.cells.append((*at, parsed, figure.written))


def _tell_texts(found: Findings, texts: _Texts, figures: int) -> None:
    """Tell numbers stored as text: each, or once with a count where they are most of the table."""
    several = len(texts.cells) > 5 and len(texts.cells) * 2 > figures
    for row, column, parsed, written in texts.cells[:1] if several else texts.cells:
        code = PERCENT_AS_TEXT if parsed.measure else NUMBER_AS_TEXT
        count = len(texts.cells) if several else 1
        value = f"{plain_number(parsed.number or Decimal(0))}{parsed.measure}"
        found.add(code, (row, column), text=written, value=value, count=count)


def plain_number(number: Decimal) -> str:
    """A number in plain digits, without an exponent or zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tell_uncomputed(found: Findings, code: str) -> None:
    """Note every formula of the sheet that has no saved result."""
    for row, column in sorted(found.grid.sheet.facts.uncomputed):
        if row < found.grid.height and column < found.grid.width:
            found.leave(row, column, "no-result")
        found.add(code, (row, column), cell=cell_name(row, column))
