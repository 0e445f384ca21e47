"""Every Chinese string of the platform has its English, and English pages show no Chinese words."""

from __future__ import annotations

import ast
import html
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

from saima_web.people.models import User
from tests.web.cast import House

As = Callable[[User], Client]
MESSAGES = runpy.run_path(str(Path(__file__).resolve().parents[2] / ".ci/messages"))
SOURCE: Path = MESSAGES["SOURCE"]
SLICES: list[str] = [
    s for s in MESSAGES["slices"]() if any(m.id for m in MESSAGES["strings_of"](s))
]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def catalogue(name: str) -> list[Message]:
    return [m for m in MESSAGES["kept"](name) if m.id]


def words_of(message: Message) -> list[str]:
    """A message's translations: one, or one per plural form."""
    string = message.string
    return list(string) if isinstance(string, tuple | list) else [string]


@pytest.mark.parametrize("name", SLICES)
def test_every_string_of_a_slice_has_its_english(name: str) -> None:
    key_of, is_translated = MESSAGES["key_of"], MESSAGES["is_translated"]
    there = {key_of(m) for m in catalogue(name) if is_translated(m)}
    wanted = {key_of(m) for m in MESSAGES["strings_of"](name) if m.id}
    assert not wanted - there, f"run make messages and translate in {name}"


@pytest.mark.parametrize("name", SLICES)
def test_a_catalogue_holds_nothing_that_vanished_or_is_guessed(name: str) -> None:
    whole = MESSAGES["kept"](name)
    wanted = {MESSAGES["key_of"](m) for m in MESSAGES["strings_of"](name)}
    assert [m.id for m in catalogue(name) if MESSAGES["key_of"](m) not in wanted] == []
    assert [m.id for m in catalogue(name) if "fuzzy" in m.flags] == []
    assert list(whole.obsolete) == []


@pytest.mark.parametrize("name", SLICES)
def test_english_keeps_the_placeholders(name: str) -> None:
    for message in catalogue(name):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for words in words_of(message):
            assert placeholders(words) == placeholders(ids[-1]), message.id


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sdf]|\{\w*\}|%[sd]\b", text))


@pytest.mark.parametrize("name", SLICES)
def test_english_is_english(name: str) -> None:
    for message in catalogue(name):
        for words in words_of(message):
            assert not CHINESE.search(QUOTED.sub("", words)), message.id


QUOTED = re.compile(r"[(“「\"][^)”」\"]*[)”」\"]")
"""English may quote the Chinese name of an office or a document."""


@pytest.mark.parametrize("name", SLICES)
def test_what_the_platform_reads_is_what_people_wrote(name: str) -> None:
    """The .mo files are built by `make setup`; an old one would show old words."""
    with MESSAGES["catalogue_file"](name).with_suffix(".mo").open("rb") as file:
        read = [m for m in read_mo(file) if m.id]
    built = {tuple(m.id) if isinstance(m.id, list) else m.id: words_of(m) for m in read}
    assert built == {m.id: words_of(m) for m in catalogue(name) if MESSAGES["is_translated"](m)}


