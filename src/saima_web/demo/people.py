"""The demonstration's people: one or more for every role, under invented names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from saima_web.campaigns.models import Campaign
from saima_web.demo.plan import DEPARTMENTS, GIVEN, LEADERS, SURNAMES, UNITS
from saima_web.people.models import Post, Role, Unit, User

PASSWORD = "saima-demo-2026"


@dataclass(frozen=True)
class Person:
    """Log-in name, name, role, unit code, categories."""

    username: str
    name: str
    role: str
    unit: str
    categories: tuple[str, ...] = ()


def cast() -> Iterator[Person]:
    """Everybody: the leaders' and offices' people, a clerk and a head in every unit, data owners."""
    for username, name, role, unit, categories in LEADERS:
        yield Person(username, name, role, unit, categories)
    for n, (code, *_) in enumerate(UNITS):
        yield Person(f"clerk_{code.lower()}", _name(n), Role.CLERK, code)
        yield Person(f"head_{code.lower()}", _name(n + 20), Role.HEAD, code)
    for n, (code, *_) in enumerate(DEPARTMENTS[1:]):
        yield Person(f"owner_{code.lower()}", _name(n + 40), Role.DATA_OWNER, code)


def _name(n: int) -> str:
    return SURNAMES[(n * 5 + n // 12) % len(SURNAMES)] + GIVEN[n % len(GIVEN)]


def put_people(campaign: Campaign) -> dict[str, User]:
    """Users and posts in the database; all share the demonstration's password."""
    units = {u.code: u for u in Unit.objects.all()}
    everybody = list(cast())
    password = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(
            username=p.username,
            name=p.name,
            unit=units.get(p.unit),
            password=password,
            notice_read=1,
        )
        for p in everybody
    )
    users = {u.username: u for u in people}
    Post.objects.bulk_create(
        Post(
            user=users[p.username], role=p.role, categories=list(p.categories),
            unit=units.get(p.unit) if p.role in _PLACED else None,
            campaign=None if p.role in _EVERYWHERE else campaign,
        )
        for p in everybody
    )  # fmt: skip
    _deputy(users, units, campaign)
    return users


_PLACED = (Role.CLERK, Role.HEAD, Role.DATA_OWNER, Role.LEAD_OFFICE)
_EVERYWHERE = (Role.ADMINISTRATOR, Role.OFFICE)


def _deputy(users: dict[str, User], units: dict[str, Unit], campaign: Campaign) -> None:
    """One clerk stands in for a colleague for a while."""
    Post.objects.create(
        user=users["clerk_e2"], role=Role.CLERK, unit=units["E3"], campaign=campaign,
        valid_from=date(2026, 11, 25), valid_to=date(2026, 12, 20), deputy_for=users["clerk_e3"],
    )  # fmt: skip
