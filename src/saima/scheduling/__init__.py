"""Project networks: when each activity can and must run, what drives the finish, what slips.

`schedule(project)` is a function of data: the day to which progress is reported is an argument of
the project, holidays are data of its calendars.
"""

from saima.scheduling.calendars import ALL_DAY, OFFICE, Shift, WorkCalendar
from saima.scheduling.model import Link, Project, Task
from saima.scheduling.result import Schedule, TaskDates, schedule

__all__ = [
    "ALL_DAY",
    "OFFICE",
    "Link",
    "Project",
    "Schedule",
    "Shift",
    "Task",
    "TaskDates",
    "WorkCalendar",
    "schedule",
]
