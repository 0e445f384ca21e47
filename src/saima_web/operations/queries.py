"""The state of the house: what runs, what waits, what failed, and what to do about it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima_web.audit.models import Entry, Head, Verification
from saima_web.base.clock import now
from saima_web.jobs.models import JobRun
from saima_web.messaging.models import Delivery
from saima_web.ui.templatetags.saima import moment

JOBS = {
    "api.tell": gettext_lazy("通知其他系统"),
    "cards.propose": gettext_lazy("建议发牌"),
    "redlines.expire": gettext_lazy("红线事件到期"),
    "audit.verify": gettext_lazy("校验账本"),
    "messaging.send": gettext_lazy("发送消息"),
    "projects.remind": gettext_lazy("提醒到期材料"),
    "people.clear-sessions": gettext_lazy("清理过期的登录"),
    "reporting.count-rounds": gettext_lazy("清点已结束的填报轮次"),
    "reporting.open-rounds": gettext_lazy("按日历开启填报"),
    "scoring.check-inputs": gettext_lazy("重读计分的全部输入"),
    "supervision.remind": gettext_lazy("排会和提醒"),
}
"""What jobs are called; one that is not here stands under its name."""
GIGABYTE = 1e9
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What the database says of itself."""

    missing: bool
    entries: int
    newest: datetime | None
    verified: Verification | None
    backup: Entry | None
    runs: list[JobRun]
    outbox: dict[str, int]
    overdue: int


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: how it is, and what to do where it is not well."""

    title: str
    words: str
    state: str = "ok"
    todo: str = ""
    link: str = ""


def facts() -> Facts:
    """Errors: DatabaseError where the database is away or has no tables."""
    late = Delivery.objects.filter(state="waiting", due_at__lt=now() - timedelta(hours=1))
    states = Delivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    head = Head.objects.filter(pk=1).first()
    return Facts(
        missing=migrations_missing(),
        entries=head.number if head else 0,
        newest=Entry.objects.order_by("-number").values_list("at", flat=True).first(),
        verified=Verification.objects.first(),
        backup=Entry.objects.filter(subject="backup", event="backup.made")
        .order_by("-number")
        .first(),
        runs=last_runs(),
        outbox=dict(states),
        overdue=late.count(),
    )


def migrations_missing() -> bool:
    """Whether tables wait for `saima admin migrate`."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def last_runs() -> list[JobRun]:
    """The last run of each job."""
    jobs = JobRun.objects.order_by("job").values_list("job", flat=True).distinct()
    return [JobRun.objects.filter(job=job).order_by("-due_at")[0] for job in jobs]


def disk() -> tuple[int, int]:
    """Free and all bytes of the disk on which the data folder lies."""
    folder = next(p for p in (settings.DATA, *settings.DATA.parents) if p.exists())
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def state() -> list[Check]:
    """Everything that was looked at, in the order of the page."""
    known = facts()
    looks: tuple[Callable[[Facts], Check | Iterator[Check]], ...] = (
        _program, _tables, _scheduler, _jobs, _outbox, _disk, _ledger, _backup, _clock,
    )  # fmt: skip
    found: list[Check] = []
    for look in looks:
        seen = look(known)
        found += [seen] if isinstance(seen, Check) else seen
    return found


def _program(_known: Facts) -> Check:
    words = {
        "saima": version("saima"), "python": platform.python_version(),
        "database": f"{connection.display_name} {_server()}",
    }  # fmt: skip
    return Check(_("版本"), _("赛马 %(saima)s　Python %(python)s　%(database)s") % words)


def _server() -> str:
    return ".".join(str(part) for part in connection.get_database_version())


def _tables(known: Facts) -> Check:
    if known.missing:
        return Check(
            _("数据库的表"), _("与程序版本不一致"), "bad",
            _("请停下服务，备份后运行 saima admin migrate，再启动。"),
        )  # fmt: skip
    return Check(_("数据库的表"), _("与程序版本一致"))


