"""One write: what becomes of a paper that runs out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.projects.models import ProjectPaper
from saima_web.projects.papers import actions
from saima_web.projects.papers.queries import address_of
from saima_web.projects.queries import projects_for


class FollowForm(forms.Form):
    """The paper that follows, or why none does."""

    expires = forms.DateField(required=False)
    on = forms.DateField(required=False)
    number = forms.CharField(required=False, max_length=60)
    reason = forms.CharField(required=False, max_length=200)


@require_POST
@campaign_page("projects.report")
def follow(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """A new last day makes the paper that follows; a reason alone lets it go."""
    seen = projects_for(request.user, campaign)
    row = get_object_or_404(
        ProjectPaper.objects.select_related("project__unit", "project__campaign"),
        project__in=seen, pk=pk,
    )  # fmt: skip
    form = FollowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日期没有填对，或字数太多，没有登记。"))
    elif (given := form.cleaned_data)["expires"]:
        actions.renew_paper(
            paper=row, by=request.user, expires=given["expires"], number=given["number"],
            on=given["on"] or today(),
        )  # fmt: skip
        messages.success(request, _("已登记新的有效期。"))
    else:
        actions.let_go(paper=row, reason=given["reason"], by=request.user)
        messages.success(request, _("已登记不用续办。"))
    return redirect(address_of(row))
