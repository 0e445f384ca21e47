"""What all writing on cells shares: rows locked, the workflow's step, the ledger's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.periods import parse
from saima.problems import Place, Refused
from saima.workflows.submission import SUBMISSION
from saima_web.audit.actions import Ledger
from saima_web.base.fields import canonical
from saima_web.base.prepared import prepared
from saima_web.campaigns.queries import clock_of
from saima_web.indicators.models import Definition, Indicator
from saima_web.people.models import Role, User
from saima_web.people.permissions import below, posts_of
from saima_web.reporting import refusals
from saima_web.reporting.checks import figure_period
from saima_web.reporting.models import Entry, Figure, Round
from saima_web.reporting.refusals import EVENTS, STATES, cell_name, stop
from saima_web.reporting.tallies import forget_tallies
from saima_web.ui.templatetags.saima import period

RELATED = (
    "round__campaign", "unit", "indicator__data_owner", "indicator__lead_unit", "reported",
    "confirmed", "changed_by",
)  # fmt: skip
FIGURES = ("reported", "confirmed", "changed_by")
MISSING_WORDS = {
    "not-applicable": gettext_lazy("不适用"),
    "below-unit": gettext_lazy("不足最小单位"),
    "unknown": gettext_lazy("不详"),
    "excluded": gettext_lazy("不计"),
    "not-reported": gettext_lazy("未报"),
}


def locked(entries: Iterable[Entry]) -> dict[int, Entry]:
    """The rows of some cells as they are now, kept from others until the transaction ends."""
    ids = {e.pk for e in entries}
    list(Entry.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    return {e.pk: e for e in Entry.objects.filter(pk__in=ids).select_related(*RELATED)}


def lock(entries: Iterable[Entry]) -> dict[int, Entry]:
    """Cells that were read before, kept from others as `locked` does.

    Those that somebody changed since they were read are read anew; the same objects stand for
    them, so that whoever holds one sees what is there.
    """
    known = {e.pk: e for e in entries}
    stale = []
    for pk, *seen, state in _locking(known):
        entry = known[pk]
        entry.round.state = state
        if seen != [entry.state, entry.reported_id, entry.confirmed_id, entry.changed_at]:
            stale.append(pk)
    if stale:
        _read_anew(known, stale)
    return known


@prepared
def _locking(ids: Any) -> QuerySet[Entry, Any]:
    fields = ("pk", "state", "reported_id", "confirmed_id", "changed_at", "round__state")
    rows = Entry.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return rows.values_list(*fields)


def _read_anew(known: Mapping[int, Entry], stale: Iterable[int]) -> None:
    for fresh in Entry.objects.filter(pk__in=stale).select_related(*FIGURES):
        for name in ("state", "reason", "late", "changed_at", *FIGURES):
            setattr(known[fresh.pk], name, getattr(fresh, name))


def require_open(round: Round) -> None:
    """Refuse what comes before a round is opened or after it is closed."""
    if round.state != Round.State.OPEN:
        state = round.get_state_display()
        stop(refusals.ROUND_NOT_OPEN, period=period(round.period), state=state)


def step(entry: Entry, event: str) -> str:
    """The state after an event; a refusal names the cell, in the language of the page."""
    try:
        return SUBMISSION.step(entry.state, event)
    except Refused as error:
        possible = [str(EVENTS[e]) for e in SUBMISSION.events_at(entry.state)]
        words = {
            "state": STATES[entry.state],
            "event": EVENTS[event],
            "hint": _("现在可以：%(events)s。") % {"events": "、".join(possible)},
        }
        place = Place(path=cell_name(entry))
        raise Refused(replace(error.problem, place=place, values=words)) from None


def keep(entry: Entry, by: User, at: datetime) -> None:
    """Save a cell with who changed it and when."""
    entry.changed_by, entry.changed_at = by, at
    entry.save()
    forget_tallies([entry])


def keep_all(entries: Sequence[Entry], by: User, at: datetime) -> None:
    """Save the state and the figure given in some cells with who changed them and when."""
    forget_tallies(entries)
    for entry in entries:
        entry.changed_by, entry.changed_at = by, at
    fields = ("state", "reported", "confirmed", "changed_by", "changed_at")
    if len(entries) == 1:
        entries[0].save(update_fields=fields)
        return
    for state in {e.state for e in entries}:  # what is alike goes together: a CASE a cell is slow
        alike = Entry.objects.filter(pk__in=[e.pk for e in entries if e.state == state])
        alike.update(state=state, changed_by=by, changed_at=at)
    provided = [e for e in entries if e.indicator.provider == Indicator.Provider.OWNER]
    given = [e for e in entries if e.indicator.provider != Indicator.Provider.OWNER]
    for rows, field in ((given, "reported"), (provided, "confirmed")):
        Entry.objects.bulk_update(rows, [field], batch_size=500)


def subject_of(entry: Entry) -> str:
    """A cell as the ledger names it: E1/revenue/2026-10."""
    return f"{entry.unit.code}/{entry.indicator.code}/{entry.round.period}"


def record(ledger: Ledger, event: str, entry: Entry, *, personal: str = "", **data: Any) -> None:
    """Note an event of a cell."""
    campaign = entry.round.campaign.code
    ledger.record(event, subject_of(entry), campaign=campaign, personal=personal, **data)


def figure_data(figure: Figure) -> dict[str, Any]:
    """What the ledger keeps of a figure."""
    data: dict[str, Any] = {"figure": figure.pk, "source": figure.source}
    if figure.value is not None:
        data["value"] = canonical(figure.value)
    if figure.missing or figure.grade:
        data |= {"missing": figure.missing, "grade": figure.grade}
    return data | ({"on_behalf": True} if figure.on_behalf else {})


def figure_words(figure: Figure | None) -> str:
    """A figure in a sentence: its number, its grade, or which kind of nothing."""
    if figure is None or figure.withdrawn:
        return _("未报")
    if figure.value is not None:
        return canonical(figure.value)
    return figure.grade or str(MISSING_WORDS.get(figure.missing, MISSING_WORDS["not-reported"]))


Versions = dict[int, list[tuple[int, str]]]
"""The definitions of indicators by their ids: number and since when, in order."""


def versions_of(entries: Iterable[Entry]) -> Versions:
    """The definitions of what some cells ask for, as `place_of` wants them."""
    found: Versions = {}
    for indicator, version, effective in _versions({e.indicator_id for e in entries}):
        found.setdefault(indicator, []).append((version, effective))
    return found


@prepared
def _versions(indicators: Any) -> QuerySet[Definition, Any]:
    rows = Definition.objects.filter(indicator__in=indicators).order_by("version")
    return rows.values_list("indicator_id", "version", "effective")


def place_of(entry: Entry, versions: Versions) -> dict[str, Any]:
    """Where a cell's figures stand: unit, indicator, period and the definition in force."""
    round, indicator = entry.round, entry.indicator
    clock = clock_of(round.campaign)
    at = parse(round.period, clock)
    begun = [
        number for number, since in versions.get(indicator.pk, ())
        if not since or parse(since, clock).start <= at.end
    ]  # fmt: skip
    return {
        "unit": entry.unit, "indicator": indicator, "definition": begun[-1] if begun else 1,
        "period": figure_period(clock, at, indicator).text,
    }  # fmt: skip


def own_units(by: User) -> set[int]:
    """The units a person belongs to: by account and by every post."""
    return {p.unit_id for p in posts_of(by) if p.unit_id} | ({by.unit_id} if by.unit_id else set())


def reported_units(by: User) -> set[int]:
    """The units a person reports for, and the own ones: on these one decides nothing."""
    found = own_units(by)
    for post in posts_of(by):
        if post.role in (Role.CLERK, Role.HEAD) and post.unit_id:
            found |= below(post.unit_id)
    return found
