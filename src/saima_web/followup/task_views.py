"""Tasks: the list, one task with its loop, a new one, mending one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup import listing, saving
from saima_web.followup.actions import change_task, initiate_task
from saima_web.followup.doing import doings
from saima_web.followup.links import source_link
from saima_web.followup.models import Instruction, Report, Task, TaskRequest
from saima_web.followup.parts import lineage, task_from_instruction, title_of
from saima_web.followup.queries import Standing, instructions_for, standings, tasks_for
from saima_web.followup.scope import may_on, require_on
from saima_web.followup.task_forms import AgainForm, TaskForm, units_of
from saima_web.followup.words import EVENTS, LACKS, LEVELS, SHAPES, WAITS
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.ui.downloads import as_brought

SEE, INITIATE = "tasks.see", "tasks.initiate"
FILTERS = ("unit", "front", "source", "leader", "team", "project")


def found_task(request: Request, campaign: Campaign, number: int) -> Task:
    """A task that the person may see; others do not exist (404)."""
    return get_object_or_404(tasks_for(request.user, campaign), number=number)


@campaign_page(SEE)
def tasks(request: Request, campaign: Campaign) -> HttpResponse:
    rows = listing.rows_of(request.user, campaign, request.GET)
    picks = may(request.user, "tasks.remind", campaign=campaign)
    shown = listing.table(rows, picks).shown(request)
    if shown.wants_export:
        return listing.export(shown, campaign)
    chosen = {k: request.GET.get(k, "") for k in FILTERS}
    context = {
        "campaign": campaign, "shown": shown, "picks": picks, "view": "list",
        "clauses": listing.answer([row["standing"] for row in rows]),
        "choices": choices_shown(listing.choices(request.user, campaign), chosen),
        "chosen": any(chosen.values()), "query": request.GET.urlencode(),
        "initiates": may(request.user, INITIATE, campaign=campaign),
        "manages": may(request.user, "tasks.manage", campaign=campaign),
        **saving.shown(request.user, campaign, "list", request.GET),
    }  # fmt: skip
    return render(request, "followup/tasks.html", context)


def choices_shown(found: dict[str, Any], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The selects above a list, each with its word and what is chosen; empty ones are left out."""
    titles = {
        "unit": _("责任单位"), "front": _("战线"), "source": _("来源"), "leader": _("牵头领导"),
        "team": _("专班"), "project": _("支撑项目"),
    }  # fmt: skip
    return [
        {"key": key, "title": titles[key], "rows": rows, "now": chosen[key]}
        for key, rows in found.items()
        if rows
    ]


