"""`saima new`: a template that scores as it stands, and nothing overwritten."""

from __future__ import annotations

import shlex

import pytest

from saima.cli import main


@pytest.mark.parametrize("name", ["台账.xlsx", "活动"])
def test_new_campaign_checks_and_scores_as_it_stands(tmp_path, capsys, name):
    path = tmp_path / name
    assert main(["new", str(path)]) == 0
    said = capsys.readouterr().out
    assert f"计分：saima score {shlex.quote(str(path))}" in said
    assert main(["score", str(path)]) == 0
    assert "第一" in capsys.readouterr().out.splitlines()[0]


def test_what_is_there_is_not_overwritten(tmp_path, capsys):
    path = tmp_path / "台账.xlsx"
    path.write_text("别人的", encoding="utf-8")
    assert main(["new", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "别人的"
    assert capsys.readouterr().err


def test_new_speaks_english(tmp_path, capsys):
    main(["new", str(tmp_path / "a.xlsx"), "--lang", "en"])
    assert capsys.readouterr().out.startswith("Written: ")
