"""One indicator's targets as the grid shows them, and what the grid sends back, read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from saima.periods import parse
from saima.problems import Place, Problem
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may
from saima_web.targets import problems
from saima_web.targets.cells import (
    Aim,
    additive,
    draft_of,
    laid_over,
    less_is_better,
    months_of,
    project_plans,
    rows_in,
    whole_of,
    with_draft,
)
from saima_web.targets.checking import bound_words, bounds_in_force, number_of, place_of
from saima_web.targets.edits import Edit, PlanEdit
from saima_web.targets.models import Target
from saima_web.targets.overview import Overview, rows_of

Said = Aim | Target


def plain(value: Decimal | None) -> str:
    return "" if value is None else canonical(Decimal(value))


def columns_of(campaign: Campaign) -> list[dict[str, str]]:
    """The months as columns: field, canonical period, heading."""
    return [
        {"field": f"m{n}", "period": p.text, "title": month_title(p.text)}
        for n, p in enumerate(months_of(campaign))
    ]


def heading(period: str) -> str:
    """1月, or the days of a month that the campaign only takes part of."""
    found = parse(period)
    if found.kind == "month":
        return f"{found.end.month}月"
    return f"{found.start.month}.{found.start.day}—{found.end.month}.{found.end.day}"


def month_title(period: str) -> str:
    """The heading in the reader's language: 1月, Jan."""
    found = parse(period)
    if get_language() == "en" and found.kind == "month":
        return f"{found.end:%b}"
    return heading(period)


def grid_data(view: Overview, indicator: Indicator, top: Unit | None) -> dict[str, Any]:
    """The rows of a user's grid with what is in force, their draft, locks and bounds."""
    campaign, by = view.campaign, view.by
    standing = {key: aim for key, aim in view.found.items() if key[1] == indicator.pk}
    draft = rows_in(draft_of(campaign, by), indicator=indicator)
    mine = laid_over(standing, draft)
    units = view.rows_of(key[0] for key in mine)
    ended = [u.code for u in units if u.pk not in view.members]
    wanted = [*units, top] if top is not None else units
    fields = {c["period"]: c["field"] for c in columns_of(campaign)}
    fields[whole_of(campaign).text] = "y"
    editable = may(by, "targets.edit", campaign=campaign, indicator=indicator)
    base = {u.code: _row(u, indicator, standing, fields) for u in wanted}
    own = {u.code: _row(u, indicator, mine, fields) for u in wanted} if draft else base
    return {
        "indicator": indicator.code, "decimals": indicator.decimals, "measure": indicator.measure,
        "additive": additive(indicator), "less": less_is_better(indicator), "editable": editable,
        "whole": whole_of(campaign).text, "columns": columns_of(campaign),
        "top": top.code if top is not None else "",
        "ended": ended, "rows": [_named(row, code in ended) for code, row in own.items()],
        "base": base, "locks": _locks(wanted, indicator, mine, fields),
        "bounds": _bound_lines(campaign, indicator, wanted),
    }  # fmt: skip


def _named(row: dict[str, str], ended: bool) -> dict[str, str]:
    """A row; the name of a unit that takes part no longer says so."""
    said = gettext("%(unit)s（已不参加）") % {"unit": row["name"]} if ended else row["name"]
    return row | {"name": said}


def _row(
    unit: Unit, indicator: Indicator, found: Mapping[Any, Said], fields: Mapping[str, str]
) -> dict[str, str]:
    row = {"id": unit.code, "name": str(unit)}
    for period, name in fields.items():
        target = found.get((unit.id, indicator.id, period))
        row[name] = plain(target.value) if target else ""
        if name == "y":
            row["s"] = plain(target.stretch) if target else ""
    return row


def _locks(
    units: Iterable[Unit],
    indicator: Indicator,
    found: Mapping[Any, Said],
    fields: Mapping[str, str],
) -> list[str]:
    locked = {key for key, row in found.items() if row.locked}
    return [
        f"{u.code}|{name}"
        for u in (units if locked else ())
        for period, name in fields.items()
        if (u.id, indicator.id, period) in locked
    ]


def _bound_lines(
    campaign: Campaign, indicator: Indicator, units: Iterable[Unit]
) -> list[dict[str, Any]]:
    """Bounds in words, of the units that are shown."""
    said = "en" if get_language() == "en" else "zh"
    ids = {u.pk for u in units}
    return [
        {
            "unit": b.unit.code if b.unit else "", "name": str(b.unit) if b.unit else gettext("各单位合计"),
            "period": b.period, "label": parse(b.period).label(said) if b.period else gettext("全年"),
            "words": bound_words(b), "lower": plain(b.lower), "upper": plain(b.upper),
        }
        for b in bounds_in_force(campaign, indicator)
        if b.unit_id is None or b.unit_id in ids
    ]  # fmt: skip


