"""The document to write into: a new one in the official form, or the office's own Word file.

In the office's file, `{{标题}}` and the other placeholders are filled in where they stand;
what has none of its own is written at `{{正文}}`, or at the end.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from saima.briefing.model import Briefing, Fonts, Options, date_text
from saima.files.document import docx_format as form
from saima.files.document import docx_page
from saima.problems import Place, declare, refuse

if TYPE_CHECKING:
    from docx.document import Document

UNREADABLE_TEMPLATE = declare(
    "word-template-unreadable",
    "Word 模板无法打开（{reason}）。",
    "请用 Word 或 WPS 打开模板，另存为未加密的 .docx 后重试。",
    "The Word template cannot be opened ({reason}).",
    "Open it in Word and save it as an unencrypted .docx.",
)
UNKNOWN_PLACEHOLDER = declare(
    "word-template-placeholder",
    "Word 模板中的占位符“{name}”无法识别。",
    "可用的占位符：{known}。",
    "The Word template has an unknown placeholder: {name}.",
    "Known placeholders: {known}.",
)

BODY = "正文"
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_DROPPED = ("thumbnail", "customXml", "stylesWithEffects")


def start(options: Options) -> Document:
    """A new document in the official form, or the office's template, opened."""
    if options.template is None:
        return _blank(options.fonts)
    document = _opened(options.template)
    section = document.sections[-1]
    if None in (section.page_width, section.left_margin, section.top_margin):
        docx_page.set_official_page(section)
    return document


def _opened(path: Path) -> Document:
    try:
        return docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, FileNotFoundError) as error:
        reason = "文件不存在" if not path.exists() else "不是 .docx 文件，或已加密、已损坏"
        raise refuse(UNREADABLE_TEMPLATE, Place(file=path.name), reason=reason) from error
    except (ValueError, KeyError, OSError, etree.XMLSyntaxError) as error:
        reason = "文件内容不是有效的 .docx"
        raise refuse(UNREADABLE_TEMPLATE, Place(file=path.name), reason=reason) from error


def _blank(fonts: Fonts) -> Document:
    document = docx.Document()
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_DROPPED):
                del part.rels[key]
    _replace_children(document.styles.element, form.base_styles_xml(fonts))
    for style_id, look in form.STYLES.items():
        document.styles.element.append(parse_xml(form.style_xml(style_id, look, fonts)))
    _replace_children(document.settings.element, _SETTINGS)
    docx_page.set_official_page(document.sections[-1])
    return document


_SETTINGS = f"""<w:settings {form.DECLARE_W}><w:defaultTabStop w:val="640"/>
<w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="579"/>
<w:characterSpacingControl w:val="compressPunctuation"/>
<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>
<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"
 w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>
<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>"""


def _replace_children(element: Any, xml: str) -> None:
    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(xml)))


def dress(document: Document, briefing: Briefing) -> None:
    """Page numbers, marks of invented data and properties of a document begun by `start`."""
    for section in document.sections:
        docx_page.number_pages(section)
        if briefing.demo:
            docx_page.mark_demo(section)
    _set_properties(document, briefing)


def _set_properties(document: Document, briefing: Briefing) -> None:
    properties = document.core_properties
    properties.title = form.clean(briefing.title.replace("\n", ""))[:255]
    properties.author = form.clean(briefing.issuer or briefing.signature)[:255]
    properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = "zh-CN"
    properties.revision = 1


def length(document: Document) -> int:
    """The number of body elements, without the closing section properties."""
    return len(document.element.body) - 1


def placeholders(document: Document) -> frozenset[str]:
    """Names of the placeholders that a document holds."""
    return frozenset(
        name
        for paragraph in _all_paragraphs(document)
        for name in _PLACEHOLDER.findall(_text(paragraph))
    )


def _all_paragraphs(document: Document) -> list[Any]:
    roots = [document.element.body]
    for section in document.sections:
        for part in (
            section.header,
            section.footer,
            section.even_page_header,
            section.even_page_footer,
            section.first_page_header,
            section.first_page_footer,
        ):
            if not part.is_linked_to_previous:
                roots.append(part._element)
    return [paragraph for root in roots for paragraph in root.iter(qn("w:p"))]


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def fill(document: Document, briefing: Briefing, options: Options, start: int) -> None:
    """Fill the template's placeholders and put the elements from `start` on at its {{正文}}."""
    body = document.element.body
    written = list(body)[start:-1]
    _use_styles(document, written, options.fonts)
    values = _values(briefing)
    for paragraph in _all_paragraphs(document):
        text = _text(paragraph)
        names = _PLACEHOLDER.findall(text) if paragraph not in written else []
        if BODY in names:
            for element in written:
                paragraph.addprevious(element)
            paragraph.getparent().remove(paragraph)
        elif names:
            _fill_paragraph(paragraph, text, values, options)
    _set_properties(document, briefing)


def _fill_paragraph(paragraph: Any, text: str, values: dict[str, str], options: Options) -> None:
    """Put values into a paragraph, in the type of its first run that carries text."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            place = Place(file=options.template.name if options.template else "")
            known = "、".join(f"{{{{{name}}}}}" for name in (*values, BODY))
            raise refuse(UNKNOWN_PLACEHOLDER, place, name=found[1], known=known)
        return values[found[1]]

    filled = form.clean(_PLACEHOLDER.sub(value, text))
    nodes = list(paragraph.iter(qn("w:t")))
    nodes[0].text = filled
    nodes[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for node in nodes[1:]:
        node.text = ""


def _values(briefing: Briefing) -> dict[str, str]:
    imprint = briefing.imprint
    return {
        "标题": briefing.title.replace("\n", ""),
        "副标题": briefing.subtitle,
        "发文字号": briefing.number,
        "发文机关": briefing.issuer,
        "主送机关": briefing.addressee.rstrip("："),
        "署名": briefing.signature or briefing.issuer,
        "成文日期": date_text(briefing.date),
        "抄送机关": imprint.copies_to if imprint else "",
        "印发机关": imprint.printed_by if imprint else "",
        "印发日期": date_text(imprint.printed_on) if imprint else "",
    }


def _use_styles(document: Document, written: list[Any], fonts: Fonts) -> None:
    """Give the elements written the template's styles of the same name; add those it lacks."""
    styles = document.styles.element
    known = {style.find(qn("w:name")).get(qn("w:val")): style for style in _named(styles)}
    base = next((s.get(qn("w:styleId")) for s in _named(styles) if _is_default(s)), "Normal")
    used = {node.get(qn("w:val")) for root in written for node in root.iter(qn("w:pStyle"))}
    ids = {}
    for style_id in sorted(used):
        look = form.STYLES[style_id]
        if look.name in known:
            ids[style_id] = known[look.name].get(qn("w:styleId"))
        else:
            ids[style_id] = f"Saima{style_id}"
            styles.append(parse_xml(form.style_xml(ids[style_id], look, fonts, base)))
    for root in written:
        for node in root.iter(qn("w:pStyle")):
            node.set(qn("w:val"), ids[node.get(qn("w:val"))])


def _named(styles: Any) -> list[Any]:
    return [
        style
        for style in styles.iter(qn("w:style"))
        if style.get(qn("w:type")) == "paragraph" and style.find(qn("w:name")) is not None
    ]


def _is_default(style: Any) -> bool:
    return style.get(qn("w:default")) in ("1", "true", "on")
