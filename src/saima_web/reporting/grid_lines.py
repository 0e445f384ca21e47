"""The entry page as objects: its lines, one a cell, and the sheet that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _

from saima.periods import Period, previous
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.reporting.checks import Basis, Finding
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.reporting.progress import Progress, progress_of
from saima_web.reporting.sources import Offer
from saima_web.reporting.typed import MARKS
from saima_web.targets.models import Target
from saima_web.ui.templatetags.saima import (
    plain_number,
)

Axis = Literal["unit", "indicator"]


@dataclass(frozen=True)
class Line:
    """One cell of the page and what stands beside it. `label` is the indicator's or unit's name.

    proposal: what the leads or plots behind the count add up to; made_of: what another slice
    keeps of the figure. Both are shown, never taken by themselves.
    """

    entry: Entry
    label: str
    group: str
    basis: Basis
    last: Figure | None
    goal: Target | None
    findings: Sequence[Finding]
    notes: Sequence[Remark]
    promise: Remark | None
    comments: int
    editable: bool
    provided: bool
    behalf: bool
    reports: bool = False
    proposal: int | None = None
    made_of: Offer | None = None

    @property
    def indicator(self) -> Indicator:
        return self.entry.indicator

    @property
    def figure(self) -> Figure | None:
        """The figure in the cell: confirmed if it is, else as reported."""
        return self.entry.confirmed or self.entry.reported

    @property
    def value(self) -> Decimal | None:
        return self.figure.value if self.figure else None

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.indicator, self.basis, self.value)

    def note(self, kind: str) -> Remark | None:
        """The latest words of a kind on the cell."""
        return next((n for n in reversed(self.notes) if n.kind == kind), None)

    @property
    def text(self) -> str:
        """What stands in the cell: a number, a mark, a grade, or nothing."""
        return figure_text(self.figure, self.indicator)

    @property
    def proposal_text(self) -> str:
        """What is proposed, as the cell would show it; empty where nothing is kept behind it."""
        amount = self.made_of.amount if self.made_of else self.proposal
        return "" if amount is None else number_text(Decimal(amount), self.indicator.decimals)

    @property
    def made_words(self) -> str:
        """What the figure is made of, and how far it is from that."""
        return self.made_of.compared(self.value) if self.made_of else ""

    @property
    def last_text(self) -> str:
        return figure_text(self.last, self.indicator)

    @property
    def target_text(self) -> str:
        """The year's target as the column shows it: 62,000, ≤88.0, 清零, or the goal in words."""
        if self.goal is None or (self.goal.value is None and not self.goal.goal):
            return "—"
        if self.goal.value is None:
            return self.goal.goal
        if self.indicator.direction == "clear-to-zero" and not self.goal.value:
            return _("清零")
        sign = "≤" if self.indicator.direction == "less" else ""
        return sign + number_text(self.goal.value, self.indicator.decimals)


@dataclass(frozen=True)
class Sheet:
    """The entry page of a round: by row (one unit) or by column (one indicator)."""

    round: Round
    period: Period
    axis: Axis
    subject: Unit | Indicator
    lines: Sequence[Line]
    by: User
    pace: float | None
    waits_for: Sequence[str] = field(default=())

    @property
    def unit(self) -> Unit | None:
        return self.subject if isinstance(self.subject, Unit) else None

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines by category, in order; one group without a name by column."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return list(found.items())

    @property
    def editable(self) -> bool:
        return any(line.editable for line in self.lines)

    @property
    def before(self) -> Period:
        """The period before."""
        return previous(self.period)

    @property
    def needs_behalf(self) -> bool:
        """Whether figures would be given in another unit's name."""
        return any(line.editable and line.behalf for line in self.lines)

    @property
    def submittable(self) -> bool:
        """Whether this person can hand in something of the page."""
        return self.axis == "unit" and any(
            line.editable and line.reports and not line.provided for line in self.lines
        )

    @property
    def withdrawable(self) -> bool:
        """Whether this person can take back what was handed in."""
        return self.axis == "unit" and any(
            line.entry.state == "submitted" and line.reports for line in self.lines
        )


def figure_text(figure: Figure | None, indicator: Indicator) -> str:
    """A figure as a column shows it; empty where nothing was reported."""
    if figure is None:
        return ""
    if figure.value is None:
        return figure.grade or MARKS.get(figure.missing, "")
    return number_text(figure.value, indicator.decimals)


def number_text(value: Decimal, decimals: int) -> str:
    """With the indicator's decimals, or more where the number has more: nothing is hidden."""
    own = -int(value.normalize().as_tuple().exponent)  # finite by the field's reading
    return plain_number(value.quantize(Decimal(1).scaleb(-max(decimals, own, 0))))
