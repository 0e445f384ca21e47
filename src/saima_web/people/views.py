"""Log-in, and one's own account: posts, password, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.people import actions
from saima_web.people.forms import LogInForm, PasswordForm
from saima_web.people.pages import Request, site_page
from saima_web.people.permissions import posts_of


class LogIn(LoginView):
    """The log-in page."""

    form_class = LogInForm
    template_name = "people/login.html"
    redirect_authenticated_user = True


@site_page(None)
def account(request: Request) -> HttpResponse:
    context = {
        "posts": posts_of(request.user),
        "sessions": request.user.login_sessions.all(),
        "this": request.session.session_key,
    }
    return render(request, "people/account.html", context)


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
    session = get_object_or_404(request.user.login_sessions, pk=pk)
    actions.end_session(session=session, by=request.user)
    messages.success(request, _("已退出那次登录。"))
    return redirect("people:account")
