"""Looks a rulebook over before it is adopted: what contradicts, cannot be reached, or invites gaming.

Whatever is said comes with the exact example. What is found is a question for the author, not a
refusal: a published scheme may mean it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from saima.problems import Place, Problem, declare
from saima.rules.probing import Curve, curve, marks_at, most
from saima.rules.quantities import TURNED, quantity_unit
from saima.rules.rulebook import Leaf, Node, Rulebook
from saima.rules.words import points, term, told

LARGE_STEP = 0.03  # of full marks: a jump worth telling
STEPPED = {"bands", "all-or-nothing", "stepped", "volume", "rank-bands", "outer-rank", "references"}
"""Methods that jump by design: the jump is told as a step worth gaming."""

declare(
    "rules-weights",
    "{track}的分值合计为{sum}分，办法写的满分是{full}分。",
    "请核对各项分值，或写明满分（full-marks）；另加的项目写 extra: true。",
    "weights of {track} add up to {sum}; full marks are {full}.",
    "Correct the weights or state full-marks; mark items on top as extra.",
    "warning",
)
declare(
    "rules-unreachable",
    "“{name}”永远到不了：{reason}。",
    "请调整它的条件或顺序。",
    "“{name}” can never be reached: {reason_en}.",
    "Change its condition or order.",
    "warning",
)
declare(
    "rules-step",
    "“{indicator}”有一档值得凑数：{of}从{low}到{high}，得分由{before}分变为{after}分，差{size}分。",
    "请考虑改为按比例（折线），或缩小档差；数据核实也应盯住这一档。",
    "“{indicator}” has a step worth gaming: {of} from {low} to {high} moves marks from {before} to {after}.",
    "Consider straight lines or smaller steps.",
    "warning",
)
declare(
    "rules-jump",
    "“{indicator}”的得分有断档：{of}从{low}到{high}，得分由{before}分跳到{after}分。",
    "请检查公式或折点，使两段相接。",
    "marks of “{indicator}” jump: {of} from {low} to {high} moves them from {before} to {after}.",
    "Make the two pieces meet.",
    "warning",
)
declare(
    "rules-better-earns-less",
    "“{indicator}”越好反而得分越少：{of}从{low}到{high}，得分由{before}分降到{after}分。",
    "请检查折点、加减方向或公式。",
    "doing better earns less in “{indicator}”: {of} from {low} to {high} takes marks from {before} to {after}.",
    "Check points, signs or the formula.",
    "warning",
)
declare(
    "rules-uncapped",
    "“{indicator}”上不封顶：{of}达到{high}可得{after}分，是满分的{times}倍，一个单位一项就可能决定名次。",
    "请写明封顶（cap 或 marks-at-most）。",
    "“{indicator}” has no cap: {of} of {high} earns {after}, {times} times full marks.",
    "State a cap.",
    "warning",
)
declare(
    "rules-veto-basis",
    "一票否决“{name}”没有写依据。",
    "请写明依据的文件（basis）；一票否决事项应有上级依据，不宜自设。",
    "the veto “{name}” states no basis.",
    "Name the document that it rests on (basis).",
    "warning",
)
declare(
    "rules-veto-expiry",
    "一票否决“{name}”没有写期限。",
    "请写明影响多久，如 lasts: 12 months。",
    "the veto “{name}” states no expiry.",
    "State how long it lasts, as lasts: 12 months.",
    "warning",
)
declare(
    "rules-unknown-name",
    "“{owner}”提到的“{name}”在办法里没有。",
    "请改为本办法的等次、标志或指标，或补上它。",
    "“{name}”, which “{owner}” names, is not in the rulebook.",
    "Name a grade, seal or indicator of this rulebook, or add it.",
    "warning",
)
declare(
    "rules-no-last-grade",
    "总分低于{least}分的单位没有等次。",
    "请加一个 otherwise 的等次。",
    "units below {least} have no grade.",
    "Add a grade for otherwise.",
    "warning",
)
declare(
    "rules-coarse-step",
    "“{indicator}”每一档是{each}，完成率很难变动这么多，等于不加不扣。",
    "{of}是比率，1个百分点请写 1%。",
    "steps of “{indicator}” are {each}, which a ratio hardly ever moves by.",
    "Write 1% for one percentage point.",
    "warning",
)


def check(rulebook: Rulebook) -> list[Problem]:
    """What is odd about a rulebook, each with its place in the document (key path) and an example."""
    leaves = list(placed(rulebook.tree))
    found = [
        *_weights(rulebook),
        *_events(rulebook),
        *_names(rulebook, leaves),
        *_grades(rulebook),
        *_tiers(rulebook),
    ]
    for path, leaf in leaves:
        found += _leaf(rulebook, leaf, path)
    return found


def placed(nodes: tuple[Node, ...], above: str = "tree") -> Iterator[tuple[str, Leaf]]:
    """Every leaf with its key path, counted from 1 as readers of the document do."""
    for i, node in enumerate(nodes):
        here = f"{above}[{i + 1}]"
        yield from ((f"{here}.indicators[{j + 1}]", x) for j, x in enumerate(node.indicators))
        yield from placed(node.categories, f"{here}.categories")


# --- weights ------------------------------------------------------------------------------------


def _weights(rulebook: Rulebook) -> Iterator[Problem]:
    """Weights of plain sums against the full marks; means bring their own scale."""
    if rulebook.aggregate != "sum" or any(
        leaf.weight == "assigned" for _, leaf in rulebook.leaves()
    ):
        return
    tracks = {
        t for _, leaf in rulebook.leaves() if isinstance(leaf.weight, dict) for t in leaf.weight
    }
    for track in sorted(tracks) or [""]:
        whole = sum(_full(node, track) for node in rulebook.tree)
        if abs(whole - rulebook.full_marks) > 1e-9:
            values = {
                "track": track or "各项",
                "sum": points(whole),
                "full": points(rulebook.full_marks),
            }
            yield Problem("rules-weights", Place(path="tree"), values)


def _full(node: Node, track: str) -> float:
    if node.aggregate != "sum":
        return 100.0
    own = sum(weight(leaf, track) for leaf in node.indicators if not leaf.extra)
    return own + sum(_full(child, track) for child in node.categories)


def weight(leaf: Leaf, track: str = "") -> float:
    """A leaf's full marks in a track; the largest where no track is named, 100 if assigned."""
    if isinstance(leaf.weight, (int, float)):
        return float(leaf.weight)
    if isinstance(leaf.weight, str):
        return 100.0
    return leaf.weight.get(track, 0.0) if track else max(leaf.weight.values(), default=0.0)


