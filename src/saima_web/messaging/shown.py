"""The tables of messages, channels and deliveries."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.messaging.kinds import KINDS, word_of
from saima_web.messaging.models import Channel, Delivery
from saima_web.messaging.queries import channels, inbox, outbox_rows
from saima_web.people.models import User
from saima_web.ui.tables import Box, Column, Table

State = Delivery.State


def inbox_table(by: User) -> Table:
    """A person's messages, the newest first; boxes by what is unread and by kind."""
    rows = [
        {
            "at": m.at, "kind": word_of(m.kind), "code": m.kind, "subject": m.subject,
            "text": m.text, "campaign": str(m.campaign or ""), "unread": m.read_at is None,
            "href": reverse("messaging:read", args=[m.pk]),
            "row_class": "me" if m.read_at is None else "",
        }
        for m in inbox(by)[:2000]
    ]  # fmt: skip
    known = {r["code"] for r in rows}
    boxes = [Box("unread", _("未读"), lambda r: bool(r["unread"]))]
    boxes += [
        Box(key, str(word), lambda r, key=key: r["code"] == key)  # type: ignore[misc]
        for key, word in KINDS.items() if key in known
    ]  # fmt: skip
    return Table(
        (
            Column("subject", _("消息"), link="href", template="messaging/_subject.html"),
            Column("kind", _("类型")),
            Column("campaign", _("行动")),
            Column("at", _("时间"), "moment"),
        ),
        rows, name=_("消息"), search=("subject", "text", "kind"), boxes=boxes,
        empty=_("还没有消息。"),
        begin=_("任务、督查、难题、批示有新情况时，会在这里告诉您。"),
    )  # fmt: skip


def channels_table() -> Table:
    """The ways out with what became of what they carried."""
    counts: dict[tuple[int, str], int] = {}
    for channel, state in Delivery.objects.values_list("channel_id", "state"):
        counts[channel, state] = counts.get((channel, state), 0) + 1
    rows = [
        {
            "name": c.name, "kind": c.get_kind_display(), "on": c.on,
            "scope": scope_words(c), "href": reverse("messaging:channel", args=[c.pk]),
            **{s: counts.get((c.pk, s), 0) for s in ("sent", "waiting", "failed")},
        }
        for c in channels()
    ]  # fmt: skip
    return Table(
        (
            Column("name", _("通道"), link="href"),
            Column("kind", _("类型")),
            Column("scope", _("范围")),
            Column("on", _("状态"), template="messaging/_on.html"),
            Column("sent", _("已发送"), "number", measure=_("条")),
            Column("waiting", _("待发送"), "number", measure=_("条")),
            Column("failed", _("失败"), "number", measure=_("条")),
        ),
        rows, name=_("消息通道"), empty=_("还没有通道，消息只在平台内显示。"),
        begin=_("需要电子邮件、短信或群机器人提醒时，点“新增通道”。不设也能正常使用平台。"),
    )  # fmt: skip


def scope_words(channel: Channel) -> str:
    where = str(channel.campaign or _("全部行动"))
    return f"{where}　{channel.unit}" if channel.unit else where


def outbox_table(channel: str = "") -> Table:
    """The newest deliveries, of one channel where its number is given."""
    found = outbox_rows()
    if channel.isdecimal():
        found = found.filter(channel=int(channel))
    rows = [
        {
            "subject": d.subject, "channel": d.channel.name,
            "to": d.to.name if d.to else _("群"), "made_at": d.made_at, "due_at": d.due_at,
            "state": d.state, "state_word": d.get_state_display(), "attempts": d.attempts,
            "error": d.error, "pk": d.pk, "sent_at": d.sent_at,
        }
        for d in found[:2000]
    ]  # fmt: skip
    boxes = [
        Box(s.value, str(s.label), lambda r, s=s: r["state"] == s.value)  # type: ignore[misc]
        for s in (State.WAITING, State.SENT, State.FAILED, State.DROPPED)
    ]
    return Table(
        (
            Column("subject", _("消息")),
            Column("channel", _("通道")),
            Column("to", _("发给")),
            Column("state_word", _("状态"), template="messaging/_state.html"),
            Column("made_at", _("写入时间"), "moment"),
            Column("due_at", _("应发时间"), "moment"),
            Column("sent_at", _("发出时间"), "moment"),
            Column("attempts", _("次数"), "number"),
            Column("error", _("原因")),
            Column("pk", _("办理"), template="messaging/_again.html", sort="", export=False),
        ),
        rows, name=_("发件箱"), search=("subject", "channel", "to", "error"), boxes=boxes,
        empty=_("还没有要发出的消息。"), begin=_("设了通道以后，发出的消息都列在这里。"),
    )  # fmt: skip
