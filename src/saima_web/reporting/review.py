"""The cells of a round under review: what was given, what it is measured against, who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.periods import parse
from saima_web.campaigns.queries import clock_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, units_for
from saima_web.reporting import drawn
from saima_web.reporting.checks import Basis, Finding, bases_of, figure_period
from saima_web.reporting.large_desk import ORDER, LargeDesk
from saima_web.reporting.models import Entry, Evidence, Figure, Remark, Round
from saima_web.reporting.progress import progress_of
from saima_web.reporting.queries import OWNER, Choice, entries_seen, indicators_of, units_of
from saima_web.reporting.recording import figure_words, reported_units
from saima_web.reporting.refusals import EVENTS
from saima_web.reporting.sources import made_of_cells
from saima_web.ui.tables import Box, Column, Table

LARGE = 3000
"""From so many cells on a desk is paged by the database, unless one unit or indicator is chosen."""
SHAPES = {
    "empty": "dash", "draft": "wait", "submitted": "wait", "endorsed": "wait",
    "confirmed": "ok", "returned": "back",
}  # fmt: skip


@dataclass(frozen=True)
class Powers:
    """On which cells of a round a person may decide, as the actions will ask again."""

    by: User
    open: bool
    endorses: frozenset[int]
    owns: frozenset[int]
    own_units: frozenset[int]

    def on(self, entry: Entry) -> tuple[str, ...]:
        """The decisions that are open to the person on a cell now: endorse, confirm, return."""
        if not self.open:
            return ()
        if entry.state == "submitted" and entry.unit_id in self.endorses:
            return "endorse", "return"
        if entry.pk not in self.owns or entry.unit_id in self.own_units or self._gave(entry):
            return ()
        if entry.state == "endorsed":
            return "confirm", "return"
        return ("return",) if entry.state == "confirmed" and _reported(entry) else ()

    def provides(self, entry: Entry) -> bool:
        """Whether the person has yet to give a cell's figure for all units."""
        owed = entry.indicator.provider == OWNER and entry.state == "empty"
        return self.open and owed and entry.pk in self.owns

    def _gave(self, entry: Entry) -> bool:
        return entry.reported is not None and entry.reported.by_id == self.by.pk


def _reported(entry: Entry) -> bool:
    return entry.indicator.provider != OWNER and entry.reported is not None


def powers_of(by: User, round: Round, entries: Sequence[Entry]) -> Powers:
    """What a person may decide on some cells of a round."""
    owned = round.entries.filter(cells_for(by, "figures.confirm", round.campaign))
    if len(entries) < LARGE:
        owned = owned.filter(pk__in=[e.pk for e in entries])
    endorses = units_for(by, "figures.endorse", round.campaign)
    return Powers(
        by, round.state == Round.State.OPEN,
        frozenset(endorses.values_list("pk", flat=True)),
        frozenset(owned.order_by().values_list("pk", flat=True)),
        frozenset(reported_units(by)),
    )  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The review page of one person: the cells asked for, and what can be chosen instead."""

    round: Round
    rows: Sequence[dict[str, Any]]
    units: Sequence[Choice]
    indicators: Sequence[Choice]
    unit: Choice | None
    indicator: Indicator | None

    @property
    def mine(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["mine"]]

    @cached_property
    def events(self) -> set[str]:
        """The decisions that the person may take on some row."""
        return {event for row in self.rows for event in row["events"]}

    def waiting_units(self, *states: str, others: bool = False) -> int:
        """How many units have cells in some states; `others`: that wait for somebody else."""
        rows = [r for r in self.rows if r["state"] in states and not (others and r["mine"])]
        return len({row["unit_code"] for row in rows})

    @property
    def has_awaited(self) -> bool:
        return any(row["state"] == "awaited" for row in self.rows)

    @property
    def has_elsewhere(self) -> bool:
        """Whether a figure came back because another campaign sent it back."""
        return any(row["elsewhere"] for row in self.rows)

    @property
    def has_official(self) -> bool:
        """Whether the column of official figures is worth its place."""
        return any(row["official"] is not None for row in self.rows)

    def numbers(self) -> dict[str, int]:
        """How many cells wait for whom."""
        return {
            "n": len(self.mine), "total": len(self.rows),
            "awaited": sum(r["state"] == "awaited" and not r["provide_href"] for r in self.rows),
            "provide": sum(bool(r["provide_href"]) for r in self.rows),
            "owners": sum(r["state"] == "endorsed" and not r["mine"] for r in self.rows),
        }  # fmt: skip


def desk_for(
    by: User, round: Round, *, unit: str = "", indicator: str = "", whole: bool = False
) -> Desk | LargeDesk:
    """The desk as its page shows it: a large one by pages, unless the `whole` of it is needed."""
    chosen = (unit and Unit.objects.filter(code=unit).exists()) or (
        indicator and Indicator.objects.filter(code=indicator).exists()
    )
    if not whole and not chosen and round.entries.order_by().count() >= LARGE:
        return LargeDesk(by, round, lambda entries: _rows(by, round, entries))
    return desk_of(by, round, unit=unit, indicator=indicator)


def desk_of(by: User, round: Round, *, unit: str = "", indicator: str = "") -> Desk:
    """What a person sees of a round's cells, of one unit or one indicator where asked for."""
    seen = entries_seen(by, round).order_by()
    units, indicators = units_of(seen), indicators_of(seen)
    chosen_unit = next((u for u in units if u.code == unit), None)
    named = next((x for x in indicators if x.code == indicator), None)
    chosen = Indicator.objects.get(pk=named.pk) if named else None
    if chosen_unit is not None:
        seen = seen.filter(unit=chosen_unit.pk)
    if chosen is not None:
        seen = seen.filter(indicator=chosen)
    shown = list(seen.order_by("unit__order", "unit__code", "indicator__order", "indicator__pk"))
    rows = _rows(by, round, shown)
    if chosen is not None:
        decimals = max((row["decimals"] for row in rows), default=0)
        rows = [row | {"decimals": decimals} for row in rows]
    return Desk(round, rows, units, indicators, chosen_unit, chosen)


