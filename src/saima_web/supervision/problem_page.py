"""What the page of one problem shows: its loop, and the steps that a user may take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima.workflows.problem import PROBLEM
from saima_web.base.clock import today
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.projects.queries import projects_for
from saima_web.supervision.calendar import next_slot
from saima_web.supervision.forms import DecideForm, PostponeForm, SortForm, Words
from saima_web.supervision.models import Problem
from saima_web.supervision.queries import is_late, rhythm_of
from saima_web.supervision.scope import may_on
from saima_web.supervision.words import event_word

LABELS = {
    "return": noop("退回原因"), "close": noop("销号意见"), "reopen": noop("重新办理的原因"),
    "decline": noop("不予受理的原因"), "withdraw": noop("撤回原因"), "report": noop("办理情况"),
}  # fmt: skip
OPTIONAL = ("close", "withdraw")
TITLES = {
    "to-team": noop("交专班协调"), "to-meeting": noop("列入会商"), "to-leaders": noop("上报领导"),
    "decline": noop("不予受理"), "withdraw": noop("撤回"), "decide": noop("议定"),
    "postpone": noop("改期"), "report": noop("反馈办理情况"), "return": noop("退回办理"),
    "close": noop("销号"), "reopen": noop("重新办理"),
}  # fmt: skip

LINE = ("raised", "sorted", "decided", "reported", "closed")
"""The loop as a line: where a problem stands on it."""
PLACE = {
    "raised": 0, "with_team": 1, "for_meeting": 1, "for_leaders": 1, "decided": 2, "reported": 3,
    "closed": 4,
}  # fmt: skip


def form_of(event: str, row: Problem, data: Any = None) -> django_forms.BaseForm:
    """The form of a step; ids are the step's own."""
    own: dict[str, Any] = {"auto_id": f"{event}-%s"}
    if event.startswith("to-"):
        meets = event != "to-team"
        start: dict[str, Any] = {"lead_unit": row.lead_unit_id}
        if meets:
            weekday = rhythm_of(row.campaign).slot_weekday
            start["slot_on"] = next_slot(today(), weekday)
        return SortForm(data, campaign=row.campaign, meets=meets, initial=start, **own)
    if event == "decide":
        start = {"responsible_unit": row.responsible_unit_id or row.lead_unit_id}
        return DecideForm(data, campaign=row.campaign, initial=start, **own)
    if event == "postpone":
        return PostponeForm(data, **own)
    return Words(data, label=_(LABELS[event]), required=event not in OPTIONAL, **own)


def page_of(
    by: User, row: Problem, bound: tuple[str, django_forms.BaseForm] | None = None
) -> dict[str, Any]:
    """Everything that the page shows to a user."""
    events = steps_of(by, row)
    steps = [_step(event, where, row, bound) for event, where in events]
    return {
        "row": row, "campaign": row.campaign, "steps": steps, "late": is_late(row),
        "past": [
            {"row": s, "word": event_word(s.event, PROBLEM.events)}
            for s in row.steps.select_related("by")
        ],
        "line": _line(row), "sees_project": _sees_project(by, row),
    }  # fmt: skip


def _sees_project(by: User, row: Problem) -> bool:
    """Who solves a problem need not see the page of its project."""
    if row.project is None or not may(by, "projects.see", campaign=row.campaign):
        return False
    return projects_for(by, row.campaign).filter(pk=row.project.pk).exists()


def _line(row: Problem) -> list[dict[str, Any]]:
    titles = (_("提出"), _("分流"), _("议定"), _("反馈"), _("销号"))
    place = PLACE.get(row.state)
    return [
        {"title": title, "past": place is not None and n < place, "now": n == place}
        for n, title in enumerate(titles)
    ]


def _step(
    event: str, where: str, row: Problem, bound: tuple[str, django_forms.BaseForm] | None
) -> dict[str, Any]:
    mine = bound is not None and bound[0] == event
    form = bound[1] if bound is not None and mine else form_of(event, row)
    return {"event": event, "where": where, "title": _(TITLES[event]), "form": form, "open": mine}


def steps_of(by: User, row: Problem) -> list[tuple[str, str]]:
    """The steps that apply now and that a user may take: (step, which address)."""
    possible = PROBLEM.events_at(row.state)
    sorts = may_on(by, "problems.sort", row, ())
    owns = may_on(by, "problems.raise", row, (row.unit_id,))
    found: list[tuple[str, str]] = []
    for event in possible:
        found += _ways(by, row, event, sorts, owns)
    if sorts and row.state in ("for_meeting", "for_leaders"):
        found.append(("postpone", "handle"))
    return found


def _ways(by: User, row: Problem, event: str, sorts: bool, owns: bool) -> list[tuple[str, str]]:
    if event == "withdraw":
        return [("withdraw", "own")] if owns else []
    if event == "report":
        reports = may_on(by, "problems.report", row, (row.responsible_unit_id,))
        return [("report", "report")] if reports else []
    if event == "decide" and row.state == "for_leaders":
        return [("decide", "rule")] if may_on(by, "problems.rule", row, ()) else []
    if event == "return" and owns and not sorts:
        return [("return", "own")]
    return [(event.replace("_", "-"), "handle")] if sorts else []


def slot_text(on: date, rows: Sequence[Problem]) -> str:
    """The list of a slot as a text for a chat group; the first line is its title."""
    days = "一二三四五六日"
    title = _("【难题会商】%(m)s月%(d)s日（周%(w)s）") % {
        "m": on.month, "d": on.day, "w": days[on.weekday()],
    }  # fmt: skip
    asks = _("请求")
    lines = [f"{n}. {r.unit}：{r.title}。{asks}：{r.asks}" for n, r in enumerate(rows, 1)]
    return "\n".join([title, *(lines or [_("没有待会商的难题。")])])
