"""The exact network against linear programming, and what a cut proves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from saima.allocation.network import Crossing, Cut, Line, build, route

ROWS, COLUMNS = 3, 4


def lines_of(rows, columns):
    return [
        *(Line(tuple(range(i * COLUMNS, (i + 1) * COLUMNS)), n, n) for i, n in enumerate(rows)),
        *(
            Line(tuple(range(j, ROWS * COLUMNS, COLUMNS)), n, n, False)
            for j, n in enumerate(columns)
        ),
    ]


def cost_of(amounts, start):
    """Twice the distance inside the two neighbouring whole numbers, four a unit beyond them."""
    base = np.floor(start)
    inside = np.clip(amounts - base, 0, 1)
    beyond = np.abs(amounts - base - inside)
    return float((inside * (1 - 2 * (start - base)) + 4 * beyond).sum())


def least_cost(start, upper, lines):
    """The same by linear programming (HiGHS): whole amounts are optimal in a transport problem."""
    n, base = len(start), np.floor(start)
    costs = np.concatenate([1 - 2 * (start - base), np.full(n, 4.0), np.full(n, 4.0)])
    bounds = [(0, 1)] * n + [(0, None)] * n + [(0, b) for b in base]
    rows, totals = [], []
    for line in lines:
        part = np.isin(np.arange(n), line.cells).astype(float)
        rows.append(np.concatenate([part, part, -part]))
        totals.append(line.lower - part @ base)
    most = np.concatenate([np.eye(n), np.eye(n), -np.eye(n)], axis=1)
    found = linprog(
        costs, A_ub=most, b_ub=upper - base, A_eq=np.array(rows), b_eq=totals, bounds=bounds
    )
    return None if found.status else found.fun


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_rounding_is_as_near_as_linear_programming_finds(data):
    tenths = st.lists(st.integers(0, 40), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)
    start = np.array(data.draw(tenths)) / 10
    whole = np.array(data.draw(tenths)).reshape(ROWS, COLUMNS) // 8
    upper = np.full(ROWS * COLUMNS, data.draw(st.integers(5, 9)), dtype=np.int64)
    lines = lines_of(whole.sum(axis=1).tolist(), whole.sum(axis=0).tolist())
    network = build(np.zeros_like(upper), upper, lines, int(whole.sum()))
    found = route(network, start)
    assert not isinstance(found, Cut)
    assert [int(found[list(line.cells)].sum()) for line in lines] == [line.lower for line in lines]
    assert (found <= upper).all()
    assert (found >= 0).all()
    best = least_cost(start, upper, lines)
    assert best is not None
    assert cost_of(found, start) == pytest.approx(best, abs=1e-5)


def test_amounts_of_a_thousand_billion_stay_exact():
    rows, columns = [10**15 // 3, 10**15 - 10**15 // 3, 0], [10**15 - 7, 3, 4, 0]
    network = build(
        np.zeros(12, dtype=np.int64), np.full(12, 10**15), lines_of(rows, columns), 10**15
    )
    found = route(network, np.zeros(12))
    assert not isinstance(found, Cut)
    assert found.reshape(3, 4).sum(axis=1).tolist() == rows
    assert found.reshape(3, 4).sum(axis=0).tolist() == columns


def test_a_cut_shows_more_flowing_in_than_can_flow_out():
    upper = np.full(12, 2, dtype=np.int64)
    network = build(np.zeros(12, dtype=np.int64), upper, lines_of([9, 0, 0], [3, 2, 2, 2]), 9)
    found = route(network, np.zeros(12))
    assert isinstance(found, Cut)
    enters = ~found.inside[network.tails] & found.inside[network.heads]
    leaves = found.inside[network.tails] & ~found.inside[network.heads]
    assert network.lower[enters].sum() > network.upper[leaves].sum()


def test_three_families_of_sums_do_not_nest():
    diagonal = Line((0, 5, 10), 1, 1)
    with pytest.raises(Crossing):
        build(
            np.zeros(12, dtype=np.int64), np.full(12, 9), [*lines_of([1] * 3, [1] * 4), diagonal], 4
        )
