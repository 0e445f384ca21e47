"""The entry page: the grid, what it saves, a cell's details, and handing in."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.reporting import actions, autosave, drawn, grid, grid_cell, grid_data
from saima_web.reporting.entry_words import (
    answer_of,
    counts_of,
    open_points,
    saved_at,
    script_words,
)
from saima_web.reporting.grid_forms import RemarkForm
from saima_web.reporting.grid_lines import Axis, Sheet
from saima_web.reporting.models import Evidence, Remark
from saima_web.reporting.typed import told
from saima_web.ui.charts import Chart, Series
from saima_web.ui.downloads import file_response


@require_GET
@campaign_page("figures.see")
def entry(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """By row: a unit's indicators."""
    sheet = grid.unit_sheet(request.user, grid.round_in(campaign, period), unit)
    return _page(request, sheet)


@require_GET
@campaign_page("figures.see")
def entry_by(request: Request, campaign: Campaign, period: str, indicator: str) -> HttpResponse:
    """By column: one indicator of all units."""
    sheet = grid.indicator_sheet(request.user, grid.round_in(campaign, period), indicator)
    return _page(request, sheet)


def _page(request: Request, sheet: Sheet) -> HttpResponse:
    context = {
        "sheet": sheet,
        "campaign": sheet.round.campaign,
        "body": drawn.sheet_body(sheet),
        "data": grid_data.sheet_data(sheet),
        "words": script_words(),
        "answer": answer_of(sheet),
        "counts": counts_of(sheet),
        "due": actions.due_of(sheet.round, sheet.unit) if sheet.unit else sheet.round.due_at,
        "saved_at": saved_at(sheet),
        "addresses": _addresses(sheet),
    }
    return render(request, "reporting/entry.html", context)


def _addresses(sheet: Sheet) -> dict[str, Any]:
    """Where the page's script sends to."""
    code = sheet.round.campaign.code
    submit = reverse("reporting:entry-submit", args=[code, sheet.round.period, sheet.code])
    return {
        "round": sheet.round.pk,
        "save": reverse("reporting:cells-save", args=[code]),
        "cell": reverse("reporting:cell", args=[code, 0]),
        "submit": submit if sheet.axis == "unit" else "",
        "login": reverse("people:login"),
    }


@require_POST
@campaign_page("figures.see")
def save(request: Request, campaign: Campaign) -> HttpResponse:
    """Autosave: rows in, what became of each out. Sent again, a row changes nothing."""
    try:
        sent = json.loads(request.body)
        rows = [row for row in sent["rows"] if isinstance(row, dict)][: autosave.MAX_ROWS]
        round_id = int(sent["round"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"message": _("看不懂发来的内容，请刷新页面。")}, status=400)
    axis: Axis = "indicator" if sent.get("axis") == "indicator" else "unit"
    answers = autosave.save_rows(
        campaign=campaign, round_id=round_id, rows=rows, axis=axis, by=request.user
    )
    return JsonResponse({"rows": answers})


