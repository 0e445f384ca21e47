"""Calls that give published results: rankings, a unit's marks, why a mark is what it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query

from saima.scoring.result import Mark, UnitResult
from saima_web.api.calls import CAMPAIGN, RESULT, RESULTS, call
from saima_web.api.guard import CallRequest
from saima_web.api.refusals import missing
from saima_web.api.shapes import (
    ExplanationOut,
    LanguageIn,
    MarkOut,
    Page,
    Paging,
    RunOut,
    StandingOut,
    part,
)
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.permissions import may
from saima_web.scoring.inputs import explanation
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import published_run, published_runs, result_of


@call(
    "GET", CAMPAIGN + "/results", name="results", action="scores.see", title=_("已公布的排名"),
    gives=Page[RunOut], group=RESULTS,
)  # fmt: skip
def results(request: CallRequest, campaign: str, page: Query[Paging]) -> Any:
    return part(published_runs(request.campaign), page, _run)


def _run(row: ScoreRun) -> dict[str, Any]:
    return {
        "period": row.period, "version": row.version, "published_at": row.published_at,
        "trial": row.trial, "rulebook": row.rulebook.name, "rulebook_version": row.rulebook.version,
        "units": len(result_of(row).units), "input_digest": row.input_digest,
    }  # fmt: skip


@call(
    "GET", RESULT, name="ranking", action="scores.see", title=_("一期的排名"),
    gives=Page[StandingOut], group=RESULTS,
)  # fmt: skip
def ranking(request: CallRequest, campaign: str, period: str, page: Query[Paging]) -> Any:
    units = result_of(_published(request.campaign, period)).units
    tracks = {name: n for n, name in enumerate(dict.fromkeys(u.track for u in units))}
    ordered = sorted(units, key=lambda u: (tracks[u.track], u.rank is None, u.rank or 0))
    return part(ordered, page, _standing)


def _published(campaign: Campaign, period: str) -> ScoreRun:
    found = published_run(campaign, period)
    if found is None:
        raise missing(period)
    return found


def _standing(unit: UnitResult) -> dict[str, Any]:
    names = ("unit", "name", "track", "rank", "tied", "score", "tier", "grade", "movement")
    return {name: getattr(unit, name) for name in names}


@call(
    "GET", RESULT + "/units/{unit}", name="marks", action="scores.see",
    title=_("一家单位在一期的各项得分"), gives=Page[MarkOut], group=RESULTS,
)  # fmt: skip
def marks(request: CallRequest, campaign: str, period: str, unit: str, page: Query[Paging]) -> Any:
    units = result_of(_published(request.campaign, period)).units
    found = next((u for u in units if u.unit == unit), None)
    if found is None:
        raise missing(unit)
    known = Indicator.objects.in_bulk([m.indicator for m in found.marks], field_name="code")

    def opened(mark: Mark) -> bool:
        indicator = known.get(mark.indicator)
        on = {"campaign": request.campaign, "unit": request.unit, "indicator": indicator}
        return indicator is not None and may(request.user, "scores.explain", **on)

    return part(found.marks, page, lambda m: _mark(m, opened(m)))


def _mark(mark: Mark, opened: bool) -> dict[str, Any]:
    """What everybody sees of a mark, and the figures behind it for those whom they concern."""
    said = {name: getattr(mark, name) for name in ("indicator", "name", "category", "marks")}
    behind = ("actual", "target", "attainment", "sentence")
    return (
        said
        | {"full_marks": mark.full_marks, "opened": opened}
        | {name: getattr(mark, name) if opened else None for name in behind}
    )


@call(
    "GET", RESULT + "/units/{unit}/marks/{indicator}", name="explanation", action="scores.explain",
    title=_("一项得分怎样算出来"), gives=ExplanationOut, group=RESULTS,
)  # fmt: skip
def why(
    request: CallRequest, campaign: str, period: str, unit: str, indicator: str,
    language: LanguageIn = "zh",
) -> Any:  # fmt: skip
    run = _published(request.campaign, period)
    try:
        found = explanation(run, unit, indicator, language)
    except KeyError:
        raise missing(f"{unit}/{indicator}") from None
    if not found["marks"]:
        raise missing(f"{unit}/{indicator}")
    return found
