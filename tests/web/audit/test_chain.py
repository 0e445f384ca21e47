"""Every way to bend the ledger is told apart; what is whole stays whole."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saima_web.audit.actions import writing
from saima_web.audit.chain import ALGORITHM, START, digest_of, moment_text
from saima_web.audit.exporting import read_header, read_rows, write
from saima_web.audit.models import Entry, Head, PersonalText
from saima_web.audit.verifying import (
    FIELDS,
    Known,
    Row,
    known_of_database,
    rows_of_database,
    verify,
)
from saima_web.base.clock import now

Rows = list[dict[str, Any]]


def chain_of(length: int) -> Rows:
    """A sound chain made without a database."""
    rows: Rows = []
    for number in range(1, length + 1):
        row = {
            "number": number, "at": now(), "actor": number % 3, "event": "figure.reported",
            "campaign": "race", "subject": f"E{number % 5}/revenue", "data": {"value": str(number)},
            "personal_digest": "", "algorithm": ALGORITHM,
            "previous": rows[-1]["digest"] if rows else START,
        }  # fmt: skip
        rows.append({**row, "digest": digest_of(**row)})
    return rows


def known_of(rows: Rows, anchors: tuple[int, ...] = ()) -> Known:
    return Known(len(rows), rows[-1]["digest"], {n: rows[n - 1]["digest"] for n in anchors})


def rehash(rows: Rows, start: int) -> None:
    """Hash everything anew from an index on, as somebody with the database could."""
    for k in range(start, len(rows)):
        rows[k]["previous"] = rows[k - 1]["digest"] if k else START
        rows[k]["digest"] = digest_of(**{f: rows[k][f] for f in FIELDS if f != "digest"})


def edit(rows: Rows, k: int) -> str:
    rows[k]["data"] = {"value": "999999"}
    return "edited"


def edit_and_hash_one(rows: Rows, k: int) -> str:
    rows[k]["data"] = {"value": "999999"}
    rows[k]["digest"] = digest_of(**{f: rows[k][f] for f in FIELDS if f != "digest"})
    return "edited"


def delete(rows: Rows, k: int) -> str:
    del rows[k]
    return "deleted"


def delete_and_renumber(rows: Rows, k: int) -> str:
    del rows[k]
    for n, row in enumerate(rows, 1):
        row["number"] = n
    return "deleted"


def insert_and_renumber(rows: Rows, k: int) -> str:
    new = copy.deepcopy(rows[k])
    new["data"] = {"value": "1"}
    rows.insert(k, new)
    for n, row in enumerate(rows, 1):
        row["number"] = n
    new["digest"] = digest_of(**{f: new[f] for f in FIELDS if f != "digest"})
    return "inserted"


def insert_beside(rows: Rows, k: int) -> str:
    new = copy.deepcopy(rows[k])
    new["data"] = {"value": "1"}
    rows.insert(k + 1, new)
    return "inserted"


def swap_lines(rows: Rows, k: int) -> str:
    rows[k], rows[k + 1] = rows[k + 1], rows[k]
    return "reordered"


def swap_contents(rows: Rows, k: int) -> str:
    swap_lines(rows, k)
    rows[k]["number"], rows[k + 1]["number"] = rows[k + 1]["number"], rows[k]["number"]
    return "reordered"


def cut(rows: Rows, k: int) -> str:
    del rows[k:]
    return "truncated"


TAMPERING = (
    edit, edit_and_hash_one, delete, delete_and_renumber, insert_and_renumber, insert_beside,
    swap_lines, swap_contents, cut,
)  # fmt: skip


def kinds(rows: Rows, known: Known) -> set[str]:
    return {b.kind for b in verify(lambda: rows, known).breaks}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda f: f.__name__)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_tampering_is_named(tamper: Callable[[Rows, int], str], data: st.DataObject) -> None:
    length = data.draw(st.integers(6, 30))
    rows = chain_of(length)
    known = known_of(rows)
    expected = tamper(rows, data.draw(st.integers(2, length - 3)))
    found = kinds(rows, known)
    assert expected in found
    if tamper not in (delete_and_renumber,):  # the end is missing there too
        assert found == {expected}


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 30), st.data())
def test_a_full_rehash_is_told_by_an_anchor_alone(length: int, data: st.DataObject) -> None:
    rows = chain_of(length)
    at = data.draw(st.integers(2, length))
    known = known_of(rows, anchors=(at,))
    k = data.draw(st.integers(0, at - 1))
    rows[k]["data"] = {"value": "-1"}
    rehash(rows, k)
    known = Known(length, rows[-1]["digest"], known.anchors)  # the head was hashed anew as well
    assert kinds(rows, known) == {"rehashed"}
    assert kinds(rows, Known(length, rows[-1]["digest"], {})) == set()


def test_a_sound_chain_is_sound() -> None:
    rows = chain_of(50)
    assert verify(lambda: rows, known_of(rows, (10, 50))).sound
    assert verify(list, Known(0, "", {})).sound


def note(number: int) -> None:
    with writing(None) as ledger:
        ledger.record("test.noted", f"thing/{number}", personal=f"某人{number}", value=str(number))


def test_writing_chains_in_the_database(db: None) -> None:
    for number in range(5):
        note(number)
    assert verify(rows_of_database, known_of_database()).sound
    Entry._base_manager.filter(number=3).update(data={"value": "7"})
    breaks = verify(rows_of_database, known_of_database()).breaks
    assert [(b.kind, b.number) for b in breaks] == [("edited", 3)]
    assert breaks[0].sentence == "第3条：内容被改动"


def test_nothing_is_noted_of_what_did_not_happen(db: None) -> None:
    note(0)
    with pytest.raises(ZeroDivisionError), writing(None) as ledger:
        ledger.record("test.failed")
        raise ZeroDivisionError
    assert Head.objects.get().number == 1
    assert not Entry.objects.filter(event="test.failed").exists()


def test_an_inner_failure_leaves_only_the_outer_entries(db: None) -> None:
    with writing(None) as outer:
        outer.record("outer")
        with pytest.raises(ZeroDivisionError), writing(None) as inner:
            inner.record("inner")
            raise ZeroDivisionError
    assert list(Entry.objects.values_list("event", flat=True)) == ["outer"]


def test_erasing_words_leaves_the_chain_whole(db: None) -> None:
    note(1)
    PersonalText.objects.update(text="", salt="", erased_at=now())
    assert verify(rows_of_database, known_of_database()).sound


def test_an_export_verifies_without_the_database(db: None, tmp_path: Path) -> None:
    for number in range(4):
        note(number)
    path = tmp_path / "账本.jsonl"
    with path.open("w", encoding="utf-8") as out:
        assert write(out) == 4
    assert verify(lambda: read_rows(path), read_header(path)).sound
    lines = path.read_text(encoding="utf-8").splitlines()
    bent = json.loads(lines[2]) | {"actor": 1}
    path.write_text("\n".join([*lines[:2], json.dumps(bent), *lines[3:]]), encoding="utf-8")
    found = verify(lambda: read_rows(path), read_header(path)).breaks
    assert [(b.kind, b.number) for b in found] == [("edited", 2)]
    assert "某人" not in path.read_text(encoding="utf-8")


def test_moments_read_the_same_from_text() -> None:
    row: Row = chain_of(1)[0]
    assert moment_text(row["at"]).endswith("+00:00")
