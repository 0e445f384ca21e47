"""Telling people inside the platform: who gets it, the unread count, what opens and closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.messaging import actions
from saima_web.messaging.models import Message
from saima_web.messaging.queries import recipients, unread
from saima_web.people.models import Role, User
from tests.web.cast import House

As = Callable[[User], Client]


def told(house: House, to: object, **more: object) -> list[Message]:
    given = {"kind": "task", "subject": "有新的任务", "link": "/c/race/tasks/1/"} | more
    return actions.tell(to=to, campaign=house.campaign, by=house.office, **given)  # type: ignore[arg-type]


def test_a_unit_is_its_clerks_and_heads(house: House) -> None:
    assert {m.to for m in told(house, house.units["E1"])} == {house.clerk, house.head}


def test_a_role_is_everybody_who_has_it_in_the_campaign(house: House) -> None:
    assert {m.to for m in told(house, Role.OFFICE)} == {house.office}


def test_several_ways_to_the_same_person_make_one_message(house: House) -> None:
    made = told(house, [house.head, house.units["E1"], Role.HEAD])
    assert [m.to for m in made].count(house.head) == 1
    assert {m.to for m in made} == {house.clerk, house.head, house.other_head}


def test_people_who_are_disabled_or_whose_post_ended_are_not_told(house: House) -> None:
    house.clerk.is_active = False
    house.clerk.save()
    house.head.posts.update(valid_to="2020-01-01")
    assert told(house, house.units["E1"]) == []
    assert recipients(house.clerk) == []


def test_telling_stands_in_the_ledger_with_its_words_apart(house: House) -> None:
    made = told(house, house.head)
    entry = Entry.objects.get(event="message.posted")
    assert entry.data["to"] == [made[0].to_id] and entry.data["kind"] == "task"
    assert entry.personal.text == "有新的任务" and "有新的任务" not in str(entry.data)


def test_a_link_out_of_the_platform_is_a_mistake_of_the_caller(house: House) -> None:
    for link in ("//evil.example/x", "https://evil.example", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="platform"):
            told(house, house.head, link=link)
    assert not Message.objects.exists()


def test_unread_shows_in_the_frame_until_the_message_is_opened(house: House, as_user: As) -> None:
    made = told(house, house.head)[0]
    client = as_user(house.head)
    assert "s-unread" in client.get("/inbox/").content.decode()
    answer = client.get(f"/inbox/{made.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/c/race/tasks/1/")
    assert unread(house.head) == 0
    assert "s-unread" not in client.get("/inbox/").content.decode()


def test_a_message_without_link_is_shown_by_itself(house: House, as_user: As) -> None:
    made = told(house, house.head, link="", text="请于周五前报送。")[0]
    assert "请于周五前报送。" in as_user(house.head).get(f"/inbox/{made.pk}/").content.decode()


def test_nobody_opens_or_reads_the_messages_of_others(house: House, as_user: As) -> None:
    made = told(house, house.head, subject="只给周临川")[0]
    assert as_user(house.other_head).get(f"/inbox/{made.pk}/").status_code == 404
    assert "只给周临川" not in as_user(house.other_head).get("/inbox/").content.decode()
    assert actions.mark_read(messages=[made], by=house.other_head) == 0
    assert unread(house.head) == 1


def test_all_are_read_at_once_only_ones_own(house: House, as_user: As) -> None:
    told(house, [house.head, house.clerk])
    as_user(house.head).post("/inbox/read/")
    assert (unread(house.head), unread(house.clerk)) == (0, 1)


def test_the_office_announces_to_everybody_with_text_and_picture_to_copy(
    house: House, as_user: As
) -> None:
    client = as_user(house.office)
    data = {"subject": "本周调度会", "text": "周三下午三点，三楼会议室。\n请带进度表。"}
    page = client.post("/c/race/notices/write/", data, follow=True).content.decode()
    assert "【本周调度会】" in page and "周三下午三点" in page
    assert unread(house.viewer) == 1 and unread(house.stranger) == 0
    drawn = client.get(f"/c/race/notices/{house.campaign.notices.get().pk}/picture/")
    assert drawn.content[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("who", ["leader", "head", "viewer", "admin"])
def test_nobody_but_the_office_announces(house: House, who: str) -> None:
    with pytest.raises(Refused):
        actions.announce(campaign=house.campaign, subject="通知", text="内容", by=house.people[who])
    assert not Message.objects.exists()


def test_an_empty_notice_is_refused_and_its_form_says_so(house: House, as_user: As) -> None:
    with pytest.raises(Refused, match="标题"):
        actions.announce(campaign=house.campaign, subject=" ", text="内容", by=house.office)
    page = as_user(house.office).post("/c/race/notices/write/", {"subject": "", "text": "留着"})
    assert "留着" in page.content.decode() and not house.campaign.notices.exists()
