"""Writing leads and their steps, countermeasures, and next year's draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.targets import actions, problems
from saima_web.targets.behind import next_draft, next_whole, rounded
from saima_web.targets.cells import rows_in, whole_of
from saima_web.targets.edits import Edit
from saima_web.targets.models import Countermeasure, Lead, LeadStep, Target, TargetSet


def add_lead(
    *, campaign: Campaign, unit: Unit, indicator: Indicator, kind: str, name: str, stage: str,
    on: date, by: User, group: str = "", place: str = "",
) -> Lead:  # fmt: skip
    """Register a named record with its first step."""
    require(by, "leads.write", campaign=campaign, unit=unit, indicator=indicator)
    with writing(by) as ledger:
        try:
            with transaction.atomic():
                lead = Lead.objects.create(
                    campaign=campaign, unit=unit, indicator=indicator, kind=kind, group=group,
                    name=name.strip(), place=place,
                )  # fmt: skip
        except IntegrityError:
            raise refuse(problems.LEAD_TWICE, unit=str(unit), name=name) from None
        LeadStep.objects.create(lead=lead, stage=stage, on=on, recorded_at=now(), by=by)
        where = f"{unit.code}/{indicator.code}/{lead.pk}"
        ledger.record(
            "lead.added", where, campaign=campaign.code, kind=kind, stage=stage,
            on=on.isoformat(), name=lead.name,
        )  # fmt: skip
    return lead


def step_lead(*, lead: Lead, stage: str, on: date, by: User, note: str = "") -> LeadStep:
    """Record where a lead stands from a day on; days do not run backwards."""
    where: dict[str, Any] = {"unit": lead.unit, "indicator": lead.indicator}
    require(by, "leads.write", campaign=lead.campaign, **where)
    last = lead.steps.order_by("on", "pk").last()
    if last is not None and on < last.on:
        raise refuse(problems.LEAD_BACKWARDS, name=lead.name, day=last.on.isoformat())
    with writing(by) as ledger:
        step = LeadStep.objects.create(
            lead=lead, stage=stage, on=on, note=note, recorded_at=now(), by=by
        )
        ledger.record(
            "lead.stepped", f"{lead.unit.code}/{lead.indicator.code}/{lead.pk}",
            campaign=lead.campaign.code, old=last.stage if last else None, new=stage,
            on=on.isoformat(), note=note,
        )  # fmt: skip
    return step


def write_countermeasure(
    *, campaign: Campaign, unit: Unit, indicator: Indicator, period: str, gap: Decimal | None,
    cause: str, measure: str, responsible: str, due: date, done: bool, by: User,
) -> Countermeasure:  # fmt: skip
    """A unit's answer to being behind; the next row replaces it and keeps it readable."""
    require(by, "countermeasures.write", campaign=campaign, unit=unit, indicator=indicator)
    with writing(by) as ledger:
        row = Countermeasure.objects.create(
            campaign=campaign, unit=unit, indicator=indicator, period=period, gap=gap, cause=cause,
            measure=measure, responsible=responsible, due=due, done=done, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "countermeasure.written", f"{unit.code}/{indicator.code}/{period}",
            campaign=campaign.code, personal=responsible, cause=cause, measure=measure,
            due=due.isoformat(), done=done,
        )  # fmt: skip
    return row


# --- next year ----------------------------------------------------------------------------------


def draft_next_year(
    *, campaign: Campaign, growth: Decimal, targets: Mapping[tuple[int, int], Target], by: User
) -> TargetSet:
    """Next year's draft: every yearly target of now, grown by so many percent. Never in force."""
    require(by, "targets.edit", campaign=campaign)
    period, label = next_whole(campaign).text, next_whole(campaign).label()
    with writing(by) as ledger:
        batch = next_draft(campaign) or TargetSet.objects.create(
            campaign=campaign, kind=TargetSet.Kind.NEXT_YEAR, title=f"{label}目标草案",
            made_at=now(), made_by=by,
        )  # fmt: skip
        rows = [
            Target(
                batch=batch, unit=t.unit, indicator=t.indicator, period=period,
                value=rounded(Decimal(t.value) * (1 + growth / 100), t.indicator),
                recorded_at=now(),
            )
            for t in targets.values()
            if t.value is not None
        ]  # fmt: skip
        Target.objects.bulk_create(rows, batch_size=500)
        ledger.record(
            "targets.next-year", str(batch.pk), campaign=campaign.code, growth=canonical(growth),
            cells=len(rows),
        )  # fmt: skip
    return batch


def put_next_year(
    *, campaign: Campaign, values: Mapping[tuple[Unit, Indicator], Decimal | None], by: User
) -> int:
    """Change cells of next year's draft; how many changed."""
    require(by, "targets.edit", campaign=campaign)
    period, told = next_whole(campaign).text, []
    with writing(by) as ledger:
        batch = next_draft(campaign) or draft_next_year(
            campaign=campaign, growth=Decimal(0), targets={}, by=by
        )
        standing = rows_in(batch)
        for (unit, indicator), value in values.items():
            old = standing.get((unit.pk, indicator.pk, period))
            was = None if old is None or old.withdrawn else old.value
            if was == value:
                continue
            Target.objects.create(
                batch=batch, unit=unit, indicator=indicator, period=period, value=value,
                withdrawn=value is None, recorded_at=now(),
            )  # fmt: skip
            told.append([unit.code, indicator.code, _text(was), _text(value)])
        if told:
            ledger.record("targets.next-put", str(batch.pk), campaign=campaign.code, cells=told)
    return len(told)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else canonical(Decimal(value))


def hand_over(*, campaign: Campaign, by: User) -> TargetSet:
    """Next year's draft becomes a draft of the campaign that was cloned from this one."""
    following = Campaign.objects.filter(cloned_from=campaign).order_by("-start").first()
    batch = next_draft(campaign)
    if following is None or batch is None:
        raise refuse(problems.NO_NEXT_YEAR)
    require(by, "targets.edit", campaign=following)
    period = whole_of(following).text
    edits = [
        Edit(r.unit, r.indicator, period, {"value": r.value})
        for r in rows_in(batch).values()
        if not r.withdrawn
    ]
    with writing(by) as ledger:
        made, wrong = actions.put_cells(campaign=following, edits=edits, by=by)
        if made is None:
            raise refuse(wrong[0].code, wrong[0].place, **wrong[0].values)
        ledger.record(
            "targets.handed-over", str(made.pk), campaign=following.code, cells=len(edits)
        )
    return made
