"""The ranking on the terminal: the answer first, the table by track, then why each stands there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from saima.briefing.model import DEMO_NOTE
from saima.briefing.overview import Group, Overview
from saima.briefing.phrases import behind, gap_text
from saima.briefing.reasons import reasons
from saima.briefing.sentences import before_text, headline
from saima.commands.explanations import explanation
from saima.commands.ranking_columns import ranking_columns
from saima.commands.screen import Screen, screen
from saima.problems import Language
from saima.rounding import number, text
from saima.scoring import Scoring
from saima.scoring.boards import PaceRow
from saima.scoring.result import Result
from saima.scoring.side_by_side import SideBySide

if TYPE_CHECKING:
    from rich.table import Table

_PACE_ROWS = 3


def print_ranking(scoring: Scoring, result: Result, language: Language = "zh") -> None:
    """Write the ranking of a period to standard output, as wide as the terminal (100 elsewhere)."""
    out = screen()
    for line in ranking_lines(Overview(scoring, result), out, language):
        out.print(line)


def print_explanation(data: dict[str, Any], language: Language = "zh") -> None:
    """Write an explanation (the shape of `saima explain --json`) to standard output."""
    out = screen()
    for line in explanation(data, out, language):
        out.print(line)


def ranking_lines(view: Overview, out: Screen, language: Language) -> Iterator[object]:
    """What is printed, piece by piece: answer, tables, legend, reasons, ahead and behind."""
    yield out.bold(headline(view, language))
    yield from _scheme(view, language)
    tables = _tables(view, out, language)
    for group in view.groups:
        yield ""
        yield _group_heading(group, language)
        yield tables[group.name]
    yield from _legend(view, language)
    yield from _reasons(view, out, language)
    yield from _pace(view, out, language)


def _scheme(view: Overview, language: Language) -> Iterator[str]:
    book = view.result.rulebook
    if language == "zh":
        yield f"{view.campaign.name}　{book.title or book.name}第{book.version}版"
    else:
        yield f"{view.campaign.name}, {book.title or book.name}, version {book.version}"
    if view.result.demo:
        yield f"（{DEMO_NOTE}）" if language == "zh" else "(demonstration data, all invented)"


def _group_heading(group: Group, language: Language) -> str:
    count, apart = len(group.units), len(group.apart)
    if language != "zh":
        kept = f", {apart} not ranked" if apart else ""
        return f"{group.name or 'All units'} ({count}{kept})"
    kept = f"，其中{apart}家不参加排名" if apart else ""
    return f"{group.name or '全部单位'}（{count}家{kept}）"


def _tables(view: Overview, out: Screen, language: Language) -> dict[str, Table]:
    """One table a group, with the same widths in all of them."""
    columns = ranking_columns(view, out.width, language)
    tables = {}
    for group in view.groups:
        table = out.table()
        for column in columns:
            out.column(
                table, column.header, right=column.right, fold=column.fold, width=column.width
            )
        for unit in group.units:
            table.add_row(*(column.cells[unit.unit] for column in columns))
        tables[group.name] = table
    return tables


def _legend(view: Overview, language: Language) -> Iterator[str]:
    parts = []
    zh = language == "zh"
    if view.moved:
        basis = view.result.movement_basis
        before = before_text(view)
        word = {"published": "已公布的", "recomputed": "重新计算的"}[basis]
        parts.append(f"位次变化与{word}{before}位次比较" if zh else f"moves against {basis} ranks")
    if any(u.rank and u.ahead and not u.need for u in view.result.units):
        parts.append(
            "“进一位还需”为“—”的，单靠一项指标补不上差距"
            if zh
            else "— under “to gain a place”: no single indicator closes the gap"
        )
    if any(u.seals for u in view.result.units):
        parts.append("■红，□未红，·未参加" if zh else "■ earned, □ not, · did not take part")
    if parts:
        yield f"{'；'.join(parts)}。" if zh else f"{'; '.join(parts)}."


def _reasons(view: Overview, out: Screen, language: Language) -> Iterator[object]:
    zh = language == "zh"
    yield ""
    yield out.bold("为什么在这个位置" if zh else "Why each stands there")
    for group in view.groups:
        if len(view.groups) > 1:
            yield group.name
        for unit in group.units:
            said = (("；" if zh else "; ").join(reasons(view, unit, language))) or "—"
            place = str(unit.rank or "—")
            yield out.hanging(f"{place:>3}  {view.label(unit.unit)}{'：' if zh else ': '}", said)


def _pace(view: Overview, out: Screen, language: Language) -> Iterator[object]:
    """Who is furthest ahead of pace (超) and who has most to catch up (赶)."""
    rows = [row for row in view.pace_rows if number(row.gap, 2) != 0]
    zh = language == "zh"
    ahead = [row for row in rows if row.gap > 0][:_PACE_ROWS]
    chasing = [row for row in reversed(rows) if behind(row.gap)][:_PACE_ROWS]
    if not rows:
        return
    yield ""
    yield out.bold("超与赶" if zh else "Ahead and behind")
    none = "没有" if zh else "none"
    for word, found in (
        (("超：" if zh else "ahead: "), ahead),
        (("赶：" if zh else "behind: "), chasing),
    ):
        said = ("；" if zh else "; ").join(_pace_text(view, row, language) for row in found)
        yield out.hanging(f"  {word}", said or none)


def _pace_text(view: Overview, row: PaceRow, language: Language) -> str:
    name = view.paced[row.indicator].q.indicator.name
    space = "" if language == "zh" else " "
    return f"{view.label(row.unit)}{space}{name}{space}{gap_text(row.gap, language)}"


def print_side_by_side(found: SideBySide, language: Language) -> None:
    """Units down, rulebooks across: score and place under each."""
    out = screen()
    zh = language == "zh"
    table = out.table()
    out.column(table, "单位" if zh else "unit")
    for rulebook in found.rulebooks:
        out.column(table, rulebook.title or rulebook.name, right=True)
        out.column(table, "位次" if zh else "place", right=True)
    for unit in found.units:
        cells = [unit.name]
        for under in unit.results:
            cells.append("—" if under.score is None else text(under.score, 2))
            cells.append("—" if under.rank is None else str(under.rank))
        table.add_row(*cells)
    out.print(f"{found.period}：各份办法并排" if zh else f"{found.period}: rulebooks side by side")
    out.print(table)
