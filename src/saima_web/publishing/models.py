"""Numbered bulletins as issued, with their files, and figures released to the public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.scoring.models import ScoreRun

USER = settings.AUTH_USER_MODEL


class Bulletin(models.Model):
    """A bulletin (通报) as issued: number, date, the run that it tells of, the chain's anchor."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bulletins")
    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="bulletins")
    issue = models.PositiveIntegerField(_("期号"))
    title = models.CharField(_("标题"), max_length=200)
    dated = models.DateField(_("成文日期"))
    anchor = models.CharField(_("账本锚点"), max_length=80, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-issue",)
        constraints = [models.UniqueConstraint(fields=("campaign", "issue"), name="issue_once")]


class BulletinFile(models.Model):
    """A file of a bulletin, kept as it was issued."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="bulletins/%Y")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)


class Release(models.Model):
    """A published period that a named person released to the public page after review."""

    run = models.OneToOneField(ScoreRun, on_delete=models.PROTECT, related_name="release")
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    with_marks = models.BooleanField(_("含各项得分"), default=False)
