"""The stamped sheet: its check code holds while the figures do, and says what changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from saima.problems import Refused
from saima_web.reporting import actions, grid, grid_cell, stamp
from saima_web.reporting.models import Entry, Evidence
from saima_web.ui.uploads import LIMIT
from tests.web.cast import House
from tests.web.reporting.thirty import furnish

AsUser = Callable[..., Client]
STAMP = "/c/race/report/2026-10/E1/stamp/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def entries(house: House) -> dict[str, Entry]:
    found = {e.indicator.code: e for e in furnish(house)}
    actions.save_figure(entry=found["profit"], value=Decimal(405), by=house.clerk)
    return found


def code(house: House) -> str:
    round = grid.round_in(house.campaign, "2026-10")
    return stamp.code_of(grid.unit_sheet(house.clerk, round, "E1"))


def checked(client: Client, text: str) -> str:
    return client.get(STAMP + "check/", {"code": text}).content.decode()


def test_the_printed_code_is_recognised(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client = as_user(house.clerk)
    assert code(house) in client.get(STAMP).content.decode()
    assert "打印以后没有改动过。" in checked(client, code(house))


def test_dashes_spaces_and_small_letters_do_not_matter(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    typed = code(house).replace("-", " ").lower()
    assert "打印以后没有改动过。" in checked(as_user(house.clerk), typed)


def test_a_change_since_printing_is_shown_with_both_figures(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    printed = code(house)
    actions.save_figure(entry=entries["profit"], value=Decimal(450), by=house.clerk)
    actions.save_figure(entry=entries["taxes"], value=Decimal(301), by=house.clerk)
    page = checked(as_user(house.clerk), printed)
    assert "打印以后改了2项。" in page
    assert "<s>405</s>" in page
    assert "<s>未报</s>" in page


@pytest.mark.parametrize("text", ["AAAA-BBBB-CCCC", "短", "'; drop", "A" * 40])
def test_a_made_up_code_is_not_recognised(
    house: House, entries: dict[str, Entry], as_user: AsUser, text: str
) -> None:
    assert "对不上：" in checked(as_user(house.clerk), text)


def test_the_scan_is_kept_with_its_code(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client = as_user(house.clerk)
    client.post(STAMP + "scan/", {"file": SimpleUploadedFile("扫描.pdf", PDF)})
    row = Evidence.objects.get()
    assert row.name == f"盖章表_{code(house)}.pdf"
    assert row.name in client.get(STAMP).content.decode()
    answer = client.get(f"/c/race/evidence/{row.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_scan_that_is_no_picture_is_refused(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client = as_user(house.clerk)
    file = SimpleUploadedFile("扫描.pdf", b"<script>")
    page = client.post(STAMP + "scan/", {"file": file}, follow=True).content.decode()
    assert "不能作为佐证材料" in page
    assert not Evidence.objects.exists()


class Huge(TemporaryUploadedFile):
    """A file of 20 MB and one byte, a hole on the disk, that says when it is read."""

    def __init__(self) -> None:
        super().__init__("现场.pdf", "application/pdf", LIMIT + 1, None)
        self.file.truncate(LIMIT + 1)

    def read(self, *_: object) -> bytes:
        raise AssertionError("read before its size was looked at")


def test_evidence_that_is_too_large_is_refused_unread(house: House) -> None:
    with pytest.raises(Refused) as error:
        grid_cell.content_of(Huge(), "现场.pdf")
    assert error.value.problem.code == "bad-evidence"
    assert "超过20MB" in error.value.problem.message()
    small = SimpleUploadedFile("现场.pdf", PDF)
    assert grid_cell.content_of(small, "现场.pdf") == PDF


def test_cell_takes_a_file_and_tells_why_a_large_one_is_not_taken(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client, address = as_user(house.clerk), f"/c/race/cells/{entries['profit'].pk}/evidence/"
    large = SimpleUploadedFile("现场.pdf", PDF + bytes(LIMIT))
    assert "文件有20.0MB，超过20MB。" in client.post(address, {"file": large}).content.decode()
    assert not Evidence.objects.exists()
    client.post(address, {"file": SimpleUploadedFile("现场.pdf", PDF)})
    assert Evidence.objects.get().name == "现场.pdf"


def test_others_cannot_read_the_evidence(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    as_user(house.clerk).post(STAMP + "scan/", {"file": SimpleUploadedFile("扫描.pdf", PDF)})
    pk = Evidence.objects.get().pk
    assert as_user(house.other_clerk).get(f"/c/race/evidence/{pk}/").status_code == 404
    assert as_user(house.viewer).get(f"/c/race/evidence/{pk}/").status_code == 403
