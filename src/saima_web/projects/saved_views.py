"""Saved views of the list and the wall: a slice above keeps them, through a slot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from saima_web.campaigns.models import Campaign
from saima_web.people.models import User

Shown = Callable[[User, Campaign, str, QueryDict], dict[str, Any]]
SAVED: list[Shown] = []
"""What the menu of saved views above a page needs, its template among it."""


def saved_views(by: User, campaign: Campaign, page: str, asked: QueryDict) -> dict[str, Any]:
    """Nothing while nobody has filled the slot."""
    return {key: value for show in SAVED for key, value in show(by, campaign, page, asked).items()}
