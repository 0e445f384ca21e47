"""The Gantt chart: all projects' milestones, one project's activities, bars that are moved."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from saima.problems import refuse
from saima.scheduling.words import chain_sentence, odds_sentence, slip_sentence
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import reader, told
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.projects import choosing
from saima_web.projects.gantt import actions, data, refusals
from saima_web.projects.gantt.odds import odds_of, own_odds
from saima_web.projects.models import Milestone, Project
from saima_web.projects.queries import projects_for, reportable
from saima_web.projects.timing import CLOSING, Timing
from saima_web.ui.tables import Box, Column, Row, Shown, Table

ZOOMS = (
    ("day", gettext_lazy("日")), ("week", gettext_lazy("周")), ("month", gettext_lazy("月")),
    ("quarter", gettext_lazy("季")), ("year", gettext_lazy("年")),
)  # fmt: skip
GROUPS = (
    ("project", gettext_lazy("项目")), ("unit", gettext_lazy("责任单位")),
    ("leader", gettext_lazy("责任领导")), ("front", gettext_lazy("战场、专班")),
    ("agent", gettext_lazy("代建单位")), ("investor", gettext_lazy("投资单位")),
)  # fmt: skip


KEPT = ("box", "sort", "q", "group", "what", "zoom")
"""What the page's choices keep of the address."""
NARROWS = (*choosing.FACETS, "q", "box", "page", "export")
"""What narrows the page; without these all is shown."""


