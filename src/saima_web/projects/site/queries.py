"""Reads about projects' sites: risks, inspections, files; what is open, late or answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.projects.models import Project, ProjectFile, ProjectRisk, SiteInspection
from saima_web.projects.queries import projects_for
from saima_web.projects.site.actions import takes_photos

State, Kind = ProjectRisk.State, ProjectFile.Kind


def risks_for(by: User, campaign: Campaign) -> QuerySet[ProjectRisk]:
    """Risks of the projects that somebody sees."""
    rows = ProjectRisk.objects.filter(project__in=projects_for(by, campaign))
    return rows.select_related("project__unit", "project__campaign")


def inspections_for(by: User, campaign: Campaign) -> QuerySet[SiteInspection]:
    """Site inspections of the projects that somebody sees."""
    rows = SiteInspection.objects.filter(project__in=projects_for(by, campaign))
    return rows.select_related("project__unit", "project__campaign", "answered_by")


def files_for(by: User, campaign: Campaign) -> QuerySet[ProjectFile]:
    """Contingency plans and photographs of the projects that somebody sees."""
    rows = ProjectFile.objects.filter(project__in=projects_for(by, campaign))
    return rows.select_related("project__unit", "project__campaign")


@dataclass(frozen=True)
class Visit:
    """A site inspection as it stands today."""

    row: SiteInspection
    late: int
    waiting: bool

    @property
    def asked(self) -> bool:
        return bool(self.row.required)

    @property
    def state(self) -> str:
        """Whether the unit has answered, in words."""
        if not self.row.required:
            return _("无须答复")
        if not self.waiting:
            return _("已答复")
        return _("逾期%(n)s天") % {"n": self.late} if self.late else _("待答复")


def visit_of(row: SiteInspection, day: date) -> Visit:
    """The inspection with what is still to come of it; late counts days past its deadline."""
    waiting = bool(row.required) and row.answered_on is None
    late = (day - row.answer_by).days if waiting and row.answer_by else 0
    return Visit(row, max(late, 0), waiting)


@dataclass(frozen=True)
class RiskLine:
    """A risk, with what the cells of its level and state are drawn from."""

    row: ProjectRisk

    @property
    def grade(self) -> str:
        return self.row.level

    @property
    def stands(self) -> str:
        return self.row.state


@dataclass(frozen=True)
class Site:
    """What the page of a project shows of its site, and what a user may write there."""

    risks: list[RiskLine]
    visits: list[Visit]
    plans: list[ProjectFile]
    photos: list[ProjectFile]
    takes_photos: bool
    inspects: bool
    day: date

    @property
    def open_risks(self) -> int:
        return sum(risk.stands != State.CLOSED for risk in self.risks)

    @property
    def waiting(self) -> int:
        return sum(visit.waiting for visit in self.visits)


def site_of(by: User, project: Project) -> Site:
    """Everything about one project's site, in four queries."""
    files, day = list(project.files.all()), today()
    visits = project.inspections.select_related("answered_by")
    return Site(
        risks=sorted(map(RiskLine, project.risks.all()), key=lambda r: r.stands == State.CLOSED),
        visits=[visit_of(row, day) for row in visits],
        plans=[f for f in files if f.kind == Kind.CONTINGENCY],
        photos=[f for f in files if f.kind == Kind.PHOTO],
        takes_photos=takes_photos(project.campaign),
        inspects=may(by, "projects.inspect", campaign=project.campaign, unit=project.unit),
        day=day,
    )
