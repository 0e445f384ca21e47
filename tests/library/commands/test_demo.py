"""`saima demo`: the whole job on the sample, and a command to go on with that works."""

from __future__ import annotations

import shlex
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from saima.cli import main
from saima.commands import demo
from saima.commands.demo import lowest_mark
from saima.scoring import result
from tests.library.briefing.invented import overview, scored, units


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory) -> tuple[int, str, Path]:
    """One run of the demo: its status, what it said, its folder."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    said = StringIO()
    with redirect_stdout(said):
        status = main(["demo", "--once", "--dir", str(folder)])
    return status, said.getvalue(), folder


def test_demo_prints_the_ranking_writes_every_document_and_says_where(demonstrated):
    status, said, folder = demonstrated
    assert status == 0
    assert said.startswith("2026年9月：")
    assert "为什么在这个位置" in said
    files = sorted(folder.iterdir())
    assert {path.suffix for path in files} == {".xlsx", ".html", ".pptx", ".docx"}
    assert all(str(path) in said for path in files)


def test_command_that_demo_ends_with_explains_the_lowest_mark(demonstrated, capsys):
    words = shlex.split(demonstrated[1].splitlines()[-1])
    assert words[1] == "explain"
    assert main(words[1:]) == 0
    assert "依据条款：" in capsys.readouterr().out


def test_demo_speaks_english(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(demo, "_DOCUMENTS", demo._DOCUMENTS[1:2])
    main(["demo", "--once", "--lang", "en", "--dir", str(tmp_path)])
    said = capsys.readouterr().out
    assert "Why each stands there" in said
    assert "all tables, with real numbers" in said
    assert "To see why, for example the lowest mark:" in said


def test_lowest_mark_is_the_one_furthest_from_full():
    view = overview(changed={("u2", "investment", 9): None})
    unit, mark = lowest_mark(view.result)
    assert (unit.unit, mark.indicator, mark.marks) == ("u2", "investment", 0.0)


def test_result_without_marks_has_no_lowest():
    nobody = result(scored(of=units(1)), "2026-09")
    bare = msgspec.structs.replace(nobody, units=())
    assert lowest_mark(bare) is None
