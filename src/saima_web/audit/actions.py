"""Writing: a transaction whose ledger entries are chained at its very end."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from saima_web.audit.chain import ALGORITHM, START, digest_of, personal_digest
from saima_web.audit.models import Anchor, Entry, Head, PersonalText
from saima_web.base.clock import now

READ_HEAD = "SELECT number, digest FROM audit_head WHERE id = 1"
LOCK_HEAD = f"{READ_HEAD} FOR UPDATE"
MOVE_HEAD = "UPDATE audit_head SET number = %s, digest = %s WHERE id = 1"
"""Written out: every writer waits for whoever holds the head, and these take half the time."""


@dataclass
class Note:
    """What an action wants recorded: the event, whom it concerns, plain data, personal words."""

    actor: Any
    event: str
    campaign: str
    subject: str
    data: dict[str, Any]
    personal: str


@dataclass
class Ledger:
    """Collects the notes of one transaction. Use `writing(by)` to get one."""

    by: Any
    notes: list[Note] = field(default_factory=list)

    def record(
        self, event: str, subject: str = "", *, campaign: str = "", personal: str = "", **data: Any
    ) -> None:
        """Note an event, e.g. `ledger.record("figure.reported", "E1/revenue/2026-10", value="5")`.

        `data` must be JSON (numbers as text where they are decimals); `personal` may be erased
        later and stands outside the chain.
        """
        self.notes.append(Note(self.by, event, campaign, subject, data, personal))


@contextmanager
def writing(by: Any) -> Iterator[Ledger]:
    """One transaction and its ledger entries. Nested uses join the outermost one.

    `by` is the acting user, None for the platform itself. If the block raises, neither the rows
    nor the entries remain.
    """
    outer: list[Note] | None = getattr(connection, "saima_notes", None)
    ledger = Ledger(by)
    if outer is not None:
        with transaction.atomic():
            yield ledger
        outer.extend(ledger.notes)
        return
    connection.saima_notes = ledger.notes  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield ledger
            chain(ledger.notes)
    finally:
        connection.saima_notes = None  # type: ignore[attr-defined]


def anchor(*, printed_in: str, by: Any) -> Anchor:
    """Keep the chain's present end, as a bulletin is about to print it."""
    with writing(by) as ledger:
        head = Head.objects.filter(pk=1).first() or Head()
        made = Anchor.objects.create(
            number=head.number, digest=head.digest or START, at=now(), printed_in=printed_in
        )
        ledger.record("chain.anchored", printed_in, number=made.number, digest=made.digest)
    return made


def chain(notes: list[Note]) -> None:
    """Append notes to the chain; the head row is locked until the transaction ends."""
    if not notes:
        return
    head = _locked_head()
    previous, number, at = head.digest or START, head.number, now()
    entries: list[Entry] = []
    texts: list[PersonalText] = []
    for note in notes:
        number += 1
        salt = secrets.token_hex(16) if note.personal else ""
        entry = Entry(
            number=number,
            at=at,
            actor_id=getattr(note.actor, "pk", None),
            event=note.event,
            campaign=note.campaign,
            subject=note.subject,
            data=note.data,
            personal_digest=personal_digest(salt, note.personal) if note.personal else "",
            algorithm=ALGORITHM,
            previous=previous,
        )
        entry.digest = previous = digest_of_entry(entry)
        entries.append(entry)
        if note.personal:
            texts.append(PersonalText(entry=entry, salt=salt, text=note.personal))
    Entry.objects.bulk_create(entries, batch_size=500)
    if texts:
        PersonalText.objects.bulk_create(texts, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_HEAD, (number, previous))


def _locked_head() -> Head:
    """The head, kept from others until the transaction ends; the first writer makes it."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HEAD if connection.features.has_select_for_update else READ_HEAD)
        found = cursor.fetchone()
    if found is None:
        Head.objects.get_or_create(pk=1)
        return Head.objects.select_for_update().get(pk=1)
    return Head(pk=1, number=found[0], digest=found[1])


def digest_of_entry(entry: Entry) -> str:
    """The digest that an entry's own content gives."""
    return digest_of(
        number=entry.number,
        at=entry.at,
        actor=entry.actor_id,
        event=entry.event,
        campaign=entry.campaign,
        subject=entry.subject,
        data=entry.data,
        personal_digest=entry.personal_digest,
        algorithm=entry.algorithm,
        previous=entry.previous,
    )
