"""The administrator's pages: ways out of the platform, and what became of what they carried."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.messaging import actions
from saima_web.messaging.forms import ChannelForm, HouseForm
from saima_web.messaging.models import Delivery
from saima_web.messaging.parcels import FIELDS
from saima_web.messaging.queries import channels as all_channels
from saima_web.messaging.queries import house, outbox_rows
from saima_web.messaging.shown import channels_table, outbox_table
from saima_web.people.pages import Request, site_page

MANAGE = "messages.manage"


@site_page(MANAGE)
def channels(request: Request) -> HttpResponse:
    shown = channels_table().shown(request)
    if shown.wants_export:
        return shown.export()
    form = HouseForm(request.POST or None, instance=house())
    if request.method == "POST" and form.is_valid():
        actions.save_house(by=request.user, **form.cleaned_data)
        messages.success(request, _("设置已保存。"))
        return redirect("messaging:channels")
    failed = outbox_rows().filter(state=Delivery.State.FAILED).count()
    on = sum(1 for r in shown.table.rows if r["on"])
    context = {"shown": shown, "form": form, "failed": failed, "on": on}
    return render(request, "messaging/channels.html", context)


@site_page(MANAGE)
def channel(request: Request, pk: int = 0) -> HttpResponse:
    """A channel's settings; without number a new one."""
    row = get_object_or_404(all_channels(), pk=pk) if pk else None
    form = ChannelForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        made = actions.save_channel(by=request.user, channel=row, **form.cleaned_data)
        messages.success(request, _("通道已保存。可以试发一条看看。"))
        return redirect("messaging:channel", made.pk)
    tried = outbox_rows().filter(channel=row).first() if row else None
    context = {"form": form, "row": row, "fields": FIELDS, "tried": tried}
    return render(request, "messaging/channel.html", context)


@site_page(MANAGE)
def channel_new(request: Request) -> HttpResponse:
    return channel(request)


@site_page(MANAGE)
@require_POST
def channel_try(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(all_channels(), pk=pk)
    actions.try_channel(channel=row, by=request.user)
    messages.success(request, _("已放进发件箱，一分钟左右发出；刷新本页看结果。"))
    return redirect("messaging:channel", row.pk)


@site_page(MANAGE)
def outbox(request: Request) -> HttpResponse:
    shown = outbox_table(request.GET.get("channel", "")).shown(request)
    if shown.wants_export:
        return shown.export()
    states = [r["state"] for r in shown.table.rows]
    context = {
        "shown": shown, "failed": states.count("failed"), "waiting": states.count("waiting"),
        "total": len(states),
    }  # fmt: skip
    return render(request, "messaging/outbox.html", context)


@site_page(MANAGE)
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    actions.retry(deliveries=[get_object_or_404(outbox_rows(), pk=pk)], by=request.user)
    messages.success(request, _("已放回发件箱，一分钟左右重发。"))
    return redirect("messaging:outbox")


@site_page(MANAGE)
@require_POST
def retry_all(request: Request) -> HttpResponse:
    failed = outbox_rows().filter(state=Delivery.State.FAILED)
    n = actions.retry(deliveries=failed, by=request.user)
    messages.success(request, _("%(n)s条已放回发件箱。") % {"n": n})
    return redirect("messaging:outbox")


@site_page(MANAGE)
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    actions.drop(delivery=get_object_or_404(outbox_rows(), pk=pk), by=request.user)
    messages.success(request, _("不再发送。"))
    return redirect("messaging:outbox")
