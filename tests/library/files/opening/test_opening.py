"""Opening workbooks: what comes out cell by cell, and what is refused, in bounded time and memory."""

from __future__ import annotations

import io
import os
import random
import struct
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import msoffcrypto
import olefile
import openpyxl
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from saima.files import opening
from saima.files.opening import open_workbook, safe_text
from saima.files.opening.biff import legacy_facts
from saima.files.opening.package import MAX_UNPACKED
from saima.problems import Refused
from tests.support.workbook_packages import (
    Percent,
    Shared,
    legacy,
    package,
    relations,
    worksheet,
    zipped,
)

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("SAIMA_SHARED", ROOT.parent / "shared")) / "data" / "workbooks"
ONE_CELL = worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')


def written(tmp_path: Path, content: bytes, name: str = "台账.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        open_workbook(path)
    assert caught.value.problem.text("zh") and caught.value.problem.text("en")
    return caught.value.problem.code


def office_workbook() -> bytes:
    """A small workbook with what the fast reader leaves out."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_formula("C5", "=1/0", None, "#DIV/0!")
    sheet.write_formula("E5", "=A1+6", None, 7)
    sheet.write_number("G6", 0.972, book.add_format({"num_format": "0.0%"}))
    sheet.write_datetime("H6", date(2024, 2, 24), book.add_format({"num_format": "d-mmm"}))
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column("J:K", 8, None, {"hidden": True})
    sheet.merge_range("C8:D9", "合并")
    book.add_worksheet("备查").hide()
    book.close()
    return out.getvalue()


# --- what comes out -----------------------------------------------------------------------------


def test_cells_keep_their_addresses_although_the_sheet_starts_at_c5(tmp_path):
    sheet = open_workbook(written(tmp_path, office_workbook())).sheets[0]
    assert sheet.rows[4][4] == 7.0
    assert sheet.rows[5][7] == date(2024, 2, 24)
    assert sheet.rows[7][2] == "合并"
    assert {len(row) for row in sheet.rows} == {8}


def test_what_the_fast_reader_drops_is_there(tmp_path):
    workbook = open_workbook(written(tmp_path, office_workbook()))
    sheet = workbook.sheets[0]
    assert sheet.rows[4][2] == "#DIV/0!"
    assert sheet.facts.errors == {(4, 2): "#DIV/0!"}
    assert sheet.facts.percents == {(5, 6)}
    assert sheet.facts.hidden_rows == {4}
    assert sheet.facts.hidden_columns == {9, 10}
    assert sheet.merged == (((7, 2), (8, 3)),)
    assert [s.hidden for s in workbook.sheets] == [False, True]
    assert workbook.sheet("备查") is workbook.sheets[1]
    assert workbook.sheet("没有") is None


def test_formula_without_cached_value_is_named_and_one_with_an_empty_text_is_not(tmp_path):
    rows = (
        '<row r="2"><c r="B2"><f>A1+1</f></c><c r="C2"><f>A1</f><v/></c>'
        '<c r="D2" t="str"><f>""</f><v></v></c><c r="E2"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="F2"><f t="shared" si="0"/></c></row>'
    )
    sheet = open_workbook(written(tmp_path, package({"数据": worksheet(rows)}))).sheets[0]
    assert sheet.facts.uncomputed == {(1, 1), (1, 2), (1, 5)}


def test_openpyxl_sees_the_same_cells(tmp_path):
    generator = random.Random(1)
    book = openpyxl.Workbook()
    for row in range(3, 40):
        for column in range(2, 60, generator.randint(1, 5)):
            book.active.cell(row, column, generator.choice([1.5, "甲区", True, -3, None]))
    path = tmp_path / "甲.xlsx"
    book.save(path)
    rows = open_workbook(path).sheets[0].rows
    for row in book.active.iter_rows():
        for cell in row:
            ours = rows[cell.row - 1][cell.column - 1] if cell.row <= len(rows) else ""
            assert ours == ("" if cell.value is None else cell.value), cell.coordinate


def test_prefixed_xml_and_cells_without_references_are_read(tmp_path):
    rows = (
        '<x:row r="2"><x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>'
        '<x:row hidden="1" r="3"><x:c s="0" r="B3"><x:v>5</x:v></x:c></x:row>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    sheet = open_workbook(written(tmp_path, package({"数据": xml}))).sheets[0]
    assert sheet.rows[1][1] == 2.0
    assert sheet.rows[2][1] == 5.0
    assert sheet.facts.hidden_rows == {2}
    assert (sheet.facts.height, sheet.facts.width) == (3, 2)


def test_old_xls_carries_the_same_facts(tmp_path):
    cells = {(0, 0): "单位", (1, 1): 3.5, (2, 1): "#DIV/0!", (3, 1): Percent(0.97), (4, 0): "甲"}
    content = legacy({"数据": cells, "乙": {(0, 0): 1.0}}, [(4, 0, 5, 1)], [2], [5])
    workbook = open_workbook(written(tmp_path, content, "数据.xls"))
    sheet = workbook.sheets[0]
    assert workbook.kind == "xls"
    assert [row[1] for row in sheet.rows] == ["", 3.5, "#DIV/0!", 0.97, ""]
    assert sheet.facts.errors == {(2, 1): "#DIV/0!"}
    assert sheet.facts.percents == {(3, 1)}
    assert sheet.facts.hidden_rows == {2}
    assert sheet.facts.hidden_columns == {5}
    assert sheet.merged == (((4, 0), (5, 1)),)


def test_shared_texts_of_old_xls_are_measured_over_record_borders(tmp_path):
    texts = ["长" * 9_000, "短", "x" * 30_000, "末"]
    cells = {(r, 0): Shared(text) for r, text in enumerate(texts)}
    path = written(tmp_path, legacy({"甲": cells}), "甲.xls")
    assert [row[0] for row in open_workbook(path).sheets[0].rows] == texts
    with olefile.OleFileIO(path) as container:
        size = legacy_facts(container.openstream("Workbook").read())[2]
    assert size == 2 * sum(map(len, texts))


def test_suffix_does_not_decide_what_a_workbook_is(tmp_path):
    assert open_workbook(written(tmp_path, office_workbook(), "台账.xls")).kind == "xlsx"
    assert open_workbook(written(tmp_path, legacy({"甲": {(0, 0): 1.0}}), "甲.xlsx")).kind == "xls"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_send(tmp_path, encoding):
    content = '单位,数值\n甲区,"1,234.5"\n乙区\n'.encode(encoding)
    workbook = open_workbook(written(tmp_path, content, "填报.csv"))
    assert workbook.kind == "csv"
    assert workbook.sheets[0].name == "填报"
    assert workbook.sheets[0].rows == [["单位", "数值"], ["甲区", "1,234.5"], ["乙区", ""]]


def test_default_read_only_password_is_no_obstacle_and_a_real_one_is_named(tmp_path):
    for password, name in (("VelvetSweatshop", "只读.xlsx"), ("real secret", "加密.xlsx")):
        with (tmp_path / name).open("wb") as out:
            OOXMLFile(io.BytesIO(office_workbook())).encrypt(password, out)
    assert open_workbook(tmp_path / "只读.xlsx").sheets[0].rows[4][4] == 7.0
    assert refusal(tmp_path / "加密.xlsx") == "workbook-password"


def test_bureau_xls_with_read_only_password_is_read():
    path = SHARED / "nation-yearbook~part07-finance~02-public-budget~raw-2019.xls"
    if not path.exists():
        pytest.skip("the shared folder of real workbooks is not here")
    with path.open("rb") as file:
        assert msoffcrypto.OfficeFile(file).is_encrypted()
    assert [sheet.name for sheet in open_workbook(path).sheets] == ["1-2", "3", "CNKI"]


def test_missing_drawing_part_does_no_harm(tmp_path):
    xml = worksheet('<row r="1"><c r="A1"><v>1</v></c></row>', after='<drawing r:id="rId1"/>')
    rels = relations(("rId1", "drawing", "../drawings/drawing1.xml"))
    content = package({"数据": xml}, {"xl/worksheets/_rels/sheet1.xml.rels": rels})
    assert open_workbook(written(tmp_path, content)).sheets[0].rows == [[1.0]]


def test_external_links_are_named_and_not_followed(tmp_path):
    rows = '<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>8</v></c></row>'
    rels = relations(("rId1", "externalLinkPath", "file:///D:/2024/上报表.xlsx"))
    extra = {"xl/externalLinks/_rels/externalLink1.xml.rels": rels}
    workbook = open_workbook(written(tmp_path, package({"数据": worksheet(rows)}, extra)))
    assert workbook.sheets[0].rows == [[8.0]]
    assert [p.code for p in workbook.problems] == ["workbook-external-links"]
    assert "上报表.xlsx" in workbook.problems[0].message()
    assert workbook.problems[0].severity == "warning"


# --- what is refused ----------------------------------------------------------------------------


def test_missing_file_folder_and_empty_file_are_told_apart(tmp_path):
    assert refusal(tmp_path / "没有.xlsx") == "workbook-missing"
    assert refusal(tmp_path) == "workbook-is-folder"
    assert refusal(written(tmp_path, b"")) == "workbook-empty"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"anything", "进度.et", "workbook-save-as"),
        (b"anything", "通知.wps", "workbook-save-as"),
        (b"%PDF-1.7 ...", "进度.xlsx", "workbook-save-as"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "导出.xls", "workbook-save-as"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "导出.xls", "workbook-save-as"),
        (zipped({"OFD.xml": "<OFD/>"}), "公文.ofd", "workbook-save-as"),
        (zipped({"word/document.xml": "<w/>"}), "报告.docx", "workbook-save-as"),
        (zipped({"xl/workbook.bin": "x"}), "数据.xlsb", "workbook-save-as"),
        (zipped({"说明.txt": "x"}), "数据.xlsx", "workbook-not-one"),
        (b"\x00\x01\x02\x03 noise" * 50, "数据.xlsx", "workbook-not-one"),
        (b"\x00\x01\x02\x03\xff noise" * 50, "数据.csv", "workbook-not-one"),
        (b'a,"' + b"x" * 200_000, "数据.csv", "workbook-damaged"),
    ],
)
def test_files_of_other_kinds_are_refused_with_what_to_do(tmp_path, content, name, code):
    assert refusal(written(tmp_path, content, name)) == code


def test_wps_file_is_told_to_be_saved_as_xlsx(tmp_path):
    with pytest.raises(Refused) as caught:
        open_workbook(written(tmp_path, b"x", "进度.et"))
    assert "另存为 .xlsx" in caught.value.problem.text("zh")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_truncated_workbooks_are_refused(tmp_path, share):
    cells = {(r, c): 1.5 * r for r in range(500) for c in range(9)}
    for content, name in ((office_workbook(), "甲.xlsx"), (legacy({"甲": cells}), "甲.xls")):
        cut = content[: int(len(content) * share)]
        assert refusal(written(tmp_path, cut, name)) in {"workbook-damaged", "workbook-not-one"}


def test_flipped_bytes_end_in_a_result_or_a_refusal_and_nothing_else(tmp_path):
    generator = random.Random(3)
    cells = {(r, c): 1.5 * r for r in range(50) for c in range(5)}
    for original, name in ((office_workbook(), "甲.xlsx"), (legacy({"甲": cells}), "甲.xls")):
        for _ in range(60):
            content = bytearray(original)
            for _ in range(generator.randint(1, 20)):
                content[generator.randrange(len(content))] = generator.randrange(256)
            try:
                open_workbook(written(tmp_path, bytes(content), name))
            except Refused as refused:
                assert refused.problem.code.startswith(("workbook-", "sheet-"))


def test_more_sheets_than_anyone_keeps_are_refused(tmp_path):
    content = package({f"表{i}": ONE_CELL for i in range(opening.MAX_SHEETS + 1)})
    assert refusal(written(tmp_path, content)) == "workbook-too-many-sheets"
    content = package({f"表{i}": ONE_CELL for i in range(20)})
    assert len(open_workbook(written(tmp_path, content)).sheets) == 20


def test_stray_cell_far_away_costs_its_sheet_and_no_other(tmp_path):
    stray = worksheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
                      '<c r="XFD1048576"><v>1</v></c></row>')  # fmt: skip
    workbook = open_workbook(written(tmp_path, package({"坏": stray, "好": ONE_CELL})))
    assert [sheet.name for sheet in workbook.sheets] == ["好"]
    [problem] = workbook.problems
    assert (problem.code, problem.place.sheet) == ("sheet-too-large", "坏")
    assert "XFD1048576" in problem.message()


def test_declared_dimension_alone_costs_nothing(tmp_path):
    xml = worksheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>'
    )
    assert open_workbook(written(tmp_path, package({"数据": xml}))).sheets[0].rows == [[1.0]]


def lying_package() -> bytes:
    """A part that declares 1,000 bytes and unpacks to 40 million."""
    content = bytearray(package({"数据": worksheet(" " * 40_000_000)}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark)
        while at >= 0:
            name = content[at + (46 if offset == 24 else 30) :][:24]
            if name == b"xl/worksheets/sheet1.xml":
                struct.pack_into("<I", content, at + offset, 1000)
            at = content.find(mark, at + 4)
    return bytes(content)


def test_part_that_lies_about_its_size_is_refused(tmp_path):
    path = written(tmp_path, lying_package())
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size == 1000
    assert refusal(path) == "workbook-damaged"


def test_password_that_would_take_minutes_to_try_is_refused(tmp_path):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(office_workbook())).encrypt("VelvetSweatshop", out)
    assert b'spinCount="100000"' in out.getvalue()
    slow = out.getvalue().replace(b'spinCount="100000"', b'spinCount="9900000"', 1)
    assert refusal(written(tmp_path, slow)) in {"workbook-password", "workbook-damaged"}


HOSTILE_RUN = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from saima.files.opening import open_workbook
from saima.problems import Refused
for name in sys.argv[1:]:
    start = time.monotonic()
    try:
        outcome = [p.code for p in open_workbook(Path(name)).problems]
    except Refused as refused:
        outcome = [refused.problem.code]
    assert time.monotonic() - start < 20, name
    print(Path(name).stem, *outcome)
"""


def hostile_files() -> dict[str, tuple[bytes, str]]:
    """File contents and the code that each must end in."""
    blanks = worksheet(" " * 100_000_000)
    corners = '<row><c><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"/></row>'
    sparse = '<row r="1"><c r="A1"/></row><row r="1"><c r="A1048576"><v>1</v></c></row>'
    shared = f"<sst><si><t>{'x' * 32_000}</t></si></sst>"
    repeated = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 99_999)
    )
    quoted = repeated.replace('t="s"', "t='s'")
    wide = f'<row r="1">{"<c><v>1</v></c>" * 16384}</row><row r="1048576"><c/></row>'
    entities = '<!DOCTYPE x [<!ENTITY a "' + "a" * 60_000 + '">]>'
    errors = "".join(f'<row r="{r}"><c r="A{r}" t="e"/></row>' for r in range(1, 100_100))
    corner = {(0, 0): 1.0, (65535, 255): 1.0}
    return {
        "bomb.xlsx": (package({"甲": blanks}, level=9), "workbook-unpacks-too-large"),
        "nested.xlsx": (zipped({"xl/workbook.xml": entities + "&a;" * 9}), "workbook-damaged"),
        "corners.xlsx": (package({"甲": worksheet(corners)}), "sheet-too-large"),
        "implicit.xlsx": (package({"甲": worksheet(wide)}), "sheet-too-large"),
        "deep.xlsx": (package({f"表{i}": worksheet(sparse) for i in range(9)}), "sheet-too-large"),
        "marked.xlsx": (package({"甲": worksheet(errors)}), "sheet-too-many-marked"),
        "corner.xls": (legacy({f"表{i}": corner for i in range(30)}), "sheet-too-large"),
        "many.xlsx": (package({f"表{i}": ONE_CELL for i in range(10_000)}, level=1),
                      "workbook-too-many-sheets"),
        "shared.xlsx": (package({"甲": worksheet(repeated)}, {"xl/sharedStrings.xml": shared}),
                        "workbook-unpacks-too-large"),
        "quoted.xlsx": (package({"甲": worksheet(quoted)}, {"xl/sharedStrings.xml": shared}),
                        "workbook-unpacks-too-large"),
        "shared.xls": (legacy({"甲": {(r, 0): Shared("长" * 20_000) for r in range(20_000)}}),
                       "workbook-unpacks-too-large"),
    }  # fmt: skip


def test_hostile_files_end_in_a_refusal_in_bounded_time_and_memory(tmp_path):
    files = hostile_files()
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", HOSTILE_RUN, *(str(tmp_path / name) for name in files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcomes = {line.split()[0]: set(line.split()[1:]) for line in run.stdout.splitlines()}
    assert outcomes == {Path(name).stem: {code} for name, (_, code) in files.items()}


def test_limits_are_above_what_offices_keep():
    assert opening.MAX_CELLS >= 100_000 * 40
    assert MAX_UNPACKED >= 100_000 * 100 * 40


# --- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "\tx", "\r=1", " =1", "－cmd", "-1+2", "+86 1"]
)
def test_text_that_would_run_as_a_formula_is_held(text):
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "-1,234.50", "+2", "-4.8%", "甲区", "-", "", "3=3"])
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert safe_text(text) == text
