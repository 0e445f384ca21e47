"""Pledges: what was promised beside what was reached, one of them, a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.pledges import pledge_actions as actions
from saima_web.pledges import queries, tables
from saima_web.pledges.forms import PledgeForm


@campaign_page("pledges.see")
def pledges(request: Request, campaign: Campaign) -> HttpResponse:
    """Every pledged number beside what was reached (用数据说话)."""
    shown = tables.pledged_table(campaign, queries.pledges_for(request.user, campaign)).shown(
        request
    )
    if shown.wants_export:
        return shown.export()
    rows = shown.table.rows
    context = {
        "campaign": campaign, "shown": shown, "tab": "pledges",
        "units": len({r["unit"] for r in rows}), "kept": sum(1 for r in rows if r["kept"]),
        "final": any(r["final"] for r in rows),
        "may_write": queries.writable_units(request.user, campaign, "pledges.vow").exists(),
    }  # fmt: skip
    return render(request, "pledges/pledges.html", context)


@campaign_page("pledges.vow")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Record what was pledged, with its numbers."""
    units = queries.writable_units(request.user, campaign, "pledges.vow")
    form = PledgeForm(request.POST or None, campaign=campaign, units=units)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.record_pledge(
            campaign=campaign, unit=data["unit"], on=data["on"], occasion=data["occasion"],
            words=data["words"], values=form.values(), by=request.user,
        )  # fmt: skip
        messages.success(request, _("表态已登记，年底与实绩对照。"))
        return redirect("pledges:pledge", campaign.code, made.pk)
    context = {"campaign": campaign, "form": form, "tab": "pledges"}
    return render(request, "pledges/pledge_edit.html", context)


@campaign_page("pledges.see")
def pledge(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One pledge: the words, and each number with what became of it."""
    row = get_object_or_404(queries.pledges_for(request.user, campaign), pk=pk)
    values = list(row.values.all())
    found = queries.compare(campaign, ((row.unit.code, v.indicator, v.value) for v in values))
    lines = [(v, c, tables.outcome(c)) for v in values
             if (c := found[row.unit.code, v.indicator.code])]  # fmt: skip
    context = {
        "campaign": campaign, "row": row, "lines": lines, "tab": "pledges",
        "kept": sum(1 for _v, c, _o in lines if c.kept),
        "may_withdraw": row.withdrawn_at is None
        and may(request.user, "pledges.vow", campaign=campaign, unit=row.unit),
    }  # fmt: skip
    return render(request, "pledges/pledge.html", context)


@require_POST
@campaign_page("pledges.vow")
def withdraw(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Take a pledge back, with a reason."""
    row = get_object_or_404(queries.pledges_for(request.user, campaign), pk=pk)
    reason = request.POST.get("reason", "")
    actions.withdraw_pledge(pledge=row, reason=reason, by=request.user)
    messages.success(request, _("表态已收回，记录仍在。"))
    return redirect("pledges:pledge", campaign.code, pk)
