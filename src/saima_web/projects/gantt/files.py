"""A project's plan from a file: looked at beside the one there is, then put in its place."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from saima.files.schedule import read_schedule
from saima.problems import Refused, refuse
from saima.scheduling import schedule
from saima.scheduling.odds import odds
from saima.scheduling.words import chain_sentence, odds_sentence
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import reader
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects import actions
from saima_web.projects.forms import FileForm
from saima_web.projects.gantt import refusals
from saima_web.projects.gantt.odds import RUNS
from saima_web.projects.gantt.plans import milestones_in
from saima_web.projects.models import Milestone, Project
from saima_web.projects.queries import projects_for
from saima_web.projects.timing import CLOSING, plan_of, timing_of

SALT = "saima.projects.plan"
A_DAY = 86_400
KEPT = (
    "number", "name", "duration", "predecessors", "planned_start", "planned_finish",
    "actual_start", "actual_finish", "percent", "optimistic", "likely", "pessimistic",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A milestone of either plan: new, gone, changed or the same; what differs, in words."""

    name: str
    kind: str
    was: date | None
    now: date | None
    what: str


def changes(old: list[Milestone], new: list[Milestone]) -> list[Change]:
    """The new plan beside the old one; activities are the same where their names are."""
    before = {row.name: row for row in old}
    found = [_change(before.pop(row.name, None), row) for row in new]
    return found + [Change(r.name, "gone", r.planned_finish, None, "") for r in before.values()]


def _change(old: Milestone | None, new: Milestone) -> Change:
    if old is None:
        return Change(new.name, "new", None, new.planned_finish, "")
    said = []
    if old.duration != new.duration:
        values = {"was": f"{old.duration.normalize():f}", "now": f"{new.duration.normalize():f}"}
        said.append(_("工期%(was)s天改为%(now)s天") % values)
    if old.predecessors != new.predecessors:
        values = {"was": old.predecessors or "—", "now": new.predecessors or "—"}
        said.append(_("前置任务%(was)s改为%(now)s") % values)
    if old.planned_finish != new.planned_finish:
        said.append(_("计划完成日期有变"))
    if (old.actual_start, old.actual_finish) != (new.actual_start, new.actual_finish):
        said.append(_("实际日期有变"))
    if _three(old) != _three(new):
        said.append(_("三点估计有变"))
    kind = "changed" if said else "same"
    return Change(new.name, kind, old.planned_finish, new.planned_finish, "；".join(said))


def _three(row: Milestone) -> tuple[Decimal | None, ...]:
    return row.optimistic, row.likely, row.pessimistic


def packed(project: Project, rows: list[Milestone], by: int) -> str:
    """Rows as a signed text that a page can carry, for one project and one person."""
    plain = [[_plain(getattr(row, key)) for key in KEPT] for row in rows]
    data = {"project": project.pk, "by": by, "on": fingerprint(project), "rows": plain}
    return signing.dumps(data, salt=SALT, compress=True)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


def fingerprint(project: Project) -> str:
    """Changes with every change of the plan that is there."""
    rows = [[_plain(getattr(row, key)) for key in KEPT] for row in project.milestones.all()]
    return signing.Signer(salt=SALT).signature(repr(rows))


def unpacked(project: Project, text: str, by: int) -> list[Milestone]:
    """What `packed` made. Errors: Refused for another project, a plan changed since, a day old."""
    try:
        data = signing.loads(text, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        raise refuse(refusals.PREVIEW_GONE) from None
    if (data["project"], data["by"], data["on"]) != (project.pk, by, fingerprint(project)):
        raise refuse(refusals.PREVIEW_GONE)
    return [_row(dict(zip(KEPT, values))) for values in data["rows"]]


def _row(values: dict[str, Any]) -> Milestone:
    days = ("planned_start", "planned_finish", "actual_start", "actual_finish")
    read = {key: date.fromisoformat(v) if (v := values[key]) else None for key in days}
    numbers = ("duration", "optimistic", "likely", "pessimistic")
    exact = {key: Decimal(v) if (v := values[key]) else None for key in numbers}
    return Milestone(**{**values, **read, **exact})


@campaign_page("projects.manage")
def plan_import(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Upload a plan, look at what would change, then replace the one there is."""
    project = get_object_or_404(projects_for(request.user, campaign), pk=pk)
    if request.method == "POST" and "plan" in request.POST:
        rows = unpacked(project, request.POST["plan"], request.user.pk)
        actions.set_milestones(project=project, rows=rows, by=request.user)
        messages.success(request, _("已换上新计划：%(n)s项。") % {"n": len(rows)})
        return redirect("projects:gantt-one", campaign.code, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "campaign": campaign, "tab": "gantt", "project": project, "form": form,
        "manages": may(request.user, "projects.manage", campaign=campaign),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            context |= _preview(project, form.cleaned_data["file"], request.user.pk)
        except Refused as refused:
            form.add_error("file", refused.problem.text(reader()))
    return render(request, "projects/plan_import.html", context)


def _preview(project: Project, file: Any, by: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="saima-") as scratch:
        path = Path(scratch) / Path(file.name or "plan").name
        path.write_bytes(file.read())
        rows, likely = milestones_in(path), _odds(project, path)
    found = schedule(plan_of(project, rows, today())) if rows else None
    old = list(project.milestones.all())
    before = timing_of(project, old, today()).schedule
    told_of = changes(old, rows)
    return {
        "preview": told_of, "packed": packed(project, rows, by), "odds": likely,
        "count": {k: sum(c.kind == k for c in told_of) for k in ("new", "gone", "changed", "same")},
        "finish": found.finish.date() if found else None, "rows": len(rows),
        "before": before.finish.date() if before else None,
        "chain": chain_sentence(found, reader()) if found else "",
    }  # fmt: skip


def _odds(project: Project, path: Path) -> str:
    """The odds of the deadline from the file's own three estimates, where it has any."""
    plan, _problems = read_schedule(path)
    if project.finish_due is None or not any(
        t.estimates and not t.actual_finish for t in plan.tasks
    ):
        return ""
    by = datetime.combine(project.finish_due, CLOSING)
    return odds_sentence(odds(schedule(plan), RUNS), by, reader())
