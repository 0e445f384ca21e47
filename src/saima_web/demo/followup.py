"""The demonstration's tasks: 150 in all states, played day by day through the slice's actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.demo import story
from saima_web.demo import tasks as words
from saima_web.demo.plan import DEMO_DAY, UNITS, YEAR
from saima_web.followup import loop
from saima_web.followup.actions import initiate_task, put_task_force, write_instruction
from saima_web.followup.models import Task, TaskForce, TaskRequest
from saima_web.followup.parts import task_from_instruction
from saima_web.followup.requests import ask_extension, decide
from saima_web.people.models import User
from saima_web.projects.models import Project

BEGUN, SENT = date(YEAR, 9, 23), date(YEAR, 9, 24)
COUNT = 150
ENDS = (
    "in_hand", "closed_out", "in_hand", "assigned", "reported", "in_hand", "evaluated", "accepted",
    "returned", "in_hand", "archived", "completed", "in_hand", "late", "disputed", "in_hand",
    "accepted", "closed_out", "assigned", "nearing", "reviewed", "in_hand", "initiated", "stopped",
    "extended", "in_hand", "asking",
)  # fmt: skip
"""How the tasks end, in turn: a state, or how an open one stands."""
OPEN_ENDS = {"late": "in_hand", "nearing": "in_hand", "extended": "in_hand", "asking": "in_hand"}
_HANDED = ("assign", "accept", "tell")
_DONE = (*_HANDED, "report")
PATHS: dict[str, tuple[str, ...]] = {
    "initiated": (), "assigned": ("assign",), "disputed": ("assign", "dispute"),
    "accepted": ("assign", "accept"), "in_hand": (*_HANDED, "tell"),
    "late": (*_HANDED, "remind"), "nearing": (*_HANDED, "tell"),
    "extended": (*_HANDED, "ask", "grant"), "asking": (*_HANDED, "ask"),
    "reported": _DONE, "reviewed": (*_DONE, "review"), "returned": (*_DONE, "return"),
    "completed": (*_DONE, "complete"), "closed_out": (*_DONE, "complete", "close_out"),
    "evaluated": (*_DONE, "complete", "close_out", "evaluate"),
    "archived": (*_DONE, "return", "report", "complete", "close_out", "evaluate", "archive"),
    "stopped": ("assign", "stop"),
}  # fmt: skip
"""End -> the steps that lead there."""


@dataclass
class Plot:
    """One task's story: how it ends, the people of its unit, what it says."""

    task: Task
    end: str
    work: words.Work
    clerk: User
    head: User
    told: int = 0


def tell(stage: story.Stage) -> None:
    """Everything from the lists of September to the state of the demonstration's day."""
    stage.say("任务：立项、交办、反馈、审核、销号")
    office = stage.users["office"]
    with clock.at(story.moment(BEGUN, 15)), writing(office):
        plots = _begin(stage, _teams(stage))
    for day, steps in sorted(_days(plots).items()):
        with clock.at(story.moment(day, 10)), writing(office):
            sent = [plot.task for plot, step in steps if step == "assign"]
            loop.assign_all(tasks=sent, by=office)
            for plot, step in steps:
                if step != "assign":
                    STEP[step](stage, plot)
    _orders(stage)


def _teams(stage: story.Stage) -> list[TaskForce]:
    return [
        put_task_force(
            campaign=stage.campaign, name=name, chief=chief, by=stage.users["office"],
            units=[stage.units[code] for code in units],
        )
        for name, chief, units in words.TEAMS
    ]  # fmt: skip


def _begin(stage: story.Stage, teams: list[TaskForce]) -> list[Plot]:
    """The lists, and under them each unit's tasks, until there are enough."""
    lists = [_list(stage, row) for row in words.LISTS]
    plots: list[Plot] = []
    room = COUNT - len(lists) - len(words.ORDERS) - len(words.STEPS)
    built = {p.unit_id: p for p in stage.campaign.projects.order_by("-pk")}
    for n in range(room):
        plots.append(_unit_task(stage, n, lists, teams, built))
    plots += _steps(stage, plots[0])
    return plots


def _list(stage: story.Stage, row: tuple[str, ...]) -> Task:
    front, title, goal, project, result, unit = row
    return initiate_task(
        campaign=stage.campaign, title=title, goal=goal, responsible_unit=stage.units[unit],
        deadline=date(YEAR, 12, 31), source=Task.Source.PLAN, by=stage.users["office"],
        source_note="百日攻坚行动实施方案", supporting_project=project, landmark_result=result,
        front=front, deadline_kind="month", every="none", lead_leader="集团主要领导",
    )  # fmt: skip


