"""What of red lines and honours waits for a person: shown among one's own work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.people.models import User
from saima_web.people.permissions import may, units_for
from saima_web.redlines.models import Honour, Incident, RiskItem
from saima_web.redlines.queries import (
    honours_for,
    incidents_for,
    is_overdue,
    next_check,
    open_hazards,
    oversees,
    risks_for,
)

DECIDES = {
    Incident.State.RECORDED: noop("红线事件待您审定：%(title)s"),
    Incident.State.APPEALED: noop("红线事件有申诉，待您答复：%(title)s"),
}


def my_redlines(by: User, campaign: Campaign) -> list[Waiting]:
    """Everything of this slice that waits for a person in a campaign."""
    found: list[Waiting] = []
    if may(by, "incidents.confirm", campaign=campaign):
        found += _incidents(by, campaign)
    if may(by, "honours.approve", campaign=campaign):
        found += _honours(by, campaign)
    if may(by, "risks.check", campaign=campaign):
        found += _risks(by, campaign)
    return found


def _incidents(by: User, campaign: Campaign) -> Iterator[Waiting]:
    for row in incidents_for(by, campaign).filter(state__in=DECIDES):
        href = reverse("redlines:one", args=[campaign.code, row.pk])
        words = _(DECIDES[Incident.State(row.state)]) % {"title": row.name}
        yield Waiting(words, href, None, str(row.unit))


def _honours(by: User, campaign: Campaign) -> Iterator[Waiting]:
    waiting = honours_for(by, campaign).filter(state=Honour.State.RECORDED).count()
    if waiting:
        href = reverse("redlines:honours", args=[campaign.code]) + "?box=waiting"
        yield Waiting(_("%(n)s项奖惩待您审定") % {"n": waiting}, href, None)


def _risks(by: User, campaign: Campaign) -> Iterator[Waiting]:
    """A unit's own checks and hazards one by one; who oversees all gets one line about the late."""
    day = today()
    rows = risks_for(by, campaign).filter(closed_at=None)
    rows = rows.filter(unit__in=units_for(by, "risks.check", campaign))
    if oversees(by, "risks.check", campaign):
        late = sum(1 for row in rows if is_overdue(row, day))
        if late:
            href = reverse("redlines:risks", args=[campaign.code]) + "?box=overdue"
            yield Waiting(_("%(n)s项风险逾期没有检查") % {"n": late}, href, None)
        return
    hazards = open_hazards(campaign)
    for row in rows:
        words = _words_for(row, row.pk in hazards, day)
        if words:
            href = reverse("redlines:risk", args=[campaign.code, row.pk])
            title = _(words) % {"title": row.name}
            yield Waiting(title, href, end_of(next_check(row)), str(row.unit))


def _words_for(row: RiskItem, hazard: bool, day: date) -> str:
    """What a risk waits for at its unit, empty for nothing."""
    if hazard:
        return noop("隐患待整改：%(title)s")
    return noop("风险该检查了：%(title)s") if next_check(row) <= day else ""
