"""Making a campaign in three ways, its readiness, its history, and units that merge."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from saima.files.campaign import annotate, load_campaign, write_template
from saima.problems import Refused, has_errors
from saima_web.campaigns import shown as campaigns_shown
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.queries import campaigns_of
from saima_web.people import uploads
from saima_web.people.languages import told
from saima_web.people.models import Upload
from saima_web.people.pages import Request, site_page
from saima_web.people.permissions import may
from saima_web.setup import actions, history, shown, sources
from saima_web.setup.forms import CloneForm, CodeForm, FileForm, NewForm, SharesForm, SuccessionForm
from saima_web.setup.succession import not_moved, remaining
from saima_web.ui.downloads import XLSX, file_response
from saima_web.ui.tables import workbook_response

MAKE = "campaigns.make"
MANAGE = "campaign.manage"


@site_page(MAKE)
def new(request: Request) -> HttpResponse:
    context = {"campaigns": campaigns_of(request.user)}
    return render(request, "setup/new.html", context)


@site_page(MAKE)
def new_form(request: Request) -> HttpResponse:
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields, tracks = form.settings()
        campaign = actions.make_campaign(fields=fields, tracks=tracks, by=request.user)
        messages.success(request, _("行动已建好，接着往下做。"))
        return redirect("setup:ready", campaign=campaign.code)
    return render(request, "setup/new_form.html", {"form": form})


@site_page(MAKE)
def new_import(request: Request) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = uploads.keep(
                file=form.cleaned_data["file"], kind="campaign", endings=sources.ENDINGS,
                by=request.user,
            )  # fmt: skip
            return redirect("setup:preview", pk=kept.pk)
        except Refused as refused:
            form.add_error("file", told(refused.problem))
    return render(request, "setup/import.html", {"form": form})


@site_page(MAKE)
def preview(request: Request, pk: int) -> HttpResponse:
    upload = uploads.find(pk=pk, kind="campaign", by=request.user)
    try:
        tables, books = sources.load(upload)
    except Refused as refused:
        context = {"upload": upload, "refused": shown.problem_rows([refused.problem])[0]}
        return render(request, "setup/preview.html", context)
    problems = actions.problems_of(tables, books)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not has_errors(problems):
        campaign = actions.import_tables(
            tables=tables, rulebooks=books, code=form.cleaned_data["code"], by=request.user
        )
        uploads.forget(upload)
        messages.success(request, _("行动已导入。"))
        return redirect("setup:ready", campaign=campaign.code)
    context = {
        "upload": upload, "form": form, "named": tables.campaign,
        "contents": shown.contents((tables, books)), "problems": shown.problem_rows(problems),
    }  # fmt: skip
    return render(request, "setup/preview.html", context | shown.problem_counts(problems))


@site_page(MAKE)
def marked(request: Request, pk: int) -> HttpResponse:
    """The uploaded workbook with its problems marked in the cells."""
    upload = uploads.find(pk=pk, kind="campaign", by=request.user)
    with sources.opened(upload) as path, tempfile.TemporaryDirectory() as scratch:
        tables, books = load_campaign(path)
        out = Path(scratch) / "marked.xlsx"
        annotate(path, actions.problems_of(tables, books), out)
        content = out.read_bytes()
    return file_response(content, f"{Path(upload.name).stem}-问题.xlsx", XLSX)


@site_page(MAKE)
def template(request: Request) -> HttpResponse:  # noqa: ARG001
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "template.xlsx"
        write_template(path)
        return file_response(path.read_bytes(), "行动工作簿模板.xlsx", XLSX)


@site_page(MAKE)
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    uploads.forget(uploads.find(pk=pk, kind="campaign", by=request.user))
    return redirect("setup:import")


@site_page(MAKE)
def clone(request: Request) -> HttpResponse:
    old = campaigns_of(request.user).filter(code=request.GET.get("after", "")).first()
    form = CloneForm(
        request.POST or None, campaigns=campaigns_of(request.user), initial={"old": old},
        may_targets=may(request.user, "targets.edit", campaign=Campaign()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        campaign = actions.clone_campaign(by=request.user, **form.choices())
        messages.success(request, _("已沿用上年行动建好，请逐项核对。"))
        return redirect("setup:ready", campaign=campaign.code)
    return render(request, "setup/clone.html", {"form": form})


@campaign_page(MANAGE)
def ready(request: Request, campaign: Campaign) -> HttpResponse:
    rows = shown.steps(campaign)
    context = {"campaign": campaign, "rows": rows, "summary": shown.ready_words(rows)}
    complete = all(r["done"] or r["optional"] for r in rows)
    return render(
        request, "setup/ready.html",
        context | campaigns_shown.steps(campaign) | {"complete": complete},
    )  # fmt: skip


@campaign_page("history.import")
def history_page(request: Request, campaign: Campaign) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = uploads.keep(
                file=form.cleaned_data["file"], kind="history", endings=history.ENDINGS,
                by=request.user, campaign=campaign,
            )  # fmt: skip
            return redirect("setup:history-preview", campaign=campaign.code, pk=kept.pk)
        except Refused as refused:
            form.add_error("file", told(refused.problem))
    context = {"campaign": campaign, "form": form} | shown.history_known(campaign)
    return render(request, "setup/history.html", context)


@campaign_page("history.import")
def history_template(request: Request, campaign: Campaign) -> HttpResponse:  # noqa: ARG001
    header, rows = history.template_rows(campaign)
    return workbook_response("数据", header, rows)


@campaign_page("history.import")
def history_preview(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    upload = uploads.find(pk=pk, kind="history", by=request.user, campaign=campaign)
    context: dict[str, Any] = {"campaign": campaign, "upload": upload}
    try:
        with sources.opened(upload) as path:
            read = history.read_history(path, campaign)
    except Refused as refused:
        context["refused"] = shown.problem_rows([refused.problem])[0]
        return render(request, "setup/history_preview.html", context)
    table = shown.history_table(read).shown(request)
    if table.wants_export:
        return table.export()
    if request.method == "POST" and not read.wrong:
        return _commit(request, campaign, upload, read)
    context |= {
        "table": table, "problems": shown.problem_rows(read.problems),
        "new": read.count("new"), "changed": read.count("changed"), "same": read.count("same"),
    }  # fmt: skip
    return render(
        request, "setup/history_preview.html", context | shown.problem_counts(read.problems)
    )


def _commit(
    request: Request, campaign: Campaign, upload: Upload, read: history.Read
) -> HttpResponse:
    count = actions.import_history(
        campaign=campaign, read=read, file=upload.name, digest=upload.digest, by=request.user
    )
    uploads.forget(upload)
    messages.success(
        request, ngettext("已导入%(n)s个数。", "已导入%(n)s个数。", count) % {"n": count}
    )
    return redirect("setup:history", campaign=campaign.code)


@campaign_page(MANAGE)
def succession(request: Request, campaign: Campaign) -> HttpResponse:
    """A merger in one step; a split in two: what, then the share of each indicator."""
    form = SuccessionForm(request.POST or None, campaign=campaign)
    if request.method != "POST" or not form.is_valid():
        return render(request, "setup/succession.html", {"campaign": campaign, "form": form})
    data = dict(form.cleaned_data)
    how, share = data.pop("how"), data.pop("share")
    left = not_moved(campaign, data["giver"])
    context = {"campaign": campaign, "form": form, "how": how, "left": left} | data
    if how == "split":
        parts = _shares(request, campaign, data, share)
        if "step" not in request.POST or not parts.is_valid():
            return render(request, "setup/succession_shares.html", context | {"parts": parts})
        done = actions.split(
            campaign=campaign, by=request.user, share=share / 100, shares=parts.shares, **data
        )
    else:
        done = actions.merge(campaign=campaign, by=request.user, **data)
    context |= {"done": done, "problems": shown.problem_rows(done.problems)}
    return render(request, "setup/succession_done.html", context)


def _shares(
    request: Request, campaign: Campaign, data: dict[str, Any], share: Decimal
) -> SharesForm:
    """The second step's form, filled once it was sent."""
    giver, since = data["giver"], data["since"]
    actions.refuse_merger(campaign, giver, data["taker"], since)
    sent = request.POST if "step" in request.POST else None
    return SharesForm(sent, remaining=remaining(campaign, giver, since), share=share)
