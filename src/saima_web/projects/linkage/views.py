"""Indicators and the projects behind them: sums, differences, plans as targets."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Indicator
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects.linkage import page as pages
from saima_web.projects.linkage.actions import declare_linkage, take_plans
from saima_web.projects.linkage.sums import can_be_linked
from saima_web.projects.models import Linkage
from saima_web.projects.views import frame


@campaign_page("projects.see")
def linked(request: Request, campaign: Campaign) -> HttpResponse:
    """Which figures are sums of projects, and do they agree?"""
    by = request.user
    views = [pages.view_of(by, campaign, x) for x in pages.supported(by, campaign)]
    shown = pages.linked_table(campaign, views).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        **frame(by, campaign, "linked"), "shown": shown, "count": len(views),
        "declared": sum(v.row is not None for v in views),
        "off": sum(bool(v.row and v.differs) for v in views),
        "told": any(v.figures for v in views), "period": views[0].period.text if views else "",
    }  # fmt: skip
    return render(request, "projects/linked.html", context)


@campaign_page("projects.see")
def linked_one(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    """From the figure down to its projects, and from their plans up to the target."""
    by, row = request.user, get_object_or_404(Indicator, code=indicator)
    if row not in pages.supported(by, campaign):
        raise Http404
    wanted = request.GET.get("period", "")
    view = pages.view_of(by, campaign, row, period_in(campaign, wanted).text if wanted else "")
    code = request.GET.get("unit", "")
    line = next((x for x in view.lines if x.unit.code == code), None)
    units = pages.units_table(view).shown(request)
    projects = pages.projects_table(view, line.sum.parts if line else view.parts).shown(request)
    for shown in (units, projects):
        if shown.wants_export:
            return shown.export()
    context = {
        **frame(by, campaign, "linked"), "view": view, "line": line, "indicator": row,
        "clauses": pages.answer(view), "units": units, "projects": projects,
        "months": pages.months(campaign), "series": Linkage.Series.choices,
        "can_link": can_be_linked(row),
        "plans": may(by, "targets.edit", campaign=campaign, indicator=row),
    }  # fmt: skip
    return render(request, "projects/linked_one.html", context)


@require_POST
@campaign_page("projects.manage")
def declare(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    """Say by which series an indicator is the sum of its projects."""
    row = get_object_or_404(Indicator, code=indicator)
    series = request.POST.get("series", "")
    declare_linkage(campaign=campaign, indicator=row, series=series, by=request.user)
    messages.success(request, _("已声明。") if series else _("已取消。"))
    return redirect("projects:linked-one", campaign.code, indicator)


@require_POST
@campaign_page("targets.edit")
def targets(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    """Take the projects' plans over as the units' monthly targets, in one's draft."""
    row = get_object_or_404(Indicator, code=indicator)
    batch = take_plans(campaign=campaign, indicator=row, by=request.user)
    messages.success(request, _("已按项目月度计划填入目标草稿，请核对后提交批准。"))
    return redirect("targets:set", campaign.code, batch.pk)
