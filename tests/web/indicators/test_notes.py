"""Policies and contacts of the whole campaign: who keeps them, who sees them, what is exported."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators import actions
from saima_web.indicators.models import Note
from saima_web.people.models import User
from tests.web.cast import House

LogIn = Callable[[User], Client]
PAGE = "/c/race/indicators/notes/"
POLICY = {
    "kind": "policy",
    "on": date(2026, 6, 8),
    "party": "示例市政府",
    "number": "示政发〔2026〕8号",
}
CONTACT = {"kind": "contact", "on": date(2026, 6, 9), "party": "示例统计局"}


def keep(house: House, title: str, **more: Any) -> Note:
    return actions.add_note(campaign=house.campaign, title=title, by=house.office, **more)


def test_office_keeps_a_policy_of_the_campaign_in_the_browser(house: House, as_user: LogIn) -> None:
    client = as_user(house.office)
    assert "还没有登记政策和对接" in client.get(PAGE).content.decode()
    sent = {**POLICY, "on": "2026-06-08", "title": "关于开展赛马的通知", "text": "第三条"}
    page = client.post(PAGE + "new/", sent, follow=True).content.decode()
    assert "登记了1份政策、" in page and "其中1条关于整个行动" in page
    assert "关于开展赛马的通知" in page and "示政发〔2026〕8号" in page
    entry = Entry.objects.get(event="campaign.noted")
    assert "赛马的通知" not in str(entry.data) and entry.personal_digest


def test_note_of_tomorrow_and_one_without_a_title_are_refused(house: House, as_user: LogIn) -> None:
    client = as_user(house.office)
    page = client.post(PAGE + "new/", {**POLICY, "on": "2036-06-08", "title": ""}).content.decode()
    assert "日期还没有到。" in page and not Note.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "head", "owner", "lead_office", "leader", "viewer"])
def test_only_the_office_keeps_notes_of_the_campaign(
    house: House, as_user: LogIn, who: str
) -> None:
    with pytest.raises(Refused):
        actions.add_note(campaign=house.campaign, title="试试", by=house.people[who], **POLICY)
    assert as_user(house.people[who]).get(PAGE + "new/").status_code == 403
    assert "登记政策或对接" not in as_user(house.people[who]).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("who", "seen"),
    [("office", True), ("leader", True), ("owner", False), ("clerk", False), ("viewer", False)],
)
def test_policies_are_for_everybody_and_contacts_for_the_overseers(
    house: House, as_user: LogIn, who: str, seen: bool
) -> None:
    keep(house, "年度总方案", **POLICY)
    keep(house, "约定报送口径", **CONTACT)
    page = as_user(house.people[who]).get(PAGE).content.decode()
    assert "年度总方案" in page
    assert ("约定报送口径" in page) is seen


def test_list_holds_the_indicators_notes_too_and_is_exported(house: House, as_user: LogIn) -> None:
    keep(house, "年度总方案", **POLICY)
    actions.add_note(
        indicator=house.indicators["revenue"], campaign=house.campaign, title="收入口径细则",
        by=house.office, **POLICY,
    )  # fmt: skip
    client = as_user(house.office)
    whole = client.get(PAGE + "?box=whole").content.decode()
    assert "年度总方案" in whole and "收入口径细则" not in whole
    book = load_workbook(io.BytesIO(b"".join(client.get(PAGE + "?export=xlsx"))))  # type: ignore[arg-type]
    said = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert any("收入口径细则" in row and "营业收入" in row for row in said)
    assert any("年度总方案" in row and "整个行动" in row for row in said)


def test_note_is_withdrawn_from_the_page_and_stays_in_the_ledger(
    house: House, as_user: LogIn
) -> None:
    row = keep(house, "年度总方案", **POLICY)
    assert as_user(house.owner).post(f"{PAGE}{row.pk}/withdraw/").status_code == 403
    page = as_user(house.office).post(f"{PAGE}{row.pk}/withdraw/", follow=True).content.decode()
    assert "已撤下" in page and "年度总方案" not in page
    events = list(Entry.objects.filter(campaign="race").values_list("event", flat=True))
    assert events[-2:] == ["campaign.noted", "campaign.note-withdrawn"]


def test_another_campaign_neither_shows_nor_withdraws_it(house: House, as_user: LogIn) -> None:
    row = keep(house, "年度总方案", **POLICY)
    other = Campaign.objects.create(
        code="other", name="另一行动", organisation="示例集团", state="running",
        start=date(2026, 1, 1), end=date(2026, 12, 31), counts=["confirmed"],
    )  # fmt: skip
    post = house.office.posts.get()
    post.pk, post.campaign = None, other
    post.save()
    client = as_user(house.office)
    assert "年度总方案" not in client.get("/c/other/indicators/notes/").content.decode()
    address = f"/c/other/indicators/notes/{row.pk}/withdraw/"
    assert client.post(address).status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_note_is_about_an_indicator_or_a_campaign_never_both(house: House) -> None:
    both = {"indicator": house.indicators["revenue"], "campaign": house.campaign}
    for about in (both, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.create(title="试试", recorded_at=now(), **POLICY, **about)
