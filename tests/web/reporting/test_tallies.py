"""What is kept of a closed round is what an obvious count finds, and is forgotten when it changes."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima.workflows.submission import SUBMISSION
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import cells_for, indicators_for
from saima_web.reporting import rounds
from saima_web.reporting.models import Entry, Round, RoundTally
from saima_web.reporting.queries import round_lines
from saima_web.reporting.tallies import keep_tallies, reporting_units, tallies_of
from saima_web.site.jobs import JOBS
from tests.web.cast import House

As = Callable[[User], Client]
PAGES = ("rounds/", "completeness/", "burden/", "scores/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def more_rounds(house: House, *periods: str) -> list[Round]:
    """Rounds beside the first one, with its cells."""
    first = house.campaign.rounds.get()
    made = []
    for n, period in enumerate(periods, 1):
        row = Round.objects.create(
            campaign=house.campaign, period=period, state="open", opens_on=first.opens_on,
            due_at=first.due_at - timedelta(days=30 * n),
            confirm_due_at=first.confirm_due_at - timedelta(days=30 * n),
        )  # fmt: skip
        for entry in first.entries.all():
            Entry.objects.create(round=row, unit=entry.unit, indicator=entry.indicator)
        made.append(row)
    return [first, *made]


def strew(chance: random.Random, cells: Iterable[Entry]) -> None:
    """States and lateness as they fall; one of the indicators is given by its department."""
    for entry in cells:
        entry.state = chance.choice(list(SUBMISSION.states))
        entry.late = chance.random() < 0.3
        entry.save()
    given = chance.choice([*Indicator.objects.filter(code__in=("revenue", "investment")), None])
    if given:
        given.provider = "owner"
        given.save()


def counted(
    row: Round, units: set[str] | None = None
) -> tuple[Counter[tuple[bool, str, bool]], int]:
    """The slow obvious reference: one cell after another."""
    cells = [
        e for e in row.entries.select_related("indicator", "unit")
        if units is None or e.unit.code in units
    ]  # fmt: skip
    kinds = Counter((e.indicator.provider == "owner", e.state, e.late) for e in cells)
    return kinds, len({e.unit_id for e in cells if e.indicator.provider != "owner"})


def said(every: list[Round]) -> dict[int, Any]:
    tallies, units = tallies_of(every), reporting_units(every)
    return {r.pk: (Counter(tallies[r.pk].cells), units[r.pk]) for r in every}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_is_counted(house: House, seed: int) -> None:
    every = more_rounds(house, "2026-09", "2026-08")
    strew(random.Random(seed), Entry.objects.order_by("pk"))
    for row in every[1:]:
        rounds.close_round(round=row, by=house.office)
    live = said(every)
    assert keep_tallies() == 2 == RoundTally.objects.count()
    assert said(every) == live == {r.pk: counted(r) for r in every}


def test_kept_rounds_are_not_counted_again(house: House) -> None:
    for row in more_rounds(house, "2026-09"):
        rounds.close_round(round=row, by=house.office)
    keep_tallies()
    every = list(Round.objects.all())
    with CaptureQueriesContext(connection) as seen:
        assert sum(t.count() for t in tallies_of(every).values()) == 12
    assert not [q for q in seen.captured_queries if "reporting_entry" in q["sql"]]


def test_only_closed_rounds_are_kept_and_a_reopened_one_is_counted(house: House) -> None:
    row = house.campaign.rounds.get()
    assert keep_tallies() == 0
    rounds.close_round(round=row, by=house.office)
    assert keep_tallies() == 1 and keep_tallies() == 0
    row = rounds.reopen_round(round=row, by=house.office)
    assert not RoundTally.objects.exists()
    Entry.objects.update(state="confirmed")
    assert tallies_of([row])[row.pk].count(["confirmed"]) == 6


def test_who_sees_one_unit_gets_its_cells_alone_of_a_kept_round(house: House) -> None:
    row = house.campaign.rounds.get()
    strew(random.Random(1), row.entries.all())
    rounds.close_round(round=row, by=house.office)
    keep_tallies()
    scope = cells_for(house.clerk, "figures.see", house.campaign)
    assert indicators_for(house.clerk, "figures.see", house.campaign) is None
    found = tallies_of([row], scope)[row.pk]
    assert (Counter(found.cells), 1) == counted(row, {"E1"})
    own, whole = (round_lines(by, house.campaign)[0] for by in (house.clerk, house.office))
    assert own.total + own.provided == 2 and whole.total + whole.provided == 6


def test_department_reads_its_own_indicators_from_what_is_kept(house: House) -> None:
    row = house.campaign.rounds.get()
    strew(random.Random(2), row.entries.all())
    rounds.close_round(round=row, by=house.office)
    on = (house.owner, "figures.see", house.campaign)
    live = tallies_of([row], cells_for(*on))
    keep_tallies()
    with CaptureQueriesContext(connection) as seen:
        kept = tallies_of([row], cells_for(*on), indicators_for(*on))
    assert kept == live and 0 < kept[row.pk].count() < 6
    assert not [q for q in seen.captured_queries if "reporting_entry" in q["sql"]]


def test_pages_say_the_same_of_a_round_that_is_counted_and_one_that_is_kept(
    house: House, as_user: As
) -> None:
    every = more_rounds(house, "2026-09", "2026-08")
    strew(random.Random(4), Entry.objects.order_by("pk"))
    for row in every[1:]:
        rounds.close_round(round=row, by=house.office)

    def shown() -> list[str]:
        office = as_user(house.office)
        pages = [office.get(f"/c/race/{address}").content.decode() for address in PAGES]
        return [TOKEN.sub("", page.partition("<main")[2]) for page in pages]

    before = shown()
    assert keep_tallies() == 2
    assert shown() == before and all(before)


def test_nightly_job_says_how_many_rounds_it_counted(house: House) -> None:
    work = JOBS["reporting.count-rounds"].work
    assert work() == "清点了0个已结束的填报轮次"
    rounds.close_round(round=house.campaign.rounds.get(), by=house.office)
    assert work() == "清点了1个已结束的填报轮次"
    assert work() == "清点了0个已结束的填报轮次"
