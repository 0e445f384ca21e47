"""The life of a run: drafted, checked, approved, published, corrected; who may do and see what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import msgspec
import numpy as np
import pytest
from django.test import Client

from saima.problems import Refused
from saima.scoring import result, score
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import now
from saima_web.indicators.queries import parsed
from saima_web.reporting.models import Figure
from saima_web.scoring import actions, events
from saima_web.scoring.models import Appeal, ScoreRun, SheetCheck
from saima_web.scoring.queries import (
    difference,
    latest_published,
    published_periods,
    result_of,
    scoring_of,
    still_the_same,
)
from saima_web.scoring.tables import tables_of
from saima_web.scoring.what_if import effect
from tests.web.cast import House

AsUser = Callable[..., Client]
PERIOD = "2026-09"


def draft(house: House, **options: object) -> ScoreRun:
    return actions.run(campaign=house.campaign, period=PERIOD, by=house.office, **options)  # type: ignore[arg-type]


def published(house: House, **options: object) -> ScoreRun:
    run = actions.send_for_checking(run=draft(house, **options), by=house.office)
    run = actions.close_checking(run=run, by=house.office)
    run = actions.approve(run=run, by=house.leader, note="同意")
    return actions.publish(run=run, by=house.office)


def correct_a_figure(house: House, value: str = "1500") -> None:
    Figure.objects.create(
        unit=house.units["E2"], indicator=house.indicators["revenue"], period=PERIOD,
        source="confirmed", value=value, recorded_at=now(),
    )  # fmt: skip


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda e: e.problem.code == code)


def test_run_is_published_after_checking_and_approval(house: House) -> None:
    run = published(house)
    assert (run.state, run.version, run.approved_by) == ("published", 1, house.leader)
    assert {s.unit.code: s.rank for s in run.standings.all()} == {"E1": 1, "E2": 2, "C1": 1}
    told = list(LedgerEntry.objects.values_list("event", flat=True))
    assert told == ["run.made", "run.sent", "run.checked", "run.approved", "run.published"]


def test_clerk_cannot_run_and_leader_cannot_publish(house: House) -> None:
    with refused("not-allowed"):
        actions.run(campaign=house.campaign, period=PERIOD, by=house.clerk)
    run = actions.close_checking(
        run=actions.send_for_checking(run=draft(house), by=house.office), by=house.office
    )
    run = actions.approve(run=run, by=house.leader)
    with refused("not-allowed"):
        actions.publish(run=run, by=house.leader)


def test_maker_cannot_approve_own_run_even_as_leader(house: House) -> None:
    house.leader.posts.create(role="office", campaign=house.campaign)
    run = actions.run(campaign=house.campaign, period=PERIOD, by=house.leader)
    run = actions.send_for_checking(run=run, by=house.office)
    run = actions.close_checking(run=run, by=house.office)
    with refused("maker-approves"):
        actions.approve(run=run, by=house.leader)
    with refused("not-allowed"):
        actions.approve(run=run, by=house.office)


def test_unapproved_run_cannot_be_published(house: House) -> None:
    run = draft(house)
    with refused("not-now"):
        actions.publish(run=run, by=house.office)
    run = actions.send_for_checking(run=run, by=house.office)
    with refused("not-now"):
        actions.publish(run=run, by=house.office)
    run.refresh_from_db()
    assert run.state == "checking"


def test_provisional_and_comparison_runs_never_reach_publication(house: House) -> None:
    book = house.campaign.rulebooks.get()
    for run in (draft(house, provisional=True), draft(house, rulebook=book)):
        with refused("run-not-for-publication"):
            actions.send_for_checking(run=run, by=house.office)


def test_month_without_figures_is_refused(house: House) -> None:
    with refused("nothing-to-score"):
        actions.run(campaign=house.campaign, period="2026-11", by=house.office)


def test_correction_needs_a_reason_and_leaves_the_published_rows_as_they_were(
    house: House,
) -> None:
    first = published(house)
    kept = ScoreRun.objects.filter(pk=first.pk).values().get()
    standings = list(first.standings.order_by("pk").values())
    correct_a_figure(house)
    with refused("correction-reason-needed"):
        actions.send_for_checking(run=draft(house), by=house.office)
    second = published(house, reason="澄江置业9月营业收入核定有误")
    assert (second.version, second.corrects) == (2, first)
    after = ScoreRun.objects.filter(pk=first.pk).values().get()
    assert after.pop("state") == "superseded"
    assert kept.pop("state") == "published"
    assert after == kept
    assert list(first.standings.order_by("pk").values()) == standings


def test_correction_shows_who_changed_marks_and_places(house: House) -> None:
    first = published(house)
    correct_a_figure(house)
    rows = difference(first, published(house, reason="核定有误"))
    # E2: revenue to date 9000 -> 9500, 60 x 9500/12000 = 47.5
    changed = {r["unit"]: r for r in rows}
    assert changed["E2"]["marks"] == [{"name": "营业收入", "was": 45.0, "now": 47.5}]
    assert (changed["E2"]["rank_was"], changed["E2"]["rank"]) == (2, 1)
    assert (changed["E1"]["rank_was"], changed["E1"]["rank"]) == (1, 2)
    assert "C1" not in changed


def test_run_again_from_its_pins_is_the_same_to_the_last_digit(house: House) -> None:
    run = published(house)
    correct_a_figure(house)
    events.record_event(
        campaign=house.campaign, by=house.office, kind="bonus", unit=house.units["E1"],
        name="典型经验推广", on="2026-09-10", basis="示例〔2026〕9号",
    )  # fmt: skip
    run.refresh_from_db()
    book = parsed(run.rulebook.text)[0]
    assert book is not None
    again = result(
        score(tables_of(run.campaign, run.as_of), book), PERIOD, as_of=run.as_of.isoformat()
    )
    assert json.loads(msgspec.json.encode(again)) == run.result
    assert still_the_same(run)


def test_earlier_moment_gives_the_earlier_figures(house: House) -> None:
    correct_a_figure(house)
    before = now() - timedelta(minutes=5)
    run = draft(house, as_of=before)
    assert {u.unit: u.score for u in result_of(run).units}["E2"] == 69.0
    assert {u.unit: u.score for u in result_of(draft(house)).units}["E2"] == 71.5


def test_trial_month_is_marked_and_does_not_count(house: House) -> None:
    house.campaign.trial_periods = [PERIOD]
    house.campaign.save()
    run = published(house)
    assert run.trial
    assert published_periods(house.campaign) == []
    assert latest_published(house.campaign) is None


def test_one_changed_figure_shows_its_effect_and_saves_nothing(
    house: House, as_user: AsUser
) -> None:
    run = draft(house)
    count = Figure.objects.count()
    found = effect(run, "E2", "revenue", Decimal(1500))
    assert found is not None
    assert (found.mark_was, found.mark, found.score) == (45.0, 47.5, 71.5)
    assert {r["name"]: r["rank"] for r in found.rows}["示例澄江置业公司"] == 1
    page = as_user(house.office).get(
        f"/c/race/scores/{run.pk}/if/?unit=E2&indicator=revenue&value=1500"
    )
    assert "47.50" in page.content.decode()
    assert Figure.objects.count() == count
    assert float(np.nanmax(scoring_of(run).score)) == 70.5


def test_unit_sees_and_answers_only_its_own_sheet(house: House, as_user: AsUser) -> None:
    run = draft(house)
    mine, theirs = (f"/c/race/scores/{run.pk}/sheets/{u}/" for u in ("E1", "E2"))
    clerk = as_user(house.clerk)
    assert clerk.get(mine).status_code == 403  # not sent yet
    actions.send_for_checking(run=run, by=house.office)
    assert "无异议" in clerk.get(mine).content.decode()
    assert clerk.get(theirs).status_code == 403
    own = SheetCheck.objects.get(run=run, unit__code="E1")
    other = SheetCheck.objects.get(run=run, unit__code="E2")
    clerk.post(mine + "answer/", {"agreed": "0", "note": "9月收入应为950"})
    own.refresh_from_db()
    assert (own.state, own.answered_by) == ("disputed", house.clerk)
    assert clerk.post(theirs + "answer/", {"agreed": "1"}).status_code == 403
    other.refresh_from_db()
    assert other.state == "sent"


def test_dispute_needs_words_and_ends_with_the_checking(house: House) -> None:
    run = actions.send_for_checking(run=draft(house), by=house.office)
    check = run.checks.get(unit__code="E1")
    with refused("check-needs-note"):
        actions.answer_check(check=check, agreed=False, note=" ", by=house.clerk)
    actions.close_checking(run=run, by=house.office)
    with refused("check-closed"):
        actions.answer_check(check=check, agreed=True, note="", by=house.clerk)


def test_viewer_and_clerk_see_no_draft(house: House, as_user: AsUser) -> None:
    run = draft(house)
    for person in (house.viewer, house.clerk, house.owner):
        client = as_user(person)
        assert client.get("/c/race/scores/").status_code == 403
        assert client.get(f"/c/race/scores/{run.pk}/").status_code == 403
        assert client.get(f"/c/race/why/{PERIOD}/E1/revenue/").status_code == 404
        assert client.get(f"/c/race/why/{PERIOD}/E1/revenue/?run={run.pk}").status_code == 404
    assert as_user(house.leader).get(f"/c/race/scores/{run.pk}/").status_code == 200


def test_pages_of_a_run_lead_from_draft_to_publication(house: House, as_user: AsUser) -> None:
    office, leader = as_user(house.office), as_user(house.leader)
    made = office.post("/c/race/scores/make/", {"period": PERIOD})
    at = made["Location"]
    page = office.get(at).content.decode()
    assert "送各单位核对" in page
    assert "审定这份排名" not in page
    office.post(at + "step/", {"event": "send"})
    office.post(at + "step/", {"event": "close"})
    assert "审定这份排名" in leader.get(at).content.decode()
    assert office.post(at + "step/", {"event": "approve"}).status_code == 403
    leader.post(at + "step/", {"event": "approve", "note": "同意"})
    office.post(at + "step/", {"event": "publish"})
    assert "已公布第1版" in office.get(at).content.decode()
    assert "已公布第1版" in office.get("/c/race/scores/").content.decode()
    assert office.post(at + "step/", {"event": "drop"}).status_code == 409


def test_a_figure_far_from_the_usual_is_pointed_out(house: House, as_user: AsUser) -> None:
    correct_a_figure(house, "9000")
    run = draft(house)
    page = as_user(house.office).get(f"/c/race/scores/{run.pk}/").content.decode()
    assert "本期9,000万元，以往通常1,000万元" in page
    assert page.count("以往通常") == 1


def test_schemes_stand_side_by_side(house: House, as_user: AsUser) -> None:
    page = as_user(house.office).get(f"/c/race/scores/compare/{PERIOD}/").content.decode()
    assert "70.50" in page
    assert "只供对照" in page
    assert as_user(house.clerk).get(f"/c/race/scores/compare/{PERIOD}/").status_code == 403


# --- events and appeals ---------------------------------------------------------------------------


def test_event_without_basis_is_refused_and_with_one_it_scores(
    house: House, as_user: AsUser
) -> None:
    form = {"kind": "bonus", "unit": house.units["E2"].pk, "name": "典型经验推广",
            "on": "2026-09-10", "count": "2", "basis": ""}  # fmt: skip
    office = as_user(house.office)
    office.post("/c/race/events/", form)
    assert house.campaign.events.count() == 0
    assert as_user(house.clerk).post("/c/race/events/", form).status_code == 403
    office.post("/c/race/events/", form | {"basis": "示例〔2026〕9号"})
    assert result_of(draft(house)).units[1].score == 71.0
    event = house.campaign.events.get()
    office.post(f"/c/race/events/{event.pk}/withdraw/", {"reason": ""})
    event.refresh_from_db()
    assert event.withdrawn_at is None
    office.post(f"/c/race/events/{event.pk}/withdraw/", {"reason": "登记错单位"})
    assert result_of(draft(house)).units[1].score == 69.0


def test_appeal_is_raised_upheld_and_answered_by_a_new_version(
    house: House, as_user: AsUser
) -> None:
    run = published(house)
    head, office = as_user(house.other_head), as_user(house.office)
    assert "提出申诉" in head.get(f"/c/race/why/{PERIOD}/E2/revenue/").content.decode()
    head.post(
        f"/c/race/scores/{run.pk}/sheets/E2/appeal/", {"indicator": "revenue", "grounds": "少记500"}
    )
    appeal = Appeal.objects.get()
    assert (
        office.post(f"/c/race/appeals/{appeal.pk}/decide/", {"event": "uphold"}).status_code == 409
    )
    answer = {"event": "uphold", "decision": "核对凭证属实"}
    assert head.post(f"/c/race/appeals/{appeal.pk}/decide/", answer).status_code == 403
    office.post(f"/c/race/appeals/{appeal.pk}/decide/", answer)
    appeal.refresh_from_db()
    assert appeal.state == "upheld"
    correct_a_figure(house)
    published(house, reason="申诉采纳")
    assert "第2版" in head.get("/c/race/appeals/").content.decode()


def test_appeal_of_another_unit_is_neither_raised_nor_seen(house: House, as_user: AsUser) -> None:
    run = published(house)
    events.raise_appeal(
        run=run, unit=house.units["E2"], indicator=None, grounds="澄江理由", by=house.other_head
    )
    head = as_user(house.head)
    assert "澄江理由" not in head.get("/c/race/appeals/").content.decode()
    assert (
        head.post(f"/c/race/scores/{run.pk}/sheets/E2/appeal/", {"grounds": "x"}).status_code == 403
    )
    assert "澄江理由" in as_user(house.leader).get("/c/race/appeals/").content.decode()


def test_draft_cannot_be_appealed(house: House) -> None:
    with refused("appeal-before-publication"):
        events.raise_appeal(
            run=draft(house), unit=house.units["E1"], indicator=None, grounds="早了", by=house.head
        )


# --- why ------------------------------------------------------------------------------------------


def test_explanation_leads_from_the_mark_to_the_figures(house: House, as_user: AsUser) -> None:
    published(house)
    page = as_user(house.clerk).get(f"/c/race/why/{PERIOD}/E1/revenue/").content.decode()
    assert "栖湖文旅营业收入得40.50分" in page
    assert "第二条第一款" in page
    assert "8,100" in page
    assert "主要领导" in page  # approved the target
    data = as_user(house.clerk).get(f"/c/race/why/{PERIOD}/E1/revenue/?export=json").json()
    assert data["steps"]["value"] == 40.5


def test_others_see_the_mark_but_neither_trace_nor_figures(house: House, as_user: AsUser) -> None:
    published(house)
    for person in (house.other_clerk, house.viewer, house.other_owner):
        client = as_user(person)
        page = client.get(f"/c/race/why/{PERIOD}/E1/revenue/").content.decode()
        assert "40.50" in page
        assert "8,100" not in page
        answer = client.get(f"/c/race/why/{PERIOD}/E1/revenue/?export=json")
        assert answer.status_code == 403
    page = as_user(house.owner).get(f"/c/race/why/{PERIOD}/E1/").content.decode()
    assert "8,100" not in page  # one owned indicator does not open the whole score
    assert "8,100" in as_user(house.owner).get(f"/c/race/why/{PERIOD}/E1/revenue/").content.decode()
