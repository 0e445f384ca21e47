"""Bounded proportional fitting against the classical method and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from saima.allocation.fitting import fit
from saima.allocation.network import Line

SEED = np.array([4.0, 1.0, 2.0, 3.0, 5.0, 1.0])  # two rows of three


def lines(rows, columns):
    return [
        *(Line((3 * i, 3 * i + 1, 3 * i + 2), n, n) for i, n in enumerate(rows)),
        *(Line((j, j + 3), n, n, False) for j, n in enumerate(columns)),
    ]


def classical(rows, columns):
    """Deming and Stephan: scale the rows, scale the columns, again."""
    table = SEED.reshape(2, 3).copy()
    for _ in range(500):
        table *= (np.array(rows) / table.sum(axis=1))[:, None]
        table *= np.array(columns) / table.sum(axis=0)
    return table.ravel()


def test_without_bounds_it_is_the_classical_method():
    rows, columns = [60, 40], [50, 30, 20]
    found = fit(SEED, np.zeros(6), np.full(6, 1e9), lines(rows, columns))
    assert found == pytest.approx(classical(rows, columns), abs=1e-3)


def test_with_bounds_it_is_the_table_of_least_relative_entropy():
    rows, columns = [60, 40], [50, 30, 20]
    low, high = np.array([0.0, 12, 0, 0, 0, 5]), np.array([35.0, 90, 90, 90, 16, 90])
    found = fit(SEED, low, high, lines(rows, columns))
    sums = [
        {"type": "eq", "fun": lambda x, line=line: x[list(line.cells)].sum() - line.lower}
        for line in lines(rows, columns)[:-1]
    ]
    best = minimize(
        lambda x: (x * np.log(x / SEED) - x).sum(),
        np.full(6, 17.0),
        bounds=list(zip(np.maximum(low, 1e-6), high)),
        constraints=sums,
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert best.success
    assert found == pytest.approx(best.x, abs=0.02)


def test_a_range_moves_a_sum_only_as_far_as_it_must():
    rows = [Line((0, 1, 2), 0, 6), Line((3, 4, 5), 0, 100)]
    found = fit(SEED, np.zeros(6), np.full(6, 1e9), rows)
    assert found[:3] == pytest.approx(SEED[:3] * 6 / 7)
    assert found[3:] == pytest.approx(SEED[3:])


def test_forced_cells_are_settled_at_once():
    """The first row can only be met at its bounds; the iteration alone would creep there."""
    high = np.array([30.0, 20, 10, 90, 90, 90])
    found = fit(SEED, np.zeros(6), high, lines([60, 40], [50, 30, 20]))
    assert found == pytest.approx([30, 20, 10, 20, 10, 10])


def test_a_sum_of_zero_empties_its_cells():
    found = fit(SEED, np.zeros(6), np.full(6, 1e9), lines([0, 40], [20, 15, 5]))
    assert found == pytest.approx([0, 0, 0, 20, 15, 5])
