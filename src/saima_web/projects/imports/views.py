"""Importing the project workbook: template with what there is, preview, commit."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from saima.problems import Problem, Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people import uploads
from saima_web.people.languages import reader, told
from saima_web.people.models import Upload
from saima_web.people.pages import Request
from saima_web.projects import choosing, queries
from saima_web.projects.forms import FileForm
from saima_web.projects.imports.actions import import_projects, tried
from saima_web.projects.imports.workbook import Reading, Row, workbook_bytes
from saima_web.projects.views import frame
from saima_web.ui.downloads import XLSX, file_response

KIND, ENDINGS = "projects", (".xlsx", ".xls")


@campaign_page("projects.manage")
def upload(request: Request, campaign: Campaign) -> HttpResponse:
    """Choose the workbook."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = uploads.keep(file=file, kind=KIND, endings=ENDINGS, by=request.user, campaign=campaign)  # fmt: skip
            return redirect("projects:import-preview", campaign.code, kept.pk)
        except Refused as refused:
            form.add_error("file", told(refused.problem))
    context = {**frame(request.user, campaign, "import"), "form": form}
    return render(request, "projects/import.html", context)


@campaign_page("projects.manage")
def template(request: Request, campaign: Campaign) -> HttpResponse:
    """The workbook with the projects that the address asks for, to fill in and bring back."""
    rows = queries.projects_for(request.user, campaign)
    chosen = [p for p in rows if choosing.chosen(request.GET, p)]
    seen = queries.overview_of(chosen, campaign)
    content = workbook_bytes(campaign, seen.lines)
    return file_response(content, f"{campaign.code}-重点项目.xlsx", XLSX)


@campaign_page("projects.manage")
def preview(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What the workbook would do; nothing is written before it is confirmed."""
    kept = uploads.find(pk=pk, kind=KIND, by=request.user, campaign=campaign)
    rows, problems = _read(kept, campaign)
    if not problems and (refused := tried(campaign=campaign, rows=rows, by=request.user)):
        problems = [refused.problem]
    if request.method == "POST" and not problems:
        added, changed = import_projects(campaign=campaign, rows=_read(kept, campaign)[0], by=request.user)  # fmt: skip
        uploads.forget(kept)
        messages.success(
            request, _("已导入：新建%(a)s个，更新%(c)s个。") % {"a": added, "c": changed}
        )
        return redirect("projects:list", campaign.code)
    context = {
        **frame(request.user, campaign, "import"), "upload": kept, "rows": rows,
        "new": sum(row.existing is None for row in rows),
        "problems": [_said(p) for p in problems],
    }  # fmt: skip
    return render(request, "projects/import_preview.html", context)


def _read(kept: Upload, campaign: Campaign) -> tuple[list[Row], list[Problem]]:
    with tempfile.TemporaryDirectory(prefix="saima-") as scratch:
        path = Path(scratch) / kept.name
        with kept.file.open("rb") as stream:
            path.write_bytes(stream.read())
        try:
            rows = Reading(campaign).rows(path, kept.name)
        except Refused as refused:
            return [], [refused.problem]
    return rows, [problem for row in rows for problem in row.problems]


def _said(problem: Problem) -> dict[str, str]:
    language = reader()
    return {
        "place": problem.place.text(language), "message": problem.message(language),
        "hint": problem.hint(language),
    }  # fmt: skip
