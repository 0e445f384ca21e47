"""One way in for all documents: the suffix chooses, other offices' suffixes are answered."""

from __future__ import annotations

import pytest

from saima.files.document import write
from saima.problems import Refused
from tests.support.sample_briefing import sample

STARTS = {"docx": b"PK", "xlsx": b"PK", "pptx": b"PK", "html": b"<!doctype html>"}


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx", "html", "DOCX"])
def test_suffix_chooses_the_writer(tmp_path, suffix):
    path = tmp_path / f"通报.{suffix}"
    write(sample(), path)
    assert path.read_bytes().startswith(STARTS[suffix.lower()])


@pytest.mark.parametrize(
    ("suffix", "instead"),
    [(".wps", ".docx"), (".ofd", ".docx"), (".doc", ".docx"), (".et", ".xlsx"), (".dps", ".pptx")],
)
def test_other_offices_suffix_is_refused_with_the_one_to_use(tmp_path, suffix, instead):
    with pytest.raises(Refused) as refusal:
        write(sample(), tmp_path / f"通报{suffix}")
    assert f"请用 {instead}" in refusal.value.problem.text()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["通报.txt", "通报", "通报."])
def test_unknown_suffix_is_refused_with_the_known_ones(tmp_path, name):
    with pytest.raises(Refused) as refusal:
        write(sample(), tmp_path / name)
    assert ".docx、.xlsx、.pptx 或 .html" in refusal.value.problem.text()


def test_a_file_that_stands_there_is_replaced_whole(tmp_path):
    path = tmp_path / "通报.html"
    path.write_text("旧", encoding="utf-8")
    write(sample(), path)
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
    assert [p.name for p in tmp_path.iterdir()] == ["通报.html"]
