"""Which part of an official document each paragraph is: title, addressee, heading, date, imprint."""

from __future__ import annotations

import re
from typing import Literal

from saima.files.docx_check.reading import Line, WordDocument

Role = Literal[
    "blank",
    "letterhead",
    "number",
    "title",
    "subtitle",
    "addressee",
    "heading",
    "body",
    "annex_note",
    "signature",
    "date",
    "remark",
    "annex_mark",
    "annex_title",
    "table_title",
    "measure",
    "table_note",
    "imprint",
]

NUMERALS = "一二三四五六七八九十"
HEADINGS = {
    1: re.compile(rf"^[{NUMERALS}]+[、.．，,]"),
    2: re.compile(rf"^[（(][{NUMERALS}]+[）)]、?"),
    3: re.compile(r"^\d{1,2}[.．、](?!\d)"),
    4: re.compile(r"^[（(]\d{1,2}[）)]、?"),
}
NUMBER_LINE = re.compile(
    r"^[^\s。，：]{1,20}\s*[\[［【〔（(]\s*\d{2,4}\s*[\]］】〕）)]\s*第?\s*\d+\s*号$"
)
DATE = re.compile(
    r"^(?:(?:19|20)?\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}"
    rf"|[二一][{NUMERALS}〇○零Ｏ]{{3}}年[{NUMERALS}]{{1,2}}月[{NUMERALS}]{{1,3}}日)$"
)
_ANNEX_MARK = re.compile(rf"^附\s*件\s*[\d{NUMERALS}]*$")
_ANNEX_NOTE = re.compile(r"^附\s*件\s*\d*\s*[:：]")
_ANNEX_ITEM = re.compile(r"^\d{1,2}\s*[.．、]")
_KIND_WORDS = (
    *("通报", "通知", "决定", "意见", "报告", "请示", "批复", "函", "纪要", "公告", "通告"),
    *("议案", "决议", "命令", "公报", "方案", "办法", "细则", "简报", "规定", "清单", "表"),
)
_MEASURE = re.compile(r"^[（(]?\s*(?:计量)?单位\s*[:：]")
_NOTE = re.compile(r"^\s*(?:注|备注|说明|资料来源)\s*\d?\s*[:：]")
_FRONT = 14
"""Paragraphs at the head among which letterhead, number and title are looked for."""
_LARGE, LETTERHEAD_SIZE = 18.0, 26.0


def heading_level(text: str) -> int:
    """1 to 4 by the number that a text begins with; 0 if it begins with none."""
    start = text.lstrip(" \u3000\t")
    return next((level for level, shape in HEADINGS.items() if shape.match(start)), 0)


def roles(document: WordDocument) -> dict[int, Role]:
    """The role of each body paragraph, by its number."""
    found: dict[int, Role] = {
        line.number: "blank" for line in document.lines if not line.text.strip()
    }
    shown = [line for line in document.lines if line.text.strip()]
    start = _front(shown, found)
    _around_tables(document, shown, found)
    _end(shown[start:], found)
    for line in shown:
        if line.number not in found:
            found[line.number] = "heading" if heading_level(line.text) else "body"
    return found


def _front(shown: list[Line], found: dict[int, Role]) -> int:
    """Mark what stands above the text; the place in `shown` where the text begins."""
    number = next((i for i, x in enumerate(shown[:_FRONT]) if _is_number(x)), None)
    if number is not None:
        found[shown[number].number] = "number"
    title = _title_place(shown, 0 if number is None else number + 1)
    for line in shown[: title if title is not None else (number or 0)]:
        if line.number not in found and line.type.size >= LETTERHEAD_SIZE:
            found[line.number] = "letterhead"
    if title is None:
        return 0 if number is None else number + 1
    place = title
    while place < len(shown) and _continues(shown[place], shown[title], place - title):
        found[shown[place].number] = "title"
        place += 1
    while place < len(shown) and shown[place].setting.align == "center":
        found[shown[place].number] = "subtitle"
        place += 1
    if place < len(shown) and _is_addressee(shown[place]):
        found[shown[place].number] = "addressee"
        place += 1
    return place


def _is_number(line: Line) -> bool:
    return bool(NUMBER_LINE.match(line.text.strip()))


