"""What the entry page shows: a unit's indicators, or one indicator of all units, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from saima.periods import Period, parse, previous
from saima.workflows.submission import SUBMISSION
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, period_in
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, may
from saima_web.reporting.checks import Bases, Basis, Finding, bases_of, figure_period
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.reporting.progress import Progress, keeps_pace, progress_of
from saima_web.reporting.recording import own_units
from saima_web.reporting.typed import MARKS
from saima_web.targets.models import ProjectPlan, Target, TargetSet
from saima_web.ui.templatetags.saima import (
    day,
    moment,
    month,
    pace_side,
    pace_words,
    percent,
    plain_number,
)

Axis = Literal["unit", "indicator"]
RANK = {"reported": 0, "official": 1, "confirmed": 2}
"""Which figure of a past period is shown where there are several: the higher one."""
PACE_SCALE = 20.0
"""The gap in points that fills half the width of a pace bar."""


@dataclass(frozen=True)
class Line:
    """One cell of the page and what stands beside it. `label` is the indicator's or unit's name."""

    entry: Entry
    label: str
    group: str
    basis: Basis
    last: Figure | None
    goal: Target | None
    findings: Sequence[Finding]
    notes: Sequence[Remark]
    promise: Remark | None
    comments: int
    editable: bool
    provided: bool
    behalf: bool
    reports: bool = False

    @property
    def indicator(self) -> Indicator:
        return self.entry.indicator

    @property
    def figure(self) -> Figure | None:
        """The figure in the cell: confirmed if it is, else as reported."""
        return self.entry.confirmed or self.entry.reported

    @property
    def value(self) -> Decimal | None:
        return self.figure.value if self.figure else None

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.indicator, self.basis, self.value)

    def note(self, kind: str) -> Remark | None:
        """The latest words of a kind on the cell."""
        return next((n for n in reversed(self.notes) if n.kind == kind), None)

    @property
    def text(self) -> str:
        """What stands in the cell: a number, a mark, a grade, or nothing."""
        return figure_text(self.figure, self.indicator)

    @property
    def last_text(self) -> str:
        return figure_text(self.last, self.indicator)

    @property
    def target_text(self) -> str:
        """The year's target as the column shows it: 62,000, ≤88.0, 清零, or the goal in words."""
        if self.goal is None or (self.goal.value is None and not self.goal.goal):
            return "—"
        if self.goal.value is None:
            return self.goal.goal
        if self.indicator.direction == "clear-to-zero" and not self.goal.value:
            return _("清零")
        sign = "≤" if self.indicator.direction == "less" else ""
        return sign + number_text(self.goal.value, self.indicator.decimals)


@dataclass(frozen=True)
class Sheet:
    """The entry page of a round: by row (one unit) or by column (one indicator)."""

    round: Round
    period: Period
    axis: Axis
    subject: Unit | Indicator
    lines: Sequence[Line]
    by: User
    pace: float | None
    waits_for: Sequence[str] = field(default=())

    @property
    def unit(self) -> Unit | None:
        return self.subject if isinstance(self.subject, Unit) else None

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines by category, in order; one group without a name by column."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return list(found.items())

    @property
    def editable(self) -> bool:
        return any(line.editable for line in self.lines)

    @property
    def before(self) -> Period:
        """The period before."""
        return previous(self.period)

    @property
    def needs_behalf(self) -> bool:
        """Whether figures would be given in another unit's name."""
        return any(line.editable and line.behalf for line in self.lines)

    @property
    def submittable(self) -> bool:
        """Whether this person can hand in something of the page."""
        return self.axis == "unit" and any(
            line.editable and line.reports and not line.provided for line in self.lines
        )

    @property
    def withdrawable(self) -> bool:
        """Whether this person can take back what was handed in."""
        return self.axis == "unit" and any(
            line.entry.state == "submitted" and line.reports for line in self.lines
        )


def figure_text(figure: Figure | None, indicator: Indicator) -> str:
    """A figure as a column shows it; empty where nothing was reported."""
    if figure is None:
        return ""
    if figure.value is None:
        return figure.grade or MARKS.get(figure.missing, "")
    return number_text(figure.value, indicator.decimals)


def number_text(value: Decimal, decimals: int) -> str:
    """With the indicator's decimals, or more where the number has more: nothing is hidden."""
    own = -int(value.normalize().as_tuple().exponent)  # finite by the field's reading
    return plain_number(value.quantize(Decimal(1).scaleb(-max(decimals, own, 0))))


