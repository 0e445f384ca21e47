"""Figures as recorded (insert-only), the rounds that ask for them, and each cell's state."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.base.fields import ExactDecimal
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit

USER = settings.AUTH_USER_MODEL


class Round(models.Model):
    """A reporting round (填报轮次) of one period."""

    class State(models.TextChoices):
        PLANNED = "planned", _("未开始")
        OPEN = "open", _("填报中")
        CLOSED = "closed", _("已结束")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rounds")
    period = models.CharField(_("期间"), max_length=24)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    opens_on = models.DateField(_("开始填报"))
    due_at = models.DateTimeField(_("填报截止"))
    confirm_due_at = models.DateTimeField(_("核定截止"))
    instructions = models.TextField(_("填报说明"), blank=True)
    trial = models.BooleanField(_("试运行，计分不计入"), default=False)

    class Meta:
        ordering = ("-due_at",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "period"), name="round_once"),
        ]


class RoundTally(models.Model):
    """How the cells of a closed round stand, counted in a night: see `tallies`.

    kinds: by whether a department provides them, state and lateness, how many cells. cells: by
    indicator, state and lateness. units: those that report some themselves.
    """

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    kinds = models.JSONField()
    cells = models.JSONField()
    units = models.PositiveIntegerField()


class DueException(models.Model):
    """A later deadline for one unit in one round, with its reason."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="exceptions")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(_("延至"))
    reason = models.CharField(_("原因"), max_length=200)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Figure(models.Model):
    """A figure as somebody gave it. Never changed: a correction is the next row.

    `source` is reported, confirmed or official: the three stand side by side. `missing` is one of
    the library's kinds where there is no value (`saima.tables.MISSING_KINDS`).
    """

    class Source(models.TextChoices):
        REPORTED = "reported", _("自报数")
        CONFIRMED = "confirmed", _("核定数")
        OFFICIAL = "official", _("统计反馈数")

    class Origin(models.TextChoices):
        TYPED = "typed", _("录入")
        PASTED = "pasted", _("粘贴")
        WORKBOOK = "workbook", _("工作簿")
        HISTORY = "history", _("历史导入")
        CONFIRMED = "confirmed", _("核定")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="figures")
    definition = models.PositiveIntegerField(_("口径版本"), default=1)
    period = models.CharField(_("期间"), max_length=24)
    source = models.CharField(max_length=10, choices=Source.choices)
    value = ExactDecimal(_("数值"), null=True, blank=True)
    missing = models.CharField(max_length=16, blank=True)
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TYPED)
    on_behalf = models.CharField(_("代填说明"), max_length=200, blank=True)
    withdrawn = models.BooleanField(_("撤销"), default=False)
    recorded_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=40, null=True, unique=True)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("indicator", "period", "unit", "source"))]


class Entry(models.Model):
    """A cell of a round: what one unit owes for one indicator, and how far it has come.

    `state` follows `saima.workflows.submission`. `reported` is what the unit gave last,
    `confirmed` what the data owner settled.
    """

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="entries")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    state = models.CharField(max_length=12, default="empty")
    reported = models.ForeignKey(Figure, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.ForeignKey(Figure, null=True, on_delete=models.PROTECT, related_name="+")
    late = models.BooleanField(_("逾期"), default=False)
    flagged = models.BooleanField(_("待跟进"), default=False)
    reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__order", "indicator__order", "pk")
        indexes = [models.Index(fields=("indicator", "round"))]
        constraints = [
            models.UniqueConstraint(
                fields=("round", "unit", "indicator"), name="entry_once_in_a_round"
            ),
        ]


class Remark(models.Model):
    """Words on a cell: a comment, why it jumped, or cause, measure and date for being behind."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("批注")
        JUMP = "jump", _("变动原因")
        BEHIND = "behind", _("滞后说明")
        RETURN = "return", _("退回")
        SHARED = "shared", _("其他行动退回")

    SENT_BACK = (Kind.RETURN, Kind.SHARED)
    """What opens a cell again: here, or in another campaign that uses the same figure."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(_("原因"))
    measure = models.TextField(_("措施"), blank=True)
    catch_up_on = models.DateField(_("追平日期"), null=True, blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")


class Evidence(models.Model):
    """A file that supports a cell's figure."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
