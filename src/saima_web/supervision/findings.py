"""Findings: written into a record, made good by the unit, verified; a task or points may follow."""

from __future__ import annotations

from datetime import date

from saima.problems import declare, refuse
from saima.workflows.inspection import FINDING
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import today
from saima_web.followup.models import Task
from saima_web.followup.parts import assigned_task
from saima_web.followup.telling import tell_unit
from saima_web.messaging.actions import tell
from saima_web.people.models import User
from saima_web.scoring.events import record_event
from saima_web.scoring.models import ScoreEvent
from saima_web.supervision.models import Finding, Inspected
from saima_web.supervision.recording import LACKS, STANDS, address_of, note_inspection, words
from saima_web.supervision.scope import require_on

TASK_CLOSED = ("closed_out", "evaluated", "archived")
"""A task that was verified on the spot and struck off."""

NOT_TOLD = declare(
    "finding-not-told",
    "督查结论还没有送达{unit}。",
    "请先送达结论，再立项或计分。",
    "{unit} has not been told the conclusion yet.",
    "Tell it the conclusion first.",
)
FOLLOWED = declare(
    "finding-followed",
    "这一条已经{what}。",
    "请在原来那一条上办理。",
    "this finding has {what} already.",
    "Go on with what is there.",
)
ONLY_FAULTS = declare(
    "finding-is-merit",
    "亮点没有整改，不能{what}。",
    "请只对问题办理。",
    "a merit needs nothing made good; it cannot be {what}.",
    "Do this for faults only.",
)


def add_finding(
    *, part: Inspected, kind: str, text: str, by: User, requirement: str = "",
    deadline: date | None = None,
) -> Finding:  # fmt: skip
    """Write a fault with its requirement and day, or a merit, while the record is open."""
    with writing(by) as ledger:
        row = Inspected.objects.select_for_update(of=("self",)).get(pk=part.pk)
        require_on(by, "inspections.manage", row.inspection)
        if row.state != "recorded":
            raise refuse(STANDS if row.told else LACKS, what="督查情况记录")
        made = Finding(inspected=row, kind=kind, text=words(text, "发现的情况"))
        if kind == Finding.Kind.FAULT:
            made.requirement = words(requirement, "整改要求")
            if deadline is None or deadline < today():
                raise refuse(LACKS, what="今天或以后的整改期限")
            made.deadline = deadline
        made.save()
        _note(ledger, "finding.added", made, made.text)
    return made


def remove_finding(*, finding: Finding, by: User) -> None:
    """Take a finding out of a record that the unit has not been told."""
    with writing(by) as ledger:
        row = _held(finding)
        require_on(by, "inspections.manage", row.inspected.inspection)
        if row.inspected.told:
            raise refuse(STANDS)
        _note(ledger, "finding.removed", row, row.text)
        row.delete()


def report(*, finding: Finding, measure: str, by: User) -> Finding:
    """The unit says what it made good."""
    with writing(by) as ledger:
        row = _fault(finding, "反馈整改")
        part = row.inspected
        require_on(by, "findings.report", part.inspection, part.unit_id)
        row.state, row.measure = FINDING.step(row.state, "report"), words(measure, "整改情况")
        row.save()
        _note(ledger, "finding.reported", row, row.measure)
        tell(
            to=part.inspection.made_by, subject=f"{part.unit}反馈整改：{part.inspection.title}",
            text=row.measure, link=address_of(part.inspection), kind="inspection",
            campaign=part.inspection.campaign, by=by,
        )  # fmt: skip
    return row


