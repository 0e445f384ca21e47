"""Write a briefing as slides (.pptx), 16:9: native tables and charts, one sentence a title."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from saima.briefing.model import (
    DEMO_NOTE,
    Briefing,
    Cell,
    Chart,
    Column,
    Missing,
    Options,
    Series,
    Tied,
    cell_text,
    date_text,
)
from saima.files.document.docx_format import clean
from saima.files.document.pptx_pages import (
    HEIGHT_PT,
    LEAD_SIZE,
    LINE,
    MARGIN_PT,
    ROOM_PT,
    TABLE_BOTTOM_PT,
    TABLE_TOP_PT,
    TEXT_LINE,
    TEXT_SIZE,
    WIDTH_PT,
    ChartPage,
    Line,
    Page,
    TablePage,
    TextPage,
    pages,
)
from saima.files.document.table_layout import bars_lie, header_text, text_width
from saima.files.saving import check_folder, fixed_package, save
from saima.rounding import number

_PAPER, _INK, _INK_2, _PALE = "F6F5F2", "1D2126", "4B525A", "636A72"
_LINE, _LINE_2, _ACCENT = "E6E4DF", "CBC8C1", "9B1C1F"
_RISE, _FALL = "B3261E", "2D6B60"
_DATA = ("0A5290", "C67E2F", "409685", "5E3F5C", "C1C7D1", "EFD687", "15181D")
_NO_TABLE_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_TITLE_ONLY = 5
_DECLARE_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_ALIGN = {"text": PP_ALIGN.LEFT, "number": PP_ALIGN.RIGHT, "percent": PP_ALIGN.RIGHT}


def write_pptx(briefing: Briefing, path: Path, options: Options | None = None) -> None:
    """Write `briefing` as slides to `path`; the same briefing gives the same bytes.

    Raises Refused if the folder is missing or not writable.
    """
    check_folder(path)
    save(path, pptx_bytes(briefing, options or Options()))


def pptx_bytes(briefing: Briefing, options: Options) -> bytes:
    """The finished slides; see `write_pptx`."""
    slides = _Slides(briefing, options.fonts.screen)
    slides.write()
    stream = BytesIO()
    slides.show.save(stream)
    return fixed_package(stream.getvalue(), briefing.date)


def _colour(value: str) -> Any:
    return RGBColor.from_string(value)  # type: ignore[no-untyped-call]


class _Slides:
    """One presentation in the making."""

    def __init__(self, briefing: Briefing, font: str) -> None:
        self.briefing, self.font = briefing, font
        self.looks: dict[tuple[float, str, bool], Any] = {}
        self.frames: dict[tuple[float, str], Any] = {}
        self.show = Presentation()
        self.show.slide_width, self.show.slide_height = Pt(WIDTH_PT), Pt(HEIGHT_PT)
        ground = self.show.slide_master.background.fill
        ground.solid()
        ground.fore_color.rgb = _colour(_PAPER)

    def write(self) -> None:
        _drop_unused_parts(self.show)
        properties = self.show.core_properties
        properties.title = clean(self.briefing.title.replace("\n", ""))[:255]
        properties.author = clean(self.briefing.issuer)[:255]
        properties.last_modified_by, properties.language = "", "zh-CN"
        self._title_slide()
        found = pages(self.briefing)
        for place, page in enumerate(found, start=2):
            self._slide(page, f"{place} / {len(found) + 1}")

    def _title_slide(self) -> None:
        briefing = self.briefing
        slide = self._new(briefing.title, top=150, height=110, size=34)
        self._flag(slide, 104)
        kind = "　".join(filter(None, (briefing.kind, briefing.number)))
        self._text(slide, kind, top=118, height=24, size=14, colour=_PALE)
        if briefing.headline:
            self._text(slide, briefing.headline, top=276, height=96, size=20, colour=_INK_2)
        issued = "　".join(filter(None, (briefing.issuer, date_text(briefing.date))))
        self._text(slide, issued, top=420, height=24, size=14, colour=_INK_2)
        if briefing.demo:
            self._text(slide, DEMO_NOTE, top=446, height=24, size=14, colour=_PALE)

    def _slide(self, page: Page, number_: str) -> None:
        slide = self._new(page.title, top=36, height=66, size=_title_size(page.title))
        if isinstance(page, TextPage):
            self._lines(slide, page.lines, TABLE_TOP_PT - 18, TEXT_SIZE)
        elif isinstance(page, TablePage):
            self._table_page(slide, page)
        else:
            self._chart_page(slide, page)
        demo = f"　　{DEMO_NOTE}" if self.briefing.demo else ""
        foot = f"{self.briefing.issuer}　{date_text(self.briefing.date)}{demo}"
        self._text(slide, foot, top=506, height=16, size=10, colour=_PALE)
        self._text(slide, number_, top=506, height=16, size=10, colour=_PALE, align=PP_ALIGN.RIGHT)

    def _new(self, title: str, top: float, height: float, size: float) -> Any:
        slide = self.show.slides.add_slide(self.show.slide_layouts[_TITLE_ONLY])
        shape = slide.shapes.title
        _place(shape, MARGIN_PT, top, ROOM_PT, height)
        self._fill(shape, [title.replace("\n", "")], size, _INK, bold=True)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE if top < 100 else MSO_ANCHOR.TOP
        return slide

    def _flag(self, slide: Any, top: float) -> None:
        """The one red thing on the slide."""
        flag = slide.shapes.add_shape(1, Pt(MARGIN_PT), Pt(top), Pt(36), Pt(5))
        flag.fill.solid()
        flag.fill.fore_color.rgb = _colour(_ACCENT)
        flag.line.fill.background()
        flag.shadow.inherit = False

    def _text(self, slide: Any, text: str, top: float, height: float, **look: Any) -> Any:
        box = slide.shapes.add_textbox(Pt(MARGIN_PT), Pt(top), Pt(ROOM_PT), Pt(height))
        self._fill(box, [text], **look)
        return box

    def _fill(
        self,
        shape: Any,
        texts: list[str],
        size: float,
        colour: str,
        bold: bool = False,
        align: Any = PP_ALIGN.LEFT,
    ) -> None:
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = align
            paragraph.line_spacing = LINE
            self._run(paragraph, text, size, colour, bold)

    def _run(self, paragraph: Any, text: str, size: float, colour: str, bold: bool = False) -> None:
        for place, line in enumerate(clean(text).split("\n")):
            if place:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            self._dress_run(run, size, colour, bold)

    def _dress_run(self, run: Any, size: float, colour: str, bold: bool) -> None:
        """Size, weight, colour and type; the same look is copied, the library builds it slowly."""
        look = (size, colour, bold)
        if look in self.looks:
            run._r.insert(0, deepcopy(self.looks[look]))
            return
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _colour(colour)
        _set_font(run.font, self.font)
        self.looks[look] = deepcopy(run._r.rPr)

    def _lines(self, slide: Any, lines: tuple[Line, ...], top: float, size: float) -> None:
        box = slide.shapes.add_textbox(Pt(MARGIN_PT), Pt(top), Pt(ROOM_PT), Pt(size * LINE))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.line_spacing, paragraph.space_after = LINE, Pt(size * (TEXT_LINE - LINE))
            self._run(paragraph, line.text, size, _INK, line.bold)

    def _above(self, slide: Any, page: TablePage | ChartPage, caption: str, measure: str) -> float:
        """The lead and the two small lines above a table or chart; the height where it starts."""
        if page.lead:
            self._lines(slide, page.lead, TABLE_TOP_PT - 22, LEAD_SIZE)
        top = TABLE_TOP_PT + page.lead_height
        small: dict[str, Any] = {"top": top - 22, "height": 16, "size": 11, "colour": _PALE}
        if caption:
            self._text(slide, caption, **small)
        if measure:
            self._text(slide, measure, **small, align=PP_ALIGN.RIGHT)
        return top

    def _table_page(self, slide: Any, page: TablePage) -> None:
        table = page.table
        caption = table.title if table.sentence else ""
        top = self._above(slide, page, caption, table.measure_line)
        frame = slide.shapes.add_table(
            len(table.rows) + 1,
            len(table.columns),
            Pt(MARGIN_PT),
            Pt(top),
            Pt(sum(page.widths)),
            Pt(sum(page.heights)),
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(table.title))
        _plain_style(frame)
        for i, width in enumerate(page.widths):
            frame.table.columns[i].width = Pt(width)
        for i, height in enumerate(page.heights):
            frame.table.rows[i].height = Pt(height)
        self._rows(frame.table, page)
        if page.notes:
            notes = [("注：" if i == 0 else "　　") + note for i, note in enumerate(page.notes)]
            box = self._text(slide, notes[0], top=482, height=20, size=9, colour=_PALE)
            for note in notes[1:]:
                paragraph = box.text_frame.add_paragraph()
                self._run(paragraph, note, 9, _PALE)

    def _rows(self, grid: Any, page: TablePage) -> None:
        drawn = [list(row.cells) for row in grid.rows]
        for i, column in enumerate(page.table.columns):
            text = header_text(column, page.widths[i] / page.size)
            self._cell(drawn[0][i], text, column, page.size - 1, _PALE, False, _INK)
        for r, row in enumerate(page.table.rows):
            bold = r in page.table.bold_rows
            for i, (cell, column) in enumerate(zip(row, page.table.columns, strict=True)):
                text, colour = cell_text(cell, column), _cell_colour(cell, column)
                strong = bold or (column.kind == "rank" and colour == _ACCENT)
                self._cell(drawn[r + 1][i], text, column, page.size, colour, strong, _LINE_2)

    def _cell(
        self,
        cell: Any,
        text: str,
        column: Column,
        size: float,
        colour: str,
        bold: bool,
        rule: str,
    ) -> None:
        self._frame(cell, size, rule)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = _ALIGN.get(column.kind, PP_ALIGN.CENTER)
        self._run(paragraph, text, size, colour, bold)

    def _frame(self, cell: Any, size: float, rule: str) -> None:
        """Margins, middle and hairline of a cell; copied like the look of a run."""
        known = self.frames.get((size, rule))
        if known is not None:
            cell._tc.replace(cell._tc.tcPr, deepcopy(known))
            return
        cell.margin_top = cell.margin_bottom = Pt(2)
        cell.margin_left = cell.margin_right = Pt(size * 0.4)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        _rule_below(cell, rule)
        self.frames[size, rule] = deepcopy(cell._tc.tcPr)

    def _chart_page(self, slide: Any, page: ChartPage) -> None:
        chart = page.chart
        measure = f"（{chart.measure}）" if chart.measure else ""
        caption = f"{chart.title}{measure}" if chart.sentence or measure else ""
        top = self._above(slide, page, caption, "")
        place = (Pt(MARGIN_PT), Pt(top), Pt(ROOM_PT), Pt(TABLE_BOTTOM_PT + 14 - top))
        frame = slide.shapes.add_chart(_kind(chart), *place, _chart_data(chart))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(chart.title))
        self._dress(frame.chart, page)

    def _dress(self, drawn: Any, page: ChartPage) -> None:
        chart = page.chart
        drawn.font.size, drawn.font.color.rgb = Pt(11), _colour(_INK_2)
        _set_font(drawn.font, self.font)
        drawn.has_title = False
        drawn.has_legend = len(chart.series) > 1
        if drawn.has_legend:
            drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
            drawn.legend.include_in_layout = False
        _dress_axes(drawn, page)
        plot = drawn.plots[0]
        if chart.kind == "line":
            _dress_lines(plot)
        else:
            _dress_bars(plot, chart, page.start)
        if len(chart.series) == 1:
            plot.has_data_labels = True
            plot.data_labels.number_format = _number_format(chart)
            plot.data_labels.number_format_is_linked = False
            plot.data_labels.font.size = Pt(11)


def _title_size(title: str) -> float:
    """24 pt for what takes at most two lines, less for more."""
    lines = text_width(title) * 24 / ROOM_PT
    return 24 if lines <= 1.9 else (20 if lines <= 2.2 else 16)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)


def _set_font(font: Any, name: str) -> None:
    """Latin and East Asian type; the library sets the Latin one only."""
    font.name = name
    properties = font._rPr
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    properties.find(qn("a:latin")).addnext(parse_xml(f'<a:ea {_DECLARE_A} typeface="{name}"/>'))


def _cell_colour(cell: Cell, column: Column) -> str:
    if isinstance(cell, Missing):
        return _PALE
    if column.kind == "seal":
        return _ACCENT
    if column.kind == "rank" and (cell.rank if isinstance(cell, Tied) else cell) == 1:
        return _ACCENT
    if column.kind == "movement" and isinstance(cell, int | float):
        return _RISE if cell > 0 else (_FALL if cell < 0 else _PALE)
    return _INK


def _plain_style(frame: Any) -> None:
    """No bands, no fills: a hairline below each row is drawn by hand."""
    properties = frame._element.graphic.graphicData.tbl.tblPr
    properties.set("bandRow", "0")
    properties.find(qn("a:tableStyleId")).text = _NO_TABLE_STYLE


def _rule_below(cell: Any, colour: str) -> None:
    rule = (
        f'<a:lnB {_DECLARE_A} w="9525"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        "</a:lnB>"
    )
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(rule))


def _kind(chart: Chart) -> Any:
    if chart.kind == "line":
        return XL_CHART_TYPE.LINE_MARKERS
    return XL_CHART_TYPE.BAR_CLUSTERED if bars_lie(chart) else XL_CHART_TYPE.COLUMN_CLUSTERED


def _rounded(series: Series, decimals: int) -> list[float | None]:
    return [None if value is None else number(value, decimals) for value in series.values]


def _chart_data(chart: Chart) -> Any:
    data: Any = CategoryChartData(number_format=_number_format(chart))  # type: ignore[no-untyped-call]
    data.categories = [clean(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(clean(series.name), _rounded(series, chart.decimals))
    return data


def _number_format(chart: Chart) -> str:
    return "#,##0" + ("." + "0" * chart.decimals if chart.decimals else "")


def _dress_axes(drawn: Any, page: ChartPage) -> None:
    chart = page.chart
    names, values = drawn.category_axis, drawn.value_axis
    names.format.line.color.rgb = _colour(_LINE_2)
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.reverse_order = bars_lie(chart)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "General", False
    values.major_gridlines.format.line.color.rgb = _colour(_LINE)
    if chart.kind != "line":
        if all((value or 0) >= 0 for series in chart.series for value in series.values):
            values.minimum_scale = 0
        if page.top:
            values.maximum_scale = page.top * 1.1
        if len(chart.series) == 1:
            values.visible = False
            values.has_major_gridlines = False


def _dress_lines(plot: Any) -> None:
    for place, series in enumerate(plot.series):
        colour = _colour(_DATA[place % len(_DATA)])
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = colour, Pt(2)
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
        series.marker.format.line.color.rgb = colour


def _dress_bars(plot: Any, chart: Chart, start: int) -> None:
    """One series in ink, the first place in the accent; several in the data colours."""
    plot.gap_width = 60
    alone = len(chart.series) == 1
    for place, series in enumerate(plot.series):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(_INK_2 if alone else _DATA[place % len(_DATA)])
        series.invert_if_negative = False
    if alone and chart.kind == "ranked_bar" and chart.categories and start == 0:
        point = plot.series[0].points[0]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = _colour(_ACCENT)


def _drop_unused_parts(show: Any) -> None:
    """The library's picture of an empty slide says nothing about this one."""
    package = show.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype.endswith("thumbnail"):
            package._rels.pop(key)
