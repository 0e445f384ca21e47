"""Importing the office's task list: upload, preview with every bad cell, begin the tasks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from saima.files.task_list import task_list_bytes
from saima.problems import Refused
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup.list_import import Plan, import_tasks, lines_shown, plan_of
from saima_web.followup.task_forms import ListForm
from saima_web.followup.task_views import INITIATE
from saima_web.people import uploads
from saima_web.people.languages import reader, told
from saima_web.people.models import Upload
from saima_web.people.pages import Request
from saima_web.ui.downloads import XLSX, file_response

KIND, ENDINGS = "tasks", (".xlsx", ".xls", ".csv")


@campaign_page(INITIATE)
def upload(request: Request, campaign: Campaign) -> HttpResponse:
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = uploads.keep(
                file=form.cleaned_data["file"], kind=KIND, endings=ENDINGS, by=request.user,
                campaign=campaign,
            )  # fmt: skip
            return redirect("followup:preview", campaign.code, kept.pk)
        except Refused as refused:
            form.add_error("file", told(refused.problem))
    return render(request, "followup/import.html", {"campaign": campaign, "form": form})


@campaign_page(INITIATE)
def template(request: Request, campaign: Campaign) -> HttpResponse:  # noqa: ARG001
    content = task_list_bytes([], _("%(name)s任务清单") % {"name": campaign.name}, today())
    return file_response(content, f"{campaign.name}任务清单.xlsx", XLSX)


@campaign_page(INITIATE)
def preview(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    kept = uploads.find(pk=pk, kind=KIND, by=request.user, campaign=campaign)
    context = {"campaign": campaign, "upload": kept}
    try:
        with _opened(kept) as path:
            plan = plan_of(path, campaign)
    except Refused as refused:
        said = {
            "refused": refused.problem.message(reader()),
            "hint": refused.problem.hint(reader()),
        }
        return render(request, "followup/preview.html", context | said)
    if request.method == "POST":
        return _commit(request, campaign, kept, plan)
    return render(request, "followup/preview.html", context | _shown(plan))


def _commit(request: Request, campaign: Campaign, kept: Upload, plan: Plan) -> HttpResponse:
    only_good = request.POST.get("which") == "good"
    count = import_tasks(plan=plan, campaign=campaign, by=request.user, only_good=only_good)
    messages.success(request, _("已导入%(n)s项任务。") % {"n": count})
    if not plan.wrong:
        uploads.forget(kept)
    return redirect("followup:tasks", campaign.code)


def _shown(plan: Plan) -> dict[str, object]:
    language = reader()
    return {
        "wrong": len(plan.wrong), "good": len(plan.good), "rows": list(lines_shown(plan)),
        "problems": [
            {"place": p.place.text(language), "message": p.message(language),
             "hint": p.hint(language), "severity": p.severity}
            for p in plan.told
        ],
    }  # fmt: skip


@contextmanager
def _opened(kept: Upload) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="saima-") as scratch:
        path = Path(scratch) / kept.name
        with kept.file.open("rb") as stream:
            path.write_bytes(stream.read())
        yield path
