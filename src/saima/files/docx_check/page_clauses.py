"""Clauses about pages: paper, margins, 22 lines of 28 characters, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from saima import rounding
from saima.files.document import docx_format as form
from saima.files.docx_check import rules
from saima.files.docx_check.findings import (
    TWIPS_PER_MM,
    Finding,
    Subject,
    Where,
    at,
    font,
    is_songti,
    leading,
    millimetres,
    points,
    trailing,
)
from saima.files.docx_check.reading import Foot, Line, Page

_PAGE_TOLERANCE = 1.0 * TWIPS_PER_MM
_MARGIN_TOLERANCE = 1.05 * TWIPS_PER_MM
_AREA_TOLERANCE = 2.05 * TWIPS_PER_MM
_BETWEEN_DASHES = re.compile(r"^[—―]\s*\d+\s*[—―]$")
_DASH_BELOW_MM, _DASH_TOLERANCE_MM = 7.0, 3.5
_HALF_LINE_MM = 3.2
"""From the foot of a 14-pt line to its dashes."""
_AREA_WIDTH, _AREA_HEIGHT = 156 * TWIPS_PER_MM, 225 * TWIPS_PER_MM
"""Lines and characters are counted in the standard's type area: a wrong margin has its own rule."""
_SLACK = 2.0
"""Twips by which whole settings may be over: 29 lines of 29 pt are over by far more."""


def page_findings(subject: Subject) -> Iterator[Finding]:
    """All findings about sections, in their order."""
    for number, page in enumerate(subject.document.pages, start=1):
        yield from _paper(page, Where("页面", number))
        yield from _characters(subject, page, Where("页面", number))
    yield from _lines(subject)
    yield from _feet(subject)


def _lies(page: Page) -> bool:
    return page.width > page.height


def _paper(page: Page, where: Where) -> Iterator[Finding]:
    short, long = sorted((page.width, page.height))
    a4 = (form.PAGE_WIDTH_MM * TWIPS_PER_MM, form.PAGE_HEIGHT_MM * TWIPS_PER_MM)
    if max(abs(short - a4[0]), abs(long - a4[1])) > _PAGE_TOLERANCE:
        size = f"{millimetres(page.width)}×{millimetres(page.height)}"
        yield Finding(rules.PAPER, where, size)
        return
    if not _lies(page):
        if abs(page.top - form.TOP_MM * TWIPS_PER_MM) > _MARGIN_TOLERANCE:
            yield Finding(rules.TOP, where, millimetres(page.top))
        if abs(page.left - form.LEFT_MM * TWIPS_PER_MM) > _MARGIN_TOLERANCE:
            yield Finding(rules.LEFT, where, millimetres(page.left))
    yield from _area(page, where)


def _area(page: Page, where: Where) -> Iterator[Finding]:
    """The type area, unless a wrong margin at the top or left alone explains it."""
    right, bottom = (page.bottom, page.left) if _lies(page) else (page.right, page.bottom)
    wanted_right = (form.RIGHT_MM) * TWIPS_PER_MM
    wanted_bottom = (form.BOTTOM_MM) * TWIPS_PER_MM
    wide, high = _text_width(page), _text_height(page)
    if _lies(page):
        wide, high = high, wide
    off = max(abs(wide - _AREA_WIDTH), abs(high - _AREA_HEIGHT)) > _AREA_TOLERANCE
    ends = max(abs(right - wanted_right), abs(bottom - wanted_bottom)) > _MARGIN_TOLERANCE
    if off and (ends or _lies(page)):
        yield Finding(rules.AREA, where, f"{millimetres(wide)}×{millimetres(high)}")


def _text_width(page: Page) -> float:
    return page.width - page.left - page.right


def _text_height(page: Page) -> float:
    return page.height - page.top - page.bottom


