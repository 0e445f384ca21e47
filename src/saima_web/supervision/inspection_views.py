"""Inspections: the year's plan, one inspection with its units, findings, papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.publishing.papers import word_file
from saima_web.supervision import actions, papers
from saima_web.supervision import findings as finding_actions
from saima_web.supervision.forms import InspectionForm
from saima_web.supervision.inspection_page import Bound, form_of, page_of, score_item
from saima_web.supervision.models import Finding, Inspected, Inspection
from saima_web.supervision.queries import finding_for, inspections_for, may_read, part_for
from saima_web.supervision.scope import has_reach, require_on
from saima_web.supervision.shown import findings_table, inspections_table
from saima_web.supervision.trying import done
from saima_web.ui.downloads import DOCX, file_response

SEE, MANAGE = "inspections.see", "inspections.manage"


@campaign_page(SEE)
def inspections(request: Request, campaign: Campaign) -> HttpResponse:
    """The year's inspections."""
    year = today().year
    rows = list(inspections_for(request.user, campaign))
    shown = inspections_table(request.user, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    plan = campaign.inspection_plans.filter(year=year).select_related("approved_by").first()
    context = {
        "campaign": campaign, "shown": shown, "year": year, "plan": plan,
        "counts": summed(shown.table.rows), "crowded": crowded(rows, year),
        "manages": may(request.user, MANAGE, campaign=campaign),
        "approves": plan is None
        and any(r.begins_on.year == year for r in rows)
        and may(request.user, "inspections.approve", campaign=campaign),
    }  # fmt: skip
    return render(request, "supervision/inspections.html", context)


def summed(rows: Any) -> dict[str, int]:
    """Over a table of inspections: how many units still owe an answer, how many faults are open."""
    waiting = sum(
        1 for r in rows for p in r["parts"] if p.state in ("concluded", "upheld", "returned")
    )
    return {
        "inspections": len(rows), "waiting": waiting,
        "faults": sum(r["faults"] for r in rows), "settled": sum(r["settled"] for r in rows),
        "late": sum(r["late"] for r in rows),
    }  # fmt: skip


def crowded(rows: list[Inspection], year: int) -> list[str]:
    """Departments with more than one comprehensive inspection in a year, which rules advise against."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.kind == Inspection.Kind.COMPREHENSIVE and row.begins_on.year == year:
            who = str(row.lead_unit or _("考核办"))
            counts[who] = counts.get(who, 0) + 1
    return [who for who, n in counts.items() if n > 1]


@campaign_page(SEE)
def findings(request: Request, campaign: Campaign) -> HttpResponse:
    """Every fault found, and whether it was made good."""
    rows = inspections_for(request.user, campaign)
    shown = findings_table(request.user, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    states = [r["state"] for r in shown.table.rows]
    context = {
        "campaign": campaign, "shown": shown, "total": len(states),
        "settled": states.count("settled"), "late": sum(r["late"] for r in shown.table.rows),
    }  # fmt: skip
    return render(request, "supervision/findings.html", context)


@campaign_page(MANAGE)
def new(request: Request, campaign: Campaign) -> HttpResponse:
    late = actions.is_approved(campaign, today().year)
    start = {"begins_on": today(), "ends_on": today() + timedelta(days=7)}
    if not has_reach(request.user, MANAGE, campaign, "all"):
        start["lead_unit"] = request.user.unit_id  # type: ignore[assignment]
    form = InspectionForm(request.POST or None, campaign=campaign, initial=start)

    def plan(data: dict[str, Any]) -> None:
        actions.plan_inspection(campaign=campaign, by=request.user, **data)

    if request.method == "POST" and done(form, plan):
        messages.success(request, _("已列入督查计划。"))
        return redirect("supervision:inspections", campaign.code)
    context = {"campaign": campaign, "form": form, "late": late}
    return render(request, "supervision/inspection_form.html", context)


@campaign_page(MANAGE)
def edit(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(inspections_for(request.user, campaign), pk=pk)
    require_on(request.user, MANAGE, row)
    form = InspectionForm(request.POST or None, campaign=campaign, instance=row)

    def change(data: dict[str, Any]) -> None:
        actions.change_inspection(inspection=row, by=request.user, **data)

    if request.method == "POST" and done(form, change):
        messages.success(request, _("督查安排已修改。"))
        return redirect("supervision:inspection", campaign.code, row.pk)
    context = {"campaign": campaign, "form": form, "row": row}
    return render(request, "supervision/inspection_form.html", context)


@require_POST
@campaign_page("inspections.approve")
def approve(request: Request, campaign: Campaign) -> HttpResponse:
    made = actions.approve_plan(campaign=campaign, year=today().year, by=request.user)
    messages.success(request, _("已批准%(year)s年督查计划。") % {"year": made.year})
    return redirect("supervision:inspections", campaign.code)


@campaign_page(SEE)
def inspection(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    return shown_page(request, get_object_or_404(inspections_for(request.user, campaign), pk=pk))


def shown_page(request: Request, row: Inspection, bound: Bound | None = None) -> HttpResponse:
    return render(request, "supervision/inspection.html", page_of(request.user, row, bound))


# --- steps of a unit's inspection ---------------------------------------------------------------

Work = Callable[[Inspected, dict[str, Any], Any], Any]
CONDUCT: dict[str, tuple[Work, str]] = {
    "record": (lambda p, d, by: actions.record(part=p, by=by, **d), noop("已记录督查情况。")),
    "conclude": (lambda p, d, by: actions.conclude(part=p, by=by, **d), noop("结论已送达。")),
    "uphold": (
        lambda p, d, by: actions.review(part=p, upheld=True, text=d["text"], by=by),
        noop("已维持结论并告知单位。"),
    ),
    "revise": (
        lambda p, d, by: actions.review(part=p, upheld=False, text=d["text"], by=by),
        noop("请修改后重新送达结论。"),
    ),
    "return": (
        lambda p, d, by: actions.return_answer(part=p, text=d["text"], by=by),
        noop("已退回单位重报。"),
    ),
    "close": (lambda p, d, by: actions.close(part=p, text=d["text"], by=by), noop("已办结。")),
    "drop": (lambda p, d, by: actions.drop(part=p, reason=d["text"], by=by), noop("已取消。")),
    "find": (lambda p, d, by: finding_actions.add_finding(part=p, by=by, **d), noop("已记下。")),
}
"""What who inspects does -> the action, and what the page says after it."""

RESPOND: dict[str, tuple[Work, str]] = {
    "answer": (lambda p, d, by: actions.answer(part=p, text=d["text"], by=by), noop("已反馈。")),
    "object": (
        lambda p, d, by: actions.object_to(part=p, text=d["text"], by=by),
        noop("已提出异议。"),
    ),
}
"""What the unit's head does."""


@require_POST
@campaign_page(MANAGE)
def conduct(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    part = _part(request, campaign, pk)
    require_on(request.user, MANAGE, part.inspection)
    return _stepped(request, part, event, CONDUCT)


@require_POST
@campaign_page("inspections.answer")
def respond(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    part = _part(request, campaign, pk)
    require_on(request.user, "inspections.answer", part.inspection, part.unit_id)
    return _stepped(request, part, event, RESPOND)


def _part(request: Request, campaign: Campaign, pk: int) -> Inspected:
    part = part_for(request.user, campaign, pk)
    if part is None:
        raise Http404
    return part


def _stepped(
    request: Request, part: Inspected, event: str, steps: dict[str, tuple[Work, str]]
) -> HttpResponse:
    if event not in steps:
        raise Http404
    work, said = steps[event]
    form = form_of(event, part, request.POST)
    return _finish(
        request, part, (event, part.pk), form, lambda d: work(part, d, request.user), said
    )


def _finish(
    request: Request, part: Inspected, key: tuple[str, int], form: django_forms.BaseForm,
    work: Callable[[dict[str, Any]], Any], said: str,
) -> HttpResponse:  # fmt: skip
    if done(form, work):
        messages.success(request, _(said))
        there = reverse(
            "supervision:inspection", args=[part.inspection.campaign.code, part.inspection_id]
        )
        return redirect(f"{there}#part-{part.pk}")
    row = inspections_for(request.user, part.inspection.campaign).get(pk=part.inspection_id)
    return shown_page(request, row, Bound(key, form))


# --- findings -----------------------------------------------------------------------------------


@require_POST
@campaign_page("findings.report")
def report(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = _finding(request, campaign, pk)
    part = row.inspected
    require_on(request.user, "findings.report", part.inspection, part.unit_id)
    form = form_of("report", part, request.POST)

    def work(data: dict[str, Any]) -> None:
        finding_actions.report(finding=row, measure=data["text"], by=request.user)

    return _finish(request, part, ("report", row.pk), form, work, noop("已反馈整改情况。"))


@require_POST
@campaign_page(MANAGE)
def follow(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    """Verify, return, follow up by a task, let count, take out."""
    row = _finding(request, campaign, pk)
    part, by = row.inspected, request.user
    require_on(by, MANAGE, part.inspection)
    if event not in FOLLOW:
        raise Http404
    work, said = FOLLOW[event]
    form = form_of(event, part, request.POST)
    return _finish(request, part, (event, row.pk), form, lambda d: work(row, d, by), said)


Follow = Callable[[Finding, dict[str, Any], Any], Any]
FOLLOW: dict[str, tuple[Follow, str]] = {
    "settle": (
        lambda f, d, by: finding_actions.judge(finding=f, settled=True, note=d["text"], by=by),
        noop("整改已销号。"),
    ),
    "send-back": (
        lambda f, d, by: finding_actions.judge(finding=f, settled=False, note=d["text"], by=by),
        noop("已退回整改。"),
    ),
    "task": (
        lambda f, _d, by: finding_actions.make_task(finding=f, by=by),
        noop("已立项并交办，单位的“我的工作”里会有提醒。"),
    ),
    "score": (
        lambda f, d, by: finding_actions.score(finding=f, by=by, **score_item(d["item"])),
        noop("已登记加扣分事项，下次计分起算。"),
    ),
    "remove": (
        lambda f, _d, by: finding_actions.remove_finding(finding=f, by=by),
        noop("已删去。"),
    ),
}
"""What who inspects does with a finding -> the action, and what the page says after it."""


def _finding(request: Request, campaign: Campaign, pk: int) -> Finding:
    row = finding_for(request.user, campaign, pk)
    if row is None:
        raise Http404
    row.inspected = _part(request, campaign, row.inspected_id)
    return row


# --- papers -------------------------------------------------------------------------------------


@campaign_page(MANAGE)
def bulletin(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """督查通报 as .docx."""
    row = get_object_or_404(inspections_for(request.user, campaign), pk=pk)
    require_on(request.user, MANAGE, row)
    content = word_file(papers.bulletin(row), campaign)
    return file_response(content, f"关于{row.title}情况的通报.docx", DOCX)


@campaign_page(SEE)
def paper(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A unit's 督查结论 as .docx, for the unit and those who inspect."""
    part = _part(request, campaign, pk)
    if not part.told or not may_read(request.user, part):
        raise Http404
    content = word_file(papers.conclusion(part), campaign)
    return file_response(content, f"{part.inspection.title}结论（{part.unit}）.docx", DOCX)
