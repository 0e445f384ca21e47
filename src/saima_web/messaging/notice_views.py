"""The office tells everybody: in the platform, by the group robots, by text and picture to copy."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.messaging import actions
from saima_web.messaging.forms import NoticeForm
from saima_web.messaging.models import Notice
from saima_web.messaging.pictures import Words, chinese_font, picture
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.ui.downloads import file_response


@campaign_page("notices.see")
def notices(request: Request, campaign: Campaign) -> HttpResponse:
    """The notices so far; the office writes the next here."""
    writes = may(request.user, "notices.write", campaign=campaign)
    context = {
        "rows": campaign.notices.select_related("by"), "campaign": campaign,
        "form": NoticeForm() if writes else None,
    }  # fmt: skip
    return render(request, "messaging/notices.html", context)


@campaign_page("notices.write")
def write(request: Request, campaign: Campaign) -> HttpResponse:
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.announce(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已告诉%(n)s人。") % {"n": made.reached})
        return redirect("messaging:notice", campaign.code, made.pk)
    rows = campaign.notices.select_related("by")
    return render(
        request, "messaging/notices.html", {"form": form, "rows": rows, "campaign": campaign}
    )


@campaign_page("notices.see")
def notice(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(campaign.notices.select_related("by"), pk=pk)
    context = {
        "row": row, "campaign": campaign, "copied": text_of(row), "draws": chinese_font() is not None,
    }  # fmt: skip
    return render(request, "messaging/notice.html", context)


@campaign_page("notices.see")
def notice_picture(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The notice as a long picture."""
    row = get_object_or_404(campaign.notices, pk=pk)
    drawn = picture(
        Words(
            row.subject, tuple(row.text.splitlines()), above=campaign.name,
            below=f"{campaign.organisation}　{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
        )
    )  # fmt: skip
    if drawn is None:
        messages.error(request, _("这台服务器没有中文字体，画不了长图；请复制文字。"))
        return redirect("messaging:notice", campaign.code, row.pk)
    return file_response(drawn, f"{row.subject}.png", "image/png")


def text_of(row: Notice) -> str:
    """The notice as a text for a chat group."""
    return f"【{row.subject}】\n{row.text}\n——{row.campaign.organisation}"
