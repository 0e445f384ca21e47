"""Plain data into the frozen parts of a rulebook, collecting every problem with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from saima.problems import Problem, declare
from saima.rules.documents import Document, Path, plain_scalar
from saima.rules.quantities import quantity_named, quantity_names, quantity_unit
from saima.rules.values import ratio_of

declare(
    "rulebook-unknown-key",
    "没有“{key}”这一项。",
    "{suggestion}",
    "there is no entry “{key}”.",
    "{suggestion_en}",
)
declare(
    "rulebook-missing-key",
    "缺少“{key}”这一项。",
    "请补写这一项。",
    "the entry “{key}” is missing.",
    "Add it.",
)
declare(
    "rulebook-wrong-value",
    "“{key}”写的是“{value}”，这里应是{wanted}。",
    "{suggestion}",
    "“{key}” is “{value}”; {wanted_en} is wanted here.",
    "{suggestion_en}",
)
declare(
    "rulebook-unknown-quantity",
    "没有叫“{value}”的量。",
    "{suggestion}",
    "there is no quantity “{value}”.",
    "{suggestion_en}",
)
declare(
    "rulebook-percent-here",
    "“{key}”写的是“{value}”，但“{quantity}”不按百分比计。",
    "请按它自己的单位写数（百分点写 5，不写 5%）。",
    "“{key}” is “{value}”, but {quantity} is not a ratio.",
    "Write a number in its own unit.",
)

WRONG: Any = object()
"""Stands for a value that had a problem, so that building can go on."""

Hook = Callable[["Builder", type[Struct], dict[str, Any], Path], Any]


class Builder:
    """Builds structs from a document; `problems` holds what was wrong.

    hooks: for a struct class, a function that builds it instead.
    """

    def __init__(self, document: Document, hooks: Mapping[type[Struct], Hook] | None = None):
        self.document = document
        self.hooks = dict(hooks or {})
        self.problems: list[Problem] = []

    def problem(self, code: str, path: Path, **values: Any) -> Any:
        self.problems.append(Problem(code, self.document.place(path), values))
        return WRONG

    def build(self, cls: type[Struct], raw: Any, path: Path, unit: str = "") -> Any:
        """A struct of a class, or WRONG."""
        if not isinstance(raw, dict):
            return self.wrong(raw, path, "“项: 值”的对应表", "a mapping of keys to values")
        if cls in self.hooks:
            return self.hooks[cls](self, cls, raw, path)
        return self.struct(cls, raw, path, unit)

    def struct(
        self,
        cls: type[Struct],
        raw: dict[str, Any],
        path: Path,
        unit: str = "",
        also: Iterable[str] = (),
    ) -> Any:
        """A struct field by field; `also` are further keys worth suggesting for an unknown one."""
        known = fields_of(cls)
        unit = self._unit_of(cls, raw) or unit
        unknown = raw.keys() - known.keys()
        for key in sorted(unknown):
            self.problem(
                "rulebook-unknown-key", (*path, key), key=key, **near(key, (*known, *also))
            )
        misspelt = {m for key in unknown for m in difflib.get_close_matches(key, known, n=1)}
        values: dict[str, Any] = {}
        for key, item in known.items():
            if key in raw:
                values[item.name] = self.value(item.type, raw[key], (*path, key), unit)
            elif item.required and key in misspelt:
                values[item.name] = WRONG
            elif item.required:
                values[item.name] = self.problem("rulebook-missing-key", path, key=key)
        wrong = unknown or any(v is WRONG for v in values.values())
        return WRONG if wrong else cls(**values)

    def _unit_of(self, cls: type[Struct], raw: dict[str, Any]) -> str:
        of = fields_of(cls).get("of")
        if of is None:
            return ""
        written = raw.get("of", of.default)
        name = quantity_named(written) if isinstance(written, str) else None
        return quantity_unit(name) if name else "ratio"

    def value(self, kind: Any, raw: Any, path: Path, unit: str = "") -> Any:
        """A value of any declared type, or WRONG."""
        struct, many = struct_in(kind)
        if struct and many and isinstance(raw, list):
            built = [self.build(struct, x, (*path, i), unit) for i, x in enumerate(raw)]
            return WRONG if any(b is WRONG for b in built) else tuple(built)
        if struct and not many and (isinstance(raw, dict) or _only_struct(kind, raw)):
            return self.build(struct, raw, path, unit)
        meant = self.meaning(kind, raw, path, unit)
        return WRONG if meant is WRONG else self.convert(kind, meant, path, raw)

    def meaning(self, kind: Any, raw: Any, path: Path, unit: str) -> Any:
        """The value with percentages and names of quantities in it understood."""
        base, tag = unwrap(kind)
        if isinstance(raw, str) and tag:
            return self._tagged(tag, raw, path, unit)
        arguments = get_args(base)
        if isinstance(raw, list) and get_origin(base) is tuple:
            kinds = arguments[:1] * len(raw) if arguments[-1] is Ellipsis else arguments
            return self._parts(list(zip(kinds, raw)), raw, path, unit)
        if isinstance(raw, dict) and get_origin(base) in (dict, Mapping):
            found = {k: self.meaning(arguments[1], v, (*path, k), unit) for k, v in raw.items()}
            return WRONG if any(v is WRONG for v in found.values()) else found
        if get_origin(base) in (Union, UnionType):
            return self._any_of(arguments, raw, path, unit)
        return str(raw) if base is str and type(raw) is int else raw

    def _parts(self, pairs: list[tuple[Any, Any]], raw: list[Any], path: Path, unit: str) -> Any:
        found = [self.meaning(kind, x, (*path, i), unit) for i, (kind, x) in enumerate(pairs)]
        if any(v is WRONG for v in found):
            return WRONG
        return found if len(found) == len(raw) else raw

    def _any_of(self, kinds: tuple[Any, ...], raw: Any, path: Path, unit: str) -> Any:
        """Of several types, the one whose reading changes something or fits."""
        if isinstance(raw, str):
            tags = {unwrap(k)[1]: k for k in kinds}
            number = next((t for t in ("ratio", "of", "marks") if t in tags), "")
            if number == "marks" or (number and ratio_of(raw) is not None):
                return self._tagged(number, raw, path, unit)
            if "quantity" in tags:
                return self._tagged("quantity", raw, path, unit)
            return raw
        for kind in kinds:
            if isinstance(raw, (list, dict)) and get_args(unwrap(kind)[0]):
                return self.meaning(kind, raw, path, unit)
        return raw

    def _tagged(self, tag: str, raw: str, path: Path, unit: str) -> Any:
        if tag == "quantity":
            name = quantity_named(raw)
            if name is not None:
                return name
            return self.problem(
                "rulebook-unknown-quantity", path, value=raw, **near(raw, quantity_names())
            )
        ratio = ratio_of(raw)
        if tag == "marks":
            fits = raw == "full" or ratio is not None
            wanted = "分数、full 或满分的百分比（80%）"
            return raw if fits else self.wrong(raw, path, wanted, "marks, full or a percentage")
        if ratio is not None and tag == "of" and unit not in ("ratio", ""):
            return self.problem(
                "rulebook-percent-here", path, key=path[-1], value=raw, quantity=unit
            )
        return raw if ratio is None else ratio

    def convert(self, kind: Any, meant: Any, path: Path, raw: Any) -> Any:
        try:
            return msgspec.convert(meant, kind)
        except msgspec.ValidationError as error:
            choices = literals(kind)
            if choices and (isinstance(raw, str) or raw is None):
                listed = "、".join(choices)
                tips = near(str(raw), choices)
                return self.wrong(raw, path, f"下列之一：{listed}", f"one of {listed}", tips)
            return self.wrong(raw, path, *translated(str(error)))

    def wrong(
        self, raw: Any, path: Path, zh: str, en: str, tips: Mapping[str, str] | None = None
    ) -> Any:
        key = next((p for p in reversed(path) if isinstance(p, str)), "")
        told = tips or {"suggestion": "请改正。", "suggestion_en": "Correct it."}
        return self.problem(
            "rulebook-wrong-value",
            path,
            key=key,
            value=_brief(raw),
            wanted=zh,
            wanted_en=en,
            **told,
        )


def _brief(raw: Any) -> str:
    text = "空" if raw is None else str(raw)
    if isinstance(raw, str) and isinstance(plain_scalar(raw), int | float):
        return f"'{raw}'"
    return text if len(text) <= 40 else text[:40] + "…"


def near(text: str, candidates: Iterable[str]) -> dict[str, str]:
    """The hint of an unknown word: the nearest known one, or all of them."""
    known = sorted(set(candidates))
    found = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    if found:
        return {
            "suggestion": f"是不是“{found[0]}”？",
            "suggestion_en": f"Did you mean “{found[0]}”?",
        }
    listed = "、".join(known[:30])
    return {"suggestion": f"可以写的有：{listed}。", "suggestion_en": f"Known: {listed}."}


@cache
def fields_of(cls: type[Struct]) -> dict[str, Any]:
    """The fields of a struct by the key that documents write."""
    return {f.encode_name: f for f in msgspec.structs.fields(cls)}


def unwrap(kind: Any) -> tuple[Any, str]:
    """A type without its annotations, and what kind of value they say it is."""
    if get_origin(kind) is not Annotated:
        return kind, ""
    base, *metas = get_args(kind)
    tags = [(m.extra or {}).get("is", "") for m in metas if isinstance(m, msgspec.Meta)]
    return base, next((t for t in tags if t), "")


def struct_in(kind: Any) -> tuple[type[Struct] | None, bool]:
    """The struct class that a type is (or is a tuple of, or None), and whether it is a tuple."""
    base, _ = unwrap(kind)
    if isinstance(base, type) and issubclass(base, Struct):
        return base, False
    if get_origin(base) is tuple and Ellipsis in get_args(base):
        return struct_in(get_args(base)[0])[0], True
    if get_origin(base) in (Union, UnionType):
        found = [struct_in(k) for k in get_args(base)]
        return next((f for f in found if f[0]), (None, False))
    return None, False


def _only_struct(kind: Any, raw: Any) -> bool:
    """Whether nothing but the struct fits (None does where it may be left out)."""
    options = get_args(unwrap(kind)[0])
    if not options:
        return True
    return raw is not None and all(struct_in(k)[0] or k is type(None) for k in options)


def literals(kind: Any) -> tuple[str, ...]:
    """The words that a type allows."""
    base, _ = unwrap(kind)
    if get_origin(base) is Literal:
        return tuple(str(a) for a in get_args(base))
    if get_origin(base) in (Union, UnionType):
        return tuple(word for k in get_args(base) for word in literals(k))
    return ()


_TYPES = {
    "int": ("整数", "a whole number"),
    "float": ("数", "a number"),
    "str": ("文字", "text"),
    "bool": ("true 或 false", "true or false"),
    "array": ("列表", "a list"),
    "object": ("“项: 值”的对应表", "a mapping"),
    "null": ("空", "null"),
}
_BOUNDS = {">=": ("不小于{}", "at least {}"), ">": ("大于{}", "more than {}"),
           "<=": ("不大于{}", "at most {}"), "<": ("小于{}", "less than {}")}  # fmt: skip


def translated(error: str) -> tuple[str, str]:
    """What msgspec wanted, in Chinese and English."""
    message = error.partition(" - at ")[0]
    match = re.match(
        r"Expected `([^`]+)`(?: of length (>=|<=)? ?(\d+))?(?: ?(>=|<=|>|<) ?(\S+))?", message
    )
    if not match:
        return f"符合要求的值（{message}）", f"a fitting value ({message})"
    kinds = [_TYPES.get(k, (k, k)) for k in match[1].split(" | ")]
    zh, en = "或".join(k[0] for k in kinds), " or ".join(k[1] for k in kinds)
    if match[3]:
        size = {">=": "至少", "<=": "最多"}.get(match[2], "")
        return f"{size}{match[3]}项的{zh}", f"{en} of length {match[2] or ''}{match[3]}"
    if match[4]:
        bound, number = _BOUNDS[match[4]], match[5].rstrip(",").removesuffix(".0")
        return f"{bound[0].format(number)}的{zh}", f"{en}, {bound[1].format(number)}"
    return zh, en
