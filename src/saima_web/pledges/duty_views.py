"""Duty in windows of heightened duty: who has arranged it, and a unit's own roster."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.campaigns.pages import campaign_page
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.pledges import duty_actions as actions
from saima_web.pledges import queries
from saima_web.pledges.forms import DutyForm
from saima_web.ui.tables import Box, Column, Table


@campaign_page("pledges.see")
def windows(request: Request, campaign: Campaign) -> HttpResponse:
    """Every window, unit by unit: arranged for and confirmed, or not."""
    shown = _table(request, campaign).shown(request)
    if shown.wants_export:
        return shown.export()
    rows, day = shown.table.rows, today()
    found = queries.windows_of(campaign)
    context = {
        "campaign": campaign, "shown": shown, "tab": "duty", "windows": found,
        "open": sum(1 for r in rows if not r["confirmed"] and not r["over"]),
        "next": next((w for w in found if (w.until or w.on) >= day), None),
        "past": [w for w in found if (w.until or w.on) < day and w.duty_lines.exists()]
        if may(request.user, "pledges.review", campaign=campaign) else [],
        "may_set": may(request.user, "campaign.manage", campaign=campaign),
    }  # fmt: skip
    return render(request, "pledges/duty.html", context)


def _table(request: Request, campaign: Campaign) -> Table:
    units = queries.duty_units(request.user, campaign)
    rows = [_line(w, u) for w in queries.windows_of(campaign) for u in units]
    return Table(
        (
            Column("window", _("值守时段")),
            Column("on", _("起"), "date"),
            Column("until", _("止"), "date"),
            Column("unit", _("单位"), link="href"),
            Column("filled", _("已排"), "number", 0, measure=_("天")),
            Column("days", _("应排"), "number", 0, measure=_("天")),
            Column("state", _("状态")),
            Column("at", _("确认时间"), "moment"),
        ),
        rows,
        name=_("值守安排"),
        search=("window", "unit"),
        boxes=(
            Box("open", _("未确认"), lambda r: not r["confirmed"]),
            Box("confirmed", _("已确认"), lambda r: bool(r["confirmed"])),
        ),
        css="s-rows",
        stacks=True,
        heads="unit",
        empty=_("还没有值守时段。"),
        begin=_("考核办在“设置—重要时间”里勾选值守时段，各单位在这里排班、确认。"),
    )


def _line(window: KeyDate, unit: Unit) -> dict[str, Any]:
    receipt = window.duty_receipts.filter(unit=unit).first()
    filled, days = window.duty_lines.filter(unit=unit).count(), len(actions.days_of(window))
    state = _("已确认") if receipt else _("排班中") if filled else _("未排班")
    return {
        "window": window.name, "on": window.on, "until": window.until or window.on,
        "unit": str(unit), "filled": filled, "days": days, "confirmed": receipt is not None,
        "state": state, "at": receipt.at if receipt else None,
        "over": (window.until or window.on) < today(),
        "href": reverse("pledges:duty-unit", args=[window.campaign.code, window.pk, unit.code]),
    }  # fmt: skip


def _found(request: Request, campaign: Campaign, pk: int, unit: str) -> tuple[KeyDate, Unit]:
    window = get_object_or_404(KeyDate, pk=pk, campaign=campaign, heightened=True)
    row = next((u for u in queries.duty_units(request.user, campaign) if u.code == unit), None)
    if row is None:
        raise Http404
    return window, row


@campaign_page("pledges.see")
def duty(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """One unit's roster in a window."""
    window, row = _found(request, campaign, pk, unit)
    own = {"campaign": campaign, "unit": row}
    lines = {x.on: x for x in window.duty_lines.filter(unit=row)}
    days = actions.days_of(window)
    writes = may(request.user, "pledges.write", **own)
    context = {
        "campaign": campaign, "window": window, "unit": row, "tab": "duty", "days": len(days),
        "missing": len(days) - len(lines), "lines": [(d, lines.get(d)) for d in days],
        "form": DutyForm(days=days, known=lines) if writes else None,
        "receipt": window.duty_receipts.filter(unit=row).select_related("by").first(),
        "vows": may(request.user, "pledges.vow", **own),
    }  # fmt: skip
    return render(request, "pledges/duty_unit.html", context)


@require_POST
@campaign_page("pledges.write")
def fill(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """Keep a unit's roster."""
    window, row = _found(request, campaign, pk, unit)
    form = DutyForm(request.POST, days=actions.days_of(window), known={})
    if form.is_valid():
        actions.set_roster(key_date=window, unit=row, rows=form.filled(), by=request.user)
        messages.success(request, _("值班表已保存。"))
    else:
        messages.error(request, _("没有保存：姓名不超过60字，电话不超过40字。"))
    return redirect("pledges:duty-unit", campaign.code, pk, unit)


@require_POST
@campaign_page("pledges.vow")
def confirm(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """The head confirms that every day is arranged for."""
    window, row = _found(request, campaign, pk, unit)
    actions.confirm_duty(key_date=window, unit=row, by=request.user)
    messages.success(request, _("已确认：已知悉，值守已落实。"))
    return redirect("pledges:duty-unit", campaign.code, pk, unit)


@require_POST
@campaign_page("pledges.review")
def clear(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Forget names and telephones of a window that is over."""
    window = get_object_or_404(KeyDate, pk=pk, campaign=campaign)
    count = actions.clear_duty(key_date=window, by=request.user)
    messages.success(request, _("已清除%(n)s天的姓名和电话。") % {"n": count})
    return redirect("pledges:duty", campaign.code)