@dataclass
class Rights:
    """What one person may do with a round's cells; asked once for each unit."""

    by: User
    round: Round
    reports: dict[int, bool] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own = own_units(self.by)

    def may_report(self, entry: Entry) -> bool:
        """Whether the person reports a cell, in the unit's name too, or provides it for all."""
        on = {"campaign": self.round.campaign, "indicator": entry.indicator}
        if is_provided(entry.indicator):
            return may(self.by, "figures.provide", **on)
        return self.reports_for(entry) or may(self.by, "figures.report-for", **on)

    def reports_for(self, entry: Entry) -> bool:
        """Whether the person is a reporter of the cell's unit."""
        if entry.unit_id not in self.reports:
            self.reports[entry.unit_id] = may(
                self.by, "figures.report", campaign=self.round.campaign, unit=entry.unit
            )
        return self.reports[entry.unit_id]

    def can_edit(self, entry: Entry) -> bool:
        """Whether the person may type into a cell now."""
        event = "provide" if is_provided(entry.indicator) else "save"
        return (
            self.round.state == Round.State.OPEN
            and (entry.state, event) in SUBMISSION.moves
            and self.may_report(entry)
        )

    def in_anothers_name(self, entry: Entry) -> bool:
        """Whether a figure would be given for a unit that is not one's own."""
        mine = self.reports_for(entry) and entry.unit_id in self.own
        return not is_provided(entry.indicator) and not mine


def is_provided(indicator: Indicator) -> bool:
    """Whether a department gives the figure for all units."""
    return indicator.provider == Indicator.Provider.OWNER


def round_in(campaign: Campaign, text: str) -> Round:
    """The round of a period. Errors: Http404 where there is none."""
    found = campaign.rounds.filter(period=period_in(campaign, text).text).first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


def entries_of(by: User, round: Round) -> Any:
    """The cells of a round that somebody may see: the scope of this module."""
    return (
        round.entries.filter(cells_for(by, "figures.see", round.campaign))
        .select_related(
            "unit",
            "indicator",
            "indicator__data_owner",
            "reported",
            "reported__by",
            "confirmed",
            "confirmed__by",
        )
        .order_by("unit__order", "unit__code", "indicator__order", "indicator__pk")
    )


def unit_sheet(by: User, round: Round, code: str) -> Sheet:
    """A unit's page. Errors: Http404 where it has no cells that one may see."""
    entries = list(entries_of(by, round).filter(unit__code=code))
    if not entries:
        raise Http404
    return _sheet(by, round, "unit", entries[0].unit, entries)


def indicator_sheet(by: User, round: Round, code: str) -> Sheet:
    """An indicator's page over all units. Errors: Http404 where one may see no cell of it."""
    entries = list(entries_of(by, round).filter(indicator__code=code))
    if not entries:
        raise Http404
    return _sheet(by, round, "indicator", entries[0].indicator, entries)


def cell_sheet(by: User, round: Round, entries: Sequence[Entry], axis: Axis) -> Sheet:
    """A page of just these cells, for what comes back after saving."""
    subject = entries[0].unit if axis == "unit" else entries[0].indicator
    return _sheet(by, round, axis, subject, entries)


def _sheet(
    by: User, round: Round, axis: Axis, subject: Unit | Indicator, entries: Sequence[Entry]
) -> Sheet:
    for entry in entries:
        entry.round = round
    period = parse(round.period, clock_of(round.campaign))
    lines = _lines(by, round, axis, entries)
    return Sheet(
        round,
        period,
        axis,
        subject,
        lines,
        by,
        _calendar_pace(lines),
        _waits_for(entries),
    )


def _lines(by: User, round: Round, axis: Axis, entries: Sequence[Entry]) -> list[Line]:
    bases = bases_of(round, {e.unit_id for e in entries}, {e.indicator for e in entries})
    last = last_figures(entries)
    goals = goals_of(round, entries)
    notes = _notes(entries)
    promises = _promises(round, entries)
    comments = dict(
        Remark.objects.filter(entry__in=entries, kind=Remark.Kind.COMMENT)
        .values_list("entry")
        .annotate(n=Count("pk"))
    )
    lines, rights = [], Rights(by, round)
    for entry in entries:
        cell = (entry.unit_id, entry.indicator_id)
        said = notes.get(entry.pk, [])
        lines.append(
            Line(
                entry=entry,
                label=entry.indicator.name if axis == "unit" else str(entry.unit),
                group=entry.indicator.category if axis == "unit" else "",
                basis=bases.of.get(cell, Basis()),
                last=last.get(cell),
                goal=goals.get(cell),
                findings=_findings(bases, entry, said),
                notes=said,
                promise=promises.get(cell),
                comments=comments.get(entry.pk, 0),
                editable=rights.can_edit(entry),
                provided=is_provided(entry.indicator),
                behalf=rights.in_anothers_name(entry),
                reports=rights.reports_for(entry),
            )
        )
    return _grouped(lines)


def _grouped(lines: list[Line]) -> list[Line]:
    """The lines of a category together, categories in the order of their first line."""
    order = {group: n for n, group in enumerate(dict.fromkeys(x.group for x in lines))}
    return sorted(lines, key=lambda x: order[x.group])


