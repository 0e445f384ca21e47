"""Reading runs: the published ones, who may see which, results typed, and why a mark is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, TypeVar

import msgspec
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring, score
from saima.scoring.digests import input_digest
from saima.scoring.result import Result
from saima.tables import Tables
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import period_in
from saima_web.indicators.queries import parsed
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may
from saima_web.scoring.models import ScoreRun, Standing
from saima_web.scoring.tables import tables_of

State = ScoreRun.State
Made = TypeVar("Made")


def published_run(campaign: Campaign, period: str) -> ScoreRun | None:
    """The publication of a period that stands."""
    return _published(campaign).filter(period=period).first()


def latest_published(campaign: Campaign) -> ScoreRun | None:
    """The publication of the latest period; trial months do not count."""
    rows = [r for r in _published(campaign) if not r.trial]
    return max(rows, key=lambda r: r.period, default=None)


def published_periods(campaign: Campaign) -> list[str]:
    """The periods that are published, in order, trial months left out."""
    return sorted(r.period for r in _published(campaign) if not r.trial)


def _published(campaign: Campaign) -> QuerySet[ScoreRun]:
    rows = ScoreRun.objects.filter(campaign=campaign, state=State.PUBLISHED)
    return rows.select_related("campaign", "rulebook").defer("result")


def visible_run(by: User, campaign: Campaign, period: str) -> ScoreRun | None:
    """The run of a period that a user may look at: the published one, else the latest draft."""
    found = published_run(campaign, period)
    if found is not None or not may(by, "scores.see-draft", campaign=campaign):
        return found
    rows = ScoreRun.objects.filter(campaign=campaign, period=period, comparison=False)
    rows = rows.select_related("campaign", "rulebook").defer("result")
    return rows.exclude(state=State.DROPPED).first()


def draft_run(campaign: Campaign, period: str = "") -> ScoreRun | None:
    """The latest run on its way to publication, of a period or of any.

    Comparisons do not go there, nor do drafts that a later, published run has overtaken.
    """
    overtaken = _published(campaign).filter(
        period=OuterRef("period"), made_at__gt=OuterRef("made_at")
    )
    rows = ScoreRun.objects.filter(campaign=campaign, comparison=False).exclude(
        state__in=(State.PUBLISHED, State.SUPERSEDED, State.DROPPED)
    )
    rows = rows.exclude(Exists(overtaken))
    rows = rows.filter(period=period) if period else rows
    return rows.select_related("campaign", "rulebook").defer("result").first()


def run_about(by: User, campaign: Campaign, period: str, unit: Unit, pk: str) -> ScoreRun | None:
    """The run that a page about one unit tells of: one asked for by its number, or `visible_run`.

    A draft shows to those who may see drafts, and to the unit itself once its sheet is out.
    """
    if not pk.isdigit():
        return visible_run(by, campaign, period)
    rows = ScoreRun.objects.filter(campaign=campaign, period=period, pk=int(pk))
    found = rows.select_related("campaign", "rulebook").defer("result").first()
    return found if found and may_see_sheet(by, found, unit) else None


def may_see_sheet(by: User, run: ScoreRun, unit: Unit) -> bool:
    """Drafts are for the office and leaders; a unit sees its own sheet from the checking on."""
    if may(by, "scores.see-draft", campaign=run.campaign):
        return True
    out = run.state not in (State.DRAFT, State.DROPPED) and not run.comparison
    return out and may(by, "sheets.check", campaign=run.campaign, unit=unit)


def base_of(run: ScoreRun) -> ScoreRun | None:
    """What a run of the same period is held against: the version it corrects, else the published."""
    if run.corrects_id is not None:
        return ScoreRun.objects.get(pk=run.corrects_id)
    found = published_run(run.campaign, run.period)
    return found if found is not None and found.pk != run.pk else None


def kept_by_run(most: int) -> Callable[[Callable[[ScoreRun], Made]], Callable[[ScoreRun], Made]]:
    """Keep what a function makes of the last so many runs: a run never changes.

    A database that was put back may use a number again, but never with the same moment.
    """

    def kept(make: Callable[[ScoreRun], Made]) -> Callable[[ScoreRun], Made]:
        @lru_cache(maxsize=most)
        def made(pk: int, made_at: datetime) -> Made:
            rows = ScoreRun.objects.select_related("campaign", "rulebook").defer("result")
            return make(rows.get(pk=pk, made_at=made_at))

        @wraps(make)
        def found(run: ScoreRun) -> Made:
            return made(run.pk, run.made_at)

        return found

    return kept


@kept_by_run(64)
def result_of(run: ScoreRun) -> Result:
    """A run's result, typed. Its units stand in official order."""
    rows = ScoreRun.objects.filter(pk=run.pk).annotate(text=Cast("result", TextField()))
    return msgspec.json.decode(rows.values_list("text", flat=True).get(), type=Result)


