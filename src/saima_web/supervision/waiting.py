"""What of inspections and problems waits for a person: shown among one's own work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima.workflows.inspection import TO_ANSWER, TOLD
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.supervision.findings import TASK_CLOSED
from saima_web.supervision.models import Inspected, Problem
from saima_web.supervision.recording import address_of
from saima_web.supervision.scope import NOBODY, has_reach, own_units, scope


def my_supervision(by: User, campaign: Campaign) -> list[Waiting]:
    """Everything of this slice that waits for a person, of kind `inspection` or `problem`."""
    return [
        *_answers(by, campaign), *_faults(by, campaign), *_reviews(by, campaign),
        *_plan(by, campaign), *_problems(by, campaign),
    ]  # fmt: skip


def _parts(campaign: Campaign) -> QuerySet[Inspected]:
    rows = Inspected.objects.filter(inspection__campaign=campaign)
    return rows.select_related("unit", "inspection__campaign")


def _answers(by: User, campaign: Campaign) -> Iterator[Waiting]:
    units = own_units(by, "inspections.answer", campaign)
    for part in _parts(campaign).filter(unit__in=units, state__in=TO_ANSWER):
        yield _of_part(part, noop("督查结论待反馈：%(title)s"), part.answer_by)


def _faults(by: User, campaign: Campaign) -> Iterator[Waiting]:
    """What a unit has to make good: one line for each inspection, due at the earliest day.

    What is followed up as a task waits there.
    """
    units = own_units(by, "findings.report", campaign)
    still = Q(findings__kind="fault", findings__state="open")
    still &= Q(findings__task__isnull=True) | Q(findings__task__state="stopped")
    rows = _parts(campaign).filter(unit__in=units, state__in=TOLD)
    for part in rows.annotate(
        n=Count("findings", filter=still), first=Min("findings__deadline", filter=still)
    ):
        if part.n:
            yield _of_part(part, noop("督查问题待整改：%(title)s"), part.first)


REVIEWS = {
    "objected": noop("督查异议待复核：%(title)s"),
    "answered": noop("督查反馈待办结：%(title)s"),
}


def _reviews(by: User, campaign: Campaign) -> Iterator[Waiting]:
    """What waits for who inspects: objections, answers, faults to be verified."""
    if not has_reach(by, "inspections.manage", campaign, "all", "owned"):
        return
    own = campaign.inspections.filter(scope(by, "inspections.manage", campaign, ()))
    rows = _parts(campaign).filter(inspection__in=own)
    for part in rows.filter(state__in=REVIEWS):
        yield _of_part(part, REVIEWS[part.state], None)
    reported = Q(findings__state="reported")
    reported |= Q(findings__state="open", findings__task__state__in=TASK_CLOSED)
    for part in rows.annotate(n=Count("findings", filter=reported)).filter(n__gt=0):
        yield _of_part(part, noop("督查整改待核实：%(title)s"), None)


def _of_part(part: Inspected, words: str, due: date | None) -> Waiting:
    title = _(words) % {"title": part.inspection.title}
    href = f"{address_of(part.inspection)}#part-{part.pk}"
    until = end_of(due) if due else None
    return Waiting(title, href, until, str(part.unit), "inspection")


def _plan(by: User, campaign: Campaign) -> Iterator[Waiting]:
    year = today().year
    if not may(by, "inspections.approve", campaign=campaign):
        return
    planned = campaign.inspections.filter(begins_on__year=year).exists()
    if planned and not campaign.inspection_plans.filter(year=year).exists():
        href = reverse("supervision:inspections", args=[campaign.code])
        title = _("%(year)s年督查计划待您批准") % {"year": year}
        yield Waiting(title, href, kind="inspection")


SORTS = {"raised": noop("难题待分流：%(title)s"), "reported": noop("难题待销号：%(title)s")}


def _problems(by: User, campaign: Campaign) -> Iterator[Waiting]:
    rows = campaign.problems.select_related("campaign", "unit", "responsible_unit")
    if has_reach(by, "problems.sort", campaign, "all", "owned"):
        for row in rows.filter(scope(by, "problems.sort", campaign, ()), state__in=SORTS):
            yield _of_problem(row, SORTS[row.state], None)
    if may(by, "problems.rule", campaign=campaign):
        for row in rows.filter(state="for_leaders"):
            yield _of_problem(row, noop("难题待您决策：%(title)s"), row.slot_on)
    solving = own_units(by, "problems.report", campaign)
    mine = Q(responsible_unit__in=solving) if solving else NOBODY
    for row in rows.filter(mine, state="decided"):
        yield _of_problem(row, noop("难题待办结：%(title)s"), row.due_on)


def _of_problem(row: Problem, words: str, due: date | None) -> Waiting:
    title = _(words) % {"title": row.title}
    until = end_of(due) if due else None
    return Waiting(title, address_of(row), until, str(row.unit), "problem")
