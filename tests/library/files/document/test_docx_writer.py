"""The .docx writer: every number comes back, the page is the standard's, bad places are refused."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from saima.briefing.model import (
    Annex,
    Briefing,
    Column,
    Fonts,
    Imprint,
    Options,
    Paragraph,
    Section,
    Table,
    all_tables,
)
from saima.files.document.docx_writer import write_docx
from saima.problems import Refused
from tests.support.sample_briefing import monthly_progress, printed, ranking, sample


def briefing(**parts):
    """A short bulletin with one paragraph, changed as told."""
    body = (Section("一、总体情况", (Paragraph("情况良好。"),)),)
    return replace(Briefing("通报", "关于情况的通报", date(2026, 3, 5), body), **parts)


def written(tmp_path, source, options=None, name="通报.docx"):
    path = tmp_path / name
    write_docx(source, path, options)
    return docx.Document(str(path))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def paragraph(document, text):
    return next(p for p in document.paragraphs if p.text == text)


def grid(table):
    return [[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows]


def test_every_cell_of_every_table_reads_back_as_the_briefing_says(tmp_path):
    source = sample()
    read = [grid(table) for table in written(tmp_path, source).tables[:-1]]
    tables = all_tables(source)
    tables.append(tables[1])  # the third annex shows a ranking of the body again
    assert read == [
        [[column.heading for column in table.columns], *printed(table)] for table in tables
    ]


def test_every_sentence_heading_and_note_reads_back(tmp_path):
    source = sample()
    found = texts(written(tmp_path, source))
    sentences = [s.heading for s in source.sections if s.heading]
    sentences += [b.text for s in source.sections for b in s.blocks if isinstance(b, Paragraph)]
    sentences += [table.measure_line for table in all_tables(source) if table.measure_line]
    assert [sentence for sentence in sentences if sentence not in found] == []
    assert "注：按四舍五入到两位的得分排名，同分并列，下一名次顺延。" in found


def test_same_briefing_gives_the_same_bytes(tmp_path):
    write_docx(sample(), tmp_path / "a.docx")
    write_docx(sample(), tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_times_in_the_package_are_the_date_of_the_bulletin(tmp_path):
    document = written(tmp_path, sample())
    assert document.core_properties.created.date() == date(2026, 10, 8)
    with zipfile.ZipFile(tmp_path / "通报.docx") as package:
        assert {info.date_time[:3] for info in package.infolist()} == {(2026, 10, 8)}


def test_page_is_a4_with_the_margins_of_the_standard(tmp_path):
    section = written(tmp_path, briefing()).sections[0]
    page = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    wanted = (Mm(210), Mm(297), Mm(37), Mm(28))
    assert [abs(a - b) < Mm(0.1) for a, b in zip(page, wanted, strict=True)] == [True] * 4
    text = (
        section.page_width - section.left_margin - section.right_margin,
        section.page_height - section.top_margin - section.bottom_margin,
    )
    assert abs(text[0] - Mm(156)) < Mm(0.1) and abs(text[1] - Mm(225)) < Mm(0.1)


def test_twenty_two_lines_of_twenty_eight_characters_fit_the_type_area(tmp_path):
    document = written(tmp_path, briefing())
    section = document.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) / 635
    height = (section.page_height - section.top_margin - section.bottom_margin) / 635
    normal = document.styles["Normal"]
    pitch = normal.font.size.pt * 20 + int(
        normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))
    )
    line = normal.paragraph_format.line_spacing / 635
    assert (height // line, width // pitch) == (22, 28)


def test_title_is_broken_into_two_even_lines_between_words(tmp_path):
    document = written(tmp_path, sample())
    title = next(p for p in document.paragraphs if p.style.name == "Title")
    assert title.text == "关于2026年9月重点工作\n“赛马比拼”完成情况的通报"


def test_addressee_ends_in_one_full_width_colon(tmp_path):
    assert "各单位：" in texts(written(tmp_path, briefing(addressee="各单位：")))


@pytest.mark.parametrize(
    ("titles", "notes"),
    [
        (("排名表",), ["附件：排名表"]),
        (("排名表", "进度表"), ["附件：1.排名表", "2.进度表"]),
    ],
)
def test_annexes_are_listed_after_the_body_and_begin_pages(tmp_path, titles, notes):
    annexes = tuple(Annex(title, (Paragraph("略。"),)) for title in titles)
    document = written(tmp_path, briefing(annexes=annexes))
    assert [t for t in texts(document) if t.startswith(("附件：", "2."))] == notes
    marks = [p for p in document.paragraphs if p.style.name == "附件序号"]
    assert [m.text for m in marks] == (["附件"] if len(titles) == 1 else ["附件1", "附件2"])
    assert all(m.paragraph_format.page_break_before for m in marks)


def test_date_has_no_padded_zeros(tmp_path):
    assert "2026年3月5日" in texts(written(tmp_path, briefing()))


def test_bulletin_without_letterhead_has_no_red_rule(tmp_path):
    document = written(tmp_path, briefing())
    assert "w:pBdr" not in document.element.xml


def test_letterhead_of_the_options_replaces_the_briefings(tmp_path):
    document = written(
        tmp_path, briefing(issuer_mark="旧标志"), Options(letterhead="示例市督查通报")
    )
    assert texts(document)[0] == "示例市督查通报"


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(tmp_path):
    section = written(tmp_path, briefing()).sections[0]
    feet = [section.footer, section.even_page_footer]
    assert ["".join(p.text for p in foot.paragraphs) for foot in feet] == ["— 1 —", "— 1 —"]
    assert [foot.paragraphs[0].alignment.name for foot in feet] == ["RIGHT", "LEFT"]


def test_header_rows_repeat_and_rows_do_not_break(tmp_path):
    table = written(tmp_path, sample()).tables[0]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][:2] == [
        True,
        False,
    ]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_numbers_stand_right_and_names_left(tmp_path):
    row = written(tmp_path, sample()).tables[1].rows[1]
    sides = [cell.paragraphs[0].alignment.name for cell in row.cells]
    assert sides == ["CENTER", "LEFT", "RIGHT", "RIGHT", "RIGHT", "CENTER", "CENTER"]


def test_only_the_table_that_needs_it_lies(tmp_path):
    document = written(tmp_path, sample())
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]


def test_lying_page_turns_the_margins_with_the_head_to_the_binding_edge(tmp_path):
    upright, lying, again = written(tmp_path, sample()).sections
    sides = [lying.top_margin, lying.right_margin, lying.bottom_margin, lying.left_margin]
    assert sides == [
        upright.left_margin,
        upright.top_margin,
        upright.right_margin,
        upright.bottom_margin,
    ]
    assert (again.left_margin, again.footer_distance) == (
        upright.left_margin,
        upright.footer_distance,
    )


def test_wide_table_in_the_body_lies_and_the_text_after_it_stands(tmp_path):
    body = (Section("一、进度", (monthly_progress(), Paragraph("以上。"))),)
    document = written(tmp_path, briefing(sections=body))
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]


def test_imprint_stands_last_with_thick_rules_outside_and_a_thin_one_between(tmp_path):
    imprint = Imprint("示例办公室", date(2026, 3, 6), "有关领导")
    document = written(tmp_path, briefing(imprint=imprint))
    table = document.tables[-1]
    assert grid(table) == [["抄送：有关领导。"], ["示例办公室\t2026年3月6日印发"]]
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    sizes = {b.tag.split("}")[1]: int(b.get(qn("w:sz"))) / 8 * 25.4 / 72 for b in borders}
    assert sizes == pytest.approx({"top": 0.35, "bottom": 0.35, "insideH": 0.25}, abs=0.02)


def test_demo_data_are_marked_below_the_title_and_on_every_page(tmp_path):
    document = written(tmp_path, sample())
    assert "（演示数据，均为虚构）" in texts(document)
    for section in document.sections:
        for header in (section.header, section.even_page_header):
            assert header.paragraphs[0].text == "演示数据，均为虚构"


def test_real_data_carry_no_demo_mark(tmp_path):
    document = written(tmp_path, briefing())
    assert "虚构" not in document.element.xml


def test_fonts_are_a_setting(tmp_path):
    document = written(tmp_path, briefing(), Options(fonts=Fonts(body="仿宋", title="华文中宋")))
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert document.styles["Title"].element.rPr.rFonts.get(qn("w:eastAsia")) == "华文中宋"


def test_text_with_markup_and_control_characters_is_written_as_text(tmp_path):
    odd = "<w:p/> & “引号”\x00\x0b]]>"
    body = (Section(odd, (Paragraph(odd),)),)
    document = written(tmp_path, briefing(sections=body, title=odd))
    assert "<w:p/> & “引号”]]>" in texts(document)


def test_empty_table_is_written_with_its_header(tmp_path):
    table = Table("空表", (Column("单位"), Column("得分", "number", 2)), ())
    document = written(tmp_path, briefing(sections=(Section("", (table,)),)))
    assert grid(document.tables[0]) == [["单位", "得分"]]


def test_sixty_units_and_three_units_are_both_written(tmp_path):
    wide = replace(ranking("经营类"), rows=ranking("经营类").rows * 12)
    few = replace(ranking("建设类"), rows=ranking("建设类").rows[:3])
    document = written(tmp_path, briefing(sections=(Section("", (wide, few)),)))
    assert [len(table.rows) for table in document.tables] == [61, 4]


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        write_docx(briefing(), tmp_path / "没有" / "a.docx")
    assert refusal.value.problem.code == "output-folder-missing"


def test_a_place_that_cannot_be_written_is_refused_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "a.docx").mkdir()
    with pytest.raises(Refused) as refusal:
        write_docx(briefing(), tmp_path / "a.docx")
    assert refusal.value.problem.code == "output-not-writable"
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]


def template(tmp_path, *lines):
    """An office's own Word file with some lines, wide margins and a style of its own."""
    document = docx.Document()
    document.sections[0].left_margin = Mm(40)
    document.styles["Title"].font.name = "Office Title"
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = "{{发文机关}}文件"
    path = tmp_path / "模板.docx"
    document.save(str(path))
    return Options(template=path)


