"""Read a Word file as plain data: pages, paragraphs with their type as it comes out, tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saima.files.docx_check.numbering import Numbering
from saima.files.docx_check.package import WordPackage, open_word
from saima.files.docx_check.styles import Setting, Sheet, Type, on, q, read_sheet, twips_of, value

_SKIPPED = {q("del"), q("moveFrom"), q("pPr"), q("rPr"), q("instrText"), q("delText")}
_BOX = q("txbxContent")
_MARKS = {q("tab"): "\t", q("br"): "\n", q("cr"): "\n", q("noBreakHyphen"): "-", q("ptab"): "\t"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Piece:
    """Some text of one type."""

    text: str
    type: Type


@dataclass(frozen=True)
class Line:
    """One paragraph: its number in the body (from 1, empty ones too; 0 elsewhere) and its looks."""

    number: int
    pieces: tuple[Piece, ...]
    setting: Setting
    style: str = ""
    section: int = 0
    label: str = ""
    boxes: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """What is read, the automatic number first."""
        return self.label + "".join(piece.text for piece in self.pieces)

    @property
    def type(self) -> Type:
        """The type of the first text that is more than space."""
        shown = [piece.type for piece in self.pieces if piece.text.strip()]
        return (shown or [piece.type for piece in self.pieces] or [Type()])[0]


@dataclass(frozen=True)
class Grid:
    """One table of the body, counted from 1; `after` is the number of the paragraph before it."""

    number: int
    after: int
    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    header_repeats: bool = False
    rules: dict[str, float] = field(default_factory=dict)
    """Widths of its outer and inner rules in eighths of a point, by side."""

    @property
    def lines(self) -> Iterator[Line]:
        return (line for row in self.rows for cell in row for line in cell)


@dataclass(frozen=True)
class Foot:
    """A footer's page number: text around it, type, side, and whether it stands turned in a box."""

    text: str
    type: Type
    setting: Setting
    boxed: str = ""
    turned: bool = False