def _unit_task(
    stage: story.Stage, n: int, lists: list[Task], teams: list[TaskForce],
    built: dict[int, Project],
) -> Plot:  # fmt: skip
    """A unit's task; some rest on the first of the unit's key projects."""
    code, name = UNITS[n % len(UNITS)][0], UNITS[n % len(UNITS)][2]
    work = words.WORKS[(n // len(UNITS)) % len(words.WORKS)]
    end = ENDS[n % len(ENDS)]
    supporting = stage.units[UNITS[(n + 3) % len(UNITS)][0]]
    head = stage.users[f"head_{code.lower()}"]
    task = initiate_task(
        campaign=stage.campaign, title=work.title.format(name),
        goal=work.goal.format(n=3 + n % 9), responsible_unit=stage.units[code],
        deadline=_deadline(end, n), source=_source(n), source_note="百日攻坚行动实施方案",
        parent=lists[work.front], supporting_units=[supporting] if n % 3 else [],
        by=stage.users["office"], supporting_project=work.project.format(name),
        landmark_result=work.result, front=lists[work.front].front,
        lead_leader="集团主要领导" if n % 2 else "分管领导", first_responsible=head.name,
        person=stage.users[f"clerk_{code.lower()}"].name, every="week" if n % 4 == 0 else "month",
        task_force=teams[work.front % 3] if n % 5 == 0 else None,
        project=built.get(stage.units[code].pk) if n % 5 == 1 else None,
    )  # fmt: skip
    return Plot(task, end, work, stage.users[f"clerk_{code.lower()}"], head)


def _source(n: int) -> str:
    sources = (Task.Source.PLAN, Task.Source.MEETING, Task.Source.PLAN, Task.Source.INSPECTION,
               Task.Source.PUBLIC)  # fmt: skip
    return sources[n % len(sources)]


def _deadline(end: str, n: int) -> date:
    """What is done was due in November; of what is open a little is late, some is nearing."""
    if end == "late":
        return DEMO_DAY - timedelta(days=3 + n % 9)
    if end == "nearing":
        return DEMO_DAY + timedelta(days=1 + n % 4)
    if OPEN_ENDS.get(end, end) in ("in_hand", "accepted", "assigned", "initiated", "disputed"):
        return date(YEAR, 12, 15 + n % 17)
    return date(YEAR, 11, 10 + n % 21)


def _steps(stage: story.Stage, plot: Plot) -> list[Plot]:
    """One task has its steps below it, the first of them done."""
    found = []
    for n, title in enumerate(words.STEPS):
        task = initiate_task(
            campaign=stage.campaign, title=f"{plot.task.title}：{title}", goal="按期完成1项",
            responsible_unit=plot.task.responsible_unit, parent=plot.task, front=plot.task.front,
            deadline=date(YEAR, 11, 20) + timedelta(days=14 * n), source=Task.Source.PLAN,
            by=stage.users["office"], supporting_project=plot.task.supporting_project,
            landmark_result=plot.task.landmark_result,
        )  # fmt: skip
        found.append(Plot(task, ("closed_out", "in_hand", "accepted")[n], plot.work, plot.clerk,
                          plot.head))  # fmt: skip
    return found


def _days(plots: list[Plot]) -> dict[date, list[tuple[Plot, str]]]:
    """Day by day what is done to which task."""
    found: dict[date, list[tuple[Plot, str]]] = {}
    for n, plot in enumerate(plots):
        for day, step in zip(_dates(plot, n), PATHS[plot.end], strict=False):
            found.setdefault(day, []).append((plot, step))
    return found


def _dates(plot: Plot, n: int) -> Iterator[date]:
    """Assigned next day, taken on the day after, told in between, reported before the deadline."""
    report_on = min(plot.task.deadline, DEMO_DAY - timedelta(days=7)) - timedelta(days=n % 5)
    late = n % 11 == 1
    path = PATHS[plot.end]
    yield SENT
    yield SENT + timedelta(days=1 + n % 3)
    day = SENT + timedelta(days=20 + n % 10)
    for step in path[2:]:
        if step == "report":
            day = max(day, report_on + timedelta(days=4 if late else 0))
        yield min(day, DEMO_DAY)
        day += timedelta(days=1) if step != "tell" else timedelta(days=28 if n % 3 else 12)


def _text(plot: Plot) -> str:
    told = plot.work.progress[plot.told % len(plot.work.progress)]
    plot.told += 1
    return told


def _tell(_stage: story.Stage, plot: Plot) -> None:
    trouble, next_step = (plot.work.trouble, plot.work.next_step) if plot.told else ("", "")
    loop.tell(
        task=plot.task, text=_text(plot), trouble=trouble, next_step=next_step, by=plot.clerk
    )  # fmt: skip


def _remind(stage: story.Stage, plot: Plot) -> None:
    loop.remind(tasks=[plot.task], text=f"“{plot.task.title}”已到时限，请抓紧办理。",
                by=stage.users["inspector"])  # fmt: skip


def _ask(_stage: story.Stage, plot: Plot) -> None:
    until = plot.task.deadline + timedelta(days=10)
    ask_extension(task=plot.task, until=until, reason=words.EXTENSION, by=plot.head)


def _grant(stage: story.Stage, plot: Plot) -> None:
    request = TaskRequest.objects.get(task=plot.task)
    decide(request=request, approved=True, note="同意", by=stage.users["office"])


def _by(name: str, do: Callable[..., Any], **said: Any) -> Callable[[story.Stage, Plot], None]:
    """A step by one of the offices."""

    def done(stage: story.Stage, plot: Plot) -> None:
        do(task=plot.task, by=stage.users[name], **said)

    return done


STEP: dict[str, Callable[[story.Stage, Plot], None]] = {
    "accept": lambda _stage, plot: _one(loop.accept(task=plot.task, by=plot.clerk)),
    "dispute": lambda _stage, plot: _one(
        loop.dispute(task=plot.task, reason=words.DISPUTED, by=plot.head)
    ),
    "tell": _tell,
    "report": lambda _stage, plot: _one(
        loop.report(task=plot.task, text=f"{plot.task.goal}，已完成。", by=plot.head)
    ),
    "review": _by("office", loop.review, note=words.REVIEWED),
    "return": _by("office", loop.judge, note=words.RETURNED, good=False),
    "complete": _by("office", loop.judge, note=words.REVIEWED, good=True),
    "close_out": _by("office", loop.close_out, note="现场看过，予以销号。"),
    "evaluate": _by("leader", loop.evaluate, grade="good", note="完成得好。"),
    "archive": _by("office", loop.archive),
    "stop": _by("office", loop.stop, reason=words.STOPPED),
    "remind": _remind,
    "ask": _ask,
    "grant": _grant,
}


def _one(task: Task) -> None:
    """A step whose result the story does not need."""
    assert task.pk


def _orders(stage: story.Stage) -> None:
    """The leader's instructions as tasks: one is led to its end, after it came back once."""
    leader, office = stage.users["leader"], stage.users["office"]
    with clock.at(story.moment(date(YEAR, 11, 16))), writing(leader):
        made = []
        for n, (text, code) in enumerate(words.ORDERS):
            due = date(YEAR, 11, 27) + timedelta(days=5 * n)
            row = write_instruction(
                campaign=stage.campaign, unit=stage.units[code], text=text, due_on=due, by=leader
            )
            made.append(task_from_instruction(
                instruction=row, by=leader, goal="拿出1份方案，解决1个卡点", every="week",
                front="领导批示", supporting_project="百日攻坚", landmark_result="问题销号",
            ))  # fmt: skip
    with clock.at(story.moment(date(YEAR, 11, 18))), writing(office):
        for task in made[:3]:
            clerk = stage.users[f"clerk_{task.responsible_unit.code.lower()}"]
            loop.accept(task=task, by=clerk)
            loop.tell(task=task, text="已与主管部门对接，明确三步走", by=clerk)
    _led_to_its_end(stage, made[0], words.ORDERS[0][1].lower())


def _led_to_its_end(stage: story.Stage, task: Task, code: str) -> None:
    office, head = stage.users["office"], stage.users[f"head_{code}"]
    for day, text, good in ((23, "情况已汇报", False), (26, "用地批复已取得，方案已定", True)):
        with clock.at(story.moment(date(YEAR, 11, day))), writing(office):
            loop.report(task=task, text=text, by=head)
            loop.judge(task=task, note=words.REVIEWED if good else words.RETURNED, good=good,
                       by=office)  # fmt: skip
    with clock.at(story.moment(date(YEAR, 11, 28))), writing(office):
        loop.close_out(task=task, note="批复文件已核对。", by=office)