# --- events, names, grades, tiers ---------------------------------------------------------------


def _events(rulebook: Rulebook) -> Iterator[Problem]:
    for i, rule in enumerate(rulebook.events):
        place = Place(path=f"events[{i + 1}]")
        if rule.kind == "veto" and not rule.basis:
            yield Problem("rules-veto-basis", place, {"name": rule.name})
        if rule.kind == "veto" and not rule.lasts:
            yield Problem("rules-veto-expiry", place, {"name": rule.name})


def _names(rulebook: Rulebook, leaves: list[tuple[str, Leaf]]) -> Iterator[Problem]:
    """Grades, seals and indicators that are named but are not there."""
    grades = {g.name for g in rulebook.grades}
    awards = grades | {s.name for s in rulebook.seals} | {"bonus", "banner"}
    codes = {leaf.indicator for _, leaf in leaves}
    asked: list[tuple[str, str, str, set[str]]] = []
    for i, rule in enumerate(rulebook.events):
        path = f"events[{i + 1}]"
        if rule.kind == "veto" and rule.effect == "grade":
            asked.append((path, rule.name, rule.grade or "（等次）", grades))
        asked += [(path, rule.name, b, awards) for b in rule.blocks]
    for path, leaf in leaves:
        blocks = leaf.gate.blocks if leaf.gate else ()
        asked += [(f"{path}.gate", leaf.indicator, b, awards) for b in blocks]
    asked += [("ranks.break-by", "排名", code, codes) for code in rulebook.ranks.break_by]
    for seal in rulebook.seals:
        named = () if seal.when.indicators == "all" else seal.when.indicators
        asked += [("seals", seal.name, code, codes) for code in named]
        if seal.when.seals:
            asked.append(("seals", seal.name, seal.when.seals, {s.name for s in rulebook.seals}))
    for path, owner, name, known in asked:
        if name not in known:
            yield Problem("rules-unknown-name", Place(path=path), {"owner": owner, "name": name})


