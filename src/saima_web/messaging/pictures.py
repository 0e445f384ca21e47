"""A long picture of a text, drawn on the server, to be copied into a chat group."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import Any

WIDTH, EDGE = 750, 48
INK, QUIET, RED, PAPER, LINE = "#1f2328", "#656d76", "#c8102e", "#ffffff", "#d8dee4"
LONGEST = 20000
"""Pixels; what would be longer is cut, and says so."""


@dataclass(frozen=True)
class Words:
    """What a picture says: a small line above, the title, paragraphs, a small line below."""

    title: str
    paragraphs: tuple[str, ...]
    above: str = ""
    below: str = ""


def picture(words: Words) -> bytes | None:
    """The picture as PNG, None where this machine has no Chinese font or cannot draw."""
    found = chinese_font()
    if found is None:
        return None
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        return None

    def font(size: int) -> Any:
        return ImageFont.truetype(found[0], size, index=found[1])

    rows = _rows(words, font)
    height = min(sum(r.height for r in rows) + 2 * EDGE, LONGEST)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 10), fill=RED)
    top = EDGE
    for row in rows:
        if top + row.height > height - EDGE // 2:
            break
        row.draw(pen, top)
        top += row.height
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True)
class Row:
    """One line of the picture: words in a font, or a rule where there are none."""

    text: str
    font: Any
    colour: str
    height: int

    def draw(self, pen: Any, top: int) -> None:
        if self.font is None:
            if self.colour:
                middle = top + self.height // 2
                pen.line((EDGE, middle, WIDTH - EDGE, middle), fill=self.colour)
            return
        pen.text((EDGE, top), self.text, font=self.font, fill=self.colour)


def _rows(words: Words, font: Any) -> list[Row]:
    small, large, usual = font(24), font(40), font(30)
    gap = Row("", None, "", 20)
    rows = [Row(t, small, QUIET, 38) for t in wrapped(words.above, small)]
    rows += [Row(t, large, INK, 58) for t in wrapped(words.title, large)]
    rows.append(Row("", None, LINE, 32))
    for paragraph in words.paragraphs:
        rows += [Row(t, usual, INK, 48) for t in wrapped(paragraph, usual)] or [gap]
        rows.append(Row("", None, "", 10))
    if words.below:
        rows.append(Row("", None, LINE, 32))
        rows += [Row(t, small, QUIET, 38) for t in wrapped(words.below, small)]
    return rows


NEVER_FIRST = "，。、；：？！）》”’%％"


def wrapped(text: str, font: Any) -> list[str]:
    """A text in lines that fit, each its own where it has breaks; no line begins with a comma."""
    lines: list[str] = []
    for part in text.splitlines():
        line = ""
        for letter in part:
            if font.getlength(line + letter) > WIDTH - 2 * EDGE and letter not in NEVER_FIRST:
                lines.append(line)
                line = ""
            line += letter
        lines.append(line)
    return [line for line in lines if line.strip()]


@cache
def chinese_font() -> tuple[str, int] | None:
    """The file and index of a Chinese font that fontconfig knows, None without one."""
    asked = ["fc-match", "--format=%{file}\n%{index}\n%{lang}", "sans-serif:lang=zh-cn"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    file, _, rest = found.stdout.partition("\n")
    index, _, languages = rest.partition("\n")
    if "zh-cn" not in languages.split("|"):
        return None
    return file, int(index or 0) & 0xFFFF