def _characters(subject: Subject, page: Page, where: Where) -> Iterator[Finding]:
    """A grid of characters must be one of 28; a grid of lines leaves them to the type."""
    if page.grid not in ("linesAndChars", "snapToChars") or _lies(page):
        return
    pitch = subject.document.normal.size * 20 + page.character_space / 4096 * 20
    count = int((_AREA_WIDTH + _SLACK) // pitch)
    if count != form.CHARACTERS:
        yield Finding(rules.CHARACTERS, where, f"每行{count}字")


def _lines(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("addressee", "heading", "body", "annex_note"):
        pages = subject.document.pages
        page = pages[min(line.section, len(pages) - 1)] if pages else None
        if page is None or _lies(page):
            continue
        pitch, said = _pitch(line, page)
        if pitch is None:
            yield Finding(rules.LINES, at(line), f"{said}，行数随字体而变")
            continue
        count = int((_AREA_HEIGHT + _SLACK) // pitch)
        if count != form.LINES:
            yield Finding(rules.LINES, at(line), f"{said}，每面{count}行")


def _pitch(line: Line, page: Page) -> tuple[float | None, str]:
    """Twips from line to line, None where the font decides; and how people call it."""
    setting = line.setting
    gridded = page.grid in ("lines", "linesAndChars", "snapToChars") and setting.snap
    if setting.line_rule == "exact":
        return setting.line, f"行距固定值{rounding.text(setting.line / 20)}磅"
    if setting.line_rule == "atLeast":
        if gridded and setting.line <= page.pitch:
            return page.pitch, f"文档网格{rounding.text(page.pitch / 20)}磅"
        return None, f"行距最小值{rounding.text(setting.line / 20)}磅"
    times = setting.line / 240
    if gridded and page.pitch:
        return (
            page.pitch * times,
            f"文档网格{rounding.text(page.pitch / 20)}磅×{rounding.text(times)}",
        )
    return None, f"{rounding.text(times)}倍行距、无文档网格"


def _feet(subject: Subject) -> Iterator[Finding]:
    document = subject.document
    if not any(page.feet for page in document.pages):
        yield Finding(rules.FOOT_MISSING, Where("页脚"), "没有页码")
        return
    for number, page in enumerate(document.pages, start=1):
        where = Where("页脚", number)
        kinds = ("default", "even") if document.even_and_odd else ("default",)
        feet = {kind: page.feet[kind] for kind in kinds if kind in page.feet}
        for foot in feet.values():
            yield from _foot_type(foot, where)
        if _lies(page):
            if any(not foot.turned for foot in feet.values()):
                yield Finding(rules.FOOT_LYING, where, "页码在横排页的下方")
        elif feet:
            yield from _foot_side(feet, document.even_and_odd, where)
            yield from _foot_distance(page, feet, where)


def _foot_type(foot: Foot, where: Where) -> Iterator[Finding]:
    if not _BETWEEN_DASHES.match(foot.text.strip()):
        yield Finding(rules.FOOT_FORM, where, f"“{foot.text.strip()}”")
    if not is_songti(foot.type.latin):
        yield Finding(rules.FOOT_TYPE, where, font(foot.type.latin))
    if foot.type.size != form.SIZE_4:
        yield Finding(rules.FOOT_SIZE, where, points(foot.type.size))


def _foot_side(feet: dict[str, Foot], even_and_odd: bool, where: Where) -> Iterator[Finding]:
    if all(foot.boxed == "outside" for foot in feet.values()):
        return
    if not even_and_odd:
        yield Finding(rules.FOOT_SIDE, where, "奇偶页相同")
        return
    for kind, side, page in (("default", "right", "单页码"), ("even", "left", "双页码")):
        foot = feet.get(kind)
        if foot is None:
            yield Finding(rules.FOOT_SIDE, where, f"没有{page}")
            continue
        found = _side_of(foot)
        if found != side:
            names = {"left": "居左", "right": "居右", "center": "居中"}
            yield Finding(rules.FOOT_SIDE, where, f"{page}{names.get(found, found)}")
        elif not foot.boxed and not 0.5 <= _free(foot, side) <= 1.6:
            characters = rounding.text(_free(foot, side), 1)
            yield Finding(rules.FOOT_SIDE, where, f"{page}空{characters}字")


def _side_of(foot: Foot) -> str:
    if foot.boxed:
        return foot.boxed
    return "left" if foot.setting.align in ("both", "distribute") else foot.setting.align


def _free(foot: Foot, side: str) -> float:
    """Characters between a page number and the edge at its side."""
    setting, size = foot.setting, form.SIZE_4 * 20
    if side == "right":
        return (setting.right_characters or setting.right / size) + trailing(foot.text)
    first = setting.first_characters or setting.first / size
    return (setting.left_characters or setting.left / size) + first + leading(foot.text)


def _foot_distance(page: Page, feet: dict[str, Foot], where: Where) -> Iterator[Finding]:
    if any(foot.boxed for foot in feet.values()):
        return
    below = (page.bottom - page.foot_distance) / TWIPS_PER_MM - _HALF_LINE_MM
    if abs(below - _DASH_BELOW_MM) > _DASH_TOLERANCE_MM:
        distance = rounding.text(page.foot_distance / TWIPS_PER_MM, 1)
        yield Finding(rules.FOOT_DISTANCE, where, f"页脚距边界{distance}mm")
