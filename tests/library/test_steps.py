"""A number that remembers gives the same value as the arrays, and its steps recompute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.steps import (
    Num,
    apply,
    clip,
    floor,
    interpolate,
    lookup,
    rounded,
    step_of,
    total,
    unless,
    where,
)
from saima.steps import given as figure
from tests.support.verifier import verify

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def worked(x: Num, y: Num) -> Num:
    ratio = clip(x / (y * y + 1.0), -0.5, 1.2)
    bent = interpolate(ratio, [(-0.5, 0.0), (0.0, 0.6), (1.2, 1.1)], 20.0)
    banded = lookup(ratio, [0.0, 0.8, 1.0], [1.0, 3.0, 5.0], 0.0)
    chosen = where(ratio >= 0.3, bent + banded, -bent)
    return rounded(total([chosen, floor(y), apply("absolute", x), 2.0 - ratio]), 2)


@given(numbers, numbers)
def test_a_traced_cell_equals_the_array_and_every_step_recomputes(x, y):
    array = worked(Num(np.array([x, 1.0])), Num(np.array([y, 2.0])))
    cell = worked(figure(x, "甲"), figure(y, "乙"))
    assert float(cell.value) == array.value[0]
    assert array.step is None
    assert verify(step_of(cell).as_data()) == []


@given(numbers, numbers)
def test_a_tampered_trace_is_found(x, y):
    trace = step_of(worked(figure(x, "甲"), figure(y, "乙"))).as_data()
    trace["of"][0]["value"] += 1.0
    assert verify(trace)


def test_division_by_zero_is_no_number_instead_of_infinite():
    assert np.isnan((Num(3.0) / Num(0.0)).value)


def test_a_failed_precondition_takes_the_other_value_and_leaves_no_test_in_the_trace():
    ordinary, other = figure(2.0, "平常"), figure(5.0, "例外")
    assert unless(Num(0.0), ordinary, other).step.label == "平常"
    assert unless(Num(1.0), ordinary, other).step.label == "例外"


@pytest.mark.parametrize(("x", "y"), [(0.7999999999999999, 3.0), (0.8, 3.0), (0.79, 1.0)])
def test_band_edges_belong_to_the_upper_band_after_settling(x, y):
    assert float(lookup(Num(x), [0.0, 0.8], [1.0, 3.0], 0.0).value) == y
