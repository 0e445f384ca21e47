"""Reading the ledger: the line in every page's foot, and entries for the page of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from saima_web.audit.models import Anchor, Entry, Verification


def chain_line() -> str:
    """When the chain was last verified, and the last anchor that was printed."""
    last = Verification.objects.first()
    if last is None:
        return gettext("账本尚未校验")
    moment = timezone.localtime(last.at)
    line = gettext("账本校验通过") if last.sound else gettext("账本校验未通过，请联系管理员")
    line += gettext("　%(month)s月%(day)s日 %(time)s") % {
        "month": moment.month, "day": moment.day, "time": f"{moment:%H:%M}",
    }  # fmt: skip
    anchor = Anchor.objects.exclude(printed_in="").last()
    if anchor is not None:
        line += gettext("　最近锚点 %(where)s") % {"where": anchor.printed_in}
    return line


LOG_INS = "log-in."
"""What events of coming in and going out begin with."""


def entries_page(
    wanted: Mapping[str, str], *, log_ins: bool, actors: Collection[int] | None = None
) -> Page[Entry]:
    """The newest entries first, filtered by event, subject or person; 100 a page.

    log_ins: whether who came and went is shown too; actors: only what these people did.
    """
    rows = Entry.objects.select_related("actor", "personal").order_by("-number")
    if not log_ins:
        rows = rows.exclude(event__startswith=LOG_INS)
    if actors is not None:
        rows = rows.filter(actor__in=actors)
    if event := wanted.get("event", "").strip():
        rows = rows.filter(event__startswith=event)
    if text := wanted.get("q", "").strip():
        rows = rows.filter(Q(subject__icontains=text) | Q(actor__name__icontains=text))
    return Paginator(rows, 100).get_page(wanted.get("page"))


def history(subject: str, limit: int = 50) -> list[Entry]:
    """What the ledger says of one subject, the newest first."""
    rows = Entry.objects.filter(subject=subject).select_related("actor", "personal")
    return list(rows.order_by("-number")[:limit])
