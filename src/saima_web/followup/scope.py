"""Whose a task is: who sees it, who handles it. Lists, counts, exports and actions all ask here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from saima.problems import refuse
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.people.models import Post, Role, User
from saima_web.people.permissions import NOT_ALLOWED, RULES, below, posts_of


@dataclass(frozen=True)
class Part:
    """The tasks that one post opens, as a filter (`q`) and for one task (`covers`).

    units: their own tasks once these are assigned; supports: also those that they support. Beside
    units: what `initiator` began, what `assigner` assigned, the `fronts`, what names a project.
    """

    units: frozenset[int] = frozenset()
    supports: bool = False
    initiator: int | None = None
    assigner: int | None = None
    fronts: tuple[str, ...] = ()
    projects: bool = False

    def q(self) -> Q:
        own = Q(initiated_by=self.initiator) if self.initiator else Q(pk__in=[])
        if self.assigner:
            own |= Q(assigning_unit=self.assigner)
        if self.fronts:
            own |= Q(front__in=self.fronts)
        if self.projects:
            own |= ~Q(supporting_project="")
        if not self.units:
            return own
        theirs = Q(responsible_unit__in=self.units)
        if self.supports:
            supported = Task.supporting_units.through.objects.filter(unit_id__in=self.units)
            theirs |= Q(pk__in=supported.values("task_id"))
        return own | theirs & ~Q(state="initiated")

    def covers(self, task: Task) -> bool:
        if self.units and task.state != "initiated":
            supported = self.supports and task.supporting_units.filter(pk__in=self.units).exists
            if task.responsible_unit_id in self.units or (supported and supported()):
                return True
        return (
            (self.initiator is not None and task.initiated_by_id == self.initiator)
            or (self.assigner is not None and task.assigning_unit_id == self.assigner)
            or task.front in self.fronts
            or (self.projects and task.supporting_project != "")
        )


def scope(by: User, action: str, campaign: Campaign) -> Q:
    """A filter on tasks: those on which a user may do an action.

    Units: their own tasks, and to see, those that they support. A lead office: the fronts of its
    post, and what its unit assigned. The project office: what has a supporting project, and what
    it began itself.
    """
    allowed = Q(pk__in=[])
    for part in parts_of(by, action, campaign):
        if part is None:
            return Q()
        allowed |= part.q()
    return allowed


def parts_of(by: User, action: str, campaign: Campaign) -> list[Part | None]:
    """What a user's posts open, None for everything; found once per user object (a request)."""
    known: dict[tuple[str, int], list[Part | None]] = by.__dict__.setdefault("_task_parts", {})
    key = (action, campaign.pk)
    if key not in known:
        known[key] = list(_parts(by, action, campaign))
    return known[key]


def _parts(by: User, action: str, campaign: Campaign) -> Iterator[Part | None]:
    reach = RULES[action].reach
    for post in posts_of(by):
        if post.role in reach and post.campaign_id in (None, campaign.pk):
            yield None if reach[post.role] == "all" else _part(post, action)


def _part(post: Post, action: str) -> Part:
    if RULES[action].reach[post.role] == "unit":
        units = below(post.unit_id) if post.unit_id else set()
        return Part(units=frozenset(units), supports=action == "tasks.see")
    if post.role == Role.PROJECT_OFFICE:
        return Part(initiator=post.user_id, projects=True)
    fronts = tuple(post.categories)
    return Part(initiator=post.user_id, assigner=post.unit_id, fronts=fronts)


def may_on(by: User, action: str, task: Task) -> bool:
    """Whether a user may do an action on one task."""
    parts = parts_of(by, action, task.campaign)
    return any(part is None or part.covers(task) for part in parts)


def require_on(by: User, action: str, task: Task) -> None:
    """Refuse what `may_on` does not allow. Errors: Refused `not-allowed`."""
    if not (by.is_active and may_on(by, action, task)):
        raise refuse(NOT_ALLOWED, action=RULES[action].title)
