"""Reads of key projects: who sees which, how each stands, what is due, what the papers lack."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saima.projects.model import IN_STATISTICS_FROM
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may, units_for
from saima_web.projects.models import (
    GatePassage,
    Milestone,
    Project,
    ProjectPaper,
    ProjectReport,
)
from saima_web.projects.money import Money, money_of, month_in_question, together
from saima_web.projects.papers.queries import marked
from saima_web.projects.timing import Timing, timing_of

Kind = ProjectPaper.Kind
BANDS = (Decimal(100_000), Decimal(50_000), Decimal(10_000))
"""万元 from which a project counts to a band: 10, 5 and 1 亿元."""
PHOTOS_NEEDED = 2
BEHIND = -5.0
"""Points from which the list's box counts a project as behind: a view, not a rule."""


def projects_for(by: User, campaign: Campaign) -> QuerySet[Project]:
    """The projects that a user may see, those that their unit supports among them."""
    units = units_for(by, "projects.see", campaign)
    rows = campaign.projects.select_related("unit", "indicator")
    own = rows.filter(unit__in=units)
    return (own | rows.filter(supporting__in=units)).distinct()


def band(total: Decimal | None) -> str:
    """The size band of a total investment in 万元."""
    if total is None:
        return ""
    names = (_("10亿元以上"), _("5至10亿元"), _("1至5亿元"))
    return next((n for floor, n in zip(BANDS, names) if total >= floor), _("1亿元以下"))


@dataclass(frozen=True)
class Standing:
    """A project as lists show it."""

    project: Project
    money: Money
    report: ProjectReport | None
    milestones: tuple[Milestone, ...]
    passages: tuple[GatePassage, ...]
    papers: tuple[ProjectPaper, ...]
    day: date

    @property
    def overdue(self) -> list[Milestone]:
        """Milestones whose planned day has passed."""
        waiting = (m for m in self.milestones if m.actual_finish is None)
        return [m for m in waiting if m.planned_finish < self.day]

    @property
    def next(self) -> Milestone | None:
        waiting = (m for m in self.milestones if m.actual_finish is None)
        return min(waiting, key=lambda m: (m.planned_finish, m.number), default=None)

    @property
    def stage(self) -> GatePassage | None:
        """The gate that was passed last."""
        done = [p for p in self.passages if p.done_on]
        return done[-1] if done else None

    @property
    def stuck_at(self) -> GatePassage | None:
        """The first gate that should have been passed."""
        late = (p for p in self.passages if p.done_on is None and p.due and p.due < self.day)
        return next(late, None)

    @property
    def should_have_started(self) -> bool:
        due = self.project.start_due
        return due is not None and due <= self.day

    @property
    def not_started(self) -> bool:
        """应开未开."""
        return self.should_have_started and self.project.started_on is None

    @property
    def due_in_statistics(self) -> bool:
        """应统: started, and not too small; a total that is not known does not excuse."""
        total = self.project.total
        small = total is not None and total < IN_STATISTICS_FROM
        return self.project.started_on is not None and not small

    @property
    def not_included(self) -> bool:
        """应统未统: due, and not in the statistics."""
        return self.due_in_statistics and self.project.included_on is None

    @property
    def lacking(self) -> list[str]:
        """What the evidence lacks of a project that is due in the statistics, or in them already."""
        asked = self.due_in_statistics or self.project.included_on is not None
        return lacking_evidence(self.project, self.papers) if asked else []

    @property
    def problem(self) -> str:
        return self.report.problem if self.report else ""

    @property
    def expiring(self) -> list[ProjectPaper]:
        """Papers that ran out or soon will, of a project that is not finished."""
        return [p for p in self.papers if getattr(p, "presses", False)]


