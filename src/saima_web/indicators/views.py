"""Pages of the indicator library: the list, one indicator, import and export, outer ranks."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators import actions, shown, workbooks
from saima_web.indicators.forms import (
    AssignForm,
    CheckRuleForm,
    DefinitionForm,
    IndicatorForm,
    NewIndicatorForm,
    NoteForm,
    OuterRankForm,
    ReasonForm,
    UploadForm,
)
from saima_web.indicators.models import CheckRule, Indicator, Note
from saima_web.indicators.notes import answer, note_table
from saima_web.indicators.queries import indicators_of
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.ui.downloads import XLSX, file_response

LARGEST = 2_000_000  # bytes of a library workbook


@campaign_page("indicators.see")
def index(request: Request, campaign: Campaign) -> HttpResponse:
    everything = request.GET.get("all") == "1"
    table = shown.indicator_table(campaign, everything=everything).shown(request)
    if table.wants_export:
        return table.export()
    own = [r for r in table.table.rows if not r["retired"]]
    context = {
        "campaign": campaign,
        "shown": table,
        "everything": everything,
        "count": len(own),
        "by_owner": sum(1 for r in own if r["by_owner"]),
        "categories": len({r["category"] for r in own}),
        "may_manage": may(request.user, "indicators.manage", campaign=campaign),
    }
    return render(request, "indicators/list.html", context)


@campaign_page("indicators.see")
def one(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    definitions = list(indicator.definitions.select_related("by"))
    by = request.user
    shown_definitions = [(d, shown.since_words(d.effective)) for d in reversed(definitions)]
    context = {
        "campaign": campaign,
        "indicator": indicator,
        "definitions": shown_definitions,
        "current": shown_definitions[0] if definitions else None,
        "clauses": shown.clauses(campaign, indicator, by),
        "holders": shown.holders(campaign, indicator),
        "checks": indicator.checks.all(),
        "notes": shown.notes_of(indicator, campaign, by),
        "ranks": shown.outer_ranks([indicator]),
        "figures": shown.address("dashboards:indicator", campaign.code, indicator.code),
        "may_manage": may(by, "indicators.manage", campaign=campaign),
        "may_note": may(by, "indicators.note", campaign=campaign, indicator=indicator),
    }
    return render(request, "indicators/one.html", context)


def _indicator(code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("lead_unit", "data_owner"), code=code)


def _form_page(
    request: Request, campaign: Campaign, form: forms.BaseForm, title: str, **more: Any
) -> HttpResponse:
    """A page that is one form; `back` is where giving up leads."""
    more.setdefault("back", reverse("indicators:list", args=[campaign.code]))
    context = {"campaign": campaign, "form": form, "title": title, **more}
    return render(request, "indicators/form.html", context)


def _to_one(campaign: Campaign, indicator: Indicator) -> HttpResponse:
    return redirect("indicators:one", campaign=campaign.code, code=indicator.code)


def _one_address(campaign: Campaign, indicator: Indicator) -> str:
    return reverse("indicators:one", args=[campaign.code, indicator.code])


@campaign_page("indicators.manage")
def create(request: Request, campaign: Campaign) -> HttpResponse:
    form = NewIndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        row = actions.create_indicator(
            campaign=campaign, code=data.pop("code"), definition=data.pop("definition"),
            effective=data.pop("effective"), basis=data.pop("basis"), values=data, by=request.user,
        )  # fmt: skip
        messages.success(request, _("已建立指标“%(name)s”。") % {"name": row.name})
        return _to_one(campaign, row)
    title = _("新建指标：先写清口径，再定怎么计量")
    return _form_page(
        request, campaign, form, title, ask=_("指标库"), send=_("建立指标"), wide=True
    )


@campaign_page("indicators.manage")
def change(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    form = IndicatorForm(request.POST or None, instance=_indicator(code))
    if request.method == "POST" and form.is_valid():
        changed = actions.change_indicator(
            indicator=indicator, campaign=campaign, values=form.cleaned_data, by=request.user
        )
        messages.success(request, _("已保存。") if changed else _("没有改动。"))
        return _to_one(campaign, indicator)
    title = _("修改“%(name)s”：口径变更请走“新口径版本”") % {"name": indicator.name}
    back = _one_address(campaign, indicator)
    return _form_page(request, campaign, form, title, ask=indicator.code, back=back, wide=True)


@campaign_page("indicators.manage")
def define(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    last = indicator.definitions.last()
    initial = {"text": last.text if last else ""}
    form = DefinitionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = actions.add_definition(
            indicator=indicator, campaign=campaign, by=request.user, **form.cleaned_data
        )
        messages.success(request, _("口径第%(n)s版已登记。") % {"n": row.version})
        return _to_one(campaign, indicator)
    title = _("“%(name)s”的新口径：旧口径和旧数都保留") % {"name": indicator.name}
    back = _one_address(campaign, indicator)
    return _form_page(request, campaign, form, title, ask=indicator.code, back=back)


@campaign_page("indicators.manage")
def retire(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = actions.restore_indicator if indicator.retired else actions.retire_indicator
        act(indicator=indicator, campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("已恢复使用。") if indicator.retired is False else _("已停用。")
        )
        return _to_one(campaign, indicator)
    title = (
        _("恢复使用“%(name)s”")
        if indicator.retired
        else _("停用“%(name)s”：不再填报，已有数据和得分不变")
    ) % {"name": indicator.name}
    back = _one_address(campaign, indicator)
    return _form_page(request, campaign, form, title, ask=indicator.code, back=back)


@campaign_page("indicators.manage")
def assign(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    form = AssignForm(request.POST or None, campaign=campaign, indicator=indicator)
    if request.method == "POST" and form.is_valid():
        actions.assign_indicator(
            indicator=indicator, campaign=campaign, by=request.user, **form.answer()
        )
        messages.success(request, _("分工已保存。"))
        return _to_one(campaign, indicator)
    context = {"campaign": campaign, "indicator": indicator, "form": form}
    return render(request, "indicators/assign.html", context)


@campaign_page("indicators.manage")
def check_add(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    form = CheckRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_check_rule(
            indicator=indicator, campaign=campaign, values=form.cleaned_data, by=request.user
        )
        messages.success(request, _("校验规则已加上，填报时随填随查。"))
        return _to_one(campaign, indicator)
    title = _("给“%(name)s”加一条校验规则") % {"name": indicator.name}
    back = _one_address(campaign, indicator)
    return _form_page(request, campaign, form, title, ask=indicator.code, back=back)


@campaign_page("indicators.manage")
@require_POST
def check_remove(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    rule = get_object_or_404(CheckRule.objects.select_related("indicator"), pk=pk)
    actions.remove_check_rule(rule=rule, campaign=campaign, by=request.user)
    messages.success(request, _("校验规则已删除。"))
    return _to_one(campaign, rule.indicator)


@campaign_page("indicators.note")
def note_add(request: Request, campaign: Campaign, code: str) -> HttpResponse:
    indicator = _indicator(code)
    require(request.user, "indicators.note", campaign=campaign, indicator=indicator)
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind", "policy")})
    if request.method == "POST" and form.is_valid():
        actions.add_note(
            indicator=indicator, campaign=campaign, by=request.user, **form.cleaned_data
        )
        messages.success(request, _("已登记。"))
        return _to_one(campaign, indicator)
    title = _("登记“%(name)s”的政策细则或对接情况") % {"name": indicator.name}
    back = _one_address(campaign, indicator)
    return _form_page(request, campaign, form, title, ask=indicator.code, back=back)


@campaign_page("indicators.see")
def notes(request: Request, campaign: Campaign) -> HttpResponse:
    """All policies and contacts: the campaign's own and its indicators'."""
    table = note_table(campaign, request.user).shown(request)
    if table.wants_export:
        return table.export()
    context = {
        "campaign": campaign,
        "shown": table,
        "clauses": answer(table.table.rows),
        "may_note": may(request.user, "campaign.note", campaign=campaign),
    }
    return render(request, "indicators/notes.html", context)


@campaign_page("campaign.note")
def campaign_note(request: Request, campaign: Campaign) -> HttpResponse:
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind", "policy")})
    if request.method == "POST" and form.is_valid():
        actions.add_note(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记。"))
        return redirect("indicators:notes", campaign=campaign.code)
    title = _("登记整个行动的政策或对接情况")
    back = reverse("indicators:notes", args=[campaign.code])
    return _form_page(request, campaign, form, title, ask=campaign.name, back=back)


@campaign_page("indicators.note")
@require_POST
def note_withdraw(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Take a note off; a campaign's own only in that campaign."""
    rows = Note.objects.select_related("indicator", "campaign").filter(withdrawn_at=None)
    note = get_object_or_404(rows, Q(campaign=None) | Q(campaign=campaign), pk=pk)
    actions.withdraw_note(note=note, campaign=campaign, by=request.user)
    messages.success(request, _("已撤下，账本中仍有记录。"))
    if note.indicator is None:
        return redirect("indicators:notes", campaign=campaign.code)
    return _to_one(campaign, note.indicator)


