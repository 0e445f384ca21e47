"""Reading indicators and rulebooks: as the library knows them, and which is in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import Field, Prefetch, Q, QuerySet

from saima import campaigns as library
from saima.formulas import compile_formula, names_of
from saima.periods import Period, parse
from saima.problems import Problem, declare, refuse
from saima.rules import rulebook as rules
from saima.rules.reading import choose, in_force, read_rulebook
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Assignment, Definition, Indicator, Rulebook

NO_RULEBOOK_IN_FORCE = declare(
    "no-rulebook-in-force",
    "{period}没有已发布并生效的考核办法。",
    "请先在“指标—考核办法”中发布一份，并写明生效期间。",
    "no published rulebook is in force in {period}.",
    "Publish one under Indicators, with the period from which it applies.",
)


@lru_cache(maxsize=256)
def parsed(text: str) -> tuple[rules.Rulebook | None, tuple[Problem, ...]]:
    """A rulebook's YAML as the library reads it, with what is wrong with it."""
    found, problems = read_rulebook(text, "考核办法")
    return found, tuple(problems)


def published_rulebooks(
    campaign: Campaign, *, official: bool | None = True, as_of: datetime | None = None
) -> list[Rulebook]:
    """The published versions, superseded ones too: earlier months keep theirs."""
    rows = campaign.rulebooks.exclude(state=Rulebook.State.DRAFT).order_by("name", "version")
    if official is not None:
        rows = rows.filter(official=official)
    return list(rows.filter(published_at__lte=as_of) if as_of else rows)


def rulebook_in_force(
    campaign: Campaign, period: Period, as_of: datetime | None = None
) -> Rulebook:
    """The official version in force at a period: of those that have begun by then, the latest.

    A version that takes effect later leaves the months before to the older one. Errors: Refused
    `no-rulebook-in-force`.
    """
    rows = published_rulebooks(campaign, as_of=as_of)
    pairs = [(book, row) for row in rows if (book := parsed(row.text)[0]) is not None]
    current = [(book, row) for book, row in pairs if in_force(book, period)]
    if not current:
        raise refuse(NO_RULEBOOK_IN_FORCE, period=period.label())
    chosen = choose([book for book, _ in current], None, period)
    return next(row for book, row in current if book is chosen)


def replaced_from(row: Rulebook, later: Iterable[Rulebook]) -> str:
    """From which period a published version is replaced by a later one of `later`; "" if not."""
    starts = [
        parse(x.effective_from).start
        for x in later
        if x.name == row.name
        and x.version > row.version
        and x.state != Rulebook.State.DRAFT
        and x.effective_from
    ]
    return f"{min(starts):%Y-%m}" if starts else ""


def indicators_of(campaign: Campaign, *, drafts: bool = True) -> QuerySet[Indicator]:
    """The indicators of a campaign: assigned, or in one of its rulebooks, with all they need.

    Without `drafts`, what only a draft names is left out: nobody is asked for it yet.
    """
    codes = set(campaign.assignments.values_list("indicator__code", flat=True))
    rulebooks = campaign.rulebooks.all()
    for row in rulebooks if drafts else rulebooks.exclude(state=Rulebook.State.DRAFT):
        book = parsed(row.text)[0]
        if book is not None:
            codes |= {leaf.indicator for _, leaf in book.leaves()}
    known = {x.code: x for x in Indicator.objects.all()}
    todo, wanted = [c for c in codes if c in known], set()
    while todo:
        code = todo.pop()
        if code not in wanted:
            wanted.add(code)
            todo.extend(_inputs(known[code], known))
    return Indicator.objects.filter(code__in=wanted)


def _inputs(indicator: Indicator, known: dict[str, Indicator]) -> list[str]:
    """What an indicator is calculated from: numerator, denominator, the names in its formula."""
    made_of = [c for c in (indicator.numerator, indicator.denominator) if c in known]
    if not indicator.formula:
        return made_of
    written = {c: c for c in known} | {x.name: x.code for x in known.values()}
    formula, _ = compile_formula(indicator.formula, names_of(written), written)
    return made_of + ([written[n] for n in formula.names if n in written] if formula else [])


def reported_indicators(campaign: Campaign) -> QuerySet[Indicator]:
    """Those that somebody gives: derived ones and weighted ratios come by calculation."""
    rows = indicators_of(campaign, drafts=False)
    return rows.filter(formula="", retired=False).exclude(rolls_up="ratio")


def library_indicators(
    campaign: Campaign, as_of: datetime | None = None
) -> tuple[library.Indicator, ...]:
    """The campaign's indicators as the library knows them, in order."""
    definitions = Definition.objects.order_by("version")
    if as_of is not None:
        definitions = definitions.filter(recorded_at__lte=as_of)
    rows = indicators_of(campaign).select_related("lead_unit", "data_owner")
    rows = rows.prefetch_related(Prefetch("definitions", queryset=definitions))
    return tuple(library_indicator(row) for row in rows)


def library_indicator(row: Indicator) -> library.Indicator:
    """One indicator as the library knows it."""
    names = (
        "code", "name", "category", "battle_line", "business_line", "measure", "decimals",
        "direction", "nature", "frequency", "rolls_up", "numerator", "denominator", "formula",
        "qualitative", "counts",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in names}
    return msgspec.convert(
        {name.replace("_", "-"): value for name, value in values.items()}
        | {
            "lead-unit": row.lead_unit.code if row.lead_unit else "",
            "data-owner": row.data_owner.code if row.data_owner else "",
            "definitions": [
                {
                    "version": d.version, "effective": d.effective, "text": d.text,
                    "basis": d.basis, "comparable": d.comparable,
                }
                for d in row.definitions.all()
            ],
        },
        library.Indicator,
    )  # fmt: skip


def library_assignments(
    campaign: Campaign, within: Q | None = None
) -> tuple[library.Assignment, ...]:
    """Who has which indicator, as the library knows it; `within` tells which rows."""
    rows = Assignment.objects.filter(within or Q(), campaign=campaign)
    rows = rows.select_related("indicator", "unit", "track")
    return tuple(
        library.Assignment(
            indicator=row.indicator.code,
            unit=row.unit.code if row.unit else "",
            track=row.track.name if row.track else "",
            weight=float(row.weight) if row.weight else None,
        )
        for row in rows
    )


def indicator_field(name: str) -> Field[Any, Any]:
    """A column of indicators, with its label, choices and length."""
    found = Indicator._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def owned_by(unit_id: int) -> Q:
    """A filter on indicators: those that a department answers for."""
    return Q(data_owner_id=unit_id) | Q(lead_unit_id=unit_id)
