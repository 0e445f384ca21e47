"""Inspections with findings and conclusions, problems with their loop, dispatch meetings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima.workflows.inspection import TOLD
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.people.models import Unit
from saima_web.projects.models import Project
from saima_web.scoring.models import ScoreEvent
from saima_web.supervision.words import (
    DISPATCH_STATES,
    FINDING_STATES,
    INSPECTION_STATES,
    PROBLEM_LEVELS,
    PROBLEM_STATES,
)

USER = settings.AUTH_USER_MODEL


class Rhythm(models.Model):
    """A campaign's rhythm: the weekly slot of problems, dispatch meetings, days to answer."""

    class Every(models.TextChoices):
        NONE = "none", _("不定期")
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("周一")
        TUESDAY = 1, _("周二")
        WEDNESDAY = 2, _("周三")
        THURSDAY = 3, _("周四")
        FRIDAY = 4, _("周五")
        SATURDAY = 5, _("周六")
        SUNDAY = 6, _("周日")

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="rhythm")
    slot_weekday = models.PositiveSmallIntegerField(
        _("难题会商日"), choices=Weekday.choices, default=Weekday.WEDNESDAY
    )
    raise_weekday = models.PositiveSmallIntegerField(
        _("难题申报截止日"), choices=Weekday.choices, default=Weekday.FRIDAY
    )
    dispatch_every = models.CharField(
        _("运行调度会"), max_length=6, choices=Every.choices, default=Every.MONTH
    )
    dispatch_weekday = models.PositiveSmallIntegerField(
        _("每周开，在"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    dispatch_day = models.PositiveSmallIntegerField(_("每月开，在几日"), default=16)
    answer_days = models.PositiveSmallIntegerField(_("督查结论几日内反馈"), default=10)
    review_days = models.PositiveSmallIntegerField(_("异议几日内复核"), default=30)


class InspectionPlan(models.Model):
    """The inspections of a year as the leader approved them; what comes later says why."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="inspection_plans"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "year"), name="inspection_plan_once")
        ]


class Inspection(models.Model):
    """One inspection (督查): who goes to which units between which days, to look at what."""

    class Kind(models.TextChoices):
        COMPREHENSIVE = "comprehensive", _("综合督查")
        SPECIAL = "special", _("专项督查")
        SECOND_LOOK = "second-look", _("回头看")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="inspections")
    number = models.PositiveIntegerField(_("编号"))
    title = models.CharField(_("督查名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices, default=Kind.SPECIAL)
    category = models.CharField(_("工作类别"), max_length=60, blank=True)
    lead_unit = models.ForeignKey(
        Unit, verbose_name=_("牵头部门"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    begins_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    content = models.TextField(_("督查事项"))
    planned = models.BooleanField(_("计划内"), default=True)
    reason = models.CharField(_("计划外原因"), max_length=200, blank=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("begins_on", "number")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "number"), name="inspection_number_once")
        ]

    def __str__(self) -> str:
        return self.title


class Inspected(models.Model):
    """One unit of an inspection: record, conclusion, the unit's answer or objection."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(
        Unit, verbose_name=_("督查对象"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=12, choices=INSPECTION_STATES, default="planned")
    visited_on = models.DateField(_("督查日期"), null=True, blank=True)
    inspectors = models.CharField(_("督查人员"), max_length=120, blank=True)
    record = models.TextField(_("督查情况"), blank=True)
    conclusion = models.TextField(_("督查结论"), blank=True)
    concluded_on = models.DateField(null=True)
    answer_by = models.DateField(_("反馈期限"), null=True)
    answer = models.TextField(_("反馈情况"), blank=True)
    answered_on = models.DateField(null=True)
    objection = models.TextField(_("异议"), blank=True)
    objected_on = models.DateField(null=True)
    review = models.TextField(_("复核意见"), blank=True)

    class Meta:
        ordering = ("unit__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("inspection", "unit"), name="inspected_once")
        ]

    @property
    def told(self) -> bool:
        """Whether the unit knows the conclusion."""
        return self.state in TOLD


class Finding(models.Model):
    """What was found at a unit: a fault with requirement and deadline, or a merit."""

    class Kind(models.TextChoices):
        FAULT = "fault", _("问题")
        MERIT = "merit", _("亮点")

    inspected = models.ForeignKey(Inspected, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(_("类型"), max_length=6, choices=Kind.choices, default=Kind.FAULT)
    text = models.TextField(_("发现"))
    requirement = models.TextField(_("整改要求"), blank=True)
    deadline = models.DateField(_("整改期限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=FINDING_STATES, default="open")
    measure = models.TextField(_("整改情况"), blank=True)
    note = models.TextField(_("核实意见"), blank=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    event = models.ForeignKey(ScoreEvent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("pk",)


class Problem(models.Model):
    """A problem (难题) of a unit, and what became of it.

    `project` is a key project of the list; `concerns` names in words what stands on no list, and
    the project in rows from before there was a choice.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("痛点堵点")
        UPWARD = "upward", _("向上争取")
        GUARANTEE = "guarantee", _("要素保障")

    class Element(models.TextChoices):
        LAND = "land", _("用地")
        MONEY = "money", _("资金")
        ENERGY = "energy", _("用能")
        PEOPLE = "people", _("用工")
        APPROVAL = "approval", _("审批")
        POLICY = "policy", _("政策")
        OTHER = "other", _("其他")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="problems")
    number = models.PositiveIntegerField(_("编号"))
    unit = models.ForeignKey(
        Unit, verbose_name=_("提出单位"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices, default=Kind.PROBLEM)
    category = models.CharField(_("工作类别"), max_length=60, blank=True)
    title = models.CharField(_("难题"), max_length=120)
    detail = models.TextField(_("具体情况"))
    asks = models.TextField(_("请求事项"))
    project = models.ForeignKey(
        Project, verbose_name=_("影响的重点项目"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="problems",
    )  # fmt: skip
    concerns = models.CharField(_("其他影响的项目或指标"), max_length=120, blank=True)
    element = models.CharField(_("要素"), max_length=10, choices=Element.choices, blank=True)
    upward_to = models.CharField(_("争取对象"), max_length=120, blank=True)
    amount = models.CharField(_("争取额度"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=PROBLEM_STATES, default="raised")
    level = models.CharField(_("分流"), max_length=8, choices=PROBLEM_LEVELS, blank=True)
    lead_unit = models.ForeignKey(
        Unit, verbose_name=_("牵头部门"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    slot_on = models.DateField(_("会商日"), null=True, blank=True)
    decision = models.TextField(_("议定意见"), blank=True)
    responsible_unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    due_on = models.DateField(_("办结期限"), null=True, blank=True)
    decided_on = models.DateField(null=True)
    result = models.TextField(_("办理情况"), blank=True)
    raised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "number"), name="problem_number_once")
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of a problem or of a unit's inspection: what was done, by whom, in what words."""

    problem = models.ForeignKey(Problem, null=True, on_delete=models.CASCADE, related_name="steps")
    inspected = models.ForeignKey(
        Inspected, null=True, on_delete=models.CASCADE, related_name="steps"
    )
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")


class Meeting(models.Model):
    """A dispatch meeting (运行调度会): its day, its agenda of what is behind, its minutes."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="dispatches")
    number = models.PositiveIntegerField(_("编号"))
    on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    chair = models.CharField(_("主持人"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=DISPATCH_STATES, default="planned")
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-number")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "number"), name="dispatch_number_once")
        ]


class AgendaLine(models.Model):
    """One line of an agenda: what is behind, whose it is, where it stands in the platform."""

    class Kind(models.TextChoices):
        GAP = "gap", _("欠序时指标")
        TASK = "task", _("逾期任务")
        PROBLEM = "problem", _("待解难题")
        FINDING = "finding", _("逾期整改")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("order", "pk")


class Minute(models.Model):
    """One line of minutes: what was agreed, for whom and by when; it may become a task."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="minutes")
    text = models.TextField(_("议定事项"))
    unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    deadline = models.DateField(_("完成时限"), null=True, blank=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("pk",)