def test_no_call_for_a_translation_hides_in_an_f_string() -> None:
    """There Babel cannot see it."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                called = {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
                assert not called & set(MESSAGES["KEYWORDS"]), f"{path}:{node.lineno}"


def test_every_slice_with_strings_is_read() -> None:
    assert {MESSAGES["catalogue_file"](s).parents[2] for s in SLICES} <= set(
        map(Path, settings.LOCALE_PATHS)
    )
    assert len(SLICES) >= 10


TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
TRANSLATED = re.compile(
    r"{#.*?#}|{% comment.*?endcomment %}|{% blocktrans(?:late)?\b.*?endblocktrans(?:late)? %}"
    r"|{% trans(?:late)?\b.*?%}|_\(\"[^\"]*\"\)|_\('[^']*'\)",
    re.S,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_template_has_no_chinese_outside_its_translate_tags(path: Path) -> None:
    bare = TRANSLATED.sub("", path.read_text(encoding="utf-8"))
    assert CHINESE.findall(bare.replace(">中文<", "")) == []


VENDORED = ("vendor",)


def test_scripts_speak_no_chinese_of_their_own() -> None:
    """Words that a script shows come from the page; Chinese that it reads in pasted text is data."""
    shown = re.compile(
        r"(?:textContent|innerHTML|innerText|title|placeholder)\s*\+?=[^;]*[\u4e00-\u9fff]"
    )
    for path in SOURCE.rglob("static/**/*.js"):
        if not set(VENDORED) & set(path.parts):
            assert shown.findall(path.read_text(encoding="utf-8")) == [], path


# ── Pages in English ──

PAGES = {
    "dashboards:work": "clerk", "dashboards:cockpit": "leader", "dashboards:ranking": "viewer",
    "indicators:list": "office", "indicators:rulebooks": "office", "indicators:new": "office",
    "targets:list": "office", "targets:sets": "office", "reporting:rounds": "office",
    "scoring:runs": "office", "publishing:list": "office", "campaigns:settings": "office",
    "campaigns:members": "office", "campaigns:dates": "office", "campaigns:days": "office",
    "setup:history": "office", "setup:new": "admin", "people:users": "admin",
    "people:account": "clerk", "audit:ledger": "office", "api:calls": "viewer",
    "api:tokens": "clerk", "api:all-tokens": "admin", "api:hooks": "admin", "api:hook-new": "admin",
}  # fmt: skip
"""Address of a page without objects, and who opens it."""


@pytest.mark.parametrize(("name", "who"), PAGES.items(), ids=PAGES)
def test_an_english_page_shows_no_chinese_but_data(
    house: House, as_user: As, name: str, who: str
) -> None:
    page = english(as_user(house.people[who]), address(house, name))
    assert chinese_left(page) == []
    answer = re.sub(r"<[^>]*>", "", re.findall(r"<h1>(.*?)</h1>", page, flags=re.S)[0])
    assert not re.search(r"[，。；：]", answer), answer


def test_english_is_one_click_away_and_stays(house: House, as_user: As) -> None:
    client = as_user(house.clerk)
    client.post("/language/", {"language": "en", "next": "/account/"})
    assert "Change password" in client.get("/account/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/account/"})
    assert "修改密码" in client.get("/account/").content.decode()


def address(house: House, name: str) -> str:
    inside = name.split(":")[0] not in ("people", "audit", "api") and name != "setup:new"
    return reverse(name, args=[house.campaign.code] if inside else [])


def english(client: Client, path: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def texts(page: str) -> Iterator[str]:
    """What a page shows in words: text between tags, labels, titles, placeholders."""
    page = re.sub(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", "", page, flags=re.S)
    for label in re.findall(r'(?:aria-label|title|placeholder|alt|data-confirm)="([^"]*)"', page):
        yield html.unescape(label)
    for text in re.sub(r"<[^>]*>", "\n", page).splitlines():
        if text.strip():
            yield html.unescape(text.strip())


def chinese_left(page: str) -> list[str]:
    """The texts of a page that are Chinese beyond what stands in the database."""
    words = data_words()
    return [text for text in texts(page) if CHINESE.search(without(text, words))]


def data_words() -> list[str]:
    """Every text in the database, longest first: names are not translated."""
    found = {"中文"}
    for model in apps.get_models():
        if model.__module__.startswith("saima_web."):
            for row in model._default_manager.values():
                found.update(strings(row))
    return sorted(found, key=len, reverse=True)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from (
            line.strip() for line in re.split(r"[\n:{},\[\]]", value) if CHINESE.search(line)
        )
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def without(text: str, words: list[str]) -> str:
    for word in words:
        if word and CHINESE.search(word):
            text = text.replace(word, "")
    return text


TAGS = re.compile(
    r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL
)
OWN_NAME = "中文"
"""The language is offered by its own name."""


@pytest.mark.parametrize("name", SLICES)
def test_templates_say_nothing_in_chinese_but_through_the_catalogue(name: str) -> None:
    """Nor Chinese commas and colons, which would stand in English sentences."""
    for file in sorted((SOURCE / name / "templates").rglob("*.html")):
        bare = TAGS.sub("", file.read_text(encoding="utf-8"))
        assert set(re.findall(r"[，。；：、（）]|[\u4e00-\u9fff]+", bare)) <= {OWN_NAME}, file.name
