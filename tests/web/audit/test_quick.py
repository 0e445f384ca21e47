"""The database's chain under many writers and as it is verified quickly: one chain, no false alarm."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from saima_web.audit import quick
from saima_web.audit.actions import Note, anchor, chain, writing
from saima_web.audit.chain import ALGORITHM, START, digest_of
from saima_web.audit.models import Entry, Head, Verification
from saima_web.audit.verifying import (
    Break,
    Verdict,
    known_of_database,
    rows_of_database,
    verify,
    verify_and_keep,
    verify_database,
)
from saima_web.base.clock import now
from tests.web.audit.test_chain import (
    Rows,
    delete_and_renumber,
    edit_and_hash_one,
    insert_and_renumber,
    swap_contents,
)
from tests.web.audit.test_chain import cut as cut_rows
from tests.web.audit.test_chain import delete as delete_row
from tests.web.audit.test_chain import edit as edit_row

ROOT = Path(__file__).parents[3]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def note(number: int, **data: Any) -> None:
    with writing(None) as ledger:
        ledger.record("test.noted", f"单位{number}/revenue", value=str(number), **data)


@settings(max_examples=300, deadline=None)
@given(data=st.dictionaries(st.text(), JSON, max_size=4), subject=st.text())
def test_whatever_may_be_recorded_passes_and_nothing_else(data: Any, subject: str) -> None:
    try:
        stored = json.dumps(data).encode().decode()
        content: dict[str, Any] = {
            "number": 1, "at": now(), "actor": 3, "event": "test.noted", "campaign": "race",
            "subject": subject, "data": data, "personal_digest": "", "algorithm": ALGORITHM,
            "previous": START,
        }  # fmt: skip
        digest = digest_of(**content)
    except UnicodeEncodeError:  # half a surrogate: no database takes it
        return
    at = content["at"].strftime("%Y-%m-%d %H:%M:%S.%f")
    row = (3, ALGORITHM, at, "race", stored, "test.noted", 1, "", START, subject, digest)
    assert quick._passed([row], 0, START, {}) == (1, digest)
    bent = (*row[:9], subject + "改", digest)
    assert quick._passed([bent], 0, START, {}) is None


def delete(number: int) -> None:
    Entry._base_manager.filter(number=number).delete()


def edit(number: int) -> None:
    Entry._base_manager.filter(number=number).update(data={"value": "7"})


def cut(number: int) -> None:
    Entry._base_manager.filter(number__gte=number).delete()


def cut_with_head(number: int) -> None:
    last = Entry.objects.get(number=number - 1)
    cut(number)
    Head.objects.update(number=last.number, digest=last.digest)


def add_past_the_head(number: int) -> None:
    head = Head.objects.get()
    note(99)
    Head.objects.update(number=head.number, digest=head.digest)


def forge_the_head(number: int) -> None:
    Head.objects.update(digest="f" * 64)


def hash_anew(number: int) -> None:
    rows = list(Entry.objects.order_by("number"))
    Head.objects.update(number=0, digest="")
    Entry._base_manager.all().delete()
    for row in rows:
        data = {"value": "7"} if row.number == number else row.data
        chain([Note(row.actor, row.event, row.campaign, row.subject, data, "")])


@pytest.mark.parametrize(
    ("bend", "kind"),
    [
        (edit, "edited"), (delete, "deleted"), (cut, "truncated"), (cut_with_head, "truncated"),
        (add_past_the_head, "inserted"), (forge_the_head, "rehashed"), (hash_anew, "rehashed"),
    ],
)  # fmt: skip
def test_bending_the_database_is_named(
    db: None, bend: Callable[[int], None], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "PIECE", 4)
    for number in range(9):
        note(number)
    anchor(printed_in="示例通报第1期", by=None)
    assert verify_database().sound
    bend(5)
    assert kind in {b.kind for b in verify_database().breaks}
    assert not verify_and_keep().sound
    assert not Verification.objects.first().sound  # type: ignore[union-attr]


def test_an_anchor_past_the_end_shows_that_the_end_is_missing_in_an_export_too(db: None) -> None:
    for number in range(5):
        note(number)
    anchor(printed_in="示例通报第1期", by=None)
    cut_with_head(4)
    found = verify(rows_of_database, known_of_database()).breaks
    assert [(b.kind, b.number, b.to) for b in found] == [("truncated", 4, 5)]


def test_an_anchor_from_paper_is_held_against_the_database(db: None) -> None:
    for number in range(3):
        note(number)
    digest = Entry.objects.get(number=2).digest
    assert verify_database({2: digest[:16]}).sound
    assert [b.kind for b in verify_database({2: "0" * 16}).breaks] == ["rehashed"]
    assert [b.kind for b in verify_database({7: "0" * 16}).breaks] == ["truncated"]


Bend = Callable[[Rows, int], str]
FAR = 10**15
"""A number up to which nobody counts."""


def move_far_away(rows: Rows, k: int) -> str:
    rows[k]["number"] = FAR
    rows.append(rows.pop(k))
    return "inserted"


BENDS: tuple[Bend, ...] = (
    edit_row, edit_and_hash_one, delete_row, delete_and_renumber, insert_and_renumber,
    swap_contents, cut_rows, move_far_away,
)  # fmt: skip


def put(rows: Rows) -> None:
    """Lay these entries into the table instead of what is there; the head stays."""
    Entry._base_manager.all().delete()
    named = [{"actor_id" if f == "actor" else f: v for f, v in row.items()} for row in rows]
    Entry.objects.bulk_create(Entry(**row) for row in named)


def chain_in_pieces(length: int, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """A chain in the database that is read by four, and handed out by eight."""
    monkeypatch.setattr(quick, "PIECE", 4)
    monkeypatch.setattr(quick, "LONG", 8)
    for number in range(length):
        note(number)
    return [dict(row) for row in rows_of_database()]


def told_alike(whole: Rows, bend: Bend, k: int, processes: int) -> None:
    """A chain bent at an index is told as reading every entry slowly tells it."""
    rows = copy.deepcopy(whole)
    bend(rows, k)
    put(rows)
    slow = verify(rows_of_database, known_of_database())
    assert not slow.sound
    assert verify_database(processes=processes) == slow, k


@pytest.mark.parametrize("bend", BENDS)
def test_what_is_left_out_of_the_slow_reading_changes_no_word(
    db: None, bend: Bend, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain_in_pieces(18, monkeypatch)
    anchor(printed_in="示例通报第1期", by=None)
    whole = [dict(row) for row in rows_of_database()]
    for k in range(17):
        told_alike(whole, bend, k, processes=1)


def test_an_edit_far_from_the_end_is_named_without_reading_the_rest_slowly(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain_in_pieces(40, monkeypatch)
    edit(17)
    quiet = quick.quiet(40, {})
    assert quiet == [(1, 16), (21, 39)]
    assert verify_database() == Verdict(40, (Break("edited", 17),))


@pytest.mark.django_db(transaction=True)
def test_stretches_passed_at_once_are_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = chain_in_pieces(26, monkeypatch)
    assert verify_database(processes=3) == Verdict(26, ())
    for bend in BENDS:
        for k in (7, 8, 15, 16):  # the last entry of a stretch and the first of the next
            told_alike(whole, bend, k, processes=3)
    put(whole)
    assert verify_database(processes=3) == Verdict(26, ())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", [1, 3])
def test_an_end_forged_far_away_is_told_without_counting_up_to_it(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain_in_pieces(26, monkeypatch)
    Head.objects.update(number=FAR)
    assert verify_database(processes=processes) == Verdict(26, (Break("truncated", 27, FAR),))


def test_a_piece_reads_no_other_entries_in_a_table_that_postgresql_has_not_counted_yet(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL plans by what it has counted")
    chain_in_pieces(26, monkeypatch)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        for way in ("indexscan", "seqscan"):  # as it plans a range of a table that it does not know
            cursor.execute(f"SET LOCAL enable_{way} = off")
        assert sum(len(piece) for piece in quick._pieces(0, 26)) == 26
    selects = [q["sql"] for q in asked.captured_queries if "previous" in q["sql"]]
    assert [_most_read(select) for select in selects] == [4, 4, 4, 4, 4, 4, 2]


def _most_read(select: str) -> int:
    """How many rows the step that reads most of them takes from the table or sorts."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {select}")
        ((plan,),) = cursor.fetchone()
    steps = [plan["Plan"]]
    for step in steps:
        steps += step.get("Plans", [])
    return max(int(step["Actual Rows"]) for step in steps)


