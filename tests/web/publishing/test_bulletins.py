"""Bulletins, sheets and the public page: numbered, anchored, kept as issued, off unless released."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Anchor
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import now
from saima_web.publishing import actions
from saima_web.publishing.models import Bulletin
from saima_web.reporting.models import Figure
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreRun
from tests.web.cast import House

AsUser = Callable[..., Client]
PERIOD = "2026-09"


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    yield


def published(house: House, reason: str = "") -> ScoreRun:
    run = scoring.run(campaign=house.campaign, period=PERIOD, by=house.office, reason=reason)
    run = scoring.send_for_checking(run=run, by=house.office)
    run = scoring.close_checking(run=run, by=house.office)
    run = scoring.approve(run=run, by=house.leader)
    return scoring.publish(run=run, by=house.office)


def issued(house: House, run: ScoreRun) -> Bulletin:
    return actions.issue(run=run, dated=date(2026, 10, 15), by=house.office)


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read("word/document.xml").decode()


def test_bulletin_is_numbered_anchored_and_kept_in_four_formats(house: House) -> None:
    house.campaign.documents = {"number": "示例考核〔2026〕{issue}号", "first-issue": 7}
    house.campaign.save()

    run = published(house)
    end = LedgerEntry.objects.count()
    made = issued(house, run)
    assert made.issue == 7
    anchor = Anchor.objects.get()
    assert anchor.number == end
    assert anchor.digest == LedgerEntry.objects.get(number=end).digest
    assert anchor.digest[:16] in made.anchor
    files = {f.name.rpartition(".")[2]: f for f in made.files.all()}
    assert set(files) == {"docx", "xlsx", "pptx", "html"}
    content = files["docx"].file.read()
    assert hashlib.sha256(content).hexdigest() == files["docx"].digest
    assert made.anchor in words_of(content)
    assert made.anchor in files["html"].file.read().decode()


def test_unpublished_run_and_a_second_issue_are_refused(house: House) -> None:
    draft = scoring.run(campaign=house.campaign, period=PERIOD, by=house.office)
    with pytest.raises(Refused, match="还没有公布"):
        issued(house, draft)
    run = published(house)
    issued(house, run)
    with pytest.raises(Refused, match="已经印发过第1期"):
        issued(house, run)
    with pytest.raises(Refused, match="没有“印发通报”的权限"):
        actions.issue(run=run, dated=date(2026, 10, 15), by=house.leader)
    assert Bulletin.objects.count() == 1


def test_correction_gets_the_next_number_and_points_back(house: House, as_user: AsUser) -> None:
    first = issued(house, published(house))
    kept = [(f.name, f.digest, f.file.read()) for f in first.files.all()]
    Figure.objects.create(
        unit=house.units["E2"], indicator=house.indicators["revenue"], period=PERIOD,
        source="confirmed", value="1500", recorded_at=now(),
    )  # fmt: skip
    second = issued(house, published(house, "澄江置业收入核定有误"))
    assert second.issue == 2
    docx = next(f for f in second.files.all() if f.name.endswith("docx"))
    assert "本期更正第1期" in words_of(docx.file.read())
    viewer = as_user(house.viewer)
    page = viewer.get(f"/c/race/bulletins/{second.pk}/").content.decode()
    assert "澄江置业收入核定有误" in page
    assert "71.50" in page
    assert "第2期" in viewer.get(f"/c/race/bulletins/{first.pk}/").content.decode()
    assert [(f.name, f.digest, f.file.read()) for f in first.files.all()] == kept


def test_office_previews_and_issues_in_the_browser(house: House, as_user: AsUser) -> None:
    run = published(house)
    office = as_user(house.office)
    assert "印发2026年9月通报" in office.get("/c/race/bulletins/").content.decode()
    assert "通报" in office.get(f"/c/race/publish/{run.pk}/preview/").content.decode()
    office.post(f"/c/race/publish/{run.pk}/", {"dated": "2026-10-15"})
    made = Bulletin.objects.get()
    assert made.dated == date(2026, 10, 15)
    page = office.get(f"/c/race/bulletins/{made.pk}/").content.decode()
    assert made.title in page
    paper = as_user(house.clerk).get(f"/c/race/bulletins/files/{made.files.all()[0].pk}/")
    assert paper.content[:2] == b"PK"
    assert as_user(house.clerk).get(f"/c/race/publish/{run.pk}/preview/").status_code == 403


def test_unit_downloads_its_own_sheet_only(house: House, as_user: AsUser) -> None:
    run = published(house)
    own = as_user(house.clerk).get(f"/c/race/publish/{run.pk}/sheets/E1/")
    assert "总分70.50分，经营类第1名" in words_of(own.content)
    assert as_user(house.clerk).get(f"/c/race/publish/{run.pk}/sheets/E2/").status_code == 403
    assert as_user(house.clerk).get(f"/c/race/publish/{run.pk}/sheets/").status_code == 403
    archive = as_user(house.office).get(f"/c/race/publish/{run.pk}/sheets/").content
    assert len(zipfile.ZipFile(io.BytesIO(archive)).namelist()) == 3


def test_public_page_is_off_until_opened_and_released(house: House, as_user: AsUser) -> None:
    run = published(house)
    anyone = Client()
    assert anyone.get("/public/race/").status_code == 404
    house.campaign.public = True
    house.campaign.save()
    assert "栖湖文旅" not in anyone.get("/public/race/").content.decode()
    at = f"/c/race/publish/{run.pk}/release/"
    assert as_user(house.office).post(at, {"reviewed": "1"}).status_code == 403
    leader = as_user(house.leader)
    assert leader.post(at, {}).status_code == 409  # not ticked
    leader.post(at, {"reviewed": "1"})
    page = anyone.get("/public/race/").content.decode()
    assert "栖湖文旅" in page
    assert "70.50" in page
    assert "40.50" not in page
    leader.post(at, {"reviewed": "1", "with_marks": "1"})
    page = anyone.get("/public/race/").content.decode()
    assert "40.50" in page
    assert "8,100" not in page
    leader.post(at, {"event": "withdraw"})
    assert "栖湖文旅" not in anyone.get("/public/race/").content.decode()


def test_corrected_ranking_leaves_the_public_page_until_released_again(house: House) -> None:
    house.campaign.public = True
    house.campaign.save()
    run = published(house)
    actions.release(run=run, with_marks=False, reviewed=True, by=house.leader)
    assert "70.50" in Client().get("/public/race/").content.decode()
    published(house, "重核")
    assert "70.50" not in Client().get("/public/race/").content.decode()
