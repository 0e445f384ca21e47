"""Card rules in versions, and cards with their answers, interviews, effects and every step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima.workflows.card import AWAITS_ANSWER, OUT, overdue
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.scoring.models import ScoreEvent

USER = settings.AUTH_USER_MODEL


def person(**more: Any) -> Any:
    """Who did something."""
    return models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", **more)


class CardRuleSet(models.Model):
    """One version of a campaign's card rules. A version that was switched on is never edited.

    `text` is the YAML document; in force at a day is the latest version switched on by then.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已启用")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="card_rules")
    version = models.PositiveIntegerField(_("版次"))
    name = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("正文"))
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateField(_("启用日期"), null=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    saved_at = models.DateTimeField()
    saved_by = person()
    published_at = models.DateTimeField(null=True)
    published_by = person()

    class Meta:
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "version"), name="card_rules_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """A card (黄牌、红牌): proposed by a rule, issued by a person under a number.

    `evaluated_on` is the day that was judged. `advice`: what the rules propose for it now, as
    {kind, level, step, reason, deducts, receivers}. `replaces`: the lighter or heavier card in
    whose place it stands.
    """

    class State(models.TextChoices):
        """The states of the library's loop (`saima.workflows.card.CARD`)."""

        PROPOSED = "proposed", _("待决定")
        HELD = "held", _("暂缓发出")
        WAIVED = "waived", _("容错免牌")
        LAPSED = "lapsed", _("未发出")
        ISSUED = "issued", _("待答复")
        ANSWERED = "answered", _("待复核")
        RETURNED = "returned", _("退回重答")
        ACCEPTED = "accepted", _("整改中")
        ESCALATED = "escalated", _("已约谈")
        LIFTED = "lifted", _("已摘牌")
        REPLACED = "replaced", _("已换牌")

    class Office(models.TextChoices):
        ASSESSMENT = "assessment", _("考核办")
        PROJECT = "project", _("重大项目办")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="cards")
    rules = models.ForeignKey(CardRuleSet, on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveIntegerField(_("编号"), null=True)
    year = models.PositiveSmallIntegerField(_("年份"))
    subject = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=20)
    name = models.CharField(_("事项"), max_length=200)
    unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="cards"
    )
    indicator = models.ForeignKey(
        Indicator, null=True, on_delete=models.PROTECT, related_name="cards"
    )
    level = models.CharField(_("等级"), max_length=40)
    colour = models.CharField(max_length=10)
    good = models.BooleanField(default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.PROPOSED
    )
    evaluated_on = models.DateField(_("评定日"))
    reason = models.CharField(_("事由"), max_length=400)
    clause = models.CharField(_("条款"), max_length=80, blank=True)
    office = models.CharField(
        _("提出"), max_length=10, choices=Office.choices, default=Office.ASSESSMENT
    )
    receivers = models.JSONField(_("送达"), default=list)
    step = models.CharField(_("处理"), max_length=200, blank=True)
    deducts = models.FloatField(_("扣分"), default=0)
    was = models.CharField(max_length=40, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    raised = models.BooleanField(default=True)
    advice = models.JSONField(default=list)
    events = models.ManyToManyField(ScoreEvent, related_name="cards")
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decision = models.CharField(_("理由"), max_length=300, blank=True)
    issued_on = models.DateField(_("发出日期"), null=True)
    issued_by = person()
    due = models.DateField(_("答复期限"), null=True)
    closed_on = models.DateField(_("销牌日期"), null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-evaluated_on", "-pk")
        indexes = [models.Index(fields=("campaign", "state"))]
        constraints = [
            models.UniqueConstraint(fields=("campaign", "year", "number"), name="card_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """黄牌〔2026〕3号, or the level alone before it is issued."""
        return f"{self.level}〔{self.year}〕{self.number}号" if self.number else self.level

    @property
    def state_word(self) -> str:
        """The state in a word; praise that was given waits for nobody's answer."""
        if self.good and self.state == self.State.ISSUED:
            return str(_("已授予"))
        return str(self.get_state_display())

    @property
    def out(self) -> bool:
        """Whether the unit has it in hand."""
        return self.state in OUT and not self.good

    def late(self, on: date) -> bool:
        """Whether an answer is owed and its day has passed."""
        return not self.good and overdue(self.state, self.due, on)

    @property
    def awaits_answer(self) -> bool:
        return self.state in AWAITS_ANSWER and not self.good


class CardAnswer(models.Model):
    """The unit's answer: why, what is done about it, by when; and the review."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="answers")
    cause = models.TextField(_("原因"))
    countermeasure = models.TextField(_("对策"))
    promised_on = models.DateField(_("完成时限"))
    late = models.BooleanField(_("逾期"), default=False)
    by = person()
    at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    review = models.CharField(_("复核意见"), max_length=300, blank=True)
    reviewed_by = person()
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")


class Interview(models.Model):
    """An escalation (约谈, 专函督办): who spoke with whom, and what was said."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="interviews")
    step = models.CharField(_("处理"), max_length=200)
    on = models.DateField(_("日期"))
    interviewer = models.CharField(_("约谈人"), max_length=60)
    attended = models.CharField(_("参加人"), max_length=200)
    record = models.TextField(_("约谈记录"))
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering = ("on", "pk")


class CardStep(models.Model):
    """One step of a card's loop: what was done, by whom, when, in what words."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=Card.State.choices)
    note = models.CharField(max_length=300, blank=True)
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
