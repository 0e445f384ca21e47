"""YAML or JSON text as plain data that remembers on which line each part stands.

A safe subset: no tags, no aliases, no key twice, bounded size and depth. `true` and `false` are
the only flags (so `no` and `on` stay words), a number is written in decimal digits, keys are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from saima.problems import Place, Problem, declare

Path = tuple[str | int, ...]

LARGEST_TEXT = 4_000_000  # characters; a scheme of 300 indicators has about 60,000
DEEPEST = 32
MOST_NODES = 400_000

_INT = re.compile(r"[-+]?(0|[1-9]\d{0,17})\Z")
_FLOAT = re.compile(
    r"[-+]?((0|[1-9]\d{0,17})?\.\d{1,18}([eE][-+]?\d{1,2})?|(0|[1-9]\d{0,17})[eE][-+]?\d{1,2})\Z"
)
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}

declare(
    "document-unreadable",
    "不是能读懂的 YAML 或 JSON 文本：{reason}。",
    "请检查这一行的缩进、冒号后的空格、引号和括号。",
    "this is not YAML or JSON that can be read: {reason}.",
    "Check indentation, the space after a colon, quotes and brackets on this line.",
)
declare(
    "document-not-text",
    "打不开，或不是 UTF-8 编码的文本。",
    "请确认文件存在，并以 UTF-8 编码另存。",
    "the file cannot be opened or is not UTF-8 text.",
    "Check that the file exists and save it as UTF-8.",
)
declare(
    "document-too-large",
    "文本过大或层次过深（上限{limit}）。",
    "请确认这是一份考核办法，而不是数据文件。",
    "the text is too large or nested too deeply (limit {limit}).",
    "Make sure that this is a rulebook and not a data file.",
)
declare(
    "document-key-twice",
    "“{key}”写了两次（前一次在第{first}行）。",
    "请只保留一处。",
    "“{key}” is written twice (first on line {first}).",
    "Keep one of them.",
)
declare(
    "document-feature",
    "用了不支持的写法“{what}”。",
    "请把内容直接写出，不用 & * ! 等标记。",
    "“{what}” is not supported here.",
    "Write the content out, without & * ! marks.",
)


@dataclass
class Document:
    """Plain data (dict, list, text, number, flag, None) with the line of each path in it."""

    name: str = ""
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    moved: dict[Path, Path] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """The place of a path, or of the nearest part above it that has a line."""
        written = self.written(path)
        known = written
        while known and known not in self.lines:
            known = known[:-1]
        return Place(file=self.name, line=self.lines.get(known, 1), path=path_text(written))

    def written(self, path: Path) -> Path:
        """The path as it was written, before parts were moved (`moved`: new -> old)."""
        for size in range(len(path), 0, -1):
            old = self.moved.get(path[:size])
            if old is not None:
                return self.written((*old, *path[size:]))
        return path


def path_text(path: Path) -> str:
    """('tree', 0, 'weight') -> tree[1].weight (counted from 1, as people count)."""
    text = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path)
    return text.removeprefix(".")


class _Stop(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_document(text: str, name: str) -> tuple[Document | None, list[Problem]]:
    """Read one YAML or JSON document. With unreadable text there is no document."""
    import yaml

    if len(text) > LARGEST_TEXT:
        place = Place(file=name)
        return None, [Problem("document-too-large", place, {"limit": f"{LARGEST_TEXT}字"})]
    builder = _Builder(Document(name))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(_unreadable(error, name))
        return None, builder.problems
    except _Stop as stop:
        return None, [*builder.problems, stop.problem]
    return builder.document, builder.problems


def read_document_file(path: FilePath) -> tuple[Document | None, list[Problem]]:
    """Read a file; its place is its name without the folders above."""
    try:
        if path.stat().st_size > 4 * LARGEST_TEXT:
            place = Place(file=path.name)
            return None, [Problem("document-too-large", place, {"limit": f"{LARGEST_TEXT}字"})]
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None, [Problem("document-not-text", Place(file=path.name))]
    return read_document(text, path.name)


def _unreadable(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "syntax"
    line = mark.line + 1 if mark else 1
    return Problem("document-unreadable", Place(file=name, line=line), {"reason": reason})


@dataclass
class _Frame:
    holder: Any
    path: Path
    key: str | None = None


class _Builder:
    """Takes parser events one by one; keeps its own stack, so that depth costs no recursion."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        line = event.start_mark.line + 1
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            self.stop("document-feature", line, what=f"&{event.anchor}")
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                self.stop("document-feature", line, what="---")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
        elif kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self.node(kind, event, line)

    def node(self, kind: str, event: Any, line: int) -> None:
        self.nodes += 1
        if len(self.stack) >= DEEPEST or self.nodes > MOST_NODES:
            self.stop("document-too-large", line, limit=f"{DEEPEST}层、{MOST_NODES}项")
        if event.tag not in (None, "!"):
            self.stop("document-feature", line, what=event.tag)
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.holder, dict) and top.key is None:
            self.take_key(top, kind, event, line)
        elif kind == "ScalarEvent":
            self.put(_scalar(event), line)
        else:
            holder: Any = {} if kind == "MappingStartEvent" else []
            path = self.put(holder, line)
            self.stack.append(_Frame(holder, path))

    def take_key(self, frame: _Frame, kind: str, event: Any, line: int) -> None:
        if kind != "ScalarEvent":
            self.stop("document-feature", line, what="? ")
        frame.key = event.value
        path = (*frame.path, event.value)
        if event.value in frame.holder:
            values = {"key": event.value, "first": self.document.lines[path]}
            place = Place(file=self.document.name, line=line)
            self.problems.append(Problem("document-key-twice", place, values))
        self.document.lines[path] = line

    def put(self, value: Any, line: int) -> Path:
        """Put a value where it belongs; the path it got."""
        if not self.stack:
            self.document.data = value
            return ()
        frame = self.stack[-1]
        if isinstance(frame.holder, list):
            path: Path = (*frame.path, len(frame.holder))
            frame.holder.append(value)
            self.document.lines[path] = line
            return path
        key = frame.key or ""
        frame.holder.setdefault(key, value)
        frame.key = None
        return (*frame.path, key)

    def stop(self, code: str, line: int, **values: Any) -> None:
        raise _Stop(Problem(code, Place(file=self.document.name, line=line), values))


def _scalar(event: Any) -> Any:
    quoted = not event.implicit[0]  # or block text
    return event.value if quoted else plain_scalar(event.value)


def plain_scalar(text: str) -> Any:
    """What an unquoted word means: nothing, a flag, a number, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
