"""What units are told of their tasks: assigned, returned, reminded, a request answered."""

from __future__ import annotations

from collections.abc import Iterable

from saima_web.followup.models import Task
from saima_web.messaging.actions import tell
from saima_web.people.models import User

SAID = {
    "assign": "新任务待签收：{title}（时限{deadline}）",
    "return": "任务被退回重办：{title}",
    "remind": "催办：{title}（时限{deadline}）",
    "request": "申请已批复：{title}",
}
"""Messages are written in Chinese whoever reads the page, as documents are."""
MANY = "{count}项新任务待签收"


def tell_unit(task: Task, about: str, by: User, words: str = "") -> None:
    """Put a message about a task into the inboxes of its unit's clerks and heads."""
    subject = SAID[about].format(title=task.title, deadline=task.deadline)
    tell(
        to=task.responsible_unit, subject=subject, kind="task", text=words.strip(),
        link=f"/c/{task.campaign.code}/tasks/{task.number}/", campaign=task.campaign, by=by,
    )  # fmt: skip


def tell_units(tasks: Iterable[Task], by: User) -> None:
    """One message to each unit about all that was assigned to it together."""
    by_unit: dict[int, list[Task]] = {}
    for task in tasks:
        by_unit.setdefault(task.responsible_unit_id, []).append(task)
    for own in by_unit.values():
        if len(own) == 1:
            tell_unit(own[0], "assign", by)
            continue
        first = own[0]
        tell(
            to=first.responsible_unit, subject=MANY.format(count=len(own)), kind="task",
            text="\n".join(f"{t.number} {t.title}（时限{t.deadline}）" for t in own),
            link=f"/c/{first.campaign.code}/tasks/?box=assigned", campaign=first.campaign, by=by,
        )  # fmt: skip
