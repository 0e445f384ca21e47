"""One object of every kind in the house, each unit's own, with secret words planted in them.

`build(house)` returns a Chest: by kind the objects that addresses name, and the secrets with whom
they may be shown to. The rules are those of `permissions.RULES`; nothing here says them again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from saima_web.base.clock import now, today
from saima_web.campaigns.models import DayOverride, KeyDate
from saima_web.followup.models import Instruction
from saima_web.indicators.models import CheckRule, Indicator, Note, Rulebook
from saima_web.people.models import LoginSession, Post, Unit, Upload, User
from saima_web.people.permissions import may
from saima_web.publishing.models import Bulletin, BulletinFile
from saima_web.reporting.models import DueException, Entry, Evidence, Figure, Remark, Round
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import Appeal, ScoreEvent, ScoreRun, SheetCheck
from saima_web.targets.models import Countermeasure, Lead, LeadStep, Target, TargetSet
from tests.web import (
    objects_api,
    objects_cards,
    objects_projects,
    objects_redlines,
    objects_supervision,
    objects_tasks,
)
from tests.web.cast import RULEBOOK, House


@dataclass(frozen=True)
class Thing:
    """What stands in an address, with what decides whether somebody may reach it.

    also: an action that is asked beside the view's; only: names in the house of those whom it
    belongs to, where it belongs to a person.
    """

    value: Any
    unit: Unit | None = None
    indicator: Indicator | None = None
    also: str | None = None
    only: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Secret:
    """A word planted in one place; any of `actions` on `unit` and `indicator` opens it."""

    word: str
    actions: tuple[str, ...]
    unit: Unit | None = None
    indicator: Indicator | None = None

    def open_to(self, user: User, house: House) -> bool:
        on = {"campaign": house.campaign, "unit": self.unit, "indicator": self.indicator}
        return any(may(user, action, **on) for action in self.actions)


PLANTED = re.compile(r"[\u4e00-\u9fff]{2}密语\d{3}|(?<![\d.])\d{7}(?!\d)")
"""What `Chest.word` and `Chest.value` make; the decimals of another number are no figure."""


@dataclass
class Chest:
    """Things by kind, and secrets."""

    house: House
    things: dict[str, list[Thing]] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    count: int = 0

    def add(self, kind: str, value: Any, **on: Any) -> None:
        self.things.setdefault(kind, []).append(Thing(value, **on))

    def word(self, what: str, *actions: str, **on: Any) -> str:
        """A word that stands nowhere else, kept as a secret."""
        self.count += 1
        word = f"{what}密语{self.count:03}"
        self.secrets.append(Secret(word, actions, **on))
        return word

    def value(self, *actions: str, **on: Any) -> Decimal:
        """A figure that stands nowhere else, kept as a secret."""
        self.count += 1
        found = Decimal(7_390_000 + 1_013 * self.count)
        self.secrets.append(Secret(str(found), actions, **on))
        return found


UNITS = ("E1", "E2")


def build(house: House) -> Chest:
    """Everything that an address may name. Runs are made by the platform's own scoring."""
    chest = Chest(house)
    _names(chest)
    _people(chest)
    _campaign(chest)
    _indicators(chest)
    _targets(chest)
    for entry in Entry.objects.filter(unit__code__in=UNITS).select_related("unit", "indicator"):
        _cell(chest, entry)
    _rounds(chest)
    _runs(chest)
    _uploads(chest)
    objects_redlines.build(chest, UNITS)
    objects_cards.build(chest, UNITS)
    objects_supervision.build(chest, UNITS)
    objects_tasks.build(chest, UNITS)
    objects_projects.build(chest, UNITS)
    objects_api.build(chest)
    return chest


def _names(chest: Chest) -> None:
    house = chest.house
    for code in UNITS:
        chest.add("unit", code, unit=house.units[code])
    for code, row in house.indicators.items():
        chest.add("indicator", code, indicator=row)
    chest.add("campaign", house.campaign.code)
    chest.add("period", "2026-10")
    chest.add("published-period", "2026-08")


def _people(chest: Chest) -> None:
    house = chest.house
    chest.add("user", house.other_clerk.pk)
    chest.add("post", house.other_clerk.posts.get().pk)
    chest.add("unit-row", house.units["E2"].pk)
    session = LoginSession.objects.create(
        user=house.clerk, key="k" * 32, began_at=now(), agent="clerk's own browser"
    )
    chest.add("session", session.pk, only=("clerk",))
    colleague = User.objects.create_user("colleague", name="葛同事", unit=house.units["E1"])
    deputy = Post.objects.create(
        user=colleague, role="clerk", unit=house.units["E1"], campaign=house.campaign,
        valid_from=today(), valid_to=today(), deputy_for=house.clerk,
    )  # fmt: skip
    chest.add("deputy", deputy.pk, only=("clerk", "head", "admin", "security"))


