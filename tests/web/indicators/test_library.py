"""The indicator library: who may write it, what stays once it is in use, notes and outer ranks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.indicators import actions
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import library_indicator, reported_indicators
from saima_web.people.models import User
from tests.web.cast import House

LogIn = Callable[[User], Client]


def new_indicator(house: House, by: User, code: str = "tax") -> Indicator:
    return actions.create_indicator(
        campaign=house.campaign, code=code, values={"name": "税收", "measure": "万元"},
        definition="入库税收。", by=by,
    )  # fmt: skip


def test_office_creates_an_indicator_with_its_first_definition(house: House) -> None:
    row = new_indicator(house, house.office)
    assert [(d.version, d.text) for d in row.definitions.all()] == [(1, "入库税收。")]
    assert Entry.objects.get(event="indicator.created").subject == "indicator/tax"


@pytest.mark.parametrize("who", ["clerk", "head", "owner", "leader", "viewer", "admin"])
def test_only_the_office_creates_indicators(house: House, who: str) -> None:
    with pytest.raises(Refused) as refused:
        new_indicator(house, house.people[who])
    assert refused.value.problem.code == "not-allowed"
    assert not Indicator.objects.filter(code="tax").exists()


def test_a_code_is_taken_only_once(house: House) -> None:
    new_indicator(house, house.office)
    with pytest.raises(Refused) as refused:
        new_indicator(house, house.office)
    assert refused.value.problem.code == "indicator-code-taken"


def test_name_of_a_scored_indicator_may_change_but_not_its_measure(house: House) -> None:
    row = house.indicators["revenue"]
    changed = actions.change_indicator(
        indicator=row, campaign=house.campaign, values={"name": "营收"}, by=house.office
    )
    assert changed == ["name"]
    with pytest.raises(Refused) as refused:
        actions.change_indicator(
            indicator=row, campaign=house.campaign, values={"measure": "亿元"}, by=house.office
        )
    assert refused.value.problem.code == "indicator-measure-fixed"
    assert Indicator.objects.get(code="revenue").measure == "万元"


def test_measure_of_an_indicator_that_nobody_scores_may_change(house: House) -> None:
    row = new_indicator(house, house.office)
    actions.change_indicator(
        indicator=row, campaign=house.campaign, values={"measure": "亿元"}, by=house.office
    )
    assert Indicator.objects.get(code="tax").measure == "亿元"


def test_a_new_definition_is_a_new_version_with_a_break(house: House) -> None:
    row = house.indicators["revenue"]
    actions.add_definition(
        indicator=row, campaign=house.campaign, text="合并口径。", effective="2026-07",
        reason="制度调整", comparable=False, by=house.office,
    )  # fmt: skip
    known = library_indicator(row)
    assert [d.comparable for d in known.definitions] == [True, False]
    assert known.definitions[0].text == "营业收入按财务口径统计。"


def test_a_definition_does_not_begin_before_the_last_one(house: House) -> None:
    row = house.indicators["revenue"]

    def define(effective: str) -> None:
        actions.add_definition(
            indicator=row, campaign=house.campaign, text="口径。", effective=effective,
            reason="调整", by=house.office,
        )  # fmt: skip

    define("2026-07")
    for effective in ("2026-07", "2026-03"):
        with pytest.raises(Refused) as refused:
            define(effective)
        assert refused.value.problem.code == "definition-before-last"
    assert row.definitions.count() == 2


def test_an_indicator_that_is_scored_is_not_retired(house: House) -> None:
    with pytest.raises(Refused) as refused:
        actions.retire_indicator(
            indicator=house.indicators["revenue"], campaign=house.campaign, reason="不用了",
            by=house.office,
        )  # fmt: skip
    assert refused.value.problem.code == "indicator-scored-now"


def test_a_retired_indicator_is_no_longer_asked_for_and_comes_back(house: House) -> None:
    row = new_indicator(house, house.office)
    units = {house.units["E1"]: "5"}
    actions.assign_indicator(
        indicator=row, campaign=house.campaign, tracks=[], units=units, by=house.office
    )
    assert row in reported_indicators(house.campaign)
    actions.retire_indicator(indicator=row, campaign=house.campaign, reason="并入", by=house.office)
    assert row not in reported_indicators(house.campaign)
    actions.restore_indicator(
        indicator=row, campaign=house.campaign, reason="恢复", by=house.office
    )
    assert row in reported_indicators(house.campaign)


def test_what_only_a_draft_names_is_not_asked_for_yet(house: House) -> None:
    row = new_indicator(house, house.office)
    published = house.campaign.rulebooks.get()
    Rulebook.objects.create(
        campaign=house.campaign, name="race", title="草稿", version=2, saved_at=published.saved_at,
        text=published.text.replace("version: 1", "version: 2").replace("investment", "tax"),
    )  # fmt: skip
    assert row not in reported_indicators(house.campaign)


def note(house: House, by: User, kind: str = "contact") -> None:
    actions.add_note(
        indicator=house.indicators["revenue"], campaign=house.campaign, kind=kind,
        on=date(2026, 6, 8), party="市统计局", title="口径对接", by=by,
    )  # fmt: skip


def test_data_owner_notes_contacts_of_own_indicator_only(house: House) -> None:
    note(house, house.owner)
    with pytest.raises(Refused):
        note(house, house.other_owner)
    assert house.indicators["revenue"].notes.count() == 1


def test_what_was_said_in_a_contact_stands_outside_the_chain(house: House) -> None:
    note(house, house.owner)
    entry = Entry.objects.get(event="indicator.noted")
    assert "统计局" not in str(entry.data)
    assert entry.personal_digest


@pytest.mark.parametrize(("who", "seen"), [("office", True), ("owner", True), ("clerk", False)])
def test_contacts_are_for_the_office_and_the_owner(
    house: House, as_user: LogIn, who: str, seen: bool
) -> None:
    note(house, house.owner)
    note(house, house.office, "policy")
    address = reverse("indicators:one", args=["race", "revenue"])
    page = as_user(house.people[who]).get(address).content.decode()
    assert page.count("口径对接") == (2 if seen else 1)


def rank(house: House, place: int, period: str = "2026-09") -> None:
    actions.record_outer_rank(
        indicator=house.indicators["revenue"], campaign=house.campaign, period=period,
        contest="全市各区", place=place, of=17, source="市通报", by=house.owner,
    )  # fmt: skip


def test_our_place_above_shows_its_movement(house: House, as_user: LogIn) -> None:
    rank(house, 9, "2026-08")
    rank(house, 5)
    page = as_user(house.viewer).get(reverse("indicators:ranks", args=["race"])).content.decode()
    assert "上升4位" in page


def test_a_corrected_place_counts_and_the_first_stays(house: House, as_user: LogIn) -> None:
    rank(house, 7)
    rank(house, 6)
    assert house.indicators["revenue"].outer_ranks.count() == 2
    page = as_user(house.viewer).get(reverse("indicators:ranks", args=["race"])).content.decode()
    assert '<td class="n b">6</td>' in page
    assert '<td class="n b">7</td>' not in page


def test_a_place_beyond_those_ranked_is_refused(house: House) -> None:
    with pytest.raises(Refused) as refused:
        rank(house, 18)
    assert refused.value.problem.code == "outer-place-beyond"


def test_a_check_rule_is_added_and_removed_by_the_office(house: House, as_user: LogIn) -> None:
    address = reverse("indicators:check-add", args=["race", "revenue"])
    data = {"kind": "jump", "limit": "50", "severity": "warning"}
    assert as_user(house.clerk).post(address, data).status_code == 403
    office = as_user(house.office)
    assert office.post(address, data).status_code == 302
    rule = house.indicators["revenue"].checks.get()
    office.post(reverse("indicators:check-remove", args=["race", rule.pk]))
    assert not house.indicators["revenue"].checks.exists()
    events = list(Entry.objects.order_by("number").values_list("event", flat=True))
    assert events[-2:] == ["check-rule.added", "check-rule.removed"]


def test_new_indicator_form_says_what_is_wrong_beside_the_field(
    house: House, as_user: LogIn
) -> None:
    data = {"code": "a b", "name": "甲", "definition": "乙", "decimals": "9"}
    page = as_user(house.office).post(reverse("indicators:new", args=["race"]), data)
    text = page.content.decode()
    assert "只能用字母、数字、汉字、下划线和短横。" in text
    assert "最多6位小数。" in text


def test_list_filters_by_category_box_and_exports(house: House, as_user: LogIn) -> None:
    client, address = as_user(house.clerk), reverse("indicators:list", args=["race"])
    assert "固定资产投资" in client.get(address).content.decode()
    shown = client.get(address, {"box": "c0"}).content.decode()
    assert ("营业收入" in shown) != ("固定资产投资" in shown)
    assert client.get(address, {"export": "xlsx"}).headers["Content-Disposition"].endswith("xlsx")
