"""`saima admin`: a secret, the database's tables, the first administrator."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys

from saima.problems import declare, refuse
from saima_web.commands.django_setup import migrate, say, start

HELP = "管理平台：生成密钥、建库、设第一个管理员"
HELP_EN = "manage the platform: a secret, the tables, the first administrator"

PEOPLE_EXIST = declare(
    "administrator-exists",
    "已经有管理员“{name}”。",
    "请用该用户登录，在“人员和单位”中添加其他人。",
    "there is an administrator already: “{name}”.",
    "Log in as that user and add others under People.",
)
WEAK = declare(
    "password-refused",
    "密码不合要求：{why}",
    "请换一个至少10个字符、不常见的密码。",
    "the password is refused: {why}",
    "Choose another, at least 10 characters and not a common one.",
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    what.add_parser("secret", help="生成一个 SAIMA_SECRET，打印出来")
    what.add_parser("migrate", help="建立或升级数据库的表")
    first = what.add_parser("first", help="设第一个管理员；密码从键盘或 SAIMA_PASSWORD 读")
    first.add_argument("--username", required=True, help="登录名")
    first.add_argument("--name", required=True, help="姓名")


def run(args: argparse.Namespace) -> int:
    if args.what == "secret":
        sys.stdout.write(secrets.token_urlsafe(48) + "\n")
        return 0
    start()
    migrate()
    if args.what == "first":
        _first(args)
    else:
        say("数据库已是最新。" if args.lang == "zh" else "The database is up to date.")
    return 0


def _first(args: argparse.Namespace) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from saima_web.people.actions import first_administrator
    from saima_web.people.models import ADMINISTRATORS, Post, User

    there = Post.objects.filter(role__in=ADMINISTRATORS, user__is_active=True).first()
    if there is not None:
        raise refuse(PEOPLE_EXIST, name=there.user.username)
    password = os.environ.get("SAIMA_PASSWORD") or getpass.getpass("密码：")
    try:
        validate_password(password, User(username=args.username, name=args.name))
    except ValidationError as error:
        raise refuse(WEAK, why="".join(error.messages)) from None
    first_administrator(username=args.username, name=args.name, password=password)
    say(
        "已设管理员 {name}。" if args.lang == "zh" else "Administrator {name} made.",
        name=args.username,
    )
