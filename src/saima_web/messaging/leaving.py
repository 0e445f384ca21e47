"""What is on its way out of the platform: claimed by one scheduler, tried again after pauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import now

PAUSES = tuple(timedelta(minutes=n) for n in (5, 30, 120, 360))
"""How long to wait after each failure; after the last there is no further try."""
FORGOTTEN = timedelta(minutes=30)
"""What was claimed so long ago was interrupted; it is tried again."""
ROUND = 200
"""So many are taken in one run of a job."""


class Leaving(models.Model):
    """The state of something to be sent: the log, and what is still to be done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        DROPPED = "dropped", _("不再发送")

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


State = Leaving.State
Row = TypeVar("Row", bound=Leaving)


def due(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """What is to be sent now, with what was interrupted."""
    moment = now()
    waiting = Q(state=State.WAITING, due_at__lte=moment)
    lost = Q(state=State.SENDING, claimed_at__lte=moment - FORGOTTEN)
    return rows.filter(waiting | lost)


def claimed(row: Leaving) -> bool:
    """Take a row, unless another scheduler was quicker."""
    mine = _rows(row).filter(pk=row.pk, state=row.state, claimed_at=row.claimed_at)
    taken = mine.update(state=State.SENDING, claimed_at=now(), attempts=F("attempts") + 1)
    row.attempts += 1
    return bool(taken)


def settle(rows: Iterable[Leaving], state: str, error: str = "") -> None:
    """What became of some rows of one kind, for good."""
    found = list(rows)
    sent = now() if state == State.SENT else None
    for kind in {type(row) for row in found}:
        mine = kind._default_manager.filter(pk__in=[row.pk for row in found])
        mine.update(state=state, error=error, sent_at=sent)


def try_later(row: Leaving, error: str) -> bool:
    """Wait for the next try. Returns whether that was the last one."""
    last = row.attempts > len(PAUSES)
    moment = now() if last else now() + PAUSES[row.attempts - 1]
    state = State.FAILED if last else State.WAITING
    _rows(row).filter(pk=row.pk).update(state=state, due_at=moment, error=error[:300])
    return last


def _rows(row: Leaving) -> models.Manager[Leaving]:
    return type(row)._default_manager
