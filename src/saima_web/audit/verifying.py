"""Checking the chain: what was edited, deleted, inserted, reordered, cut off or hashed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from saima_web.audit import quick
from saima_web.audit.chain import START, digest_of
from saima_web.audit.models import Anchor, Entry, Head, Verification
from saima_web.base.clock import now

KINDS = {
    "edited": "内容被改动",
    "deleted": "条目被删除",
    "inserted": "条目是插入的",
    "reordered": "条目次序被调换",
    "truncated": "末尾被截断",
    "rehashed": "整段重新计算过，与已印发的锚点不符",
}

FIELDS = (
    "number", "at", "actor", "event", "campaign", "subject", "data", "personal_digest",
    "algorithm", "previous", "digest",
)  # fmt: skip
"""What an entry is made of, as rows and exports carry it."""

Row = Mapping[str, Any]
LeftOut = Mapping[int, int]
"""Entries that are known to hold, in order: after which one they begin, and the last of them."""

NOTHING: LeftOut = MappingProxyType({})


@dataclass(frozen=True)
class Break:
    """One place where the chain does not hold; `number` is the entry, `to` the last of a range."""

    kind: str
    number: int
    to: int = 0

    @property
    def sentence(self) -> str:
        where = (
            f"第{self.number}条" if self.to in (0, self.number) else f"第{self.number}—{self.to}条"
        )
        return f"{where}：{KINDS[self.kind]}"


@dataclass(frozen=True)
class Verdict:
    """How many entries were read, and every break found."""

    entries: int
    breaks: tuple[Break, ...]

    @property
    def sound(self) -> bool:
        return not self.breaks


@dataclass(frozen=True)
class Known:
    """What must be true of a chain: where it ends, and its digests at printed anchors.

    An anchor may be the beginning of a digest, as bulletins print it.
    """

    end: int
    digest: str
    anchors: Mapping[int, str]


def verify(read: Callable[[], Iterable[Row]], known: Known) -> Verdict:
    """Check a chain. `read` gives its rows from the start, twice if it is not sound.

    The first pass keeps nothing and stops at the first doubt; the second names every break.
    """
    number, previous = 0, START
    for row in read():
        number += 1
        if row["number"] != number or row["previous"] != previous or not own(row):
            return _examined(list(read()), known)
        previous = row["digest"]
        if not previous.startswith(known.anchors.get(number, "")):
            return _examined(list(read()), known)
    cut = max(known.anchors, default=0) > number
    if cut or number != known.end or (number and previous != known.digest):
        return _examined(list(read()), known)
    return Verdict(number, ())


def verify_database(
    printed: Mapping[int, str] | None = None,
    processes: int = 1,
    tell: quick.Tell = lambda *_: None,
) -> Verdict:
    """Check the database's chain, while others write to it. `printed` are anchors from paper."""
    anchors = dict(Anchor.objects.values_list("number", "digest")) | dict(printed or {})
    entries = quick.sound(anchors, processes, tell)
    if entries is not None:
        return Verdict(entries, ())
    known = known_of_database()
    known = Known(known.end, known.digest, {**known.anchors, **anchors})
    # of what holds by itself only the outermost entries are read, as neighbours of what does not
    left_out = {a: b - 1 for a, b in quick.quiet(known.end, known.anchors) if b - a > 1}
    return _examined(list(rows_up_to(known.end, left_out)), known, left_out)


def rows_up_to(end: int, left_out: LeftOut = NOTHING) -> Iterator[Row]:
    """The database's entries without those that were written since the chain ended at `end`."""
    for row in rows_of_database(left_out):
        if row["number"] > end and quick.ends()[0] >= row["number"]:
            return
        yield row


def _examined(rows: Sequence[Row], known: Known, left_out: LeftOut = NOTHING) -> Verdict:
    """Every break of a chain that does not hold."""
    found: list[Break] = [*_out_of_order(rows), *_twice(rows)]
    by_number = _chosen(rows)
    found += _missing(by_number, known, left_out)
    found += _shifted_or_edited(by_number)
    found += _loose(by_number, found)
    found += _unlike_anchors(by_number, known, found)
    unique = {(b.kind, b.number): b for b in found}
    entries = len(rows) + sum(to - after for after, to in left_out.items())
    return Verdict(entries, tuple(sorted(unique.values(), key=lambda b: (b.number, b.kind))))


def _out_of_order(rows: Sequence[Row]) -> Iterator[Break]:
    highest = 0
    numbers = {row["number"] for row in rows}
    for row in rows:
        if row["number"] < highest and len(numbers) == len(rows):
            yield Break("reordered", row["number"])
        highest = max(highest, row["number"])


def _twice(rows: Sequence[Row]) -> Iterator[Break]:
    seen: set[int] = set()
    for row in rows:
        if row["number"] in seen:
            yield Break("inserted", row["number"])
        seen.add(row["number"])


