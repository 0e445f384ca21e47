"""Pages about filling in: what came (应报尽报), and how much is asked (填报负担)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.dashboards import burden as load
from saima_web.dashboards import completeness as came
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.reporting.queries import owed_by_units, waiting_for_owners


@campaign_page("completeness.see")
def completeness(request: Request, campaign: Campaign) -> HttpResponse:
    rounds = came.rounds_of(campaign)
    round = came.chosen(rounds, request.GET.get("period", ""))
    if round is None:
        return render(request, "dashboards/completeness.html", {"campaign": campaign})
    owed = owed_by_units(request.user, round)
    names = came.Names(request.user, round, owed)
    units = came.unit_table(campaign, round, owed, names).shown(request)
    owners = came.owner_table(waiting_for_owners(request.user, round)).shown(request)
    for shown in (units, owners):
        if shown.wants_export:
            return shown.export()
    names.read([row["owed"] for row in units.page])
    context = {
        "campaign": campaign, "round": round, "rounds": rounds, "units": units, "owners": owners,
        "clauses": came.answer(round, owed), "history": came.history(rounds, round, owed),
        "follow": may(request.user, "figures.see", campaign=campaign),
    }  # fmt: skip
    return render(request, "dashboards/completeness.html", context)


@campaign_page("completeness.see")
def burden(request: Request, campaign: Campaign) -> HttpResponse:
    rounds = came.rounds_of(campaign)
    round = came.chosen(rounds, request.GET.get("period", ""))
    if round is None:
        return render(request, "dashboards/burden.html", {"campaign": campaign})
    found = load.burden_of(campaign, round)
    indicators = load.indicator_table(found).shown(request)
    units = load.unit_table(found).shown(request)
    for shown in (indicators, units):
        if shown.wants_export:
            return shown.export()
    chart, values = load.history(rounds, round, found)
    at = list(reversed(rounds)).index(round)
    context = {
        "campaign": campaign, "round": round, "rounds": rounds, "found": found, "chart": chart,
        "indicators": indicators, "units": units,
        "clauses": load.answer(round, found, values[at - 1] if at else None),
    }  # fmt: skip
    return render(request, "dashboards/burden.html", context)
