"""四舍五入 equals the decimal arithmetic of Python's own library on the printed number."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from saima import rounding
from saima.rounding import half_up, number, round_computed, settle, text

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)


def by_decimal(value: float, places: int) -> float:
    with localcontext() as context:
        context.prec = 400
        printed = Decimal(repr(value))
        return float(printed.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@given(finite, st.integers(0, 3))
@example(1.005, 2)
@example(87.365, 2)
@example(2.5, 0)
@example(-2.5, 0)
@example(0.49999999999999994, 0)
def test_half_up_equals_decimal_half_up_on_the_printed_number(value, places):
    assert float(half_up(value, places)) == by_decimal(value, places)


@given(st.lists(finite, min_size=1, max_size=20), st.integers(0, 4))
def test_arrays_round_as_their_elements_do(values, places):
    assert half_up(np.array(values), places).tolist() == [float(half_up(v, places)) for v in values]


@given(finite, st.integers(0, 4))
def test_the_scalar_path_equals_the_array_path(value, places):
    assert number(value, places) == float(round_computed(value, places))


@given(finite, st.integers(0, 4))
@example(-0.001, 2)
def test_printed_text_is_the_rounded_number(value, places):
    assert text(value, places) == f"{number(value, places) + 0.0:.{places}f}"


def test_binary_noise_is_settled_before_rounding():
    noisy = 17.345 - 5e-15
    assert repr(noisy) != "17.345"
    assert float(settle(noisy)) == 17.345
    assert number(noisy, 2) == 17.35


def test_noise_on_large_amounts_is_settled_too():
    total = sum([103151.475] * 10)
    assert repr(total) != "1031514.75"
    assert text(total, 1) == "1031514.8"
    assert float(round_computed(total, 1)) == 1031514.8


@given(st.floats(-1e13, 1e13))
def test_settling_keeps_fifteen_significant_digits(value):
    assert abs(float(settle(value)) - value) <= max(5.1e-10, abs(value) * 5.6e-15)


def test_nan_and_infinity_pass_through():
    assert np.isnan(half_up(np.nan, 2))
    assert float(half_up(np.inf, 2)) == np.inf


@given(st.floats(-1e16, 1e16))
@example(9.5e6 + 1e-8)
def test_settling_a_scalar_equals_settling_an_array(value):
    assert rounding._settled(value) == float(settle(value))


def test_text_without_places_is_as_short_as_the_number():
    assert text(12.5) == "12.5"
    assert text(1234567.0, grouped=True) == "1,234,567"
    assert text(-0.0) == "0"
