"""The list of tasks: its columns, its filters, and the same list as the office's workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.files.task_list import task_list_bytes
from saima.tasks.deadlines import Deadline
from saima.tasks.model import Task as Row
from saima.tasks.rollup import DONE
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.followup.queries import Standing, standings, tasks_for
from saima_web.followup.words import LACKS, SHAPES
from saima_web.people.models import Unit, User
from saima_web.ui.downloads import XLSX, file_response
from saima_web.ui.tables import Box, Column, Shown, Table

DEADLINE = "followup/_deadline.html"


def rows_of(by: User, campaign: Campaign, asked: QueryDict) -> list[dict[str, Any]]:
    """The rows of the list, narrowed by the selects of the address (unit, front, project, ...)."""
    rows = tasks_for(by, campaign).prefetch_related("supporting_units", "requests")
    found = [s for s in standings(rows) if wanted(s.task, asked)]
    found.sort(
        key=lambda s: (not s.open, s.task.state == "stopped", s.task.deadline, s.task.number)
    )
    return [row_of(s, campaign) for s in found]


def wanted(task: Task, asked: QueryDict) -> bool:
    """Whether a task is among those that the address asks for."""
    given = {
        "unit": task.responsible_unit.code, "front": task.front, "source": task.source,
        "team": str(task.task_force_id or ""), "leader": task.lead_leader,
        "project": str(task.project_id or ""),
    }  # fmt: skip
    return all(not asked.get(key) or asked[key] == value for key, value in given.items())


def row_of(standing: Standing, campaign: Campaign) -> dict[str, Any]:
    """A task as a row of tables, boards and calendars."""
    task = standing.task
    return {
        "standing": standing, "task": task, "number": task.number, "title": task.title,
        "href": reverse("followup:task", args=[campaign.code, task.number]), "goal": task.goal,
        "leader": task.lead_leader, "unit": str(task.responsible_unit), "person": task.person,
        "supporting": "、".join(str(unit) for unit in task.supporting_units.all()),
        "deadline": task.deadline, "progress": task.progress, "trouble": task.trouble,
        "state": task.state, "state_words": task.get_state_display(), "due": standing.due,
        "shape": SHAPES[task.state], "front": task.front, "below": standing.below,
        "lacks": [LACKS[part] for part in standing.lacks], "source": task.get_source_display(),
        "requested": any(r.state == "open" for r in task.requests.all()),
        "row_class": "late" if standing.late and standing.open else "",
    }  # fmt: skip


def boxes() -> list[Box]:
    """The count boxes: what is to be looked at first."""
    week = today() + timedelta(days=7)
    return [
        Box("overdue", _("逾期"), lambda r: r["standing"].open and r["due"] == "overdue"),
        Box("nearing", _("临期"), lambda r: r["standing"].open and r["due"] == "nearing"),
        Box("week", _("七天内到期"), lambda r: r["standing"].open and today() <= r["deadline"] <= week),
        Box("assigned", _("待签收"), lambda r: r["state"] == "assigned"),
        Box("disputed", _("有异议"), lambda r: r["state"] == "disputed"),
        Box("reported", _("待审核"), lambda r: r["state"] in ("reported", "reviewed")),
        Box("returned", _("退回重办"), lambda r: r["state"] == "returned"),
        Box("requested", _("申请待批"), lambda r: r["requested"]),
        Box("asked", _("该报进展"), lambda r: r["standing"].asked),
        Box("lacking", _("要素不全"), lambda r: r["standing"].open and bool(r["lacks"])),
        Box("open", _("在办"), lambda r: r["standing"].open),
        Box("done", _("已办结"), lambda r: r["state"] in DONE),
    ]  # fmt: skip


def table(rows: Sequence[dict[str, Any]], picks: bool) -> Table:
    """The list with the usual columns, those that say more under those that name."""
    columns = [
        Column("number", _("序号"), "number", decimals=0),
        Column("title", _("工作任务和目标"), template="followup/_title.html"),
        Column("leader", _("牵头领导"), template="followup/_keep.html"),
        Column("unit", _("责任单位"), template="followup/_units.html"),
        Column("person", _("责任人"), template="followup/_keep.html"),
        Column("deadline", _("完成时限"), template=DEADLINE),
        Column("progress", _("进展情况和问题"), template="followup/_progress.html", sort=""),
        Column("state", _("状态"), template="followup/_state.html"),
    ]
    if picks:
        columns.insert(
            0, Column("pick", _("选"), template="followup/_pick.html", sort="", export=False)
        )
    return Table(
        columns, rows, _("任务清单"), search=("title", "goal", "unit", "person", "leader", "supporting"),
        boxes=[box for box in boxes() if any(box.test(row) for row in rows)], css="t-list",
        empty=_("还没有任务。"), begin=_("立项或导入任务清单之后，这里列出每项任务办到哪一步。"),
    )  # fmt: skip


def export(shown: Shown, campaign: Campaign) -> HttpResponse:
    """What the list shows, in the columns of the office's own workbook."""
    content = workbook([row["standing"] for row in shown.found], campaign)
    return file_response(content, f"{campaign.name}任务清单.xlsx", XLSX)


