"""A campaign, who takes part in which track from when to when, its key dates, working days."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.people.models import Unit


class Campaign(models.Model):
    """A campaign (攻坚行动). Its clock is the library's: over what figures accumulate.

    `sprint_start` and `sprint_end` bound the counted days (第37天) where they differ from the
    clock, as a hundred-day drive at the end of a year does.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("筹备")
        RUNNING = "running", _("进行中")
        CLOSED = "closed", _("已收官")

    class ClockKind(models.TextChoices):
        NATURAL_YEAR = "natural_year", _("自然年")
        ASSESSMENT_YEAR = "assessment_year", _("考核年度")
        DAYS = "days", _("若干天")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    organisation = models.CharField(_("主办单位"), max_length=120)
    state = models.CharField(
        _("状态"), max_length=20, choices=State.choices, default=State.PREPARING
    )
    clock_kind = models.CharField(
        _("计时方式"), max_length=20, choices=ClockKind.choices, default=ClockKind.NATURAL_YEAR
    )
    start = models.DateField(_("开始"))
    end = models.DateField(_("结束"))
    joint = models.JSONField(_("合并月份"), default=list, blank=True)
    sprint_start = models.DateField(_("攻坚启动日"), null=True, blank=True)
    sprint_end = models.DateField(_("攻坚收官日"), null=True, blank=True)
    scores = models.CharField(_("计分周期"), max_length=20, default="month")
    counts = models.JSONField(_("计分用数"), default=list)
    trial_periods = models.JSONField(_("试运行期间"), default=list, blank=True)
    documents = models.JSONField(_("公文设置"), default=dict, blank=True)
    report_day = models.PositiveSmallIntegerField(_("次月填报截止日"), default=8)
    confirm_day = models.PositiveSmallIntegerField(_("次月核定截止日"), default=12)
    explain_from = models.PositiveSmallIntegerField(_("欠序时多少个百分点须说明"), default=3)
    public = models.BooleanField(_("开放公示页"), default=False)
    demo = models.BooleanField(_("演示"), default=False)
    cloned_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    units = models.ManyToManyField(Unit, through="Participation", related_name="campaigns")

    class Meta:
        ordering = ("-start", "code")

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    """A track (赛道): units that are ranked among themselves."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tracks")
    name = models.CharField(_("名称"), max_length=60)
    order = models.IntegerField(_("顺序"), default=0)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name"), name="track_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """A unit in a campaign from a day on. Insert-only: a move closes one row and adds the next."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="participations")
    track = models.ForeignKey(
        Track, verbose_name=_("赛道"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="participations",
    )  # fmt: skip
    ranked = models.BooleanField(_("参与排名"), default=True)
    difficulty = models.CharField(_("难度系数"), max_length=10, default="1")
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    reason = models.CharField(_("变动原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("unit__order", "pk")


class PublishedRank(models.Model):
    """A rank as it was published before the platform kept score: movement is measured against it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="past_ranks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(_("期间"), max_length=24)
    rank = models.PositiveIntegerField(_("位次"))

    class Meta:
        ordering = ("period", "rank", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "unit", "period"), name="past_rank_once"),
        ]


class KeyDate(models.Model):
    """A date that matters (重要时间点): a meeting, a bulletin, a window of heightened duty."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="key_dates")
    on = models.DateField(_("日期"))
    until = models.DateField(_("至"), null=True, blank=True)
    name = models.CharField(_("事项"), max_length=80)
    heightened = models.BooleanField(_("值守时段"), default=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("on", "pk")


class DayOverride(models.Model):
    """A day that is worked or not, where the office knows better than the holiday table."""

    on = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("上班"))
    name = models.CharField(_("说明"), max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ("on",)
