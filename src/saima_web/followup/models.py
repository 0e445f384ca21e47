"""A leader's instruction to a unit, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit

USER = settings.AUTH_USER_MODEL


class Instruction(models.Model):
    """An instruction (批示): written by a leader, taken on by the unit, answered in words."""

    class State(models.TextChoices):
        SENT = "sent", _("待签收")
        ACCEPTED = "accepted", _("已签收")
        ANSWERED = "answered", _("已回复")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="instructions")
    unit = models.ForeignKey(
        Unit, verbose_name=_("交办单位"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("批示内容"))
    due_on = models.DateField(_("期限"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    accepted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    answer = models.TextField(_("回复"), blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-written_at", "-pk")
