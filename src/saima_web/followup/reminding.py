"""The words of a reminder (催办), ready to be copied into a chat group."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task


def reminder_text(tasks: Iterable[Task], campaign: Campaign) -> str:
    """Unit by unit what is due and how late it is; empty for no tasks."""
    by_unit: dict[str, list[Task]] = {}
    for task in tasks:
        by_unit.setdefault(str(task.responsible_unit), []).append(task)
    if not by_unit:
        return ""
    lines = [_("【催办】%(name)s") % {"name": campaign.name}]
    for unit, rows in by_unit.items():
        lines += [f"{unit}：", *(_line(task) for task in rows)]
    return "\n".join([*lines, _("请抓紧办理，按时在平台报告；确有困难的，请在时限之前申请延期。")])


def _line(task: Task) -> str:
    days = (task.deadline - today()).days
    when = _("逾期%(n)s天") % {"n": -days} if days < 0 else _("还有%(n)s天") % {"n": days}
    if days == 0:
        when = _("今天截止")
    words = {"n": task.number, "title": task.title, "day": task.deadline, "when": when}
    return _("%(n)s. %(title)s（时限%(day)s，%(when)s）") % words
