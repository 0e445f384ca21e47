"""Form controls generated from the fields of a rulebook's structs, and their answers read back.

What people type is brought to the words that rulebooks use (80%, full, 完成率); whether it fits is
for the library's reader to say, so that forms and YAML are judged by one judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from msgspec import NODEFAULT, Struct

from saima.rules.building import fields_of, literals, struct_in, unwrap
from saima.rules.documents import plain_scalar
from saima.rules.quantities import BASIC, DERIVED, quantity_label, quantity_named, quantity_unit
from saima.rules.values import Quantity, ratio_of
from saima.rules.writing import number, percent, plain_value
from saima_web.indicators.words import LABELS, choice_words, label_and_hint

Kind = Literal[
    "text", "choice", "flag", "rows", "pairs", "listed", "group", "groups", "table",
    "choice-or-group",
]  # fmt: skip
Answers = Mapping[str, str]
SPARE = 1  # blank rows shown after the last one


@dataclass(frozen=True)
class Control:
    """One field of a struct as a page shows it; `name` is its path in the form (points.0.1).

    parts: the cells of rows and pairs, one list a row; the controls of a group; of groups, one
    list each (a table where all their fields are plain). on: whether an optional group is used.
    """

    kind: Kind
    name: str
    key: str
    label: str
    hint: str = ""
    value: str = ""
    required: bool = False
    on: bool = False
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    parts: tuple[tuple[Control, ...], ...] = ()
    suggests: bool = False  # the datalist of quantities


@dataclass(frozen=True)
class _Field:
    """A struct's field with what its type says."""

    key: str
    name: str
    kind: Any
    required: bool
    default: Any
    label: str
    hint: str


def quantity_choices() -> list[tuple[str, str]]:
    """The quantities that a form suggests: the term that people see, and its name."""
    simple = [quantity_label(name).partition("（")[0] for name in (*BASIC, *DERIVED)]
    compared = [
        f"{kind}-{name.replace('_', '-')}"
        for name in ("actual", "attainment", "growth")
        for kind in ("mean", "mean-all", "best", "best-all")
    ]
    return [(x, "") for x in simple] + [(x, quantity_label(x.replace("-", "_"))) for x in compared]


# --- from a struct's data to controls -----------------------------------------------------------


def controls_of(
    cls: type[Struct],
    data: Mapping[str, Any],
    prefix: str,
    *,
    unit: str = "",
    skip: Iterable[str] = (),
    more: Mapping[str, int] | None = None,
) -> list[Control]:
    """The controls of a struct, filled with data as a rulebook writes it.

    more: how many further blank rows a field (by form name) shows.
    """
    unit = _unit_of(cls, data) or unit
    found = []
    for item in _fields(cls):
        if item.key not in skip:
            name = f"{prefix}.{item.key}"
            raw = data.get(item.key, _given_default(item))
            found.append(_control(item, raw, name, unit, more or {}))
    return found


def _fields(cls: type[Struct]) -> list[_Field]:
    return [_field(key, item) for key, item in fields_of(cls).items()]


def _field(key: str, item: Any) -> _Field:
    described = _description(item.type)
    label, hint = label_and_hint(described) if described else (LABELS.get(item.name, key), "")
    default = item.default
    if item.default_factory is not NODEFAULT:
        default = item.default_factory()
    return _Field(key, item.name, item.type, item.required, default, _(label), hint and _(hint))


def _description(kind: Any) -> str:
    if get_origin(kind) is not Annotated:
        return ""
    metas = [m for m in get_args(kind)[1:] if isinstance(m, msgspec.Meta)]
    return next((m.description for m in metas if m.description), "")


def _given_default(item: _Field) -> Any:
    if item.required or item.default is NODEFAULT:
        return None
    return plain_value(item.default, item.kind)