def _chosen(rows: Sequence[Row]) -> dict[int, Row]:
    """One row for each number: of two, the one that is whole and that the next entry names."""
    named = {row["previous"] for row in rows}
    chosen: dict[int, Row] = {}
    for row in rows:
        other = chosen.setdefault(row["number"], row)
        if other is not row and _better(row, named) >= _better(other, named):
            chosen[row["number"]] = row
    return dict(sorted(chosen.items()))


def _better(row: Row, named: set[str]) -> tuple[bool, bool]:
    return own(row), row["digest"] in named


def _missing(by_number: Mapping[int, Row], known: Known, left_out: LeftOut) -> Iterator[Break]:
    last = max(by_number, default=0)
    at = 0
    for number in by_number:
        at = left_out.get(at, at)
        if number > at + 1:
            yield Break("deleted", at + 1, number - 1)
        if known.end and number > known.end:
            yield Break("inserted", number)
        at = number
    end = max(known.end, max(known.anchors, default=0))
    if last < end:
        yield Break("truncated", last + 1, end)


def _shifted_or_edited(by_number: Mapping[int, Row]) -> Iterator[Break]:
    """Entries whose digest is not theirs: moved by one after an insertion or deletion, swapped
    with another, or edited."""
    wrong = {n: row for n, row in by_number.items() if not own(row)}
    shift = 0
    for number, row in wrong.items():
        if _digest(row, number - 1) == row["digest"] and not _was(wrong, number - 1, number):
            if shift != 1:
                yield Break("inserted", number - 1)
            shift = 1
        elif _digest(row, number + 1) == row["digest"] and _is_after(by_number, number):
            if shift != -1:
                yield Break("deleted", number)
            shift = -1
        else:
            shift = 0
            yield Break(_swapped(row, wrong), number)


def _is_after(by_number: Mapping[int, Row], number: int) -> bool:
    """Whether what follows is moved too (else two neighbours changed places)."""
    after = by_number.get(number + 1)
    return after is None or _digest(after, number + 2) == after["digest"]


def _was(wrong: Mapping[int, Row], number: int, other: int) -> bool:
    """Whether the entry at a number was hashed as another."""
    return number in wrong and bool(_digest(wrong[number], other) == wrong[number]["digest"])


def _swapped(row: Row, wrong: Mapping[int, Row]) -> str:
    others = list(wrong)[:200]
    return "reordered" if any(_digest(row, n) == row["digest"] for n in others) else "edited"


def _loose(by_number: Mapping[int, Row], found: Sequence[Break]) -> Iterator[Break]:
    """Links that do not hold though both entries are whole: the earlier was edited and re-hashed."""
    told = {b.number for b in found}
    before: Row | None = None
    for number, row in by_number.items():
        joined = before is not None and before["number"] == number - 1
        expected = before["digest"] if joined and before else START if number == 1 else None
        if expected is not None and row["previous"] != expected and own(row):
            earlier = number - 1
            if not told & {earlier, number} and (before is None or own(before)):
                yield Break("edited", max(earlier, 1))
        before = row


def _unlike_anchors(
    by_number: Mapping[int, Row], known: Known, found: Sequence[Break]
) -> Iterator[Break]:
    """Anchors that the chain does not pass, where it looks whole up to them."""
    points = dict(known.anchors)
    if known.end in by_number:
        points.setdefault(known.end, known.digest)
    for number, digest in sorted(points.items()):
        row = by_number.get(number)
        if row is not None and not row["digest"].startswith(digest):
            if not any(b.number <= number for b in found):
                yield Break("rehashed", number)
            return


def own(row: Row) -> bool:
    """Whether an entry's digest is that of its content."""
    return bool(_digest(row) == row["digest"])


def _digest(row: Row, number: int | None = None) -> str:
    return digest_of(
        number=row["number"] if number is None else number,
        **{f: row[f] for f in FIELDS if f not in ("number", "digest")},
    )


def rows_of_database(left_out: LeftOut = NOTHING) -> Iterator[Row]:
    """The entries of the database from the first on."""
    names = [f if f != "actor" else "actor_id" for f in FIELDS]
    entries = Entry.objects.order_by("number").values_list(*names)
    for after, to in zip([-1, *left_out.values()], [*left_out, 2**62], strict=True):
        part = entries.filter(number__gt=after, number__lte=to)
        for values in part.iterator(chunk_size=5000):
            yield dict(zip(FIELDS, values, strict=True))


def known_of_database() -> Known:
    """Where the database says that its chain ends, and the anchors that were printed."""
    head = Head.objects.filter(pk=1).first()
    anchors = dict(Anchor.objects.values_list("number", "digest"))
    return Known(head.number if head else 0, head.digest if head else "", anchors)


def verify_and_keep(at: datetime | None = None) -> Verdict:
    """Verify the database's chain and keep when and how it went, for every page's foot."""
    verdict = verify_database()
    Verification.objects.create(
        at=at or now(),
        entries=verdict.entries,
        sound=verdict.sound,
        breaks=[b.sentence for b in verdict.breaks[:100]],
    )
    return verdict
