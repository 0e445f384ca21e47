"""Pages of rounds: list, completeness, reminders, deadlines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saima.periods import Period
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.queries import periods_of
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.reporting import queries, reminders, round_words, rounds
from saima_web.reporting.forms import ChangeForm, ExtendForm, OpenForm
from saima_web.reporting.models import Round


def round_or_404(campaign: Campaign, period: str) -> Round:
    """The round of a period. Errors: Http404."""
    found = queries.round_of(campaign, period)
    if found is None:
        raise Http404
    return found


@require_GET
@campaign_page("figures.see")
def round_list(request: Request, campaign: Campaign) -> HttpResponse:
    """All rounds, and for the office the one to open next."""
    lines = queries.round_lines(request.user, campaign)
    shown = round_words.rounds_table(lines, campaign.code).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        "campaign": campaign, "shown": shown, "answer": round_words.rounds_answer(lines),
        "next": rounds.next_period(campaign),
        "manages": may(request.user, "rounds.manage", campaign=campaign),
        "work": queries.work_of(request.user, campaign),
    }  # fmt: skip
    return render(request, "reporting/rounds.html", context)


@campaign_page("rounds.manage")
def round_open(request: Request, campaign: Campaign) -> HttpResponse:
    """Open a round with the calendar's dates, or other ones."""
    choices = _choices(campaign)
    chosen = next((p for p in choices if p.text == request.GET.get("period")), None)
    first = chosen or rounds.next_period(campaign) or (choices[0] if choices else None)
    initial = _initial(campaign, first) if first else {}
    form = OpenForm(request.POST or None, initial=initial, periods=choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = rounds.open_round(campaign=campaign, by=request.user, **data)
        words = {"period": queries.label(made), "n": made.entries.count()}
        messages.success(request, _("%(period)s已开启，共%(n)s项。") % words)
        return redirect("reporting:round", campaign=campaign.code, period=made.period)
    context = {"campaign": campaign, "form": form, "chosen": first, "choices": choices}
    if first:
        context["cells"] = len(rounds.duties(campaign, first))
    return render(request, "reporting/round_open.html", context)


def _choices(campaign: Campaign) -> list[Period]:
    known = set(campaign.rounds.values_list("period", flat=True))
    return [p for p in periods_of(campaign) if p.text not in known]


def _initial(campaign: Campaign, period: Period) -> dict[str, Any]:
    dates = rounds.dates_of(campaign, period)
    return {
        "period": period.text, "due_at": dates.due_at, "confirm_due_at": dates.confirm_due_at,
    }  # fmt: skip


@require_GET
@campaign_page("figures.see")
def round_page(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Completeness of one round: units × states, and the data owners."""
    found = round_or_404(campaign, period)
    units = queries.owed_by_units(request.user, found)
    owners = queries.waiting_for_owners(request.user, found)
    by_unit = round_words.units_table(found, units).shown(request)
    by_owner = round_words.owners_table(found, owners).shown(request)
    for shown in (by_unit, by_owner):
        if shown.wants_export:
            return shown.export()
    context = {
        "campaign": campaign, "round": found, "by_unit": by_unit, "by_owner": by_owner,
        "answer": round_words.round_answer(found, units, owners),
        "manages": may(request.user, "rounds.manage", campaign=campaign),
        "exceptions": _exceptions_seen(found, units),
        "own": next((w for w in queries.due_for(request.user, campaign) if w.round == found), None),
    }  # fmt: skip
    return render(request, "reporting/round.html", context)


def _exceptions_seen(round: Round, units: list[queries.Owed]) -> list[Any]:
    seen = {line.unit.pk for line in units}
    return [e for e in queries.exceptions_of(round) if e.unit_id in seen]


@require_GET
@campaign_page("figures.see")
def remind(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Texts to copy into a chat group, of what the person may see."""
    found = round_or_404(campaign, period)
    units = queries.owed_by_name(request.user, found)
    owners = queries.waiting_for_owners(request.user, found)
    owing = [line for line in units if line.owes]
    context = {
        "campaign": campaign, "round": found, "owing": owing,
        "text": reminders.overall_reminder(found, units, owners),
        "each": [(line.unit, reminders.unit_reminder(found, line)) for line in owing],
    }  # fmt: skip
    return render(request, "reporting/remind.html", context)


@campaign_page("rounds.manage")
def round_change(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Set a round's deadlines and instructions anew."""
    found = round_or_404(campaign, period)
    initial = {
        "due_at": found.due_at, "confirm_due_at": found.confirm_due_at,
        "instructions": found.instructions,
    }  # fmt: skip
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rounds.change_round(round=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("已调整。"))
        return redirect("reporting:round", campaign=campaign.code, period=period)
    context = {"campaign": campaign, "round": found, "form": form}
    return render(request, "reporting/round_change.html", context)


@campaign_page("rounds.manage")
def round_extend(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Give some units a later deadline."""
    found = round_or_404(campaign, period)
    owed = queries.owed_by_units(request.user, found)
    chosen = [x.unit.pk for x in owed if x.unit.code in request.GET.getlist("unit")]
    form = ExtendForm(request.POST or None, units=[x.unit for x in owed], initial={"units": chosen})
    if request.method == "POST" and form.is_valid():
        made = rounds.extend(round=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("已为%(n)s家单位延期。") % {"n": len(made)})
        return redirect("reporting:round", campaign=campaign.code, period=period)
    context = {"campaign": campaign, "round": found, "form": form}
    return render(request, "reporting/round_extend.html", context)


@require_POST
@campaign_page("rounds.manage")
def round_switch(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Close a round, or open it again."""
    found = round_or_404(campaign, period)
    if found.state == Round.State.OPEN:
        rounds.close_round(round=found, by=request.user)
        messages.success(request, _("本轮已结束，数据不再改动。"))
    else:
        rounds.reopen_round(round=found, by=request.user)
        messages.success(request, _("本轮已重新开启。"))
    return redirect("reporting:round", campaign=campaign.code, period=period)
