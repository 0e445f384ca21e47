"""Saved views of the tasks: filters kept under a name, one's own, or shared by the office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.followup.models import SavedView
from saima_web.followup.saving import (
    delete_view,
    rename_view,
    save_view,
    share_view,
    views_for,
)
from saima_web.people.models import User
from tests.web.cast import House
from tests.web.followup.making import reach, task

As = Callable[[User], Client]
TASKS = "/c/race/tasks/"


def view(house: House, by: User, name: str = "逾期", **changed: object) -> SavedView:
    given = {"campaign": house.campaign, "view": "list", "query": "box=overdue", **changed}
    return save_view(name=name, by=by, **given)  # type: ignore[arg-type]


def test_present_filters_are_saved_and_come_back(house: House, as_user: As) -> None:
    task(house, title="本司的"), task(house, "E2", title="别家的")
    client = as_user(house.office)
    text = client.get(TASKS + "board/?unit=E2&month=2026-01&page=3").content.decode()
    assert 'name="query" value="unit=E2"' in text, "a page's number is of the moment"
    given = {"name": "澄江的看板", "view": "board", "query": "unit=E2&page=3&evil=1"}
    answer = client.post(TASKS + "views/save/", given)
    assert answer["Location"] == TASKS + "board/?unit=E2"
    text = client.get(answer["Location"]).content.decode()
    assert "别家的" in text
    assert "本司的" not in text
    assert f'<a href="{TASKS}board/?unit=E2" aria-current="page">澄江的看板' in text


def test_same_name_replaces_and_nameless_is_refused(house: House) -> None:
    view(house, house.clerk)
    view(house, house.clerk, query="box=nearing&sort=-deadline")
    kept = SavedView.objects.get()
    assert kept.query == "box=nearing&sort=-deadline"
    for name in ("  ", "长" * 41):
        with pytest.raises(Refused, match="还没有名称"):
            view(house, house.clerk, name)
    with pytest.raises(Refused, match="视图不完整"):
        view(house, house.clerk, "怪", view="pie")
    with pytest.raises(Refused, match="视图不完整"):
        view(house, house.clerk, "太长", query="q=" + "长" * 400)


def test_view_is_seen_by_its_owner_only_until_the_office_shares(house: House, as_user: As) -> None:
    mine, offices = view(house, house.clerk, "我的"), view(house, house.office, "办公室的")
    assert list(views_for(house.other_clerk, house.campaign)) == []
    share_view(row=offices, shared=True, by=house.office)
    assert list(views_for(house.other_clerk, house.campaign)) == [offices]
    with pytest.raises(Refused, match="没有“共享任务视图”的权限"):
        share_view(row=mine, shared=True, by=house.clerk)
    with pytest.raises(Refused, match="没有“共享任务视图”的权限"):
        view(house, house.clerk, "抢着共享", shared=True)
    assert as_user(house.other_clerk).post(f"{TASKS}views/{mine.pk}/").status_code == 404
    assert list(views_for(house.viewer, house.campaign)) == [], "who sees no task sees no view"


def test_shared_view_shows_each_only_their_own(house: House, as_user: As) -> None:
    reach(house, "in_hand", task(house, title="甲单位的任务"))
    view(house, house.office, "全部", query="", shared=True)
    assert "甲单位的任务" in as_user(house.clerk).get(TASKS).content.decode()
    text = as_user(house.other_clerk).get(TASKS).content.decode()
    assert "全部" in text
    assert "甲单位的任务" not in text


def test_owner_renames_and_deletes_and_others_do_not(house: House, as_user: As) -> None:
    mine, second = view(house, house.clerk, "甲"), view(house, house.clerk, "乙")
    with pytest.raises(Refused, match="已经有一个叫“甲”"):
        rename_view(row=second, name=" 甲 ", by=house.clerk)
    assert rename_view(row=second, name="乙  改", by=house.clerk).name == "乙 改"
    shared = view(house, house.office, "共享的", shared=True)
    for refused in (rename_view, delete_view):
        given = {"name": "抢"} if refused is rename_view else {}
        with pytest.raises(Refused, match="没有“共享任务视图”的权限"):
            refused(row=shared, by=house.clerk, **given)  # type: ignore[operator]
    client = as_user(house.clerk)
    client.post(f"{TASKS}views/{mine.pk}/", {"do": "delete"})
    assert not SavedView.objects.filter(pk=mine.pk).exists()
    text = client.get(TASKS + "views/").content.decode()
    assert "2个视图。" in text
    assert f'action="{TASKS}views/{second.pk}/"' in text
    assert f'action="{TASKS}views/{shared.pk}/"' not in text


def test_office_takes_back_a_shared_view_of_a_colleague(house: House) -> None:
    shared = view(house, house.office, "旧的", shared=True)
    colleague = User.objects.create_user("second", password="x")
    house.office.posts.update(user=colleague)
    delete_view(row=shared, by=User.objects.get(pk=colleague.pk))
    assert not SavedView.objects.exists()
