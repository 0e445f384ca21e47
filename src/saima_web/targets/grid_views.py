"""The grid of one indicator: its page, saving, allocation, bounds, transfers, projects, cascade."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.periods import Kind, parse
from saima.problems import Language, Problem, has_errors
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, units_for
from saima_web.people.queries import unit_choices
from saima_web.targets import actions, planning
from saima_web.targets.cells import (
    additive,
    draft_of,
    months_of,
    project_plans,
    total,
    whole_of,
    with_draft,
)
from saima_web.targets.checking import number_of
from saima_web.targets.forms import BoundForm, HeadlineForm, TransferForm, Units
from saima_web.targets.grid import (
    columns_of,
    grid_data,
    month_title,
    plain,
    project_data,
    read_cells,
    read_plans,
)
from saima_web.targets.overview import Overview, amplified, rows_of
from saima_web.ui.addresses import addresses


def indicator_in(campaign: Campaign, code: str) -> Indicator:
    """An indicator of the campaign. Errors: Http404."""
    found = indicators_of(campaign).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def view_of(request: Request, campaign: Campaign, code: str) -> tuple[Overview, Indicator]:
    """What one may see of an indicator's targets. Errors: Http404."""
    view = Overview(campaign, request.user, [code])
    if not view.concerned:
        raise Http404
    return view, view.concerned[0]


def visible_top(view: Overview, indicator: Indicator) -> Unit | None:
    """The unit above all, for those who may see totals."""
    return view.top if view.wide(indicator) else None


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def told(problems: list[Problem]) -> JsonResponse:
    """Problems as the grid shows them."""
    lines = [{"text": p.text(language()), "severity": p.severity} for p in problems]
    return JsonResponse({"problems": lines}, status=400 if has_errors(problems) else 200)


