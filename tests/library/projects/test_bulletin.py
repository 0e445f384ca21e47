"""The project bulletin: its usual sentences from unrounded amounts, its tables, the official format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from saima.briefing.model import Briefing, Paragraph, Table
from saima.briefing.projects import project_bulletin
from saima.files.document import write
from saima.files.docx_check import check_docx
from saima.periods import month
from saima.projects.model import Milestone, Project
from saima.projects.money import Money

MAY = month(2026, 5)
DAY = date(2026, 6, 8)


def project(name: str, done: int, plan: int, **values: Any) -> Project:
    money = Money(Decimal(plan * 10), Decimal(0), Decimal(plan), "2026-05")
    money.series["statistical"]["2026-05"] = Decimal(done)
    usual: dict[str, Any] = {"unit": "甲公司", "category": "续建", "money": money}
    return Project(name=name, **{**usual, **values})


def text_of(made: Briefing) -> str:
    blocks = [b for s in made.sections for b in s.blocks]
    return "".join(b.text for b in blocks if isinstance(b, Paragraph))


def tables_of(made: Briefing) -> list[Table]:
    blocks = [b for s in made.sections for b in s.blocks] + [
        b for a in made.annexes for b in a.blocks
    ]
    return [b for b in blocks if isinstance(b, Table)]


def fifty() -> list[Project]:
    """A published county: 50 projects, plan 17.68, done 4.28 (亿元), 33 started."""
    rows = [project(f"项目{n}", 856, 3536) for n in range(50)]
    begun = {"start_due": date(2026, 3, 1), "started_on": date(2026, 3, 2)}
    return [Project(**{**vars(p), **begun}) if n < 33 else p for n, p in enumerate(rows)]


def test_published_sentences_come_out_of_unrounded_amounts() -> None:
    said = text_of(project_bulletin(fifty(), MAY, today=DAY, whose="全县"))
    assert "重点项目50个，总投资1,768,000万元，年度投资计划176,800万元" in said
    assert "1—5月完成投资42,800万元，完成率24.21%，欠序时17.46个百分点" in said
    assert "已开工33个，未开工17个，开工率66.00%" in said
    assert "应开工33个，已开工33个，占100.00%" in said


def two_units() -> list[Project]:
    ahead = project("水厂", 600, 1000, category="新开工")
    late = project(
        "步道", 100, 1000, unit="乙公司", problem="用地未交付", start_due=date(2026, 4, 1),
        milestones=(Milestone("封顶", date(2026, 5, 10)),),
    )  # fmt: skip
    begun = project("环路", 380, 1000, unit="乙公司", started_on=date(2026, 2, 1))
    return [late, ahead, begun]


def test_units_stand_by_their_rate_and_those_behind_are_listed() -> None:
    made = project_bulletin(two_units(), MAY, today=DAY)
    units, kinds, late = tables_of(made)
    assert [(row[0], row[1]) for row in units.rows] == [
        (1, "甲公司"),
        (2, "乙公司"),
        (None, "合计"),
    ]
    assert [row[0] for row in kinds.rows] == ["续建", "新开工", "合计"]
    assert (late.rows[0][1], late.rows[0][8]) == ("步道", "用地未交付")
    assert units.rows[2][5] == 36.0
    said = text_of(made)
    assert "甲公司（60.00%）、乙公司（24.00%）" in said
    assert "乙公司欠序时进度" in said
    assert "欠月度计划的项目2个（见附件），其中欠10个百分点以上的1个：步道" in said
    assert "应开未开的项目1个：步道" in said
    assert "应统未统的项目1个：环路" in said
    assert "有节点逾期的项目1个：步道" in said


def test_where_nothing_lags_nothing_is_demanded() -> None:
    made = project_bulletin([project("水厂", 600, 1000)], MAY, today=DAY)
    assert [s.heading for s in made.sections] == [
        "",
        "一、总体情况",
        "二、各单位进展",
        "三、分类别进展",
    ]
    assert not made.annexes


def test_projects_without_a_plan_have_no_rate() -> None:
    made = project_bulletin(
        [project("水厂", 0, 0), project("环路", 5, 10, unit="乙公司")], MAY, today=DAY
    )
    assert "完成率" not in text_of(project_bulletin([project("水厂", 0, 0)], MAY, today=DAY))
    assert "甲公司（" not in text_of(made)


def test_units_with_the_same_rate_share_a_place() -> None:
    rows = [project(n, 5, 10, unit=n) for n in ("甲", "乙")]
    table = tables_of(project_bulletin(rows, MAY, today=DAY))[0]
    assert [getattr(row[0], "rank", None) for row in table.rows] == [1, 1, None]


def test_word_file_keeps_the_official_format(tmp_path: Path) -> None:
    path = tmp_path / "通报.docx"
    write(project_bulletin(two_units(), MAY, today=DAY), path)
    assert check_docx(path) == []