def _grades(rulebook: Rulebook) -> Iterator[Problem]:
    """A grade that a higher one always takes first, or that no score reaches; no grade at all."""
    lowest, best = float("inf"), best_score(rulebook)
    for grade in rulebook.grades:
        bound = -float("inf") if grade.at_least is None else grade.at_least
        place = Place(path=f"grades.{grade.name}")
        if bound > best:
            reason = f"总分最多{points(best)}分，不到{points(bound)}分"
            yield _unreachable(place, grade.name, reason, f"scores reach {points(best)}")
        elif bound >= lowest:
            reason = (
                f"前面的等次已包括{points(bound)}分以上的单位"
                if grade.at_least
                else "前面的等次已包括所有单位"
            )
            yield _unreachable(place, grade.name, reason, "grades above it take its units")
        if grade.at_most is None:
            lowest = min(lowest, bound)
    if rulebook.grades and lowest > 0:
        least = min((g.at_least for g in rulebook.grades if g.at_least is not None), default=0.0)
        yield Problem("rules-no-last-grade", Place(path="grades"), {"least": points(least)})


def _unreachable(place: Place, name: str, reason: str, reason_en: str) -> Problem:
    return Problem(
        "rules-unreachable", place, {"name": name, "reason": reason, "reason_en": reason_en}
    )


def best_score(rulebook: Rulebook) -> float:
    """The highest score that can be reached, as far as trying out tells (infinite if unknown)."""
    if rulebook.aggregate != "sum" or any(n.aggregate != "sum" for n in rulebook.tree):
        return float("inf")
    marks = [most(leaf, rulebook, weight(leaf)) for _, leaf in rulebook.leaves()]
    bonus = sum(
        e.at_most if e.at_most is not None else float("inf")
        for e in rulebook.events
        if e.kind == "bonus"
    )
    limit = rulebook.bonus_at_most
    return sum(marks) + (bonus if limit is None else min(bonus, limit))


def _tiers(rulebook: Rulebook) -> Iterator[Problem]:
    seen_rest = False
    for tier in rulebook.tiers.order:
        if seen_rest and tier.bottom is None:
            place = Place(path=f"tiers.{tier.name}")
            yield _unreachable(place, tier.name, "排在“其余”之后", "it stands after the rest")
        seen_rest |= tier.rest


# --- one leaf -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spot:
    """A place on a curve: marks at two neighbouring values."""

    low: float
    high: float
    before: float
    after: float


def _leaf(rulebook: Rulebook, leaf: Leaf, path: str) -> Iterator[Problem]:
    place, full = Place(path=path), weight(leaf)
    yield from _bands(leaf, place)
    yield from _coarse(leaf, place)
    tried = curve(leaf, rulebook, full)
    if not tried.known or full <= 0:
        return
    yield from _jumps(rulebook, leaf, tried, place)
    falls = _falls(tried)
    if falls is not None:
        yield _told("rules-better-earns-less", place, leaf, tried, falls)
    yield from _uncapped(leaf, tried, place)


def _told(code: str, place: Place, leaf: Leaf, tried: Curve, spot: _Spot) -> Problem:
    values = {
        "indicator": leaf.indicator,
        "of": term(tried.of),
        "low": told(spot.low, tried.unit),
        "high": told(spot.high, tried.unit),
        "before": points(spot.before),
        "after": points(spot.after),
        "size": points(abs(spot.after - spot.before)),
    }
    return Problem(code, place, values)


def _jumps(rulebook: Rulebook, leaf: Leaf, tried: Curve, place: Place) -> Iterator[Problem]:
    """The largest jump of a leaf's marks, located to a hundredth of a point."""
    if "rank" in leaf.method or tried.unit == "place" or leaf.method == "clear-to-zero":
        return
    change = np.abs(np.diff(tried.marks))
    slope = np.median(change[np.isfinite(change)]) if len(change) else 0.0
    change = np.where(np.isfinite(change), change, 0.0)
    i = int(np.argmax(change))
    if change[i] < max(LARGE_STEP * tried.full, 20.0 * slope):
        return
    spot = _located(rulebook, leaf, tried, i)
    if spot is not None:
        code = "rules-step" if leaf.method in STEPPED else "rules-jump"
        yield _told(code, place, leaf, tried, spot)


