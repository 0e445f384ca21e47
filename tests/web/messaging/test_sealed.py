"""Channels' secrets: encrypted in the database, never shown again, signed for Feishu."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.base.sealed import opened, sealed
from saima_web.messaging import actions
from saima_web.messaging.models import Channel, Delivery
from saima_web.messaging.outbox import send_due
from saima_web.people.models import User
from tests.support.receivers import gateway
from tests.web.cast import House
from tests.web.messaging.test_outbox import HTTP_FORM, NOON, robot, tell

As = Callable[[User], Client]
TOKEN, SECRET = "8a7b6c5d-1", "SECfeishu-7"
ROBOT_FORM = {
    "name": "群", "kind": "feishu", "on": "on", "account": TOKEN, "secret": SECRET,
    "method": "POST", "security": "none", "timeout": "10",
}  # fmt: skip


def raw(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address, account, secret, headers FROM messaging_channel WHERE id = %s", [pk]
        )
        return "|".join(cursor.fetchone())


def kept(house: House, **values: Any) -> Channel:
    given = {"kind": "http", "name": "网关", "address": "http://10.1.2.3/?key=K77", **values}
    return actions.save_channel(by=house.admin, secret="s3cret", **given)


def test_what_opens_a_gateway_is_not_in_the_database_nor_in_the_ledger(house: House) -> None:
    row = kept(house, account="acc-9", headers="X-Sign: {secret}")
    text = raw(row.pk)
    for word in ("10.1.2.3", "K77", "s3cret", "acc-9", "X-Sign"):
        assert word not in text
    row.refresh_from_db()
    assert (row.address, row.secret, row.account) == (
        "http://10.1.2.3/?key=K77", "s3cret", "acc-9",
    )  # fmt: skip
    entry = Entry.objects.get(event="channel.added")
    assert "10.1.2.3" in str(entry.data)
    assert "K77" not in str(entry.data)


def test_the_same_secret_is_sealed_differently_and_only_by_its_key() -> None:
    assert sealed("甲") != sealed("甲")
    assert opened(sealed("甲")) == "甲"
    box = sealed("甲")
    with override_settings(SECRET_KEY="another"):
        assert opened(box) == ""
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert opened(box) == "甲"
    assert opened(box[:-4] + "AAA=") == "", "what was tampered with does not open"


def test_a_lost_key_fails_in_words_and_keeps_what_may_be_opened_again(house: House) -> None:
    with gateway() as there, clock.at(NOON):
        row = kept(house, address=there.address, template="{}")
        tell(house, to=house.head)
        with override_settings(SECRET_KEY="another"):
            assert send_due() == (0, 1)
            assert "SAIMA_SECRET 换过" in Delivery.objects.get().error
            again = Channel.objects.get(pk=row.pk)
            again.name = "改名"
            again.save()
        assert there.calls == []
    assert Channel.objects.get(pk=row.pk).secret == "s3cret"


def test_channels_of_before_are_sealed_by_the_migration(house: House) -> None:
    row = kept(house)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_channel SET secret = 'open-1' WHERE id = %s", [row.pk])
    assert Channel.objects.get(pk=row.pk).secret == "open-1"
    importlib.import_module("saima_web.messaging.migrations.0002_sealed").seal(apps, None)
    assert "open-1" not in raw(row.pk)
    assert Channel.objects.get(pk=row.pk).secret == "open-1"


def test_a_robots_token_is_not_shown_again_and_empty_keeps_it(house: House, as_user: As) -> None:
    client = as_user(house.admin)
    page = client.post("/messages/channels/new/", ROBOT_FORM, follow=True).content.decode()
    assert "通道已保存" in page
    assert TOKEN not in page
    assert SECRET not in page
    row = Channel.objects.get()
    there = f"/messages/channels/{row.pk}/"
    client.post(there, ROBOT_FORM | {"account": "", "secret": "", "name": "新名"})
    row.refresh_from_db()
    assert (row.name, row.account, row.secret) == ("新名", TOKEN, SECRET)
    answer = client.post(there, ROBOT_FORM | {"account": "", "kind": "wecom"})
    assert "请填机器人的密钥" in answer.content.decode(), "another robot has another token"


@pytest.mark.parametrize("line", ["Authorization: Bearer abc", "X-Api-Key: abc", "Cookie: a=b"])
def test_a_credential_in_a_header_is_refused(house: House, as_user: As, line: str) -> None:
    client = as_user(house.admin)
    page = client.post("/messages/channels/new/", HTTP_FORM | {"headers": line}).content.decode()
    assert "口令不要写在请求头里" in page
    assert not Channel.objects.exists()
    good = HTTP_FORM | {"headers": line.partition(":")[0] + ": {secret}"}
    client.post("/messages/channels/new/", good)
    assert Channel.objects.exists()


def test_feishus_signature_is_what_the_receiver_reckons(house: House) -> None:
    with gateway(answer='{"code": 0}') as there, clock.at(NOON):
        robot(house, "feishu", there, unit=house.units["E1"], secret=SECRET)
        tell(house, to=house.units["E1"])
        assert send_due() == (1, 0)
    told = there.calls[0].json
    assert told["timestamp"] == str(int(NOON.timestamp()))
    key = f"{told['timestamp']}\n{SECRET}".encode()
    wanted = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
    assert told["sign"] == wanted
    assert "请签收任务" in told["content"]["text"]


def test_an_unsigned_robot_sends_no_signature(house: House) -> None:
    with gateway(answer='{"code": 0}') as there, clock.at(NOON):
        robot(house, "feishu", there, unit=house.units["E1"])
        tell(house, to=house.units["E1"])
        assert send_due() == (1, 0)
    assert "sign" not in there.calls[0].json
