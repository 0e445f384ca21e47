"""What tasks rest on: the teams of a campaign, and its default time limits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup.actions import put_task_force, set_limit
from saima_web.followup.models import TaskForce
from saima_web.followup.queries import limits_of
from saima_web.followup.task_forms import LimitForm, TaskForceForm
from saima_web.followup.task_views import INITIATE
from saima_web.followup.words import LIMITS
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require


@campaign_page(INITIATE)
def teams(request: Request, campaign: Campaign) -> HttpResponse:
    form = TaskForceForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        made = put_task_force(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已组建%(name)s。") % {"name": made.name})
        return redirect("followup:teams", campaign.code)
    rows = campaign.task_forces.annotate(count=Count("tasks")).prefetch_related("units")
    context = {"campaign": campaign, "form": form, "rows": rows}
    return render(request, "followup/teams.html", context)


@campaign_page(INITIATE)
def team(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(TaskForce, campaign=campaign, pk=pk)
    said = {"name": row.name, "chief": row.chief, "units": row.units.all(), "note": row.note}
    form = TaskForceForm(request.POST or None, campaign=campaign, initial=said)
    if request.method == "POST" and form.is_valid():
        put_task_force(campaign=campaign, by=request.user, row=row, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("followup:teams", campaign.code)
    return render(request, "followup/team.html", {"campaign": campaign, "form": form, "row": row})


@campaign_page(INITIATE)
def limits(request: Request, campaign: Campaign) -> HttpResponse:
    wrong = None
    if request.method == "POST":
        require(request.user, "tasks.limits", campaign=campaign)
        wrong = LimitForm(request.POST)
        if wrong.is_valid():
            set_limit(campaign=campaign, by=request.user, **wrong.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("followup:limits", campaign.code)
    context = {
        "campaign": campaign, "sets": may(request.user, "tasks.limits", campaign=campaign),
        "rows": [_limit_row(limit, wrong) for limit in limits_of(campaign)],
        "own": campaign.own_limits.count(),
    }  # fmt: skip
    return render(request, "followup/limits.html", context)


def _limit_row(limit: Any, wrong: LimitForm | None) -> dict[str, Any]:
    said = {"kind": limit.kind, "days": limit.days, "count": limit.count, "source": limit.source}
    kept = wrong is not None and wrong.data.get("kind") == limit.kind
    form = wrong if kept else LimitForm(initial=said, auto_id=f"{limit.kind}_%s")
    return {"limit": limit, "name": LIMITS.get(limit.kind, limit.name), "form": form}
