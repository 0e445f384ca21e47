"""The register of bonus, deduction, veto and gate events, and appeals against published marks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require, units_for
from saima_web.scoring import event_preview
from saima_web.scoring import events as writes
from saima_web.scoring.forms import EventForm
from saima_web.scoring.models import Appeal, ScoreEvent, ScoreRun
from saima_web.scoring.queries import latest_published
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import period as period_words


@campaign_page("events.see")
def events(request: Request, campaign: Campaign) -> HttpResponse:
    """The register; registering needs a basis."""
    form = EventForm(request.POST or None, campaign=campaign)
    if request.method == "POST":
        require(request.user, "events.manage", campaign=campaign)
        if form.is_valid():
            writes.record_event(campaign=campaign, by=request.user, **form.cleaned_data)
            messages.success(request, _("已登记。以后的计分会算上；已公布的排名不变。"))
            return redirect("scoring:events", campaign=campaign.code)
    shown = _events_table(campaign).shown(request)
    if shown.wants_export:
        return shown.export()
    rows = shown.table.rows
    context = {
        "shown": shown, "form": form, "campaign": campaign, "tab": "events",
        "may_manage": may(request.user, "events.manage", campaign=campaign),
        "names": _event_names(campaign),
        "bonus": sum(1 for r in rows if r["live"] and r["code"] == "bonus"),
        "deduction": sum(1 for r in rows if r["live"] and r["code"] == "deduction"),
        "vetoes": sum(1 for r in rows if r["live"] and r["code"] in ("veto", "gate")),
    }  # fmt: skip
    return render(request, "scoring/events.html", context)


@campaign_page("events.manage")
@require_POST
def preview_event(request: Request, campaign: Campaign) -> HttpResponse:
    """What the event in the form would do: nothing is saved."""
    form = EventForm(request.POST, campaign=campaign)
    form.is_valid()
    data = [request.POST.get(name, "").strip() for name in ("unit", "name")]
    wrong = [
        f"{form.fields[name].label}：{line}"
        for name in event_preview.NEEDED
        for line in form.errors.get(name, ())
    ]
    found, waiting = None, not all(data)
    if not waiting and not wrong:
        found = event_preview.preview(campaign, form.cleaned_data)
    context = {
        "campaign": campaign, "found": found, "wrong": [] if waiting else wrong,
        "waiting": waiting, "unit": form.cleaned_data.get("unit"),
    }  # fmt: skip
    return render(request, "scoring/_event_effect.html", context)


def _event_names(campaign: Campaign) -> list[dict[str, Any]]:
    """What the rulebook in force gives points for: the names that count."""
    run = latest_published(campaign)
    period = period_in(campaign, run.period) if run else None
    rows = campaign.rulebooks.filter(official=True, state="published").order_by("-version")
    row = rulebook_in_force(campaign, period, now()) if period else rows.first()
    book = parsed(row.text)[0] if row else None
    if book is None:
        return []
    return [
        {"name": e.name, "kind": e.kind, "each": e.each, "clause": e.clause} for e in book.events
    ]


def _events_table(campaign: Campaign) -> Table:
    kinds = dict(ScoreEvent.Kind.choices)
    rows = [
        {
            "kind": str(kinds[e.kind]), "code": e.kind, "unit": str(e.unit), "name": e.name,
            "on": e.on, "count": float(e.count or 1), "points": float(e.points) if e.points else None,
            "basis": e.basis, "expires": e.expires, "note": e.note, "state": _event_state(e),
            "live": _event_state(e) == _("有效"), "pk": e.pk, "withdrawal": e.withdrawal,
            "by": e.recorded_by.name if e.recorded_by else "", "at": e.recorded_at,
        }
        for e in campaign.events.select_related("unit", "recorded_by")
    ]  # fmt: skip
    return Table(
        columns=(
            Column("on", _("日期"), "date"),
            Column("kind", _("类型")),
            Column("unit", _("单位")),
            Column("name", _("事项")),
            Column("count", _("次数"), "number"),
            Column("points", _("分值"), "number", None, _("分")),
            Column("basis", _("依据")),
            Column("expires", _("有效期至"), "date"),
            Column("state", _("状态"), template="scoring/_event_state.html"),
            Column("by", _("登记人")),
        ),
        rows=rows,
        name=_("加扣分事项"),
        search=("unit", "name", "basis"),
        boxes=[
            Box(key, str(title), lambda r, key=key: r["code"] == key)  # type: ignore[misc]
            for key, title in ScoreEvent.Kind.choices
        ],
        empty=_("还没有加分、扣分、一票否决或门槛事项。"),
        begin=_("登记时要写依据；登记后从下一次计分起算。"),
    )


def _event_state(row: ScoreEvent) -> str:
    if row.withdrawn_at is not None:
        return _("已撤销")
    return _("已过期") if row.expires and row.expires < today() else _("有效")


@campaign_page("events.manage")
@require_POST
def withdraw_event(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Take an event back, with a reason."""
    row = get_object_or_404(ScoreEvent, pk=pk, campaign=campaign)
    writes.withdraw_event(event=row, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("已撤销，记录仍在。以后的计分不再算上。"))
    return redirect("scoring:events", campaign=campaign.code)


