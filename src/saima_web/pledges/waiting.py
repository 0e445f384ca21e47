"""What of promises waits for a person: shown among one's own work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may
from saima_web.pledges.models import ActionPlan, Commitment, InstitutionMeasure
from saima_web.pledges.queries import (
    articles_for,
    asks_progress,
    commitments_for,
    is_overdue,
    plans_for,
    writable_units,
)

State, Plan, Article = Commitment.State, ActionPlan.State, InstitutionMeasure.State
AHEAD = timedelta(days=7)
"""So long before its day a measure or an article stands among one's work."""


def my_pledges(by: User, campaign: Campaign) -> list[Waiting]:
    """Everything of promises, plans and institutions that waits for a person in a campaign."""
    found: list[Waiting] = []
    units = set(writable_units(by, campaign).values_list("pk", flat=True))
    if units:
        found += _of_unit(by, campaign, units)
    if may(by, "pledges.review", campaign=campaign):
        found += _of_office(by, campaign)
    return found


def _of_unit(by: User, campaign: Campaign, units: set[int]) -> Iterator[Waiting]:
    vows = set(writable_units(by, campaign, "pledges.vow").values_list("pk", flat=True))
    for row in commitments_for(by, campaign).filter(unit__in=units):
        words = _words_for(row, row.unit_id in vows, today())
        if words:
            yield _commitment(row, words)
    plans = plans_for(by, campaign).filter(unit__in=units)
    for plan in plans.filter(state=Plan.RETURNED):
        yield _plan(plan, noop("作战方案被退回：%(title)s"), None)
    yield from _measures(by, campaign, units)
    yield from _articles(by, campaign, units)


def _words_for(row: Commitment, vows: bool, day: date) -> str:
    """What a commitment waits for at its unit, empty for nothing."""
    if row.state == State.DRAFT:
        return noop("承诺待您作出：%(title)s") if vows else ""
    if is_overdue(row, day):
        return noop("承诺已过时限，待申请认定：%(title)s") if vows else ""
    return noop("承诺该报进展了：%(title)s") if asks_progress(row, day) else ""


def _measures(by: User, campaign: Campaign, units: set[int]) -> Iterator[Waiting]:
    """Measures of approved plans that are due: one line for each plan, at the earliest day."""
    near = Q(measures__done_on=None, measures__due_on__lte=today() + AHEAD)
    rows = plans_for(by, campaign).filter(unit__in=units, state=Plan.APPROVED)
    for plan in rows.annotate(first=Min("measures__due_on", filter=near)):
        if plan.first is not None:
            yield _plan(plan, noop("作战方案有措施到期：%(title)s"), plan.first)


def _articles(by: User, campaign: Campaign, units: set[int]) -> Iterator[Waiting]:
    near = Q(state=Article.OPEN, due_on__lte=today() + AHEAD)
    rows = articles_for(by, campaign).filter(near | Q(state=Article.RETURNED), unit__in=units)
    for row in rows:
        href = reverse("pledges:article", args=[campaign.code, row.pk])
        due = end_of(row.due_on) if row.due_on else None
        yield _waiting(noop("制度落实待报：%(title)s"), row.text[:40], href, due, row.unit)


def _of_office(by: User, campaign: Campaign) -> Iterator[Waiting]:
    """What the office judges: claimed or overdue commitments, plans handed in, articles told."""
    day = today()
    for row in commitments_for(by, campaign).filter(state__in=(State.CLAIMED, State.MADE)):
        if row.state == State.CLAIMED:
            yield _commitment(row, noop("承诺待认定：%(title)s"))
        elif is_overdue(row, day):
            yield _commitment(row, noop("承诺已过时限，单位没有申请认定：%(title)s"))
    for plan in plans_for(by, campaign).filter(state=Plan.SUBMITTED):
        yield _plan(plan, noop("作战方案待审定：%(title)s"), None)
    told = articles_for(by, campaign).filter(state=Article.REPORTED).count()
    if told:
        href = reverse("pledges:institutions", args=[campaign.code])
        yield Waiting(_("%(n)s条制度落实情况待核查") % {"n": told}, href, None)


def _commitment(row: Commitment, words: str) -> Waiting:
    href = reverse("pledges:one", args=[row.campaign.code, row.pk])
    due = None if row.state == State.DRAFT else end_of(row.due_on)
    return _waiting(words, row.what, href, due, row.unit)


def _plan(plan: ActionPlan, words: str, due: date | None) -> Waiting:
    href = reverse("pledges:plan", args=[plan.campaign.code, plan.pk])
    return _waiting(words, plan.title, href, end_of(due) if due else None, plan.unit)


def _waiting(words: str, title: str, href: str, due: datetime | None, unit: Unit) -> Waiting:
    return Waiting(_(words) % {"title": title}, href, due, str(unit))
