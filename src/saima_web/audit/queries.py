"""Reading the ledger: the line in every page's foot, and entries for the page of the ledger."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext

from saima_web.audit.models import Anchor, Verification


def chain_line() -> str:
    """When the chain was last verified, and the last anchor that was printed."""
    last = Verification.objects.first()
    if last is None:
        return gettext("账本尚未校验")
    moment = timezone.localtime(last.at)
    line = gettext("账本校验通过") if last.sound else gettext("账本校验未通过，请联系系统管理员")
    line += f"　{moment.month}月{moment.day}日 {moment:%H:%M}"
    anchor = Anchor.objects.exclude(printed_in="").last()
    return f"{line}　{gettext('最近锚点')} {anchor.printed_in}" if anchor else line
