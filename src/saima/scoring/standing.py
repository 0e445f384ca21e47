"""From scores to standing: ranks, movement, grades with forced ratios, tiers, seals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saima.periods import containing
from saima.ranking import Places, rank_in_groups
from saima.rounding import settle
from saima.rules.rulebook import Grade, Ranks, Seal, Tier, Ties
from saima.scoring.additions import blocked_awards, vetoes
from saima.scoring.cells import Field, Flags
from saima.scoring.marks import LeafMarks
from saima.steps import Floats

Names = list[str | None]


@dataclass(frozen=True)
class Standing:
    """Places of every unit in every scored period. rank: (units, periods), 0 for none."""

    rank: Places
    group: NDArray[np.int64]
    grades: list[Names]  # by period, then unit
    tiers: list[Names]
    seals: list[list[dict[str, bool]]]  # by period, then unit: seal name -> earned


def stand(field: Field, marked: list[LeafMarks], score: Floats, exact: Floats) -> Standing:
    """Rank, grade, tier and seal all periods. score: rounded (units, periods); exact: unrounded."""
    blocked = [blocked_awards(field, marked, s) for s in range(field.shape[1])]
    group = _groups(field)
    rank = _ranks(field, marked, score if field.rulebook.ranks.of == "rounded" else exact, group)
    settled = settle(score)
    grades = [
        _grades(field, s, settled[:, s], rank[:, s], blocked[s]) for s in range(field.shape[1])
    ]
    tiers = _tiers(field, group, score, rank)
    return Standing(rank, group, grades, tiers, _seals(field, marked, score, rank, blocked))


def _ranks(field: Field, marked: list[LeafMarks], by: Floats, group: NDArray[np.int64]) -> Places:
    """Places (units, periods) by a score: every group of every period is ranked apart."""
    key, apart, breakers = _keys(field, marked, by, group)
    periods = field.shape[1]
    apart = np.where(apart >= 0, apart * periods + np.arange(periods), -1)
    flat = [np.ravel(b) for b in breakers]
    places = rank_in_groups(key.ravel(), apart.ravel(), field.rulebook.ranks.ties, flat)
    return places.reshape(field.shape)


def _keys(
    field: Field, marked: list[LeafMarks], by: Floats, group: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64], list[Floats]]:
    """What places go by (units, periods): who comes last, among whom (-1 for no place), and then."""
    ranks: Ranks = field.rulebook.ranks
    last, ranked = np.zeros(field.shape), field.ranked.copy()
    for u in field.units_with_events:
        for s in range(field.shape[1]):
            effects = {rule.effect for _, rule in vetoes(field, u, s)}
            last[u, s] = -1.0 if "last" in effects else 0.0
            ranked[u, s] &= "unranked" not in effects
    breakers = [by, *_breakers(ranks.break_by, marked)]
    if ranks.ties == "ordinal":  # what is still equal stands in official order
        order = np.array([-float(u.order) for u in field.cube.campaign.units])
        breakers.append(np.broadcast_to(order[:, None], field.shape))
    key = np.where(ranked & ~np.isnan(by), last, np.nan)
    among = np.where(ranked & (group >= 0)[:, None], group[:, None], -1)
    return key, among, breakers


Keys = dict[str, tuple[int, tuple[float | None, ...]]]
"""By unit code, among whom it is ranked in one period, and by what numbers, one after another."""


def keys_at(field: Field, marked: list[LeafMarks], by: Floats, s: int) -> Keys:
    """What the places of a period go by; `by` is the score that is ranked."""
    key, among, breakers = _keys(field, marked, by, _groups(field))
    numbers = np.stack([key[:, s], *(b[:, s] for b in breakers)], axis=1).tolist()
    return {
        unit.code: (int(among[u, s]), tuple(None if x != x else x for x in numbers[u]))
        for u, unit in enumerate(field.cube.campaign.units)
    }


def place_by(keys: Keys, unit: str, ties: Ties) -> int:
    """The place of a unit by its keys among the others'; 0 for none."""
    among = np.array([group for group, _ in keys.values()], dtype=np.int64)
    numbers = np.array([row for _, row in keys.values()], dtype=np.float64)
    places = rank_in_groups(numbers[:, 0], among, ties, list(numbers[:, 1:].T))
    return int(places[list(keys).index(unit)])


