"""The entry page as plain data for its script: lines, calculated columns, names of columns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from saima_web.base.fields import canonical
from saima_web.indicators.models import Indicator
from saima_web.reporting.grid_lines import Line, Sheet, number_text
from saima_web.reporting.models import Remark
from saima_web.reporting.progress import Progress, keeps_pace
from saima_web.reporting.typed import MARKS
from saima_web.ui.templatetags.saima import (
    day,
    month,
    pace_side,
    pace_words,
    percent,
)

PACE_SCALE = 20.0
"""The gap in points that fills half the width of a pace bar."""


CHANGES = {
    "id", "value", "figure", "state", "editable", "late", "reason", "findings", "made_of", "shown",
}  # fmt: skip
"""What saving a cell may change of its line."""


def kind_of(indicator: Indicator) -> str:
    """What the script calculates for a cell: pace, level, or nothing."""
    if indicator.qualitative:
        return "grade"
    if keeps_pace(indicator):
        return "zero" if indicator.direction == "clear-to-zero" else "pace"
    return {"less": "ceiling", "more": "level"}.get(indicator.direction, "none")


def line_data(line: Line) -> dict[str, Any]:
    """A line as plain data: what is measured against what, what is shown, what is open."""
    indicator, basis = line.indicator, line.basis
    return {
        "id": line.entry.pk,
        "label": line.label,
        "names": _names(line),
        "unit": str(line.entry.unit),
        "measure": indicator.measure,
        "decimals": indicator.decimals,
        "kind": kind_of(indicator),
        "target": _text(basis.target),
        "accrued": _text(basis.accrued),
        "opening": _text(basis.opening),
        "gone": basis.gone,
        "value": line.text,
        "figure": line.entry.reported_id if not line.provided else line.entry.confirmed_id,
        "state": line.entry.state,
        "editable": line.editable,
        "provided": line.provided,
        "behalf": line.behalf,
        "late": line.entry.late,
        "reason": line.entry.reason if line.entry.state == "returned" else "",
        "comments": line.comments,
        "proposal": line.proposal_text if line.editable else "",
        "made_of": _made_of(line) if line.editable else None,
        "findings": [
            {"kind": f.kind, "message": f.message, "open": f.open, "severity": f.severity}
            for f in line.findings
        ],
        "note": _note(line.note("behind")),
        "jump": _note(line.note("jump")),
        "promise": _note(line.promise),
        "shown": shown(line),
    }


def saved_data(line: Line) -> dict[str, Any]:
    """What saving may have changed of a line; the page knows the rest."""
    return {name: value for name, value in line_data(line).items() if name in CHANGES}


def _made_of(line: Line) -> dict[str, str] | None:
    """What the figure is made of, how far it is from that, and the page that lists the parts."""
    offer = line.made_of
    if offer is None:
        return None
    return {"words": line.made_words, "href": offer.href, "opens": offer.opens}


def _names(line: Line) -> list[str]:
    """Every name under which a pasted row may mean this line."""
    if line.group or line.label == line.indicator.name:
        return [line.indicator.name, line.indicator.code]
    unit = line.entry.unit
    return [unit.name, unit.short_name, unit.code]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else canonical(value)


def _note(remark: Remark | None) -> dict[str, str] | None:
    if remark is None:
        return None
    return {
        "text": remark.text,
        "measure": remark.measure,
        "until": remark.catch_up_on.isoformat() if remark.catch_up_on else "",
        "until_words": day(remark.catch_up_on) if remark.catch_up_on else "",
        "by": remark.by.name if remark.by else "",
    }


def shown(line: Line) -> dict[str, Any]:
    """The calculated columns in words; the script makes the same while one types."""
    found, indicator = line.progress, line.indicator
    words = gap_words(found)
    gap = found.gap
    return {
        "cumulative": "—"
        if found.cumulative is None
        else number_text(found.cumulative, indicator.decimals),
        "attainment": "—" if found.attainment is None else str(percent(found.attainment)),
        "gap": words,
        "side": pace_side(gap)
        if gap is not None
        else {True: "ahead", False: "behind"}.get(found.met),  # type: ignore[arg-type]
        "width": None if gap is None else round(min(1.0, abs(gap) / PACE_SCALE), 3),
    }


def gap_words(progress: Progress) -> str:
    """超1.2, 欠3.9, 持平; for levels and ceilings 达标 or 未达标."""
    if progress.gap is not None:
        return pace_words(progress.gap)
    if progress.met is None:
        return "—"
    return _("达标") if progress.met else _("未达标")


def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """The page as plain data for its script."""
    return {
        "lines": [line_data(line) for line in sheet.lines],
        "axis": sheet.axis,
        "owner": sheet.by.pk,
        "key": f"{sheet.round.campaign.code}/{sheet.period.text}/{sheet.axis}/{sheet.code}",
        "month": month(sheet.period.text),
        "months": month_names(sheet),
        "scale": PACE_SCALE,
        "marks": MARKS,
    }


def month_names(sheet: Sheet) -> list[str]:
    """How the head of a column may name the page's period: 10月, 2026年10月, 2026-10."""
    period = sheet.period
    short = [f"{period.end.month}月"] if period.kind == "month" else []
    return [*short, period.label(), period.text]


# --- one cell's details ---------------------------------------------------------------------------
