"""The target responsibility letter: what stands in it, what is left out, who signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from docx import Document

from saima.briefing.letter import Letter, Promise, responsibility_letter
from saima.briefing.model import Options, Paragraph, Table
from saima.files.document.docx_writer import docx_bytes

DAY = date(2026, 1, 20)


def letter(*promises: Promise, **more: Any) -> Letter:
    told: dict[str, Any] = {
        "organisation": "示例集团", "unit": "示例栖湖文旅公司", "campaign": "示例赛马行动",
        "term": "2026年度", "start": date(2026, 1, 1), "end": date(2026, 12, 31),
    }  # fmt: skip
    return Letter(promises=promises, **(told | more))


REVENUE = Promise(
    "营业收入", "万元", 0, Decimal(12000), Decimal(13000), exceed=True,
    plans=(("1月", Decimal(900)), ("2月", None)),
)  # fmt: skip
ENERGY = Promise("单位能耗", "吨标煤/万元", 2, Decimal("0.45"), less=True)
PARTY = Promise("党建创建", goals=(("全年", "建成示范支部。"), ("3月", "完成申报")))


def table_of(found: Letter) -> Table:
    blocks = [b for s in responsibility_letter(found, DAY).sections for b in s.blocks]
    return next(b for b in blocks if isinstance(b, Table))


def words_of(found: Letter) -> str:
    blocks = [b for s in responsibility_letter(found, DAY).sections for b in s.blocks]
    return "\n".join(b.text for b in blocks if isinstance(b, Paragraph))


def test_each_target_says_what_is_asked() -> None:
    rows = table_of(letter(REVENUE, ENERGY)).rows
    assert rows[0][1:] == ("营业收入", "万元", "突破", "12,000", "13,000")
    assert rows[1][1:4] == ("单位能耗", "吨标煤/万元", "不超过")
    assert rows[1][4] == "0.45"


def test_without_any_stretch_there_is_no_column_for_it() -> None:
    assert [c.header for c in table_of(letter(ENERGY)).columns][-1] == "全年目标"


def test_goals_in_words_stand_as_sentences() -> None:
    assert "（一）党建创建。全年，建成示范支部；3月，完成申报。" in words_of(letter(PARTY))


def test_parts_without_content_are_left_out_and_numbers_close_up() -> None:
    headings = [s.heading for s in responsibility_letter(letter(PARTY), DAY).sections]
    assert headings == ["", "一、责任期限", "二、文字目标", "三、双方责任", "四、考核和调整"]


def test_monthly_plans_are_an_annex_with_dashes_where_nothing_is_planned() -> None:
    annex = responsibility_letter(letter(REVENUE, ENERGY), DAY).annexes[0]
    assert annex.title == "示例栖湖文旅公司2026年度月度计划"
    table = annex.blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == 1
    assert table.rows[0][2] == "900"
    assert "见附件" not in words_of(letter(ENERGY))


def test_the_scheme_is_named_where_there_is_one() -> None:
    assert "按《赛马办法》考核，以甲方核定数为准" in words_of(
        letter(ENERGY, rulebook="《赛马办法》")
    )
    assert "目标完成情况以甲方核定数为准" in words_of(letter(ENERGY))


def test_both_parties_sign_in_the_word_document() -> None:
    content = docx_bytes(responsibility_letter(letter(REVENUE), DAY), Options())
    signing = Document(BytesIO(content)).tables[1]
    cells = [cell.text for cell in signing.rows[0].cells]
    assert cells[0].startswith("甲方：示例集团\n（盖章）\n负责人（签字）：")
    assert cells[1].startswith("乙方：示例栖湖文旅公司")


def test_the_same_letter_gives_the_same_bytes() -> None:
    papers = [docx_bytes(responsibility_letter(letter(REVENUE), DAY), Options()) for _ in range(2)]
    assert papers[0] == papers[1]
