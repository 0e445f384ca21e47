"""The second factor's pages: the code at log-in, setting it up, its recovery codes, turning it off."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from saima_web.base.sealed import opened, sealed
from saima_web.people import log_ins, second_factor
from saima_web.people.models import User
from saima_web.people.pages import Request, public, site_page
from saima_web.people.sessions import end_others

KEY = "second-factor-key"
"""What a session keeps, sealed, while somebody sets up: the key that is to be."""


class CodeForm(forms.Form):
    """A code of six figures from the device, or a recovery code of eight."""

    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )  # fmt: skip

    def blame(self, verdict: second_factor.Verdict) -> None:
        locked = _("输错次数太多，请15分钟后再试，或请管理员重置双因素。")
        wrong = _("验证码不对，或已经用过。请输入验证器上当前的6位数字，或一个没用过的备用码。")
        self.add_error("code", locked if verdict == "locked" else wrong)


@public
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Between the password and being in."""
    found = log_ins.awaited(request)
    if found is None:
        return redirect("people:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = log_ins.give_second(request, form.cleaned_data["code"])
        if verdict in ("code", "recovery code"):
            return redirect(found[2] or "home")
        form.blame(verdict)
    return render(request, "people/second_step.html", {"form": form, "who": found[0].name})


@site_page(None)
@never_cache
def second_factor_own(request: Request) -> HttpResponse:
    """One's own second factor: to be set up, or as it stands."""
    if second_factor.is_set_up(request.user):
        return _standing(request, CodeForm())
    form = CodeForm(request.POST or None)
    key = _key(request)
    if request.method == "POST" and form.is_valid():
        typed = "".join(form.cleaned_data["code"].split())
        codes = second_factor.set_up(user=request.user, key=key, code=typed)
        if codes is not None:
            del request.session[KEY]
            request.session[log_ins.PASSED] = True
            end_others(request, request.user)
            return _codes(request, codes)
        form.add_error("code", _("验证码不对。请核对手机时间是否准确，再输入当前的6位数字。"))
    return render(request, "people/second_factor.html", _to_set_up(request, key, form))


def _key(request: Request) -> str:
    kept = opened(request.session.get(KEY, ""))
    if not kept:
        kept = second_factor.new_key()
        request.session[KEY] = sealed(kept)
    return kept


def _to_set_up(request: Request, key: str, form: CodeForm) -> dict[str, Any]:
    drawn = second_factor.picture(request.user, key)
    return {
        "form": form, "drawn": mark_safe(drawn),  # one path, no words
        "key": " ".join(key[i : i + 4] for i in range(0, len(key), 4)),
        "required": second_factor.is_required(request.user),
    }  # fmt: skip


def _standing(request: Request, form: CodeForm) -> HttpResponse:
    context = {"form": form, "left": second_factor.codes_left(request.user), "standing": True}
    return render(request, "people/second_factor.html", context)


@site_page(None)
@require_POST
@never_cache
def second_factor_change(request: Request) -> HttpResponse:
    """New recovery codes, or no second factor any more: with a code."""
    form = CodeForm(request.POST)
    if not second_factor.is_set_up(request.user) or not form.is_valid():
        return redirect("people:second-factor")
    verdict = second_factor.check(request.user, form.cleaned_data["code"])
    if verdict in ("wrong", "locked"):
        form.blame(verdict)
        return _standing(request, form)
    if request.POST.get("do") == "codes":
        return _codes(request, second_factor.renew_codes(user=request.user))
    second_factor.turn_off(user=request.user)
    request.session[log_ins.PASSED] = False
    messages.success(request, _("双因素已停用。"))
    return redirect("people:account")


def _codes(request: Request, codes: list[str]) -> HttpResponse:
    """The one time that recovery codes show."""
    text = "\r\n".join([_("赛马备用码（每个只能用一次）：") + request.user.username, *codes, ""])
    context = {"codes": codes, "file": "data:text/plain;charset=utf-8," + quote(text)}
    answer = render(request, "people/recovery_codes.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@site_page("people.manage")
@require_POST
def second_factor_reset(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    second_factor.reset(user=row, by=request.user)
    messages.success(request, _("双因素已重置，该用户的登录已全部退出。"))
    return redirect("people:user", pk=pk)
