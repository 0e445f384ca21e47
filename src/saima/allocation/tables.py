"""A whole plan worked out: every indicator's table, its stretch, and what the plan asks beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from saima.allocation.amplification import Level, Node, meter
from saima.allocation.basis import Setting, breakdown_of, setting_of
from saima.allocation.breakdown import Breakdown, Restriction, Table
from saima.allocation.cascade import Piece, cascade, working_days
from saima.allocation.decompose import decompose
from saima.allocation.headlines import Share, shares
from saima.allocation.history import History
from saima.allocation.plan import Chain, Plan, PlanCascade, PlanIndicator, clock_of, kind_of
from saima.allocation.support import Support, support
from saima.periods import Period, parse
from saima.problems import Problem, Refused, declare
from saima.rules.documents import Document

declare(
    "support-unknown",
    "“{name}”的 supported-by 指向的“{key}”不是按项目分解的指标，或没有分解成功。",
    "请写一个 over: projects 的指标。",
    "supported-by of “{name}” names “{key}”, which is not broken down over projects.",
    "Name an indicator with over: projects.",
)


@dataclass(frozen=True)
class TargetRow:
    """One target: what a unit must bring for an indicator in a period, and the stretch beside."""

    unit: str
    indicator: str
    period: str
    target: Decimal
    stretch: Decimal | None


@dataclass(frozen=True)
class CascadeRow:
    """A target carried further down: the part of `within` that falls on a finer period."""

    unit: str
    indicator: str
    within: str
    kind: str
    piece: Piece


@dataclass(frozen=True)
class Item:
    """One indicator worked out; `breakdown` says how, `supports` which projects stand behind."""

    indicator: PlanIndicator
    breakdown: Breakdown
    table: Table
    stretch: Table | None
    supports: tuple[Support, ...] = ()

    @property
    def rows(self) -> Iterator[TargetRow]:
        for (unit, period), target in self.table.targets.items():
            stretch = None if self.stretch is None else self.stretch.targets[unit, period]
            yield TargetRow(unit, self.table.indicator, period, target, stretch)


@dataclass(frozen=True)
class Amplified:
    """One chain of targets by level, from the top down."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Allocation:
    """Everything that came of a plan; indicators that could not be broken down are left out."""

    plan: Plan
    periods: tuple[Period, ...]
    items: tuple[Item, ...]
    amplified: tuple[Amplified, ...]
    cascaded: tuple[CascadeRow, ...]

    @property
    def rows(self) -> list[TargetRow]:
        """All targets: by indicator, unit in official order, period."""
        return [row for item in self.items for row in item.rows]


def allocate_plan(
    plan: Plan, history: History | None = None, document: Document | None = None
) -> tuple[Allocation, list[Problem]]:
    """Break down every indicator of a plan that was read without problems (`plan.read_plan`).

    history: last year's figures, where the plan shares by them; document: where the plan was
    written, for places. What can be broken down is, and the rest is named.
    """
    document = document or Document()
    window = clock_of(plan)
    rest, work = plan.calendar.rest, plan.calendar.work
    is_working, notes = working_days(window.start, window.end, rest, work)
    setting = setting_of(plan, document, history or History(), is_working)
    carried, problems = shares(setting)
    items: list[Item] = []
    for index, indicator in enumerate(plan.indicators):
        share = carried.get(indicator.indicator)
        if share is not None:
            item, wrong = _item(setting, index, share)
            items += [item] if item else []
            problems += wrong
    items, wrong = _supported(setting, items)
    problems += wrong
    amplified, wrong = _amplified(setting, items)
    problems += wrong
    cascaded, wrong = _cascaded(setting, items)
    problems += wrong
    if _counts_working_days(plan):
        problems += notes
    return Allocation(plan, tuple(setting.periods), tuple(items), amplified, cascaded), problems


def _counts_working_days(plan: Plan) -> bool:
    ways = [getattr(i.periods_by, "basis", i.periods_by) for i in plan.indicators]
    return "working-days" in ways or (plan.cascade is not None and plan.cascade.by != "days")


def _item(setting: Setting, index: int, share: Share) -> tuple[Item | None, list[Problem]]:
    """One indicator's table, and its stretch where it has one."""
    breakdown, problems = breakdown_of(setting, index, share.target, share.measure, share.decimals)
    if breakdown is None:
        return None, problems
    table, problems = decompose(breakdown)
    if table is None:
        return None, problems
    stretch = None
    if share.stretch is not None:
        stretch, more = decompose(harder(breakdown, table, share.stretch))
        problems += more
    return Item(setting.plan.indicators[index], breakdown, table, stretch), problems