@require_GET
@campaign_page("figures.see")
def cell(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A cell's details: definition, limits, twelve months, history, comments, evidence."""
    return _details(request, campaign, pk)


def _details(request: Request, campaign: Campaign, pk: int, wrong: str = "") -> HttpResponse:
    entry = grid_cell.cell_of(request.user, campaign, pk)
    line = grid.cell_sheet(request.user, entry.round, [entry], "unit").lines[0]
    on: dict[str, Any] = {"campaign": campaign, "unit": entry.unit, "indicator": entry.indicator}
    context = {
        "campaign": campaign,
        "entry": entry,
        "line": line,
        "definition": entry.indicator.definitions.order_by("version").last(),
        "limits": grid_cell.limits_of(entry, line.basis),
        "history": grid_cell.history_of(entry),
        "comments": entry.remarks.filter(kind=Remark.Kind.COMMENT).select_related("by__unit"),
        "evidence": entry.evidence.select_related("by"),
        "chart": _chart(entry),
        "may_comment": may(request.user, "figures.comment", **on),
        "may_attach": line.reports or may(request.user, "figures.report-for", **on),
        "wrong": wrong,
    }
    return render(request, "reporting/entry_details.html", context)


def _chart(entry: Any) -> Chart:
    names, values = grid_cell.series_of(entry)
    indicator = entry.indicator
    title = f"{entry.unit}{indicator.name}"
    return Chart(
        "bars", title, names, [Series(indicator.name, values)], indicator.measure,
        indicator.decimals,
    )  # fmt: skip


@require_POST
@campaign_page("figures.see")
def cell_remark(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A comment gives the details back; an explanation the line as JSON."""
    entry = grid_cell.cell_of(request.user, campaign, pk)
    form = RemarkForm(request.POST)
    words = form.words() if form.is_valid() else None
    wrong = "" if words else " ".join(str(e) for errors in form.errors.values() for e in errors)
    try:
        if words:
            actions.remark(entry=entry, by=request.user, **words)
    except Refused as error:
        wrong = told(error)
    if request.POST.get("kind") == Remark.Kind.COMMENT:
        return _details(request, campaign, pk, wrong)
    if wrong:
        return JsonResponse({"message": wrong})
    axis: Axis = "indicator" if request.POST.get("axis") == "indicator" else "unit"
    fresh = grid_cell.cell_of(request.user, campaign, pk)
    line = grid.cell_sheet(request.user, fresh.round, [fresh], axis).lines[0]
    return JsonResponse({"line": grid_data.line_data(line)})


@require_POST
@campaign_page("figures.see")
def cell_evidence(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Attach a file to a cell."""
    entry = grid_cell.cell_of(request.user, campaign, pk)
    file, wrong = request.FILES.get("file"), ""
    if file is None:
        wrong = _("请先选择文件。")
    else:
        try:
            name = file.name or _("附件")
            content = grid_cell.content_of(file, name)
            actions.attach(entry=entry, name=name, content=content, by=request.user)
        except Refused as error:
            wrong = told(error)
    return _details(request, campaign, pk, wrong)


@require_POST
@campaign_page("figures.see")
def cell_flag(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Mark a cell for follow-up, or take the mark off."""
    entry = grid_cell.cell_of(request.user, campaign, pk)
    actions.flag(entry=entry, on=request.POST.get("on") == "1", by=request.user)
    return _details(request, campaign, pk)


@require_GET
@campaign_page("figures.see")
def evidence(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Download a file, always as a file: it is never shown inside the site."""
    row = get_object_or_404(Evidence.objects.select_related("entry"), pk=pk)
    grid_cell.cell_of(request.user, campaign, row.entry_id)
    with row.file.open("rb") as file:
        return file_response(file.read(), row.name, "application/octet-stream")


@require_POST
@campaign_page("figures.report")
def submit(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Hand in; what is still open comes back as points that lead to their cells."""
    round = grid.round_in(campaign, period)
    sheet = grid.unit_sheet(request.user, round, unit)
    points = open_points(sheet, ready_only=request.POST.get("partly") == "1")
    if points:
        return JsonResponse({"points": points})
    found = actions.submit(round=round, unit=sheet.lines[0].entry.unit, by=request.user)
    after = grid.unit_sheet(request.user, grid.round_in(campaign, period), unit)
    waits = "、".join(after.waits_for)
    words = _("已提交%(n)s项") % {"n": len(found)}
    messages.success(request, words + (_("，等%(who)s审核。") % {"who": waits} if waits else "。"))
    return JsonResponse({"done": True})


@require_POST
@campaign_page("figures.report")
def withdraw(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Take back what was handed in."""
    round = grid.round_in(campaign, period)
    sheet = grid.unit_sheet(request.user, round, unit)
    found = actions.withdraw(round=round, unit=sheet.lines[0].entry.unit, by=request.user)
    messages.success(request, _("已撤回%(n)s项，可以继续修改。") % {"n": len(found)})
    return redirect("reporting:entry", campaign=campaign.code, period=period, unit=unit)