@campaign_page(SEE)
def task(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    found = found_task(request, campaign, number)
    return render(request, "followup/task.html", shown_task(request, found))


def shown_task(request: Request, found: Task) -> dict[str, Any]:
    """Everything that a task's page shows."""
    by, campaign = request.user, found.campaign
    children = list(tasks_for(by, campaign).filter(parent=found))
    own, *below = standings([found, *children])
    seen = set(tasks_for(by, campaign).values_list("pk", flat=True))
    todo = doings(found, by)
    requests = list(found.requests.select_related("asked_by", "decided_by"))
    return {
        "campaign": campaign, "task": found, "standing": own, "shape": SHAPES[found.state],
        "lacks": [LACKS[part] for part in own.lacks], "clauses": clauses(own, found),
        "above": [row for row in lineage(found)[:0:-1] if row.pk in seen],
        "level": LEVELS[min(len(lineage(found)) - 1, 2)],
        "below": [{"task": s.task, "standing": s, "shape": SHAPES[s.task.state]} for s in below],
        "steps": [
            {"row": step, "title": EVENTS.get(step.event, step.event)}
            for step in found.steps.select_related("by")
        ],
        "reports": found.reports.select_related("by"), "requests": requests,
        "reminders": found.reminders.select_related("by"),
        "doings": todo, "waits": "" if any(d.key != "stop" for d in todo) else WAITS[found.state],
        "grades": Task.Grade.choices, "units": units_of(campaign),
        "manages": may_on(by, "tasks.manage", found),
        "reports_it": may_on(by, "tasks.report", found) and own.open,
        "reminds": may_on(by, "tasks.remind", found),
        "asks": [k for k in TaskRequest.Kind if not _waits(requests, k)],
        "again": AgainForm() if may(by, "instructions.write", campaign=campaign) else None,
        "today": today(), "source_href": source_link(found),
    }  # fmt: skip


def _waits(requests: list[TaskRequest], kind: str) -> bool:
    return any(r.kind == kind and r.state == TaskRequest.State.OPEN for r in requests)


def clauses(standing: Standing, found: Task) -> list[str]:
    """The first line of a task's page: what state it is in, and how its deadline stands."""
    state = str(found.get_state_display())
    more = _how_it_stands(standing, found)
    head = _("%(title)s：") % {"title": found.title}
    return [head, *(words + _("，") for words in [state, *more][:-1]), [state, *more][-1] + _("。")]


def _how_it_stands(standing: Standing, found: Task) -> list[str]:
    said: list[str] = []
    if found.state == "stopped":
        return said
    if standing.late and standing.open:
        said.append(_("逾期%(n)s天") % {"n": standing.late})
    elif standing.late:
        said.append(_("比时限晚%(n)s天报告办结") % {"n": standing.late})
    elif standing.open:
        said.append(_("离时限还有%(n)s天") % {"n": (found.deadline - today()).days})
    if standing.below.parts:
        numbers = {"all": standing.below.parts, "done": standing.below.done}
        said.append(_("下级%(all)s项办结%(done)s项") % numbers)
    return said


@campaign_page(INITIATE)
def new(request: Request, campaign: Campaign) -> HttpResponse:
    first = {"parent": request.GET.get("parent"), "responsible_unit": request.GET.get("unit")}
    form = TaskForm(
        request.POST or None,
        request.FILES or None,
        campaign=campaign,
        by=request.user,
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        made = initiate_task(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已立项，编号%(n)s。核对无误后交办。") % {"n": made.number})
        return redirect("followup:task", campaign.code, made.number)
    return render(request, "followup/task_form.html", {"campaign": campaign, "form": form})


@campaign_page(INITIATE)
def from_instruction(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(instructions_for(request.user, campaign), pk=pk)
    known = Task.objects.filter(instruction=row).first()
    if known is not None and request.method == "GET":
        return redirect("followup:task", campaign.code, known.number)
    form = TaskForm(
        request.POST or None,
        request.FILES or None,
        campaign=campaign,
        by=request.user,
        initial=_from(row),
    )
    if request.method == "POST" and form.is_valid():
        said = {k: v for k, v in form.cleaned_data.items() if k not in ("source", "source_note")}
        made = task_from_instruction(instruction=row, by=request.user, **said)
        messages.success(
            request, _("已转为任务并交办%(unit)s，编号%(n)s。")
            % {"unit": made.responsible_unit, "n": made.number},
        )  # fmt: skip
        return redirect("followup:task", campaign.code, made.number)
    context = {"campaign": campaign, "form": form, "instruction": row}
    return render(request, "followup/task_form.html", context)


def _from(row: Instruction) -> dict[str, Any]:
    """What an instruction already says of its task."""
    return {
        "title": title_of(row.text), "responsible_unit": row.unit, "deadline": row.due_on,
        "source": Task.Source.INSTRUCTION, "every": Task.Every.WEEK,
    }  # fmt: skip


@campaign_page("tasks.manage")
def edit(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    found = found_task(request, campaign, number)
    require_on(request.user, "tasks.manage", found)
    form = TaskForm(
        request.POST or None, request.FILES or None, campaign=campaign, by=request.user, task=found
    )
    if request.method == "POST" and form.is_valid():
        change_task(task=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("followup:task", campaign.code, number)
    context = {"campaign": campaign, "form": form, "task": found}
    return render(request, "followup/task_form.html", context)


@campaign_page(SEE)
def file(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """The contingency plan as it was brought."""
    return as_brought(found_task(request, campaign, number))


@campaign_page(SEE)
def report_file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What shows that a line of progress is true, as it was brought."""
    seen = tasks_for(request.user, campaign)
    return as_brought(get_object_or_404(Report, pk=pk, task__in=seen))
