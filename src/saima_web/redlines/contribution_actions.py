"""Writing contribution records of persons: off unless a leader switches them on, never ranked.

Names and deeds stand in the row and beside the ledger, so that they can be erased; the ledger
itself holds numbers, units and reasons only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.audit.erasing import erase
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require, roles_of
from saima_web.redlines import refusals
from saima_web.redlines.models import Contribution, ContributionSettings
from saima_web.redlines.refusals import basis_of, said

READERS = (Role.OFFICE, Role.LEADER, Role.INSPECTOR)
"""Roles that a leader may name; others can never read such records."""


def settings_of(campaign: Campaign) -> ContributionSettings:
    """A campaign's settings: off, and nobody reads, where none were made."""
    found = ContributionSettings.objects.filter(campaign=campaign).first()
    return found or ContributionSettings(campaign=campaign)


def switch(
    *, campaign: Campaign, on: bool, roles: Sequence[str], reason: str, by: User
) -> ContributionSettings:
    """A leader switches the records on for named roles, with the basis, or off again."""
    with writing(by) as ledger:
        require(by, "contributions.switch", campaign=campaign)
        named = [r for r in READERS if r in roles] if on else []
        if on and not named:
            raise refuse(refusals.RECORD_INCOMPLETE, what="哪些角色可以查看")
        words = basis_of(reason, "实绩记录") if on else reason.strip()
        made, _ = ContributionSettings.objects.update_or_create(
            campaign=campaign, defaults={"on": on, "roles": named, "reason": words[:200]}
        )
        ledger.record(
            "contributions.switched", _all(campaign), campaign=campaign.code, on=on, roles=named,
            reason=words,
        )  # fmt: skip
    return made


def require_reader(campaign: Campaign, by: User) -> None:
    """Refuse where the records are off, and to roles that were not named."""
    require(by, "contributions.see", campaign=campaign)
    settings = settings_of(campaign)
    if not settings.on:
        raise refuse(refusals.CONTRIBUTIONS_OFF)
    if not roles_of(by, campaign) & set(settings.roles):
        raise refuse(refusals.CONTRIBUTIONS_NOT_YOURS)


def record_contribution(
    *, campaign: Campaign, unit: Unit, person: str, on: date, what: str, basis: str, by: User,
    user: User | None = None,
) -> Contribution:  # fmt: skip
    """Keep what a person did, with its basis."""
    with writing(by):
        _require_recorder(campaign, by)
        made = Contribution(
            campaign=campaign, unit=unit, person=said(person, "姓名"), on=on, user=user,
            what=said(what, "实绩"), basis=basis_of(basis, "实绩记录"),
        )  # fmt: skip
        return _kept(made, "contribution.recorded", by)


def correct_contribution(
    *, contribution: Contribution, what: str, reason: str, by: User
) -> Contribution:
    """Correct a record: the next one says it rightly, the former is emptied."""
    with writing(by):
        old = _live(contribution, by)
        made = Contribution(
            campaign=old.campaign, unit=old.unit, person=old.person, user=old.user, on=old.on,
            what=said(what, "更正后的内容"), basis=old.basis, corrects=old,
            reason=said(reason, "更正原因"),
        )  # fmt: skip
        found = _kept(made, "contribution.corrected", by)
        _empty(old, made.reason, by)
    return found


def erase_contribution(*, contribution: Contribution, reason: str, by: User) -> Contribution:
    """Erase what a record says of a person, here and beside the ledger."""
    with writing(by):
        old = _live(contribution, by)
        _empty(old, said(reason, "删除原因"), by)
    return old


def ask(*, contribution: Contribution, words: str, by: User) -> Contribution:
    """The person concerned asks for a correction or for erasure; the office answers by doing it."""
    with writing(by) as ledger:
        if contribution.user_id != by.pk:
            raise refuse(refusals.CONTRIBUTIONS_NOT_YOURS)
        contribution.asked, contribution.asked_at = said(words, "要求")[:300], now()
        contribution.save(update_fields=["asked", "asked_at"])
        ledger.record(
            "contribution.asked", _subject(contribution), campaign=contribution.campaign.code,
            personal=contribution.asked,
        )  # fmt: skip
    return contribution


def note_export(*, campaign: Campaign, count: int, reason: str, by: User) -> None:
    """Record that the records leave the platform: who, how many, why. Errors: without a reason."""
    with writing(by) as ledger:
        require_reader(campaign, by)
        ledger.record(
            "contributions.exported", _all(campaign), campaign=campaign.code, count=count,
            reason=said(reason, "导出用途"),
        )  # fmt: skip


def _require_recorder(campaign: Campaign, by: User) -> None:
    require(by, "contributions.record", campaign=campaign)
    if not settings_of(campaign).on:
        raise refuse(refusals.CONTRIBUTIONS_OFF)


def _live(row: Contribution, by: User) -> Contribution:
    """A record that says something, locked. Correcting and erasing stay possible when switched off."""
    found = Contribution.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(by, "contributions.record", campaign=found.campaign)
    if found.erased_at is not None:
        raise refuse(refusals.ERASED_ALREADY)
    return found


def _kept(made: Contribution, event: str, by: User) -> Contribution:
    with writing(by) as ledger:
        made.recorded_at, made.recorded_by = now(), by
        made.save()
        ledger.record(
            event, _subject(made), campaign=made.campaign.code, unit=made.unit.code,
            corrects=made.corrects_id, personal=f"{made.person}　{made.what}",
        )  # fmt: skip
    return made


def _empty(old: Contribution, reason: str, by: User) -> None:
    old.person, old.what, old.basis, old.asked, old.user = "", "", "", "", None
    old.erased_at = now()
    old.save()
    erase(subjects=[_subject(old)], campaign=old.campaign.code, reason=reason, by=by)


def _subject(row: Contribution) -> str:
    return f"contribution/{row.campaign.code}/{row.pk}"


def _all(campaign: Campaign) -> str:
    return f"contributions/{campaign.code}"
