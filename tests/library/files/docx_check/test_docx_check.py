"""The format check: our own bulletins pass, each planted breach is found and nothing else is."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from saima.briefing.model import (
    Annex,
    Briefing,
    Column,
    Imprint,
    Paragraph,
    Section,
    Table,
)
from saima.files.document.docx_format import DECLARE_W
from saima.files.document.docx_writer import write_docx
from saima.files.docx_check import check_docx, findings_as_data, findings_as_text
from saima.files.docx_check.rules import PROFILES, RULES
from saima.problems import Refused
from tests.support.sample_briefing import monthly_progress, sample

RANKS = Table(
    "九月排名",
    (Column("位次", "rank"), Column("单位"), Column("得分", "number", 2)),
    tuple((place, f"示例单位{place}", 100.0 - place) for place in range(1, 31)),
    measure_line="单位：分",
)
GOOD = Briefing(
    kind="通报",
    title="关于九月重点工作落实情况的通报",
    date=date(2026, 10, 8),
    number="示督〔2026〕9号",
    issuer="示例督查办公室",
    issuer_mark="示例督查通报",
    addressee="各部门，各单位",
    sections=(
        Section("", (Paragraph("现将九月落实情况通报如下。"),)),
        Section("一、总体情况", (Paragraph("总体良好。"), RANKS)),
        Section("（一）投资。", (Paragraph("投资完成较好。"),), level=2),
        Section("（二）招商。", (Paragraph("招商完成较好。"),), level=2),
        Section("1.签约。", (Paragraph("签约较多。"),), level=3),
        Section("（1）落地。", (Paragraph("落地较快。"),), level=4),
        Section("二、下步要求", (Paragraph("认真整改。"),)),
    ),
    annexes=(Annex("进度表", (Paragraph("略述。"),)), Annex("问题清单", (Paragraph("另附。"),))),
    imprint=Imprint("示例督查办公室", date(2026, 10, 9), "有关领导"),
)


@pytest.fixture
def good(tmp_path):
    """A bulletin without a fault, opened for planting one."""
    write_docx(GOOD, tmp_path / "通报.docx")
    return docx.Document(str(tmp_path / "通报.docx"))


def check(document, tmp_path, profile="公文"):
    document.save(str(tmp_path / "查.docx"))
    return check_docx(tmp_path / "查.docx", profile)


def line(document, start):
    return next(p for p in document.paragraphs if p.text.startswith(start))


def rename(paragraph, text):
    """Another text in the same type."""
    paragraph.runs[0].text = text
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)


def set_font(paragraph, name):
    for run in paragraph.runs:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def set_size(paragraph, size):
    for run in paragraph.runs:
        run.font.size = Pt(size)


def set_indent(paragraph, **characters):
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = OxmlElement("w:ind")
    for name, count in characters.items():
        indent.set(qn(f"w:{name}Chars"), str(int(count * 100)))
        indent.set(qn(f"w:{name}"), str(int(count * 320)))
    properties.append(indent)


def colour(paragraph, value):
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(value)


def set_grid(document, **attributes):
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    for name, value in attributes.items():
        grid.set(qn(f"w:{name}"), value)


def set_rule(document, side, size):
    borders = document.tables[-1]._tbl.tblPr.find(qn("w:tblBorders"))
    borders.find(qn(f"w:{side}")).set(qn("w:sz"), size)


def feet(document):
    section = document.sections[0]
    return [section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]]


def digits_font(document, name):
    for foot in feet(document):
        for run in foot.runs:
            run.font.name = name


def drop_page_numbers(document):
    for foot in feet(document):
        for run in list(foot.runs):
            run._r.getparent().remove(run._r)


def no_grid(document):
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    grid.getparent().remove(grid)
    line(document, "总体良好").paragraph_format.line_spacing = 1.5


BREACHES = {
    "paper-size": lambda d: setattr(d.sections[0], "page_width", Mm(200)),
    "top-margin": lambda d: setattr(d.sections[0], "top_margin", Mm(25.4)),
    "left-margin": lambda d: setattr(d.sections[0], "left_margin", Mm(31.7)),
    "type-area": lambda d: setattr(d.sections[0], "right_margin", Mm(31.7)),
    "lines-per-page": lambda d: setattr(
        line(d, "总体良好").paragraph_format, "line_spacing", Pt(29)
    ),
    "characters-per-line": lambda d: set_grid(d, type="linesAndChars", charSpace="0"),
    "text-colour": lambda d: colour(line(d, "总体良好"), "C00000"),
    "letterhead-colour": lambda d: colour(line(d, "示例督查通报"), "000000"),
    "red-rule": lambda d: line(d, "示督")._p.pPr.find(qn("w:pBdr"))[0].set(qn("w:color"), "000000"),
    "number-brackets": lambda d: rename(line(d, "示督"), "示督[2026]9号"),
    "number-form": lambda d: rename(line(d, "示督"), "示督〔2026〕第09号"),
    "title-type": lambda d: set_font(line(d, "关于"), "宋体"),
    "title-size": lambda d: set_size(line(d, "关于"), 18),
    "title-centred": lambda d: setattr(line(d, "关于"), "alignment", WD_ALIGN_PARAGRAPH.LEFT),
    "addressee-colon": lambda d: rename(line(d, "各部门"), "各部门，各单位:"),
    "addressee-flush": lambda d: set_indent(line(d, "各部门"), firstLine=2),
    "body-type": lambda d: set_font(line(d, "总体良好"), "宋体"),
    "body-size": lambda d: set_size(line(d, "总体良好"), 14),
    "body-indent": lambda d: set_indent(line(d, "总体良好"), firstLine=0),
    "body-flush": lambda d: set_indent(line(d, "总体良好"), left=2, firstLine=0),
    "heading-type": lambda d: set_font(line(d, "一、"), "仿宋_GB2312"),
    "heading-number": lambda d: rename(line(d, "（二）"), "(二)招商。"),
    "heading-order": lambda d: rename(line(d, "二、"), "三、下步要求"),
    "annex-note-colon": lambda d: rename(line(d, "附件："), "附件:1.进度表"),
    "annex-note-punctuation": lambda d: rename(line(d, "2.问题"), "2.问题清单。"),
    "annex-note-number": lambda d: rename(line(d, "2.问题"), "2、问题清单"),
    "annex-note-indent": lambda d: set_indent(line(d, "附件："), firstLine=0),
    "date-form": lambda d: rename(line(d, "2026年10月8日"), "2026年10月08日"),
    "date-place": lambda d: set_indent(line(d, "2026年10月8日"), right=0),
    "annex-mark": lambda d: set_font(line(d, "附件1"), "仿宋_GB2312"),
    "annex-title-centred": lambda d: setattr(
        line(d, "问题清单"), "alignment", WD_ALIGN_PARAGRAPH.LEFT
    ),
    "annex-names": lambda d: rename(line(d, "问题清单"), "问题台账"),
    "page-number-missing": drop_page_numbers,
    "page-number-form": lambda d: [setattr(foot.runs[0], "text", "第") for foot in feet(d)],
    "page-number-type": lambda d: digits_font(d, "Times New Roman"),
    "page-number-size": lambda d: [set_size(foot, 10.5) for foot in feet(d)],
    "page-number-side": lambda d: setattr(feet(d)[1], "alignment", WD_ALIGN_PARAGRAPH.RIGHT),
    "page-number-distance": lambda d: setattr(d.sections[0], "footer_distance", Mm(15)),
    "imprint-rules": lambda d: set_rule(d, "top", "4"),
    "imprint-type": lambda d: set_font(d.tables[-1].cell(0, 0).paragraphs[0], "宋体"),
    "imprint-copies": lambda d: rename(d.tables[-1].cell(0, 0).paragraphs[0], "抄送：有关领导"),
    "imprint-date": lambda d: rename(
        d.tables[-1].cell(1, 0).paragraphs[0], "示例督查办公室　2026年10月09日印发"
    ),
    "imprint-indent": lambda d: set_indent(d.tables[-1].cell(0, 0).paragraphs[0], left=0),
}
"""One way to break each clause, and no other."""

TABLE_BREACHES = {
    "table-title": lambda d: rename(line(d, "九月排名"), ""),
    "table-measure": lambda d: setattr(line(d, "单位：分"), "alignment", WD_ALIGN_PARAGRAPH.LEFT),
    "table-size": lambda d: set_size(d.tables[0].cell(1, 1).paragraphs[0], 16),
    "table-header": lambda d: (
        d.tables[0].rows[0]._tr.trPr.remove(d.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")))
    ),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_our_own_bulletins_pass(tmp_path, profile):
    wide = replace(GOOD, sections=(*GOOD.sections, Section("三、进度", (monthly_progress(),))))
    plain = replace(GOOD, issuer_mark="", number="", addressee="", imprint=None, annexes=())
    for place, briefing in enumerate((GOOD, sample(), wide, plain)):
        write_docx(briefing, tmp_path / f"{place}.docx")
        assert check_docx(tmp_path / f"{place}.docx", profile) == []


@pytest.mark.parametrize("rule", BREACHES)
def test_planted_breach_is_the_only_finding(good, tmp_path, rule):
    BREACHES[rule](good)
    assert [finding.rule for finding in check(good, tmp_path)] == [rule]


@pytest.mark.parametrize("rule", TABLE_BREACHES)
def test_planted_breach_of_a_table_is_the_only_finding(good, tmp_path, rule):
    TABLE_BREACHES[rule](good)
    assert [finding.rule for finding in check(good, tmp_path, "表格")] == [rule]


def test_every_rule_has_a_planted_breach():
    assert set(RULES) == {*BREACHES, *TABLE_BREACHES, "page-number-lying"}


def test_page_number_below_a_lying_table_is_found(tmp_path):
    briefing = replace(GOOD, sections=(Section("一、进度", (monthly_progress(),)),))
    write_docx(briefing, tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    lying, upright = document.sections[1], document.sections[0]
    for kind in ("footer", "even_page_footer"):
        foot = getattr(lying, kind)._element
        for paragraph in list(foot):
            foot.remove(paragraph)
        foot.append(copy.deepcopy(getattr(upright, kind)._element[0]))
    assert [finding.rule for finding in check(document, tmp_path)] == ["page-number-lying"]


@pytest.mark.parametrize(
    ("rule", "profile"),
    [
        ("letterhead-colour", "通报"),
        ("red-rule", "通报"),
        ("body-type", "表格"),
        ("top-margin", "表格"),
    ],
)
def test_profile_leaves_out_what_its_kind_of_document_is_free_in(good, tmp_path, rule, profile):
    BREACHES[rule](good)
    assert check(good, tmp_path, profile) == []


def test_characters_per_line_accept_the_grid_of_the_standard(good, tmp_path):
    set_grid(good, type="linesAndChars", charSpace="-848")
    assert check(good, tmp_path) == []


@pytest.mark.parametrize("pitch", [28, 28.5, 28.8, 28.95])
def test_line_pitches_that_give_twenty_two_lines_are_accepted(good, tmp_path, pitch):
    line(good, "总体良好").paragraph_format.line_spacing = Pt(pitch)
    assert check(good, tmp_path) == []


@pytest.mark.parametrize(("pitch", "lines"), [(27, 23), (29, 21), (29.5, 21), (30, 21)])
def test_line_pitches_that_give_more_or_fewer_lines_are_found(good, tmp_path, pitch, lines):
    line(good, "总体良好").paragraph_format.line_spacing = Pt(pitch)
    (finding,) = check(good, tmp_path)
    assert f"每面{lines}行" in finding.found


def test_line_pitch_without_grid_depends_on_the_font_and_is_found(good, tmp_path):
    no_grid(good)
    (finding,) = check(good, tmp_path)
    assert (finding.rule, finding.found) == (
        "lines-per-page",
        "1.5倍行距、无文档网格，行数随字体而变",
    )


def test_grid_pitch_counts_where_the_paragraph_leaves_it_to_the_grid(good, tmp_path):
    for paragraph in good.paragraphs:
        paragraph.paragraph_format.line_spacing = 1.0
    assert check(good, tmp_path) == []


@pytest.mark.parametrize("text", ["　　总体良好。", "    总体良好。"])
def test_indent_made_of_spaces_is_accepted(good, tmp_path, text):
    paragraph = line(good, "总体良好")
    set_indent(paragraph, firstLine=0)
    rename(paragraph, text)
    assert check(good, tmp_path) == []


def test_indent_and_spaces_together_are_too_much(good, tmp_path):
    rename(line(good, "总体良好"), "　　总体良好。")
    (finding,) = check(good, tmp_path)
    assert (finding.rule, finding.found) == ("body-indent", "空4.0字")


def test_text_that_runs_on_behind_a_heading_is_checked_as_body(good, tmp_path):
    paragraph = line(good, "一、")
    rename(paragraph, "一、总体情况。")
    run = paragraph.add_run("总体上良好。")
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    assert check(good, tmp_path) == []
    run._r.rPr.rFonts.set(qn("w:eastAsia"), "黑体")
    assert [finding.rule for finding in check(good, tmp_path)] == ["body-type"]


def test_brackets_of_a_cited_number_are_checked_too(good, tmp_path):
    rename(line(good, "总体良好"), "根据示办（2026）3号文件，总体良好。")
    (finding,) = check(good, tmp_path)
    assert (finding.rule, finding.found) == ("number-brackets", "“（2026）”")


@pytest.mark.parametrize(
    "text", ["二〇二六年十月八日", "2026-10-08", "26年10月8日", "2026年01月8日"]
)
def test_other_forms_of_the_date_are_found(good, tmp_path, text):
    rename(line(good, "2026年10月8日"), text)
    assert [finding.rule for finding in check(good, tmp_path)] == ["date-form"]


def test_equal_breaches_are_one_finding_with_all_places(good, tmp_path):
    for start in ("总体良好", "投资完成", "招商完成"):
        set_font(line(good, start), "楷体")
    (finding,) = check(good, tmp_path)
    assert (finding.found, len(finding.also)) == ("楷体", 2)
    assert "另有 2 处相同" in findings_as_text([finding])


def test_finding_says_where_what_was_found_and_what_to_do(good, tmp_path):
    set_font(line(good, "总体良好"), "宋体")
    found = check(good, tmp_path)
    number = [p.text for p in good.paragraphs].index("总体良好。") + 1
    assert findings_as_text(found).splitlines()[1] == (
        f"- 第{number}段“总体良好。”：正文应用仿宋体，现为宋体。请把正文字体设为仿宋_GB2312。 [7.3.3]"
    )
    assert findings_as_data(found)["findings"][0] == {
        "rule": "body-type",
        "standard": "GB/T 9704-2012",
        "clause": "7.3.3",
        "where": {"part": "正文", "number": number, "text": "总体良好。"},
        "also": [],
        "found": "宋体",
        "message": "正文应用仿宋体，现为宋体。",
        "hint": "请把正文字体设为仿宋_GB2312。",
    }
    assert "must be set in Fangsong" in findings_as_text(found, "公文", "en")


def test_fonts_are_taken_from_styles_and_themes(good, tmp_path):
    fonts = good.styles["公文正文"].element.rPr.rFonts
    fonts.set(qn("w:eastAsiaTheme"), "minorEastAsia")
    (finding,) = check(good, tmp_path)
    theme = next(p for p in good.part.package.iter_parts() if "theme" in str(p.partname))
    hans = re.findall(r'script="Hans" typeface="([^"]+)"', theme.blob.decode())
    assert (finding.rule, finding.found) == ("body-type", hans[-1])


def test_automatic_numbers_are_read_as_text(good, tmp_path):
    numbering = good.part.numbering_part.element
    shape = (
        f'<w:abstractNum {DECLARE_W} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    )
    numbering.insert(0, parse_xml(shape))
    numbering.append(
        parse_xml(f'<w:num {DECLARE_W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for start, text in (("一、", "总体情况"), ("二、", "下步要求")):
        paragraph = line(good, start)
        rename(paragraph, text)
        list_ = f'<w:numPr {DECLARE_W}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.get_or_add_pPr().insert(1, parse_xml(list_))
    assert check(good, tmp_path) == []
    set_font(line(good, "下步要求"), "宋体")
    (finding,) = check(good, tmp_path)
    assert (finding.rule, finding.where.text) == ("heading-type", "二、下步要求")


def test_bare_document_of_another_program_is_checked_without_a_traceback(tmp_path):
    document = docx.Document()
    document.add_paragraph("关于情况的通报")
    document.add_paragraph("一、情况")
    document.add_paragraph("正文。")
    rules = {finding.rule for finding in check(document, tmp_path)}
    assert {"paper-size", "title-type", "title-size", "title-centred", "body-type"} <= rules


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def unpacked(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def refusal_of(path):
    with pytest.raises(Refused) as refusal:
        check_docx(path)
    return refusal.value.problem


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "word-file-damaged"),
        (b"plain text", "word-file-other-kind"),
        (b"%PDF-1.7", "word-file-other-kind"),
        (b"{\\rtf1}", "word-file-other-kind"),
        (b"<html></html>", "word-file-other-kind"),
        (b"PK\x03\x04broken", "word-file-damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "word-file-damaged"),
        (packed({"a.txt": b"x"}), "word-file-other-kind"),
        (packed({"xl/workbook.xml": b"<x/>", "_rels/.rels": b"<x/>"}), "word-file-other-kind"),
        (packed({"OFD.xml": b"<x/>"}), "word-file-other-kind"),
        (packed({"_rels/.rels": b"<x/>"}), "word-file-damaged"),
        (packed({"_rels/.rels": b"<x"}), "word-file-damaged"),
    ],
)
def test_what_is_no_word_file_is_refused_clearly(tmp_path, content, code):
    (tmp_path / "a.docx").write_bytes(content)
    assert refusal_of(tmp_path / "a.docx").code == code


def test_missing_file_and_folder_are_refused(tmp_path):
    assert refusal_of(tmp_path / "无.docx").code == "word-file-missing"
    assert refusal_of(tmp_path).code == "word-file-unreadable"


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ({"EncryptedPackage", "EncryptionInfo"}, "word-file-password"),
        ({"WordDocument"}, "word-file-other-kind"),
        ({"Something"}, "word-file-other-kind"),
    ],
)
def test_old_and_locked_files_are_told_apart(tmp_path, monkeypatch, streams, code):
    class Container:
        def __init__(self, _): ...
        def __enter__(self):
            return self

        def __exit__(self, *_): ...
        def listdir(self):
            return [[name] for name in streams]

    monkeypatch.setattr("saima.files.docx_check.package.olefile.OleFileIO", Container)
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert refusal_of(tmp_path / "a.docx").code == code


def test_document_that_unpacks_too_large_is_refused(tmp_path):
    write_docx(GOOD, tmp_path / "a.docx")
    parts = unpacked(tmp_path / "a.docx")
    parts["word/document.xml"] += b" " * 50_000_000
    (tmp_path / "b.docx").write_bytes(packed(parts))
    assert (tmp_path / "b.docx").stat().st_size < 200_000
    assert refusal_of(tmp_path / "b.docx").code == "word-file-too-large"


def test_entities_are_refused_and_never_expanded(tmp_path):
    write_docx(GOOD, tmp_path / "a.docx")
    parts = unpacked(tmp_path / "a.docx")
    xml = parts["word/document.xml"]
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    place = xml.index(b"?>") + 2
    parts["word/document.xml"] = xml[:place] + declared + xml[place:]
    (tmp_path / "b.docx").write_bytes(packed(parts))
    assert refusal_of(tmp_path / "b.docx").code == "word-file-damaged"


def test_strict_variant_is_read_like_the_usual_one(tmp_path):
    write_docx(GOOD, tmp_path / "a.docx")
    parts = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in unpacked(tmp_path / "a.docx").items()
    }
    (tmp_path / "b.docx").write_bytes(packed(parts))
    assert check_docx(tmp_path / "b.docx") == []


@pytest.mark.parametrize("seed", range(40))
def test_damaged_xml_ends_in_findings_or_a_refusal_and_never_in_a_traceback(tmp_path, seed):
    """Attributes set to nonsense and elements dropped, in every part that the check reads."""
    chance = random.Random(seed)
    write_docx(GOOD, tmp_path / "a.docx")
    parts = unpacked(tmp_path / "a.docx")
    for name in ("document", "styles", "settings", "footer1"):
        text = parts[f"word/{name}.xml"].decode()
        values = list(re.finditer(r'w:\w+="([^"]*)"', text))
        for found in sorted(chance.sample(values, min(12, len(values))), key=lambda m: -m.start()):
            nonsense = chance.choice(["", "-1", "x", "9" * 40, "一", "1e9", "NaN"])
            text = text[: found.start(1)] + nonsense + text[found.end(1) :]
        if chance.random() < 0.5:
            text = re.sub(chance.choice([r"<w:sz [^>]*/>", r"<w:ind [^>]*/>", r"<w:pgMar[^>]*/>"]),
                          "", text)  # fmt: skip
        parts[f"word/{name}.xml"] = text.encode()
    (tmp_path / "b.docx").write_bytes(packed(parts))
    try:
        findings_as_text(check_docx(tmp_path / "b.docx"))
    except Refused as refusal:
        assert refusal.problem.hint()


def test_document_of_a_thousand_paragraphs_is_checked_quickly(tmp_path):
    body = tuple(Paragraph("落实责任，" * 30) for _ in range(1000))
    write_docx(replace(GOOD, sections=(Section("", body),)), tmp_path / "a.docx")
    assert check_docx(Path(tmp_path / "a.docx")) == []
