"""Reading rounds: who owes what, what waits for whom, and the cells under review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.periods import parse
from saima_web.base.aggregates import Joined
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import cells_for, indicators_for, may, posts_of
from saima_web.people.queries import CALLED
from saima_web.reporting.models import DueException, Entry, Round
from saima_web.reporting.rounds import periods_to_open
from saima_web.reporting.tallies import Tally, provided_indicators, tallies_of
from saima_web.ui.templatetags.saima import period

HANDED_IN = ("submitted", "endorsed", "confirmed")
OWED = ("empty", "draft", "returned")
OWNER = Indicator.Provider.OWNER


def entries_seen(by: User, round: Round) -> QuerySet[Entry]:
    """The cells of a round that somebody may see: the scope of every list and count here."""
    seen = round.entries.filter(cells_for(by, "figures.see", round.campaign))
    return seen.select_related("reported", "confirmed").prefetch_related(
        "unit", "indicator__data_owner", "indicator__lead_unit", "reported__by", "confirmed__by",
        "changed_by",
    )  # fmt: skip


class Choice(NamedTuple):
    """A unit or an indicator to choose, as it is called."""

    pk: int
    code: str
    name: str


def units_of(cells: QuerySet[Entry]) -> list[Choice]:
    """The units of some cells, in official order."""
    found = Unit.objects.filter(pk__in=cells.order_by().values("unit_id"))
    rows = found.order_by("order", "code").values_list("pk", "code", CALLED)
    return [Choice(*row) for row in rows]


def indicators_of(cells: QuerySet[Entry]) -> list[Choice]:
    """The indicators of some cells, in order."""
    found = Indicator.objects.filter(pk__in=cells.order_by().values("indicator_id"))
    return [Choice(*row) for row in found.order_by("order", "pk").values_list("pk", "code", "name")]


def deadlines(round: Round) -> Callable[[int], datetime]:
    """A function from a unit's id to the moment until which it may report in time."""
    known = {e.unit_id: e.until for e in round.exceptions.order_by("pk")}
    return lambda unit_id: known.get(unit_id, round.due_at)


@dataclass(frozen=True)
class RoundLine:
    """A round in the list: how many cells of one's own scope are where.

    `counts` has by state what units report themselves, as the round's own page counts it;
    `provided`, `given` what departments give for all units: how much in all, how much already.
    """

    round: Round
    counts: dict[str, int]
    provided: int = 0
    given: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def handed_in(self) -> int:
        return sum(self.counts.get(state, 0) for state in HANDED_IN)

    @property
    def confirmed(self) -> int:
        return self.counts.get("confirmed", 0)


def round_lines(by: User, campaign: Campaign) -> list[RoundLine]:
    """The campaign's rounds, the latest first, with one's own scope counted."""
    latest_first = sorted(campaign.rounds.all(), key=lambda r: parse(r.period), reverse=True)
    on = (by, "figures.see", campaign)
    tallies = tallies_of(latest_first, cells_for(*on), indicators_for(*on))
    return [_line(r, tallies[r.pk]) for r in latest_first]


def _line(round: Round, tally: Tally) -> RoundLine:
    counts: Counter[str] = Counter()
    for (provided, state, _late), n in tally.cells.items():
        counts[state] += 0 if provided else n
    given = tally.count(["confirmed"], provided=True)
    return RoundLine(round, dict(+counts), tally.count(provided=True), given)


@dataclass
class Owed:
    """How far a unit's own cells of a round have come: how many by state and whether late.

    `missing` and `returned` name indicators, once `name_missing` has read them.
    """

    unit: Unit
    due: datetime
    extended: bool
    cells: dict[tuple[str, bool], int] = field(default_factory=dict)
    missing: list[Indicator] | None = None
    returned: list[Indicator] | None = None

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    @property
    def owes(self) -> int:
        return self.count(*OWED)

    @property
    def late(self) -> int:
        return sum(n for (_state, late), n in self.cells.items() if late)

    @property
    def in_time(self) -> int:
        """Those handed in within the deadline."""
        return sum(self.cells.get((state, False), 0) for state in HANDED_IN)

    @property
    def overdue(self) -> bool:
        return self.owes > 0 and self.due < now()

    def count(self, *states: str) -> int:
        return sum(n for (state, _late), n in self.cells.items() if state in states)


def owed_by_units(by: User, round: Round) -> list[Owed]:
    """Each unit with what it reports itself, in official order; within one's own scope.

    What is missing is counted, not named: `name_missing` does that.
    """
    due, extended = deadlines(round), set(round.exceptions.values_list("unit_id", flat=True))
    cells = _own_cells(by, round).values_list("unit_id", "state", "late").annotate(n=Count("pk"))
    counted = list(cells)
    asked = {unit_id for unit_id, _state, _late, _n in counted}
    units = Unit.objects.filter(pk__in=asked).order_by("order", "code")
    found = {unit.pk: Owed(unit, due(unit.pk), unit.pk in extended) for unit in units}
    for unit_id, state, late, n in counted:
        found[unit_id].cells[state, late] = n
    return list(found.values())


