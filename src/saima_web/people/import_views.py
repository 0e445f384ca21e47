"""Importing units, users and posts from a sheet: template, preview, failed rows, commit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from saima.problems import Refused
from saima_web.people import import_actions, uploads
from saima_web.people.importing import Plan, plan_of
from saima_web.people.languages import reader, told
from saima_web.people.models import Upload
from saima_web.people.pages import Request, site_page
from saima_web.people.people_forms import SheetForm
from saima_web.people.permissions import may
from saima_web.people.sheets import FORMS, failed_bytes, template_bytes
from saima_web.ui.downloads import XLSX, file_response

MANAGE = "people.manage"
ENDINGS = (".xlsx", ".xls")


@site_page(MANAGE)
def upload(request: Request) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = uploads.keep(
                file=form.cleaned_data["file"], kind="people", endings=ENDINGS, by=request.user
            )
            return redirect("people:import-preview", pk=kept.pk)
        except Refused as refused:
            form.add_error("file", told(refused.problem))
    return render(request, "people/import.html", {"form": form, **_frame(request)})


@site_page(MANAGE)
def template(request: Request) -> HttpResponse:  # noqa: ARG001
    return file_response(template_bytes(), "单位用户角色模板.xlsx", XLSX)


@site_page(MANAGE)
def preview(request: Request, pk: int) -> HttpResponse:
    kept = uploads.find(pk=pk, kind="people", by=request.user)
    try:
        plan = _plan(kept)
    except Refused as refused:
        problem = refused.problem
        context = {
            "upload": kept,
            "refused": problem.message(reader()),
            "hint": problem.hint(reader()),
        }
        return render(request, "people/import_preview.html", context | _frame(request))
    if request.method == "POST":
        return _commit(request, kept, plan)
    return render(request, "people/import_preview.html", _shown(kept, plan) | _frame(request))


def _commit(request: Request, kept: Upload, plan: Plan) -> HttpResponse:
    only_good = request.POST.get("which") == "good"
    done = import_actions.import_people(plan=plan, by=request.user, only_good=only_good)
    if not plan.wrong:
        uploads.forget(kept)
    if not done.passwords:
        messages.success(request, _("已导入。"))
        return redirect("people:users")
    context = {"done": done, "left": len(plan.wrong), "upload": kept} | _frame(request)
    response = render(request, "people/import_done.html", context)
    response["Cache-Control"] = "no-store"
    return response


@site_page(MANAGE)
def failed(request: Request, pk: int) -> HttpResponse:
    kept = uploads.find(pk=pk, kind="people", by=request.user)
    try:
        content = failed_bytes(_plan(kept).rows)
    except Refused:  # nothing can be read: the preview says why
        return redirect("people:import-preview", pk=pk)
    return file_response(content, f"{Path(kept.name).stem}-待改.xlsx", XLSX)


def _plan(kept: Upload) -> Plan:
    with _opened(kept) as path:
        return plan_of(path, kept.name)


@contextmanager
def _opened(kept: Upload) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="saima-") as scratch:
        path = Path(scratch) / kept.name
        with kept.file.open("rb") as stream:
            path.write_bytes(stream.read())
        yield path


def _shown(kept: Upload, plan: Plan) -> dict[str, object]:
    language = reader()
    titles = {"units": _("单位"), "users": _("用户"), "posts": _("角色")}
    return {
        "upload": kept, "wrong": plan.wrong, "good": len([r for r in plan.good if r.what != "same"]),
        "sheets": [
            {
                "title": titles[form.key], "new": plan.count(form.key, "new"),
                "changed": plan.count(form.key, "changed"), "same": plan.count(form.key, "same"),
            }
            for form in FORMS
        ],
        "problems": [
            {
                "place": p.place.text(language),
                "message": p.message(language), "hint": p.hint(language),
            }
            for p in plan.problems
        ],
    }  # fmt: skip


def _frame(request: Request) -> dict[str, object]:
    return {"tab": "import", "manages": may(request.user, MANAGE)}
