"""Reading messages: whose they are, what is unread, what waits in the outbox, whom to tell."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from saima_web.campaigns.models import Campaign
from saima_web.messaging.models import Channel, Delivery, House, Message, Preference
from saima_web.people.models import Post, Role, Unit, User
from saima_web.people.queries import in_force

To = User | Unit | Role
"""Whom a message is for: a person, a unit's clerks and heads, or all who have a role."""


def house() -> House:
    """What holds for everybody; the usual where nobody has set it."""
    return House.objects.filter(pk=1).first() or House(pk=1)


def inbox(by: User) -> QuerySet[Message]:
    """A person's own messages, the newest first."""
    return by.inbox.select_related("campaign")


def unread(by: User) -> int:
    """How many messages a person has not read."""
    return by.inbox.filter(read_at__isnull=True).count()


def preference_of(user: User) -> Preference:
    """How a person wants messages; the usual where they have said nothing."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def people_of(to: To, campaign: Campaign | None = None) -> list[User]:
    """The active people meant: of a unit those who report and answer for it, in the campaign."""
    if isinstance(to, User):
        return [to] if to.is_active else []
    posts = Q(posts__role=to) if isinstance(to, Role) else _of_unit(to)
    if campaign is not None:
        posts &= Q(posts__campaign__isnull=True) | Q(posts__campaign=campaign)
    valid = Q(posts__in=_posts_in_force())
    return list(User.objects.filter(posts & valid, is_active=True).distinct())


def _of_unit(unit: Unit) -> Q:
    return Q(posts__unit=unit, posts__role__in=(Role.CLERK, Role.HEAD))


def _posts_in_force() -> QuerySet[Post]:
    return Post.objects.filter(in_force())


def recipients(to: To | Iterable[To], campaign: Campaign | None = None) -> list[User]:
    """Everybody meant, each once."""
    wanted = [to] if isinstance(to, User | Unit | str) else list(to)
    found = {user.pk: user for one in wanted for user in people_of(one, campaign)}
    return list(found.values())


def everybody_in(campaign: Campaign) -> list[User]:
    """All active people with a post in a campaign."""
    posts = Q(posts__campaign=campaign) | Q(posts__campaign__isnull=True)
    valid = Q(posts__in=_posts_in_force())
    return list(User.objects.filter(posts & valid, is_active=True).distinct())


def channels() -> QuerySet[Channel]:
    return Channel.objects.select_related("campaign", "unit")


def outbox_rows() -> QuerySet[Delivery]:
    """Every delivery, the newest first."""
    return Delivery.objects.select_related("channel", "to", "campaign")
