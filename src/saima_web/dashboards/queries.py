"""What waits for a person across all slices, and which run a page speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.cards.queries import my_cards
from saima_web.followup.queries import my_tasks
from saima_web.people.models import User
from saima_web.people.permissions import may, posts_of, units_for
from saima_web.pledges.waiting import my_pledges
from saima_web.projects.papers.queries import my_papers
from saima_web.redlines.waiting import my_redlines
from saima_web.reporting.queries import work_of
from saima_web.scoring.models import Appeal, ScoreRun, SheetCheck, Standing
from saima_web.setup.shown import ready_words, steps
from saima_web.supervision.waiting import my_supervision
from saima_web.targets.models import TargetSet
from saima_web.ui.addresses import addresses
from saima_web.ui.templatetags.saima import period


@dataclass(frozen=True)
class Item:
    """One thing to do: what kind in a word, what, where, until when."""

    kind: str
    title: str
    href: str
    due: datetime | None = None
    detail: str = ""


KINDS = {
    "report": "填报", "returned": "被退回", "endorse": "审核", "confirm": "核定",
    "provide": "提供数据", "open": "开启填报", "check": "核对", "run": "计分", "approve": "审定",
    "publish": "公布", "targets": "批准目标", "appeal": "申诉", "instruction": "批示",
    "task": "任务", "card": "黄红牌", "inspection": "督查", "problem": "难题",
    "pledge": "承诺", "redline": "红线", "setup": "筹备", "project": "项目",
}  # fmt: skip
"""Kind -> its word on the page."""


def my_work(by: User, campaign: Campaign) -> list[Item]:
    """Everything that waits for a person in a campaign, the most urgent first."""
    items = [
        Item(
            w.kind,
            w.title,
            w.href,
            w.due,
            "、".join(w.names[:4]) + ("等" if len(w.names) > 4 else ""),
        )
        for w in work_of(by, campaign)
    ]
    items += [
        *_preparing(by, campaign),
        *_sheets(by, campaign),
        *_runs(by, campaign),
        *_targets(by, campaign),
        *_appeals(by, campaign),
        *(Item("task", w.title, w.href, w.due, w.detail) for w in my_tasks(by, campaign)),
        *(Item("card", w.title, w.href, w.due, w.detail) for w in my_cards(by, campaign)),
        *(Item(w.kind, w.title, w.href, w.due, w.detail) for w in my_supervision(by, campaign)),
        *(Item("pledge", w.title, w.href, w.due, w.detail) for w in my_pledges(by, campaign)),
        *(Item("redline", w.title, w.href, w.due, w.detail) for w in my_redlines(by, campaign)),
        *(Item("project", w.title, w.href, w.due, w.detail) for w in my_papers(by, campaign)),
    ]
    return sorted(items, key=lambda i: (i.due is None, i.due.timestamp() if i.due else 0.0))


def own_lines(by: User, campaign: Campaign, run: ScoreRun) -> list[dict[str, Any]]:
    """How a person's own units stand in a run: of its lines, not of its result with all marks."""
    page = addresses("dashboards:unit", campaign.code)
    own = {p.unit_id for p in posts_of(by) if p.unit_id is not None}
    return [
        {
            "label": str(row.unit), "href": f"{page(row.unit.code)}?period={run.period}",
            "rank": row.rank, "score": row.score, "movement": row.movement,
        }
        for row in Standing.objects.filter(run=run, unit__in=own).select_related("unit")
    ]  # fmt: skip


def _preparing(by: User, campaign: Campaign) -> Iterator[Item]:
    """What is still to be done before a campaign can start."""
    if campaign.state == Campaign.State.PREPARING and may(by, "campaign.manage", campaign=campaign):
        words = _("，").join(ready_words(steps(campaign)))
        title = _("行动还在筹备：%(words)s") % {"words": words}
        yield Item("setup", title, reverse("setup:ready", args=[campaign.code]), None, "")


def _sheets(by: User, campaign: Campaign) -> Iterator[Item]:
    if not may(by, "sheets.check", campaign=campaign):
        return
    rows = SheetCheck.objects.filter(
        run__campaign=campaign, run__state=ScoreRun.State.CHECKING, state=SheetCheck.State.SENT,
        unit__in=units_for(by, "sheets.check", campaign),
    )  # fmt: skip
    for row in rows.select_related("run", "unit").defer("run__result"):
        title = _("%(period)s成绩单待%(unit)s核对") % {
            "period": period(row.run.period),
            "unit": row.unit,
        }
        href = reverse("scoring:sheet", args=[campaign.code, row.run.pk, row.unit.code])
        yield Item("check", title, href)


STEPS = {
    ScoreRun.State.CHECKED: ("approve", "scores.approve", "%(period)s排名待您审定"),
    ScoreRun.State.APPROVED: ("publish", "scores.publish", "%(period)s排名已审定，待公布"),
    ScoreRun.State.CHECKING: ("run", "scores.run", "%(period)s成绩单正在核对"),
}


def _runs(by: User, campaign: Campaign) -> Iterator[Item]:
    for run in campaign.runs.filter(state__in=STEPS, comparison=False).defer("result"):
        kind, action, words = STEPS[ScoreRun.State(run.state)]
        if may(by, action, campaign=campaign):
            href = reverse("scoring:run", args=[campaign.code, run.pk])
            yield Item(kind, _(words) % {"period": period(run.period)}, href)


def _targets(by: User, campaign: Campaign) -> Iterator[Item]:
    if may(by, "targets.approve", campaign=campaign):
        for batch in campaign.target_sets.filter(state=TargetSet.State.SUBMITTED):
            href = reverse("targets:list", args=[campaign.code])
            yield Item("targets", _("目标“%(title)s”待您批准") % {"title": batch.title}, href)


def _appeals(by: User, campaign: Campaign) -> Iterator[Item]:
    if may(by, "appeals.decide", campaign=campaign):
        rows = Appeal.objects.filter(run__campaign=campaign, state=Appeal.State.RAISED)
        for row in rows.select_related("run", "unit").defer("run__result"):
            words = {"unit": row.unit, "period": period(row.run.period)}
            href = reverse("scoring:appeals", args=[campaign.code])
            yield Item("appeal", _("%(unit)s对%(period)s得分的申诉待处理") % words, href)
