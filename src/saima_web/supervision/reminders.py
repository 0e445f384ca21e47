"""What is nearly due or overdue: units are told three days before, on the day, then every week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from saima.workflows.inspection import TO_ANSWER, TOLD
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.people.models import Unit
from saima_web.supervision.calendar import is_reminded
from saima_web.supervision.models import Finding, Inspected, Problem
from saima_web.supervision.recording import address_of

Due = tuple[Campaign, Unit, str, str, str]
"""Campaign, whom to tell, the message's kind, its words, its address."""


def remind() -> int:
    """Tell units of running campaigns what is due. Returns how many messages were written."""
    day = today()
    found = [*_answers(day), *_findings(day), *_problems(day)]
    return sum(
        len(tell(to=unit, kind=kind, subject=words, link=link, campaign=campaign))
        for campaign, unit, kind, words, link in found
        if campaign.state == Campaign.State.RUNNING
    )


def when(due: date, day: date) -> str:
    """还有3天, 今天到期, 已逾期8天."""
    days = (due - day).days
    if days == 0:
        return "今天到期"
    return f"还有{days}天" if days > 0 else f"已逾期{-days}天"


def _answers(day: date) -> Iterator[Due]:
    rows = Inspected.objects.filter(state__in=TO_ANSWER, answer_by__isnull=False)
    for row in rows.select_related("unit", "inspection__campaign"):
        if row.answer_by and is_reminded(row.answer_by, day):
            words = f"督查结论待反馈，{when(row.answer_by, day)}：{row.inspection.title}"
            yield (
                row.inspection.campaign, row.unit, "inspection", words, address_of(row.inspection)
            )  # fmt: skip


def _findings(day: date) -> Iterator[Due]:
    rows = Finding.objects.filter(
        kind=Finding.Kind.FAULT, state="open", inspected__state__in=TOLD
    ).select_related("inspected__unit", "inspected__inspection__campaign")
    for row in rows:
        if row.deadline and is_reminded(row.deadline, day):
            part = row.inspected
            words = f"督查问题待整改，{when(row.deadline, day)}：{row.text[:60]}"
            yield (
                part.inspection.campaign, part.unit, "inspection", words,
                address_of(part.inspection),
            )  # fmt: skip


def _problems(day: date) -> Iterator[Due]:
    rows = Problem.objects.filter(state="decided", responsible_unit__isnull=False)
    for row in rows.select_related("campaign", "responsible_unit"):
        if row.due_on and row.responsible_unit and is_reminded(row.due_on, day):
            words = f"难题待办结，{when(row.due_on, day)}：{row.title}"
            yield row.campaign, row.responsible_unit, "problem", words, address_of(row)
