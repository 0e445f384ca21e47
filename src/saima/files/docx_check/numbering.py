"""Automatic numbers of a Word file as the text that readers see: 一、 （二） 3."""

from __future__ import annotations

import re
from typing import Any

from saima.briefing.model import heading_number
from saima.files.docx_check.styles import q, value

_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
    "taiwaneseCountingThousand",
    "koreanCounting",
)
_PLACE = re.compile(r"%([1-9])")


class Numbering:
    """The numbering part of a document, counting as its paragraphs go by."""

    def __init__(self, root: Any) -> None:
        self.abstract: dict[str, Any] = {}
        self.of_id: dict[str, str] = {}
        self.counts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        for element in root.findall(q("abstractNum")):
            self.abstract[element.get(q("abstractNumId"), "")] = element
        for element in root.findall(q("num")):
            self.of_id[element.get(q("numId"), "")] = value(element, "abstractNumId") or ""

    def label(self, id_: str, level: int) -> str:
        """The number of the next paragraph with this list and level; empty if it has none."""
        abstract = self.of_id.get(id_, "")
        shape = self._level(abstract, level)
        if shape is None:
            return ""
        start = _whole(value(shape, "start"))
        self.counts[abstract, level] = self.counts.get((abstract, level), start - 1) + 1
        for deeper in range(level + 1, 9):
            self.counts.pop((abstract, deeper), None)
        text = value(shape, "lvlText") or ""
        if value(shape, "numFmt") in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda found: self._print(abstract, int(found[1]) - 1), text)

    def _level(self, abstract: str, level: int) -> Any:
        root = self.abstract.get(abstract)
        levels = root.findall(q("lvl")) if root is not None else []
        return next((lvl for lvl in levels if lvl.get(q("ilvl")) == str(level)), None)

    def _print(self, abstract: str, level: int) -> str:
        count = self.counts.get((abstract, level), 1)
        shape = self._level(abstract, level)
        if shape is not None and value(shape, "numFmt") in _CHINESE and 0 < count < 100:
            return heading_number(1, count).removesuffix("、")
        return str(count)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 1
