"""Runs: the list of periods, one run with its next step, a unit's sheet, what-if, side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from saima.workflows.score_run import SCORE_RUN
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import published_rulebooks
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.scoring import actions, checks, overview, what_if
from saima_web.scoring.forms import RunForm, WhatIfForm
from saima_web.scoring.models import ScoreRun, SheetCheck
from saima_web.scoring.queries import base_of, difference, may_see_sheet, result_of, still_the_same


@campaign_page("scores.see-draft")
def runs(request: Request, campaign: Campaign) -> HttpResponse:
    runs_too = may(request.user, "scores.run", campaign=campaign)
    shown = overview.periods_table(campaign, may_run=runs_too).shown(request)
    if shown.wants_export:
        return shown.export()
    rows = shown.table.rows
    context = {
        "shown": shown, "form": RunForm(campaign=campaign), "campaign": campaign,
        "published": sum(1 for r in rows if r["code"] == "published"),
        "due": next((r for r in rows if r["next"]), None),
        "may_run": runs_too,
        "comparisons": campaign.runs.filter(comparison=True).exclude(state="dropped")
        .select_related("rulebook", "made_by").defer("result"),
        "tab": "runs",
    }  # fmt: skip
    return render(request, "scoring/runs.html", context)


@campaign_page("scores.run")
@require_POST
def make(request: Request, campaign: Campaign) -> HttpResponse:
    """Make a run of a period."""
    form = RunForm(request.POST, campaign=campaign)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, "".join(str(e) for e in errors))
        return redirect("scoring:runs", campaign=campaign.code)
    made = actions.run(campaign=campaign, by=request.user, **form.cleaned_data)
    messages.success(request, _("算好了，请先看看有没有缺漏和异常。"))
    return redirect("scoring:run", campaign=campaign.code, pk=made.pk)


def _run(campaign: Campaign, pk: int) -> ScoreRun:
    rows = campaign.runs.select_related("rulebook", "made_by", "approved_by", "published_by")
    return get_object_or_404(rows, pk=pk)


@campaign_page("scores.see-draft")
def show(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    run = _run(campaign, pk)
    shown = overview.ranking_table(run).shown(request)
    if shown.wants_export:
        return shown.export()
    base = base_of(run)
    context = {
        "run": run, "shown": shown, "campaign": campaign, "tab": "runs", "base": base,
        "changes": difference(base, run) if base else [],
        "state": overview.state_words(run), "problems": checks.problems(run),
        "jumps": checks.jumps(run), "told": checks.reporting(campaign).get(run.period),
        "may": _events(request, run), "same": still_the_same(run),
        "form": WhatIfForm(campaign=campaign), "count": len(result_of(run).units),
        "waiting": run.checks.filter(state=SheetCheck.State.SENT).count(),
        "disputed": run.checks.filter(state=SheetCheck.State.DISPUTED).count(),
    }  # fmt: skip
    return render(request, "scoring/run.html", context)


ALLOWED = {
    "send": "scores.run", "close": "scores.run", "drop": "scores.run",
    "approve": "scores.approve", "refuse": "scores.approve", "publish": "scores.publish",
}  # fmt: skip


def _events(request: Request, run: ScoreRun) -> dict[str, bool]:
    """The buttons that this user gets on this run."""
    here = [e for e in SCORE_RUN.events_at(run.state) if e in ALLOWED]
    if run.comparison or run.provisional:
        here = [e for e in here if e == "drop"]
    found = {e: may(request.user, ALLOWED[e], campaign=run.campaign) for e in here}
    if run.made_by_id == request.user.pk:
        found.pop("approve", None)
    return found


@campaign_page("scores.see-draft")
@require_POST
def step(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One step of a run's life; the action asks for the permission."""
    run, by = _run(campaign, pk), request.user
    event, note = request.POST.get("event", ""), request.POST.get("note", "")
    if event == "send":
        actions.send_for_checking(run=run, by=by)
    elif event == "close":
        actions.close_checking(run=run, by=by)
    elif event == "approve":
        actions.approve(run=run, by=by, note=note)
    elif event == "refuse":
        actions.refuse_run(run=run, by=by, note=note)
    elif event == "publish":
        actions.publish(run=run, by=by)
    elif event == "drop":
        actions.drop(run=run, by=by)
    else:
        raise Http404
    messages.success(request, str(DONE[event]))
    return redirect("scoring:run", campaign=campaign.code, pk=run.pk)


DONE = {
    "send": gettext_lazy("已送各单位核对。"), "close": gettext_lazy("核对已结束，等待领导审定。"), "approve": gettext_lazy("已审定，可以公布。"),
    "refuse": gettext_lazy("已退回，请重新计分。"), "publish": gettext_lazy("已公布。排名不再改动，更正会另出新版。"),
    "drop": gettext_lazy("已作废，记录仍在。"),
}  # fmt: skip


@campaign_page("scores.see-draft")
def if_changed(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What one changed figure would do: nothing is saved."""
    run = _run(campaign, pk)
    form = WhatIfForm(request.GET or None, campaign=campaign)
    effect = None
    if form.is_valid():
        given = form.cleaned_data
        effect = what_if.effect(run, given["unit"].code, given["indicator"].code, given["value"])
    context = {"run": run, "form": form, "effect": effect, "given": form.data}
    return render(request, "scoring/_what_if.html", context)


@campaign_page("scores.see")
def sheet(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """A unit's own sheet, to agree with or dispute while checking lasts."""
    run, whose = _run(campaign, pk), get_object_or_404(Unit, code=unit)
    if not may_see_sheet(request.user, run, whose):
        require(request.user, "scores.see-draft", campaign=campaign)
    table = overview.sheet_table(run, whose)
    if table is None:
        raise Http404
    shown = table.shown(request)
    if shown.wants_export:
        return shown.export()
    check = run.checks.filter(unit=whose).select_related("answered_by").first()
    answers = may(request.user, "sheets.check", campaign=campaign, unit=whose)
    context = {
        "run": run, "unit": whose, "shown": shown, "check": check, "campaign": campaign,
        "found": next(u for u in result_of(run).units if u.unit == unit),
        "may_answer": answers and run.state == ScoreRun.State.CHECKING,
    }  # fmt: skip
    return render(request, "scoring/sheet.html", context)


@campaign_page("sheets.check")
@require_POST
def answer(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """Agree with one's own sheet, or dispute it."""
    check = get_object_or_404(SheetCheck, run__campaign=campaign, run=pk, unit__code=unit)
    agreed = request.POST.get("agreed") == "1"
    actions.answer_check(
        check=check, agreed=agreed, note=request.POST.get("note", ""), by=request.user
    )
    messages.success(
        request, _("已答复：无异议。") if agreed else _("已答复：有异议，考核办会看到。")
    )
    return redirect("scoring:sheet", campaign=campaign.code, pk=pk, unit=unit)


@campaign_page("scores.see-draft")
def compare(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Several schemes on the same figures, for comparison only."""
    wanted = period_in(campaign, period)
    books = published_rulebooks(campaign, official=None)
    chosen = _chosen(request, books)
    context: dict[str, Any] = {
        "campaign": campaign, "period": period, "books": books, "tab": "compare",
        "chosen": [b.pk for b in chosen],
        "found": what_if.beside(campaign, chosen, wanted) if chosen else None,
    }  # fmt: skip
    return render(request, "scoring/compare.html", context)


def _chosen(request: Request, books: list[Rulebook]) -> list[Rulebook]:
    wanted = set(request.GET.getlist("book"))
    return [b for b in books if str(b.pk) in wanted] if wanted else books[-3:]
