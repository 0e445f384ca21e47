"""Axe on every page, wide and narrow, light and dark, with menus and windows opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.pages import SLICES, WHO, Sight, sights
from tests.web import objects
from tests.web.cast import House

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
IN_EVERY_RUN = ("reporting",)
ASKED = [
    *((name, False) for name in IN_EVERY_RUN),
    *(pytest.param(name, True, marks=pytest.mark.proof) for name in SLICES),
]
"""The pages most worked on in every run; all of them, with all contrasts, in `make proof`."""
PageAs = Callable[..., Any]
LOOK = """async ([theme, rules, within]) => {
  document.documentElement.dataset.bsTheme = theme;
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  await new Promise(done => setTimeout(done, 50));
  const grave = v => ["serious", "critical"].includes(v.impact);
  const only = rules.length ? { runOnly: rules } : {};
  const say = r => r.violations.filter(grave).flatMap(v => v.nodes.map(
    n => `${v.id}: ${n.html.slice(0, 160)} | ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ""}`));
  return say(await axe.run(document.querySelectorAll(within), { resultTypes: ["violations"], ...only }));
}"""
OPEN_MENUS = "for (const d of document.querySelectorAll('details')) d.open = true"
SHOW = "([n]) => document.querySelectorAll('dialog')[n].showModal()"
HIDE = "([n]) => document.querySelectorAll('dialog')[n].close()"
CALM = "const s = new CSSStyleSheet(); s.replaceSync('* { transition: none !important }'); \
document.adoptedStyleSheets = [s]"
"""Colours that still change would be measured half-way."""


@pytest.mark.parametrize(("slice_", "contrasts"), ASKED)
def test_axe_finds_no_grave_fault(
    page_as: PageAs, house: House, slice_: str, contrasts: bool
) -> None:
    """All rules, wide and light, narrow and dark; with `contrasts` those of the other two too."""
    chest = objects.build(house)
    people = {who: page_as(house.people.get(who)) for who in WHO}
    found, looked = [], 0
    for sight in sights(chest, slice_):
        looked += 1
        found += [f"{sight}: {line}" for line in faults(people[sight.who], sight, contrasts)]
    assert looked, "a slice has pages"
    assert not found, f"{len(found)} grave faults:\n" + "\n".join(found)


def faults(page: Any, sight: Sight, contrasts: bool) -> list[str]:
    """What axe calls serious or critical, each line once."""
    answer = page.goto(sight.path, wait_until="load")
    assert answer.status == 200, sight
    page.evaluate(CALM)
    page.evaluate(AXE)
    return list(dict.fromkeys(_looks(page, contrasts)))


def _looks(page: Any, contrasts: bool) -> Iterator[str]:
    yield from _at(page, 1280, "light", [])
    if contrasts:
        yield from _at(page, 1280, "dark", ["color-contrast"])
    page.evaluate(OPEN_MENUS)
    yield from _at(page, 390, "dark", [])
    if contrasts:
        yield from _at(page, 390, "light", ["color-contrast"])
    for number in range(page.locator("dialog").count()):
        page.evaluate(SHOW, [number])
        yield from _at(page, 390, "light", [], "dialog[open]")
        if contrasts:
            yield from _at(page, 390, "dark", ["color-contrast"], "dialog[open]")
        page.evaluate(HIDE, [number])


def _at(page: Any, width: int, theme: str, rules: list[str], within: str = "html") -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    for line in page.evaluate(LOOK, [theme, rules, within]):
        yield f"{width} {theme} {line}"