@pytest.mark.django_db(transaction=True)
def test_where_no_process_can_be_started_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    chain_in_pieces(26, monkeypatch)
    monkeypatch.setattr(os, "fork", full)
    assert verify_database(processes=3) == Verdict(26, ())
    edit(9)
    assert verify_database(processes=3) == Verdict(26, (Break("edited", 9),))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", [1, 3])
def test_how_far_it_is_is_told(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chain_in_pieces(26, monkeypatch)
    told: list[tuple[int, int]] = []
    verify_database(processes=processes, tell=lambda passed, of: told.append((passed, of)))
    assert told[:3] == [(8, 26), (16, 26), (24, 26)]
    assert told[-1] == (26, 26)


def test_an_empty_chain_is_sound(db: None) -> None:
    assert verify_database().sound
    assert verify_database().entries == 0


WRITER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from saima_web.audit.actions import writing
from saima_web.people.models import Unit
for number in range(int(sys.argv[3])):
    with writing(None) as ledger:
        Unit.objects.create(code=f"W{sys.argv[2]}-{number}", name="示例单位")
        ledger.record("test.noted", f"{sys.argv[2]}/{number}", personal="某人", value=str(number))
        ledger.record("test.noted-too", f"{sys.argv[2]}/{number}")
"""


@pytest.mark.django_db(transaction=True)
def test_writers_in_many_processes_keep_one_chain_which_verifies_while_it_grows() -> None:
    name = str(connection.settings_dict["NAME"])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(k), "40"], cwd=ROOT,
            env=_environment(), stderr=subprocess.PIPE, text=True,
        )
        for k in range(4)
    ]  # fmt: skip
    seen = []
    while any(w.poll() is None for w in writers):
        verdict = verify_database()
        assert verdict.sound, verdict.breaks[:5]
        seen.append(verdict.entries)
    assert [w.communicate()[1] for w in writers if w.wait()] == []
    assert verify_database().entries == 4 * 40 * 2
    assert sorted(seen) == seen
    assert len(set(seen)) > 3, "verified while it grew"
    subjects = Entry.objects.filter(event="test.noted").values_list("subject", flat=True)
    assert sorted(subjects) == sorted(f"{k}/{n}" for k in range(4) for n in range(40))


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.web.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
