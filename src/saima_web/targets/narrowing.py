"""One indicator at a time, where a page of all of them would have thousands of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saima_web.indicators.models import Indicator
from saima_web.people.pages import Request
from saima_web.targets.overview import Overview

MOST_CELLS = 2000
"""More cells than this are shown one indicator at a time."""
ALL = "all"
"""What the address says for all indicators, where a page offers them though they are many."""


@dataclass(frozen=True)
class Which:
    """The indicators that a page can show, and the one that it shows (None: all)."""

    choices: Sequence[Indicator]
    chosen: Indicator | None
    large: bool

    @property
    def codes(self) -> list[str]:
        """Of what is shown, so that nothing else is read."""
        return [x.code for x in ([self.chosen] if self.chosen else self.choices)]

    @property
    def code(self) -> str:
        return self.chosen.code if self.chosen else ""


def which(
    request: Request, view: Overview, choices: Sequence[Indicator], *, at_once: bool = False
) -> Which:
    """What the address or the form asks for; the first of many where it names none.

    at_once: whether all are shown on request, however many they are.
    """
    wanted = request.GET.get("indicator") or request.POST.get("indicator") or ""
    large = len(choices) * len(view.rows_of(())) > MOST_CELLS
    chosen = next((x for x in choices if x.code == wanted), None)
    if chosen is None and large and choices and not (at_once and wanted == ALL):
        chosen = choices[0]
    return Which(choices, chosen, large)
