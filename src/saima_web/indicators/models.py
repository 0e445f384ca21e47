"""The indicator library shared by campaigns, definitions in versions, assignments, rulebooks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign, Track
from saima_web.people.models import Unit


class Indicator(models.Model):
    """An indicator (指标) of the library: how it is measured, never how it is scored.

    It has no campaign: a figure is asked once and used by all. The choices are those of
    `saima.campaigns.Indicator`.
    """

    class Provider(models.TextChoices):
        UNIT = "unit", _("单位填报")
        OWNER = "owner", _("部门统一提供")

    class Direction(models.TextChoices):
        MORE = "more", _("越大越好")
        LESS = "less", _("越小越好")
        CENTRED = "centred", _("适中为好")
        CLEAR = "clear-to-zero", _("清零")

    class Nature(models.TextChoices):
        YEAR_TO_DATE = "year-to-date", _("累计数")
        IN_PERIOD = "in-period", _("当期数")
        POINT_IN_TIME = "point-in-time", _("时点数")

    class Frequency(models.TextChoices):
        DAY = "day", _("日")
        TEN_DAY = "ten-day", _("旬")
        WEEK = "week", _("周")
        MONTH = "month", _("月")
        TWO_MONTHS = "two-months", _("双月")
        QUARTER = "quarter", _("季")
        HALF = "half", _("半年")
        YEAR = "year", _("年")

    class RollUp(models.TextChoices):
        OWN = "own", _("自身数")
        SUM = "sum", _("下级之和")
        RATIO = "ratio", _("分子比分母")

    code = models.CharField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    category = models.CharField(_("类别"), max_length=60, blank=True)
    battle_line = models.CharField(_("战役、阵地"), max_length=60, blank=True)
    business_line = models.CharField(_("业务板块"), max_length=60, blank=True)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=2)
    direction = models.CharField(
        _("方向"), max_length=20, choices=Direction.choices, default=Direction.MORE
    )
    nature = models.CharField(
        _("数据性质"), max_length=20, choices=Nature.choices, default=Nature.YEAR_TO_DATE
    )
    frequency = models.CharField(
        _("频度"), max_length=20, choices=Frequency.choices, default=Frequency.MONTH
    )
    rolls_up = models.CharField(
        _("汇总方式"), max_length=20, choices=RollUp.choices, default=RollUp.OWN
    )
    numerator = models.CharField(_("分子指标"), max_length=60, blank=True)
    denominator = models.CharField(_("分母指标"), max_length=60, blank=True)
    formula = models.CharField(_("公式"), max_length=200, blank=True)
    qualitative = models.BooleanField(_("定性"), default=False)
    counts = models.JSONField(_("采用数据"), default=list, blank=True)
    lead_unit = models.ForeignKey(
        Unit, verbose_name=_("牵头单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="led_indicators",
    )  # fmt: skip
    data_owner = models.ForeignKey(
        Unit, verbose_name=_("数据责任单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="owned_indicators",
    )  # fmt: skip
    provider = models.CharField(
        _("数据来源"), max_length=20, choices=Provider.choices, default=Provider.UNIT
    )
    order = models.IntegerField(_("顺序"), default=0)
    retired = models.BooleanField(_("停用"), default=False)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.name


class Definition(models.Model):
    """One version of what an indicator's figure means (口径), in force from a period on."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="definitions")
    version = models.PositiveIntegerField(_("版本"))
    effective = models.CharField(_("生效期间"), max_length=24, blank=True)
    text = models.TextField(_("口径"))
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    comparable = models.BooleanField(_("与前版可比"), default=True)
    reason = models.CharField(_("变更原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("indicator", "version")
        constraints = [
            models.UniqueConstraint(fields=("indicator", "version"), name="definition_once"),
        ]


class Assignment(models.Model):
    """Who has which indicator in a campaign: a unit, a track, or everybody in a track."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="assignments")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    weight = models.CharField(_("分值"), max_length=12, blank=True)

    class Meta:
        ordering = ("indicator__order", "pk")


class Rulebook(models.Model):
    """A version of a scheme (考核办法). `text` is the YAML; once published it is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        SUPERSEDED = "superseded", _("已被替代")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rulebooks")
    name = models.CharField(_("标识"), max_length=60)
    title = models.CharField(_("名称"), max_length=160)
    version = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("正文"))
    digest = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    official = models.BooleanField(
        _("用于本行动排名"), default=True, help_text=_("上级考核办法等只作对照")
    )
    effective_from = models.CharField(_("生效期间"), max_length=24, blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("campaign", "name", "version")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name", "version"), name="rulebook_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class CheckRule(models.Model):
    """A validation rule of an indicator's figures: a bound or a jump, an error or a question."""

    class Kind(models.TextChoices):
        MINIMUM = "minimum", _("不小于")
        MAXIMUM = "maximum", _("不大于")
        JUMP = "jump", _("与上期相差不超过（%）")
        OF_TARGET = "of-target", _("不超过全年目标的（%）")

    class Severity(models.TextChoices):
        ERROR = "error", _("不能保存")
        WARNING = "warning", _("须说明原因")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(_("规则"), max_length=12, choices=Kind.choices)
    limit = ExactDecimal(_("界限"))
    severity = models.CharField(
        _("严重程度"), max_length=8, choices=Severity.choices, default=Severity.WARNING
    )

    class Meta:
        ordering = ("indicator", "pk")


class Note(models.Model):
    """A policy from above, or a contact with a data owner: on one indicator or a whole campaign."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("政策细则")
        CONTACT = "contact", _("对接记录")

    indicator = models.ForeignKey(
        Indicator, null=True, on_delete=models.CASCADE, related_name="notes"
    )
    campaign = models.ForeignKey(
        Campaign, null=True, on_delete=models.CASCADE, related_name="notes"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    party = models.CharField(_("发文或对接单位"), max_length=120)
    title = models.CharField(_("事由"), max_length=160)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    text = models.TextField(_("内容"), blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(indicator=None) ^ models.Q(campaign=None),
                name="note_of_an_indicator_or_a_campaign",
            ),
        )


class OuterRank(models.Model):
    """Our place in a ranking of the level above, by indicator and period; the last row counts."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="outer_ranks")
    period = models.CharField(_("期间"), max_length=24)
    contest = models.CharField(_("排名范围"), max_length=80)
    place = models.PositiveIntegerField(_("我方位次"))
    of = models.PositiveIntegerField(_("参与排名的个数"))
    source = models.CharField(_("来源"), max_length=160)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("indicator", "contest", "period", "pk")


class RulebookSave(models.Model):
    """One state of a draft's text, so that an earlier one can be brought back."""

    rulebook = models.ForeignKey(Rulebook, on_delete=models.CASCADE, related_name="saves")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=80)
    what = models.CharField(_("改了什么"), max_length=160)
    saved_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("rulebook", "-number")
        constraints = [
            models.UniqueConstraint(fields=("rulebook", "number"), name="rulebook_save_once"),
        ]
