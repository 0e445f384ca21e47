"""Opening and closing rounds: deadlines by working days, who owes what, dated exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from saima import campaigns as library
from saima.files.campaign.duties import assigned_pairs
from saima.periods import ONE_DAY, Period, last_of_month, parse
from saima.problems import Refused
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_members, clock_of, library_units, periods_of
from saima_web.campaigns.working_days import add_working_days, next_working_day, overrides
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import (
    library_assignments,
    library_indicators,
    parsed,
    reported_indicators,
    rulebook_in_force,
)
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.reporting import refusals
from saima_web.reporting.checks import figure_period, is_due
from saima_web.reporting.models import DueException, Entry, Figure, Round
from saima_web.reporting.refusals import stop
from saima_web.reporting.tallies import forget_tallies_of
from saima_web.ui.templatetags.saima import period as label

END_OF_DAY = time(18)
"""When a deadline's day ends: with the working day."""
SHORT = ("day", "ten_day", "week")
"""Periods after which one cannot wait for a day of the next month."""


@dataclass(frozen=True)
class Dates:
    """When a round opens, and until when units report and owners confirm."""

    opens_on: date
    due_at: datetime
    confirm_due_at: datetime


def dates_of(campaign: Campaign, period: Period) -> Dates:
    """A round's dates by the campaign's calendar, deadlines moved on to working days."""
    known = overrides()
    if period.kind in SHORT:
        due = add_working_days(period.end, 2, known)
        confirm = add_working_days(due, 2, known)
    else:
        due = next_working_day(_next_month(period, campaign.report_day), known)
        confirm = next_working_day(_next_month(period, campaign.confirm_day), known)
    if confirm <= due:
        confirm = add_working_days(due, 2, known)
    return Dates(period.end + ONE_DAY, end_of(due), end_of(confirm))


def _next_month(period: Period, day: int) -> date:
    first = period.end + ONE_DAY
    return min(first + timedelta(days=day - 1), last_of_month(first.year, first.month))


def end_of(day: date) -> datetime:
    """The end of a working day, aware."""
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))


def periods_to_open(campaign: Campaign, moment: date | None = None) -> list[Period]:
    """The periods that are over and wait for their round: those after the latest round.

    Before the first round, the latest period only: what was before is history.
    """
    over = [p for p in periods_of(campaign) if p.end < (moment or today())]
    latest = _latest(campaign)
    return over[-1:] if latest is None else [p for p in over if p > latest]


def _latest(campaign: Campaign) -> Period | None:
    rounds = [parse(text) for text in campaign.rounds.values_list("period", flat=True)]
    return max(rounds, default=None)


def next_period(campaign: Campaign) -> Period | None:
    """The period whose round comes next: the first one after the latest round."""
    latest = _latest(campaign)
    return next((p for p in periods_of(campaign) if latest is None or p > latest), None)


def duties(campaign: Campaign, period: Period) -> list[tuple[Unit, Indicator]]:
    """Every (unit, indicator) that somebody reports in a period, in official order.

    As the assignments and the rulebook in force say, for members at the period's end, and only
    where the indicator's frequency asks for it then.
    """
    clock = clock_of(campaign)
    named = library.Campaign(
        name=campaign.name, organisation=campaign.organisation, clock=clock,
        tracks=tuple(campaign.tracks.values_list("name", flat=True)),
        units=library_units(campaign, period.end), indicators=library_indicators(campaign),
        assignments=library_assignments(campaign),
    )  # fmt: skip
    try:
        book = parsed(rulebook_in_force(campaign, period).text)[0]
    except Refused:
        book = None
    has = assigned_pairs(named, (book,) if book else ())
    units = {m.unit.code: m.unit for m in active_members(campaign, period.end)}
    asked = {x.code: x for x in reported_indicators(campaign) if is_due(clock, period, x)}
    return [
        (units[unit.code], asked[indicator.code])
        for u, unit in enumerate(named.units)
        for i, indicator in enumerate(named.indicators)
        if has[u, i] and unit.code in units and indicator.code in asked
    ]


def open_round(
    *, campaign: Campaign, period: str, by: User | None, due_at: datetime | None = None,
    confirm_due_at: datetime | None = None, instructions: str = "", at: datetime | None = None,
) -> Round:  # fmt: skip
    """Open the round of a period with a cell for every duty; `by` is None for the calendar.

    A figure that is known and confirmed already (from another campaign, or history) is not asked
    again: its cell is confirmed from the start. Errors: Refused `round-not-made`.
    """
    with writing(by) as ledger:
        if by is not None:
            require(by, "rounds.manage", campaign=campaign)
        found = _period_of(campaign, period)
        dates = dates_of(campaign, found)
        row = Round(
            campaign=campaign, period=found.text, state=Round.State.OPEN, opens_on=dates.opens_on,
            due_at=due_at or dates.due_at, confirm_due_at=confirm_due_at or dates.confirm_due_at,
            instructions=instructions.strip(), trial=found.text in campaign.trial_periods,
        )  # fmt: skip
        _check_dates(row)
        pairs = duties(campaign, found)
        if not pairs:
            why = _("%(period)s没有要填报的单位和指标。") % {"period": label(found.text)}
            hint = _("请先设置参加单位、指标，并发布考核办法。")
            stop(refusals.ROUND_NOT_MADE, why=why, hint=hint)
        row.save()
        Entry.objects.bulk_create(_entries(row, pairs, at or now()), batch_size=500)
        _note(ledger, "round.opened", row, cells=len(pairs), due_at=row.due_at.isoformat())
        return row


