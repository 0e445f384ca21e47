"""Generated networks: a few tasks with any links, lags, calendars and constraints."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from saima.scheduling import ALL_DAY, OFFICE, Link, Project, Task, WorkCalendar
from saima.scheduling.calendars import EIGHT_HOURS, Exceptional

HOUR = 3600
START = datetime(2026, 4, 29, 8)
NIGHT = WorkCalendar(
    "夜班",
    (*tuple(((0, 4 * HOUR), (22 * HOUR, 24 * HOUR)) for _ in range(6)), ()),
)
HOLIDAYS = WorkCalendar(
    "节假日",
    OFFICE.week,
    (
        Exceptional((START + timedelta(2)).date(), (START + timedelta(6)).date()),
        Exceptional((START + timedelta(10)).date(), (START + timedelta(10)).date(), EIGHT_HOURS),
    ),
)
CALENDARS = {"": OFFICE, "night": NIGHT, "holidays": HOLIDAYS, "all": ALL_DAY}


@st.composite
def links(draw: st.DrawFn, before: int, mixed: bool) -> Link:
    kind = draw(st.sampled_from(("FS", "FS", "SS", "FF", "SF")))
    units = ("work", "work", "percent", "elapsed") if mixed else ("work", "percent")
    unit = draw(st.sampled_from(units))
    lag = draw(st.sampled_from((0, 0, 50, -50, 100))) if unit == "percent" else 0
    if unit != "percent":
        lag = draw(st.integers(-20, 40)) * HOUR
    return Link(draw(st.integers(0, before - 1)), kind, lag, unit)


@st.composite
def tasks(draw: st.DrawFn, uid: int, constrained: bool, mixed: bool) -> Task:
    hours = 2 * draw(st.integers(0, 12))  # even: half of it is a whole number of hours
    found = draw(st.lists(links(uid, mixed), max_size=3)) if uid else []
    kind = "ASAP"
    date = deadline = None
    if constrained:
        kind = draw(st.sampled_from(("ASAP",) * 4 + ("SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO")))
        moments = st.integers(0, 300).map(lambda h: START + timedelta(hours=h))
        date = draw(moments) if kind != "ASAP" else None
        deadline = draw(st.none() | moments)
    calendar = draw(st.sampled_from(tuple(CALENDARS))) if mixed else ""
    return Task(uid, f"任务{uid}", hours * HOUR, tuple(found), calendar=calendar, constraint=kind,
                constraint_date=date, deadline=deadline)  # fmt: skip


@st.composite
def projects(draw: st.DrawFn, constrained: bool = True, mixed: bool = True) -> Project:
    """One to seven tasks; `mixed`: several calendars, and lags on the clock too."""
    count = draw(st.integers(1, 7))
    found = [draw(tasks(uid, constrained, mixed)) for uid in range(count)]
    shuffled = draw(st.permutations(found))
    return Project(
        START, tuple(shuffled), calendars=CALENDARS, honour_constraints=draw(st.booleans())
    )
