"""The kinds of value that stand in rulebooks, so that a reader knows what a text may mean there."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

Quantity = Annotated[str, Meta(extra={"is": "quantity"})]
"""The name of a quantity; `pace-gap` and the Chinese term are read as `pace_gap`."""

Ratio = Annotated[float, Meta(extra={"is": "ratio"})]
"""A plain ratio; `5%` is read as 0.05."""

OfQuantity = Annotated[float, Meta(extra={"is": "of"})]
"""A value of the quantity named by `of`; a percentage is read where that quantity is a ratio."""

Marks = Annotated[float | str, Meta(extra={"is": "marks"})]
"""Marks: a number, `full`, or a percentage of full marks such as `80%`."""

PERCENT = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[%％]\s*")


def ratio_of(text: str) -> float | None:
    """`5%` -> 0.05 (the float of the printed decimal), None for anything else."""
    match = PERCENT.fullmatch(text)
    return float(f"{match[1]}e-2") if match else None


def split_marks(value: float | str) -> tuple[float, float]:
    """Marks as (fixed, share of full): 3 -> (3, 0), full -> (0, 1), 80% -> (0, 0.8).

    Errors: ValueError for any other text (readers check before).
    """
    if not isinstance(value, str):
        return float(value), 0.0
    share = 1.0 if value == "full" else ratio_of(value)
    if share is None:
        raise ValueError(value)
    return 0.0, share
