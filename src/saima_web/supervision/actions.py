"""Inspections: planned for the year, recorded, concluded, answered or disputed, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from saima.problems import refuse
from saima.workflows.inspection import INSPECTION
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require
from saima_web.supervision.models import Finding, Inspected, Inspection, InspectionPlan
from saima_web.supervision.queries import rhythm_of
from saima_web.supervision.recording import (
    FINDINGS_OPEN,
    LACKS,
    PLAN_APPROVED,
    TOO_LATE_TO_OBJECT,
    address_of,
    move_inspected,
    next_number,
    note_inspection,
    words,
)
from saima_web.supervision.scope import require_on


def plan_inspection(
    *, campaign: Campaign, units: Iterable[Unit], by: User, reason: str = "", **values: Any
) -> Inspection:
    """Put an inspection into the plan of its year; once that is approved, only with a reason."""
    wanted = list(units)
    with writing(by) as ledger:
        row = Inspection(campaign=campaign, made_by=by, made_at=now(), **values)
        require_on(by, "inspections.manage", row)
        _check(row, wanted)
        row.planned = not is_approved(campaign, row.begins_on.year)
        row.reason = "" if row.planned else words(reason, "计划外原因")
        row.number = next_number(campaign, Inspection.objects.all())
        row.save()
        Inspected.objects.bulk_create(Inspected(inspection=row, unit=u) for u in wanted)
        note_inspection(
            ledger, "inspection.planned", row, row.title, units=[u.code for u in wanted],
            planned=row.planned,
        )  # fmt: skip
    return row


def _check(row: Inspection, units: list[Unit]) -> None:
    words(row.title, "督查名称")
    words(row.content, "督查事项")
    if row.ends_on < row.begins_on:
        raise refuse(LACKS, what="不早于开始日期的结束日期")
    if not units:
        raise refuse(LACKS, what="督查对象")


def change_inspection(*, inspection: Inspection, by: User, **values: Any) -> Inspection:
    """Change what an inspection says before its plan is approved and anybody was visited."""
    with writing(by) as ledger:
        row = Inspection.objects.select_for_update().get(pk=inspection.pk)
        require_on(by, "inspections.manage", row)
        if row.planned and is_approved(row.campaign, row.begins_on.year):
            raise refuse(PLAN_APPROVED, year=row.begins_on.year)
        for key, value in values.items():
            setattr(row, key, value)
        require_on(by, "inspections.manage", row)
        _check(row, [p.unit for p in row.parts.select_related("unit")])
        row.save()
        note_inspection(ledger, "inspection.changed", row, row.title)
    return row


def is_approved(campaign: Campaign, year: int) -> bool:
    return campaign.inspection_plans.filter(year=year).exists()


def approve_plan(*, campaign: Campaign, year: int, by: User) -> InspectionPlan:
    """The leader approves a year's inspections."""
    with writing(by) as ledger:
        require(by, "inspections.approve", campaign=campaign)
        if is_approved(campaign, year):
            raise refuse(PLAN_APPROVED, year=year)
        rows = campaign.inspections.filter(begins_on__year=year)
        if not rows.exists():
            raise refuse(LACKS, what=f"{year}年的督查安排")
        made = InspectionPlan.objects.create(
            campaign=campaign, year=year, approved_at=now(), approved_by=by
        )
        ledger.record(
            "inspection-plan.approved", f"inspection-plan/{campaign.code}/{year}",
            campaign=campaign.code, inspections=[r.number for r in rows],
        )  # fmt: skip
    return made


def _taken(part: Inspected, event: str) -> tuple[Inspected, str]:
    """The row as it stands now, held, and the state that an event brings it to."""
    found = Inspected.objects.select_for_update(of=("self",)).select_related(
        "inspection__campaign", "inspection__made_by", "unit"
    )
    row = found.get(pk=part.pk)
    return row, INSPECTION.step(row.state, event)


def record(*, part: Inspected, visited_on: date, inspectors: str, text: str, by: User) -> Inspected:
    """Write down what was seen at a unit; it may be written on until the conclusion is told."""
    with writing(by) as ledger:
        row, state = _taken(part, "record")
        require_on(by, "inspections.manage", row.inspection)
        if visited_on > today():
            raise refuse(LACKS, what="不晚于今天的督查日期")
        row.visited_on, row.inspectors = visited_on, words(inspectors, "督查人员")
        row.record = words(text, "督查情况")
        move_inspected(ledger, row, "record", state, by, row.record)
    return row


def conclude(
    *, part: Inspected, conclusion: str, by: User, answer_by: date | None = None
) -> Inspected:
    """Tell the unit the conclusion; it has until a day to answer or object."""
    with writing(by) as ledger:
        row, state = _taken(part, "conclude")
        require_on(by, "inspections.manage", row.inspection)
        days = rhythm_of(row.inspection.campaign).answer_days
        row.answer_by = answer_by or today() + timedelta(days=days)
        if row.answer_by < today():
            raise refuse(LACKS, what="今天或以后的反馈期限")
        row.conclusion, row.concluded_on = words(conclusion, "督查结论"), today()
        move_inspected(ledger, row, "conclude", state, by, row.conclusion)
        _tell_unit(
            row, f"督查结论：{row.inspection.title}", f"请于{row.answer_by:%m月%d日}前反馈。", by
        )
    return row


