"""Whose raw figures of an indicator a person may see; published marks are everybody's."""

from __future__ import annotations

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import RULES, below, owns, posts_of


def open_units(by: User, campaign: Campaign, indicator: Indicator) -> set[str]:
    """The codes of the units whose figures of an indicator are open to a person."""
    reaches = RULES["figures.see"].reach
    ids: set[int] = set()
    for post in posts_of(by):
        if post.role not in reaches or post.campaign_id not in (None, campaign.pk):
            continue
        reach = reaches[post.role]
        if reach == "all" or (reach == "owned" and owns(post, indicator)):
            return set(Unit.objects.values_list("code", flat=True))
        if reach == "unit" and post.unit_id is not None:
            ids |= below(post.unit_id)
    return set(Unit.objects.filter(pk__in=ids).values_list("code", flat=True))
