"""Problems: the list, one problem with its loop, the weekly slot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_POST

from saima.workflows.problem import OPEN
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.messaging.pictures import Words as Drawn
from saima_web.messaging.pictures import chinese_font, picture
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects.queries import projects_for
from saima_web.supervision import problems as actions
from saima_web.supervision.calendar import next_slot
from saima_web.supervision.forms import ProblemForm
from saima_web.supervision.models import Problem
from saima_web.supervision.problem_page import form_of, page_of, slot_text
from saima_web.supervision.queries import is_late, problems_for, rhythm_of, slot_list
from saima_web.supervision.scope import may_on, own_units, require_on
from saima_web.supervision.shown import problem_row, problems_table
from saima_web.supervision.trying import done
from saima_web.ui.downloads import file_response

SEE = "problems.see"


@campaign_page(SEE)
def problems(request: Request, campaign: Campaign) -> HttpResponse:
    """All problems that a user may see, by where they stand."""
    rows = list(problems_for(request.user, campaign))
    shown = problems_table(rows).shown(request)
    if shown.wants_export:
        return shown.export()
    rhythm = rhythm_of(campaign)
    context = {
        "campaign": campaign, "shown": shown, "total": len(rows),
        "open": sum(1 for r in rows if r.state in OPEN),
        "late": sum(1 for r in rows if is_late(r)),
        "raises": may(request.user, "problems.raise", campaign=campaign),
        "raise_by": (raise_by := next_slot(today(), rhythm.raise_weekday)),
        "met_on": next_slot(raise_by, rhythm.slot_weekday),
    }  # fmt: skip
    return render(request, "supervision/problems.html", context)


@campaign_page("problems.raise")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    units = Unit.objects.filter(pk__in=own_units(request.user, "problems.raise", campaign))
    asked = {key: request.GET.get(key, "")[:120] for key in ("concerns", "unit", "project")}
    form = ProblemForm(
        request.POST or None, campaign=campaign, units=units, initial=asked,
        projects=projects_for(request.user, campaign),
    )  # fmt: skip
    made: list[Problem] = []

    def bring(data: dict[str, Any]) -> None:
        made.append(actions.raise_problem(campaign=campaign, by=request.user, **data))

    if request.method == "POST" and done(form, bring):
        messages.success(request, _("难题已提出，等待分流。"))
        return redirect("supervision:problem", campaign.code, made[0].pk)
    context = {
        "campaign": campaign, "form": form,
        "raise_by": next_slot(today(), rhythm_of(campaign).raise_weekday),
    }  # fmt: skip
    return render(request, "supervision/problem_form.html", context)


@campaign_page(SEE)
def problem(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    return render(
        request, "supervision/problem.html", page_of(request.user, _row(request, campaign, pk))
    )


def _row(request: Request, campaign: Campaign, pk: int) -> Problem:
    return get_object_or_404(problems_for(request.user, campaign), pk=pk)


# --- steps --------------------------------------------------------------------------------------

Work = Callable[[Problem, dict[str, Any], Any], Any]


def sorting(event: str) -> Work:
    return lambda row, data, by: actions.sort(problem=row, event=event, by=by, **data)


HANDLE: dict[str, tuple[Work, str]] = {
    "to-team": (sorting("to_team"), noop("已交专班协调。")),
    "to-meeting": (sorting("to_meeting"), noop("已列入会商清单。")),
    "to-leaders": (sorting("to_leaders"), noop("已上报领导决策。")),
    "decide": (lambda p, d, by: actions.decide(problem=p, by=by, **d), noop("已议定。")),
    "postpone": (lambda p, d, by: actions.postpone(problem=p, by=by, **d), noop("已改期。")),
    "return": (
        lambda p, d, by: actions.return_(problem=p, reason=d["text"], by=by),
        noop("已退回办理。"),
    ),
    "close": (lambda p, d, by: actions.close(problem=p, note=d["text"], by=by), noop("已销号。")),
    "reopen": (
        lambda p, d, by: actions.reopen(problem=p, reason=d["text"], by=by),
        noop("已重新办理。"),
    ),
    "decline": (
        lambda p, d, by: actions.decline(problem=p, reason=d["text"], by=by),
        noop("已告知单位不予受理。"),
    ),
}
"""What the office or a lead office does -> the action, and what the page says after it."""

OWN: dict[str, tuple[Work, str]] = {
    "withdraw": (
        lambda p, d, by: actions.withdraw(problem=p, note=d["text"], by=by),
        noop("已撤回。"),
    ),
    "return": HANDLE["return"],
}
"""What the unit does that raised it."""


@require_POST
@campaign_page("problems.sort")
def handle(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    row = _row(request, campaign, pk)
    require_on(request.user, "problems.sort", row)
    return _stepped(request, row, event, HANDLE)


@require_POST
@campaign_page("problems.rule")
def rule(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A leader decides what went up."""
    return _stepped(request, _row(request, campaign, pk), "decide", HANDLE)