def standings(projects: list[Project], month: str, day: date) -> list[Standing]:
    """How projects stand, in a fixed number of queries."""
    ids = [p.pk for p in projects]
    money = money_of(projects, month)
    reports: dict[int, ProjectReport] = {}
    for report in ProjectReport.objects.filter(project__in=ids).order_by("pk"):
        reports[report.project_id] = report
    milestones, passages, papers = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in Milestone.objects.filter(project__in=ids):
        milestones[row.project_id].append(row)
    for passage in GatePassage.objects.filter(project__in=ids).select_related("gate"):
        passages[passage.project_id].append(passage)
    for paper in marked(ProjectPaper.objects.filter(project__in=ids), day):
        papers[paper.project_id].append(paper)
    return [
        Standing(
            p, money[p.pk], reports.get(p.pk), tuple(milestones[p.pk]), tuple(passages[p.pk]),
            tuple(papers[p.pk]), day,
        )
        for p in projects
    ]  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """All projects that somebody sees: lines, their sum, what should have happened by now."""

    month: str
    lines: list[Standing]
    whole: Money

    @property
    def due_to_start(self) -> int:
        return sum(line.should_have_started for line in self.lines)

    @property
    def started(self) -> int:
        """Of those due, how many have started (应开尽开)."""
        return sum(line.should_have_started and not line.not_started for line in self.lines)

    @property
    def due_in_statistics(self) -> int:
        return sum(line.due_in_statistics for line in self.lines)

    @property
    def in_statistics(self) -> int:
        """Of those due, how many are in the statistics (应统尽统)."""
        return sum(line.due_in_statistics and not line.not_included for line in self.lines)

    @property
    def overdue(self) -> int:
        """Projects with a milestone that is overdue."""
        return sum(bool(line.overdue) for line in self.lines)

    @property
    def behind(self) -> int:
        return sum(is_behind(line.money.gap) for line in self.lines)


def is_behind(gap: float | None) -> bool:
    return gap is not None and gap <= BEHIND


def overview(by: User, campaign: Campaign, month: str = "") -> Overview:
    """The projects that a user sees, with their money up to a month."""
    return overview_of(list(projects_for(by, campaign)), campaign, month)


def overview_of(projects: list[Project], campaign: Campaign, month: str = "") -> Overview:
    """Some projects, with their money up to a month."""
    day = today()
    month = month or month_in_question(campaign, day)
    lines = standings(projects, month, day)
    return Overview(month, lines, together((line.money for line in lines), month))


def standing_of(project: Project) -> Standing:
    """How one project stands."""
    day = today()
    return standings([project], month_in_question(project.campaign, day), day)[0]


def timing(line: Standing) -> Timing:
    """The milestones of a project, calculated."""
    return timing_of(line.project, list(line.milestones), line.day)


def lacking_evidence(
    project: Project, papers: list[ProjectPaper] | tuple[ProjectPaper, ...]
) -> list[str]:
    """What is missing or does not fit before a project may enter the statistics (入库纳统)."""
    by_kind: dict[str, list[ProjectPaper]] = defaultdict(list)
    for paper in papers:
        by_kind[paper.kind].append(paper)
    found = []
    if not by_kind[Kind.LICENCE]:
        found.append(_("缺营业执照"))
    if not by_kind[Kind.APPROVAL]:
        found.append(_("缺立项批复"))
    if not by_kind[Kind.CONTRACT] and len(by_kind[Kind.PHOTO]) < PHOTOS_NEEDED:
        found.append(_("缺施工合同（或两张现场照片）"))
    return found + _contradictions(project, by_kind)


def _contradictions(project: Project, by_kind: dict[str, list[ProjectPaper]]) -> list[str]:
    found = []
    approvals, contracts = by_kind[Kind.APPROVAL], by_kind[Kind.CONTRACT]
    holders = {p.holder for p in (*approvals, *contracts) if p.holder}
    if len(holders) > 1:
        found.append(_("批文单位与合同甲方不一致：%(who)s") % {"who": "、".join(sorted(holders))})
    if approvals and contracts and contracts[0].on < approvals[0].on:
        found.append(_("施工合同早于立项批复"))
    amounts = {p.amount for p in approvals if p.amount is not None}
    if amounts and project.total is not None and project.total not in amounts:
        found.append(_("批复的总投资与项目总投资不一致"))
    return found


def reportable(by: User, campaign: Campaign, unit: Unit) -> bool:
    """Whether a user may report on a project of this unit."""
    return may(by, "projects.report", campaign=campaign, unit=unit)
