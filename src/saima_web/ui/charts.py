"""A chart as plain data: what `charts.js` draws and what its table shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Series:
    """Values beside a chart's categories; `line` draws a plan or reference instead of bars."""

    name: str
    values: Sequence[float | None]
    line: bool = False


@dataclass(frozen=True)
class Chart:
    """kind `bars` (months), `lines` (trends; `inverse` for places), `rows` (a bar per unit).

    title names the picture; measure stands behind numbers; decimals as the table shows them; own
    is the category drawn in ink; mark draws a line at a value, called mark_name.
    """

    kind: Literal["bars", "lines", "rows"]
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    measure: str = ""
    decimals: int = 2
    inverse: bool = False
    own: str = ""
    mark: float | None = None
    mark_name: str = ""
    min: float | None = None

    def spec(self) -> dict[str, Any]:
        """The JSON that the page carries."""
        return {
            **{k: v for k, v in vars(self).items() if k != "series"},
            "categories": list(self.categories),
            "series": [
                {"name": s.name, "values": list(s.values), "line": s.line} for s in self.series
            ],
        }

    def rows(self) -> list[tuple[str, list[float | None]]]:
        """The same as a table: category and its value in each series."""
        return [
            (name, [s.values[i] if i < len(s.values) else None for s in self.series])
            for i, name in enumerate(self.categories)
        ]
