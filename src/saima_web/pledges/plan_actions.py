"""Writing action plans: drafted, handed in, approved or returned, their measures done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from saima.problems import refuse
from saima.workflows.action_plan import ACTION_PLAN
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.pledges import refusals
from saima_web.pledges.models import ActionPlan, PlanMeasure
from saima_web.pledges.refusals import said
from saima_web.ui.uploads import keep_file

State = ActionPlan.State
DECIDED = {
    "approve": "approved",
    "return": "returned",
    "revise": "reopened",
    "conclude": "concluded",
}
"""The office's decision -> what the ledger calls it."""


def draft_plan(
    *, campaign: Campaign, unit: Unit, title: str, text: str, by: User,
    file: UploadedFile[Any] | None = None,
) -> ActionPlan:  # fmt: skip
    """A unit writes its plan, with a file where there is one."""
    with writing(by) as ledger:
        require(by, "pledges.write", campaign=campaign, unit=unit)
        made = ActionPlan(
            campaign=campaign, unit=unit, title=said(title, "方案名称"),
            text=said(text, "主要内容"), recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        digest = keep_file(made, file)
        made.save()
        _note(ledger, "plan.drafted", made, digest=digest)
    return made


def edit_plan(
    *, plan: ActionPlan, title: str, text: str, by: User, file: UploadedFile[Any] | None = None
) -> ActionPlan:
    """Change a plan that is not handed in, or was returned."""
    with writing(by) as ledger:
        found = _open(plan, by)
        found.title, found.text = said(title, "方案名称"), said(text, "主要内容")
        digest = keep_file(found, file)
        found.save()
        _note(ledger, "plan.changed", found, digest=digest)
    return found


def add_measure(
    *, plan: ActionPlan, what: str, responsible: str, due_on: date, by: User
) -> PlanMeasure:
    """One more measure with its date."""
    with writing(by) as ledger:
        found = _open(plan, by)
        made = PlanMeasure.objects.create(
            plan=found, what=said(what, "措施"), responsible=responsible.strip(), due_on=due_on
        )
        _note(ledger, "plan.measure-added", found, measure=made.pk, due=due_on.isoformat())
    return made


def remove_measure(*, measure: PlanMeasure, by: User) -> None:
    """Take a measure out of a plan that is not handed in."""
    with writing(by) as ledger:
        found = _open(measure.plan, by)
        number = measure.pk
        measure.delete()
        _note(ledger, "plan.measure-removed", found, measure=number)


def submit_plan(*, plan: ActionPlan, by: User) -> ActionPlan:
    """The head hands the plan in. Errors: Refused without measures."""
    with writing(by) as ledger:
        found = _stepped(plan, "submit", "pledges.vow", by)
        if not found.measures.exists():
            raise refuse(refusals.PROMISE_INCOMPLETE, what="带完成时限的措施")
        found.submitted_at, found.submitted_by = now(), by
        found.save()
        _note(ledger, "plan.submitted", found)
    return found


def decide_plan(*, plan: ActionPlan, event: str, words: str, by: User) -> ActionPlan:
    """The office approves, returns, opens again (`revise`) or concludes; returning needs words."""
    with writing(by) as ledger:
        found = _stepped(plan, event, "pledges.review", by)
        given = words.strip() if event in ("approve", "conclude") else said(words, "退回意见")
        found.decision, found.decided_at, found.decided_by = given, now(), by
        found.save()
        _note(ledger, f"plan.{DECIDED[event]}", found, given)
        tell(
            to=found.unit, kind="pledge", campaign=found.campaign, by=by,
            subject=f"作战方案“{found.title}”：{ACTION_PLAN.events[event]}",
            link=f"/c/{found.campaign.code}/plans/{found.pk}/",
        )  # fmt: skip
    return found


def do_measure(*, measure: PlanMeasure, done_on: date, note: str, by: User) -> PlanMeasure:
    """A unit reports a measure of its approved plan as done."""
    with writing(by) as ledger:
        found = PlanMeasure.objects.select_for_update().get(pk=measure.pk)
        plan = found.plan
        require(by, "pledges.write", campaign=plan.campaign, unit=plan.unit)
        if plan.state != State.APPROVED or found.done_on is not None:
            state = "已完成" if found.done_on else ACTION_PLAN.states[plan.state]
            raise refuse(refusals.STEP_NOT_NOW, state=state, what="报完成")
        if done_on > today():
            raise refuse(refusals.PROMISE_INCOMPLETE, what="今天或以前的完成日期")
        found.done_on, found.note = done_on, said(note, "完成情况")
        found.save()
        day = done_on.isoformat()
        _note(ledger, "plan.measure-done", plan, found.note, measure=found.pk, on=day)
    return found


def _open(plan: ActionPlan, by: User) -> ActionPlan:
    """A plan that its unit may still change, locked."""
    found = _locked(plan)
    require(by, "pledges.write", campaign=found.campaign, unit=found.unit)
    if found.state not in (State.DRAFT, State.RETURNED):
        raise refuse(refusals.STEP_NOT_NOW, state=ACTION_PLAN.states[found.state], what="修改")
    return found


def _stepped(plan: ActionPlan, event: str, action: str, by: User) -> ActionPlan:
    found = _locked(plan)
    require(by, action, campaign=found.campaign, unit=found.unit)
    found.state = ACTION_PLAN.step(found.state, event)
    return found


def _locked(plan: ActionPlan) -> ActionPlan:
    rows = ActionPlan.objects.select_for_update(of=("self",))
    return rows.select_related("campaign", "unit").get(pk=plan.pk)


def _note(ledger: Ledger, event: str, row: ActionPlan, words: str = "", **data: Any) -> None:
    code = row.campaign.code
    ledger.record(
        event, f"plan/{code}/{row.pk}", campaign=code, unit=row.unit.code, state=row.state,
        personal=words.strip(), **data,
    )  # fmt: skip
