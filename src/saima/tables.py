"""The two long tables that carry a campaign's figures, and what a reader hands over.

Targets and facts are Polars frames, because they can be large; everything else is small and lives
in `Campaign`. Readers fill exactly these columns; `cube.check` turns them into arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from saima.campaigns import Campaign
from saima.places import cell_name
from saima.problems import Place, Problem

if TYPE_CHECKING:
    import polars as pl

MISSING_KINDS: tuple[str, ...] = (
    "",  # there is a value
    "not-reported",  # blank: nothing came
    "not-applicable",  # — or /: this unit does not have it
    "below-unit",  # …: less than the smallest printed unit, counts as zero
    "unknown",  # 不详: asked and not known
    "excluded",  # 不计: left out by decision
)

FACT_COLUMNS: dict[str, str] = {
    "unit": "unit code",
    "indicator": "indicator code",
    "period": "canonical period text; D0 or the closing period before the start is the opening",
    "source": "reported | confirmed | official",
    "value": "float64, null with a missing kind",
    "missing": "one of MISSING_KINDS",
    "grade": "grade of a qualitative goal, else empty",
    "recorded_at": "datetime, null where the input has no such column",
    "table": "file or sheet that the row stands in",
    "row": "1-based row there, 0 unknown",
    "column": "0-based column of the value there, -1 unknown",
}
"""Columns of facts (strings are String or Categorical, row and column Int32)."""

TARGET_COLUMNS: dict[str, str] = {
    "unit": "unit code",
    "indicator": "indicator code",
    "period": "year (or 全年 of the clock): the target; a month: that month's plan; a range from "
    "the window's start: cumulative plan to its end",
    "target": "float64",
    "stretch": "float64 or null: 奋斗目标",
    "goal": "a qualitative goal in words, else empty",
    "recorded_at": "datetime or null",
    "table": "as in facts",
    "row": "as in facts",
    "column": "as in facts",
}
"""Columns of targets. Either `target` or `goal` is given."""


@dataclass(frozen=True)
class Tables:
    """A campaign as read: what it names, its targets and facts, and what was wrong so far.

    `name` is the file or folder as the user gave it, for places.
    """

    campaign: Campaign
    targets: pl.DataFrame
    facts: pl.DataFrame
    name: str = ""
    problems: list[Problem] = field(default_factory=list)

    def place(self, table: str, row: int, column: int) -> Place:
        """The place of a fact or target: file, sheet and cell, or file and line."""
        cell = cell_name(row - 1, column) if row > 0 and column >= 0 else ""
        if "." in table:  # a file of a folder
            return Place(file=table, line=0 if cell else row, cell=cell)
        return Place(file=self.name, sheet=table, cell=cell, line=0 if cell else row)
