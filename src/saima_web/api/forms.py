"""The forms of tokens and of addresses that are told of events."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.api.models import Hook, Token
from saima_web.api.tokens import LONGEST, USUAL
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign


def _until() -> date:
    return today() + USUAL


class TokenForm(forms.Form):
    """A new token: what it is for, what it may do, until when."""

    name = forms.CharField(
        label=_("名称"), max_length=60, widget=forms.TextInput(attrs={"placeholder": _("例：财务系统月报")})
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=Token.Scope.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Token.Scope.READ],
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("有效期至"), initial=_until, help_text=_("最长一年"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not today() <= day <= today() + LONGEST:
            raise forms.ValidationError(_("请填今天到一年之内的日期。"))
        return day


class HookForm(forms.Form):
    """An address of another system and the events that it is told of."""

    campaign = forms.ModelChoiceField(label=_("行动"), queryset=Campaign.objects.all())
    name = forms.CharField(label=_("名称"), max_length=60)
    address = forms.CharField(
        label=_("地址"), max_length=400,
        widget=forms.TextInput(attrs={"placeholder": "https://finance.intranet/saima"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("通知哪些事"), choices=Hook.Event.choices, widget=forms.CheckboxSelectMultiple
    )
    on = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, row: Hook | None = None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if row is not None:
            names = ("campaign", "name", "address", "events", "on")
            self.initial.update({n: getattr(row, n) for n in names})

    def clean_address(self) -> str:
        text: str = self.cleaned_data["address"].strip()
        try:
            parts = urlsplit(text)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound or not text.isascii() or any(c.isspace() for c in text):
            raise forms.ValidationError(_("地址要以 http:// 或 https:// 开头，写明主机。"))
        return text
