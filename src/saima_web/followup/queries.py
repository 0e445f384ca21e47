"""Reading instructions: those that a person may see."""

from __future__ import annotations

from django.db.models import QuerySet

from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Instruction
from saima_web.people.models import User
from saima_web.people.permissions import may, units_for


def instructions_for(by: User, campaign: Campaign) -> QuerySet[Instruction]:
    """A unit sees its own; leaders, the office and inspectors see all."""
    if not may(by, "instructions.see", campaign=campaign):
        return Instruction.objects.none()
    rows = Instruction.objects.filter(
        campaign=campaign, unit__in=units_for(by, "instructions.see", campaign)
    )
    return rows.select_related("unit", "written_by", "answered_by", "accepted_by")


def open_instructions(by: User, campaign: Campaign) -> QuerySet[Instruction]:
    """Those that still wait for an answer."""
    return (
        instructions_for(by, campaign).exclude(state=Instruction.State.ANSWERED).order_by("due_on")
    )
