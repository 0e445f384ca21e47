"""How a campaign assesses its projects, quarter by quarter, and the notices that were issued."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class AssessmentMethod(models.Model):
    """Full marks of the measures and points taken off for cards, from a quarter on.

    Insert-only: of the rows that begin not after a quarter the one that begins last holds for it,
    and of several from the same quarter the latest.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="assessment_methods"
    )
    quarter = models.CharField(_("从哪个季度起"), max_length=7)
    plan = ExactDecimal(_("完成计划"))
    pace = ExactDecimal(_("序时进度"))
    starts = ExactDecimal(_("开工率"))
    statistics = ExactDecimal(_("入统率"))
    milestones = ExactDecimal(_("节点按时率"))
    yellow = ExactDecimal(_("黄牌每张扣分"))
    red = ExactDecimal(_("红牌每张扣分"))
    reason = models.CharField(_("依据"), max_length=200)
    recorded_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("pk",)


class IssuedAssessment(models.Model):
    """A quarter's assessment as issued: its file, and the method it used (none: the usual one)."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="issued_assessments"
    )
    quarter = models.CharField(max_length=7)
    version = models.PositiveSmallIntegerField()
    method = models.ForeignKey(
        AssessmentMethod, null=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.FileField(upload_to="projects/assessments/%Y")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("campaign", "quarter", "version"), name="assessment_version_once"
            ),
        ]