def _scheduler(known: Facts) -> Check:
    last = max((run.began_at for run in known.runs), default=None)
    if last is None or last < now() - DAY - timedelta(hours=1):
        return Check(
            _("定时作业"), _("一天之内没有运行过"), "bad",
            _("请确认用 saima serve 启动，进程里有 saima_web.commands.tick；没有就重启服务。"),
        )  # fmt: skip
    return Check(_("定时作业"), _("最近一次 %(when)s") % {"when": moment(last)})


def _jobs(known: Facts) -> Iterator[Check]:
    for run in known.runs:
        title = str(JOBS.get(run.job, run.job))
        words = {"when": moment(run.began_at), "outcome": run.outcome}
        if run.failed:
            yield Check(
                title, _("%(when)s失败：%(outcome)s") % words, "bad",
                _("详情在服务日志里；下一次到时会再试。连续失败请联系开发人员。"),
            )  # fmt: skip
        elif run.ended_at is None and run.began_at < now() - timedelta(hours=1):
            yield Check(
                title, _("%(when)s开始，没有结束") % words, "attention",
                _("服务可能在运行中被停掉；下一次到时会再运行。"),
            )  # fmt: skip
        else:
            yield Check(title, _("%(when)s　%(outcome)s") % words)


def _outbox(known: Facts) -> Check:
    words = {
        "waiting": known.outbox.get("waiting", 0), "failed": known.outbox.get("failed", 0),
        "overdue": known.overdue,
    }  # fmt: skip
    said = _("%(waiting)s条待发送，%(failed)s条没有发出") % words
    if words["failed"] or words["overdue"]:
        return Check(
            _("对外消息"), said, "bad" if words["failed"] else "attention",
            _("请核对消息通道的地址和口令，然后重发。"), reverse("messaging:outbox"),
        )  # fmt: skip
    return Check(_("对外消息"), said, link=reverse("messaging:outbox"))


def _disk(_known: Facts) -> Check:
    free, whole = disk()
    words = _("还剩%(free)s GB，共%(whole)s GB") % {
        "free": f"{free / GIGABYTE:,.1f}", "whole": f"{whole / GIGABYTE:,.1f}",
    }  # fmt: skip
    todo = _("请清理旧的备份和日志，或扩大磁盘；磁盘写满后不能再保存。")
    if free < GIGABYTE or free < whole * 0.03:
        return Check(_("磁盘"), words, "bad", todo)
    return Check(_("磁盘"), words, *(("attention", todo) if free < whole * 0.1 else ()))


def _ledger(known: Facts) -> Check:
    link, last = reverse("audit:ledger"), known.verified
    if last is None:
        return Check(_("账本"), _("还没有校验过"), "attention", _("请在账本页上校验一次。"), link)
    words = {"n": last.entries, "when": moment(last.at)}
    if not last.sound:
        return Check(
            _("账本"), _("%(when)s校验没有通过") % words, "bad",
            _("请先不要做别的操作，留下现状，与考核办一起对照最近的备份。"), link,
        )  # fmt: skip
    said = _("%(n)s条，%(when)s校验通过") % words
    if last.at < now() - 2 * DAY:
        todo = _("每晚的校验没有运行，请看定时作业。")
        return Check(_("账本"), said, "attention", todo, link)
    return Check(_("账本"), said, link=link)


def _backup(known: Facts) -> Check:
    title, last = _("最近的备份"), known.backup
    todo = _("请运行 saima backup，并设成每天自动运行（见运维指南）。")
    if last is None:
        return Check(title, _("还没有备份过"), "bad", todo)
    data: dict[str, Any] = last.data
    words = _("%(when)s　%(file)s　%(size)s MB") % {
        "when": moment(last.at), "file": data.get("file", ""),
        "size": f"{data.get('bytes', 0) / 1e6:,.1f}",
    }  # fmt: skip
    late = last.at < now() - 2 * DAY
    return Check(title, words, *(("attention", todo) if late else ()))


def _clock(known: Facts) -> Check:
    words = moment(now())
    if known.newest is not None and known.newest > now() + timedelta(minutes=2):
        return Check(
            _("时钟"), _("%(now)s，比最近一条记录还早") % {"now": words}, "bad",
            _("请核对服务器的时间和对时服务（timedatectl）；改正之前不要开启、关闭填报。"),
        )  # fmt: skip
    return Check(_("时钟"), words)
