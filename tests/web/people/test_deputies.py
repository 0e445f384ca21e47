"""Clerks name their own deputies: from their unit, dated, ended early by them, their head or above."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import today
from saima_web.people.deputies import end_deputy, name_deputy
from saima_web.people.models import Post, Role, User
from saima_web.people.permissions import may
from tests.web.cast import PASSWORD, House

AsUser = Callable[[User], Client]
TODAY = today()
LATER = TODAY + timedelta(days=20)


@pytest.fixture
def colleague(house: House) -> User:
    """Somebody in the clerk's unit who has no post."""
    return User.objects.create_user("colleague", PASSWORD, name="葛同事", unit=house.units["E1"])


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def name(house: House, deputy: User, **more: object) -> Post:
    given = {
        "post": house.clerk.posts.get(), "deputy": deputy, "since": TODAY, "until": LATER,
        "by": fresh(house.clerk),
    }  # fmt: skip
    return name_deputy(**(given | more))  # type: ignore[arg-type]


def reports(house: House, who: User, unit: str = "E1") -> bool:
    on = {"campaign": house.campaign, "unit": house.units[unit]}
    return may(fresh(who), "figures.report", **on)


def test_deputy_reports_for_the_unit_until_the_last_day(house: House, colleague: User) -> None:
    assert not reports(house, colleague)
    post = name(house, colleague)
    assert reports(house, colleague) and not reports(house, colleague, "E2")
    assert (post.deputy_for, post.valid_to) == (house.clerk, LATER)
    noted = Entry.objects.get(event="deputy.named")
    assert (noted.actor_id, noted.data["valid_to"]) == (house.clerk.pk, LATER.isoformat())
    Post.objects.filter(pk=post.pk).update(
        valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1)
    )
    assert not reports(house, colleague)


@pytest.mark.parametrize(
    ("since", "until"),
    [(TODAY, TODAY - timedelta(days=1)), (LATER, TODAY), (TODAY, TODAY + timedelta(days=120))],
)
def test_deputy_without_a_near_end_is_refused(
    house: House, colleague: User, since: date, until: date
) -> None:
    with pytest.raises(Refused, match=r"止期不早于|最长92天"):
        name(house, colleague, since=since, until=until)
    assert not reports(house, colleague)


@pytest.mark.parametrize("who", ["other_clerk", "head", "owner", "viewer"])
def test_deputy_comes_from_the_unit_and_is_not_its_head(house: House, who: str) -> None:
    with pytest.raises(Refused, match="不能代理栖湖文旅的填报员"):
        name(house, house.people[who])


def test_clerk_is_no_deputy_of_oneself_nor_names_one_for_another(
    house: House, colleague: User
) -> None:
    with pytest.raises(Refused, match="不能代理自己"):
        name(house, house.clerk)
    with pytest.raises(Refused):
        name(house, colleague, post=house.other_clerk.posts.get())
    with pytest.raises(Refused, match="只能为自己的填报员角色"):
        name(house, colleague, post=house.head.posts.get())


def test_deputy_passes_the_post_on_to_nobody(house: House, colleague: User) -> None:
    post = name(house, colleague)
    third = User.objects.create_user("third", PASSWORD, name="季三", unit=house.units["E1"])
    with pytest.raises(Refused, match="不能再转托"):
        name(house, third, post=post, by=fresh(colleague))


@pytest.mark.parametrize("who", ["head", "owner", "leader", "viewer"])
def test_who_is_no_clerk_names_no_deputy(house: House, colleague: User, who: str) -> None:
    with pytest.raises(Refused, match="委托代理"):
        name(house, colleague, by=house.people[who])


@pytest.mark.parametrize("who", ["clerk", "head", "admin"])
def test_deputy_is_ended_by_the_clerk_the_head_or_the_administrator(
    house: House, colleague: User, as_user: AsUser, who: str
) -> None:
    post = name(house, colleague)
    answer = as_user(house.people[who]).post(f"/account/deputies/{post.pk}/end/", follow=True)
    assert "代理已结束" in answer.content.decode()
    assert not reports(house, colleague)
    assert Entry.objects.get(event="deputy.ended").actor_id == house.people[who].pk


@pytest.mark.parametrize("who", ["other_clerk", "other_head", "office", "leader", "viewer"])
def test_nobody_else_ends_or_sees_a_deputy(
    house: House, colleague: User, as_user: AsUser, who: str
) -> None:
    post = name(house, colleague)
    page = as_user(house.people[who])
    assert page.post(f"/account/deputies/{post.pk}/end/").status_code == 404
    assert "葛同事" not in page.get("/account/").content.decode()
    with pytest.raises(Refused, match="不由您结束"):
        end_deputy(post=post, by=house.people[who])
    assert reports(house, colleague)


def test_post_that_deputises_for_nobody_is_not_ended_this_way(house: House) -> None:
    own = house.clerk.posts.get()
    with pytest.raises(Refused, match="不由您结束"):
        end_deputy(post=own, by=house.admin)
    assert Post.objects.get(pk=own.pk).role == Role.CLERK and reports(house, house.clerk)


def test_clerk_names_a_deputy_on_the_account_page(
    house: House, colleague: User, as_user: AsUser
) -> None:
    page = as_user(house.clerk)
    shown = page.get("/account/").content.decode()
    assert "葛同事" in shown and "周临川" not in shown and "何小满" not in shown
    sent = {
        "post": house.clerk.posts.get().pk, "deputy": colleague.pk,
        "since": TODAY.isoformat(), "until": (TODAY + timedelta(days=200)).isoformat(),
    }  # fmt: skip
    refused = page.post("/account/deputies/", sent).content.decode()
    assert "最长92天" in refused and f'value="{sent["until"]}"' in refused
    sent["until"] = LATER.isoformat()
    done = page.post("/account/deputies/", sent, follow=True).content.decode()
    assert "葛同事代理沈知禾的填报员" in done and reports(house, colleague)
    assert "葛同事代理沈知禾的填报员" in as_user(house.head).get("/account/").content.decode()


def test_account_of_who_is_no_clerk_has_no_form_for_deputies(house: House, as_user: AsUser) -> None:
    page = as_user(house.leader)
    assert "登记代理" not in page.get("/account/").content.decode()
    sent = {"post": house.clerk.posts.get().pk, "deputy": house.viewer.pk}
    page.post("/account/deputies/", sent)
    assert not Post.objects.filter(deputy_for__isnull=False).exists()
