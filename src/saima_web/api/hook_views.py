"""The administrator's pages of addresses that are told of events, and the log of what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.api import hooks as actions
from saima_web.api.forms import HookForm
from saima_web.api.models import Hook, HookDelivery
from saima_web.messaging.actions import server_name
from saima_web.people.pages import Request, site_page
from saima_web.ui.tables import Box, Column, Table

MANAGE = "messages.manage"
State = HookDelivery.State


@site_page(MANAGE)
def hooks(request: Request) -> HttpResponse:
    shown = _addresses().shown(request)
    if shown.wants_export:
        return shown.export()
    failed = HookDelivery.objects.filter(state=State.FAILED).count()
    return render(request, "api/hooks.html", {"shown": shown, "failed": failed})


def _addresses() -> Table:
    rows = [
        {
            "name": h.name, "campaign": h.campaign.name, "server": server_name(h.address),
            "events": "、".join(str(Hook.Event(e).label) for e in h.events),
            "on": _("启用") if h.on else _("停用"), "href": reverse("api:hook", args=[h.pk]),
        }
        for h in Hook.objects.select_related("campaign")
    ]  # fmt: skip
    return Table(
        (
            Column("name", _("名称"), link="href"), Column("campaign", _("行动")),
            Column("server", _("主机")), Column("events", _("通知哪些事")), Column("on", _("状态")),
        ),
        rows, name=_("事件推送"), search=("name", "campaign", "server"),
        empty=_("还没有推送地址。"),
        begin=_("点“新增地址”，填报轮次开启、排名公布、黄红牌发出时就通知其他系统。"),
    )  # fmt: skip


@site_page(MANAGE)
def hook(request: Request, pk: int = 0) -> HttpResponse:
    """An address with its log; without number a new one, whose secret shows this one time."""
    row = get_object_or_404(Hook.objects.select_related("campaign"), pk=pk) if pk else None
    form = HookForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_hook(by=request.user, hook=row, **form.cleaned_data)
        if row is None:
            return _with_secret(request, saved, saved.secret)
        messages.success(request, _("已保存。"))
        return redirect("api:hook", saved.pk)
    shown = _log(row).shown(request) if row else None
    if shown is not None and shown.wants_export:
        return shown.export()
    return render(request, "api/hook.html", {"row": row, "form": form, "shown": shown})


@site_page(MANAGE)
def hook_new(request: Request) -> HttpResponse:
    return hook(request)


@site_page(MANAGE)
@require_POST
def new_secret(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Hook, pk=pk)
    return _with_secret(request, row, actions.new_secret(hook=row, by=request.user))


def _with_secret(request: Request, row: Hook, secret: str) -> HttpResponse:
    response = render(request, "api/hook_secret.html", {"row": row, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@site_page(MANAGE)
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(HookDelivery, pk=pk)
    actions.retry(delivery=row, by=request.user)
    messages.success(request, _("一分钟左右重发。"))
    return redirect("api:hook", row.hook_id)


def _log(hook: Hook) -> Table:
    rows = [
        {
            "at": d.made_at, "event": str(d.get_event_display()), "subject": d.body["subject"],
            "state": str(d.get_state_display()), "code": d.state, "attempts": d.attempts,
            "error": d.error,
            "retry": reverse("api:hook-retry", args=[d.pk]) if d.state == State.FAILED else "",
        }
        for d in hook.deliveries.all()[:1000]
    ]  # fmt: skip
    return Table(
        (
            Column("at", _("时间"), "moment"), Column("event", _("事件")), Column("subject", _("对象")),
            Column("state", _("状态")), Column("attempts", _("尝试"), "number", 0, _("次")),
            Column("error", _("原因")),
            Column("retry", "", template="api/_retry.html", sort="", export=False),
        ),
        rows, name=_("推送记录"), search=("subject", "error"),
        boxes=[Box("failed", _("发送失败"), lambda r: r["code"] == State.FAILED)],
        empty=_("还没有推送过。"), begin=_("有所选的事发生后，一分钟左右会在这里出现。"),
    )  # fmt: skip
