"""Targets as recorded, insert-only: the latest approved row of a cell is the one in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit


class TargetSet(models.Model):
    """A batch of targets that is approved or refused as one, with its reason."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="target_sets")
    title = models.CharField(_("名称"), max_length=120)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")


class Target(models.Model):
    """One cell: a unit's target for an indicator in a period (the year, or a month's plan)."""

    batch = models.ForeignKey(TargetSet, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    period = models.CharField(_("期间"), max_length=24)
    value = ExactDecimal(_("目标"), null=True, blank=True)
    stretch = ExactDecimal(_("奋斗目标"), null=True, blank=True)
    goal = models.TextField(_("文字目标"), blank=True)
    locked = models.BooleanField(_("锁定"), default=False)
    withdrawn = models.BooleanField(_("撤销"), default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("indicator", "unit", "period"))]


class ProjectPlan(models.Model):
    """A project's planned amount in a month, towards the indicator that it supports."""

    batch = models.ForeignKey(TargetSet, on_delete=models.CASCADE, related_name="project_plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="project_plans")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="project_plans")
    project = models.CharField(_("项目"), max_length=120)
    period = models.CharField(_("期间"), max_length=24)
    value = ExactDecimal(_("计划"))
    locked = models.BooleanField(_("锁定"), default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
