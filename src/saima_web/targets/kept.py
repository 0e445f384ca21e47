"""The overview's lines of who sees all, kept until something that they are made of changes.

Hundreds of thousands of targets stand behind them, and approved sets never change: what they are
made of is known by the sets, and by the rows of the small tables beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.utils.translation import get_language

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.people.models import Unit
from saima_web.targets.models import Target, TargetSet
from saima_web.targets.overview import Overview

MOST = 8
"""Campaigns and languages whose lines a process keeps."""


Lines = list[dict[str, Any]]

_kept: dict[bytes, Lines] = {}


def lines_of(view: Overview, make: Callable[[Overview], Lines]) -> Lines:
    """The lines of an overview, made by `make` where they are not kept; nobody changes them."""
    if not view.sees_all:
        return make(view)
    key = sha256(repr([*_made_of(view.campaign)]).encode()).digest()
    if key not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = make(view)
    return _kept[key]


def forget() -> None:
    """Let go of all lines: for tests, whose databases begin with the same numbers."""
    _kept.clear()


def _made_of(campaign: Campaign) -> Iterator[Any]:
    """All that the lines hang on, but targets: of these, which sets are approved and since when."""
    yield today(), get_language(), [getattr(campaign, f.attname) for f in campaign._meta.fields]
    sets = campaign.target_sets.filter(state=TargetSet.State.APPROVED).order_by("pk")
    yield list(sets.values_list("pk", "kind", "decided_at"))
    yield Target.objects.aggregate(last=Max("pk"))
    for rows in (
        campaign.headlines, campaign.participations, campaign.tracks, campaign.assignments,
        Unit.objects, Indicator.objects,
    ):  # fmt: skip
        yield list(rows.order_by("pk").values_list())
    books = Rulebook.objects.filter(campaign=campaign).order_by("pk")
    yield list(books.values_list("pk", "state", "digest", "effective_from", "official"))
