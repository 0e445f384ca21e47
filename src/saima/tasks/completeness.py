"""量化 + 项目 + 成果: a task needs a goal with a number, a supporting project and a landmark result."""

from __future__ import annotations

import re
from typing import Literal

Part = Literal["goal", "number", "project", "result"]
PARTS: dict[Part, str] = {
    "goal": "量化目标",
    "number": "目标中的数",
    "project": "支撑项目",
    "result": "标志性成果",
}
"""What may be missing -> how it is called."""

_NUMBER = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十百千万亿两半]+\s*(个|家|项|次|户|亩|人|条|万|亿|成|倍|%|％|元|平方|公里|米|套|件|场|批|座|处|篇|名|天|月|份)"
)
_NOTHING = {"", "无", "/", "-", "—", "——", "暂无", "不涉及"}


def missing(goal: str, project: str, result: str) -> tuple[Part, ...]:
    """What a task lacks, in the order of the saying; nothing where it is complete."""
    found: list[Part] = []
    if _nothing(goal):
        found.append("goal")
    elif not _NUMBER.search(goal):
        found.append("number")
    found += ["project"] if _nothing(project) else []
    found += ["result"] if _nothing(result) else []
    return tuple(found)


def _nothing(text: str) -> bool:
    return text.strip() in _NOTHING
