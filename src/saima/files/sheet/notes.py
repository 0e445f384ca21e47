"""What a sheet's own notes say of its marks: “…”表示数据不足本表最小单位, 空格表示不详."""

from __future__ import annotations

import re

from saima.files.sheet.words import plain

_SAID = re.compile(
    r"[“\"‘'「(]?\s*(空格|空白|空栏|…+|\.{3}|—+|-+|/|×|\*|无)\s*[”\"’'」)]?\s*"
    r"(?:表示|代表|系指|系|指|为|即)\s*([^；;。“\"]{1,40})"
)
_MEANINGS = (
    (r"不足|小于.*单位|最小单位", "below-unit"),
    (r"不详|不明|未知", "unknown"),
    (r"没有|无该项|不适用|不涉及|无此|不存在", "not-applicable"),
    (r"未报|未统计|未上报|暂无|缺|尚未|未公布", "not-reported"),
    (r"为零|为0|是零|数值为零|^零|^0", "zero"),
    (r"不计|不考核|不参加", "excluded"),
)


def legend_in(notes: tuple[str, ...]) -> dict[str, str]:
    """Mark -> kind of missing, as the notes say; '' is the blank cell."""
    legend: dict[str, str] = {}
    for note in notes:
        for mark, text in _SAID.findall(plain(note)):
            kind = next((kind for words, kind in _MEANINGS if re.search(words, text)), "")
            if kind:
                legend["" if mark[0] == "空" else mark] = kind
    return legend