def harder(breakdown: Breakdown, table: Table, stretch: Decimal) -> Breakdown:
    """The breakdown of a stretch target: no cell easier than its target, locked cells as locked.

    Locks on sums and bounds on the easy side are met already; bounds on the hard side stay.
    """
    more = not stretch.is_finite() or stretch >= breakdown.headline
    kept = []
    for r in breakdown.restrictions:
        one_cell = len(breakdown.units_of(r)) * len(breakdown.periods_of(r)) == 1
        if (r.kind == "lock" and one_cell) or r.kind == ("upper" if more else "lower"):
            kept.append(r)
    cells = [
        Restriction(unit, period, "lower" if more else "upper", target, "目标")
        for (unit, period), target in table.targets.items()
    ]
    return replace(breakdown, headline=stretch, restrictions=(*kept, *cells))


def _supported(setting: Setting, items: list[Item]) -> tuple[list[Item], list[Problem]]:
    """Put the projects behind the indicators that name them."""
    by_projects = {i.table.indicator: i for i in items if i.indicator.over == "projects"}
    unit_of = {work.project: work.unit for work in setting.plan.projects}
    found, problems = [], []
    for item in items:
        key = item.indicator.supported_by
        if key in by_projects:
            rows = support(item.table, by_projects[key].table, unit_of)
            item = replace(item, supports=tuple(rows))
        elif key:
            told = {"name": item.breakdown.title, "key": key}
            problems.append(Problem("support-unknown", item.breakdown.place, told))
        found.append(item)
    return found, problems


# --- over-amplification -------------------------------------------------------------------------


def _amplified(setting: Setting, items: list[Item]) -> tuple[tuple[Amplified, ...], list[Problem]]:
    """The plan's own chain, and one for every target that an upper level assigned."""
    plan, metered = setting.plan, []
    if plan.amplification is not None:
        metered.append(_written(plan.amplification))
    for headline in plan.headlines:
        parts = [item for item in items if item.indicator.headline == headline.headline]
        if headline.assigned is not None and parts:
            name = headline.name or headline.headline
            metered.append(_assigned(name, headline.assigned, headline.target, parts))
    for item in items:
        if item.indicator.assigned is not None:
            b = item.breakdown
            metered.append(_assigned(b.title, item.indicator.assigned, b.headline, [item]))
    problems = [problem for _, wrong in metered for problem in wrong]
    return tuple(chain for chain, _ in metered if chain.levels), problems


def _written(chain: Chain) -> tuple[Amplified, list[Problem]]:
    nodes = [
        Node(n.node, n.name or n.node, n.level, n.parent or None, n.target, n.weight)
        for n in chain.nodes
    ]
    levels, problems = meter(nodes, chain.kind, chain.measure, less=chain.less)
    return Amplified(chain.name, tuple(levels)), problems


def _assigned(
    name: str, assigned: Decimal, target: Decimal, parts: list[Item]
) -> tuple[Amplified, list[Problem]]:
    """From what was assigned to the own target, and on to the units' (stretch) targets."""
    sums: dict[str, Decimal] = {}
    for item in parts:
        table = item.stretch or item.table
        for unit in table.units:
            sums[unit] = sums.get(unit, Decimal(0)) + table.of_unit(unit)
    names = parts[0].breakdown
    nodes = [
        Node("assigned", "上级下达", "上级下达", None, assigned),
        Node("own", "本级目标", "本级", "assigned", target),
    ]
    nodes += [
        Node(f"unit {unit}", names.name(unit), "单位", "own", total)
        for unit, total in sums.items()
        if total > 0
    ]
    less = any(item.indicator.less for item in parts)
    levels, problems = meter(nodes, measure=names.measure, less=less)
    return Amplified(name, tuple(levels)), problems


# --- further down -------------------------------------------------------------------------------


def _cascaded(setting: Setting, items: list[Item]) -> tuple[tuple[CascadeRow, ...], list[Problem]]:
    """The targets of the periods that the plan carries down, over finer periods."""
    wish = setting.plan.cascade
    if wish is None:
        return (), []
    chosen, problems = _chosen(setting, wish)
    is_working = setting.is_working if wish.by == "working-days" else None
    rows = []
    for item in items:
        for (unit, key), target in item.table.targets.items():
            for kind in wish.into if key in chosen else ():
                pieces, wrong = cascade(
                    target, chosen[key], kind_of(kind), item.table.decimals, is_working
                )
                problems += [problem for problem in wrong if problem not in problems]
                name = item.table.indicator
                rows += [CascadeRow(unit, name, key, kind, piece) for piece in pieces]
    return tuple(rows), problems


def _chosen(setting: Setting, wish: PlanCascade) -> tuple[dict[str, Period], list[Problem]]:
    """The plan's periods that are carried down, by key."""
    known = {period.text: period for period in setting.periods}
    chosen: dict[str, Period] = {}
    problems = []
    for i, text in enumerate(wish.periods):
        place = setting.document.place(("cascade", "periods", i))
        try:
            wanted = parse(text, clock_of(setting.plan))
        except Refused as refused:
            problems.append(Problem(refused.problem.code, place, refused.problem.values))
            continue
        inside = {key: period for key, period in known.items() if wanted.covers(period)}
        chosen |= inside
        if not inside:
            problems.append(Problem("plan-period-misfit", place, {"period": text}))
    return chosen, problems
