"""A token of the clerk, and an address that is told of events, with a delivery that failed."""

from __future__ import annotations

from typing import Any

from saima_web.api import tokens
from saima_web.api.models import Hook, HookDelivery
from saima_web.base.clock import now


def build(chest: Any) -> None:
    house = chest.house
    token = tokens.make(by=house.clerk, name="月报程序", scopes=["read"])[0]
    chest.add("token", token.pk)
    chest.add("own-token", token.pk, only=("clerk",))
    hook = Hook.objects.create(
        campaign=house.campaign, name=chest.word("推送", "messages.manage"),
        address="http://127.0.0.1:9/", events=["run.published"], secret="s" * 43,
    )  # fmt: skip
    failed = HookDelivery.objects.create(
        hook=hook, number=1, event="run.published", state="failed", made_at=now(), due_at=now(),
        body={"subject": chest.word("对象", "messages.manage")},
    )  # fmt: skip
    chest.add("hook", hook.pk)
    chest.add("hook-delivery", failed.pk)