# --- what comes back ----------------------------------------------------------------------------


def read_cells(
    campaign: Campaign, indicator: Indicator, by: User, sent: Any, top: Unit | None
) -> tuple[list[Edit], list[Problem]]:
    """Cells as the grid sends them ({unit, field, value}) as edits; wrong ones are named."""
    units = {u.code: u for u in rows_of(campaign, by)} | ({top.code: top} if top else {})
    periods = {c["field"]: c["period"] for c in columns_of(campaign)}
    periods |= {"y": whole_of(campaign).text, "s": whole_of(campaign).text}
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    found: list[Problem] = []
    for cell in sent if isinstance(sent, list) else []:
        code, name = str(cell.get("unit", "")), str(cell.get("field", ""))
        if code not in units or name not in periods:
            found.append(Problem(problems.CELL_UNKNOWN, Place(), {"text": f"{code} {name}"}))
            continue
        here = changes.setdefault((code, periods[name]), {})
        if "locked" in cell:
            here["locked"] = bool(cell["locked"])
        if "value" in cell:
            _take(here, "stretch" if name == "s" else "value", cell["value"], found,
                  place_of(units[code], periods[name]))  # fmt: skip
    return [Edit(units[u], indicator, p, c) for (u, p), c in changes.items()], found


def _take(
    here: dict[str, Any], name: str, text: object, found: list[Problem], place: Place
) -> None:
    try:
        here[name] = number_of(text)
    except ValueError:
        found.append(Problem(problems.CELL_NUMBER, place, {"text": str(text)[:40]}))


# --- projects -----------------------------------------------------------------------------------


def project_data(campaign: Campaign, indicator: Indicator, by: User) -> dict[str, Any]:
    """The grid of projects × months, and what it adds up to beside the units' monthly plans."""
    rows: dict[tuple[int, str], dict[str, str]] = {}
    fields = {c["period"]: c["field"] for c in columns_of(campaign)}
    for (_, _, project, period), plan in project_plans(campaign, by, indicator, draft=True).items():
        row = rows.setdefault(
            (plan.unit_id, project),
            {"id": f"{plan.unit.code}|{project}", "unit": plan.unit.code, "project": project},
        )
        if period in fields:
            row[fields[period]] = plain(plan.value)
    units = rows_of(campaign, by)
    order = {u.pk: n for n, u in enumerate(units)}
    listed = sorted(rows, key=lambda k: (order.get(k[0], 999), k[1]))
    targets = with_draft(campaign, by, indicator=indicator)
    names = fields | {whole_of(campaign).text: "y"}
    return {
        "indicator": indicator.code, "decimals": indicator.decimals, "measure": indicator.measure,
        "editable": may(by, "targets.edit", campaign=campaign, indicator=indicator),
        "columns": columns_of(campaign), "rows": [rows[k] for k in listed],
        "units": [{"code": u.code, "name": str(u)} for u in units],
        "targets": {u.code: _row(u, indicator, targets, names) for u in units},
    }  # fmt: skip


def read_plans(
    campaign: Campaign, indicator: Indicator, by: User, sent: Any
) -> tuple[list[PlanEdit], list[Problem]]:
    """Projects' cells as the grid sends them ({unit, project, field, value})."""
    units = {u.code: u for u in rows_of(campaign, by)}
    periods = {c["field"]: c["period"] for c in columns_of(campaign)}
    edits: list[PlanEdit] = []
    found: list[Problem] = []
    for cell in sent if isinstance(sent, list) else []:
        unit, period = units.get(str(cell.get("unit"))), periods.get(str(cell.get("field")))
        project = str(cell.get("project") or "").strip()[:120]
        if unit is None or period is None or not project:
            text = f"{cell.get('unit')} {project}"
            found.append(Problem(problems.CELL_UNKNOWN, Place(path=project), {"text": text}))
            continue
        place = Place(path=f"{project}{parse(period).label()}")
        here: dict[str, Any] = {}
        _take(here, "value", cell.get("value"), found, place)
        value = here.get("value")
        if value is not None and value != round(value, indicator.decimals):
            told = {"value": canonical(value), "decimals": indicator.decimals}
            found.append(Problem(problems.CELL_TOO_FINE, place, told))
        elif "value" in here:
            edits.append(PlanEdit(unit, indicator, project, period, value))
    return edits, found
