"""A date field says its day in the page's language, whatever the browser's own is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from tests.web.cast import House

PageAs = Callable[..., Any]
FORM = "/c/race/indicators/notes/new/"


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "2026年6月8日周一"), ("en", "Mon, June 8, 2026")]
)
def test_typed_date_is_said_beside_its_field(
    page_as: PageAs, house: House, live_server: Any, language: str, said: str
) -> None:
    page = page_as(house.office)
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(FORM)
    page.fill('input[name="on"]', "2026-06-08")
    assert page.locator(".s-said-day").inner_text() == said
    page.fill('input[name="on"]', "")
    assert page.locator(".s-said-day").inner_text() == ""
