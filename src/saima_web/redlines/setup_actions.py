"""Setting up red lines: their domains, and the vetoes that a campaign allows."""

from __future__ import annotations

from django.db.models import Max

from saima.problems import refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.redlines import refusals
from saima_web.redlines.models import AllowedVeto, Domain
from saima_web.redlines.refusals import basis_of, said

USUAL = ("安全生产", "党风廉政", "信访维稳", "生态环保")
"""Domains that notices name; a campaign may have others."""


def add_domain(*, campaign: Campaign, name: str, by: User) -> Domain:
    """A domain in which one failure undoes the rest."""
    with writing(by) as ledger:
        require(by, "redlines.manage", campaign=campaign)
        name = said(name, "领域名称")[:30]
        if campaign.domains.filter(name=name).exists():
            raise refuse(refusals.DOMAIN_THERE, name=name)
        last: int = campaign.domains.aggregate(last=Max("order"))["last"] or 0
        made = Domain.objects.create(campaign=campaign, name=name, order=last + 1)
        ledger.record(
            "domain.added", f"domain/{campaign.code}/{made.pk}", campaign=campaign.code, name=name
        )
    return made


def add_usual_domains(*, campaign: Campaign, by: User) -> list[Domain]:
    """The usual four, those left out that are there."""
    there = set(campaign.domains.values_list("name", flat=True))
    with writing(by):
        return [add_domain(campaign=campaign, name=n, by=by) for n in USUAL if n not in there]


def allow_veto(
    *, campaign: Campaign, domain: Domain, name: str, effect: str, basis: str, by: User
) -> AllowedVeto:
    """List what may follow from an incident. Errors: Refused without a basis document."""
    with writing(by) as ledger:
        require(by, "redlines.manage", campaign=campaign)
        name = said(name, "情形")
        basis = basis_of(basis, name)
        if campaign.allowed_vetoes.filter(name=name, effect=effect, retired_at=None).exists():
            raise refuse(refusals.DOMAIN_THERE, name=name)
        made = AllowedVeto.objects.create(
            campaign=campaign, domain=domain, name=name, effect=effect, basis=basis
        )
        ledger.record(
            "veto.allowed", f"veto/{campaign.code}/{made.pk}", campaign=campaign.code, name=name,
            effect=effect, basis=basis, domain=domain.name,
        )  # fmt: skip
    return made


def retire_veto(*, veto: AllowedVeto, by: User) -> AllowedVeto:
    """Take a veto off the list; incidents that it was used for stay."""
    with writing(by) as ledger:
        require(by, "redlines.manage", campaign=veto.campaign)
        if veto.retired_at is None:
            veto.retired_at = now()
            veto.save()
            code = veto.campaign.code
            ledger.record("veto.retired", f"veto/{code}/{veto.pk}", campaign=code, name=veto.name)
    return veto
