"""Scripts and styles keep to what Chromium 86 knows: the oldest browser that pages are made for.

What is newer may stand in a style only inside `@supports`, after what the old browser shows
instead. The table names what was added after version 86, with the version, as browsers' release
notes tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOOR = 86
SOURCE = Path(__file__).parents[3] / "src"
FILES = sorted(f for f in SOURCE.glob("saima_web/*/static/**/*") if f.suffix in (".css", ".js"))
OWN = [f for f in FILES if "vendor" not in f.parts]
VENDORED = [f for f in FILES if "vendor" in f.parts and f.suffix == ".js"]

STYLES = {
    (87, "inset"): r"(?<![-\w])inset(-block|-inline)?(-start|-end)?\s*:",
    (87, "margin-inline and its like"): r"(?<![-\w])(margin|padding|border)-(inline|block)\s*:",
    (88, ":is()"): r":is\(",
    (88, ":where()"): r":where\(",
    (88, ":not() with a list"): r":not\([^()]*,",
    (88, "aspect-ratio"): r"(?<![-\w])aspect-ratio\s*:",
    (89, "forced-colors"): r"forced-colors",
    (89, "::file-selector-button"): r"::file-selector-button",
    (89, "border-start-…-radius"): r"border-(start|end)-(start|end)-radius",
    (90, "overflow: clip"): r"(?<!overflow: hidden; )(?<![-\w])overflow(-[xy])?\s*:\s*clip",
    (91, "@counter-style"): r"@counter-style",
    (93, "accent-color"): r"accent-color",
    (94, "scrollbar-gutter"): r"scrollbar-gutter",
    (96, "prefers-contrast"): r"prefers-contrast",
    (99, "@layer"): r"@layer",
    (104, "ranges in @media"): r"@media[^{]*[<>]",
    (104, "translate, rotate, scale"): r"(?<![-\w])(translate|rotate|scale)\s*:",
    (105, ":has()"): r":has\(",
    (105, "@container"): r"@container|container-(type|name)\s*:",
    (105, ":modal, :popover-open, :dir()"): r":modal|:popover-open|:dir\(",
    (108, "small and large viewports"): r"\d[dsl]v[hwib]\b",
    (109, "lines and characters as measures"): r"\d(r?lh|r?ic|r?cap|rex|rch)\b",
    (110, ":autofill"): r"(?<!-webkit)(?<!-):autofill",
    (111, ":nth-child(… of …)"): r":nth(-last)?-child\([^)]* of ",
    (111, "color-mix, oklch and their like"): r"\b(color-mix|oklch|oklab|lab|lch|hwb|color)\(",
    (112, "nesting"): r"\{[^{}]*&[\s.:\[>+~]",
    (114, "text-wrap"): r"text-wrap\s*:",
    (117, "subgrid"): r"subgrid",
    (117, "@starting-style, @scope"): r"@starting-style|@scope|@view-transition",
    (119, ":user-valid"): r":user-(in)?valid",
    (119, "colours made of others"): r"\b(rgba?|hsla?)\(\s*from\b",
    (120, "mask without -webkit-mask before it"): r"(?<!-webkit-)(?<![-\w])mask(-image)?\s*:",
    (121, "scrollbar-color"): r"scrollbar-(width|color)\s*:",
    (123, "light-dark, field-sizing"): r"light-dark\(|field-sizing\s*:",
    (125, "round and other functions"): r"(?<![-\w])(round|mod|rem|sin|cos|pow|sqrt|abs|sign)\(",
}
SCRIPTS = {
    (87, "Intl.Segmenter"): r"Intl\.Segmenter",
    (88, ":is() and :where() in a selector"): r":(is|where)\(",
    (90, "userAgentData"): r"userAgentData",
    (90, "the flag d of a pattern"): r"/[gimsuy]*d[gimsuy]*(?=\.(?:exec|test)\()",
    (91, "#name in object"): r"#\w+ in ",
    (92, "at()"): r"\.at\(",
    (92, "randomUUID"): r"randomUUID",
    (93, "Object.hasOwn"): r"Object\.hasOwn\b",
    (94, "static blocks"): r"\bstatic\s*\{",
    (97, "findLast()"): r"\.findLast(Index)?\(",
    (98, "structuredClone"): r"structuredClone",
    (99, "showPicker()"): r"\.showPicker\(",
    (102, "inert"): r"\binert\b",
    (103, "AbortSignal.timeout"): r"AbortSignal\.(timeout|any)\(",
    (105, ":has() in a selector"): r":has\(",
    (105, "checkVisibility()"): r"checkVisibility",
    (110, "toSorted() and its like"): r"\.(toSorted|toReversed|toSpliced)\(",
    (111, "startViewTransition()"): r"startViewTransition\(",
    (111, "isWellFormed()"): r"isWellFormed",
    (112, "the flag v of a pattern"): r"/[gimsuy]*v[gimsuy]*(?=\.(?:exec|test)\()",
    (114, "popovers"): r"\.(show|hide|toggle)Popover\(|scrollend",
    (117, "groupBy"): r"(Object|Map)\.groupBy",
    (119, "withResolvers"): r"withResolvers",
    (120, "canParse"): r"URL\.canParse",
    (121, "fromAsync"): r"fromAsync",
    (122, "methods of sets and iterators"): r"\.(isSubsetOf|isSupersetOf)\(|Iterator\.from",
}
MEASURED = {
    ("saving.js", "AbortSignal.timeout"): "asked for first: AbortSignal.timeout ? …",
    ("htmx.min.js", "startViewTransition()"): "asked for first, and off",
    ("tabulator.min.js", "findLast()"): "app.js gives it where the browser has none",
}
"""Newer names that do no harm, and why."""


def bare(text: str) -> str:
    """A style without comments and without what only newer browsers read."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    while (start := text.find("@supports")) >= 0:
        depth, at = 0, text.index("{", start)
        while True:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
            if depth == 0:
                break
        text = text[:start] + text[at:]
    return re.sub(r"-webkit-(mask[^;:]*):([^;}]*); *\1:[^;}]*", r"-webkit-\1:\2", text)