def _unit_of(cls: type[Struct], data: Mapping[str, Any]) -> str:
    of = fields_of(cls).get("of")
    if of is None:
        return ""
    written = data.get("of", of.default)
    name = quantity_named(written) if isinstance(written, str) else None
    return quantity_unit(name) if name else "ratio"


def _control(item: _Field, raw: Any, name: str, unit: str, more: Mapping[str, int]) -> Control:
    base, _tag = unwrap(item.kind)
    plain: dict[str, Any] = {"name": name, "key": item.key, "label": item.label, "hint": item.hint,
             "required": item.required}  # fmt: skip
    struct, many = struct_in(item.kind)
    words = literals(item.kind)
    if struct and many:
        return _groups(struct, raw, plain, unit, more)
    if struct and words:
        return _choice_or_group(struct, words, raw, plain, unit)
    if struct:
        given = raw if isinstance(raw, Mapping) else {}
        on = isinstance(raw, Mapping) or not _optional(base)
        parts = (tuple(controls_of(struct, given, name, unit=unit, more=more)),)
        kind: Kind = "group"
        return Control(
            kind, **plain, on=on, parts=parts, value="optional" if _optional(base) else ""
        )
    if get_origin(base) in (dict, Mapping):
        return _pairs(get_args(base)[1], raw, plain, more)
    if get_origin(base) is tuple:
        return _several(base, raw, plain, unit, more)
    if base is bool:
        return Control("flag", **plain, on=bool(raw))
    if words and any(get_origin(k) is tuple for k in get_args(base)):
        shown = _("全部指标") if isinstance(raw, str) else "、".join(raw or ())
        return Control("listed", **plain, value=shown)
    if words:
        options = [("", _("（与办法相同）"))] if _optional(base) else []
        options += [(w, choice_words(item.name, w)) for w in words]
        return Control(
            "choice", **plain, options=tuple(options), value="" if raw is None else str(raw)
        )
    return Control(
        "text", **plain, value=_shown(raw, item.kind, unit), suggests=_is_quantity(item.kind)
    )


_SEALED = {"score": noop("总分"), "rank": noop("名次")}


def _seal_words(raw: Any) -> str:
    """What a seal looks at, as people say it: 总分, 名次 or a quantity's term."""
    return _(_SEALED[raw]) if raw in _SEALED else _shown(raw, Quantity, "")


def _optional(base: Any) -> bool:
    return get_origin(base) in (Union, UnionType) and NoneType in get_args(base)


def _tags(kind: Any) -> set[str]:
    base, tag = unwrap(kind)
    inner = [unwrap(k)[1] for k in get_args(base)] if get_origin(base) in (Union, UnionType) else []
    return {t for t in (tag, *inner) if t}


def _is_quantity(kind: Any) -> bool:
    return "quantity" in _tags(kind)


def _shown(raw: Any, kind: Any, unit: str) -> str:
    """A value as people read it: 满分, 80%, 完成率."""
    tags = _tags(kind)
    if raw is None:
        return ""
    if isinstance(raw, str):
        if "marks" in tags and raw == "full":
            return _("满分")
        name = quantity_named(raw) if "quantity" in tags else None
        simple = name in BASIC or name in DERIVED if name else False
        return quantity_label(name).partition("（")[0] if name and simple else raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if "ratio" in tags or ("of" in tags and unit == "ratio"):
            return percent(float(raw)) or str(number(float(raw)))
        return str(number(float(raw)))
    return "、".join(str(x) for x in raw) if isinstance(raw, (list, tuple)) else str(raw)


def _groups(
    struct: type[Struct], raw: Any, plain: dict[str, Any], unit: str, more: Mapping[str, int]
) -> Control:
    given = [x for x in raw if isinstance(x, Mapping)] if isinstance(raw, (list, tuple)) else []
    given = [*given, *[{}] * more.get(plain["name"], 0)]
    parts = tuple(
        tuple(controls_of(struct, x, f"{plain['name']}.{i}", unit=unit, more=more))
        for i, x in enumerate(given)
    )
    shape = controls_of(struct, {}, "")
    if any(c.kind not in ("text", "choice", "flag", "listed") for c in shape):
        return Control("groups", **plain, parts=parts)
    columns = tuple(c.label + (_("（必填）") if c.required else "") for c in shape)
    return Control("table", **plain, parts=parts, columns=columns)


