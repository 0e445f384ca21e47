"""Who is behind on what: gap, cause, measure, who answers, until when; and next year's draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from saima.periods import Period, containing, parse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for
from saima_web.targets.cells import Cell, additive, rows_in, whole_of
from saima_web.targets.models import Countermeasure, Target, TargetSet
from saima_web.targets.overview import Overview
from saima_web.targets.reached import Reached, reached


@dataclass(frozen=True)
class Gap:
    """A unit behind on an indicator: what was due by the last period, what was reached."""

    unit: Unit
    indicator: Indicator
    period: Period
    due: Decimal
    done: Decimal

    @property
    def gap(self) -> Decimal:
        return self.due - self.done


def gaps(view: Overview) -> list[Gap]:
    """Every unit and indicator behind its own plan (or 序时 without one), the largest share first."""
    indicators = compared(view.concerned)
    so_far = reached(view.campaign, indicators)
    found = []
    for indicator in indicators:
        for unit in view.units:
            known = so_far.get((unit.code, indicator.code))
            gap = known and _gap(view, unit, indicator, known)
            if gap:
                found.append(gap)
    return sorted(found, key=lambda g: (-g.gap / g.due, g.unit.order))


def compared(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those of which a sum so far can be held against what is due."""
    return [x for x in indicators if additive(x) and x.direction == "more"]


def _gap(view: Overview, unit: Unit, indicator: Indicator, known: Reached) -> Gap | None:
    done, period = known
    due = due_by(view, unit, indicator, period.end)
    if due is None or due <= 0 or done >= due:
        return None
    return Gap(unit, indicator, period, due, done)


def due_by(view: Overview, unit: Unit, indicator: Indicator, day: date) -> Decimal | None:
    """What the unit should have reached by a day: its monthly plans, else 序时 of the year."""
    year = view.target(unit, indicator)
    months = [m for m in view.months if parse(m).end <= day]
    plans = [view.target(unit, indicator, m) for m in months]
    if plans and all(p is not None and p.value is not None for p in plans):
        return sum((p.value for p in plans if p and p.value is not None), Decimal(0))
    if year is None or year.value is None:
        return None
    elapsed, whole = clock_of(view.campaign).pace(day, "linear-month")
    return rounded(Decimal(year.value) * Decimal(str(elapsed)) / Decimal(str(whole)), indicator)


def rounded(value: Decimal, indicator: Indicator) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-indicator.decimals), rounding=ROUND_HALF_UP)


def sheets_in_force(campaign: Campaign, by: User) -> dict[tuple[int, int], Countermeasure]:
    """The latest countermeasure of every unit and indicator that a user may see."""
    rows = _sheets(campaign, by).select_related("by").order_by("pk")
    return {(r.unit_id, r.indicator_id): r for r in rows}


def _sheets(campaign: Campaign, by: User) -> QuerySet[Countermeasure]:
    return campaign.countermeasures.filter(cells_for(by, "targets.see", campaign))


def listed(view: Overview) -> list[Indicator]:
    """The indicators that the list of countermeasures can show: compared, or written about."""
    known = {x.pk for x in compared(view.indicators)}
    known |= set(_sheets(view.campaign, view.by).values_list("indicator_id", flat=True))
    return [x for x in view.indicators if x.pk in known]


def sheet_rows(view: Overview) -> list[dict[str, Any]]:
    """The list of countermeasures: everyone behind, and those written earlier and not done."""
    written, rows = sheets_in_force(view.campaign, view.by), []
    for gap in gaps(view):
        sheet = written.pop((gap.unit.pk, gap.indicator.pk), None)
        rows.append(_sheet_row(gap.unit, gap.indicator, sheet, gap))
    units, indicators = {u.pk: u for u in view.units}, {x.pk: x for x in view.concerned}
    for (unit, indicator), sheet in written.items():
        if unit in units and indicator in indicators and not sheet.done:
            rows.append(_sheet_row(units[unit], indicators[indicator], sheet, None))
    return rows


def _sheet_row(
    unit: Unit, indicator: Indicator, sheet: Countermeasure | None, gap: Gap | None
) -> dict[str, Any]:
    return {
        "unit": str(unit), "unit_code": unit.code, "indicator": indicator.name,
        "indicator_code": indicator.code, "measure_unit": indicator.measure,
        "decimals": indicator.decimals, "period": gap.period.label() if gap else "",
        "due_amount": gap.due if gap else None, "done_amount": gap.done if gap else None,
        "gap": gap.gap if gap else None,
        "rate": float(gap.done / gap.due) if gap else None,
        "cause": sheet.cause if sheet else "", "measure": sheet.measure if sheet else "",
        "responsible": sheet.responsible if sheet else "", "due": sheet.due if sheet else None,
        "done": sheet.done if sheet else False, "written": sheet is not None,
        "late": sheet is not None and not sheet.done and sheet.due < today(),
    }  # fmt: skip


# --- next year ----------------------------------------------------------------------------------


def next_whole(campaign: Campaign) -> Period:
    """The year after the campaign's."""
    return containing("year", whole_of(campaign).end + timedelta(days=1))


def next_draft(campaign: Campaign) -> TargetSet | None:
    """The draft plan of next year, one for the campaign."""
    rows = campaign.target_sets.filter(kind=TargetSet.Kind.NEXT_YEAR, state=TargetSet.State.DRAFT)
    return rows.first()


def expected(view: Overview, indicator: Indicator, known: Reached | None) -> Decimal | None:
    """The year's result if it goes on as so far: only of sums, by months elapsed."""
    if known is None or not additive(indicator):
        return known[0] if known else None
    elapsed, whole = clock_of(view.campaign).pace(known[1].end, "linear-month")
    if elapsed <= 0:
        return None
    return rounded(known[0] * Decimal(str(whole)) / Decimal(str(elapsed)), indicator)


def next_rows(view: Overview) -> list[dict[str, Any]]:
    """Unit by unit: this year's target and likely result, the draft of next year and its growth."""
    indicators = view.concerned
    so_far = reached(view.campaign, indicators)
    drafted: dict[Cell, Target] = rows_in(next_draft(view.campaign), indicator__in=indicators)
    period, rows = next_whole(view.campaign).text, []
    for indicator in indicators:
        if indicator.qualitative:
            continue
        for unit in view.units:
            now = view.target(unit, indicator)
            likely = expected(view, indicator, so_far.get((unit.code, indicator.code)))
            draft = drafted.get((unit.pk, indicator.pk, period))
            if now is None and likely is None and draft is None:
                continue
            rows.append(
                {
                    "unit": str(unit), "unit_pk": unit.pk, "indicator": indicator.name,
                    "indicator_pk": indicator.pk, "measure": indicator.measure,
                    "decimals": indicator.decimals, "now": now.value if now else None,
                    "likely": likely, "draft": None if draft is None else draft.value,
                    "growth": _growth(draft.value if draft else None, now.value if now else None),
                }
            )  # fmt: skip
    return rows


def _growth(new: Decimal | None, old: Decimal | None) -> float | None:
    return None if new is None or not old or old <= 0 else float(new / old - 1)
