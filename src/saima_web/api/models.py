"""Tokens that programs call with, and addresses that are told of events."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.sealed import Sealed
from saima_web.campaigns.models import Campaign
from saima_web.messaging.leaving import Leaving

USER = settings.AUTH_USER_MODEL


class Token(models.Model):
    """A key by which a program acts for its owner, never for more than the owner may.

    Only the digest of its text is kept. `minute` and `calls` count the calls of the minute in
    which it was used last.
    """

    class Scope(models.TextChoices):
        READ = "read", _("读取")
        REPORT = "report", _("填报")

    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("名称"), max_length=60)
    scopes = models.JSONField(_("权限"))
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Hook(models.Model):
    """An address of another system that is told of a campaign's events.

    `seen` is the ledger's entry up to which deliveries were made; the secret signs what is sent.
    """

    class Event(models.TextChoices):
        ROUND = "round.opened", _("填报轮次开启")
        RUN = "run.published", _("排名公布")
        CARD = "card.issued", _("黄红牌发出")

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("行动"), on_delete=models.CASCADE, related_name="hooks"
    )
    name = models.CharField(_("名称"), max_length=60)
    address = Sealed(_("地址"), max_length=400)
    events = models.JSONField(_("通知哪些事"))
    secret = Sealed(max_length=80)
    on = models.BooleanField(_("启用"), default=True)
    seen = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("campaign", "pk")

    def __str__(self) -> str:
        return self.name


class HookDelivery(Leaving):
    """One event on its way to an address: the log, and what is still to be sent."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    number = models.PositiveBigIntegerField()
    event = models.CharField(max_length=20, choices=Hook.Event.choices)
    body = models.JSONField()

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=("state", "due_at"), name="hooks_due")]
        constraints = [models.UniqueConstraint(fields=("hook", "number"), name="event_once")]
