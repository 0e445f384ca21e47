"""What one person may do with the cells of a round's entry page."""

from __future__ import annotations

from dataclasses import dataclass, field

from saima.workflows.submission import SUBMISSION
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import may
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.recording import own_units


@dataclass
class Rights:
    """What one person may do with a round's cells; asked once for each unit."""

    by: User
    round: Round
    reports: dict[int, bool] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own = own_units(self.by)

    def may_report(self, entry: Entry) -> bool:
        """Whether the person reports a cell, in the unit's name too, or provides it for all."""
        on = {"campaign": self.round.campaign, "indicator": entry.indicator}
        if is_provided(entry.indicator):
            return may(self.by, "figures.provide", **on)
        return self.reports_for(entry) or may(self.by, "figures.report-for", **on)

    def reports_for(self, entry: Entry) -> bool:
        """Whether the person is a reporter of the cell's unit."""
        if entry.unit_id not in self.reports:
            self.reports[entry.unit_id] = may(
                self.by, "figures.report", campaign=self.round.campaign, unit=entry.unit
            )
        return self.reports[entry.unit_id]

    def can_edit(self, entry: Entry) -> bool:
        """Whether the person may type into a cell now."""
        event = "provide" if is_provided(entry.indicator) else "save"
        return (
            self.round.state == Round.State.OPEN
            and (entry.state, event) in SUBMISSION.moves
            and self.may_report(entry)
        )

    def in_anothers_name(self, entry: Entry) -> bool:
        """Whether a figure would be given for a unit that is not one's own."""
        mine = self.reports_for(entry) and entry.unit_id in self.own
        return not is_provided(entry.indicator) and not mine


def is_provided(indicator: Indicator) -> bool:
    """Whether a department gives the figure for all units."""
    return indicator.provider == Indicator.Provider.OWNER
