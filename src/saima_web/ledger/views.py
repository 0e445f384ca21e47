"""The page of the ledger: what happened, by whom; verify it; take it along."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.audit.exporting import write
from saima_web.audit.models import Anchor, Entry, Verification
from saima_web.audit.queries import entries_page
from saima_web.audit.verifying import verify_and_keep
from saima_web.audit.words import said
from saima_web.people.models import User
from saima_web.people.pages import Request, site_page
from saima_web.people.permissions import may
from saima_web.people.queries import ever_administrators
from saima_web.ui.downloads import file_response


@site_page("audit.see")
def ledger(request: Request) -> HttpResponse:
    sees = may(request.user, "log-ins.see")
    by_three = request.GET.get("of") == "administrators"
    found = entries_page(
        request.GET, log_ins=sees, actors=ever_administrators() if by_three else None
    )
    names = _names(found)
    for entry in found:
        entry.words = said(entry.event, get_language() or "")  # type: ignore[attr-defined]
        entry.about = names.get(entry.subject, entry.subject)  # type: ignore[attr-defined]
    context = {
        "found": found,
        "last": Verification.objects.first(),
        "anchors": Anchor.objects.order_by("-number")[:12],
        "get": request.GET,
        "sees": sees,
    }
    return render(request, "ledger/ledger.html", context)


def _names(found: Iterable[Entry]) -> dict[str, str]:
    """Whom entries are about, by the subject that stands for a user."""
    keys = {e.subject.removeprefix("user/") for e in found if e.subject.startswith("user/")}
    users = User.objects.filter(pk__in=[k for k in keys if k.isdecimal()])
    return {f"user/{u.pk}": f"{u.name}（{u.username}）" for u in users}


@site_page("audit.see")
@require_POST
def verify(request: Request) -> HttpResponse:
    verdict = verify_and_keep()
    if verdict.sound:
        messages.success(request, _("账本完整：%(n)s条，校验通过。") % {"n": verdict.entries})
    else:
        told = "；".join(b.sentence for b in verdict.breaks[:5])
        messages.error(request, _("账本有%(n)s处断裂：") % {"n": len(verdict.breaks)} + told)
    return redirect("audit:ledger")


@site_page("log-ins.see")
def export(_request: Request) -> HttpResponse:
    out = io.StringIO()
    write(out)
    return file_response(out.getvalue().encode(), "账本.jsonl", "application/x-ndjson")
