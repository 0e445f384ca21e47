"""Action plans: the list, one of them with its measures, its file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.pledges import plan_actions as actions
from saima_web.pledges import queries, tables
from saima_web.pledges.forms import MeasureForm, PlanForm
from saima_web.pledges.models import ActionPlan, PlanMeasure
from saima_web.pledges.told import told
from saima_web.ui.downloads import as_brought

State = ActionPlan.State


@campaign_page("pledges.see")
def plans(request: Request, campaign: Campaign) -> HttpResponse:
    """All plans: who has handed in, whose measures are late."""
    rows = list(queries.plans_for(request.user, campaign))
    shown = tables.plans_table(campaign, rows, today()).shown(request)
    if shown.wants_export:
        return shown.export()
    stand = {r.unit_id for r in rows if r.state not in (State.DRAFT, State.RETURNED)}
    missing = [u for u in queries.duty_units(request.user, campaign) if u.pk not in stand]
    context = {
        "campaign": campaign, "shown": shown, "tab": "plans", "missing": missing,
        "waiting": sum(1 for r in rows if r.state == State.SUBMITTED),
        "late": sum(r["late"] for r in shown.table.rows),
        "may_write": queries.writable_units(request.user, campaign).exists(),
    }  # fmt: skip
    return render(request, "pledges/plans.html", context)


@campaign_page("pledges.write")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Write a plan."""
    units = queries.writable_units(request.user, campaign)
    form = PlanForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        made = actions.draft_plan(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。请列出措施和时限，再由负责人提交。"))
        return redirect("pledges:plan", campaign.code, made.pk)
    context = {"campaign": campaign, "form": form, "tab": "plans"}
    return render(request, "pledges/plan_edit.html", context)


def _found(request: Request, campaign: Campaign, pk: int) -> ActionPlan:
    return get_object_or_404(queries.plans_for(request.user, campaign), pk=pk)


@campaign_page("pledges.write")
def edit(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Change a plan that is not handed in."""
    row = _found(request, campaign, pk)
    units = queries.writable_units(request.user, campaign).filter(pk=row.unit_id)
    initial = {"unit": row.unit, "title": row.title, "text": row.text}
    form = PlanForm(request.POST or None, request.FILES or None, initial=initial, units=units)
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k != "unit"}
        actions.edit_plan(plan=row, by=request.user, **values)
        messages.success(request, _("已保存。"))
        return redirect("pledges:plan", campaign.code, pk)
    context = {"campaign": campaign, "form": form, "row": row, "tab": "plans"}
    return render(request, "pledges/plan_edit.html", context)


@campaign_page("pledges.see")
def plan(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One plan with its measures and what became of each."""
    row, own = _found(request, campaign, pk), {"campaign": campaign}
    measures = list(row.measures.all())
    writes = may(request.user, "pledges.write", unit=row.unit, **own)
    open_ = writes and row.state in (State.DRAFT, State.RETURNED)
    context = {
        "campaign": campaign, "row": row, "measures": measures, "tab": "plans", "open": open_,
        "done": sum(1 for m in measures if m.done_on), "today": today(),
        "late": sum(1 for m in measures if not m.done_on and m.due_on < today()),
        "follows": writes and row.state == State.APPROVED,
        "vows": may(request.user, "pledges.vow", unit=row.unit, **own),
        "reviews": may(request.user, "pledges.review", **own),
        "form": MeasureForm() if open_ else None,
        "log": told(f"plan/{campaign.code}/{pk}"),
    }  # fmt: skip
    return render(request, "pledges/plan.html", context)


@require_POST
@campaign_page("pledges.see")
def move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The unit hands it in; the office decides."""
    row, event = _found(request, campaign, pk), request.POST.get("event", "")
    if event in actions.DECIDED:
        words = request.POST.get("words", "")
        actions.decide_plan(plan=row, event=event, words=words, by=request.user)
    else:
        actions.submit_plan(plan=row, by=request.user)
    messages.success(request, _("已办理。"))
    return redirect("pledges:plan", campaign.code, pk)


@require_POST
@campaign_page("pledges.write")
def measure_new(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Add a measure to a plan that is not handed in."""
    row, form = _found(request, campaign, pk), MeasureForm(request.POST)
    if form.is_valid():
        actions.add_measure(plan=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已列入一条措施。"))
    else:
        told = "；".join(f"{form.fields[f].label}：{e[0]}" for f, e in form.errors.items())
        messages.error(request, _("措施没有列入：") + told)
    return redirect("pledges:plan", campaign.code, pk)


@require_POST
@campaign_page("pledges.write")
def measure(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Report a measure as done, or take it out of a plan that is not handed in."""
    plans = queries.plans_for(request.user, campaign)
    row = get_object_or_404(PlanMeasure, pk=pk, plan__in=plans)
    if request.POST.get("event") == "remove":
        actions.remove_measure(measure=row, by=request.user)
        messages.success(request, _("已删去这条措施。"))
    else:
        note = request.POST.get("note", "")
        actions.do_measure(measure=row, done_on=today(), note=note, by=request.user)
        messages.success(request, _("已报完成。"))
    return redirect("pledges:plan", campaign.code, row.plan_id)


@campaign_page("pledges.see")
def file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The plan's file as it was brought."""
    return as_brought(_found(request, campaign, pk))
