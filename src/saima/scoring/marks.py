"""From one leaf of the rulebook to its marks: method, difficulty, cap, rounding, missing policy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from saima.cube import State
from saima.problems import Problem, declare
from saima.rounding import settle
from saima.rules.marking import modified
from saima.rules.methods import Method, method
from saima.rules.quantities import STATISTICS, quantity_label
from saima.rules.rulebook import Leaf, Node, Rulebook
from saima.scoring.cells import Field, Flags, LeafQuantities
from saima.scoring.traced import CellQuantities
from saima.steps import Floats, Num, Step, given, named, rounded

declare(
    "zero-target",
    "“{unit}”的“{indicator}”目标值为0，无法计算完成率，本项不计分。",
    "请补填目标值；确无任务的，请在分工中去掉该指标，或在办法中写明零目标如何计分。",
    "the target of “{indicator}” of “{unit}” is 0, so there is no attainment and no mark.",
    "Fill in the target, drop the assignment, or let the rulebook say what a zero target means.",
)
declare(
    "negative-target",
    "“{unit}”的“{indicator}”目标值为负，完成率没有意义，本项不计分。",
    "请在办法中写明负目标如何计分（negative-target: by-difference）。",
    "the target of “{indicator}” of “{unit}” is negative, so a ratio to it says nothing.",
    "Let the rulebook say how a negative target counts (negative-target: by-difference).",
)
declare(
    "missing-target",
    "“{unit}”的“{indicator}”没有目标值，本项不计分。",
    "请在“目标”中补填。",
    "“{unit}” has no target for “{indicator}”, so there is no mark.",
    "Fill in the target.",
)
declare(
    "missing-base",
    "“{unit}”的“{indicator}”缺少计分所需的“{quantity}”，本项不计分。",
    "请补填该数据，或检查口径调整后是否补录了可比基数。",
    "“{indicator}” of “{unit}” lacks “{quantity}”, which its mark needs.",
    "Fill it in, or enter a restated base if the definition changed.",
)
declare(
    "not-reported",
    "“{unit}”未报“{indicator}”{period}数，按办法{policy}。",
    "请补报；确无该项的，请填“—”。",
    "“{unit}” has not reported “{indicator}” for {period}; the rulebook says: {policy}.",
    "Report it, or enter — if it does not apply.",
    "warning",
)

POLICY_NAMES = {
    "zero": "计0分",
    "exclude": "剔除该项并折算",
    "own-average": "按本单位平均得分率计分",
    "track-average": "按同赛道平均得分率计分",
}


class Status(IntEnum):
    """How a mark came about."""

    NOT_HELD = 0  # the unit does not have the indicator
    MARKED = 1
    ZERO = 2  # missing, counted as zero
    LEFT_OUT = 3  # not in the total: missing and excluded, not applicable, nothing to hold
    OWN_AVERAGE = 4
    TRACK_AVERAGE = 5
    REFUSED = 6  # no mark possible: zero target, no base; a problem names it


@dataclass
class LeafMarks:
    """The marks of one leaf, arrays (units, scored periods).

    full: full marks (0 where not held). weight: its weight in its node. raw: marks of the method
    before difficulty, cap and rounding. marks: as they count. status: Status codes.
    """

    path: tuple[Node, ...]
    leaf: Leaf
    method: Method
    q: LeafQuantities
    full: Floats
    weight: Floats
    raw: Floats
    marks: Floats
    status: NDArray[np.uint8]
    blocked: Flags | None = None  # where the leaf's gate blocks awards

    @property
    def counted(self) -> Flags:
        """Where the mark is part of the total."""
        return np.asarray((self.status != Status.NOT_HELD) & (self.status != Status.LEFT_OUT))

    @property
    def held(self) -> Flags:
        return np.asarray(self.status != Status.NOT_HELD)

    def waits_for(self, average: Status) -> bool:
        """True if some mark is to be filled in with this average rate."""
        asked = self.leaf.when_missing == average.name.lower().replace("_", "-")
        return asked and bool((self.status == average).any())


def weights(field: Field, leaf: Leaf) -> Floats:
    """The weight of a leaf for each unit (units, 1): stated, by track, or as assigned."""
    campaign = field.cube.campaign
    rows = [a for a in campaign.assignments if a.indicator == leaf.indicator]
    if not rows and isinstance(leaf.weight, (int, float)):
        return np.full((len(campaign.units), 1), float(leaf.weight))
    out = np.zeros((len(campaign.units), 1))
    for n, unit in enumerate(campaign.units):
        if isinstance(leaf.weight, (int, float)):
            base: float | None = float(leaf.weight)
        else:
            base = None if leaf.weight == "assigned" else _by_track(leaf, unit.track)
        if rows:
            fitting = [a for a in rows if a.unit == unit.code] or [
                a for a in rows if not a.unit and a.track in ("", unit.track)
            ]
            if not fitting:
                continue
            stated = max(fitting, key=lambda a: (bool(a.unit), bool(a.track))).weight
            base = stated if stated is not None else base
        out[n, 0] = base or 0.0
    return out


def _by_track(leaf: Leaf, track: str) -> float:
    assert not isinstance(leaf.weight, (str, int, float))
    return float(leaf.weight.get(track, 0.0))


def mark_leaf(field: Field, path: tuple[Node, ...], leaf: Leaf) -> LeafMarks:
    """Score one leaf over all units and periods, up to (not including) average-rate policies."""
    weight = weights(field, leaf)
    scale = path[-1].aggregate != "sum"
    full = np.where(weight > 0, 100.0, 0.0) if scale else weight
    q = LeafQuantities(field, leaf, full)
    chosen = method(leaf.method)
    raw = chosen.marks(q, leaf.settings)
    marks = modified(raw, q, leaf, field.rulebook)
    shape = field.shape
    full = np.broadcast_to(full, shape)
    status = _status(field, leaf, q, full, np.broadcast_to(marks.value, shape))
    value = np.where(status == Status.MARKED, marks.value, 0.0)
    made = LeafMarks(
        path, leaf, chosen, q, full, np.broadcast_to(weight, shape), raw.value, value, status
    )
    if leaf.gate is not None:
        value = settle(q.get(leaf.gate.of).value)
        made.blocked = np.asarray(value < leaf.gate.below) & made.held
    return made


def _status(
    field: Field, leaf: Leaf, q: LeafQuantities, full: Floats, marks: Floats
) -> NDArray[np.uint8]:
    state = q.state
    missing = (state == State.NOT_REPORTED) | (state == State.UNKNOWN)
    not_due = q.column < 0
    if not method(leaf.method).needs(leaf.settings):  # points for events need no figure
        missing, not_due = np.zeros_like(missing), np.zeros_like(not_due)
    left = not_due | (state == State.NOT_APPLICABLE) | (state == State.EXCLUDED)
    policy = {
        "zero": Status.ZERO,
        "exclude": Status.LEFT_OUT,
        "own-average": Status.OWN_AVERAGE,
        "track-average": Status.TRACK_AVERAGE,
    }[leaf.when_missing]
    none = np.isnan(marks)
    status = np.where(none, policy, Status.MARKED)
    known = ~np.isnan(q.get("actual").value)
    status = np.where(none & known & _refused_target(leaf, q), Status.REFUSED, status)
    apart = np.isin(q.sum_state, (State.NOT_APPLICABLE, State.EXCLUDED))
    status = np.where(none & apart, Status.LEFT_OUT, status)
    status = np.where(missing, policy, status)
    status = np.where(left, Status.LEFT_OUT, status)
    held = (full > 0) & field.valid
    return np.where(held, status, Status.NOT_HELD).astype(np.uint8)


def _refused_target(leaf: Leaf, q: LeafQuantities) -> Flags:
    """Where a ratio to a target of zero or below is asked for and the rulebook refuses it."""
    if q.direction == "clear-to-zero" or not uses_ratio(leaf, q):
        return np.zeros(q.field.shape, dtype=bool)
    target = q.get("target").value
    zero = (target == 0) & (leaf.zero_target != "full-if-met")
    return np.asarray(zero | ((target < 0) & (leaf.negative_target == "refuse")))


def uses_ratio(leaf: Leaf, q: LeafQuantities) -> bool:
    """True if the method divides by the target, directly or in a statistic."""
    for name in method(leaf.method).needs(leaf.settings):
        if name == "pace" and q.pace_base == "own-plan":
            return True
        if (
            name.removeprefix("regions:").split(":")[-1] in _RATIOS
            or _statistic_of(name) in _RATIOS
        ):
            return True
    return False


_RATIOS = ("attainment", "pace_gap", "pace_ratio")


def _statistic_of(name: str) -> str:
    """The quantity inside `rank_all_attainment` and the like; empty for others."""
    kind, _, rest = name.partition("_")
    return rest.removeprefix("all_") if kind in STATISTICS else ""


OwnParts = tuple[Floats, Floats]
"""A unit's marks and full marks that its own average rate is made of, (units, scored periods)."""


