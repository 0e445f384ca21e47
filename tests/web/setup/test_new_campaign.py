"""A campaign in three ways: by form, from an uploaded file with its preview, after last year's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from saima.files.campaign import load_campaign, save_campaign
from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.indicators.models import Assignment
from saima_web.indicators.queries import parsed
from saima_web.people.actions import first_administrator
from saima_web.people.models import Post, Upload, User
from saima_web.setup import actions
from saima_web.targets.models import Target
from tests.web.cast import House

AsUser = Callable[[User], Client]
ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "src/saima/samples/hundred-days"
FORM = {
    "code": "race-2027", "name": "2027年赛马行动", "organisation": "示例集团",
    "clock_kind": "natural_year", "start": "2027-01-01", "end": "2027-12-31", "scores": "month",
    "counts": "confirmed", "report_day": "8", "confirm_day": "12", "explain_from": "3",
    "tracks": "经营类\n建设类\n\n经营类",
}  # fmt: skip


def zipped(folder: Path, *, extra: dict[str, bytes] | None = None) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"行动/{path.relative_to(folder)}")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    stream.seek(0)
    stream.name = "行动.zip"
    return stream


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The sample as one workbook, its units under codes that the house does not have."""
    path = tmp_path / "台账.xlsx"
    tables, books = load_campaign(FOLDER)
    save_campaign(tables, books, path)
    return path


@pytest.fixture
def first(db: None) -> User:
    """The administrator of an empty platform."""
    return first_administrator(username="first", name="江启明", password="draw-the-bow-7")


def upload(client: Client, content: bytes, name: str) -> str:
    stream = io.BytesIO(content)
    stream.name = name
    answer = client.post("/campaigns/new/import/", {"file": stream})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_campaign_by_form_leads_to_what_is_still_to_do(house: House, as_user: AsUser) -> None:
    client = as_user(house.admin)
    answer = client.post("/campaigns/new/form/", FORM)
    assert answer["Location"] == "/c/race-2027/settings/ready/"
    page = client.get(answer["Location"]).content.decode()
    assert "还差5步可以启动" in page
    assert "下一步：单位和赛道" in page
    campaign = Campaign.objects.get(code="race-2027")
    assert list(campaign.tracks.values_list("name", flat=True)) == ["经营类", "建设类"]
    assert campaign.state == "preparing"
    assert Entry.objects.filter(event="campaign.made", campaign="race-2027").exists()


def test_a_new_campaign_says_on_every_first_page_what_to_do_next(
    house: House, as_user: AsUser
) -> None:
    client = as_user(house.admin)
    client.post("/campaigns/new/form/", FORM)
    Post.objects.create(user=house.office, role="office")
    office, ready = as_user(house.office), "/c/race-2027/settings/ready/"
    pages = {p: office.get(f"/c/race-2027/{p}").content.decode() for p in ("", "settings/", "scores/", "rounds/open/")}  # fmt: skip
    assert "行动还在筹备：还差5步可以启动，下一步：单位和赛道" in pages[""] and ready in pages[""]
    assert f'href="{ready}">启动行动' in pages["settings/"]
    assert (
        "还没有可以计分的期间" in pages["scores/"] and 'data-opens="start"' not in pages["scores/"]
    )
    assert "还没有要填报的单位和指标" in pages["rounds/open/"]
    assert (
        "先做好准备" in pages["rounds/open/"] and ">开启填报</button>" not in pages["rounds/open/"]
    )
    assert "行动还在筹备" not in office.get("/c/race/").content.decode()


@pytest.mark.parametrize(
    ("moment", "year"), [("2026-11-30T15:59", 2026), ("2026-11-30T16:00", 2027)]
)
def test_a_new_campaign_is_this_years_and_in_december_the_nexts(
    house: House, as_user: AsUser, moment: str, year: int
) -> None:
    with clock.at(datetime.fromisoformat(f"{moment}+00:00")):
        page = as_user(house.people["admin"]).get("/campaigns/new/form/")
    form = page.context["form"]
    assert (form["start"].initial, form["end"].initial) == (date(year, 1, 1), date(year, 12, 31))


def test_taken_code_is_told_at_its_field(house: House, as_user: AsUser) -> None:
    page = as_user(house.admin).post("/campaigns/new/form/", FORM | {"code": "race"})
    assert "这个代码已经用过" in page.content.decode()


@pytest.mark.parametrize("page", ["", "form/", "import/", "clone/", "import/template/"])
@pytest.mark.parametrize("who", ["clerk", "leader", "head", "viewer", "stranger"])
def test_others_make_no_campaign(house: House, as_user: AsUser, page: str, who: str) -> None:
    assert as_user(house.people[who]).get(f"/campaigns/new/{page}").status_code == 403


def test_workbook_is_looked_at_and_then_imported(
    first: User, as_user: AsUser, workbook: Path
) -> None:
    client = as_user(first)
    address = upload(client, workbook.read_bytes(), "台账.xlsx")
    assert "可以导入" in client.get(address).content.decode()
    assert Campaign.objects.count() == 0
    answer = client.post(address, {"code": "hundred-days"})
    assert answer["Location"] == "/c/hundred-days/settings/ready/"
    campaign = Campaign.objects.get(code="hundred-days")
    assert campaign.participations.count() >= 14
    assert not Upload.objects.exists()


def test_zipped_folder_is_imported_and_foreign_files_stay_out(first: User, as_user: AsUser) -> None:
    client = as_user(first)
    evil = {"../../evil.csv": b"x", "行动/run.exe": b"x"}
    address = upload(client, zipped(FOLDER, extra=evil).getvalue(), "行动.zip")
    client.post(address, {"code": "zipped"})
    assert Campaign.objects.filter(code="zipped").exists()


