"""Rulebooks of a campaign: what they name is looked up, so that an indicator may go by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from saima.files.campaign.names import Names
from saima.files.campaign.problems import Findings
from saima.problems import Place
from saima.rules.documents import Path
from saima.rules.rulebook import Leaf, Node, Rulebook


@dataclass(frozen=True)
class ReadRulebook:
    """A rulebook and where each path of its document stands (a line of a file, or a cell)."""

    rulebook: Rulebook
    place: Callable[[Path], Place]


def with_indicator_codes(
    read: list[ReadRulebook], indicators: Names, tracks: tuple[str, ...], findings: Findings
) -> tuple[Rulebook, ...]:
    """The rulebooks with codes for names. One that scores an unknown indicator is left out."""
    found = []
    for one in read:
        lookup = _Lookup(one, indicators, tracks, findings)
        resolved = lookup.rulebook()
        found += [] if lookup.lost else [resolved]
    return tuple(found)


@dataclass
class _Lookup:
    read: ReadRulebook
    indicators: Names
    tracks: tuple[str, ...]
    findings: Findings
    lost: bool = False

    def rulebook(self) -> Rulebook:
        old = self.read.rulebook
        tree = tuple(self.node(n, ("tree", i)) for i, n in enumerate(old.tree))
        break_by = tuple(self.codes(old.ranks.break_by, ("ranks", "break-by")))
        seals = tuple(self.seal(s, ("seals", s.name)) for s in old.seals)
        ranks = replace(old.ranks, break_by=break_by)
        return replace(old, tree=tree, ranks=ranks, seals=seals)

    def node(self, node: Node, path: Path) -> Node:
        leaves = (self.leaf(x, (*path, "indicators", i)) for i, x in enumerate(node.indicators))
        nodes = (self.node(n, (*path, "categories", i)) for i, n in enumerate(node.categories))
        return replace(node, indicators=tuple(leaves), categories=tuple(nodes))

    def leaf(self, leaf: Leaf, path: Path) -> Leaf:
        if isinstance(leaf.weight, dict):
            for track in leaf.weight.keys() - set(self.tracks):
                place = self.read.place((*path, "weight"))
                self.findings.add_near("track-unknown", place, track, self.tracks, text=track)
        return replace(leaf, indicator=self.code(leaf.indicator, (*path, "indicator")))

    def seal(self, seal: Any, path: Path) -> Any:
        if seal.when.indicators == "all":
            return seal
        codes = tuple(self.codes(seal.when.indicators, path))
        return replace(seal, when=replace(seal.when, indicators=codes))

    def codes(self, names: tuple[str, ...], path: Path) -> Iterator[str]:
        return (self.code(name, (*path, i)) for i, name in enumerate(names))

    def code(self, name: str, path: Path) -> str:
        found = self.indicators.find(name)
        if found is None:
            self.lost = True
            self.indicators.name_unknown(name, self.read.place(path), self.findings)
        return found or name
