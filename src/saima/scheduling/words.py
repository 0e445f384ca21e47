"""The schedule in sentences, Chinese and English: the driving chain, slip, odds."""

from __future__ import annotations

from datetime import datetime

from saima.problems import Language
from saima.rounding import text
from saima.scheduling.driving import Step, driving_chain
from saima.scheduling.model import Link, Task
from saima.scheduling.odds import Odds
from saima.scheduling.result import Schedule
from saima.scheduling.slip import Delay, Slippage

_KINDS = {
    "FS": ("完成后", "after the finish of"),
    "SS": ("开始后", "after the start of"),
    "FF": ("与其完成相接：前者完成后", "its finish after the finish of"),
    "SF": ("与其开始相接：前者开始后", "its finish after the start of"),
}
_CONSTRAINTS = {
    "SNET": ("不得早于 {date} 开始", "not to start before {date}"),
    "SNLT": ("不得晚于 {date} 开始", "not to start after {date}"),
    "FNET": ("不得早于 {date} 完成", "not to finish before {date}"),
    "FNLT": ("不得晚于 {date} 完成", "not to finish after {date}"),
    "MSO": ("必须于 {date} 开始", "must start on {date}"),
    "MFO": ("必须于 {date} 完成", "must finish on {date}"),
}


def days_text(seconds: float, day: int, language: Language = "zh") -> str:
    """Work as days with at most one decimal: 3天, 0.5天."""
    value = text(seconds / day, 1).removesuffix(".0")
    if language == "zh":
        return f"{value}天"
    return f"{value} day" if value == "1" else f"{value} days"


def day_text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def headline(found: Schedule, language: Language = "zh") -> str:
    """The answer in one sentence: finish, tasks, critical ones."""
    count = len(found.net.node_of)
    critical = int(found.critical[:count].sum())
    finish = day_text(found.finish)
    if language == "zh":
        return f"预计 {finish} 完工；共 {count} 项任务，{critical} 项在关键路径上。"
    return f"Finish on {finish}; {count} tasks, {critical} of them critical."


def chain_sentence(found: Schedule, language: Language = "zh") -> str:
    """What sets the finish, from the first cause to the last task."""
    steps = driving_chain(found)
    if not steps:
        return ""
    parts = [
        _step(found, step, steps[i - 1] if i else None, language) for i, step in enumerate(steps)
    ]
    finish = day_text(found.finish)
    if language == "zh":
        return f"完工日期 {finish} 由这条线决定：" + "；".join(parts) + "。"
    return f"The finish on {finish} is driven by: " + "; ".join(parts) + "."


def _step(found: Schedule, step: Step, before: Step | None, language: Language) -> str:
    task, day = found.net.tasks[step.node], found.project.day
    zh = language == "zh"
    lasts = days_text(found.net.duration[step.node], day, language)
    size = lasts if task.duration else ("节点" if zh else "milestone")
    name = f"{task.name}（{size}）" if zh else f"{task.name} ({size})"
    return f"{name}{'，' if zh else ', '}{_why(found, step, before, language)}"


def _why(found: Schedule, step: Step, before: Step | None, language: Language) -> str:
    zh, task = language == "zh", found.net.tasks[step.node]
    dates = found.tasks[task.uid]
    if step.cause == "link" and before is not None:
        return _link_words(found, step, found.net.tasks[before.node], language)
    if step.cause == "actual":
        begun = day_text(task.actual_start or task.actual_finish or dates.early_start)
        done = task.actual_finish is not None
        if zh:
            return f"{begun} 已开始" + ("并完成" if done else "")
        return f"started on {begun}" + (" and finished" if done else "")
    if step.cause == "constraint" and task.constraint in _CONSTRAINTS and task.constraint_date:
        words = _CONSTRAINTS[task.constraint][0 if zh else 1]
        return words.format(date=day_text(task.constraint_date))
    start = day_text(dates.early_start)
    return f"{start} 开始" if zh else f"starts on {start}"


def _link_words(found: Schedule, step: Step, before: Task, language: Language) -> str:
    task = found.net.tasks[step.node]
    link = next((k for k in task.links if k.predecessor == before.uid), Link(before.uid))
    after = _KINDS[link.kind]
    lag = _lag(found, link, language)
    if language == "zh":
        return f"在“{before.name}”{after[0]}{lag}" + ("开始" if link.kind[1] == "S" else "完成")
    return f"{lag}{' ' if lag else ''}{after[1]} “{before.name}”"


def _lag(found: Schedule, link: Link, language: Language) -> str:
    if not link.lag:
        return ""
    zh = language == "zh"
    if link.unit in ("percent", "elapsed-percent"):
        share = f"{text(abs(link.lag), 1).removesuffix('.0')}%"
        size = f"其工期的 {share}" if zh else f"{share} of its duration"
    elif link.unit == "elapsed":
        size = days_text(abs(link.lag), 86_400, language)
        size = size.replace("天", "个日历日") if zh else size.replace("day", "calendar day")
    else:
        size = days_text(abs(link.lag), found.project.day, language)
    return size if link.lag > 0 else (f"提前{size}" if zh else f"less {size}")


def slip_sentence(found: Schedule, slip: Slippage, language: Language = "zh") -> str:
    """How late a task is, and how many tasks that pushes."""
    size = days_text(abs(slip.finish_days), 1, language)
    names = [found.net.tasks[found.net.node_of[uid]].name for uid in slip.pushes]
    shown, rest = names[:3], len(names) - 3
    if language == "zh":
        word = "晚" if slip.finish_days > 0 else "早"
        pushed = "、".join(f"“{name}”" for name in shown) + (
            f"等 {len(names)} 项" if rest > 0 else ""
        )
        return f"“{slip.task.name}”比计划{word}完成 {size}" + (
            f"，推迟了{pushed}。" if names else "。"
        )
    word = "after" if slip.finish_days > 0 else "before"
    pushed = ", ".join(f"“{name}”" for name in shown) + (f" and {rest} more" if rest > 0 else "")
    return f"“{slip.task.name}” finishes {size} {word} plan" + (
        f"; it pushes {pushed}." if names else "."
    )


def delay_sentence(delay: Delay, language: Language = "zh") -> str:
    """What one longer task would do."""
    size, count = days_text(delay.days, 1, language), len(delay.pushed)
    before, after = day_text(delay.before), day_text(delay.after)
    if language == "zh":
        others = f"会推迟 {count} 项任务" if count else "不会推迟别的任务"
        finish = f"完工从 {before} 推到 {after}" if before != after else "完工日期不变"
        return f"“{delay.task.name}”再拖 {size}，{others}，{finish}。"
    others = f"moves {count} other tasks" if count else "moves no other task"
    finish = f"the finish moves from {before} to {after}" if before != after else "the finish stays"
    return f"“{delay.task.name}” taking {size} longer {others}; {finish}."


def odds_sentence(odds: Odds, by: datetime, language: Language = "zh") -> str:
    """How likely the finish by a date is, and the dates of 50 and 80 percent."""
    share = text(odds.by(by) * 100, 1)
    half, most = day_text(odds.at(0.5)), day_text(odds.at(0.8))
    runs = len(odds.finishes)
    if language == "zh":
        return (
            f"{day_text(by)} 前完工的可能性为 {share}%（模拟 {runs} 次，种子 {odds.seed}）；"
            f"有五成把握的日期是 {half}，有八成把握的是 {most}。"
        )
    return (
        f"{share}% of {runs} simulated runs (seed {odds.seed}) finish by {day_text(by)}; "
        f"half finish by {half}, 80% by {most}."
    )
