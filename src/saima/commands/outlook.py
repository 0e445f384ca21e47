"""A unit's longest and shortest boards and what its targets still ask for, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from saima.commands.screen import Screen
from saima.problems import Language
from saima.rounding import text
from saima.rules.words import percent, points

_ENDS = 3


def outlook(data: dict[str, Any], out: Screen, language: Language) -> Iterator[object]:
    """补短拉长 and 以天保周、以周保月, from the shape of `saima explain --json` of a whole unit."""
    zh = language == "zh"
    boards = data["boards"]
    if boards:
        yield ""
        yield out.bold("长板与短板" if zh else "Longest and shortest boards")
        yield ("长板：" if zh else "Longest: ") + _joined(boards[:_ENDS], zh, lost=False)
        short = [b for b in reversed(boards) if b["lost"] > 0][:_ENDS]
        if short:
            yield ("短板：" if zh else "Shortest: ") + _joined(short, zh, lost=True)
    if data["remaining"]:
        yield ""
        days = data["remaining"][0]["days"]
        yield out.bold(
            f"离目标还差（还有{days}天）" if zh else f"Left to the targets ({days} days)"
        )
        yield _remaining(data["remaining"], out, zh)


def _joined(boards: list[dict[str, Any]], zh: bool, *, lost: bool) -> str:
    said = []
    for board in boards:
        rate = percent(board["rate"], 1)
        if lost:
            gone = points(board["lost"], 2)
            said.append(
                f"{board['name']}（得分率{rate}，失{gone}分）" if zh
                else f"{board['name']} ({rate}, {gone} lost)"
            )  # fmt: skip
        else:
            said.append(f"{board['name']}（得分率{rate}）" if zh else f"{board['name']} ({rate})")
    return "、".join(said) if zh else ", ".join(said)


def _remaining(rows: list[dict[str, Any]], out: Screen, zh: bool) -> object:
    table = out.table()
    out.column(table, "指标" if zh else "indicator")
    headers = ("还差", "每天", "每周", "每月") if zh else ("left", "a day", "a week", "a month")
    for header in headers:
        out.column(table, header, right=True)
    for row in rows:
        amounts = (row["left"], row["per_day"], row["per_week"], row["per_month"])
        table.add_row(
            row["name"], *(f"{text(a, 2, grouped=True)}{row['measure']}" for a in amounts)
        )
    return table