def _findings(bases: Bases, entry: Entry, said: Iterable[Remark]) -> list[Finding]:
    figure = entry.confirmed or entry.reported
    value = figure.value if figure else None
    return bases.examine(entry.unit_id, entry.indicator, value, {r.kind for r in said})


def _calendar_pace(lines: Sequence[Line]) -> float | None:
    """The share of time gone, where it is the same for all lines that keep pace."""
    gone = {line.basis.gone for line in lines if keeps_pace(line.indicator)} - {None}
    return gone.pop() if len(gone) == 1 else None


def period_of(entry: Entry) -> Period:
    """The period that a cell's figure speaks of."""
    clock = clock_of(entry.round.campaign)
    return figure_period(clock, parse(entry.round.period, clock), entry.indicator)


def last_figures(entries: Sequence[Entry]) -> dict[tuple[int, int], Figure]:
    """The figure of the period before, by cell: confirmed before official before reported."""
    before = {(e.unit_id, e.indicator_id): previous(period_of(e)).text for e in entries}
    rows = sorted(
        Figure.objects.filter(
            period__in=set(before.values()),
            unit__in={e.unit_id for e in entries},
            indicator__in={e.indicator_id for e in entries},
        ),
        key=lambda f: (RANK[f.source], f.pk),
    )
    found = {(r.unit_id, r.indicator_id): r for r in rows if _is_at(r, before)}
    return {cell: row for cell, row in found.items() if not row.withdrawn}


def _is_at(figure: Figure, periods: dict[tuple[int, int], str]) -> bool:
    return periods.get((figure.unit_id, figure.indicator_id)) == figure.period


def goals_of(round: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], Target]:
    """The year's target in force, by cell."""
    clock = clock_of(round.campaign)
    window = clock.window(parse(round.period, clock).end)
    rows = Target.objects.filter(
        batch__campaign=round.campaign,
        batch__state=TargetSet.State.APPROVED,
        period__in={window.text, "全年", f"{window.end:%Y}"},
        unit__in={e.unit_id for e in entries},
        indicator__in={e.indicator_id for e in entries},
    ).order_by("batch__decided_at", "pk")
    latest = {(r.unit_id, r.indicator_id): r for r in rows}
    return {cell: row for cell, row in latest.items() if not row.withdrawn}


def _notes(entries: Sequence[Entry]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    rows = Remark.objects.filter(entry__in=entries).select_related("by").order_by("at", "pk")
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _promises(round: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], Remark]:
    """What was promised in the latest earlier round where a cell was behind, by cell."""
    rows = (
        Remark.objects.filter(
            kind=Remark.Kind.BEHIND,
            entry__round__campaign=round.campaign,
            entry__round__due_at__lt=round.due_at,
            entry__unit__in={e.unit_id for e in entries},
            entry__indicator__in={e.indicator_id for e in entries},
        )
        .select_related("entry")
        .order_by("entry__round__due_at", "at", "pk")
    )
    return {(r.entry.unit_id, r.entry.indicator_id): r for r in rows}


def _waits_for(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Whose turn it is with what was handed in: the unit's head, or the data owners."""
    units = {e.unit_id for e in entries if e.state == "submitted"}
    heads = User.objects.filter(is_active=True, posts__role="head", posts__unit__in=units)
    owners = {
        str(e.indicator.data_owner): None
        for e in entries
        if e.state == "endorsed" and e.indicator.data_owner
    }
    return (*dict.fromkeys(h.name for h in heads), *owners)


# --- as the page's script gets it -----------------------------------------------------------------


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
        "findings": [
            {"kind": f.kind, "message": f.message, "open": f.open, "severity": f.severity}
            for f in line.findings
        ],
        "note": _note(line.note("behind")),
        "jump": _note(line.note("jump")),
        "promise": _note(line.promise),
        "shown": shown(line),
    }


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


@dataclass(frozen=True)
class Event:
    """One line of a cell's history: what happened, who did it, when."""

    words: str
    who: str
    when: str


