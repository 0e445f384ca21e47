"""Telling other systems of events: entered by an administrator, read off the ledger, signed, retried."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from saima.problems import declare, refuse
from saima_web.api.models import Hook, HookDelivery
from saima_web.audit.actions import writing
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.base.sealed import Lost
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import server_name
from saima_web.messaging.leaving import ROUND, State, claimed, due, settle, try_later
from saima_web.messaging.senders import StayHere, said
from saima_web.people.models import User
from saima_web.people.permissions import require

SIGNATURE = "X-Saima-Signature"
TIMEOUT = 10
NOT_FAILED = declare(
    "hook-delivery-not-failed",
    "这条通知没有失败，不用重发。",
    "只有发送失败的通知可以重发。",
    "this notification has not failed; there is nothing to send again.",
    "Only failed ones can be sent again.",
)


def save_hook(
    *, by: User, campaign: Campaign, name: str, address: str, events: Sequence[str], on: bool,
    hook: Hook | None = None,
) -> Hook:  # fmt: skip
    """Add an address or change one. A new one is told of what happens from now on."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        row = Hook.objects.select_for_update().get(pk=hook.pk) if hook else _new()
        if on and not row.on:
            row.seen = _end()
        row.campaign, row.name, row.address, row.on = campaign, name.strip(), address, on
        row.events = [e for e in Hook.Event.values if e in events]
        row.save()
        ledger.record(
            "hook.changed" if hook else "hook.added", f"hook/{row.pk}", campaign=campaign.code,
            name=row.name, server=server_name(address), events=row.events, on=on,
        )  # fmt: skip
    return row


def _new() -> Hook:
    return Hook(secret=secrets.token_urlsafe(32), seen=_end())


def _end() -> int:
    return Entry.objects.aggregate(end=Max("number"))["end"] or 0


def new_secret(*, hook: Hook, by: User) -> str:
    """Another secret for signing; the old one is worth nothing from now on."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        row = Hook.objects.select_for_update().get(pk=hook.pk)
        row.secret = secrets.token_urlsafe(32)
        row.save(update_fields=["secret"])
        ledger.record("hook.reset", f"hook/{row.pk}", campaign=row.campaign.code)
    return str(row.secret)


def retry(*, delivery: HookDelivery, by: User) -> HookDelivery:
    """Send what has failed again, now."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        row = HookDelivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state != State.FAILED:
            raise refuse(NOT_FAILED)
        row.state, row.due_at, row.attempts, row.error = State.WAITING, now(), 0, ""
        row.save()
        ledger.record("hook.retried", f"hook/{row.hook_id}", delivery=row.pk)
    return row


# ── the job ──


def anything_due() -> bool:
    """Whether there is an event to read off the ledger, or a delivery to make."""
    return _due().exists() or any(_news(hook).exists() for hook in Hook.objects.filter(on=True))


def _news(hook: Hook) -> Any:
    rows = Entry.objects.filter(number__gt=hook.seen, campaign=hook.campaign.code)
    return rows.filter(event__in=hook.events)


def _due() -> models.QuerySet[HookDelivery]:
    return due(HookDelivery.objects.filter(hook__on=True))


def tell() -> tuple[int, int]:
    """Make deliveries of what happened and send what is due: how many were sent, how many not."""
    for hook in Hook.objects.filter(on=True).select_related("campaign"):
        _take(hook)
    done = [_sent(d) for d in list(_due().select_related("hook__campaign")[:ROUND])]
    return done.count(True), done.count(False)


def _take(hook: Hook) -> None:
    """Deliveries of the events since the last time, each once however many schedulers there are."""
    found = list(_news(hook).order_by("number")[:ROUND])
    HookDelivery.objects.bulk_create(
        [
            HookDelivery(
                hook=hook, number=e.number, event=e.event, body=_body(hook, e), made_at=now(),
                due_at=now(),
            )
            for e in found
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if found:
        Hook.objects.filter(pk=hook.pk, seen__lt=found[-1].number).update(seen=found[-1].number)


def _body(hook: Hook, entry: Entry) -> dict[str, Any]:
    """What is told of an event: what, when, where; no figures and no names of people."""
    return {
        "id": f"{hook.pk}-{entry.number}", "event": entry.event, "at": entry.at.isoformat(),
        "campaign": entry.campaign, "subject": entry.subject,
    }  # fmt: skip


def _sent(delivery: HookDelivery) -> bool | None:
    """Send one; None where another scheduler has it."""
    if not claimed(delivery):
        return None
    trouble = _send(delivery)
    if trouble:
        try_later(delivery, trouble)
    else:
        settle([delivery], State.SENT)
    return not trouble


def _send(delivery: HookDelivery) -> str:
    """Post a delivery to its address, follow nothing. Returns what went wrong."""
    hook = delivery.hook
    if isinstance(hook.secret, Lost) or isinstance(hook.address, Lost):
        return _("SAIMA_SECRET 换过，地址和密钥解不开，请重新填写地址、更换密钥")
    body = json.dumps(delivery.body, ensure_ascii=False).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Saima-Event": delivery.event,
        "X-Saima-Timestamp": moment,
        SIGNATURE: signature(hook.secret, moment, body),
    }
    try:
        request = Request(hook.address, data=body, headers=headers, method="POST")
        with build_opener(StayHere(), ProxyHandler({})).open(request, timeout=TIMEOUT):
            return ""
    except HTTPError as error:
        return _("对方返回%(status)s") % {"status": error.code}
    except (URLError, OSError, HTTPException, ValueError) as error:
        return _("连不上：%(error)s") % {"error": said(error)}


def signature(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 of the second, a dot and the body: `sha256=<hex>`."""
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"
