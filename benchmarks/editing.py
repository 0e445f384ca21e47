"""One changed figure, and a what-if with other weights, at 200 × 100 × 12."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import process_time
from typing import Any

from msgspec import structs

from benchmarks.campaigns import write_campaign


def run() -> Iterator[str]:
    """Lines of the result."""
    from saima.files.campaign import load_campaign
    from saima.rules.reading import read_rulebook
    from saima.rules.writing import write_rulebook
    from saima.scoring import explain
    from saima.scoring.editing import Edit, edited
    from saima.scoring.engine import prepared, score_cube

    with tempfile.TemporaryDirectory() as temporary:
        folder = write_campaign(Path(temporary) / "campaign", 200, 100)
        tables, (rulebook, *_) = load_campaign(folder)
    cube = prepared(tables, rulebook)
    scoring = score_cube(cube, rulebook)
    random, times = Random(1), []
    for _ in range(300):
        unit, leaf = random.choice(cube.campaign.units), random.choice(scoring.marked)
        period = random.choice(cube.scored).text
        edit = Edit(unit.code, leaf.leaf.indicator, period, round(random.uniform(0, 900), 2))
        start = process_time()
        scoring = edited(scoring, [edit])
        scoring.standing  # noqa: B018 - ranks are made when asked for
        explain(scoring, period, unit.code, leaf.leaf.indicator)
        times.append(process_time() - start)
    cuts = quantiles(times, n=20)
    yield "200 units x 100 indicators x 12 months; marks, scores, ranks of all months and one explanation; CPU"
    yield f"one changed figure: median {cuts[9] * 1000:.1f} ms, 95% within {cuts[18] * 1000:.1f} ms"
    node = rulebook.tree[0]
    heavier = tuple(structs.replace(leaf, weight=2) for leaf in node.indicators)
    other = structs.replace(rulebook, tree=(structs.replace(node, indicators=heavier),))
    full, what_if = _in_turn(
        lambda: score_cube(cube, rulebook).standing, lambda: score_cube(cube, other).standing
    )
    text = write_rulebook(rulebook)
    ruled, problems = read_rulebook(text.replace("method: pace", "method: attainment"), "other")
    assert ruled is not None and ruled != rulebook, problems
    again, rules = _in_turn(
        lambda: score_cube(cube, rulebook).standing, lambda: score_cube(cube, ruled).standing
    )
    yield f"full run: {full * 1000:.0f} ms"
    yield f"what-if with every weight changed: {what_if * 1000:.0f} ms, {what_if / full:.2f} times the full run"
    yield f"what-if with another method: {rules * 1000:.0f} ms, {rules / again:.2f} times the full run"


def _in_turn(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    """Median seconds of CPU of two calls made in turn, so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(15):
        for function, taken in zip((first, second), times, strict=True):
            start = process_time()
            function()
            taken.append(process_time() - start)
    return median(times[0]), median(times[1])