def cell_of(by: User, campaign: Campaign, pk: int) -> Entry:
    """A cell that somebody may see. Errors: Http404."""
    found: Entry | None = (
        Entry.objects.filter(cells_for(by, "figures.see", campaign), round__campaign=campaign)
        .select_related(
            "round", "unit", "indicator", "indicator__data_owner", "reported", "confirmed"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.round.campaign = campaign
    return found


def history_of(entry: Entry) -> list[Event]:
    """Every figure given for a cell and every return, the latest first."""
    figures = list(
        Figure.objects.filter(
            unit=entry.unit, indicator=entry.indicator, period=period_of(entry).text
        ).select_related("by", "by__unit")
    )
    rows: list[tuple[Any, Event]] = []
    before: dict[str, str] = {}
    for figure in figures:
        text = figure_text(figure, entry.indicator)
        words = _figure_words(figure, text, before.get(figure.source, ""))
        before[figure.source] = "" if figure.withdrawn else text
        rows.append((figure.recorded_at, Event(words, _who(figure.by), moment(figure.recorded_at))))
    for remark in entry.remarks.exclude(kind=Remark.Kind.COMMENT).select_related("by", "by__unit"):
        rows.append((remark.at, Event(_remark_words(remark), _who(remark.by), moment(remark.at))))
    rows.sort(key=lambda row: row[0], reverse=True)
    return [event for _at, event in rows]


def _figure_words(figure: Figure, text: str, before: str) -> str:
    if figure.withdrawn:
        return _("撤销%(before)s") % {"before": before or text}
    names = {
        "reported": _("填入%(text)s"),
        "confirmed": _("核定为%(text)s"),
        "official": _("统计反馈%(text)s"),
    }
    words = names[figure.source] % {"text": text or "—"}
    if before and before != text:
        words = _("由%(before)s改为%(text)s") % {"before": before, "text": text or "—"}
    origin = {"pasted": _("（粘贴）"), "workbook": _("（工作簿）")}.get(figure.origin, "")
    behalf = _("，代填：%(words)s") % {"words": figure.on_behalf} if figure.on_behalf else ""
    return words + origin + behalf


def _remark_words(remark: Remark) -> str:
    if remark.kind == Remark.Kind.RETURN:
        return _("退回：%(text)s") % {"text": remark.text}
    if remark.kind == Remark.Kind.JUMP:
        return _("变动原因：%(text)s") % {"text": remark.text}
    until = day(remark.catch_up_on) if remark.catch_up_on else "—"
    return _("滞后原因：%(text)s；措施：%(measure)s；追平：%(until)s") % {
        "text": remark.text,
        "measure": remark.measure,
        "until": until,
    }


def _who(user: Any) -> str:
    if user is None:
        return _("系统")
    return f"{user.unit} {user.name}" if user.unit else user.name


def series_of(entry: Entry) -> tuple[list[str], list[float | None]]:
    """The names and values of the twelve periods up to this one; in-period figures as reported."""
    periods = [period_of(entry)]
    while len(periods) < 12:
        periods.insert(0, previous(periods[0]))
    rows = sorted(
        Figure.objects.filter(
            unit=entry.unit, indicator=entry.indicator, period__in=[p.text for p in periods]
        ),
        key=lambda f: (RANK[f.source], f.pk),
    )
    latest = {r.period: r for r in rows if not r.withdrawn}
    values = [latest[p.text].value if p.text in latest else None for p in periods]
    return [month(p.text) for p in periods], [None if v is None else float(v) for v in values]


def limits_of(entry: Entry, basis: Basis) -> list[tuple[str, str]]:
    """What the sidebar lists under limits: the period's plan, the rules, what it must equal."""
    indicator = entry.indicator
    found: list[tuple[str, str]] = []
    plan = _approved(Target, entry).last()
    if plan is not None and not plan.withdrawn and plan.value is not None:
        found.append((_("本期计划"), _amount(plan.value, indicator)))
    if basis.target is not None and basis.target > basis.accrued and keeps_pace(indicator):
        found.append((_("此前距全年目标"), _amount(basis.target - basis.accrued, indicator)))
    if basis.last_year is not None:
        found.append((_("上年同期"), _amount(basis.last_year, indicator)))
    for rule in indicator.checks.all():
        sign = _("须说明") if rule.severity == "warning" else _("不能保存")
        found.append((rule.get_kind_display(), f"{plain_number(rule.limit)}（{sign}）"))
    latest = {row.project: row.value for row in _approved(ProjectPlan, entry)}
    if latest:
        total = sum((v for v in latest.values() if v is not None), Decimal(0))
        words = _("%(n)s个项目计划之和") % {"n": len(latest)}
        found.append((words, _amount(total, indicator)))
    return found


def _approved(model: Any, entry: Entry) -> Any:
    """The approved targets or project plans of a cell's period, the latest last."""
    return model.objects.filter(
        batch__campaign=entry.round.campaign,
        batch__state=TargetSet.State.APPROVED,
        unit=entry.unit,
        indicator=entry.indicator,
        period=entry.round.period,
    ).order_by("batch__decided_at", "pk")


def _amount(value: Decimal, indicator: Indicator) -> str:
    return number_text(value, indicator.decimals) + indicator.measure


def saved_at(sheet: Sheet) -> str:
    """The time of the latest change on the page, for its foot."""
    times = [line.entry.changed_at for line in sheet.lines if line.entry.changed_at]
    return f"{timezone.localtime(max(times)):%H:%M}" if times else ""
