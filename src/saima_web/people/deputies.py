"""Deputies that a clerk names without the administrator: from the own unit, dated, ended early."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.people.actions import DEPUTY_ENDS, DEPUTY_SELF, code_of, told
from saima_web.people.models import Post, Role, User
from saima_web.people.permissions import may, posts_of, require, units_for

LONGEST = 92
"""Days that a clerk's own deputy may stand in; for longer the administrator gives a post."""
NOT_OWN_POST = declare(
    "deputy-of-another-post",
    "只能为自己的填报员角色委托代理，代理来的角色不能再转托。",
    "请选择自己的填报员角色；其他角色请联系管理员。",
    "you can name a deputy only for your own post as a clerk, not for one you stand in for.",
    "Choose your own post; for others ask the administrator.",
)
DEPUTY_OUTSIDE = declare(
    "deputy-outside",
    "“{name}”不能代理{unit}的填报员：代理人要是本单位在用的用户，并且不是负责审核的单位负责人。",
    "请选本单位的其他同志；确需外单位代理的，请联系管理员。",
    "{name} cannot stand in as clerk of {unit}: a deputy is an active user of the unit and not its head.",
    "Choose somebody else of the unit, or ask the administrator.",
)
DEPUTY_LONG = declare(
    "deputy-too-long",
    "自行委托的代理最长{days}天。",
    "请改短止期；更长的请联系管理员调整角色。",
    "a deputy whom you name yourself may stand in for {days} days at most.",
    "End it earlier, or ask the administrator.",
)
NOT_TO_END = declare(
    "deputy-not-to-end",
    "“{name}”的这个代理已经结束，或者不由您结束。",
    "委托人、单位负责人和管理员可以提前结束代理；请刷新页面查看。",
    "this deputy post of {name} has ended, or is not yours to end.",
    "The person who named the deputy, the head of the unit or the administrator may end it.",
)


def own_posts(by: User) -> list[Post]:
    """The posts for which somebody may name a deputy: the own ones as a clerk."""
    return [p for p in posts_of(by) if p.role == Role.CLERK and p.unit and not p.deputy_for_id]


def candidates(by: User) -> QuerySet[User]:
    """Who may stand in for somebody: the other users of the units they report for, not its heads."""
    units = {p.unit_id for p in own_posts(by)}
    heads = Post.objects.filter(role=Role.HEAD, unit__in=units).values("user")
    users = User.objects.filter(is_active=True, unit__in=units)
    return users.exclude(pk=by.pk).exclude(pk__in=heads)


def ended_by(by: User) -> QuerySet[Post]:
    """Deputies' posts of today or later that somebody may end: own, the unit's, or all."""
    rows = Post.objects.filter(deputy_for__isnull=False, valid_to__gte=today())
    rows = rows.select_related("user", "deputy_for", "unit", "campaign").order_by("valid_to", "pk")
    if may(by, "people.manage"):
        return rows
    headed = Q(role=Role.CLERK, unit__in=units_for(by, "deputies.end"))
    return rows.filter(Q(deputy_for=by) | headed)


def name_deputy(*, post: Post, deputy: User, since: date, until: date, by: User) -> Post:
    """A clerk lets somebody of the own unit stand in, with the same reach, until a day."""
    require(by, "deputies.name", campaign=post.campaign, unit=post.unit)
    if post.pk not in {p.pk for p in own_posts(by)}:
        raise refuse(NOT_OWN_POST)
    if deputy.pk == by.pk:
        raise refuse(DEPUTY_SELF, name=deputy.name)
    if not candidates(by).filter(pk=deputy.pk, unit=post.unit).exists():
        raise refuse(DEPUTY_OUTSIDE, name=deputy.name, unit=str(post.unit))
    if until < since or until < today():
        raise refuse(DEPUTY_ENDS)
    if until - since >= timedelta(days=LONGEST):
        raise refuse(DEPUTY_LONG, days=LONGEST)
    with writing(by) as ledger:
        last = min(until, post.valid_to) if post.valid_to else until
        row = Post.objects.create(
            user=deputy, role=post.role, campaign=post.campaign, unit=post.unit,
            valid_from=since, valid_to=last, deputy_for=by,
        )  # fmt: skip
        ledger.record("deputy.named", f"user/{deputy.pk}", campaign=code_of(row), **told(row))
    return row


def end_deputy(*, post: Post, by: User) -> None:
    """A deputy's post ends before its day: by whom it stands in for, the unit's head, or above."""
    found = ended_by(by).filter(pk=post.pk).first()
    if found is None:
        raise refuse(NOT_TO_END, name=post.user.name)
    with writing(by) as ledger:
        found.valid_to = today() - timedelta(days=1)
        found.save(update_fields=["valid_to"])
        ledger.record(
            "deputy.ended", f"user/{found.user_id}", campaign=code_of(found), **told(found)
        )
