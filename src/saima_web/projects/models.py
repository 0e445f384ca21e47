"""Key projects: what they are, their gates, papers, money by month, milestones and activities."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.models_assessment import AssessmentMethod, IssuedAssessment
from saima_web.projects.models_linkage import Linkage
from saima_web.projects.models_site import (
    ProjectFile,
    ProjectRisk,
    ProjectSettings,
    SiteInspection,
)

__all__ = [
    "AssessmentMethod", "Gate", "GatePassage", "IssuedAssessment", "Linkage", "Milestone", "PaperNotice", "Project", "ProjectFile", "ProjectMoney",
    "ProjectPaper", "ProjectReport", "ProjectRisk", "ProjectSettings", "SiteInspection",
]  # fmt: skip


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Gate(models.Model):
    """A stage that projects pass, in a campaign's own order (22 usual ones), and who owns it."""

    class Matter(models.TextChoices):
        PRELIMINARY = "preliminary", _("前期工作")
        DESIGN = "design", _("设计管理")
        CONTRACTS = "contracts", _("招采合约")
        SITE = "site", _("现场管理")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gates")
    order = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("关口"), max_length=40)
    matter = models.CharField(_("集中事项"), max_length=12, choices=Matter.choices)
    owner = models.CharField(_("牵头"), max_length=60, blank=True)

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name"), name="gate_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """Something that is built. Money in 万元; the year's is that of the campaign.

    The monthly plan is the one that targets hold for the indicator it supports (unit, indicator
    and name are its key there); a project without one has a monthly plan of its own.
    """

    class Category(models.TextChoices):
        CONTINUING = "continuing", _("续建")
        NEW = "new", _("新开工")
        PRELIMINARY = "preliminary", _("前期")
        COMPLETING = "completing", _("竣工")

    class Kind(models.TextChoices):
        INDUSTRY = "industry", _("产业")
        INFRASTRUCTURE = "infrastructure", _("基础设施")
        LIVELIHOOD = "livelihood", _("民生")
        FUNCTION = "function", _("功能")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(_("项目名称"), max_length=120)
    category = models.CharField(_("类别"), max_length=12, choices=Category.choices)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="projects"
    )
    leader = models.CharField(_("责任领导"), max_length=40, blank=True)
    supporting = models.ManyToManyField(
        Unit, verbose_name=_("配合单位"), blank=True, related_name="supported_projects"
    )
    centre = models.CharField(_("项目管理中心"), max_length=80, blank=True)
    agent = models.CharField(_("代建单位"), max_length=80, blank=True)
    investor = models.CharField(_("投资单位"), max_length=80, blank=True)
    front = models.CharField(_("战场"), max_length=40, blank=True)
    highlighted = models.BooleanField(_("亮点项目"), default=False)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("支撑指标"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="projects",
    )  # fmt: skip
    total = ExactDecimal(_("总投资（万元）"), null=True)
    before = ExactDecimal(_("至上年底完成（万元）"), null=True, blank=True)
    year_plan = ExactDecimal(_("年度计划（万元）"), null=True, blank=True)
    start_due = models.DateField(_("计划开工"), null=True, blank=True)
    started_on = models.DateField(_("实际开工"), null=True, blank=True)
    finish_due = models.DateField(_("计划竣工"), null=True, blank=True)
    finished_on = models.DateField(_("实际竣工"), null=True, blank=True)
    included_on = models.DateField(_("入库纳统"), null=True, blank=True)
    contingency = models.TextField(_("预案"), blank=True)

    class Meta:
        ordering = ("unit__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name"), name="project_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMoney(models.Model):
    """One month's amount of one series. Insert-only: the latest row of a month speaks.

    Statistical, physical and paid amounts are three series that never mix.
    """

    class Series(models.TextChoices):
        PLAN = "plan", _("月度计划")
        STATISTICAL = "statistical", _("统计口径")
        PHYSICAL = "physical", _("实物量口径")
        PAID = "paid", _("资金支付")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="money")
    series = models.CharField(_("口径"), max_length=12, choices=Series.choices)
    month = models.CharField(_("月份"), max_length=7)
    value = ExactDecimal(_("本月（万元）"), null=True)
    recorded_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("project", "series", "month"))]


