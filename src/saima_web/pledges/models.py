"""What units promised: commitments, pledges, action plans, institutions, key-date duty."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit

USER = settings.AUTH_USER_MODEL


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")


def _unit() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+"
    )


class PledgeSettings(models.Model):
    """Whether commitments stand on the public page (no, unless the office says so), and after how
    many months without movement one is flagged."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="pledge_settings"
    )
    public = models.BooleanField(_("开放承诺公示页"), default=False)
    stalled_months = models.PositiveSmallIntegerField(_("连续几个月无进展即提示"), default=3)


class Commitment(models.Model):
    """A commitment (承诺) of a unit: what, by which measure, until when; judged by the office.

    A number stands in `target` where an indicator's figures tell how far it is, in `quantity`
    where the unit's own reports do.

    `public` is the unit's wish; it shows to the public only once it is released after a review.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("拟定")
        MADE = "made", _("履行中")
        CLAIMED = "claimed", _("待认定")
        FULFILLED = "fulfilled", _("已兑现")
        UNFULFILLED = "unfulfilled", _("未兑现")
        DROPPED = "dropped", _("已终止")

    class CountedBy(models.TextChoices):
        """The step by which it is told and by which its pace is counted."""

        DAY = "day", _("按日")
        WEEK = "week", _("按周")
        MONTH = "month", _("按月")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="commitments")
    unit = _unit()
    what = models.CharField(_("承诺事项"), max_length=120)
    goal = models.CharField(_("可衡量的目标"), max_length=300)
    responsible = models.CharField(_("责任岗位"), max_length=60, blank=True)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("对应指标"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    target = ExactDecimal(verbose_name=_("目标值"), null=True, blank=True)
    quantity = ExactDecimal(verbose_name=_("承诺数量"), null=True, blank=True)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    counted_by = models.CharField(
        _("按什么计进度"), max_length=6, choices=CountedBy.choices, default="month"
    )
    due_on = models.DateField(_("完成时限"))
    public = models.BooleanField(_("同意对外公示"), default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    made_at = models.DateTimeField(null=True)
    made_by = _by()
    claim = models.TextField(_("兑现情况"), blank=True)
    claimed_at = models.DateTimeField(null=True)
    verdict = models.TextField(_("认定意见"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _by()
    released_at = models.DateTimeField(null=True)
    released_by = _by()

    class Meta:
        ordering = ("unit__order", "due_on", "pk")

    def __str__(self) -> str:
        return self.what


class CommitmentStep(models.Model):
    """A progress report on a commitment. Insert-only."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps")
    text = models.TextField(_("进展"))
    reached = ExactDecimal(verbose_name=_("累计完成"), null=True)
    at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("-at", "-pk")


class Pledge(models.Model):
    """What a unit pledged before others (表态); recorded once, taken back only with a reason."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pledges")
    unit = _unit()
    on = models.DateField(_("日期"))
    occasion = models.CharField(_("场合"), max_length=80)
    words = models.TextField(_("表态内容"))
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = _by()
    withdrawal = models.CharField(_("收回原因"), max_length=300, blank=True)

    class Meta:
        ordering = ("unit__order", "-on", "-pk")


class PledgedValue(models.Model):
    """What a pledge names for one indicator, to be reached by the campaign's end."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="values")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指标"), on_delete=models.PROTECT, related_name="+"
    )
    value = ExactDecimal(verbose_name=_("表态值"))

    class Meta:
        ordering = ("indicator__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("pledge", "indicator"), name="pledged_value_once"),
        ]


class ActionPlan(models.Model):
    """A unit's action plan (作战方案): text and file, approved by the office, then followed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草拟")
        SUBMITTED = "submitted", _("待审定")
        RETURNED = "returned", _("被退回")
        APPROVED = "approved", _("执行中")
        CONCLUDED = "concluded", _("已完成")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="action_plans")
    unit = _unit()
    title = models.CharField(_("方案名称"), max_length=120)
    text = models.TextField(_("主要内容"))
    file = models.FileField(_("方案文件"), upload_to="plans/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _by()
    decision = models.TextField(_("审定意见"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _by()

    class Meta:
        ordering = ("unit__order", "-pk")

    def __str__(self) -> str:
        return self.title


class PlanMeasure(models.Model):
    """A measure of an action plan with its date, and when and how it was done."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="measures")
    what = models.CharField(_("措施"), max_length=200)
    responsible = models.CharField(_("责任岗位"), max_length=60, blank=True)
    due_on = models.DateField(_("完成时限"))
    done_on = models.DateField(_("完成日期"), null=True)
    note = models.CharField(_("完成情况"), max_length=300, blank=True)

    class Meta:
        ordering = ("due_on", "pk")


class InstitutionDocument(models.Model):
    """A document of institutions (十项制度, 八条举措) whose measures are checked one by one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="institutions")
    title = models.CharField(_("文件名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    on = models.DateField(_("印发日期"))
    file = models.FileField(_("文件"), upload_to="institutions/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = _by()

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return self.title


class InstitutionMeasure(models.Model):
    """One article of such a document: who answers for it, what proves it, how it stands."""

    class State(models.TextChoices):
        OPEN = "open", _("未报")
        REPORTED = "reported", _("待核查")
        ACCEPTED = "accepted", _("已落实")
        RETURNED = "returned", _("未落实")

    document = models.ForeignKey(
        InstitutionDocument, on_delete=models.CASCADE, related_name="measures"
    )
    order = models.PositiveSmallIntegerField(_("序号"), default=0)
    text = models.CharField(_("条文"), max_length=300)
    unit = _unit()
    due_on = models.DateField(_("落实时限"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    evidence = models.TextField(_("落实情况"), blank=True)
    file = models.FileField(_("佐证"), upload_to="institutions/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = _by()
    finding = models.CharField(_("核查意见"), max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = _by()

    class Meta:
        ordering = ("order", "pk")


class DutyLine(models.Model):
    """One day's duty of a unit in a window of heightened duty (值守时段)."""

    key_date = models.ForeignKey(KeyDate, on_delete=models.CASCADE, related_name="duty_lines")
    unit = _unit()
    on = models.DateField(_("日期"))
    leader = models.CharField(_("带班领导"), max_length=60)
    keeper = models.CharField(_("值班人员"), max_length=60)
    phone = models.CharField(_("值班电话"), max_length=40)
    recorded_at = models.DateTimeField()
    recorded_by = _by()

    class Meta:
        ordering = ("on", "unit__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("key_date", "unit", "on"), name="duty_line_once"),
        ]


class DutyReceipt(models.Model):
    """A unit's word that it knows of a window of heightened duty and has arranged for it."""

    key_date = models.ForeignKey(KeyDate, on_delete=models.CASCADE, related_name="duty_receipts")
    unit = _unit()
    at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("unit__order",)
        constraints = [
            models.UniqueConstraint(fields=("key_date", "unit"), name="duty_receipt_once"),
        ]
