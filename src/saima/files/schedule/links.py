"""Predecessors and durations as people write them: `3FS+2天`, `5 开始-开始`, `2周`."""

from __future__ import annotations

import re
from collections.abc import Collection

from saima.rounding import text
from saima.scheduling.model import LagUnit, Link, LinkKind, Uid

_CHINESE = {"完成-开始": "FS", "开始-开始": "SS", "完成-完成": "FF", "开始-完成": "SF"}
_SEPARATORS = re.compile(r"[,，;；、\n]+")
_KIND = r"(?P<kind>FS|SS|FF|SF|完成-开始|开始-开始|完成-完成|开始-完成)"
_LAG = r"(?P<sign>[+\-－＋])\s*(?P<size>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]*)"
_TEXT = re.compile(rf"(?P<uid>.+?)\s*{_KIND}?\s*(?:{_LAG})?", re.IGNORECASE)
_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*(\D*)")

_WORK_UNITS = {
    "": 1.0, "天": 1.0, "日": 1.0, "个工作日": 1.0, "工作日": 1.0, "d": 1.0, "days": 1.0, "day": 1.0,
    "周": 5.0, "w": 5.0, "小时": 0.125, "时": 0.125, "h": 0.125,
}  # fmt: skip
_ELAPSED_UNITS = {
    "日历天": 1.0, "日历日": 1.0, "个日历日": 1.0, "个日历天": 1.0, "ed": 1.0,
    "日历周": 7.0, "ew": 7.0, "eh": 1 / 24, "自然日": 1.0,
}  # fmt: skip
WHOLE_DAY = 86_400


def amount(written: str, day: int) -> tuple[int, bool] | None:
    """Seconds of `5`, `5天`, `2周`, `30日历天`; True where the clock counts. None: no such amount."""
    match = _AMOUNT.fullmatch(written.strip())
    if match is None:
        return None
    size, unit = float(match[1]), match[2].strip().lower()
    if unit in _WORK_UNITS:
        return int(size * _WORK_UNITS[unit] * day), False
    if unit in _ELAPSED_UNITS:
        return int(size * _ELAPSED_UNITS[unit] * WHOLE_DAY), True
    return None


def read_links(written: str, day: int, known: Collection[str]) -> tuple[list[Link], list[str]]:
    """The links of a cell, and the pieces that are not understood.

    A piece that is itself the number of a task (`A-3`) is that task.
    """
    found, strange = [], []
    for piece in filter(None, (part.strip() for part in _SEPARATORS.split(written))):
        link = Link(as_uid(piece)) if piece in known else _link(piece, day)
        found += [link] if link else []
        strange += [] if link else [piece]
    return found, strange


def _link(piece: str, day: int) -> Link | None:
    match = _TEXT.fullmatch(piece)
    if match is None:
        return None
    written = (match["kind"] or "FS").upper()
    kind: LinkKind = _CHINESE.get(written, written)  # type: ignore[assignment]
    lag, unit = 0.0, "work"
    if match["size"]:
        sign = -1 if match["sign"] in "-－" else 1
        if match["unit"] in ("%", "％"):
            lag, unit = sign * float(match["size"]), "percent"
        else:
            size = amount(match["size"] + match["unit"], day)
            if size is None:
                return None
            lag, unit = sign * size[0], "elapsed" if size[1] else "work"
    return Link(as_uid(match["uid"]), kind, lag, _unit(unit))


def _unit(name: str) -> LagUnit:
    return name  # type: ignore[return-value]


def as_uid(written: str) -> Uid:
    """A number of a task: whole numbers are numbers, everything else is text."""
    return int(written) if written.isdigit() and (written == "0" or written[0] != "0") else written


def link_text(link: Link, day: int) -> str:
    """A link as it is written in a cell; `read_links` reads it back."""
    kind = "" if link.kind == "FS" and not link.lag else link.kind
    if not link.lag:
        return f"{link.predecessor}{kind}"
    sign = "+" if link.lag > 0 else "-"
    if link.unit in ("percent", "elapsed-percent"):
        return f"{link.predecessor}{kind}{sign}{plain(abs(link.lag))}%"
    if link.unit == "elapsed":
        return f"{link.predecessor}{kind}{sign}{plain(abs(link.lag) / WHOLE_DAY)}日历天"
    return f"{link.predecessor}{kind}{sign}{plain(abs(link.lag) / day)}天"


def plain(value: float) -> str:
    """A number without needless zeros, at most six decimals."""
    return text(value, 6).rstrip("0").rstrip(".")
