"""What the entry page sends, at the hour of the deadline: again, together, and by two people."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima_web.audit.models import Entry as LedgerEntry
from saima_web.reporting import actions
from saima_web.reporting.autosave import save_rows
from saima_web.reporting.models import Entry, Figure
from saima_web.reporting.recording import lock
from tests.web.cast import House
from tests.web.reporting.thirty import furnish

AsUser = Callable[..., Client]
ADDRESS = "/c/race/cells/save/"


@pytest.fixture
def cells(house: House) -> list[Entry]:
    """The clerk's cells that a unit fills in and that no rule of severity error is on."""
    return [
        e
        for e in furnish(house)
        if e.indicator.provider == "unit" and e.indicator.code not in ("receivables", "cameras")
    ]


def rows_for(cells: list[Entry], value: int = 5, mark: str = "") -> list[dict[str, Any]]:
    return [
        {"request": f"r{mark}{e.pk}", "entry": e.pk, "text": str(value), "origin": "pasted"}
        for e in cells
    ]


def send(client: Client, cells: list[Entry], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    body = {"round": cells[0].round_id, "axis": "unit", "rows": rows}
    answer = client.post(ADDRESS, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def noted() -> int:
    return LedgerEntry.objects.filter(event="figure.reported").count()


def test_a_paste_that_is_sent_again_adds_neither_figures_nor_ledger_entries(
    cells: list[Entry], house: House, as_user: AsUser
) -> None:
    client, rows = as_user(house.clerk), rows_for(cells)
    assert {a["status"] for a in send(client, cells, rows)} == {"saved"}
    figures, entries = Figure.objects.count(), noted()
    assert entries == len(cells)
    assert {a["status"] for a in send(client, cells, rows)} == {"saved"}
    assert (Figure.objects.count(), noted()) == (figures, entries)


def test_what_is_sent_again_late_does_not_undo_what_came_after(
    cells: list[Entry], house: House, as_user: AsUser
) -> None:
    client, cell = as_user(house.clerk), cells[:1]
    send(client, cell, rows_for(cell, 5, "first"))
    send(client, cell, rows_for(cell, 6, "second"))
    answer = send(client, cell, rows_for(cell, 5, "first"))[0]
    assert answer["status"] == "saved"
    assert answer["line"]["value"] == "6"


def test_two_rows_for_one_cell_are_both_kept_and_the_later_stands(
    cells: list[Entry], house: House, as_user: AsUser
) -> None:
    cell = cells[:1]
    rows = rows_for(cell, 5, "first") + rows_for(cell, 6, "second")
    answers = send(as_user(house.clerk), cell, rows)
    assert [a["status"] for a in answers] == ["saved", "saved"]
    assert answers[1]["line"]["value"] == "6"
    kept = Figure.objects.filter(indicator=cell[0].indicator, period="2026-10")
    assert [f.value for f in kept] == [Decimal(5), Decimal(6)]
    assert noted() == 2


def test_one_request_id_for_two_cells_is_refused(
    cells: list[Entry], house: House, as_user: AsUser
) -> None:
    rows = [row | {"request": "same"} for row in rows_for(cells[:2])]
    answers = send(as_user(house.clerk), cells, rows)
    assert [a["status"] for a in answers] == ["saved", "invalid"]
    assert noted() == 1


def test_thirty_rows_take_hardly_more_queries_than_one(cells: list[Entry], house: House) -> None:
    counts = []
    for some in (cells[:1], cells):
        with CaptureQueriesContext(connection) as seen:
            answers = save_rows(
                campaign=house.campaign, round_id=cells[0].round_id, axis="unit",
                rows=rows_for(some, 7, f"n{len(some)}-"), by=house.clerk,
            )  # fmt: skip
        assert {a["status"] for a in answers} == {"saved"}
        counts.append(len(seen))
    assert counts[0] <= 26
    assert counts[1] <= counts[0] + 4


def test_a_cell_that_changed_since_it_was_read_is_seen_as_it_is(
    cells: list[Entry], house: House
) -> None:
    held = Entry.objects.select_related("round", "reported").get(pk=cells[0].pk)
    untouched = Entry.objects.select_related("round", "reported").get(pk=cells[1].pk)
    actions.save_figure(entry=cells[0], value=Decimal(9), by=house.head)
    found = lock([held, untouched])
    assert found[held.pk] is held
    assert held.state == "draft"
    assert held.reported is not None
    assert held.reported.value == Decimal(9)
    assert held.changed_by == house.head
    assert untouched.state == "empty"


def test_a_round_that_was_closed_meanwhile_takes_no_figure(
    cells: list[Entry], house: House, as_user: AsUser
) -> None:
    round = cells[0].round
    round.state = "closed"
    round.save()
    answer = send(as_user(house.clerk), cells, rows_for(cells[:1]))[0]
    assert answer["status"] == "refused"
    assert noted() == 0
