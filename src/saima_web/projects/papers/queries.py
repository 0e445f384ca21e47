"""Which papers run out or have, and whose to-do they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.people.models import User
from saima_web.people.permissions import may, on_all_units, units_for
from saima_web.projects.models import PaperNotice, ProjectPaper

Stage = PaperNotice.Stage
SOON, NEAR = timedelta(days=30), timedelta(days=7)
"""How long before its last day a paper is named, and how long before it is urgent."""


def marked(rows: QuerySet[ProjectPaper], day: date) -> QuerySet[Any]:
    """Papers with `renewed` (one of its kind and name runs longer) and `presses`.

    What presses runs out within SOON or has run out, was neither renewed nor let go, and its
    project is not finished.
    """
    longer = ProjectPaper.objects.filter(
        project=OuterRef("project"), kind=OuterRef("kind"), name=OuterRef("name"),
        expires__gt=OuterRef("expires"),
    )  # fmt: skip
    due = Q(expires__lte=day + SOON, settled_on=None, project__finished_on=None, renewed=False)
    presses = ExpressionWrapper(due, output_field=BooleanField())
    return rows.annotate(renewed=Exists(longer)).annotate(presses=presses)


def pressing(campaign: Campaign, day: date) -> QuerySet[ProjectPaper]:
    """What presses in a campaign, the earliest first."""
    rows = ProjectPaper.objects.filter(project__campaign=campaign)
    found = marked(rows, day).filter(presses=True).order_by("expires", "pk")
    return found.select_related("project__unit", "project__campaign")


def stage_of(paper: ProjectPaper, day: date) -> Stage | None:
    """How near a paper's end is; its last day still counts. None while it is far."""
    if paper.expires is None or paper.expires > day + SOON:
        return None
    if paper.expires < day:
        return Stage.ENDED
    return Stage.NEAR if paper.expires <= day + NEAR else Stage.SOON


def days_words(paper: ProjectPaper, day: date) -> str:
    """还有17天到期, 今天到期, 过期3天."""
    left = (paper.expires - day).days if paper.expires else 0
    if left == 0:
        return _("今天到期")
    ahead = ngettext("还有%(n)s天到期", "还有%(n)s天到期", abs(left))
    over = ngettext("过期%(n)s天", "过期%(n)s天", abs(left))
    return (ahead if left > 0 else over) % {"n": abs(left)}


def address_of(paper: ProjectPaper) -> str:
    """Where a paper stands on the page of its project."""
    project = paper.project
    return reverse("projects:one", args=[project.campaign.code, project.pk]) + "#papers"


def my_papers(by: User, campaign: Campaign) -> list[Waiting]:
    """A unit's own papers one by one; who answers for all projects gets one line of those ended."""
    if campaign.state != Campaign.State.RUNNING or not may(
        by, "projects.report", campaign=campaign
    ):
        return []
    rows, day = pressing(campaign, today()), today()
    if on_all_units(by, "projects.report", campaign):
        return list(_ended(campaign, rows.filter(expires__lt=day).count()))
    own = rows.filter(project__unit__in=units_for(by, "projects.report", campaign))
    return [_of_paper(row, day) for row in own]


def _ended(campaign: Campaign, number: int) -> Iterator[Waiting]:
    if number:
        words = ngettext(
            "%(n)s份项目材料已过有效期", "%(n)s份项目材料已过有效期", number
        ) % {"n": number}  # fmt: skip
        yield Waiting(words, reverse("projects:list", args=[campaign.code]) + "?box=expiring")


def _of_paper(row: ProjectPaper, day: date) -> Waiting:
    words = {"paper": row.name, "project": row.project.name, "when": days_words(row, day)}
    title = _("%(project)s的“%(paper)s”%(when)s") % words
    return Waiting(title, address_of(row), end_of(row.expires or day), str(row.project.unit))
