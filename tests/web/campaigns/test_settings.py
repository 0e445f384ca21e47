"""Settings of a campaign: who may change them, what stays, and what stands in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from saima.problems import Refused
from saima.scoring import result, score
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.campaigns import actions
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.campaigns.queries import active_members, library_units, members
from saima_web.indicators.queries import parsed
from saima_web.people.models import Unit, User
from saima_web.scoring.tables import tables_of
from tests.web.cast import RULEBOOK, House

AsUser = Callable[[User], Client]
PAGES = ("", "documents/", "members/", "tracks/new/", "dates/", "days/", "days/?year=2035")
SETTINGS = {
    "name": "新名称", "organisation": "示例集团", "clock_kind": "natural_year", "start": "2026-01-01",
    "end": "2026-12-31", "scores": "month", "counts": "official,confirmed", "report_day": "6",
    "confirm_day": "10", "explain_from": "3", "sprint_start": "2026-09-23", "sprint_end": "2026-12-31",
    "trial_periods": ["2026-01", "2026-02"], "joined": "on",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("who", "status"), [("office", 200), ("admin", 200), ("clerk", 403),
                                             ("leader", 403), ("stranger", 404)])  # fmt: skip
def test_settings_open_to_office_and_administrator_alone(
    house: House, as_user: AsUser, page: str, who: str, status: int
) -> None:
    client = as_user(house.people[who])
    assert client.get(f"/c/race/settings/{page}").status_code == status


def test_saved_settings_stand_in_the_ledger_old_beside_new(house: House, as_user: AsUser) -> None:
    assert as_user(house.office).post("/c/race/settings/", SETTINGS).status_code == 302
    row = Campaign.objects.get(code="race")
    assert (row.counts, row.joint, row.report_day) == (["official", "confirmed"], [[1, 2]], 6)
    assert row.trial_periods == ["2026-01", "2026-02"]
    told = Entry.objects.get(event="campaign.changed").data["changes"]
    assert told["name"] == ["示例赛马行动", "新名称"]
    assert "organisation" not in told


def test_end_before_start_is_told_at_its_field(house: House, as_user: AsUser) -> None:
    page = as_user(house.office).post("/c/race/settings/", SETTINGS | {"end": "2025-01-01"})
    assert "结束日期不能早于开始日期" in page.content.decode()
    assert Campaign.objects.get(code="race").name == "示例赛马行动"


def test_letterhead_reaches_the_librarys_settings(house: House, as_user: AsUser) -> None:
    as_user(house.office).post(
        "/c/race/settings/documents/",
        {"letterhead": "示例集团文件", "number": "示例〔2026〕{issue}号", "first_issue": "3",
         "named_places": "2", "order": "official", "addressee": "各单位"},
    )  # fmt: skip
    campaign = Campaign.objects.get(code="race")
    documents = tables_of(campaign, now()).campaign.documents
    assert (documents.letterhead, documents.first_issue) == ("示例集团文件", 3)
    assert documents.order == "official"


def test_closed_campaign_changes_no_more_until_resumed_with_a_reason(house: House) -> None:
    actions.change_state(campaign=house.campaign, to="closed", by=house.office)
    campaign = Campaign.objects.get(code="race")
    with pytest.raises(Refused, match="已收官"):
        actions.save_settings(campaign=campaign, changes={"name": "x"}, by=house.office)
    with pytest.raises(Refused, match="还没有写明原因"):
        actions.change_state(campaign=campaign, to="running", by=house.office)
    actions.change_state(campaign=campaign, to="running", by=house.office, reason="补录决算数")
    assert Entry.objects.filter(event="campaign.state").last().data["reason"] == "补录决算数"


def test_closed_campaign_does_not_go_back_to_preparation(house: House) -> None:
    actions.change_state(campaign=house.campaign, to="closed", by=house.office)
    with pytest.raises(Refused, match="不能从“已收官”变为“筹备”"):
        actions.change_state(
            campaign=house.campaign, to="preparing", by=house.office, reason="重来"
        )


def test_unit_moves_track_from_a_day_and_history_stays(house: House, as_user: AsUser) -> None:
    unit, track = house.units["E2"], house.campaign.tracks.get(name="建设类")
    row = house.campaign.participations.get(unit=unit)
    answer = as_user(house.office).post(
        f"/c/race/settings/members/{row.pk}/",
        {"track": track.pk, "ranked": "on", "difficulty": "1.05", "since": "2026-07-01",
         "reason": "主业调整"},
    )  # fmt: skip
    assert answer.status_code == 302
    rows = list(house.campaign.participations.filter(unit=unit))
    assert [(r.track.name, r.valid_to) for r in rows] == [
        ("经营类", date(2026, 6, 30)),
        ("建设类", None),
    ]
    tracks = {
        day: {p.unit.code: p.track.name for p in members(house.campaign, day)}["E2"]
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    }
    assert list(tracks.values()) == ["经营类", "建设类"]


def test_move_before_the_last_one_is_refused(house: House) -> None:
    row = house.campaign.participations.get(unit=house.units["E2"])
    new = actions.change_membership(
        row=row, since=date(2026, 7, 1), by=house.office, track=None, ranked=False,
        difficulty="1", reason="单列",
    )  # fmt: skip
    with pytest.raises(Refused, match="早于该单位上一次变动"):
        actions.change_membership(
            row=new, since=date(2026, 5, 1), by=house.office, track=None, ranked=False,
            difficulty="1", reason="更早",
        )  # fmt: skip


def test_unit_that_left_keeps_its_marks_of_earlier_months(house: House) -> None:
    book, _ = parsed(RULEBOOK)
    assert book is not None

    def marks(period: str) -> dict[str, float | None]:
        found = result(score(tables_of(house.campaign, now()), book), period)
        return {u.unit: u.score for u in found.units}

    before = marks("2026-03")
    row = house.campaign.participations.get(unit=house.units["E2"])
    actions.leave(row=row, since=date(2026, 6, 1), reason="改制", by=house.office)
    assert marks("2026-03") == before
    assert marks("2026-09").get("E2") is None
    assert {p.unit.code for p in active_members(house.campaign, date(2026, 7, 1))} == {"E1", "C1"}


def test_unit_that_joins_mid_year_is_valid_from_that_day(house: House) -> None:
    unit = Unit.objects.create(
        code="E8", name="示例云岭农业公司", order=40, parent=house.units["G"]
    )
    track = house.campaign.tracks.get(name="经营类")
    actions.enter(
        campaign=house.campaign, unit=unit, track=track, since=date(2026, 7, 1), by=house.office
    )
    units = {u.code: u for u in library_units(house.campaign, date(2026, 8, 1))}
    assert units["E8"].valid_from == date(2026, 7, 1)
    assert "E8" not in {u.code for u in library_units(house.campaign, date(2026, 6, 1))}


def test_unit_enters_only_once(house: House) -> None:
    with pytest.raises(Refused, match="已经在本行动中"):
        actions.enter(campaign=house.campaign, unit=house.units["E1"], track=None, by=house.office)


def test_track_with_units_is_not_removed(house: House, as_user: AsUser) -> None:
    track = house.campaign.tracks.get(name="建设类")
    answer = as_user(house.office).post(f"/c/race/settings/tracks/{track.pk}/remove/")
    assert answer.status_code == 409
    as_user(house.office).post("/c/race/settings/tracks/new/", {"name": "服务类", "order": "2"})
    empty = house.campaign.tracks.get(name="服务类")
    as_user(house.office).post(f"/c/race/settings/tracks/{empty.pk}/remove/")
    assert set(house.campaign.tracks.values_list("name", flat=True)) == {"经营类", "建设类"}


def test_second_track_of_a_name_is_told_in_the_form(house: House, as_user: AsUser) -> None:
    answer = as_user(house.office).post(
        "/c/race/settings/tracks/new/", {"name": "建设类", "order": "5"}
    )
    assert answer.status_code == 200
    assert house.campaign.tracks.filter(name="建设类").count() == 1


def test_key_date_with_heightened_duty_is_kept_changed_and_removed(
    house: House, as_user: AsUser
) -> None:
    client = as_user(house.office)
    fields = {"on": "2026-10-01", "until": "2026-10-08", "name": "国庆值守", "heightened": "on"}
    client.post("/c/race/settings/dates/", fields)
    row = KeyDate.objects.get()
    assert row.heightened
    client.post(f"/c/race/settings/dates/{row.pk}/", fields | {"name": "国庆中秋值守"})
    assert "国庆中秋值守" in client.get("/c/race/settings/dates/").content.decode()
    client.post(f"/c/race/settings/dates/{row.pk}/remove/")
    assert not KeyDate.objects.exists()


def test_key_date_of_another_campaign_is_not_there(house: House, as_user: AsUser) -> None:
    other = Campaign.objects.create(
        code="other", name="另一行动", organisation="x", start=date(2026, 1, 1),
        end=date(2026, 12, 31),
    )  # fmt: skip
    row = KeyDate.objects.create(campaign=other, on=date(2026, 5, 1), name="别人的")
    client = as_user(house.office)
    assert client.get(f"/c/race/settings/dates/{row.pk}/").status_code == 404
    assert client.get("/c/other/settings/").status_code == 404


def test_someone_without_a_campaign_is_told_what_to_do(house: House, as_user: AsUser) -> None:
    page = as_user(house.people["stranger"]).get("/campaigns/none/").content.decode()
    assert "请联系管理员" in page
    assert "新建行动" in as_user(house.admin).get("/campaigns/none/").content.decode()


def test_working_days_page_marks_holidays_and_own_days(house: House, as_user: AsUser) -> None:
    client = as_user(house.office)
    client.post("/c/race/settings/days/", {"on": "2026-10-09", "working": "0", "name": "停电检修"})
    page = client.get("/c/race/settings/days/?year=2026").content.decode()
    assert "停电检修" in page
    assert "2026年有247个工作日" in page
    assert "还没有收录" in client.get("/c/race/settings/days/?year=2035").content.decode()
