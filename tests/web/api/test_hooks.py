"""Events told to other systems: signed, once, retried, logged; to a real receiver."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.api import hooks
from saima_web.api.models import Hook, HookDelivery
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.messaging.leaving import PAUSES
from saima_web.people.models import User
from saima_web.site.jobs import run_due
from tests.support.receivers import Call, gateway
from tests.web.api.caller import publish
from tests.web.cast import House

As = Callable[[User], Client]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def hook(house: House, address: str, *events: str, **more: Any) -> Hook:
    return hooks.save_hook(
        by=house.admin, campaign=house.campaign, name="财务系统", address=address,
        events=events or Hook.Event.values, **({"on": True} | more),
    )  # fmt: skip


def states() -> list[str]:
    return list(HookDelivery.objects.order_by("pk").values_list("state", flat=True))


def signed(call: Call, secret: str) -> bool:
    """Whether a call's signature is right, reckoned as the guide tells receivers."""
    words = f"{call.headers['X-Saima-Timestamp']}.{call.body}".encode()
    made = hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()
    return call.headers["X-Saima-Signature"] == f"sha256={made}"


def test_a_published_run_is_told_with_a_signature(house: House) -> None:
    with gateway() as there:
        row = hook(house, there.address + "/saima?k=1")
        publish(house)
        assert "api.tell" in run_due()
    [call] = there.calls
    assert (call.method, call.path) == ("POST", "/saima?k=1")
    assert call.headers["X-Saima-Event"] == "run.published"
    assert call.json["subject"].startswith("run/race/2026-09/") and call.json["campaign"] == "race"
    assert signed(call, row.secret) and not signed(call, "another")
    assert states() == ["sent"]


def test_nothing_is_told_of_what_was_before_or_of_other_events(house: House) -> None:
    publish(house, "2026-08")
    with gateway() as there:
        hook(house, there.address)
        hook(house, there.address, "card.issued")
        assert not hooks.anything_due()
        publish(house)
        assert hooks.tell() == (1, 0)
        assert hooks.tell() == (0, 0) and not hooks.anything_due()
    assert len(there.calls) == 1


def test_a_stopped_address_is_told_nothing_nor_what_happened_meanwhile(house: House) -> None:
    with gateway() as there:
        row = hook(house, there.address, on=False)
        publish(house)
        assert not hooks.anything_due()
        hook(house, there.address, hook=row)
        assert hooks.tell() == (0, 0)
    assert there.calls == []


def test_what_fails_is_tried_again_and_at_last_given_up(house: House) -> None:
    with gateway(status=500) as there, clock.at(NOON):
        hook(house, there.address)
        publish(house)
        assert hooks.tell() == (0, 1)
        assert hooks.tell() == (0, 0)
        moment = NOON
        for pause in PAUSES:
            moment += pause
            with clock.at(moment):
                assert hooks.tell() == (0, 1)
        assert states() == ["failed"]
        row = HookDelivery.objects.get()
        assert row.attempts == 1 + len(PAUSES) and "500" in row.error
        there.status = 200
        hooks.retry(delivery=row, by=house.admin)
        assert hooks.tell() == (1, 0)
    assert states() == ["sent"]
    with pytest.raises(Refused, match="不用重发"):
        hooks.retry(delivery=row, by=house.admin)


def test_a_redirect_is_not_followed(house: House) -> None:
    with gateway() as inner, gateway(status=307, location=inner.address) as there:
        hook(house, there.address)
        publish(house)
        assert hooks.tell() == (0, 1)
    assert inner.calls == [] and len(there.calls) == 1


def test_an_interrupted_delivery_is_taken_up_again(house: House) -> None:
    with gateway() as there:
        hook(house, there.address)
        publish(house)
        hooks.tell()
        gone = clock.now() - timedelta(hours=1)
        HookDelivery.objects.update(state="sending", claimed_at=gone)
        assert hooks.tell() == (1, 0)
    assert there.calls[0].json["id"] == there.calls[1].json["id"]


def test_the_administrator_enters_an_address_and_sees_the_secret_once(
    house: House, as_user: As
) -> None:
    admin = as_user(house.admin)
    words = {
        "campaign": house.campaign.pk, "name": "财务系统", "address": "http://127.0.0.1:9/x?token=abc",
        "events": ["run.published"], "on": "on",
    }  # fmt: skip
    page = admin.post("/hooks/new/", words).content.decode()
    row = Hook.objects.get()
    assert row.secret in page and row.events == ["run.published"]
    assert row.secret not in admin.get(f"/hooks/{row.pk}/").content.decode()
    assert "token=abc" not in str(Entry.objects.get(event="hook.added").data)
    publish(house)
    hooks.tell()
    assert "连不上" in admin.get(f"/hooks/{row.pk}/").content.decode()
    old = row.secret
    admin.post(f"/hooks/{row.pk}/secret/")
    assert Hook.objects.get().secret != old


@pytest.mark.parametrize(
    "address", ["ftp://there/x", "there", "http://", "http://a b/", "http://x:99999/"]
)
def test_an_address_that_is_none_is_refused(house: House, as_user: As, address: str) -> None:
    words = {
        "campaign": house.campaign.pk,
        "name": "财务",
        "address": address,
        "events": ["run.published"],
    }
    page = as_user(house.admin).post("/hooks/new/", words).content.decode()
    assert "http://" in page and not Hook.objects.exists()


def test_the_office_enters_no_addresses(house: House, as_user: As) -> None:
    assert as_user(house.office).get("/hooks/").status_code == 403
    with pytest.raises(Refused):
        hooks.save_hook(
            by=house.office, campaign=house.campaign, name="财务", address="http://x", events=[], on=True
        )  # fmt: skip
