"""What messages are about: the word of a kind in lists and in channels' settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "task": _("任务"), "instruction": _("批示"), "card": _("黄牌红牌"), "inspection": _("督查"),
    "dispatch": _("运行调度"), "problem": _("难题"), "pledge": _("承诺"), "redline": _("红线"),
    "project": _("项目"), "round": _("填报"), "score": _("成绩"), "notice": _("通知"),
    "channel": _("消息通道"),
}  # fmt: skip
"""Kind -> its word. A kind that is not here reads as a notice."""

INSIDE_ONLY = ("channel",)
"""Kinds that never leave the platform: what is wrong with the ways out."""


def word_of(kind: str) -> str:
    return str(KINDS.get(kind, KINDS["notice"]))
