"""Targets as recorded, insert-only: the latest approved row of a cell is the one in force.

Beside them what planning needs (headlines, bounds) and what stands behind figures: leads and
plots behind a count, and the countermeasures of units that are behind.
"""

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
        WITHDRAWN = "withdrawn", _("已撤回")

    class Kind(models.TextChoices):
        PLAN = "plan", _("编制")
        TRANSFER = "transfer", _("划转")
        NEXT_YEAR = "next-year", _("次年谋划")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="target_sets")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.PLAN)
    title = models.CharField(_("名称"), max_length=120)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
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

    def __str__(self) -> str:
        return self.title


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
    value = ExactDecimal(_("计划"), null=True, blank=True)
    locked = models.BooleanField(_("锁定"), default=False)
    withdrawn = models.BooleanField(_("撤销"), default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("indicator", "unit"))]


class Headline(models.Model):
    """What an indicator's total answers to: what the upper level assigned, 达到 or 突破.

    Insert-only: the latest row of an indicator is in force. The total itself is the target of the
    unit above the members (the group).
    """

    class Comparator(models.TextChoices):
        REACH = "reach", _("达到")
        EXCEED = "exceed", _("突破")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="headlines")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="headlines")
    comparator = models.CharField(
        _("要求"), max_length=8, choices=Comparator.choices, default=Comparator.REACH
    )
    assigned = ExactDecimal(_("上级下达"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("pk",)


class Bound(models.Model):
    """What a unit's year, a month's sum or one cell must not pass (产能、工期). Insert-only.

    No unit: all units together; no period: the whole year. Both limits empty: lifted.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="target_bounds")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="bounds")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    period = models.CharField(_("期间"), max_length=24, blank=True)
    lower = ExactDecimal(_("不低于"), null=True, blank=True)
    upper = ExactDecimal(_("不超过"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("pk",)


class Lead(models.Model):
    """A named record behind a count: 线索, 地块, 签约项目, 示范点, a household to be cleared."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("招商线索")
        PLOT = "plot", _("地块")
        SIGNED = "signed", _("签约项目")
        POINT = "point", _("示范点")
        HOUSEHOLD = "household", _("清零户")
        OTHER = "other", _("其他")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leads")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指标"), on_delete=models.PROTECT, related_name="leads"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="leads"
    )
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.LEAD)
    group = models.CharField(_("清单"), max_length=60, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    place = models.CharField(_("位置、来源"), max_length=120, blank=True)

    class Meta:
        ordering = ("unit__order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("campaign", "indicator", "unit", "name"), name="lead_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LeadStep(models.Model):
    """Where a lead stands since a day. Insert-only: the latest step speaks for the lead."""

    class Stage(models.TextChoices):
        OPEN = "open", _("在谈、未清")
        AGREED = "agreed", _("达成意向")
        SIGNED = "signed", _("已签约")
        DONE = "done", _("已落地、已清零")
        DROPPED = "dropped", _("已放弃")

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.OPEN)
    on = models.DateField(_("日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("pk",)


class Countermeasure(models.Model):
    """Why a unit is behind on an indicator, what it does, who, and until when. Insert-only:

    the latest row of a unit's indicator is in force; `done` closes it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="countermeasures")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="countermeasures")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="countermeasures"
    )
    period = models.CharField(_("期间"), max_length=24)
    gap = ExactDecimal(_("差距"), null=True, blank=True)
    cause = models.CharField(_("原因"), max_length=400)
    measure = models.CharField(_("措施"), max_length=400)
    responsible = models.CharField(_("责任人"), max_length=60)
    due = models.DateField(_("完成时限"))
    done = models.BooleanField(_("已见效"), default=False)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("pk",)
