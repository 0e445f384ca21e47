"""Contribution records of persons: off by default, for named roles, in order of date only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.models import Role
from saima_web.people.pages import Request
from saima_web.people.permissions import may, roles_of
from saima_web.redlines import contribution_actions as actions
from saima_web.redlines import queries
from saima_web.redlines.forms import ContributionForm, SwitchForm
from saima_web.redlines.models import Contribution
from saima_web.ui.tables import workbook_response


@campaign_page("contributions.see")
def contributions(request: Request, campaign: Campaign) -> HttpResponse:
    """The records, if they are kept and one's role was named; else how that would come about."""
    settings, by = actions.settings_of(campaign), request.user
    named = settings.on and bool(roles_of(by, campaign) & set(settings.roles))
    initial = {"roles": settings.roles, "reason": settings.reason}
    context = {
        **queries.frame(by, campaign, "contributions"), "settings": settings, "named": named,
        "rows": _rows(campaign) if named else [],
        "names": [str(Role(r).label) for r in settings.roles],
        "records": settings.on and may(by, "contributions.record", campaign=campaign),
        "switches": may(by, "contributions.switch", campaign=campaign),
        "form": SwitchForm(initial=initial),
    }  # fmt: skip
    return render(request, "redlines/contributions.html", context)


def _rows(campaign: Campaign) -> list[Contribution]:
    rows = campaign.contributions.filter(erased_at=None)
    return list(rows.select_related("unit", "recorded_by"))


@require_POST
@campaign_page("contributions.switch")
def switch(request: Request, campaign: Campaign) -> HttpResponse:
    """A leader switches the records on for named roles, or off."""
    post, on = request.POST, request.POST.get("event") == "on"
    actions.switch(
        campaign=campaign, on=on, roles=post.getlist("roles"), reason=post.get("reason", ""),
        by=request.user,
    )  # fmt: skip
    said = _("已开启，只有您指定的角色能看。") if on else _("已关闭，任何人都看不到。")
    messages.success(request, said)
    return redirect("redlines:contributions", campaign.code)


@campaign_page("contributions.record")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Keep what a person did."""
    form = ContributionForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        actions.record_contribution(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记。"))
        return redirect("redlines:contributions", campaign.code)
    context = {
        **queries.frame(request.user, campaign, "contributions"), "form": form,
        "on": actions.settings_of(campaign).on,
    }  # fmt: skip
    return render(request, "redlines/contribution_edit.html", context)


@require_POST
@campaign_page("contributions.record")
def change(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Correct a record by a next one, or erase it; both with a reason."""
    row, post = get_object_or_404(Contribution, pk=pk, campaign=campaign), request.POST
    reason, by = post.get("reason", ""), request.user
    if post.get("event") == "erase":
        actions.erase_contribution(contribution=row, reason=reason, by=by)
        messages.success(request, _("已删除，账本里只留下删除过的痕迹。"))
    else:
        what = post.get("what", "")
        actions.correct_contribution(contribution=row, what=what, reason=reason, by=by)
        messages.success(request, _("已更正，原来的内容不再保留。"))
    return redirect("redlines:contributions", campaign.code)


@require_POST
@campaign_page("contributions.see")
def export(request: Request, campaign: Campaign) -> HttpResponse:
    """A workbook, once a reason is given; who, how many and why go into the ledger."""
    actions.require_reader(campaign, request.user)
    rows = _rows(campaign)
    reason = request.POST.get("reason", "")
    actions.note_export(campaign=campaign, count=len(rows), reason=reason, by=request.user)
    header = [_("日期"), _("单位"), _("姓名"), _("实绩"), _("依据")]
    lines = ([r.on, str(r.unit), r.person, r.what, r.basis] for r in rows)
    return workbook_response(_("实绩记录"), header, lines)


@campaign_page("campaign.see")
def mine(request: Request, campaign: Campaign) -> HttpResponse:
    """What is recorded of oneself, and how to ask for a correction or for erasure."""
    rows = request.user.contributions.filter(campaign=campaign, erased_at=None)
    frame = queries.frame(request.user, campaign, "mine")
    context = {**frame, "rows": rows.select_related("unit")}
    return render(request, "redlines/mine.html", context)


@require_POST
@campaign_page("campaign.see")
def ask(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Ask for a correction or for erasure of a record about oneself."""
    row = get_object_or_404(request.user.contributions, pk=pk, campaign=campaign, erased_at=None)
    actions.ask(contribution=row, words=request.POST.get("words", ""), by=request.user)
    messages.success(request, _("要求已送考核办。"))
    return redirect("redlines:mine", campaign.code)