@require_POST
@campaign_page("problems.raise")
def own(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    row = _row(request, campaign, pk)
    require_on(request.user, "problems.raise", row, row.unit_id)
    return _stepped(request, row, event, OWN)


@require_POST
@campaign_page("problems.report")
def report(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = _row(request, campaign, pk)
    require_on(request.user, "problems.report", row, row.responsible_unit_id)
    return _stepped(request, row, "report", REPORT)


REPORT: dict[str, tuple[Work, str]] = {
    "report": (
        lambda p, d, by: actions.report(problem=p, result=d["text"], by=by),
        noop("已反馈办理情况，等待销号。"),
    )
}


def _stepped(
    request: Request, row: Problem, event: str, steps: dict[str, tuple[Work, str]]
) -> HttpResponse:
    if event not in steps:
        raise Http404
    work, said = steps[event]
    form: django_forms.BaseForm = form_of(event, row, request.POST)
    if done(form, lambda data: work(row, data, request.user)):
        messages.success(request, _(said))
        return redirect("supervision:problem", row.campaign.code, row.pk)
    row = problems_for(request.user, row.campaign).get(pk=row.pk)
    return render(request, "supervision/problem.html", page_of(request.user, row, (event, form)))


# --- the weekly slot ----------------------------------------------------------------------------


@campaign_page(SEE)
def slot(request: Request, campaign: Campaign) -> HttpResponse:
    """What is met on a day: sorted by who decides, with a text and a picture to copy."""
    on = _slot_day(request, campaign)
    found = slot_list(request.user, campaign, on)
    rows = [
        problem_row(r) | {"row": r, "again": r.slot_on is not None and r.slot_on < on}
        for r in found
    ]
    context = {
        "campaign": campaign, "on": on, "rows": rows,
        "groups": [
            {"title": title, "rows": [r for r in rows if r["level_code"] == level]}
            for level, title in (("meeting", _("会商议定")), ("leaders", _("请领导决策")))
        ],
        "copied": slot_text(on, found), "draws": chinese_font() is not None,
        "earlier": on - timedelta(days=7), "later": on + timedelta(days=7),
        "sorts": any(may_on(request.user, "problems.sort", r, ()) for r in found),
    }  # fmt: skip
    return render(request, "supervision/slot.html", context)


def _slot_day(request: Request, campaign: Campaign) -> date:
    """The day in the address, else the next slot."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    return asked or next_slot(today(), rhythm_of(campaign).slot_weekday)


@campaign_page(SEE)
def slot_picture(request: Request, campaign: Campaign) -> HttpResponse:
    """The slot's list as a long picture."""
    on = _slot_day(request, campaign)
    title, *lines = slot_text(on, slot_list(request.user, campaign, on)).splitlines()
    drawn = picture(Drawn(title, tuple(lines), campaign.name, campaign.organisation))
    if drawn is None:
        messages.error(request, _("这台服务器没有中文字体，画不了长图；请复制文字。"))
        return redirect("supervision:slot", campaign.code)
    return file_response(drawn, f"{title}.png", "image/png")