def _campaign(chest: Chest) -> None:
    campaign = chest.house.campaign
    campaign.public = True
    campaign.save()
    chest.add("member", campaign.participations.get(unit__code="C1").pk)
    chest.add("track", campaign.tracks.first().pk)
    chest.add(
        "key-date",
        KeyDate.objects.create(campaign=campaign, on=date(2026, 12, 1), name="推进会").pk,
    )
    chest.add("day", DayOverride.objects.create(on=date(2026, 12, 5), working=True).pk)


def _indicators(chest: Chest) -> None:
    house = chest.house
    for row in house.indicators.values():
        check = CheckRule.objects.create(indicator=row, kind="minimum", limit=Decimal(0))
        chest.add("check-rule", check.pk)
        contact = Note.objects.create(
            indicator=row, kind="contact", on=date(2026, 10, 9), party="示例统计局",
            title=chest.word("对接", "contacts.see", indicator=row), recorded_at=now(),
            text=chest.word("对接", "contacts.see", indicator=row), by=house.office,
        )  # fmt: skip
        chest.add("note", contact.pk, indicator=row)
    published = house.campaign.rulebooks.get()
    chest.add("rulebook", published.pk)
    word = chest.word("草稿", "rulebooks.see-draft")
    text = RULEBOOK.replace("version: 1", "version: 2").replace("典型经验推广", word)
    draft = Rulebook.objects.create(
        campaign=house.campaign, name="race", title=published.title, version=2, text=text,
        digest="draft", saved_at=now(), published_by=None,
    )  # fmt: skip
    chest.add("rulebook", draft.pk, also="rulebooks.see-draft")
    chest.add("draft-rulebook", draft.pk, also="rulebooks.see-draft")


def _targets(chest: Chest) -> None:
    house, moment = chest.house, now()
    batch = TargetSet.objects.get()
    draft = TargetSet.objects.create(
        campaign=house.campaign, title="年中调整", made_at=moment, made_by=house.office
    )
    waiting = TargetSet.objects.create(
        campaign=house.campaign, title="待批调整", state="submitted", made_at=moment,
        submitted_at=moment, made_by=house.office,
    )  # fmt: skip
    chest.add("draft-targets", draft.pk, only=("office",))
    chest.add("targets", batch.pk)
    chest.add("waiting-targets", waiting.pk)
    row = house.indicators["investment"]
    for code in UNITS:
        unit = house.units[code]
        on: dict[str, Any] = {"unit": unit, "indicator": row}
        Target.objects.create(
            batch=batch, period="2026", goal=chest.word("目标", "targets.see", **on),
            recorded_at=moment, value=chest.value("targets.see", **on), **on,
        )  # fmt: skip
        Target.objects.create(
            batch=batch, period="2026-11", recorded_at=moment,
            value=chest.value("targets.see", **on), **on,
        )  # fmt: skip
        lead = Lead.objects.create(
            campaign=house.campaign, name=chest.word("线索", "targets.see", **on),
            place=chest.word("地块", "targets.see", **on), **on,
        )  # fmt: skip
        LeadStep.objects.create(
            lead=lead, on=date(2026, 10, 1), note=chest.word("进展", "targets.see", **on),
            recorded_at=moment, by=house.project_office,
        )  # fmt: skip
        chest.add("lead", lead.pk, **on)
        Countermeasure.objects.create(
            campaign=house.campaign, period="2026-09", cause=chest.word("原因", "targets.see", **on),
            measure=chest.word("措施", "targets.see", **on), responsible="某主任",
            due=date(2026, 12, 1), recorded_at=moment, **on,
        )  # fmt: skip


def _cell(chest: Chest, entry: Entry) -> None:
    """A cell that waits for confirmation, with everything that can be attached to it."""
    house, moment = chest.house, now()
    on: dict[str, Any] = {"unit": entry.unit, "indicator": entry.indicator}
    see = "figures.see"
    by = house.clerk if entry.unit.code == "E1" else house.other_clerk
    entry.reported = Figure.objects.create(
        period=entry.round.period, source="reported", value=chest.value(see, **on),
        recorded_at=moment, by=by, **on,
    )  # fmt: skip
    entry.state, entry.reason = "endorsed", chest.word("退回", see, **on)
    entry.submitted_at = entry.changed_at = moment
    entry.save()
    for kind in Remark.Kind.values:
        Remark.objects.create(
            entry=entry, kind=kind, text=chest.word("批注", see, **on), by=by, at=moment,
            measure=chest.word("追赶", see, **on) if kind == "behind" else "",
        )  # fmt: skip
    proof = Evidence.objects.create(
        entry=entry, name=chest.word("佐证", see, **on) + ".txt", size=9, digest="0" * 64, by=by,
        file=ContentFile(chest.word("附件", see, **on).encode(), "proof.txt"), at=moment,
    )  # fmt: skip
    chest.add("cell", entry.pk, **on)
    chest.add("evidence", proof.pk, **on)


