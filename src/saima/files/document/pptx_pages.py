"""Cut a briefing into slides: texts, table pages that cannot overflow, charts of readable length."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from saima.briefing.model import Block, Briefing, Chart, Paragraph, Section, Series, Table
from saima.files.document.table_layout import (
    bars_lie,
    crowded_columns,
    fit_columns,
    lines_in,
    row_lines,
    squeezed_columns,
)

WIDTH_PT, HEIGHT_PT = 960.0, 540.0
MARGIN_PT = 44.0
ROOM_PT = WIDTH_PT - 2 * MARGIN_PT
TABLE_TOP_PT, TABLE_BOTTOM_PT = 128.0, 478.0
TEXT_SIZE = 18.0
TEXT_LINE = 1.6
_TABLE_SIZES = (14.0, 12.0, 11.0, 10.0, 9.0)
_SMALL, _SMALLEST = 11.0, 9.0
_WIDER = 1.08
"""Screen type is wider than the book type that columns are measured in."""
LINE = 1.3
LEAD_SIZE, _LONGEST_LEAD = 16.0, 3
ROW_PADDING_PT = 6.0
_LONGEST_CHART = 20


@dataclass(frozen=True)
class Line:
    """One paragraph of a text slide; headings within it are bold."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class TextPage:
    """A slide of words."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class TablePage:
    """A slide with some rows of a table: column widths in points, row heights with the header's."""

    title: str
    table: Table
    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    notes: tuple[str, ...] = ()
    lead: tuple[Line, ...] = ()
    lead_height: float = 0.0


@dataclass(frozen=True)
class ChartPage:
    """A slide with a chart, or with the part of it that begins at the category `start`.

    `top` is the end of the value axis where a chart takes several slides.
    """

    title: str
    chart: Chart
    top: float | None = None
    start: int = 0
    lead: tuple[Line, ...] = ()
    lead_height: float = 0.0


Page = TextPage | TablePage | ChartPage


def pages(briefing: Briefing) -> list[Page]:
    """All slides after the title slide, in order."""
    found: list[Page] = []
    title = briefing.title.replace("\n", "")
    opening: tuple[Line, ...] = ()
    for section in briefing.sections:
        if section.level <= 2 and (section.sentence or section.heading):
            title = section.sentence or section.heading
        lines, opening = (*opening, *_paragraphs(section.blocks)), ()
        if not section.heading and not _has_visuals(section):
            opening = lines
        elif _leads(section, lines):
            found += _visuals(section.blocks, lines)
        else:
            _add_text(found, section, title, lines)
            found += _visuals(section.blocks)
    found += [TextPage(title, opening)] if opening else []
    shown = {block for section in briefing.sections for block in section.blocks}
    for annex in briefing.annexes:
        texts = _paragraphs(annex.blocks)
        found += [TextPage(annex.title, texts)] if texts else []
        found += _visuals(tuple(block for block in annex.blocks if block not in shown))
    return [part for page in found for part in _split_text(page)]


def _paragraphs(blocks: tuple[Block, ...]) -> tuple[Line, ...]:
    return tuple(Line(block.text) for block in blocks if isinstance(block, Paragraph))


def _has_visuals(section: Section) -> bool:
    return any(not isinstance(block, Paragraph) for block in section.blocks)


def _leads(section: Section, lines: tuple[Line, ...]) -> bool:
    """True if the section's few words can stand above its first table or chart."""
    short = _lead_lines(lines) <= _LONGEST_LEAD
    return _has_visuals(section) and section.level <= 2 and not section.sentence and short


def _lead_lines(lines: tuple[Line, ...]) -> int:
    return sum(lines_in(line.text, ROOM_PT / LEAD_SIZE) for line in lines)


def _add_text(found: list[Page], section: Section, title: str, lines: tuple[Line, ...]) -> None:
    """The section's paragraphs: on a slide of their own, deeper sections on the one before."""
    if section.level > 2:
        lines = (Line(section.heading, bold=True), *lines)
        if found and isinstance(found[-1], TextPage):
            found[-1] = replace(found[-1], lines=(*found[-1].lines, *lines))
            return
    if lines:
        found.append(TextPage(title, lines))


def _visuals(blocks: tuple[Block, ...], lead: tuple[Line, ...] = ()) -> list[Page]:
    """Slides of tables and charts; `lead` stands above the first of them."""
    found: list[Page] = []
    for block in blocks:
        height = LEAD_SIZE * TEXT_LINE * _lead_lines(lead)
        made: list[Page] = []
        if isinstance(block, Table):
            made = table_pages(block, height)
        elif isinstance(block, Chart):
            made = chart_pages(block, height)
        if made and lead and not isinstance(made[0], TextPage):
            made[0], lead = replace(made[0], lead=lead), ()
        found += made
    return found


