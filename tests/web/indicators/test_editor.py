"""The editor of a draft: forms made from fields give back what they show, and save what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from saima.rules.methods import every, method
from saima.rules.reading import read_rulebook
from saima.rules.rulebook import Leaf
from saima.rules.rulebook import Rulebook as Book
from saima_web.indicators import editing, rulebook_actions, words
from saima_web.indicators.controls import Control, controls_of, read
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed
from saima_web.people.models import User
from tests.web.cast import House

LogIn = Callable[[User], Client]
SCHEMES = sorted(Path("rulebooks").glob("*.yaml"))
OWN = ("indicator", "weight", "method", "settings")
WHOLE = ("tree", "cases", "rulebook", "version", "effective", "basis")


def answers(controls: Any) -> dict[str, str]:
    """What a browser would send if nothing were touched."""
    found: dict[str, str] = {}
    for control in controls:
        found |= _answer(control)
    return found


def _answer(c: Control) -> dict[str, str]:
    if c.kind in ("text", "choice", "listed"):
        return {c.name: c.value}
    if c.kind == "flag":
        return {c.name: "1"} if c.on else {}
    if c.kind == "group" and not c.on:
        return {}
    found = {f"{c.name}.on": "1"} if c.kind == "group" else {}
    if c.kind == "choice-or-group":
        found[c.name] = c.value
    for part in c.parts:
        found |= answers(part)
    return found


@pytest.mark.parametrize("path", SCHEMES, ids=lambda p: p.stem)
def test_forms_untouched_give_back_every_leaf_of_a_real_scheme(path: Path) -> None:
    book, _ = read_rulebook(path.read_text(), path.name)
    assert book is not None
    for at, _path, leaf in editing.placed_leaves(book):
        data = editing.data_of(book)
        raw = editing.leaf_at(data, at)
        sent = answers(controls_of(method(leaf.method).Settings, raw, "set"))
        sent |= answers(controls_of(Leaf, raw, "leaf", skip=OWN))
        new = {k: raw[k] for k in OWN if k in raw} | read(Leaf, sent, "leaf", OWN)
        editing.set_leaf(data, at, new | read(method(leaf.method).Settings, sent, "set"))
        assert editing.rebuilt(data)[0] == book, (at, leaf)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda p: p.stem)
def test_forms_untouched_give_back_the_rules_of_a_real_scheme(path: Path) -> None:
    book, _ = read_rulebook(path.read_text(), path.name)
    assert book is not None
    data = editing.data_of(book)
    sent = answers(controls_of(Book, data, "r", skip=WHOLE))
    kept = {k: v for k, v in data.items() if k in WHOLE}
    assert editing.rebuilt(kept | read(Book, sent, "r", WHOLE))[0] == book


def test_every_description_and_choice_of_a_method_has_words_for_translators() -> None:
    for chosen in every():
        for text in _descriptions(chosen.Settings):
            assert text in words.LIBRARY, (chosen.NAME, text)


def _descriptions(struct: type[msgspec.Struct]) -> set[str]:
    found: set[str] = set()
    for control in controls_of(struct, {}, "x", more={"x": 1}):
        found |= {control.label, control.hint} - {""}
    for schema in msgspec.json.schema_components([struct])[1].values():
        for item in schema.get("properties", {}).values():
            found |= set(words.label_and_hint(item.get("description", ""))) - {""}
    return {x for x in found if x not in words.LABELS.values()}


# --- in the browser -----------------------------------------------------------------------------


@pytest.fixture
def row(house: House) -> Rulebook:
    return rulebook_actions.next_draft(rulebook=house.campaign.rulebooks.get(), by=house.office)


def token(row: Rulebook) -> str:
    row.refresh_from_db()
    return rulebook_actions.text_digest(row.text)


def bands(row: Rulebook, **more: str) -> dict[str, str]:
    """A form that scores revenue by bands."""
    data = {
        "base": token(row), "indicator": "revenue", "method": "bands", "weight.kind": "one",
        "weight": "60", "leaf.clause": "第二条", "set.of": "完成率",
        "set.at-least.0.0": "90%", "set.at-least.0.1": "满分",
        "set.at-least.1.0": "60%", "set.at-least.1.1": "30分", "set.otherwise": "0",
    }  # fmt: skip
    return data | more


def test_a_leaf_is_saved_as_typed_and_said_in_a_sentence(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    address = reverse("indicators:leaf-save", args=["race", row.pk, "0.0"])
    page = as_user(house.office).post(address, bands(row), headers={"HX-Request": "true"})
    assert "90%及以上得满分" in page.content.decode()
    assert page.headers["HX-Trigger-After-Swap"] == "saved"
    row.refresh_from_db()
    leaf = next(parsed(row.text)[0].leaves())[1]  # type: ignore[union-attr]
    assert leaf.settings.at_least == ((0.9, "full"), (0.6, 30.0))


def test_a_wrong_setting_is_named_by_its_label_and_nothing_is_saved(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    address = reverse("indicators:leaf-save", args=["race", row.pk, "0.0"])
    before = row.text
    data = bands(row, **{"set.at-least.0.0": "很多"})
    page = as_user(house.office).post(address, data, headers={"HX-Request": "true"})
    assert "没有保存" in page.content.decode()
    assert "很多" in page.content.decode()
    row.refresh_from_db()
    assert row.text == before


def test_clerk_may_not_edit_a_leaf(house: House, as_user: LogIn, row: Rulebook) -> None:
    address = reverse("indicators:leaf-save", args=["race", row.pk, "0.0"])
    assert as_user(house.clerk).post(address, bands(row)).status_code == 403


def test_a_published_leaf_is_not_editable(house: House, as_user: LogIn, row: Rulebook) -> None:
    published = house.campaign.rulebooks.get(version=1)
    address = reverse("indicators:leaf-save", args=["race", published.pk, "0.0"])
    data = bands(published)
    assert as_user(house.office).post(address, data).status_code == 409
    published.refresh_from_db()
    assert "bands" not in published.text


def test_another_method_brings_its_own_form(house: House, as_user: LogIn, row: Rulebook) -> None:
    address = reverse("indicators:leaf-form", args=["race", row.pk, "0.0"])
    data = bands(row, method="piecewise")
    page = as_user(house.office).post(address, data).content.decode()
    assert "各折点" in page
    assert "各档" not in page


@pytest.mark.parametrize("name", [m.NAME for m in every()])
def test_the_form_of_every_method_opens(
    house: House, as_user: LogIn, row: Rulebook, name: str
) -> None:
    address = reverse("indicators:leaf-form", args=["race", row.pk, "0.0"])
    page = as_user(house.office).post(address, bands(row, method=name))
    assert page.status_code == 200
    assert f'<option value="{name}" selected>' in page.content.decode()


def tree(client: Client, row: Rulebook, **data: str) -> int:
    address = reverse("indicators:rulebook-tree", args=["race", row.pk])
    return client.post(address, {"base": token(row), **data}).status_code


def test_points_categories_and_indicators_change_in_the_tree(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    client = as_user(house.office)
    tree(client, row, **{"w/0.0/": "55", "w/1.0/": "45"})
    tree(client, row, op="add-category", title="民生", at="")
    tree(client, row, op="add-leaf", indicator="revenue", at="2")
    tree(client, row, op="up", at="2")
    row.refresh_from_db()
    book = parsed(row.text)[0]
    assert book is not None
    assert [n.category for n in book.tree] == ["经营", "民生", "投资"]
    assert [leaf.weight for _, leaf in book.leaves()] == [55, 0, 45]
    tree(client, row, op="remove", at="1")
    row.refresh_from_db()
    assert [n.category for n in parsed(row.text)[0].tree] == ["经营", "投资"]  # type: ignore[union-attr]


def test_points_that_are_no_number_are_refused_in_words(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    address = reverse("indicators:rulebook-tree", args=["race", row.pk])
    data = {"base": token(row), "w/0.0/": "六十"}
    page = as_user(house.office).post(address, data, headers={"HX-Request": "true"})
    assert "这次没有保存" in page.content.decode()


def test_events_grades_and_seals_change_by_form(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    book = parsed(row.text)[0]
    assert book is not None
    sent = answers(controls_of(Book, editing.data_of(book), "r", skip=WHOLE))
    sent |= {
        "r.grades.0.name": "优秀", "r.grades.0.at-least": "90", "r.grades.0.at-most": "30%",
        "r.grades.1.name": "一般", "r.events.1.drop": "1", "r.seals.0.name": "月月红",
        "r.seals.0.every": "month", "r.seals.0.when.quantity": "超欠序时",
        "r.seals.0.when.at-least": "0", "r.seals.0.when.indicators": "全部指标",
    }  # fmt: skip
    address = reverse("indicators:rulebook-rules", args=["race", row.pk])
    assert as_user(house.office).post(address, {"base": token(row), **sent}).status_code == 302
    row.refresh_from_db()
    new = parsed(row.text)[0]
    assert new is not None
    assert [(g.name, g.at_least, g.at_most) for g in new.grades] == [
        ("优秀", 90.0, 0.3), ("一般", None, None),
    ]  # fmt: skip
    assert [e.name for e in new.events] == ["典型经验推广"]
    assert new.seals[0].when.quantity == "pace_gap"


def test_the_text_tab_keeps_a_text_with_problems_and_shows_their_lines(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    client = as_user(house.office)
    address = reverse("indicators:rulebook-source", args=["race", row.pk])
    wrong = row.text.replace("method: attainment", "method: attainmnt", 1)
    data = {"base": token(row), "text": wrong}
    page = client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    line = wrong[: wrong.index("attainmnt")].count("\n") + 1
    assert f'data-line="{line}"' in page
    row.refresh_from_db()
    assert row.text == wrong
    tree_page = client.get(reverse("indicators:rulebook", args=["race", row.pk]))
    assert tree_page.status_code == 302  # forms wait until the text can be read


def test_the_preview_sets_the_draft_beside_the_version_in_force(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    client = as_user(house.office)
    client.post(reverse("indicators:leaf-save", args=["race", row.pk, "0.0"]), bands(row))
    page = client.get(reverse("scoring:preview", args=["race", row.pk, "0.0"])).content.decode()
    # E1: 8100 of 12000 is 67.5%: 40.50 by attainment, 30 in the band from 60%
    assert "40.50" in page
    assert "30.00" in page
    assert "−10.50" in page


def test_the_whole_preview_keeps_nothing(house: House, as_user: LogIn, row: Rulebook) -> None:
    client = as_user(house.office)
    page = client.get(reverse("scoring:preview-all", args=["race", row.pk])).content.decode()
    assert "70.50" in page
    assert not house.campaign.runs.exists()


def test_clerk_sees_no_preview(house: House, as_user: LogIn, row: Rulebook) -> None:
    client = as_user(house.clerk)
    for name, more in (("preview-all", ()), ("preview", ("0.0",))):
        address = reverse(f"scoring:{name}", args=["race", row.pk, *more])
        assert client.get(address).status_code == 403


def test_comparison_and_checks_speak_in_sentences(
    house: House, as_user: LogIn, row: Rulebook
) -> None:
    client = as_user(house.office)
    client.post(reverse("indicators:leaf-save", args=["race", row.pk, "0.0"]), bands(row))
    compared = client.get(reverse("indicators:rulebook-compare", args=["race", row.pk]))
    assert "指标“营业收入”由完成率计分改为分档计分" in compared.content.decode()
    checked = client.get(reverse("indicators:rulebook-checks", args=["race", row.pk]))
    assert "“营业收入”有一档值得凑数" in checked.content.decode()
