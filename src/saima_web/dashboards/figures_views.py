"""Pages that compare: one indicator over all units, the heat map, units side by side."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.dashboards import compare as sides
from saima_web.dashboards import heat as warm
from saima_web.dashboards import indicator_page, leaderboard
from saima_web.dashboards.scopes import open_units
from saima_web.dashboards.views import nothing, run_for
from saima_web.indicators.models import Indicator
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects.linkage.sums import in_force
from saima_web.scoring.queries import published_periods, published_runs, result_of
from saima_web.ui.tables import workbook_response


@campaign_page("scores.see")
def indicator(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("指标"))
    row = Indicator.objects.select_related("lead_unit", "data_owner").filter(code=indicator).first()
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    opened = open_units(request.user, campaign, row) if row else set()
    found = indicator_page.standings(board, indicator, opened)
    if row is None or not found:
        raise Http404
    shown = indicator_page.table(row, found).shown(request)
    if shown.wants_export:
        return shown.export()
    before = [r for r in published_runs(campaign) if r.period < run.period and not r.trial]
    own = indicator_page.own_lines(board, found)
    context = {
        "campaign": campaign, "run": run, "row": row, "shown": shown,
        "clauses": indicator_page.answer(board, found), "periods": published_periods(campaign),
        "distribution": indicator_page.distribution(row, found),
        "trend": indicator_page.trend(row, [result_of(r) for r in [*before, run]], own),
        "versions": indicator_page.versions(row), "units": len(found),
        "height": max(10, 2 * len(found)),
        "hidden": any(not s.opened for s in found),
        "linked": row.pk in in_force(campaign) and may(request.user, "projects.see", campaign=campaign),
    }  # fmt: skip
    return render(request, "dashboards/indicator.html", context)


@campaign_page("scores.see")
def heat(request: Request, campaign: Campaign) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("热力图"))
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    show, track = request.GET.get("show", "rate"), request.GET.get("track", "")
    category = request.GET.get("category", "")
    if request.GET.get("export") == "xlsx":
        whole = warm.heat_of(campaign, board, kind=show, track=track, category=category)
        return workbook_response(_("各项指标热力图"), *warm.export_rows(whole))
    page = request.GET.get("page", "")
    found = warm.heat_of(
        campaign, board, kind=show, track=track, category=category,
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
    )  # fmt: skip
    context = {
        "campaign": campaign, "run": run, "heat": found,
        "clauses": warm.answer(board, track=track, category=category),
        "kinds": warm.KINDS.items(), "tracks": [t.name for t in board.tracks],
        "track": track, "category": found.category, "periods": published_periods(campaign),
        "every": warm.ALL if found.part else None, "category_asked": category,
    }  # fmt: skip
    return render(request, "dashboards/heat.html", context)


@campaign_page("scores.see")
def compare(request: Request, campaign: Campaign) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("同台比较"))
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    lines = sides.chosen(board, request.GET.getlist("unit"))
    rows = sides.rows_of(lines)
    if request.GET.get("export") == "xlsx":
        return workbook_response(_("同台比较"), *sides.export_rows(lines, rows))
    context = {
        "campaign": campaign, "run": run, "board": board, "lines": lines, "rows": rows,
        "clauses": sides.answer(board, lines, rows), "widest": sides.widest(rows),
        "chart": sides.chart(campaign, lines), "periods": published_periods(campaign),
        "picks": [lines[n] if n < len(lines) else None for n in range(sides.MOST)],
        "mixed": len({x.unit.track for x in lines}) > 1,
    }  # fmt: skip
    return render(request, "dashboards/compare.html", context)
