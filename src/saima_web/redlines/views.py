"""Red lines: how every domain stands, the incidents, one of them, what it would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.pledges.told import told
from saima_web.redlines import actions, queries, tables
from saima_web.redlines.forms import IncidentForm
from saima_web.redlines.models import Incident
from saima_web.scoring import event_preview
from saima_web.ui.downloads import as_brought

State = Incident.State


@campaign_page("redlines.see")
def overview(request: Request, campaign: Campaign) -> HttpResponse:
    """Which domains are clean (100-1=0), and the incidents that one may see."""
    shown = tables.incidents_table(campaign, queries.incidents_for(request.user, campaign)).shown(
        request
    )
    if shown.wants_export:
        return shown.export()
    lines = queries.standings(campaign)
    context = {
        **queries.frame(request.user, campaign, "list"), "shown": shown, "lines": lines,
        "clean": sum(1 for line in lines if line.clean),
        "sees": may(request.user, "incidents.see", campaign=campaign),
        "records": may(request.user, "incidents.record", campaign=campaign),
        "manages": may(request.user, "redlines.manage", campaign=campaign),
    }  # fmt: skip
    return render(request, "redlines/list.html", context)


@campaign_page("incidents.record")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Record an incident with its basis."""
    form = IncidentForm(request.POST or None, request.FILES or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.record_incident(
            campaign=campaign, domain=data["veto"].domain, by=request.user, **data
        )
        messages.success(request, _("已登记，等领导审定；审定前不影响得分。"))
        return redirect("redlines:one", campaign.code, made.pk)
    allowed = campaign.allowed_vetoes.filter(retired_at=None).exists()
    frame = queries.frame(request.user, campaign, "list")
    context = {**frame, "form": form, "allowed": allowed}
    return render(request, "redlines/incident_edit.html", context)


@require_POST
@campaign_page("incidents.record")
def preview(request: Request, campaign: Campaign) -> HttpResponse:
    """What the incident in the form would do to the ranking: nothing is saved."""
    form = IncidentForm(request.POST, campaign=campaign)
    form.is_valid()
    data, found = form.cleaned_data, None
    waiting = not all(data.get(key) for key in ("unit", "veto", "on"))
    wrong = [f"{form.fields[n].label}：{e}" for n in ("points", "expires") for e in form.errors.get(n, ())]  # fmt: skip
    if not waiting and not wrong:
        found = event_preview.preview(campaign, given(data))
    context = {
        "campaign": campaign, "found": found, "wrong": [] if waiting else wrong,
        "waiting": waiting, "unit": data.get("unit"),
    }  # fmt: skip
    return render(request, "scoring/_event_effect.html", context)


def given(data: dict[str, Any]) -> dict[str, Any]:
    """An incident's values as those of the score event that it would bring."""
    points = data.get("points")
    return {
        "kind": data["veto"].effect, "unit": data["unit"], "name": data["veto"].name,
        "on": data["on"], "count": "1", "points": "" if points is None else str(points),
        "expires": data.get("expires"),
    }  # fmt: skip


def _found(request: Request, campaign: Campaign, pk: int) -> Incident:
    return get_object_or_404(queries.incidents_for(request.user, campaign), pk=pk)


@campaign_page("incidents.see")
def one(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One incident: the facts, the basis, what it does, the appeal and its answer."""
    row, by = _found(request, campaign, pk), request.user
    decides = may(by, "incidents.confirm", campaign=campaign)
    looks = queries.oversees(by, "incidents.see", campaign) and row.state == State.RECORDED
    context = {
        **queries.frame(by, campaign, "list"), "row": row, "decides": decides, "unit": row.unit,
        "appeals": may(by, "incidents.appeal", campaign=campaign, unit=row.unit),
        "looks": looks, "found": _effect(campaign, row) if looks else None,
        "gone": row.event is not None and row.event.withdrawn_at is not None,
        "log": told(f"incident/{campaign.code}/{pk}"),
    }  # fmt: skip
    return render(request, "redlines/incident.html", context)


def _effect(campaign: Campaign, row: Incident) -> event_preview.Preview | None:
    data = {key: getattr(row, key) for key in ("veto", "unit", "on", "points", "expires")}
    return event_preview.preview(campaign, given(data))


MOVES: dict[str, Callable[..., Incident]] = {
    "confirm": actions.confirm,
    "dismiss": actions.dismiss,
    "uphold": actions.uphold,
    "withdraw": actions.withdraw,
}
SAID = {
    "confirm": gettext_lazy("已审定生效，以后的计分算上；单位可以看到并申诉。"),
    "withdraw": gettext_lazy("已撤销，加扣分登记同时收回；请重新计分，公布更正版。"),
}


@require_POST
@campaign_page("incidents.see")
def move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A leader decides; the unit appeals."""
    row, event = _found(request, campaign, pk), request.POST.get("event", "")
    words, by = request.POST.get("words", ""), request.user
    if event in MOVES:
        MOVES[event](incident=row, words=words, by=by)
    elif event == "retract":
        actions.retract(incident=row, by=by)
    else:
        actions.appeal(incident=row, grounds=words, by=by)
    messages.success(request, SAID.get(event, _("已办理。")))
    return redirect("redlines:one", campaign.code, pk)


@campaign_page("incidents.see")
def file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The basis document as it was brought."""
    return as_brought(_found(request, campaign, pk))