@dataclass(frozen=True)
class Page:
    """One section: measures in twips, its grid, and the page numbers of its feet."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    foot_distance: float
    grid: str
    pitch: float
    character_space: float
    feet: dict[str, Foot]


@dataclass(frozen=True)
class WordDocument:
    """A Word file as plain data."""

    lines: tuple[Line, ...]
    grids: tuple[Grid, ...]
    pages: tuple[Page, ...]
    even_and_odd: bool
    normal: Type


def read_word(path: Path) -> WordDocument:
    """Read a .docx; raises Refused like `open_word`."""
    return _Reading(open_word(path)).document()


class _Reading:
    """One document in the reading: counts paragraphs, tables, sections and automatic numbers."""

    def __init__(self, package: WordPackage) -> None:
        self.package = package
        self.sheet: Sheet = read_sheet(package.parts.get("styles"), package.parts.get("theme"))
        self.numbering = Numbering(package.parts.get("numbering"))
        self.lines: list[Line] = []
        self.grids: list[Grid] = []
        self.sections: list[Any] = []

    def document(self) -> WordDocument:
        body = self.package.document.find(q("body"))
        if body is not None:
            self._flow(body)
            last = body.find(q("sectPr"))
            self.sections += [last] if last is not None else []
        empty = self.package.document.makeelement(q("p"))
        return WordDocument(
            tuple(self.lines),
            tuple(self.grids),
            tuple(self._pages()),
            bool(on(self.package.parts.get("settings"), "evenAndOddHeaders")),
            self.sheet.paragraph_type(empty),
        )

    def _flow(self, parent: Any) -> None:
        for child in parent:
            if child.tag == q("p"):
                self.lines.append(self._line(child, len(self.lines) + 1))
                section = child.find(f"{q('pPr')}/{q('sectPr')}")
                self.sections += [section] if section is not None else []
            elif child.tag == q("tbl"):
                self.grids.append(self._grid(child))
            elif child.tag == q("sdt"):
                inner = child.find(q("sdtContent"))
                self._flow(inner if inner is not None else ())
            elif child.tag in (q("ins"), q("customXml"), q("smartTag")):
                self._flow(child)

    def _line(self, paragraph: Any, number: int) -> Line:
        setting = self.sheet.setting(paragraph)
        base = self.sheet.paragraph_type(paragraph)
        pieces = tuple(
            Piece(text, self.sheet.run_type(run, base)) for run, text in _texts(paragraph)
        )
        boxes = tuple(
            self._line(inner, 0) for box in _boxes(paragraph) for inner in box.iter(q("p"))
        )
        return Line(
            number,
            pieces,
            setting,
            self.sheet.name(self.sheet.style_of(paragraph)),
            len(self.sections),
            self.numbering.label(setting.number_id, setting.number_level),
            boxes,
        )

    def _grid(self, table: Any) -> Grid:
        rows = tuple(
            tuple(
                tuple(self._line(paragraph, 0) for paragraph in cell.iter(q("p")))
                for cell in row.findall(q("tc"))
            )
            for row in table.findall(q("tr"))
        )
        borders = table.find(f"{q('tblPr')}/{q('tblBorders')}")
        rules = {
            side.tag.rsplit("}", 1)[-1]: twips_of(side.get(q("sz"))) or 0.0
            for side in (borders if borders is not None else ())
            if side.get(q("val")) not in ("nil", "none")
        }
        first = table.find(f"{q('tr')}/{q('trPr')}")
        repeats = bool(on(first, "tblHeader"))
        number, after = len(self.grids) + 1, len(self.lines)
        return Grid(number, after, rows, repeats, rules)

    def _pages(self) -> Iterator[Page]:
        inherited: dict[str, Any] = {}
        for section in self.sections:
            for reference in section.findall(q("footerReference")):
                root = self.package.by_id.get(reference.get(_REFERENCE, ""))
                inherited[reference.get(q("type")) or "default"] = root
            yield self._page(section, dict(inherited))

    def _page(self, section: Any, feet: dict[str, Any]) -> Page:
        size, grid = section.find(q("pgSz")), section.find(q("docGrid"))
        margin = {
            side: twips_of(value(section, "pgMar", side)) or 0.0
            for side in ("top", "right", "bottom", "left", "footer")
        }
        numbers = {
            kind: foot
            for kind, root in feet.items()
            if root is not None and (foot := self._foot(root)) is not None
        }
        width, height = (
            (twips_of(size.get(q(side))) or 0.0) if size is not None else 0.0 for side in "wh"
        )
        return Page(
            width,
            height,
            abs(margin["top"]),
            margin["right"],
            abs(margin["bottom"]),
            margin["left"],
            margin["footer"],
            (grid.get(q("type")) or "") if grid is not None else "",
            (twips_of(grid.get(q("linePitch"))) or 0.0) if grid is not None else 0.0,
            (twips_of(grid.get(q("charSpace"))) or 0.0) if grid is not None else 0.0,
            numbers,
        )

    def _foot(self, root: Any) -> Foot | None:
        """The page number of a footer, wherever it stands in it."""
        for paragraph in root.iter(q("p")):
            copied = any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors())
            if not copied and _has_page_field(paragraph):
                line = self._line(paragraph, 0)
                boxed, turned = _box_of(paragraph)
                return Foot(line.text, _digit_type(line), line.setting, boxed, turned)
        return None


def _texts(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """(run, text) of a paragraph in order: no deleted text, no text boxes, no field codes."""
    stack = [(child, None) for child in reversed(paragraph)]
    while stack:
        element, run = stack.pop()
        if element.tag in _SKIPPED or element.tag in (_BOX, _FALLBACK):
            continue
        if element.tag == q("t") and run is not None:
            yield run, element.text or ""
        elif element.tag in _MARKS and run is not None:
            yield run, _MARKS[element.tag]
        else:
            inside = element if element.tag == q("r") else run
            stack += [(child, inside) for child in reversed(element)]


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes anchored in a paragraph, each once (the fallback copies are left out)."""
    return [
        box
        for box in paragraph.iter(_BOX)
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors())
    ]


def _has_page_field(paragraph: Any) -> bool:
    """True if a paragraph itself, not a text box anchored in it, holds the page number."""
    codes = [node.text for node in _own(paragraph, "instrText")]
    codes += [f" {node.get(q('instr'))} " for node in _own(paragraph, "fldSimple")]
    return "PAGE" in "".join(code or "" for code in codes).upper().split()


def _own(paragraph: Any, name: str) -> list[Any]:
    return [n for n in paragraph.iter(q(name)) if next(n.iterancestors(q("p"))) is paragraph]


def _box_of(paragraph: Any) -> tuple[str, bool]:
    """Where the frame or text box that holds a paragraph is aligned, and whether it is turned."""
    frame = paragraph.find(f"{q('pPr')}/{q('framePr')}")
    if frame is not None:
        return frame.get(q("xAlign")) or "placed", False
    anchor = next((a for a in paragraph.iterancestors() if a.tag.endswith("}anchor")), None)
    if anchor is None:
        drawn = any(a.tag == _BOX for a in paragraph.iterancestors())
        return ("placed" if drawn else ""), False
    align = anchor.find("{*}positionH/{*}align")
    turned = any(body.get("vert", "horz") != "horz" for body in anchor.iter("{*}bodyPr"))
    return (align.text if align is not None else "placed") or "placed", turned


def _digit_type(line: Line) -> Type:
    digits = [piece.type for piece in line.pieces if piece.text.strip().isdigit()]
    return digits[0] if digits else line.type
