"""A mark is explained from what it hangs on alone, as from the whole; what became another is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima.scoring import explain
from saima_web.base.clock import now
from saima_web.indicators.models import Assignment, Rulebook
from saima_web.people.models import User
from saima_web.reporting.models import Figure
from saima_web.scoring import actions, events, if_more, inputs
from saima_web.scoring.inputs import check, check_some, explanation, same_for
from saima_web.scoring.models import RunInput, ScoreRun
from saima_web.scoring.queries import scoring_of
from saima_web.site.jobs import JOBS
from tests.web.cast import PAST, RULEBOOK, House
from tests.web.dashboards.published import publish

AsUser = Callable[[User], Client]
PERIOD = "2026-09"
CHANGED = "按原记录重算的输入与当时不完全一致"
COMPARING = RULEBOOK.replace("version: 1", "version: 2").replace(
    "{indicator: investment, weight: 40, method: attainment, clause: 第三条}",
    "{indicator: investment, weight: 40, method: rank-decay, of: growth, among: all, "
    "when-missing: own-average, clause: 第三条}",
)


@pytest.fixture(autouse=True)
def _nothing_read_before() -> Iterator[None]:
    inputs._read.cache_clear()
    yield
    inputs._read.cache_clear()


def drafted(house: House, text: str = RULEBOOK) -> ScoreRun:
    """A run under the house's rulebook, or under another one that compares units."""
    if text != RULEBOOK:
        row = Rulebook.objects.get(campaign=house.campaign)
        row.pk, row.text, row.version, row.name = None, text, 2, "other"
        row.save()
        return actions.run(campaign=house.campaign, period=PERIOD, by=house.office, rulebook=row)
    return actions.run(campaign=house.campaign, period=PERIOD, by=house.office)


def years_ago(house: House) -> None:
    """Last year's investment, so that there is growth to be compared."""
    for n, code in enumerate(("E1", "E2", "C1")):
        for month in range(1, 10):
            Figure.objects.create(
                unit=house.units[code], indicator=house.indicators["investment"],
                period=f"2025-{month:02}", source="confirmed", value=str(500 + 100 * n),
                origin="history", recorded_at=PAST,
            )  # fmt: skip


def whole(run: ScoreRun, unit: str, indicator: str | None) -> str:
    return json.dumps(explain(scoring_of(run), PERIOD, unit, indicator))


def tamper(house: House, unit: str, indicator: str) -> None:
    """A figure of September changed past the platform."""
    rows = Figure.objects.filter(
        unit=house.units[unit], indicator=house.indicators[indicator], period=PERIOD
    )
    assert rows.update(value="901") == 2


@pytest.mark.parametrize("text", [RULEBOOK, COMPARING])
def test_every_explanation_is_that_of_the_whole_run(house: House, text: str) -> None:
    years_ago(house)
    for unit, weight in (("E1", "45"), ("E2", "")):
        Assignment.objects.create(
            campaign=house.campaign, indicator=house.indicators["revenue"],
            unit=house.units[unit], weight=weight,
        )  # fmt: skip
    events.record_event(
        campaign=house.campaign, by=house.office, kind="bonus", unit=house.units["E1"],
        name="典型经验推广", on="2026-09-10", basis="示例〔2026〕9号",
    )  # fmt: skip
    Figure.objects.filter(
        unit=house.units["C1"], indicator=house.indicators["investment"], period=PERIOD
    ).update(withdrawn=True)
    run = drafted(house, text)
    for unit in ("E1", "E2", "C1"):
        for indicator in ("revenue", "investment", None):
            assert json.dumps(explanation(run, unit, indicator)) == whole(run, unit, indicator)
            assert same_for(run, unit, indicator)


def test_mark_that_follows_the_average_of_a_units_own_is_explained_alone(house: House) -> None:
    years_ago(house)
    Figure.objects.filter(unit=house.units["C1"], indicator=house.indicators["investment"]).delete()
    run = drafted(house, COMPARING)
    found = explanation(run, "C1", "investment")
    assert found["marks"][0]["status"] == "own_average"
    assert json.dumps(found) == whole(run, "C1", "investment")


def test_an_explanation_reads_the_figures_of_its_mark_only(house: House) -> None:
    run = drafted(house)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        explanation(run, "E1", "revenue")
        same_for(run, "E1", "revenue")
    assert len(asked) <= 24
    part = inputs._part(run, "E1", "revenue")
    assert part is not None
    tables = part.marking.cube.tables
    assert set(tables.facts["unit"]) == {"E1"}
    assert set(tables.facts["indicator"]) == {"revenue"}
    assert set(tables.targets["unit"]) == {"E1"}
    with CaptureQueriesContext(connection) as again:
        explanation(run, "E1", "revenue")
        same_for(run, "E1", "revenue")
    assert len(again) <= 1


def test_mark_that_compares_reads_one_indicator_of_all_units_once(house: House) -> None:
    years_ago(house)
    run = drafted(house, COMPARING)
    explanation(run, "E1", "investment")
    with CaptureQueriesContext(connection) as asked:
        found = explanation(run, "E2", "investment")
    assert len(asked) <= 1  # the run, to tell what the mark hangs on
    assert found["unit"] == "E2"
    part = inputs._part(run, "E2", "investment")
    assert part is not None
    assert set(part.marking.cube.tables.facts["unit"]) == {"E1", "E2", "C1"}
    assert set(part.marking.cube.tables.facts["indicator"]) == {"investment"}


