"""Administrators keep units, users and posts; nobody widens their own rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import today
from saima_web.people import actions, sessions
from saima_web.people.models import LoginSession, Post, Role, Unit, User
from saima_web.people.permissions import may
from saima_web.people.unit_actions import save_unit
from tests.web.cast import PASSWORD, House

AsUser = Callable[[User], Client]


def fresh(user: User) -> User:
    """The user as the next request sees them."""
    return User.objects.get(pk=user.pk)


def test_new_user_gets_a_first_password_once_and_must_change_it(
    house: House, as_user: AsUser
) -> None:
    page = as_user(house.admin).post(
        "/people/new/", {"username": "lin", "name": "林知夏", "unit": house.units["E1"].pk}
    )
    found = re.search(r'<code id="first-password">([^<]+)</code>', page.content.decode())
    assert found is not None
    assert page["Cache-Control"] == "no-store"
    client = Client()
    client.post("/login/", {"username": "lin", "password": found[1]})
    assert client.get("/account/")["Location"] == "/account/password/"
    assert found[1] not in str(list(Entry.objects.values_list("data", "subject")))


def test_login_name_is_taken_whatever_its_case(house: House, as_user: AsUser) -> None:
    page = as_user(house.admin).post("/people/new/", {"username": "CLERK", "name": "沈二"})
    assert "已经有人用" in page.content.decode()
    with pytest.raises(Refused, match="已经有人用"):
        actions.create_user(by=house.admin, username="Clerk", name="沈二")


@pytest.mark.parametrize("who", ["office", "leader", "clerk", "head", "inspector", "viewer"])
def test_nobody_gives_themselves_a_role_without_managing_people(
    house: House, as_user: AsUser, who: str
) -> None:
    user = house.people[who]
    with pytest.raises(Refused, match="管理用户"):
        actions.give_post(user=user, by=user, role=Role.ADMINISTRATOR)
    answer = as_user(user).post(f"/people/{user.pk}/posts/", {"role": "administrator"})
    assert answer.status_code == 403
    assert not user.posts.filter(role="administrator").exists()


def test_a_role_given_acts_at_once_and_one_ended_no_longer(house: House) -> None:
    user = house.people["stranger"]
    post = actions.give_post(
        user=user, by=house.admin, role=Role.CLERK, unit=house.units["E2"], campaign=house.campaign
    )
    unit, other = house.units["E2"], house.units["E1"]
    assert may(fresh(user), "figures.report", campaign=house.campaign, unit=unit)
    assert not may(fresh(user), "figures.report", campaign=house.campaign, unit=other)
    actions.end_post(post=post, by=house.admin)
    assert not may(fresh(user), "figures.report", campaign=house.campaign, unit=unit)
    assert Post.objects.filter(pk=post.pk).exists()


def test_one_person_holds_several_roles(house: House, as_user: AsUser) -> None:
    client = as_user(house.admin)
    address = f"/people/{house.clerk.pk}/posts/"
    client.post(address, {"role": "inspector", "campaign": house.campaign.pk})
    client.post(
        address,
        {"role": "data-owner", "campaign": house.campaign.pk, "categories": ["经营效益"]},
    )
    roles = set(house.clerk.posts.values_list("role", flat=True))
    assert roles == {"clerk", "inspector", "data-owner"}
    assert may(
        fresh(house.clerk), "figures.confirm", campaign=house.campaign,
        indicator=house.indicators["revenue"],
    )  # fmt: skip
    assert not may(
        fresh(house.clerk), "figures.confirm", campaign=house.campaign,
        indicator=house.indicators["investment"],
    )  # fmt: skip


def test_clerk_post_needs_its_unit(house: House, as_user: AsUser) -> None:
    answer = as_user(house.admin).post(f"/people/{house.viewer.pk}/posts/", {"role": "clerk"})
    assert "这个角色要选单位" in answer.content.decode()
    assert not house.viewer.posts.filter(role="clerk").exists()


def test_deputy_acts_until_the_last_day_and_not_after(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = house.head.posts.get()
    until = today() + timedelta(days=3)
    actions.give_deputy(post=post, deputy=house.viewer, since=today(), until=until, by=house.admin)
    unit = house.units["E1"]
    assert may(fresh(house.viewer), "figures.endorse", campaign=house.campaign, unit=unit)
    monkeypatch.setattr("saima_web.people.permissions.today", lambda: until + timedelta(days=1))
    assert not may(fresh(house.viewer), "figures.endorse", campaign=house.campaign, unit=unit)


def test_deputy_without_a_last_day_or_of_oneself_is_refused(house: House) -> None:
    post = house.head.posts.get()
    day = today()
    with pytest.raises(Refused, match="起止日期"):
        actions.give_deputy(
            post=post, deputy=house.viewer, since=day, until=day - timedelta(days=1), by=house.admin
        )
    with pytest.raises(Refused, match="不能代理自己"):
        actions.give_deputy(post=post, deputy=house.head, since=day, until=day, by=house.admin)


def test_last_administrator_can_be_neither_disabled_nor_stripped(house: House) -> None:
    post = house.admin.posts.get()
    with pytest.raises(Refused, match="最后一位管理员"):
        actions.set_active(user=house.admin, active=False, by=house.admin)
    with pytest.raises(Refused, match="最后一位管理员"):
        actions.end_post(post=post, by=house.admin)
    actions.give_post(user=house.viewer, by=house.admin, role=Role.ADMINISTRATOR)
    actions.set_active(user=house.admin, active=False, by=house.viewer)
    assert not fresh(house.admin).is_active


def test_disabled_user_is_logged_out_and_cannot_log_in(house: House, as_user: AsUser) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    as_user(house.admin).post(f"/people/{house.clerk.pk}/state/", {"active": "0"})
    assert client.get("/account/").status_code == 302
    page = client.post("/login/", {"username": "clerk", "password": PASSWORD}).content.decode()
    assert "登录名或密码不对" in page


def test_administrator_ends_a_users_sessions(house: House, as_user: AsUser) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    client.get("/account/")
    assert LoginSession.objects.filter(user=house.clerk).count() == 1
    as_user(house.admin).post(f"/people/{house.clerk.pk}/sessions/end/")
    assert client.get("/account/").status_code == 302


def test_only_administrators_end_others_sessions(house: House, as_user: AsUser) -> None:
    client = as_user(house.clerk)
    client.get("/account/")
    session = LoginSession.objects.get(user=house.clerk)
    with pytest.raises(Refused):
        sessions.end_session(session=session, by=house.office)
    assert as_user(house.office).post(f"/people/{house.clerk.pk}/sessions/end/").status_code == 403


def test_reset_password_ends_log_ins_and_shows_a_new_one(house: House, as_user: AsUser) -> None:
    client = as_user(house.clerk)
    client.get("/account/")
    page = as_user(house.admin).post(f"/people/{house.clerk.pk}/password/").content.decode()
    assert "只显示这一次" in page
    assert client.get("/account/").status_code == 302
    assert not Client().login(username="clerk", password=PASSWORD)


def test_lists_of_users_say_nothing_of_log_ins(house: House, as_user: AsUser) -> None:
    User.objects.filter(pk=house.clerk.pk).update(last_login="2026-02-03T04:05:06Z")
    page = as_user(house.admin).get("/people/").content.decode()
    assert "沈知禾" in page
    assert not re.search("登录次数|在线|最近登录|2月3日", page)


def test_office_reads_the_address_book_and_changes_no_user(house: House, as_user: AsUser) -> None:
    client = as_user(house.office)
    assert "沈知禾" in client.get("/people/").content.decode()
    assert client.get(f"/people/{house.clerk.pk}/").status_code == 403
    assert client.get("/people/new/").status_code == 403


@pytest.mark.parametrize("who", ["clerk", "head", "leader", "viewer", "stranger"])
def test_others_do_not_see_the_address_book(house: House, as_user: AsUser, who: str) -> None:
    client = as_user(house.people[who])
    assert client.get("/people/").status_code == 403
    assert client.get("/people/units/").status_code == 403


def test_unit_is_added_below_another_with_its_ledger_entry(house: House, as_user: AsUser) -> None:
    answer = as_user(house.office).post(
        "/people/units/new/",
        {"code": "E7", "name": "示例云岭农业公司", "kind": "company", "order": 30,
         "parent": house.units["G"].pk, "valid_from": "2026-07-01"},
    )  # fmt: skip
    assert answer.status_code == 302
    unit = Unit.objects.get(code="E7")
    assert (unit.parent, unit.valid_from) == (house.units["G"], date(2026, 7, 1))
    assert Entry.objects.filter(event="unit.added", subject="unit/E7").exists()


def test_unit_cannot_stand_below_itself(house: House) -> None:
    with pytest.raises(Refused, match="它自己或它的下级"):
        save_unit(unit=house.units["G"], by=house.admin, parent=house.units["E1"])


def test_unit_merged_away_needs_its_last_day(house: House, as_user: AsUser) -> None:
    unit = house.units["C1"]
    fields = {"name": unit.name, "kind": "company", "order": 21, "successor": house.units["E1"].pk}
    page = as_user(house.office).post(f"/people/units/{unit.pk}/", fields).content.decode()
    assert "要填停用日期" in page
    unit.refresh_from_db()
    assert unit.successor is None


def test_clerk_cannot_change_units(house: House, as_user: AsUser) -> None:
    assert as_user(house.clerk).get("/people/units/new/").status_code == 403
    with pytest.raises(Refused, match="管理单位"):
        save_unit(unit=house.units["E1"], by=house.clerk, name="改名")


def test_unknown_user_is_not_there(house: House, as_user: AsUser) -> None:
    assert as_user(house.admin).get("/people/999999/").status_code == 404
