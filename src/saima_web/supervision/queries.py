"""Reading inspections, problems and dispatch meetings: those that a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from saima.workflows.problem import UNDECIDED
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.supervision.models import (
    AgendaLine,
    Finding,
    Inspected,
    Inspection,
    Meeting,
    Minute,
    Problem,
    Rhythm,
)
from saima_web.supervision.scope import handles, has_reach, own_units, scope, sees_all


def rhythm_of(campaign: Campaign) -> Rhythm:
    """A campaign's rhythm; the usual where nobody has set it."""
    return Rhythm.objects.filter(campaign=campaign).first() or Rhythm(campaign=campaign)


# --- inspections --------------------------------------------------------------------------------


def inspections_for(by: User, campaign: Campaign) -> QuerySet[Inspection]:
    """The inspections that a user may see: all, own categories, or those of own units."""
    rows = campaign.inspections.filter(
        scope(by, "inspections.see", campaign, ("parts__unit",))
    ).distinct()
    return rows.select_related("campaign", "lead_unit", "made_by")


def parts_for(by: User, inspection: Inspection) -> list[Inspected]:
    """The units of an inspection that a user may see, with findings and steps."""
    rows = inspection.parts.select_related("unit", "inspection__campaign").prefetch_related(
        Prefetch("findings", Finding.objects.select_related("task", "event")), "steps__by"
    )
    if not sees_all(by, inspection):
        rows = rows.filter(unit__in=own_units(by, "inspections.see", inspection.campaign))
    return list(rows)


def part_for(by: User, campaign: Campaign, pk: int) -> Inspected | None:
    """One unit's inspection, None where a user may not see it."""
    row = (
        Inspected.objects.filter(pk=pk, inspection__campaign=campaign)
        .select_related("inspection__campaign", "inspection__made_by", "unit")
        .first()
    )
    if row is None or not (
        sees_all(by, row.inspection) or row.unit_id in own_units(by, "inspections.see", campaign)
    ):
        return None
    return row


def may_read(by: User, part: Inspected) -> bool:
    """Whether a user may read record and conclusion: a unit only once it was told."""
    return part.told or sees_all(by, part.inspection) or handles(by, part)


def finding_for(by: User, campaign: Campaign, pk: int) -> Finding | None:
    """One finding, None where a user may not read it."""
    row = Finding.objects.filter(pk=pk).select_related("inspected").first()
    part = part_for(by, campaign, row.inspected_id) if row else None
    return row if part is not None and may_read(by, part) else None


# --- problems -----------------------------------------------------------------------------------

CONCERNED = ("unit", "responsible_unit")
"""Whose a problem is: who raised it, and who has to solve it."""


def problems_for(by: User, campaign: Campaign) -> QuerySet[Problem]:
    """The problems that a user may see."""
    rows = campaign.problems.filter(scope(by, "problems.see", campaign, CONCERNED))
    return rows.select_related(
        "campaign", "unit", "responsible_unit", "lead_unit", "raised_by", "project"
    )


def slot_list(by: User, campaign: Campaign, on: date) -> list[Problem]:
    """What is met on a day: what stands on its list, and what an earlier one left undecided."""
    rows = problems_for(by, campaign).filter(
        state__in=("for_meeting", "for_leaders"), slot_on__lte=on
    )
    return list(rows.order_by("level", "slot_on", "number"))


def undecided(rows: Iterable[Problem]) -> int:
    return sum(1 for r in rows if r.state in UNDECIDED)


def is_late(row: Problem) -> bool:
    """Whether a problem in hand is past its day."""
    return row.state == "decided" and row.due_on is not None and row.due_on < today()


# --- dispatch -----------------------------------------------------------------------------------


def meetings_for(by: User, campaign: Campaign) -> QuerySet[Meeting]:
    """Those that see the whole campaign see all; a unit those that have a line about it."""
    rows = campaign.dispatches.select_related("campaign")
    if has_reach(by, "dispatch.see", campaign, "all", "owned"):
        return rows
    units = own_units(by, "dispatch.see", campaign)
    spoken = AgendaLine.objects.filter(unit__in=units).values("meeting")
    minuted = Minute.objects.filter(unit__in=units).values("meeting")
    told = rows.exclude(state="planned")
    return (told.filter(pk__in=spoken) | told.filter(pk__in=minuted)).distinct()


def agenda_for(by: User, meeting: Meeting) -> list[AgendaLine]:
    rows = meeting.agenda.select_related("unit")
    if not has_reach(by, "dispatch.see", meeting.campaign, "all", "owned"):
        rows = rows.filter(unit__in=own_units(by, "dispatch.see", meeting.campaign))
    return list(rows)


def minutes_for(by: User, meeting: Meeting) -> list[Minute]:
    """The lines of minutes; a unit sees its own, and only once they are issued."""
    rows = meeting.minutes.select_related("unit", "task")
    if has_reach(by, "dispatch.see", meeting.campaign, "all", "owned"):
        return list(rows)
    if meeting.state != "issued":
        return []
    return list(rows.filter(unit__in=own_units(by, "dispatch.see", meeting.campaign)))