def _located(rulebook: Rulebook, leaf: Leaf, tried: Curve, i: int) -> _Spot | None:
    """Where between two neighbours the jump is; None if it is only a steep line."""
    finest = {"ratio": 0.0001, "points": 0.01}.get(tried.unit, 0.01)
    low = np.floor(tried.x[i] / finest) * finest
    steps = int((tried.x[i + 1] - low) / finest) + 3
    x = np.asarray([_clean(low + k * finest) for k in range(-1, steps)])
    marks = marks_at(leaf, rulebook, tried.full, tried.of, x)
    change = np.abs(np.diff(marks))
    k = int(np.argmax(np.where(np.isfinite(change), change, 0.0)))
    if not change[k] >= LARGE_STEP * tried.full / 2:
        return None
    return _Spot(x[k], x[k + 1], marks[k], marks[k + 1])


def _clean(x: float) -> float:
    """A value as it would be printed, so that 0.7999999999999999 is 80%."""
    return float(points(x))


def _falls(tried: Curve) -> _Spot | None:
    """Where marks fall although the value gets better; None where falling is what is meant."""
    if tried.of == "deviation" or tried.unit == "place":
        return None
    change = np.diff(np.where(np.isfinite(tried.marks), tried.marks, np.nan))
    up, down = np.nansum(np.maximum(change, 0.0)), -np.nansum(np.minimum(change, 0.0))
    always_better = tried.of in TURNED
    if down <= 1e-6 or (not always_better and up <= 1e-6):
        return None
    falling = np.nonzero(change < -1e-9)[0]
    if not always_better and down > up:  # less is better here: what rises is odd
        return None
    first = int(falling[0])
    last = next((k for k in range(first, len(change)) if not change[k] < -1e-9), len(change))
    return _Spot(
        _clean(tried.x[first]), _clean(tried.x[last]), tried.marks[first], tried.marks[last]
    )


def _uncapped(leaf: Leaf, tried: Curve, place: Place) -> Iterator[Problem]:
    """Marks that go on growing at the end of what was tried, beyond twice the full marks."""
    rising = tried.marks[-1] > tried.marks[-2] + 1e-12
    if rising and tried.marks[-1] > 2.0 * tried.full and not leaf.extra:
        values = {
            "indicator": leaf.indicator,
            "of": term(tried.of),
            "high": told(tried.x[-1], tried.unit),
            "after": points(tried.marks[-1]),
            "times": points(tried.marks[-1] / tried.full),
        }
        yield Problem("rules-uncapped", place, values)


def _bands(leaf: Leaf, place: Place) -> Iterator[Problem]:
    """Neighbouring bands with the same marks: the second is never told from the first."""
    for key in ("at_least", "at_most", "bands"):
        bands = getattr(leaf.settings, key, ())
        if not isinstance(bands, tuple):
            continue
        for (_, a), (bound, b) in pairwise(bands):
            if a == b:
                unit = quantity_unit(getattr(leaf.settings, "of", "actual"))
                name = f"{leaf.indicator}的{told(bound, unit if key != 'bands' else 'number')}一档"
                yield _unreachable(
                    place, name, "与相邻一档得分相同", "its neighbour has the same marks"
                )


def _coarse(leaf: Leaf, place: Place) -> Iterator[Problem]:
    """`each: 1` on a ratio means 100 points: nearly always 1% was meant."""
    of = getattr(leaf.settings, "of", "")
    if not of or quantity_unit(of) != "ratio":
        return
    slopes = [getattr(leaf.settings, k, None) for k in ("above", "below")]
    steps = [getattr(s, "each", None) for s in (leaf.settings, *slopes) if s is not None]
    for each in steps:
        if isinstance(each, float) and each >= 0.5:
            values = {"indicator": leaf.indicator, "each": told(each, "ratio"), "of": term(of)}
            yield Problem("rules-coarse-step", place, values)