def _groups(field: Field) -> NDArray[np.int64]:
    within = field.rulebook.ranks.within
    return field.track if within == "track" else np.minimum(field.track, 0)


def _breakers(codes: Sequence[str], marked: list[LeafMarks]) -> list[Floats]:
    """Marks of the tie-breaking indicators; an indicator scored twice counts with the sum."""
    out = []
    for code in codes:
        of = [m for m in marked if m.leaf.indicator == code]
        parts = [np.where(m.counted, m.marks, np.nan) for m in of]
        if parts:
            known = ~np.all(np.isnan(parts), axis=0)
            out.append(np.where(known, np.nansum(parts, axis=0), np.nan))
    return out


# --- grades -------------------------------------------------------------------------------------


def _grades(
    field: Field, s: int, score: Floats, rank: Places, blocked: list[frozenset[str]]
) -> Names:
    """The highest grade whose score holds, within its forced ratio; a veto's grade stands."""
    grades = field.rulebook.grades
    given: Names = [None] * len(score)
    if not grades:
        return given
    forced = [_forced_grade(field, u, s, grades) for u in range(len(score))]
    for grade in grades:
        fitting = [
            u
            for u in range(len(score))
            if given[u] is None
            and forced[u] is None
            and field.valid[u, s]
            and _reaches(score[u], grade)
            and grade.name not in blocked[u]
        ]
        for u in _within_ratio(field, score, rank, grade, fitting):
            given[u] = grade.name
    return [forced[u] if field.valid[u, s] and forced[u] else given[u] for u in range(len(score))]


def _reaches(score: float, grade: Grade) -> bool:
    if np.isnan(score):
        return False
    return grade.at_least is None or float(settle(score)) >= grade.at_least


def _forced_grade(field: Field, u: int, s: int, grades: Sequence[Grade]) -> str | None:
    """The lowest grade that a veto in force gives."""
    names = [g.name for g in grades]
    forced = [r.grade for _, r in vetoes(field, u, s) if r.effect == "grade" and r.grade in names]
    return max(forced, key=names.index) if forced else None


def _within_ratio(
    field: Field, score: Floats, rank: Places, grade: Grade, fitting: list[int]
) -> list[int]:
    """Those who hold a grade within its share of ranked units; a tie at the edge falls whole."""
    if grade.at_most is None:
        return fitting
    kept = [u for u in fitting if not rank[u]]  # listed apart: no share taken
    groups = field.track if grade.within == "track" else np.minimum(field.track, 0)
    for g in {int(groups[u]) for u in fitting}:
        among = [u for u in fitting if groups[u] == g and rank[u]]
        places = int(np.floor(settle(grade.at_most * int(((groups == g) & (rank > 0)).sum()))))
        for u in among:
            ahead = sum(1 for v in among if score[v] > score[u])
            level = sum(1 for v in among if score[v] == score[u])
            if ahead + level <= places:
                kept.append(u)
    return kept


# --- tiers --------------------------------------------------------------------------------------


def _tiers(field: Field, group: NDArray[np.int64], score: Floats, rank: Places) -> list[Names]:
    """Tiers period by period; with `keep`, a unit falls only after so many periods below."""
    order = field.rulebook.tiers.order
    units, periods = field.shape
    if not order:
        return [[None] * units for _ in range(periods)]
    names = [t.name for t in order]
    held: list[str | None] = [None] * units
    below = [0] * units
    out: list[Names] = []
    for s in range(periods):
        now = _tier_of_period(order, group, score[:, s], rank[:, s])
        for u in range(units):
            held[u], below[u] = _kept_tier(
                held[u], now[u], below[u], names, field.rulebook.tiers.keep
            )
        out.append([held[u] if now[u] is not None else None for u in range(units)])
    return out


def _kept_tier(
    held: str | None, now: str | None, below: int, names: list[str], keep: int
) -> tuple[str | None, int]:
    """Up at once, down after `keep` periods in a row; a period without a rank changes nothing."""
    if now is None:
        return held, below
    if held is None or names.index(now) <= names.index(held):
        return now, 0
    return (now, 0) if below + 1 >= keep else (held, below + 1)


