"""A campaign too large for memory, scored track by track: memory holds the largest track.

Tracks do not know one another unless the rulebook compares over all units; such a rulebook is
refused here. Figures stand apart by track: facts/甲赛道.parquet, targets/甲赛道.parquet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from saima.files.campaign import load_campaign
from saima.problems import Place, declare, refuse
from saima.rules.methods import method
from saima.rules.reading import choose
from saima.rules.rulebook import Rulebook
from saima.scoring.engine import Scoring, prepared, score_cube

declare(
    "compares-all",
    "《{rulebook}》要在全体单位之间比较（{what}），不能逐赛道计算。",
    "请不加 --by-track 计算，或换用只在赛道内比较的办法。",
    "“{rulebook}” compares all units ({what}), so tracks cannot be scored one by one.",
    "Score without --by-track, or use a rulebook that compares within tracks only.",
)


def tracks_of(path: Path) -> tuple[str, ...]:
    """The tracks that have a file of facts, in alphabetical order of the files."""
    found = (p.stem.split("-")[0] for p in sorted((path / "facts").glob("*.parquet")))
    return tuple(dict.fromkeys(found))


def score_by_track(path: Path, name: str | None = None) -> Iterator[tuple[str, Scoring]]:
    """Score every track on its own, one after the other.

    Errors: Refused `track-not-apart`, `compares-all`, and what `load_campaign` and `choose` refuse.
    """
    tracks = tracks_of(path)
    if not tracks:
        raise refuse("track-not-apart", Place(file="facts/"), track="赛道")
    for track in tracks:
        tables, rulebooks = load_campaign(path, track=track)
        meant = [r for r in rulebooks if name in (None, r.rulebook, r.name)] or list(rulebooks)
        cube = prepared(tables, meant[-1])
        if not cube.scored:
            continue
        rulebook = choose(rulebooks, name, cube.scored[-1])
        refuse_comparisons(rulebook)
        yield track, score_cube(cube, rulebook)


def refuse_comparisons(rulebook: Rulebook) -> None:
    """Refuse a rulebook in which one track's marks or places depend on another's."""
    what = next(_comparisons(rulebook), "")
    if what:
        raise refuse("compares-all", rulebook=rulebook.name, what=what)


def _comparisons(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.ranks.within == "all":
        yield "全体排名"
    for grade in rulebook.grades:
        if grade.at_most is not None and grade.within == "all":
            yield f"等次“{grade.name}”的比例"
    for _, leaf in rulebook.leaves():
        chosen = method(leaf.method)
        names = (*chosen.needs(leaf.settings), *chosen.shows(leaf.settings))
        among = getattr(leaf.settings, "among", "track")
        over_all = any("_all_" in n or n.startswith("regions:") for n in names)
        if over_all or among == "all":
            yield f"指标“{leaf.indicator}”"
