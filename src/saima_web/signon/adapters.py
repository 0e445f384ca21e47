"""Whom the identity provider's word lets in: users who were entered here, by their log-in name.

The provider says who somebody is; what they may do stands in their posts here. Nobody is made a
user by signing on.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.sealed import opened, sealed
from saima_web.people.log_ins import await_second, come_in
from saima_web.people.models import User
from saima_web.people.second_factor import is_set_up

UNKNOWN = declare(
    "sign-on-unknown",
    "身份认证已通过，但本系统没有“{name}”这个登录名。",
    "请联系本单位的管理员，按这个登录名添加用户和角色。",
    "you were identified, but there is no user {name} here.",
    "Ask the administrator to add a user with this log-in name.",
)
STOPPED = declare(
    "sign-on-stopped",
    "“{name}”已停用，不能登录。",
    "如需恢复，请联系本单位的管理员。",
    "{name} is disabled.",
    "Ask the administrator to enable the user again.",
)
FAILED = declare(
    "sign-on-failed",
    "统一身份认证没有完成：{why}",
    "请回登录页再试一次；也可以用本系统的登录名和密码登录。",
    "signing on was not completed: {why}",
    "Try again from the log-in page, or use your log-in name and password here.",
)


LOST = declare(
    "second-factor-lost",
    "双因素的密钥打不开了：平台的 SAIMA_SECRET 换过。",
    "请管理员重置双因素，再设一次。",
    "the second factor's key cannot be opened: SAIMA_SECRET has changed.",
    "Ask an administrator to reset the second factor, then set it up again.",
)


class Accounts(DefaultAccountAdapter):
    """Logs in by Django's own backend, and says nothing of it."""

    def pre_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None = None, **kept: Any
    ) -> HttpResponse | None:
        """Ask for the second factor where there is one: the provider's word is the first."""
        stopped: HttpResponse | None = super().pre_login(
            request, user, redirect_url=redirect_url, **kept
        )
        if stopped is not None or not is_set_up(user):
            return stopped
        await_second(request, user, how="sign-on", wanted=redirect_url or "")
        return redirect("people:second-step")

    def login(self, request: HttpRequest, user: User) -> None:
        come_in(request, user, how="sign-on")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that one wanted is message enough."""


class SecondFactor(DefaultMFAAdapter):
    """Keys and seeds of second factors, sealed with the platform's secret."""

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Errors: Refused for what no key opens: an empty key's codes anybody could reckon."""
        text = opened(encrypted_text)
        if not text:
            raise refuse(LOST)
        return str(text)

    def get_totp_issuer(self) -> str:
        return _("赛马")


class SignOn(DefaultSocialAccountAdapter):
    """Finds the user of an identity; the first time by the log-in name that a claim gives.

    What else the provider says of a person is not kept.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
        else:
            _link(sociallogin)
        if not sociallogin.user.is_active:
            raise refuse(STOPPED, name=sociallogin.user.name)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
        extra_context: Any = None,
    ) -> NoReturn:  # fmt: skip
        cancelled = error == AuthError.CANCELLED
        raise refuse(
            FAILED, why=_("您在认证页面取消了。") if cancelled else _("没有得到认可的回答。")
        )

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody is written to by mail here."""


def _link(sociallogin: SocialLogin) -> None:
    """Tie a new identity to the user of its log-in name, once; after that the identity counts."""
    account = sociallogin.account
    claims = account.extra_data.get("userinfo") or account.extra_data.get("id_token") or {}
    claim = account.get_provider().app.settings["claim"]
    name = str(claims.get(claim) or "")
    user = User.objects.filter(username=name).first() if name else None
    if user is None:
        raise refuse(UNKNOWN, name=name or account.uid)
    with writing(user) as ledger:
        account.user, account.extra_data = user, {}
        account.save()
        ledger.record("user.linked", f"user/{user.pk}", provider=account.provider)
    sociallogin.user = user
