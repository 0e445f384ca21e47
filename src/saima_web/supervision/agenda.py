"""An agenda of what is behind: gaps to 序时, overdue tasks, open problems, faults not made good."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from saima.rounding import text as number_text
from saima.workflows.problem import OPEN as PROBLEM_OPEN
from saima.workflows.task import OPEN as TASK_OPEN
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.people.models import Unit, User
from saima_web.supervision.findings import TASK_CLOSED
from saima_web.supervision.models import AgendaLine, Finding, Meeting
from saima_web.supervision.recording import address_of
from saima_web.targets.behind import Gap, gaps
from saima_web.targets.overview import Overview

MOST = 15
"""So many lines of each kind: the worst first. A meeting of an hour has no room for more."""

Kind = AgendaLine.Kind


def agenda_of(meeting: Meeting, by: User) -> list[AgendaLine]:
    """The lines of an agenda as things stand now, numbered, unsaved."""
    campaign = meeting.campaign
    found = [
        *_gaps(campaign, by), *_tasks(campaign), *_problems(campaign), *_findings(campaign),
    ]  # fmt: skip
    return [
        AgendaLine(meeting=meeting, order=order, kind=kind, unit=unit, text=said[:300], link=link)
        for order, (kind, unit, said, link) in enumerate(found, 1)
    ]


Line = tuple[str, Unit, str, str]


def _gaps(campaign: Campaign, by: User) -> Iterator[Line]:
    for gap in gaps(Overview(campaign, by))[:MOST]:
        link = reverse("dashboards:unit", args=[campaign.code, gap.unit.code])
        yield Kind.GAP, gap.unit, gap_words(gap), link


def gap_words(gap: Gap) -> str:
    """固定资产投资：至10月应完成9,000万元，实际7,000万元，差2,000万元."""
    indicator, places = gap.indicator, gap.indicator.decimals

    def said(value: object) -> str:
        return number_text(float(str(value)), places, grouped=True) + indicator.measure

    return (
        f"{indicator.name}：至{gap.period.label()}应完成{said(gap.due)}，"
        f"实际{said(gap.done)}，差{said(gap.gap)}"
    )


def _tasks(campaign: Campaign) -> Iterator[Line]:
    rows = Task.objects.filter(campaign=campaign, state__in=TASK_OPEN, deadline__lt=today())
    for row in rows.select_related("responsible_unit").order_by("deadline", "number")[:MOST]:
        late = (today() - row.deadline).days
        link = reverse("followup:task", args=[campaign.code, row.number])
        yield Kind.TASK, row.responsible_unit, f"{row.title.rstrip('。')}：逾期{late}天", link


def _problems(campaign: Campaign) -> Iterator[Line]:
    rows = campaign.problems.filter(state__in=PROBLEM_OPEN).select_related("unit", "campaign")
    for row in rows.order_by("number")[:MOST]:
        said = f"{row.title}：{row.get_state_display()}"
        if row.due_on and row.due_on < today():
            said += f"，逾期{(today() - row.due_on).days}天"
        yield Kind.PROBLEM, row.responsible_unit or row.unit, said, address_of(row)


def _findings(campaign: Campaign) -> Iterator[Line]:
    rows = Finding.objects.filter(
        inspected__inspection__campaign=campaign, kind=Finding.Kind.FAULT, deadline__lt=today()
    ).exclude(Q(state="settled") | Q(task__state__in=TASK_CLOSED))
    told = rows.select_related("inspected__unit", "inspected__inspection__campaign")
    for row in told.order_by("deadline", "pk")[:MOST]:
        part = row.inspected
        if part.told and row.deadline:
            late = (today() - row.deadline).days
            said = f"{part.inspection.title}：{row.text[:80]}，整改逾期{late}天"
            yield Kind.FINDING, part.unit, said, address_of(part.inspection)
