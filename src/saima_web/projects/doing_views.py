"""Writing about projects: enter and change them, report, gates, papers, milestones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import told
from saima_web.people.pages import Request
from saima_web.projects import actions, forms, gate_actions
from saima_web.projects.models import Gate, GatePassage, Milestone, Project, ProjectMoney
from saima_web.projects.queries import projects_for, standing_of
from saima_web.projects.site.actions import takes_photos
from saima_web.projects.views import day_of, find, frame, page_of

Kept = ProjectMoney.Series


@campaign_page("projects.manage")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Enter a project."""
    form = forms.ProjectForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: actions.add_project(campaign=campaign, by=request.user, **form.cleaned_data))  # fmt: skip
        if made:
            messages.success(request, _("已新建。"))
            return redirect("projects:one", campaign.code, made.pk)
    return render(
        request, "projects/edit.html", {**frame(request.user, campaign, "list"), "form": form}
    )


@campaign_page("projects.manage")
def edit(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Change what a project is."""
    project = find(request.user, campaign, pk)
    form = forms.ProjectForm(request.POST or None, campaign=campaign, instance=project)
    if request.method == "POST" and form.is_valid():
        fresh = Project.objects.get(pk=pk)
        if _tried(form, lambda: actions.change_project(project=fresh, by=request.user, **form.cleaned_data)):  # fmt: skip
            messages.success(request, _("已修改。"))
            return redirect("projects:one", campaign.code, pk)
    context = {**frame(request.user, campaign, "list"), "form": form, "project": project}
    return render(request, "projects/edit.html", context)


def _tried(form: Any, write: Callable[[], Project]) -> Project | None:
    """Write; a refusal stands in the form, and nothing that was typed is lost."""
    try:
        return write()
    except Refused as refused:
        form.add_error(None, told(refused.problem))
        return None


@require_POST
@campaign_page("projects.report")
def report(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A month's amounts and the look of the site."""
    project = find(request.user, campaign, pk)
    form = forms.ReportForm(request.POST)
    if not form.is_valid():
        context = {**page_of(request, campaign, standing_of(project)), "report_form": form}
        return render(request, "projects/one.html", context, status=422)
    data = dict(form.cleaned_data)
    amounts = {str(s): data.pop(s) for s in (Kept.STATISTICAL, Kept.PHYSICAL, Kept.PAID)}
    month = request.POST.get("month", "")
    actions.report_month(project=project, month=month, by=request.user, amounts=amounts, **data)
    messages.success(request, _("已填报。"))
    return redirect("projects:one", campaign.code, pk)


HAPPENED: dict[str, Callable[..., Project]] = {
    "start": actions.record_start,
    "finish": actions.record_finish,
    "inclusion": actions.record_inclusion,
}


@require_POST
@campaign_page("projects.report")
def happened(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Started, finished, taken into the statistics."""
    project, form = find(request.user, campaign, pk), forms.DayForm(request.POST)
    event = request.POST.get("event", "")
    if form.is_valid() and event in HAPPENED:
        HAPPENED[event](project=project, on=day_of(form), by=request.user)
        messages.success(request, _("已登记。"))
    else:
        messages.error(request, _("日期没有填对，没有登记。"))
    return redirect("projects:one", campaign.code, pk)


@require_POST
@campaign_page("projects.report")
def gate(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """When a gate is to be passed, and when it was."""
    seen = projects_for(request.user, campaign)
    row = get_object_or_404(GatePassage, project__in=seen, pk=pk)
    form = forms.PassageForm(request.POST)
    if form.is_valid():
        actions.pass_gate(passage=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记。"))
    else:
        messages.error(request, _("日期没有填对，没有登记。"))
    return redirect("projects:one", campaign.code, row.project_id)


@require_POST
@campaign_page("projects.report")
def paper(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Enter an approval, contract, permit or photograph."""
    project, form = find(request.user, campaign, pk), forms.PaperForm(request.POST)
    if not form.is_valid():
        context = {**page_of(request, campaign, standing_of(project)), "paper_form": form}
        return render(request, "projects/one.html", context, status=422)
    actions.add_paper(project=project, by=request.user, **form.cleaned_data)
    messages.success(request, _("已登记。"))
    return redirect("projects:one", campaign.code, pk)


@require_POST
@campaign_page("projects.report")
def milestone(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What has happened of a milestone."""
    seen = projects_for(request.user, campaign)
    row = get_object_or_404(Milestone, project__in=seen, pk=pk)
    form = forms.MilestoneForm(request.POST)
    if form.is_valid():
        actions.report_milestone(milestone=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记，后面节点的预计日期已重新推算。"))
    else:
        messages.error(request, _("日期或百分比没有填对，没有登记。"))
    return redirect("projects:one", campaign.code, row.project_id)


@campaign_page("projects.manage")
def gates(request: Request, campaign: Campaign) -> HttpResponse:
    """The campaign's gates: the usual 22 to begin with, then its own."""
    if request.method == "POST":
        added = _added(request, campaign)
        messages.success(request, _("已加上%(n)s个关口。") % {"n": added})
        return redirect("projects:gates", campaign.code)
    rows = [(g, forms.GateForm(instance=g, prefix=f"g{g.pk}")) for g in campaign.gates.all()]
    context = {
        **frame(request.user, campaign, "gates"),
        "rows": rows,
        "matters": Gate.Matter.choices,
        "takes_photos": takes_photos(campaign),
    }
    return render(request, "projects/gates.html", context)


def _added(request: Request, campaign: Campaign) -> int:
    """One gate that was named, or the usual ones; how many were added."""
    given = request.POST
    if "name" not in given:
        return len(actions.add_usual_gates(campaign=campaign, by=request.user))
    gate_actions.add_gate(
        campaign=campaign, name=given["name"], matter=given.get("matter", ""),
        owner=given.get("owner", ""), by=request.user,
    )  # fmt: skip
    return 1


@require_POST
@campaign_page("projects.manage")
def gate_change(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Rename a gate, move it to another matter, name its owner; move it up or down, remove it."""
    row = get_object_or_404(Gate, campaign=campaign, pk=pk)
    asked = request.POST.get("do", "")
    if asked in ("up", "down"):
        gate_actions.move_gate(gate=row, up=asked == "up", by=request.user)
        return redirect("projects:gates", campaign.code)
    if asked == "remove":
        gate_actions.remove_gate(gate=row, by=request.user)
        messages.success(request, _("已删除。"))
        return redirect("projects:gates", campaign.code)
    form = forms.GateForm(request.POST, prefix=f"g{pk}", instance=row)
    if form.is_valid():
        actions.set_gate(gate=Gate.objects.get(pk=pk), by=request.user, **form.cleaned_data)
        messages.success(request, _("已修改。"))
    else:
        messages.error(request, _("没有改：名称不能空，也不能与别的关口相同。"))
    return redirect("projects:gates", campaign.code)
