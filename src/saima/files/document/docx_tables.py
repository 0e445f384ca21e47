"""Native Word tables: title above, measure line at the right, header repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saima.briefing.model import Cell, Column, Party, Table, cell_text
from saima.files.document import docx_format as form
from saima.files.document.table_layout import (
    crowded_columns,
    fit_columns,
    header_text,
    squeezed_columns,
)

_SIZES = (form.SIZE_SMALL_4, form.SIZE_5)
_WORDS_UPRIGHT, _WORDS_LYING = 7.0, 4.0
"""Ems that columns of words keep where they make room for numbers."""
_ASIDE, _ABOVE = 0.33, 30
"""Free room in a cell: ems at each side, twips above and below."""


@dataclass(frozen=True)
class Layout:
    """How a table is set: lying or upright page, size in points, column widths in twips."""

    landscape: bool
    size: float
    widths: tuple[int, ...]


def lay_out(table: Table, upright: int, lying: int) -> Layout:
    """The largest type and the narrower page that take the table; both widths in twips."""
    for landscape, room, size, words in (
        *((False, upright, size, 0.0) for size in _SIZES),
        (False, upright, form.SIZE_5, _WORDS_UPRIGHT),
        (False, upright, form.SIZE_SMALL_5, 0.0),
        *((True, lying, size, 0.0) for size in (*_SIZES, form.SIZE_SMALL_5)),
        (True, lying, form.SIZE_SMALL_5, _WORDS_LYING),
    ):
        ems = room / 20 / size
        widths = squeezed_columns(table, ems, words) if words else fit_columns(table, ems)
        if widths:
            return Layout(landscape, size, _in_twips(widths, room))
    crowded = crowded_columns(table, lying / 20 / form.SIZE_SMALL_5)
    return Layout(True, form.SIZE_SMALL_5, _in_twips(crowded, lying))


def _in_twips(widths: list[float], room: int) -> tuple[int, ...]:
    whole = [int(width * room / sum(widths)) for width in widths]
    whole[-1] += room - sum(whole)
    return tuple(whole)


def table_xml(table: Table, layout: Layout) -> list[str]:
    """Title, measure line, the table, its notes: XML elements in order."""
    parts = [form.paragraph_xml("TableTitle", table.title)] if table.title else []
    if table.measure_line:
        parts.append(form.paragraph_xml("MeasureLine", table.measure_line))
    parts.append(_grid_xml(table, layout))
    for place, note in enumerate(table.notes):
        mark = "注：" if place == 0 else "　　"
        parts.append(form.paragraph_xml("TableNote", mark + note))
    return parts


def _grid_xml(table: Table, layout: Layout) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for side, size in (
            *((outer, 8) for outer in ("top", "left", "bottom", "right")),
            *((inner, 4) for inner in ("insideH", "insideV")),
        )
    )
    aside = int(layout.size * 20 * _ASIDE)
    margins = "".join(
        f'<w:{side} w:w="{room}" w:type="dxa"/>'
        for side, room in (("top", _ABOVE), ("left", aside), ("bottom", _ABOVE), ("right", aside))
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in layout.widths)
    rows = [_header_row(table, layout)]
    rows += [
        _row(table, row, layout, bold=place in table.bold_rows)
        for place, row in enumerate(table.rows)
    ]
    return (
        f'<w:tbl {form.DECLARE_W}><w:tblPr><w:tblW w:w="{sum(layout.widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def _row_xml(cells: str, layout: Layout, header: bool = False) -> str:
    height = int(layout.size * 20 * 2.1)
    repeat = "<w:tblHeader/>" if header else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeat}'
        f"</w:trPr>{cells}</w:tr>"
    )


def _cell_xml(paragraph: str, width: int) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph}</w:tc>"
    )


def _header_row(table: Table, layout: Layout) -> str:
    cells = [
        _cell_xml(
            form.paragraph_xml(
                "TableHeader",
                header_text(column, width / 20 / layout.size),
                run=_size(layout),
            ),
            width,
        )
        for column, width in zip(table.columns, layout.widths, strict=True)
    ]
    return _row_xml("".join(cells), layout, header=True)


def _row(table: Table, row: tuple[Cell, ...], layout: Layout, bold: bool) -> str:
    cells = [
        _cell_xml(_text_xml(cell, column, layout, bold), width)
        for cell, column, width in zip(row, table.columns, layout.widths, strict=True)
    ]
    return _row_xml("".join(cells), layout)


def _text_xml(cell: Cell, column: Column, layout: Layout, bold: bool) -> str:
    align = f'<w:jc w:val="{alignment(column)}"/>'
    run = ("<w:b/>" if bold else "") + _size(layout)
    return form.paragraph_xml("TableText", cell_text(cell, column), align, run)


def alignment(column: Column) -> str:
    """Numbers to the right, words to the left, ranks, movements and seals in the middle."""
    if column.is_numeric:
        return "right"
    return "left" if column.kind == "text" else "center"


def _size(layout: Layout) -> str:
    size = int(layout.size * 2)
    return f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def parties_xml(parties: Sequence[Party], room: int) -> str:
    """Who sign, side by side without rules, kept on one page; an empty line above."""
    width = room // len(parties)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _ in parties)
    cells = "".join(_party_cell(party, width) for party in parties)
    return (
        f'<w:tbl {form.DECLARE_W}><w:tblPr><w:tblW w:w="{width * len(parties)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def _party_cell(party: Party, width: int) -> str:
    gap = f'<w:spacing w:beforeLines="100" w:before="{form.LINE_PITCH}"/>'
    flat = '<w:ind w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="left"/>'
    name = f"{party.role}：{party.name}"
    lines = [form.paragraph_xml("OfficialBody", name, gap + flat)]
    lines += [form.paragraph_xml("OfficialBody", line, flat) for line in party.lines]
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'
