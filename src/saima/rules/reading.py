"""Reads a rulebook from YAML or JSON text, with every problem on its line, and chooses one.

The readable shape is described in rulebooks/README.md: method settings stand flat in the
leaf beside its own keys; tiers, seals and grades are mappings from a name to a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path as FilePath
from typing import Any

import msgspec
from msgspec import Struct

from saima.periods import Period, parse
from saima.problems import Problem, Refused, declare, refuse
from saima.rules.building import WRONG, Builder, fields_of, near
from saima.rules.documents import Document, Path, read_document, read_document_file
from saima.rules.methods import method, names, setting_errors
from saima.rules.rulebook import Leaf, Rulebook
from saima.rules.shape import unfold

declare(
    "rulebook-empty",
    "没有内容，或不是“项: 值”的形式。",
    "请从 rulebooks 文件夹里的样本改起。",
    "the text is empty or not a mapping.",
    "Start from one of the sample rulebooks.",
)
declare(
    "rulebook-unknown-method",
    "没有叫“{value}”的计分方法。",
    "{suggestion}",
    "there is no scoring method “{value}”.",
    "{suggestion_en}",
)
declare(
    "rulebook-setting",
    "计分方法“{method}”的设置不对：{reason}。",
    "请改正这一条的设置。",
    "settings of method “{method}” do not fit: {reason}.",
    "Correct them.",
)
declare(
    "rulebook-name-twice",
    "“{name}”出现了两次。",
    "请改名或删去一处。",
    "“{name}” stands twice.",
    "Rename or remove one.",
)
declare(
    "rulebook-not-found",
    "没有叫“{name}”的考核办法。",
    "现有：{known}。",
    "there is no rulebook “{name}”.",
    "Known: {known}.",
)
declare(
    "rulebook-not-in-force",
    "{period}没有生效的考核办法“{name}”。",
    "请检查各版本的 effective（起止时间）。",
    "no version of “{name}” is in force at {period}.",
    "Check `effective` of the versions.",
)
declare(
    "rulebook-which",
    "有几份考核办法同时生效：{known}。",
    "请用名称指定其中一份。",
    "several rulebooks are in force: {known}.",
    "Name one of them.",
)


def read_rulebook(text: str, name: str) -> tuple[Rulebook | None, list[Problem]]:
    """Read a rulebook; `name` is the file's name for places. With errors there is no rulebook."""
    return rulebook_from(*read_document(text, name))


def read_rulebook_file(path: FilePath) -> tuple[Rulebook | None, list[Problem]]:
    """Read a rulebook from a .yaml or .json file."""
    return rulebook_from(*read_document_file(path))


def rulebook_from(
    document: Document | None, problems: list[Problem]
) -> tuple[Rulebook | None, list[Problem]]:
    """Build the rulebook of a document that was read, after the problems that reading found."""
    if document is None:
        return None, problems
    if not isinstance(document.data, dict):
        return None, [*problems, Problem("rulebook-empty", document.place(()))]
    problems = [*problems, *unfold(document), *_unreadable_times(document)]
    builder = Builder(document, {Leaf: _leaf})
    built = builder.build(Rulebook, document.data, ())
    problems += builder.problems
    if built is not WRONG:
        problems += _names_twice(built, document)
    problems.sort(key=lambda p: p.place.line)
    return (None if problems else built), problems


def _leaf(builder: Builder, cls: type[Struct], raw: dict[str, Any], path: Path) -> Any:
    """A leaf and, by its method, its settings."""
    name = raw.get("method")
    settings = raw.get("settings", {})
    own = {k: v for k, v in raw.items() if k != "settings"}
    if not isinstance(name, str) or name not in names():
        builder.struct(cls, {**own, "method": "", "settings": None}, path)
        if "method" not in raw:
            return builder.problem("rulebook-missing-key", path, key="method")
        tips = near(str(name), names())
        return builder.problem("rulebook-unknown-method", (*path, "method"), value=name, **tips)
    chosen = method(name)
    known = fields_of(chosen.Settings)
    if isinstance(settings, dict):  # a key that is neither's is reported once, as the leaf's
        own |= {k: v for k, v in settings.items() if k not in known}
        settings = {k: v for k, v in settings.items() if k in known}
    built = builder.build(chosen.Settings, settings, (*path, "settings"))
    leaf = builder.struct(cls, {**own, "settings": None}, path, also=known)
    if built is WRONG or leaf is WRONG:
        return WRONG
    for reason in setting_errors(chosen, built):
        builder.problem("rulebook-setting", path, method=name, reason=reason)
    return msgspec.structs.replace(leaf, settings=built)


def _unreadable_times(document: Document) -> list[Problem]:
    """`effective` holds period texts; a bare year is one too."""
    problems = []
    effective = document.data.get("effective")
    for key in ("from", "to") if isinstance(effective, dict) else ():
        try:
            if effective.get(key):
                parse(str(effective[key]))
        except Refused as refused:
            place = document.place(("effective", key))
            problems.append(Problem(refused.problem.code, place, refused.problem.values))
    return problems


def _names_twice(rulebook: Rulebook, document: Document) -> list[Problem]:
    problems = []
    for part in ("grades", "seals"):
        listed = [item.name for item in getattr(rulebook, part)]
        problems += [
            Problem("rulebook-name-twice", document.place((part, i)), {"name": name})
            for i, name in enumerate(listed)
            if name in listed[:i]
        ]
    return problems


def in_force(rulebook: Rulebook, period: Period) -> bool:
    """Whether a version is in force at a period's end."""
    since, until = rulebook.effective.from_, rulebook.effective.to
    started = not since or parse(since).start <= period.end
    return started and (not until or period.end <= parse(until).end)


def choose(rulebooks: Iterable[Rulebook], name: str | None, period: Period) -> Rulebook:
    """The rulebook of a name (its id or title) in force at the period's end, latest version.

    Errors: Refused with `rulebook-not-found`, `rulebook-not-in-force` or, without a name where
    several schemes are in force, `rulebook-which`.
    """
    every = list(rulebooks)
    meant = [r for r in every if name is None or name in (r.rulebook, r.name)]
    if not meant:
        raise refuse("rulebook-not-found", name=name or "", known=_listed(every))
    current = [r for r in meant if in_force(r, period)]
    if not current:
        raise refuse("rulebook-not-in-force", name=name or "", period=period.label())
    if len({r.rulebook for r in current}) > 1:
        raise refuse("rulebook-which", known=_listed(current))
    return max(current, key=lambda r: r.version)


def _listed(rulebooks: Sequence[Rulebook]) -> str:
    return "、".join(dict.fromkeys(r.rulebook for r in rulebooks)) or "无"