def test_errors_are_told_by_cell_and_nothing_is_imported(
    first: User, as_user: AsUser, workbook: Path
) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["目标"]
    sheet["A2"] = "没有这个单位"
    book.save(workbook)
    client = as_user(first)
    address = upload(client, workbook.read_bytes(), "台账.xlsx")
    page = client.get(address).content.decode()
    assert "“目标”!A2" in page
    assert "现在一条也没有导入" in page
    assert "导入行动</button>" not in page
    client.post(address, {"code": "broken"})
    assert not Campaign.objects.filter(code="broken").exists()
    marked = openpyxl.load_workbook(io.BytesIO(client.get(address + "marked/").content))
    assert marked.sheetnames[0] == "问题清单"
    assert marked["目标"]["A2"].comment is not None


def test_unit_code_that_means_another_unit_is_told_before_the_import(
    house: House, as_user: AsUser, workbook: Path
) -> None:
    unit = house.units["E1"]
    unit.code = load_campaign(FOLDER)[0].campaign.units[1].code
    unit.save()
    client = as_user(house.admin)
    page = client.get(upload(client, workbook.read_bytes(), "台账.xlsx")).content.decode()
    assert "在平台上是“示例栖湖文旅公司”" in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("行动.zip", b"PK broken", "压缩包打不开"),
        ("台账.xlsx", b"no workbook", "读不出行动"),
    ],
)
def test_unreadable_files_are_refused_in_words(
    house: House, as_user: AsUser, name: str, content: bytes, words: str
) -> None:
    client = as_user(house.admin)
    assert words in client.get(upload(client, content, name)).content.decode()


def test_zip_without_a_campaign_says_so(house: House, as_user: AsUser, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n")
    client = as_user(house.admin)
    page = client.get(upload(client, zipped(tmp_path).getvalue(), "x.zip")).content.decode()
    assert "没有campaign.yaml" in page


def test_template_workbook_can_be_imported_as_it_is(first: User, as_user: AsUser) -> None:
    client = as_user(first)
    content = client.get("/campaigns/new/import/template/").content
    address = upload(client, content, "模板.xlsx")
    assert client.post(address, {"code": "from-template"}).status_code == 302


@pytest.fixture
def last_year(house: House) -> Campaign:
    """The house's campaign with monthly plans, a key date, and an assignment of a track."""
    campaign = house.campaign
    batch = campaign.target_sets.get()
    unit, revenue = house.units["E1"], house.indicators["revenue"]
    for month in range(1, 13):
        Target.objects.create(
            batch=batch, unit=unit, indicator=revenue, period=f"2026-{month:02}", value="1000",
            recorded_at=batch.made_at,
        )  # fmt: skip
    KeyDate.objects.create(campaign=campaign, on=date(2026, 9, 23), name="启动会")
    Assignment.objects.create(
        campaign=campaign, indicator=revenue, track=campaign.tracks.get(name="建设类")
    )
    return campaign


def test_last_years_campaign_is_followed_a_year_on(house: House, last_year: Campaign) -> None:
    new = actions.clone_campaign(
        old=last_year, code="race-2027", name="2027年赛马行动", years=1, by=house.admin
    )
    assert (new.start, new.end, new.sprint_start) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
        date(2027, 9, 23),
    )
    tracks = {p.unit.code: p.track.name for p in new.participations.all()}
    assert tracks == {"E1": "经营类", "E2": "经营类", "C1": "建设类"}
    assert new.assignments.get().track.campaign == new
    assert new.key_dates.get().on == date(2027, 9, 23)
    draft = new.rulebooks.get()
    book, problems = parsed(draft.text)
    assert book is not None
    assert not [p for p in problems if p.severity == "error"]
    assert (draft.state, book.effective.from_, book.version) == ("draft", "2027-01", 1)
    assert not new.target_sets.exists()
    assert last_year.rulebooks.get().state == "published"


def test_scaled_targets_wait_for_approval_and_months_still_make_the_year(
    house: House, last_year: Campaign
) -> None:
    office = house.office
    Post.objects.create(user=office, role="office")
    new = actions.clone_campaign(
        old=last_year, code="race-2027", name="x", years=1, by=office, factor=Decimal("1.0833")
    )
    batch = new.target_sets.get()
    assert batch.state == "submitted"
    rows = {
        t.period: t.value for t in batch.targets.filter(unit__code="E1", indicator__code="revenue")
    }
    assert rows["2027"] == Decimal("13000")  # 12999.6 to whole numbers
    assert sum(v for p, v in rows.items() if p != "2027") == rows["2027"]
    assert rows["2027-01"] == Decimal("1083")


def test_who_may_not_edit_targets_does_not_scale_them(house: House, last_year: Campaign) -> None:
    with pytest.raises(Refused, match="编制目标"):
        actions.clone_campaign(
            old=last_year, code="y", name="y", years=1, by=house.admin, factor=Decimal(1)
        )
    assert not Campaign.objects.filter(code="y").exists()


def test_clone_by_the_form(house: House, as_user: AsUser, last_year: Campaign) -> None:
    answer = as_user(house.admin).post(
        "/campaigns/new/clone/",
        {"old": last_year.pk, "name": "明年", "code": "next", "years": "1"},
    )
    assert answer["Location"] == "/c/next/settings/ready/"
    assert Campaign.objects.get(code="next").cloned_from == last_year
