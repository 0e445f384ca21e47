"""What would be: one changed figure, or several schemes on the same figures. Nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saima.periods import Period
from saima.scoring import result
from saima.scoring.editing import Edit, edited
from saima.scoring.side_by_side import SideBySide, side_by_side
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed
from saima_web.people.languages import reader
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of, scoring_of
from saima_web.scoring.tables import tables_of


@dataclass(frozen=True)
class Effect:
    """What a changed figure does: to the mark, to the score, and to everybody's place."""

    name: str
    sentence: str
    mark_was: float | None
    mark: float | None
    score_was: float | None
    score: float | None
    rows: list[dict[str, Any]]

    @property
    def change(self) -> float:
        return (self.score or 0.0) - (self.score_was or 0.0)


def effect(run: ScoreRun, unit: str, indicator: str, value: Decimal) -> Effect | None:
    """The effect of another figure in the run's period; None where the run does not score it."""
    try:
        scoring = edited(scoring_of(run), [Edit(unit, indicator, run.period, float(value))])
        fresh = {
            u.unit: u
            for u in result(scoring, run.period, language=reader(), with_needs=False).units
        }
    except KeyError:
        return None
    before = {u.unit: u for u in result_of(run).units}
    if unit not in fresh or unit not in before:
        return None
    now_marks = [m for m in fresh[unit].marks if m.indicator == indicator]
    was_marks = [m for m in before[unit].marks if m.indicator == indicator]
    rows = [
        {"name": u.name, "track": u.track, "rank_was": was.rank, "rank": u.rank,
         "moved": was.rank - u.rank if was.rank and u.rank else None,
         "score_was": was.score, "score": u.score}
        for code, u in fresh.items()
        if (was := before.get(code)) and (was.score, was.rank) != (u.score, u.rank)
    ]  # fmt: skip
    return Effect(
        name=fresh[unit].name,
        sentence=now_marks[0].sentence if now_marks else "",
        mark_was=was_marks[0].marks if was_marks else None,
        mark=now_marks[0].marks if now_marks else None,
        score_was=before[unit].score,
        score=fresh[unit].score,
        rows=rows,
    )


def beside(campaign: Campaign, rows: Sequence[Rulebook], period: Period) -> SideBySide:
    """The same period under several rulebooks, on what is known now."""
    books = [book for row in rows if (book := parsed(row.text)[0]) is not None]
    return side_by_side(tables_of(campaign, now(), day=period.end), books, period)
