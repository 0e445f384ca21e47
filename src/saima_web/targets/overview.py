"""How the targets stand: headlines, sums, what is missing, over-amplification, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from saima.allocation.amplification import Level, Node, meter
from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of, parsed, rulebook_in_force
from saima_web.people.models import Unit, User
from saima_web.people.permissions import RULES, below, cells_for, posts_of
from saima_web.targets.cells import (
    Cell,
    additive,
    approved,
    in_force,
    less_is_better,
    member_units,
    months_of,
    rows_of,
    sees_totals,
    top_unit,
    total,
    whole_of,
)
from saima_web.targets.models import Headline, Target


@dataclass
class Overview:
    """Everything about a campaign's targets in force that one user may see.

    only: the indicator that is asked about; of others, who sees all then reads no targets.
    """

    campaign: Campaign
    by: User
    only: Indicator | None = None
    wide_of: dict[int, bool] = field(default_factory=dict, init=False)

    @cached_property
    def scope(self) -> Q:
        return cells_for(self.by, "targets.see", self.campaign)

    @property
    def sees_all(self) -> bool:
        return not self.scope

    @cached_property
    def found(self) -> dict[Cell, Target]:
        narrow = Q(indicator=self.only) if self.only and self.sees_all else Q()
        return in_force(self.campaign, self.scope & narrow)

    @cached_property
    def whole(self) -> str:
        return whole_of(self.campaign).text

    @cached_property
    def months(self) -> list[str]:
        return [p.text for p in months_of(self.campaign)]

    @cached_property
    def top(self) -> Unit | None:
        return top_unit(self.campaign)

    @cached_property
    def units(self) -> list[Unit]:
        if not (self.only and self.sees_all):
            return rows_of(self.campaign, self.by, self.found)
        ids = approved(self.campaign).order_by().values_list("unit_id", flat=True).distinct()
        return rows_of(self.campaign, self.by, [(pk, 0, "") for pk in ids])

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those with targets or due ones that the user may see, in order."""
        return [x for x in indicators_of(self.campaign) if not x.retired and self.concerns(x)]

    def concerns(self, indicator: Indicator) -> bool:
        return self.wide(indicator) or bool(
            self.units_due(indicator) or self.by_indicator.get(indicator.pk)
        )

    def wide(self, indicator: Indicator) -> bool:
        """Whether the user may see what all units together have."""
        if indicator.pk not in self.wide_of:
            seen = sees_totals(self.campaign, self.by, indicator, self.top)
            self.wide_of[indicator.pk] = seen
        return self.wide_of[indicator.pk]

    @cached_property
    def own_units(self) -> set[int]:
        """The units on which the user has a post of the unit's own, with those below."""
        reach = RULES["targets.see"].reach
        posts = [p for p in posts_of(self.by) if reach.get(p.role) == "unit" and p.unit_id]
        posts = [p for p in posts if p.campaign_id in (None, self.campaign.pk)]
        return {pk for p in posts for pk in below(p.unit_id or 0)}

    @cached_property
    def by_indicator(self) -> dict[int, list[Target]]:
        grouped: dict[int, list[Target]] = defaultdict(list)
        for (_, indicator, _), row in self.found.items():
            grouped[indicator].append(row)
        return grouped

    @cached_property
    def headlines(self) -> dict[int, Headline]:
        """What is said of each indicator's total, the latest row."""
        return {r.indicator_id: r for r in self.campaign.headlines.order_by("pk")}

    @cached_property
    def assigned(self) -> dict[int, set[int]]:
        """Indicator -> the members that have it; one that is assigned to nobody is everybody's."""
        return assigned_units(self.campaign)

    def units_due(self, indicator: Indicator) -> list[Unit]:
        """The units in the user's scope that should have a target."""
        wanted = self.assigned.get(indicator.pk)
        everyone = self.units if wanted is None else [u for u in self.units if u.pk in wanted]
        if not self.wide(indicator):
            everyone = [u for u in everyone if u.pk in self.own_units]
        return [u for u in everyone if u.pk in self.members]

    @cached_property
    def members(self) -> set[int]:
        return {u.pk for u in member_units(self.campaign)}

    def target(self, unit: Unit, indicator: Indicator, period: str = "") -> Target | None:
        return self.found.get((unit.pk, indicator.pk, period or self.whole))

    def headline(self, indicator: Indicator) -> Target | None:
        """The target of the unit above all members."""
        return self.target(self.top, indicator) if self.top else None

    @cached_property
    def everyone(self) -> dict[int, Unit]:
        return {u.pk: u for u in Unit.objects.all()}

    @cached_property
    def first_level(self) -> list[Unit]:
        """The units that share the headline: those with no other member above them."""
        ids = {u.pk for u in self.units}
        return [u for u in self.units if not _has_above(self.everyone, u, ids)]

    def missing(self, indicator: Indicator) -> list[Unit]:
        """Units that should have a target and have none (查漏补缺)."""
        return [u for u in self.units_due(indicator) if not self._aims(u, indicator)]

    def _aims(self, unit: Unit, indicator: Indicator) -> bool:
        if self.target(unit, indicator) is not None:
            return True
        return any(self.target(unit, indicator, m) for m in self.months)

    def row(self, indicator: Indicator) -> dict[str, Any]:
        """One indicator's line of the overview."""
        levels = self.first_level
        sums = additive(indicator)
        own = [self.target(u, indicator) for u in levels]
        base = total(t.value for t in own if t) if sums else None
        stretch = total((t.stretch or t.value) for t in own if t) if sums else None
        wide = self.wide(indicator)
        head = self.headline(indicator) if wide else None
        said = self.headlines.get(indicator.pk) if wide else None
        return {
            "indicator": indicator, "code": indicator.code, "name": indicator.name,
            "category": indicator.category, "measure": indicator.measure,
            "decimals": indicator.decimals, "wide": wide, "additive": sums,
            "headline": head.value if head else None,
            "headline_stretch": head.stretch if head else None,
            "comparator": said.get_comparator_display() if said else "",
            "assigned": said.assigned if said else None,
            "base": base, "stretch": stretch if any(t and t.stretch for t in own) else None,
            "off": self.months_off(indicator), "missing": self.missing(indicator),
            "units": len([t for t in own if t]), "due": len(self.units_due(indicator)),
            "goals": self.goal_count(indicator), "planned": self.planned(indicator),
        }  # fmt: skip

    def planned(self, indicator: Indicator) -> bool:
        """Whether any unit's target is planned by month."""
        months = set(self.months)
        return any(r.period in months for r in self.by_indicator.get(indicator.pk, ()))

    def goal_count(self, indicator: Indicator) -> int:
        return sum(1 for r in self.by_indicator.get(indicator.pk, ()) if r.goal)

    def months_off(self, indicator: Indicator) -> list[tuple[Unit, Decimal]]:
        """Units whose months are all planned and do not add up to the year, with the gap."""
        if not additive(indicator) or not self.planned(indicator):
            return []
        found = []
        for unit in self.units:
            year = self.target(unit, indicator)
            plans = [self.target(unit, indicator, m) for m in self.months]
            if (
                year is None
                or year.value is None
                or not all(p and p.value is not None for p in plans)
            ):
                continue
            gap = sum((Decimal(p.value) for p in plans if p), Decimal(0)) - year.value
            if gap:
                found.append((unit, gap))
        return found

    def rows(self) -> list[dict[str, Any]]:
        return [self.row(x) for x in self.indicators]


