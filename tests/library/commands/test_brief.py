"""`saima brief`: every kind of file, its settings, and what is refused."""

from __future__ import annotations

import shutil
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from saima.briefing.model import Paragraph
from saima.campaigns import Campaign, DocumentSettings
from saima.cli import main
from saima.commands.brief import form_of, options, usual_date
from saima.commands.demo import sample_folder
from tests.library.briefing.invented import CLOCK, scored

SAMPLE = str(sample_folder())


def body(path: Path) -> str:
    return "\n".join(p.text for p in Document(str(path)).paragraphs)


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx", "html"])
def test_every_kind_of_file_is_written(tmp_path, capsys, suffix):
    path = tmp_path / f"通报.{suffix}"
    assert main(["brief", SAMPLE, "--period", "2026-09", "--kind", "monthly", "-o", str(path)]) == 0
    assert path.stat().st_size > 10_000
    assert capsys.readouterr().out == f"已写出：{path}\n"


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> str:
    """The text of the sample's bulletin without any choice."""
    path = tmp_path_factory.mktemp("brief") / "a.docx"
    with redirect_stdout(StringIO()):
        main(["brief", SAMPLE, "--period", "2026-09", "-o", str(path)])
    return body(path)


def test_date_and_number_follow_from_the_period_unless_given(usual):
    assert "2026年10月15日" in usual
    assert "示例城投考核〔2026〕9号" in usual
    assert usual_date(scored(), "2026-09") == date(2026, 10, 15)


def test_date_and_issue_can_be_given(tmp_path):
    path = tmp_path / "a.docx"
    main(["brief", SAMPLE, "--date", "2026-10-09", "--number", "21", "-o", str(path)])
    assert "2026年10月9日" in body(path)
    assert "示例城投考核〔2026〕21号" in body(path)


def test_number_may_be_written_out(tmp_path):
    path = tmp_path / "a.docx"
    main(["brief", SAMPLE, "--number", "示例办〔2026〕3号", "-o", str(path)])
    assert "示例办〔2026〕3号" in body(path)


def test_workbook_has_the_scores_as_numbers(tmp_path):
    path = tmp_path / "a.xlsx"
    main(["brief", SAMPLE, "--period", "2026-09", "-o", str(path)])
    sheet = openpyxl.load_workbook(path)["经营类排名表"]
    header = [cell.value for cell in sheet[3]]
    scores = [row[header.index("得分")].value for row in sheet.iter_rows(min_row=4, max_row=8)]
    assert all(isinstance(score, float) for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_demo_data_say_so_in_the_document(usual):
    assert "演示数据，均为虚构" in usual


def test_unknown_kind_is_refused(tmp_path, capsys):
    assert main(["brief", SAMPLE, "--kind", "weekly", "-o", str(tmp_path / "a.docx")]) == 2
    assert "没有“weekly”这种通报。 现有：monthly。" in capsys.readouterr().err.replace(
        "。现", "。 现"
    )


def test_unreadable_date_is_refused(tmp_path, capsys):
    assert main(["brief", SAMPLE, "--date", "十月", "-o", str(tmp_path / "a.docx")]) == 2
    assert "看不懂成文日期“十月”" in capsys.readouterr().err


def test_other_suffixes_and_missing_folders_are_refused_and_nothing_is_left(tmp_path, capsys):
    assert main(["brief", SAMPLE, "-o", str(tmp_path / "a.pdf")]) == 2
    assert main(["brief", SAMPLE, "-o", str(tmp_path / "none" / "a.docx")]) == 2
    assert list(tmp_path.iterdir()) == []
    assert "请用 .docx" in capsys.readouterr().err


def test_period_without_figures_is_refused(tmp_path, capsys):
    assert main(["brief", SAMPLE, "--period", "2026-11", "-o", str(tmp_path / "a.docx")]) == 2
    assert "2026-11" in capsys.readouterr().err


def test_bulletin_is_written_and_problems_named_where_a_figure_is_missing(tmp_path, capsys):
    folder = tmp_path / "活动"
    shutil.copytree(SAMPLE, folder)
    facts = folder / "facts" / "2026.csv"
    lines = facts.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if "栖湖文旅,营业收入,核定数" in line)
    lines[place] = ",".join([*lines[place].split(",")[:11], "", *lines[place].split(",")[12:]])
    facts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = tmp_path / "a.docx"
    assert main(["brief", str(folder), "--period", "2026-09", "-o", str(path)]) == 1
    assert "栖湖文旅未报营业收入" in body(path)
    assert "“栖湖文旅”未报“营业收入”" in capsys.readouterr().err


def test_settings_of_the_campaign_reach_the_document():
    documents = DocumentSettings(title_font="示例小标宋", template="模板.docx", order="official")
    campaign = Campaign(name="示例", organisation="示例", clock=CLOCK, documents=documents)
    chosen = options(campaign, Path("册") / "台账.xlsx")
    assert chosen.fonts.title == "示例小标宋"
    assert chosen.fonts.body == "仿宋_GB2312"
    assert chosen.template == Path("册") / "模板.docx"
    assert chosen.order == "official"
    assert options(campaign, Path("册"), Path("别的.docx")).template == Path("别的.docx")


def test_what_a_file_is_read_on_follows_from_its_suffix():
    assert [form_of(Path(f"a.{s}")) for s in ("docx", "PPTX", "html", "xlsx")] == [
        "paper", "slides", "full", "full",
    ]  # fmt: skip


def test_no_paragraph_of_the_body_is_lost_on_paper(tmp_path):
    from saima.briefing.monthly import monthly
    from saima.files.document import write

    made = monthly(scored(), "2026-09", today=date(2026, 10, 15), form="paper")
    path = tmp_path / "a.docx"
    write(made, path)
    said = body(path)
    for section in made.sections:
        assert section.heading in said
        assert all(b.text in said for b in section.blocks if isinstance(b, Paragraph))
