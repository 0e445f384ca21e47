"""The page of safeguards: three separated administrators, the log-in notice, second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from saima_web.people import safeguards
from saima_web.people.models import THREE, Role, User
from saima_web.people.pages import Request, site_page


class NoticeForm(forms.Form):
    """The log-in notice; empty for ours."""

    notice = forms.CharField(
        label=gettext_lazy("登录告知"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("显示在登录页；改后每个人登录时再看一次。不填用默认的。"),
    )  # fmt: skip


@site_page("people.manage")
def safeguards_page(request: Request) -> HttpResponse:
    row = safeguards.safeguards()
    form = NoticeForm(request.POST or None, initial={"notice": row.notice})
    if request.method == "POST" and form.is_valid():
        safeguards.set_notice(text=form.cleaned_data["notice"].strip(), by=request.user)
        messages.success(request, _("登录告知已保存。"))
        return redirect("people:safeguards")
    context = {"form": form, "separated": row.separated, "notice": safeguards.notice()}
    return render(request, "people/safeguards.html", context | _state())


def _state() -> dict[str, Any]:
    """Who the three are, and how many have a second factor."""
    with_one = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    active = User.objects.filter(is_active=True)
    return {
        "three": [
            {"title": Role(role).label, "names": sorted(u.name for u in safeguards.holders(role))}
            for role in THREE
        ],
        "with_one": active.filter(pk__in=with_one).count(), "active": active.count(),
        "asked": settings.SAIMA_SECOND_FACTOR, "tab": "safeguards",
        "manages": True, "manages_units": False,
    }  # fmt: skip


@site_page("people.manage")
@require_POST
def separated(request: Request) -> HttpResponse:
    safeguards.separate(by=request.user)
    messages.success(request, _("已实行三员分立，综合管理员的角色都已结束。"))
    return redirect("home")
