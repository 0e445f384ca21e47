"""Every score and mark re-derives from its exported trace alone, by a verifier that shares no code."""

import json

import pytest

from saima.scoring import explain, result
from saima.scoring.engine import score
from saima.scoring.equations import equation, value_text
from tests.support.generated import seeded
from tests.support.verifier import verify


def leaves(step):
    """The steps of a trace that are an indicator's mark."""
    if "indicator" in step.get("detail", {}):
        yield step
        return
    for child in step.get("of", []):
        yield from leaves(child)


def scored(scoring):
    """Every period and unit that has a score, with that score."""
    for s, period in enumerate(scoring.cube.scored):
        for u, unit in enumerate(scoring.cube.campaign.units):
            if scoring.field.valid[u, s]:
                yield period.text, unit.code, scoring.score[u, s]


@pytest.mark.parametrize("seed", range(40))
def test_all_scores_of_a_campaign_re_derive_from_their_traces(seed):
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    for period, unit, stated in scored(scoring):
        data = json.loads(json.dumps(explain(scoring, period, unit)))
        assert verify(data["steps"]) == []
        printed = data["steps"]["value"]
        assert printed == stated or (printed is None and stated != stated) or _nothing(data)


def _nothing(data):
    """A unit with nothing that counts has no score; its trace is an empty sum."""
    return all(mark["marks"] is None for mark in data["marks"])


@pytest.mark.parametrize("seed", range(10))
def test_the_trace_of_one_indicator_ends_in_its_mark(seed):
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    if not scoring.cube.scored:
        with pytest.raises(KeyError):
            result(scoring)
        return
    found = result(scoring)
    for unit in found.units:
        for code in {m.indicator for m in unit.marks}:
            data = explain(scoring, found.period, unit.unit, code)
            assert verify(data["steps"]) == []
            marks = [m.marks for m in unit.marks if m.indicator == code and m.status != "left_out"]
            if marks:
                assert data["steps"]["value"] == pytest.approx(sum(marks), abs=1e-12)


def test_an_unknown_indicator_or_period_is_a_key_error():
    case = seeded(1)
    scoring = score(case.tables, case.rulebook)
    unit = case.campaign.units[0].code
    with pytest.raises(KeyError):
        explain(scoring, scoring.cube.scored[0].text, unit, "nothing")
    with pytest.raises(KeyError):
        explain(scoring, "1999-01", unit)


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_a_score_told_down_to_its_marks_says_the_same_of_them(seed):
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    for period, unit, _stated in scored(scoring):
        whole, brief = (explain(scoring, period, unit, deep=deep) for deep in (True, False))
        assert [_said(x) for x in leaves(whole["steps"])] == [
            _said(x) for x in leaves(brief["steps"])
        ]
        for language in ("zh", "en"):
            told = [equation(x["steps"], to_marks=True, language=language) for x in (whole, brief)]
            assert told[0] == told[1]
        assert {**whole, "steps": 0} == {**brief, "steps": 0}
        assert len(json.dumps(brief["steps"])) <= len(json.dumps(whole["steps"]))


def _said(mark):
    known = mark["detail"]
    return mark["value"], mark["label"], known["indicator"], known.get("clause"), value_text(mark)