def _period_of(campaign: Campaign, text: str) -> Period:
    found = next((p for p in periods_of(campaign) if p.text == text), None)
    if found is None:
        why = _("“%(text)s”不是本行动的计分期间。") % {"text": text}
        stop(refusals.ROUND_NOT_MADE, why=why, hint=_("请从列表中选择期间。"))
    if campaign.rounds.filter(period=text).exists():
        why = _("%(period)s的轮次已经有了。") % {"period": label(found.text)}
        stop(refusals.ROUND_NOT_MADE, why=why, hint=_("请在轮次列表中打开它。"))
    return found


def _check_dates(round: Round) -> None:
    if round.confirm_due_at < round.due_at:
        why = _("核定截止早于填报截止。")
        stop(refusals.ROUND_NOT_MADE, why=why, hint=_("请改正截止时间。"))


def _entries(round: Round, pairs: list[tuple[Unit, Indicator]], at: datetime) -> list[Entry]:
    known = _known_figures(round, pairs)
    entries = []
    for unit, indicator in pairs:
        entry = Entry(round=round, unit=unit, indicator=indicator)
        figures = known.get((unit.pk, indicator.pk), {})
        if "confirmed" in figures:
            entry.state, entry.changed_at = "confirmed", at
            entry.reported, entry.confirmed = figures.get("reported"), figures["confirmed"]
        entries.append(entry)
    return entries


def _known_figures(
    round: Round, pairs: list[tuple[Unit, Indicator]]
) -> dict[tuple[int, int], dict[str, Figure]]:
    """The figures that stand already for the cells of a round, by pair and source."""
    clock, at = clock_of(round.campaign), parse(round.period)
    texts = {x.pk: figure_period(clock, at, x).text for _unit, x in pairs}
    rows = Figure.objects.filter(period__in=set(texts.values()), indicator__in=texts)
    found: dict[tuple[int, int], dict[str, Figure]] = {}
    for row in rows.order_by("pk"):
        if row.period != texts[row.indicator_id]:
            continue
        cell = found.setdefault((row.unit_id, row.indicator_id), {})
        if row.withdrawn:
            cell.pop(row.source, None)
        else:
            cell[row.source] = row
    return found


def open_by_calendar(moment: date | None = None) -> list[Round]:
    """Open what the calendar says for every running campaign: the periods that are over.

    For the scheduled job; a campaign that asks for nothing yet is passed over.
    """
    opened = []
    for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING):
        for period in periods_to_open(campaign, moment):
            try:
                opened.append(open_round(campaign=campaign, period=period.text, by=None))
            except Refused:
                continue
    return opened


def close_round(*, round: Round, by: User) -> Round:
    """End a round: nothing in it can be changed until it is opened again."""
    return _switch(round, by, Round.State.CLOSED, "round.closed")


def reopen_round(*, round: Round, by: User) -> Round:
    """Open a closed round again."""
    return _switch(round, by, Round.State.OPEN, "round.reopened")


def _switch(round: Round, by: User, state: str, event: str) -> Round:
    with writing(by) as ledger:
        require(by, "rounds.manage", campaign=round.campaign)
        row = Round.objects.select_for_update().get(pk=round.pk)
        if row.state == state:
            stop(
                refusals.ROUND_NOT_MADE,
                why=_("本轮已经%(state)s。") % {"state": row.get_state_display()},
                hint=_("请刷新页面。"),
            )
        row.state = state
        row.save(update_fields=["state"])
        forget_tallies_of([row.pk])
        _note(ledger, event, row)
        return row


def change_round(
    *, round: Round, due_at: datetime, confirm_due_at: datetime, instructions: str, by: User
) -> Round:
    """Set a round's deadlines and instructions anew."""
    with writing(by) as ledger:
        require(by, "rounds.manage", campaign=round.campaign)
        row = Round.objects.select_for_update().get(pk=round.pk)
        before = row.due_at.isoformat()
        row.due_at, row.confirm_due_at = due_at, confirm_due_at
        row.instructions = instructions.strip()
        _check_dates(row)
        row.save()
        _note(ledger, "round.changed", row, before=before, due_at=due_at.isoformat())
        return row


def extend(
    *, round: Round, units: Iterable[Unit], until: datetime, reason: str, by: User
) -> list[DueException]:
    """Give units a later deadline in one round, with the reason."""
    with writing(by) as ledger:
        require(by, "rounds.manage", campaign=round.campaign)
        if not reason.strip():
            stop(refusals.REASON_NEEDED, what=_("延期"))
        if until <= round.due_at:
            why = _("延期要晚于本轮的填报截止。")
            stop(refusals.ROUND_NOT_MADE, why=why, hint=_("请改正日期。"))
        rows = []
        for unit in units:
            row = DueException.objects.create(
                round=round, unit=unit, until=until, reason=reason.strip(), by=by, at=now()
            )
            data = {"unit": unit.code, "until": until.isoformat()}
            _note(ledger, "round.extended", round, personal=reason.strip(), **data)
            rows.append(row)
        return rows


def _note(ledger: Ledger, event: str, round: Round, *, personal: str = "", **data: object) -> None:
    code = round.campaign.code
    ledger.record(event, f"round/{round.period}", campaign=code, personal=personal, **data)
