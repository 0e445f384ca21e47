"""What pages of cards show: the table, the box of a state, what may be done, the preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.cards import Proposal, replay
from saima.cards.rules import CardRules
from saima.workflows.card import CARD
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.cards.models import Card
from saima_web.cards.past import past_of
from saima_web.cards.queries import decides
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may
from saima_web.ui.tables import Box, Column, Table

State = Card.State
COLOURS = ("yellow", "red", "orange", "blue", "green", "black")


def cards_table(campaign: Campaign, rows: Iterable[Card]) -> Table:
    """The list of cards, the latest evaluation first."""
    day = today()
    shown = [_row(campaign, card, day) for card in rows]
    return Table(
        columns=(
            Column("title", _("编号"), link="href", template="cards/_level.html", sort="level"),
            Column("unit", _("单位")),
            Column("name", _("事项"), link="href"),
            Column("reason", _("事由"), template="cards/_reason.html"),
            Column("state", _("状态"), template="cards/_state.html"),
            Column("due", _("答复期限"), "date", template="cards/_due.html"),
            Column("deducts", _("扣分"), "number", None, _("分")),
            Column("office", _("提出")),
            Column("on", _("评定日"), "date"),
        ),
        rows=shown,
        name=_("黄牌红牌"),
        search=("title", "unit", "name", "reason"),
        boxes=_boxes(),
        empty=_("还没有黄牌、红牌。"),
        begin=_("启用规则之后，每期排名公布时按规则评定，由负责人决定是否发出。"),
        css="s-rows",
        stacks=True,
    )


def _row(campaign: Campaign, card: Card, day: date) -> dict[str, Any]:
    return {
        "title": card.title, "level": card.level, "colour": card.colour, "good": card.good,
        "unit": str(card.unit), "name": card.name, "reason": card.reason,
        "state": card.state_word, "code": card.state, "late": card.late(day),
        "due": card.due if card.awaits_answer else None,
        "deducts": card.deducts or None, "office": card.get_office_display(),
        "on": card.evaluated_on, "out": card.out, "advised": bool(card.advice),
        "href": reverse("cards:card", args=[campaign.code, card.pk]),
    }  # fmt: skip


def _boxes() -> list[Box]:
    return [
        Box("proposed", _("待决定"), lambda r: r["code"] == State.PROPOSED),
        Box("held", _("暂缓发出"), lambda r: r["code"] == State.HELD),
        Box("out", _("在办"), lambda r: r["out"]),
        Box("late", _("逾期未答复"), lambda r: r["late"]),
        Box("answered", _("待复核"), lambda r: r["code"] == State.ANSWERED),
        Box("escalated", _("已约谈"), lambda r: r["code"] == State.ESCALATED),
        Box("lifted", _("已摘牌"), lambda r: r["code"] == State.LIFTED),
        Box("waived", _("容错免牌"), lambda r: r["code"] == State.WAIVED),
        Box("good", _("激励"), lambda r: r["good"]),
    ]


def summary(rows: Iterable[Card]) -> dict[str, Any]:
    """The clauses of the list's first sentence."""
    every, day = list(rows), today()
    levels = Counter(c.level for c in every if c.out)
    return {
        "levels_out": _("、").join(
            _("%(name)s%(n)s张") % {"name": name, "n": n} for name, n in levels.items()
        ),
        "waiting": sum(c.state == State.PROPOSED for c in every),
        "late": sum(c.late(day) for c in every),
        "answered": sum(c.state == State.ANSWERED for c in every),
    }


EVENTS = {
    "propose": gettext_lazy("提出"), "issue": gettext_lazy("发出"), "hold": gettext_lazy("暂缓"),
    "waive": gettext_lazy("容错免牌"), "lapse": gettext_lazy("不再发出"),
    "answer": gettext_lazy("答复"), "return": gettext_lazy("退回"), "accept": gettext_lazy("认可"),
    "escalate": gettext_lazy("约谈"), "lift": gettext_lazy("摘牌"), "replace": gettext_lazy("换牌"),
}  # fmt: skip


def steps_of(card: Card) -> list[dict[str, Any]]:
    """What was done about a card, in order: the word, what was said, who, when."""
    return [
        {"word": EVENTS[s.event], "note": s.note, "by": s.by, "at": s.at}
        for s in card.steps.select_related("by")
    ]


def choices(by: User, card: Card) -> dict[str, bool]:
    """What a person may do with a card in its present state."""
    on = {"campaign": card.campaign, "unit": card.unit, "indicator": card.indicator}
    possible = set(CARD.events_at(card.state))
    mine = decides(by, card.campaign, card.office)
    advised = {a["kind"] for a in card.advice}
    decision = {"issue", "hold", "waive"} if card.good else {"issue", "hold", "waive", "accept"}
    found = {event: mine and event in possible for event in decision}
    found["return"] = mine and "return" in possible and not card.good
    found["lift"] = mine and "lift" in possible and "lift" in advised
    found["lower"] = mine and "lift" in possible and "lower" in advised
    found["escalate"] = (
        "escalate" in possible
        and not card.good
        and (mine or may(by, "cards.escalate", campaign=card.campaign))
    )
    found["answer"] = "answer" in possible and not card.good and may(by, "cards.answer", **on)
    return found


@dataclass(frozen=True)
class Preview:
    """Which cards would have fallen over a history."""

    label: str
    months: list[dict[str, Any]]
    levels: list[str]
    rows: list[dict[str, Any]]

    @property
    def total(self) -> int:
        return len(self.rows)


def previews(campaign: Campaign, rules: CardRules) -> list[Preview]:
    """The rules replayed over this campaign's year and, where there is one, the one before it."""
    found = []
    for one in (campaign, campaign.cloned_from):
        past = past_of(one, rules) if one is not None else []
        if one is not None and past:
            done = replay(rules, past)
            found.append(_preview(one, rules, list(done.proposals)))
    return found


def _preview(campaign: Campaign, rules: CardRules, proposals: list[Proposal]) -> Preview:
    units = {u.code: str(u) for u in Unit.objects.all()}
    levels = [level.name for level in rules.levels if level.card]
    raised = [p for p in proposals if p.kind == "raise"]
    days = sorted({p.on for p in proposals})
    months = [
        {
            "on": day.strftime("%Y-%m"),
            "counts": [sum(p.on == day and p.level == n for p in raised) for n in levels],
            "lifted": sum(p.on == day and p.kind in ("lift", "lower") for p in proposals),
        }
        for day in days
    ]
    rows = [
        {
            "on": p.on, "unit": units.get(p.unit, p.unit), "name": p.name.removeprefix(units.get(p.unit, "")) or _("整体情况"),
            "level": p.level, "colour": rules.level(p.level).colour, "reason": p.reason,
        }
        for p in raised
    ]  # fmt: skip
    return Preview(campaign.name, months, levels, rows)
