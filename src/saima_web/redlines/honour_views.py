"""Honours and warnings: the list with its caps, one of them; what units answered for."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.pledges.told import told
from saima_web.redlines import honour_actions as actions
from saima_web.redlines import queries, tables
from saima_web.redlines.forms import AccountabilityForm, CapsForm, HonourForm
from saima_web.redlines.models import AccountabilityRecord, Honour
from saima_web.redlines.rules import event_rules
from saima_web.scoring import event_preview

State = Honour.State


@campaign_page("honours.see")
def honours(request: Request, campaign: Campaign) -> HttpResponse:
    """All honours and warnings that one may see, and the year's caps."""
    rows = queries.honours_for(request.user, campaign)
    shown = tables.honours_table(campaign, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    records = may(request.user, "honours.record", campaign=campaign)
    caps, lines = queries.caps_of(campaign), shown.table.rows
    context = {
        **queries.frame(request.user, campaign, "honours"), "shown": shown, "records": records,
        "waiting": sum(1 for r in lines if r["waits"]),
        "praised": sum(1 for r in lines if r["code"] in ("bonus", "commendation")),
        "blamed": sum(1 for r in lines if r["code"] in ("deduction", "warning")),
        "caps": [(str(Honour.Kind(k).label), most) for k, most in caps.items()],
        "form": CapsForm(caps=caps) if records else None,
    }  # fmt: skip
    return render(request, "redlines/honours.html", context)


@campaign_page("honours.record")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Propose one, with its basis."""
    form = HonourForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        made = actions.record_honour(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记，等领导审定；审定后告知单位。"))
        return redirect("redlines:honour", campaign.code, made.pk)
    rules = [r for r in event_rules(campaign) if r.kind in actions.FEEDS.values()]
    context = {**queries.frame(request.user, campaign, "honours"), "form": form, "rules": rules}
    return render(request, "redlines/honour_edit.html", context)


def _found(request: Request, campaign: Campaign, pk: int) -> Honour:
    return get_object_or_404(queries.honours_for(request.user, campaign), pk=pk)


@campaign_page("honours.see")
def honour(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One: its basis, what it counts, what the cap leaves."""
    row = _found(request, campaign, pk)
    waits = row.state == State.RECORDED
    context = {
        **queries.frame(request.user, campaign, "honours"), "row": row, "waits": waits,
        "decides": may(request.user, "honours.approve", campaign=campaign),
        "left": queries.left_of(row) if waits else None,
        "countable": actions.countable(row) if waits else row.counted,
        "found": _effect(campaign, row) if waits else None, "unit": row.unit,
        "log": told(f"honour/{campaign.code}/{pk}"),
    }  # fmt: skip
    return render(request, "redlines/honour.html", context)


def _effect(campaign: Campaign, row: Honour) -> event_preview.Preview | None:
    counted = actions.countable(row)
    if not counted:
        return None
    on, expires = actions.dated(row)
    kind = actions.FEEDS[Honour.Kind(row.kind)]
    given = {"kind": kind, "unit": row.unit, "name": row.name, "on": on, "count": "1",
             "points": str(counted), "expires": expires}  # fmt: skip
    return event_preview.preview(campaign, given)


MOVES: dict[str, Callable[..., Honour]] = {
    "refuse": actions.refuse_honour,
    "withdraw": actions.withdraw_honour,
}


@require_POST
@campaign_page("honours.approve")
def move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A leader approves, refuses, takes back."""
    row = _found(request, campaign, pk)
    do = MOVES.get(request.POST.get("event", ""), actions.approve_honour)
    do(honour=row, words=request.POST.get("words", ""), by=request.user)
    messages.success(request, _("已办理，单位可以看到。"))
    return redirect("redlines:honour", campaign.code, pk)


@require_POST
@campaign_page("honours.record")
def caps(request: Request, campaign: Campaign) -> HttpResponse:
    """Set the year's caps."""
    form = CapsForm(request.POST, caps={})
    if form.is_valid():
        actions.set_caps(campaign=campaign, caps=form.cleaned_data, by=request.user)
        messages.success(request, _("年度上限已保存。"))
    else:
        messages.error(request, _("没有保存：上限要写0以上的数字。"))
    return redirect("redlines:honours", campaign.code)


@campaign_page("accountability.see")
def accountability(request: Request, campaign: Campaign) -> HttpResponse:
    """What units answered for: for the office and leaders."""
    form = AccountabilityForm(request.POST or None, campaign=campaign)
    if request.method == "POST":
        require(request.user, "accountability.record", campaign=campaign)
        if form.is_valid():
            actions.record_accountability(campaign=campaign, by=request.user, **form.cleaned_data)
            messages.success(request, _("已登记，只有考核办和领导能看到。"))
            return redirect("redlines:accountability", campaign.code)
    records = may(request.user, "accountability.record", campaign=campaign)
    rows = campaign.accountability.select_related("unit")
    shown = tables.accountability_table(rows, records).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        **queries.frame(request.user, campaign, "accountability"), "shown": shown, "form": form,
        "records": records,
    }  # fmt: skip
    return render(request, "redlines/accountability.html", context)


@require_POST
@campaign_page("accountability.record")
def accountability_erase(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Empty a record's words."""
    row = get_object_or_404(AccountabilityRecord, pk=pk, campaign=campaign)
    reason = request.POST.get("reason", "")
    actions.erase_accountability(record=row, reason=reason, by=request.user)
    messages.success(request, _("内容已删除，留下登记过的痕迹。"))
    return redirect("redlines:accountability", campaign.code)
