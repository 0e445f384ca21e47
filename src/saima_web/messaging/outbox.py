"""The outbox: which messages leave by which channel and when, and the job that sends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.messaging.hours import awake, next_time
from saima_web.messaging.kinds import INSIDE_ONLY, word_of
from saima_web.messaging.leaving import ROUND, State, claimed, due, settle, try_later
from saima_web.messaging.models import Channel, Delivery, House, Message, Preference
from saima_web.messaging.parcels import NotSent, Parcel
from saima_web.messaging.queries import house, people_of
from saima_web.messaging.senders import send
from saima_web.people.models import Role, Unit, User

# --- putting in ---------------------------------------------------------------------------------


def put_in(messages: Sequence[Message]) -> list[Delivery]:
    """Put messages to people into the outbox, for each channel that carries them to each."""
    leaving = [m for m in messages if m.kind not in INSIDE_ONLY]
    if not leaving:
        return []
    channels = [c for c in _channels(leaving[0]) if not c.is_robot]
    if not channels:
        return []
    usual, wishes = house(), _wishes(leaving)
    made = [
        _delivery(channel, message, wishes.get(message.to_id), usual)
        for message in leaving
        for channel in channels
        if _reaches(channel, message.to, wishes.get(message.to_id))
    ]
    return Delivery.objects.bulk_create(made, batch_size=500)


def put_to_groups(
    *, campaign: Campaign | None, unit: Unit | None, kind: str, subject: str, text: str, link: str
) -> list[Delivery]:
    """Put one message to the robots of a unit's groups, or of the campaign's where unit is None."""
    if kind in INSIDE_ONLY:
        return []
    like = Message(campaign=campaign, kind=kind, subject=subject, text=text, link=link)
    robots = [c for c in _channels(like) if c.is_robot and c.unit_id == (unit.pk if unit else None)]
    if not robots:
        return []
    usual = house()
    return Delivery.objects.bulk_create([_delivery(c, like, None, usual) for c in robots])


def _channels(message: Message) -> list[Channel]:
    """The channels that carry a kind of message of a campaign."""
    own = Q(campaign__isnull=True) | Q(campaign=message.campaign_id)
    rows = Channel.objects.filter(own, on=True)
    return [c for c in rows if not c.kinds or message.kind in c.kinds]


def _wishes(messages: Iterable[Message]) -> dict[int, Preference]:
    rows = Preference.objects.filter(user__in={m.to_id for m in messages})
    return {row.user_id: row for row in rows}


def _reaches(channel: Channel, user: User, wish: Preference | None) -> bool:
    if wish is not None and wish.pace == Preference.Pace.INSIDE:
        return False
    if channel.kind == Channel.Kind.MAIL:
        return bool(wish and wish.mail)
    used = channel.address + channel.headers + channel.template
    if "{mail}" in used and not (wish and wish.mail):
        return False
    return "{phone}" not in used or bool(user.phone)


def _delivery(
    channel: Channel, message: Message, wish: Preference | None, usual: House
) -> Delivery:
    moment = now()
    digest = wish is not None and wish.pace == Preference.Pace.DIGEST
    earliest = next_time(moment, usual.digest_at) if digest else moment
    return Delivery(
        channel=channel, message=message if message.pk else None,
        to_id=message.to_id, campaign_id=message.campaign_id,
        kind=message.kind, subject=message.subject, text=message.text, link=message.link,
        digest=digest, made_at=moment, due_at=_quietly(earliest, wish, usual),
    )  # fmt: skip


def _quietly(moment: datetime, wish: Preference | None, usual: House) -> datetime:
    if wish is not None and wish.quiet_from is not None and wish.quiet_to is not None:
        return awake(moment, wish.quiet_from, wish.quiet_to)
    return awake(moment, usual.quiet_from, usual.quiet_to)


# --- sending ------------------------------------------------------------------------------------


def anything_due() -> bool:
    return due(Delivery.objects.all()).exists()


def send_due() -> tuple[int, int]:
    """Send what is due, digests as one. Returns how many were sent, how many failed this time."""
    rows = due(Delivery.objects.select_related("channel", "to__unit", "campaign", "message"))
    taken = list(rows.order_by("due_at", "pk")[:ROUND])
    sent = failed = 0
    for bundle in _bundles(taken):
        mine = [d for d in bundle if claimed(d)]
        if mine:
            good = _sent(mine)
            sent, failed = sent + good * len(mine), failed + (not good) * len(mine)
    return sent, failed


def _bundles(rows: Sequence[Delivery]) -> list[list[Delivery]]:
    """Single deliveries by themselves, those of a digest together by channel and person."""
    single = [[d] for d in rows if not d.digest]

    def key(d: Delivery) -> tuple[int, int]:
        return d.channel_id, d.to_id or 0

    return single + [
        list(found) for _, found in groupby(sorted((d for d in rows if d.digest), key=key), key)
    ]


def _sent(bundle: list[Delivery]) -> bool:
    if not bundle[0].channel.on:
        settle(bundle, State.DROPPED, _("通道已停用"))
        return True
    unread = [d for d in bundle if not (d.digest and d.message and d.message.read_at)]
    settle([d for d in bundle if d not in unread], State.DROPPED, _("已在平台内看过"))
    if not unread:
        return True
    try:
        send(bundle[0].channel, parcel_of(unread))
    except NotSent as trouble:
        given_up = [d for d in unread if try_later(d, str(trouble))]
        if given_up:
            _report(given_up[0].channel, str(trouble))
        return False
    settle(unread, State.SENT)
    return True


def _report(channel: Channel, error: str) -> None:
    """Tell everybody in charge of channels who has no unread message of this one."""
    link = f"/messages/outbox/?channel={channel.pk}&box=failed"
    known = Message.objects.filter(kind="channel", link=link, read_at__isnull=True)
    told = set(known.values_list("to_id", flat=True))
    words = {"name": channel.name}
    caring = {u.pk: u for r in (Role.ADMINISTRATOR, Role.SYSTEM) for u in people_of(r)}
    Message.objects.bulk_create(
        Message(
            to=user, kind="channel", subject=_("消息通道“%(name)s”发送失败") % words,
            text=error, link=link, at=now(),
        )
        for user in caring.values() if user.pk not in told
    )  # fmt: skip


def parcel_of(rows: Sequence[Delivery]) -> Parcel:
    """What a channel carries: one message's words, or several as a digest."""
    first, base = rows[0], house().address.rstrip("/")
    subject, text, link = first.subject, first.text, first.link
    if first.digest:
        subject = _("赛马平台：%(n)s条消息") % {"n": len(rows)}
        text = "\n\n".join(_line(n, d) for n, d in enumerate(rows, 1))
        link = "/inbox/"
    wish = Preference.objects.filter(user=first.to_id).first() if first.to_id else None
    return Parcel(
        subject=subject, text=text, link=base + link if base and link else "",
        kind=word_of(first.kind), campaign=str(first.campaign or ""),
        at=first.made_at, name=first.to.name if first.to else "",
        username=first.to.username if first.to else "", phone=first.to.phone if first.to else "",
        mail=wish.mail if wish else "",
        unit=str(first.to.unit or "") if first.to else str(first.channel.unit or ""),
    )  # fmt: skip


def _line(number: int, delivery: Delivery) -> str:
    said = f"{number}. {delivery.subject}"
    return f"{said}\n{delivery.text}" if delivery.text else said
