"""A moment's day is the office's day, not Greenwich's: from midnight to eight they differ."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import saima_web
from saima_web.base import clock

# the dates of a schedule and of a workbook's cell know no zone
NAIVE = ("projects/", "demo/projects.py", "people/importing.py")


def test_before_eight_it_is_already_the_next_day() -> None:
    with clock.at(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-03-02"


def test_no_code_takes_the_day_of_a_moment_as_it_is_kept() -> None:
    top = Path(saima_web.__file__).parent
    found = [
        f"{path.relative_to(top)}:{node.lineno}"
        for path in sorted(top.rglob("*.py"))
        if not path.relative_to(top).as_posix().startswith(NAIVE)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _takes_the_day(node)
    ]
    assert found == [], "use timezone.localdate(moment)"


def _takes_the_day(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "date" and not call.args
