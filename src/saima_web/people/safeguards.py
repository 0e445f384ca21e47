"""What administrators decide for the whole platform: three separated roles, the log-in notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.people.models import THREE, Post, Role, Safeguards, User
from saima_web.people.permissions import require
from saima_web.people.queries import in_force, not_over

TWO_OF_THREE = declare(
    "two-of-three",
    "“{name}”已经是{role}。三员分立以后，一个人不能兼任两员。",
    "请把角色给另一位同志，或先结束原来的角色。",
    "{name} is {role} already; where the three administrators are separated, nobody is two of them.",
    "Give the role to somebody else, or end the other one first.",
)
NO_COMBINED = declare(
    "no-combined-administrator",
    "三员分立以后，不再设综合管理员。",
    "请选系统管理员、安全管理员或审计管理员。",
    "where the three administrators are separated, there is no administrator of everything.",
    "Choose the system, the security or the audit administrator.",
)
OWN_RIGHTS = declare(
    "own-rights",
    "三员分立以后，谁也不能给自己加角色。",
    "请另一位安全管理员办理。",
    "where the three administrators are separated, nobody gives a role to themselves.",
    "Ask another security administrator.",
)
NOT_YET_THREE = declare(
    "not-yet-three",
    "还不能实行三员分立：没有在用的{roles}。",
    "请先给三位不同的同志分别加上系统管理员、安全管理员、审计管理员。",
    "the three administrators cannot be separated yet: nobody is {roles}.",
    "Give the three roles to three different people first.",
)
SEPARATED = declare(
    "separated-already",
    "已经实行三员分立。",
    "请刷新页面查看。",
    "the three administrators are separated already.",
    "Reload the page.",
)
DEFAULT_NOTICE = gettext_lazy(
    "本系统是非涉密系统，不得存储、处理、传输国家秘密和工作秘密。登录、操作都会记录并接受审计。"
)
SHOWN = "notice"
"""What a session keeps until its user has taken note of it: the notice's text."""


def safeguards() -> Safeguards:
    return Safeguards.objects.first() or Safeguards()


def notice() -> str:
    """The log-in notice: the administrator's own, or ours in the reader's language."""
    return safeguards().notice or str(DEFAULT_NOTICE)


def holders(role: str) -> set[User]:
    """Active people who have a role today."""
    posts = Post.objects.filter(in_force(), role=role, user__is_active=True)
    return {p.user for p in posts.select_related("user")}


def check_role(*, user: User, role: str, by: Any) -> None:
    """Whether a role may be given. Errors: Refused where the separation forbids it."""
    if not safeguards().separated:
        return
    if by is not None and by.pk == user.pk:
        raise refuse(OWN_RIGHTS)
    if role == Role.ADMINISTRATOR:
        raise refuse(NO_COMBINED)
    if role in THREE:
        held = user.posts.filter(not_over(), role__in=THREE).exclude(role=role).first()
        if held is not None:
            raise refuse(TWO_OF_THREE, name=user.name, role=str(held.get_role_display()))


def separate(*, by: User) -> None:
    """From now on nobody is two of the three; whoever was administrator of everything no longer is.

    There is no way back by a page: who may undo it could do alone what takes three.
    """
    require(by, "people.manage")
    row = safeguards()
    if row.separated:
        raise refuse(SEPARATED)
    _check_three()
    with writing(by) as ledger:
        row.separated = True
        row.save()
        ledger.record("administrators.separated", "safeguards")
        for post in Post.objects.filter(not_over(), role=Role.ADMINISTRATOR):
            post.valid_to = today() - timedelta(days=1)
            post.save(update_fields=["valid_to"])
            ledger.record("post.ended", f"user/{post.user_id}", role=post.role)


def _check_three() -> None:
    missing = [str(Role(role).label) for role in THREE if not holders(role)]
    if missing:
        raise refuse(NOT_YET_THREE, roles="、".join(missing))
    for user in set().union(*(holders(role) for role in THREE)):
        held = user.posts.filter(not_over(), role__in=THREE)
        if len({p.role for p in held}) > 1:
            raise refuse(TWO_OF_THREE, name=user.name, role=str(held[0].get_role_display()))


def set_notice(*, text: str, by: User) -> None:
    """Another notice, which everybody is shown until they have taken note of it."""
    require(by, "people.manage")
    row = safeguards()
    if text == row.notice:
        return
    with writing(by) as ledger:
        row.notice = text
        row.notice_version += 1
        row.save()
        ledger.record("log-in-notice.changed", "safeguards", text=text, version=row.notice_version)


def take_note(*, user: User) -> None:
    """Somebody has read the notice; they are not shown this version again."""
    version = safeguards().notice_version
    if user.notice_read >= version:
        return
    with writing(user) as ledger:
        user.notice_read = version
        user.save(update_fields=["notice_read"])
        ledger.record("log-in-notice.accepted", f"user/{user.pk}", version=version)


@receiver(user_logged_in)
def show_notice(request: HttpRequest, user: User, **_kept: object) -> None:
    """Keep the notice in the session of somebody who has not read it, so that pages need not ask."""
    row = safeguards()
    if user.notice_read < row.notice_version:
        request.session[SHOWN] = row.notice or str(DEFAULT_NOTICE)
