"""Ranks, grades and tiers of the reference, from scores alone."""

from __future__ import annotations

from fractions import Fraction

from saima.rules.rulebook import Grade, Rulebook, Tier
from tests.support.reference.figures import exact, settled
from tests.support.reference.rows import Row


def groups(rows: list[Row], within: str) -> list[list[Row]]:
    """Units that compete, by track or all together."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.competes:
            found.setdefault(row.unit.track if within == "track" else "", []).append(row)
    return list(found.values())


def give_ranks(rows: list[Row], rulebook: Rulebook) -> None:
    for group in groups(rows, rulebook.ranks.within):
        keys = {row.unit.code: rank_key(row, rulebook) for row in group}
        for row in group:
            mine = keys[row.unit.code]
            better = [keys[other.unit.code] for other in group if keys[other.unit.code] < mine]
            if rulebook.ranks.ties == "dense":
                row.rank = 1 + len(set(better))
            else:
                row.rank = 1 + len(better)
        if rulebook.ranks.ties == "ordinal":
            ordered = sorted(group, key=lambda row: (keys[row.unit.code], rows.index(row)))
            for place, row in enumerate(ordered, start=1):
                row.rank = place


def rank_key(row: Row, rulebook: Rulebook) -> tuple:
    """Smaller goes first: not put last, then score, then the marks that break ties."""
    of = row.score if rulebook.ranks.of == "rounded" else row.unrounded
    breaks = tuple(tie_break(row, code) for code in rulebook.ranks.break_by)
    return (row.has_veto("last"), -settled(of), *breaks)


def tie_break(row: Row, code: str) -> tuple:
    marks = [s.mark for s in row.leaves.values() if s.leaf.indicator == code and s.mark is not None]
    return (False, -settled(sum(marks, Fraction(0)))) if marks else (True, Fraction(0))


def give_grades(rows: list[Row], rulebook: Rulebook) -> None:
    for row in rows:
        forced = [r.grade for r in row.vetoes if r.effect == "grade"]
        names = [g.name for g in rulebook.grades]
        if forced:
            row.grade = max(forced, key=lambda name: names.index(name) if name in names else -1)
    for grade in rulebook.grades:
        reached = [
            row
            for row in rows
            if row.score is not None
            and not row.grade
            and grade.name not in row.blocked
            and (grade.at_least is None or settled(row.score) >= exact(grade.at_least))
        ]
        for row in within_share(reached, rows, grade):
            row.grade = grade.name


def within_share(reached: list[Row], rows: list[Row], grade: Grade) -> list[Row]:
    """Those for whom there is room: best scores first, a tie at the edge falls as a whole."""
    if grade.at_most is None:
        return reached
    kept = [row for row in reached if not row.competes]
    for group in groups(rows, grade.within):
        room = (exact(grade.at_most) * len(group)).__floor__()
        wanting = [row for row in group if row in reached]
        for row in wanting:
            as_good = sum(1 for other in wanting if settled(other.score) >= settled(row.score))
            if as_good <= room:
                kept.append(row)
    return kept


def give_tiers(rows: list[Row], rulebook: Rulebook, held: dict[str, tuple[int, int]]) -> None:
    """`held` carries (tier held, months below it in a row) from one period to the next."""
    order = rulebook.tiers.order
    for group in groups(rows, rulebook.ranks.within):
        for row in group:
            now = tier_index(row, group, order)
            if now is None:
                continue
            before, months = held.get(row.unit.code, (now, 0))
            months = months + 1 if now > before else 0
            if now > before and months < rulebook.tiers.keep:
                now = before
            else:
                months = 0
            held[row.unit.code] = (now, months)
            row.tier = order[now].name


def tier_index(row: Row, group: list[Row], order: tuple[Tier, ...]) -> int | None:
    so_far = Fraction(0)
    for i, tier in enumerate(order):
        if tier.share is not None:
            so_far += exact(tier.share)
        if not tier.rest and in_tier(row, group, tier, so_far):
            return i
    rest = [i for i, tier in enumerate(order) if tier.rest]
    return rest[0] if rest else None


def in_tier(row: Row, group: list[Row], tier: Tier, so_far: Fraction) -> bool:
    if tier.top is not None:
        return row.rank <= tier.top
    if tier.bottom is not None:
        return sum(1 for other in group if other.rank > row.rank) < tier.bottom
    if tier.share is not None:
        return row.rank <= (so_far * len(group)).__floor__()
    return tier.at_least is not None and settled(row.score) >= exact(tier.at_least)
