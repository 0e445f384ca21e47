"""Texts as they stand in real cells: half-width, without stray spaces, notes in brackets, pinyin."""

from __future__ import annotations

import re
from functools import lru_cache

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), " ")
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD), None)
_MINUS = dict.fromkeys((0x2212, 0xFE63), "-")
_PLAIN = {**_HALF, **_SPACES, **_INVISIBLE, **_MINUS}
_TIDY = {**_SPACES, **_INVISIBLE}

HAN = "㐀-鿿豈-﫿"
_HAN = re.compile(f"[{HAN}]")
_GAP = re.compile(rf"(?<=[{HAN}（）：、％])\s+(?=[{HAN}（）：、％(])|(?<=[)])\s+(?=[{HAN}])")
_PINYIN = re.compile(rf"(?<=[{HAN}])[（(]\s*[a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]*\s*[)）]")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Half-width digits, letters and signs; invisible characters gone; no spaces at the ends."""
    return text.translate(_PLAIN).strip()


@lru_cache(maxsize=65536)
def tidy(text: str) -> str:
    """A header or name as it is meant: 地 区 -> 地区, lines joined, English lines dropped.

    Spaces between Chinese characters go, as do line breaks and annotated pinyin (實(shí)).
    A text without Chinese keeps its words with single spaces.
    """
    text = text.translate(_TIDY)
    if _HAN.search(text):
        lines = [line for line in text.splitlines() if _HAN.search(line) or not _wordy(line)]
        text = _PINYIN.sub("", " ".join(lines))
    text = re.sub(r"\s+", " ", text).strip()
    return _GAP.sub("", text)


def is_chinese(text: str) -> bool:
    """True if the text has a Chinese character."""
    return bool(_HAN.search(text))


def _wordy(line: str) -> bool:
    """True for a line of English words (not for a lone %, 2024 or GDP)."""
    return len(re.findall(r"[A-Za-z]", line)) > 3 or bool(re.fullmatch(r"[a-z]+", line.strip()))


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """A header for comparing: tidy, half-width, lower case, without spaces or a colon at its end."""
    return re.sub(r"\s+", "", plain(tidy(text))).lower().rstrip(":")


def is_blank(value: object) -> bool:
    """True for a cell with nothing to see in it."""
    return value is None or (isinstance(value, str) and not plain(value))
