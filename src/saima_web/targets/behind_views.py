"""Pages of goals in words, leads and what is left to clear, countermeasures, next year."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.periods import containing
from saima.problems import has_errors
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.pages import Request
from saima_web.people.permissions import may, units_for
from saima_web.targets import actions, behind, behind_actions, leads
from saima_web.targets.cells import draft_of, seen, whole_of, with_draft
from saima_web.targets.checking import number_of, too_fine
from saima_web.targets.edits import Edit
from saima_web.targets.forms import CountermeasureForm, LeadForm, StepForm
from saima_web.targets.grid_views import indicator_in, language, month_choices
from saima_web.targets.models import LeadStep
from saima_web.targets.narrowing import Which, which
from saima_web.targets.overview import Overview
from saima_web.ui.tables import Box, Column, Table

# --- goals in words -----------------------------------------------------------------------------


@campaign_page("targets.see")
def goals(request: Request, campaign: Campaign) -> HttpResponse:
    """One month's goals of every unit and every indicator in words; the year's stand beside."""
    period, found, rows = goals_asked(request, campaign)
    context = {
        "rows": rows, "period": period, "months": month_choices(campaign), "tab": "goals",
        "which": found,
        "written": sum(1 for r in rows if r["goal"]), "draft": draft_of(campaign, request.user),
        "editable": any(r["editable"] for r in rows),
    }  # fmt: skip
    return render(request, "targets/goals.html", context)


def goals_asked(request: Request, campaign: Campaign) -> tuple[str, Which, list[dict[str, Any]]]:
    """The month, the indicators and the goals that a page shows or its form changes."""
    period, view = chosen_month(request, campaign), Overview(campaign, request.user)
    found = which(request, view, in_words(view))
    return period, found, goal_rows(view.narrowed(found.codes), period)


def chosen_month(request: Request, campaign: Campaign) -> str:
    """The month in the address; without one the present month, or the nearest of the campaign."""
    months = [p for p, _label in month_choices(campaign)]
    now = containing("month", min(max(today(), campaign.start), campaign.end)).text
    wanted = request.GET.get("month") or request.POST.get("month") or now
    return wanted if wanted in months else months[-1]


def in_words(view: Overview) -> list[Indicator]:
    """The indicators whose targets are words."""
    return [x for x in view.concerned if x.qualitative]


def goal_rows(view: Overview, period: str) -> list[dict[str, Any]]:
    """Units × indicators in words, with the goals in force and the user's draft over them."""
    indicators = in_words(view)
    found = with_draft(view.campaign, view.by, indicator__in=indicators)
    before = view.months[view.months.index(period) - 1] if period != view.months[0] else ""
    rows = []
    for indicator in indicators:
        for unit in view.units_due(indicator):
            keys = [(unit.pk, indicator.pk, p) for p in (period, view.whole, before)]
            now, year, last = (found.get(k) for k in keys)
            on: dict[str, Any] = {"unit": unit, "indicator": indicator}
            rows.append(
                {
                    "unit": unit, "indicator": indicator, "name": f"goal-{unit.pk}-{indicator.pk}",
                    "goal": now.goal if now else "", "year": year.goal if year else "",
                    "last": last.goal if last else "",
                    "waits": now is not None and now.batch.state != "approved",
                    "editable": may(view.by, "goals.propose", campaign=view.campaign, **on),
                }
            )  # fmt: skip
    return rows


@campaign_page("goals.propose")
@require_POST
def save_goals(request: Request, campaign: Campaign) -> HttpResponse:
    period, found, rows = goals_asked(request, campaign)
    edits = [
        Edit(r["unit"], r["indicator"], period, {"goal": request.POST[r["name"]].strip()})
        for r in rows
        if r["editable"] and r["name"] in request.POST
        and request.POST[r["name"]].strip() != r["goal"]
    ]  # fmt: skip
    asked = urlencode({"month": period} | ({"indicator": found.code} if found.code else {}))
    back = f"{reverse('targets:goals', args=[campaign.code])}?{asked}"
    if not edits:
        messages.info(request, _("没有改动。"))
        return redirect(back)
    batch, problems = actions.put_goals(campaign=campaign, edits=edits, by=request.user)
    if has_errors(problems) or batch is None:
        for problem in problems:
            messages.error(request, problem.text(language()))
        return redirect(back)
    messages.success(request, _("已保存到草稿，提交并批准后生效。"))
    return redirect(back)


