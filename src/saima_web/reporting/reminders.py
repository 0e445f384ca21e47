"""Texts to copy into a chat group: who still owes what, until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from saima_web.base.clock import now, today
from saima_web.indicators.models import Indicator
from saima_web.reporting.models import Round
from saima_web.reporting.queries import Owed, OwnerLine, label
from saima_web.ui.templatetags.saima import moment

NAMED = 6
"""So many indicators are named; of the others, the number."""


def overall_reminder(round: Round, units: Sequence[Owed], owners: Sequence[OwnerLine]) -> str:
    """All that is still open in a round, unit by unit, then data owner by data owner."""
    owing = [line for line in units if line.owes]
    parts = [_("【填报提醒】%(period)s数据") % {"period": label(round)}]
    if owing:
        words = {"due": deadline_words(round.due_at), "n": len(owing)}
        parts.append(_("填报截止：%(due)s。还有%(n)s家单位没有报齐：") % words)
        parts += [f"{n}. {_owed_words(line, round)}" for n, line in enumerate(owing, 1)]
    elif units:
        parts.append(_("各单位均已报齐，谢谢。"))
    waiting = [line for line in owners if line.waits]
    if waiting:
        parts.append(_("核定截止：%(due)s。") % {"due": deadline_words(round.confirm_due_at)})
        parts += [_owner_words(line) for line in waiting]
    parts.append(_("请登录赛马平台，在“填报”中办理。"))
    return "\n".join(parts)


def unit_reminder(round: Round, line: Owed) -> str:
    """What one unit still owes in a round."""
    words = {"unit": line.unit, "period": label(round), "due": deadline_words(line.due)}
    head = _("【填报提醒】%(unit)s：%(period)s数据截止%(due)s。") % words
    tail = _("请登录赛马平台，在“填报”中办理。")
    return f"{head}{_what(line)}。{tail}"


def _owed_words(line: Owed, round: Round) -> str:
    text = f"{line.unit}：{_what(line)}"
    if line.extended and line.due != round.due_at:
        text += _("，已同意延至%(due)s") % {"due": moment(line.due)}
    return text


def _what(line: Owed) -> str:
    parts = []
    if line.missing:
        words = {"n": len(line.missing), "names": _names(line.missing)}
        parts.append(_("还有%(n)s项没有提交（%(names)s）") % words)
    if line.returned:
        words = {"n": len(line.returned), "names": _names(line.returned)}
        parts.append(_("%(n)s项被退回（%(names)s）") % words)
    return "；".join(parts)


def _names(indicators: Iterable[Indicator]) -> str:
    names = [x.name for x in indicators]
    more = _("等") if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _owner_words(line: OwnerLine) -> str:
    parts = []
    if line.to_confirm:
        parts.append(_("待核定%(n)s项") % {"n": line.to_confirm})
    if line.to_provide:
        parts.append(_("待提供%(n)s项") % {"n": line.to_provide})
    who = line.owner or _("考核办")
    return f"{who}：{'，'.join(parts)}"


def deadline_words(when: datetime) -> str:
    """11月9日（周一）18:00，还有3天."""
    days = (timezone.localdate(when) - today()).days
    if when < now():
        distance = _("已过%(n)s天") % {"n": -days} if days else _("刚刚截止")
    else:
        distance = _("还有%(n)s天") % {"n": days} if days else _("今天截止")
    return f"{moment(when)}，{distance}"
