"""Why this mark: the equation, the steps, and the people behind every number that went in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saima.rules.showing import clauses_of
from saima.scoring.equations import Token, children, detail, equation, formula, label, value_text
from saima.scoring.labels import source
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import parsed
from saima_web.people.languages import reader
from saima_web.people.models import User
from saima_web.reporting.models import Entry, Figure
from saima_web.reporting.sources import Offer, offers
from saima_web.scoring.models import ScoreRun
from saima_web.targets.models import Target
from saima_web.ui.templatetags.saima import period as period_words
from saima_web.ui.templatetags.saima import plain_number

PLACE = re.compile(r"“(figures|targets)”第(\d+)行")
Step = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One step of the tree: how deep, what it is called, how it is made, its value, its source."""

    depth: int
    title: str
    how: str
    value: str
    source: str
    anchor: str
    inner: list[Line]


@dataclass(frozen=True)
class Given:
    """A number that went in: what, how much, who gave it and when, who settled it and when.

    made_of: what it is the sum of, where a slice keeps that; href, opens: the page of its parts.
    """

    anchor: str
    title: str
    value: Any
    measure: str
    decimals: int
    given_by: str
    given_at: datetime | None
    settled_by: str
    settled_at: datetime | None
    state: str
    files: int = 0
    made_of: str = ""
    href: str = ""
    opens: str = ""


def anchor_of(step: Step) -> str:
    """The id of the row in the list of numbers that a step came from."""
    found = PLACE.search(str(detail(step).get("place", "")))
    return f"{found[1]}-{found[2]}" if found else ""


def tree(step: Step, depth: int = 0, *, deepest: int = 99) -> Line:
    """The steps as lines to draw; nameless sums are told by how they are made.

    deepest: how far down they are told; what is below is told where a mark is explained.
    """
    language, said = reader(), str(detail(step).get("source", ""))
    text = label(step, language) or formula(step, language) or _("定值")
    when = detail(step).get("period")
    if step["op"] == "input" and when and re.match(r"\d{4}-\d\d-\d\d$", text):
        text = period_words(str(when))
    how = _how(step) if label(step) else ""
    below = told(step) if depth < deepest else []
    inner = [tree(part, depth + 1, deepest=deepest) for part in below]
    said = source(said) if language == "en" else said
    return Line(depth, text, how, value_text(step, language), said, anchor_of(step), inner)


def _how(step: Step) -> str:
    """How a named step is made; a sum of many figures only says of how many."""
    parts = children(step)
    if step["op"] == "sum" and len(parts) > 2 and all(p["op"] == "input" for p in parts):
        return _("%(n)s期之和") % {"n": len(parts)}
    return formula(step, reader())


def told(step: Step) -> list[Step]:
    """A step's parts; nameless limits and constants stand in its formula already."""
    out: list[Step] = []
    for part in children(step):
        if label(part):
            out += [part] if part not in out else []
        elif part["op"] != "constant":
            out += [inner for inner in told(part) if inner not in out]
    return out


def tokens(step: Step, whole: bool) -> list[Token]:
    """The equation on one line."""
    return equation(step, to_marks=whole, language=reader())


def _inputs(step: Step) -> Iterator[tuple[str, int, Step]]:
    found = PLACE.search(str(detail(step).get("place", "")))
    if found and (step["op"] == "input" or not children(step)):
        yield found[1], int(found[2]), step
    for part in children(step):
        yield from _inputs(part)


def numbers(step: Step, campaign: Campaign, by: User) -> list[Given]:
    """Every figure and target that went in, with its people, in the order of the steps."""
    wanted = {(table, pk): inner for table, pk, inner in _inputs(step)}
    figures = _figures([pk for table, pk in wanted if table == "figures"], campaign, by)
    targets = _targets([pk for table, pk in wanted if table == "targets"])
    rows = [(figures if table == "figures" else targets).get(pk) for table, pk in wanted]
    return [row for row in rows if row is not None]


