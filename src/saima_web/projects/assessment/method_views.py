"""Setting the full marks of the assessment; issuing a quarter and opening what was issued."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused
from saima.rounding import text
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import told
from saima_web.people.pages import Request
from saima_web.projects.assessment import actions
from saima_web.projects.assessment.forms import MethodForm
from saima_web.projects.assessment.methods import (
    KEYS,
    USUAL_VALUES,
    as_method,
    issued_of,
    row_of,
)
from saima_web.projects.assessment.quarters import quarters, usual_quarter
from saima_web.projects.models import AssessmentMethod, IssuedAssessment
from saima_web.projects.views import frame
from saima_web.ui.downloads import as_brought


@campaign_page("projects.manage")
def method(request: Request, campaign: Campaign) -> HttpResponse:
    """The full marks in force, to be changed from a quarter on; all that were set before."""
    usual = usual_quarter(campaign)
    now = row_of(campaign, usual.text)
    open_quarters = [q for q in quarters(campaign) if not issued_of(campaign, q.text)]
    own = {key: text(float(getattr(now, key))) for key in USUAL_VALUES} if now else {}
    form = MethodForm(request.POST or None, quarters=open_quarters, initial=USUAL_VALUES | own)
    if request.method == "POST" and form.is_valid() and _set(campaign, form, request):
        messages.success(request, _("已设置，从选定的季度起按新的满分计算。"))
        return _to_quarter(campaign, form.cleaned_data["quarter"])
    rows = AssessmentMethod.objects.filter(campaign=campaign).select_related("by").order_by("-pk")
    context = {
        **frame(request.user, campaign, "assessment"), "form": form, "quarter": usual.text,
        "method": as_method(now), "own": now, "rows": rows, "open": open_quarters,
    }  # fmt: skip
    return render(request, "projects/assessment_method.html", context)


def _to_quarter(campaign: Campaign, quarter: str) -> HttpResponse:
    return redirect(f"{reverse('projects:assessment', args=[campaign.code])}?quarter={quarter}")


def _set(campaign: Campaign, form: MethodForm, request: Request) -> bool:
    """Write; a refusal stands in the form, and nothing that was typed is lost."""
    data: dict[str, Any] = dict(form.cleaned_data)
    quarter, reason = data.pop("quarter"), data.pop("reason")
    values = {key: data[key] for key in (*KEYS, "yellow", "red")}
    try:
        actions.set_method(
            campaign=campaign, quarter=quarter, values=values, reason=reason, by=request.user
        )
    except Refused as refused:
        form.add_error(None, told(refused.problem))
        return False
    return True


@require_POST
@campaign_page("projects.manage")
def issue(request: Request, campaign: Campaign) -> HttpResponse:
    """Issue a quarter's assessment."""
    asked = request.POST.get("quarter", "")
    period = next((q for q in quarters(campaign) if q.text == asked), None)
    if period is None:
        raise Http404
    made = actions.issue_assessment(campaign=campaign, period=period, by=request.user)
    messages.success(request, _("已印发《%(title)s》。") % {"title": made.file_name[:-5]})
    return _to_quarter(campaign, asked)


@campaign_page("projects.manage")
def issued(_request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A notice as it was issued."""
    return as_brought(get_object_or_404(IssuedAssessment, campaign=campaign, pk=pk))
