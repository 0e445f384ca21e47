"""Forms of units, users, posts and deputies."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.people import deputies
from saima_web.people.models import Post, Role, Unit, User
from saima_web.people.permissions import below
from saima_web.people.queries import post_words

NEEDS_UNIT = {Role.CLERK, Role.HEAD}
NEEDS_CARE = {Role.DATA_OWNER, Role.LEAD_OFFICE}
USERNAME = re.compile(r"^[\w.@-]+$")


def date_input() -> forms.DateInput:
    """A date field as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit; its code is given once."""

    class Meta:
        model = Unit
        fields = (
            "code", "name", "short_name", "kind", "parent", "order", "valid_from", "valid_to",
            "successor",
        )  # fmt: skip
        widgets: ClassVar = {"valid_from": date_input(), "valid_to": date_input()}
        help_texts: ClassVar = {
            "code": _("字母和数字，如E01；定了不再改。"),
            "short_name": _("表格和图上用的名字。"),
            "order": _("公文和名单里的先后，小的在前。"),
            "valid_from": _("年中成立的填成立之日。"),
            "valid_to": _("撤销或并入其他单位的填最后一天。"),
            "successor": _("年中合并请在行动的“单位合并或分设”里办，目标会一并划转。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
            others = Unit.objects.exclude(pk__in=below(self.instance.pk))
            self.fields["parent"].queryset = others  # type: ignore[attr-defined]
            rest = Unit.objects.exclude(pk=self.instance.pk)
            self.fields["successor"].queryset = rest  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("停用日期不能早于启用日期。"))
        if data.get("successor") and not last:
            self.add_error("valid_to", _("并入其他单位的，要填停用日期。"))
        return data


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """A user as the address book knows them."""

    class Meta:
        model = User
        fields: ClassVar[tuple[str, ...]] = ("name", "unit", "title", "phone")


class NewUserForm(UserForm):
    """A user to come, with the name to log in with."""

    class Meta(UserForm.Meta):
        fields: ClassVar[tuple[str, ...]] = ("username", *UserForm.Meta.fields)
        help_texts: ClassVar = {"username": _("汉字、字母、数字和 . - _ @；建好后不改。")}

    def clean_username(self) -> str:
        text = str(self.cleaned_data["username"]).strip()
        if not USERNAME.match(text):
            raise forms.ValidationError(_("只能用汉字、字母、数字和 . - _ @。"))
        if User.objects.filter(username__iexact=text).exists():
            raise forms.ValidationError(_("这个登录名已经有人用。"))
        return text


class PostForm(forms.Form):
    """A role, where, for which categories, from when to when."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    campaign: Any = forms.ModelChoiceField(
        label=_("行动"), queryset=None, required=False, empty_label=_("全部行动")
    )
    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.all(), required=False, empty_label=_("全部单位"),
        help_text=_("填报员和单位负责人必须选；选上级单位即包括其下级。"),
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=_("指标类别"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("数据责任部门和领导小组办公室用；不选则按本单位负责的指标。"),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("起"), required=False, widget=date_input())
    valid_to = forms.DateField(
        label=_("止"), required=False, widget=date_input(), help_text=_("长期任职的不填。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = apps.get_model("campaigns", "Campaign").objects.all()
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        choices = [(c, c) for c in categories_known()]
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role, unit = data.get("role"), data.get("unit")
        if role in NEEDS_UNIT and unit is None:
            self.add_error("unit", _("这个角色要选单位。"))
        if role in NEEDS_CARE and unit is None and not data.get("categories"):
            self.add_error("categories", _("这个角色要选单位，或选指标类别。"))
        first, last = data.get("valid_from"), data.get("valid_to")
        if last and last < (first or today()):
            self.add_error("valid_to", _("不能早于起始日期和今天。"))
        return data


def categories_known() -> list[str]:
    """The categories of the indicator library, in its order."""
    indicators = apps.get_model("indicators", "Indicator").objects.exclude(category="")
    return list(dict.fromkeys(indicators.values_list("category", flat=True)))


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Posts to choose from, in words."""

    def label_from_instance(self, obj: Post) -> str:
        return post_words(obj)


class DeputyForm(forms.Form):
    """Who stands in for one of a user's posts, until when."""

    post = PostChoice(
        label=_("代理哪个角色"), queryset=Post.objects.none(), empty_label=_("请选择")
    )
    deputy = forms.ModelChoiceField(
        label=_("由谁代理"), queryset=User.objects.none(), empty_label=_("请选择")
    )
    since = forms.DateField(label=_("起"), widget=date_input(), initial=today)
    until = forms.DateField(label=_("止"), widget=date_input(), help_text=_("到期自动失效。"))

    def __init__(self, *args: Any, posts: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        active = User.objects.filter(is_active=True).exclude(pk=user.pk)
        self.fields["deputy"].queryset = active  # type: ignore[attr-defined]
        self.fields["until"].initial = today() + timedelta(days=14)


class OwnDeputyForm(DeputyForm):
    """A deputy whom a clerk names: for an own post, from the own unit."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        posts = Post.objects.filter(pk__in=[p.pk for p in deputies.own_posts(by)])
        super().__init__(*args, posts=posts, user=by, **kwargs)
        self.fields["deputy"].queryset = deputies.candidates(by)  # type: ignore[attr-defined]
        if posts.count() == 1:
            self.fields["post"].initial = posts.get()


class SheetForm(forms.Form):
    """A sheet of units, users and posts."""

    file = forms.FileField(label=_("文件"))
