"""What the pages of people show: the tree, the list of users, sentences above them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saima_web.base.clock import today
from saima_web.people.models import Post, Unit, User
from saima_web.people.queries import post_words, tree, users_with_posts
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import day


def units_table() -> Table:
    """All units as a tree; those that ended stay, marked."""
    units = list(Unit.objects.select_related("parent", "successor"))
    return Table(
        name=_("单位"),
        columns=[
            Column("name", _("单位"), template="people/_unit.html", sort=""),
            Column("code", _("代码")),
            Column("kind", _("类型")),
            Column("order", _("机构序"), kind="number", decimals=0),
            Column("people", _("人员"), kind="number", decimals=0, measure=_("人")),
            Column("standing", _("现状")),
        ],
        rows=[_unit(depth, unit) for depth, unit in tree(units)],
        search=("name", "short", "code"),
        boxes=[
            Box("now", _("在用"), lambda r: bool(r["now"])),
            Box("ended", _("已停用或未成立"), lambda r: not r["now"]),
        ],
        empty=_("还没有单位。"),
        begin=_("点“新增单位”逐个填，或用“批量导入”从表格导入。"),
    )


def _unit(depth: int, unit: Unit) -> dict[str, Any]:
    ended = unit.valid_to is not None and unit.valid_to < today()
    coming = unit.valid_from is not None and unit.valid_from > today()
    return {
        "depth": depth, "name": unit.name, "short": unit.short_name, "code": unit.code,
        "href": reverse("people:unit", args=[unit.pk]), "kind": str(unit.get_kind_display()),
        "order": unit.order, "people": unit.users.filter(is_active=True).count(),
        "now": not ended and not coming, "standing": standing(unit),
    }  # fmt: skip


def standing(unit: Unit) -> str:
    """In use, ended, merged into another, or to be founded, with the day."""
    if unit.valid_to is not None and unit.valid_to < today():
        if unit.successor:
            return _("%(day)s并入%(unit)s") % {"day": day(unit.valid_to), "unit": unit.successor}
        return _("%(day)s停用") % {"day": day(unit.valid_to)}
    if unit.valid_from is not None and unit.valid_from > today():
        return _("%(day)s起启用") % {"day": day(unit.valid_from)}
    return _("在用")


def units_words() -> list[str]:
    """How many units there are, of what kinds."""
    units = [u for u in Unit.objects.all() if u.valid_to is None or u.valid_to >= today()]
    words = [ngettext("%(n)s个单位在用", "%(n)s个单位在用", len(units)) % {"n": len(units)}]
    for kind, title in Unit.Kind.choices:
        count = sum(u.kind == kind for u in units)
        if count and kind != Unit.Kind.GROUP:
            words.append(_("%(kind)s%(n)s个") % {"kind": title, "n": count})
    return words


def users_table(*, full: bool) -> Table:
    """All users; never when or how often anybody logged in."""
    columns = [
        Column("name", _("姓名"), link="href" if full else ""),
        Column("username", _("登录名")),
        Column("unit", _("单位")),
        Column("title", _("职务")),
        Column("roles", _("角色"), template="people/_roles.html"),
        Column("phone", _("电话")),
        Column("standing", _("状态")),
    ]
    rows = sorted((_user(user) for user in users_with_posts()), key=lambda r: bool(r["system"]))
    system = any(r["system"] for r in rows)
    return Table(
        name=_("用户"),
        columns=columns,
        rows=rows,
        search=("name", "username", "unit", "title", "roles"),
        boxes=[
            Box("none", _("没有角色"), lambda r: not r["roles"] and r["active"]),
            Box("first", _("未改初始密码"), lambda r: bool(r["first"])),
            Box("off", _("已停用"), lambda r: not r["active"] and not r["system"]),
            *([Box("system", _("系统账号"), lambda r: bool(r["system"]))] if system else []),
        ],
        empty=_("还没有用户。"),
        begin=_("点“新增用户”，或用“批量导入”从表格导入。"),
    )


def current(posts: Any) -> list[Post]:
    """Posts in force today."""
    moment = today()
    return [
        p
        for p in posts
        if (p.valid_from is None or p.valid_from <= moment)
        and (p.valid_to is None or moment <= p.valid_to)
    ]


def _user(user: User) -> dict[str, Any]:
    first = user.is_active and user.must_change_password
    return {
        "name": user.name, "username": user.username, "title": user.title, "phone": user.phone,
        "unit": user.unit.name if user.unit else "",
        "href": reverse("people:user", args=[user.pk]),
        "roles": "；".join(dict.fromkeys(post_words(p) for p in current(user.posts.all()))),
        "active": user.is_active, "first": first, "system": is_system(user),
        "standing": user_standing(user),
    }  # fmt: skip


def is_system(user: User) -> bool:
    """An account that nobody can log in with: the platform's own, kept for the records it made."""
    return not user.is_active and not user.has_usable_password()


def user_standing(user: User) -> str:
    if is_system(user):
        return _("系统账号，不能登录")
    if not user.is_active:
        return _("已停用")
    return _("未改初始密码") if user.must_change_password else _("在用")


def users_words() -> list[str]:
    """How many can log in, and how many of them have nothing to do."""
    users = [u for u in users_with_posts() if u.is_active]
    idle = sum(not current(u.posts.all()) for u in users)
    words = [ngettext("%(n)s人可以登录", "%(n)s人可以登录", len(users)) % {"n": len(users)}]
    if idle:
        words.append(ngettext("%(n)s人还没有角色", "%(n)s人还没有角色", idle) % {"n": idle})
    return words


def post_rows(user: User) -> dict[str, Any]:
    """A user's posts: in force or to come, and past."""
    moment = today()
    posts = list(user.posts.select_related("unit", "campaign", "deputy_for"))
    return {
        "posts": [p for p in posts if p.valid_to is None or p.valid_to >= moment],
        "past": [p for p in posts if p.valid_to is not None and p.valid_to < moment],
        "standing_in": Post.objects.filter(deputy_for=user, valid_to__gte=moment).select_related("user"),
    }  # fmt: skip
