"""What every page carries: its errors, its headers, its frame, under a sub-path too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse, set_script_prefix

from saima.problems import refuse
from saima_web.cards.refusals import PROMISE_PAST
from saima_web.people.models import User
from saima_web.site.context import NAVIGATION, PERSONAL
from saima_web.site.urls import urlpatterns as ours
from tests.web.cast import House
from tests.web.connections import one_connection

As = Callable[[User], Client]


def falls(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a fault that nobody foresaw")


def refuses(_request: HttpRequest) -> HttpResponse:
    raise refuse(PROMISE_PAST, day="2026-01-05")


urlpatterns = [*ours, path("falls/", falls), path("refuses/", refuses)]
"""The platform with two pages more: one has a fault, one refuses."""

WORDS = {
    "zh-hans": ("没有这一页", "这一页已经过期", "系统出了差错", "您没有“管理用户”的权限"),
    "en": ("There is no such page", "This page has expired", "Something went wrong", "you may not"),
}


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def speaking(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def test_a_missing_page_says_so(house: House, as_user: As, language: str) -> None:
    answer = speaking(as_user(house.clerk), language).get("/no/such/page/")
    assert answer.status_code == 404
    assert WORDS[language][0] in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_what_to_do(house: House, language: str) -> None:
    client = speaking(Client(enforce_csrf_checks=True), language)
    answer = client.post("/login/", {"username": "clerk", "password": "x"})
    assert answer.status_code == 403
    assert WORDS[language][1] in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_shows_no_innards(house: House, as_user: As, language: str) -> None:
    client = speaking(as_user(house.clerk), language)
    client.raise_request_exception = False
    answer = client.get("/falls/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert WORDS[language][2] in page
    assert "ZeroDivisionError" not in page


def test_a_refusal_names_what_is_not_allowed(house: House, as_user: As, language: str) -> None:
    answer = speaking(as_user(house.clerk), language).get("/people/new/")
    assert answer.status_code == 403
    assert WORDS[language][3] in answer.content.decode()


def test_a_refusal_comes_as_data_where_data_was_asked_for(house: House, as_user: As) -> None:
    answer = as_user(house.clerk).get("/people/new/", headers={"accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["problem"]["code"] == "not-allowed"


# ── Headers ──


@pytest.mark.parametrize("address", ["/login/", "/no/such/page/", "/healthz"])
def test_every_answer_carries_the_security_headers(db: None, address: str) -> None:
    answer = Client().get(address)
    policy = dict(
        rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_log_in_is_kept_from_scripts_and_other_sites(house: House) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": "draw-the-bow-7"})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_pages_of_people_are_not_kept_by_caches(house: House, as_user: As) -> None:
    assert "no-store" in as_user(house.clerk).get("/account/")["Cache-Control"]


# ── The frame ──


def test_every_name_in_the_navigation_is_an_address(db: None) -> None:
    for _title, name, _action, _key in NAVIGATION:
        assert reverse(name, args=["race"]).startswith("/c/race/")
    for _title, name, _action in PERSONAL:
        assert reverse(name)


@pytest.mark.parametrize(
    ("who", "there", "not_there"),
    [
        ("clerk", {"我的工作", "填报", "目标"}, {"驾驶舱", "计分", "设置", "账本"}),
        ("leader", {"驾驶舱", "计分", "填报"}, {"设置", "账本", "人员和单位"}),
        ("office", {"驾驶舱", "计分", "设置", "账本"}, set()),
        ("viewer", {"排名", "通报"}, {"填报", "计分", "驾驶舱", "设置"}),
    ],
)
def test_navigation_shows_what_one_may_open(
    house: House, as_user: As, who: str, there: set[str], not_there: set[str]
) -> None:
    page = as_user(house.people[who]).get("/account/").content.decode()
    top = page[page.index("<header") : page.index("</header>")]
    assert {t for t in there if f">{t}</a>" in top} == there
    assert {t for t in not_there if f">{t}</a>" in top} == set()


def test_the_frame_asks_the_database_a_bounded_number_of_times(house: House, as_user: As) -> None:
    client = as_user(house.office)
    client.get("/account/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get("/no/such/page/").status_code == 404
    bare = len(asked)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/account/").status_code == 200
    assert len(asked) - bare <= 14, "\n".join(q["sql"] for q in asked)


# ── Under a sub-path ──


def served(address: str) -> tuple[dict[str, str], str]:
    """Headers and page as the web server gets them: only there does the prefix come in."""
    headers: dict[str, str] = {}

    def begin(_status: str, given: list[tuple[str, str]], _error: object = None) -> None:
        headers.update(given)

    with one_connection():
        try:
            body = b"".join(WSGIHandler()(RequestFactory().get(address).environ, begin))
        finally:
            set_script_prefix("/")
    return headers, body.decode()


@override_settings(FORCE_SCRIPT_NAME="/saima", STATIC_URL="/saima/static/")
def test_links_and_redirects_stay_under_the_prefix(house: House) -> None:
    assert served("/")[0]["Location"] == "/saima/login/?next=/saima/"
    page = served("/login/")[1]
    assert 'action="/saima/language/"' in page
    for link in re.findall(r'(?:href|action|src)="([^"]+)"', page):
        assert link.startswith(("/saima/", "#", "?")), link


@override_settings(ROOT_URLCONF=__name__)
def test_what_is_refused_is_shown_again_with_the_way_back(house: House, as_user: As) -> None:
    client = as_user(house.clerk)
    sent = {"cause": "设备到货推迟<b>", "day": "2026-01-05", "password1": "口令不能外泄"}
    page = client.post("/refuses/", sent, HTTP_REFERER="http://testserver/c/race/cards/7/")
    told = page.content.decode()
    assert page.status_code == 409
    assert "设备到货推迟&lt;b&gt;" in told and 'href="http://testserver/c/race/cards/7/"' in told
    assert "口令不能外泄" not in told


@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_leads_back_to_no_other_host_and_shows_nothing_unsent(
    house: House, as_user: As
) -> None:
    client = as_user(house.clerk)
    abroad = client.post("/refuses/", {"day": "2026"}, HTTP_REFERER="https://elsewhere.test/c/")
    assert "elsewhere" not in abroad.content.decode()
    opened = client.get("/refuses/?q=一些中文词句").content.decode()
    assert "您刚才写的" not in opened and "一些中文词句" not in opened
