"""Write a briefing as one self-contained page (.html): nothing is fetched from anywhere."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from saima import rounding
from saima.briefing.model import (
    DEMO_NOTE,
    NOT_REPORTED,
    Block,
    Briefing,
    Cell,
    Chart,
    Column,
    Missing,
    Options,
    Paragraph,
    Table,
    Tied,
    cell_text,
    chart_table,
    date_text,
    printed_number,
)
from saima.files.document.docx_format import clean
from saima.files.document.table_layout import bars_lie, column_needs
from saima.files.saving import check_folder, save

if TYPE_CHECKING:
    from jinja2 import Template

_CLAUSE = re.compile(r"[^，；。]*[，；。]?")
_HEADING_TAGS = {1: 2, 2: 3, 3: 5, 4: 5}
_LONG_TEXT = 15.0
"""Ems from which a text keeps a readable width and the table scrolls instead."""
_ALIGN = {"text": "w", "number": "n", "percent": "n", "rank": "pos"}


def write_html(briefing: Briefing, path: Path, options: Options | None = None) -> None:
    """Write `briefing` as a page to `path`; the same briefing gives the same bytes.

    Raises Refused if the folder is missing or not writable.
    """
    check_folder(path)
    save(path, html_text(briefing, options or Options()).encode())


def html_text(briefing: Briefing, _options: Options) -> str:
    """The finished page; see `write_html`."""
    return clean(_template().render(**_page(briefing)))


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=False, keep_trailing_newline=True
    )
    return environment.from_string(_asset("briefing.html.jinja"))


@cache
def _asset(name: str) -> str:
    return (files("saima.files.document") / "assets" / name).read_text(encoding="utf-8")


def _page(briefing: Briefing) -> dict[str, Any]:
    title = briefing.title.replace("\n", "")
    sections = [_section(i, section) for i, section in enumerate(briefing.sections)]
    annexes = _annexes(briefing)
    charted = any(b["kind"] == "chart" for s in (*sections, *annexes) for b in s["blocks"])
    top = [s for s in sections if s["level"] == 1 and s["heading"]]
    links = [{"id": s["id"], "text": s["heading"]} for s in top]
    links += [{"id": a["id"], "text": f"{a['mark']}　{a['title']}"} for a in annexes]
    ask = [briefing.kind, briefing.number, date_text(briefing.date)]
    return {
        "title": title,
        "ask": [title, *filter(None, ask)] if briefing.headline else [*filter(None, ask)],
        "headline": [c for c in _CLAUSE.findall(briefing.headline or title) if c],
        "demo": DEMO_NOTE if briefing.demo else "",
        "addressee": briefing.addressee.rstrip("："),
        "contents": links,
        "sections": sections,
        "annexes": annexes,
        "closing": [briefing.signature or briefing.issuer, date_text(briefing.date)],
        "imprint": [*briefing.notes, *_imprint(briefing)],
        "has_charts": charted,
        "css": Markup(_asset("briefing.css")),
        "script": Markup(_asset("briefing.js")),
        "echarts": Markup(_asset("echarts.min.js")),
    }


def _imprint(briefing: Briefing) -> list[str]:
    if briefing.imprint is None:
        return []
    imprint = briefing.imprint
    copies = [f"抄送：{imprint.copies_to}"] if imprint.copies_to else []
    return [*copies, f"{imprint.printed_by}　{date_text(imprint.printed_on)}印发"]


def _section(place: int, section: Any) -> dict[str, Any]:
    return {
        "id": f"section-{place + 1}",
        "heading": section.heading,
        "level": section.level,
        "tag": _HEADING_TAGS[section.level],
        "blocks": [_block(block) for block in section.blocks],
    }


def _annexes(briefing: Briefing) -> list[dict[str, Any]]:
    """Annexes without the tables that the body shows already; none that is left empty."""
    shown = {block for section in briefing.sections for block in section.blocks}
    several = len(briefing.annexes) > 1
    found = []
    for place, annex in enumerate(briefing.annexes, start=1):
        blocks = [_block(block, annex.title) for block in annex.blocks if block not in shown]
        mark = f"附件{place}" if several else "附件"
        entry = {"id": f"annex-{place}", "mark": mark, "title": annex.title, "blocks": blocks}
        found += [entry] if blocks else []
    return found


def _block(block: Block, above: str = "") -> dict[str, Any]:
    """A block for the template; a table named like the heading above does not repeat the name."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, Chart):
        return {"kind": "chart", "chart": _chart(block), "table": _table(chart_table(block))}
    table = _table(block)
    title = "" if block.title == above else block.title
    return {"kind": "table", "table": {**table, "title": title}}


def _chart(chart: Chart) -> dict[str, Any]:
    series = [
        {
            "name": one.name,
            "values": [
                None if v is None else rounding.number(v, chart.decimals) for v in one.values
            ],
            "texts": [_value_text(v, chart.decimals) for v in one.values],
        }
        for one in chart.series
    ]
    shape = {"kind": chart.kind, "lying": bars_lie(chart)}
    data = {**shape, "categories": chart.categories, "series": series}
    return {
        "title": chart.title,
        "sentence": chart.sentence,
        "measure": chart.measure,
        "data": data,
    }


def _value_text(value: float | None, decimals: int) -> str:
    return NOT_REPORTED.text if value is None else rounding.text(value, decimals, grouped=True)


def _table(table: Table) -> dict[str, Any]:
    names = [i for i, column in enumerate(table.columns[:2]) if column.kind == "text"]
    longest = [high for _, high in column_needs(table)]
    columns = [
        {
            "header": column.header,
            "measure": column.measure,
            "css": _ALIGN.get(column.kind, "c")
            + (" name" if i in names[:1] else "")
            + (" long" if i not in names[:1] and longest[i] > _LONG_TEXT else ""),
        }
        for i, column in enumerate(table.columns)
    ]
    rows = [
        {
            "bold": place in table.bold_rows,
            "first": any(_is_first(c, k) for c, k in zip(row, table.columns, strict=True)),
            "cells": [
                _cell(cell, column, columns[i]["css"])
                for i, (cell, column) in enumerate(zip(row, table.columns, strict=True))
            ],
        }
        for place, row in enumerate(table.rows)
    ]
    return {
        "title": table.title,
        "label": table.title,
        "measure_line": table.measure_line,
        "notes": table.notes,
        "columns": columns,
        "rows": rows,
    }


def _is_first(cell: Cell, column: Column) -> bool:
    rank = cell.rank if isinstance(cell, Tied) else cell
    return column.kind == "rank" and rank == 1


def _cell(cell: Cell, column: Column, css: str) -> dict[str, Any]:
    """What the template prints: text, classes, kind, and the number it sorts by."""
    if isinstance(cell, Tied):
        return {"text": str(cell.rank), "css": css, "kind": "tied", "sort": cell.rank}
    text = cell_text(cell, column)
    if isinstance(cell, Missing):
        missing = "nr" if cell == NOT_REPORTED else "na"
        return {"text": text, "css": f"{css} {missing}", "kind": "", "sort": None}
    if cell is None or isinstance(cell, str):
        kind = "seal" if column.kind == "seal" and cell else ""
        return {"text": text, "css": css, "kind": kind, "sort": None}
    if column.kind == "movement":
        css += " up" if cell > 0 else (" down" if cell < 0 else " flat")
    return {"text": text, "css": css, "kind": "", "sort": printed_number(cell, column)}
