"""Writing about people: users, posts, passwords."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from axes.utils import reset as forget_failures
from django.contrib.sessions.models import Session

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.people.models import ADMINISTRATORS, Post, Role, User
from saima_web.people.passwords import first_password, quick_hash
from saima_web.people.permissions import require
from saima_web.people.queries import alone_as_administrator
from saima_web.people.safeguards import check_role

LAST_ADMINISTRATOR = declare(
    "last-administrator",
    "“{name}”是最后一位管理员（三员分立的，是三员中某一员的最后一位）。",
    "请先为另一位在用的用户加上同样的管理员角色。",
    "{name} is the last administrator, or the last of one of the three.",
    "Give another active user the role first.",
)
NAME_TAKEN = declare(
    "username-taken",
    "登录名“{text}”已经有人用。",
    "请换一个，例如加上单位简称。",
    "the log-in name {text} is taken.",
    "Use another.",
)
DEPUTY_ENDS = declare(
    "deputy-without-end",
    "代理要写明起止日期，止期不早于起期和今天。",
    "请填写代理到哪一天为止；到期自动失效。",
    "a deputy's post needs its dates, ending no earlier than it starts or today.",
    "Say until which day; it ends by itself.",
)
DEPUTY_SELF = declare(
    "deputy-of-oneself",
    "“{name}”不能代理自己。",
    "请选另一位用户。",
    "{name} cannot stand in for themselves.",
    "Choose somebody else.",
)


def change_password(*, user: User, password: str, by: User) -> None:
    """Set a user's own new password; it is no longer the first one."""
    with writing(by) as ledger:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        ledger.record("password.changed", f"user/{user.pk}")


def first_administrator(*, username: str, name: str, password: str) -> User:
    """The first administrator, made by command on an empty platform."""
    with writing(None) as ledger:
        user = User.objects.create_user(username, password, name=name)
        Post.objects.create(user=user, role=Role.ADMINISTRATOR)
        ledger.record("administrator.made", f"user/{user.pk}", personal=f"{username} {name}")
    return user


def create_user(*, by: Any, username: str, name: str, **fields: Any) -> tuple[User, str]:
    """A user, and the first password, which is nowhere kept: show it once."""
    require(by, "people.manage")
    if User.objects.filter(username__iexact=username).exists():
        raise refuse(NAME_TAKEN, text=username)
    password = first_password()
    with writing(by) as ledger:
        user = User.objects.create(
            username=username, name=name, password=quick_hash(password),
            must_change_password=True, **fields,
        )  # fmt: skip
        ledger.record("user.added", f"user/{user.pk}", personal=f"{username} {name}")
    return user, password


def change_user(*, user: User, by: Any, **fields: Any) -> list[str]:
    """Change a user's name, unit, title or phone; returns the fields that changed."""
    require(by, "people.manage")
    row = User.objects.get(pk=user.pk)
    changed = [k for k, v in fields.items() if getattr(row, k) != v]
    with writing(by) as ledger:
        words = "；".join(f"{k}：{getattr(row, k) or ''}→{fields[k] or ''}" for k in changed)
        for key in changed:
            setattr(row, key, fields[key])
        if changed:
            row.save(update_fields=changed)
            ledger.record("user.changed", f"user/{row.pk}", personal=words, fields=changed)
    return changed


def reset_password(*, user: User, by: Any) -> str:
    """A new first password, to be shown once; the user's log-ins end, a lock-out too."""
    require(by, "people.manage")
    password = first_password()
    with writing(by) as ledger:
        user.password = quick_hash(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        _end_all(user)
        forget_failures(username=user.username)
        ledger.record("password.reset", f"user/{user.pk}")
    return password


def set_active(*, user: User, active: bool, by: Any) -> None:
    """Enable or disable a user; a disabled one is logged out. Errors: Refused for the last
    administrator."""
    require(by, "people.manage")
    if not active and alone_as_administrator(user=user):
        raise refuse(LAST_ADMINISTRATOR, name=user.name)
    with writing(by) as ledger:
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            _end_all(user)
        ledger.record("user.enabled" if active else "user.disabled", f"user/{user.pk}")


def end_sessions(*, user: User, by: Any) -> int:
    """End all log-ins of a user."""
    require(by, "people.manage")
    with writing(by) as ledger:
        count = _end_all(user)
        ledger.record("sessions.ended", f"user/{user.pk}", count=count)
    return count


def _end_all(user: User) -> int:
    keys = list(user.login_sessions.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    user.login_sessions.all().delete()
    return len(keys)


def give_post(*, user: User, by: Any, role: str, **fields: Any) -> Post:
    """Give a user a role: in a campaign or all, for a unit, for categories, from day to day.

    Only people.manage may; nobody widens their own rights by any other way.
    """
    require(by, "people.manage")
    if role in ADMINISTRATORS:
        fields |= {"campaign": None, "unit": None, "categories": []}
    with writing(by) as ledger:
        User.objects.select_for_update().get(pk=user.pk)
        check_role(user=user, role=role, by=by)
        post = Post.objects.create(user=user, role=role, **fields)
        ledger.record("post.given", f"user/{user.pk}", campaign=code_of(post), **told(post))
    return post


def end_post(*, post: Post, by: Any) -> None:
    """A post ends today; it stays in the record. Errors: Refused for the last administrator's."""
    require(by, "people.manage")
    if alone_as_administrator(post=post):
        raise refuse(LAST_ADMINISTRATOR, name=post.user.name)
    with writing(by) as ledger:
        post.valid_to = today() - timedelta(days=1)
        post.save(update_fields=["valid_to"])
        ledger.record("post.ended", f"user/{post.user_id}", campaign=code_of(post), **told(post))


def give_deputy(*, post: Post, deputy: User, since: date, until: date, by: Any) -> Post:
    """Let somebody stand in for a post's holder, with the same reach, until a day."""
    if deputy.pk == post.user_id:
        raise refuse(DEPUTY_SELF, name=deputy.name)
    if until < since or until < today():
        raise refuse(DEPUTY_ENDS)
    return give_post(
        user=deputy, by=by, role=post.role, campaign=post.campaign, unit=post.unit,
        categories=post.categories, valid_from=since, valid_to=until, deputy_for=post.user,
    )  # fmt: skip


def code_of(post: Post) -> str:
    return post.campaign.code if post.campaign else ""


def told(post: Post) -> dict[str, Any]:
    """A post as it stands in the ledger."""
    return {
        "role": post.role, "unit": post.unit.code if post.unit else "",
        "categories": post.categories,
        "valid_from": post.valid_from.isoformat() if post.valid_from else "",
        "valid_to": post.valid_to.isoformat() if post.valid_to else "",
        "deputy_for": post.deputy_for_id,
    }  # fmt: skip
