"""How marks come together up the tree: sums, weighted sums, means, and re-weighting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from saima.rules.rulebook import Node
from saima.scoring.cells import Flags
from saima.steps import Floats, Num, apply, maximum, named, total


@dataclass(frozen=True)
class Part:
    """One part of a node, as arrays (units, periods) or one traced cell of them (0-d).

    weight: in its node. present: its full marks where it counts, else 0. whole: its full marks
    where it is held, counted or not. extra: where it counts on top, without full marks (加分项).
    """

    value: Num
    weight: Floats
    present: Floats
    whole: Floats
    extra: Flags | None = None

    @property
    def counted(self) -> Flags:
        """Where the value is part of a sum."""
        counts = np.asarray(self.present > 0)
        return counts if self.extra is None else np.asarray(counts | self.extra)

    @cached_property
    def counting(self) -> Floats:
        """The value where it is part of a sum, else 0: made once for all sums that it enters."""
        return np.asarray(np.where(self.counted, self.value.value, 0.0))


def combine(
    node: Node, leaves: Mapping[int, Part], re_weight: str, *, makes_up: bool = True
) -> Part:
    """Bring a node's leaves (keyed by `id(leaf)`) and categories together.

    What is left out is made up for in proportion: by every node (`category`), or by the root and
    by nodes under a mean (`total`); plain sums in between pass it upwards (`makes_up` False).
    """
    up = node.aggregate != "sum" or re_weight == "category"
    parts = [leaves[id(leaf)] for leaf in node.indicators]
    children = [combine(child, leaves, re_weight, makes_up=up) for child in node.categories]
    averages = node.aggregate in ("mean", "geometric")
    parts += [_on_hundred(child) for child in children] if averages else children
    weight = np.asarray(np.float64(node.weight))
    if node.aggregate == "sum":
        value, present, whole = _sum(parts, makes_up)
    else:
        value = _MEANS[node.aggregate](parts)
        full = _weighted_full(parts) if node.aggregate == "weighted-sum" else np.float64(100.0)
        present = np.where(_add([p.present for p in parts]) > 0, full, 0.0)
        whole = np.where(_add([p.whole for p in parts]) > 0, full, 0.0)
    return Part(named(value, node.category), weight, present, whole)


def _on_hundred(part: Part) -> Part:
    """A category under a mean comes on a scale of 100."""
    if part.value.value.ndim == 0:
        scaled = part.value if part.whole in (0, 100) else part.value * 100.0 / float(part.whole)
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            on = part.value.value * 100.0 / part.whole
        scaled = Num(np.where(part.whole == 100, part.value.value, on))
    hundred = np.float64(100.0)
    return Part(
        scaled, part.weight, np.where(part.present > 0, hundred, 0.0),
        np.where(part.whole > 0, hundred, 0.0),
    )  # fmt: skip


def _sum(parts: Sequence[Part], makes_up: bool) -> tuple[Num, Floats, Floats]:
    value = total(_kept(parts))
    present = _add([p.present for p in parts])
    whole = _add([p.whole for p in parts])
    if not makes_up:
        return value, present, whole
    return _scaled(value, present, whole), np.where(present > 0, whole, 0.0), whole


def _weighted_sum(parts: Sequence[Part]) -> Num:
    value = total(_kept([_times(p) for p in parts]))
    present = _add([p.present * p.weight for p in parts])
    return _scaled(value, present, _weighted_full(parts))


def _mean(parts: Sequence[Part]) -> Num:
    value = total(_kept([_times(p) for p in parts]))
    return value / Num(_weights(parts, "present"))


def _geometric(parts: Sequence[Part]) -> Num:
    """Weighted geometric mean: the product of parts to the power of their share of the weights."""
    weights = _weights(parts, "present")
    value: Num | None = None
    for part in parts:
        if part.value.value.ndim == 0 and not part.present > 0:
            continue
        counted = np.where(part.present > 0, part.weight, 0.0)
        share = np.divide(counted, weights, out=np.zeros_like(weights), where=weights > 0)
        base = part.value if part.value.value.ndim == 0 else _one_if_absent(part)
        factor = apply("power", maximum(base, 0.0), Num(share))
        value = factor if value is None else value * factor
    return value if value is not None else Num(np.nan)


def _one_if_absent(part: Part) -> Num:
    return Num(np.where(part.present > 0, part.value.value, 1.0))


_MEANS: dict[str, Callable[[Sequence[Part]], Num]] = {
    "weighted-sum": _weighted_sum,
    "mean": _mean,
    "geometric": _geometric,
}


def _times(part: Part) -> Part:
    return replace(part, value=part.value * Num(part.weight))


def _kept(parts: Sequence[Part]) -> list[Num]:
    """The values that count; over arrays zeros stand for the others, which changes no sum."""
    if parts and parts[0].value.value.ndim == 0:
        return [p.value for p in parts if p.counted] or [Num(0.0)]
    return [Num(p.counting) for p in parts]


def _add(arrays: Sequence[Floats]) -> Floats:
    out = arrays[0]
    for array in arrays[1:]:
        out = out + array
    return out


def _weights(parts: Sequence[Part], which: str) -> Floats:
    return _add([np.where(getattr(p, which) > 0, p.weight, 0.0) for p in parts])


def _weighted_full(parts: Sequence[Part]) -> Floats:
    """Full marks of a weighted sum: each part's, times its weight."""
    return _add([p.whole * p.weight for p in parts])


def _scaled(value: Num, present: Floats, whole: Floats) -> Num:
    """Scaled up to the whole where something is left out, untouched elsewhere; NaN if nothing is."""
    if value.value.ndim == 0:
        return (
            named(value * float(whole) / float(present), "剔除折算") if present < whole else value
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = value.value * whole / present
    return Num(np.where(present < whole, scaled, np.where(whole > 0, value.value, np.nan)))
