"""Which indicators are sums of their projects, and by which of the three series."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator


class Linkage(models.Model):
    """An indicator's figure is what its projects add up to in one series (指标—项目联动).

    Insert-only: the latest row of an indicator is in force; without a series it is lifted.
    """

    class Series(models.TextChoices):
        STATISTICAL = "statistical", _("统计口径")
        PHYSICAL = "physical", _("实物量口径")
        PAID = "paid", _("资金支付")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="linkages")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="linkages")
    series = models.CharField(_("口径"), max_length=12, choices=Series.choices, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
