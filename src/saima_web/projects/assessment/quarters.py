"""Units assessed by their projects in a quarter: the platform's rows as the library counts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from saima.periods import Period, containing, previous
from saima.projects import model as library
from saima.projects.assessment import Assessed, Method, assess, assess_unit
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit, User
from saima_web.people.permissions import units_for
from saima_web.projects.assessment.methods import method_of
from saima_web.projects.models import Project
from saima_web.projects.money import month_in_question
from saima_web.projects.queries import Standing, standings

CardCounts = dict[int, tuple[int, int]]
"""Project id -> yellow and red cards."""
CARDS: list[Callable[[Campaign, date, date], CardCounts]] = []
"""Who counts the cards that fell on projects from one day to another: a slice above adds itself."""


Raised = dict[int, int]
"""Project id -> problems that name it."""
PROBLEMS: list[Callable[[Campaign, Sequence[Project], date, date], Raised]] = []
"""Who counts the problems that were open from one day to another, in the same way."""


def library_projects(
    lines: Sequence[Standing], cards: CardCounts, raised: Raised | None = None
) -> list[library.Project]:
    """Projects as the library knows them; the key is the project's id."""
    known = raised or {}
    return [
        _project(line, *cards.get(line.project.pk, (0, 0)), known.get(line.project.pk, 0))
        for line in lines
    ]


def _project(line: Standing, yellow: int, red: int, raised: int) -> library.Project:
    project = line.project
    return library.Project(
        project.name, str(project.unit), project.get_category_display(), project.get_kind_display(),
        project.leader, line.money, project.start_due, project.started_on, project.finish_due,
        project.finished_on, project.included_on,
        tuple(
            library.Milestone(m.name, m.planned_finish, m.actual_finish) for m in line.milestones
        ),
        line.problem, yellow, red, raised, str(project.pk),
    )  # fmt: skip


def cards_between(campaign: Campaign, start: date, end: date) -> CardCounts:
    """The cards that fell on projects and their milestones."""
    found: CardCounts = {}
    for count in CARDS:
        for pk, (yellow, red) in count(campaign, start, end).items():
            before = found.get(pk, (0, 0))
            found[pk] = before[0] + yellow, before[1] + red
    return found


def problems_between(
    campaign: Campaign, projects: Sequence[Project], start: date, end: date
) -> Raised:
    """The problems raised to others that name projects, their milestones or their tasks."""
    found: Raised = {}
    for count in PROBLEMS:
        for pk, number in count(campaign, projects, start, end).items():
            found[pk] = found.get(pk, 0) + number
    return found


def quarters(campaign: Campaign) -> list[Period]:
    """The campaign's quarters that have begun, the latest first."""
    found = [containing("quarter", min(today(), campaign.end))]
    while found[-1].start > campaign.start:
        found.append(previous(found[-1]))
    return found


@dataclass(frozen=True)
class Quarter:
    """A quarter's assessment: every unit that somebody may see, and all of theirs as one.

    units: how many are assessed in all. month: up to which money is known.
    """

    period: Period
    month: str
    over: bool
    lines: tuple[Assessed, ...]
    whole: Assessed
    units: int
    codes: dict[str, str]
    method: Method


def quarter_of(by: User, campaign: Campaign, period: Period) -> Quarter:
    """The assessment; places are among all units, whoever looks."""
    month = min(month_in_question(campaign, today()), f"{period.end:%Y-%m}")
    rows = list(campaign.projects.select_related("unit"))
    lines = standings(rows, month, today())
    span = period.start, period.end
    raised = problems_between(campaign, rows, *span)
    projects = library_projects(lines, cards_between(campaign, *span), raised)
    method = method_of(campaign, period.text)
    found = assess(projects, period, today(), month, method)
    seen: set[int] = set(units_for(by, "projects.see", campaign).values_list("pk", flat=True))
    units = {str(row.unit): row.unit for row in rows if row.unit_id in seen}
    mine = [p for p in projects if p.unit in units]
    return Quarter(
        period, month, period.end < today(),
        tuple(line for line in found if line.unit in units),
        assess_unit("", mine, period, today(), month, method), len(found),
        {name: unit.code for name, unit in units.items()}, method,
    )  # fmt: skip


def usual_quarter(campaign: Campaign) -> Period:
    """The quarter of the last month whose money is known."""
    month = month_in_question(campaign, today())
    return containing("quarter", date(int(month[:4]), int(month[5:]), 1))


def line_of(quarter: Quarter, unit: Unit) -> Assessed | None:
    return next((x for x in quarter.lines if x.unit == str(unit)), None)