def fill_averages(marked: list[LeafMarks], field: Field, own: OwnParts | None = None) -> None:
    """Give missing marks their average rate: the unit's own, or the track's (按平均得分率折算).

    `own` is of all leaves, where only some are marked here.
    """
    for leaf in marked:
        if leaf.waits_for(Status.TRACK_AVERAGE):
            _fill(leaf, Status.TRACK_AVERAGE, track_rate(leaf, field), field.rulebook)
    waiting = [m for m in marked if m.waits_for(Status.OWN_AVERAGE)]
    if waiting:
        got, full = own or own_parts(marked)
        rate = np.divide(got, full, out=np.full_like(got, np.nan), where=full > 0)
        for leaf in waiting:
            _fill(leaf, Status.OWN_AVERAGE, rate, field.rulebook)


def own_parts(marked: list[LeafMarks]) -> OwnParts:
    """Marks and full marks of a unit's leaves that have a figure of their own, added in order."""
    got, full = np.zeros_like(marked[0].marks), np.zeros_like(marked[0].marks)
    for leaf in marked:
        if leaf.leaf.extra:
            continue
        counted = np.isin(leaf.status, (Status.MARKED, Status.REFUSED))
        got = got + np.where(counted, leaf.marks, 0.0)
        full = full + np.where(counted, leaf.full, 0.0)
    return got, full


