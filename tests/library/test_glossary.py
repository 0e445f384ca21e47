"""The glossary says what the code says: one term, one identifier, neither missing nor stale."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| (?P<term>[^|`]+) \| `(?P<identifier>[\w-]+)` \|(?P<state>[^|]*)\|", re.MULTILINE
)


class Entry(NamedTuple):
    """One row: the Chinese term, its identifier as Python writes it, and `planned` or nothing."""

    term: str
    identifier: str
    state: str


@cache
def entries() -> tuple[Entry, ...]:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return tuple(
        Entry(row["term"], row["identifier"].replace("-", "_"), row["state"].strip())
        for row in ROW.finditer(text)
    )


@cache
def nodes() -> tuple[ast.AST, ...]:
    modules = sorted((ROOT / "src").rglob("*.py"))
    return tuple(n for m in modules for n in ast.walk(ast.parse(m.read_text(encoding="utf-8"))))


def spoken(node: ast.AST) -> Iterator[str]:
    """The words that a node says: names, and strings that are one word (keys, settings)."""
    for field in ("id", "attr", "arg", "name"):
        word = getattr(node, field, None)
        if isinstance(word, str):
            yield word
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.replace("-", "_")


def defined(node: ast.AST) -> Iterator[str]:
    """The name that a node defines: a class, a function, or a field of a class."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    if isinstance(node, ast.ClassDef):
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                yield part.target.id


def words(of) -> set[str]:
    return {word for node in nodes() for word in of(node)}


def test_every_row_of_the_tables_is_understood():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == len(entries()) > 0
    assert {entry.state for entry in entries()} == {"", "planned"}


@pytest.mark.parametrize("column", ["term", "identifier"])
def test_each_term_has_one_identifier_and_each_identifier_one_term(column):
    seen = Counter(word for e in entries() for word in getattr(e, column).split("、"))
    assert [word for word, times in seen.items() if times > 1] == []


def test_every_identifier_stands_in_the_code():
    present = words(spoken)
    assert [e.identifier for e in entries() if not e.state and e.identifier not in present] == []


def test_no_identifier_is_called_planned_that_the_code_defines():
    present = words(defined)
    assert [e.identifier for e in entries() if e.state and e.identifier in present] == []
