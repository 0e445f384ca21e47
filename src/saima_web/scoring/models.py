"""Runs of the scoring engine with all they pin, events that touch scores, checks and appeals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.people.models import Unit

USER = settings.AUTH_USER_MODEL


class ScoreEvent(models.Model):
    """A bonus, deduction, veto or gate that fell on a unit, with its basis and expiry."""

    class Kind(models.TextChoices):
        BONUS = "bonus", _("加分")
        DEDUCTION = "deduction", _("扣分")
        VETO = "veto", _("一票否决")
        GATE = "gate", _("门槛")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("事项"), max_length=80)
    on = models.DateField(_("日期"))
    count = models.CharField(_("次数"), max_length=10, default="1")
    points = models.CharField(_("分值"), max_length=10, blank=True)
    basis = models.CharField(_("依据"), max_length=120)
    expires = models.DateField(_("有效期至"), null=True, blank=True)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指标"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    note = models.CharField(_("备注"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.CharField(_("撤销原因"), max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "-pk")


class ScoreRun(models.Model):
    """One run for one period, pinning rulebook, input and library; published ones never change.

    `result` is the library's Result as JSON. `version` counts publications of the period: a
    correction is the next version, pointing back by `corrects`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("试算")
        CHECKING = "checking", _("核对中")
        CHECKED = "checked", _("待审定")
        APPROVED = "approved", _("已审定")
        PUBLISHED = "published", _("已公布")
        SUPERSEDED = "superseded", _("已被更正")
        DROPPED = "dropped", _("已作废")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="runs")
    period = models.CharField(_("期间"), max_length=24)
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    comparison = models.BooleanField(_("仅供对照"), default=False)
    trial = models.BooleanField(_("试运行"), default=False)
    provisional = models.BooleanField(_("含未核定数"), default=False)
    version = models.PositiveIntegerField(_("版次"), default=0)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField(_("数据截至"))
    rulebook_digest = models.CharField(max_length=80)
    input_digest = models.CharField(max_length=80)
    library = models.CharField(max_length=20)
    result = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approval = models.CharField(_("审定意见"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=("campaign", "period", "state"))]


class RunInput(models.Model):
    """What a run was made from, in brief: so that one mark is explained without reading it all.

    `axes` are the whole's (`saima.cube.Axes`), None where the input has become another before they
    were kept; `own` what each unit's own average is made of, by its code; `cells` the digest of
    every indicator and unit (`saima.scoring.digests.cell_digests`), in the campaign's order;
    `places` what the places go by (`saima.scoring.standing.Keys`).
    `found` is the whole input's digest when it was last read again, at `checked_at`.
    """

    run = models.OneToOneField(ScoreRun, on_delete=models.CASCADE, related_name="input")
    axes = models.JSONField(null=True)
    own = models.JSONField(default=dict)
    cells = models.BinaryField(default=bytes)
    places = models.JSONField(default=dict)
    found = models.CharField(max_length=80)
    checked_at = models.DateTimeField()


class Standing(models.Model):
    """One unit's line of a run, for lists and trends; the whole stands in the run's result."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="standings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="standings")
    track = models.CharField(max_length=60)
    score = models.FloatField(null=True)
    rank = models.PositiveIntegerField(null=True)
    tied = models.BooleanField(default=False)
    tier = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    movement = models.IntegerField(null=True)

    class Meta:
        ordering = ("run", "track", "rank", "unit__order")
        constraints = [models.UniqueConstraint(fields=("run", "unit"), name="standing_once")]


class SheetCheck(models.Model):
    """A unit's answer to its own sheet (核对): agreed, or what it finds wrong."""

    class State(models.TextChoices):
        SENT = "sent", _("待核对")
        AGREED = "agreed", _("无异议")
        DISPUTED = "disputed", _("有异议")

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="checks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__order",)
        constraints = [models.UniqueConstraint(fields=("run", "unit"), name="check_once")]


class Appeal(models.Model):
    """A unit disputes a published mark (申诉); the office decides with a reason."""

    class State(models.TextChoices):
        RAISED = "raised", _("待受理")
        UPHELD = "upheld", _("予以采纳")
        REJECTED = "rejected", _("不予采纳")
        WITHDRAWN = "withdrawn", _("已撤回")

    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="appeals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appeals")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.RAISED)
    grounds = models.TextField(_("理由"))
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.TextField(_("决定和理由"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_by_run = models.ForeignKey(
        ScoreRun, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-raised_at", "-pk")