def answer(*, part: Inspected, text: str, by: User) -> Inspected:
    """The unit's head answers the conclusion."""
    with writing(by) as ledger:
        row, state = _taken(part, "answer")
        require_on(by, "inspections.answer", row.inspection, row.unit_id)
        row.answer, row.answered_on = words(text, "反馈情况"), today()
        move_inspected(ledger, row, "answer", state, by, row.answer)
        _tell_inspector(row, f"{row.unit}反馈了督查结论：{row.inspection.title}", by)
    return row


def object_to(*, part: Inspected, text: str, by: User) -> Inspected:
    """The unit's head disputes the conclusion, before the day to answer has passed."""
    with writing(by) as ledger:
        row, state = _taken(part, "object")
        require_on(by, "inspections.answer", row.inspection, row.unit_id)
        if row.answer_by is not None and today() > row.answer_by:
            raise refuse(TOO_LATE_TO_OBJECT, day=f"{row.answer_by:%m月%d日}")
        row.objection, row.objected_on = words(text, "异议和理由"), today()
        move_inspected(ledger, row, "object", state, by, row.objection)
        _tell_inspector(row, f"{row.unit}对督查结论有异议：{row.inspection.title}", by)
    return row


def review(*, part: Inspected, upheld: bool, text: str, by: User) -> Inspected:
    """Review an objection: the conclusion stands, or goes back to be written again."""
    event = "uphold" if upheld else "revise"
    with writing(by) as ledger:
        row, state = _taken(part, event)
        require_on(by, "inspections.manage", row.inspection)
        row.review = words(text, "复核意见")
        if upheld:
            days = rhythm_of(row.inspection.campaign).answer_days
            row.answer_by = today() + timedelta(days=days)
        move_inspected(ledger, row, event, state, by, row.review)
        said = "复核后维持督查结论" if upheld else "复核后将修改督查结论"
        _tell_unit(row, f"{said}：{row.inspection.title}", row.review, by)
    return row


def return_answer(*, part: Inspected, text: str, by: User) -> Inspected:
    """Send an answer back to be given again."""
    with writing(by) as ledger:
        row, state = _taken(part, "return")
        require_on(by, "inspections.manage", row.inspection)
        reason = words(text, "退回原因")
        row.answer_by = today() + timedelta(days=rhythm_of(row.inspection.campaign).answer_days)
        move_inspected(ledger, row, "return", state, by, reason)
        _tell_unit(row, f"督查反馈被退回：{row.inspection.title}", reason, by)
    return row


def close(*, part: Inspected, by: User, text: str = "") -> Inspected:
    """Close a unit's inspection once every fault is settled."""
    with writing(by) as ledger:
        row, state = _taken(part, "close")
        require_on(by, "inspections.manage", row.inspection)
        left = row.findings.filter(kind=Finding.Kind.FAULT).exclude(state="settled").count()
        if left:
            raise refuse(FINDINGS_OPEN, n=left)
        move_inspected(ledger, row, "close", state, by, text)
        _tell_unit(row, f"督查已办结：{row.inspection.title}", text, by)
    return row


def drop(*, part: Inspected, reason: str, by: User) -> Inspected:
    """Leave a unit out of an inspection that was planned."""
    with writing(by) as ledger:
        row, state = _taken(part, "drop")
        require_on(by, "inspections.manage", row.inspection)
        move_inspected(ledger, row, "drop", state, by, words(reason, "取消原因"))
    return row


def save_rhythm(*, campaign: Campaign, by: User, values: Mapping[str, Any]) -> None:
    """When problems are met, when dispatch meetings are held, how long a unit has to answer."""
    with writing(by) as ledger:
        require(by, "dispatch.manage", campaign=campaign)
        row = rhythm_of(campaign)
        for key, value in values.items():
            setattr(row, key, value)
        row.save()
        ledger.record("rhythm.changed", f"rhythm/{campaign.code}", campaign=campaign.code,
                      **{k: str(v) for k, v in values.items()})  # fmt: skip


def _tell_unit(row: Inspected, subject: str, text: str, by: User) -> None:
    tell(
        to=row.unit, subject=subject, text=text, link=address_of(row.inspection),
        kind="inspection", campaign=row.inspection.campaign, by=by,
    )  # fmt: skip


def _tell_inspector(row: Inspected, subject: str, by: User) -> None:
    tell(
        to=[row.inspection.made_by, Role.INSPECTOR], subject=subject,
        link=address_of(row.inspection), kind="inspection", campaign=row.inspection.campaign, by=by,
    )  # fmt: skip
