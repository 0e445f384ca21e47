"""What Chromium 86 leaves out of the vendored styles is nothing that a page of ours needs.

Of the vendored rules only a few meet a page: those whose elements, classes and attributes our
templates and scripts write. Of these every declaration that the oldest browser drops, itself or
for a property it is made of, stands below with what makes that harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.web.ui.test_browser_floor import SOURCE, STYLES

STATIC = SOURCE / "saima_web/ui/static"
OURS = [
    f
    for kind in ("html", "py", "js")
    for f in SOURCE.glob(f"saima_web/**/*.{kind}")
    if "vendor" not in f.parts
]
STYLED = "app.css styles it"
BAR = "app.css draws the thumb, newer browsers by scrollbar-color"
HARMLESS = {
    ("h1", "color"): STYLED,
    ("a", "color"): STYLED,
    ("a:hover", "color"): STYLED,
    ("kbd", "background-color"): STYLED,
    ("code", "color"): "the colour of the text around it",
    ("code", "background"): "no ground",
    ("pre", "color"): "each of ours has a class that gives its colour",
    ("pre", "background"): "each of ours has a class that gives its ground",
    ("*", "scrollbar-color"): BAR,
    ("pre", "scrollbar-color"): BAR,
    ("::-webkit-scrollbar-thumb", "box-shadow"): BAR,
    (":hover::-webkit-scrollbar-thumb", "box-shadow"): BAR,
    ("pre::-webkit-scrollbar-thumb", "box-shadow"): BAR,
    ("pre:hover::-webkit-scrollbar-thumb", "box-shadow"): BAR,
    ("dialog::backdrop", "background"): ".s-dialog::backdrop gives it, and the browser's own",
    ("::selection", "background-color"): "the browser's own",
    ("pre ::selection", "background-color"): "the browser's own",
    ("::file-selector-button", "whole rule"): "the browser's own button",
    ("a:hover:has(.icon)", "whole rule"): "no page has an .icon",
    (".tabulator .tabulator-tableholder .tabulator-range-overlay", "inset"): "targets.css says it",
}
"""The first selector of a rule and its property that the oldest browser drops, and why no page
suffers."""

Rule = tuple[str, str]


def rules(text: str) -> Iterator[Rule]:
    """Selectors and declarations, also of the rules inside @media; @supports is asked for first."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    kept: list[str] = []
    start = 0
    for found in re.finditer(r"\"[^\"]*\"|'[^']*'|\([^()]*\)|[{};]", text):
        if found[0] == "{":
            kept.append(text[start : found.start()].strip())
        elif found[0] == "}":
            head = kept.pop()
            around = [h for h in kept if not h.startswith("@media")]
            if not around and not head.startswith("@"):
                yield head, text[start : found.start()]
        elif found[0] != ";" or (kept and not kept[-1].startswith("@")):
            continue
        start = found.end()


def parts(text: str, mark: str) -> list[str]:
    """A list cut at a mark that stands outside brackets and quotes."""
    pieces = re.findall(rf"(?:\"[^\"]*\"|'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^{mark}])+", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def declarations(body: str) -> list[tuple[str, str]]:
    cut = (part.partition(":") for part in parts(body, ";"))
    return [(name.strip(), value.strip()) for name, _, value in cut]


def newer(text: str) -> bool:
    return any(re.search(pattern, text) for pattern in STYLES.values())


@cache
def written() -> tuple[set[str], set[str], set[str]]:
    """The elements, classes and attributes that our templates and scripts write."""
    text = "\n".join(f.read_text(encoding="utf-8") for f in OURS)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text)
    lists = re.findall(r"class=\\?[\"']([^\"']*)|(?:className|classList)([^;\n]*)", text)
    classes = {word for pair in lists for part in pair for word in re.findall(r"[\w-]+", part)}
    made = re.findall(r"createElement(?:NS)?\([^)]*[\"'](\w+)[\"']", text)
    elements = {"html", "body", *made, *re.findall(r"<([a-z]\w*)", text)}
    return elements, classes, {"class", *re.findall(r"[\s\"'](data-[\w-]+|[a-z-]+)=", text)}


def meets(selector: str) -> bool:
    """Whether our pages can have what a selector asks for; what it excludes does not count."""
    elements, classes, attributes = written()
    while (less := re.sub(r":(?:not|is|where|has)\([^()]*\)", "", selector)) != selector:
        selector = less
    asked = re.findall(r"\.([\w-]+)", selector)
    if any(name not in classes and not name.startswith("tabulator") for name in asked):
        return False
    if any(name not in attributes for name in re.findall(r"\[([\w-]+)", selector)):
        return False
    plain = re.sub(r"\[[^]]*]|::?[\w-]+(\([^()]*\))?|[.#][\w-]+", "", selector)
    return all(name in elements for name in re.findall(r"[a-z]\w*", plain))


def lost(met: list[tuple[str, str, str]]) -> set[str]:
    """Custom properties that come to nothing in the oldest browser, one through the other."""
    ours = set(re.findall(r"(--[\w-]+)\s*:", (STATIC / "ui/tokens.css").read_text("utf-8")))
    values = [
        (name, value)
        for _, _, body in met
        for name, value in declarations(body)
        if name.startswith("--") and name not in ours
    ]
    found, before = {name for name, value in values if newer(f"x:{value}")}, 0
    while len(found) > before:
        before = len(found)
        found |= {name for name, value in values if made_of(value, found)}
    return found


def made_of(value: str, names: set[str]) -> bool:
    """Whether a value uses one of the properties."""
    return bool(names.intersection(re.findall(r"var\((--[\w-]+)", value)))


def dropped(text: str) -> Iterator[tuple[str, str]]:
    """The first selector that meets a page and each property that the oldest browser drops."""
    met = [
        (first, head, body)
        for head, body in rules(text)
        for first in [s for s in parts(head, ",") if meets(s)][:1]
    ]
    nothing = lost(met)
    for first, head, body in met:
        if newer(head):
            yield first, "whole rule"
        for name, value in declarations(body):
            if not name.startswith("--") and (newer(f"{name}:{value}") or made_of(value, nothing)):
                yield first, name


def all_dropped() -> set[tuple[str, str]]:
    files = sorted((STATIC / "vendor").glob("*.css"))
    assert len(files) == 2
    return {one for f in files for one in dropped(f.read_text(encoding="utf-8"))}


def test_what_the_oldest_browser_drops_is_known_and_harmless() -> None:
    assert all_dropped() == set(HARMLESS)


def test_our_styles_give_what_it_drops() -> None:
    app = (STATIC / "ui/app.css").read_text(encoding="utf-8")
    given = {
        (selector, name)
        for head, body in rules(app)
        for selector in parts(head, ",")
        for name, _ in declarations(body)
    }
    for (selector, name), why in HARMLESS.items():
        if why == STYLED or (why == BAR and "thumb" in selector):
            assert given & {(selector, name), (selector, "background")}, (selector, name)


def test_dropped_rules_are_found() -> None:
    text = """:root { --one: oklch(50% 0 0); --two: var(--one) }
    table { color: var(--two); margin: 0 } .no-page-has-this { inset: 0 }
    @media (min-width: 1px) { td { color: red; inset: 0 } }
    td, th:has(a) { color: red }
    @supports (inset: 0) { td { inset: 0 } }"""
    assert list(dropped(text)) == [
        ("table", "color"), ("td", "inset"), ("td", "whole rule"),
    ]  # fmt: skip
