"""Asking for a later date or another goal; it counts only if asked and approved in time."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from saima.problems import declare, refuse
from saima.tasks.due import Extension, counts
from saima.workflows.task import OPEN
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.followup.models import Task, TaskRequest
from saima_web.followup.recording import locked, record
from saima_web.followup.scope import require_on
from saima_web.followup.telling import tell_unit
from saima_web.people.models import User

REQUEST_INCOMPLETE = declare(
    "task-request-incomplete",
    "申请还缺{what}。",
    "请补齐后再提交。",
    "the request lacks {what}.",
    "Fill it in and send again.",
)
REQUEST_TWICE = declare(
    "task-request-open",
    "这项任务已有一份{kind}申请在等批复。",
    "请等批复后再提。",
    "a request of this kind waits for its answer already.",
    "Wait for the answer.",
)
REQUEST_LATE_STATE = declare(
    "task-request-not-open",
    "任务现在是“{state}”，不能再申请延期或变更。",
    "报告办结之前才能申请。",
    "the task is “{state}”; nothing can be asked for any more.",
    "Ask before the final report.",
)
REQUEST_DECIDED = declare(
    "task-request-decided",
    "这份申请已经批复。",
    "请刷新页面查看批复意见。",
    "this request was decided already.",
    "Load the page again.",
)


def ask_extension(*, task: Task, until: date | None, reason: str, by: User) -> TaskRequest:
    """Ask for a later day (延期申请). Errors: Refused for no reason or no later day."""
    if until is None or until <= task.deadline:
        raise refuse(REQUEST_INCOMPLETE, what="晚于现在时限的日期")
    return _ask(task, TaskRequest.Kind.EXTENSION, reason, by, until=until)


def ask_change(*, task: Task, goal: str, reason: str, by: User) -> TaskRequest:
    """Ask for another goal (变更申请). Errors: Refused for no reason or no goal."""
    if not goal.strip():
        raise refuse(REQUEST_INCOMPLETE, what="申请改成的目标")
    return _ask(task, TaskRequest.Kind.CHANGE, reason, by, goal=goal.strip())


def _ask(
    task: Task, kind: str, reason: str, by: User, until: date | None = None, goal: str = ""
) -> TaskRequest:
    with writing(by) as ledger:
        found = locked(task)
        require_on(by, "tasks.report", found)
        if not reason.strip():
            raise refuse(REQUEST_INCOMPLETE, what="理由")
        if found.state not in OPEN:
            raise refuse(REQUEST_LATE_STATE, state=found.get_state_display())
        if found.requests.filter(kind=kind, state=TaskRequest.State.OPEN).exists():
            raise refuse(REQUEST_TWICE, kind=TaskRequest.Kind(kind).label)
        made = TaskRequest.objects.create(
            task=found, kind=kind, reason=reason.strip(), until=until, goal=goal, asked_by=by,
            asked_at=now(),
        )  # fmt: skip
        record(ledger, f"{kind}-asked", found, reason, until=str(until) if until else "")
    return made


def decide(*, request: TaskRequest, approved: bool, by: User, note: str = "") -> TaskRequest:
    """Answer a request. Approved after the deadline, it leaves the old day and goal to be judged
    by; the new day is kept as what was promised."""
    with writing(by) as ledger:
        row = TaskRequest.objects.select_for_update().get(pk=request.pk)
        task = locked(row.task)
        require_on(by, "tasks.manage", task)
        if row.state != TaskRequest.State.OPEN:
            raise refuse(REQUEST_DECIDED)
        if not approved and not note.strip():
            raise refuse(REQUEST_INCOMPLETE, what="不同意的理由")
        row.state = TaskRequest.State.APPROVED if approved else TaskRequest.State.REFUSED
        row.decided_by, row.decided_at, row.note = by, now(), note.strip()
        row.counts = approved and in_time(row, task)
        row.save()
        if approved:
            _apply(row, task)
        event = f"{row.kind}-{'approved' if approved else 'refused'}"
        record(ledger, event, task, note, counts=row.counts, deadline=str(task.deadline))
        tell_unit(task, "request", by, f"{row.get_state_display()}　{row.note}")
    return row


def in_time(row: TaskRequest, task: Task) -> bool:
    """Whether a request that is approved today moves what the task is judged by."""
    asked = timezone.localdate(row.asked_at)
    return counts(Extension(asked, today(), row.until or task.deadline), task.deadline)


def _apply(row: TaskRequest, task: Task) -> None:
    if row.until is not None and row.counts:
        task.deadline, task.deadline_kind = row.until, Task.DeadlineKind.DAY
        task.promised_on = None
    elif row.until is not None:
        task.promised_on = row.until
    elif row.counts:
        task.goal = row.goal
    task.changed_at = now()
    task.save()


def day_in(text: str) -> date | None:
    """A day as a form sends it, None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