def _tier_of_period(
    order: Sequence[Tier], group: NDArray[np.int64], score: Floats, rank: Places
) -> Names:
    ordered = [t for t in order if not t.rest] + [t for t in order if t.rest]
    shares = _cumulated_shares(order)
    out: Names = []
    for u in range(len(rank)):
        if rank[u] == 0:
            out.append(None)
            continue
        peers = rank[(group == group[u]) & (rank > 0)]
        fits = (t.name for t in ordered if _in_tier(t, score[u], int(rank[u]), peers, shares))
        out.append(next(fits, None))
    return out


def _cumulated_shares(order: Sequence[Tier]) -> dict[str, float]:
    shares, so_far = {}, 0.0
    for tier in order:
        if tier.share is not None:
            so_far += tier.share
            shares[tier.name] = so_far
    return shares


def _in_tier(tier: Tier, score: float, rank: int, peers: Places, shares: dict[str, float]) -> bool:
    if tier.top is not None:
        return rank <= tier.top
    if tier.bottom is not None:
        return int((peers > rank).sum()) < tier.bottom
    if tier.share is not None:
        return rank <= int(np.floor(settle(shares[tier.name] * len(peers))))
    if tier.at_least is not None:
        return bool(settle(score) >= tier.at_least)
    return tier.rest


# --- seals --------------------------------------------------------------------------------------


def _seals(
    field: Field,
    marked: list[LeafMarks],
    score: Floats,
    rank: Places,
    blocked: list[list[frozenset[str]]],
) -> list[list[dict[str, bool]]]:
    """Which seals each unit earned, at the periods where the seal can be told."""
    units, periods = field.shape
    out: list[list[dict[str, bool]]] = [[{} for _ in range(units)] for _ in range(periods)]
    for seal in field.rulebook.seals:
        for s in range(periods):
            if not seal_due(field, seal, s):
                continue
            earned = _earned(field, marked, seal, s, score, rank, out)
            for u in range(units):
                if field.valid[u, s]:
                    out[s][u][seal.name] = bool(earned[u]) and seal.name not in blocked[s][u]
    return out


def seal_due(field: Field, seal: Seal, s: int) -> bool:
    """True at the periods at whose end a seal is told: each month, the half's or year's last."""
    period = field.cube.scored[s]
    clock = field.cube.campaign.clock
    if seal.every == "year":
        return period.end == clock.window(period.end).end
    end = containing(seal.every, period.end).end
    return end == period.end or seal.every == "month"


def _earned(
    field: Field,
    marked: list[LeafMarks],
    seal: Seal,
    s: int,
    score: Floats,
    rank: Places,
    so_far: list[list[dict[str, bool]]],
) -> Flags:
    when = seal.when
    if when.seals:
        span = _span(field, seal, s)
        counts = [
            sum(so_far[k][u].get(when.seals, False) for k in span) for u in range(field.shape[0])
        ]
        return np.array(counts) >= (when.at_least or 0)
    if when.quantity in ("score", "rank"):
        value = (
            score[:, s]
            if when.quantity == "score"
            else np.where(rank[:, s] > 0, rank[:, s], np.nan)
        )
        return _holds(value, when.at_least, when.at_most)
    return _all_indicators(marked, seal, s, field.shape[0])


def _span(field: Field, seal: Seal, s: int) -> list[int]:
    """Scored periods up to s in the same half, quarter or window."""
    end = field.cube.scored[s].end
    window = field.cube.campaign.clock.window(end)
    start = window.start if seal.every == "year" else containing(seal.every, end).start
    return [k for k in range(s + 1) if field.cube.scored[k].end >= max(start, window.start)]


def _all_indicators(marked: list[LeafMarks], seal: Seal, s: int, units: int) -> Flags:
    """Every listed indicator that a unit has (and that is not left out) must hold; one at least."""
    holds, some = np.ones(units, dtype=bool), np.zeros(units, dtype=bool)
    for m in marked:
        if seal.when.indicators == "all" or m.leaf.indicator in seal.when.indicators:
            value = np.broadcast_to(m.q.get(seal.when.quantity).value, m.full.shape)[:, s]
            counted = m.counted[:, s]
            holds &= ~counted | _holds(value, seal.when.at_least, seal.when.at_most)
            some |= counted
    return holds & some


def _holds(value: Floats, at_least: float | None, at_most: float | None) -> Flags:
    settled = settle(value)
    holds = ~np.isnan(settled)
    if at_least is not None:
        holds = holds & (settled >= at_least)
    if at_most is not None:
        holds = holds & (settled <= at_most)
    return np.asarray(holds)
