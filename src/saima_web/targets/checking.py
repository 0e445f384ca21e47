"""What is wrong with values that somebody puts into the targets' grid, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext

from saima.periods import parse
from saima.problems import Place, Problem
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets import problems
from saima_web.targets.cells import Cell, less_is_better, months_of, whole_of
from saima_web.targets.edits import Edit
from saima_web.targets.models import Bound, Target

PLAIN = str.maketrans("０１２３４５６７８９．，－＋％", "0123456789.,-+%", " \u3000\xa0\t")


def number_of(text: object) -> Decimal | None:
    """A typed number: thousands separators and full-width digits are understood; blank is None.

    Errors: ValueError for what is no number.
    """
    plain = str("" if text is None else text).translate(PLAIN).replace(",", "").replace("−", "-")
    if plain in ("", "—"):
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise ValueError(str(text)) from None
    if not found.is_finite() or found.adjusted() > 15 or len(plain) > 30:
        raise ValueError(str(text))
    return found


def place_of(unit: Unit, period: str) -> Place:
    """Where a cell stands: the unit and the period in words."""
    return Place(path=f"{unit}{parse(period).label()}")


def check_edits(
    campaign: Campaign, edits: Iterable[Edit], standing: Mapping[Cell, Target]
) -> list[Problem]:
    """Everything wrong with a batch of changes, each with its unit and period."""
    known = {whole_of(campaign).text, *(p.text for p in months_of(campaign))}
    bounds = _cell_bounds(campaign)
    return [p for edit in edits for p in _check(edit, standing.get(edit.key), known, bounds)]


def _check(
    edit: Edit, old: Target | None, known: set[str], bounds: Mapping[Cell, Bound]
) -> list[Problem]:
    if edit.period not in known:
        return [Problem(problems.CELL_UNKNOWN, Place(path=str(edit.unit)), {"text": edit.period})]
    place = place_of(edit.unit, edit.period)
    found = [
        Problem(
            problems.CELL_TOO_FINE,
            place,
            {"value": canonical(value), "decimals": edit.indicator.decimals},
        )
        for value in (edit.changes.get("value"), edit.changes.get("stretch"))
        if value is not None and too_fine(value, edit.indicator)
    ]
    found += _locked(edit, old, place)
    found += _easier(edit, old, place)
    return found + _bounded(edit, bounds.get(edit.key), place)


def too_fine(value: Decimal, indicator: Indicator) -> bool:
    return value != round(value, indicator.decimals)


def _locked(edit: Edit, old: Target | None, place: Place) -> list[Problem]:
    if old is None or not old.locked or edit.changes.get("locked") is False:
        return []
    new = edit.changes.get("value", old.value)
    if new == old.value:
        return []
    shown = canonical(Decimal(old.value)) if old.value is not None else "—"
    return [Problem(problems.CELL_LOCKED, place, {"value": shown})]


def _easier(edit: Edit, old: Target | None, place: Place) -> list[Problem]:
    value = edit.changes.get("value", old.value if old else None)
    stretch = edit.changes.get("stretch", old.stretch if old else None)
    if value is None or stretch is None or edit.indicator.direction == "centred":
        return []
    less = less_is_better(edit.indicator)
    if (stretch <= value) if less else (stretch >= value):
        return []
    told = {"stretch": canonical(stretch), "target": canonical(value)}
    return [Problem(problems.STRETCH_EASIER, place, told)]


def _bounded(edit: Edit, bound: Bound | None, place: Place) -> list[Problem]:
    value = edit.changes.get("value")
    if value is None or bound is None:
        return []
    low = bound.lower is not None and value < bound.lower
    high = bound.upper is not None and value > bound.upper
    if not (low or high):
        return []
    told = {"value": canonical(value), "bound": bound_words(bound)}
    return [Problem(problems.OUT_OF_BOUNDS, place, told)]


def bound_words(bound: Bound) -> str:
    """不低于100，不超过200（产能）."""
    low, high = gettext("不低于%(n)s"), gettext("不超过%(n)s")
    parts = [low % {"n": canonical(bound.lower)}] if bound.lower is not None else []
    parts += [high % {"n": canonical(bound.upper)}] if bound.upper is not None else []
    return "，".join(parts) + (f"（{bound.note}）" if bound.note else "")


def bounds_in_force(campaign: Campaign, indicator: Indicator | None = None) -> list[Bound]:
    """The latest bound of every place, lifted ones left out."""
    rows = campaign.target_bounds.select_related("unit").order_by("pk")
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    latest = {(r.indicator_id, r.unit_id, r.period): r for r in rows}
    return [r for r in latest.values() if r.lower is not None or r.upper is not None]


def _cell_bounds(campaign: Campaign) -> dict[Cell, Bound]:
    """Bounds on single cells; a bound without a period speaks of the unit's whole target."""
    whole = whole_of(campaign).text
    return {
        (b.unit_id, b.indicator_id, b.period or whole): b
        for b in bounds_in_force(campaign)
        if b.unit_id is not None
    }
