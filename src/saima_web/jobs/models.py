"""Jobs as they were run: one row per job and due time."""

from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """A job at its due time. The row is made before the work begins, by one scheduler only."""

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)
    failed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-due_at", "job")
        constraints = [models.UniqueConstraint(fields=("job", "due_at"), name="job_once")]