def _choice_or_group(
    struct: type[Struct], words: tuple[str, ...], raw: Any, plain: dict[str, Any], unit: str
) -> Control:
    given = raw if isinstance(raw, Mapping) else {}
    options = [*((w, choice_words(plain["key"], w)) for w in words), ("given", _("给定的值"))]
    return Control(
        "choice-or-group", **plain, options=tuple(options),
        value="given" if isinstance(raw, Mapping) else str(raw or words[0]),
        parts=(tuple(controls_of(struct, given, f"{plain['name']}.given", unit=unit)),),
    )  # fmt: skip


def _pairs(kind: Any, raw: Any, plain: dict[str, Any], more: Mapping[str, int]) -> Control:
    given = list(raw.items()) if isinstance(raw, Mapping) else []
    given += [("", None)] * (SPARE + more.get(plain["name"], 0))
    parts = tuple(
        (
            Control("text", f"{plain['name']}.{i}.k", "k", _("名称"), value=str(key)),
            Control("text", f"{plain['name']}.{i}.v", "v", _("值"), value=_shown(value, kind, "")),
        )
        for i, (key, value) in enumerate(given)
    )
    return Control("pairs", **plain, parts=parts, columns=(_("名称"), _("值")))


def _several(
    base: Any, raw: Any, plain: dict[str, Any], unit: str, more: Mapping[str, int]
) -> Control:
    """A list of rows, a fixed row, or plain words with 、 between them."""
    kinds = get_args(base)
    values = list(raw) if isinstance(raw, (list, tuple)) else []
    inner = unwrap(kinds[0])[0]
    if Ellipsis not in kinds:
        return Control(
            "rows", **plain, parts=(_cells(kinds, values, plain["name"], unit),), value="fixed"
        )
    if get_origin(inner) is not tuple:
        shown = "、".join(_shown(x, kinds[0], unit) for x in values)
        return Control("listed", **plain, value=shown, suggests=_is_quantity(kinds[0]))
    rows = [*values, *[[]] * (SPARE + more.get(plain["name"], 0))]
    parts = tuple(
        _cells(get_args(inner), list(row), f"{plain['name']}.{i}", unit)
        for i, row in enumerate(rows)
    )
    return Control("rows", **plain, parts=parts, columns=_columns(plain["label"] + plain["hint"]))


def _cells(kinds: tuple[Any, ...], values: list[Any], name: str, unit: str) -> tuple[Control, ...]:
    values += [None] * (len(kinds) - len(values))
    return tuple(
        Control("text", f"{name}.{i}", str(i), "", value=_shown(v, kind, unit))
        for i, (kind, v) in enumerate(zip(kinds, values))
    )


def _columns(described: str) -> tuple[str, ...]:
    """各折点 [量值, 得分] -> 量值, 得分."""
    match = re.search(r"\[([^\]]+)\]", described)
    return tuple(x.strip() for x in match[1].split(",")) if match else ()


# --- from answers back to a rulebook's data -----------------------------------------------------


@dataclass
class _Reader:
    answers: Answers
    names: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        return name in self.answers or any(n.startswith(name + ".") for n in self.answers)

    def indexes(self, name: str) -> list[int]:
        """The numbers of the rows of a field, in order."""
        match = re.compile(re.escape(name) + r"\.(\d+)(\.|$)")
        return sorted({int(m[1]) for n in self.answers if (m := match.match(n))})