def track_rate(leaf: LeafMarks, field: Field) -> Floats:
    """The mean of marks over full marks of the track's ranked units that have a mark."""
    rate = np.full(field.shape, np.nan)
    for rows in field.group_rows("track"):
        of = (leaf.status[rows] == Status.MARKED) & field.ranked[rows]
        own = np.divide(leaf.marks[rows], leaf.full[rows], out=np.zeros(of.shape), where=of)
        ordered = np.sort(np.where(of, own, np.inf), axis=0)
        sums = np.where(np.isinf(ordered), 0.0, ordered).sum(axis=0)
        count = of.sum(axis=0)
        rate[rows] = np.divide(sums, count, out=np.full(len(count), np.nan), where=count > 0)
    return rate


def _fill(leaf: LeafMarks, status: Status, rate: Floats, rulebook: Rulebook) -> None:
    """Marks at a rate where the status asks for it; left out where there is no rate."""
    places = rulebook.rounding.marks
    filled = Num(leaf.full * rate)
    value = filled.value if places is None else rounded(filled, places).value
    here = leaf.status == status
    leaf.marks = np.asarray(np.where(here & ~np.isnan(value), value, leaf.marks))
    leaf.status = np.where(here & np.isnan(value), Status.LEFT_OUT, leaf.status).astype(np.uint8)


