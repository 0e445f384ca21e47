"""Break a long title into balanced lines between words, never inside a number or a name in 《》."""

from __future__ import annotations

import re
from functools import cache

from saima.files.document.table_layout import text_width

_WHOLE = re.compile(
    r"《[^》]*》|〔[^〕]*〕|“[^”]*”|\d[\d—.、年月日至]*|[A-Za-z]+|百日攻坚|赛马比拼"
)
_GOOD_ENDS = (
    *(
        "、",
        "·",
        " ",
        "年",
        "月",
        "日",
        "县",
        "区",
        "市",
        "省",
        "局",
        "委",
        "办",
        "会",
        "和",
        "及",
        "与",
    ),
    *("关于", "情况", "工作", "行动", "攻坚", "比拼", "项目", "单位", "任务", "目标", "考核", "度"),
)
_BAD_STARTS = (*"·的、，）》了等及和与年月日", "通报", "通知", "情况的")
_BAD_BREAK, _GOOD_BREAK = 40.0, -25.0


def title_lines(title: str, room: float) -> list[str]:
    """The lines of a title; `room` in ems of its type. Line ends in the title itself win."""
    if "\n" in title:
        return title.split("\n")
    count = max(1, -(-int(text_width(title) * 10) // int(room * 10)))
    if count == 1:
        return [title]
    even = text_width(title) / count
    cuts = [place for place in range(1, len(title)) if _may_cut(title, place)]
    best = _best(title, tuple(cuts), count, even, room)
    return best or [title]


def _may_cut(title: str, place: int) -> bool:
    return not any(found.start() < place < found.end() for found in _WHOLE.finditer(title))


def _best(
    title: str, cuts: tuple[int, ...], count: int, even: float, room: float
) -> list[str] | None:
    """The cheapest way to cut `title` into `count` lines, each within `room`."""

    @cache
    def cost(start: int, left: int) -> tuple[float, tuple[str, ...]] | None:
        if left == 1:
            line = title[start:]
            return (_unevenness(line, even), (line,)) if text_width(line) <= room else None
        found = [
            (_unevenness(title[start:cut], even) + _break_cost(title, cut) + rest[0], rest[1], cut)
            for cut in cuts
            if cut > start and text_width(title[start:cut]) <= room
            for rest in [cost(cut, left - 1)]
            if rest
        ]
        if not found:
            return None
        total, lines, cut = min(found)
        return total, (title[start:cut], *lines)

    answer = cost(0, count)
    return list(answer[1]) if answer else None


def _unevenness(line: str, even: float) -> float:
    return (text_width(line) - even) ** 2


def _break_cost(title: str, cut: int) -> float:
    bad = title[cut:].startswith(_BAD_STARTS)
    good = title[:cut].endswith(_GOOD_ENDS)
    return _BAD_BREAK if bad else (_GOOD_BREAK if good else 0.0)
