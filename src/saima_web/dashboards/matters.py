"""What of following up is open in a campaign, kind by kind: the cockpit's panel of matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.workflows.inspection import TO_ANSWER
from saima.workflows.problem import UNDECIDED
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.cards.queries import cards_for
from saima_web.followup.queries import standings, tasks_for
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.pledges.models import ActionPlan
from saima_web.pledges.queries import asks_progress, commitments_for, plans_for
from saima_web.pledges.queries import is_overdue as is_commitment_overdue
from saima_web.redlines.models import Incident
from saima_web.redlines.queries import incidents_for, is_overdue, risks_for
from saima_web.supervision.queries import inspections_for, is_late, parts_for, problems_for
from saima_web.supervision.shown import is_finding_late


@dataclass(frozen=True)
class Matter:
    """A count of what is open: how many, of what, where they are; late: past their day."""

    count: int
    words: str
    href: str
    late: bool = False


@dataclass(frozen=True)
class Group:
    """One kind of matters with what of it is open."""

    word: str
    href: str
    matters: Sequence[Matter]


def groups(by: User, campaign: Campaign) -> list[Group]:
    """The kinds that a person may see, each with what is not nought."""
    rows = (
        (_("任务"), "followup:tasks", "tasks.see", _tasks),
        (_("黄红牌"), "cards:list", "cards.see", _cards),
        (_("督查"), "supervision:inspections", "inspections.see", _inspections),
        (_("难题"), "supervision:problems", "problems.see", _problems),
        (_("承诺"), "pledges:list", "pledges.see", _pledges),
        (_("红线"), "redlines:list", "incidents.see", _redlines),
    )
    return [
        Group(
            word, reverse(page, args=[campaign.code]),
            [m for m in found(by, campaign) if m.count],
        )
        for word, page, action, found in rows
        if may(by, action, campaign=campaign)
    ]  # fmt: skip


def _at(name: str, campaign: Campaign, box: str = "") -> str:
    href = reverse(name, args=[campaign.code])
    return f"{href}?box={box}" if box else href


def _tasks(by: User, campaign: Campaign) -> Iterator[Matter]:
    found = [s for s in standings(tasks_for(by, campaign)) if s.open]
    late = sum(1 for s in found if s.due == "overdue")
    near = sum(1 for s in found if s.due == "nearing")
    yield Matter(late, _("逾期"), _at("followup:tasks", campaign, "overdue"), True)
    yield Matter(near, _("临期"), _at("followup:tasks", campaign, "nearing"))
    told = sum(1 for s in found if s.task.state in ("reported", "reviewed"))
    yield Matter(told, _("待审核"), _at("followup:tasks", campaign, "reported"))


def _cards(by: User, campaign: Campaign) -> Iterator[Matter]:
    rows = list(cards_for(by, campaign))
    late = sum(1 for c in rows if c.late(today()))
    proposed = sum(1 for c in rows if c.state == "proposed")
    out = sum(1 for c in rows if c.out)
    yield Matter(late, _("逾期未答复"), _at("cards:list", campaign, "late"), True)
    yield Matter(proposed, _("待决定"), _at("cards:list", campaign, "proposed"))
    yield Matter(out, _("在办"), _at("cards:list", campaign, "out"))


def _inspections(by: User, campaign: Campaign) -> Iterator[Matter]:
    parts = [p for row in inspections_for(by, campaign) for p in parts_for(by, row)]
    owed = sum(1 for p in parts if p.state in TO_ANSWER)
    late = sum(1 for p in parts if p.told for f in p.findings.all() if is_finding_late(f))
    yield Matter(late, _("整改逾期"), _at("supervision:findings", campaign, "late"), True)
    yield Matter(owed, _("待反馈"), _at("supervision:inspections", campaign, "waiting"))


def _problems(by: User, campaign: Campaign) -> Iterator[Matter]:
    rows = list(problems_for(by, campaign))
    page = "supervision:problems"
    yield Matter(
        sum(1 for r in rows if is_late(r)), _("办结逾期"), _at(page, campaign, "late"), True
    )
    leaders = sum(1 for r in rows if r.state == "for_leaders")
    yield Matter(leaders, _("待领导决策"), _at(page, campaign, "leaders"))
    waiting = sum(1 for r in rows if r.state in UNDECIDED) - leaders
    yield Matter(waiting, _("待议定"), _at(page, campaign))


def _pledges(by: User, campaign: Campaign) -> Iterator[Matter]:
    rows, day = list(commitments_for(by, campaign)), today()
    late = sum(1 for r in rows if is_commitment_overdue(r, day))
    asked = sum(1 for r in rows if asks_progress(r, day) and not is_commitment_overdue(r, day))
    claimed = sum(1 for r in rows if r.state == "claimed")
    plans = plans_for(by, campaign).filter(state=ActionPlan.State.SUBMITTED).count()
    yield Matter(late, _("已过时限"), _at("pledges:list", campaign, "overdue"), True)
    yield Matter(asked, _("该报进展"), _at("pledges:list", campaign, "asked"))
    yield Matter(claimed, _("待认定"), _at("pledges:list", campaign, "claimed"))
    yield Matter(plans, _("作战方案待审定"), _at("pledges:plans", campaign, "waiting"))


def _redlines(by: User, campaign: Campaign) -> Iterator[Matter]:
    states = list(incidents_for(by, campaign).values_list("state", flat=True))
    risks, day = risks_for(by, campaign).filter(closed_at=None), today()
    late = sum(1 for r in risks if is_overdue(r, day))
    page = "redlines:list"
    yield Matter(late, _("风险检查逾期"), _at("redlines:risks", campaign, "overdue"), True)
    waiting = states.count(Incident.State.RECORDED)
    yield Matter(waiting, _("事件待审定"), _at(page, campaign, "waiting"))
    appealed = states.count(Incident.State.APPEALED)
    yield Matter(appealed, _("申诉待答复"), _at(page, campaign, "appealed"))
