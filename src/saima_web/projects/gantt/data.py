"""What a Gantt chart shows, calculated here: bars, their groups, links, and the words for them.

Days are numbers since 1970-01-01, first and last day of a bar both counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.projects.gantt.actions import links_of, setting_of
from saima_web.projects.models import Milestone, Project
from saima_web.projects.timing import Line, Timing, timing_of
from saima_web.ui.templatetags.saima import day as day_words

EPOCH = date(1970, 1, 1)
GROUPS = ("project", "unit", "leader", "front", "agent", "investor")


@dataclass(frozen=True)
class Bar:
    """A milestone or activity with its calculated dates."""

    project: Project
    line: Line
    start: date
    finish: date
    may_move: bool

    @property
    def row(self) -> Milestone:
        return self.line.row

    @property
    def is_event(self) -> bool:
        return not self.row.duration

    @property
    def state_words(self) -> str:
        line = self.line
        said = {
            "done": _("已完成"),
            "overdue": _("逾期%(n)s天") % {"n": line.overdue},
            "late": _("预计晚%(n)s天") % {"n": f"{line.slip:.0f}"},
            "due": _("未到"),
        }[line.state]
        return _("%(state)s，关键") % {"state": said} if line.critical else said

    @property
    def words(self) -> str:
        """The bar in a sentence, for the pointer and for screen readers."""
        plan = day_words(self.row.planned_finish)
        values = {
            "name": self.row.name, "start": day_words(self.start), "finish": day_words(self.finish),
            "plan": plan, "state": self.state_words,
        }  # fmt: skip
        if self.is_event:
            return _("%(name)s：预计%(finish)s，计划%(plan)s，%(state)s") % values
        return _("%(name)s：%(start)s至%(finish)s，计划%(plan)s完成，%(state)s") % values


def bars_of(project: Project, timing: Timing, movable: bool) -> list[Bar]:
    """A project's bars in their order; where it has no schedule, those of the plan."""
    return [_bar(project, line, timing, movable) for line in timing.lines]


def _bar(project: Project, line: Line, timing: Timing, movable: bool) -> Bar:
    row = line.row
    finish = line.forecast or row.planned_finish
    start = row.actual_start or row.planned_start or finish
    if timing.schedule:
        start = timing.schedule.tasks[row.number].early_start.date()
    if not row.duration:
        start = finish
    open_ = movable and timing.schedule is not None and row.actual_finish is None
    return Bar(project, line, min(start, finish), finish, open_)


@dataclass(frozen=True)
class Picture:
    """All bars of some projects, and the timings they come from."""

    bars: list[Bar]
    timings: dict[int, Timing]


def picture_of(by: User, campaign: Campaign, projects: Iterable[Project]) -> Picture:
    """Calculate projects in two queries."""
    found = list(projects)
    rows: dict[int, list[Milestone]] = {p.pk: [] for p in found}
    for row in Milestone.objects.filter(project__in=list(rows)):
        rows[row.project_id].append(row)
    day, bars, timings = today(), [], {}
    for project in found:
        timings[project.pk] = timing_of(project, rows[project.pk], day)
        movable = may(by, "projects.manage", campaign=campaign, unit=project.unit)
        bars += bars_of(project, timings[project.pk], movable)
    return Picture(bars, timings)


def number(day: date) -> int:
    return (day - EPOCH).days


def bar_data(bar: Bar, campaign: Campaign, numbers: dict[Any, int]) -> dict[str, Any]:
    """A bar for the page; `numbers`: a milestone's number in its project -> its key."""
    row, line = bar.row, bar.line
    links = [
        (numbers[k.predecessor], k.kind)
        for k in links_of(row, {str(n) for n in numbers})
        if k.predecessor in numbers
    ]
    data: dict[str, Any] = {
        "id": row.pk, "name": row.name, "project": bar.project.name, "event": bar.is_event,
        "start": number(bar.start), "finish": number(bar.finish),
        "plan": [number(min(row.planned_start or row.planned_finish, row.planned_finish)), number(row.planned_finish)],
        "percent": row.percent, "state": line.state, "critical": line.critical,
        "links": links, "words": bar.words, "seen": setting_of(row).as_data(),
        "cells": {
            "start": day_words(bar.start), "finish": day_words(bar.finish),
            "state": bar.state_words, "slack": "—" if line.slack is None else f"{line.slack:.0f}",
        },
    }  # fmt: skip
    if bar.may_move:
        data["can"] = {"move": row.actual_start is None, "resize": not bar.is_event}
        data["at"] = reverse("projects:gantt-move", args=[campaign.code, row.pk])
    return data


def chart_data(campaign: Campaign, picture: Picture, group: str) -> dict[str, Any]:
    """The whole chart for the page: groups with their bars, and today."""
    groups: dict[str, dict[str, Any]] = {}
    numbers = _by_project(picture.bars)
    for bar in picture.bars:
        title = title_of(bar.project, group)
        into = groups.setdefault(title, {"title": title, "bars": []})
        into["bars"].append(bar_data(bar, campaign, numbers[bar.project.pk]))
    shown = list(groups.values())
    if group not in ("project", "unit"):
        shown.sort(key=lambda g: g["title"])
    return {"today": number(today()), "groups": shown, "group": group, "labels": labels()}


def labels() -> dict[str, str]:
    """The words that the script puts together: {y}, {m}, {q}, {d}, {n} stand for numbers."""
    return {
        "year": _("{y}年"), "month": _("{y}年{m}月"), "short": _("{m}月"), "quarter": _("{q}季度"),
        "today": _("今天"), "shift": _("移动{n}天"), "stretch": _("工期改{n}天"),
        "pending": _("“{name}”{what}，回车保存，Esc 取消"), "saving": _("正在保存……"),
        "failed": _("没有保存：网络或登录已断开，图上已退回原处。请刷新页面后再试。"),
        "kept": _("没有保存，已退回原处。"), "nothing": _("没有可撤销的。"), "file": _("甘特图"),
    }  # fmt: skip


def _by_project(bars: Iterable[Bar]) -> dict[int, dict[Any, int]]:
    found: dict[int, dict[Any, int]] = {}
    for bar in bars:
        found.setdefault(bar.project.pk, {})[bar.row.number] = bar.row.pk
    return found


def project_data(campaign: Campaign, bars: list[Bar]) -> list[dict[str, Any]]:
    """The bars of one project, as they are after a change."""
    numbers = _by_project(bars)
    return [bar_data(bar, campaign, numbers[bar.project.pk]) for bar in bars]


def title_of(project: Project, group: str) -> str:
    """The group that a project's bars stand in: its unit, its leader, its team, a party to it."""
    titles = {
        "unit": str(project.unit),
        "leader": project.leader or _("未明确责任领导"),
        "front": project.front or _("未列入战场、专班"),
        "agent": project.agent or _("没有代建单位"),
        "investor": project.investor or _("未明确投资单位"),
    }
    return titles.get(group, project.name)


def events_only(picture: Picture) -> Picture:
    """Milestones alone, without the activities between them."""
    return Picture([bar for bar in picture.bars if bar.is_event], picture.timings)


def only(picture: Picture, keys: Collection[int]) -> Picture:
    """Some bars alone, in their order; what they hang on is calculated all the same."""
    return Picture([bar for bar in picture.bars if bar.row.pk in keys], picture.timings)
