"""The address book: units, users, their posts and deputies, as administrators keep it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.people import actions, shown, unit_actions
from saima_web.people.models import Post, Unit, User
from saima_web.people.pages import Request, site_page
from saima_web.people.people_forms import DeputyForm, NewUserForm, PostForm, UnitForm, UserForm
from saima_web.people.permissions import may
from saima_web.people.second_factor import is_set_up
from saima_web.people.sessions import lasting


@site_page("people.see")
def units(request: Request) -> HttpResponse:
    table = shown.units_table().shown(request)
    if table.wants_export:
        return table.export()
    context = {"table": table, "words": shown.units_words(), "tab": "units"}
    return render(request, "people/units.html", context | _rights(request))


@site_page("units.manage")
def unit(request: Request, pk: int = 0) -> HttpResponse:
    row = get_object_or_404(Unit, pk=pk) if pk else None
    form = UnitForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = unit_actions.save_unit(unit=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("“%(name)s”已保存。") % {"name": saved.name})
        return redirect("people:units")
    context = {"form": form, "row": Unit.objects.get(pk=pk) if pk else None, "tab": "units"}
    return render(request, "people/unit.html", context | _rights(request))


@site_page("people.see")
def users(request: Request) -> HttpResponse:
    rights = _rights(request)
    table = shown.users_table(full=rights["manages"]).shown(request)
    if table.wants_export:
        return table.export()
    context = {"table": table, "words": shown.users_words(), "tab": "users"}
    return render(request, "people/users.html", context | rights)


@site_page("people.manage")
def user_new(request: Request) -> HttpResponse:
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = actions.create_user(by=request.user, **form.cleaned_data)
        return _show_password(request, user, password)
    return render(
        request, "people/user_new.html", {"form": form, "tab": "users"} | _rights(request)
    )


@site_page("people.manage")
def user(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User.objects.select_related("unit"), pk=pk)
    form = UserForm(request.POST or None, instance=User.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        actions.change_user(user=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("people:user", pk=pk)
    return _user_page(request, row, form=form)


def _user_page(
    request: Request,
    row: User,
    form: UserForm | None = None,
    post_form: PostForm | None = None,
    deputy_form: DeputyForm | None = None,
) -> HttpResponse:
    rows = shown.post_rows(row)
    own = Post.objects.filter(pk__in=[p.pk for p in rows["posts"] if p.deputy_for_id is None])
    context = {
        "row": row, "form": form or UserForm(instance=row), "post_form": post_form or PostForm(),
        "deputy_form": deputy_form or DeputyForm(posts=own, user=row), "deputising": own.exists(),
        "sessions": lasting(row), "second": is_set_up(row), "tab": "users",
    }  # fmt: skip
    return render(request, "people/user.html", context | rows | _rights(request))


@site_page("people.manage")
@require_POST
def post_give(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    form = PostForm(request.POST)
    if not form.is_valid():
        return _user_page(request, row, post_form=form)
    actions.give_post(user=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("角色已加上，下一次点击即生效。"))
    return redirect("people:user", pk=pk)


@site_page("people.manage")
@require_POST
def post_end(request: Request, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("user"), pk=pk)
    actions.end_post(post=post, by=request.user)
    messages.success(request, _("角色已结束。"))
    return redirect("people:user", pk=post.user_id)


@site_page("people.manage")
@require_POST
def deputy(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    form = DeputyForm(request.POST, posts=row.posts.all(), user=row)
    if not form.is_valid():
        return _user_page(request, row, deputy_form=form)
    actions.give_deputy(by=request.user, **form.cleaned_data)
    messages.success(request, _("代理已登记，到期自动失效。"))
    return redirect("people:user", pk=pk)


@site_page("people.manage")
@require_POST
def password_reset(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    return _show_password(request, row, actions.reset_password(user=row, by=request.user))


def _show_password(request: Request, row: User, password: str) -> HttpResponse:
    """The one time that a first password shows; it is kept nowhere."""
    context = {"row": row, "password": password, "tab": "users"} | _rights(request)
    response = render(request, "people/first_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


@site_page("people.manage")
@require_POST
def user_state(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    actions.set_active(user=row, active=active, by=request.user)
    messages.success(request, _("用户已启用。") if active else _("用户已停用，登录已全部退出。"))
    return redirect("people:user", pk=pk)


@site_page("people.manage")
@require_POST
def sessions_end(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    actions.end_sessions(user=row, by=request.user)
    messages.success(request, _("该用户的登录已全部退出。"))
    return redirect("people:user", pk=pk)


def _rights(request: Request) -> dict[str, bool]:
    """What the page's buttons ask."""
    return {
        "manages": may(request.user, "people.manage"),
        "manages_units": may(request.user, "units.manage"),
    }