def owed_by_name(by: User, round: Round) -> list[Owed]:
    """As `owed_by_units`, with the indicators that are missing or were returned."""
    lines = owed_by_units(by, round)
    name_missing(by, round, lines)
    return lines


def name_missing(by: User, round: Round, lines: Sequence[Owed]) -> None:
    """Name the indicators that these units have not given, and those that were returned."""
    cells = _own_cells(by, round).filter(unit__in=[line.unit.pk for line in lines])
    missing, returned = (
        _named(cells.filter(state__in=states)) if any(line.count(*states) for line in lines) else {}
        for states in (("empty", "draft"), ("returned",))
    )
    for line in lines:
        line.missing = missing.get(line.unit.pk, [])
        line.returned = returned.get(line.unit.pk, [])


def _own_cells(by: User, round: Round) -> QuerySet[Entry]:
    """The cells that units report themselves."""
    return _cells_seen(by, round).exclude(indicator__in=provided_indicators())


def _named(cells: QuerySet[Entry]) -> dict[int, list[Indicator]]:
    """The indicators of cells by unit, in order: many thousands in a large round."""
    joined = cells.values_list("unit_id").annotate(ids=Joined("indicator_id"))
    by_unit = {unit: ids.split(",") for unit, ids in joined}
    asked = {pk for ids in by_unit.values() for pk in ids}
    ordered = list(Indicator.objects.filter(pk__in=asked).order_by("order", "pk"))
    place = {str(x.pk): n for n, x in enumerate(ordered)}
    return {
        unit: [ordered[n] for n in sorted(map(place.__getitem__, ids))]
        for unit, ids in by_unit.items()
    }


def _cells_seen(by: User, round: Round) -> QuerySet[Entry]:
    """The cells that somebody may see, for counting: many thousands in a large round."""
    return round.entries.filter(cells_for(by, "figures.see", round.campaign)).order_by()


@dataclass
class OwnerLine:
    """What waits for one data owner in a round."""

    owner: Unit | None
    indicators: set[tuple[int, str]] = field(default_factory=set)
    total: int = 0
    provided: int = 0
    coming: int = 0
    to_confirm: int = 0
    to_provide: int = 0
    confirmed: int = 0

    @property
    def waits(self) -> int:
        return self.to_confirm + self.to_provide


def waiting_for_owners(by: User, round: Round) -> list[OwnerLine]:
    """Each data owner with what it has settled and still has to; within one's own scope."""
    found: dict[int | None, OwnerLine] = {}
    counted = _cells_seen(by, round).values_list("indicator_id", "state").annotate(n=Count("pk"))
    cells = list(counted)
    asked = Indicator.objects.select_related("data_owner", "lead_unit")
    indicators = asked.in_bulk({pk for pk, _state, _n in cells})
    for pk, state, n in cells:
        indicator = indicators[pk]
        owner = indicator.data_owner or indicator.lead_unit
        line = found.setdefault(owner.pk if owner else None, OwnerLine(owner))
        line.indicators.add((indicator.order, indicator.name))
        line.total += n
        provided = indicator.provider == OWNER
        line.provided += n if provided else 0
        line.confirmed += n if state == "confirmed" else 0
        line.to_confirm += n if state == "endorsed" else 0
        line.to_provide += n if provided and state == "empty" else 0
        line.coming += n if not provided and state in (*OWED, "submitted") else 0
    return sorted(found.values(), key=lambda o: (o.owner is None, o.owner.order if o.owner else 0))


@dataclass(frozen=True)
class Work:
    """One thing that waits for a person. kind: report, returned, endorse, confirm, provide, open.

    `names` are the indicators or units it is about; `unit`, `indicator` are set where it is one.
    """

    kind: str
    title: str
    href: str
    due: datetime | None
    round: Round | None = None
    unit: Unit | None = None
    indicator: Indicator | None = None
    count: int = 0
    names: tuple[str, ...] = ()

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < now()


def work_of(by: User, campaign: Campaign) -> list[Work]:
    """What a person has to do in the open rounds of a campaign, the most urgent first."""
    found: list[Work] = []
    for round in campaign.rounds.filter(state=Round.State.OPEN):
        round.campaign = campaign
        found += _own_reports(by, round) + _to_endorse(by, round) + _to_settle(by, round)
    if may(by, "rounds.manage", campaign=campaign):
        found += _to_open(campaign)
    return sorted(found, key=lambda w: (w.due is None, w.due or now(), w.title))


def due_for(by: User, campaign: Campaign) -> list[Work]:
    """What a person still has to report: not yet given, or sent back."""
    return [w for w in work_of(by, campaign) if w.kind in ("report", "returned")]


def _posts(by: User, campaign: Campaign, roles: Iterable[str]) -> set[int]:
    """The units that a person holds some roles for, without the units below: those have theirs."""
    return {
        p.unit_id
        for p in posts_of(by)
        if p.role in roles and p.unit_id and p.campaign_id in (None, campaign.pk)
    }


