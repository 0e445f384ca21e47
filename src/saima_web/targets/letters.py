"""Target responsibility letters (目标责任书): one unit's as .docx, or everybody's in one .zip."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

from saima.briefing.letter import Letter, Promise, responsibility_letter
from saima.briefing.model import Fonts, Options
from saima.files.document.docx_writer import docx_bytes
from saima.problems import declare, refuse
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import document_settings
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets.cells import Aim, less_is_better
from saima_web.targets.grid import heading
from saima_web.targets.models import Headline
from saima_web.targets.overview import Overview

NO_TARGETS = declare(
    "letter-without-targets",
    "{unit}还没有已批准的目标，出不了责任书。",
    "请先下达目标并经领导批准。",
    "{unit} has no approved targets to put into a letter.",
    "Set targets and have them approved first.",
)


def letter_of(view: Overview, unit: Unit) -> Letter:
    """What a unit takes on, from the targets in force. Errors: Refused without any."""
    campaign = view.campaign
    promises = [p for x in view.indicators if (p := promise_of(view, unit, x)) is not None]
    if not promises:
        raise refuse(NO_TARGETS, unit=str(unit))
    book = campaign.rulebooks.filter(state="published", official=True).order_by("-version").first()
    named = f"《{book.title}》" + (f"（{book.basis}）" if book.basis else "") if book else ""
    return Letter(
        organisation=campaign.organisation, unit=unit.name, campaign=campaign.name,
        term=term_of(campaign), start=campaign.start, end=campaign.end, promises=tuple(promises),
        rulebook=named, demo=campaign.demo,
    )  # fmt: skip


def term_of(campaign: Campaign) -> str:
    """2026年度, or the campaign's name where it is no year."""
    if campaign.clock_kind == Campaign.ClockKind.NATURAL_YEAR:
        return f"{campaign.start.year}年度"
    return campaign.name


def promise_of(view: Overview, unit: Unit, indicator: Indicator) -> Promise | None:
    """One indicator of the letter, None where the unit has nothing to reach in it."""
    year = view.target(unit, indicator)
    plans = [(m, view.target(unit, indicator, m)) for m in view.months]
    if year is None and not any(t for _, t in plans):
        return None
    said = view.headlines.get(indicator.pk)
    return Promise(
        indicator=indicator.name, measure=indicator.measure, decimals=indicator.decimals,
        target=_decimal(year.value) if year else None,
        stretch=_decimal(year.stretch) if year else None,
        exceed=said is not None and said.comparator == Headline.Comparator.EXCEED,
        less=less_is_better(indicator), clear=indicator.direction == Indicator.Direction.CLEAR,
        plans=_plans(plans), goals=_goals(year, plans),
    )  # fmt: skip


def _decimal(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plans(
    plans: list[tuple[str, Aim | None]],
) -> tuple[tuple[str, Decimal | None], ...]:
    if not any(t is not None and t.value is not None for _, t in plans):
        return ()
    return tuple((heading(m), _decimal(t.value) if t else None) for m, t in plans)


def _goals(year: Aim | None, plans: list[tuple[str, Aim | None]]) -> tuple[tuple[str, str], ...]:
    told = [("全年", year.goal)] if year is not None and year.goal else []
    told += [(heading(m), t.goal) for m, t in plans if t is not None and t.goal]
    return tuple(told)


def letter_bytes(view: Overview, unit: Unit, day: date) -> bytes:
    """The letter as a Word document."""
    settings, usual = document_settings(view.campaign), Fonts()
    fonts = replace(
        usual, title=settings.title_font or usual.title, body=settings.body_font or usual.body
    )
    return docx_bytes(responsibility_letter(letter_of(view, unit), day), Options(fonts=fonts))


def letter_name(view: Overview, unit: Unit) -> str:
    return f"{term_of(view.campaign)}目标责任书（{unit}）.docx"


def units_with_letters(view: Overview) -> list[Unit]:
    """The units in the user's scope that have targets in force."""
    held = {key[0] for key in view.found}
    return [u for u in view.units if u.pk in held and u.pk in view.members]


def letters_zip(view: Overview, day: date) -> bytes:
    """Every unit's letter, in official order."""
    units = units_with_letters(view)
    if not units:
        raise refuse(NO_TARGETS, unit="各单位")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, unit in enumerate(units, start=1):
            packed.writestr(f"{number:02}_{letter_name(view, unit)}", letter_bytes(view, unit, day))
    return stream.getvalue()
