"""Writing card rules: a draft that is saved as often as one likes, switched on once, then kept."""

from __future__ import annotations

import hashlib
from datetime import date

from saima.cards import CardRules
from saima.cards.cases import run_cases
from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.cards import refusals
from saima_web.cards.models import CardRuleSet
from saima_web.cards.queries import parsed
from saima_web.cards.refusals import said
from saima_web.people.models import User
from saima_web.people.permissions import require

State = CardRuleSet.State


def begin_draft(*, campaign: Campaign, text: str, by: User) -> CardRuleSet:
    """The next version as a draft; one that is open already is given back."""
    with writing(by) as ledger:
        require(by, "cards.rules-edit", campaign=campaign)
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        found = campaign.card_rules.filter(state=State.DRAFT).first()
        if found is not None:
            return found
        last = campaign.card_rules.order_by("-version").first()
        made = CardRuleSet(campaign=campaign, version=last.version + 1 if last else 1)
        _fill(made, text, by)
        ledger.record(
            "card-rules.begun", _subject(made), campaign=campaign.code, digest=made.digest
        )
    return made


def save_draft(*, row: CardRuleSet, text: str, base: str, by: User) -> CardRuleSet:
    """Save the text of a draft. `base` is the digest that the page began with.

    Errors: Refused for a version that was switched on, or was saved elsewhere meanwhile.
    """
    with writing(by) as ledger:
        found = _draft(row, by)
        if base and base != found.digest:
            raise refuse(refusals.SAVED_ELSEWHERE)
        if text == found.text:
            return found
        _fill(found, text, by)
        code = found.campaign.code
        ledger.record("card-rules.saved", _subject(found), campaign=code, digest=found.digest)
    return found


def _fill(row: CardRuleSet, text: str, by: User) -> None:
    rules = parsed(text)[0]
    row.text, row.digest = text, digest_of(text)
    row.name = (rules.name if rules else row.name or "黄红牌规则")[:120]
    row.basis = (rules.basis if rules else row.basis)[:200]
    row.saved_at, row.saved_by = now(), by
    row.save()


def digest_of(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def switch_on(*, row: CardRuleSet, effective_from: date, basis: str, by: User) -> CardRuleSet:
    """Let a draft take effect from a day, by a document; it is never edited again.

    Errors: Refused for text with errors, for cases that fail, for a day before the version in
    force, without a basis.
    """
    with writing(by) as ledger:
        found = _draft(row, by)
        readable(found)
        _require_after(found, effective_from)
        found.basis = said(basis, "依据文件")[:200]
        found.effective_from, found.state = effective_from, State.PUBLISHED
        found.published_at, found.published_by = now(), by
        found.save()
        ledger.record(
            "card-rules.switched-on", _subject(found), campaign=found.campaign.code,
            digest=found.digest, effective=effective_from.isoformat(), basis=found.basis,
        )  # fmt: skip
    return found


def readable(row: CardRuleSet) -> CardRules:
    """The rules of a text without errors whose cases hold. Errors: Refused."""
    rules, problems = parsed(row.text)
    if rules is None:
        errors = sum(p.severity == "error" for p in problems)
        raise refuse(refusals.NOT_READABLE, n=errors)
    failed = run_cases(rules)
    if failed:
        raise refuse(refusals.CASES_FAIL, n=len(failed))
    return rules


def _require_after(row: CardRuleSet, day: date) -> None:
    rows = row.campaign.card_rules.filter(state=State.PUBLISHED, effective_from__gt=day)
    later = rows.order_by("-effective_from").first()
    if later is not None and later.effective_from is not None:
        other = later.effective_from.isoformat()
        raise refuse(refusals.TOO_EARLY, day=day.isoformat(), version=later.version, other=other)


def drop_draft(*, row: CardRuleSet, by: User) -> None:
    """Throw a draft away."""
    with writing(by) as ledger:
        found = _draft(row, by)
        ledger.record("card-rules.dropped", _subject(found), campaign=found.campaign.code)
        found.delete()


def _draft(row: CardRuleSet, by: User) -> CardRuleSet:
    found = CardRuleSet.objects.select_for_update().select_related("campaign").get(pk=row.pk)
    require(by, "cards.rules-edit", campaign=found.campaign)
    if found.state != State.DRAFT:
        raise refuse(refusals.NOT_A_DRAFT, version=found.version)
    return found


def _subject(row: CardRuleSet) -> str:
    return f"card-rules/{row.campaign.code}/{row.version}"
