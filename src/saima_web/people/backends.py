"""Who somebody is: Django's accounts with passwords, found by a statement that is kept ready."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from saima_web.base.prepared import prepared
from saima_web.people.models import User


@prepared
def _users(pk: Any) -> QuerySet[User, User]:
    return User.objects.filter(pk=pk)


class Accounts(ModelBackend):
    """Django's own; only the look-up that every request begins with is another."""

    def get_user(self, user_id: int) -> User | None:
        return next((u for u in _users(user_id) if self.user_can_authenticate(u)), None)
