"""Writing pledges (表态): recorded with their numbers, taken back only with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.pledges import refusals
from saima_web.pledges.models import Pledge, PledgedValue
from saima_web.pledges.refusals import said


def record_pledge(
    *, campaign: Campaign, unit: Unit, on: date, occasion: str, words: str,
    values: Mapping[Indicator, Decimal], by: User,
) -> Pledge:  # fmt: skip
    """A unit's head says what will be reached by the end. Errors: Refused without a number."""
    with writing(by) as ledger:
        require(by, "pledges.vow", campaign=campaign, unit=unit)
        if not values:
            raise refuse(refusals.NOTHING_PLEDGED)
        made = Pledge.objects.create(
            campaign=campaign, unit=unit, on=on, occasion=said(occasion, "场合"),
            words=said(words, "表态内容"), recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        PledgedValue.objects.bulk_create(
            PledgedValue(pledge=made, indicator=x, value=v) for x, v in values.items()
        )
        ledger.record(
            "pledge.recorded", _subject(made), campaign=campaign.code, unit=unit.code,
            values={x.code: canonical(v) for x, v in values.items()}, personal=made.words,
        )  # fmt: skip
    return made


def withdraw_pledge(*, pledge: Pledge, reason: str, by: User) -> Pledge:
    """Take a pledge back; it stays in the record, struck out."""
    with writing(by) as ledger:
        found = Pledge.objects.select_for_update().get(pk=pledge.pk)
        require(by, "pledges.vow", campaign=found.campaign, unit=found.unit)
        if found.withdrawn_at is not None:
            raise refuse(refusals.PLEDGE_WITHDRAWN)
        found.withdrawal = said(reason, "收回原因")
        found.withdrawn_at, found.withdrawn_by = now(), by
        found.save()
        ledger.record(
            "pledge.withdrawn", _subject(found), campaign=found.campaign.code,
            unit=found.unit.code, personal=found.withdrawal,
        )  # fmt: skip
    return found


def _subject(row: Pledge) -> str:
    return f"pledge/{row.campaign.code}/{row.pk}"
