"""The steps of a task's loop: assigned, taken on, reported, reviewed, returned, closed out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile

from saima.problems import declare, refuse
from saima.tasks.rollup import holds_open
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.followup.models import Instruction, Reminder, Report, Task
from saima_web.followup.recording import locked, move, record, step
from saima_web.followup.scope import require_on
from saima_web.followup.telling import tell_unit, tell_units
from saima_web.people.models import Unit, User
from saima_web.ui.uploads import keep_file

NEEDS_WORDS = declare(
    "task-needs-words",
    "还没有写{what}。",
    "请写清楚后再提交。",
    "{what} is missing.",
    "Write it and send again.",
)
NOT_IN_HAND = declare(
    "task-not-in-hand",
    "任务现在是“{state}”，不用报进展。",
    "签收之后、报告办结之前才报进展。",
    "the task is “{state}”; no progress is asked for.",
    "Progress is told between acceptance and the final report.",
)
PARTS_OPEN = declare(
    "task-parts-open",
    "还有{count}项下级任务没有办结，不能报告办结。",
    "请先办结下级任务，或请交办单位中止不再办的。",
    "{count} parts of the task are still open.",
    "Finish them first, or have those stopped that are given up.",
)
OWN_REPORT = declare(
    "task-own-report",
    "办结是您自己报告的，不能由您审核。",
    "请由另一人审核。",
    "you reported the task yourself; you cannot review it.",
    "Somebody else has to.",
)


def assign(*, task: Task, by: User, unit: Unit | None = None, note: str = "") -> Task:
    """Send a task out (交办); after a dispute again, to the same unit or another, with a reason."""
    with writing(by) as ledger:
        found = _assigned(ledger, task, by, unit, note)
        tell_unit(found, "assign", by, note)
    return found


def assign_all(*, tasks: Iterable[Task], by: User) -> list[Task]:
    """Send out several tasks, all or none; each unit is told once."""
    with writing(by) as ledger:
        found = [_assigned(ledger, task, by) for task in tasks]
        tell_units(found, by)
    return found


def _assigned(
    ledger: Ledger, task: Task, by: User, unit: Unit | None = None, note: str = ""
) -> Task:
    found = _taken(task, "tasks.manage", by)
    if found.state == "disputed":
        _need(note, "对异议的处理意见")
    if unit is not None:
        found.responsible_unit = unit
    move(ledger, found, "assign", by, note)
    return found


def accept(*, task: Task, by: User) -> Task:
    """The unit takes it on (签收)."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.report", by)
        found.told_on = today()
        move(ledger, found, "accept", by)
        _instruction(found, Instruction.State.ACCEPTED, by)
    return found


def dispute(*, task: Task, reason: str, by: User) -> Task:
    """The unit does not take it on, and says why; who assigned it decides."""
    return _with_words(task, "tasks.report", "dispute", reason, "异议的理由", by)


File: TypeAlias = "UploadedFile[Any] | None"
"""What shows that something was done (佐证材料), where it was brought."""


def tell(
    *,
    task: Task,
    text: str,
    by: User,
    trouble: str = "",
    next_step: str = "",
    file: File = None,
) -> Task:
    """A line of progress (报进展). Errors: Refused where nothing is in hand, or nothing is said."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.report", by)
        _need(text, "进展情况")
        if found.state not in ("accepted", "in_hand", "returned"):
            raise refuse(NOT_IN_HAND, state=found.get_state_display())
        _begin(ledger, found, by)
        shown = _line(found, by, text, trouble, next_step, file=file)
        found.changed_at = now()
        found.save()
        record(ledger, "told", found, text, **shown)
    return found


def report(*, task: Task, text: str, by: User, file: File = None) -> Task:
    """The unit says that it is done (报告办结); all parts must be."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.report", by)
        _need(text, "办结情况")
        waiting = holds_open(found.children.values_list("state", flat=True))
        if waiting:
            raise refuse(PARTS_OPEN, count=waiting)
        _begin(ledger, found, by)
        shown = _line(found, by, text, final=True, file=file)
        found.reported_on = today()
        move(ledger, found, "report", by, text, due=str(found.deadline), **shown)
        _instruction(found, Instruction.State.ANSWERED, by, text)
    return found


