"""Rules of the same shapes with other numbers need no new code: generated ones, mixed, all work."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from saima.rules import methods
from saima.rules.cases import Marked
from saima.rules.checking import check
from saima.rules.comparing import compare
from saima.rules.given import Figures
from saima.rules.reading import read_rulebook
from saima.rules.rulebook import Leaf, Node, Rounding, Rulebook
from saima.rules.showing import show
from saima.rules.writing import write_rulebook
from tests.library.rules.shapes import EVENTS, LEVELS, OTHERS, SETTINGS, leaves, numbers, rulebooks

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def amounts(low=-20, high=200):
    return st.one_of(st.none(), numbers(low, high, 1), st.just(0))


@st.composite
def figures(draw, count=4, direction=None):
    """What a case could give for some units of two tracks, with gaps, zeros and losses."""
    units = {
        f"示例{i}": {
            "actual": draw(amounts()), "target": draw(amounts()), "last-year": draw(amounts()),
            "plan": draw(amounts(0)), "opening": draw(amounts(0)), "difficulty": draw(numbers(0.8, 1.2)),
            "track": draw(st.sampled_from(["甲", "乙"])), "grade": draw(st.sampled_from(LEVELS)),
            "events": {e: draw(st.integers(0, 4)) for e in EVENTS},
            "others": {**{o: draw(amounts(0)) for o in OTHERS}, "x": {"attainment": draw(numbers(0, 2))}},
        }
        for i in range(count)
    }  # fmt: skip
    kinds = ["more", "less", "centred", "clear-to-zero"]
    return {"units": units, "period": "2026-09", "direction": direction or draw(st.sampled_from(kinds)),
              "regions": {f"示例{i}区": draw(numbers(0, 2)) for i in range(3)}}  # fmt: skip


def no_case(part, _=()):
    raise AssertionError(part)


def marked(leaf, given_, places=None):
    rulebook = Rulebook(rulebook="r", name="r", rounding=Rounding(marks=places))
    return Marked(Node(category="c"), leaf, Figures.of(given_, no_case), rulebook)


def test_generator_knows_every_method():
    assert set(SETTINGS) == set(methods.names())


@quick
@given(rulebooks())
def test_what_is_written_is_read_back(rulebook):
    text = write_rulebook(rulebook)
    read, problems = read_rulebook(text, "x")
    assert [p.text() for p in problems] == [], text
    assert read == rulebook
    assert read.digest == rulebook.digest


@quick
@given(rulebooks(), rulebooks())
def test_comparing_is_silent_exactly_when_nothing_changed(old, new):
    assert compare(old, old) == []
    assert (compare(old, new) == []) == (old.digest == new.digest)


@quick
@given(rulebooks())
def test_one_changed_weight_is_one_sentence(old):
    node, *rest = old.tree
    leaf = msgspec.structs.replace(node.indicators[0], weight=node.indicators[0].weight + 1)
    changed = msgspec.structs.replace(node, indicators=(leaf, *node.indicators[1:]))
    said = compare(old, msgspec.structs.replace(old, tree=(changed, *rest)))
    assert len(said) == 1
    assert "分值由" in said[0]


@quick
@given(rulebooks())
def test_every_shape_prints_as_a_scheme_and_can_be_checked(rulebook):
    text = show(
        rulebook, {leaf.indicator: f"指标{leaf.indicator}" for _, leaf in rulebook.leaves()}
    )
    for _, leaf in rulebook.leaves():
        assert f"指标{leaf.indicator}（" in text
    assert all(p.text("zh") and p.text("en") for p in check(rulebook))


@pytest.mark.parametrize("name", methods.names())
def test_traced_unit_equals_the_array_and_recomputes(name, recompute):
    @settings(max_examples=10, deadline=None)
    @given(leaves(names=(name,)), figures(), st.sampled_from([None, 2]))
    def holds(leaf, given_, places):
        mark = marked(leaf, given_, places)
        for unit in range(len(mark.value)):
            traced = mark.trace(unit)
            assert np.array_equal(traced.value, mark.value[unit], equal_nan=True)
            if traced.step is not None:
                recompute(traced.step)
            for language in ("zh", "en"):
                assert bool(mark.sentence(unit, language)) == (not np.isnan(mark.value[unit]))

    holds()


@quick
@given(leaves(), figures(), st.permutations(range(4)))
def test_order_of_units_never_matters(leaf, given_, order):
    names = list(given_["units"])
    shuffled = {**given_, "units": {names[i]: given_["units"][names[i]] for i in order}}
    there, here = marked(leaf, shuffled).value, marked(leaf, given_).value
    assert there == pytest.approx(here[list(order)], nan_ok=True)


BOUNDED = ("attainment", "rank-decay", "ratio-to-best", "five-band", "pace")


@quick
@given(leaves(names=BOUNDED), figures(direction="more"))
def test_marks_stay_within_their_bounds(leaf, given_):
    leaf = msgspec.structs.replace(leaf, difficulty="none", limit=None, cap=1.2, floor=0.0)
    value = marked(leaf, given_).value
    known = value[~np.isnan(value)]
    assert (known >= 0).all()
    assert (known <= 1.2 * leaf.weight + 1e-9).all()


RISING = ("attainment", "pace", "rank-decay", "efficacy", "all-or-nothing", "growth-and-level")


@quick
@given(st.data())
def test_doing_better_never_earns_less(data):
    leaf = data.draw(leaves(names=RISING))
    plain = {"growth-and-level": {}, "pace": {}}.get(leaf.method, {"of": "actual"})
    if leaf.method == "attainment":
        plain = {"of": "attainment"}
    if leaf.method == "all-or-nothing":
        plain |= {"test": "at-least", "than": 50.0, "marks": "full", "otherwise": 0.0}
    if leaf.method == "efficacy":
        plain |= {"when_equal": "full", "scale": 1.0 - leaf.settings.base}
    chosen = msgspec.structs.replace(leaf.settings, **plain)
    assume(not (leaf.method == "efficacy" and getattr(chosen.range, "satisfactory", 1) < 0))
    leaf = Leaf(indicator="x", weight=leaf.weight, method=leaf.method, settings=chosen)
    given_ = data.draw(figures(direction="more"))
    for unit in given_["units"].values():
        unit |= {"actual": unit["actual"] or 1.0, "target": 100, "last-year": 50}
    first = next(iter(given_["units"].values()))
    before = marked(leaf, given_).value[0]
    first["actual"] = first["actual"] + data.draw(numbers(0, 50))
    after = marked(leaf, given_).value[0]
    assert np.isnan(before) or after >= before - 1e-9