class GuessForm(forms.Form):
    """How far the durations may be off: the best and the worst case, in percent of the plan."""

    low = forms.IntegerField(
        label=gettext_lazy("其他活动最好（计划工期的%）"), min_value=10, max_value=100, initial=90
    )
    high = forms.IntegerField(
        label=gettext_lazy("其他活动最坏（计划工期的%）"), min_value=100, max_value=500, initial=130
    )
    by = forms.DateField(
        label=gettext_lazy("最迟完工"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@campaign_page("projects.see")
def gantt(request: Request, campaign: Campaign) -> HttpResponse:
    """When does what happen, in all projects that somebody sees?"""
    seen = list(projects_for(request.user, campaign))
    rows = [p for p in seen if choosing.chosen(request.GET, p)]
    picture = data.picture_of(request.user, campaign, rows)
    whole = request.GET.get("what") == "all"
    shown = picture if whole else data.events_only(picture)
    more = {
        "whole": whole, "number": len(rows), "choices": choosing.choices(request.GET, seen),
        "chosen": choosing.words(request.GET, seen),
    }  # fmt: skip
    return _page(request, campaign, shown, more)


@campaign_page("projects.see")
def gantt_one(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One project's activities, what drives its finish, how likely the deadline is."""
    project = get_object_or_404(projects_for(request.user, campaign), pk=pk)
    picture = data.picture_of(request.user, campaign, [project])
    timing = picture.timings[pk]
    bound = GuessForm(request.GET) if "low" in request.GET else None
    form = bound or GuessForm(initial={"by": deadline(project, timing)})
    more = {
        "project": project, "timing": timing, "panel": panel(project, timing), "guess": form,
        "odds": _odds(project, timing, bound), "reports": reportable(request.user, campaign, project.unit),
    }  # fmt: skip
    return _page(request, campaign, picture, more)


def _page(
    request: Request, campaign: Campaign, picture: data.Picture, more: dict[str, Any]
) -> HttpResponse:
    group = request.GET.get("group", "")
    group = group if group in data.GROUPS else "project"
    asked = table(campaign, picture).shown(request)
    shown = replace(asked.table, rows=asked.found, boxes=(), search=()).shown(request)
    if shown.wants_export:
        return shown.export()
    chosen, looked = more.get("chosen", []), _looked_for(asked)
    if looked:
        picture = data.only(picture, {row["key"] for row in asked.found})
        more["number"] = len({bar.project.pk for bar in picture.bars})
    context = {
        "campaign": campaign, "tab": "gantt", "zooms": ZOOMS, "groups": GROUPS, "group": group,
        "manages": may(request.user, "projects.manage", campaign=campaign), "shown": shown,
        "asked": asked, "hidden": KEPT, "narrowed": bool(chosen or looked),
        "every": _without(request, NARROWS), "filtered": "；".join([*chosen, *looked]),
        **_drawn(campaign, picture, group), **more,
    }  # fmt: skip
    return render(request, "projects/gantt.html", context)


def _drawn(campaign: Campaign, picture: data.Picture, group: str) -> dict[str, Any]:
    """The bars that stand on the page, and which of them are behind."""
    bars = picture.bars
    return {
        "bars": bars, "data": data.chart_data(campaign, picture, group),
        "late": [bar for bar in bars if bar.line.state == "late"],
        "overdue": [bar for bar in bars if bar.line.state == "overdue"],
        "movable": any(bar.may_move for bar in bars),
    }  # fmt: skip


def _without(request: Request, keys: Collection[str]) -> str:
    """This page's address without what some keys ask for."""
    left = request.GET.copy()
    for key in keys:
        left.pop(key, None)
    return "?" + left.urlencode()


def _looked_for(asked: Shown) -> list[str]:
    """The count box that is on and the words searched for, as a printed page tells them."""
    boxes = [str(box.title) for box in asked.table.boxes if box.key == asked.box]
    return boxes + ([_("含“%(q)s”") % {"q": asked.query}] if asked.query else [])


def deadline(project: Project, timing: Timing) -> date | None:
    """The day by which a project is to be finished."""
    planned = (line.row.planned_finish for line in timing.lines)
    return project.finish_due or max(planned, default=None)


def panel(project: Project, timing: Timing) -> dict[str, Any]:
    """The finish, how far it is from the deadline, the chain in words, where slip begins."""
    from saima.scheduling.slip import slippages

    found, due = timing.schedule, deadline(project, timing)
    if found is None:
        return {"due": due, "broken": told(timing.problem) if timing.problem else ""}
    late = [s for s in slippages(found) if s.origin and s.finish_days > 0]
    finish = found.finish.date()
    return {
        "due": due, "finish": finish, "after": (finish - due).days if due else 0,
        "chain": chain_sentence(found, reader()), "critical": int(found.critical.sum()),
        "slips": [slip_sentence(found, slip, reader()) for slip in late],
    }  # fmt: skip


def _odds(project: Project, timing: Timing, form: GuessForm | None) -> str:
    """The odds that are asked for; unasked, those of the deadline by the own estimates."""
    if form is None:
        return own_odds(timing, deadline(project, timing))
    return odds_words(timing, form) if form.is_valid() else ""


def odds_words(timing: Timing, form: GuessForm) -> str:
    """How likely the deadline is; what has no estimates of its own is guessed as asked."""
    if timing.schedule is None:
        return ""
    guess = form.cleaned_data
    found = odds_of(timing.schedule, (guess["low"], guess["high"]))
    if found is None:
        return _("所有活动都已完成，没有可估计的。")
    return odds_sentence(found, datetime.combine(guess["by"], CLOSING), reader())


def table(campaign: Campaign, picture: data.Picture) -> Table:
    """The same bars as a list."""
    return Table(
        (
            Column("project", _("项目"), link="href"),
            Column("name", _("节点、活动"), template="projects/_gantt_name.html"),
            Column("unit", _("责任单位")),
            Column("leader", _("责任领导")),
            Column("start", _("预计开始"), "date"),
            Column("finish", _("预计完成"), "date"),
            Column("plan", _("计划完成"), "date"),
            Column("slack", _("总时差"), "number", 0, _("天")),
            Column("state", _("情况"), template="projects/_gantt_state.html"),
        ),
        [_row(campaign, bar) for bar in picture.bars],
        name=_("甘特图"),
        search=("project", "name", "unit", "leader"),
        boxes=(
            Box("overdue", _("逾期"), lambda r: r["side"] == "overdue"),
            Box("late", _("预计晚"), lambda r: r["side"] == "late"),
            Box("critical", _("关键"), lambda r: bool(r["critical"])),
            Box("events", _("节点"), lambda r: bool(r["event"])),
        ),
        empty=_("还没有节点和活动。"),
        begin=_("项目管理办导入计划文件后，这里画出每个项目的节点、活动和预计日期。"),
        caption=_("与上图相同的内容"),
        css="j-gantt-list",
        stacks=True,
    )


def _row(campaign: Campaign, bar: data.Bar) -> Row:
    line, project = bar.line, bar.project
    return {
        "project": project.name, "name": bar.row.name, "unit": project.unit.short_name or str(project.unit),
        "leader": project.leader, "start": bar.start, "finish": bar.finish,
        "plan": bar.row.planned_finish, "slack": line.slack, "state": bar.state_words,
        "side": line.state, "critical": line.critical, "event": bar.is_event, "key": bar.row.pk,
        "words": bar.words, "may_move": bar.may_move,
        "href": reverse("projects:gantt-one", args=[campaign.code, project.pk]),
    }  # fmt: skip


@require_POST
@campaign_page("projects.manage")
def gantt_move(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One drop of a bar; answers all bars of its project as they are now."""
    seen = projects_for(request.user, campaign)
    row = get_object_or_404(
        Milestone.objects.select_related("project__unit"), project__in=seen, pk=pk
    )
    asked = _asked(request)
    was = actions.setting_in(asked.get("seen"))
    if asked.get("do") == "put":
        setting = actions.setting_in(asked.get("setting"))
        actions.put(milestone=row, setting=setting, seen=was, by=request.user)
    elif asked.get("do") in ("move", "resize") and isinstance(asked.get("days"), int):
        act = actions.move if asked["do"] == "move" else actions.resize
        act(milestone=row, days=asked["days"], seen=was, by=request.user)
    else:
        raise refuse(refusals.UNREADABLE)
    return _answer(request, campaign, row)


def _asked(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        raise refuse(refusals.UNREADABLE) from None
    return found if isinstance(found, dict) else {}


def _answer(request: Request, campaign: Campaign, row: Milestone) -> JsonResponse:
    project = projects_for(request.user, campaign).get(pk=row.project_id)
    picture = data.picture_of(request.user, campaign, [project])
    said = panel(project, picture.timings[project.pk])
    moved = next(bar for bar in picture.bars if bar.row.pk == row.pk)
    words = _("已保存，其余日期已重新推算。%(bar)s") % {"bar": moved.words}
    bars = data.project_data(campaign, picture.bars)
    return JsonResponse({"bars": bars, "said": words, "chain": said.get("chain", "")})