def workbook(found: Iterable[Standing], campaign: Campaign) -> bytes:
    """Tasks as a task list that can be imported again."""
    rows = list(found)
    numbers = {s.task.pk: str(s.task.number) for s in rows}
    return task_list_bytes(
        [library_row(s.task, numbers) for s in rows], f"{campaign.name}任务清单", today()
    )


def library_row(task: Task, numbers: dict[int, str]) -> Row:
    """A task as the library knows it; its number stands under its parent's, where that is listed."""
    own, above = str(task.number), numbers.get(task.parent_id or 0, "")
    kind: Any = task.deadline_kind
    return Row(
        number=f"{above}.{own}" if above else own, title=task.title, goal=task.goal,
        supporting_project=task.supporting_project, landmark_result=task.landmark_result,
        source=task.get_source_display(), front=task.front, lead_leader=task.lead_leader,
        first_responsible=task.first_responsible, responsible_unit=task.responsible_unit.name,
        supporting_units=tuple(unit.name for unit in task.supporting_units.all()),
        person=task.person, deadline=Deadline(task.deadline, kind), progress=task.progress,
        trouble=task.trouble, next_step=task.next_step, state=task.state,
        reported=task.reported_on, note=task.source_note,
    )  # fmt: skip


def choices(by: User, campaign: Campaign) -> dict[str, list[tuple[str, str]]]:
    """What the selects above the list offer: only what some task has."""
    rows = list(tasks_for(by, campaign))
    units = {t.responsible_unit.code: t.responsible_unit for t in rows}
    teams = {str(t.task_force_id): t.task_force.name for t in rows if t.task_force}
    projects = {str(t.project_id): t.project.name for t in rows if t.project}
    return {
        "unit": [(u.code, str(u)) for u in sorted(units.values(), key=_official)],
        "front": [(f, f) for f in sorted({t.front for t in rows if t.front})],
        "source": [(t, str(Task.Source(t).label)) for t in sorted({t.source for t in rows})],
        "leader": [(x, x) for x in sorted({t.lead_leader for t in rows if t.lead_leader})],
        "team": list(teams.items()),
        "project": list(projects.items()),
    }


def _official(unit: Unit) -> tuple[int, str]:
    return unit.order, unit.code


def answer(found: Sequence[Standing]) -> list[str]:
    """The first line of the list: how many, how many done, what is late."""
    if not found:
        return [_("还没有任务。")]
    done = sum(1 for s in found if s.task.state in DONE)
    late = sum(1 for s in found if s.open and s.due == "overdue")
    near = sum(1 for s in found if s.open and s.due == "nearing")
    clauses = [
        _("%(all)s项任务，") % {"all": len(found)},
        _("办结%(n)s项，") % {"n": done},
    ]
    if late or near:
        return [*clauses, _("逾期%(n)s项，") % {"n": late}, _("临期%(n)s项。") % {"n": near}]
    return [*clauses, _("没有逾期和临期的。")]
