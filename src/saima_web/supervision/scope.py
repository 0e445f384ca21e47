"""Whose a matter is: who sees it, who handles it. Lists, counts, exports and actions all ask here.

A lead office (领导小组办公室) handles the categories of its post, and what its department leads.
A unit sees and answers for what concerns itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q

from saima.problems import refuse
from saima_web.campaigns.models import Campaign
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Post, User
from saima_web.people.permissions import NOT_ALLOWED, RULES, Reach, below, posts_of
from saima_web.supervision.models import Inspected, Inspection, Problem

NOBODY = Q(pk__in=[])


def scope(by: User, action: str, campaign: Campaign, units: Sequence[str]) -> Q:
    """A filter on rows with category and lead_unit; `units` name their paths to units."""
    allowed = NOBODY
    for post, reach in _posts(by, action, campaign):
        if reach == "all":
            return Q()
        if reach == "owned":
            allowed |= Q(category__in=post.categories)
            allowed |= Q(lead_unit=post.unit_id) if post.unit_id else NOBODY
        elif post.unit_id:
            ids = below(post.unit_id)
            for path in units:
                allowed |= Q(**{f"{path}__in": ids})
    return allowed


def _posts(by: User, action: str, campaign: Campaign) -> Iterator[tuple[Post, Reach]]:
    rule = RULES[action]
    for post in posts_of(by) if by.is_active else ():
        if post.role in rule.reach and post.campaign_id in (None, campaign.pk):
            yield post, rule.reach[post.role]


def may_on(
    by: User, action: str, matter: Inspection | Problem, units: Iterable[int | None]
) -> bool:
    """Whether a user may do an action on a matter that concerns some units (by id)."""
    wanted = set(units)
    for post, reach in _posts(by, action, matter.campaign):
        if reach == "all":
            return True
        if reach == "owned" and _owns(post, matter):
            return True
        if reach == "unit" and post.unit_id and wanted & below(post.unit_id):
            return True
    return False


def _owns(post: Post, matter: Inspection | Problem) -> bool:
    if matter.category and matter.category in post.categories:
        return True
    return post.unit_id is not None and post.unit_id == matter.lead_unit_id


def require_on(by: User, action: str, matter: Inspection | Problem, *units: int | None) -> None:
    """Refuse what `may_on` does not allow. Errors: Refused `not-allowed`."""
    if not may_on(by, action, matter, units):
        raise refuse(NOT_ALLOWED, action=RULES[action].title)


def handles(by: User, part: Inspected) -> bool:
    """Whether a user conducts a unit's inspection (and so sees it before the unit does)."""
    return may_on(by, "inspections.manage", part.inspection, ())


def sees_all(by: User, matter: Inspection | Problem) -> bool:
    """Whether a user sees a matter with all its units, not only as one of them."""
    action = "inspections.see" if isinstance(matter, Inspection) else "problems.see"
    return may_on(by, action, matter, ())


def has_reach(by: User, action: str, campaign: Campaign, *reaches: str) -> bool:
    """Whether any post of a user reaches so far with an action."""
    return any(reach in reaches for _post, reach in _posts(by, action, campaign))


def own_units(by: User, action: str, campaign: Campaign) -> set[int]:
    """The units on which a user may do an action that units do."""
    found: set[int] = set()
    for post, reach in _posts(by, action, campaign):
        if reach == "unit" and post.unit_id:
            found |= below(post.unit_id)
    return found


def categories_of(campaign: Campaign) -> list[str]:
    """The categories of a campaign's indicators, in order: what matters may be filed under."""
    return list(dict.fromkeys(x.category for x in indicators_of(campaign) if x.category))