def _rounds(chest: Chest) -> None:
    house = chest.house
    for code in UNITS:
        unit = house.units[code]
        DueException.objects.create(
            round=Round.objects.get(), unit=unit, until=now() + timedelta(days=5), at=now(),
            reason=chest.word("延期", "figures.see", unit=unit), by=house.office,
        )  # fmt: skip
        order = Instruction.objects.create(
            campaign=house.campaign, unit=unit, text=chest.word("批示", "instructions.see", unit=unit),
            due_on=date(2026, 12, 1), state="answered", written_by=house.leader, written_at=now(),
            answer=chest.word("回复", "instructions.see", unit=unit),
        )  # fmt: skip
        chest.add("instruction", order.pk, unit=unit)
    event = ScoreEvent.objects.create(
        campaign=house.campaign, kind="bonus", unit=house.units["E2"], name="典型经验推广",
        on=date(2026, 9, 9), basis="示例〔2026〕7号", recorded_at=now(), recorded_by=house.office,
    )  # fmt: skip
    chest.add("event", event.pk)


def _runs(chest: Chest) -> None:
    """A published run with an appeal and a bulletin, one in every other state, and sheets."""
    house = chest.house
    published = _run(house, "2026-08", "published")
    chest.add("published-run", published.pk)
    chest.add("run", published.pk)
    for period, state in (("2026-07", "draft"), ("2026-09", "checking")):
        run = _run(house, period, state)
        chest.add("run", run.pk, also="scores.see-draft")
        chest.add(f"{state}-run", run.pk, also="scores.see-draft")
    checking = ScoreRun.objects.get(state="checking")
    chest.add("sent-run", published.pk)
    chest.add("sent-run", checking.pk)
    chest.add("run-to-check", checking.pk)
    for check in SheetCheck.objects.filter(unit__code__in=UNITS).select_related("unit", "run"):
        check.note = chest.word("核对", "sheets.check", "scores.see-draft", unit=check.unit)
        check.save()
        if check.run.state == "checking":
            chest.add("check", check.pk, unit=check.unit)
    for code in UNITS:
        unit = house.units[code]
        appeal = Appeal.objects.create(
            run=published, unit=unit, indicator=house.indicators["revenue"], raised_at=now(),
            raised_by=house.head if code == "E1" else house.other_head,
            grounds=chest.word("申诉", "appeals.see", unit=unit),
        )  # fmt: skip
        chest.add("appeal", appeal.pk, unit=unit)
    bulletin = Bulletin.objects.create(
        campaign=house.campaign, run=published, issue=1, title="8月赛马比拼情况的通报",
        dated=date(2026, 9, 18), issued_at=now(), issued_by=house.office,
    )  # fmt: skip
    chest.add("bulletin", bulletin.pk)
    paper = BulletinFile.objects.create(
        bulletin=bulletin, name="通报.docx", digest="0" * 64,
        file=ContentFile(b"a bulletin as it was issued", "bulletin.docx"),
    )  # fmt: skip
    chest.add("bulletin-file", paper.pk)


STEPS = {
    "checking": (lambda r, h: scoring.send_for_checking(run=r, by=h.office),),
    "published": (
        lambda r, h: scoring.send_for_checking(run=r, by=h.office),
        lambda r, h: scoring.close_checking(run=r, by=h.office),
        lambda r, h: scoring.approve(run=r, by=h.leader),
        lambda r, h: scoring.publish(run=r, by=h.office),
    ),
    "draft": (),
}


def _run(house: House, period: str, state: str) -> ScoreRun:
    run = scoring.run(campaign=house.campaign, period=period, by=house.office)
    for step in STEPS[state]:
        run = step(run, house)
    assert run.state == state
    return run


def _uploads(chest: Chest) -> None:
    house = chest.house
    for kind, who in (
        ("people", "admin"),
        ("campaign", "office"),
        ("history", "office"),
        ("projects", "project_office"),
    ):
        kept = Upload.objects.create(
            kind=kind, campaign=house.campaign if kind in ("history", "projects") else None, name="表.xlsx",
            file=ContentFile(b"no workbook at all", "table.xlsx"), digest="0" * 64, at=now(),
            by=house.people[who],
        )  # fmt: skip
        chest.add(f"{kind}-upload", kept.pk, only=(who,))
