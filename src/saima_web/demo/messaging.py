"""Messages in the demonstration: a notice to everybody; older messages are read, newer ones wait."""

from __future__ import annotations

from datetime import timedelta

from saima_web.base import clock
from saima_web.demo import story
from saima_web.demo.plan import DEMO_DAY
from saima_web.messaging import actions
from saima_web.messaging.models import Message

UNREAD = timedelta(days=2)
"""What came in so shortly before the demonstration's day has not been opened yet."""


def tell(stage: story.Stage) -> None:
    """After everything else, so that it finds what the other parts have told."""
    stage.say("消息和通知")
    with clock.at(story.moment(DEMO_DAY - timedelta(days=1), 8)):
        actions.announce(
            campaign=stage.campaign, by=stage.users["office"], subject="11月数据填报和双月点评会安排",
            text="11月数据请于12月8日18:00前报齐，数据责任部门12日前核定。\n"
            "年终点评会定于12月24日，发言单位会前三天抽签。",
        )  # fmt: skip
    before = story.moment(DEMO_DAY) - UNREAD
    Message.objects.filter(at__lt=before).update(read_at=before)
