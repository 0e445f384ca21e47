"""A rulebook in which an accident takes the whole score, and the list that allows it."""

from __future__ import annotations

from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed
from saima_web.redlines.models import AllowedVeto
from saima_web.redlines.setup_actions import add_domain, allow_veto
from tests.web.cast import RULEBOOK, House

NAME = "生产安全责任事故"
RULES = RULEBOOK.replace(
    "tiers:",
    f"  - {{kind: veto, name: {NAME}, effect: score-zero, lasts: 12 months, clause: 第六条,"
    " basis: 示例〔2026〕5号}\ntiers:",
)


def forbid_score(house: House) -> None:
    """Put the veto into the published rulebook, as though it had always been there."""
    book, problems = parsed(RULES)
    assert book is not None, problems
    Rulebook.objects.filter(campaign=house.campaign).update(text=RULES, digest=book.digest)


def allow(house: House) -> AllowedVeto:
    """The campaign allows that veto."""
    domain = house.campaign.domains.filter(name="安全生产").first()
    if domain is None:
        domain = add_domain(campaign=house.campaign, name="安全生产", by=house.office)
    return allow_veto(
        campaign=house.campaign, domain=domain, name=NAME, effect="veto",
        basis="示例〔2026〕5号", by=house.office,
    )  # fmt: skip
