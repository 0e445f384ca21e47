"""The sheet to print and stamp, its scan as evidence, and checking a code."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saima.problems import Refused
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.reporting import actions, grid, grid_cell, stamp
from saima_web.reporting.grid_lines import Sheet
from saima_web.reporting.models import Evidence
from saima_web.reporting.typed import told


@require_GET
@campaign_page("figures.see")
def print_sheet(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """The figures with their check code, to be printed and stamped."""
    sheet = grid.unit_sheet(request.user, grid.round_in(campaign, period), unit)
    context = {
        "sheet": sheet,
        "campaign": campaign,
        "code": stamp.code_of(sheet),
        "scans": _scans(sheet),
        "may_scan": any(line.reports for line in sheet.lines),
        "now": now(),
        "missing": sum(1 for line in sheet.lines if line.figure is None),
    }
    return render(request, "reporting/entry_stamp.html", context)


def _scans(sheet: Sheet) -> list[Evidence]:
    rows = Evidence.objects.filter(
        entry__in=[line.entry for line in sheet.lines], name__startswith=stamp.PREFIX
    )
    return list(rows.select_related("by").order_by("-at"))


@require_GET
@campaign_page("figures.see")
def check(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Whether the figures are still those on a printed sheet."""
    sheet = grid.unit_sheet(request.user, grid.round_in(campaign, period), unit)
    text = request.GET.get("code", "").strip()[:40]
    context = {
        "sheet": sheet,
        "campaign": campaign,
        "code": text,
        "verdict": stamp.verdict_of(sheet, text) if text else None,
    }
    return render(request, "reporting/entry_stamp_check.html", context)


@require_POST
@campaign_page("figures.report")
def scan(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Keep the scan of the stamped sheet as evidence on the unit's first cell."""
    sheet = grid.unit_sheet(request.user, grid.round_in(campaign, period), unit)
    file = request.FILES.get("file")
    try:
        if file is None:
            messages.error(request, _("请先选择文件。"))
        else:
            ending = (file.name or "").rpartition(".")[2]
            name = f"{stamp.PREFIX}_{stamp.code_of(sheet)}.{ending}"
            first = next((x for x in sheet.lines if not x.provided), sheet.lines[0])
            content = grid_cell.content_of(file, name)
            actions.attach(entry=first.entry, name=name, content=content, by=request.user)
            messages.success(request, _("扫描件已保存。"))
    except Refused as error:
        messages.error(request, told(error))
    return redirect("reporting:entry-stamp", campaign=campaign.code, period=period, unit=unit)
