"""Commitments: the list with what each unit keeps, one of them, the settings, the public page."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request, public
from saima_web.people.permissions import may
from saima_web.pledges import actions, queries, tables
from saima_web.pledges.forms import CommitmentForm, SettingsForm
from saima_web.pledges.models import Commitment
from saima_web.pledges.told import told

State = Commitment.State


@campaign_page("pledges.see")
def commitments(request: Request, campaign: Campaign) -> HttpResponse:
    """All commitments, the stalled and the overdue first to be seen."""
    rows, day = list(queries.commitments_for(request.user, campaign)), today()
    shown = tables.commitments_table(campaign, rows, day).shown(request)
    if shown.wants_export:
        return shown.export()
    settings = queries.settings_of(campaign)
    kept = queries.fulfilment(rows, settings.stalled_months, day)
    rates = tables.fulfilment_table(kept).shown(request)
    if rates.wants_export:
        return rates.export()
    due, fulfilled = sum(r.due for r in kept), sum(r.fulfilled for r in kept)
    context = {
        "campaign": campaign, "shown": shown, "rates": rates, "tab": "list",
        "due": due, "fulfilled": fulfilled, "rate": fulfilled / due if due else None,
        "stalled": sum(r.stalled for r in kept), "settings": settings,
        "may_write": queries.writable_units(request.user, campaign).exists(),
        "form": SettingsForm(instance=settings) if _reviews(request, campaign) else None,
    }  # fmt: skip
    return render(request, "pledges/list.html", context)


def _reviews(request: Request, campaign: Campaign) -> bool:
    return may(request.user, "pledges.review", campaign=campaign)


@campaign_page("pledges.write")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Write a commitment down."""
    units = queries.writable_units(request.user, campaign)
    form = CommitmentForm(request.POST or None, campaign=campaign, units=units)
    if request.method == "POST" and form.is_valid():
        made = actions.draft_commitment(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。负责人核对后作出承诺。"))
        return redirect("pledges:one", campaign.code, made.pk)
    context = {"campaign": campaign, "form": form, "tab": "list"}
    return render(request, "pledges/edit.html", context)


def _found(request: Request, campaign: Campaign, pk: int) -> Commitment:
    return get_object_or_404(queries.commitments_for(request.user, campaign), pk=pk)


@campaign_page("pledges.write")
def edit(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Change one that is not made yet."""
    row = _found(request, campaign, pk)
    units = queries.writable_units(request.user, campaign)
    form = CommitmentForm(request.POST or None, instance=row, campaign=campaign, units=units)
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k != "unit"}
        actions.edit_commitment(commitment=row, by=request.user, **values)
        messages.success(request, _("已保存。"))
        return redirect("pledges:one", campaign.code, pk)
    context = {"campaign": campaign, "form": form, "row": row, "tab": "list"}
    return render(request, "pledges/edit.html", context)


@campaign_page("pledges.see")
def one(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One commitment: how it stands, what was reported, what can be done about it."""
    row, day, by = _found(request, campaign, pk), today(), request.user
    months = queries.settings_of(campaign).stalled_months
    own = {"campaign": campaign, "unit": row.unit}
    asked = [(row.unit.code, row.indicator, row.target)] if row.indicator and row.target else []
    compared = queries.compare(campaign, asked)
    context = {
        "campaign": campaign, "row": row, "tab": "list", "months": months,
        "steps": row.steps.select_related("by"),
        "compared": next(iter(compared.values()), None),
        "stalled": queries.is_stalled(row, months, day), "overdue": queries.is_overdue(row, day),
        "moved": queries.moved_on(row), "count": queries.count_of(row, day),
        "asked": queries.asks_progress(row, day), "places": places_of(row.quantity), "writes": may(by, "pledges.write", **own),
        "vows": may(by, "pledges.vow", **own), "reviews": _reviews(request, campaign),
        "log": told(f"commitment/{campaign.code}/{pk}"),
    }  # fmt: skip
    return render(request, "pledges/one.html", context)


def places_of(quantity: Decimal | None) -> int:
    """The decimals in which a promised quantity is written, three at most."""
    exponent = quantity.normalize().as_tuple().exponent if quantity is not None else 0
    return min(3, max(0, -int(exponent)))


@require_POST
@campaign_page("pledges.write")
def step(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Report how far it is."""
    row = _found(request, campaign, pk)
    reached = forms.DecimalField(required=False, label=_("累计完成"))
    try:
        number = reached.clean(request.POST.get("reached", ""))
    except ValidationError:
        messages.error(request, _("没有记录：累计完成要填数。"))
        return redirect("pledges:one", campaign.code, pk)
    text = request.POST.get("text", "")
    actions.report_step(commitment=row, text=text, reached=number, by=request.user)
    messages.success(request, _("进展已记录。"))
    return redirect("pledges:one", campaign.code, pk)


@require_POST
@campaign_page("pledges.see")
def move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The unit makes it or claims it; the office judges, ends, releases it."""
    row, event = _found(request, campaign, pk), request.POST.get("event", "")
    words, by = request.POST.get("words", ""), request.user
    if event == "make":
        actions.make_commitment(commitment=row, by=by)
    elif event == "drop":
        actions.drop(commitment=row, reason=words, by=by)
    elif event in actions.JUDGED:
        actions.judge(commitment=row, event=event, words=words, by=by)
    elif event == "release":
        reviewed = request.POST.get("reviewed") == "1"
        actions.release(commitment=row, reviewed=reviewed, by=by)
    elif event == "unrelease":
        actions.unrelease(commitment=row, by=by)
    else:
        actions.claim(commitment=row, words=words, by=by)
    messages.success(request, _("已办理。"))
    return redirect("pledges:one", campaign.code, pk)


@require_POST
@campaign_page("pledges.review")
def settings(request: Request, campaign: Campaign) -> HttpResponse:
    """Open or close the public page; set when a commitment counts as stalled."""
    form = SettingsForm(request.POST, instance=queries.settings_of(campaign))
    if form.is_valid():
        actions.set_settings(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
    else:
        messages.error(request, _("没有保存：月数要写1以上的整数。"))
    return redirect("pledges:list", campaign.code)


@public
def public_page(request: HttpRequest, campaign: str) -> HttpResponse:
    """What units committed themselves to, for everybody; nothing unless it was switched on."""
    found = get_object_or_404(Campaign, code=campaign, pledge_settings__public=True)
    rows = queries.public_commitments(found)
    context = {
        "campaign": found, "rows": rows,
        "fulfilled": sum(1 for r in rows if r.state == State.FULFILLED),
    }  # fmt: skip
    return render(request, "pledges/public.html", context)
