"""An explanation on the terminal: the answer, the equation, the clause, every step, the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from saima.commands.outlook import outlook
from saima.commands.screen import Screen
from saima.periods import parse
from saima.problems import Language, Refused
from saima.rounding import number
from saima.rules.words import points, short
from saima.scoring.equations import (
    Step,
    children,
    detail,
    equation,
    formula,
    label,
    value_text,
)
from saima.scoring.labels import source

_LEADERS_TO = 96


def explanation(data: dict[str, Any], out: Screen, language: Language = "zh") -> Iterator[object]:
    """What is printed for the shape of `saima explain --json`, piece by piece."""
    root: Step = data["steps"]
    whole = label(root) == "总分"
    zh = language == "zh"
    yield out.bold(_answer(data, whole, language))
    yield from _equation(root, out, whole, language)
    if whole:
        yield ""
        yield out.bold("各项得分" if zh else "Marks")
        yield _marks_table(data, out, language)
    else:
        for mark in data["marks"]:
            yield ""
            yield from _clause(data, mark, out, language)
    yield ""
    yield out.bold("逐步计算" if zh else "Step by step")
    yield from _tree(root, min(out.width, _LEADERS_TO), whole, language)
    if whole:
        yield from outlook(data, out, language)
        yield ""
        yield (
            "看一项的每一步和出处：加 --indicator 指标名称。"
            if zh
            else "For every step of one mark and its cells add --indicator NAME."
        )
        return
    yield from _inputs(root, out, language)


def _period(text: str, language: Language) -> str:
    """A period's text as people write it; a bare date stays as it is."""
    try:
        return parse(text).label(language)
    except Refused:
        return text


def _answer(data: dict[str, Any], whole: bool, language: Language) -> str:
    """栖湖文旅固定资产投资得17.35分，满分20分，少2.65分。"""
    zh, period = language == "zh", _period(data["period"], language)
    if whole:
        score = value_text(data["steps"], language)
        got = score if score.endswith("分") or score == "—" else f"{score}分"
        return (
            f"{period}，{data['name']}总分{got}。" if zh else f"{period}, {data['name']}: {score}."
        )
    said = [_mark_answer(mark, _places(data["steps"]), zh) for mark in data["marks"]]
    joined = ("；" if zh else "; ").join(said)
    return f"{period}，{data['name']}{joined}。" if zh else f"{period}, {data['name']}, {joined}."


def _mark_answer(mark: dict[str, Any], places: int | None, zh: bool) -> str:
    """固定资产投资得17.35分，满分20分，少2.65分."""
    full, marks = mark["full_marks"], mark["marks"]
    if marks is None:
        return f"{mark['name']}不计入总分" if zh else f"{mark['name']} does not count"
    got = points(marks, places)
    if not zh:
        return f"{mark['name']}: {got} of {short(full)}"
    off = number(full - marks, 4)
    rest = "" if off == 0 else f"，{'少' if off > 0 else '超出'}{short(abs(off))}分"
    return f"{mark['name']}得{got}分，满分{short(full)}分{rest}"


def _places(root: Step) -> int | None:
    """The decimals to which the rulebook rounds marks, None where it does not."""
    found = (
        detail(step).get("places")
        for step in _walk(root)
        if step["op"] == "round" and "indicator" in detail(step)
    )
    return next(found, None)


def _equation(root: Step, out: Screen, whole: bool, language: Language) -> Iterator[object]:
    """The mark written out as one line, each number with its name under it."""
    tokens = equation(root, to_marks=whole, language=language)
    if not tokens:
        return
    value = value_text(root, language).removesuffix("分")
    under = ["得分" if language == "zh" else "marks", "", *(u for _, u in tokens)]
    grid = out.grid([value, "=", *(t for t, _ in tokens)], under)
    yield ""
    yield grid if grid is not None else f"{value} = {' '.join(t for t, _ in tokens)}"


def _clause(
    data: dict[str, Any], mark: dict[str, Any], out: Screen, language: Language
) -> Iterator[object]:
    zh, book = language == "zh", data["rulebook"]
    colon, stop = ("：", "。") if zh else (": ", ".")
    yield out.hanging(f"{'怎么来的' if zh else 'How'}{colon}", f"{mark['sentence'] or '—'}{stop}")
    title = (
        f"《{book['title'] or book['name']}》第{book['version']}版"
        if zh
        else (f"{book['title'] or book['name']}, version {book['version']}")
    )
    yield out.hanging(
        f"{'依据条款' if zh else 'Clause'}{colon}",
        f"{title}{_comma(mark['clause'], zh)}{stop}{'' if zh else ' '}{mark['rule']}",
    )
    meant = mark.get("definition")
    if meant:
        since = f"（{meant['effective']}起）" if meant["effective"] else ""
        version = f"第{meant['version']}版{since}"
        if not zh:
            since = f" (from {meant['effective']})" if meant["effective"] else ""
            version = f"version {meant['version']}{since}"
        yield out.hanging(
            f"{'指标口径' if zh else 'Definition'}{colon}", f"{version}{colon}{meant['text']}"
        )