# --- leads --------------------------------------------------------------------------------------


@campaign_page("targets.see")
def lead_list(request: Request, campaign: Campaign) -> HttpResponse:
    view = Overview(campaign, request.user)
    kept = leads.records(campaign, request.user)
    shown = lead_table(view, kept).shown(request)
    if shown.wants_export:
        return shown.export()
    summary, form = leads.summary(view, kept), lead_form(view)
    context = {
        "shown": shown, "summary": summary, "tab": "leads",
        "left": sum(r["left"] or 0 for r in summary), "may_write": form is not None,
        "done": sum(1 for r in shown.table.rows if r["counted"]),
        "form": form, "step_form": StepForm(initial={"on": today()}),
    }  # fmt: skip
    return render(request, "targets/leads.html", context)


def lead_form(view: Overview, data: Any = None) -> LeadForm | None:
    """The form for a new record, None for those who may not write any."""
    if not may(view.by, "leads.write", campaign=view.campaign):
        return None
    units = units_for(view.by, "leads.write", view.campaign).filter(
        pk__in=[u.pk for u in view.units]
    )
    indicators = Indicator.objects.filter(
        pk__in=[x.pk for x in view.indicators if not x.qualitative]
    )
    initial = {"on": today(), "unit": units.first() if units.count() == 1 else None}
    return LeadForm(data, units=units, indicators=indicators, initial=initial)


def lead_table(view: Overview, kept: list[leads.Record]) -> Table:
    rows = [lead_row(view, r) for r in kept]
    return Table(
        [
            Column("name", _("名称"), template="targets/_lead.html"),
            Column("kind", _("类型")),
            Column("group", _("清单")),
            Column("unit", _("单位")),
            Column("indicator", _("支撑的指标")),
            Column("place", _("位置、来源")),
            Column("stage", _("阶段")),
            Column("on", _("最近进展"), "date"),
            Column("note", _("说明")),
            Column("counted", _("计数日期"), "date"),
        ],
        rows, name=_("线索和地块"), search=("name", "unit", "group", "place", "note"),
        boxes=tuple(
            Box(value, str(label), partial(_at, value))
            for value, label in LeadStep.Stage.choices
        ),
        empty=_("还没有登记线索、地块。"),
        begin=_("登记以后，签约、落地、清零按月自动计数，填报时可以直接采用。"),
    )  # fmt: skip


def _at(stage: str, row: Any) -> bool:
    return bool(row["code"] == stage)


def lead_row(view: Overview, record: leads.Record) -> dict[str, Any]:
    lead, last = record.lead, record.last
    return {
        "pk": lead.pk, "name": lead.name, "kind": lead.get_kind_display(), "group": lead.group,
        "unit": str(lead.unit), "indicator": lead.indicator.name, "place": lead.place,
        "stage": last.get_stage_display() if last else "", "code": record.stage,
        "on": last.on if last else None, "note": last.note if last else "",
        "counted": record.since, "campaign": view.campaign.code,
    }  # fmt: skip


@campaign_page("leads.write")
@require_POST
def add_lead(request: Request, campaign: Campaign) -> HttpResponse:
    form = lead_form(Overview(campaign, request.user), request.POST)
    if form is None or not form.is_valid():
        return render(request, "targets/lead_add.html", {"form": form, "tab": "leads"})
    behind_actions.add_lead(campaign=campaign, by=request.user, **form.cleaned_data)
    messages.success(request, _("已登记。"))
    return redirect("targets:leads", campaign.code)


