"""The rules of the house that a machine can hold: sizes, purposes, rounding, paths, the map."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "saima"
MODULES = sorted(LIBRARY.rglob("*.py"))

LONGEST_FUNCTION = 60
LONGEST_MODULE = 500
USUAL_FUNCTION = 30

MAY_ROUND = {"rounding.py": "四舍五入 in one place"}
"""Modules that may print or round numbers by themselves, each with its reason."""

MAY_READ_CLOCK = {"cli.py", "commands"}
"""The edge, where a command is given; everywhere else today's date is an argument."""

ROUNDING_CALLS = {"round", "around", "rint"}
CLOCK_CALLS = {"today", "now", "utcnow", "time", "localtime", "gmtime"}
PRECISION = re.compile(r"\.\d*[eEfFgG%]$|[eEgG%]$")  # `f` alone prints a Decimal as it is
FORMAT_FIELD = re.compile(r"\{[\w.\[\]]*(![rsa])?:[^{}]*\.\d+[eEfFgG%]\}|%[-+ 0#]*\d*\.\d+[eEfFgG]")
MACHINE_PATH = re.compile(
    r"(?<![\w.~:/-])/(?:work|root|home|tmp|Users|farm)/|\.py[e]nv/|[A-Z]:\\Users"
)
REGISTRY = re.compile(r"p[y]pi\.|p[y]thonhosted|n[p]mjs|[i]ndex-url|find[-]links", re.IGNORECASE)
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(ROOT / name for name in listed.stdout.split("\0") if name)


def tracked_texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def at(module: Path, node: ast.expr | ast.stmt) -> str:
    return f"{module.relative_to(ROOT).as_posix()}:{node.lineno}"


def called_name(node: ast.AST) -> str:
    """The last name of what is called: `round(x)` and `np.round(x)` are both `round`."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def function_sizes() -> dict[str, int]:
    return {
        f"{at(module, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_function_is_over_sixty_lines():
    assert [f for f, size in function_sizes().items() if size > LONGEST_FUNCTION] == []


def test_nine_in_ten_functions_are_under_thirty_lines():
    sizes = sorted(function_sizes().values())
    assert sizes[int(len(sizes) * 0.9)] < USUAL_FUNCTION


def test_no_module_is_over_five_hundred_lines():
    sizes = {
        str(m.relative_to(LIBRARY)): len(m.read_text(encoding="utf-8").splitlines())
        for m in MODULES
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_every_module_opens_with_a_sentence_of_its_purpose():
    openings = {m: (ast.get_docstring(tree_of(m)) or "").split("\n\n")[0] for m in MODULES}
    assert [m.relative_to(ROOT) for m, text in openings.items() if not text.endswith(".")] == []


def spec_text(spec: ast.expr | None) -> str:
    """A format specification as text, with what is put into it at run time as 0."""
    parts = spec.values if isinstance(spec, ast.JoinedStr) else []
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "0" for p in parts)


def rounds(node: ast.AST) -> bool:
    """True for a call or a format that rounds a number in its own way."""
    if isinstance(node, ast.FormattedValue):
        return bool(PRECISION.search(spec_text(node.format_spec)))
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(FORMAT_FIELD.search(node.value))
    return called_name(node) in ROUNDING_CALLS


@pytest.mark.parametrize(
    "source",
    [
        "round(x)",
        "np.round(x, 2)",
        "f'{x:.2f}'",
        "f'{x:.{n}f}'",
        "f'{x:,.1%}'",
        "'{:.2f}'",
        "'%.2f'",
    ],
)
def test_a_rounding_of_ones_own_is_recognised(source):
    assert any(rounds(node) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("source", ["f'{x:>8}'", "f'{x:,}'", "half_up(x, 2)", "'{a.b} 100%'"])
def test_a_format_that_does_not_round_is_left_alone(source):
    assert not any(rounds(node) for node in ast.walk(ast.parse(source)))


def test_numbers_are_rounded_in_one_place_only():
    strays = [
        at(module, node)
        for module in MODULES
        if module.relative_to(LIBRARY).as_posix() not in MAY_ROUND
        for node in ast.walk(tree_of(module))
        if rounds(node)
    ]
    assert strays == []


def test_library_reads_no_clock():
    strays = [
        at(module, node)
        for module in MODULES
        if module.relative_to(LIBRARY).parts[0] not in MAY_READ_CLOCK
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and called_name(node) in CLOCK_CALLS
    ]
    assert strays == []


def test_no_machine_path_stands_in_a_tracked_file():
    strays = [
        f"{name}: {m.group()}"
        for name, text in tracked_texts()
        for m in MACHINE_PATH.finditer(text)
    ]
    assert strays == []


def test_no_registry_address_stands_in_a_tracked_file():
    strays = [
        f"{name}: {m.group()}" for name, text in tracked_texts() for m in REGISTRY.finditer(text)
    ]
    assert strays == []


def test_lock_pins_every_declared_dependency_within_its_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins: dict[str, list[tuple[str, Marker | None]]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            pin = Requirement(line.rstrip("\\ "))
            version = str(pin.specifier).removeprefix("==")
            pins.setdefault(pin.name, []).append((version, pin.marker))
    declared = map(
        Requirement, project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    )
    loose = [
        str(wanted)
        for wanted in declared
        if not (found := pins.get(wanted.name))
        or not all(wanted.specifier.contains(v) for v, _ in found)
    ]
    assert loose == []


def test_ci_entry_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def map_names(readme: str) -> list[set[str]]:
    """The names in the first column of each block of the map: the root, the library, the platform."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    section = re.split(r"^## (?:The map|地图)$", text, flags=re.MULTILINE)[1]
    section = re.split(r"^## ", section, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```\w*\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE)
    columns = [
        [re.split(r"\s{2,}", line)[0] for line in b.splitlines() if line[:1].strip()]
        for b in blocks
    ]
    return [{name for cell in column for name in cell.split(" · ")} for column in columns]


def standing_in(folder: Path) -> set[str]:
    """Tracked files and folders right in a folder that are more than empty; folders end in /."""
    inside = [p.relative_to(folder) for p in tracked() if p.is_relative_to(folder)]
    full = [p for p in inside if (folder / p).exists() and (folder / p).stat().st_size]
    return {p.parts[0] + ("/" if len(p.parts) > 1 else "") for p in full}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_map_in_readme_names_what_stands_there_and_nothing_else(readme):
    root, library, platform = map_names(readme)
    assert root == standing_in(ROOT) - {".gitignore"}
    assert library == standing_in(LIBRARY) - {"__init__.py", "py.typed"}
    assert platform == standing_in(ROOT / "src" / "saima_web") - {"__init__.py"}


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{name}: {target}"
        for name, text in tracked_texts()
        if name.endswith(".md")
        for target in LINK.findall(text)
        if not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert broken == []
