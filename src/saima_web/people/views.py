"""Log-in, and one's own account: posts, password, sessions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused
from saima_web.people import actions, deputies, log_ins, second_factor
from saima_web.people.forms import LogInForm, PasswordForm
from saima_web.people.languages import told
from saima_web.people.pages import Request, site_page
from saima_web.people.people_forms import OwnDeputyForm
from saima_web.people.permissions import posts_of
from saima_web.people.safeguards import SHOWN, notice, take_note
from saima_web.people.sessions import end_session, lasting


class LogIn(LoginView):
    """The log-in page."""

    form_class = LogInForm
    template_name = "people/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"providers": settings.SSO, "notice": notice()}
        return super().get_context_data(**kwargs) | more

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password holds; where there is a second factor it is asked for first."""
        user: Any = form.get_user()
        wanted = self.get_success_url()
        if second_factor.is_set_up(user):
            log_ins.await_second(self.request, user, how="password", wanted=wanted)
            return redirect("people:second-step")
        log_ins.come_in(self.request, user, how="password")
        return redirect(wanted)


@site_page(None)
def account(request: Request) -> HttpResponse:
    return _account(request)


def _account(request: Request, form: OwnDeputyForm | None = None) -> HttpResponse:
    by = request.user
    context = {
        "posts": posts_of(by), "sessions": lasting(by),
        "this": request.session.session_key, "second": second_factor.is_set_up(by), "standing_in": deputies.ended_by(by),
        "deputy_form": (form or OwnDeputyForm(by=by)) if deputies.own_posts(by) else None,
    }  # fmt: skip
    return render(request, "people/account.html", context)


@site_page(None)
@require_POST
def deputy_name(request: Request) -> HttpResponse:
    """A clerk's own deputy; refusals stand beside the form."""
    form = OwnDeputyForm(request.POST, by=request.user)
    if not form.is_valid():
        return _account(request, form)
    try:
        deputies.name_deputy(by=request.user, **form.cleaned_data)
    except Refused as error:
        if error.problem.code == "not-allowed":
            raise
        form.add_error(None, told(error.problem))
        return _account(request, form)
    messages.success(request, _("代理已登记，到期自动失效。"))
    return redirect("people:account")


@site_page(None)
@require_POST
def deputy_end(request: Request, pk: int) -> HttpResponse:
    post = get_object_or_404(deputies.ended_by(request.user), pk=pk)
    deputies.end_deputy(post=post, by=request.user)
    messages.success(request, _("代理已结束。"))
    return redirect("people:account")


@site_page(None)
def password(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(
            user=request.user, password=form.cleaned_data["new"], by=request.user
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已修改。"))
        return redirect("home")
    return render(request, "people/password.html", {"form": form})


@site_page(None)
@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(lasting(request.user), pk=pk)
    end_session(session=session, by=request.user)
    messages.success(request, _("已退出那次登录。"))
    return redirect("people:account")


@site_page(None)
@require_POST
def notice_read(request: Request) -> HttpResponse:
    """Somebody has taken note of the log-in notice; back to where they were."""
    take_note(user=request.user)
    request.session.pop(SHOWN, None)
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return redirect(there if safe else "home")
