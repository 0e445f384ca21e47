"""A quantity that is promised by a day, counted off by days, weeks or months: how far it should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from saima.periods import add_months

By = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Count:
    """A promised quantity on a day. Steps are days, weeks or months from the day it was made.

    steps: all of them, a last part of one counted whole; over: those that are over; due: what
    should be reached by now, in equal shares; needed: for each step left, None where none is.
    """

    quantity: Decimal
    reached: Decimal
    steps: int
    over: int

    @property
    def due(self) -> Decimal:
        return self.quantity * self.over / self.steps

    @property
    def gap(self) -> Decimal:
        """Reached less due: negative where it is behind."""
        return self.reached - self.due

    @property
    def points(self) -> float:
        """The gap in percentage points of the whole quantity."""
        return float(self.gap / self.quantity * 100)

    @property
    def left(self) -> int:
        return self.steps - self.over

    @property
    def needed(self) -> Decimal | None:
        if not self.left:
            return None
        return max(Decimal(0), self.quantity - self.reached) / self.left


def count(
    quantity: Decimal, reached: Decimal, *, begin: date, end: date, on: date, by: By
) -> Count:
    """A quantity above zero, promised on `begin` for `end`, as it stands on `on`."""
    steps = _begun(begin, end, by)
    over = steps if on > end else min(_over(begin, on, by), steps)
    return Count(quantity, reached, steps, over)


def _over(begin: date, on: date, by: By) -> int:
    """Steps that are over: the first one ends when as much time has passed."""
    if on <= begin:
        return 0
    if by == "month":
        whole = (on.year - begin.year) * 12 + on.month - begin.month
        return whole if add_months(begin, whole) <= on else whole - 1
    return (on - begin).days // (7 if by == "week" else 1)


def _begun(begin: date, end: date, by: By) -> int:
    """Steps from one day to another, both included; at least one."""
    over = _over(begin, end, by)
    return max(1, over + 1)
