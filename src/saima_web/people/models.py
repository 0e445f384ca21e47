"""Units in a tree, users, and the posts that give a user roles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A unit (单位) of the organisation; `order` is the official order (机构序)."""

    class Kind(models.TextChoices):
        GROUP = "group", _("集团")
        COMPANY = "company", _("企业")
        DEPARTMENT = "department", _("部门")
        DISTRICT = "district", _("区县")
        BRANCH = "branch", _("党支部")

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices, default=Kind.COMPANY)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="children",
    )  # fmt: skip
    order = models.IntegerField(_("机构序"), default=0)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("并入"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="predecessors",
    )  # fmt: skip

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.short_name or self.name


class Users(BaseUserManager["User"]):
    """Makes users; the name that people log in with is unique."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who logs in. What they may do stands in their posts."""

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    unit = models.ForeignKey(
        Unit, verbose_name=_("所在单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="users",
    )  # fmt: skip
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    notice_read = models.PositiveIntegerField(default=0)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("unit__order", "username")

    def __str__(self) -> str:
        return self.name or self.username


class Role(models.TextChoices):
    """What a post lets its holder do (`permissions.RULES`)."""

    ADMINISTRATOR = "administrator", _("综合管理员")
    SYSTEM = "system", _("系统管理员")
    SECURITY = "security", _("安全管理员")
    AUDIT = "audit", _("审计管理员")
    OFFICE = "office", _("考核办")
    PROJECT_OFFICE = "project-office", _("项目办")
    LEAD_OFFICE = "lead-office", _("领导小组办公室")
    CLERK = "clerk", _("填报员")
    HEAD = "head", _("单位负责人")
    DATA_OWNER = "data-owner", _("数据责任部门")
    INSPECTOR = "inspector", _("督查员")
    LEADER = "leader", _("领导")
    VIEWER = "viewer", _("查看")


THREE = (Role.SYSTEM, Role.SECURITY, Role.AUDIT)
"""The administrators of whom nobody may be two where they are separated (三员分立)."""
ADMINISTRATORS = (Role.ADMINISTRATOR, *THREE)
"""Roles for all campaigns and units, which a post cannot narrow."""


class Post(models.Model):
    """A role of a user: in one campaign or all, for one unit or all, for some categories or all.

    A deputy's post names whom it stands in for, and ends by its date.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    campaign = models.ForeignKey(
        "campaigns.Campaign", verbose_name=_("行动"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="posts",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="posts",
    )  # fmt: skip
    categories = models.JSONField(_("指标类别"), default=list, blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        User, verbose_name=_("代理"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="deputies",
    )  # fmt: skip

    class Meta:
        ordering = ("user", "role")


class LoginSession(models.Model):
    """A log-in that lasts: listed on the account page, and revocable there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    address = models.CharField(max_length=60, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-began_at",)


class Safeguards(models.Model):
    """What the administrators decided for the whole platform, one row; see `safeguards.py`."""

    separated = models.BooleanField(default=False)
    notice = models.TextField(blank=True)
    notice_version = models.PositiveIntegerField(default=1)


class Upload(models.Model):
    """A file that waits while the person who brought it looks at what it would change."""

    kind = models.CharField(max_length=20)
    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="uploads/%Y/%m")
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
