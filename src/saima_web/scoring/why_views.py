"""The explanation of a score or a mark: opened to those whom it concerns, to others closed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from saima.problems import Language
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator
from saima_web.people.languages import reader
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.scoring import if_more, why
from saima_web.scoring.inputs import explanation, same_for
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.overview import sheet_table
from saima_web.scoring.queries import result_of, run_about
from saima_web.ui.templatetags.saima import plain_number

LONG = 60
"""A score of more marks tells its steps and numbers mark by mark, each on its own page."""


@campaign_page("scores.see")
def mark(
    request: Request, campaign: Campaign, period: str, unit: str, indicator: str
) -> HttpResponse:
    """Why this mark."""
    return _page(request, campaign, period, unit, get_object_or_404(Indicator, code=indicator))


@campaign_page("scores.see")
def score(request: Request, campaign: Campaign, period: str, unit: str) -> HttpResponse:
    """Why this score."""
    return _page(request, campaign, period, unit, None)


def _page(
    request: Request, campaign: Campaign, period: str, code: str, indicator: Indicator | None
) -> HttpResponse:
    unit = get_object_or_404(Unit, code=code)
    run = run_about(request.user, campaign, period, unit, request.GET.get("run", ""))
    if run is None or not run.standings.filter(unit=unit).exists():
        raise Http404
    opened = _opened(request, run, unit, indicator)
    if "export" in request.GET:
        require(request.user, "scores.explain", campaign=campaign, unit=unit, indicator=indicator)
        if not opened:
            require(request.user, "scores.see-draft", campaign=campaign)
        return _json(run, code, indicator)
    if request.GET.get("part") == "ifs" and indicator is not None:
        ifs = if_more.lines(run, code, indicator.code) if opened else []
        return render(request, "scoring/_ifs.html", {"ifs": ifs})
    context = (
        _opened_context(request, run, unit, indicator) if opened else _closed(run, unit, indicator)
    )
    context |= {"run": run, "unit": unit, "campaign": campaign, "opened": opened}
    return render(request, "scoring/why.html", context)


def _opened(request: Request, run: ScoreRun, unit: Unit, indicator: Indicator | None) -> bool:
    """Whether the trace may be shown; a whole score needs more than one owned indicator."""
    on: dict[str, Any] = {"campaign": run.campaign, "unit": unit, "indicator": indicator or NOBODYS}
    return may(request.user, "scores.explain", **on)


class _Nobodys:
    """Stands for all indicators: no department owns it."""

    category = None
    data_owner_id = lead_unit_id = -1


NOBODYS = _Nobodys()


def _json(run: ScoreRun, unit: str, indicator: Indicator | None) -> HttpResponse:
    data = _explained(run, unit, indicator.code if indicator else None, "zh")
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = "-".join(filter(None, (run.period, unit, indicator.code if indicator else "")))
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _opened_context(
    request: Request, run: ScoreRun, unit: Unit, indicator: Indicator | None
) -> dict[str, Any]:
    code = indicator.code if indicator else None
    data = _explained(run, unit.code, code, reader(), long=LONG)
    steps = data["steps"]
    parts = None if indicator else sheet_table(run, unit)
    long = len(data["marks"]) > LONG
    given = [] if long else why.numbers(steps, run.campaign, request.user)
    return {
        "mark": data["marks"][0] if indicator else None,
        "official": why.official(run, indicator.code) if indicator else [],
        "clauses": why.answer(data, str(unit), code, steps["value"]),
        "value": plain_number(steps["value"], 2) if steps["value"] is not None else "—",
        "tokens": why.tokens(steps, indicator is None), "tree": why.tree(steps, deepest=1 if long else 99),
        "long": long, "numbers": given, "same": same_for(run, unit.code, code),
        "digest": why.short_digest(run), "parts": parts.shown(request) if parts else None,
        "may_appeal": indicator is not None
        and run.state == ScoreRun.State.PUBLISHED
        and may(request.user, "appeals.raise", campaign=run.campaign, unit=unit),
    }  # fmt: skip


def _closed(run: ScoreRun, unit: Unit, indicator: Indicator | None) -> dict[str, Any]:
    """Marks without figures: what participants may see of one another."""
    found = next(u for u in result_of(run).units if u.unit == unit.code)
    if indicator is None:
        marks = [
            {"name": m.name, "marks": m.marks, "full_marks": m.full_marks} for m in found.marks
        ]
        clauses = [
            _("%(unit)s总分%(n)s分，")
            % {"unit": found.name, "n": plain_number(found.score or 0.0, 2)},
            _("由%(n)s项得分相加而来。") % {"n": len(marks)},
        ]
        return {"clauses": clauses, "closed": marks, "same": True}
    mark = next((m for m in found.marks if m.indicator == indicator.code), None)
    if mark is None:
        raise Http404
    data = {"marks": [{"name": mark.name, "marks": mark.marks, "full_marks": mark.full_marks}]}
    clauses = why.answer(data, found.name, mark.indicator, mark.marks)
    return {"clauses": clauses, "closed": data["marks"], "same": True}


def _explained(
    run: ScoreRun, unit: str, code: str | None, language: Language, long: int | None = None
) -> dict[str, Any]:
    """The explanation; 404 where the unit has no such mark."""
    try:
        data = explanation(run, unit, code, language, long=long)
    except KeyError:
        raise Http404 from None
    if not data["marks"]:
        raise Http404
    return data
