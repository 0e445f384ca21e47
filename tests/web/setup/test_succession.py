"""A unit merged or founded mid-year: targets move with it, their sum stays to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.campaigns.queries import active_members
from saima_web.people.models import Unit, User
from saima_web.setup import actions
from saima_web.targets.actions import approve
from saima_web.targets.cells import in_force
from saima_web.targets.models import Target
from tests.web.cast import House

AsUser = Callable[[User], Client]
MONTHS = [f"2026-{m:02}" for m in range(1, 13)]


@pytest.fixture(autouse=True)
def plans(house: House) -> None:
    """Monthly plans of uneven amounts for two units."""
    batch = house.campaign.target_sets.get()
    for code in ("E1", "E2"):
        for n, month in enumerate(MONTHS):
            Target.objects.create(
                batch=batch, unit=house.units[code], indicator=house.indicators["revenue"],
                period=month, value=945 + 10 * n, recorded_at=batch.made_at,
            )  # fmt: skip


def revenue(house: House) -> dict[tuple[str, str], Decimal]:
    found = in_force(house.campaign)
    pk = house.indicators["revenue"].pk
    return {(t.unit.code, p): t.value for (_, i, p), t in found.items() if i == pk and t.value}


def total(house: House, period: str) -> Decimal:
    return sum((v for (_, p), v in revenue(house).items() if p == period), Decimal(0))


def approve_all(house: House, done: actions.Succession) -> None:
    for batch in done.transfers:
        approve(batch=batch, by=house.leader)


def merge(house: House, **changes: object) -> actions.Succession:
    given: dict[str, object] = {
        "campaign": house.campaign, "giver": house.units["E2"], "taker": house.units["E1"],
        "since": date(2026, 7, 1), "reason": "集团发〔2026〕9号", "by": house.office,
    }  # fmt: skip
    return actions.merge(**(given | changes))  # type: ignore[arg-type]


def test_merged_units_remaining_targets_move_and_every_sum_stays(house: House) -> None:
    sums = {p: total(house, p) for p in [*MONTHS, "2026"]}
    before = revenue(house)
    done = merge(house)
    assert revenue(house) == before  # nothing before the approval
    approve_all(house, done)
    after = revenue(house)
    assert {p: total(house, p) for p in sums} == sums
    assert after["E2", "2026-06"] == before["E2", "2026-06"]
    assert after.get(("E2", "2026-07"), Decimal(0)) == 0
    assert after["E1", "2026-07"] == before["E1", "2026-07"] + before["E2", "2026-07"]


def test_merged_unit_ends_the_day_before_and_names_its_successor(house: House) -> None:
    merge(house)
    unit = Unit.objects.get(code="E2")
    assert (unit.valid_to, unit.successor) == (date(2026, 6, 30), house.units["E1"])
    assert {p.unit.code for p in active_members(house.campaign, date(2026, 7, 1))} == {"E1", "C1"}
    assert "E2" in {p.unit.code for p in active_members(house.campaign, date(2026, 6, 30))}
    assert Entry.objects.get(event="unit.merged").data["into"] == "E1"


def test_new_unit_takes_the_old_ones_place_in_its_track(house: House) -> None:
    new = Unit.objects.create(code="E9", name="示例新栖湖公司", parent=house.units["G"], order=13)
    merge(house, taker=new)
    row = house.campaign.participations.get(unit=new)
    assert row.track is not None
    assert (row.track.name, row.valid_from) == ("经营类", date(2026, 7, 1))


def test_unit_founded_from_another_takes_its_share_exactly(house: House) -> None:
    new = Unit.objects.create(code="E9", name="示例新栖湖公司", parent=house.units["G"], order=13)
    year = total(house, "2026")
    left = sum(v for (u, p), v in revenue(house).items() if u == "E2" and p in MONTHS[6:])
    done = actions.split(
        campaign=house.campaign, giver=house.units["E2"], taker=new, since=date(2026, 7, 1),
        share=Decimal("0.333"), reason="分设", by=house.office,
    )  # fmt: skip
    approve_all(house, done)
    after = revenue(house)
    moved = sum(v for (u, p), v in after.items() if u == "E9" and p in MONTHS)
    assert moved == (left * Decimal("0.333")).quantize(Decimal(1))
    assert after["E9", "2026"] == moved
    assert total(house, "2026") == year
    assert Unit.objects.get(code="E2").valid_to is None


def test_merger_outside_the_campaign_or_with_itself_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="不在行动期间"):
        merge(house, since=date(2027, 2, 1))
    with pytest.raises(Refused, match="不能并入自己"):
        merge(house, taker=house.units["E2"])
    merge(house)
    house.units["E2"].refresh_from_db()
    with pytest.raises(Refused, match="停用"):
        merge(house)


@pytest.mark.parametrize("who", ["clerk", "leader", "admin"])
def test_who_may_not_edit_targets_merges_no_unit(house: House, who: str) -> None:
    with pytest.raises(Refused):
        merge(house, by=house.people[who])
    assert Unit.objects.get(code="E2").valid_to is None


def test_the_page_tells_what_waits_for_approval(house: House, as_user: AsUser) -> None:
    page = as_user(house.office).post(
        "/c/race/settings/succession/",
        {"how": "merge", "giver": house.units["E2"].pk, "taker": house.units["E1"].pk,
         "since": "2026-07-01", "reason": "集团发〔2026〕9号"},
    )  # fmt: skip
    assert "2项目标划转待批准" in page.content.decode()


def test_split_without_a_share_is_told_at_its_field(house: House, as_user: AsUser) -> None:
    page = as_user(house.office).post(
        "/c/race/settings/succession/",
        {"how": "split", "giver": house.units["E2"].pk, "taker": house.units["E1"].pk,
         "since": "2026-07-01", "reason": "x"},
    )  # fmt: skip
    assert "分设要填写划出的比例" in page.content.decode()


def found(house: House) -> Unit:
    """A unit founded out of E2."""
    return Unit.objects.create(code="E9", name="示例新栖湖公司", parent=house.units["G"], order=13)


def left(house: House, code: str) -> Decimal:
    """What E2 has to deliver of an indicator from July on: its plans, or its year."""
    held = {p: t.value for (u, i, p), t in in_force(house.campaign).items()
            if u == house.units["E2"].pk and i == house.indicators[code].pk}  # fmt: skip
    months = [v for p, v in held.items() if p in MONTHS[6:] and v]
    return sum(months, Decimal(0)) if months else Decimal(held["2026"] or 0)


def test_each_indicator_may_go_by_its_own_share(house: House) -> None:
    new, before = found(house), {c: left(house, c) for c in ("revenue", "investment")}
    done = actions.split(
        campaign=house.campaign, giver=house.units["E2"], taker=new, since=date(2026, 7, 1),
        share=Decimal("0.5"), shares={"revenue": Decimal("0.333")}, reason="分设", by=house.office,
    )  # fmt: skip
    approve_all(house, done)
    held = {(i, p): t.value for (u, i, p), t in in_force(house.campaign).items() if u == new.pk}
    third = (before["revenue"] * Decimal("0.333")).quantize(Decimal(1))
    assert held[house.indicators["revenue"].pk, "2026"] == third
    assert held[house.indicators["investment"].pk, "2026"] == before["investment"] / 2
    for code in ("revenue", "investment"):
        rows = in_force(house.campaign)
        pk = house.indicators[code].pk
        assert sum(t.value or 0 for (_, i, p), t in rows.items() if (i, p) == (pk, "2026")) == 36000


def test_share_of_nothing_moves_nothing(house: House) -> None:
    new = found(house)
    done = actions.split(
        campaign=house.campaign, giver=house.units["E2"], taker=new, since=date(2026, 7, 1),
        share=Decimal("0.5"), shares={"revenue": Decimal(0)}, reason="分设", by=house.office,
    )  # fmt: skip
    assert [b.targets.first().indicator.code for b in done.transfers] == ["investment"]  # type: ignore[union-attr]


@pytest.mark.parametrize("share", ["1.2", "-0.1"])
def test_share_beyond_the_whole_is_refused(house: House, share: str) -> None:
    with pytest.raises(Refused, match="不是可以划出的比例"):
        actions.split(
            campaign=house.campaign, giver=house.units["E2"], taker=found(house),
            since=date(2026, 7, 1), share=Decimal("0.5"), shares={"revenue": Decimal(share)},
            reason="分设", by=house.office,
        )  # fmt: skip


def test_split_asks_for_shares_before_anything_is_written(house: House, as_user: AsUser) -> None:
    page, new = as_user(house.office), found(house)
    sent = {
        "how": "split", "giver": house.units["E2"].pk, "taker": new.pk, "since": "2026-07-01",
        "share": "40", "reason": "分设",
    }  # fmt: skip
    address = "/c/race/settings/succession/"
    first = page.post(address, sent).content.decode()
    assert 'name="share-revenue" value="40"' in first and "余下6,180万元" in first
    assert house.campaign.target_sets.count() == 1
    wrong = page.post(address, sent | {"step": "shares", "share-revenue": "140"}).content.decode()
    assert 'name="share-revenue" value="140"' in wrong
    assert house.campaign.target_sets.count() == 1
    shares = {"step": "shares", "share-revenue": "25", "share-investment": "0"}
    assert "1项目标划转待批准" in page.post(address, sent | shares).content.decode()
    assert Entry.objects.get(event="unit.split").data["shares"]["revenue"] == "0.25"