def test_changed_figure_is_told_where_it_goes_in_and_everywhere_after_the_nightly_check(
    house: House, as_user: AsUser
) -> None:
    run = publish(house, PERIOD)[0]
    tamper(house, "E1", "revenue")
    office = as_user(house.office)

    def told(path: str) -> bool:
        return CHANGED in office.get(f"/c/race/why/{PERIOD}/{path}").content.decode()

    assert [told("E1/revenue/"), told("E1/"), told("E2/revenue/")] == [True, True, False]
    assert check_some() == (1, 1)
    assert told("E2/revenue/")
    kept = RunInput.objects.get(run=run)
    assert kept.found != run.input_digest


def test_lost_figure_of_another_unit_is_told_where_units_are_compared(house: House) -> None:
    years_ago(house)
    run = drafted(house, COMPARING)
    Figure.objects.filter(
        unit=house.units["E2"], indicator=house.indicators["investment"], period="2025-03"
    ).delete()
    assert not same_for(run, "E1", "investment")
    assert same_for(run, "E1", "revenue")


def test_figures_recorded_after_the_run_change_nothing(house: House) -> None:
    run = publish(house, PERIOD)[0]
    Figure.objects.create(
        unit=house.units["E1"], indicator=house.indicators["revenue"], period=PERIOD,
        source="confirmed", value="1500", recorded_at=now(),
    )  # fmt: skip
    assert same_for(run, "E1", "revenue")
    assert explanation(run, "E1", "revenue")["marks"][0]["marks"] == 40.5
    assert check_some() == (1, 0)


def test_run_made_before_inputs_were_kept_is_explained_and_kept_by_the_check(house: House) -> None:
    run = publish(house, PERIOD)[0]
    RunInput.objects.filter(run=run).delete()
    run = ScoreRun.objects.create(
        **{
            f.attname: getattr(run, f.attname)
            for f in ScoreRun._meta.concrete_fields
            if f.name not in ("id", "made_at")
        },
        made_at=now(),
    )
    assert inputs._part(run, "E1", "revenue") is None
    assert explanation(run, "E1", "revenue")["marks"][0]["marks"] == 40.5
    assert same_for(run, "E1", "revenue")
    assert check(run)
    assert inputs._part(run, "E1", "revenue") is not None
    assert json.dumps(explanation(run, "E1", "revenue")) == whole(run, "E1", "revenue")


def test_kept_digests_of_another_campaign_are_not_taken_for_the_runs_own(house: House) -> None:
    run = drafted(house)
    RunInput.objects.filter(run=run).update(cells=b"12345678")
    assert not same_for(run, "E1", "revenue")
    assert explanation(run, "E1", "revenue")["marks"][0]["marks"] == 40.5


def test_score_of_many_marks_that_compare_is_explained_from_the_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    years_ago(house)
    run = drafted(house, COMPARING)
    assert inputs._part(run, "E1", None) is not None
    monkeypatch.setattr(inputs, "MANY", 0)
    assert inputs._part(run, "E1", None) is None
    assert inputs._part(run, "E1", "revenue") is not None
    assert json.dumps(explanation(run, "E1")) == whole(run, "E1", None)
    assert same_for(run, "E1")


def test_what_more_would_bring_is_that_of_the_whole_run(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    years_ago(house)
    run = drafted(house)
    cells = [(u, i) for u in ("E1", "E2", "C1") for i in ("revenue", "investment")]
    alone = [if_more.lines(run, *cell) for cell in cells]
    assert inputs.unit_scoring(run, "E1")[1] is not None
    monkeypatch.setattr(if_more, "unit_scoring", lambda run, _unit: (scoring_of(run), None))
    assert alone == [if_more.lines(run, *cell) for cell in cells]
    assert any(line.moved for lines in alone for line in lines)


def test_what_more_would_bring_reads_the_whole_where_units_are_compared(house: House) -> None:
    years_ago(house)
    run = drafted(house, COMPARING)
    assert inputs.unit_scoring(run, "E1") == (scoring_of(run), None)


def test_what_a_run_does_not_score_is_not_found(house: House, as_user: AsUser) -> None:
    run = publish(house, PERIOD)[0]
    with pytest.raises(KeyError):
        explanation(run, "E1", "nothing")
    with pytest.raises(KeyError):
        explanation(run, "nobody", "revenue")
    office = as_user(house.office)
    house.indicators["revenue"].pk = None
    house.indicators["revenue"].code = "unscored"
    house.indicators["revenue"].save()
    for path in ("E1/unscored/", "D1/revenue/", "E1/unscored/?export=json"):
        assert office.get(f"/c/race/why/{PERIOD}/{path}").status_code == 404


def test_nightly_check_says_what_it_found(house: House) -> None:
    work = JOBS["scoring.check-inputs"].work
    assert work() == "重读0次计分的全部输入，与当时一致"
    publish(house, PERIOD)
    assert work() == "重读1次计分的全部输入，与当时一致"
    tamper(house, "E1", "revenue")
    assert work() == "重读1次计分的全部输入，1次与当时不一致"


def test_nightly_check_reads_those_again_that_waited_longest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "NIGHTLY", 1)
    first, second = publish(house, "2026-08", PERIOD)
    before = RunInput.objects.get(run=second).checked_at
    assert check_some() == (1, 0)
    assert RunInput.objects.get(run=second).checked_at == before
    assert RunInput.objects.get(run=first).checked_at > before
    assert check_some() == (1, 0)
    assert RunInput.objects.get(run=second).checked_at > before
