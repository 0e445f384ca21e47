"""Writing to the indicator library: indicators, definitions, check rules, notes, outer ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign, Track
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import (
    Assignment,
    CheckRule,
    Definition,
    Indicator,
    Note,
    OuterRank,
    Rulebook,
)
from saima_web.indicators.queries import indicator_field, parsed
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require

MEASURED = (
    "measure", "direction", "nature", "frequency", "rolls_up", "numerator", "denominator",
    "formula", "qualitative",
)  # fmt: skip
"""What a figure means: fixed once a published rulebook scores the indicator."""
PLAIN = (
    "name", "category", "battle_line", "business_line", "decimals", "provider", "order",
    "lead_unit", "data_owner",
)  # fmt: skip

CODE_TAKEN = declare(
    "indicator-code-taken",
    "指标库中已有代码“{taken}”（{name}）。",
    "请换一个代码，或直接使用已有的指标。",
    "the library already has the code “{taken}” ({name}).",
    "Choose another code, or use that indicator.",
)
IN_USE = declare(
    "indicator-measure-fixed",
    "“{name}”已在发布的考核办法中计分，不能再改{fields}。",
    "口径变了请新增口径版本；计量方式变了请新建一个指标。",
    "“{name}” is scored by a published rulebook, so {fields} can no longer change.",
    "Add a definition version, or make a new indicator.",
)
SCORED_NOW = declare(
    "indicator-scored-now",
    "“{name}”还在考核办法“{rulebook}”中计分，不能停用。",
    "请先发布不含该指标的新版本。",
    "“{name}” is still scored by “{rulebook}” and cannot be retired.",
    "Publish a version without it first.",
)
BEFORE_LAST = declare(
    "definition-before-last",
    "新口径的生效期间（{effective}）不晚于上一版（{last}）。",
    "请填上一版之后的期间；已生效的口径不改写。",
    "the new definition begins in {effective}, not after the last one ({last}).",
    "Name a later period; what was in force is not rewritten.",
)
PLACE_BEYOND = declare(
    "outer-place-beyond",
    "位次第{at}名超出参与排名的{of}个。",
    "请核对两个数。",
    "place {at} is beyond the {of} ranked.",
    "Check the two numbers.",
)


def create_indicator(
    *,
    campaign: Campaign,
    code: str,
    values: Mapping[str, Any],
    definition: str,
    by: User,
    effective: str = "",
    basis: str = "",
) -> Indicator:
    """Add an indicator with its first definition. Errors: Refused where the code is taken."""
    require(by, "indicators.manage", campaign=campaign)
    known = Indicator.objects.filter(code=code).first()
    if known is not None:
        raise refuse(CODE_TAKEN, taken=code, name=known.name)
    if effective:
        effective = period_in(campaign, effective).start.isoformat()
    with writing(by) as ledger:
        chosen = {k: v for k, v in values.items() if k in (*MEASURED, *PLAIN)}
        row = Indicator.objects.create(code=code, **chosen)
        Definition.objects.create(
            indicator=row, version=1, text=definition, effective=effective, basis=basis,
            recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "indicator.created", f"indicator/{code}", campaign=campaign.code,
            definition=definition, **_plain(chosen),
        )  # fmt: skip
    return row


def change_indicator(
    *, indicator: Indicator, campaign: Campaign, values: Mapping[str, Any], by: User
) -> list[str]:
    """Change what is said about an indicator; returns the names of the fields that changed.

    Errors: Refused where a published rulebook scores it and how it is measured would change.
    """
    require(by, "indicators.manage", campaign=campaign)
    changed = [k for k in (*MEASURED, *PLAIN) if k in values and values[k] != getattr(indicator, k)]
    fixed = [k for k in changed if k in MEASURED]
    if fixed and _published_with(indicator):
        fields = "、".join(str(indicator_field(k).verbose_name) for k in fixed)
        raise refuse(IN_USE, name=indicator.name, fields=fields)
    if not changed:
        return []
    with writing(by) as ledger:
        before = {k: getattr(indicator, k) for k in changed}
        for key in changed:
            setattr(indicator, key, values[key])
        indicator.save(update_fields=changed)
        ledger.record(
            "indicator.changed", f"indicator/{indicator.code}", campaign=campaign.code,
            before=_plain(before), after=_plain({k: values[k] for k in changed}),
        )  # fmt: skip
    return changed


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the ledger's JSON holds them: units by code."""
    return {k: v.code if isinstance(v, Unit) else v for k, v in values.items()}


