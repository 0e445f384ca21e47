"""The scoring methods, one file each: settings, the calculation, and its sentences.

A method module holds
- `NAME`: its name in rulebooks; `TITLE`: (Chinese, English);
- `Settings`: a frozen msgspec Struct (kebab-case keys, described fields, unknown keys refused);
- `marks(q, settings) -> Num`: marks on `q.get("full")`, over arrays and traced cells alike,
  before difficulty, caps and rounding of the rulebook;
- `needs(settings) -> tuple[str, ...]`: quantities without which there is no mark;
- `shows(settings) -> tuple[str, ...]`: quantities that its sentence prints;
- `rule(settings, language) -> str`: the clause in words, without figures;
- `sentence(c, settings, language) -> str`: how this mark came about, with the figures put in
  (`c` is a `Cell` of plain numbers);
- optionally `check(settings) -> list[str]`: what is wrong with the settings, in Chinese.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol, cast

from msgspec import Struct

from saima.rules.quantities import Quantities
from saima.rules.words import Cell
from saima.steps import Num


class Method(Protocol):
    """What a method module offers (see the package's docstring)."""

    NAME: str
    TITLE: tuple[str, str]
    Settings: type[Struct]

    def marks(self, q: Quantities, s: Any) -> Num: ...

    def needs(self, s: Any) -> tuple[str, ...]: ...

    def shows(self, s: Any) -> tuple[str, ...]: ...

    def rule(self, s: Any, language: str) -> str: ...

    def sentence(self, c: Cell, s: Any, language: str) -> str: ...


@cache
def names() -> tuple[str, ...]:
    """The names of all methods, as rulebooks write them (rank-decay), in alphabetical order."""
    modules = (m.name for m in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in modules))


@cache
def method(name: str) -> Method:
    """The method of a name. Errors: KeyError if there is none (readers check before)."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return cast(Method, module)


def every() -> Iterable[Method]:
    """All methods, in alphabetical order."""
    return (method(name) for name in names())


def setting_errors(chosen: Method, settings: Any) -> list[str]:
    """What a method itself finds wrong with its settings, in Chinese; empty if nothing."""
    check = getattr(chosen, "check", None)
    return list(check(settings)) if check else []
