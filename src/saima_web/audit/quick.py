"""Passing over the database's chain quickly: in pieces, without a transaction, at some µs an entry.

It only says whether the chain is sound, and which stretches are; what is wrong with it is for
`verifying` to name. No snapshot is shared by the processes: an entry never changes and none comes
before the end that was read first, so whenever a stretch is read, it is what a snapshot would show.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from hashlib import sha256
from itertools import repeat
from multiprocessing import get_context
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Min

from saima_web.audit.chain import START, canonical
from saima_web.audit.models import Entry, Head

PIECE = 5000
"""So many entries are read at once: a writer never waits, no snapshot is held for long."""


class Body(msgspec.Struct):
    """What is hashed of an entry, in the order of canonical JSON."""

    actor: int | None
    algorithm: str
    at: str
    campaign: str
    data: Any
    event: str
    number: int
    personal_digest: str
    previous: str
    subject: str


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode


End = tuple[int, str]
"""An entry's number and digest: where a stretch of the chain ends and the next begins."""

LONG = 50_000
"""So many entries are worth handing to another process at once."""

Tell = Callable[[int, int], None]
"""Told how many entries were passed, of how many."""


def sound(
    anchors: Mapping[int, str], processes: int = 1, tell: Tell = lambda *_: None
) -> int | None:
    """How many entries the chain has where it is sound to its end, None at the first doubt.

    What is written meanwhile is read too: entries are only ever added at the end. More than one
    process is for commands: they fork.
    """
    last: End | None = (0, START)
    if processes > 1:
        last = _in_parallel(anchors, processes, tell)
    while last is not None:
        last = _stretch(last, last[0] + LONG, anchors)
        if last is None:
            return None
        end, digest, highest = ends()
        tell(last[0], end)
        if end == highest == last[0]:
            whole = digest == (last[1] if end else "") and end >= max(anchors, default=0)
            return end if whole else None
        if end != highest or end < last[0] or not _exists(last[0] + 1):
            return None
    return None


def _in_parallel(anchors: Mapping[int, str], processes: int, tell: Tell) -> End | None:
    """Where the chain stands after stretches that were passed at once, None at a doubt.

    Each begins after the entry at which the one before must end. Where the system starts no
    processes nothing is passed.
    """
    end, last = ends()[0], (0, START)
    bounds = range(0, end, LONG)
    if len(bounds) < 2:
        return last
    starts = _starts(bounds)
    if len(starts) < len(bounds):
        return None
    connection.close()  # a child must not share it
    try:
        with _pool(min(processes, len(bounds))) as pool:
            found = pool.map(_stretch, starts, [*bounds[1:], end], repeat(anchors))
            for start, stop in zip(starts, found, strict=True):
                if stop is None or start != last:
                    return None
                last = stop
                tell(last[0], end)
    except (OSError, ValueError, ImportError, BrokenProcessPool):
        return 0, START
    return last


def _pool(processes: int) -> ProcessPoolExecutor:
    """Children that make much and keep nothing, which need not be looked through for garbage."""
    return ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=gc.disable)


def quiet(end: int, anchors: Mapping[int, str]) -> list[tuple[int, int]]:
    """The stretches before an entry that hold by themselves: the first and last number of each."""
    found: list[tuple[int, int]] = []
    last = (0, START)
    for piece in _pieces(0, end - 1):
        passed = _passed(piece, *last, anchors)
        if passed and found and found[-1][1] == last[0]:
            found[-1] = (found[-1][0], passed[0])
        elif passed:
            found.append((last[0] + 1, passed[0]))
        last = passed or (piece[-1][6], piece[-1][10])
    return found


def _starts(bounds: range) -> list[End]:
    """The entries after which stretches begin, up to the first that is missing: a forged head may
    promise any number of them."""
    starts = [(0, START)]
    for number in bounds[1:]:
        row = Entry.objects.filter(number=number).values_list("number", "digest").first()
        if row is None:
            break
        starts.append(row)
    return starts


def _stretch(last: End, stop: int, anchors: Mapping[int, str]) -> End | None:
    """The end of a stretch that begins after an entry, up to `stop`, None at a doubt."""
    for piece in _pieces(last[0], stop):
        passed = _passed(piece, *last, anchors)
        if passed is None:
            return None
        last = passed
    return last


def ends() -> tuple[int, str, int]:
    """The head's number and digest and the highest entry's number, all of one moment."""
    head, entry = (connection.ops.quote_name(m._meta.db_table) for m in (Head, Entry))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT number FROM {head} WHERE id = 1), "
            f"(SELECT digest FROM {head} WHERE id = 1), (SELECT max(number) FROM {entry})"
        )
        number, digest, highest = cursor.fetchone()
    return number or 0, digest or "", highest or 0


def _exists(number: int) -> bool:
    return Entry.objects.filter(number=number).exists()


def _pieces(after: int, stop: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The entries above a number, to another, in pieces: each field of Body, then the digest.

    A piece is asked for by its first and last number, not by a LIMIT: a database that does not yet
    know how many entries it has (after a restore) would read and sort all up to `stop` each time.
    """
    select = _select()
    while (first := _first(after, stop)) is not None:
        after = min(first + PIECE - 1, stop)
        with connection.cursor() as cursor:
            cursor.execute(select, [first, after])
            yield cursor.fetchall()


def _first(after: int, stop: int) -> int | None:
    """The lowest number above one, to another: there may be a gap."""
    numbers = Entry.objects.filter(number__gt=after, number__lte=stop)
    lowest: int | None = numbers.aggregate(first=Min("number"))["first"]
    return lowest


def _select() -> str:
    """The moment and the data as text, as the database has them."""
    at, data = "CAST(at AS TEXT)", "data"
    if connection.vendor == "postgresql":
        at, data = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""", "data::text"
    return (
        f"SELECT actor_id, algorithm, {at}, campaign, {data}, event, number, personal_digest,"
        f" previous, subject, digest FROM {connection.ops.quote_name(Entry._meta.db_table)}"
        " WHERE number BETWEEN %s AND %s ORDER BY number"
    )


def _passed(
    piece: Sequence[tuple[Any, ...]], number: int, previous: str, anchors: Mapping[int, str]
) -> End | None:
    """The number and digest of a piece's last entry, None where one of them is in doubt."""
    for (
        actor,
        algorithm,
        at,
        campaign,
        data,
        event,
        own,
        personal,
        before,
        subject,
        digest,
    ) in piece:
        number += 1
        if own != number or before != previous:
            return None
        try:
            read = _decode(data)
        except (msgspec.DecodeError, TypeError):
            return None
        body = Body(
            actor, algorithm, _moment(at), campaign, read, event, own, personal, before, subject
        )
        if sha256(_encode(body)).hexdigest() != digest and _slowly(body) != digest:
            return None
        previous = digest
        if number in anchors and not digest.startswith(anchors[number]):
            return None
    return number, previous


def _moment(text: str) -> str:
    """`chain.moment_text` of what the database wrote: SQLite leaves out a zero fraction."""
    if len(text) == 19:
        text += ".000000"
    return text.replace(" ", "T") + "+00:00"


def _slowly(body: Body) -> str:
    """The digest of the text that the chain was made with: some floats are spelt otherwise."""
    return sha256(canonical(msgspec.structs.asdict(body))).hexdigest()
