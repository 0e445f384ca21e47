"""Messages in people's inboxes, ways out of the platform, and the outbox."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.sealed import Lost, Sealed
from saima_web.campaigns.models import Campaign
from saima_web.messaging.leaving import Leaving
from saima_web.people.models import Unit

USER = settings.AUTH_USER_MODEL


class Message(models.Model):
    """One message in one person's inbox. `link` is an address of the platform's own."""

    to = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="inbox")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    subject = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("to", "read_at"), name="inbox_unread")]


class Channel(models.Model):
    """A way out, entered by an administrator: a mail server, an HTTP gateway, a group's robot.

    Without campaign it serves all of them. A robot with a unit stands in that unit's own group,
    without one in the campaign's. `secret` and a robot's `account` (its token) are written, used,
    and never shown again; these, the address and the headers are kept encrypted.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("电子邮件")
        HTTP = "http", _("短信等网关（HTTP）")
        DINGTALK = "dingtalk", _("钉钉群机器人")
        WECOM = "wecom", _("企业微信群机器人")
        FEISHU = "feishu", _("飞书群机器人")

    class Security(models.TextChoices):
        NONE = "none", _("不加密")
        STARTTLS = "starttls", _("STARTTLS")
        SSL = "ssl", _("SSL")

    class Method(models.TextChoices):
        POST = "POST", "POST"
        PUT = "PUT", "PUT"
        GET = "GET", "GET"

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("行动"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位群"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    on = models.BooleanField(_("启用"), default=True)
    address = Sealed(_("地址"), max_length=400, blank=True)
    account = Sealed(_("账号"), max_length=120, blank=True)
    secret = Sealed(_("口令"), max_length=400, blank=True)
    sender = models.CharField(_("发件人"), max_length=120, blank=True)
    security = models.CharField(
        _("加密"), max_length=10, choices=Security.choices, default=Security.NONE
    )
    method = models.CharField(_("方法"), max_length=4, choices=Method.choices, default=Method.POST)
    headers = Sealed(_("请求头"), blank=True)
    template = models.TextField(_("正文模板"), blank=True)
    expects = models.CharField(_("成功标志"), max_length=80, blank=True)
    timeout = models.PositiveSmallIntegerField(_("超时（秒）"), default=10)
    kinds = models.JSONField(_("发哪些消息"), default=list, blank=True)

    class Meta:
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_robot(self) -> bool:
        return self.kind not in (self.Kind.MAIL, self.Kind.HTTP)

    @property
    def lost(self) -> bool:
        """Whether something of it was sealed with a secret that is gone."""
        kept = (self.address, self.account, self.secret, self.headers)
        return any(isinstance(text, Lost) for text in kept)


class Preference(models.Model):
    """How a person wants messages outside the platform; the inbox always has them all."""

    class Pace(models.TextChoices):
        NOW = "now", _("随时")
        DIGEST = "digest", _("每天汇总一次")
        INSIDE = "inside", _("只在平台内")

    user = models.OneToOneField(USER, on_delete=models.CASCADE, related_name="preference")
    mail = models.EmailField(_("电子邮箱"), blank=True)
    pace = models.CharField(_("平台外提醒"), max_length=10, choices=Pace.choices, default=Pace.NOW)
    quiet_from = models.TimeField(_("免打扰起"), null=True, blank=True)
    quiet_to = models.TimeField(_("免打扰止"), null=True, blank=True)


class House(models.Model):
    """What holds for everybody, one row: quiet hours, the digest's time, the platform's address."""

    quiet_from = models.TimeField(_("免打扰起"), default=time(21, 0))
    quiet_to = models.TimeField(_("免打扰止"), default=time(7, 30))
    digest_at = models.TimeField(_("每日汇总时间"), default=time(8, 30))
    address = models.URLField(_("平台地址"), blank=True)


class Notice(models.Model):
    """What the office tells everybody in a campaign, with a text and a picture to copy."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="notices")
    subject = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reached = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at", "-pk")


class Delivery(Leaving):
    """A message on its way out through a channel: to a person, or to a robot's group.

    It keeps its own words, so that it can be sent again whatever became of the message.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.ForeignKey(USER, null=True, on_delete=models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    digest = models.BooleanField(default=False)

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=("state", "due_at"), name="outbox_due")]
