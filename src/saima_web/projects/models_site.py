"""What is kept about a project's site: risks, inspections, the contingency plan's files, photographs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class ProjectSettings(models.Model):
    """A campaign's choices about its projects. Nobody is asked for photographs unless it says so."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="project_settings"
    )
    photos = models.BooleanField(_("可以上传现场照片"), default=False)


class ProjectRisk(models.Model):
    """What may go wrong with a project, who sees to it, by which measure."""

    class Level(models.TextChoices):
        HIGH = "high", _("重大")
        MIDDLE = "middle", _("较大")
        LOW = "low", _("一般")

    class State(models.TextChoices):
        WATCHED = "watched", _("防控中")
        HAPPENED = "happened", _("已发生")
        CLOSED = "closed", _("已解除")

    project = models.ForeignKey("Project", on_delete=models.CASCADE, related_name="risks")
    what = models.CharField(_("风险"), max_length=200)
    level = models.CharField(_("等级"), max_length=8, choices=Level.choices, default=Level.LOW)
    owner = models.CharField(_("责任人"), max_length=60)
    measure = models.CharField(_("防控措施"), max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WATCHED)
    found_on = models.DateField(_("登记日期"))
    closed_on = models.DateField(_("解除日期"), null=True, blank=True)
    by = _by()

    class Meta:
        ordering = ("found_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_on__isnull=False))
                | (~Q(state="closed") & Q(closed_on=None)),
                name="project_risk_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class SiteInspection(models.Model):
    """A visit to a site: what was found, what is required until when, and the unit's answer."""

    project = models.ForeignKey("Project", on_delete=models.CASCADE, related_name="inspections")
    on = models.DateField(_("检查日期"))
    inspector = models.CharField(_("检查人"), max_length=80)
    found = models.TextField(_("发现情况"), max_length=500)
    required = models.TextField(_("整改要求"), max_length=500, blank=True)
    answer_by = models.DateField(_("整改期限"), null=True, blank=True)
    answer = models.TextField(_("整改情况"), max_length=500, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = _by()
    recorded_at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="")
                | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="site_inspection_answered_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.on}"


class ProjectFile(models.Model):
    """A file of a project: its contingency plan, or a photograph of the site."""

    class Kind(models.TextChoices):
        CONTINGENCY = "contingency", _("预案")
        PHOTO = "photo", _("现场照片")

    project = models.ForeignKey("Project", on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    taken_on = models.DateField(_("拍摄日期"), null=True, blank=True)
    checked_by = models.CharField(_("核实人"), max_length=40, blank=True)
    file = models.FileField(_("文件"), upload_to="projects/%Y/%m")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = _by()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.file_name