def judge(*, finding: Finding, settled: bool, note: str, by: User) -> Finding:
    """Verify what was made good: it is settled, or goes back with a reason.

    Where its task was closed out, that stands for the unit's report, and it may be settled at once.
    """
    with writing(by) as ledger:
        row = _fault(finding, "核实整改")
        part = row.inspected
        require_on(by, "inspections.manage", part.inspection)
        if settled and row.state == "open" and task_done(row):
            row.state = FINDING.step(row.state, "report")
            row.measure = row.measure or told_by_task(row)
        row.state = FINDING.step(row.state, "settle" if settled else "return")
        row.note = note.strip() if settled else words(note, "退回原因")
        row.save()
        _note(ledger, "finding.settled" if settled else "finding.returned", row, row.note)
        said = "整改已销号" if settled else "整改被退回"
        tell(
            to=part.unit, subject=f"{said}：{part.inspection.title}", text=row.note or row.text,
            link=address_of(part.inspection), kind="inspection",
            campaign=part.inspection.campaign, by=by,
        )  # fmt: skip
    return row


def make_task(*, finding: Finding, by: User) -> Task:
    """Follow a fault up as a task of the unit (督查立项), assigned to it at once.

    Errors: Refused where it has a task already that was not stopped.
    """
    with writing(by) as ledger:
        row = _fault(finding, "立项")
        part = _told(row)
        require_on(by, "inspections.task", part.inspection)
        if row.task is not None and row.task.state != "stopped":
            raise refuse(FOLLOWED, what="立项")
        made = assigned_task(
            campaign=part.inspection.campaign, title=row.text[:80], goal=row.requirement,
            responsible_unit=part.unit, deadline=max(row.deadline or today(), today()),
            source="inspection", source_note=basis_of(part), source_object=part.inspection_id,
            under="inspections.task", by=by,
        )  # fmt: skip
        tell_unit(made, "assign", by)
        row.task = made
        row.save(update_fields=["task"])
        _note(ledger, "finding.tasked", row, task=made.number)
    return made


def score(*, finding: Finding, kind: str, name: str, by: User, points: str = "") -> ScoreEvent:
    """Let a finding count: a bonus for a merit, a deduction for a fault, by the rulebook's name."""
    with writing(by) as ledger:
        row = _held(finding)
        part = _told(row)
        require_on(by, "inspections.see", part.inspection)
        if row.event is not None and row.event.withdrawn_at is None:
            raise refuse(FOLLOWED, what="计分")
        made = record_event(
            campaign=part.inspection.campaign, unit=part.unit, kind=kind,
            name=words(name, "计分事项"), on=part.concluded_on or today(), basis=basis_of(part),
            points=points, note=row.text[:300], by=by,
        )  # fmt: skip
        row.event = made
        row.save(update_fields=["event"])
        _note(ledger, "finding.scored", row, score_event=made.pk)
    return made


def task_done(row: Finding) -> bool:
    """Whether the task of a finding was verified on the spot and struck off."""
    return row.task is not None and row.task.state in TASK_CLOSED


def told_by_task(row: Finding) -> str:
    """What the unit reported at the end of a finding's task."""
    last = row.task.reports.filter(final=True).first() if row.task else None
    return last.text if last else ""


def basis_of(part: Inspected) -> str:
    """What a task or an event rests on: the inspection and the day of its conclusion."""
    day = part.concluded_on
    said = f"（{day.year}年{day.month}月{day.day}日督查结论）" if day else ""
    return f"《{part.inspection.title[:80]}》{said}"


def _held(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related(
        "inspected__inspection__campaign", "inspected__inspection__made_by", "inspected__unit",
        "task", "event",
    )  # fmt: skip
    return rows.get(pk=finding.pk)


def _fault(finding: Finding, what: str) -> Finding:
    row = _held(finding)
    if row.kind != Finding.Kind.FAULT:
        raise refuse(ONLY_FAULTS, what=what)
    _told(row)
    return row


def _told(row: Finding) -> Inspected:
    part = row.inspected
    if not part.told:
        raise refuse(NOT_TOLD, unit=str(part.unit))
    return part


def _note(ledger: Ledger, event: str, row: Finding, text: str = "", **data: object) -> None:
    part = row.inspected
    note_inspection(
        ledger, event, part.inspection, text, unit=part.unit.code, finding=row.pk,
        state=row.state, **data,
    )  # fmt: skip