def _rows(by: User, round: Round, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    for entry in entries:
        entry.round = round
    bases = bases_of(round, {e.unit_id for e in entries}, {e.indicator for e in entries})
    powers, official = powers_of(by, round, entries), _official(round, entries)
    remarks, before = _remarks(entries), _before_return(round, entries)
    evidence, pages = _evidence(round, entries), _pages(round, entries)
    made_of = made_of_cells(round, entries, by)
    rows = []
    for entry in entries:
        said = remarks.get(entry.pk, [])
        value = entry.reported.value if entry.reported else None
        findings = bases.examine(
            entry.unit_id, entry.indicator, value, [remark.kind for remark in said]
        )
        basis = bases.of.get((entry.unit_id, entry.indicator_id), Basis())
        row = _row(entry, basis, powers.on(entry))
        row["href"] = f"{pages[entry.unit_id]}#cell-{entry.pk}"
        offer = made_of.get((entry.unit_id, entry.indicator_id))
        off = [offer.compared(value)] if offer and offer.differs(value) else []
        row |= {"findings": [*_words(findings), *off], "remarks": said}
        row["elsewhere"] = entry.state == "returned" and _elsewhere(said)
        row["evidence"] = evidence.get(entry.pk, [])
        row["provide_href"] = _provide_address(entry) if powers.provides(entry) else ""
        row |= _resubmission(entry, before.get(entry.pk))
        row["official"] = official.get((entry.unit_id, entry.indicator_id))
        rows.append(row)
    return sorted(rows, key=lambda r: (not r["mine"], ORDER.index(r["state"])))


def _row(entry: Entry, basis: Basis, events: tuple[str, ...]) -> dict[str, Any]:
    indicator, figure = entry.indicator, entry.reported
    shown = figure or entry.confirmed
    progress = progress_of(indicator, basis, shown.value if shown else None)
    provided = indicator.provider == OWNER
    return {
        "pk": entry.pk, "unit": str(entry.unit), "unit_code": entry.unit.code,
        "indicator": indicator.name, "measure": indicator.measure,
        "decimals": _decimals(indicator, figure, entry.confirmed),
        "qualitative": indicator.qualitative,
        "state": "awaited" if provided and entry.state == "empty" else entry.state,
        "shape": "lock" if provided else SHAPES[entry.state],
        "state_words": _state_words(entry), "events": events,
        "mine": bool(set(events) & {"endorse", "confirm"}), "late": entry.late,
        "reported": figure.value if figure else None, "reported_words": _figure(figure),
        "on_behalf": figure.on_behalf if figure else "",
        "by": figure.by.name if figure and figure.by else "",
        "at": figure.recorded_at if figure else None,
        "previous": basis.previous, "last_year": basis.last_year,
        "target": basis.target, "attainment": progress.attainment, "gap": progress.gap,
        "confirmed": entry.confirmed.value if entry.confirmed else None,
        "confirmed_words": _figure(entry.confirmed),
        "differs": _differ(figure, entry.confirmed),
        "reason": entry.reason if entry.state == "returned" else "",
    }  # fmt: skip


def _pages(round: Round, entries: Sequence[Entry]) -> dict[int, str]:
    """The address of each unit's entry page."""
    here = (round.campaign.code, round.period)
    units = {e.unit_id: e.unit.code for e in entries}
    return {pk: reverse("reporting:entry", args=[*here, code]) for pk, code in units.items()}


def _decimals(indicator: Indicator, *figures: Figure | None) -> int:
    """The indicator's decimals, or more where a figure has more: nothing is hidden."""
    own = [-int(f.value.normalize().as_tuple().exponent) for f in figures if f and f.value]
    return max([indicator.decimals, *own])


def _provide_address(entry: Entry) -> str:
    round = entry.round
    args = [round.campaign.code, round.period, entry.indicator.code]
    return reverse("reporting:entry-by", args=args)


def _figure(figure: Figure | None) -> str:
    """What stands in place of a number; empty where there is one, or nothing at all."""
    return "" if figure is None or figure.value is not None else figure_words(figure)


def _differ(one: Figure | None, other: Figure | None) -> bool:
    return one is not None and other is not None and one.value != other.value


def _state_words(entry: Entry) -> str:
    """The state, and for whom it waits."""
    owner = entry.indicator.data_owner or entry.indicator.lead_unit or _("数据责任部门")
    if entry.indicator.provider == OWNER:
        words = _("%(owner)s已提供") if entry.confirmed_id else _("等%(owner)s提供")
        return words % {"owner": owner}
    if entry.state == "endorsed":
        return _("等%(owner)s核定") % {"owner": owner}
    waits = {
        "empty": _("未报"), "draft": _("已保存，等单位提交"), "submitted": _("等单位负责人审核"),
        "returned": _("被退回，等单位修改"), "confirmed": _("已核定"),
    }  # fmt: skip
    return waits[entry.state]


def _words(findings: Sequence[Finding]) -> list[str]:
    """What a reviewer should know; being behind stands in its own column once it is explained."""
    return [f.message for f in findings if f.kind != "behind" or f.open]


def _remarks(entries: Sequence[Entry]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    rows = Remark.objects.filter(entry__in=[e.pk for e in entries]).select_related("by")
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _elsewhere(said: Sequence[Remark]) -> bool:
    """Whether it was another campaign that sent the figure back last."""
    back = [remark for remark in said if remark.kind in Remark.SENT_BACK]
    return bool(back) and back[-1].kind == Remark.Kind.SHARED


def _evidence(round: Round, entries: Sequence[Entry]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for row in Evidence.objects.filter(entry__in=[e.pk for e in entries]):
        href = reverse("reporting:evidence", args=[round.campaign.code, row.pk])
        found.setdefault(row.entry_id, []).append({"name": row.name, "href": href})
    return found


def _official(round: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], Decimal | None]:
    """The official figure of each pair, as recorded last."""
    clock, at = clock_of(round.campaign), parse(round.period)
    texts = {e.indicator_id: figure_period(clock, at, e.indicator).text for e in entries}
    rows = Figure.objects.filter(
        source=Figure.Source.OFFICIAL, period__in=set(texts.values()), indicator__in=texts,
        unit__in={e.unit_id for e in entries},
    )  # fmt: skip
    return {
        (row.unit_id, row.indicator_id): None if row.withdrawn else row.value
        for row in rows.order_by("pk")
        if row.period == texts[row.indicator_id]
    }


def _before_return(round: Round, entries: Sequence[Entry]) -> dict[int, Figure]:
    """What stood in each cell when it was sent back last."""
    returned: dict[int, Any] = {}
    rows = Remark.objects.filter(entry__in=[e.pk for e in entries], kind__in=Remark.SENT_BACK)
    for entry_id, at in rows.order_by("at").values_list("entry_id", "at"):
        returned[entry_id] = at
    cells = {(e.unit_id, e.indicator_id): e for e in entries if e.pk in returned}
    figures = Figure.objects.filter(
        source=Figure.Source.REPORTED, unit__in={u for u, _x in cells},
        indicator__in={x for _u, x in cells}, period__in=_periods(round, cells.values()),
    )  # fmt: skip
    found: dict[int, Figure] = {}
    for row in figures.order_by("pk"):
        entry = cells.get((row.unit_id, row.indicator_id))
        if entry is not None and row.recorded_at <= returned[entry.pk]:
            found[entry.pk] = row
    return found


def _periods(round: Round, entries: Any) -> set[str]:
    clock, at = clock_of(round.campaign), parse(round.period)
    return {figure_period(clock, at, e.indicator).text for e in entries}


def _resubmission(entry: Entry, before: Figure | None) -> dict[str, Any]:
    """What was sent back, and by how much the new figure differs; nothing was sent back: empty."""
    if before is None or entry.state == "returned":
        return {"before": "", "change": None}
    old, new = before.value, entry.reported.value if entry.reported else None
    return {
        "before": figure_words(before),
        "before_value": old,
        "change": None if old is None or new is None else new - old,
    }


def desk_table(desk: Desk | LargeDesk) -> Table:
    """The desk as a list: boxes by state, one column per figure side by side."""
    single = desk.indicator
    decimals = single.decimals if single else None
    measure = single.measure if single else ""

    def column(key: str, title: str, draw: drawn.Draw | None = None) -> Column:
        own = draw or drawn.figure(key)
        return Column(key, title, "number", decimals, measure, draw=own)

    columns = [
        *([Column("pk", _("选"), draw=drawn.pick, sort="", export=False)] if desk.events else []),
        *([] if desk.unit else [Column("unit", _("单位"), link="href")]),
        *([] if single else [Column("indicator", _("指标"), draw=drawn.indicator)]),
        column("reported", _("自报数"), drawn.reported),
        column("previous", _("上期")), column("last_year", _("上年同期")),
        column("target", _("全年目标")),
        Column("gap", _("超欠序时"), "number", 1, _("点"), draw=drawn.gap),
        column("confirmed", _("核定数"), drawn.confirmed),
        *([column("official", _("统计反馈数"))] if desk.has_official else []),
        Column("state_words", _("状态"), draw=drawn.state),
    ]  # fmt: skip
    return Table(
        columns, desk.rows, name=_("审核"), search=("unit", "indicator"), boxes=_boxes(desk),
        caption=_("本轮各项数据"), empty=_("这里没有您能看的数据。"),
        begin=_("单位提交后，负责人在这里审核，数据责任部门在这里核定。"), css="review", stacks=True,
    )  # fmt: skip


def _boxes(desk: Desk | LargeDesk) -> list[Box]:
    mine = [Box("mine", _("待我处理"), lambda row: bool(row["mine"]))] if desk.events else []
    names = {
        "returned": _("被退回"), "submitted": _("待单位审核"), "endorsed": _("待核定"),
        "confirmed": _("已核定"),
    }  # fmt: skip
    states = [Box(state, title, _in(state)) for state, title in names.items()]
    return [
        *mine,
        Box("owed", _("未提交"), lambda row: row["state"] in ("empty", "draft")),
        *states,
        *([Box("awaited", _("待部门提供"), _in("awaited"))] if desk.has_awaited else []),
        *([Box("elsewhere", _("其他行动退回"), lambda row: bool(row["elsewhere"]))]
          if desk.has_elsewhere else []),
        Box("asks", _("有疑问"), lambda row: bool(row["findings"])),
        Box("again", _("退回后再报"), lambda row: bool(row["before"])),
    ]  # fmt: skip


def _in(state: str) -> Any:
    return lambda row: row["state"] == state


def event_name(event: str) -> str:
    """A decision as buttons and messages name it."""
    return str(EVENTS[event])
