"""`saima tasks`: what in a task list is overdue, nearing its deadline or incomplete, with its cells."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from saima.commands.campaign import print_json
from saima.files.task_list import TaskList, read_task_list, write_task_list
from saima.problems import Language, declare, refuse
from saima.tasks.completeness import PARTS, missing
from saima.tasks.deadlines import Deadline
from saima.tasks.due import DUE, DueState, overdue_days
from saima.tasks.model import Task
from saima.tasks.rollup import DONE, Part, roll_up
from saima.workflows.task import TASK

declare(
    "bad-day",
    "看不懂日期“{text}”。",
    "请写成 2026-10-18。",
    "the day “{text}” is not understood.",
    "Write 2026-10-18.",
)
declare(
    "tasks-no-file",
    "没有写任务清单的文件名。",
    "用法：saima tasks 任务清单.xlsx；要一份空表，用 saima tasks --template 任务清单.xlsx。",
    "no task list was named.",
    "Use saima tasks FILE.xlsx, or saima tasks --template FILE.xlsx for an empty one.",
)

EXAMPLE = Task(
    "1", "引进文旅运营商", "签约3家，协议投资5亿元", "栖湖乐园二期", "首家品牌店开业", "年度计划", "招商引资",
    "江启明", "周临川", "示例栖湖文旅公司", ("示例澄江置业公司",), "沈知禾",
)  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", help="任务清单（.xlsx .xls .csv）")
    parser.add_argument("--on", metavar="DATE", help="按哪一天算，如 2026-10-18；不写则今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--out", metavar="OUT.xlsx", help="另存一份通行列名的任务清单")
    parser.add_argument("--template", metavar="OUT.xlsx", help="写出一份空表，带一行示例")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    on = _day(args.on)
    if args.template:
        last = Deadline(date(on.year, 12, 31), "month")
        example = Task(**{**vars(EXAMPLE), "deadline": last, "state": "assigned"})
        write_task_list([example], Path(args.template), "任务清单", on)
        sys.stdout.write(f"已写出{args.template}。\n")
        return 0
    if not args.file:
        raise refuse("tasks-no-file")
    found = read_task_list(Path(args.file), on.year)
    if args.out:
        write_task_list(found.tasks, Path(args.out), Path(args.file).stem, on)
    groups = grouped(found.tasks, on)
    if args.json:
        print_json(_data(found, groups, on, args.lang))
    else:
        sys.stdout.write(_text(found, groups, on, args.lang))
    return 1 if found.problems or groups["overdue"] or groups["incomplete"] else 0


def _day(text: str | None) -> date:
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("bad-day", text=text) from None


def grouped(tasks: Sequence[Task], on: date) -> dict[str, list[Task]]:
    """The open tasks that are overdue, nearing or incomplete on a day, by their deadline."""
    waiting = [task for task in tasks if task.open]
    states: dict[int, DueState] = {id(task): task.due(on) for task in waiting}
    groups: dict[str, list[Task]] = {
        due: sorted(
            (t for t in waiting if states[id(t)] == due and t.deadline),
            key=lambda t: t.deadline.day if t.deadline else on,
        )
        for due in ("overdue", "nearing")
    }
    return groups | {"incomplete": [t for t in waiting if lacks(t)]}


def lacks(task: Task) -> tuple[str, ...]:
    """What a task lacks of 量化 + 项目 + 成果; a part of another leans on what that one names."""
    found = missing(task.goal, task.supporting_project, task.landmark_result)
    return () if task.parent else found


def _counts(tasks: Sequence[Task], on: date) -> tuple[int, int]:
    """How many last parts are done, of how many: a whole counts by its parts."""
    keyed = {f"{n}": task for n, task in enumerate(tasks)}
    by_number = {task.number: key for key, task in keyed.items() if task.number}
    parts = {key: Part(task.state, task.due(on)) for key, task in keyed.items()}
    parents = {key: by_number.get(task.parent) for key, task in keyed.items() if task.parent}
    wholes = roll_up(parts, parents)
    tops = [key for key in keyed if key not in parents or parents[key] is None]
    every = [(wholes[k], parts[k].state) for k in tops if parts[k].state != "stopped"]
    done = sum(w.done if w.parts else state in DONE for w, state in every)
    return done, sum(w.parts or 1 for w, _ in every)


def _data(
    found: TaskList, groups: dict[str, list[Task]], on: date, language: Language
) -> dict[str, Any]:
    done, count = _counts(found.tasks, on)
    return {
        "file": found.name,
        "on": str(on),
        "tasks": len(found.tasks),
        "done": done,
        "of": count,
        **{name: [_row(task, on) for task in tasks] for name, tasks in groups.items()},
        "problems": [p.as_data(language) for p in found.problems],
    }


def _row(task: Task, on: date) -> dict[str, Any]:
    place = task.place()
    return {
        "number": task.number,
        "title": task.title,
        "unit": task.responsible_unit,
        "deadline": str(task.deadline.day) if task.deadline else None,
        "days": overdue_days(task.deadline.day, on) if task.deadline else 0,
        "state": task.state,
        "lacks": list(lacks(task)),
        "where": {k: v for k, v in vars(place).items() if v},
    }


def _text(found: TaskList, groups: dict[str, list[Task]], on: date, language: Language) -> str:
    done, count = _counts(found.tasks, on)
    lines = [_first_line(found, groups, on, (done, count), language)]
    titles = {
        "overdue": ("逾期", "Overdue"),
        "nearing": ("临期", "Nearing"),
        "incomplete": ("要素不全", "Incomplete"),
    }
    for name, tasks in groups.items():
        if tasks:
            lines += ["", f"{titles[name][language == 'en']}（{len(tasks)}）"]
            lines += [f"  {_line(task, on, name, language)}" for task in tasks]
    if found.problems:
        lines += [
            "",
            ("要改的单元格" if language == "zh" else "Cells to mend")
            + f"（{len(found.problems)}）",
        ]
        lines += [f"  {problem.text(language)}" for problem in found.problems]
    return "\n".join(lines) + "\n"


def _first_line(
    found: TaskList,
    groups: dict[str, list[Task]],
    on: date,
    done: tuple[int, int],
    language: Language,
) -> str:
    late, near, bare = (len(groups[name]) for name in ("overdue", "nearing", "incomplete"))
    if language == "en":
        return (
            f"{found.name}, on {on}: {len(found.tasks)} tasks, {done[0]} of {done[1]} done, "
            f"{late} overdue, {near} nearing, {bare} incomplete."
        )
    return (
        f"{found.name}，{on}：{len(found.tasks)}项任务，应办{done[1]}项、办结{done[0]}项，"
        f"逾期{late}项，临期{near}项，要素不全{bare}项。"
    )


def _line(task: Task, on: date, group: str, language: Language) -> str:
    who = f"{task.responsible_unit}　" if task.responsible_unit else ""
    name = f"{task.number} {task.title}".strip()
    if group == "incomplete":
        lacking = "、".join(PARTS[part] for part in lacks(task))  # type: ignore[index]
        said = f"缺{lacking}" if language == "zh" else f"lacks {', '.join(lacks(task))}"
    else:
        said = _due_words(task, on, language)
    state = f"　{TASK.states[task.state]}" if language == "zh" else f"　{task.state}"
    return f"{task.place().text(language)}　{name}　{who}{said}{state}"


def _due_words(task: Task, on: date, language: Language) -> str:
    assert task.deadline is not None
    day, late = task.deadline.day, overdue_days(task.deadline.day, on)
    if language == "en":
        return f"due {day}" + (f", {late} days late" if late else "")
    return f"{day} " + (f"{DUE['overdue']}{late}天" if late else "截止")
