"""Pages of the interface: one's own tokens, everybody's for the administrator, the list of calls."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.api import tokens
from saima_web.api.calls import CALLS, Call
from saima_web.api.forms import TokenForm
from saima_web.api.models import Token
from saima_web.api.refusals import MOST
from saima_web.base.clock import today
from saima_web.people.models import Role
from saima_web.people.pages import Request, site_page
from saima_web.people.permissions import RULES
from saima_web.ui.tables import Box, Column, Table


@site_page(None)
def own(request: Request) -> HttpResponse:
    """One's own tokens, and a form for a new one, whose text shows this one time."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        made = tokens.make(by=request.user, **form.cleaned_data)[1]
        form = TokenForm()
    shown = _table(Token.objects.filter(owner=request.user), everybodys=False).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {"shown": shown, "form": form, "made": made, "n": _living(shown.table)}
    response = render(request, "api/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@site_page("people.manage")
def everybodys(request: Request) -> HttpResponse:
    shown = _table(Token.objects.all(), everybodys=True).shown(request)
    if shown.wants_export:
        return shown.export()
    return render(request, "api/all_tokens.html", {"shown": shown, "n": _living(shown.table)})


@site_page(None)
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    tokens.revoke(token=get_object_or_404(Token, pk=pk, owner=request.user), by=request.user)
    messages.success(request, _("令牌已撤销，用它的程序从现在起连不上。"))
    return redirect("api:tokens")


@site_page("people.manage")
@require_POST
def revoke_any(request: Request, pk: int) -> HttpResponse:
    tokens.revoke(token=get_object_or_404(Token, pk=pk), by=request.user)
    messages.success(request, _("令牌已撤销，用它的程序从现在起连不上。"))
    return redirect("api:all-tokens")


def _living(table: Table) -> int:
    return sum(bool(row["living"]) for row in table.rows)


def _table(rows: Any, *, everybodys: bool) -> Table:
    """Tokens with what they may do, until when, and the day of their last use."""
    living = set(tokens.in_force().values_list("pk", flat=True))
    columns = [
        Column("name", _("名称")),
        Column("scopes", _("权限")),
        Column("made_on", _("建立"), "date"),
        Column("expires_on", _("有效期至"), "date"),
        Column("used_on", _("最近使用"), "date"),
        Column("standing", _("状态")),
        Column("revoke", "", template="api/_revoke.html", sort="", export=False),
    ]
    if everybodys:
        columns.insert(0, Column("owner", _("所属")))
    name = "api:token-revoke-any" if everybodys else "api:token-revoke"
    return Table(
        columns, [_row(t, t.pk in living, name) for t in rows.select_related("owner__unit")],
        name=_("接口令牌"), search=("name", "owner"),
        boxes=[Box("living", _("可用"), lambda r: bool(r["living"])),
               Box("ended", _("不可用"), lambda r: not r["living"])],
        empty=_("还没有令牌。"), begin=_("令牌让程序代您读取或填报，不能超出您本人的权限。"),
    )  # fmt: skip


def _row(token: Token, living: bool, name: str) -> dict[str, Any]:
    ended = _("已到期") if token.expires_on < today() else _("账号不能使用")
    return {
        "name": token.name, "owner": f"{token.owner.unit or ''}　{token.owner.name}".strip("　"),
        "scopes": "、".join(str(Token.Scope(s).label) for s in token.scopes),
        "made_on": timezone.localdate(token.made_at), "expires_on": token.expires_on,
        "used_on": timezone.localdate(token.minute) if token.minute else None, "living": living,
        "standing": _("可用") if living else _("已撤销") if token.revoked_at else ended,
        "revoke": reverse(name, args=[token.pk]) if token.revoked_at is None else "",
    }  # fmt: skip


@site_page(None)
def calls(request: Request) -> HttpResponse:
    """The list of calls, for people who write programs against them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in CALLS:
        groups.setdefault(str(one.group), []).append(_call(one))
    context = {"groups": groups.items(), "n": len(CALLS), "most": MOST}
    return render(request, "api/calls.html", context)


def _call(one: Call) -> dict[str, Any]:
    roles = {role for action in one.needs for role in RULES[action].reach}
    who = "、".join(str(Role(r).label) for r in Role.values if r in roles)
    whoever = not one.needs or len(roles) == len(Role.values)
    return {
        "method": one.method, "path": f"/api/v1{one.path}", "title": one.title,
        "scope": one.scope.label, "who": _("所有人") if whoever else who,
    }  # fmt: skip
