"""The result of one period as plain data: every unit's place, marks and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saima.campaigns import SOURCE_NAMES, SOURCES
from saima.periods import previous
from saima.problems import Language, Problem
from saima.ranking import Places
from saima.rounding import half_up
from saima.rules.rulebook import Rulebook
from saima.scoring.additions import blocked_awards, vetoes
from saima.scoring.boards import keeps_pace
from saima.scoring.digests import input_digest
from saima.scoring.engine import Scoring
from saima.scoring.gaps import needs
from saima.scoring.marks import LeafMarks, Status, leaf_problems
from saima.scoring.result import Award, Mark, Need, Neighbour, Result, RulebookName, UnitResult
from saima.scoring.sentences import LeafSentences, plain
from saima.scoring.standing import seal_due
from saima.steps import Floats

_STATUS_NAMES = {status: status.name.lower() for status in Status}
_SOURCE_TEXTS = (*(SOURCE_NAMES[source] for source in SOURCES), "")


def result(
    scoring: Scoring,
    period: str | None = None,
    *,
    language: Language = "zh",
    as_of: str | None = None,
    problems: list[Problem] | None = None,
    with_needs: bool = True,
    unit: str | None = None,
) -> Result:
    """The ranking of a period (the latest with figures, if none is named).

    Units stand in official order; `rank` and `track` tell the ranking. With `unit` only that one
    is told, in a fraction of the time. Errors: KeyError for a period that was not scored.
    """
    if not scoring.cube.scored:
        raise KeyError(period)
    s = scoring.index_of(period) if period else len(scoring.cube.scored) - 1
    campaign, rulebook = scoring.cube.campaign, scoring.rulebook
    found = [
        *(problems or []),
        *(p for m in scoring.marked for p in leaf_problems(m, scoring.field, s)),
    ]
    return Result(
        period=scoring.cube.scored[s].text,
        rulebook=name_of(rulebook),
        input_digest=input_digest(scoring.cube),
        movement_basis=movements(scoring, s)[1],
        units=_units(scoring, s, language, with_needs, unit),
        problems=tuple(p.as_data(language) for p in found),
        as_of=as_of,
        campaign=campaign.name,
        demo=campaign.demo,
    )


def name_of(rulebook: Rulebook) -> RulebookName:
    """How a result names its rulebook."""
    return RulebookName(
        name=rulebook.rulebook,
        version=rulebook.version,
        digest=rulebook.digest,
        title=rulebook.name,
    )


def _units(
    scoring: Scoring, s: int, language: str, with_needs: bool, only: str | None
) -> tuple[UnitResult, ...]:
    moved, _ = movements(scoring, s)
    ahead, behind = neighbours(scoring, s)
    gaps = np.array([n.gap if n else np.nan for n in ahead])
    closing = needs(scoring, s, gaps) if with_needs else [None] * len(gaps)
    told = [only in (None, unit.code) for unit in scoring.cube.campaign.units]
    marks = _marks(scoring, s, language, told)
    blocked = blocked_awards(scoring.field, scoring.marked, s)
    order = sorted(range(len(gaps)), key=lambda u: scoring.cube.campaign.units[u].order)
    return tuple(
        _unit(scoring, s, u, moved[u], (ahead[u], behind[u], closing[u]), marks[u], blocked[u])
        for u in order
        if scoring.field.valid[u, s] and marks[u]
    )


def _unit(
    scoring: Scoring,
    s: int,
    u: int,
    moved: int | None,
    around: tuple[Neighbour | None, Neighbour | None, Need | None],
    marks: tuple[Mark, ...],
    blocked: frozenset[str],
) -> UnitResult:
    unit, standing = scoring.cube.campaign.units[u], scoring.standing
    rank = int(standing.rank[u, s])
    peers = standing.rank[standing.group == standing.group[u], s]
    return UnitResult(
        unit=unit.code,
        name=unit.name,
        track=unit.track,
        score=plain(scoring.score[u, s]),
        rank=rank or None,
        tier=standing.tiers[s][u],
        movement=moved,
        grade=standing.grades[s][u],
        tied=bool(rank and (peers == rank).sum() > 1),
        bonus=0.0 if scoring.bonus_blocked[u, s] else float(scoring.additions.bonus[u, s]),
        deduction=float(scoring.additions.deduction[u, s]),
        full_marks=float(scoring.full[u, s]),
        seals=_seals(scoring, s, u),
        blocked=tuple(sorted(blocked)),
        vetoes=tuple(event.name for event, _ in vetoes(scoring.field, u, s)),
        ahead=around[0],
        behind=around[1],
        need=around[2],
        marks=marks,
    )


def _seals(scoring: Scoring, s: int, u: int) -> tuple[Award, ...]:
    earned = scoring.standing.seals[s][u]
    due = (seal for seal in scoring.rulebook.seals if seal_due(scoring.field, seal, s))
    return tuple(Award(name=seal.name, earned=earned.get(seal.name)) for seal in due)


def movements(scoring: Scoring, s: int) -> tuple[list[int | None], str]:
    """Places gained since the period before: against published ranks where there are any."""
    period = scoring.cube.scored[s]
    before = scoring.cube.scored[s - 1] if s else previous(period)
    campaign = scoring.cube.campaign
    published = {p.unit: p.rank for p in campaign.published if p.period == before.text}
    now = scoring.standing.rank[:, s]
    if published:
        ranks = [published.get(u.code, 0) for u in campaign.units]
        return _moved(np.array(ranks), now), "published"
    window = campaign.clock.window
    if s == 0 or window(before.end) != window(period.end):
        return [None] * len(now), "none"
    return _moved(scoring.standing.rank[:, s - 1], now), "recomputed"


def _moved(before: Places, now: Places) -> list[int | None]:
    pairs = zip(before.tolist(), now.tolist(), strict=True)
    return [b - n if b and n else None for b, n in pairs]


def neighbours(scoring: Scoring, s: int) -> tuple[list[Neighbour | None], list[Neighbour | None]]:
    """For every unit the next one ahead and behind in its group, with the distance in points.

    Tied units have the same neighbours; the distance is of published scores.
    """
    rank, score = scoring.standing.rank[:, s], scoring.score[:, s]
    group = scoring.standing.group
    ahead: list[Neighbour | None] = [None] * len(rank)
    behind: list[Neighbour | None] = [None] * len(rank)
    for u in np.nonzero(rank > 0)[0].tolist():
        peers = np.nonzero((group == group[u]) & (rank > 0))[0]
        before = peers[rank[peers] < rank[u]]
        after = peers[rank[peers] > rank[u]]
        if len(before):
            ahead[u] = _neighbour(scoring, before[np.argmax(rank[before])], u, score)
        if len(after):
            behind[u] = _neighbour(scoring, after[np.argmin(rank[after])], u, score)
    return ahead, behind


def _neighbour(scoring: Scoring, other: int, u: int, score: Floats) -> Neighbour:
    gap = float(half_up(abs(score[other] - score[u]), 9))
    return Neighbour(unit=scoring.cube.campaign.units[int(other)].code, gap=gap)


def _marks(scoring: Scoring, s: int, language: str, told: Sequence[bool]) -> list[tuple[Mark, ...]]:
    """The marks of the units that are told, leaf by leaf, in the order of the rulebook."""
    rows: list[list[Mark]] = [[] for _ in scoring.cube.campaign.units]
    for leaf in scoring.marked:
        for u, mark in _leaf_marks(scoring, leaf, s, language, told):
            rows[u].append(mark)
    return [tuple(row) for row in rows]


def _leaf_marks(
    scoring: Scoring, leaf: LeafMarks, s: int, language: str, wanted: Sequence[bool]
) -> list[tuple[int, Mark]]:
    sentences = LeafSentences(leaf, scoring.field, s, language)
    told = {name: _plain_column(leaf, name, s) for name in ("actual", "target", "attainment")}
    gaps = _plain_column(leaf, "pace_gap", s) if keeps_pace(leaf) else [None] * len(leaf.full)
    sources = _sources(leaf, s)
    indicator, category = leaf.q.indicator, leaf.path[-1].category
    return [
        (
            u,
            Mark(
                indicator=indicator.code,
                name=indicator.name,
                category=category,
                actual=told["actual"][u],
                target=told["target"][u],
                attainment=told["attainment"][u],
                pace_gap=gaps[u],
                marks=None if sentences.status[u] is Status.LEFT_OUT else sentences.marks[u],
                full_marks=sentences.full[u],
                sentence=sentences.of(u),
                status=_STATUS_NAMES[sentences.status[u]],
                source=sources[u],
                period=_held_period(leaf, u, s) if sentences.held[u] else "",
            ),
        )
        for u in np.nonzero(leaf.held[:, s])[0].tolist()
        if wanted[u]
    ]


def _plain_column(leaf: LeafMarks, name: str, s: int) -> list[float | None]:
    """A quantity of every unit in a period, nine decimals, None where there is none."""
    values = np.broadcast_to(leaf.q.get(name).value, leaf.full.shape)[:, s]
    return [None if v != v else v for v in half_up(values, 9).tolist()]


def _sources(leaf: LeafMarks, s: int) -> list[str]:
    """Where every unit's figure comes from in a period; empty where there is none."""
    units, column = np.arange(len(leaf.full)), leaf.q.column[:, s]
    codes = leaf.q.cube.source[leaf.q.row, units, np.maximum(column, 0)]
    codes = np.minimum(np.where(column >= 0, codes, len(SOURCES)), len(SOURCES))
    return [_SOURCE_TEXTS[code] for code in codes.tolist()]


def _held_period(leaf: LeafMarks, u: int, s: int) -> str:
    end = leaf.q.cube.columns[int(leaf.q.column[u, s])]
    return next((p.text for p in leaf.q.cube.scored if p.end == end), end.isoformat())
