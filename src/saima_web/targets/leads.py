"""Leads and plots behind a count, and what is left to clear: counted by unit and month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from saima.periods import Period, containing
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for
from saima_web.targets.models import Lead, LeadStep
from saima_web.targets.overview import Overview
from saima_web.targets.reached import reached

Stage = LeadStep.Stage
COUNTED = {Lead.Kind.LEAD: {Stage.SIGNED, Stage.DONE}}
"""Stages that count, by kind: a lead counts once signed; plots, points and households once done."""


@dataclass
class Record:
    """A lead with its latest step and the day from which it counts (None: not yet)."""

    lead: Lead
    steps: list[LeadStep] = field(default_factory=list)

    @property
    def last(self) -> LeadStep | None:
        return self.steps[-1] if self.steps else None

    @property
    def stage(self) -> str:
        return self.last.stage if self.last else Stage.OPEN

    @property
    def since(self) -> date | None:
        """The first day of the unbroken run of counted stages that it stands in now."""
        wanted = COUNTED.get(self.lead.kind, {Stage.DONE})  # type: ignore[call-overload]
        found = None
        for step in reversed(self.steps):
            if step.stage not in wanted:
                break
            found = step.on
        return found


def records(campaign: Campaign, by: User | None = None, **only: Any) -> list[Record]:
    """The leads that a user may see (all, for the platform itself), with their steps in order."""
    rows = campaign.leads.filter(**only).select_related("unit", "indicator")
    if by is not None:
        rows = rows.filter(cells_for(by, "targets.see", campaign))
    found = {lead.pk: Record(lead) for lead in rows}
    steps = LeadStep.objects.filter(lead__in=found).select_related("by").order_by("on", "pk")
    for step in steps:
        found[step.lead_id].steps.append(step)
    return list(found.values())


def proposed(campaign: Campaign, unit: Unit, indicator: Indicator, period: Period) -> int | None:
    """The figure that the leads behind a count would give; None where none are kept.

    A clear-to-zero stock counts what is left at the period's end; a year-to-date figure counts
    from the year's start, an in-period one what came about in the period.
    """
    kept = records(campaign, unit=unit, indicator=indicator)
    if not kept:
        return None
    return count(kept, indicator, period)


def count(kept: list[Record], indicator: Indicator, period: Period) -> int:
    since = [r.since for r in kept]
    if indicator.nature == Indicator.Nature.POINT_IN_TIME:
        clear = indicator.direction == Indicator.Direction.CLEAR
        done = sum(1 for d in since if d is not None and d <= period.end)
        live = [r for r in kept if r.stage != Stage.DROPPED]
        return len(live) - done if clear else done
    start = period.start
    if indicator.nature == Indicator.Nature.YEAR_TO_DATE:
        start = start.replace(month=1, day=1)
    return sum(1 for d in since if d is not None and start <= d <= period.end)


def summary(view: Overview, kept: list[Record]) -> list[dict[str, Any]]:
    """By indicator and unit: target, how many are kept, done, left, and this month's count."""
    by_cell: dict[tuple[int, int], list[Record]] = defaultdict(list)
    indicators = {x.pk: x for x in view.indicators if x.direction == Indicator.Direction.CLEAR}
    for record in kept:
        lead = record.lead
        by_cell[lead.unit_id, lead.indicator_id].append(record)
        indicators.setdefault(lead.indicator_id, lead.indicator)
    if not indicators:
        return []
    view = view.narrowed([x.code for x in indicators.values()])
    so_far = reached(view.campaign, list(indicators.values()))
    month = containing("month", min(max(today(), view.campaign.start), view.campaign.end))
    rows = []
    for indicator in sorted(indicators.values(), key=lambda x: (x.order, x.pk)):
        for unit in view.units:
            own = by_cell.get((unit.pk, indicator.pk), [])
            row = _summary_row(view, unit, indicator, own, so_far.get((unit.code, indicator.code)))
            if own or row["left"] is not None:
                row["now"] = count(own, indicator, month) if own else None
                rows.append(row)
    return rows


def _summary_row(
    view: Overview, unit: Unit, indicator: Indicator, own: list[Record], so_far: Any
) -> dict[str, Any]:
    target = view.target(unit, indicator)
    done = sum(1 for r in own if r.since is not None)
    live = [r for r in own if r.stage != Stage.DROPPED]
    return {
        "unit": str(unit), "indicator": indicator.name, "measure": indicator.measure,
        "target": target.value if target else None, "kept": len(live) if own else None,
        "done": done if own else None, "left": _left(indicator, own, live, done, target, so_far),
        "decimals": indicator.decimals, "reported": so_far[0] if so_far else None,
    }  # fmt: skip


def _left(
    indicator: Indicator, own: list[Record], live: list[Record], done: int, target: Any, so_far: Any
) -> Decimal | None:
    """What remains until zero: of the named records, else of the figures."""
    if indicator.direction != Indicator.Direction.CLEAR:
        return None
    if own:
        return Decimal(len(live) - done)
    if so_far is None:
        return None
    if indicator.nature == Indicator.Nature.POINT_IN_TIME:
        return Decimal(so_far[0])
    return max(Decimal(0), target.value - so_far[0]) if target and target.value else None
