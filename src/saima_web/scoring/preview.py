"""What a draft would give on real figures, beside the version in force: nothing is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from saima.rules.rulebook import Leaf
from saima.rules.rulebook import Rulebook as Book
from saima.scoring import Scoring, result, score
from saima.scoring.result import Result
from saima.tables import Tables
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.editing import placed_leaves
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed
from saima_web.indicators.shown import base_of, current_rulebook, visible_rulebooks
from saima_web.people.languages import reader
from saima_web.people.pages import Request
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.tables import tables_of


@dataclass(frozen=True)
class Tried:
    """A rulebook tried on the campaign's figures: all periods, and the one that is shown."""

    book: Book
    scoring: Scoring
    result: Result

    @property
    def s(self) -> int:
        return self.scoring.index_of(self.result.period)


def try_on(campaign: Campaign, book: Book, tables: Tables, period: str = "") -> Tried | None:
    """Score a rulebook on the figures known now; None where nothing can be scored yet.

    period: which to show; without one the latest published, else the latest with scores.
    """
    scoring = score(tables, book)
    texts = [p.text for p in scoring.cube.scored]
    shown = period if period in texts else latest_of(campaign, scoring, texts)
    return (
        Tried(book, scoring, result(scoring, shown, language=reader(), with_needs=False))
        if shown
        else None
    )


def latest_of(campaign: Campaign, scoring: Scoring, texts: list[str]) -> str:
    """The latest published period, else the latest in which most units have a score."""
    published = campaign.runs.filter(state=ScoreRun.State.PUBLISHED, period__in=texts)
    known = set(published.values_list("period", flat=True))
    if known:
        return max(known, key=texts.index)
    for s in reversed(range(len(texts))):
        scores = [x for x in scoring.score[:, s] if not math.isnan(x)]
        if any(x > 0 for x in scores):
            return texts[s]
    return texts[-1] if texts else ""


def in_force_beside(row: Rulebook) -> Rulebook | None:
    """What a draft is compared with: its own last version, else what ranks the campaign today."""
    found = base_of(row) or current_rulebook(row.campaign)
    return None if found is not None and found.pk == row.pk else found


@campaign_page("rulebooks.edit")
def leaf(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """Marks of one indicator, unit by unit: under the draft, and under the version in force."""
    row = get_object_or_404(visible_rulebooks(campaign, request.user), pk=pk)
    book = parsed(row.text)[0]
    chosen = next((x for a, _p, x in placed_leaves(book) if a == at), None) if book else None
    context: dict[str, Any] = {"campaign": campaign, "leaf": chosen}
    if book is not None and chosen is not None:
        context |= _leaf_rows(campaign, row, book, chosen)
    return render(request, "scoring/_preview.html", context)


def _leaf_rows(campaign: Campaign, row: Rulebook, book: Book, chosen: Leaf) -> dict[str, Any]:
    tables = tables_of(campaign, now())
    new = try_on(campaign, book, tables)
    if new is None:
        return {}
    other = in_force_beside(row)
    other_book = parsed(other.text)[0] if other else None
    period = new.result.period
    old = try_on(campaign, other_book, tables, period) if other_book else None
    twin = _twin(other_book, book, chosen) if other_book else None
    after = _marks(new, chosen)
    before = _marks(old, twin) if old and twin and old.result.period == period else {}
    figures = _figures(new, chosen.indicator)
    rows = [
        {
            "name": unit.label, "track": unit.track, **figures.get(unit.code, {}),
            "before": before.get(unit.code), "after": after.get(unit.code),
            "change": _change(before.get(unit.code), after.get(unit.code)),
        }
        for unit in new.scoring.cube.campaign.ranked_units()
        if unit.code in after or unit.code in before
    ]  # fmt: skip
    indicator = new.scoring.cube.campaign.indicator_index.get(chosen.indicator)
    known = new.scoring.cube.campaign.indicators[indicator] if indicator is not None else None
    return {"rows": rows, "period": period, "other": other, "known": known, "twin": twin,
            "decimals": known.decimals if known else 2}  # fmt: skip


def _twin(other: Book, book: Book, leaf: Leaf) -> Leaf | None:
    """The leaf of the same indicator in another rulebook, the same one of several."""
    own = [x for _, x in book.leaves() if x.indicator == leaf.indicator]
    theirs = [x for _, x in other.leaves() if x.indicator == leaf.indicator]
    number = next(i for i, x in enumerate(own) if x is leaf)
    return theirs[number] if number < len(theirs) else None


def _marks(tried: Tried, leaf: Leaf) -> dict[str, float]:
    """Marks by unit of those that have the indicator."""
    marked = next((m for m in tried.scoring.marked if m.leaf is leaf), None)
    if marked is None:
        return {}
    units = tried.scoring.cube.campaign.units
    return {
        unit.code: float(value)
        for unit, value, status in zip(units, marked.marks[:, tried.s], marked.status[:, tried.s])
        if status != 0 and not math.isnan(value)
    }


def _figures(tried: Tried, indicator: str) -> dict[str, dict[str, Any]]:
    """Actual and attainment by unit, and the sentence of the mark."""
    return {
        unit.unit: {"actual": m.actual, "attainment": m.attainment, "sentence": m.sentence}
        for unit in tried.result.units
        for m in unit.marks
        if m.indicator == indicator
    }


def _change(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 4)


@campaign_page("rulebooks.edit")
def whole(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Scores and places of every unit under a version and under another, for comparison only."""
    rows = visible_rulebooks(campaign, request.user)
    row = get_object_or_404(rows, pk=pk)
    wanted = request.GET.get("with", "")
    other = rows.filter(pk=wanted).first() if wanted.isdigit() else in_force_beside(row)
    context: dict[str, Any] = {"campaign": campaign, "row": row, "other": other}
    book = parsed(row.text)[0]
    if book is not None:
        context |= _score_rows(campaign, book, parsed(other.text)[0] if other else None)
    return render(request, "scoring/_preview_all.html", context)


def _score_rows(campaign: Campaign, book: Book, other: Book | None) -> dict[str, Any]:
    tables = tables_of(campaign, now())
    new = try_on(campaign, book, tables)
    if new is None:
        return {}
    old = try_on(campaign, other, tables, new.result.period) if other else None
    same = old is not None and old.result.period == new.result.period
    before = {u.unit: u for u in old.result.units} if old and same else {}
    rows = []
    for unit in sorted(new.result.units, key=lambda u: (u.track, u.rank or 999)):
        was = before.get(unit.unit)
        moved = was.rank - unit.rank if was and was.rank and unit.rank else None
        rows.append(
            {
                "name": unit.name, "track": unit.track, "score": unit.score, "rank": unit.rank,
                "was": was.score if was else None, "was_rank": was.rank if was else None,
                "moved": moved, "change": _change(was.score if was else None, unit.score),
            }
        )  # fmt: skip
    moves = sum(1 for r in rows if r["moved"])
    return {"rows": rows, "period": new.result.period, "moves": moves}