def body_of(request: Request) -> dict[str, Any]:
    """The JSON that the grid sent; what cannot be read is an empty one."""
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@campaign_page("targets.see")
def grid(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    view, row = view_of(request, campaign, indicator)
    top = visible_top(view, row)
    editable = may(request.user, "targets.edit", campaign=campaign, indicator=row)
    said = view.headlines.get(row.pk) if top else None
    page, units = addresses("targets:grid", campaign.code), units_to_edit(view)
    context = {
        "indicator": row, "line": view.row(row), "data": grid_data(view, row, top),
        "editable": editable, "additive": additive(row), "said": said, "top": top,
        "levels": amplified(view, row), "harder": amplified(view, row, stretch=True),
        "draft": draft_of(campaign, request.user), "tab": "list",
        "indicators": [(x, page(x.code)) for x in view.indicators],
        "months": month_choices(campaign),
        "unit_ways": unit_ways(), "period_ways": period_ways(),
        "headline_form": HeadlineForm(initial=vars(said) if said else None),
        "bound_form": BoundForm(units=units, periods=month_choices(campaign)),
        "transfer_form": TransferForm(units=units, periods=month_choices(campaign)),
    }  # fmt: skip
    return render(request, "targets/grid.html", context)


def unit_ways() -> list[tuple[str, str]]:
    return [
        ("history", _("按上年完成数")),
        ("weights", _("按权重")),
        ("capacity", _("按能力（不超过所填）")),
        ("equal", _("平均")),
    ]


def period_ways() -> list[tuple[str, str]]:
    return [
        ("history", _("按上年各月完成数")),
        ("season", _("按季节系数")),
        ("capacity", _("按能力（不超过所填）")),
        ("equal", _("平均")),
        ("working-days", _("按工作日")),
        ("days", _("按天数")),
    ]


def month_choices(campaign: Campaign) -> list[tuple[str, str]]:
    return [(p.text, month_title(p.text)) for p in months_of(campaign)]


def units_to_edit(view: Overview) -> Units:
    """The units whose targets a user plans, to choose from."""
    ids = [u.pk for u in view.rows_of(())]
    units = units_for(view.by, "targets.edit", view.campaign).filter(pk__in=ids)
    return units, unit_choices(units)


@campaign_page("targets.edit")
@require_POST
def save(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    view = Overview(campaign, request.user, [indicator])
    row = indicator_in(campaign, indicator)
    top = visible_top(view, row)
    edits, problems = read_cells(campaign, row, request.user, body_of(request).get("cells"), top)
    if not problems:
        batch, problems = actions.put_cells(campaign=campaign, edits=edits, by=request.user)
    if problems:
        return told(problems)
    data = grid_data(view, row, top)
    return JsonResponse({"data": data, "draft": batch.pk if batch else None})


@campaign_page("targets.edit")
@require_POST
def allocate(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    """What the allocation proposes; nothing is saved."""
    row, sent = indicator_in(campaign, indicator), body_of(request)
    try:
        wish = wish_of(campaign, sent)
    except ValueError as error:
        return JsonResponse({"problems": [{"text": str(error), "severity": "error"}]}, status=400)
    chosen = [str(c) for c in sent.get("units") or []]
    units = [u for u in rows_of(campaign, request.user) if not chosen or u.code in chosen]
    standing = with_draft(campaign, request.user, indicator=row)
    found = planning.propose(campaign, row, units, standing, wish)
    fields = {c["period"]: c["field"] for c in columns_of(campaign)} | {
        whole_of(campaign).text: "y"
    }
    cells = []
    for (unit, period), values in found.cells.items():
        cells.append({"unit": unit, "field": fields[period], "value": plain(values["value"])})
        if "stretch" in values:
            cells.append({"unit": unit, "field": "s", "value": plain(values["stretch"])})
    lines = [{"text": p.text(language()), "severity": p.severity} for p in found.problems]
    return JsonResponse({"cells": cells, "problems": lines}, status=200 if cells else 400)


def wish_of(campaign: Campaign, sent: dict[str, Any]) -> planning.Wish:
    """The allocation panel's form. Errors: ValueError with what to mend, in words."""
    target = _number(sent.get("target"), _("总目标"))
    if target is None:
        raise ValueError(_("请填总目标。"))
    periods = {c["field"]: c["period"] for c in columns_of(campaign)}
    units_by, periods_by = str(sent.get("units_by")), str(sent.get("periods_by"))
    if units_by not in planning.UNIT_WAYS or periods_by not in planning.PERIOD_WAYS:
        raise ValueError(_("请选择分解依据。"))
    by_period = _figures(sent.get("period_figures"))
    since = str(sent.get("since") or "")
    return planning.Wish(
        target=target, stretch=_number(sent.get("stretch"), _("奋斗目标")), units_by=units_by,
        periods_by=periods_by, unit_figures=_figures(sent.get("unit_figures")),
        period_figures={periods[k]: v for k, v in by_period.items() if k in periods},
        since=since if since in periods.values() else "",
    )  # fmt: skip


def _number(text: Any, name: str) -> Decimal | None:
    try:
        return number_of(text)
    except ValueError:
        raise ValueError(_("%(name)s“%(text)s”不是数字。") % {"name": name, "text": text}) from None


def _figures(sent: Any) -> dict[str, Decimal]:
    """Figures by key; blank ones left out."""
    given = sent if isinstance(sent, dict) else {}
    read = {str(k): _number(v, _("依据")) for k, v in given.items()}
    return {k: v for k, v in read.items() if v is not None}


@campaign_page("targets.edit")
@require_POST
def headline(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    form = HeadlineForm(request.POST)
    if form.is_valid():
        row = indicator_in(campaign, indicator)
        actions.set_headline(campaign=campaign, indicator=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存上级下达数。"))
    else:
        messages.error(request, first_error(form))
    return redirect("targets:grid", campaign.code, indicator)


@campaign_page("targets.edit")
@require_POST
def bound(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    units = units_to_edit(Overview(campaign, request.user, [indicator]))
    form = BoundForm(request.POST, units=units, periods=month_choices(campaign))
    if form.is_valid():
        row = indicator_in(campaign, indicator)
        actions.set_bound(campaign=campaign, indicator=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("上下限已保存。"))
    else:
        messages.error(request, first_error(form))
    return redirect("targets:grid", campaign.code, indicator)


@campaign_page("targets.edit")
@require_POST
def transfer(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    units = units_to_edit(Overview(campaign, request.user, [indicator]))
    form = TransferForm(request.POST, units=units, periods=month_choices(campaign))
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("targets:grid", campaign.code, indicator)
    values = dict(form.cleaned_data)
    since = values.pop("since")
    batch, problems = actions.transfer_targets(
        campaign=campaign, indicator=indicator_in(campaign, indicator), by=request.user,
        since=parse(since).start if since else None, **values,
    )  # fmt: skip
    if batch is None:
        for problem in problems:
            messages.error(request, problem.text(language()))
        return redirect("targets:grid", campaign.code, indicator)
    messages.success(request, _("划转已提交，等领导批准；各单位合计不变。"))
    return redirect("targets:set", campaign.code, batch.pk)


def first_error(form: Any) -> str:
    """The first thing wrong with a form, with its field."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}：{errors[0]}" if label else str(errors[0])


# --- projects × months --------------------------------------------------------------------------


@campaign_page("targets.see")
def projects(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    view, row = view_of(request, campaign, indicator)
    data = project_data(campaign, row, request.user)
    sums = planning.monthly_sums(campaign, project_plans(campaign, request.user, row, draft=True))
    whole, head = total(sums.values()), view.headline(row) if view.wide(row) else None
    over = whole - head.value if head and head.value is not None and whole is not None else None
    context = {
        "indicator": row, "data": data, "count": len(data["rows"]), "sum": whole,
        "over": over, "short": None if over is None else -over,
        "editable": data["editable"], "draft": draft_of(campaign, request.user), "tab": "list",
    }  # fmt: skip
    return render(request, "targets/projects.html", context)


@campaign_page("targets.edit")
@require_POST
def save_projects(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    row = indicator_in(campaign, indicator)
    edits, problems = read_plans(campaign, row, request.user, body_of(request).get("cells"))
    if problems:
        return told(problems)
    batch = actions.put_plans(campaign=campaign, edits=edits, by=request.user)
    return JsonResponse({"data": project_data(campaign, row, request.user), "draft": batch.pk})


@campaign_page("targets.edit")
@require_POST
def take_sums(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    """The units' monthly plans (and their years) become what their projects add up to."""
    row = indicator_in(campaign, indicator)
    batch, problems = actions.put_sums(campaign=campaign, indicator=row, by=request.user)
    if problems:
        return told(problems)
    messages.success(request, _("已按项目合计填入各单位月度计划，请核对后提交。"))
    return JsonResponse({"draft": batch.pk if batch else None})


# --- by week and day ----------------------------------------------------------------------------

FINER: dict[str, Kind] = {"ten-day": "ten_day", "week": "week", "day": "day"}


@campaign_page("targets.see")
def cascade(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    view, row = view_of(request, campaign, indicator)
    units = view.rows_of(())
    if not (additive(row) and units):
        raise Http404
    months = month_choices(campaign)
    unit = next((u for u in units if u.code == request.GET.get("unit")), units[0])
    period = next((p for p, _l in months if p == request.GET.get("month")), months[0][0])
    into = request.GET.get("by") if request.GET.get("by") in FINER else "week"
    found = with_draft(campaign, request.user, indicator=row, unit=unit)
    target = found.get((unit.pk, row.pk, period))
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    if target is not None and target.value is not None:
        rows, problems = planning.cascaded(row, target.value, parse(period), FINER[str(into)])
    context = {
        "indicator": row, "unit": unit, "units": units, "months": months, "period": period,
        "into": into, "target": target, "rows": rows, "tab": "list",
        "problems": [p.text(language()) for p in problems],
        "ways": [("ten-day", _("旬")), ("week", _("周")), ("day", _("日"))],
    }  # fmt: skip
    return render(request, "targets/cascade.html", context)
