"""Inspections, problems, dispatch meetings and messages in the house, with words planted in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saima_web.base.clock import now, today
from saima_web.messaging.models import Channel, Delivery, Message, Notice
from saima_web.supervision.models import (
    AgendaLine,
    Finding,
    Inspected,
    Inspection,
    Meeting,
    Minute,
    Problem,
    Step,
)

OWNED = {"E1": ("revenue", "D1"), "E2": ("investment", "D2")}
"""What stands for a unit: an indicator in the same care, and the department that leads on it."""


def build(chest: Any, units: tuple[str, ...]) -> None:
    """One of everything for each unit, and what a unit must not read yet."""
    for number, code in enumerate(units, 1):
        indicator, lead = OWNED[code]
        on = {"unit": chest.house.units[code], "indicator": chest.house.indicators[indicator]}
        _inspection(chest, number, chest.house.units[lead], on)
        _problem(chest, number, chest.house.units[lead], on)
        _meeting(chest, number, on["unit"])
    _messages(chest)


def _inspection(chest: Any, number: int, lead: Any, on: dict[str, Any]) -> None:
    house, see = chest.house, "inspections.see"
    hidden = on | {"unit": house.units["G"]}
    for told in (True, False):
        row = Inspection.objects.create(
            campaign=house.campaign, number=number * 2 - told, title=chest.word("督查", see, **on),
            lead_unit=lead, begins_on=today(), ends_on=today(), made_by=house.office,
            content=chest.word("事项", see, **on), made_at=now(),
        )  # fmt: skip
        seen = on if told else hidden
        part = Inspected.objects.create(
            inspection=row, unit=on["unit"], state="concluded" if told else "recorded",
            visited_on=today(), inspectors="严督", record=chest.word("情况", see, **seen),
            conclusion=chest.word("结论", see, **seen), concluded_on=today(), answer_by=date(2027, 1, 1),
        )  # fmt: skip
        finding = Finding.objects.create(
            inspected=part, text=chest.word("问题", see, **seen), deadline=today(),
            requirement=chest.word("要求", see, **seen), measure=chest.word("整改", see, **seen),
        )  # fmt: skip
        if told:
            chest.add("inspection", row.pk, **on)
            chest.add("inspected", part.pk, **on)
            chest.add("finding", finding.pk, **on)


def _problem(chest: Any, number: int, lead: Any, on: dict[str, Any]) -> None:
    house, see = chest.house, "problems.see"
    slot = Problem.objects.create(
        campaign=house.campaign, number=number * 2, unit=on["unit"], lead_unit=lead,
        title=chest.word("难题", see, **on), detail="x", asks=chest.word("请求", see, **on),
        raised_by=house.office, raised_at=now(), state="for_meeting", level="meeting",
        slot_on=today(),
    )  # fmt: skip
    row = Problem.objects.create(
        campaign=house.campaign, number=number * 2 - 1, unit=on["unit"], lead_unit=lead,
        title=chest.word("难题", see, **on), detail=chest.word("情况", see, **on),
        asks=chest.word("请求", see, **on), responsible_unit=on["unit"], due_on=today(),
        decision=chest.word("议定", see, **on), result=chest.word("办理", see, **on),
        raised_by=house.office, raised_at=now(), state="decided", decided_on=today(),
    )  # fmt: skip
    Step.objects.create(
        problem=row, event="decide", state="decided", note=chest.word("过程", see, **on),
        by=house.office, at=now(),
    )  # fmt: skip
    chest.add("problem", row.pk, **on)
    chest.add("problem", slot.pk, **on)
    chest.add("problem-in-hand", row.pk, **on)


def _meeting(chest: Any, number: int, unit: Any) -> None:
    house, see = chest.house, "dispatch.see"
    row = Meeting.objects.create(
        campaign=house.campaign, number=number, on=today() + timedelta(days=number),
        state="issued", drawn_at=now(),
    )  # fmt: skip
    AgendaLine.objects.create(
        meeting=row, order=1, kind="problem", unit=unit, text=chest.word("议程", see, unit=unit)
    )
    line = Minute.objects.create(meeting=row, unit=unit, text=chest.word("议定", see, unit=unit))
    chest.add("meeting", row.pk, unit=unit)
    chest.add("meeting-paper", row.pk, unit=house.units["G"])
    chest.add("minute", line.pk)


def _messages(chest: Any) -> None:
    house = chest.house
    own = Message.objects.create(
        to=house.clerk, kind="notice", subject="给自己的话", text="只给沈知禾", at=now()
    )
    chest.add("message", own.pk, only=("clerk",))
    channel = Channel.objects.create(
        name=chest.word("通道", "messages.manage"), kind="http", address="http://127.0.0.1:1/",
        secret=chest.word("口令"),
    )  # fmt: skip
    chest.add("channel", channel.pk)
    delivery = Delivery.objects.create(
        channel=channel, to=house.clerk, kind="notice", made_at=now(), due_at=now(),
        subject=chest.word("外发", "messages.manage"), state="failed", error="网关返回500",
    )  # fmt: skip
    chest.add("delivery", delivery.pk)
    notice = Notice.objects.create(
        campaign=house.campaign, subject=chest.word("通知", "notices.see"), text="周三开会。",
        at=now(), by=house.office,
    )  # fmt: skip
    chest.add("notice", notice.pk)