def _figures(ids: Sequence[int], campaign: Campaign, by: User) -> dict[int, Given]:
    rows = Figure.objects.filter(pk__in=ids).select_related("indicator", "unit", "by__unit")
    found = list(rows)
    entries = {
        e.confirmed_id: e
        for e in Entry.objects.filter(confirmed__in=ids)
        .select_related("reported__by__unit")
        .prefetch_related("evidence")
    }
    behind = offers(campaign, [(r.unit_id, r.indicator_id, r.period) for r in found], by)
    return {
        row.pk: _figure(
            row, entries.get(row.pk), behind.get((row.unit_id, row.indicator_id, row.period))
        )
        for row in found
    }


def _figure(row: Figure, entry: Entry | None, offer: Offer | None) -> Given:
    reported = entry.reported if entry and entry.reported else None
    history = row.origin == Figure.Origin.HISTORY
    return Given(
        anchor=f"figures-{row.pk}",
        title=f"{row.indicator.name}　{period_words(row.period)}",
        value=row.value,
        measure=row.indicator.measure,
        decimals=row.indicator.decimals,
        given_by=_person(reported.by) if reported else _person(row.by),
        given_at=reported.recorded_at if reported else row.recorded_at,
        settled_by=_person(row.by) if reported else "",
        settled_at=row.recorded_at if reported else None,
        state=_("历史导入") if history else str(row.get_source_display()),
        files=len(entry.evidence.all()) if entry else 0,
        made_of=offer.compared(row.value) if offer else "",
        href=offer.href if offer else "",
        opens=offer.opens if offer else "",
    )


def _targets(ids: Sequence[int]) -> dict[int, Given]:
    rows = Target.objects.filter(pk__in=ids).select_related(
        "indicator", "batch__made_by__unit", "batch__decided_by__unit"
    )
    return {
        row.pk: Given(
            anchor=f"targets-{row.pk}",
            title=_("%(indicator)s目标　%(period)s")
            % {"indicator": row.indicator.name, "period": period_words(row.period)},
            value=row.value,
            measure=row.indicator.measure,
            decimals=row.indicator.decimals,
            given_by=_person(row.batch.made_by),
            given_at=row.batch.made_at,
            settled_by=_person(row.batch.decided_by),
            settled_at=row.batch.decided_at,
            state=f"{row.batch.title}，{row.batch.get_state_display()}",
        )
        for row in rows
    }


def _person(user: Any) -> str:
    if user is None:
        return _("系统")
    return f"{user.unit}　{user.name}" if user.unit else str(user.name)


def answer(
    data: Mapping[str, Any], name: str, indicator: str | None, score: float | None
) -> list[str]:
    """The page's sentence: how many points of how many, and where the rest went."""
    if indicator is None:
        return [_("%(unit)s总分%(n)s分，") % {"unit": name, "n": plain_number(score or 0.0, 2)},
                _("由%(n)s项得分相加而来。") % {"n": len(data["marks"])}]  # fmt: skip
    mark = data["marks"][0]
    if mark["marks"] is None:
        return [_("%(unit)s%(name)s不计分。") % {"unit": name, "name": mark["name"]}]
    words = {
        "unit": name, "name": mark["name"], "n": plain_number(mark["marks"], 2),
        "full": plain_number(mark["full_marks"]),
    }  # fmt: skip
    clauses = [_("%(unit)s%(name)s得%(n)s分，") % words, _("满分%(full)s分；") % words]
    lost = mark["full_marks"] - mark["marks"]
    if lost > 0:
        clauses.append(_("少得%(n)s分。") % {"n": plain_number(lost, 2)})
    else:
        clauses.append(_("没有失分。"))
    return clauses


def official(run: ScoreRun, indicator: str) -> list[str]:
    """The clauses of the rulebook that the run used, as it is printed in full."""
    book = parsed(run.rulebook.text)[0]
    if book is None:
        return []
    names = dict(Indicator.objects.values_list("code", "name"))
    return clauses_of(book, indicator, names)


def short_digest(run: ScoreRun) -> str:
    """The input's digest as people compare it: its beginning and its end."""
    digest = run.input_digest.partition(":")[2]
    return f"{digest[:8]}…{digest[-4:]}"
