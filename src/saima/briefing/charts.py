"""Charts of a bulletin: scores by track, scores over the periods, indicators against their pace."""

from __future__ import annotations

from saima.briefing.model import Chart, Series
from saima.briefing.overview import Group, Overview
from saima.briefing.phrases import behind, short_period
from saima.briefing.progress import Progress
from saima.briefing.ranking_tables import title_of
from saima.rounding import number
from saima.scoring.result import UnitResult

_MOST_LINES = 6
_LEADERS = 3


def score_chart(view: Overview, group: Group) -> Chart | None:
    """Scores of a group's ranked units, the best first; None for fewer than two."""
    if len(group.ranked) < 2:
        return None
    scores = tuple(u.score for u in group.ranked)
    known = [score for score in scores if score is not None]
    spread = view.score_text(max(known) - min(known))
    return Chart(
        "ranked_bar",
        title_of(view, group, "得分"),
        tuple(view.label(u.unit) for u in group.ranked),
        (Series("得分", scores),),
        measure="分",
        decimals=view.score_decimals,
        sentence=f"{group.name + '：' if group.name else ''}首末位相差{spread}分",
        category="单位",
    )


def trend_chart(view: Overview, group: Group) -> Chart | None:
    """Scores of a group over the window's periods so far; None for a first period.

    Every unit where they are few, else the first three, the last and the mean.
    """
    periods = _window(view)
    if len(periods) < 2 or not group.ranked:
        return None
    units = list(group.ranked)
    chosen = units if len(units) <= _MOST_LINES else [*units[:_LEADERS], units[-1]]
    series = [Series(view.label(u.unit), _line(view, u, periods)) for u in chosen]
    if len(units) > len(chosen):
        series.append(Series("平均", _mean_line(view, units, periods)))
    scored = view.scoring.cube.scored
    return Chart(
        "line",
        title_of(view, group, "各期得分"),
        tuple(short_period(scored[s], view.period) for s in periods),
        tuple(series),
        measure="分",
        decimals=view.score_decimals,
        sentence=_trend_sentence(view, group),
        category="期间",
    )


def _trend_sentence(view: Overview, group: Group) -> str:
    """经营类：较8月升分最多的是栖湖文旅，升6.26分; empty where no score rose."""
    changes = [(view.score_change(u.unit) or 0.0, view.label(u.unit)) for u in group.ranked]
    most, name = max(changes, key=lambda change: change[0])
    if view.before is None or number(most, view.score_decimals) <= 0:
        return ""
    before = short_period(view.scoring.cube.scored[view.before], view.period)
    head = f"{group.name}：" if group.name else ""
    return f"{head}较{before}升分最多的是{name}，升{view.score_text(most)}分"


def _window(view: Overview) -> list[int]:
    """Scored periods of the same window up to this one."""
    window, scored = view.campaign.clock.window, view.scoring.cube.scored
    here = window(view.period.end)
    return [s for s in range(view.s + 1) if window(scored[s].end) == here]


def _line(view: Overview, unit: UnitResult, periods: list[int]) -> tuple[float | None, ...]:
    scores = view.scoring.score[view.index(unit.unit)]
    return tuple(None if scores[s] != scores[s] else float(scores[s]) for s in periods)


def _mean_line(
    view: Overview, units: list[UnitResult], periods: list[int]
) -> tuple[float | None, ...]:
    lines = [_line(view, u, periods) for u in units]
    known = [[v for v in column if v is not None] for column in zip(*lines, strict=True)]
    return tuple(sum(column) / len(column) if column else None for column in known)


def pace_chart(view: Overview, progress: Progress) -> Chart | None:
    """Units' distance from the pace of one indicator, furthest ahead first."""
    rows = progress.known
    if len(rows) < 2:
        return None
    late = sum(behind(r.mark.pace_gap) for r in rows)
    name = progress.indicator.name
    said = f"{late}家欠序时" if late else "均达到或超过序时"
    return Chart(
        "ranked_bar",
        f"{name}超欠序时",
        tuple(view.label(r.unit.unit) for r in rows),
        (Series("超欠序时", tuple(r.mark.pace_gap for r in rows)),),
        measure="百分点",
        decimals=2,
        sentence=f"{name}：{len(rows)}家单位中{said}",
        category="单位",
    )
