"""Dispatch meetings: their day, the agenda of what is behind, minutes whose lines become tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from saima.problems import declare, refuse
from saima.workflows.dispatch import DISPATCH
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.followup.parts import assigned_task
from saima_web.followup.telling import tell_units
from saima_web.messaging.actions import tell
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require
from saima_web.supervision.agenda import agenda_of
from saima_web.supervision.calendar import next_month_day, next_slot
from saima_web.supervision.models import AgendaLine, Meeting, Minute, Rhythm
from saima_web.supervision.queries import rhythm_of
from saima_web.supervision.recording import LACKS, address_of, next_number, words

AHEAD = timedelta(days=7)
"""So long before its day the scheduler puts a meeting down."""

MINUTES_ISSUED = declare(
    "minutes-issued",
    "会议纪要已经印发，不能再改。",
    "请在任务里变更，或在下次会议上议定。",
    "the minutes are issued and stand.",
    "Change the task, or agree again at the next meeting.",
)
ON_THAT_DAY = declare(
    "dispatch-on-that-day",
    "{day}已经安排了运行调度会。",
    "请换一天，或打开那次会议。",
    "there is a dispatch meeting on {day} already.",
    "Take another day, or open that meeting.",
)


@dataclass(frozen=True)
class Line:
    """A line of minutes as it is typed; with a unit and a day it becomes a task."""

    text: str
    unit: Unit | None = None
    deadline: date | None = None


def plan_meeting(
    *, campaign: Campaign, on: date, by: User, place: str = "", chair: str = ""
) -> Meeting:
    """Put a dispatch meeting down for a day."""
    with writing(by) as ledger:
        require(by, "dispatch.manage", campaign=campaign)
        if on < today():
            raise refuse(LACKS, what="今天或以后的会议日期")
        return _planned(ledger, campaign, on, place, chair)


def _planned(
    ledger: Ledger, campaign: Campaign, on: date, place: str = "", chair: str = ""
) -> Meeting:
    if campaign.dispatches.filter(on=on).exclude(state="dropped").exists():
        raise refuse(ON_THAT_DAY, day=f"{on.month}月{on.day}日")
    made = Meeting.objects.create(
        campaign=campaign,
        number=next_number(campaign, Meeting.objects.all()),
        on=on,
        place=place.strip(),
        chair=chair.strip(),
    )
    _note(ledger, "dispatch.planned", made, on=str(on))
    return made


def next_day(row: Rhythm, day: date) -> date | None:
    """The next day on which the rhythm has a meeting, None where it is irregular."""
    if row.dispatch_every == Rhythm.Every.WEEK:
        return next_slot(day, row.dispatch_weekday)
    if row.dispatch_every == Rhythm.Every.MONTH:
        return next_month_day(day, row.dispatch_day)
    return None


def plan_by_rhythm() -> list[Meeting]:
    """Put down the meetings that running campaigns have within a week; the office is told."""
    made = []
    for campaign in Campaign.objects.filter(state="running", rhythm__isnull=False):
        on = next_day(rhythm_of(campaign), today())
        if on is None or on - today() > AHEAD or campaign.dispatches.filter(on=on).exists():
            continue
        with writing(None) as ledger:
            row = _planned(ledger, campaign, on)
            tell(
                to=Role.OFFICE, subject=f"{on.month}月{on.day}日召开运行调度会，请生成议程",
                link=address_of(row), kind="dispatch", campaign=campaign,
            )  # fmt: skip
        made.append(row)
    return made


def draw_agenda(*, meeting: Meeting, by: User) -> Meeting:
    """Write the agenda anew from what is behind now."""
    with writing(by) as ledger:
        row = _open(meeting, by)
        DISPATCH.step(row.state, "hold")
        row.agenda.all().delete()
        lines = AgendaLine.objects.bulk_create(agenda_of(row, by))
        row.drawn_at = now()
        row.save(update_fields=["drawn_at"])
        _note(ledger, "dispatch.agenda", row, lines=len(lines))
    return row


def hold(*, meeting: Meeting, by: User, lines: Iterable[Line], chair: str = "") -> Meeting:
    """Write down what was agreed. Lines are added until the minutes are issued."""
    wanted = list(lines)
    with writing(by) as ledger:
        row = _open(meeting, by)
        row.state = DISPATCH.step(row.state, "hold")
        if not wanted and not row.minutes.exists():
            raise refuse(LACKS, what="议定事项")
        row.chair = chair.strip() or row.chair
        row.save(update_fields=["state", "chair"])
        for line in wanted:
            _add(row, line)
        _note(ledger, "dispatch.minuted", row, lines=len(wanted))
    return row


def _add(row: Meeting, line: Line) -> None:
    said = words(line.text, "议定事项")
    if line.deadline is not None and line.deadline < today():
        raise refuse(LACKS, what="今天或以后的完成时限")
    Minute.objects.create(meeting=row, text=said, unit=line.unit, deadline=line.deadline)


def remove_line(*, minute: Minute, by: User) -> None:
    """Take a line out before the minutes are issued."""
    with writing(by) as ledger:
        row = _open(minute.meeting, by)
        _note(ledger, "dispatch.line-removed", row, minute.text)
        minute.delete()


def issue(*, meeting: Meeting, by: User) -> Meeting:
    """Issue the minutes: each line with a unit and a day becomes a task, assigned at once."""
    with writing(by) as ledger:
        row = _open(meeting, by)
        row.state = DISPATCH.step(row.state, "issue")
        row.save(update_fields=["state"])
        minutes = list(row.minutes.select_related("unit"))
        made = [_task(row, m, by) for m in minutes if m.unit and m.deadline and not m.task_id]
        tell_units(made, by)
        units = {m.unit_id: m.unit for m in minutes if m.unit}
        if units:
            tell(
                to=[u for u in units.values() if u], subject=f"{name_of(row)}纪要已印发",
                text="有交给本单位的事项，请按时限办理。", link=address_of(row), kind="dispatch",
                campaign=row.campaign, by=by,
            )  # fmt: skip
        _note(ledger, "dispatch.issued", row, tasks=[task.number for task in made])
    return row


def _task(row: Meeting, minute: Minute, by: User) -> Task:
    assert minute.unit is not None and minute.deadline is not None
    made = assigned_task(
        campaign=row.campaign, title=minute.text[:80], goal=minute.text,
        responsible_unit=minute.unit, deadline=max(minute.deadline, today()), source="meeting",
        source_note=name_of(row), source_object=row.pk, by=by,
    )  # fmt: skip
    minute.task = made
    minute.save(update_fields=["task"])
    return made


def drop(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """Call a planned meeting off."""
    with writing(by) as ledger:
        row = _open(meeting, by)
        row.state = DISPATCH.step(row.state, "drop")
        row.save(update_fields=["state"])
        _note(ledger, "dispatch.dropped", row, words(reason, "取消原因"))
    return row


def name_of(row: Meeting) -> str:
    """第3次运行调度会（11月16日）."""
    return f"第{row.number}次运行调度会（{row.on.month}月{row.on.day}日）"


def _open(meeting: Meeting, by: User) -> Meeting:
    row = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("campaign")
        .get(pk=meeting.pk)
    )
    require(by, "dispatch.manage", campaign=row.campaign)
    if row.state == "issued":
        raise refuse(MINUTES_ISSUED)
    return row


def _note(ledger: Ledger, event: str, row: Meeting, text: str = "", **data: object) -> None:
    ledger.record(
        event, f"dispatch/{row.campaign.code}/{row.number}", campaign=row.campaign.code,
        personal=text.strip(), **data,
    )  # fmt: skip
