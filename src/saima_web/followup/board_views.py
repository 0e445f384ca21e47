"""Tasks in pictures: the board by state, the calendar of deadlines, the timeline by month."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from saima.periods import add_months
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup import listing, picturing, saving
from saima_web.followup.task_views import FILTERS, SEE, choices_shown
from saima_web.followup.words import WEEKDAYS
from saima_web.people.pages import Request

OFF = ("archived", "stopped")


@campaign_page(SEE)
def board(request: Request, campaign: Campaign) -> HttpResponse:
    rows, context = _rows(request, campaign, "board")
    allowed = picturing.allowed_on(request.user, campaign, rows)
    context["lanes"] = picturing.lanes(rows, allowed)
    off = sum(1 for row in rows if row["state"] in OFF)
    context["clauses"] = _board_answer(context["lanes"], len(rows) - off)
    context["off"] = off
    return render(request, "followup/board.html", context)


def _board_answer(lanes: list[dict[str, Any]], count: int) -> list[str]:
    if not count:
        return [_("看板上没有任务。")]
    said = [
        _("%(title)s%(n)s项") % {"title": lane["title"], "n": lane["count"]}
        for lane in lanes[:4]
        if lane["count"]
    ]
    late = sum(lane["late"] for lane in lanes)
    said.append(_("逾期%(n)s项") % {"n": late} if late else _("没有逾期"))
    return [*(words + "，" for words in said[:-1]), said[-1] + "。"]


@campaign_page(SEE)
def calendar(request: Request, campaign: Campaign) -> HttpResponse:
    rows, context = _rows(request, campaign, "calendar")
    first = picturing.month_asked(request.GET.get("month"))
    weeks = picturing.weeks(rows, campaign, first)
    due = [row for week in weeks for day in week if day.inside for row in day.rows]
    context |= {
        "weeks": weeks, "weekdays": WEEKDAYS, "first": first, "before": add_months(first, -1),
        "after": add_months(first, 1), "clauses": _month_answer(due, first),
    }  # fmt: skip
    return render(request, "followup/calendar.html", context)


def _month_answer(due: list[dict[str, Any]], first: Any) -> list[str]:
    month = {"y": first.year, "m": first.month, "n": len(due)}
    if not due:
        return [_("%(y)s年%(m)s月没有到期的任务。") % month]
    still = sum(1 for row in due if row["standing"].open)
    return [
        _("%(y)s年%(m)s月%(n)s项任务到期，") % month,
        _("%(n)s项还没有办结。") % {"n": still} if still else _("都已办结。"),
    ]


@campaign_page(SEE)
def timeline(request: Request, campaign: Campaign) -> HttpResponse:
    rows, context = _rows(request, campaign, "timeline")
    if not request.GET.get("all"):
        rows = [row for row in rows if row["standing"].open]
    span = picturing.span_of(rows, campaign)
    context |= {
        "groups": picturing.bars(rows, span), "months": span.months(), "now": span.at(today()),
        "clauses": _timeline_answer(rows), "all": request.GET.get("all", ""), "count": len(rows),
    }  # fmt: skip
    return render(request, "followup/timeline.html", context)


def _timeline_answer(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return [_("没有在办的任务。")]
    months: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (row["deadline"].year, row["deadline"].month)
        months[key] = months.get(key, 0) + 1
    (year, month), most = max(months.items(), key=lambda item: (item[1], item[0]))
    return [
        _("%(n)s项任务，") % {"n": len(rows)},
        _("到期最多的是%(y)s年%(m)s月，%(n)s项。") % {"y": year, "m": month, "n": most},
    ]


def _rows(
    request: Request, campaign: Campaign, view: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows that the address asks for, and what every picture's page shows above them."""
    chosen = {key: request.GET.get(key, "") for key in FILTERS}
    rows = listing.rows_of(request.user, campaign, request.GET)
    return rows, {
        "campaign": campaign, "view": view,
        "choices": choices_shown(listing.choices(request.user, campaign), chosen),
        **saving.shown(request.user, campaign, view, request.GET),
    }  # fmt: skip