def trace_mark(leaf: LeafMarks, own: OwnParts | None, field: Field, unit: int, scored: int) -> Num:
    """The traced mark of one cell, equal to the array's, with every step that made it.

    `own` is asked for where the leaf's missing marks follow the unit's own average.
    """
    status = Status(int(leaf.status[unit, scored]))
    places = field.rulebook.rounding.marks
    if status == Status.MARKED:
        q = CellQuantities(leaf.q, unit, scored)
        return modified(leaf.method.marks(q, leaf.leaf.settings), q, leaf.leaf, field.rulebook)
    if status not in (Status.OWN_AVERAGE, Status.TRACK_AVERAGE):
        word = "未报，计0分" if status == Status.ZERO else "无法计分，计0分"
        return Num(0.0, Step("constant", 0.0, (), word))
    full = leaf_full(leaf, unit, scored)
    if status == Status.OWN_AVERAGE:
        assert own is not None, "asked for by when_missing"
        got, whole = (float(x[unit, scored]) for x in own)
        rate = given(got, "其他指标得分合计") / given(whole, "其他指标满分合计")
    else:
        value = float(track_rate(leaf, field)[unit, scored])
        rate = given(value, "同赛道平均得分率")
    filled = named(full * rate, POLICY_NAMES[leaf.leaf.when_missing])
    return filled if places is None else rounded(filled, places)


def leaf_full(leaf: LeafMarks, unit: int, scored: int) -> Num:
    value = float(leaf.full[unit, scored])
    return Num(value, Step("input", value, (), "满分", {"quantity": "full"}))


def leaf_problems(leaf: LeafMarks, field: Field, scored: int) -> list[Problem]:
    """What kept this leaf from being marked in a period, cell by cell."""
    cube = field.cube
    found = []
    status, columns = leaf.status[:, scored], leaf.q.column[:, scored]
    unmarked = (status != Status.NOT_HELD) & (status != Status.MARKED)
    for u in np.flatnonzero(unmarked & (columns >= 0)):
        values = {"unit": cube.campaign.units[u].label, "indicator": leaf.q.indicator.name}
        if int(leaf.q.state[u, scored]) in (State.VALUE, State.BELOW_UNIT):
            refused = _refused(leaf, int(u), scored, values)
            if refused.code != "missing-base" or status[u] == Status.ZERO:
                found.append(refused)  # a policy for missing bases leaves nothing to mend
        elif _not_reported(leaf, int(u), scored):
            policy = POLICY_NAMES[leaf.leaf.when_missing]
            period = cube.scored[scored].label()
            place = cube.place(leaf.q.row, int(u), int(columns[u]))
            found.append(
                Problem("not-reported", place, {**values, "policy": policy, "period": period})
            )
    return found


def _not_reported(leaf: LeafMarks, unit: int, scored: int) -> bool:
    return int(leaf.q.state[unit, scored]) in (State.NOT_REPORTED, State.UNKNOWN)


def _refused(leaf: LeafMarks, unit: int, scored: int, values: dict[str, str]) -> Problem:
    q = leaf.q
    column = int(q.column[unit, scored])
    window = int(q.cube.window_of[column])
    place = q.cube.target_place(q.row, unit, window)
    target = float(q.get("target").value[unit, scored])
    if uses_ratio(leaf.leaf, q) and np.isnan(target):
        return Problem("missing-target", q.cube.place(q.row, unit, column), values)
    if int(leaf.status[unit, scored]) == Status.REFUSED:
        return Problem("zero-target" if target == 0 else "negative-target", place, values)
    lacking = [
        n
        for n in leaf.method.needs(leaf.leaf.settings)
        if np.isnan(np.broadcast_to(q.get(n).value, leaf.full.shape)[unit, scored])
    ]
    quantity = "、".join(quantity_label(n) for n in lacking) or "参照值"
    return Problem(
        "missing-base", q.cube.place(q.row, unit, column), {**values, "quantity": quantity}
    )
