"""The domains of red lines, and the vetoes that the campaign allows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.redlines import queries, tables
from saima_web.redlines import setup_actions as actions
from saima_web.redlines.forms import VetoForm
from saima_web.redlines.models import AllowedVeto
from saima_web.redlines.rules import event_rules


@campaign_page("redlines.see")
def vetoes(request: Request, campaign: Campaign) -> HttpResponse:
    """The list of what may follow; adding to it needs a basis."""
    form = VetoForm(request.POST or None, campaign=campaign)
    if request.method == "POST":
        require(request.user, "redlines.manage", campaign=campaign)
        if form.is_valid():
            actions.allow_veto(campaign=campaign, by=request.user, **form.cleaned_data)
            messages.success(request, _("已列入许可清单。"))
            return redirect("redlines:vetoes", campaign.code)
    manages = may(request.user, "redlines.manage", campaign=campaign)
    shown = tables.vetoes_table(campaign, manages).shown(request)
    if shown.wants_export:
        return shown.export()
    rules = [r for r in event_rules(campaign) if r.kind in AllowedVeto.Effect.values]
    context = {
        **queries.frame(request.user, campaign, "vetoes"), "shown": shown, "form": form,
        "domains": campaign.domains.all(), "rules": rules,
        "live": sum(1 for r in shown.table.rows if r["live"]),
        "manages": manages,
    }  # fmt: skip
    return render(request, "redlines/vetoes.html", context)


@require_POST
@campaign_page("redlines.manage")
def domain_new(request: Request, campaign: Campaign) -> HttpResponse:
    """One more domain, or the usual four."""
    if request.POST.get("event") == "usual":
        actions.add_usual_domains(campaign=campaign, by=request.user)
    else:
        actions.add_domain(campaign=campaign, name=request.POST.get("name", ""), by=request.user)
    messages.success(request, _("已加上领域。"))
    return redirect("redlines:vetoes", campaign.code)


@require_POST
@campaign_page("redlines.manage")
def veto_retire(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Take a veto off the list."""
    row = get_object_or_404(AllowedVeto, pk=pk, campaign=campaign)
    actions.retire_veto(veto=row, by=request.user)
    messages.success(request, _("已停用，以前用过的事件不变。"))
    return redirect("redlines:vetoes", campaign.code)