def test_template_keeps_its_page_and_styles_and_gets_the_body_at_the_end(tmp_path):
    options = template(tmp_path, "示例市人民政府办公室")
    document = written(tmp_path, briefing(issuer="示例办"), options)
    assert texts(document)[:2] == ["示例市人民政府办公室", "关于情况的通报"]
    assert abs(document.sections[0].left_margin - Mm(40)) < Mm(0.1)
    assert document.styles["Title"].font.name == "Office Title"
    assert document.sections[0].header.paragraphs[0].text == "示例办文件"


def test_placeholders_are_filled_where_they_stand_and_not_written_twice(tmp_path):
    lines = ("{{ 标题 }}", "{{发文字号}}", "{{正文}}", "落款 {{成文日期}}")
    document = written(tmp_path, briefing(number="示督〔2026〕1号"), template(tmp_path, *lines))
    assert texts(document) == [
        "关于情况的通报",
        "示督〔2026〕1号",
        "一、总体情况",
        "情况良好。",
        "落款 2026年3月5日",
    ]


def test_demo_mark_is_written_even_where_the_template_places_the_title(tmp_path):
    document = written(tmp_path, briefing(demo=True), template(tmp_path, "{{标题}}", "{{正文}}"))
    assert "（演示数据，均为虚构）" in texts(document)


def test_unknown_placeholder_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(Refused) as refusal:
        written(tmp_path, briefing(), template(tmp_path, "{{签发人}}"))
    assert "{{标题}}" in refusal.value.problem.text()


@pytest.mark.parametrize("content", [b"", b"not a package", b"PK\x05\x06" + b"\0" * 18])
def test_template_that_is_no_word_file_is_refused(tmp_path, content):
    (tmp_path / "坏.docx").write_bytes(content)
    with pytest.raises(Refused) as refusal:
        written(tmp_path, briefing(), Options(template=tmp_path / "坏.docx"))
    assert refusal.value.problem.code == "word-template-unreadable"


def test_missing_template_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        written(tmp_path, briefing(), Options(template=tmp_path / "无.docx"))
    assert "不存在" in refusal.value.problem.text()
