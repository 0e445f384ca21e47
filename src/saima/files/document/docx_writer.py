"""Write a briefing as an official document (.docx) after GB/T 9704-2012: native text and tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from docx.oxml import parse_xml

from saima.briefing.model import (
    DEMO_NOTE,
    Annex,
    Block,
    Briefing,
    Chart,
    Options,
    Paragraph,
    Table,
    chart_table,
    date_text,
)
from saima.files.document import docx_format as form
from saima.files.document import docx_page, docx_tables, docx_template
from saima.files.document.docx_tables import Layout, lay_out, table_xml
from saima.files.document.docx_title import title_lines
from saima.files.document.table_layout import text_width
from saima.files.saving import check_folder, fixed_package, save

if TYPE_CHECKING:
    from docx.document import Document

_ROOM_PT = form.CHARACTERS * form.SIZE_3 * 0.98
_MARK_SIZES = (28.0, 48.0)
"""Smallest and largest type of the letterhead in points."""


def write_docx(briefing: Briefing, path: Path, options: Options | None = None) -> None:
    """Write `briefing` to `path`; the same briefing and options give the same bytes.

    Raises Refused if the folder is missing or not writable, or the template cannot be used.
    """
    check_folder(path)
    save(path, docx_bytes(briefing, options or Options()))


def docx_bytes(briefing: Briefing, options: Options) -> bytes:
    """The finished document; see `write_docx`."""
    document = docx_template.start(options)
    own = docx_template.placeholders(document)
    writing = _Writing(document, briefing, options, own, docx_template.length(document))
    writing.write()
    if options.template is None:
        docx_template.dress(document, briefing)
    else:
        docx_template.fill(document, briefing, options, writing.start)
    stream = BytesIO()
    document.save(stream)
    return fixed_package(stream.getvalue(), briefing.date)


def _gap(lines: int) -> str:
    return f'<w:spacing w:beforeLines="{lines * 100}" w:before="{lines * form.LINE_PITCH}"/>'


@dataclass
class _Writing:
    """One document in the making: parts are added at its end, in the order of the standard.

    own      parts that the office's template places itself, through placeholders.
    start    the place of the first element added.
    gap      properties that open the next body paragraph (an empty line where nothing else is).
    """

    document: Document
    briefing: Briefing
    options: Options
    own: frozenset[str]
    start: int
    gap: str = field(default="")

    def write(self) -> None:
        self._head()
        self._body()
        self._annex_note()
        if self.briefing.parties:
            self._add(docx_tables.parties_xml(self.briefing.parties, self._room()))
        elif "成文日期" not in self.own:
            self._signature()
        for note in self.briefing.notes:
            self._add(form.paragraph_xml("Remark", f"（{note}）"))
        for place, annex in enumerate(self.briefing.annexes, start=1):
            self._annex(annex, str(place) if len(self.briefing.annexes) > 1 else "")
        if self.briefing.imprint and "印发机关" not in self.own:
            self._imprint()

    def _add(self, *elements: str) -> None:
        end = self.document.element.body[-1]
        for xml in elements:
            end.addprevious(parse_xml(xml))

    def _head(self) -> None:
        headed = self.options.template is None and self._letterhead()
        if "标题" not in self.own:
            title = "\n".join(title_lines(self.briefing.title, _ROOM_PT / form.SIZE_2))
            self._add(form.paragraph_xml("Title", title, _gap(2) if headed else ""))
            if self.briefing.subtitle:
                self._add(form.paragraph_xml("Subtitle", self.briefing.subtitle))
        if self.briefing.demo:
            self._add(form.paragraph_xml("Subtitle", f"（{DEMO_NOTE}）"))
        if self.briefing.addressee and "主送机关" not in self.own:
            self._add(form.paragraph_xml("Addressee", self.briefing.addressee.rstrip("：") + "："))
        else:
            self.gap = _gap(1)

    def _letterhead(self) -> bool:
        """发文机关标志, number and red rule; True if anything stands above the title."""
        mark = self.options.letterhead or self.briefing.issuer_mark
        number = self.briefing.number
        if mark:
            self._add(_letterhead_xml(mark))
            self._add(form.paragraph_xml("DocumentNumber", number, _red_rule_xml() + _gap(2)))
        elif number:
            self._add(form.paragraph_xml("DocumentNumber", number))
        return bool(mark or number)

    def _body(self) -> None:
        for section in self.briefing.sections:
            if section.heading:
                self._upright()
                self._paragraph(f"Heading{section.level}", section.heading)
            self._blocks(section.blocks)
        self._upright()

    def _paragraph(self, style: str, text: str, properties: str = "") -> None:
        self._add(form.paragraph_xml(style, text, self.gap + properties))
        self.gap = ""

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._upright()
                self._paragraph("OfficialBody", block.text)
            else:
                table = _as_table(block)
                layout = self._layout(table)
                self._stand(layout.landscape)
                self._table(table, layout)

    def _table(self, table: Table, layout: Layout) -> None:
        """A table and a closing paragraph, which keeps it from growing into the next one."""
        self._add(*table_xml(table, layout))
        if not table.notes:
            self._add(form.paragraph_xml("TableNote", ""))

    def _layout(self, table: Table) -> Layout:
        section = self.document.sections[-1]
        here, turned = docx_page.text_width(section), docx_page.turned_text_width(section)
        if docx_page.is_landscape(section):
            here, turned = turned, here
        return lay_out(table, here, turned)

    def _room(self) -> int:
        return docx_page.text_width(self.document.sections[-1])

    def _stand(self, landscape: bool) -> bool:
        """Turn the page if it stands otherwise; True if a new page was begun by that."""
        turning = docx_page.is_landscape(self.document.sections[-1]) != landscape
        if turning:
            docx_page.turn(self.document)
        return turning

    def _upright(self) -> None:
        self._stand(False)

    def _annex_note(self) -> None:
        annexes = self.briefing.annexes
        for place, annex in enumerate(annexes, start=1):
            opening = "附件：" if place == 1 else ""
            number = f"{place}." if len(annexes) > 1 else ""
            hanging = text_width(opening) + (0.75 if number else 0)
            left = 5.75 if number else 5
            properties = (_gap(1) if place == 1 else "") + form.indent_xml(
                left=left, hanging=hanging
            )
            self._add(
                form.paragraph_xml("AnnexNote", f"{opening}{number}{annex.title}", properties)
            )

    def _signature(self) -> None:
        signature = self.briefing.signature or self.briefing.issuer
        day = date_text(self.briefing.date)
        if signature:
            right = max(0.0, 4 + (text_width(day) - text_width(signature)) / 2)
            self._add(
                form.paragraph_xml("Signature", signature, _gap(2) + form.indent_xml(right=right))
            )
        self._add(form.paragraph_xml("IssueDate", day, "" if signature else _gap(2)))

    def _annex(self, annex: Annex, number: str) -> None:
        tables = [_as_table(block) for block in annex.blocks if not isinstance(block, Paragraph)]
        lying = any(self._layout(table).landscape for table in tables)
        breaking = "" if self._stand(lying) else "<w:pageBreakBefore/>"
        lines = "\n".join(title_lines(annex.title, _ROOM_PT / form.SIZE_2))
        self._add(form.paragraph_xml("AnnexMark", f"附件{number}", breaking))
        self._add(form.paragraph_xml("AnnexTitle", lines))
        self.gap = _gap(1)
        for block in annex.blocks:
            if isinstance(block, Paragraph):
                self._paragraph("OfficialBody", block.text)
            else:
                table = _without_title(_as_table(block), annex.title)
                self._table(table, self._layout(table))
        self.gap = ""

    def _imprint(self) -> None:
        self._upright()
        assert self.briefing.imprint is not None
        section = self.document.sections[-1]
        small = '<w:spacing w:line="20" w:lineRule="exact"/>'
        anchor = form.paragraph_xml("TableNote", "", small)
        self._add(docx_page.imprint_xml(self.briefing.imprint, section), anchor)


def _as_table(block: Table | Chart | Paragraph) -> Table:
    assert not isinstance(block, Paragraph)
    return chart_table(block) if isinstance(block, Chart) else block


def _without_title(table: Table, title: str) -> Table:
    """A table named like its annex does not repeat the name."""
    return replace(table, title="") if table.title == title else table


def _letterhead_xml(mark: str) -> str:
    smallest, largest = _MARK_SIZES
    lines = title_lines(mark, _ROOM_PT / smallest)
    size = min(largest, int(_ROOM_PT / max(text_width(line) for line in lines)))
    spacing = (
        f'<w:spacing w:before="{form.LETTERHEAD_TOP}" w:line="{int(size * 23)}" '
        'w:lineRule="exact"/>'
    )
    run = f'<w:sz w:val="{int(size * 2)}"/><w:szCs w:val="{int(size * 2)}"/>'
    return form.paragraph_xml("Letterhead", "\n".join(lines), spacing, run)


def _red_rule_xml() -> str:
    return (
        f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="{form.NUMBER_TO_RULE_PT}" '
        f'w:color="{form.RED}"/></w:pBdr>'
    )
