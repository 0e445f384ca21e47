"""A breach of the official format: what, where, found; and what the checks of it share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from saima import rounding
from saima.files.document.docx_format import SIZE_3
from saima.files.docx_check.reading import Line, Piece, WordDocument
from saima.files.docx_check.roles import Role, roles
from saima.files.docx_check.rules import RULES, STANDARD
from saima.problems import Language, Place, Problem

TWIPS_PER_MM = 1440 / 25.4
_EXCERPT = 24
_SIZE_NAMES = {
    26: "一号",
    24: "小一",
    22: "二号",
    18: "小二",
    16: "三号",
    15: "小三",
    14: "四号",
    12: "小四",
    10.5: "五号",
    9: "小五",
}
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, order=True)
class Where:
    """A part (正文, 页面, 页脚, 表格), a number in it (paragraph, section, table), and its text."""

    part: str
    number: int = 0
    text: str = ""

    def __str__(self) -> str:
        counted = {"正文": "段", "页面": "节", "页脚": "节", "表格": "个表格"}[self.part]
        label = f"第{self.number}{counted}" if self.number else ""
        prefix = "" if self.part in ("正文", "表格") else self.part
        return f"{prefix}{label}" + (f"“{self.text}”" if self.text else "")


@dataclass(frozen=True)
class Finding:
    """One breach; `also` holds the numbers of further places where the same is found."""

    rule: str
    where: Where
    found: str
    also: tuple[int, ...] = field(default=())

    def problem(self, file: str = "") -> Problem:
        """The breach as a problem, with its place and its mend."""
        place = Place(file=file, path=str(self.where))
        return Problem(f"docx-{self.rule}", place, {"found": self.found})

    def as_data(self, language: Language = "zh") -> dict[str, Any]:
        """The JSON shape of a finding (docs/reference/docx-check.schema.json)."""
        problem = self.problem()
        where = {"part": self.where.part, "number": self.where.number, "text": self.where.text}
        return {
            "rule": self.rule,
            "standard": STANDARD,
            "clause": RULES[self.rule].clause,
            "where": where,
            "also": list(self.also),
            "found": self.found,
            "message": problem.message(language),
            "hint": problem.hint(language),
        }


@dataclass(frozen=True)
class Subject:
    """A document under check: what was read, and the role of each paragraph."""

    document: WordDocument

    @cached_property
    def roles(self) -> dict[int, Role]:
        return roles(self.document)

    def lines(self, *wanted: Role) -> Iterator[Line]:
        """Paragraphs of some roles, in order."""
        return (line for line in self.document.lines if self.roles[line.number] in wanted)


def at(line: Line) -> Where:
    """The place of a body paragraph."""
    return Where("正文", line.number, excerpt(line.text))


def excerpt(text: str) -> str:
    """The beginning of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else flat[:_EXCERPT] + "…"


def points(size: float) -> str:
    """A size for people: 12磅（小四）."""
    name = f"（{_SIZE_NAMES[size]}）" if size in _SIZE_NAMES else ""
    return f"{rounding.text(size)}磅{name}"


def millimetres(twips: float) -> str:
    """A length for people, to a tenth of a millimetre."""
    return f"{rounding.text(twips / TWIPS_PER_MM, 1)}mm"


def chinese(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Pieces that hold 汉字."""
    return [piece for piece in pieces if _HAN.search(piece.text)]


def leading(text: str) -> float:
    """Characters left free by spaces before a text; a narrow space counts half."""
    space = text[: len(text) - len(text.lstrip(" \u3000\xa0"))]
    return sum(1.0 if character == "\u3000" else 0.5 for character in space)


def trailing(text: str) -> float:
    """Characters left free by spaces behind a text."""
    return leading(text[::-1])


def first_indent(line: Line, size: float = SIZE_3) -> float:
    """Characters left free before the first line, by the first-line indent and by spaces."""
    setting = line.setting
    own = setting.first_characters or setting.first / (size * 20)
    return own + leading(line.text)


def left_indent(line: Line, size: float = SIZE_3) -> float:
    """Characters by which a whole paragraph is indented."""
    return line.setting.left_characters or line.setting.left / (size * 20)


def right_indent(line: Line, size: float = SIZE_3) -> float:
    """Characters left free at the right, by the indent and by spaces."""
    setting = line.setting
    own = setting.right_characters or setting.right / (size * 20)
    return own + trailing(line.text)


def is_fangsong(name: str) -> bool:
    return "仿宋" in name or "fangsong" in name.lower()


def is_kaiti(name: str) -> bool:
    return "楷" in name or "kai" in name.lower()


def is_heiti(name: str) -> bool:
    lowered = name.lower()
    return ("黑" in name and "雅黑" not in name) or "simhei" in lowered or "heiti" in lowered


def is_xiaobiaosong(name: str) -> bool:
    return "小标宋" in name or "xiaobiaosong" in name.lower() or "xbs" in name.lower()


def is_songti(name: str) -> bool:
    plain = "宋" in name and "仿宋" not in name and "标宋" not in name
    return plain or "simsun" in name.lower()


def font(name: str) -> str:
    """A font's name for people."""
    return name or "未指定字体"