def _has_above(everyone: Mapping[int, Unit], unit: Unit, ids: set[int]) -> bool:
    at, seen = unit.parent_id, set[int]()
    while at is not None and at not in seen:
        if at in ids:
            return True
        seen.add(at)
        at = everyone[at].parent_id
    return False


def assigned_units(campaign: Campaign) -> dict[int, set[int]]:
    """Indicator id -> ids of the units that have it.

    Assigned by name or by their track; else those to whose track the rulebook gives points.
    """
    tracks: dict[int | None, set[int]] = defaultdict(set)
    for row in campaign.participations.all():
        tracks[row.track_id].add(row.unit_id)
    found: dict[int, set[int]] = defaultdict(set)
    for duty in campaign.assignments.all():
        if duty.unit_id is not None:
            found[duty.indicator_id].add(duty.unit_id)
        elif duty.track_id is not None:
            found[duty.indicator_id] |= tracks[duty.track_id]
        else:
            found[duty.indicator_id] |= set().union(*tracks.values())
    return _weighed(campaign, tracks) | found


def _weighed(campaign: Campaign, tracks: Mapping[int | None, set[int]]) -> dict[int, set[int]]:
    """Indicator id -> ids of units in the tracks that the rulebook in force weighs it for."""
    try:
        book = parsed(rulebook_in_force(campaign, periods_of(campaign)[-1]).text)[0]
    except Refused:
        return {}
    leaves = {leaf.indicator: leaf.weight for _, leaf in book.leaves()} if book else {}
    names = {track.pk: track.name for track in campaign.tracks.all()}
    known = dict(Indicator.objects.filter(code__in=leaves).values_list("code", "pk"))
    return {
        known[code]: {u for pk, ids in tracks.items() if pk and weight.get(names[pk]) for u in ids}
        for code, weight in leaves.items()
        if isinstance(weight, dict) and code in known
    }