def review(*, task: Task, note: str, by: User) -> Task:
    """Somebody other than who reported looks at the report, and writes what they found."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.manage", by)
        _need(note, "审核意见")
        last = found.steps.filter(event="report").last()
        if last is not None and last.by_id == by.pk:
            raise refuse(OWN_REPORT)
        move(ledger, found, "review", by, note)
    return found


def return_(*, task: Task, reason: str, by: User) -> Task:
    """Back to the unit, with a reason; the deadline stands."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.manage", by)
        _need(reason, "退回的原因")
        found.reported_on, found.told_on = None, today()
        found.returns += 1
        move(ledger, found, "return", by, reason)
        tell_unit(found, "return", by, reason)
        _instruction(found, Instruction.State.ACCEPTED, by)
    return found


def judge(*, task: Task, note: str, good: bool, by: User) -> Task:
    """Review a report and decide on it at once: done, or back with the same words."""
    with writing(by):
        found = review(task=task, note=note, by=by)
        if good:
            return complete(task=found, by=by)
        return return_(task=found, reason=note, by=by)


def complete(*, task: Task, by: User, note: str = "") -> Task:
    """The report is accepted (办结)."""
    return _plain(task, "tasks.manage", "complete", note, by)


def close_out(*, task: Task, by: User, note: str = "") -> Task:
    """Verified on the spot and struck off (销号)."""
    return _plain(task, "tasks.manage", "close_out", note, by)


def evaluate(*, task: Task, grade: str, by: User, note: str = "") -> Task:
    """How well it was done (评价)."""
    with writing(by) as ledger:
        found = _taken(task, "tasks.evaluate", by)
        if grade not in Task.Grade.values:
            raise refuse(NEEDS_WORDS, what="评价的等次")
        found.grade = grade
        move(ledger, found, "evaluate", by, note, grade=grade)
    return found


def archive(*, task: Task, by: User) -> Task:
    """Put away (归档)."""
    return _plain(task, "tasks.manage", "archive", "", by)


def stop(*, task: Task, reason: str, by: User) -> Task:
    """Give the task up (中止), with a reason."""
    return _with_words(task, "tasks.manage", "stop", reason, "中止的原因", by)


def remind(*, tasks: Iterable[Task], text: str, by: User) -> list[Reminder]:
    """Note that units were reminded (催办) in these words, once for each task."""
    made = []
    with writing(by) as ledger:
        _need(text, "催办内容")
        for task in tasks:
            require_on(by, "tasks.remind", task)
            made.append(Reminder.objects.create(task=task, text=text.strip(), by=by, at=now()))
            record(ledger, "reminded", task, text)
            tell_unit(task, "remind", by, text)
    return made


# --- shared ---


def _taken(task: Task, action: str, by: User) -> Task:
    found = locked(task)
    require_on(by, action, found)
    return found


def _need(words: str, what: str) -> None:
    if not words.strip():
        raise refuse(NEEDS_WORDS, what=what)


def _plain(task: Task, action: str, event: str, note: str, by: User) -> Task:
    with writing(by) as ledger:
        found = _taken(task, action, by)
        move(ledger, found, event, by, note)
    return found


def _with_words(task: Task, action: str, event: str, words: str, what: str, by: User) -> Task:
    with writing(by) as ledger:
        found = _taken(task, action, by)
        _need(words, what)
        move(ledger, found, event, by, words)
    return found


def _begin(ledger: Ledger, task: Task, by: User) -> None:
    """The first word of progress puts an accepted or returned task in hand; the caller saves."""
    if task.state in ("accepted", "returned"):
        step(ledger, task, "start", by)


def _line(
    task: Task,
    by: User,
    text: str,
    trouble: str = "",
    next_step: str = "",
    *,
    final: bool = False,
    file: File = None,
) -> dict[str, str]:
    """Keep a line of progress, and the last one on the task; what the ledger says of its file."""
    said = {"text": text.strip(), "trouble": trouble.strip(), "next_step": next_step.strip()}
    made = Report(task=task, by=by, at=now(), final=final, **said)
    digest = keep_file(made, file)
    made.save()
    task.progress, task.told_on = said["text"], today()
    if not final:
        task.trouble, task.next_step = said["trouble"], said["next_step"]
    return {"digest": digest} if digest else {}


def _instruction(task: Task, state: str, by: User, answer: str = "") -> None:
    """What a task has become shows on the instruction that it began with."""
    row = task.instruction
    if row is None:
        return
    if row.accepted_at is None:
        row.accepted_by, row.accepted_at = by, now()
    answered = state == Instruction.State.ANSWERED
    row.state, row.answer = state, answer.strip()
    row.answered_by, row.answered_at = (by, now()) if answered else (None, None)
    row.save()
