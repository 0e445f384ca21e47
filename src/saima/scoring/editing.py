"""A changed figure gives fresh scores without scoring everything again; equal to a full run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from saima.campaigns import SOURCES
from saima.cube import NO_SOURCE, Cube, State, scored_periods
from saima.periods import Kind, Period, parse
from saima.rules.rulebook import Rulebook
from saima.scoring.engine import Scoring, finished, score_cube
from saima.scoring.marks import LeafMarks, mark_leaf
from saima.scoring.rollup import completed


@dataclass(frozen=True)
class Edit:
    """A figure as it would be: of a unit, indicator and period (texts); None is not reported."""

    unit: str
    indicator: str
    period: str
    value: float | None


def edited(scoring: Scoring, edits: Iterable[Edit]) -> Scoring:
    """The scoring as it would be with these figures; the given one stays as it is.

    Only leaves whose indicator changed are marked again, then totals and places. Errors:
    KeyError for an unknown unit or indicator, or a period that no column of the cube ends on.
    """
    edits = list(edits)
    cube = changed(scoring.cube, edits)
    scored = cube.scored if _within(edits, cube) else _scored(cube, scoring.rulebook)
    if scored != cube.scored:
        return score_cube(replace(cube, scored=scored), scoring.rulebook)
    field = replace(scoring.field, cube=cube)
    fresh = _changed_indicators(scoring.cube, cube)
    marked = [mark_leaf(field, m.path, m.leaf) if _again(m, fresh) else m for m in scoring.marked]
    kept = {
        id(new.leaf): scoring.parts[id(new.leaf)]
        for new, old in zip(marked, scoring.marked, strict=True)
        if new is old
    }
    return finished(field, marked, kept)


def _within(edits: list[Edit], cube: Cube) -> bool:
    """Whether figures are given for scored periods only, which leaves the scored as they are."""
    known = {p.text for p in cube.scored}
    texts = (parse(e.period, cube.campaign.clock).text for e in edits if e.value is not None)
    return all(e.value is not None for e in edits) and known.issuperset(texts)


def _scored(cube: Cube, rulebook: Rulebook) -> tuple[Period, ...]:
    wanted = cube.campaign.clock.periods(cast(Kind, rulebook.scores.replace("-", "_")))
    return scored_periods(cube.campaign, wanted, cube.columns, cube.state)


def _again(m: LeafMarks, fresh: set[str]) -> bool:
    """Leaves of changed indicators, and those that look at other indicators or at all marks."""
    names = (*m.method.needs(m.leaf.settings), *m.method.shows(m.leaf.settings))
    looks = m.leaf.limit is not None or any(":" in name for name in names)
    return m.leaf.indicator in fresh or looks or m.leaf.when_missing == "own-average"


def changed(cube: Cube, edits: list[Edit]) -> Cube:
    """A copy of the cube with these figures, roll-ups and derived indicators made anew."""
    value, state, source = cube.value.copy(), cube.state.copy(), cube.source.copy()
    amounts = None if cube.in_period is None else cube.in_period.copy()
    starts = None if cube.starts is None else replace(cube.starts, start=cube.starts.start.copy())
    campaign = cube.campaign
    flows = np.array([x.nature == "in-period" for x in campaign.indicators], dtype=bool)
    for edit in edits:
        i, u = campaign.indicator_index[edit.indicator], campaign.unit_index[edit.unit]
        period = parse(edit.period, campaign.clock)
        k = cube.column_of[period.end]
        counts = campaign.indicators[i].counts or campaign.counts
        figure = np.nan if edit.value is None else edit.value
        state[i, u, k] = State.NOT_REPORTED if edit.value is None else State.VALUE
        source[i, u, k] = SOURCES.index(counts[0])
        value[i, u, k] = figure
        if flows[i] and amounts is not None and starts is not None:
            amounts[i, u, k] = figure
            starts.start[i, u, k] = period.start.toordinal()
            one = np.zeros_like(flows)
            one[i] = True
            value[one] = starts.accumulate(amounts, cube.columns, one)
    derived = source == NO_SOURCE
    value[derived], state[derived] = np.nan, State.NOT_REPORTED
    return completed(
        replace(cube, value=value, state=state, source=source, in_period=amounts, starts=starts)
    )


def _changed_indicators(before: Cube, after: Cube) -> set[str]:
    """Indicators with another figure, or another amount of a period: a sum with a gap hides it."""
    differs = before.state != after.state
    for old, new in ((before.value, after.value), (before.in_period, after.in_period)):
        if old is not None and new is not None:
            differs |= (old != new) & ~(np.isnan(old) & np.isnan(new))
    rows = differs.any(axis=(1, 2)).tolist()
    return {x.code for x, row in zip(before.campaign.indicators, rows, strict=True) if row}
