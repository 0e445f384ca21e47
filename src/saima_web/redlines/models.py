"""Red lines, and what follows: risk items, incidents, honours, consequences."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit
from saima_web.scoring.models import ScoreEvent

USER = settings.AUTH_USER_MODEL


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")


def _unit() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+"
    )


class Domain(models.Model):
    """A domain in which one failure undoes the rest (红线领域, 100-1=0)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(_("领域"), max_length=30)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name"), name="domain_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AllowedVeto(models.Model):
    """What may follow from an incident in a campaign: others are refused. Each has its basis.

    `name` is that of the rulebook's event: what it does to the ranking is said there.
    """

    class Effect(models.TextChoices):
        VETO = "veto", _("一票否决")
        GATE = "gate", _("门槛")
        DEDUCTION = "deduction", _("扣分")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="allowed_vetoes")
    domain = models.ForeignKey(
        Domain, verbose_name=_("领域"), on_delete=models.PROTECT, related_name="vetoes"
    )
    name = models.CharField(_("情形"), max_length=80)
    effect = models.CharField(_("后果"), max_length=10, choices=Effect.choices)
    basis = models.CharField(_("依据文件"), max_length=120)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("domain__order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("campaign", "name", "effect"), condition=Q(retired_at=None),
                name="allowed_veto_once",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="allowed_veto_has_basis"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.get_effect_display()}）"


class Incident(models.Model):
    """Something that happened in a domain, and what it brings about once a leader confirms it.

    Without a basis document none can be saved. `event` is what stands in the scores' register.
    """

    class State(models.TextChoices):
        RECORDED = "recorded", _("待审定")
        DISMISSED = "dismissed", _("不予采取")
        IN_EFFECT = "in-effect", _("生效中")
        APPEALED = "appealed", _("申诉中")
        UPHELD = "upheld", _("维持")
        WITHDRAWN = "withdrawn", _("已撤销")
        EXPIRED = "expired", _("已到期")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="incidents")
    domain = models.ForeignKey(
        Domain, verbose_name=_("领域"), on_delete=models.PROTECT, related_name="incidents"
    )
    unit = _unit()
    on = models.DateField(_("发生日期"))
    name = models.CharField(_("事件"), max_length=80)
    description = models.TextField(_("经过"))
    basis = models.CharField(_("依据文件"), max_length=120)
    file = models.FileField(_("依据原件"), upload_to="incidents/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    veto = models.ForeignKey(
        AllowedVeto, verbose_name=_("拟采取"), on_delete=models.PROTECT, related_name="incidents"
    )
    points = ExactDecimal(verbose_name=_("扣分分值"), null=True, blank=True)
    expires = models.DateField(_("有效期至"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECORDED)
    event = models.OneToOneField(
        ScoreEvent, null=True, on_delete=models.PROTECT, related_name="incident"
    )
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    decision = models.TextField(_("审定意见"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _by()
    grounds = models.TextField(_("申诉理由"), blank=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = _by()
    answer = models.TextField(_("申诉答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = _by()

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="incident_has_basis")]

    def __str__(self) -> str:
        return self.name


class RiskItem(models.Model):
    """A risk on the list of what must not happen (底线清单): its owner, its plan, its checks."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="risks")
    domain = models.ForeignKey(
        Domain, verbose_name=_("领域"), on_delete=models.PROTECT, related_name="risks"
    )
    unit = _unit()
    name = models.CharField(_("风险事项"), max_length=120)
    measure = models.CharField(_("防范措施"), max_length=300, blank=True)
    every_days = models.PositiveSmallIntegerField(_("多少天检查一次"), default=30)
    plan = models.TextField(_("应急预案"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(_("销项说明"), max_length=300, blank=True)

    class Meta:
        ordering = ("domain__order", "unit__order", "pk")

    def __str__(self) -> str:
        return self.name


class RiskCheck(models.Model):
    """A check of a risk: when, what was found. Insert-only."""

    class Result(models.TextChoices):
        SOUND = "sound", _("正常")
        FOUND = "found", _("发现隐患")
        MENDED = "mended", _("隐患已整改")

    risk = models.ForeignKey(RiskItem, on_delete=models.CASCADE, related_name="checks")
    on = models.DateField(_("检查日期"))
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    note = models.CharField(_("情况"), max_length=300, blank=True)
    at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("-on", "-pk")


class HonourCap(models.Model):
    """How many points of a kind a unit can get in a year."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="honour_caps")
    kind = models.CharField(max_length=12)
    most = ExactDecimal(verbose_name=_("每年每单位上限"))

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "kind"), name="honour_cap_once"),
        ]


class Honour(models.Model):
    """A bonus, deduction, commendation or warning of a unit, with its basis; approved by a leader.

    `points` is what was proposed, `counted` what the year's cap left of it, `counts_in` whether it
    feeds the month, the year or both.
    """

    class Kind(models.TextChoices):
        BONUS = "bonus", _("加分")
        DEDUCTION = "deduction", _("扣分")
        COMMENDATION = "commendation", _("表彰")
        WARNING = "warning", _("通报批评")

    class CountsIn(models.TextChoices):
        BOTH = "both", _("当月起，计入全年")
        MONTH = "month", _("只计当月")
        YEAR = "year", _("只计年终")

    class State(models.TextChoices):
        RECORDED = "recorded", _("待审定")
        APPROVED = "approved", _("已审定")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤销")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="honours")
    unit = _unit()
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("事项"), max_length=80)
    on = models.DateField(_("日期"))
    basis = models.CharField(_("依据文件"), max_length=120)
    points = ExactDecimal(verbose_name=_("分值"), null=True, blank=True)
    counts_in = models.CharField(
        _("计入"), max_length=8, choices=CountsIn.choices, default=CountsIn.BOTH
    )
    counted = ExactDecimal(null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECORDED)
    event = models.OneToOneField(
        ScoreEvent, null=True, on_delete=models.PROTECT, related_name="honour"
    )
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    decision = models.CharField(_("审定意见"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _by()

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="honour_has_basis")]


class AccountabilityRecord(models.Model):
    """What a unit was called to account for (责任追究): for the office and leaders only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="accountability")
    unit = _unit()
    on = models.DateField(_("日期"))
    matter = models.CharField(_("事由"), max_length=120)
    form = models.CharField(_("方式"), max_length=60)
    basis = models.CharField(_("依据文件"), max_length=120)
    words = models.TextField(_("情况"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="accountability_has_basis")
        ]


class ContributionSettings(models.Model):
    """Whether a campaign keeps records of persons' contributions (no), and who may read them."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="contribution_settings"
    )
    on = models.BooleanField(_("开启实绩记录"), default=False)
    roles = models.JSONField(_("可以查看的角色"), default=list)
    reason = models.CharField(_("开启的依据"), max_length=200, blank=True)


class Contribution(models.Model):
    """What a person did (担当实绩). A correction is a new row that points back; erasing empties one.

    `user` is the person's own log-in, where there is one: they may read their own and ask for a
    correction or for erasure.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="contributions")
    unit = _unit()
    person = models.CharField(_("姓名"), max_length=60, blank=True)
    user = models.ForeignKey(
        USER, verbose_name=_("本人登录名"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="contributions",
    )  # fmt: skip
    on = models.DateField(_("日期"))
    what = models.TextField(_("实绩"), blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    asked = models.CharField(_("本人要求"), max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = _by()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-pk")