def script(text: str) -> str:
    """A script without comments; strings stay, for selectors stand in them."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", "", text, flags=re.S)


def newer(file: Path, text: str) -> Iterator[str]:
    style = file.suffix == ".css"
    text = bare(text) if style else script(text)
    for (version, what), pattern in (STYLES if style else SCRIPTS).items():
        if (file.name, what) in MEASURED:
            continue
        for found in re.finditer(pattern, text):
            around = text[max(0, found.start() - 30) : found.end() + 30].replace("\n", " ")
            yield f"{file.name}: {what} needs version {version}: … {around} …"


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_our_pages_need_nothing_newer_than_the_floor(file: Path) -> None:
    assert list(newer(file, file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", [f for f in FILES if f.suffix == ".css"], ids=lambda f: f.name)
def test_no_style_makes_the_floor_crash(file: Path) -> None:
    """Chromium 86 crashes when it takes a style with @property from its memory: every second page."""
    assert "@property" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", VENDORED, ids=lambda file: file.name)
def test_vendored_scripts_need_nothing_newer_than_the_floor(file: Path) -> None:
    assert list(newer(file, file.read_text(encoding="utf-8"))) == []


def test_templates_use_no_newer_attributes() -> None:
    names = "inert|popover|popovertarget|closedby|command|commandfor|interestfor|fetchpriority"
    pattern = re.compile(rf"<[a-z][^>]*\s({names})(=|\s|>)|<details [^>]*\bname=|<search\b")
    pages = SOURCE.glob("saima_web/*/templates/**/*.html")
    assert [p.name for p in pages if pattern.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.css", ".a { inset: 0 }", "inset"),
        ("a.css", ".a:not(.b, .c) { color: red }", ":not() with a list"),
        ("a.css", ".a:has(b) { color: red }", ":has()"),
        ("a.css", ".a { & .b { color: red } }", "nesting"),
        ("a.css", ".a { mask: url(x) }", "mask without"),
        ("a.css", "td:nth-child(2 of .b) { color: red }", ":nth-child"),
        ("a.css", ".a { max-height: 3lh }", "lines and characters"),
        ("a.css", ".a { color: color-mix(in srgb, red, blue) }", "color-mix"),
        ("a.js", "const last = rows.at(-1);", "at()"),
        ("a.js", "class A { static { this.x = 1; } }", "static blocks"),
        ("a.js", "page.querySelector('td:has(b)')", ":has() in a selector"),
    ],
)
def test_what_is_newer_is_told_with_its_version(name: str, text: str, what: str) -> None:
    [told] = newer(Path(name), text)
    assert what in told
    assert re.search(r"needs version (8[7-9]|9\d|1\d\d)", told)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.css", ".a { color: red } @supports selector(:has(a)) { .a:has(b) { color: blue } }"),
        ("a.css", ".a { overflow: hidden; overflow: clip } /* :has( */"),
        ("a.css", ".a { -webkit-mask: url(x); mask: url(x) }"),
        ("a.css", ".a:not(.b):not(.c) { box-shadow: inset 0 0 0 1px red; gap: 1rem }"),
        ("a.js", "row?.cells ?? []; a ??= b; text.replaceAll(',', ''); // rows.at(-1)"),
    ],
)
def test_what_the_floor_knows_or_is_asked_for_first_passes(name: str, text: str) -> None:
    assert list(newer(Path(name), text)) == []


def test_every_exception_is_still_needed() -> None:
    for name, what in MEASURED:
        [file] = [f for f in FILES if f.name == name]
        pattern = {w: p for (_, w), p in SCRIPTS.items()}[what]
        assert re.search(pattern, file.read_text(encoding="utf-8")), (name, what)
