"""How the targets stand: headlines, sums, what is missing, over-amplification, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from saima.allocation.amplification import Level, Node, meter
from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of, parsed, rulebook_in_force
from saima_web.people.models import Unit, User
from saima_web.people.permissions import RULES, below, cells_for, on_all_units, posts_of, units_for
from saima_web.targets.cells import (
    Aim,
    Cell,
    above_all,
    additive,
    aims,
    approved,
    less_is_better,
    member_ids,
    months_of,
    sees_totals,
    total,
    whole_of,
)
from saima_web.targets.models import Headline

NOTHING = Decimal(0)
ALIKE = (
    "scope", "every", "everyone", "members", "assigned", "headlines", "top", "own_units", "units",
)  # fmt: skip
"""What an overview knows, whichever indicators are asked about."""
Place = tuple[Unit, int, str]
"""A unit, its level (0 above all, 1 right below, 2 further down), the key of the unit above it."""


@dataclass
class Overview:
    """Everything about a campaign's targets in force that one user may see.

    only: the codes of the indicators that are asked about; of others, who sees all then reads no
    targets.
    """

    campaign: Campaign
    by: User
    only: Collection[str] = ()
    wide_of: dict[int, bool] = field(default_factory=dict, init=False)
    places_of: dict[frozenset[int], list[Place]] = field(default_factory=dict, init=False)

    def narrowed(self, only: Collection[str]) -> Overview:
        """The same of some indicators, with what was read already and does not hang on them."""
        found = Overview(self.campaign, self.by, only)
        kept = ALIKE if self.sees_all else (*ALIKE, "found")
        vars(found).update({name: vars(self)[name] for name in kept if name in vars(self)})
        return found

    @cached_property
    def scope(self) -> Q:
        return cells_for(self.by, "targets.see", self.campaign)

    @property
    def sees_all(self) -> bool:
        return not self.scope

    @cached_property
    def found(self) -> dict[Cell, Aim]:
        narrow = Q(indicator__code__in=self.only) if self.only and self.sees_all else Q()
        return aims(self.campaign, self.scope & narrow)

    @cached_property
    def every(self) -> list[Indicator]:
        """The campaign's indicators, in order."""
        return list(indicators_of(self.campaign))

    @cached_property
    def whole(self) -> str:
        return whole_of(self.campaign).text

    @cached_property
    def months(self) -> list[str]:
        return [p.text for p in months_of(self.campaign)]

    @cached_property
    def top(self) -> Unit | None:
        return above_all(self.everyone, self.members)

    @property
    def top_id(self) -> int:
        return self.top.id if self.top else 0

    @cached_property
    def units(self) -> list[Unit]:
        if not self.sees_all:
            return self.rows_of(key[0] for key in self.found)
        with_some = Exists(approved(self.campaign).order_by().filter(unit=OuterRef("pk")))
        return self.rows_of(Unit.objects.filter(with_some).order_by().values_list("pk", flat=True))

    def rows_of(self, ids: Iterable[int]) -> list[Unit]:
        """The members and some other units in the user's scope, without the unit above all."""
        wanted = self.members | set(ids)
        wanted.discard(self.top_id)
        if not on_all_units(self.by, "targets.see", self.campaign):
            seen = units_for(self.by, "targets.see", self.campaign).order_by()
            wanted.intersection_update(seen.values_list("pk", flat=True))
        return [u for pk, u in self.everyone.items() if pk in wanted]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those with targets or due ones that the user may see, in order."""
        return [x for x in self.every if not x.retired and self.concerns(x)]

    @property
    def concerned(self) -> list[Indicator]:
        """Those that are asked about; where none are named, all of `indicators`."""
        if not self.only:
            return self.indicators
        return [x for x in self.every if x.code in self.only and self.concerns(x)]

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

    def places(self, ids: frozenset[int]) -> list[Place]:
        """Where some units stand among themselves, the unit above all first: found once for all
        indicators of which the same units have targets."""
        if ids not in self.places_of:
            top, units = self.top_id, [u for pk, u in self.everyone.items() if pk in ids]
            units.sort(key=lambda u: u.id != top)
            above = {u.id: _nearest(self.everyone, u, ids) for u in units}
            self.places_of[ids] = [
                (u, _level(top, u.id, above[u.id]), str(above[u.id] or "")) for u in units
            ]
        return self.places_of[ids]

    @cached_property
    def own_units(self) -> set[int]:
        """The units on which the user has a post of the unit's own, with those below."""
        reach = RULES["targets.see"].reach
        posts = [p for p in posts_of(self.by) if reach.get(p.role) == "unit" and p.unit_id]
        posts = [p for p in posts if p.campaign_id in (None, self.campaign.pk)]
        return {pk for p in posts for pk in below(p.unit_id or 0)}

    @cached_property
    def by_indicator(self) -> dict[int, list[Aim]]:
        grouped: dict[int, list[Aim]] = defaultdict(list)
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
        everyone = self.units if wanted is None else [u for u in self.units if u.id in wanted]
        if not self.wide(indicator):
            everyone = [u for u in everyone if u.id in self.own_units]
        members = self.members
        return [u for u in everyone if u.id in members]

    @cached_property
    def members(self) -> set[int]:
        return member_ids(self.campaign)

    def target(self, unit: Unit, indicator: Indicator, period: str = "") -> Aim | None:
        # `id` and not `pk`, which looks its field up: a large overview asks 150,000 times
        return self.found.get((unit.id, indicator.id, period or self.whole))

    def headline(self, indicator: Indicator) -> Aim | None:
        """The target of the unit above all members."""
        return self.target(self.top, indicator) if self.top else None

    @cached_property
    def everyone(self) -> dict[int, Unit]:
        """All units, in official order."""
        return {u.pk: u for u in Unit.objects.all()}

    @cached_property
    def first_level(self) -> list[Unit]:
        """The units that share the headline: those with no other member above them."""
        ids = {u.pk for u in self.units}
        return [u for u in self.units if not _has_above(self.everyone, u, ids)]

    def _aims(self, unit: Unit, indicator: Indicator) -> bool:
        """Whether a unit has a target at all (查漏补缺)."""
        if self.target(unit, indicator) is not None:
            return True
        return any(self.target(unit, indicator, m) for m in self.months)

    def row(self, indicator: Indicator) -> dict[str, Any]:
        """One indicator's line of the overview."""
        sums, due = additive(indicator), self.units_due(indicator)
        own = [self.target(u, indicator) for u in self.first_level]
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
            "off": self.months_off(indicator),
            "missing": [u for u in due if not self._aims(u, indicator)],
            "units": len([t for t in own if t]), "due": len(due),
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
            plans = [p for m in self.months if (p := self.target(unit, indicator, m))]
            known = [p.value for p in plans if p.value is not None]
            if year is None or year.value is None or len(known) < len(self.months):
                continue
            gap = sum(known, Decimal(0)) - year.value
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
    for track, unit in campaign.participations.order_by().values_list("track_id", "unit_id"):
        tracks[track].add(unit)
    found: dict[int, set[int]] = defaultdict(set)
    duties = campaign.assignments.order_by().values_list("indicator_id", "unit_id", "track_id")
    for indicator, own, among in duties:
        if own is not None:
            found[indicator].add(own)
        elif among is not None:
            found[indicator] |= tracks[among]
        else:
            found[indicator] |= set().union(*tracks.values())
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
    everybody = ([view.top] if view.top else []) + view.units
    amounts = {u.id: a for u in everybody if (a := _amount(view, u, indicator))}
    root, names = "#" if nodes else None, (gettext("本级"), gettext("单位"), gettext("下属单位"))
    for unit, level, above in view.places(frozenset(amounts)):
        own = _amount(view, unit, indicator, True) if stretch and level else amounts[unit.id]
        nodes.append(Node(str(unit.id), str(unit), names[level], above or root, own))
    return nodes


def _level(top: int, unit: int, above: int) -> int:
    """0 for the unit above all, 1 for those right below it, 2 for those further down."""
    if unit == top:
        return 0
    return 1 if above in (0, top) else 2


def _nearest(everyone: Mapping[int, Unit], unit: Unit, keys: Set[int]) -> int:
    """The nearest of some units above one, 0 where there is none."""
    at, seen = unit.parent_id, set[int]()
    while at is not None and at not in seen:
        if at in keys:
            return at
        seen.add(at)
        at = everyone[at].parent_id
    return 0


def _amount(view: Overview, unit: Unit, indicator: Indicator, stretch: bool = False) -> Decimal:
    """A unit's target (or stretch), 0 where there is none that a ratio can be formed of."""
    row = view.target(unit, indicator)
    if row is None:
        return NOTHING
    amount = row.stretch if stretch and row.stretch is not None else row.value
    return amount if amount is not None and amount > 0 else NOTHING


def rows_of(campaign: Campaign, by: User) -> list[Unit]:
    """Whose rows a user plans: the members in their scope; the unit above all is the headline."""
    return Overview(campaign, by).rows_of(())