def _comma(text: str, zh: bool) -> str:
    return f"{'，' if zh else ', '}{text}" if text else ""


def _marks_table(data: dict[str, Any], out: Screen, language: Language) -> object:
    zh = language == "zh"
    table = out.table()
    out.column(table, "指标" if zh else "indicator")
    out.column(table, "得分" if zh else "marks", right=True, fold=False)
    out.column(table, "满分" if zh else "of", right=True, fold=False)
    out.column(table, "怎么来的" if zh else "how")
    if not out.narrow:
        out.column(table, "条款" if zh else "clause")
    out.column(table, "数的出处" if zh else "cell")
    places = _places(data["steps"])
    for mark in data["marks"]:
        marks = "—" if mark["marks"] is None else points(mark["marks"], places)
        row = [mark["name"], marks, short(mark["full_marks"]), mark["sentence"]]
        table.add_row(*row, *([] if out.narrow else [mark["clause"]]), mark["place"])
    return table


def _tree(root: Step, width: int, whole: bool, language: Language) -> Iterator[str]:
    """Every step with its value; for a whole score down to the marks."""
    yield from _line("", root, width, language)
    yield from _branches(root, "", width, whole, set(), language)


def _branches(
    step: Step,
    prefix: str,
    width: int,
    whole: bool,
    seen: set[tuple[str, str]],
    language: Language,
) -> Iterator[str]:
    """The lines below a step; one that stands above already is not taken apart again."""
    if whole and "indicator" in detail(step):
        return
    parts = _shown(step)
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        key = (label(part), str(part))
        again = bool(children(part)) and key in seen
        yield from _line(f"{prefix}{'└─ ' if last else '├─ '}", part, width, language, again)
        if not again:
            seen.add(key)
            below = f"{prefix}{'   ' if last else '│  '}"
            yield from _branches(part, below, width, whole, seen, language)


def _shown(step: Step) -> list[Step]:
    """A step's parts; nameless limits and constants are in its formula already."""
    out: list[Step] = []
    for part in children(step):
        if label(part):
            out += [part] if part not in out else []
        elif part["op"] != "constant":
            out += [inner for inner in _shown(part) if inner not in out]
    return out


def _line(
    prefix: str, step: Step, width: int, language: Language, again: bool = False
) -> Iterator[str]:
    """Name, formula, dots, value; the value on a line of its own where there is no room."""
    from rich.cells import cell_len

    zh = language == "zh"
    name = label(step, language) or ("得分合计" if zh else "marks in all")
    made = formula(step, language)
    said = f"{name} = {made}" if made and step["op"] != "sum" else name
    above = "（见上）" if zh else " (see above)"
    said = f"{name}{above}" if again else said + _among(step, zh)
    value = value_text(step, language)
    room = width - cell_len(prefix) - cell_len(said) - cell_len(value) - 2
    if room >= 2:
        yield f"{prefix}{said} {'.' * room} {value}"
        return
    yield f"{prefix}{said}"
    yield f"{' ' * max(0, width - cell_len(value))}{value}"


def _among(step: Step, zh: bool) -> str:
    """How many a comparison was made among: （5家比较）."""
    values = detail(step).get("values")
    if not values:
        return ""
    return f"（{len(values)}家比较）" if zh else f" (among {len(values)})"


def _inputs(root: Step, out: Screen, language: Language) -> Iterator[object]:
    """The figures used, each once, with the period, the source and the cell."""
    zh = language == "zh"
    found: dict[tuple[str, str], Step] = {}
    for step in _walk(root):
        place = str(detail(step).get("place", ""))
        if place and not children(step):
            found.setdefault((label(step, language), place), step)
    if not found:
        return
    yield ""
    yield out.bold("用到的数" if zh else "Figures used")
    table = out.table()
    for header in (
        ("数据", "数值", "期间", "来源", "出处")
        if zh
        else ("figure", "value", "period", "source", "cell")
    ):
        out.column(
            table, header, right=header in ("数值", "value"), fold=header in ("出处", "cell")
        )
    for (name, place), step in found.items():
        about = detail(step)
        period = _period(str(about["period"]), language) if about.get("period") else ""
        kind = str(about.get("source", ""))
        kind = kind if zh else source(kind)
        table.add_row(name, value_text(step, language), period, kind, place)
    yield table


def _walk(step: Step) -> Iterator[Step]:
    yield step
    for part in children(step):
        yield from _walk(part)
