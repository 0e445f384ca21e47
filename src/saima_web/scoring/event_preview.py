"""What an event would do before it is registered: scored with it and without, nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from msgspec import structs

from saima.campaigns import Event
from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring, result
from saima.scoring.additions import rule_for
from saima.scoring.engine import prepared, score_cube
from saima.scoring.result import Result, UnitResult
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import period_in
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import Unit
from saima_web.scoring.models import ScoreEvent
from saima_web.scoring.queries import latest_published
from saima_web.scoring.tables import tables_of
from saima_web.ui.templatetags.saima import day as day_words
from saima_web.ui.templatetags.saima import period as period_words
from saima_web.ui.templatetags.saima import plain_number

NEEDED = ("kind", "unit", "name", "on", "count", "points", "expires")
"""Fields of the form that the effect depends on; basis and note do not matter to it."""


@dataclass(frozen=True)
class Preview:
    """The unit before and after, who else moves, and what has to be said with it."""

    period: str
    before: UnitResult
    after: UnitResult
    movers: list[dict[str, Any]]
    notes: list[str]

    @property
    def moved(self) -> int | None:
        return _moved(self.before, self.after)

    @property
    def changes(self) -> bool:
        return _standing(self.before) != _standing(self.after) or bool(self.movers)


def preview(campaign: Campaign, given: Mapping[str, Any]) -> Preview | None:
    """The effect on the latest published month, on the figures known now.

    None where no month is published, or the unit is not scored in it. An event after that month
    is taken as though it had happened on the month's last day, and a note says so.
    """
    run = latest_published(campaign)
    if run is None:
        return None
    period = period_in(campaign, run.period)
    row = rulebook_in_force(campaign, period, now())
    book = parsed(row.text)[0] if row else None
    if book is None:
        return None
    event, notes = event_of(given), []
    if event.on > period.end:
        notes.append(_late(event.on, run.period, period.end))
        event = structs.replace(event, on=period.end)
    notes += _rule_notes(book, event)
    without = score_cube(prepared(tables_of(campaign, now(), day=period.end), book), book)
    before = result(without, run.period, with_needs=False)
    after = result(_with(without, event), run.period, with_needs=False)
    return _compared(run.period, event.unit, before, after, notes)


def event_of(given: Mapping[str, Any]) -> Event:
    """The form's values as the library knows an event."""
    return Event(
        kind=given["kind"],
        unit=given["unit"].code,
        name=given["name"],
        on=given["on"],
        count=float(given["count"] or 1),
        points=float(given["points"]) if given["points"] else None,
        expires=given["expires"],
    )


def _with(scoring: Scoring, event: Event) -> Scoring:
    tables = scoring.cube.tables
    campaign = structs.replace(tables.campaign, events=(*tables.campaign.events, event))
    cube = replace(scoring.cube, tables=replace(tables, campaign=campaign))
    return score_cube(cube, scoring.rulebook)


def _late(on: date, period: str, end: date) -> str:
    words = {"on": day_words(on), "period": period_words(period), "end": day_words(end)}
    return _("%(on)s还没有公布的得分，这里按%(period)s试算，当作%(end)s发生。") % words


def _rule_notes(book: Rulebook, event: Event) -> list[str]:
    """What the rulebook says of such an event, or that it says nothing."""
    kind = str(dict(ScoreEvent.Kind.choices)[event.kind])
    rule = rule_for(book, event)
    if rule is None:
        words = {"kind": kind, "name": event.name}
        return [_("考核办法里没有名为“%(name)s”的%(kind)s事项，登记了也不计分。") % words]
    clause = rule.clause or book.name
    if not rule.each:
        return [_("依据%(clause)s。") % {"clause": clause}]
    said = {"clause": clause, "each": plain_number(rule.each)}
    if rule.at_most is None:
        return [_("依据%(clause)s：每次%(each)s分。") % said]
    most = plain_number(rule.at_most)
    return [_("依据%(clause)s：每次%(each)s分，最多%(most)s分。") % {**said, "most": most}]


def _compared(
    period: str, unit: str, without: Result, with_it: Result, notes: list[str]
) -> Preview | None:
    before = {u.unit: u for u in without.units}
    after = {u.unit: u for u in with_it.units}
    if unit not in before or unit not in after:
        return None
    labels = {u.code: str(u) for u in Unit.objects.filter(code__in=after)}
    movers = [
        {
            "name": labels.get(code, new.name), "score_was": before[code].score, "score": new.score,
            "rank_was": before[code].rank, "rank": new.rank, "moved": _moved(before[code], new),
        }
        for code, new in after.items()
        if code != unit and code in before and _standing(before[code]) != _standing(new)
    ]  # fmt: skip
    return Preview(period, before[unit], after[unit], movers, notes)


def _standing(unit: UnitResult) -> tuple[object, ...]:
    return unit.score, unit.rank, unit.tier, unit.grade, unit.vetoes, unit.blocked, unit.seals


def _moved(was: UnitResult, new: UnitResult) -> int | None:
    return was.rank - new.rank if was.rank and new.rank else None
