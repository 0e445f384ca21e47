"""Reading people: units as a tree, users with their posts, who is an administrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from saima_web.base.clock import today
from saima_web.people.models import Post, Role, Unit, User


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


def other_administrators(*, user: User | None = None, post: Post | None = None) -> int:
    """How many active people stay administrators, beside a user or a post that is to go."""
    posts = Post.objects.filter(
        in_force(), role=Role.ADMINISTRATOR, user__is_active=True, campaign__isnull=True
    )
    if user is not None:
        posts = posts.exclude(user=user)
    if post is not None:
        posts = posts.exclude(pk=post.pk)
    return posts.values("user").distinct().count()


def is_administrator(user: User) -> bool:
    """Whether a user is an administrator today."""
    posts = user.posts.filter(in_force(), role=Role.ADMINISTRATOR)
    return bool(user.is_active and posts.exists())
