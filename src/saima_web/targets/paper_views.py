"""Papers of targets: the workbook out and in again, responsibility letters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.periods import parse
from saima.problems import Problem, has_errors
from saima_web.base.clock import today
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.targets import actions
from saima_web.targets.cells import with_draft
from saima_web.targets.edits import Edit
from saima_web.targets.forms import ImportForm
from saima_web.targets.grid_views import language
from saima_web.targets.letters import letter_bytes, letter_name, letters_zip, units_with_letters
from saima_web.targets.overview import Overview
from saima_web.targets.sheets import read_sheet, sheet_rows
from saima_web.ui.downloads import DOCX, file_response
from saima_web.ui.tables import workbook_response

SALT = "targets-import"


@campaign_page("targets.see")
def export(request: Request, campaign: Campaign) -> HttpResponse:
    """The sheet 目标, of one indicator if the address names it."""
    view = Overview(campaign, request.user)
    wanted = request.GET.get("indicator")
    chosen = [x for x in view.indicators if wanted in (None, "", x.code)]
    header, rows = sheet_rows(view, chosen)
    return workbook_response("目标", header, rows)


@campaign_page("targets.edit")
def bring(request: Request, campaign: Campaign) -> HttpResponse:
    """Upload a workbook and look at what it would change; nothing is saved yet."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "tab": "list"}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        standing = with_draft(campaign, request.user)
        found = read_sheet(campaign, request.user, file.read(), file.name, standing)
        rows = [preview(e, standing.get(e.key)) for e in found.edits]
        wrong = has_errors(found.problems)
        context |= {
            "read": True, "rows": rows[:500], "count": len(rows), "file": file.name,
            "problems": [_line(p) for p in found.problems], "wrong": wrong,
            "token": "" if wrong else signing.dumps([packed(e) for e in found.edits], salt=SALT,
                                                    compress=True),
        }  # fmt: skip
    return render(request, "targets/import.html", context)


def _line(problem: Problem) -> dict[str, str]:
    said = language()
    return {
        "place": problem.place.text(said), "message": problem.message(said),
        "hint": problem.hint(said), "severity": problem.severity,
    }  # fmt: skip


def preview(edit: Edit, old: Any) -> dict[str, Any]:
    """A change as the preview shows it."""
    return {
        "unit": str(edit.unit), "indicator": edit.indicator.name,
        "period": parse(edit.period).label(), "decimals": edit.indicator.decimals,
        "value": edit.changes.get("value"), "before": old.value if old else None,
        "stretch": edit.changes.get("stretch"), "goal": edit.changes.get("goal", ""),
    }  # fmt: skip


def packed(edit: Edit) -> list[Any]:
    """A change as plain JSON, to come back signed."""
    changes = {k: canonical(v) if isinstance(v, Decimal) else v for k, v in edit.changes.items()}
    return [edit.unit.pk, edit.indicator.pk, edit.period, changes]


def unpacked(rows: list[list[Any]]) -> list[Edit]:
    units = {u.pk: u for u in Unit.objects.all()}
    indicators = {x.pk: x for x in Indicator.objects.all()}
    edits = []
    for unit, indicator, period, changes in rows:
        exact = {k: Decimal(v) if k in ("value", "stretch") else v for k, v in changes.items()}
        edits.append(Edit(units[unit], indicators[indicator], period, exact))
    return edits


@campaign_page("targets.edit")
@require_POST
def bring_in(request: Request, campaign: Campaign) -> HttpResponse:
    """Put what was looked at into the draft."""
    try:
        rows = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=3600)
    except signing.BadSignature:
        messages.error(request, _("预览已过期，请重新上传。"))
        return redirect("targets:import", campaign.code)
    edits = unpacked(rows)
    batch, problems = actions.put_cells(campaign=campaign, edits=edits, by=request.user)
    if batch is None:
        for problem in problems[:10]:
            messages.error(request, problem.text(language()))
        return redirect("targets:import", campaign.code)
    messages.success(request, _("已填入草稿，请核对后提交。"))
    return redirect("targets:set", campaign.code, batch.pk)


@campaign_page("targets.see")
def letters(request: Request, campaign: Campaign) -> HttpResponse:
    view = Overview(campaign, request.user)
    if request.GET.get("all"):
        content = letters_zip(view, today())
        return file_response(content, _("目标责任书.zip"), "application/zip")
    units = units_with_letters(view)
    return render(request, "targets/letters.html", {"units": units, "tab": "letters"})


@campaign_page("targets.see")
def letter(request: Request, campaign: Campaign, unit: str) -> HttpResponse:
    view = Overview(campaign, request.user)
    found = next((u for u in view.units if u.code == unit), None)
    if found is None:
        raise Http404
    return file_response(letter_bytes(view, found, today()), letter_name(view, found), DOCX)
