"""Reading people: units as a tree, users with their posts, who is an administrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from saima_web.base.clock import today
from saima_web.people.models import ADMINISTRATORS, THREE, Post, Role, Safeguards, Unit, User


def tree(units: Iterable[Unit]) -> Iterator[tuple[int, Unit]]:
    """Units with their depth, children below their parent, siblings in official order."""
    children: dict[int | None, list[Unit]] = {}
    everyone = list(units)
    known = {u.pk for u in everyone}
    for unit in everyone:
        above = unit.parent_id if unit.parent_id in known else None
        children.setdefault(above, []).append(unit)
    todo = [(0, u) for u in reversed(children.get(None, []))]
    while todo:
        depth, unit = todo.pop()
        yield depth, unit
        todo += [(depth + 1, u) for u in reversed(children.get(unit.pk, []))]


CALLED = Coalesce(NullIf("short_name", Value("")), "name")
"""What a unit is called, as `str(unit)` says it, where no object is made of its row."""


def names_by_code() -> dict[str, str]:
    """What every unit is called, as `str(unit)` says it: no objects where names are all that is asked."""
    return dict(Unit.objects.order_by().values_list("code", CALLED))


def unit_choices(units: QuerySet[Unit]) -> list[tuple[int, str]]:
    """Units by id with what they are called, in their order, for a choice among hundreds."""
    return list(units.values_list("pk", CALLED))


def in_force(day: date | None = None) -> Q:
    """A filter on posts: those valid on a day."""
    moment = day or today()
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=moment)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=moment))


def users_with_posts() -> QuerySet[User]:
    """All users, with all their posts at hand."""
    return User.objects.select_related("unit").prefetch_related(
        "posts__unit", "posts__campaign", "posts__deputy_for"
    )


def post_words(post: Post) -> str:
    """A post in a few words: 填报员（栖湖文旅）."""
    where: list[Any] = [post.unit] if post.unit else []
    where += post.categories
    name = str(post.get_role_display())
    return f"{name}（{'、'.join(str(w) for w in where)}）" if where else name


def not_over() -> Q:
    """A filter on posts: those in force today or later."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=today())


def ever_administrators() -> list[int]:
    """Everybody who has ever been one of the administrators."""
    posts = Post.objects.filter(role__in=ADMINISTRATORS)
    return sorted(posts.values_list("user", flat=True).distinct())


def alone_as_administrator(*, user: User | None = None, post: Post | None = None) -> bool:
    """Whether a role that cannot be empty would be, were a user or a post to go.

    That is the administrator's; where the three are separated, each of theirs.
    """
    separated = Safeguards.objects.filter(separated=True).exists()
    needed = THREE if separated else (Role.ADMINISTRATOR,)
    going = [post] if post is not None else list(user.posts.filter(in_force())) if user else []
    roles = {p.role for p in going if p.user.is_active} & set(needed)
    staying = Post.objects.filter(in_force(), user__is_active=True, campaign__isnull=True)
    staying = staying.exclude(user=user) if user is not None else staying
    staying = staying.exclude(pk=post.pk) if post is not None else staying
    return bool(roles - set(staying.filter(role__in=roles).values_list("role", flat=True)))
