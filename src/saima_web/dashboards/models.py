"""What the wall shows now."""

from __future__ import annotations

from django.db import models

from saima_web.campaigns.models import Campaign


class BoardState(models.Model):
    """One wall per campaign: frozen or not, and how many places are revealed."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="board")
    period = models.CharField(max_length=24, blank=True)
    frozen = models.BooleanField(default=False)
    revealed = models.PositiveIntegerField(default=0)