class ProjectReport(models.Model):
    """What a unit says of its project: how it looks on site, what is stuck, whom it needs."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports")
    month = models.CharField(_("月份"), max_length=7)
    physical_progress = models.CharField(_("形象进度"), max_length=300, blank=True)
    problem = models.CharField(_("存在问题"), max_length=300, blank=True)
    asks = models.CharField(_("需协调事项"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("-pk",)


class GatePassage(models.Model):
    """When a project is to pass a gate, and when it did."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="passages")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="passages")
    due = models.DateField(_("计划办结"), null=True, blank=True)
    done_on = models.DateField(_("实际办结"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("gate__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("project", "gate"), name="passage_once"),
        ]


class ProjectPaper(models.Model):
    """An approval, contract, permit or photograph of a project, with the day it runs out."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("营业执照")
        APPROVAL = "approval", _("立项批复")
        CONTRACT = "contract", _("施工合同")
        PHOTO = "photo", _("现场照片")
        PERMIT = "permit", _("许可、批复")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    holder = models.CharField(_("批文单位、合同甲方"), max_length=80, blank=True)
    amount = ExactDecimal(_("金额（万元）"), null=True, blank=True)
    on = models.DateField(_("日期"))
    expires = models.DateField(_("有效期至"), null=True, blank=True)
    settled_on = models.DateField(null=True)
    settled_note = models.CharField(_("不用续办的原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_note="")
                | (Q(settled_on__isnull=False) & ~Q(settled_note="")),
                name="project_paper_let_go_for_a_reason",
            ),
        ]


class PaperNotice(models.Model):
    """That a unit was told of a paper at a stage before its end: once for each, ever."""

    class Stage(models.TextChoices):
        SOON = "soon", _("一个月内到期")
        NEAR = "near", _("一周内到期")
        ENDED = "ended", _("已过期")

    paper = models.ForeignKey(ProjectPaper, on_delete=models.CASCADE, related_name="notices")
    stage = models.CharField(max_length=6, choices=Stage.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("paper", "stage"), name="paper_notice_once"),
        ]


class Milestone(models.Model):
    """A dated event of a project, or an activity that leads to it.

    `number` is the key that predecessors name (`3FS+2天`); duration in working days, 0 for an
    event. Planned dates are the baseline; the forecast is calculated. The three estimates, in
    days, stand all or none; they only say how likely a finish is.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("编号"))
    name = models.CharField(_("节点、活动"), max_length=80)
    duration = ExactDecimal(_("工期（天）"))
    optimistic = ExactDecimal(_("乐观工期（天）"), null=True, blank=True)
    likely = ExactDecimal(_("最可能工期（天）"), null=True, blank=True)
    pessimistic = ExactDecimal(_("悲观工期（天）"), null=True, blank=True)
    predecessors = models.CharField(_("前置任务"), max_length=120, blank=True)
    planned_start = models.DateField(_("计划开始"), null=True, blank=True)
    planned_finish = models.DateField(_("计划完成"))
    actual_start = models.DateField(_("实际开始"), null=True, blank=True)
    actual_finish = models.DateField(_("实际完成"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("完成百分比"), default=0)

    class Meta:
        ordering = ("number", "pk")
        constraints = [
            models.UniqueConstraint(fields=("project", "number"), name="milestone_once"),
            models.CheckConstraint(
                condition=Q(actual_finish=None) | Q(actual_start__isnull=False),
                name="milestone_begun_before_done",
            ),
            models.CheckConstraint(
                condition=Q(optimistic=None, likely=None, pessimistic=None)
                | Q(optimistic__isnull=False, likely__isnull=False, pessimistic__isnull=False),
                name="milestone_three_estimates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name
