"""Starting Django for a command, and preparing the database."""

from __future__ import annotations

import os
import sys
from typing import Any

from saima.problems import declare, refuse

NO_SECRET = declare(
    "secret-not-set",
    "没有设置 SAIMA_SECRET。",
    "请运行 saima admin secret 生成一个，写进环境变量后再运行；它签发登录状态，要保密。",
    "SAIMA_SECRET is not set.",
    "Make one with `saima admin secret` and set it; it signs log-ins, keep it secret.",
)

NO_DATABASE = declare(
    "database-away",
    "打不开数据库：{why}",
    "请核对 SAIMA_DATABASE 和 SAIMA_DATA，确认数据库在运行、目录可写、磁盘没有满。",
    "the database cannot be opened: {why}",
    "Check SAIMA_DATABASE and SAIMA_DATA; is the server up, the folder writable, the disk full?",
)


def start() -> None:
    """Load the settings. Errors: Refused where the secret is not set."""
    if not os.environ.get("SAIMA_SECRET"):
        raise refuse(NO_SECRET)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saima_web.site.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database to this version's tables; an empty one gets them in one step."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError

    from saima_web.base import first_tables

    try:
        settings.DATA.mkdir(parents=True, exist_ok=True)
        if first_tables.wanted():
            first_tables.make()
        else:
            call_command("migrate", interactive=False, verbosity=0)
    except (OperationalError, OSError) as error:
        raise refuse(NO_DATABASE, why=(str(error).splitlines() or [""])[0]) from None


def say(text: str, **values: Any) -> None:
    sys.stdout.write(text.format(**values) + "\n")
    sys.stdout.flush()