# --- our place in the rankings of the level above -----------------------------------------------


@campaign_page("indicators.see")
def ranks(request: Request, campaign: Campaign) -> HttpResponse:
    found = shown.outer_ranks(indicators_of(campaign))
    context = {
        "campaign": campaign,
        "ranks": found,
        "first": sum(1 for r in found if r["row"].place * 3 <= r["row"].of),
        "last": sum(1 for r in found if r["row"].place * 3 > 2 * r["row"].of),
        "may_note": may(request.user, "indicators.note", campaign=campaign),
    }
    return render(request, "indicators/ranks.html", context)


@campaign_page("indicators.note")
def rank_add(request: Request, campaign: Campaign) -> HttpResponse:
    own = [
        x.pk
        for x in indicators_of(campaign)
        if may(request.user, "indicators.note", campaign=campaign, indicator=x)
    ]
    form = OuterRankForm(
        request.POST or None, campaign=campaign, indicators=Indicator.objects.filter(pk__in=own),
        initial={"indicator": Indicator.objects.filter(code=request.GET.get("of", "")).first()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.record_outer_rank(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已登记我方位次。"))
        return redirect("indicators:ranks", campaign=campaign.code)
    back = reverse("indicators:ranks", args=[campaign.code])
    title = _("登记上级排名：我方第几、共几个")
    return _form_page(request, campaign, form, title, ask=_("上级排名"), back=back)


# --- the library as a workbook ------------------------------------------------------------------


@campaign_page("indicators.see")
def export(request: Request, campaign: Campaign) -> HttpResponse:
    rows = indicators_of(campaign) if request.GET.get("all") != "1" else Indicator.objects.all()
    rows = rows.select_related("lead_unit", "data_owner").prefetch_related("definitions")
    return file_response(workbooks.library_workbook(rows), "指标库.xlsx", XLSX)


@campaign_page("indicators.manage")
def import_(request: Request, campaign: Campaign) -> HttpResponse:
    """Upload, look at what would change, then say yes: the file waits in the session."""
    form, preview = UploadForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > LARGEST:
            form.add_error("file", _("文件超过2MB，不像一份指标库。"))
        else:
            content = file.read()
            preview = workbooks.read_library(content, file.name)
            kept = {"name": file.name, "content": base64.b64encode(content).decode()}
            request.session["library-import"] = kept
    context = {"campaign": campaign, "form": form, "preview": preview}
    if preview is not None:
        context["problems"] = shown.problem_places(preview.problems)
    return render(request, "indicators/import.html", context)


@campaign_page("indicators.manage")
@require_POST
def import_confirm(request: Request, campaign: Campaign) -> HttpResponse:
    kept = request.session.pop("library-import", None)
    if kept is None:
        raise Http404
    preview = workbooks.read_library(base64.b64decode(kept["content"]), kept["name"])
    if preview.errors:
        messages.error(request, _("还有没改正的问题，没有导入。"))
        return redirect("indicators:import", campaign=campaign.code)
    created, changed = actions.import_library(campaign=campaign, rows=preview.rows, by=request.user)
    words = _("已导入：新建%(created)s项，修改%(changed)s项。")
    messages.success(request, words % {"created": created, "changed": changed})
    return redirect(reverse("indicators:list", args=[campaign.code]) + "?all=1")
