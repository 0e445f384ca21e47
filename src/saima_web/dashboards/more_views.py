"""Comparing pages."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.dashboards import more
from saima_web.dashboards.views import nothing, run_for
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.scoring.queries import published_periods, published_runs, result_of
from saima_web.ui.tables import workbook_response
from saima_web.ui.templatetags.saima import plain_number


@campaign_page("scores.see")
def indicator(request: Request, campaign: Campaign, indicator: str) -> HttpResponse:
    run = run_for(request, campaign)
    row = get_object_or_404(Indicator, code=indicator)
    if run is None:
        return nothing(request, campaign, row.name)
    found = result_of(run)
    rows = more.indicator_rows(request.user, campaign, found, row, run)
    if not rows:
        raise Http404
    shown = more.indicator_table(row, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    runs = [r for r in published_runs(campaign) if r.period <= run.period and not r.trial]
    charts = more.indicator_charts(row, rows, [(r.period, result_of(r)) for r in runs])
    context = {
        "campaign": campaign, "run": run, "indicator": row, "shown": shown, "charts": charts,
        "full": sum(1 for r in rows if (r["rate"] or 0) >= 100), "units": len(rows),
        "worst": min(rows, key=lambda r: r["rate"] if r["rate"] is not None else 101),
        "periods": published_periods(campaign), "definitions": row.definitions.order_by("-version"),
    }  # fmt: skip
    return render(request, "dashboards/indicator.html", context)


@campaign_page("scores.see")
def heat(request: Request, campaign: Campaign) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("各项指标"))
    columns, rows = more.heat(campaign, run, result_of(run))
    if request.GET.get("export") == "xlsx":
        header = [_("单位"), *(c.name for c in columns)]
        lines = [
            [r.label, *(None if c is None or c.rate is None else c.rate for c in r.cells)]
            for r in rows
        ]
        return workbook_response(_("得分率"), header, lines)
    context = {
        "campaign": campaign, "run": run, "columns": columns, "rows": rows,
        "clauses": more.heat_answer(columns, rows), "periods": published_periods(campaign),
    }  # fmt: skip
    return render(request, "dashboards/heat.html", context)


@campaign_page("scores.see")
def compare(request: Request, campaign: Campaign) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("同台比较"))
    found = result_of(run)
    units = more.compare_units(found, request.GET.getlist("unit"))
    labels = {u.code: str(u) for u in Unit.objects.all()}
    rows = more.compare_rows(units)
    names = [labels.get(u.unit, u.name) for u in units]
    if request.GET.get("export") == "xlsx":
        lines = [
            [r["name"], *(c["mark"].marks if c["mark"] else None for c in r["cells"])] for r in rows
        ]
        return workbook_response(_("同台比较"), [_("指标"), *names], lines)
    context = {
        "campaign": campaign, "run": run, "units": list(zip(units, names, strict=True)), "rows": rows,
        "choices": [(u.unit, labels.get(u.unit, u.name)) for u in found.units],
        "chosen": [u.unit for u in units], "periods": published_periods(campaign),
        "clauses": _difference(units, names, rows),
    }  # fmt: skip
    return render(request, "dashboards/compare.html", context)


def _difference(units: list, names: list[str], rows: list) -> list[str]:  # type: ignore[type-arg]
    """The sentence: who is ahead by how much, and which indicator makes most of it."""
    scored = sorted(zip(units, names, strict=True), key=lambda p: -(p[0].score or 0.0))
    if len(scored) < 2 or not rows:
        return [_("选两家以上单位，逐项比较得分。")]
    (first, name), (second, other) = scored[0], scored[1]
    gap = plain_number((first.score or 0.0) - (second.score or 0.0), 2)
    words = {"a": name, "b": other, "n": gap}
    widest = {"name": rows[0]["name"], "n": plain_number(rows[0]["spread"], 2)}
    return [
        _("%(a)s比%(b)s多%(n)s分，") % words,
        _("差得最多的是%(name)s（%(n)s分）。") % widest,
    ]


@campaign_page("completeness.see")
def completeness(request: Request, campaign: Campaign) -> HttpResponse:
    rows = more.completeness(request.user, campaign)
    shown = more.completeness_table(rows).shown(request)
    if shown.wants_export:
        return shown.export()
    latest = [r for r in rows if rows and r["period"] == rows[0]["period"]]
    context = {
        "campaign": campaign, "shown": shown, "latest": rows[0]["period"] if rows else "",
        "owed": more.total(latest, "owed"), "reported": more.total(latest, "reported"),
        "incomplete": sum(1 for r in latest if r["missing"]),
    }  # fmt: skip
    return render(request, "dashboards/completeness.html", context)


@campaign_page("completeness.see")
def burden(request: Request, campaign: Campaign) -> HttpResponse:
    latest = campaign.rounds.order_by("-due_at").first()
    rows = more.burden(campaign, latest)
    shown = more.burden_table(rows).shown(request)
    if shown.wants_export:
        return shown.export()
    typed = more.total(rows, "typed")
    context = {
        "campaign": campaign, "shown": shown, "round": latest, "typed": typed, "units": len(rows),
        "mean": typed / len(rows) if rows else 0, "provided": more.total(rows, "provided"),
    }  # fmt: skip
    return render(request, "dashboards/burden.html", context)
