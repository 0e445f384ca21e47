"""Clauses about the text: letterhead, number, title, addressee, body, headings, colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from saima import rounding
from saima.briefing.model import heading_number
from saima.files.document.docx_format import RED, SIZE_2, SIZE_3
from saima.files.docx_check import rules
from saima.files.docx_check.findings import (
    Finding,
    Subject,
    Where,
    at,
    chinese,
    excerpt,
    first_indent,
    font,
    is_fangsong,
    is_heiti,
    is_kaiti,
    is_xiaobiaosong,
    left_indent,
    points,
)
from saima.files.docx_check.reading import Line, Piece
from saima.files.docx_check.roles import LETTERHEAD_SIZE, heading_level

_BLACK = ("", "AUTO", "000000")
_YEAR_BRACKETS = re.compile(
    r"[\u4e00-\u9fff]{1,8}\s*(?P<brackets>[\[［【（(]\s*(?:19|20)\d\d\s*[\]］】）)])\s*第?\s*\d+\s*号"
)
_NUMBER_PARTS = re.compile(r"[〔\[［【（(]\s*(\d+)\s*[〕\]］】）)]\s*(第?)\s*(\d+)\s*号")
_WELL_NUMBERED = {
    1: re.compile(r"^[一二三四五六七八九十]+、"),
    2: re.compile(r"^（[一二三四五六七八九十]+）(?!、)"),
    3: re.compile(r"^\d{1,2}[.．]"),
    4: re.compile(r"^[（(]\d{1,2}[）)](?!、)"),
}
_HEADING_FONTS: dict[int, Callable[[str], bool]] = {
    1: is_heiti,
    2: is_kaiti,
    3: is_fangsong,
    4: is_fangsong,
}
_INDENT_TOLERANCE = 0.35


def text_findings(subject: Subject) -> Iterator[Finding]:
    """All findings about the text, by kind of clause."""
    yield from _head(subject)
    yield from _title(subject)
    yield from _addressee(subject)
    for line in subject.lines("body"):
        yield from _type(line, line.pieces)
        yield from _indents(line)
    for line in subject.lines("heading"):
        yield from _heading(line)
    yield from _order(subject)
    yield from _brackets(subject)
    yield from _colours(subject)


def _head(subject: Subject) -> Iterator[Finding]:
    letterheads = list(_letterheads(subject))
    for where, colour in letterheads:
        if not _is_red(colour):
            yield Finding(rules.LETTERHEAD, where, _colour_name(colour))
    for line in subject.lines("number"):
        rule = line.setting.bottom_rule
        if letterheads and rule and not _is_red(rule[0]):
            yield Finding(rules.RED_RULE, at(line), _colour_name(rule[0]))
        parts = _NUMBER_PARTS.search(line.text)
        if parts and (len(parts[1]) != 4 or parts[2] or parts[3].startswith("0")):
            yield Finding(rules.NUMBER_FORM, at(line), f"“{parts[0]}”")


def _letterheads(subject: Subject) -> Iterator[tuple[Where, str]]:
    """Places and colours of the letterhead: a paragraph, or a text box above the title."""
    for line in subject.document.lines:
        role = subject.roles[line.number]
        if role == "letterhead":
            yield at(line), line.type.colour
        for box in line.boxes:
            if box.text.strip() and box.type.size >= LETTERHEAD_SIZE:
                yield Where("正文", line.number, excerpt(box.text)), box.type.colour
        if role == "title":
            return


def _is_red(colour: str) -> bool:
    if not re.fullmatch(r"[0-9A-F]{6}", colour):
        return False
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return red >= 0xB0 and green <= 0x50 and blue <= 0x50


def _colour_name(colour: str) -> str:
    names = {RED: "红色", "AUTO": "自动（黑色）", "": "自动（黑色）", "000000": "黑色"}
    return names.get(colour, f"#{colour}")


def _brackets(subject: Subject) -> Iterator[Finding]:
    """The year's brackets, in the document's own number and wherever another is cited."""
    for line in subject.document.lines:
        for found in _YEAR_BRACKETS.finditer(line.text):
            yield Finding(rules.BRACKETS, at(line), f"“{found['brackets']}”")


def _title(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("title"):
        for piece in chinese(line.pieces):
            if not is_xiaobiaosong(piece.type.east_asian):
                yield Finding(rules.TITLE_TYPE, at(line), font(piece.type.east_asian))
                break
        sizes = {piece.type.size for piece in chinese(line.pieces)} - {SIZE_2}
        if sizes:
            yield Finding(rules.TITLE_SIZE, at(line), points(min(sizes)))
        if line.setting.align != "center":
            yield Finding(rules.TITLE_PLACE, at(line), "未居中")


def _addressee(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("addressee"):
        yield from _type(line, line.pieces)
        if not line.text.strip().endswith("："):
            yield Finding(rules.ADDRESSEE_COLON, at(line), "半角冒号“:”")
        free = first_indent(line) + left_indent(line)
        if line.setting.align in ("center", "right"):
            yield Finding(rules.ADDRESSEE_FLUSH, at(line), "未居左")
        elif abs(free) > _INDENT_TOLERANCE:
            yield Finding(rules.ADDRESSEE_FLUSH, at(line), f"空{rounding.text(free, 1)}字")


def _type(line: Line, pieces: tuple[Piece, ...]) -> Iterator[Finding]:
    """Font and size of body type, the first breach of each."""
    shown = chinese(pieces)
    for piece in shown:
        if not is_fangsong(piece.type.east_asian):
            yield Finding(rules.BODY_TYPE, at(line), font(piece.type.east_asian))
            break
    for piece in shown:
        if piece.type.size != SIZE_3:
            yield Finding(rules.BODY_SIZE, at(line), points(piece.type.size))
            break


def _indents(line: Line) -> Iterator[Finding]:
    if line.setting.align in ("center", "right"):
        return
    free, left = first_indent(line), left_indent(line)
    if abs(left) > _INDENT_TOLERANCE and abs(left + free - 2) <= _INDENT_TOLERANCE:
        yield Finding(rules.BODY_FLUSH, at(line), f"左缩进{rounding.text(left, 1)}字")
    elif abs(left + free - 2) > _INDENT_TOLERANCE:
        yield Finding(rules.BODY_INDENT, at(line), f"空{rounding.text(left + free, 1)}字")


def _heading(line: Line) -> Iterator[Finding]:
    """A heading's number, font and size; a text that runs on behind it is body type."""
    level = heading_level(line.text)
    if not _WELL_NUMBERED[level].match(line.text.strip()):
        yield Finding(rules.HEADING_NUMBER, at(line), f"“{excerpt(line.text)[:4]}”")
    head, rest = _split(line)
    for piece in chinese(head):
        if not _HEADING_FONTS[level](piece.type.east_asian):
            found = f"{level}层标题用{font(piece.type.east_asian)}"
            yield Finding(rules.HEADING_TYPE, at(line), found)
            break
    for piece in chinese(head):
        if piece.type.size != SIZE_3:
            yield Finding(rules.BODY_SIZE, at(line), points(piece.type.size))
            break
    yield from _type(line, rest)
    yield from _indents(line)


