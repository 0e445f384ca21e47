"""Pages and writes about projects' sites: risks, inspections, contingency plans, photographs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import told
from saima_web.people.pages import Request
from saima_web.people.permissions import require
from saima_web.projects.models import Project, ProjectRisk
from saima_web.projects.queries import standing_of
from saima_web.projects.site import actions
from saima_web.projects.site import forms as site_forms
from saima_web.projects.site import queries as site_queries
from saima_web.projects.site import tables as site_tables
from saima_web.projects.views import find, frame, page_of
from saima_web.ui.downloads import as_brought


@campaign_page("projects.see")
def site(request: Request, campaign: Campaign) -> HttpResponse:
    """Where is a risk open, and was what inspections required done?"""
    risks = list(site_queries.risks_for(request.user, campaign))
    visits = list(site_queries.inspections_for(request.user, campaign))
    shown = site_tables.risks_table(campaign, risks).shown(request)
    visited = site_tables.inspections_table(campaign, visits, today()).shown(request)
    for one in (shown, visited):
        if one.wants_export:
            return one.export()
    seen = [site_queries.visit_of(v, today()) for v in visits]
    open_ = [r for r in risks if r.state != ProjectRisk.State.CLOSED]
    context = {
        **frame(request.user, campaign, "site"), "risks": shown, "visits": visited,
        "open": len(open_), "high": sum(r.level == ProjectRisk.Level.HIGH for r in open_),
        "waiting": sum(v.waiting for v in seen),
        "late": sum(v.late > 0 for v in seen),
    }  # fmt: skip
    return render(request, "projects/site.html", context)


def _did(
    request: Request, project: Project, form: forms.Form | forms.ModelForm[Any],
    write: Callable[[dict[str, Any]], object], *, action: str = "projects.report",
) -> HttpResponse:  # fmt: skip
    """Write what a form says and go back; what is wrong stands on the page with what was typed."""
    campaign = project.campaign
    require(request.user, action, campaign=campaign, unit=project.unit)
    if form.is_valid():
        try:
            write(form.cleaned_data)
            messages.success(request, _("已登记。"))
            return redirect("projects:one", campaign.code, project.pk)
        except Refused as refused:
            form.add_error(None, told(refused.problem))
    context = {**page_of(request, campaign, standing_of(project)), "wrong": form}
    return render(request, "projects/one.html", context, status=422)


@require_POST
@campaign_page("projects.report")
def risk_add(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Name a risk."""
    project = find(request.user, campaign, pk)
    return _did(
        request, project, site_forms.RiskForm(request.POST),
        lambda data: actions.add_risk(project=project, by=request.user, **data),
    )  # fmt: skip


@require_POST
@campaign_page("projects.report")
def risk_change(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What became of a risk."""
    risk = get_object_or_404(site_queries.risks_for(request.user, campaign), pk=pk)
    return _did(
        request, risk.project, site_forms.RiskStateForm(request.POST),
        lambda data: actions.change_risk(risk=risk, by=request.user, **data),
    )  # fmt: skip


@require_POST
@campaign_page("projects.inspect")
def inspection_add(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Record a visit to the site."""
    project = find(request.user, campaign, pk)
    return _did(
        request, project, site_forms.InspectionForm(request.POST),
        lambda data: actions.record_inspection(project=project, by=request.user, **data),
        action="projects.inspect",
    )  # fmt: skip


@require_POST
@campaign_page("projects.report")
def inspection_answer(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What the unit did about an inspection."""
    row = get_object_or_404(site_queries.inspections_for(request.user, campaign), pk=pk)
    return _did(
        request, row.project, site_forms.AnswerForm(request.POST),
        lambda data: actions.answer_inspection(inspection=row, by=request.user, **data),
    )  # fmt: skip


@require_POST
@campaign_page("projects.report")
def contingency(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Write the contingency plan."""
    project = find(request.user, campaign, pk)
    return _did(
        request, project, site_forms.ContingencyForm(request.POST, request.FILES),
        lambda data: actions.write_contingency(
            project=project, text=data["text"], upload=data["file"], by=request.user
        ),
    )  # fmt: skip


@require_POST
@campaign_page("projects.report")
def photo(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Upload a photograph."""
    project = find(request.user, campaign, pk)
    return _did(
        request, project, site_forms.PhotoForm(request.POST, request.FILES),
        lambda data: actions.add_photo(
            project=project, upload=data.pop("file"), by=request.user, **data
        ),
    )  # fmt: skip


@campaign_page("projects.see")
def file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A contingency plan or a photograph, as it was brought."""
    return as_brought(get_object_or_404(site_queries.files_for(request.user, campaign), pk=pk))


@require_POST
@campaign_page("projects.report")
def file_remove(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Take a file away."""
    kept = get_object_or_404(site_queries.files_for(request.user, campaign), pk=pk)
    project = kept.project_id
    actions.remove_file(kept=kept, by=request.user)
    messages.success(request, _("已删除。"))
    return redirect("projects:one", campaign.code, project)


@require_POST
@campaign_page("projects.manage")
def photos(request: Request, campaign: Campaign) -> HttpResponse:
    """Allow photographs in this campaign, or no longer."""
    actions.allow_photos(
        campaign=campaign, allowed=request.POST.get("allowed") == "1", by=request.user
    )
    messages.success(request, _("已修改。"))
    return redirect("projects:gates", campaign.code)
