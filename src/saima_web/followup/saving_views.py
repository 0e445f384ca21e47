"""The pages of saved views: keep the present one, rename, share, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup import saving
from saima_web.followup.task_views import SEE
from saima_web.people.pages import Request
from saima_web.people.permissions import may


@campaign_page(SEE)
def saved_views(request: Request, campaign: Campaign) -> HttpResponse:
    rows = [
        {"row": row, "href": saving.address(row), "handles": saving.handles(request.user, row),
         "mine": row.owner_id == request.user.pk}
        for row in saving.views_for(request.user, campaign)
    ]  # fmt: skip
    shares = may(request.user, saving.SHARE, campaign=campaign)
    context = {"campaign": campaign, "rows": rows, "shares": shares}
    return render(request, "followup/saved_views.html", context)


@require_POST
@campaign_page(SEE)
def save_view(request: Request, campaign: Campaign) -> HttpResponse:
    given = request.POST
    made = saving.save_view(
        campaign=campaign, name=given.get("name", ""), view=given.get("view", ""),
        query=given.get("query", ""), shared=bool(given.get("shared")), by=request.user,
    )  # fmt: skip
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": made.name})
    return redirect(saving.address(made))


@require_POST
@campaign_page(SEE)
def saved_view(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Rename, share, take back or delete one of them."""
    row = get_object_or_404(saving.views_for(request.user, campaign), pk=pk)
    asked = request.POST.get("do", "")
    if asked == "delete":
        saving.delete_view(row=row, by=request.user)
        messages.success(request, _("已删除视图“%(name)s”。") % {"name": row.name})
    elif asked in ("share", "unshare"):
        saving.share_view(row=row, shared=asked == "share", by=request.user)
        messages.success(request, _("已保存。"))
    else:
        saving.rename_view(row=row, name=request.POST.get("name", ""), by=request.user)
        messages.success(request, _("已保存。"))
    return redirect("followup:saved-views", campaign.code)