def _split_text(page: Page) -> list[Page]:
    if not isinstance(page, TextPage):
        return [page]
    room = int((TABLE_BOTTOM_PT - TABLE_TOP_PT) / (TEXT_SIZE * TEXT_LINE))
    heights = [lines_in(line.text, ROOM_PT / TEXT_SIZE) + 0.5 for line in page.lines]
    parts = _greedy(heights, room)
    titles = _numbered(page.title, len(parts))
    return [TextPage(t, page.lines[a:b]) for t, (a, b) in zip(titles, parts, strict=True)]


def _greedy(heights: list[float], room: float) -> list[tuple[int, int]]:
    """Cut a run of heights into (start, end) pieces that each stay within `room`."""
    parts, start, used = [], 0, 0.0
    for place, height in enumerate(heights):
        if place > start and used + height > room:
            parts.append((start, place))
            start, used = place, 0.0
        used += height
    return [*parts, (start, len(heights))]


def _even(heights: list[float], room: float) -> list[tuple[int, int]]:
    """As few pieces as `_greedy` makes, but of about the same height."""
    count = len(_greedy(heights, room))
    tight = sum(heights) / count
    while tight < room:
        parts = _greedy(heights, tight)
        if len(parts) == count:
            return parts
        tight *= 1.02
    return _greedy(heights, room)


def _numbered(title: str, count: int) -> list[str]:
    if count == 1:
        return [title]
    return [f"{title}（{place}/{count}）" for place in range(1, count + 1)]


def table_pages(table: Table, lead_height: float = 0.0) -> list[Page]:
    """A table on as many slides as it takes, in the largest type that keeps it on one."""
    room = TABLE_BOTTOM_PT - TABLE_TOP_PT - lead_height
    fitting = [(size, widths) for size in _TABLE_SIZES if (widths := _widths(table, size))]
    for size, widths in fitting:
        heights = _heights(table, size, widths)
        if size >= min(_SMALL, fitting[0][0] - 1) and sum(heights) <= room:
            return _table_pages(table, size, widths, heights, [(0, len(table.rows))], lead_height)
    usual = [entry for entry in fitting if entry[0] <= 12] or [(_SMALLEST, _squeezed(table))]
    size, widths = usual[0]
    heights = _heights(table, size, widths)
    parts = _even(heights[1:], room - heights[0])
    return _table_pages(table, size, widths, heights, parts, lead_height)


def _widths(table: Table, size: float) -> list[float] | None:
    widths = fit_columns(table, ROOM_PT / size / _WIDER)
    return [width * size * _WIDER for width in widths] if widths else None


def _squeezed(table: Table) -> list[float]:
    room = ROOM_PT / _SMALLEST / _WIDER
    widths = squeezed_columns(table, room) or crowded_columns(table, room)
    return [width * _SMALLEST * _WIDER for width in widths]


def _heights(table: Table, size: float, widths: list[float]) -> list[float]:
    lines = row_lines(table, [width / size / _WIDER for width in widths])
    return [count * size * LINE + ROW_PADDING_PT for count in lines]


def _table_pages(
    table: Table,
    size: float,
    widths: list[float],
    heights: list[float],
    parts: list[tuple[int, int]],
    lead_height: float,
) -> list[Page]:
    titles = _numbered(table.sentence or table.title, len(parts))
    found: list[Page] = []
    for title, (start, end) in zip(titles, parts, strict=True):
        bold = tuple(row - start for row in table.bold_rows if start <= row < end)
        piece = replace(table, rows=table.rows[start:end], bold_rows=bold)
        own = (heights[0], *heights[start + 1 : end + 1])
        notes = table.notes if end == len(table.rows) else ()
        found.append(
            TablePage(title, piece, size, tuple(widths), own, notes, lead_height=lead_height)
        )
    return found


def chart_pages(chart: Chart, lead_height: float = 0.0) -> list[Page]:
    """A chart on one slide, or its lying bars on several with the same axis."""
    count = 1
    if bars_lie(chart):
        count = math.ceil(len(chart.categories) / _LONGEST_CHART)
    title = chart.sentence or chart.title
    if count == 1:
        return [ChartPage(title, chart, lead_height=lead_height)]
    top = max((value or 0.0 for series in chart.series for value in series.values), default=0.0)
    size = math.ceil(len(chart.categories) / count)
    starts = range(0, len(chart.categories), size)
    return [
        ChartPage(name, _piece(chart, start, start + size), top, start, lead_height=lead_height)
        for name, start in zip(_numbered(title, count), starts, strict=True)
    ]


def _piece(chart: Chart, start: int, end: int) -> Chart:
    series = tuple(Series(s.name, s.values[start:end]) for s in chart.series)
    return replace(chart, categories=chart.categories[start:end], series=series)
