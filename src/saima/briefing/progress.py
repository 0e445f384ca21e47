"""How far each indicator has come: per unit and, where figures add up, for all units together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from saima.briefing.overview import Overview
from saima.briefing.phrases import behind, gap_size, gap_text, listed, quantity, whole_word
from saima.campaigns import Indicator
from saima.rules.words import amount, percent
from saima.scoring.marks import LeafMarks
from saima.scoring.result import Mark, UnitResult

_MOST_NAMES = 3


@dataclass(frozen=True)
class ProgressRow:
    """A unit's figures for one indicator, as scored; None where there is none.

    base and done are what attainment divides: target and figure, or what there was to clear and
    what is cleared. pace is the share due by now.
    """

    unit: UnitResult
    mark: Mark
    current: float | None
    pace: float | None
    base: float | None
    done: float | None


@dataclass(frozen=True)
class Total:
    """Figures of several units added up: attainment and pace are of the sums."""

    units: int
    target: float
    actual: float
    current: float | None
    base: float
    done: float
    attainment: float
    gap: float


@dataclass(frozen=True)
class Progress:
    """One indicator over the units that have it."""

    view: Overview
    indicator: Indicator
    leaf: LeafMarks
    rows: tuple[ProgressRow, ...]
    paced: bool

    @cached_property
    def known(self) -> tuple[ProgressRow, ...]:
        """Rows with a pace gap, furthest ahead first."""
        rows = [r for r in self.rows if r.mark.pace_gap is not None] if self.paced else []
        return tuple(sorted(rows, key=lambda r: -(r.mark.pace_gap or 0.0)))

    @cached_property
    def total(self) -> Total | None:
        """The sum over the units, for an indicator whose figures add up (its roll-up is a sum).

        None over units of several kinds: a department may answer for the same figure as the
        districts.
        """
        adds = self.indicator.rolls_up == "sum" and self.leaf.leaf.against == "target"
        adds &= len({self.view.unit(r.unit.unit).kind for r in self.rows}) == 1
        rows = [
            r for r in self._outermost() if r.base and r.done is not None and r.pace is not None
        ]
        if not (adds and self.paced and rows):
            return None
        base, done = sum(r.base or 0.0 for r in rows), sum(r.done or 0.0 for r in rows)
        due = sum((r.base or 0.0) * (r.pace or 0.0) for r in rows)
        if base <= 0:
            return None
        return Total(
            units=len(rows),
            target=sum(r.mark.target or 0.0 for r in rows),
            actual=sum(r.mark.actual or 0.0 for r in rows),
            current=_sum([r.current for r in rows]),
            base=base,
            done=done,
            attainment=done / base,
            gap=(done - due) / base * 100.0,
        )

    def _outermost(self) -> list[ProgressRow]:
        """Rows of units whose parent is not in the table, so that nothing is added twice."""
        inside = {r.unit.unit for r in self.rows}
        return [r for r in self.rows if not _above(self.view, r.unit.unit) & inside]

    @property
    def clearing(self) -> bool:
        return self.indicator.direction == "clear-to-zero"


def _above(view: Overview, code: str) -> set[str]:
    """The codes of all units above one."""
    found: set[str] = set()
    parent = view.unit(code).parent
    while parent and parent not in found and parent in view.campaign.unit_index:
        found.add(parent)
        parent = view.unit(parent).parent
    return found


def _sum(values: list[float | None]) -> float | None:
    return None if any(v is None for v in values) else sum(v or 0.0 for v in values)


def all_progress(view: Overview) -> list[Progress]:
    """Every scored indicator that a unit has, in the rulebook's order, each once.

    An indicator that is scored twice is shown by the mark that follows its pace, else the first.
    """
    leaves: dict[str, LeafMarks] = {}
    for leaf in view.scoring.marked:
        leaves.setdefault(leaf.leaf.indicator, leaf)
    leaves |= view.paced
    found = []
    for code, leaf in leaves.items():
        rows = tuple(
            _row(view, unit, mark, leaf)
            for unit in view.result.units
            if (mark := view.mark(unit, leaf)) is not None and _takes_part(mark)
        )
        if rows:
            found.append(Progress(view, leaf.q.indicator, leaf, rows, code in view.paced))
    return found


def _takes_part(mark: Mark) -> bool:
    """False for an indicator that was declared not to apply: no mark, no figure, no target."""
    return mark.status != "left_out" or mark.actual is not None or mark.target is not None


def _row(view: Overview, unit: UnitResult, mark: Mark, leaf: LeafMarks) -> ProgressRow:
    opening = _figure(view, leaf, unit, "opening")
    base, done = mark.target, mark.actual
    if leaf.q.direction == "clear-to-zero":
        base = None if opening is None or base is None else opening - base
        done = None if opening is None or done is None else opening - done
    current = _figure(view, leaf, unit, "current")
    return ProgressRow(unit, mark, current, _figure(view, leaf, unit, "pace"), base, done)


def _figure(view: Overview, leaf: LeafMarks, unit: UnitResult, name: str) -> float | None:
    """A quantity of one cell, None where there is none."""
    column = np.broadcast_to(leaf.q.get(name).value, leaf.full.shape)
    value = float(column[view.index(unit.unit), view.s])
    return None if np.isnan(value) else value


# --- in words -----------------------------------------------------------------------------------


def progress_sentence(progress: Progress) -> str:
    """营业收入。累计完成82,350万元，完成全年目标的65.06%，欠序时9.94个百分点；5家达到…"""
    parts = [p for p in (_total_words(progress), _counts(progress), _ends(progress)) if p]
    if not parts:
        row = progress.known[0]
        parts = [f"{progress.view.label(row.unit.unit)}{gap_text(row.mark.pace_gap or 0.0)}"]
    return f"{progress.indicator.name}。{'；'.join(parts)}。"


def _total_words(progress: Progress) -> str:
    total, x = progress.total, progress.indicator
    if total is None:
        return ""
    whole = whole_word(progress.view.campaign.clock)
    who = "" if total.units == len(progress.rows) else f"{total.units}家单位"
    if progress.clearing:
        opening = amount(total.base + total.target, x.measure, x.decimals)
        left = amount(total.actual, x.measure, x.decimals)
        done = f"{who}期初{opening}，现余{left}，清零进度{percent(total.attainment)}"
    else:
        done = f"{who}累计完成{amount(total.actual, x.measure, x.decimals)}"
        done += f"，完成{whole}目标的{percent(total.attainment)}"
    return f"{done}，{gap_text(total.gap)}"


def _counts(progress: Progress) -> str:
    late = sum(behind(r.mark.pace_gap) for r in progress.known)
    if not progress.known:
        return ""
    if len(progress.known) == 1:
        return ""
    if not late:
        return f"{len(progress.known)}家单位均达到或超过序时进度"
    if late == len(progress.known):
        return f"{late}家单位均欠序时进度"
    return f"{len(progress.known) - late}家单位达到或超过序时进度，{late}家欠序时进度"


def _ends(progress: Progress) -> str:
    """Who is furthest ahead and who furthest behind; all who share that place."""
    if len(progress.known) < 2:
        return ""
    best, worst = progress.known[0].mark.pace_gap, progress.known[-1].mark.pace_gap
    said = []
    if best is not None and gap_text(best).startswith("超"):
        said.append(f"超序时最多的是{who_at(progress, best)}（超{gap_size(best)}）")
    if worst is not None and behind(worst):
        said.append(f"欠序时最多的是{who_at(progress, worst)}（欠{gap_size(worst)}）")
    return "，".join(said)


def who_at(progress: Progress, gap: float, most: int = _MOST_NAMES) -> str:
    """The units whose gap prints like this one: 甲、乙, or 甲等5家."""
    names = [
        progress.view.label(r.unit.unit)
        for r in progress.known
        if gap_text(r.mark.pace_gap or 0.0) == gap_text(gap)
    ]
    return listed(names, most)


def catch_up(progress: Progress, row: ProgressRow) -> str:
    """What brings a unit back to its pace, at least: 7,950万元; empty where it cannot be said."""
    x = progress.indicator
    if x.direction not in ("more", "clear-to-zero") or row.base is None or row.done is None:
        return ""
    step = 10.0**-x.decimals
    missing = math.ceil((row.base * (row.pace or 0.0) - row.done) / step - 1e-6) * step
    return quantity(missing, x.measure, x.decimals) if missing > 0 else ""