@campaign_page("appeals.see")
def appeals(request: Request, campaign: Campaign) -> HttpResponse:
    """Appeals: a unit's own, all of them for the office and leaders."""
    units = units_for(request.user, "appeals.see", campaign)
    rows = Appeal.objects.filter(run__campaign=campaign, unit__in=units).select_related(
        "run__campaign", "unit", "indicator", "raised_by", "decided_by", "answered_by_run"
    )
    decides = may(request.user, "appeals.decide", campaign=campaign)
    cards = [_appeal_card(request, a, decides) for a in rows.defer("run__result")]
    context = {
        "cards": cards, "campaign": campaign, "tab": "appeals",
        "open": sum(1 for c in cards if c["row"].state == Appeal.State.RAISED),
    }  # fmt: skip
    return render(request, "scoring/appeals.html", context)


def _appeal_card(request: Request, row: Appeal, decides: bool) -> dict[str, Any]:
    """An appeal with what this user may do about it, and the version that came of it."""
    campaign, waiting = row.run.campaign, row.state == Appeal.State.RAISED
    later = ScoreRun.objects.filter(
        campaign=campaign, period=row.run.period, version__gt=row.run.version
    )
    args = [campaign.code, row.run.period, row.unit.code]
    return {
        "row": row,
        "period": period_words(row.run.period),
        "why": reverse("scoring:why", args=[*args, row.indicator.code])
        if row.indicator
        else reverse("scoring:why-score", args=args),
        "decides": decides and waiting,
        "withdraws": waiting
        and may(request.user, "appeals.raise", campaign=campaign, unit=row.unit),
        "fixed": later.defer("result").first() if row.state == Appeal.State.UPHELD else None,
        "corrects": decides and row.state == Appeal.State.UPHELD,
    }


@campaign_page("appeals.raise")
@require_POST
def appeal(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """Raise an appeal from the explanation of a mark."""
    run = get_object_or_404(campaign.runs, pk=pk)
    code = request.POST.get("indicator", "")
    writes.raise_appeal(
        run=run, unit=get_object_or_404(Unit, code=unit), by=request.user,
        indicator=get_object_or_404(Indicator, code=code) if code else None,
        grounds=request.POST.get("grounds", ""),
    )  # fmt: skip
    messages.success(request, _("申诉已提交，考核办会写明理由答复。"))
    return redirect("scoring:appeals", campaign=campaign.code)


@campaign_page("appeals.see")
@require_POST
def decide(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Decide an appeal with a reason, or take one's own back."""
    scope = units_for(request.user, "appeals.see", campaign)
    row = get_object_or_404(Appeal, pk=pk, run__campaign=campaign, unit__in=scope)
    verdict = request.POST.get("event", "")
    if verdict == "withdraw":
        writes.withdraw_appeal(appeal=row, by=request.user)
        messages.success(request, _("申诉已撤回。"))
    else:
        words = request.POST.get("decision", "")
        uphold = verdict == "uphold"
        writes.decide_appeal(appeal=row, uphold=uphold, decision=words, by=request.user)
        said = _("已采纳。请更正数据后重新计分，公布新版。") if uphold else _("已答复：不予采纳。")
        messages.success(request, said)
    return redirect("scoring:appeals", campaign=campaign.code)