def _split(line: Line) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The heading up to its first full stop, and what runs on behind it."""
    head: list[Piece] = []
    rest: list[Piece] = []
    for piece in line.pieces:
        before, stop, after = piece.text.partition("。")
        if rest or not stop:
            (rest if rest else head).append(piece)
            continue
        head.append(Piece(before + stop, piece.type))
        rest.append(Piece(after, piece.type))
    return tuple(head), tuple(rest)


def _order(subject: Subject) -> Iterator[Finding]:
    """Levels one and two count on; a level starts again below a higher one and in each annex."""
    expected = {1: 1, 2: 1}
    for line in subject.lines("heading", "annex_mark"):
        level = heading_level(line.text)
        if subject.roles[line.number] == "annex_mark":
            expected = {1: 1, 2: 1}
        if level not in expected:
            continue
        digits = heading_number(level, min(expected[level], 99)).strip("、（）")
        found = line.text.strip().lstrip("（(")
        number = re.match(r"[一二三四五六七八九十]+", found)
        if number and number[0] not in (digits, "一"):
            yield Finding(rules.HEADING_ORDER, at(line), f"“{number[0]}”（应为“{digits}”）")
        count = _value(number[0]) if number else expected[level]
        expected = {1: count + 1, 2: 1} if level == 1 else {**expected, 2: count + 1}


def _value(numeral: str) -> int:
    """A Chinese number up to 99."""
    known = {heading_number(1, n).removesuffix("、"): n for n in range(1, 100)}
    return known.get(numeral, 1)


def _colours(subject: Subject) -> Iterator[Finding]:
    for line in subject.document.lines:
        if subject.roles[line.number] != "letterhead":
            yield from _coloured(line, at(line))
    for grid in subject.document.grids:
        for line in grid.lines:
            yield from _coloured(line, Where("表格", grid.number, excerpt(line.text)))


def _coloured(line: Line, where: Where) -> Iterator[Finding]:
    odd = [p.type.colour for p in line.pieces if p.text.strip() and p.type.colour not in _BLACK]
    if odd:
        yield Finding(rules.COLOUR, where, _colour_name(odd[0]))
