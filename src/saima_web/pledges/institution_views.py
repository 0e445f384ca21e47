"""Institution documents: all their articles, one document, one article with its proof."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.pledges import institution_actions as actions
from saima_web.pledges import queries, tables
from saima_web.pledges.forms import DocumentForm
from saima_web.pledges.models import InstitutionDocument, InstitutionMeasure
from saima_web.pledges.told import told
from saima_web.ui.downloads import as_brought


@campaign_page("pledges.see")
def institutions(request: Request, campaign: Campaign) -> HttpResponse:
    """All articles of all documents: which are in place."""
    shown = tables.articles_table(campaign, request.user).shown(request)
    if shown.wants_export:
        return shown.export()
    rows = shown.table.rows
    context = {
        "campaign": campaign, "shown": shown, "tab": "institutions",
        "accepted": sum(1 for r in rows if r["code"] == "accepted"),
        "waiting": sum(1 for r in rows if r["code"] == "reported"),
        "may_enter": may(request.user, "pledges.review", campaign=campaign),
    }  # fmt: skip
    return render(request, "pledges/institutions.html", context)


@campaign_page("pledges.review")
def new(request: Request, campaign: Campaign) -> HttpResponse:
    """Enter a document with its articles."""
    form = DocumentForm(request.POST or None, request.FILES or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        made = actions.enter_document(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("文件已登记，各条已分给责任单位。"))
        return redirect("pledges:institution", campaign.code, made.pk)
    context = {"campaign": campaign, "form": form, "tab": "institutions"}
    return render(request, "pledges/institution_edit.html", context)


@campaign_page("pledges.see")
def institution(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One document with the articles that concern whoever looks."""
    row = get_object_or_404(InstitutionDocument, pk=pk, campaign=campaign)
    shown = tables.articles_table(campaign, request.user, row.pk).shown(request)
    if shown.wants_export:
        return shown.export()
    rows = shown.table.rows
    context = {
        "campaign": campaign, "row": row, "shown": shown, "tab": "institutions",
        "accepted": sum(1 for r in rows if r["code"] == "accepted"),
    }  # fmt: skip
    return render(request, "pledges/institution.html", context)


@campaign_page("pledges.see")
def article(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One article: what was done, what the office found."""
    row = _article(request, campaign, pk)
    states = InstitutionMeasure.State
    context = {
        "campaign": campaign, "row": row, "tab": "institutions",
        "writes": row.state != states.ACCEPTED
        and may(request.user, "pledges.write", campaign=campaign, unit=row.unit),
        "reviews": row.state == states.REPORTED
        and may(request.user, "pledges.review", campaign=campaign),
        "log": [
            e for e in told(f"institution/{campaign.code}/{row.document_id}")
            if e.data.get("article") == row.order
        ],
    }  # fmt: skip
    return render(request, "pledges/article.html", context)


def _article(request: Request, campaign: Campaign, pk: int) -> InstitutionMeasure:
    return get_object_or_404(queries.articles_for(request.user, campaign), pk=pk)


@require_POST
@campaign_page("pledges.write")
def report(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The unit says what was done."""
    row, post = _article(request, campaign, pk), request.POST
    actions.report_article(
        measure=row, evidence=post.get("evidence", ""), file=request.FILES.get("file"),
        by=request.user,
    )  # fmt: skip
    messages.success(request, _("落实情况已报，等考核办核查。"))
    return redirect("pledges:article", campaign.code, pk)


@require_POST
@campaign_page("pledges.review")
def check(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The office finds it in place or not."""
    row, post = _article(request, campaign, pk), request.POST
    sound = post.get("event") == "accept"
    finding = post.get("finding", "")
    actions.check_article(measure=row, sound=sound, finding=finding, by=request.user)
    messages.success(request, _("核查意见已记录。"))
    return redirect("pledges:article", campaign.code, pk)


@campaign_page("pledges.see")
def file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:  # noqa: ARG001
    """A document as it was issued."""
    return as_brought(get_object_or_404(InstitutionDocument, pk=pk, campaign=campaign))


@campaign_page("pledges.see")
def proof(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What a unit brought to prove an article."""
    return as_brought(_article(request, campaign, pk))
