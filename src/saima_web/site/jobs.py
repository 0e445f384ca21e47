"""Which jobs run when."""

from __future__ import annotations

from datetime import time

from django.core.management import call_command
from django.utils.translation import gettext as _

from saima_web.api import hooks
from saima_web.audit.verifying import verify_and_keep
from saima_web.cards.proposing import propose_everywhere
from saima_web.jobs import actions
from saima_web.jobs.actions import Daily, Every, Job
from saima_web.messaging.outbox import anything_due, send_due
from saima_web.projects.papers import reminders
from saima_web.redlines.actions import expire_due
from saima_web.reporting.rounds import open_by_calendar
from saima_web.reporting.tallies import keep_tallies
from saima_web.scoring.inputs import check_some
from saima_web.supervision.dispatch import plan_by_rhythm
from saima_web.supervision.reminders import remind


def _verify_ledger() -> str:
    found = verify_and_keep()
    if found.breaks:
        return _("发现%(n)s处断裂") % {"n": len(found.breaks)}
    return _("%(n)s条，通过") % {"n": found.entries}


def _check_inputs() -> str:
    checked, changed = check_some()
    if changed:
        return _("重读%(n)s次计分的全部输入，%(changed)s次与当时不一致") % {
            "n": checked, "changed": changed,
        }  # fmt: skip
    return _("重读%(n)s次计分的全部输入，与当时一致") % {"n": checked}


def _clear_sessions() -> str:
    call_command("clearsessions")
    return _("已清理过期的登录")


def _open_rounds() -> str:
    return _("开启了%(n)s个填报轮次") % {"n": len(open_by_calendar())}


def _count_rounds() -> str:
    return _("清点了%(n)s个已结束的填报轮次") % {"n": keep_tallies()}


def _send_messages() -> str:
    sent, failed = send_due()
    return _("发出%(sent)s条，%(failed)s条没有发出") % {"sent": sent, "failed": failed}


def _tell_systems() -> str:
    told, failed = hooks.tell()
    return _("通知其他系统%(told)s次，%(failed)s次没有成功") % {"told": told, "failed": failed}


def _remind() -> str:
    planned, told = plan_by_rhythm(), remind()
    return _("排出%(meetings)s次调度会，提醒%(told)s人次") % {
        "meetings": len(planned),
        "told": told,
    }


def _remind_of_papers() -> str:
    return _("提醒到期材料%(told)s人次") % {"told": reminders.remind()}


def _expire_incidents() -> str:
    return _("%(n)s件红线事件到期") % {"n": len(expire_due())}


JOBS: dict[str, Job] = {
    "supervision.remind": Daily(time(8, 0), _remind),
    "projects.remind": Daily(time(8, 0), _remind_of_papers),
    "messaging.send": Every(1, _send_messages, anything_due),
    "api.tell": Every(1, _tell_systems, hooks.anything_due),
    "audit.verify": Daily(time(6, 0), _verify_ledger),
    "reporting.open-rounds": Daily(time(0, 30), _open_rounds),
    "reporting.count-rounds": Daily(time(1, 0), _count_rounds),
    "redlines.expire": Daily(time(0, 10), _expire_incidents),
    "cards.propose": Daily(time(7, 0), propose_everywhere),
    "scoring.check-inputs": Daily(time(4, 0), _check_inputs),
    "people.clear-sessions": Daily(time(3, 30), _clear_sessions),
}


def run_due() -> list[str]:
    """Run what is due now."""
    return actions.run_due(JOBS)
