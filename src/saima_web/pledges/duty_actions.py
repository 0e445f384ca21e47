"""Writing duty in windows of heightened duty (值守): lines per day, and the unit's confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.audit.erasing import erase
from saima_web.base.clock import now, today
from saima_web.campaigns.models import KeyDate
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.pledges import refusals
from saima_web.pledges.models import DutyLine, DutyReceipt
from saima_web.pledges.refusals import said


def days_of(key_date: KeyDate) -> list[date]:
    """The days of a window, its last one included."""
    count = ((key_date.until or key_date.on) - key_date.on).days
    return [key_date.on + timedelta(days=n) for n in range(count + 1)]


def set_duty(
    *, key_date: KeyDate, unit: Unit, on: date, leader: str, keeper: str, phone: str, by: User
) -> DutyLine:
    """Who is on duty in a unit on a day; entering it again replaces it."""
    with writing(by) as ledger:
        require(by, "pledges.write", campaign=key_date.campaign, unit=unit)
        _require_window(key_date, on)
        made, _ = DutyLine.objects.update_or_create(
            key_date=key_date, unit=unit, on=on,
            defaults={
                "leader": said(leader, "带班领导"), "keeper": said(keeper, "值班人员"),
                "phone": said(phone, "值班电话"), "recorded_at": now(), "recorded_by": by,
            },
        )  # fmt: skip
        ledger.record(
            "duty.set", _subject(key_date, unit), campaign=key_date.campaign.code,
            on=on.isoformat(), personal=f"{made.leader}、{made.keeper}、{made.phone}",
        )  # fmt: skip
    return made


def set_roster(
    *, key_date: KeyDate, unit: Unit, rows: Iterable[tuple[date, dict[str, str]]], by: User
) -> list[DutyLine]:
    """Several days at once: all of them are kept, or none."""
    with writing(by):
        return [set_duty(key_date=key_date, unit=unit, on=d, by=by, **given) for d, given in rows]


def confirm_duty(*, key_date: KeyDate, unit: Unit, by: User) -> DutyReceipt:
    """The head confirms that every day is arranged for. Errors: Refused while one is open."""
    with writing(by) as ledger:
        require(by, "pledges.vow", campaign=key_date.campaign, unit=unit)
        _require_window(key_date, key_date.on)
        days = set(days_of(key_date))
        missing = days - set(key_date.duty_lines.filter(unit=unit).values_list("on", flat=True))
        if missing:
            raise refuse(refusals.DUTY_EMPTY, n=len(missing))
        made, _ = DutyReceipt.objects.update_or_create(
            key_date=key_date, unit=unit, defaults={"at": now(), "by": by}
        )
        subject = _subject(key_date, unit)
        ledger.record("duty.confirmed", subject, campaign=key_date.campaign.code)
    return made


def clear_duty(*, key_date: KeyDate, by: User) -> int:
    """Forget names and telephones once a window is over; that it was confirmed stays.

    Errors: Refused while it lasts.
    """
    with writing(by) as ledger:
        campaign = key_date.campaign
        require(by, "pledges.review", campaign=campaign)
        end = key_date.until or key_date.on
        if end >= today():
            raise refuse(refusals.DUTY_RUNNING, name=key_date.name)
        lines = key_date.duty_lines.select_related("unit")
        subjects = {_subject(key_date, line.unit) for line in lines}
        count: int = lines.count()
        lines.delete()
        erase(subjects=sorted(subjects), campaign=campaign.code, reason="值守时段已过", by=by)
        ledger.record("duty.cleared", f"duty/{campaign.code}/{key_date.pk}", lines=count)
    return count


def _require_window(key_date: KeyDate, on: date) -> None:
    if not key_date.heightened:
        raise refuse(refusals.NOT_HEIGHTENED, name=key_date.name)
    end = key_date.until or key_date.on
    if not key_date.on <= on <= end:
        begin = key_date.on.isoformat()
        raise refuse(refusals.DUTY_OUTSIDE, day=on.isoformat(), begin=begin, end=end.isoformat())


def _subject(key_date: KeyDate, unit: Unit) -> str:
    return f"duty/{key_date.campaign.code}/{key_date.pk}/{unit.code}"
