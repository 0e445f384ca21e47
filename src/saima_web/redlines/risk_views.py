"""The list of risks: all of them, a new one, one with its checks and its plan."""

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
from saima_web.pledges.told import told
from saima_web.redlines import queries, tables
from saima_web.redlines import risk_actions as actions
from saima_web.redlines.forms import CheckForm, RiskForm
from saima_web.redlines.models import RiskItem


@campaign_page("risks.see")
def risks(request: Request, campaign: Campaign) -> HttpResponse:
    """Every risk: when it was checked, what is open."""
    rows = list(queries.risks_for(request.user, campaign))
    shown = tables.risks_table(campaign, rows, today()).shown(request)
    if shown.wants_export:
        return shown.export()
    lines = shown.table.rows
    context = {
        **queries.frame(request.user, campaign, "risks"), "shown": shown,
        "open": sum(1 for r in lines if r["open"]),
        "overdue": sum(1 for r in lines if r["overdue"]),
        "hazards": sum(1 for r in lines if r["hazard"]),
        "writes": may(request.user, "risks.check", campaign=campaign)
        and campaign.domains.exists(),
    }  # fmt: skip
    return render(request, "redlines/risks.html", context)


@campaign_page("risks.check")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Put a risk on the list."""
    form = RiskForm(request.POST or None, campaign=campaign, by=request.user)
    if request.method == "POST" and form.is_valid():
        made = actions.enter_risk(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已列入底线清单。"))
        return redirect("redlines:risk", campaign.code, made.pk)
    context = {**queries.frame(request.user, campaign, "risks"), "form": form}
    return render(request, "redlines/risk_edit.html", context)


def _found(request: Request, campaign: Campaign, pk: int) -> RiskItem:
    return get_object_or_404(queries.risks_for(request.user, campaign), pk=pk)


@campaign_page("risks.see")
def risk(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One risk with its checks."""
    row = _found(request, campaign, pk)
    may_write = may(request.user, "risks.check", campaign=campaign, unit=row.unit)
    writes = may_write and row.closed_at is None
    context = {
        **queries.frame(request.user, campaign, "risks"), "row": row, "writes": writes,
        "checks": row.checks.select_related("by"), "next": queries.next_check(row),
        "overdue": queries.is_overdue(row, today()),
        "hazard": row.pk in queries.open_hazards(campaign),
        "form": CheckForm() if writes else None,
        "log": told(f"risk/{campaign.code}/{pk}"),
    }  # fmt: skip
    return render(request, "redlines/risk.html", context)


@require_POST
@campaign_page("risks.check")
def move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Write the plan, take the risk off the list, or keep a check."""
    row, event, by = _found(request, campaign, pk), request.POST.get("event", ""), request.user
    words = request.POST.get("words", "")
    if event == "plan":
        actions.write_plan(risk=row, plan=words, by=by)
    elif event == "close":
        actions.close_risk(risk=row, words=words, by=by)
    else:
        return _check(request, campaign, row)
    messages.success(request, _("已保存。"))
    return redirect("redlines:risk", campaign.code, pk)


def _check(request: Request, campaign: Campaign, row: RiskItem) -> HttpResponse:
    form = CheckForm(request.POST)
    if form.is_valid():
        actions.check_risk(risk=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("检查已记录。"))
    else:
        told_ = "；".join(f"{form.fields[f].label}：{e[0]}" for f, e in form.errors.items())
        messages.error(request, _("检查没有记下：") + told_)
    return redirect("redlines:risk", campaign.code, row.pk)
