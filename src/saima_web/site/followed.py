"""What a project's page shows of tasks, problems and cards."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.cards.queries import cards_for
from saima_web.followup.queries import standings, tasks_for
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.projects.followed import Followed
from saima_web.projects.models import Project
from saima_web.supervision.naming import named_by
from saima_web.supervision.queries import is_late, problems_for


def tasks(by: User, project: Project) -> Iterator[Followed]:
    """Tasks that name the project as what supports them."""
    campaign = project.campaign
    for stand in standings(tasks_for(by, campaign).filter(project=project)):
        row = stand.task
        yield Followed(
            _("任务"), row.title, reverse("followup:task", args=[campaign.code, row.number]),
            row.get_state_display(), row.deadline if stand.open else None,
            stand.open and stand.late > 0,
        )  # fmt: skip


def problems(by: User, project: Project) -> Iterator[Followed]:
    """Problems that were raised about it, and those of its unit that name it in words."""
    campaign = project.campaign
    if not may(by, "problems.see", campaign=campaign):
        return
    siblings = list(campaign.projects.filter(unit=project.unit))
    rows = problems_for(by, campaign).filter(
        Q(project=project) | Q(project=None, unit=project.unit)
    )
    for row in named_by(rows, siblings).get(project.pk, []):
        yield Followed(
            _("难题"), row.title, reverse("supervision:problem", args=[campaign.code, row.pk]),
            row.get_state_display(), row.due_on, is_late(row),
        )  # fmt: skip


def cards(by: User, project: Project) -> Iterator[Followed]:
    """Cards on the project and on its milestones."""
    campaign, day = project.campaign, today()
    own = Q(subject=f"project/{project.pk}") | Q(subject__startswith=f"milestone/{project.pk}/")
    for row in cards_for(by, campaign).filter(own):
        yield Followed(
            row.title, row.name, reverse("cards:card", args=[campaign.code, row.pk]),
            row.get_state_display(), row.due if row.awaits_answer else None, row.late(day),
        )  # fmt: skip
