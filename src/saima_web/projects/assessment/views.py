"""The quarter's assessment, a unit's numbers down to its projects, and the project bulletin."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from saima.periods import Period
from saima.projects.assessment import MISSING_RULE, PROBLEM_RULE
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import require
from saima_web.projects.assessment import page as pages
from saima_web.projects.assessment.bulletin import bulletin, preview
from saima_web.projects.assessment.methods import issued_of, row_of
from saima_web.projects.assessment.notice import notice
from saima_web.projects.assessment.quarters import (
    Quarter,
    line_of,
    quarter_of,
    quarters,
    usual_quarter,
)
from saima_web.projects.linkage.page import months
from saima_web.projects.money import month_in_question
from saima_web.projects.views import frame
from saima_web.publishing.papers import word_file
from saima_web.ui.downloads import DOCX, file_response


def _shared(campaign: Campaign, quarter: Quarter) -> dict[str, Any]:
    """What the assessment and a unit's part of it both show: the method, and what was issued."""
    text = quarter.period.text
    return {
        "quarter": quarter, "quarters": [q.text for q in quarters(campaign)],
        "method": quarter.method, "own": row_of(campaign, text), "missing": MISSING_RULE,
        "problems": PROBLEM_RULE, "issued": issued_of(campaign, text),
    }  # fmt: skip


def _wanted(request: Request, campaign: Campaign) -> Period:
    """The quarter in the address. Errors: Http404 for one that is not the campaign's."""
    text = request.GET.get("quarter", "")
    if not text:
        return usual_quarter(campaign)
    found = next((q for q in quarters(campaign) if q.text == text), None)
    if found is None:
        raise Http404
    return found


@campaign_page("projects.see")
def assessment(request: Request, campaign: Campaign) -> HttpResponse:
    """Which unit's projects are how good this quarter?"""
    quarter = quarter_of(request.user, campaign, _wanted(request, campaign))
    shown = pages.units_table(campaign, quarter).shown(request)
    if shown.wants_export:
        return shown.export()
    if request.GET.get("export") == "docx":
        return _draft(request, campaign, quarter)
    context = {
        **frame(request.user, campaign, "assessment"), **_shared(campaign, quarter),
        "shown": shown, "clauses": pages.answer(quarter),
    }  # fmt: skip
    return render(request, "projects/assessment.html", context)


def _draft(request: Request, campaign: Campaign, quarter: Quarter) -> HttpResponse:
    """The notice as it would be issued now."""
    require(request.user, "projects.manage", campaign=campaign)
    if not quarter.lines:
        raise Http404
    made = notice(quarter, campaign, 0)
    return file_response(word_file(made, campaign), f"{made.title}.docx", DOCX)


@campaign_page("projects.see")
def assessed(request: Request, campaign: Campaign, unit: str) -> HttpResponse:
    """A unit's numbers, each down to the projects that it counts."""
    row = get_object_or_404(Unit, code=unit)
    quarter = quarter_of(request.user, campaign, _wanted(request, campaign))
    line = line_of(quarter, row)
    if line is None:
        raise Http404
    context = {
        **frame(request.user, campaign, "assessment"), **_shared(campaign, quarter), "line": line,
        "unit": row, "clauses": pages.unit_answer(quarter, line),
        "parts": pages.parts(campaign, line), "carded": pages.carded(campaign, line),
        "score": pages.score_words(line),
    }  # fmt: skip
    return render(request, "projects/assessed.html", context)


@campaign_page("projects.manage")
def bulletin_page(request: Request, campaign: Campaign) -> HttpResponse:
    """The project bulletin of a month, to read and to download."""
    known = months(campaign)
    month = request.GET.get("month", "")
    if month and month not in known:
        raise Http404
    made = bulletin(request.user, campaign, month)
    if made is not None and request.GET.get("export") == "docx":
        return file_response(word_file(made, campaign), f"{made.title}.docx", DOCX)
    if made is None and "export" in request.GET:
        raise Http404
    context = {
        **frame(request.user, campaign, "bulletin"), "made": made, "months": known,
        "month": month or month_in_question(campaign, today()),
        "sections": preview(made) if made else [],
    }  # fmt: skip
    return render(request, "projects/bulletin.html", context)