def read(
    cls: type[Struct], answers: Answers, prefix: str, skip: Iterable[str] = ()
) -> dict[str, Any]:
    """The data of a struct as a rulebook would write it; what was left blank is left out."""
    reader, data = _Reader(answers), {}
    for item in _fields(cls):
        if item.key in skip:
            continue
        value = _answer(item, f"{prefix}.{item.key}", reader)
        if value is not NODEFAULT:
            data[item.key] = value
    return data


def _answer(item: _Field, name: str, reader: _Reader) -> Any:
    base, _tag = unwrap(item.kind)
    struct, many = struct_in(item.kind)
    if struct and many:
        kept = [i for i in reader.indexes(name) if f"{name}.{i}.drop" not in reader.answers]
        return [read(struct, reader.answers, f"{name}.{i}") for i in kept]
    if struct and literals(item.kind):
        chosen = reader.answers.get(name, "")
        return read(struct, reader.answers, f"{name}.given") if chosen == "given" else chosen
    if struct:
        on = f"{name}.on" in reader.answers or not _optional(base)
        return read(struct, reader.answers, name) if on else _blank(item)
    if get_origin(base) in (dict, Mapping):
        rows = [(reader.answers.get(f"{name}.{i}.k", "").strip(), i) for i in reader.indexes(name)]
        return {
            k: _typed(reader.answers.get(f"{name}.{i}.v", ""), get_args(base)[1])
            for k, i in rows
            if k
        }
    if get_origin(base) is tuple:
        return _rows(base, name, reader, item)
    if base is bool:
        return name in reader.answers
    if literals(item.kind) and any(get_origin(k) is tuple for k in get_args(base)):
        parts = [p for p in re.split(r"[、，,\s]+", reader.answers.get(name, "").strip()) if p]
        return parts if parts and parts != [_("全部指标")] and parts != ["all"] else "all"
    text = reader.answers.get(name, "").strip()
    if item.name == "quantity":
        said = {_(word): name for name, word in _SEALED.items()}
        return said.get(text) or quantity_named(text) or text
    return _typed(text, item.kind) if text else _blank(item)


def _blank(item: _Field) -> Any:
    """Nothing typed: no value where that may be said and is not the default, else left out."""
    said = _optional(unwrap(item.kind)[0]) and item.default is not None
    return None if said and not item.required else NODEFAULT


def _rows(base: Any, name: str, reader: _Reader, item: _Field) -> Any:
    kinds = get_args(base)
    inner = unwrap(kinds[0])[0]
    if Ellipsis not in kinds:
        cells = [reader.answers.get(f"{name}.{i}", "").strip() for i in range(len(kinds))]
        return [_typed(c, k) for c, k in zip(cells, kinds)] if any(cells) else _blank(item)
    if get_origin(inner) is not tuple:
        parts = re.split(r"[、，,\s]+", reader.answers.get(name, "").strip())
        found = [_typed(p, kinds[0]) for p in parts if p]
        return found if found or not item.required else NODEFAULT
    width, rows = len(get_args(inner)), []
    for i in reader.indexes(name):
        cells = [reader.answers.get(f"{name}.{i}.{j}", "").strip() for j in range(width)]
        if any(cells):
            rows.append([_typed(c, k) for c, k in zip(cells, get_args(inner))])
    return rows if rows or not item.required else NODEFAULT


def _typed(text: str, kind: Any) -> Any:
    """What a text means in a rulebook: a number, `full`, a percentage, or the text itself."""
    base, _tag = unwrap(kind)
    tags, text = _tags(kind), text.strip()
    if base is str and not tags:
        return text
    text = text.replace("％", "%")
    if "marks" in tags and text in ("满分", "full", _("满分")):
        return "full"
    if "marks" in tags and text.startswith("满分的"):
        text = text.removeprefix("满分的")
    if base is str and "marks" not in tags:
        return text
    if ratio_of(text) is not None:
        return text
    return plain_scalar(text.removesuffix("分") if "marks" in tags else text)
