"""What is done with tasks: one step, many at once, reminders, requests, parts, a new instruction."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup import requests as asking
from saima_web.followup.doing import QUICK, Given, do
from saima_web.followup.loop import assign_all, remind
from saima_web.followup.models import Task, TaskRequest
from saima_web.followup.parts import instruct_again, merge, split
from saima_web.followup.queries import tasks_for
from saima_web.followup.reminding import reminder_text
from saima_web.followup.scope import may_on, require_on, scope
from saima_web.followup.task_forms import AgainForm, SplitForm
from saima_web.followup.task_views import SEE, found_task, shown_task
from saima_web.people.languages import told
from saima_web.people.pages import Request

MANAGE = "tasks.manage"


@require_POST
@campaign_page(SEE)
def step(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """One step of the loop; what was typed stays where it is refused."""
    found = found_task(request, campaign, number)
    key = request.POST.get("do", "")
    try:
        made = do(key, found, Given(request.POST, request.FILES.get("file")), request.user)
    except KeyError:
        return redirect("followup:task", campaign.code, number)
    except Refused as refused:
        if refused.problem.code == "not-allowed":
            raise
        messages.error(request, told(refused.problem))
        found.refresh_from_db()
        context = shown_task(request, found) | {"kept": request.POST, "kept_key": key}
        return render(request, "followup/task.html", context, status=409)
    messages.success(request, _("现在是“%(state)s”。") % {"state": made.get_state_display()})
    if request.POST.get("next") == "board":
        return redirect("followup:board", campaign.code)
    return redirect("followup:task", campaign.code, number)


@require_POST
@campaign_page("tasks.remind")
def bulk(request: Request, campaign: Campaign) -> HttpResponse:
    """The same step for all chosen tasks; each that is refused says why."""
    key, numbers = request.POST.get("do", ""), _numbers(request.POST.getlist("task"))
    back = f"{request.POST.get('query', '')}"
    here = redirect("followup:tasks", campaign.code)
    here["Location"] += f"?{back}" if back else ""
    if not numbers:
        messages.error(request, _("还没有选任务。"))
        return here
    if key == "remind":
        there = redirect("followup:remind", campaign.code)
        there["Location"] += "?" + "&".join(f"task={n}" for n in numbers)
        return there
    if key in QUICK:
        _do_all(request, list(tasks_for(request.user, campaign).filter(number__in=numbers)), key)
    return here


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal()]


def _do_all(request: Request, tasks: list[Task], key: str) -> None:
    done, reasons = 0, []
    if key == "assign":  # those that can go go together: one message to each unit
        ready = [t for t in tasks if t.state == "initiated" and may_on(request.user, MANAGE, t)]
        done = len(assign_all(tasks=ready, by=request.user))
        tasks = [t for t in tasks if t not in ready]
    for task in tasks:
        try:
            do(key, task, Given(request.POST), request.user)
            done += 1
        except Refused as refused:
            reasons.append(f"{task.number} {task.title}：{told(refused.problem)}")
    if done:
        messages.success(request, _("%(n)s项已办。") % {"n": done})
    for reason in reasons[:8]:
        messages.error(request, reason)
    if len(reasons) > 8:
        messages.error(request, _("另有%(n)s项没有办成。") % {"n": len(reasons) - 8})


@campaign_page("tasks.remind")
def reminders(request: Request, campaign: Campaign) -> HttpResponse:
    """The words to copy into the chat group, and a note that they were."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = tasks_for(request.user, campaign).filter(scope(request.user, "tasks.remind", campaign))
    chosen = list(rows.filter(number__in=_numbers(asked.getlist("task"))))
    text = reminder_text(chosen, campaign)
    if request.method == "POST" and chosen:
        remind(tasks=chosen, text=request.POST.get("text", "").strip() or text, by=request.user)
        messages.success(request, _("已记下%(n)s项催办。") % {"n": len(chosen)})
        return redirect("followup:tasks", campaign.code)
    context = {"campaign": campaign, "rows": chosen, "text": text}
    return render(request, "followup/remind.html", context)


@require_POST
@campaign_page(SEE)
def ask(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """A unit asks for a later date or another goal."""
    found = found_task(request, campaign, number)
    require_on(request.user, "tasks.report", found)
    reason = request.POST.get("reason", "")
    if request.POST.get("kind") == TaskRequest.Kind.CHANGE:
        goal = request.POST.get("goal", "")
        asking.ask_change(task=found, goal=goal, reason=reason, by=request.user)
    else:
        until = asking.day_in(request.POST.get("until", ""))
        asking.ask_extension(task=found, until=until, reason=reason, by=request.user)
    messages.success(request, _("申请已提交，批复之前按原时限、原目标考核。"))
    return redirect("followup:task", campaign.code, number)


@require_POST
@campaign_page("tasks.manage")
def decide(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The office answers a request."""
    seen = tasks_for(request.user, campaign)
    row = get_object_or_404(TaskRequest, pk=pk, task__in=seen)
    approved = request.POST.get("do") == "approve"
    made = asking.decide(
        request=row, approved=approved, note=request.POST.get("note", ""), by=request.user
    )
    if approved and not made.counts:
        messages.warning(request, _("已同意，但已过时限，仍按原时限、原目标考核。"))
    else:
        messages.success(request, _("已批复：%(what)s。") % {"what": made.get_state_display()})
    return redirect("followup:task", campaign.code, row.task.number)


@campaign_page("tasks.manage")
def parts(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """Split a task into children."""
    found = found_task(request, campaign, number)
    require_on(request.user, "tasks.manage", found)
    form = SplitForm(request.POST or None, task=found)
    if request.method == "POST" and form.is_valid():
        made = split(task=found, parts=form.parts(), by=request.user)
        messages.success(request, _("已拆成%(n)s项，逐项核对后交办。") % {"n": len(made)})
        return redirect("followup:task", campaign.code, number)
    return render(
        request, "followup/split.html", {"campaign": campaign, "task": found, "form": form}
    )


@require_POST
@campaign_page("tasks.manage")
def into(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """Merge a task into another one."""
    found = found_task(request, campaign, number)
    other = request.POST.get("into", "")
    seen = tasks_for(request.user, campaign)
    target = get_object_or_404(seen, number=int(other) if other.isdecimal() else 0)
    require_on(request.user, "tasks.manage", found)
    merge(tasks=[found], into=target, by=request.user)
    messages.success(request, _("已并入任务%(n)s。") % {"n": target.number})
    return redirect("followup:task", campaign.code, target.number)


@require_POST
@campaign_page("instructions.write")
def again(request: Request, campaign: Campaign, number: int) -> HttpResponse:
    """A new instruction on a task, begun as its child."""
    found = found_task(request, campaign, number)
    form = AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("批示没有交办：请写明内容和期限。"))
        return redirect("followup:task", campaign.code, number)
    made = instruct_again(task=found, by=request.user, **form.cleaned_data)
    messages.success(request, _("已作为下级任务交办，编号%(n)s。") % {"n": made.number})
    return redirect("followup:task", campaign.code, made.number)
