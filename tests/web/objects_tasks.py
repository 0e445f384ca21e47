"""Each unit's own task with everything that hangs on it, and secret words in all of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from saima_web.base.clock import now, today
from saima_web.followup import loop
from saima_web.followup.actions import initiate_task, put_task_force
from saima_web.followup.models import Task
from saima_web.followup.requests import ask_extension
from saima_web.followup.saving import save_view
from saima_web.people.models import Upload

if TYPE_CHECKING:
    from tests.web.objects import Chest

SEE = "tasks.see"
TOLD = ("audit.see", "messages.manage")
"""Who minds the ledger or the outbox reads in them what is told of a task."""


def build(chest: Chest, units: tuple[str, ...]) -> None:
    """A task in hand of each unit, assigned by D1 and naming a project: three offices handle it."""
    house = chest.house
    team = put_task_force(campaign=house.campaign, name="攻坚专班", by=house.office)
    chest.add("team", team.pk)
    own = {"campaign": house.campaign, "view": "list", "query": "box=overdue"}
    mine = save_view(name="我的", by=house.clerk, **own)
    shared = save_view(name="大家的", shared=True, by=house.office, **own)
    chest.add("saved-view", mine.pk, only=("clerk",))
    chest.add("saved-view", shared.pk, only=("office",))
    for code in units:
        _task(chest, code)
    kept = Upload.objects.create(
        kind="tasks", campaign=house.campaign, name="清单.xlsx", digest="0" * 64, at=now(),
        file=ContentFile(b"no workbook at all", "list.xlsx"), by=house.office,
    )  # fmt: skip
    chest.add("tasks-upload", kept.pk, only=("office",))


def _task(chest: Chest, code: str) -> None:
    house, unit = chest.house, chest.house.units[code]
    on: dict[str, Any] = {"unit": unit}
    words = {
        key: chest.word("任务", SEE, *TOLD, **on)
        for key in ("title", "goal", "supporting_project", "landmark_result", "contingency_plan",
                    "person", "lead_leader", "first_responsible", "source_note")
    }  # fmt: skip
    made = initiate_task(
        campaign=house.campaign, responsible_unit=unit, deadline=date(2026, 12, 20),
        source="plan", by=house.office,
        file=SimpleUploadedFile("预案.pdf", b"%PDF-1.4 " + chest.word("预案", SEE, **on).encode()),
        **words,
    )  # fmt: skip
    Task.objects.filter(pk=made.pk).update(assigning_unit=house.units["D1"])
    by = house.clerk if code == "E1" else house.other_clerk
    loop.assign(task=made, by=house.office, note=chest.word("交办", SEE, *TOLD, **on))
    loop.accept(task=made, by=by)
    said = {key: chest.word("进展", SEE, *TOLD, **on) for key in ("text", "trouble", "next_step")}
    shown = b"%PDF-1.4 " + chest.word("佐证", SEE, **on).encode()
    loop.tell(task=made, by=by, file=SimpleUploadedFile("照片.pdf", shown), **said)
    loop.remind(tasks=[made], text="请抓紧", by=house.office)
    until = max(made.deadline, today()) + timedelta(days=9)
    asked = ask_extension(
        task=made, until=until, reason=chest.word("延期", SEE, *TOLD, **on), by=by
    )
    chest.add("task", made.number, **on)
    chest.add("task-report", made.reports.get().pk, **on)
    chest.add("task-request", asked.pk, **on)
