"""Two campaigns that use one figure: asked once, confirmed for both, sent back in both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Post, Role, User
from saima_web.reporting import actions
from saima_web.reporting.models import Entry, Figure, Round, RoundTally
from saima_web.reporting.review import desk_of
from saima_web.reporting.tallies import keep_tallies, tallies_of
from tests.web.cast import PASSWORD, House


@dataclass
class Twin:
    """A second campaign with a round of the same month, its office and its data owner."""

    round: Round
    office: User
    owner: User

    def entry(self) -> Entry:
        return self.round.entries.get(unit__code="E1")


@pytest.fixture
def twin(house: House) -> Twin:
    campaign = Campaign.objects.create(
        code="sprint", name="年末冲刺行动", organisation="示例集团", state="running",
        start=date(2026, 10, 1), end=date(2026, 12, 31), counts=["confirmed"],
    )  # fmt: skip
    first = house.campaign.rounds.get()
    round = Round.objects.create(
        campaign=campaign, period="2026-10", state="open", opens_on=first.opens_on,
        due_at=first.due_at, confirm_due_at=first.confirm_due_at,
    )  # fmt: skip
    for unit in ("E1", "E2"):
        Entry.objects.create(
            round=round, unit=house.units[unit], indicator=house.indicators["revenue"]
        )
    office = User.objects.create_user("sprint_office", PASSWORD, name="柳冲刺")
    Post.objects.create(user=office, role=Role.OFFICE, campaign=campaign)
    owner = User.objects.create_user("sprint_owner", PASSWORD, name="郑核定")
    Post.objects.create(user=owner, role=Role.DATA_OWNER, unit=house.units["D1"], campaign=campaign)
    return Twin(round, office, owner)


def cell(house: House) -> Entry:
    return Entry.objects.get(
        round__campaign=house.campaign, unit=house.units["E1"],
        indicator=house.indicators["revenue"],
    )  # fmt: skip


def settle(house: House, value: int = 9999) -> None:
    """E1 reports both figures, its head passes them on, the owner confirms the revenue."""
    round = house.campaign.rounds.get()
    cells = round.entries.filter(unit=house.units["E1"])
    for entry in cells:
        if entry.state in ("empty", "returned"):
            actions.save_figure(entry=entry, value=Decimal(value), by=house.clerk)
    actions.submit(round=round, unit=house.units["E1"], by=house.clerk)
    actions.endorse(entries=cells.filter(state="submitted"), by=house.head)
    actions.confirm(entries=[cell(house)], by=house.owner)


def test_confirmation_settles_the_same_cell_of_the_other_campaign(house: House, twin: Twin) -> None:
    settle(house)
    other = twin.entry()
    assert other.state == "confirmed" and other.confirmed_id == cell(house).confirmed_id
    assert Figure.objects.filter(period="2026-10", source="confirmed").count() == 1
    assert twin.round.entries.get(unit__code="E2").state == "empty"


def test_return_takes_the_confirmation_from_the_other_campaign_too(
    house: House, twin: Twin
) -> None:
    settle(house)
    actions.return_(entries=[cell(house)], reason="漏了一笔退款", by=house.owner)
    other = twin.entry()
    assert other.state == "returned" and other.confirmed is None
    assert "示例赛马行动" in other.reason and "漏了一笔退款" in other.reason
    noted = LedgerEntry.objects.filter(event="figure.returned", campaign="sprint")
    assert [row.data["returned_in"] for row in noted] == ["race"]


def test_office_of_the_other_campaign_is_told_in_its_review_list(
    house: House, twin: Twin, as_user: Callable[[User], Client]
) -> None:
    settle(house)
    page = as_user(twin.office)
    address = "/c/sprint/rounds/2026-10/review/"
    assert "其他行动退回" not in page.get(address).content.decode()
    actions.return_(entries=[cell(house)], reason="漏了一笔退款", by=house.owner)
    shown = page.get(address + "?box=elsewhere").content.decode()
    assert "“示例赛马行动”退回了这个数，本行动的核定同时撤销：漏了一笔退款" in shown
    rows = {row["unit_code"]: row["elsewhere"] for row in desk_of(twin.office, twin.round).rows}
    assert rows == {"E1": True, "E2": False}


def test_figure_confirmed_anew_stands_in_both_again(house: House, twin: Twin) -> None:
    settle(house)
    actions.return_(entries=[cell(house)], reason="漏了一笔退款", by=house.owner)
    settle(house, 9888)
    for entry in (cell(house), twin.entry()):
        assert entry.state == "confirmed" and entry.confirmed is not None
        assert entry.confirmed.value == 9888
    assert twin.entry().reason == ""
    assert not any(row["elsewhere"] for row in desk_of(twin.office, twin.round).rows)


def test_closed_round_of_the_other_campaign_does_not_keep_what_was_withdrawn(
    house: House, twin: Twin
) -> None:
    settle(house)
    Round.objects.filter(pk=twin.round.pk).update(state="closed")
    keep_tallies()
    assert (
        tallies_of([Round.objects.get(pk=twin.round.pk)])[twin.round.pk].count(["confirmed"]) == 1
    )
    actions.return_(entries=[cell(house)], reason="漏了一笔退款", by=house.owner)
    assert twin.entry().confirmed is None
    assert not RoundTally.objects.exists()
    settle(house, 9888)  # confirmed anew: what was kept of the closed round goes again
    assert keep_tallies() == 1
    assert (
        tallies_of([Round.objects.get(pk=twin.round.pk)])[twin.round.pk].count(["confirmed"]) == 1
    )


def test_return_that_is_refused_changes_neither_campaign(house: House, twin: Twin) -> None:
    settle(house)
    for who, reason in ((house.owner, " "), (house.office, "试试"), (house.other_owner, "试试")):
        with pytest.raises(Refused):
            actions.return_(entries=[cell(house)], reason=reason, by=who)
    assert cell(house).state == twin.entry().state == "confirmed"


def test_return_before_confirmation_leaves_the_other_campaign_alone(
    house: House, twin: Twin
) -> None:
    round = house.campaign.rounds.get()
    for entry in round.entries.filter(unit=house.units["E1"]):
        actions.save_figure(entry=entry, value=Decimal(9999), by=house.clerk)
    actions.submit(round=round, unit=house.units["E1"], by=house.clerk)
    actions.return_(entries=[cell(house)], reason="漏了一笔退款", by=house.head)
    assert twin.entry().state == "empty" and not twin.entry().remarks.exists()


def test_another_month_of_the_other_campaign_is_not_touched(house: House, twin: Twin) -> None:
    Round.objects.filter(pk=twin.round.pk).update(period="2026-11")
    settle(house)
    assert twin.entry().state == "empty"


def test_figure_provided_for_all_units_reaches_both_campaigns(house: House, twin: Twin) -> None:
    house.indicators["revenue"].provider = "owner"
    house.indicators["revenue"].save()
    for value in (700, 710):
        actions.save_figure(entry=cell(house), value=Decimal(value), by=house.owner)
        other = twin.entry().confirmed
        assert other is not None and other.value == value


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["confirm", "return_"])
def test_two_owners_settle_the_shared_figure_at_the_same_instant(
    house: House, twin: Twin, second: str
) -> None:
    """Each in their own campaign, over and over: one comes first, neither blocks the other."""
    for _again in range(6):
        given = ready(house, twin)
        told = at_once(
            lambda: actions.confirm(entries=[cell(house)], by=house.owner),
            lambda: getattr(actions, second)(entries=[twin.entry()], by=twin.owner, **WHY[second]),
        )
        assert told.count("") >= 1, "one of the two is done"
        assert set(told) <= {"", "not-now"}
        here, there = cell(house), twin.entry()
        assert here.state == there.state and here.confirmed_id == there.confirmed_id
        assert here.reported_id == given.pk


@pytest.mark.django_db(transaction=True)
def test_two_owners_provide_the_shared_figure_at_the_same_instant(house: House, twin: Twin) -> None:
    """Both are kept, one after the other; the later one stands in both campaigns."""
    house.indicators["revenue"].provider = "owner"
    house.indicators["revenue"].save()
    for again in range(6):
        told = at_once(
            lambda n=again: actions.save_figure(
                entry=cell(house), value=Decimal(700 + n), by=house.owner
            ),
            lambda n=again: actions.save_figure(
                entry=twin.entry(), value=Decimal(800 + n), by=twin.owner
            ),
        )
        assert told == ["", ""]
        here, there = cell(house).confirmed, twin.entry().confirmed
        assert here is not None and here == there
        assert here.value in (700 + again, 800 + again)


WHY: dict[str, dict[str, str]] = {"confirm": {}, "return_": {"reason": "漏了一笔退款"}}


def ready(house: House, twin: Twin) -> Figure:
    """E1's revenue passed on by its head in both campaigns."""
    figure = Figure.objects.create(
        unit=house.units["E1"], indicator=house.indicators["revenue"], period="2026-10",
        source="reported", value=Decimal(9999), recorded_at=now(), by=house.clerk, definition=1,
    )  # fmt: skip
    both = Entry.objects.filter(pk__in=(cell(house).pk, twin.entry().pk))
    both.update(state="endorsed", reported=figure, confirmed=None)
    return figure


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Each deed in a thread and connection of its own; the code of its refusal, or nothing."""
    together, told = threading.Barrier(len(deeds)), list[str]()

    def run(deed: Callable[[], object]) -> None:
        try:
            together.wait()
            deed()
            told.append("")
        except Refused as error:
            told.append(error.problem.code)
        except DatabaseError as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
