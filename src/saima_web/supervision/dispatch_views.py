"""Dispatch meetings: the list, one meeting with agenda and minutes; the campaign's rhythm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from saima_web.supervision import dispatch as meetings
from saima_web.supervision.forms import MeetingForm, MinuteForm, RhythmForm, Words
from saima_web.supervision.models import AgendaLine, Meeting, Minute
from saima_web.supervision.queries import agenda_for, meetings_for, minutes_for, rhythm_of
from saima_web.supervision.scope import has_reach
from saima_web.supervision.shown import meeting_word, meetings_table
from saima_web.supervision.trying import done
from saima_web.ui.downloads import DOCX, file_response

SEE, MANAGE = "dispatch.see", "dispatch.manage"


@campaign_page(SEE)
def dispatch(request: Request, campaign: Campaign) -> HttpResponse:
    """Meetings, the next one first."""
    rows = list(meetings_for(request.user, campaign))
    shown = meetings_table(campaign, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    planned = [r for r in rows if r.state == "planned" and r.on >= today()]
    context = {
        "campaign": campaign, "shown": shown,
        "next": min(planned, key=lambda r: r.on) if planned else None,
        "manages": may(request.user, MANAGE, campaign=campaign),
    }  # fmt: skip
    return render(request, "supervision/dispatch.html", context)


@campaign_page(MANAGE)
def new(request: Request, campaign: Campaign) -> HttpResponse:
    rhythm = rhythm_of(campaign)
    start = {"on": meetings.next_day(rhythm, today()) or today()}
    form = MeetingForm(request.POST or None, initial=start)
    made: list[Meeting] = []

    def plan(data: dict[str, Any]) -> None:
        made.append(meetings.plan_meeting(campaign=campaign, by=request.user, **data))

    if request.method == "POST" and done(form, plan):
        meetings.draw_agenda(meeting=made[0], by=request.user)
        messages.success(request, _("已安排会议，议程按现在落后的事项生成。"))
        return redirect("supervision:meeting", campaign.code, made[0].pk)
    context = {"campaign": campaign, "form": form, "rhythm": rhythm}
    return render(request, "supervision/meeting_form.html", context)


@campaign_page(SEE)
def meeting(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(meetings_for(request.user, campaign), pk=pk)
    return render(request, "supervision/meeting.html", page_of(request, row))


def page_of(
    request: Request, row: Meeting, bound: tuple[str, django_forms.BaseForm] | None = None
) -> dict[str, Any]:
    """Everything that the page of a meeting shows."""
    agenda = agenda_for(request.user, row)
    groups = [
        {"title": str(label), "rows": [x for x in agenda if x.kind == kind]}
        for kind, label in AgendaLine.Kind.choices
    ]
    manages = may(request.user, MANAGE, campaign=row.campaign)
    forms: dict[str, django_forms.BaseForm] = {
        "hold": MinuteForm(campaign=row.campaign, auto_id="hold-%s"),
        "drop": Words(label=_("取消原因"), auto_id="drop-%s"),
    }
    if bound is not None:
        forms[bound[0]] = bound[1]
    return {
        "row": row, "campaign": row.campaign, "name": meeting_word(row), "agenda": agenda,
        "groups": [g for g in groups if g["rows"]], "minutes": minutes_for(request.user, row),
        "manages": manages, "forms": forms, "bound": bound[0] if bound else "",
        "whole": has_reach(request.user, SEE, row.campaign, "all", "owned"),
    }  # fmt: skip


Work = Callable[[Meeting, dict[str, Any], Any], Any]
STEPS: dict[str, tuple[Work, str]] = {
    "agenda": (lambda m, _d, by: meetings.draw_agenda(meeting=m, by=by), noop("议程已重新生成。")),
    "hold": (
        lambda m, d, by: meetings.hold(meeting=m, lines=[meetings.Line(**d)], by=by),
        noop("已记下。"),
    ),
    "issue": (
        lambda m, _d, by: meetings.issue(meeting=m, by=by),
        noop("纪要已印发，有责任单位和时限的已立项并交办。"),
    ),
    "drop": (
        lambda m, d, by: meetings.drop(meeting=m, reason=d["text"], by=by),
        noop("会议已取消。"),
    ),
}
"""What the office does with a meeting -> the action, and what the page says after it."""


@require_POST
@campaign_page(MANAGE)
def conduct(request: Request, campaign: Campaign, pk: int, event: str) -> HttpResponse:
    row = get_object_or_404(campaign.dispatches, pk=pk)
    if event not in STEPS:
        raise Http404
    work, said = STEPS[event]
    form = _form(event, row, request.POST)
    if done(form, lambda data: work(row, data, request.user)):
        messages.success(request, _(said))
        return redirect("supervision:meeting", campaign.code, row.pk)
    if event in ("agenda", "issue"):
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect("supervision:meeting", campaign.code, row.pk)
    row.refresh_from_db()
    return render(request, "supervision/meeting.html", page_of(request, row, (event, form)))


def _form(event: str, row: Meeting, data: Any) -> Any:
    if event == "hold":
        return MinuteForm(data, campaign=row.campaign, auto_id="hold-%s")
    if event == "drop":
        return Words(data, label=_("取消原因"), auto_id="drop-%s")
    return django_forms.Form({})


@require_POST
@campaign_page(MANAGE)
def remove_line(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(Minute, pk=pk, meeting__campaign=campaign)
    meetings.remove_line(minute=row, by=request.user)
    messages.success(request, _("已删去。"))
    return redirect("supervision:meeting", campaign.code, row.meeting_id)


@campaign_page(SEE)
def paper(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The minutes as .docx, for those who see the whole meeting."""
    row = get_object_or_404(meetings_for(request.user, campaign), pk=pk)
    whole = has_reach(request.user, SEE, campaign, "all", "owned")
    if not whole or not row.minutes.exists():
        raise Http404
    return file_response(
        word_file(papers.minutes(row), campaign), f"{meetings.name_of(row)}纪要.docx", DOCX
    )


@campaign_page(MANAGE)
def rhythm(request: Request, campaign: Campaign) -> HttpResponse:
    """When problems are met, when dispatch meetings are held, how long a unit has to answer."""
    form = RhythmForm(request.POST or None, instance=rhythm_of(campaign))

    def save(data: dict[str, Any]) -> None:
        actions.save_rhythm(campaign=campaign, by=request.user, values=data)

    if request.method == "POST" and done(form, save):
        messages.success(request, _("已保存。"))
        return redirect("supervision:dispatch", campaign.code)
    return render(request, "supervision/rhythm.html", {"campaign": campaign, "form": form})