@campaign_page("targets.see")
def lead(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One record: its steps, and the next one."""
    found = leads.records(campaign, request.user, pk=pk)
    if not found:
        raise Http404
    record = found[0]
    on: dict[str, Any] = {"unit": record.lead.unit, "indicator": record.lead.indicator}
    writes = may(request.user, "leads.write", campaign=campaign, **on)
    form = StepForm(request.POST or None, initial={"on": today(), "stage": record.stage})
    if request.method == "POST" and form.is_valid():
        behind_actions.step_lead(lead=record.lead, by=request.user, **form.cleaned_data)
        messages.success(request, _("进展已记录。"))
        return redirect("targets:lead", campaign.code, pk)
    context = {"record": record, "form": form if writes else None, "tab": "leads"}
    return render(request, "targets/lead.html", context)


# --- countermeasures ----------------------------------------------------------------------------


@campaign_page("targets.see")
def countermeasures(request: Request, campaign: Campaign) -> HttpResponse:
    view = Overview(campaign, request.user)
    found = which(request, view, behind.listed(view), at_once=True)
    rows = behind.sheet_rows(view.narrowed(found.codes))
    for row in rows:
        where = [campaign.code, row["unit_code"], row["indicator_code"]]
        row["href"] = reverse("targets:countermeasure", args=where)
    shown = countermeasure_table(rows).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        "shown": shown, "tab": "countermeasures", "behind": len(rows), "which": found,
        "open": sum(1 for r in rows if not r["written"]), "late": sum(1 for r in rows if r["late"]),
    }  # fmt: skip
    return render(request, "targets/countermeasures.html", context)


def countermeasure_table(rows: list[dict[str, Any]]) -> Table:
    return Table(
        [
            Column("unit", _("单位"), link="href"),
            Column("indicator", _("指标"), link="href"),
            Column("period", _("截至")),
            Column("due_amount", _("应完成"), "number", template="targets/_plain.html"),
            Column("done_amount", _("已完成"), "number", template="targets/_plain.html"),
            Column("gap", _("差距"), "number", template="targets/_gap.html"),
            Column("cause", _("原因")),
            Column("measure", _("措施")),
            Column("responsible", _("责任人")),
            Column("due", _("完成时限"), template="targets/_due.html"),
        ],
        rows, name=_("对策清单"), search=("unit", "indicator", "cause", "measure", "responsible"),
        boxes=(
            Box("open", _("没写对策"), lambda r: not r["written"]),
            Box("late", _("过了时限"), lambda r: r["late"]),
            Box("written", _("有对策"), lambda r: r["written"]),
        ),
        empty=_("没有落后的指标。"), begin=_("落后于月度计划或序时进度的指标会列在这里。"),
    )  # fmt: skip


@campaign_page("targets.see")
def countermeasure(request: Request, campaign: Campaign, unit: str, indicator: str) -> HttpResponse:
    """One unit's sheet for one indicator: the gap, what was said before, what is done now."""
    row = indicator_in(campaign, indicator)
    view = Overview(campaign, request.user, [row.code])
    found = next((u for u in view.units if u.code == unit), None)
    if found is None or not may(
        request.user, "targets.see", campaign=campaign, unit=found, indicator=row
    ):
        raise Http404
    gap = next((g for g in behind.gaps(view) if (g.unit, g.indicator) == (found, row)), None)
    last = behind.sheets_in_force(campaign, request.user).get((found.pk, row.pk))
    writes = may(
        request.user, "countermeasures.write", campaign=campaign, unit=found, indicator=row
    )
    form = CountermeasureForm(
        request.POST or None, instance=None, initial=vars(last) if last else {}
    )
    if request.method == "POST" and form.is_valid():
        period = gap.period.text if gap else (last.period if last else whole_of(campaign).text)
        behind_actions.write_countermeasure(
            campaign=campaign, unit=found, indicator=row, period=period,
            gap=gap.gap if gap else None, by=request.user, **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("对策已保存。"))
        return redirect("targets:countermeasures", campaign.code)
    history = campaign.countermeasures.filter(unit=found, indicator=row).select_related("by")
    context = {
        "unit": found, "indicator": row, "gap": gap, "form": form if writes else None,
        "history": history.order_by("-pk"), "last": last, "tab": "countermeasures",
    }  # fmt: skip
    return render(request, "targets/countermeasure.html", context)


# --- next year ----------------------------------------------------------------------------------


@campaign_page("targets.edit")
def next_year(request: Request, campaign: Campaign) -> HttpResponse:
    """This year beside the next: of one indicator, where all would make a page of thousands."""
    view = Overview(campaign, request.user)
    choices = [x for x in view.every if not x.retired and not x.qualitative]
    found = which(request, view, choices)
    rows = behind.next_rows(view.narrowed(found.codes))
    context = {
        "rows": rows, "period": behind.next_whole(campaign), "draft": behind.next_draft(campaign),
        "drafted": sum(1 for r in rows if r["draft"] is not None), "tab": "next",
        "following": Campaign.objects.filter(cloned_from=campaign).first(),
        "which": found,
    }  # fmt: skip
    return render(request, "targets/next.html", context)


def _next_page(request: Request, campaign: Campaign) -> HttpResponse:
    """Back to the indicator that was looked at."""
    address = reverse("targets:next", args=[campaign.code])
    code = request.POST.get("indicator", "")
    return redirect(f"{address}?{urlencode({'indicator': code})}" if code else address)


@campaign_page("targets.edit")
@require_POST
def begin_next_year(request: Request, campaign: Campaign) -> HttpResponse:
    try:
        growth = number_of(request.POST.get("growth")) or number_of("0")
    except ValueError:
        messages.error(request, _("增幅请填数字。"))
        return _next_page(request, campaign)
    assert growth is not None
    year = whole_of(campaign).text
    whole = {(u, i): t for (u, i, _), t in seen(campaign, request.user, period=year).items()}
    behind_actions.draft_next_year(campaign=campaign, growth=growth, targets=whole, by=request.user)
    messages.success(request, _("已按今年目标生成草案，可逐个修改。"))
    return _next_page(request, campaign)


@campaign_page("targets.edit")
@require_POST
def save_next_year(request: Request, campaign: Campaign) -> HttpResponse:
    values, wrong = next_values(request.user, campaign, request.POST)
    for text in wrong[:5]:
        messages.error(request, text)
    if not wrong:
        n = behind_actions.put_next_year(campaign=campaign, values=values, by=request.user)
        messages.success(request, _("已保存，改动%(n)s格。") % {"n": n})
    return _next_page(request, campaign)


def next_values(by: User, campaign: Campaign, sent: Any) -> tuple[dict[Any, Any], list[str]]:
    """The form's cells (next-<unit>-<indicator>) as exact numbers; wrong ones in words."""
    view = Overview(campaign, by)
    units, indicators = {u.pk: u for u in view.units}, {x.pk: x for x in view.indicators}
    values: dict[tuple[Unit, Indicator], Any] = {}
    wrong: list[str] = []
    for name, text in sent.items():
        cell = re.fullmatch(r"next-(\d+)-(\d+)", name)
        unit = units.get(int(cell[1])) if cell else None
        indicator = indicators.get(int(cell[2])) if cell else None
        if unit is None or indicator is None:
            continue
        told = {"u": unit, "i": indicator, "t": text, "n": indicator.decimals}
        try:
            value = number_of(text)
        except ValueError:
            wrong.append(_("%(u)s %(i)s：“%(t)s”不是数字。") % told)
            continue
        if value is not None and too_fine(value, indicator):
            wrong.append(_("%(u)s %(i)s：小数多于%(n)s位。") % told)
            continue
        values[unit, indicator] = value
    return values, wrong


@campaign_page("targets.edit")
@require_POST
def hand_over(request: Request, campaign: Campaign) -> HttpResponse:
    batch = behind_actions.hand_over(campaign=campaign, by=request.user)
    messages.success(request, _("草案已转入下一年的行动，请在那里提交批准。"))
    return redirect("targets:set", batch.campaign.code, batch.pk)
