"""What a scoring method of the reference may ask about one unit and leaf."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from saima.campaigns import Unit
from saima.periods import Period
from saima.rules.rulebook import Leaf
from tests.support.reference.figures import Number, exact
from tests.support.reference.methods import Missing

if TYPE_CHECKING:
    from tests.support.reference.period import Period_


class Asked:
    """What a method may ask about one unit and leaf; remembers the names that it asked for."""

    def __init__(
        self, at_work: Period_, unit: Unit, leaf: Leaf, at: Period, full: Fraction
    ) -> None:
        self.at_work, self.unit, self.leaf, self.at, self.full = at_work, unit, leaf, at, full
        self.names: set[str] = set()
        self.direction = at_work.campaign.indicator(leaf.indicator).direction

    def uses(self, *names: str) -> None:
        """Note quantities that a method uses, whether or not it comes to ask for each."""
        self.names |= {re.sub("^(best|worst|mean|sum|rank|count)_(all_)?", "", n) for n in names}

    def get(self, name: str) -> Fraction:
        """A quantity by name, statistics included. Errors: Missing where there is no number."""
        if name == "full":
            return self.full
        if name.startswith("value:"):
            return self.other(name.removeprefix("value:"))
        kind, _, rest = name.partition("_")
        if kind in ("best", "worst", "mean", "sum", "rank", "count"):
            scope = "all" if rest.startswith("all_") else "track"
            return self.statistic(kind, rest.removeprefix("all_"), scope)
        self.names.add(name)
        return known(self.at_work.quantity(self.unit, self.leaf, name))

    def statistic(self, kind: str, of: str, scope: str) -> Fraction:
        self.names.add(of)
        return known(self.at_work.statistic(self.unit, self.leaf, kind, of, scope))

    def larger_is_better(self, of: str) -> bool:
        return self.at_work.larger_is_better(self.leaf, of)

    def other(self, code: str) -> Fraction:
        campaign = self.at_work.campaign
        value = self.at_work.figures.value(self.unit.code, campaign.indicator(code), self.at)
        return known(value.number)

    def events(self, name: str) -> Fraction:
        """How many things of a name are dated in the window up to the scored period's end."""
        end = self.at_work.p.end
        start = self.at_work.figures.clock.window(end).start
        counted = [
            exact(e.count)
            for e in self.at_work.campaign.events
            if (e.unit, e.name) == (self.unit.code, name) and start <= e.on and e.in_force(end)
        ]
        return sum(counted, Fraction(0))


def known(number: Number) -> Fraction:
    if number is None:
        raise Missing
    return number
