"""Telling people, and what they and the administrators decide about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Model
from django.utils.http import url_has_allowed_host_and_scheme

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.messaging.models import Channel, Delivery, House, Message, Notice, Preference
from saima_web.messaging.outbox import put_in, put_to_groups
from saima_web.messaging.queries import To, everybody_in, house, recipients
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require

State = Delivery.State

NOTICE_EMPTY = declare(
    "notice-empty",
    "通知还缺标题或内容。",
    "请补齐后再发。",
    "the notice lacks its title or its text.",
    "Fill it in and send again.",
)
NOTHING_TO_RETRY = declare(
    "delivery-not-failed",
    "这条消息现在是“{state}”，不用重发。",
    "只有发送失败或不再发送的消息可以重发。",
    "this message is “{state}”; there is nothing to send again.",
    "Only failed or dropped messages can be sent again.",
)


def tell(
    *, to: To | Iterable[To], subject: str, kind: str, text: str = "", link: str = "",
    campaign: Campaign | None = None, by: User | None = None,
) -> list[Message]:  # fmt: skip
    """Put a message into people's inboxes, and into the outbox for the ways out they chose.

    to: users, units (their clerks and heads) and roles, or several of them; each person is told
    once. A unit's own group robots hear it too. link: an address of the platform's own (`/c/...`).
    kind: a key of `kinds.KINDS`. Whoever calls this has asked for permission; nothing is sent now.
    """
    if link and not url_has_allowed_host_and_scheme(link, allowed_hosts=None):
        raise ValueError(f"a message links into the platform only: {link}")
    wanted = [to] if isinstance(to, User | Unit | str) else list(to)
    with writing(by) as ledger:
        made = Message.objects.bulk_create(
            Message(
                to=user, campaign=campaign, kind=kind, subject=subject[:200], text=text,
                link=link, at=now(),
            )
            for user in recipients(wanted, campaign)
        )  # fmt: skip
        put_in(made)
        for unit in (one for one in wanted if isinstance(one, Unit)):
            put_to_groups(
                campaign=campaign, unit=unit, kind=kind, subject=subject, text=text, link=link
            )
        if made:
            ledger.record(
                "message.posted", link[:120], campaign=campaign.code if campaign else "",
                kind=kind, to=[m.to_id for m in made], personal=subject,
            )  # fmt: skip
    return made


def announce(*, campaign: Campaign, subject: str, text: str, by: User, link: str = "") -> Notice:
    """The office tells everybody in a campaign, and the campaign's group robots."""
    with writing(by):
        require(by, "notices.write", campaign=campaign)
        if not subject.strip() or not text.strip():
            raise refuse(NOTICE_EMPTY)
        words = {"subject": subject.strip(), "text": text.strip()}
        made = Notice.objects.create(campaign=campaign, link=link, at=now(), by=by, **words)
        there = f"/c/{campaign.code}/notices/{made.pk}/"
        told = tell(to=everybody_in(campaign), kind="notice", link=there, campaign=campaign, by=by,
                    **words)  # fmt: skip
        put_to_groups(campaign=campaign, unit=None, kind="notice", link=there, **words)
        made.reached = len(told)
        made.save(update_fields=["reached"])
    return made


def mark_read(*, messages: Iterable[Message], by: User) -> int:
    """Mark a person's own messages as read."""
    mine = by.inbox.filter(pk__in=[m.pk for m in messages], read_at__isnull=True)
    return mine.update(read_at=now())


def save_preference(*, by: User, **values: Any) -> Preference:
    """How a person wants messages outside the platform."""
    with writing(by) as ledger:
        row, _made = Preference.objects.update_or_create(user=by, defaults=values)
        ledger.record("preference.saved", f"user/{by.username}", pace=row.pace)
    return row


def save_house(*, by: User, **values: Any) -> House:
    """Quiet hours, the digest's time and the platform's address, for everybody."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        row = house()
        _put(row, values)
        ledger.record("message.settings", "messages", **{k: str(v) for k, v in values.items()})
    return row


def save_channel(*, by: User, channel: Channel | None = None, **values: Any) -> Channel:
    """Add a way out or change one. An empty secret keeps the one that is there, as does a robot's
    empty account. The ledger keeps the server's name only: a path may hold a token."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        row = Channel.objects.select_for_update().get(pk=channel.pk) if channel else Channel()
        if not values.get("secret"):
            values.pop("secret", None)
        if row.is_robot and values.get("kind") == row.kind and not values.get("account"):
            values.pop("account", None)
        _put(row, values)
        ledger.record(
            "channel.changed" if channel else "channel.added", f"channel/{row.pk}",
            name=row.name, kind=row.kind, server=server_name(row.address), on=row.on,
        )  # fmt: skip
    return row


def server_name(address: str) -> str:
    """The host of a web address or of `mail.intranet:25`, with its port."""
    return urlsplit(address if "://" in address else f"//{address}").netloc.rpartition("@")[2]


def _put(row: Model, values: dict[str, Any]) -> None:
    for key, value in values.items():
        setattr(row, key, value)
    row.save()


def try_channel(*, channel: Channel, by: User) -> Delivery:
    """Put one message into the outbox to see whether a way out works; it ignores quiet hours."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        subject = f"赛马平台：试发“{channel.name}”"
        made = Delivery.objects.create(
            channel=channel, to=None if channel.is_robot else by, kind="notice", subject=subject,
            text="收到这条消息，说明通道可用。", link="/inbox/", made_at=now(), due_at=now(),
            campaign=channel.campaign,
        )  # fmt: skip
        ledger.record("channel.tried", f"channel/{channel.pk}", name=channel.name)
    return made


def retry(*, deliveries: Iterable[Delivery], by: User) -> int:
    """Send failed or dropped deliveries again, now."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        wanted = [d.pk for d in deliveries]
        rows = list(Delivery.objects.select_for_update().filter(pk__in=wanted))
        for row in rows:
            if row.state not in (State.FAILED, State.DROPPED):
                raise refuse(NOTHING_TO_RETRY, state=row.get_state_display())
        _reset(rows)
        if rows:
            ledger.record("delivery.retried", "messages", deliveries=[d.pk for d in rows])
    return len(rows)


def _reset(rows: list[Delivery]) -> None:
    for row in rows:
        row.state, row.due_at, row.attempts, row.error = State.WAITING, now(), 0, ""
    Delivery.objects.bulk_update(rows, ["state", "due_at", "attempts", "error"])


def drop(*, delivery: Delivery, by: User) -> Delivery:
    """Give a delivery up."""
    with writing(by) as ledger:
        require(by, "messages.manage")
        found = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if found.state in (State.WAITING, State.FAILED):
            found.state = State.DROPPED
            found.save(update_fields=["state"])
            ledger.record("delivery.dropped", "messages", delivery=found.pk)
    return found
