"""The calendar of projects: what starts, tops out and finishes in a month and the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.periods import add_months
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.projects import choosing
from saima_web.projects.calendar import data
from saima_web.projects.calendar.data import Event
from saima_web.projects.queries import projects_for
from saima_web.projects.views import frame
from saima_web.ui.tables import Box, Column, Row, Table

Months = tuple[date, date]
"""The first days of a month and of the next."""
WEEKDAYS = tuple(map(gettext_lazy, ("周一", "周二", "周三", "周四", "周五", "周六", "周日")))
WHAT = {"start": gettext_lazy("开工"), "top": gettext_lazy("封顶"), "finish": gettext_lazy("竣工")}


@campaign_page("projects.see")
def calendar(request: Request, campaign: Campaign) -> HttpResponse:
    """What starts, tops out and finishes this month and next, and what should have?"""
    first = data.month_asked(request.GET.get("month"))
    seen = list(projects_for(request.user, campaign))
    chosen = [p for p in seen if choosing.chosen(request.GET, p)]
    events = data.events_of(request.user, campaign, chosen)
    months = first, add_months(first, 1)
    listed = [e for e in events if _belongs(e, months)]
    shown = table(campaign, listed, months).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        **frame(request.user, campaign, "calendar"), "shown": shown, "first": first,
        "links": {k: _month_link(request, m) for k, m in (("before", add_months(first, -1)), ("now", None), ("after", months[1]))},
        "weeks": data.weeks(events, first), "weekdays": WEEKDAYS, "what": WHAT,
        "clauses": answer(events, months), "choices": choosing.choices(request.GET, seen), "hidden": ("month",),
    }  # fmt: skip
    return render(request, "projects/calendar.html", context)


def _month_link(request: Request, month: date | None) -> str:
    """The same choice of projects in another month; None stands for the present one."""
    asked = request.GET.copy()
    for key in ("month", "page", "box"):
        asked.pop(key, None)
    if month:
        asked["month"] = f"{month:%Y-%m}"
    return f"?{asked.urlencode()}"


def _belongs(event: Event, months: Months) -> bool:
    """Whether it is listed: in these months, put off from them, or overdue from before."""
    here = any(event.within(m) or event.put_off(m) for m in months)
    return here or (_is_now(months[0]) and event.state == "overdue")


def _is_now(first: date) -> bool:
    return first == today().replace(day=1)


def counted(events: Iterable[Event]) -> str:
    """开工2个、封顶1个: only what there is."""
    rows = list(events)
    counts = {key: sum(e.what == key for e in rows) for key in WHAT}
    said = [_("%(what)s%(n)s个") % {"what": WHAT[k], "n": n} for k, n in counts.items() if n]
    return _("、").join(said)


def _month_words(month: date, events: list[Event]) -> str:
    done = sum(e.state == "done" for e in events)
    values = {"m": month.month, "said": counted(events), "n": done}
    if not events:
        return _("%(m)s月没有开工、封顶、竣工") % values
    if done == len(events):
        return _("%(m)s月%(said)s，都已办成") % values
    if done:
        return _("%(m)s月%(said)s，已办成%(n)s个") % values
    if month < today().replace(day=1):
        return _("%(m)s月%(said)s，都还没有办") % values
    return _("%(m)s月%(said)s") % values


def answer(events: list[Event], months: Months) -> list[str]:
    """The page's first line: this month, the next, what is put off, what is overdue."""
    found = [_month_words(month, [e for e in events if e.within(month)]) for month in months]
    if off := counted(e for e in events if e.put_off(months[0])):
        values = {"m": months[0].month, "said": off}
        found.append(_("原计划%(m)s月的%(said)s预计推迟") % values)
    if _is_now(months[0]) and (late := counted(e for e in events if e.state == "overdue")):
        found.append(_("到期没有办的%(said)s") % {"said": late})
    return [_("%(said)s；") % {"said": x} for x in found[:-1]] + [
        _("%(said)s。") % {"said": found[-1]}
    ]


def table(campaign: Campaign, events: list[Event], months: Months) -> Table:
    """The same as a list, in the order of the days."""
    ranked = sorted(events, key=lambda e: (e.day or date.max, e.project.pk))
    first, second = months
    return Table(
        (
            Column("name", _("事项"), template="projects/_event.html"),
            Column("project", _("项目"), link="href"),
            Column("unit", _("责任单位")),
            Column("category", _("类别")),
            Column("front", _("战场")),
            Column("planned", _("计划"), "date"),
            Column("expected", _("预计"), "date"),
            Column("actual", _("实际"), "date"),
            Column("state", _("情况"), template="projects/_event_state.html"),
        ),
        [_row(campaign, event) for event in ranked],
        name=_("%(y)s年%(m)s月项目月历") % {"y": first.year, "m": first.month},
        search=("name", "project", "unit", "front"),
        boxes=(
            Box("now", _("%(m)s月") % {"m": first.month}, lambda r: _at(r, first)),
            Box("next", _("%(m)s月") % {"m": second.month}, lambda r: _at(r, second)),
            Box("start", _("开工"), lambda r: r["what"] == "start"),
            Box("top", _("封顶"), lambda r: r["what"] == "top"),
            Box("finish", _("竣工"), lambda r: r["what"] == "finish"),
            Box("overdue", _("逾期"), lambda r: r["side"] == "overdue"),
        ),
        empty=_("这两个月没有开工、封顶、竣工的项目。"),
        begin=_("项目的计划开工、计划竣工日期和“封顶”节点会列在这里。"),
        css="j-site-list",
        stacks=True,
    )


def _at(row: Row, first: date) -> bool:
    event: Event = row["event"]
    return event.within(first)


def _row(campaign: Campaign, event: Event) -> Row:
    project = event.project
    return {
        "event": event, "what": event.what, "name": event.name, "project": project.name,
        "unit": project.unit.short_name or str(project.unit), "front": project.front,
        "category": project.get_category_display(), "planned": event.planned,
        "expected": None if event.actual else event.expected, "actual": event.actual,
        "state": event.words, "side": event.state,
        "href": reverse("projects:one", args=[campaign.code, project.pk]),
    }  # fmt: skip
