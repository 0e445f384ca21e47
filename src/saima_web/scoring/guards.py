"""What scoring asks before a rulebook takes effect: published rankings keep their rulebook."""

from __future__ import annotations

from saima.periods import Period, parse
from saima.problems import declare, refuse
from saima_web.indicators.models import Rulebook
from saima_web.scoring.models import ScoreRun

RANKED_ALREADY = declare(
    "rulebook-ranked-already",
    "{period}的排名已经公布，新版本不能从{effective}起施行。",
    "请选{period}之后的期间；旧月份按新办法重算，只作对照。",
    "the ranking of {period} is published, so a new version cannot begin in {effective}.",
    "Choose a later period; earlier months under new rules are only a comparison.",
)
STOOD = (ScoreRun.State.PUBLISHED, ScoreRun.State.SUPERSEDED)


def refuse_ranked_periods(row: Rulebook, period: Period) -> None:
    """A new official version never reaches back to a month that was ranked and published."""
    if not row.official:
        return
    runs = row.campaign.runs.filter(state__in=STOOD, trial=False, comparison=False)
    ranked = [parse(text) for text in runs.values_list("period", flat=True).distinct()]
    late = max((p for p in ranked if p.end >= period.start), key=lambda p: p.end, default=None)
    if late is not None:
        raise refuse(RANKED_ALREADY, period=late.label(), effective=period.label())
