"""Marks around a target whose bonus shrinks when the target is set low (基准值与目标值挂钩)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rounding import SETTLED_DECIMALS
from saima.rules.quantities import Quantities, higher_is_better, quantity_label
from saima.rules.slopes import Slope, Steps, change, in_marks, settled, slope_sentence, stated
from saima.rules.values import Marks, Quantity, Ratio
from saima.rules.words import Cell, marks_text, percent_short, points
from saima.steps import Num, apply, lookup, maximum, minimum, named, where

NAME = "lowest-base"
TITLE = ("目标与基准值挂钩计分", "lowest base")


Size = Annotated[float, Meta(ge=0)]


class Shrunk(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The most that may be added when the target is this much worse than the base."""

    within: Annotated[Ratio | None, Meta(description="目标差于基准值在此以内（含）")] = None
    below: Annotated[Ratio | None, Meta(description="目标差于基准值不到此数")] = None
    at_most: Annotated[float, Meta(description="最多加几分", ge=0)]

    @property
    def bound(self) -> float:
        """The largest settled shortfall that still belongs here."""
        if self.within is not None:
            return self.within
        return (self.below or 0.0) - 10.0**-SETTLED_DECIMALS


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    base: Annotated[Marks, Meta(description="基本分")] = "full"
    bases: Annotated[
        tuple[Quantity, ...],
        Meta(description="基准值取其中最低的，如 last-year、value:三年平均的代码", min_length=1),
    ]
    each: Annotated[Ratio, Meta(gt=0, description="每超过（低于）目标值多少为一档")]
    adds: Annotated[float, Meta(description="超一档加几分", ge=0)]
    takes: Annotated[float, Meta(description="低一档扣几分", ge=0)]
    adds_at_most: Annotated[float, Meta(description="目标不低于基准值时最多加几分", ge=0)]
    takes_at_most: Annotated[Size | None, Meta(description="最多扣几分")] = None
    shrunk: Annotated[tuple[Shrunk, ...], Meta(description="目标低于基准值时，各档最多加几分")] = ()
    otherwise: Annotated[float, Meta(description="目标低得更多时最多加几分", ge=0)] = 0.0
    steps: Annotated[Steps, Meta(description="不足一档的：按比例、不计、按一档计")] = "linear"
    loss_counts: Annotated[Ratio, Meta(description="目标为亏损时，减亏部分按多少折算")] = 0.5
    loss_at_most: Annotated[float, Meta(description="目标为亏损时最多加几分", ge=0)] = 0.0


def check(s: Settings) -> list[str]:
    if any((x.within is None) == (x.below is None) for x in s.shrunk):
        return ["shrunk 各档要写 within（含）或 below（不含）之一"]
    bounds = [x.bound for x in s.shrunk]
    return [] if bounds == sorted(bounds) else ["shrunk 各档要由低得少到低得多"]


def needs(s: Settings) -> tuple[str, ...]:
    return ("actual", "target", *s.bases)


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def marks(q: Quantities, s: Settings) -> Num:
    """S = base + clip((a/T − 1)/each·adds, −takes_at_most, cap), cap from the target over the base.

    Source: 国资委 2010 附件2: 基准值是上年实际完成值和前三年平均值中的较低值.
    """
    full, actual, target = q.get("full"), q.get("actual"), q.get("target")
    rising = higher_is_better("actual", q.direction, q.reverse)
    size = apply("absolute", target)
    ahead = named((actual - target if rising else target - actual) / size, "超过目标的比例")
    ahead = where(target < 0.0, named(ahead * s.loss_counts, "减亏折算"), ahead)
    up = named(change(ahead, Slope(each=s.each, adds=s.adds, steps=s.steps), full), "超目标加分")
    down = change(
        -ahead, Slope(each=s.each, takes=s.takes, at_most=s.takes_at_most, steps=s.steps), full
    )
    out = in_marks(s.base, full) + minimum(up, _cap(q, s, rising)) + named(down, "低于目标扣分")
    return named(maximum(out, 0.0), "目标与基准值挂钩得分")


def _cap(q: Quantities, s: Settings, rising: bool) -> Num:
    """The most that may be added, from how far the target is worse than the base."""
    target, base = q.get("target"), q.get(s.bases[0])
    for name in s.bases[1:]:
        base = minimum(base, q.get(name)) if rising else maximum(base, q.get(name))
    base = named(base, "基准值")
    worse = (base - target if rising else target - base) / apply("absolute", base)
    known = [(0.0, s.adds_at_most), *((x.bound, x.at_most) for x in s.shrunk)]
    bounds = sorted((-b, most) for b, most in known)
    cap = lookup(-settled(worse), [b for b, _ in bounds], [m for _, m in bounds], s.otherwise)
    return named(where(target < 0.0, s.loss_at_most, cap), "加分上限")


def rule(s: Settings, language: str) -> str:
    step, base = percent_short(s.each), marks_text(s.base, language)
    if language != "zh":
        return (
            f"Base {base}; every {step} over the target adds {points(s.adds)}, at most "
            f"{points(s.adds_at_most)}, less where the target is worse than the base."
        )
    names = "、".join(quantity_label(b) for b in s.bases)
    worst = "" if s.takes_at_most is None else f"，最多扣{points(s.takes_at_most)}分"
    shrunk = "".join(
        f"低{percent_short(x.within if x.within is not None else x.below or 0)}"
        f"{'（含）以内' if x.within is not None else '以内'}的最多加{points(x.at_most)}分，"
        for x in s.shrunk
    )
    return (
        f"基准值为{names}{'中的较低值' if len(s.bases) > 1 else ''}。目标值不低于基准值的，完成值每超过目标值{step}"
        f"加{points(s.adds)}分，最多加{points(s.adds_at_most)}分；每低于目标值{step}扣{points(s.takes)}分{worst}。"
        f"目标值低于基准值的，{shrunk}{'低得更多的' if shrunk else ''}最多加{points(s.otherwise)}分。"
        f"基本分为{base}。"
    )


def sentence(c: Cell, s: Settings, language: str) -> str:
    target, actual = c["target"], c["actual"]
    base = stated(s.base, c.full)
    bases = [c[b] for b in s.bases]
    said = (
        f"完成{c.amount('actual')}，目标{c.amount('target')}，基准值{c.plain(min(bases), 'actual')}"
    )
    if language != "zh":
        return f"actual {c.amount('actual')}, target {c.amount('target')}: {c.points}"
    ahead = abs(actual - target) / abs(target) * (s.loss_counts if target < 0 else 1.0)
    got = c.marks - base
    slope = Slope(each=s.each, adds=s.adds, at_most=max(got, 0.0), steps=s.steps)
    if got < 0:
        slope = Slope(each=s.each, takes=s.takes, at_most=s.takes_at_most, steps=s.steps)
    change_ = (
        slope_sentence(ahead, slope, c.full, c.marks_decimals, language) if got else "不加不扣"
    )
    return f"{said}，基本分{points(base)}分，{change_}，合计{c.points}分"