def _title_place(shown: list[Line], start: int) -> int | None:
    """The title: by its style, by the word for the kind of document, or large in the middle."""
    near = range(start, min(len(shown), start + _FRONT))
    for test in (_is_styled_title, _ends_as_title, _is_large_and_centred):
        for place in near:
            if test(shown[place]) and (start or not _is_masthead(shown, place)):
                return place
    return None


def _is_masthead(shown: list[Line], place: int) -> bool:
    """True for a large first line that a title-like one follows: the name of the periodical."""
    rest = shown[place + 1 : place + 6]
    return shown[place].type.size >= LETTERHEAD_SIZE and any(
        _ends_as_title(line) and line.type.size < shown[place].type.size for line in rest
    )


def _is_styled_title(line: Line) -> bool:
    return line.style in ("title", "标题") and len(line.text) <= 120


def _ends_as_title(line: Line) -> bool:
    text = line.text.strip().rstrip("》")
    short = 4 <= len(text) <= 100 and not heading_level(text) and "。" not in text
    return short and text.endswith(_KIND_WORDS) and not text.startswith(("附件", "附 件", "抄送"))


def _is_large_and_centred(line: Line) -> bool:
    return line.setting.align == "center" and line.type.size >= _LARGE


def _continues(line: Line, title: Line, distance: int) -> bool:
    """The title itself, or a next line of it: in the middle, of the same size, not in brackets."""
    if distance == 0:
        return True
    same = abs(line.type.size - title.type.size) < 0.5 and line.type.size >= _LARGE
    return same and line.setting.align == "center" and not line.text.strip().startswith(("（", "("))


def _is_addressee(line: Line) -> bool:
    text = line.text.strip()
    return text.endswith(("：", ":")) and len(text) <= 150 and "。" not in text


def _around_tables(document: WordDocument, shown: list[Line], found: dict[int, Role]) -> None:
    for grid in document.grids:
        above = [line for line in shown if line.number <= grid.after][-2:]
        for line in reversed(above):
            text = line.text.strip()
            if line.number in found or len(text) > 50 or text.endswith(("。", "：")):
                break
            if _MEASURE.match(text):
                found[line.number] = "measure"
            elif line.setting.align == "center" and not _ANNEX_MARK.match(text):
                found[line.number] = "table_title"
                break
            else:
                break
        _notes_below([line for line in shown if line.number > grid.after], found)


def _notes_below(below: list[Line], found: dict[int, Role]) -> None:
    """Notes right under a table; further small lines belong to them."""
    noted = False
    for line in below:
        if _NOTE.match(line.text):
            noted = True
        elif not (noted and line.type.size < 14):
            return
        found.setdefault(line.number, "table_note")


def _end(rest: list[Line], found: dict[int, Role]) -> None:
    """Annex notes, signature, date, remarks, annexes and imprint, in what follows the head."""
    dated = noting = False
    for place, line in enumerate(rest):
        text = line.text.strip()
        free = line.number not in found
        if free and _ANNEX_NOTE.match(text) and not dated:
            found[line.number], noting = "annex_note", True
        elif free and noting and _ANNEX_ITEM.match(text):
            found[line.number] = "annex_note"
        elif free and DATE.match(text) and not dated:
            found[line.number], dated, noting = "date", True, False
            _mark_signature(rest, place, found)
        elif free and dated and text.startswith(("（", "(")) and text.endswith(("）", ")")):
            found[line.number] = "remark"
        elif free and _ANNEX_MARK.match(text):
            found[line.number] = "annex_mark"
            _mark_annex_title(rest, place, found)
        elif free and (text.startswith("抄送") or text.endswith("印发")):
            found[line.number] = "imprint"
        else:
            noting = False


def _mark_signature(rest: list[Line], place: int, found: dict[int, Role]) -> None:
    if place and rest[place - 1].number not in found:
        text = rest[place - 1].text.strip()
        if len(text) <= 40 and not text.endswith(("。", "：", "；")) and not heading_level(text):
            found[rest[place - 1].number] = "signature"


def _mark_annex_title(rest: list[Line], place: int, found: dict[int, Role]) -> None:
    for line in rest[place + 1 : place + 4]:
        first = line is rest[place + 1]
        large = line.setting.align == "center" and line.type.size >= _LARGE
        if not (large or (first and len(line.text) <= 60 and not heading_level(line.text))):
            return
        found[line.number] = "annex_title"