def _own_reports(by: User, round: Round) -> list[Work]:
    units = _posts(by, round.campaign, (Role.CLERK, Role.HEAD))
    if not units:
        return []
    due = deadlines(round)
    rows = _rows(round, Q(unit__in=units, state__in=OWED) & ~Q(indicator__provider=OWNER))
    found = []
    for kind, states, words in (
        ("returned", ("returned",), _("%(period)s：%(n)s项被退回，请修改后再提交")),
        ("report", ("empty", "draft"), _("%(period)s：%(n)s项还没有提交")),
    ):
        for unit, entries in _by_unit(e for e in rows if e.state in states):
            title = words % {"period": label(round), "n": len(entries)}
            href = reverse("reporting:entry", args=[round.campaign.code, round.period, unit.code])
            names = tuple(e.indicator.name for e in entries)
            found.append(
                Work(kind, title, href, due(unit.pk), round, unit, None, len(entries), names)
            )
    return found


def _to_endorse(by: User, round: Round) -> list[Work]:
    units = _posts(by, round.campaign, (Role.HEAD,))
    if not units:
        return []
    due, found = deadlines(round), []
    for unit, entries in _by_unit(_rows(round, Q(unit__in=units, state="submitted"))):
        title = _("%(period)s：%(n)s项待您审核") % {"period": label(round), "n": len(entries)}
        names = tuple(e.indicator.name for e in entries)
        href = review_address(round, box="mine", unit=unit.code)
        found.append(
            Work("endorse", title, href, due(unit.pk), round, unit, None, len(entries), names)
        )
    return found


def _to_settle(by: User, round: Round) -> list[Work]:
    """All figures to confirm as one thing; each indicator to provide as one, on its own page."""
    owned = cells_for(by, "figures.confirm", round.campaign)
    wanted = Q(state="endorsed") | Q(state="empty", indicator__provider=OWNER)
    rows = _rows(round, owned & wanted)
    found = [_to_confirm(round, rows)] if any(e.state == "endorsed" for e in rows) else []
    by_indicator: dict[Indicator, list[Entry]] = {}
    for entry in rows:
        if entry.state == "empty":
            by_indicator.setdefault(entry.indicator, []).append(entry)
    return found + [_to_provide(round, x, entries) for x, entries in by_indicator.items()]


def _to_confirm(round: Round, rows: Iterable[Entry]) -> Work:
    entries = [e for e in rows if e.state == "endorsed"]
    names = tuple(dict.fromkeys(e.indicator.name for e in entries))
    title = _("%(period)s：%(n)s项待您核定") % {"period": label(round), "n": len(entries)}
    href = review_address(round, box="mine")
    return Work(
        "confirm", title, href, round.confirm_due_at, round, count=len(entries), names=names
    )


def _to_provide(round: Round, indicator: Indicator, entries: list[Entry]) -> Work:
    words = {"period": label(round), "name": indicator.name, "n": len(entries)}
    title = _("%(period)s：“%(name)s”%(n)s家单位的数待您提供") % words
    args = [round.campaign.code, round.period, indicator.code]
    return Work(
        "provide", title, reverse("reporting:entry-by", args=args), round.confirm_due_at, round,
        indicator=indicator, count=len(entries), names=tuple(str(e.unit) for e in entries),
    )  # fmt: skip


def _to_open(campaign: Campaign) -> list[Work]:
    missing = periods_to_open(campaign) if campaign.state == campaign.State.RUNNING else []
    href = reverse("reporting:rounds", args=[campaign.code])
    return [
        Work("open", _("%(period)s的填报轮次还没有开启") % {"period": period(p.text)}, href, None)
        for p in missing
    ]


def _rows(round: Round, wanted: Q) -> list[Entry]:
    rows = round.entries.filter(wanted).select_related("unit", "indicator")
    return list(rows.order_by("unit__order", "unit__code", "indicator__order", "indicator__pk"))


def _by_unit(entries: Iterable[Entry]) -> list[tuple[Unit, list[Entry]]]:
    found: dict[Unit, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.unit, []).append(entry)
    return list(found.items())


def label(round: Round) -> str:
    """A round's period as people write it: 2026年10月."""
    return period(round.period)


def review_address(round: Round, **query: str) -> str:
    """The review page of a round, with its filters."""
    base = reverse("reporting:review", args=[round.campaign.code, round.period])
    return f"{base}?{urlencode(query)}" if query else base


def exceptions_of(round: Round) -> list[DueException]:
    """The dated exceptions of a round, the latest first."""
    return list(round.exceptions.select_related("unit", "by").order_by("-pk"))


def round_of(campaign: Campaign, text: str) -> Round | None:
    """The round of a period in a campaign, None where there is none."""
    found = campaign.rounds.filter(period=text).first()
    if found is not None:
        found.campaign = campaign
    return found
