"""The forms of channels, of what holds for everybody, of one's own wishes, of a notice."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.messaging.kinds import INSIDE_ONLY, KINDS
from saima_web.messaging.models import Channel, House, Preference
from saima_web.messaging.parcels import FIELD, FIELDS, encoder, filled


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's own mail address, pace and quiet hours."""

    class Meta:
        model = Preference
        fields = ("mail", "pace", "quiet_from", "quiet_to")
        widgets = {"quiet_from": _clock(), "quiet_to": _clock()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None):
            self.add_error(
                "quiet_to", _("免打扰的起止时间要一起填，或都不填（按平台统一的时间）。")
            )
        return data


class HouseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What holds for everybody."""

    address = forms.URLField(label=_("平台地址"), required=False, assume_scheme="http")

    class Meta:
        model = House
        fields = ("quiet_from", "quiet_to", "digest_at", "address")
        widgets = {"quiet_from": _clock(), "quiet_to": _clock(), "digest_at": _clock()}


class NoticeForm(forms.Form):
    """What the office tells everybody."""

    subject = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("内容"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000
    )


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A way out. Which fields it needs depends on its kind; the address is checked, not called."""

    secret = forms.CharField(
        label=_("口令"), required=False, max_length=400, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("只发这些消息"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(key, word) for key, word in KINDS.items() if key not in INSIDE_ONLY],
    )  # fmt: skip

    class Meta:
        model = Channel
        fields = (
            "name", "kind", "campaign", "unit", "on", "address", "account", "secret", "sender",
            "security", "method", "headers", "template", "expects", "timeout", "kinds",
        )  # fmt: skip
        widgets = {
            "headers": forms.Textarea(attrs={"rows": 2, "placeholder": "Authorization: {secret}"}),
            "template": forms.Textarea(
                attrs={"rows": 4, "placeholder": '{"mobile": "{phone}", "content": "{subject}"}'}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = self.fields["campaign"]
        campaigns.queryset = Campaign.objects.all()  # type: ignore[attr-defined]
        campaigns.empty_label = _("全部行动")  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = _("不是单位群")  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.is_robot and self.instance.account:
            self.initial["account"] = ""
            self.fields["account"].help_text = _("已保存，不再显示；留空表示不改。")

    def clean_timeout(self) -> int:
        seconds: int = self.cleaned_data["timeout"]
        if not 1 <= seconds <= 60:
            raise forms.ValidationError(_("超时请填1到60秒。"))
        return seconds

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Channel.Kind.MAIL:
            self._check_mail(data)
        elif kind == Channel.Kind.HTTP:
            self._check_http(data)
        elif kind:
            self._check_robot(data)
        return data

    def _check_mail(self, data: dict[str, Any]) -> None:
        parts = urlsplit(f"//{data.get('address', '')}")
        try:
            good = bool(parts.hostname) and not parts.path and (parts.port or 25) > 0
        except ValueError:
            good = False
        if not good:
            self.add_error("address", _("请填邮件服务器，例：mail.intranet:25。"))
        if "@" not in (data.get("sender") or data.get("account") or ""):
            self.add_error("sender", _("请填发件人邮箱，例：赛马平台 <saima@intranet>。"))

    def _check_http(self, data: dict[str, Any]) -> None:
        if not is_web_address(data.get("address", "")):
            self.add_error("address", _("请填以 http:// 或 https:// 开头的网关地址。"))
        if data.get("unit"):
            self.add_error("unit", _("只有群机器人可以放在单位群。"))
        lines = [x for x in data.get("headers", "").splitlines() if x.strip()]
        if any(is_bare_secret(line) for line in lines):
            self.add_error(
                "headers", _("口令不要写在请求头里：填在“口令”里，这里写 {secret}。")
            )  # fmt: skip
        if any(":" not in line or "{" in line.partition(":")[0] for line in lines):
            self.add_error("headers", _("请一行写一个请求头，例：Authorization: {secret}。"))
        types = [x for x in lines if x.lower().startswith("content-type:")]
        self._check_template(data.get("template", ""), types[0] if types else "json")

    def _check_template(self, template: str, content_type: str) -> None:
        if not template.strip() or "json" not in content_type.lower():
            return
        sample = dict.fromkeys(FIELDS, '样“例”"\n')
        try:
            json.loads(filled(template, sample, encoder("json")))
        except ValueError as error:
            said = _('填入内容后不是合法的JSON（%(error)s）。字段要写在引号里，例："{text}"。')
            self.add_error("template", said % {"error": error})

    def _check_robot(self, data: dict[str, Any]) -> None:
        address = data.get("address", "")
        if address and (not is_web_address(address) or FIELD.search(address) or "{" in address):
            self.add_error(
                "address", _("公有云机器人不用填地址；私有化部署请填服务器的 https:// 地址。")
            )
        kept = self.instance.account if self.instance.kind == data.get("kind") else ""
        if not data.get("account") and not (self.instance.pk and kept):
            self.add_error(
                "account", _("请填机器人的密钥（webhook地址中 token= 或 key= 后面的部分）。")
            )


SECRET_HEADERS = ("authorization", "token", "key", "secret", "password", "cookie")


def is_bare_secret(line: str) -> bool:
    """Whether a header line names a credential and holds it itself."""
    name, _colon, value = line.partition(":")
    told = any(word in name.lower() for word in SECRET_HEADERS)
    return told and bool(value.strip()) and "{" not in value


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a web server; fields stand in path and query only."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and "{" not in parts.netloc and (parts.port or 1) > 0
        return parts.scheme in ("http", "https") and named
    except ValueError:
        return False