def _published_with(indicator: Indicator) -> list[Rulebook]:
    """The published rulebooks that score an indicator."""
    rows = Rulebook.objects.exclude(state=Rulebook.State.DRAFT)
    return [
        row
        for row in rows
        if (book := parsed(row.text)[0]) is not None
        and any(leaf.indicator == indicator.code for _, leaf in book.leaves())
    ]


def add_definition(
    *,
    indicator: Indicator,
    campaign: Campaign,
    text: str,
    effective: str,
    reason: str,
    by: User,
    basis: str = "",
    comparable: bool = True,
) -> Definition:
    """A new version of what the figure means, from a period on; earlier versions stay.

    Errors: Refused for an unknown period, or one not after the last version's.
    """
    require(by, "indicators.manage", campaign=campaign)
    start = period_in(campaign, effective).start.isoformat()
    last = indicator.definitions.last()
    if last is not None and last.effective and last.effective >= start:
        raise refuse(BEFORE_LAST, effective=effective, last=last.effective)
    with writing(by) as ledger:
        row = Definition.objects.create(
            indicator=indicator, version=last.version + 1 if last else 1, effective=start,
            text=text, basis=basis, comparable=comparable, reason=reason, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "definition.added", f"indicator/{indicator.code}", campaign=campaign.code,
            version=row.version, effective=start, text=text, basis=basis, comparable=comparable,
            reason=reason,
        )  # fmt: skip
    return row


def retire_indicator(*, indicator: Indicator, campaign: Campaign, reason: str, by: User) -> None:
    """Take an indicator out of use: it is no longer asked for; its figures and marks stay.

    Errors: Refused while the latest published version of a scheme still scores it.
    """
    require(by, "indicators.manage", campaign=campaign)
    for row in _published_with(indicator):
        later = Rulebook.objects.filter(
            campaign=row.campaign_id, name=row.name, version__gt=row.version
        )
        if (
            row.campaign.state != Campaign.State.CLOSED
            and not later.exclude(state=Rulebook.State.DRAFT).exists()
        ):
            raise refuse(SCORED_NOW, name=indicator.name, rulebook=str(row))
    _set_retired(indicator, campaign, True, reason, by)


def restore_indicator(*, indicator: Indicator, campaign: Campaign, reason: str, by: User) -> None:
    """Take a retired indicator into use again."""
    require(by, "indicators.manage", campaign=campaign)
    _set_retired(indicator, campaign, False, reason, by)


def _set_retired(
    indicator: Indicator, campaign: Campaign, retired: bool, reason: str, by: User
) -> None:
    with writing(by) as ledger:
        indicator.retired = retired
        indicator.save(update_fields=["retired"])
        event = "indicator.retired" if retired else "indicator.restored"
        ledger.record(event, f"indicator/{indicator.code}", campaign=campaign.code, reason=reason)


def add_check_rule(
    *, indicator: Indicator, campaign: Campaign, values: Mapping[str, Any], by: User
) -> CheckRule:
    """Add a rule that figures are checked against as they are typed."""
    require(by, "indicators.manage", campaign=campaign)
    with writing(by) as ledger:
        limit = Decimal(str(values["limit"]))
        row = CheckRule.objects.create(indicator=indicator, **{**values, "limit": limit})
        ledger.record(
            "check-rule.added", f"indicator/{indicator.code}", campaign=campaign.code,
            kind=row.kind, limit=canonical(limit), severity=row.severity,
        )  # fmt: skip
    return row


def remove_check_rule(*, rule: CheckRule, campaign: Campaign, by: User) -> None:
    """Take a check rule away; figures that were checked by it stay as they are."""
    require(by, "indicators.manage", campaign=campaign)
    with writing(by) as ledger:
        ledger.record(
            "check-rule.removed", f"indicator/{rule.indicator.code}", campaign=campaign.code,
            kind=rule.kind, limit=canonical(rule.limit), severity=rule.severity,
        )  # fmt: skip
        rule.delete()


def assign_indicator(
    *,
    indicator: Indicator,
    campaign: Campaign,
    tracks: Iterable[Track],
    units: Mapping[Unit, str],
    by: User,
) -> None:
    """Who has an indicator in a campaign: tracks, and units with their own points ("" for none).

    Nothing at all leaves it to whoever the rulebook gives weight.
    """
    require(by, "indicators.manage", campaign=campaign)
    tracks = list(tracks)
    with writing(by) as ledger:
        Assignment.objects.filter(campaign=campaign, indicator=indicator).delete()
        rows = [Assignment(campaign=campaign, indicator=indicator, track=t) for t in tracks]
        rows += [
            Assignment(campaign=campaign, indicator=indicator, unit=u, weight=w)
            for u, w in units.items()
        ]
        Assignment.objects.bulk_create(rows)
        ledger.record(
            "indicator.assigned", f"indicator/{indicator.code}", campaign=campaign.code,
            tracks=[t.name for t in tracks], units={u.code: w for u, w in units.items()},
        )  # fmt: skip