def amplified(view: Overview, indicator: Indicator, *, stretch: bool = False) -> list[Level]:
    """The meter of 层层加码: upper level -> group -> units -> units below; empty if not told."""
    if not additive(indicator) or not view.wide(indicator):
        return []
    nodes = _chain(view, indicator, stretch)
    levels, problems = meter(nodes, "amount", indicator.measure, less=less_is_better(indicator))
    return [] if problems else levels


def _chain(view: Overview, indicator: Indicator, stretch: bool) -> list[Node]:
    """Who is above whom among those with a target above zero."""
    said, nodes = view.headlines.get(indicator.pk), []
    if said is not None and said.assigned is not None and said.assigned > 0:
        nodes.append(Node("#", gettext("上级下达"), gettext("上级"), None, said.assigned))
    known = [
        u for u in ([view.top] if view.top else []) + view.units if _amount(view, u, indicator)
    ]
    keys, root = {u.pk for u in known}, "#" if nodes else None
    names = gettext("本级"), gettext("单位"), gettext("下属单位")
    for unit in known:
        above = _nearest(view.everyone, unit, keys)
        parent = str(above.pk) if above else root
        amount = _amount(view, unit, indicator, stretch and unit != view.top)
        level = names[_level(view, unit, above)]
        nodes.append(Node(str(unit.pk), str(unit), level, parent, amount))
    return nodes


def _level(view: Overview, unit: Unit, above: Unit | None) -> int:
    """0 for the unit above all, 1 for those right below it, 2 for those further down."""
    if unit == view.top:
        return 0
    return 1 if above is None or above == view.top else 2


def _nearest(everyone: Mapping[int, Unit], unit: Unit, keys: set[int]) -> Unit | None:
    at, seen = unit.parent_id, set[int]()
    while at is not None and at not in seen:
        if at in keys:
            return everyone[at]
        seen.add(at)
        at = everyone[at].parent_id
    return None


def _amount(view: Overview, unit: Unit, indicator: Indicator, stretch: bool = False) -> Decimal:
    """A unit's target (or stretch), 0 where there is none that a ratio can be formed of."""
    row = view.target(unit, indicator)
    if row is None:
        return Decimal(0)
    amount = row.stretch if stretch and row.stretch is not None else row.value
    return max(Decimal(amount or 0), Decimal(0))
