"""The columns of a ranking on the terminal: what each unit's cell says, and which fit the width."""

from __future__ import annotations

from dataclasses import dataclass

from saima.briefing.overview import Overview
from saima.problems import Language
from saima.rounding import text
from saima.rules.rulebook import Seal
from saima.scoring.result import UnitResult

GAP = 2
"""Half ems between two columns."""
_WIDEST = 30
"""Half ems of a column that may wrap."""
_PERIODS_SHOWN = 12
"""Squares of a seal at most."""

_MOVES = {"month": "比上月", "ten_day": "比上旬", "week": "比上周", "quarter": "比上季"}


@dataclass(frozen=True)
class RankingColumn:
    """A column: its header and every unit's cell, by unit code."""

    header: str
    cells: dict[str, str]
    right: bool = False
    fold: bool = False

    @property
    def width(self) -> int:
        from rich.cells import cell_len

        widest = max(map(cell_len, (self.header, *self.cells.values())))
        return min(widest, _WIDEST) if self.fold else widest


def ranking_columns(view: Overview, room: int, language: Language) -> list[RankingColumn]:
    """The columns that have something to say and fit `room` half ems.

    Seals shrink from a square a month to one word, then the tier gives way.
    """
    found: list[RankingColumn] = []
    for squares, tier in ((True, True), (False, True), (False, False)):
        found = [*_standing(view, language, tier), *_seals(view, language, squares)]
        if sum(c.width for c in found) + GAP * (len(found) - 1) <= room:
            break
    return found


def _standing(view: Overview, language: Language, tier: bool) -> list[RankingColumn]:
    zh, units = language == "zh", view.result.units
    moved = _MOVES.get(view.period.kind, "比上期") if zh else "move"
    found = [RankingColumn("位次" if zh else "rank", {u.unit: _rank(view, u, zh) for u in units})]
    if view.moved:
        found.append(RankingColumn(moved, {u.unit: movement_word(u.movement, zh) for u in units}))
    names = {u.unit: view.label(u.unit) for u in units}
    found.append(RankingColumn("单位" if zh else "unit", names, fold=True))
    if tier and any(u.tier for u in units):
        found.append(
            RankingColumn("梯队" if zh else "tier", {u.unit: u.tier or "—" for u in units})
        )
    scores = {u.unit: "—" if u.score is None else view.score_text(u.score) for u in units}
    found.append(RankingColumn("得分" if zh else "score", scores, right=True))
    gaps = {u.unit: view.score_text(u.ahead.gap) if u.ahead else "—" for u in units}
    found.append(RankingColumn("距前一名" if zh else "behind", gaps, right=True))
    needs = {u.unit: _need(view, u, zh) for u in units}
    found.append(RankingColumn("进一位还需" if zh else "to gain a place", needs, fold=True))
    if any(u.grade for u in units):
        grades = {u.unit: u.grade or "—" for u in units}
        found.append(RankingColumn("等次" if zh else "grade", grades))
    return found


def _rank(view: Overview, unit: UnitResult, zh: bool) -> str:
    if not unit.rank:
        return view.apart_reason(unit) if zh else "apart"
    return f"{unit.rank}{('并列' if zh else '=') if unit.tied else ''}"


def movement_word(places: int | None, zh: bool) -> str:
    """↑2, ↓1, 持平; — where there is nothing to compare with."""
    if places is None:
        return "—"
    if places == 0:
        return "持平" if zh else "same"
    return f"{'↑' if places > 0 else '↓'}{abs(places)}"


def _need(view: Overview, unit: UnitResult, zh: bool) -> str:
    """What closes the gap to the next place; the first one's lead."""
    if unit.need is not None:
        if zh:
            return unit.need.sentence
        return f"{unit.need.name} by {text(unit.need.more, grouped=True)} {unit.need.measure}"
    if unit.rank and unit.ahead is None and unit.behind is not None:
        gap = view.score_text(unit.behind.gap)
        return f"领先{gap}分" if zh else f"leads by {gap}"
    return "—"


def _seals(view: Overview, language: Language, squares: bool) -> list[RankingColumn]:
    """Seals told every month, then others that are due now."""
    units = view.result.units
    due = {award.name for unit in units for award in unit.seals}
    seals = [seal for seal in view.scoring.rulebook.seals if seal.name in due]
    found = []
    for seal in sorted(seals, key=lambda seal: seal.every != "month"):
        monthly = squares and seal.every == "month"
        cells = {
            u.unit: _squares(view, u.unit, seal) if monthly else _word(u, seal, language)
            for u in units
        }
        found.append(RankingColumn(seal.name, cells))
    return found


def _word(unit: UnitResult, seal: Seal, language: Language) -> str:
    earned = next((a.earned for a in unit.seals if a.name == seal.name), None)
    if earned is None:
        return "—"
    if language != "zh":
        return "earned" if earned else "no"
    return "■红" if earned else "□未红"


def _squares(view: Overview, unit: str, seal: Seal) -> str:
    """One square a period of the window so far: ■ earned, □ not, · did not take part; the count."""
    u, window = view.index(unit), view.campaign.clock.window
    here = window(view.period.end)
    told = [
        view.scoring.standing.seals[k][u].get(seal.name)
        for k in range(view.s + 1)
        if window(view.scoring.cube.scored[k].end) == here
    ][-_PERIODS_SHOWN:]
    marks = "".join("·" if t is None else ("■" if t else "□") for t in told)
    return f"{marks} {sum(bool(t) for t in told)}"
