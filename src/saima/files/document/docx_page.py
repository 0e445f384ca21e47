"""Pages of an official document: sections upright and lying, page numbers, imprint, settings."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips

from saima.briefing.model import DEMO_NOTE, Imprint, date_text
from saima.files.document import docx_format as form

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_TEXT_BOX = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_EMU = 36000
"""English metric units in a millimetre."""


def set_official_page(section: Section) -> None:
    """A4 upright with the margins and the grid of the standard."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width = Twips(form.twips(form.PAGE_WIDTH_MM))
    section.page_height = Twips(form.twips(form.PAGE_HEIGHT_MM))
    section.top_margin, section.bottom_margin = _mm(form.TOP_MM), _mm(form.BOTTOM_MM)
    section.left_margin, section.right_margin = _mm(form.LEFT_MM), _mm(form.RIGHT_MM)
    section.footer_distance, section.header_distance = _mm(form.FOOTER_MM), _mm(20)
    _set_grid(section)


def _mm(millimetres: float) -> Twips:
    return Twips(form.twips(millimetres))


def _set_grid(section: Section) -> None:
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = f'<w:docGrid {form.DECLARE_W} w:type="lines" w:linePitch="{form.LINE_PITCH}"/>'
    section._sectPr.append(parse_xml(grid))


def is_landscape(section: Section) -> bool:
    """True if the section's pages lie."""
    return bool((section.page_width or 0) > (section.page_height or 0))


def text_width(section: Section) -> int:
    """The width between the margins, in twips."""
    inner = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return int(inner / 635)


def turned_text_width(section: Section) -> int:
    """The width between the margins of the section's page if it lay (or stood) instead."""
    inner = (section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0)
    return int(inner / 635)


def turn(document: Document) -> None:
    """Start a new section on a page turned by a quarter; text heads to the binding edge.

    An upright page turned for binding has its left edge where the lying page has its top
    (GB/T 9704-2012, 8: the table's head at the binding edge on odd pages).
    """
    _break_section(document)
    section = document.sections[-1]
    top, right = section.top_margin, section.right_margin
    bottom, left = section.bottom_margin, section.left_margin
    lying = is_landscape(section)
    section.orientation = WD_ORIENT.PORTRAIT if lying else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.top_margin, section.bottom_margin = (right, left) if lying else (left, right)
    section.left_margin, section.right_margin = (top, bottom) if lying else (bottom, top)
    # a footer that reaches into the text would push the lying page's narrow foot up
    section.footer_distance = document.sections[0].footer_distance if lying else _mm(10)


def _break_section(document: Document) -> None:
    """End the section at the last paragraph (an extra empty one could start a blank page)."""
    closing = document.element.body[-1]
    last = closing.getprevious()
    if last is None or last.tag != qn("w:p") or last.find(f".//{qn('w:sectPr')}") is not None:
        last = parse_xml(f"<w:p {form.DECLARE_W}/>")
        closing.addprevious(last)
    last.get_or_add_pPr().append(deepcopy(closing))
    for name in ("w:headerReference", "w:footerReference"):
        for reference in closing.findall(qn(name)):
            closing.remove(reference)


def number_pages(section: Section) -> None:
    """“— 1 —”: odd pages at the right, even at the left, one character from the edge."""
    box = _lying_number if is_landscape(section) else _upright_number
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _replace(footer, box(section, align))


def mark_demo(section: Section) -> None:
    """演示数据，均为虚构 at the head of every page."""
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        _replace(header, form.paragraph_xml("DemoMark", DEMO_NOTE))


def _replace(part: Any, xml: str) -> None:
    for paragraph in list(part._element):
        part._element.remove(paragraph)
    part._element.append(parse_xml(xml))


def _number_paragraph(align: str) -> str:
    indent = form.indent_xml(**{align: 1}, size=form.SIZE_4)
    return (
        f'<w:p {form.DECLARE_W}><w:pPr><w:pStyle w:val="PageNumber"/>{indent}'
        f'<w:jc w:val="{align}"/></w:pPr>{form.run_xml("— ")}{_FIELD}{form.run_xml(" —")}</w:p>'
    )


def _upright_number(_section: Section, align: str) -> str:
    return _number_paragraph(align)


def _lying_number(section: Section, align: str) -> str:
    """The number where the upright page has it: a text box turned clockwise, left of the text."""
    band = 10 * _EMU
    left = int(section.left_margin or 0) - 7 * _EMU - band // 2
    top = int(section.top_margin or 0)
    height = int(section.page_height or 0) - top - int(section.bottom_margin or 0)
    frame = (
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{band}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
    )
    shape = (
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>{frame}</wps:spPr>'
        f"<wps:txbx><w:txbxContent>{_number_paragraph(align)}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="vert" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/></wps:wsp>'
    )
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    anchor = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{band}" cy="{height}"/><wp:wrapNone/>'
        f'<wp:docPr id="{1 if align == "right" else 2}" name="页码"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{uri}">{shape}</a:graphicData></a:graphic></wp:anchor>'
    )
    return (
        f'<w:p {form.DECLARE_W} {_TEXT_BOX}><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>'
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing>'
        "</mc:Choice></mc:AlternateContent></w:r></w:p>"
    )


def imprint_xml(imprint: Imprint, section: Section) -> str:
    """版记 at the foot of the last page: rules of 0.35 mm outside and 0.25 mm between.

    Anchored to the page sideways: LibreOffice lets a table of full width float only so.
    """
    width = text_width(section)
    left = int((section.left_margin or 0) / 635)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for side, size in (("top", 8), ("bottom", 8), ("insideH", 6))
    )
    copies = f"抄送：{imprint.copies_to.rstrip('。')}。"
    hang = form.indent_xml(left=4, right=1, hanging=3, size=form.SIZE_4)
    rows = [form.paragraph_xml("Imprint", copies, hang)] if imprint.copies_to else []
    stop = width - 280
    edges = form.indent_xml(left=1, right=1, size=form.SIZE_4)
    printed = (
        f'<w:p {form.DECLARE_W}><w:pPr><w:pStyle w:val="Imprint"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>{edges}</w:pPr>'
        f"{form.run_xml(imprint.printed_by)}<w:r><w:tab/></w:r>"
        f"{form.run_xml(date_text(imprint.printed_on) + '印发')}</w:p>"
    )
    cells = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        f"</w:tcPr>{row}</w:tc></w:tr>"
        for row in (*rows, printed)
    )
    return (
        f'<w:tbl {form.DECLARE_W}><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" '
        f'w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="{left}" w:tblpYSpec="bottom"/>'
        f'<w:tblOverlap w:val="never"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        f'</w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{cells}</w:tbl>'
    )
