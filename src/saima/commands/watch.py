"""`saima watch`: scores a campaign again whenever it is saved and says what moved."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from saima.commands.campaign import add_campaign, scored
from saima.problems import Language, Problem, Refused
from saima.rounding import number, text
from saima.scoring import result
from saima.scoring.result import Mark, Result, UnitResult

EVERY = 0.5
"""Seconds between two looks."""
PATIENCE = 6
"""Looks for which a file that cannot be read is taken for one that is still being written."""

Stamp = tuple[tuple[str, int, int], ...]
"""Name, time and size of every file of a campaign: it changes when something is saved."""


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser)
    parser.add_argument("--once", action="store_true", help="报出一次变化后结束")


def run(args: argparse.Namespace) -> int:
    watcher = Watcher(args)
    try:
        for line in watcher.start():
            _say(line)
        while True:
            time.sleep(EVERY)
            lines = watcher.look()
            for line in lines:
                _say(line)
            if lines and args.once:
                return 0
    except KeyboardInterrupt:
        _say("已停止，原文件没有改动。" if args.lang == "zh" else "Stopped; nothing was changed.")
        return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass
class Watcher:
    """What was seen of a campaign last, and the last state that could be scored.

    waiting: looks since a change that cannot be read yet.
    """

    args: argparse.Namespace
    seen: Stamp = ()
    good: Result | None = None
    known: frozenset[str] = frozenset()
    waiting: int = field(default=0)

    @property
    def language(self) -> Language:
        return "en" if self.args.lang == "en" else "zh"

    def start(self) -> list[str]:
        """Score for the first time. Errors: Refused for what cannot be read at all."""
        self.seen = stamp(Path(self.args.campaign))
        self.good, errors = self._scored()
        self.known = frozenset(errors)
        zh = self.language == "zh"
        said = (
            f"正在看着 {self.args.campaign}（{self.good.period}）。保存后自动重新计分，按 Ctrl+C 结束。"
            if zh
            else f"Watching {self.args.campaign} ({self.good.period}). Ctrl+C ends."
        )
        return [said, *errors]

    def look(self) -> list[str]:
        """Lines to print since the last look: nothing where nothing was saved."""
        now = stamp(Path(self.args.campaign))
        if not now or (now == self.seen and not self.waiting):
            return []
        if now != self.seen:
            self.seen, self.waiting = now, 1
            return []  # settles first: a save may take several writes
        try:
            found, errors = self._scored()
        except (Refused, OSError) as trouble:
            return self._unreadable(trouble)
        self.waiting = 0
        fresh = [line for line in errors if line not in self.known]
        if fresh:
            return [
                self._head("有问题，结果仍是上一次的", "problems; the last result stands"),
                *fresh,
            ]
        before, self.good, self.known = self.good, found, frozenset(errors)
        assert before is not None
        return [self._head("已重新计分", "scored again"), *moved(before, found, self.language)]

    def _unreadable(self, trouble: Refused | OSError) -> list[str]:
        self.waiting += 1
        if self.waiting <= PATIENCE:
            return []
        self.waiting = 0
        if isinstance(trouble, OSError):
            return [self._head(f"读不了：{trouble.strerror}", f"unreadable: {trouble.strerror}")]
        head = self._head("读不了，结果仍是上一次的", "unreadable; the last result stands")
        return [head, trouble.problem.text(self.language)]

    def _head(self, zh: str, en: str) -> str:
        return f"{datetime.now():%H:%M:%S} {zh if self.language == 'zh' else en}"

    def _scored(self) -> tuple[Result, list[str]]:
        """The result, and the errors of the input as lines."""
        scoring, period, tables = scored(self.args)
        found = result(scoring, period, language=self.language, problems=list(tables.problems))
        return found, _errors(tables.problems, self.language)


def _errors(problems: list[Problem], language: Language) -> list[str]:
    return [p.text(language) for p in problems if p.severity == "error"]


def stamp(path: Path) -> Stamp:
    """The files of a campaign as they are; empty while it is not there.

    Lock files and hidden files of office programs do not count.
    """
    try:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        stats = ((file, file.stat()) for file in files if not file.name.startswith((".", "~$")))
        return tuple((str(f), s.st_mtime_ns, s.st_size) for f, s in stats if not f.is_dir())
    except OSError:
        return ()


# --- what moved ---------------------------------------------------------------------------------


def moved(before: Result, after: Result, language: Language = "zh") -> list[str]:
    """What changed between two results as lines: scores, places, marks, old → new."""
    zh = language == "zh"
    if before.period != after.period:
        word = "期间" if zh else "period"
        return [f"  {word} {before.period} → {after.period}"]
    old = {u.unit: u for u in before.units}
    lines = [line for u in after.units for line in _unit_lines(old.get(u.unit), u, zh)]
    gone = [u.name for u in before.units if u.unit not in {v.unit for v in after.units}]
    lines += [f"  {name}：{'不再参加' if zh else 'gone'}" for name in gone]
    return lines or ["  得分和位次没有变化。" if zh else "  no score or place changed."]


def _unit_lines(old: UnitResult | None, new: UnitResult, zh: bool) -> Iterator[str]:
    if old is None:
        yield f"  {new.name}：{'新参加' if zh else 'new'}"
        return
    marks = list(_mark_changes(old, new, zh))
    parts = []
    if old.score != new.score:
        change = number((new.score or 0.0) - (old.score or 0.0), 9)
        sign = "+" if change > 0 else "−"
        word = "得分" if zh else "score"
        parts.append(
            f"{word} {_plain(old.score)} → {_plain(new.score)}（{sign}{text(abs(change))}）"
        )
    if old.rank != new.rank:
        word = "位次" if zh else "rank"
        parts.append(f"{word} {old.rank or '—'} → {new.rank or '—'}")
    if parts or marks:
        yield f"  {new.name}：{'，'.join(parts)}" if parts else f"  {new.name}："
        yield from marks


def _mark_changes(old: UnitResult, new: UnitResult, zh: bool) -> Iterator[str]:
    """Marks that changed, with the figure behind them if that changed too."""
    same = len(old.marks) == len(new.marks)
    pairs = zip(old.marks, new.marks, strict=True) if same else ()
    for before, after in pairs:
        if before.marks == after.marks and before.indicator == after.indicator:
            continue
        figure = _figure_change(before, after, zh)
        yield f"      {after.name} {_plain(before.marks)} → {_plain(after.marks)}{figure}"


def _figure_change(before: Mark, after: Mark, zh: bool) -> str:
    if before.actual == after.actual:
        return ""
    word = "完成数" if zh else "actual"
    return f"（{word} {_plain(before.actual)} → {_plain(after.actual)}）"


def _plain(value: float | None) -> str:
    return "—" if value is None else text(value, grouped=True)
