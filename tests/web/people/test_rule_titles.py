"""What one may not do is named in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils.functional import Promise
from django.utils.translation import override

from saima.problems import Refused
from saima_web.people.models import User
from saima_web.people.permissions import RULES, require
from tests.web.cast import House

As = Callable[[User], Client]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_rule_is_named_in_both_languages() -> None:
    plain = [action for action, rule in RULES.items() if not isinstance(rule.name, Promise)]
    assert plain == [], "wrap the name in _() and run .ci/messages people"
    with override("zh-hans"):
        assert [a for a, rule in RULES.items() if not CHINESE.search(rule.title)] == []
    with override("en"):
        assert [a for a, rule in RULES.items() if CHINESE.search(rule.title)] == []


def test_refusal_names_the_action_in_the_readers_language(house: House, as_user: As) -> None:
    client = as_user(house.clerk)
    assert "您没有“查看驾驶舱”的权限" in client.get("/c/race/cockpit/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/c/race/cockpit/").content.decode()
    assert "you may not “see the cockpit”" in page and "查看驾驶舱" not in page


def test_a_refusal_keeps_plain_words(house: House) -> None:
    with override("en"), pytest.raises(Refused) as caught:
        require(house.clerk, "scores.run", campaign=house.campaign)
    assert caught.value.problem.values["action"] == "score"
