"""How a step is written down: state, step, ledger entry, all in one place; and its refusals."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.supervision.models import Inspected, Inspection, Meeting, Problem, Step

LACKS = declare(
    "supervision-lacks",
    "还缺{what}。",
    "请补齐后再提交。",
    "{what} is missing.",
    "Fill it in and send again.",
)
FINDINGS_OPEN = declare(
    "findings-open",
    "还有{n}个问题没有整改到位，不能办结。",
    "请先逐条核实整改情况。",
    "{n} findings are not settled, so it cannot be closed.",
    "Verify what was made good, one by one.",
)
TOO_LATE_TO_OBJECT = declare(
    "objection-too-late",
    "反馈期限{day}已过，不能再提异议。",
    "请在反馈里说明情况，或联系督查人员。",
    "the time to answer ended on {day}; there can be no objection now.",
    "Say so in the answer, or talk to the inspectors.",
)
STANDS = declare(
    "conclusion-stands",
    "结论已经送达，不能再增减督查发现。",
    "需要更改，请在复核异议时修改结论。",
    "the conclusion was told; findings can no longer be changed.",
    "Revise the conclusion when an objection is reviewed.",
)
PLAN_APPROVED = declare(
    "plan-approved",
    "{year}年的督查计划已经批准。",
    "新增的督查请写明计划外原因。",
    "the inspections of {year} are approved already.",
    "Say why a further one is needed.",
)


DONE = {
    "record": "recorded", "conclude": "concluded", "answer": "answered", "object": "objected",
    "uphold": "upheld", "revise": "revised", "return": "returned", "drop": "dropped",
    "to_team": "given-to-team", "to_meeting": "put-to-meeting", "to_leaders": "put-to-leaders",
    "decline": "declined", "withdraw": "withdrawn", "decide": "ruled", "report": "answered",
    "reopen": "reopened", "raised": "raised", "postponed": "postponed",
}  # fmt: skip
"""Step -> what the ledger calls it once it is done."""


def next_number(campaign: Campaign, rows: QuerySet[Any]) -> int:
    """The next number of a campaign's rows; the campaign is held, so that two never get the same."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    return (rows.filter(campaign=campaign).aggregate(n=Max("number"))["n"] or 0) + 1


def words(text: str, what: str) -> str:
    """A text without its edges. Errors: Refused where nothing is left."""
    if not text.strip():
        raise refuse(LACKS, what=what)
    return text.strip()


def move_problem(
    ledger: Ledger, row: Problem, event: str, state: str, by: User, note: str = "", **data: Any
) -> None:
    """Put a problem into a state, save it and write the step down."""
    row.state = state
    row.save()
    Step.objects.create(problem=row, event=event, state=state, note=note.strip(), by=by, at=now())
    ledger.record(
        f"problem.{DONE.get(event, 'closed-out')}", f"problem/{row.campaign.code}/{row.number}",
        campaign=row.campaign.code, unit=row.unit.code, state=state, personal=note.strip(), **data,
    )  # fmt: skip


def move_inspected(
    ledger: Ledger, row: Inspected, event: str, state: str, by: User, note: str = "", **data: Any
) -> None:
    """Put a unit's inspection into a state, save it and write the step down."""
    row.state = state
    row.save()
    Step.objects.create(inspected=row, event=event, state=state, note=note.strip(), by=by, at=now())
    note_inspection(ledger, f"inspection.{DONE.get(event, 'completed')}", row.inspection, note, unit=row.unit.code,
                    state=state, **data)  # fmt: skip


def note_inspection(
    ledger: Ledger, event: str, row: Inspection, note: str = "", **data: Any
) -> None:
    ledger.record(
        event, f"inspection/{row.campaign.code}/{row.number}", campaign=row.campaign.code,
        personal=note.strip(), **data,
    )  # fmt: skip


def address_of(row: Inspection | Problem | Meeting) -> str:
    """A matter's page in the platform."""
    name = {Inspection: "inspection", Problem: "problem", Meeting: "meeting"}[type(row)]
    return reverse(f"supervision:{name}", args=[row.campaign.code, row.pk])
