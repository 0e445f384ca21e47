"""A campaign's settings: what it is, who takes part, its dates, its working days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns import actions, shown, years
from saima_web.campaigns.forms import (
    DayForm,
    DocumentsForm,
    EntryForm,
    KeyDateForm,
    LeaveForm,
    MembershipForm,
    SettingsForm,
    StateForm,
    TrackForm,
    membership_initial,
)
from saima_web.campaigns.models import Campaign, DayOverride
from saima_web.campaigns.pages import campaign_page
from saima_web.campaigns.working_days import year_known
from saima_web.people.pages import Request, site_page
from saima_web.people.permissions import may

MANAGE = "campaign.manage"


@site_page(None)
def none(request: Request) -> HttpResponse:
    context = {"makes": may(request.user, "campaigns.make")}
    return render(request, "campaigns/none.html", context)


@campaign_page(MANAGE)
def settings(request: Request, campaign: Campaign) -> HttpResponse:
    row = Campaign.objects.get(pk=campaign.pk)
    form = SettingsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        changed = actions.save_settings(campaign=campaign, changes=data, by=request.user)
        messages.success(request, _("设置已保存。") if changed else _("没有改动。"))
        return redirect("campaigns:settings", campaign=campaign.code)
    context = {"form": form, "campaign": campaign, "summary": shown.summary(campaign)}
    return render(request, "campaigns/settings.html", context | shown.steps(campaign))


@campaign_page(MANAGE)
def documents(request: Request, campaign: Campaign) -> HttpResponse:
    form = DocumentsForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        changes = {"documents": form.documents()}
        actions.save_settings(campaign=campaign, changes=changes, by=request.user)
        messages.success(request, _("公文设置已保存，下一期通报起使用。"))
        return redirect("campaigns:documents", campaign=campaign.code)
    return render(request, "campaigns/documents.html", {"form": form, "campaign": campaign})


@campaign_page(MANAGE)
@require_POST
def state(request: Request, campaign: Campaign) -> HttpResponse:
    form = StateForm(request.POST)
    if form.is_valid():
        actions.change_state(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("行动状态已改变。"))
    return redirect("campaigns:settings", campaign=campaign.code)


@campaign_page(MANAGE)
def members(request: Request, campaign: Campaign) -> HttpResponse:
    table = shown.members_table(campaign).shown(request)
    if table.wants_export:
        return table.export()
    form = EntryForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        actions.enter(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已加入行动。"))
        return redirect("campaigns:members", campaign=campaign.code)
    context = {"campaign": campaign, "table": table, "form": form, "track_form": TrackForm()}
    return render(request, "campaigns/members.html", context | shown.member_counts(campaign))


@campaign_page(MANAGE)
def member(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    asked = get_object_or_404(campaign.participations, pk=pk)
    rows = list(campaign.participations.filter(unit=asked.unit).select_related("unit", "track"))
    row = rows[-1]
    form = MembershipForm(request.POST or None, campaign=campaign, initial=membership_initial(row))
    if request.method == "POST" and form.is_valid():
        actions.change_membership(row=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("变动已登记，以前月份不受影响。"))
        return redirect("campaigns:members", campaign=campaign.code)
    context = {"campaign": campaign, "row": row, "rows": rows, "form": form, "leave": LeaveForm()}
    return render(request, "campaigns/member.html", context)


@campaign_page(MANAGE)
@require_POST
def member_leave(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(campaign.participations, pk=pk)
    form = LeaveForm(request.POST)
    if form.is_valid():
        actions.leave(row=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记退出，以前月份的成绩保留。"))
        return redirect("campaigns:members", campaign=campaign.code)
    messages.error(request, _("请填写退出日期和原因。"))
    return redirect("campaigns:member", campaign=campaign.code, pk=row.pk)


@campaign_page(MANAGE)
def track(request: Request, campaign: Campaign, pk: int = 0) -> HttpResponse:
    row = get_object_or_404(campaign.tracks, pk=pk) if pk else None
    form = TrackForm(request.POST or None, instance=row, initial={"order": campaign.tracks.count()})
    form.instance.campaign = campaign
    if request.method == "POST" and form.is_valid():
        actions.save_track(campaign=campaign, track=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("赛道已保存。"))
        return redirect("campaigns:members", campaign=campaign.code)
    return render(request, "campaigns/track.html", {"campaign": campaign, "form": form, "row": row})


@campaign_page(MANAGE)
@require_POST
def track_remove(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    actions.remove_track(track=get_object_or_404(campaign.tracks, pk=pk), by=request.user)
    messages.success(request, _("赛道已删除。"))
    return redirect("campaigns:members", campaign=campaign.code)


@campaign_page(MANAGE)
def dates(request: Request, campaign: Campaign, pk: int = 0) -> HttpResponse:
    row = get_object_or_404(campaign.key_dates, pk=pk) if pk else None
    form = KeyDateForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.save_key_date(campaign=campaign, key_date=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("重要时间点已保存。"))
        return redirect("campaigns:dates", campaign=campaign.code)
    context = {"campaign": campaign, "form": form, "row": row} | shown.dates(campaign)
    return render(request, "campaigns/dates.html", context)


@campaign_page(MANAGE)
@require_POST
def date_remove(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    actions.remove_key_date(key_date=get_object_or_404(campaign.key_dates, pk=pk), by=request.user)
    messages.success(request, _("已删除。"))
    return redirect("campaigns:dates", campaign=campaign.code)


@campaign_page(MANAGE)
def days(request: Request, campaign: Campaign) -> HttpResponse:
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.set_day(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记，截止日期按此推算。"))
        address = reverse("campaigns:days", args=[campaign.code])
        return redirect(f"{address}?year={row.on.year}")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else today().year
    context = {
        "campaign": campaign, "form": form, "year": year, "known": year_known(year),
        "months": years.months_of(year), "special": years.special_days(year),
        "count": years.working_count(year),
    }  # fmt: skip
    return render(request, "campaigns/days.html", context)


@campaign_page(MANAGE)
@require_POST
def day_clear(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    override = get_object_or_404(DayOverride, pk=pk)
    actions.clear_day(campaign=campaign, override=override, by=request.user)
    messages.success(request, _("已恢复为节假日表的安排。"))
    return redirect("campaigns:days", campaign=campaign.code)
