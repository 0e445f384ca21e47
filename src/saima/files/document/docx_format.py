"""The page and the type of an official document: GB/T 9704-2012 in numbers and as Word styles.

Measured in twips (1/20 pt) unless the name says otherwise. Derived values: 225 mm for 22 lines
is 28.99 pt a line (29 pt would give 21), 156 mm for 28 characters is 15.79 pt a character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from saima.briefing.model import Fonts

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECLARE_W = f'xmlns:w="{W}"'


def twips(millimetres: float) -> int:
    """Millimetres in twips, to the nearest."""
    return int(millimetres * 1440 / 25.4 + 0.5)


PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
TOP_MM, LEFT_MM = 37.0, 28.0
RIGHT_MM, BOTTOM_MM = 26.0, 35.0
LINES, CHARACTERS = 22, 28
LINE_PITCH = 579
"""22 lines of 28.95 pt stay within 225 mm; the exact 28.99 pt is 579.8 twips, cut to a whole."""
CHARACTER_PITCH = 315.0
"""28 of them stay within 156 mm (15.79 pt would be 315.9): a 16-pt character, 0.25 pt closer.

Written as spacing of the type beside a `lines` grid. A `linesAndChars` grid with charSpace -848
says the same to Word, but LibreOffice gives a 16-pt character two cells of 15.79 pt.
"""
FOOTER_MM = 25.0
"""Puts the dashes of the page number 7 mm below the type area."""
LETTERHEAD_TOP = twips(35)
NUMBER_TO_RULE_PT = 11
"""4 mm from the number to the red rule."""
RED = "FF0000"

SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5 = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
"""字号 in points: 2号, 3号, 4号, 小四, 五号, 小五."""

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Look:
    """One paragraph style: the font's role in `Fonts`, points, and distances.

    first, left, right   indents in characters (of the style's own size); before in lines.
    exact                line pitch in twips; 0 lets the font decide and leaves the grid.
    outline              heading level 1–4, 0 for text.
    """

    name: str
    font: str = "body"
    size: float = SIZE_3
    align: str = "both"
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    exact: int = LINE_PITCH
    colour: str = ""
    keep_next: bool = False
    latin: str = "latin"
    outline: int = 0


STYLES = {
    "Letterhead": Look("发文机关标志", "title", 48.0, "center", exact=0, colour=RED, latin="title"),
    "DocumentNumber": Look("发文字号", align="center"),
    "Title": Look("Title", "title", SIZE_2, "center", keep_next=True, latin="title"),
    "Subtitle": Look("Subtitle", "kai", align="center", keep_next=True),
    "Addressee": Look("主送机关", before=1),
    "OfficialBody": Look("公文正文", first=2),
    "Heading1": Look("heading 1", "heading", first=2, keep_next=True, outline=1),
    "Heading2": Look("heading 2", "kai", first=2, keep_next=True, outline=2),
    "Heading3": Look("heading 3", first=2, keep_next=True, outline=3),
    "Heading4": Look("heading 4", first=2, keep_next=True, outline=4),
    "AnnexNote": Look("附件说明", keep_next=True),
    "Signature": Look("发文机关署名", align="right", keep_next=True),
    "IssueDate": Look("成文日期", align="right", right=4),
    "Remark": Look("附注", left=2),
    "AnnexMark": Look("附件序号", "heading", align="left", keep_next=True),
    "AnnexTitle": Look("附件标题", "title", SIZE_2, "center", before=1, keep_next=True),
    "TableTitle": Look("表题", "heading", SIZE_4, "center", before=0.4, exact=0, keep_next=True),
    "MeasureLine": Look("计量单位", size=SIZE_5, align="right", exact=0, keep_next=True),
    "TableHeader": Look("表头", "heading", SIZE_5, "center", exact=0, keep_next=True),
    "TableText": Look("表内文字", size=SIZE_5, align="left", exact=0),
    "TableNote": Look("表注", size=SIZE_5, align="left", exact=0),
    "Imprint": Look("版记", size=SIZE_4, align="left", exact=480),
    "PageNumber": Look("页码", "song", SIZE_4, exact=0, latin="song"),
    "DemoMark": Look("演示标记", "kai", SIZE_SMALL_5, "right", exact=0),
}


def clean(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return _ILLEGAL.sub("", text)


def xml_text(text: str) -> str:
    """Text ready to stand between two tags."""
    return escape(clean(text))


def fonts_xml(east_asian: str, latin: str) -> str:
    """Font names of a run or style; theme fonts do not come through."""
    a, l = quoteattr(clean(east_asian)), quoteattr(clean(latin))
    return f"<w:rFonts w:ascii={l} w:hAnsi={l} w:eastAsia={a} w:cs={l}/>"


def run_properties_xml(look: Look, fonts: Fonts) -> str:
    """The type of a style: fonts, colour, size."""
    size = int(look.size * 2)
    closer = '<w:spacing w:val="-5"/>' if look.size == SIZE_3 else '<w:spacing w:val="0"/>'
    colour = f'<w:color w:val="{look.colour}"/>' if look.colour else ""
    names = fonts_xml(getattr(fonts, look.font), getattr(fonts, look.latin))
    return f'{names}{colour}{closer}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def indent_xml(
    first: float = 0,
    left: float = 0,
    right: float = 0,
    hanging: float = 0,
    size: float = SIZE_3,
) -> str:
    """Indents in characters, with the twips that programs without character units use."""
    pitch = CHARACTER_PITCH if size == SIZE_3 else size * 20
    named = (("left", left), ("right", right), ("hanging", hanging), ("firstLine", first))
    parts = [
        f'w:{key}Chars="{int(chars * 100)}" w:{key}="{int(chars * pitch)}"'
        for key, chars in named
        if chars
    ]
    return f"<w:ind {' '.join(parts)}/>" if parts else ""


def _paragraph_properties_xml(look: Look) -> str:
    keep = "<w:keepNext/>" if look.keep_next else ""
    snap = "" if look.exact else '<w:snapToGrid w:val="0"/>'
    before = f'w:beforeLines="{int(look.before * 100)}" w:before="{int(look.before * LINE_PITCH)}" '
    line = f'w:line="{look.exact}" w:lineRule="exact"' if look.exact else 'w:line="240"'
    outline = f'<w:outlineLvl w:val="{look.outline - 1}"/>' if look.outline else ""
    indent = indent_xml(look.first, look.left, look.right, size=look.size)
    spacing = f'<w:spacing {before if look.before else ""}w:after="0" {line}/>'
    return f'{keep}{snap}{spacing}{indent}<w:jc w:val="{look.align}"/>{outline}'


def style_xml(style_id: str, look: Look, fonts: Fonts, base: str = "Normal") -> str:
    """One `w:style` element."""
    custom = "" if look.name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style {DECLARE_W} w:type="paragraph"{custom} w:styleId="{style_id}">'
        f'<w:name w:val="{look.name}"/><w:basedOn w:val="{base}"/><w:qFormat/>'
        f"<w:pPr>{_paragraph_properties_xml(look)}</w:pPr>"
        f"<w:rPr>{run_properties_xml(look, fonts)}</w:rPr></w:style>"
    )


def base_styles_xml(fonts: Fonts) -> str:
    """Defaults and the three base styles of a new document: Normal is 16-pt body type."""
    type_ = run_properties_xml(Look("Normal"), fonts)
    return (
        f"<w:styles {DECLARE_W}><w:docDefaults><w:rPrDefault><w:rPr>{type_}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/>'
        f'<w:spacing w:after="0" w:line="{LINE_PITCH}" w:lineRule="exact"/><w:jc w:val="both"/>'
        f"</w:pPr><w:rPr>{type_}</w:rPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style></w:styles>"
    )


def run_xml(text: str, properties: str = "") -> str:
    """Runs of text; the hint gives quotation marks and dashes to the Chinese font."""
    start = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>'
    lines = xml_text(text).split("\n")
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"{start}{properties}</w:rPr>{body}</w:r>"


def paragraph_xml(style_id: str, text: str, properties: str = "", run: str = "") -> str:
    """One paragraph; `properties` go into its pPr after the style, `run` into its rPr."""
    content = run_xml(text, run) if text else ""
    return (
        f'<w:p {DECLARE_W}><w:pPr><w:pStyle w:val="{style_id}"/>{properties}</w:pPr>{content}</w:p>'
    )
