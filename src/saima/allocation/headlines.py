"""What each indicator must carry: its own target, or its share of a headline, adding up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from saima.allocation.basis import Setting
from saima.allocation.exact import (
    LARGEST,
    from_units,
    is_weight,
    share_out,
    to_units,
    whole_weights,
)
from saima.allocation.plan import Headline, PlanIndicator, axis_of
from saima.problems import Problem, declare

declare(
    "headline-parts",
    "总目标“{headline}”的{count}个分项指标已定数合计{fixed}，与总目标{target}对不上。",
    "请调整分项的 target，或至少留一个分项不写 target。",
    "the fixed parts of the headline “{headline}” come to {fixed}, the headline is {target}.",
    "Change the parts' targets, or leave one of them open.",
)
declare(
    "headline-without-parts",
    "总目标“{headline}”没有分项指标。",
    "请在至少一个指标里写上 headline: {headline}。",
    "no indicator is part of the headline “{headline}”.",
    "Write headline: {headline} in at least one indicator.",
)
declare(
    "headline-weights",
    "总目标“{headline}”缺少分项依据：{missing}没有{what}。",
    "请补填，或把 split-by 改为 equal。",
    "the headline “{headline}” cannot be split: {missing} without {what_en}.",
    "Fill it in, or write split-by: equal.",
)
declare(
    "stretch-direction",
    "“{name}”的奋斗目标{stretch}没有高于目标{target}（越少越好的指标应低于目标）。",
    "请改正 stretch，或写上 less: true。",
    "the stretch {stretch} of “{name}” is not harder than the target {target}.",
    "Correct the stretch, or write less: true.",
)


@dataclass(frozen=True)
class Share:
    """What one indicator carries, with its measure and precision; stretch beside it if asked."""

    target: Decimal
    stretch: Decimal | None
    measure: str
    decimals: int


def shares(setting: Setting) -> tuple[dict[str, Share], list[Problem]]:
    """What each indicator of a plan carries, by its key; those that have problems are left out."""
    found: dict[str, Share] = {}
    problems: list[Problem] = []
    for i, indicator in enumerate(setting.plan.indicators):
        if not indicator.headline and indicator.target is not None:
            decimals = 2 if indicator.decimals is None else indicator.decimals
            own = Share(indicator.target, indicator.stretch, indicator.measure, decimals)
            found[indicator.indicator] = own
            problems += _check_stretch(setting, own, indicator, ("indicators", i))
    for i, headline in enumerate(setting.plan.headlines):
        parts, wrong = _split(setting, headline, i)
        found |= parts
        problems += wrong
    return found, problems


def _split(
    setting: Setting, headline: Headline, index: int
) -> tuple[dict[str, Share], list[Problem]]:
    place = setting.document.place(("headlines", index))
    name = headline.name or headline.headline
    parts = [p for p in setting.plan.indicators if p.headline == headline.headline]
    if not parts:
        return {}, [Problem("headline-without-parts", place, {"headline": headline.headline})]
    amounts = [headline.target, *(p.target for p in parts if p.target is not None)]
    amounts += [headline.stretch] if headline.stretch is not None else []
    wrong = [a for a in amounts if not _exact(a, headline.decimals)]
    if wrong:
        told = {"what": f"“{name}”", "what_en": "headline", "indicator": name}
        told |= {"amount": f"{wrong[0]:,f}", "decimals": str(headline.decimals)}
        return {}, [Problem("allocation-too-fine", place, told)]
    weights, missing = _weights(setting, headline, parts)
    if missing:
        what = ("上年数", "figures") if headline.split_by == "history" else ("权重", "weights")
        told = {"headline": name, "missing": "、".join(missing), "what": what[0]}
        return {}, [Problem("headline-weights", place, told | {"what_en": what[1]})]
    return _parts(setting, headline, parts, weights, index)


def _exact(amount: Decimal, decimals: int) -> bool:
    if not amount.is_finite() or amount.adjusted() > 15:
        return False
    units = to_units(amount, decimals)
    return units is not None and abs(units) <= LARGEST


def _weights(
    setting: Setting, headline: Headline, parts: list[PlanIndicator]
) -> tuple[list[int], list[str]]:
    """Weights of the parts, and the names of those that have none."""
    if headline.split_by == "equal":
        return [1] * len(parts), []
    figures = {p.indicator: p.share for p in parts}
    if headline.split_by == "history":
        figures = {p.indicator: _last_year(setting, p) for p in parts}
    open_ = [p for p in parts if p.target is None]
    missing = [p.name or p.indicator for p in open_ if not _usable(figures[p.indicator])]
    if missing or not any(figures[p.indicator] for p in open_):
        missing = missing or [p.name or p.indicator for p in open_]
    plain = [figure if _usable(figure) else None for figure in figures.values()]
    return whole_weights([figure or Decimal(0) for figure in plain]), missing


def _usable(figure: Decimal | None) -> bool:
    return figure is not None and is_weight(figure)


def _last_year(setting: Setting, part: PlanIndicator) -> Decimal | None:
    units = part.units or tuple(axis_of(setting.plan, part.over).names)
    keys = axis_of(setting.plan, part.over).keys
    totals = [
        setting.history.total(part.indicator, keys.get(unit, unit), setting.window)
        for unit in units
    ]
    given = [total for total in totals if total is not None]
    return sum(given, Decimal(0)) if given else None


def _parts(
    setting: Setting, headline: Headline, parts: list[PlanIndicator], weights: list[int], index: int
) -> tuple[dict[str, Share], list[Problem]]:
    """The parts of the headline, those with a target of their own as they are."""
    sign = -1 if headline.target < 0 else 1
    total = _whole(headline, headline.target) * sign
    fixed = [None if p.target is None else _whole(headline, p.target) * sign for p in parts]
    low = [min(0, total) if n is None else n for n in fixed]
    high = [total + sum(abs(n or 0) for n in fixed) if n is None else n for n in fixed]
    targets = share_out(total, weights, low, high)
    if targets is None:
        known = sum(n for n in fixed if n is not None) * sign
        told = {
            "headline": headline.name or headline.headline,
            "count": str(len(parts)),
            "fixed": f"{from_units(known, headline.decimals):,f}",
            "target": f"{headline.target:,f}",
        }
        return {}, [Problem("headline-parts", setting.document.place(("headlines", index)), told)]
    stretches = _stretches(headline, targets, weights, sign)
    found = {
        part.indicator: Share(
            from_units(sign * targets[k], headline.decimals),
            None if stretches is None else from_units(sign * stretches[k], headline.decimals),
            headline.measure,
            headline.decimals,
        )
        for k, part in enumerate(parts)
    }
    own = Share(headline.target, headline.stretch, headline.measure, headline.decimals)
    return found, _check_stretch(setting, own, headline, ("headlines", index))


def _stretches(
    headline: Headline, targets: list[int], weights: list[int], sign: int
) -> list[int] | None:
    """The stretch shared like the target, no part behind its own target."""
    if headline.stretch is None:
        return None
    total = _whole(headline, headline.stretch) * sign
    if total >= sum(targets):
        return share_out(total, weights, targets, [total + abs(n) for n in targets])
    return share_out(total, weights, [min(0, n) for n in targets], targets)


def _whole(headline: Headline, amount: Decimal) -> int:
    return to_units(amount, headline.decimals) or 0


def _check_stretch(
    setting: Setting, share: Share, written: PlanIndicator | Headline, path: tuple[str, int]
) -> list[Problem]:
    if share.stretch is None or not (share.stretch.is_finite() and share.target.is_finite()):
        return []
    parts = [p for p in setting.plan.indicators if p.headline and p.headline == _key(written)]
    less = written.less if isinstance(written, PlanIndicator) else any(p.less for p in parts)
    if (share.stretch < share.target) if less else (share.stretch > share.target):
        return []
    told = {"name": written.name or _key(written)}
    told |= {"stretch": f"{share.stretch:,f}", "target": f"{share.target:,f}"}
    return [Problem("stretch-direction", setting.document.place((*path, "stretch")), told)]


def _key(written: PlanIndicator | Headline) -> str:
    return written.indicator if isinstance(written, PlanIndicator) else written.headline