def book_of(run: ScoreRun) -> Rulebook:
    """The rulebook that a run pins."""
    book = parsed(run.rulebook.text)[0]
    assert book is not None, "a published rulebook reads"
    return book


@kept_by_run(8)
def scoring_of(run: ScoreRun) -> Scoring:
    """The run computed again from what it pins, in whole: minutes where years of figures are."""
    return score(pinned_tables(run), book_of(run))


def pinned_tables(run: ScoreRun) -> Tables:
    """All that a run was made from, read again."""
    day = period_in(run.campaign, run.period).end
    return tables_of(run.campaign, run.as_of, provisional=run.provisional, day=day)


def still_the_same(run: ScoreRun) -> bool:
    """Whether the pins still give the input that the run was made from: read in whole."""
    return _digest(run) == run.input_digest


@kept_by_run(64)
def _digest(run: ScoreRun) -> str:
    """Of a run's pins as they stand: figures and targets are only ever added after them."""
    return input_digest(scoring_of(run).cube)


def difference(old: ScoreRun, new: ScoreRun) -> list[dict[str, Any]]:
    """Unit by unit what changed between two runs of a period; unchanged units are left out."""
    before = {u.unit: u for u in result_of(old).units}
    rows = []
    for unit in result_of(new).units:
        was = before.get(unit.unit)
        old_marks = {m.indicator: m.marks for m in was.marks} if was else {}
        marks = [
            {"name": m.name, "was": old_marks.get(m.indicator), "now": m.marks}
            for m in unit.marks
            if old_marks.get(m.indicator) != m.marks
        ]
        if was is None or marks or (was.score, was.rank) != (unit.score, unit.rank):
            rows.append(
                {
                    "unit": unit.unit, "name": unit.name, "marks": marks,
                    "score_was": was.score if was else None, "score": unit.score,
                    "rank_was": was.rank if was else None, "rank": unit.rank,
                }
            )  # fmt: skip
    return rows


def trend(campaign: Campaign, unit: Unit) -> list[Standing]:
    """A unit's published standings, month by month."""
    rows = Standing.objects.filter(run__campaign=campaign, run__state=State.PUBLISHED, unit=unit)
    return list(
        rows.filter(run__trial=False)
        .select_related("run")
        .defer("run__result")
        .order_by("run__period")
    )


def seals_history(campaign: Campaign, up_to: str) -> dict[str, dict[str, dict[str, bool | None]]]:
    """Unit -> seal -> period -> earned, from the publications up to a period."""
    found: dict[str, dict[str, dict[str, bool | None]]] = {}
    for run in _published(campaign).filter(period__lte=up_to, trial=False).order_by("period"):
        for unit in result_of(run).units:
            for seal in unit.seals:
                found.setdefault(unit.unit, {}).setdefault(seal.name, {})[run.period] = seal.earned
    return found


def published_runs(campaign: Campaign) -> list[ScoreRun]:
    """All publications that stand, the earliest period first."""
    return list(_published(campaign).order_by("period"))
