"""What was made ready answers as the queryset itself would, for every number of members."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from saima_web.base.prepared import prepared
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry
from tests.web.cast import House


@prepared
def entries(ids: Any, period: Any) -> QuerySet[Entry, Entry]:
    rows = Entry.objects.filter(pk__in=ids, round__period=period).order_by("pk")
    return rows.select_related("unit", "indicator__data_owner", "reported")


@prepared
def names(codes: Any) -> QuerySet[Unit, Any]:
    return Unit.objects.filter(code__in=codes).order_by("code").values_list("code", "name")


def test_objects_come_with_what_is_related_and_no_further_query(house: House) -> None:
    wanted = list(Entry.objects.order_by("pk").select_related("unit", "indicator__data_owner"))
    period = wanted[0].round.period
    same = [e for e in wanted if e.round.period == period]
    with CaptureQueriesContext(connection) as seen:
        found = entries([e.pk for e in same], period)
        told = [(e.unit.name, str(e.indicator.data_owner), e.reported) for e in found]
    assert found == same
    assert told == [(e.unit.name, str(e.indicator.data_owner), e.reported) for e in same]
    assert len(seen) == 1


@pytest.mark.parametrize("count", range(1, 7))
def test_any_number_of_members_finds_what_the_queryset_finds(house: House, count: int) -> None:
    codes = list(Unit.objects.order_by("code").values_list("code", flat=True))[:count]
    expected = Unit.objects.filter(code__in=codes).order_by("code").values_list("code", "name")
    assert names(codes) == list(expected)
    assert len(codes) == count


def test_no_member_finds_nothing_without_asking(house: House) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert names(()) == []
    assert len(seen) == 0


def test_few_statements_stand_for_all_numbers_of_members(house: House) -> None:
    for count in range(1, 33):
        names([f"U{n}" for n in range(count)])
    assert len([key for key in names.kept if key[0] == connection.vendor]) <= 6


def test_values_go_beside_the_statement_and_never_into_it(house: House) -> None:
    assert names(["' OR 1=1 --"]) == []


def test_a_value_that_the_queryset_does_not_ask_for_is_refused(house: House) -> None:
    @prepared
    def careless(code: Any) -> QuerySet[Unit, Unit]:
        return Unit.objects.filter(code__contains=code)

    with pytest.raises(ValueError, match="does not ask for its values"):
        careless("E1")
