"""Commitments with a quantity: their pace by day, week or month, and when a line is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.pledges import actions, queries
from saima_web.pledges.models import Commitment
from tests.web.cast import House

As = Callable[[User], Client]
HERE = "/c/race/commitments/"
DAY = datetime(2026, 10, 1, 2, tzinfo=UTC)


def on(days: int) -> Any:
    return clock.at(DAY + timedelta(days=days))


def promised(house: House, by: str = "week", **other: Any) -> Commitment:
    values = {
        "what": "安置房交付", "goal": "12月9日前交付100套", "due_on": date(2026, 12, 9),
        "quantity": Decimal(100), "measure": "套", "counted_by": by, "indicator": None,
        "target": None, **other,
    }  # fmt: skip
    with on(0):
        row = actions.draft_commitment(
            campaign=house.campaign, unit=house.units["E1"], by=house.clerk, **values
        )
        return actions.make_commitment(commitment=row, by=house.head)


def seen(house: House, row: Commitment) -> Commitment:
    return queries.commitments_for(house.office, house.campaign).get(pk=row.pk)


@pytest.mark.parametrize(("by", "due"), [("day", 30.0), ("week", 30.0), ("month", 0.0)])
def test_pace_is_counted_by_the_promised_step(house: House, by: str, due: float) -> None:
    row = promised(house, by)
    with on(21):
        found = queries.count_of(seen(house, row), date(2026, 10, 22))
    assert found is not None
    assert float(found.due) == due


def test_last_number_told_stands_on_page_and_in_the_list(house: House, as_user: As) -> None:
    row = promised(house)
    with on(7):
        actions.report_step(commitment=row, text="开始交付", reached=Decimal(4), by=house.clerk)
    with on(21):
        client = as_user(house.clerk)
        client.post(f"{HERE}{row.pk}/step/", {"text": "交付一批", "reached": "20"})
        actions.report_step(commitment=row, text="天气好", by=house.clerk)
        page = client.get(f"{HERE}{row.pk}/").content.decode()
        for words in (
            "已过3周，共10周，",
            "应完成30.0套。",
            "往后每周要完成11.4套",
            "欠10.0个百分点",
        ):
            assert words in page
        table = client.get(HERE).content.decode()
        assert "欠10.0" in table
        assert "安置房交付" in client.get(HERE + "?box=behind").content.decode()
    assert seen(house, row).last_reached == Decimal(20)  # type: ignore[attr-defined]


def test_progress_is_asked_for_by_day_week_or_month(house: House) -> None:
    rows = {by: promised(house, by) for by in ("day", "week", "month")}
    asked = {}
    for days in (1, 7, 31):
        day = date(2026, 10, 1) + timedelta(days=days)
        asked[days] = [b for b, r in rows.items() if queries.asks_progress(seen(house, r), day)]
    assert asked == {1: ["day"], 7: ["day", "week"], 31: ["day", "week", "month"]}
    figures = promised(house, indicator=house.indicators["revenue"], quantity=None)
    assert not queries.asks_progress(seen(house, figures), date(2026, 12, 1)), "figures tell it"


def test_wrong_numbers_are_refused(house: House, as_user: As) -> None:
    with pytest.raises(Refused, match="承诺数量要大于0"):
        promised(house, quantity=Decimal(0))
    with pytest.raises(Refused, match="选了指标，又填了承诺数量"):
        promised(house, indicator=house.indicators["revenue"])
    row, words = promised(house), promised(house, quantity=None)
    with on(3):
        with pytest.raises(Refused, match="累计完成要大于或等于0"):
            actions.report_step(commitment=row, text="退了", reached=Decimal(-1), by=house.clerk)
        with pytest.raises(Refused, match="没有承诺数量"):
            actions.report_step(commitment=words, text="好", reached=Decimal(1), by=house.clerk)
        client = as_user(house.clerk)
        answer = client.post(
            f"{HERE}{row.pk}/step/", {"text": "好", "reached": "二十"}, follow=True
        )
    assert "累计完成要填数" in answer.content.decode()
    assert not row.steps.exists()


def test_form_writes_a_quantity(house: House, as_user: As) -> None:
    with on(0):
        data = {
            "unit": house.units["E1"].pk, "what": "走访企业", "goal": "年底前走访1.5千家",
            "quantity": "1.5", "measure": "千家", "counted_by": "day", "due_on": "2026-12-31",
        }  # fmt: skip
        as_user(house.clerk).post(HERE + "new/", data)
        row = Commitment.objects.get()
        assert (row.quantity, row.counted_by) == (Decimal("1.5"), "day")
        page = as_user(house.clerk).get(f"{HERE}{row.pk}/").content.decode()
    assert "1.5千家" in page


def test_form_writes_the_target_of_an_indicator(house: House, as_user: As) -> None:
    with on(0):
        data = {
            "unit": house.units["E1"].pk, "what": "营收", "goal": "全年1200万元",
            "indicator": house.indicators["revenue"].pk, "target": "1200", "due_on": "2026-12-31",
        }  # fmt: skip
        as_user(house.clerk).post(HERE + "new/", data)
    assert Commitment.objects.get().target == Decimal(1200)
