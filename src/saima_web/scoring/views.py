"""Pages of scoring: the desk, a run, sheets, explanations, events, appeals."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import declare, refuse
from saima.workflows.score_run import SCORE_RUN
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import parsed
from saima_web.people.models import Unit, User
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require, units_for
from saima_web.scoring import actions, desk, events, why
from saima_web.scoring.forms import EventForm, WhatIfForm
from saima_web.scoring.models import Appeal, ScoreEvent, ScoreRun, SheetCheck
from saima_web.scoring.queries import (
    difference,
    explanation,
    published_run,
    result_of,
    still_the_same,
    visible_run,
)
from saima_web.ui.tables import Box, Column, Table, file_response
from saima_web.ui.templatetags.saima import plain_number

NOT_IN_RUN = declare(
    "not-in-run",
    "这次计分里没有这个单位或指标。",
    "请从排名页进入。",
    "this run has no such unit or indicator.",
    "Come from the ranking.",
)


@campaign_page("scores.see-draft")
def runs(request: Request, campaign: Campaign) -> HttpResponse:
    found = desk.months(campaign)
    shown = desk.months_table(campaign, found).shown(request)
    if shown.wants_export:
        return shown.export()
    ready = [m for m in found if m.published is None and m.working is None and m.counts]
    context = {
        "campaign": campaign, "shown": shown, "months": found, "ready": ready,
        "may_run": may(request.user, "scores.run", campaign=campaign),
        "rulebooks": campaign.rulebooks.exclude(state=Rulebook.State.DRAFT),
    }  # fmt: skip
    return render(request, "scoring/runs.html", context)


@require_POST
@campaign_page("scores.run")
def make(request: Request, campaign: Campaign) -> HttpResponse:
    other = request.POST.get("rulebook", "")
    rulebook = get_object_or_404(campaign.rulebooks, pk=other) if other else None
    run = actions.run(
        campaign=campaign, period=request.POST.get("period", ""), by=request.user,
        provisional=request.POST.get("provisional") == "1", rulebook=rulebook,
        comparison=rulebook is not None, reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return redirect("scoring:run", campaign.code, run.pk)


def _run(campaign: Campaign, pk: int) -> ScoreRun:
    return get_object_or_404(campaign.runs.select_related("rulebook", "campaign"), pk=pk)


@campaign_page("scores.see-draft")
def run(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    found = _run(campaign, pk)
    other = _compared(found)
    table = desk.standings_table(campaign, found, result_of(other) if other else None)
    shown = table.shown(request)
    if shown.wants_export:
        return shown.export()
    form = WhatIfForm(request.GET if "value" in request.GET else None, campaign=campaign)
    context = {
        "campaign": campaign, "run": found, "other": other, "shown": shown, "form": form,
        "odd": desk.oddities(campaign, found), "next": desk.next_step(found),
        "difference": difference(other, found) if other and not found.comparison else [],
        "effect": _effect(found, form), "digest": why.short_digest(found),
        "steps": _steps(request.user, found),
    }  # fmt: skip
    return render(request, "scoring/run.html", context)


def _compared(found: ScoreRun) -> ScoreRun | None:
    """What a run is set beside: the publication that it corrects or would correct."""
    if found.corrects is not None:
        return found.corrects
    standing = published_run(found.campaign, found.period)
    return standing if standing is not None and standing.pk != found.pk else None


def _effect(found: ScoreRun, form: WhatIfForm) -> dict[str, Any] | None:
    if not form.is_bound or not form.is_valid():
        return None
    data = form.cleaned_data
    return desk.what_if(found, data["unit"], data["indicator"], float(data["value"]))


STEPS = (
    ("send", "scores.run", "送各单位核对", "送出后各单位会看到自己的成绩单，继续吗？"),
    ("close", "scores.run", "结束核对", "结束后单位不能再填写异议，继续吗？"),
    ("approve", "scores.approve", "审定", ""),
    ("refuse", "scores.approve", "退回重算", "退回后这次计分作废，继续吗？"),
    ("publish", "scores.publish", "公布", "公布后不能再改，有错只能发更正版，继续吗？"),
    ("drop", "scores.run", "作废", "作废后不能恢复，继续吗？"),
)
"""Event, the action that one must be allowed, the button, what it asks before."""


def _steps(by: User, found: ScoreRun) -> list[dict[str, str]]:
    open_now = SCORE_RUN.events_at(found.state)
    official = not found.comparison and not found.provisional
    return [
        {"event": e, "title": _(title), "ask": _(ask) if ask else ""}
        for e, action, title, ask in STEPS
        if e in open_now
        and (official or e == "drop")
        and may(by, action, campaign=found.campaign)
        and not (e == "approve" and found.made_by_id == by.pk)
    ]


@require_POST
@campaign_page("scores.see-draft")
def step(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    found, note = _run(campaign, pk), request.POST.get("note", "")
    event, by = request.POST.get("event", ""), request.user
    moves: dict[str, Any] = {
        "send": lambda: actions.send_for_checking(run=found, by=by),
        "close": lambda: actions.close_checking(run=found, by=by),
        "approve": lambda: actions.approve(run=found, by=by, note=note),
        "refuse": lambda: actions.refuse_run(run=found, by=by, note=note),
        "publish": lambda: actions.publish(run=found, by=by),
        "drop": lambda: actions.drop(run=found, by=by),
    }
    if event not in moves:
        raise Http404
    moved = moves[event]()
    messages.success(request, _("现在是“%(state)s”。") % {"state": moved.get_state_display()})
    return redirect("scoring:run", campaign.code, pk)


@campaign_page("scores.see")
def sheet(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    found, row = _run(campaign, pk), get_object_or_404(Unit, code=unit)
    _require_sheet(request.user, found, row)
    shown = desk.sheet_table(found, unit, campaign).shown(request)
    if shown.wants_export:
        return shown.export()
    line = next((u for u in result_of(found).units if u.unit == unit), None)
    if line is None:
        raise refuse(NOT_IN_RUN)
    check = found.checks.filter(unit=row).first()
    answering = found.state == ScoreRun.State.CHECKING and may(
        request.user, "sheets.check", campaign=campaign, unit=row
    )
    context = {
        "campaign": campaign, "run": found, "unit": row, "line": line, "shown": shown,
        "check": check, "answering": answering and check is not None,
    }  # fmt: skip
    return render(request, "scoring/sheet.html", context)


def _require_sheet(by: User, found: ScoreRun, unit: Unit) -> None:
    """A sheet is open to who sees drafts, and to the unit once it was sent out."""
    if may(by, "scores.see-draft", campaign=found.campaign):
        return
    require(by, "sheets.check", campaign=found.campaign, unit=unit)
    if found.state in (ScoreRun.State.DRAFT, ScoreRun.State.DROPPED) or found.comparison:
        raise Http404


@require_POST
@campaign_page("sheets.check")
def sheet_answer(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    check = get_object_or_404(SheetCheck, run__campaign=campaign, run=pk, unit__code=unit)
    agreed = request.POST.get("agreed") == "1"
    actions.answer_check(
        check=check, agreed=agreed, note=request.POST.get("note", ""), by=request.user
    )
    messages.success(request, _("已确认无异议。") if agreed else _("异议已送考核办。"))
    return redirect("scoring:sheet", campaign.code, pk, unit)


@campaign_page("scores.see")
def why_mark(
    request: Request, campaign: Campaign, period: str, unit: str, indicator: str = ""
) -> HttpResponse:
    row = get_object_or_404(Unit, code=unit)
    found = _asked(request, campaign, period, row)
    held = Indicator.objects.filter(code=indicator).first() if indicator else None
    opened = may(request.user, "scores.explain", campaign=campaign, unit=row, indicator=held)
    data = _explained(found, unit, indicator)
    if opened and request.GET.get("export") == "json":
        return _as_json(data, f"{period}-{unit}-{indicator or '总分'}.json")
    line = next(u for u in result_of(found).units if u.unit == unit)
    mark = data["marks"][0] if indicator else None
    parts = None if indicator else desk.sheet_table(found, unit, campaign).shown(request)
    context = {
        "campaign": campaign, "run": found, "unit": row, "mark": mark, "opened": opened,
        "clauses": why.answer(data, str(row), indicator or None, line.score),
        "value": plain_number(mark["marks"] or 0.0 if mark else line.score or 0.0, 2),
        "tokens": why.tokens(data["steps"], whole=not indicator), "tree": why.tree(data["steps"]),
        "numbers": why.numbers(data["steps"]) if opened else [], "parts": parts if opened else None,
        "same": still_the_same(found) if opened else True, "digest": why.short_digest(found),
        "may_appeal": bool(mark) and found.state == ScoreRun.State.PUBLISHED
        and may(request.user, "appeals.raise", campaign=campaign, unit=row),
    }  # fmt: skip
    return render(request, "scoring/why.html", context)


def _asked(request: Request, campaign: Campaign, period: str, unit: Unit) -> ScoreRun:
    """The run that the page explains: the one named in the address, else the visible one."""
    named = request.GET.get("run", "")
    if named.isdigit():
        found = _run(campaign, int(named))
        if found.state not in (ScoreRun.State.PUBLISHED, ScoreRun.State.SUPERSEDED):
            _require_sheet(request.user, found, unit)
        return found
    visible = visible_run(request.user, campaign, period)
    if visible is None:
        raise Http404
    return visible


def _explained(found: ScoreRun, unit: str, indicator: str) -> dict[str, Any]:
    try:
        data = explanation(found, unit, indicator or None)
    except KeyError:
        raise refuse(NOT_IN_RUN) from None
    if indicator and not data["marks"]:
        raise refuse(NOT_IN_RUN)
    return data


def _as_json(data: Any, name: str) -> HttpResponse:
    raw = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return file_response(raw, name, "application/json")


@campaign_page("events.see")
def event_list(request: Request, campaign: Campaign) -> HttpResponse:
    manages = may(request.user, "events.manage", campaign=campaign)
    form = EventForm(request.POST or None, campaign=campaign) if manages else None
    if form is not None and request.method == "POST" and form.is_valid():
        made = events.record_event(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记“%(name)s”，下次计分时计入。") % {"name": made.name})
        return redirect("scoring:events", campaign.code)
    if request.method == "POST" and form is None:
        require(request.user, "events.manage", campaign=campaign)
    shown = _events_table(campaign, manages).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {"campaign": campaign, "shown": shown, "form": form, "names": _event_names(campaign)}
    return render(request, "scoring/events.html", context)


def _event_names(campaign: Campaign) -> list[str]:
    books = [parsed(r.text)[0] for r in campaign.rulebooks.exclude(state=Rulebook.State.DRAFT)]
    return sorted({e.name for book in books if book is not None for e in book.events})


def _events_table(campaign: Campaign, manages: bool) -> Table:
    rows = [
        {
            "on": e.on, "kind": e.get_kind_display(), "kind_key": e.kind, "unit": str(e.unit),
            "name": e.name, "count": float(e.count or 1),
            "points": float(e.points) if e.points else None, "basis": e.basis,
            "expires": e.expires, "by": e.recorded_by.name if e.recorded_by else _("导入"),
            "state": _("已撤销：") + e.withdrawal if e.withdrawn_at else _("有效"),
            "withdrawn": e.withdrawn_at is not None, "pk": e.pk, "campaign": campaign.code,
            "manages": manages,
        }
        for e in campaign.events.select_related("unit", "recorded_by")
    ]  # fmt: skip
    columns = [
        Column("on", _("日期"), "date"), Column("kind", _("类型")), Column("unit", _("单位")),
        Column("name", _("事项")), Column("count", _("次数"), "number", decimals=0),
        Column("points", _("分值"), "number"), Column("basis", _("依据")),
        Column("expires", _("有效期至"), "date"), Column("by", _("登记人")),
        Column("state", _("状态"), template="scoring/_event_state.html"),
    ]  # fmt: skip
    kinds = ScoreEvent.Kind
    boxes = [Box(k.value, str(k.label), lambda r, k=k: r["kind_key"] == k.value) for k in kinds]
    return Table(
        columns, rows, name=_("加扣分事项"), search=("unit", "name", "basis"), boxes=boxes,
        empty=_("还没有加分、扣分、一票否决或门槛事项。"),
        begin=_("发生后由考核办登记，写明依据，计分时按考核办法计入。"),
    )  # fmt: skip


@require_POST
@campaign_page("events.manage")
def event_withdraw(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    event = get_object_or_404(campaign.events, pk=pk)
    events.withdraw_event(event=event, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("已撤销，下次计分时不再计入。"))
    return redirect("scoring:events", campaign.code)


@campaign_page("appeals.see")
def appeal_list(request: Request, campaign: Campaign) -> HttpResponse:
    rows = Appeal.objects.filter(
        run__campaign=campaign, unit__in=units_for(request.user, "appeals.see", campaign)
    ).select_related("run", "unit", "indicator", "raised_by", "decided_by")
    raising = set(units_for(request.user, "appeals.raise", campaign).values_list("pk", flat=True))
    context = {
        "campaign": campaign, "rows": rows.defer("run__result"),
        "decides": may(request.user, "appeals.decide", campaign=campaign), "raising": raising,
        "open": sum(1 for r in rows if r.state == Appeal.State.RAISED),
        "may_run": may(request.user, "scores.run", campaign=campaign),
    }  # fmt: skip
    return render(request, "scoring/appeals.html", context)


@require_POST
@campaign_page("appeals.raise")
def appeal(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    found, row = _run(campaign, pk), get_object_or_404(Unit, code=unit)
    code = request.POST.get("indicator", "")
    indicator = get_object_or_404(Indicator, code=code) if code else None
    grounds = request.POST.get("grounds", "")
    events.raise_appeal(run=found, unit=row, indicator=indicator, grounds=grounds, by=request.user)
    messages.success(request, _("申诉已提交，考核办会答复。"))
    return redirect("scoring:appeals", campaign.code)


@require_POST
@campaign_page("appeals.see")
def appeal_decide(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    scope = units_for(request.user, "appeals.see", campaign)
    row = get_object_or_404(Appeal, run__campaign=campaign, unit__in=scope, pk=pk)
    if request.POST.get("event") == "withdraw":
        events.withdraw_appeal(appeal=row, by=request.user)
        messages.success(request, _("申诉已撤回。"))
    else:
        uphold = request.POST.get("event") == "uphold"
        decision = request.POST.get("decision", "")
        events.decide_appeal(appeal=row, uphold=uphold, decision=decision, by=request.user)
        messages.success(request, _("已答复%(unit)s。") % {"unit": row.unit})
    return redirect("scoring:appeals", campaign.code)
