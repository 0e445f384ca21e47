"""Downloading the round's workbook, looking at what an upload would change, and applying it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.reporting import grid, workbook
from saima_web.reporting.grid_lines import Sheet
from saima_web.reporting.typed import language
from saima_web.ui.downloads import XLSX, file_response

MAX_UPLOAD = 20 * 1024 * 1024


@require_GET
@campaign_page("figures.see")
def download(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """A unit's workbook."""
    return _download(grid.unit_sheet(request.user, grid.round_in(campaign, period), unit))


@require_GET
@campaign_page("figures.see")
def download_by(request: Request, campaign: Campaign, period: str, indicator: str) -> HttpResponse:
    """An indicator's workbook over all units."""
    return _download(grid.indicator_sheet(request.user, grid.round_in(campaign, period), indicator))


def _download(sheet: Sheet) -> HttpResponse:
    name = f"{workbook.title_of(sheet)}.xlsx".replace("　", "_")
    return file_response(workbook.workbook_of(sheet), name, XLSX)


@require_http_methods(["GET", "POST"])
@campaign_page("figures.see")
def upload(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Upload for a unit: preview, then apply."""
    return _upload(request, grid.unit_sheet(request.user, grid.round_in(campaign, period), unit))


@require_http_methods(["GET", "POST"])
@campaign_page("figures.see")
def upload_by(request: Request, campaign: Campaign, period: str, indicator: str) -> HttpResponse:
    """Upload for an indicator: preview, then apply."""
    round = grid.round_in(campaign, period)
    return _upload(request, grid.indicator_sheet(request.user, round, indicator))


def _upload(request: Request, sheet: Sheet) -> HttpResponse:
    context: dict[str, Any] = {"sheet": sheet, "campaign": sheet.round.campaign}
    if "failed" in request.POST:
        return _failed(request, sheet)
    if "changes" in request.POST:
        return _apply(request, sheet, context)
    file = request.FILES.get("file")
    if file is not None:
        context |= _preview(request, sheet, file)
    elif request.method == "POST":
        context["wrong"] = _("请先选择文件。")
    return render(request, "reporting/entry_upload.html", context)


def _preview(request: Request, sheet: Sheet, file: Any) -> dict[str, Any]:
    if file.size > MAX_UPLOAD:
        return {"wrong": _("文件超过20MB，请只保留填报的工作表。")}
    try:
        rows = workbook.read_upload(sheet, file.name or "填报.xlsx", file.read())
    except Refused as error:
        return {"wrong": error.problem.text(language())}
    changes = [r for r in rows if r.outcome == "change"]
    wrong = [r for r in rows if r.wrong]
    return {
        "read": True,
        "file": file.name,
        "changes": changes,
        "problems": wrong,
        "unchanged": len(rows) - len(changes) - len(wrong),
        "packed": workbook.packed(sheet, changes, request.user),
        "failed": _failed_text([(_code(r), r.name, r.raw, r.wrong) for r in wrong]),
        "behalf": any(r.line.behalf for r in changes if r.line),
    }


def _code(change: workbook.Change) -> str:
    return workbook.code_of(change.line) if change.line else change.name


def _apply(request: Request, sheet: Sheet, context: dict[str, Any]) -> HttpResponse:
    rows = workbook.unpacked(request.POST["changes"], sheet, request.user)
    saved, failed = workbook.apply(
        round=sheet.round, rows=rows, on_behalf=request.POST.get("behalf", ""), by=request.user
    )
    if not failed and saved:
        messages.success(request, _("已从工作簿保存%(n)s项。") % {"n": saved})
        return redirect(sheet_address(sheet))
    context |= {
        "saved": saved,
        "not_saved": failed,
        "failed": _failed_text(failed),
        "applied": True,
    }
    return render(request, "reporting/entry_upload.html", context)


def sheet_address(sheet: Sheet) -> str:
    """The address of the page that a sheet is shown on."""
    from django.urls import reverse

    name = "reporting:entry" if sheet.axis == "unit" else "reporting:entry-by"
    return reverse(name, args=[sheet.round.campaign.code, sheet.round.period, sheet.code])


def _failed_text(rows: list[tuple[str, str, str, str]]) -> str:
    return signing.dumps(json.dumps(rows), salt=workbook.SALT, compress=True) if rows else ""


def _failed(request: Request, sheet: Sheet) -> HttpResponse:
    """A workbook of only the rows that failed, to be mended and uploaded again."""
    try:
        text = signing.loads(request.POST["failed"], salt=workbook.SALT, max_age=24 * 3600)
    except signing.BadSignature:
        messages.error(request, _("这份清单已过期，请重新上传。"))
        return redirect(request.path)
    rows = [tuple(row) for row in json.loads(text)]
    name = workbook.title_of(sheet).replace("　", "_") + "_" + _("未读入")
    return file_response(workbook.workbook_of(sheet, rows), f"{name}.xlsx", XLSX)
