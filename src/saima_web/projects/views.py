"""Key projects: the list, one project, the wall."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from saima.problems import Language
from saima.scheduling.words import chain_sentence, slip_sentence
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import reader, told
from saima_web.people.models import User
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects import choosing, forms, queries, tables
from saima_web.projects.gantt.odds import own_odds
from saima_web.projects.models import Project, ProjectMoney
from saima_web.projects.money import Money, Months
from saima_web.projects.papers.queries import days_words
from saima_web.projects.queries import Standing
from saima_web.projects.saved_views import saved_views
from saima_web.projects.site.panels import site_panels
from saima_web.projects.timing import Timing
from saima_web.ui.charts import Chart, Series
from saima_web.ui.downloads import XLSX, file_response

Kept = ProjectMoney.Series
XML = "application/xml"


@campaign_page("projects.see")
def projects(request: Request, campaign: Campaign) -> HttpResponse:
    """Is the money keeping pace, and what is stuck?"""
    whole, seen = _seen(request, campaign)
    shown = tables.projects_table(campaign, seen).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        **frame(request.user, campaign, "list"), **_chosen(request, campaign, whole, "projects"),
        "seen": seen, "shown": shown, "hidden": ("box", "sort", "q"),
    }  # fmt: skip
    return render(request, "projects/list.html", context)


@campaign_page("projects.see")
def wall(request: Request, campaign: Campaign) -> HttpResponse:
    """Every project as a panel: stage, money, next milestone, problem."""
    whole, seen = _seen(request, campaign)
    lines = sorted(seen.lines, key=lambda x: (not x.project.highlighted, x.money.gap or 0.0))
    context = {
        **frame(request.user, campaign, "wall"), **_chosen(request, campaign, whole, "wall"),
        "seen": seen, "lines": lines,
    }  # fmt: skip
    return render(request, "projects/wall.html", context)


def _seen(request: Request, campaign: Campaign) -> tuple[list[Project], queries.Overview]:
    """All projects that the user sees, and how those stand that the address asks for."""
    whole = list(queries.projects_for(request.user, campaign))
    rows = [p for p in whole if choosing.chosen(request.GET, p)]
    return whole, queries.overview_of(rows, campaign)


def _chosen(
    request: Request, campaign: Campaign, whole: list[Project], page: str
) -> dict[str, Any]:
    """The choices above a page of projects, and the views saved of it."""
    return {
        "choices": choosing.choices(request.GET, whole), "narrowed": choosing.kept(request.GET),
        "asked": request.GET.urlencode(),
        **saved_views(request.user, campaign, page, request.GET),
    }  # fmt: skip


@campaign_page("projects.see")
def one(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One project: money, gates, papers, milestones, what drives its finish."""
    line = queries.standing_of(find(request.user, campaign, pk))
    return render(request, "projects/one.html", page_of(request, campaign, line))


def page_of(request: Request, campaign: Campaign, line: Standing) -> dict[str, Any]:
    """What the page of a project shows."""
    by, project, timing = request.user, line.project, queries.timing(line)
    reports = queries.reportable(by, campaign, project.unit)
    return {
        **frame(by, campaign, "list"), "line": line, "project": project, "money": line.money,
        "timing": timing, "chain": sentence(timing), "slips": slip_lines(timing),
        "broken": told(timing.problem) if timing.problem else "",
        "chart": money_chart(line.money), "reports": reports,
        "raises": may(by, "problems.raise", campaign=campaign, unit=project.unit),
        "plan_month": line.money.plan.get(line.money.month),
        "lacking": line.lacking, "papers": [(p, days_words(p, line.day)) for p in line.papers],
        "supporting": list(project.supporting.all()), "band": queries.band(project.total),
        "series": [
            {"name": s.label, "month": line.money.this_month(s), "done": line.money.to_date(s)}
            for s in (Kept.STATISTICAL, Kept.PHYSICAL, Kept.PAID)
        ],
        "report_form": forms.ReportForm(), "paper_form": forms.PaperForm(),
        "day_form": forms.DayForm(auto_id=False), "odds": own_odds(timing, project.finish_due),
        **site_panels(by, project),
    }  # fmt: skip


def frame(by: User, campaign: Campaign, tab: str) -> dict[str, Any]:
    """What all pages of projects share."""
    return {
        "campaign": campaign, "tab": tab,
        "manages": may(by, "projects.manage", campaign=campaign),
    }  # fmt: skip


def find(by: User, campaign: Campaign, pk: int) -> Project:
    """A project that a user may see; any other does not exist (404)."""
    return get_object_or_404(queries.projects_for(by, campaign), pk=pk)


def language() -> Language:
    return "en" if reader() == "en" else "zh"


def sentence(timing: Timing) -> str:
    """What drives the finish, in words."""
    return chain_sentence(timing.schedule, language()) if timing.schedule else ""


def slip_lines(timing: Timing) -> list[str]:
    """Where slip begins, and what it pushes."""
    from saima.scheduling.slip import slippages

    found = timing.schedule
    if found is None:
        return []
    late = [s for s in slippages(found) if s.origin and s.finish_days > 0]
    return [slip_sentence(found, slip, language()) for slip in late]


def money_chart(money: Money) -> Chart | None:
    """Plan and the three series, cumulated by month; they stand side by side and never add up."""
    year = money.month[:4]
    months = [f"{year}-{n:02}" for n in range(1, 13)]
    lines = [Series(str(_("计划累计")), _cumulated(money.plan, months), line=True)]
    for series in (Kept.STATISTICAL, Kept.PHYSICAL, Kept.PAID):
        known = {at: v for at, v in money.series[series].items() if at <= money.month}
        values = _cumulated(known, months)
        lines.append(Series(str(series.label), values))
    if not any(v for line in lines for v in line.values):
        return None
    titles = [_("%(n)s月") % {"n": n} for n in range(1, 13)]
    return Chart("lines", _("投资进度"), titles, lines, measure=_("万元"), decimals=0)


def _cumulated(months: Months, order: list[str]) -> list[float | None]:
    """Year to date by month; a month of which nothing is known is a gap, not a standstill."""
    done, found = 0.0, []
    for month in order:
        done += float(months.get(month, 0))
        found.append(done if month in months else None)
    return found


@campaign_page("projects.see")
def plan(request: Request, campaign: Campaign, pk: int, kind: str) -> HttpResponse:
    """The milestones as MS Project XML, or as a workbook with the calculated dates."""
    from saima.files.schedule.mspdi_writing import mspdi_bytes
    from saima.files.schedule.workbook_writing import workbook_bytes

    project = find(request.user, campaign, pk)
    found = queries.timing(queries.standing_of(project)).schedule
    if found is None or kind not in ("xml", "xlsx"):
        raise Http404
    if kind == "xml":
        return file_response(mspdi_bytes(found), f"{project.name}.xml", XML)
    return file_response(workbook_bytes(found), f"{project.name}-计划.xlsx", XLSX)


def day_of(form: forms.DayForm) -> date:
    """The day of a valid form."""
    found: date = form.cleaned_data["on"]
    return found
