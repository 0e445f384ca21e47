"""One's own inbox, and how one wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.messaging import actions
from saima_web.messaging.forms import PreferenceForm
from saima_web.messaging.queries import house, preference_of, unread
from saima_web.messaging.queries import inbox as inbox_of
from saima_web.messaging.shown import inbox_table
from saima_web.people.pages import Request, site_page


@site_page(None)
def inbox(request: Request) -> HttpResponse:
    shown = inbox_table(request.user).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {"shown": shown, "unread": unread(request.user)}
    return render(request, "messaging/inbox.html", context)


@site_page(None)
def read(request: Request, pk: int) -> HttpResponse:
    """Open a message: it is read, and one goes where it leads."""
    row = get_object_or_404(inbox_of(request.user), pk=pk)
    actions.mark_read(messages=[row], by=request.user)
    if row.link:
        prefix = (
            get_script_prefix()
        )  # links are kept as from the root; the platform may not be there
        return redirect(row.link if row.link.startswith(prefix) else prefix + row.link.lstrip("/"))
    return render(request, "messaging/message.html", {"row": row})


@site_page(None)
@require_POST
def read_all(request: Request) -> HttpResponse:
    n = actions.mark_read(messages=inbox_of(request.user), by=request.user)
    messages.success(request, _("%(n)s条消息已标为已读。") % {"n": n})
    return redirect("messaging:inbox")


@site_page(None)
def preference(request: Request) -> HttpResponse:
    form = PreferenceForm(request.POST or None, instance=preference_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.save_preference(by=request.user, **form.cleaned_data)
        messages.success(request, _("提醒设置已保存。"))
        return redirect("messaging:inbox")
    return render(request, "messaging/preference.html", {"form": form, "house": house()})
