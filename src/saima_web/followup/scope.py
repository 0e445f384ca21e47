"""Whose a task is: who sees it, who handles it. Lists, counts, exports and actions all ask here."""

from __future__ import annotations

from django.db.models import Q

from saima.problems import refuse
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.people.models import Post, Role, User
from saima_web.people.permissions import NOT_ALLOWED, RULES, below, posts_of


def scope(by: User, action: str, campaign: Campaign) -> Q:
    """A filter on tasks: those on which a user may do an action.

    Units: their own tasks, and to see, those that they support. A lead office: the fronts of its
    post, and what its unit assigned. The project office: what has a supporting project, and what
    it began itself.
    """
    rule, allowed = RULES[action], Q(pk__in=[])
    for post in posts_of(by):
        if post.role not in rule.reach or post.campaign_id not in (None, campaign.pk):
            continue
        if rule.reach[post.role] == "all":
            return Q()
        allowed |= _part(post, action)
    return allowed


def _part(post: Post, action: str) -> Q:
    if RULES[action].reach[post.role] == "unit":
        return _of_units(post, action)
    if post.role == Role.PROJECT_OFFICE:
        return ~Q(supporting_project="") | Q(initiated_by=post.user_id)
    own = Q(front__in=post.categories) | Q(initiated_by=post.user_id)
    return own | Q(assigning_unit=post.unit_id) if post.unit_id else own


def _of_units(post: Post, action: str) -> Q:
    if post.unit_id is None:
        return Q(pk__in=[])
    units = below(post.unit_id)
    own = Q(responsible_unit__in=units)
    if action != "tasks.see":
        return own
    supported = Task.supporting_units.through.objects.filter(unit_id__in=units)
    return (own | Q(pk__in=supported.values("task_id"))) & ~Q(state="initiated")


def may_on(by: User, action: str, task: Task) -> bool:
    """Whether a user may do an action on one task."""
    found = scope(by, action, task.campaign)
    return not found or Task.objects.filter(found, pk=task.pk).exists()


def require_on(by: User, action: str, task: Task) -> None:
    """Refuse what `may_on` does not allow. Errors: Refused `not-allowed`."""
    if not (by.is_active and may_on(by, action, task)):
        raise refuse(NOT_ALLOWED, action=RULES[action].title)
