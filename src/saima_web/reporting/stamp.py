"""The printed sheet's check code: whether the figures are still those on the stamped paper."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from saima_web.base.fields import canonical
from saima_web.reporting.grid import period_of
from saima_web.reporting.grid_lines import Line, Sheet, figure_text
from saima_web.reporting.models import Entry, Figure

PREFIX = "盖章表"
"""How the scans of stamped sheets are called among the evidence."""
LETTERS = 12
"""Letters of a code: 60 bits, in three groups of four."""


@dataclass(frozen=True)
class Difference:
    """A figure that is no longer what the paper says."""

    name: str
    measure: str
    printed: str
    now: str


@dataclass(frozen=True)
class Verdict:
    """What a code says: `same`, `changed` (since `at`, with what) or `unknown`."""

    state: str
    at: datetime | None = None
    differences: Sequence[Difference] = ()


def code_of(sheet: Sheet, figures: Mapping[int, Figure | None] | None = None) -> str:
    """The check code of a unit's figures, as they are or as they were: K7QF-3M2P-XW4A.

    A keyed digest (HMAC-SHA256) of campaign, period, unit and every figure, in base32, which has
    no 0, 1 or 8 to be misread.
    """
    shown = current(sheet) if figures is None else figures
    lines = [sheet.round.campaign.code, sheet.round.period, sheet.code]
    for line in sheet.lines:
        lines.append(f"{line.indicator.code}={_content(shown.get(line.entry.pk))}")
    key = f"saima.stamp:{settings.SECRET_KEY}".encode()
    digest = hmac.new(key, "\n".join(lines).encode(), sha256).digest()
    text = base64.b32encode(digest).decode()[:LETTERS]
    return "-".join(text[i : i + 4] for i in range(0, LETTERS, 4))


def current(sheet: Sheet) -> dict[int, Figure | None]:
    """The unit's figures as they are, by entry."""
    return {line.entry.pk: _own(line.entry) for line in sheet.lines}


def _own(entry: Entry) -> Figure | None:
    """What the unit gave; for what a department provides, the provided figure."""
    return entry.reported or (entry.confirmed if entry.indicator.provider == "owner" else None)


def _content(figure: Figure | None) -> str:
    if figure is None or figure.withdrawn:
        return ""
    if figure.value is not None:
        return canonical(figure.value)
    return figure.grade or figure.missing


def tidy_code(text: str) -> str:
    """A code as people type it: spaces, dashes and case do not matter."""
    plain = "".join(c for c in text.upper() if c.isalnum() and c.isascii())
    plain = plain.translate(str.maketrans("018", "OIB"))
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def verdict_of(sheet: Sheet, text: str) -> Verdict:
    """Whether a code is that of the figures as they are, or as they were at some moment."""
    code = tidy_code(text)
    if hmac.compare_digest(code, code_of(sheet)):
        return Verdict("same")
    for at, figures in reversed(list(_moments(sheet))):
        if hmac.compare_digest(code, code_of(sheet, figures)):
            return Verdict("changed", at, _differences(sheet, figures))
    return Verdict("unknown")


def _moments(sheet: Sheet) -> list[tuple[datetime, dict[int, Figure | None]]]:
    """The figures after every change, from the first on."""
    of_cell = {
        (x.entry.unit_id, x.entry.indicator_id, period_of(x.entry).text): x.entry
        for x in sheet.lines
    }
    rows = Figure.objects.filter(
        unit__in={unit for unit, _i, _p in of_cell},
        indicator__in={indicator for _u, indicator, _p in of_cell},
        period__in={period for _u, _i, period in of_cell},
        source__in=("reported", "official"),
    ).order_by("pk")
    now: dict[int, Figure | None] = {}
    found: list[tuple[datetime, dict[int, Figure | None]]] = []
    for row in rows:
        entry = of_cell.get((row.unit_id, row.indicator_id, row.period))
        if entry is None:
            continue
        provided = entry.indicator.provider == "owner"
        if provided == (row.source == "official"):
            now = {**now, entry.pk: None if row.withdrawn else row}
            found.append((row.recorded_at, now))
    return found


def _differences(sheet: Sheet, then: Mapping[int, Figure | None]) -> list[Difference]:
    now = current(sheet)
    return [
        Difference(line.label, line.indicator.measure, _words(then, line), _words(now, line))
        for line in sheet.lines
        if _content(then.get(line.entry.pk)) != _content(now.get(line.entry.pk))
    ]


def _words(figures: Mapping[int, Figure | None], line: Line) -> str:
    figure = figures.get(line.entry.pk)
    if figure is None or figure.withdrawn:
        return _("未报")
    return figure_text(figure, line.indicator)