def add_note(
    *,
    campaign: Campaign,
    kind: str,
    on: date,
    party: str,
    title: str,
    by: User,
    indicator: Indicator | None = None,
    number: str = "",
    text: str = "",
) -> Note:
    """Keep a policy from above, or a contact with the data owner, beside an indicator.

    Without an indicator it concerns the whole campaign. Who was spoken with and what was said is
    personal: it stands beside the chain.
    """
    action, noun, subject = _noted(indicator, campaign)
    require(by, action, campaign=campaign, indicator=indicator)
    with writing(by) as ledger:
        row = Note.objects.create(
            indicator=indicator, campaign=None if indicator else campaign, kind=kind, on=on,
            party=party, title=title, number=number, text=text, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            f"{noun}.noted", subject, campaign=campaign.code,
            kind=kind, on=on.isoformat(), number=number, personal=f"{party}　{title}　{text}",
        )  # fmt: skip
    return row


def withdraw_note(*, note: Note, campaign: Campaign, by: User) -> None:
    """Take a note off the page; the ledger keeps that it was there."""
    action, noun, subject = _noted(note.indicator, campaign)
    require(by, action, campaign=note.campaign or campaign, indicator=note.indicator)
    with writing(by) as ledger:
        note.withdrawn_at = now()
        note.save(update_fields=["withdrawn_at"])
        ledger.record(f"{noun}.note-withdrawn", subject, campaign=campaign.code, note=note.pk)


def _noted(indicator: Indicator | None, campaign: Campaign) -> tuple[str, str, str]:
    """What a note needs to be allowed, what it is a note on, and that one's name in the ledger."""
    if indicator is None:
        return "campaign.note", "campaign", campaign.code
    return "indicators.note", "indicator", f"indicator/{indicator.code}"


def record_outer_rank(
    *,
    indicator: Indicator,
    campaign: Campaign,
    period: str,
    contest: str,
    place: int,
    of: int,
    source: str,
    by: User,
    note: str = "",
) -> OuterRank:
    """Our place in a ranking of the level above; a correction is one more row.

    Errors: Refused for an unknown period or a place beyond the number ranked.
    """
    require(by, "indicators.note", campaign=campaign, indicator=indicator)
    if not 1 <= place <= of:
        raise refuse(PLACE_BEYOND, at=place, of=of)
    text = period_in(campaign, period).text
    with writing(by) as ledger:
        row = OuterRank.objects.create(
            indicator=indicator, period=text, contest=contest, place=place, of=of, source=source,
            note=note, recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "outer-rank.recorded", f"{indicator.code}/{text}", campaign=campaign.code,
            contest=contest, place=place, of=of, source=source, note=note,
        )  # fmt: skip
    return row


def import_library(
    *, campaign: Campaign, rows: Iterable[Mapping[str, Any]], by: User
) -> tuple[int, int]:
    """Create and change indicators as a checked workbook says; returns (created, changed).

    All or nothing: one refusal leaves the library as it was.
    """
    require(by, "indicators.manage", campaign=campaign)
    created = changed = 0
    with writing(by) as ledger:
        for row in rows:
            values, definition = dict(row), row.get("definition") or {}
            values.pop("definition", None)
            known = Indicator.objects.filter(code=values["code"]).first()
            created += known is None
            changed += _imported(campaign, known, values, definition, by)
        ledger.record(
            "library.imported", "indicators", campaign=campaign.code, created=created,
            changed=changed,
        )  # fmt: skip
    return created, changed


def _imported(
    campaign: Campaign,
    known: Indicator | None,
    values: dict[str, Any],
    definition: Mapping[str, Any],
    by: User,
) -> bool:
    """One row of a workbook; whether it changed an indicator that was there."""
    code = values.pop("code")
    if known is None:
        create_indicator(
            campaign=campaign, code=code, values=values, definition=definition.get("text", ""),
            effective=definition.get("effective", ""), basis=definition.get("basis", ""), by=by,
        )  # fmt: skip
        return False
    return bool(change_indicator(indicator=known, campaign=campaign, values=values, by=by))
