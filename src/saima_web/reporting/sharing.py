"""One figure, several campaigns: what is confirmed or sent back in one stands so in all.

A figure belongs to unit x indicator x period. Campaigns that ask for the same one share it: a
confirmation settles their cells too, a return opens them again and tells their reviewers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from saima.periods import parse
from saima_web.audit.actions import Ledger
from saima_web.campaigns.queries import clock_of
from saima_web.people.models import User
from saima_web.reporting.checks import figure_period
from saima_web.reporting.models import Entry, Remark, Round
from saima_web.reporting.recording import figure_data, keep, locked, record

Key = tuple[int, int, str]
"""Unit id, indicator id, and the period that the figure speaks of."""


def key_of(entry: Entry) -> Key:
    """Which figure a cell asks for."""
    clock = clock_of(entry.round.campaign)
    period = figure_period(clock, parse(entry.round.period, clock), entry.indicator)
    return entry.unit_id, entry.indicator_id, period.text


def lock_all(entries: Iterable[Entry]) -> None:
    """Keep cells, and those elsewhere that share a figure with them, from others.

    In one order over all campaigns, before anything else is locked: two owners who settle the
    same figure at once, each in their own campaign, wait for one another instead of blocking.
    """
    here = list(entries)
    locked([*here, *_same_elsewhere(here)])


def elsewhere(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Each of some cells with every cell of another campaign that asks for the same figure."""
    here = {key_of(entry): entry for entry in entries}
    for other in locked(_same_elsewhere(entries)).values():
        if (entry := here.get(key_of(other))) is not None:
            yield entry, other


def _same_elsewhere(entries: Sequence[Entry]) -> Iterable[Entry]:
    """Cells of other campaigns whose units, indicators and periods these cells ask for."""
    here = {key_of(entry): entry for entry in entries}
    campaigns = {entry.round.campaign_id for entry in entries}
    rounds = Round.objects.exclude(campaign__in=campaigns).select_related("campaign")
    asked = {key[1:]: entry.indicator for key, entry in here.items()}
    same = [r.pk for r in rounds if any(_asks(r, text, x) for (_pk, text), x in asked.items())]
    return Entry.objects.filter(
        round__in=same, unit__in={key[0] for key in here}, indicator__in={key[1] for key in here}
    )


def _asks(round: Round, text: str, indicator: object) -> bool:
    clock = clock_of(round.campaign)
    return figure_period(clock, parse(round.period, clock), indicator).text == text  # type: ignore[arg-type]


def settle_elsewhere(entries: Iterable[Entry], by: User, at: datetime, ledger: Ledger) -> None:
    """The other campaigns take over what was confirmed: it is asked once and used by all."""
    settled = [entry for entry in entries if entry.confirmed is not None]
    for entry, other in elsewhere(settled) if settled else ():
        if other.confirmed_id == entry.confirmed_id:
            continue
        other.state, other.reason = "confirmed", ""
        other.reported, other.confirmed = entry.reported, entry.confirmed
        other.submitted_at = other.submitted_at or entry.submitted_at
        keep(other, by, at)
        assert entry.confirmed is not None
        data = figure_data(entry.confirmed)
        record(ledger, "figure.confirmed", other, confirmed_in=entry.round.campaign.code, **data)


def return_elsewhere(
    entries: Sequence[Entry], reason: str, by: User, at: datetime, ledger: Ledger
) -> None:
    """The other campaigns lose the confirmation too, in closed rounds as well; a remark says so.

    `entries` are cells that were confirmed until now, and have been sent back in their own rounds.
    """
    for entry, other in elsewhere(entries) if entries else ():
        if other.confirmed is None:
            continue
        words = {"campaign": entry.round.campaign.name, "reason": reason}
        text = _("“%(campaign)s”退回了这个数，本行动的核定同时撤销：%(reason)s") % words
        other.state, other.confirmed, other.reason = "returned", None, text[:300]
        keep(other, by, at)
        Remark.objects.create(entry=other, kind=Remark.Kind.SHARED, text=text, by=by, at=at)
        code = entry.round.campaign.code
        record(ledger, "figure.returned", other, personal=reason, returned_in=code)
