"""The overview of targets, and one set: what it changes, and its approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.models import User
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.targets import actions
from saima_web.targets.cells import draft_of
from saima_web.targets.forms import DecisionForm, SubmitForm
from saima_web.targets.lists import changes_table, headline_table, sets_table
from saima_web.targets.models import TargetSet
from saima_web.targets.overview import Overview
from saima_web.ui.tables import Table


@campaign_page("targets.see")
def overview(request: Request, campaign: Campaign) -> HttpResponse:
    view = Overview(campaign, request.user)
    shown = headline_table(view).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        "shown": shown, "answer": answer_of(shown.table.rows),
        "waiting": waiting(campaign, request.user), "draft": draft_of(campaign, request.user),
        "may_edit": may(request.user, "targets.edit", campaign=campaign), "tab": "list",
        "wide": any(r["wide"] for r in shown.table.rows),
    }  # fmt: skip
    return render(request, "targets/list.html", context)


def answer_of(rows: Any) -> dict[str, int]:
    """The numbers of the overview's sentence."""
    return {
        "indicators": len(rows),
        "missing": sum(len(r["missing"]) for r in rows),
        "lacking": sum(1 for r in rows if r["missing"]),
        "over": sum(1 for r in rows if r["over"]),
        "off": sum(1 for r in rows if r["off"]),
    }


def waiting(campaign: Campaign, by: User) -> list[TargetSet]:
    """Sets that this user is asked to decide."""
    if not may(by, "targets.approve", campaign=campaign):
        return []
    rows = campaign.target_sets.filter(state=TargetSet.State.SUBMITTED)
    return list(rows.exclude(made_by=by).select_related("made_by"))


@campaign_page("targets.see")
def sets(request: Request, campaign: Campaign) -> HttpResponse:
    shown = sets_table(campaign, request.user).shown(request)
    if shown.wants_export:
        return shown.export()
    count = sum(1 for r in shown.table.rows if r["code"] == "submitted")
    return render(request, "targets/sets.html", {"shown": shown, "waiting": count, "tab": "sets"})


@campaign_page("targets.see")
def one_set(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    batch, table = set_of(request.user, campaign, pk)
    shown = table.shown(request)
    if shown.wants_export:
        return shown.export()
    own = batch.made_by_id == request.user.pk
    waits = batch.state == TargetSet.State.SUBMITTED
    context = {
        "batch": batch, "shown": shown, "own": own, "waits": waits, "tab": "sets",
        "draft": own and batch.state == TargetSet.State.DRAFT,
        "decides": waits and not own and may(request.user, "targets.approve", campaign=campaign),
        "submit_form": SubmitForm(initial={"title": batch.title}), "decision_form": DecisionForm(),
        "overtaken": actions.overtaken(batch) if waits else 0,
        "up": sum(1 for r in table.rows if (r["move"] or 0) > 0),
        "down": sum(1 for r in table.rows if (r["move"] or 0) < 0),
        "new": sum(1 for r in table.rows if r["before"] is None and r["after"] is not None),
    }  # fmt: skip
    return render(request, "targets/set.html", context)


def set_of(by: User, campaign: Campaign, pk: int) -> tuple[TargetSet, Table]:
    """A set with its changes in the user's scope. Errors: Http404 for what is not theirs to see."""
    batch = campaign.target_sets.filter(pk=pk).first()
    if batch is None or (batch.state == TargetSet.State.DRAFT and batch.made_by_id != by.pk):
        raise Http404
    table = changes_table(batch, by)
    wide = may(by, "targets.edit", campaign=campaign) or may(
        by, "targets.approve", campaign=campaign
    )
    if not (table.rows or wide or batch.made_by_id == by.pk):
        raise Http404
    return batch, table


@campaign_page("targets.see")
@require_POST
def submit(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    batch, _table = set_of(request.user, campaign, pk)
    form = SubmitForm(request.POST)
    if form.is_valid():
        actions.submit(batch=batch, by=request.user, **form.cleaned_data)
        messages.success(request, _("已提交，等领导批准。"))
    else:
        messages.error(request, _("请填写名称。"))
    return redirect("targets:set", campaign.code, batch.pk)


@campaign_page("targets.approve")
@require_POST
def decide(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    batch, _table = set_of(request.user, campaign, pk)
    form = DecisionForm(request.POST)
    words = form.cleaned_data["decision"] if form.is_valid() else ""
    if request.POST.get("verdict") == "approve":
        actions.approve(batch=batch, by=request.user, decision=words)
        messages.success(request, _("已批准，从现在起按新目标计算。"))
    else:
        actions.refuse_set(batch=batch, by=request.user, decision=words)
        messages.success(request, _("未批准，已退给编制人。"))
    return redirect("targets:set", campaign.code, batch.pk)


@campaign_page("targets.see")
@require_POST
def take_back(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    batch, _table = set_of(request.user, campaign, pk)
    actions.take_back(batch=batch, by=request.user)
    messages.success(request, _("已撤回。"))
    return redirect("targets:list", campaign.code)


@campaign_page("targets.see")
@require_POST
def discard(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    batch, _table = set_of(request.user, campaign, pk)
    actions.discard(batch=batch, by=request.user)
    messages.success(request, _("草稿已放弃，现行目标没有变。"))
    return redirect("targets:list", campaign.code)
