"""What a person may do next with a task, as forms: only what the state and the role allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from saima.workflows.task import OPEN, TASK
from saima_web.followup import loop
from saima_web.followup.models import Task
from saima_web.followup.scope import may_on
from saima_web.people.models import Unit, User


@dataclass(frozen=True)
class Doing:
    """A step as a form: its key, its button, what is to be written (label, needed or not).

    extra: a further field that the template knows (progress, grade, unit). confirm: a question
    before a loss. main: the one red button. file: whether it may bring what shows the work.
    """

    key: str
    title: Any
    action: str
    states: tuple[str, ...]
    words: Any = ""
    needed: bool = False
    extra: str = ""
    confirm: Any = ""
    main: bool = False
    file: bool = False


DOINGS = (
    Doing("assign", _("交办"), "tasks.manage", ("initiated",), main=True),
    Doing("assign", _("维持或改派"), "tasks.manage", ("disputed",), _("处理意见"), True, "unit", main=True),
    Doing("accept", _("签收"), "tasks.report", ("assigned",), main=True),
    Doing("dispute", _("提出异议"), "tasks.report", ("assigned",), _("为什么不该由本单位办"), True),
    Doing("tell", _("报进展"), "tasks.report", ("accepted", "in_hand", "returned"),
          _("进展情况，一句话"), True, "progress", file=True),
    Doing("report", _("报告办结"), "tasks.report", ("accepted", "in_hand", "returned"),
          _("办结情况：完成了什么，成果在哪里"), True, main=True, file=True),
    Doing("judge-complete", _("审核并办结"), "tasks.manage", ("reported",), _("审核意见"), True, main=True),
    Doing("judge-return", _("审核并退回"), "tasks.manage", ("reported",), _("退回的原因"), True),
    Doing("complete", _("办结"), "tasks.manage", ("reviewed",), _("意见"), main=True),
    Doing("return", _("退回"), "tasks.manage", ("reviewed", "completed"), _("退回的原因"), True),
    Doing("close_out", _("销号"), "tasks.manage", ("completed",), _("现场核实情况"), main=True),
    Doing("evaluate", _("评价"), "tasks.evaluate", ("closed_out",), _("评语"), extra="grade", main=True),
    Doing("archive", _("归档"), "tasks.manage", ("evaluated", "stopped"), main=True),
    Doing("stop", _("中止任务"), "tasks.manage", tuple(s for s in OPEN if (s, "stop") in TASK.moves),
          _("中止的原因"), True, confirm=_("中止之后不再催办、不再考核，确定中止？")),
)  # fmt: skip

QUICK = ("assign", "accept", "complete", "close_out", "archive")
"""Steps that need no words: the board's menus offer them."""


def doings(task: Task, by: User) -> list[Doing]:
    """What a person may do with a task now, the usual first."""
    here = [doing for doing in DOINGS if task.state in doing.states]
    allowed = {a: may_on(by, a, task) for a in {doing.action for doing in here}}
    return [doing for doing in here if allowed[doing.action]]


@dataclass(frozen=True)
class Given:
    """What came with a form: its fields, and a file where one was brought."""

    fields: QueryDict
    file: loop.File = None

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def words(self) -> str:
        return self.get("words")


def do(key: str, task: Task, given: Given, by: User) -> Task:
    """Take a step that a form asked for. Errors: KeyError for none; Refused."""
    return _DO[key](task, given, by)


def _assign(task: Task, given: Given, by: User) -> Task:
    unit = Unit.objects.filter(code=given.get("unit")).first()
    return loop.assign(task=task, by=by, unit=unit, note=given.words)


def _tell(task: Task, given: Given, by: User) -> Task:
    return loop.tell(
        task=task, text=given.words, trouble=given.get("trouble"),
        next_step=given.get("next_step"), by=by, file=given.file,
    )  # fmt: skip


_DO: dict[str, Callable[[Task, Given, User], Task]] = {
    "assign": _assign,
    "accept": lambda t, _given, by: loop.accept(task=t, by=by),
    "dispute": lambda t, given, by: loop.dispute(task=t, reason=given.words, by=by),
    "tell": _tell,
    "report": lambda t, given, by: loop.report(task=t, text=given.words, by=by, file=given.file),
    "review": lambda t, given, by: loop.review(task=t, note=given.words, by=by),
    "judge-complete": lambda t, given, by: loop.judge(task=t, note=given.words, good=True, by=by),
    "judge-return": lambda t, given, by: loop.judge(task=t, note=given.words, good=False, by=by),
    "complete": lambda t, given, by: loop.complete(task=t, note=given.words, by=by),
    "return": lambda t, given, by: loop.return_(task=t, reason=given.words, by=by),
    "close_out": lambda t, given, by: loop.close_out(task=t, note=given.words, by=by),
    "evaluate": lambda t, given, by: loop.evaluate(
        task=t, grade=given.get("grade"), note=given.words, by=by
    ),
    "archive": lambda t, _given, by: loop.archive(task=t, by=by),
    "stop": lambda t, given, by: loop.stop(task=t, reason=given.words, by=by),
}
