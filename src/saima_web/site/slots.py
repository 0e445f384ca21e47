"""What lower slices show of higher ones, filled here: `site` alone may name them all."""

from __future__ import annotations

from saima_web.followup import saving
from saima_web.projects.assessment.quarters import PROBLEMS
from saima_web.projects.followed import read_by
from saima_web.projects.saved_views import SAVED
from saima_web.reporting.counting import counting_figures
from saima_web.site import followed
from saima_web.supervision import naming
from saima_web.targets import reached


def fill() -> None:
    """Fill every slot; called once, when the addresses are read."""
    reached.read_by(counting_figures)
    read_by(followed.tasks, followed.problems, followed.cards)
    PROBLEMS[:] = [naming.counts]
    SAVED[:] = [saving.shown]
