"""Writes a rulebook as readable YAML: what is said by default is left out, read back it is equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import NODEFAULT, Struct

from saima.rounding import text as digits
from saima.rules.building import fields_of, unwrap
from saima.rules.documents import plain_scalar
from saima.rules.rulebook import Grade, Leaf, Rulebook, Seal, Tier
from saima.rules.values import ratio_of

if TYPE_CHECKING:
    import yaml

WIDEST = 96  # a mapping of plain values stands on one line up to this many characters


def write_rulebook(rulebook: Rulebook) -> str:
    """The rulebook as YAML text; `read_rulebook(write_rulebook(r), "")[0] == r`."""
    import yaml

    return yaml.dump(
        _fold(rulebook),
        Dumper=_dumper(),
        allow_unicode=True,
        sort_keys=False,
        width=1000,
        default_flow_style=False,
    )


def _fold(rulebook: Rulebook) -> dict[str, Any]:
    data = _plain(rulebook)
    if rulebook.tiers.order:
        keep = {"keep": f"{rulebook.tiers.keep} months"} if rulebook.tiers.keep != 1 else {}
        data["tiers"] = {t.name: _tier(t) for t in rulebook.tiers.order} | keep
    if rulebook.grades:
        data["grades"] = {g.name: _grade(g) for g in rulebook.grades}
    if rulebook.seals:
        data["seals"] = {s.name: _seal(s) for s in rulebook.seals}
    return data


def _plain(struct: Struct) -> dict[str, Any]:
    """A struct as a mapping of what differs from the defaults, in the order of its fields."""
    data: dict[str, Any] = {}
    for key, item in fields_of(type(struct)).items():
        value = getattr(struct, item.name)
        if isinstance(struct, Leaf) and key == "settings":
            data |= _plain(value)
        elif item.required or not _is_default(value, item):
            data[key] = plain_value(value, item.type)
    return data


def _is_default(value: Any, item: Any) -> bool:
    if item.default_factory is not NODEFAULT:
        return bool(value == item.default_factory())
    return bool(value == item.default) and type(value) is type(item.default)


def plain_value(value: Any, kind: Any = None) -> Any:
    """A value as documents write it: percentages of ratios, quantities with hyphens."""
    if isinstance(value, Struct):
        return _plain(value)
    if isinstance(value, Mapping):
        return {k: plain_value(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(v) for v in value]
    if isinstance(value, float):
        ratio = kind is not None and "'is': 'ratio'" in repr(kind)
        return (percent(value) if ratio else None) or number(value)
    return value.replace("_", "-") if isinstance(value, str) and _is_quantity(kind) else value


def _is_quantity(kind: Any) -> bool:
    return kind is not None and unwrap(kind)[1] == "quantity"


def number(value: float) -> float | int:
    """1.0 as 1."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def percent(value: float) -> str | None:
    """0.05 as 5%, if that is exactly what is read back."""
    text = digits(value * 100.0) + "%"
    return text if ratio_of(text) == value else None


def _tier(tier: Tier) -> Any:
    if tier == Tier(name=tier.name, rest=True):
        return "rest"
    return {k: v for k, v in _plain(tier).items() if k != "name"}


def _grade(grade: Grade) -> Any:
    if grade == Grade(name=grade.name):
        return "otherwise"
    share = percent(grade.at_most) if grade.at_most is not None else ""
    if share is None or (grade.within == "all" and not share):
        return {k: v for k, v in _plain(grade).items() if k != "name"}
    least = [] if grade.at_least is None else [f">= {digits(grade.at_least)}"]
    of_all = " of all" if grade.within == "all" else ""
    if grade.at_least is not None and float(digits(grade.at_least)) != grade.at_least:
        return {k: v for k, v in _plain(grade).items() if k != "name"}
    return ", ".join([*least, *([f"at most {share}{of_all}"] if share else [])])


def _seal(seal: Seal) -> dict[str, Any]:
    data = {"every": seal.every, **{k: v for k, v in _plain(seal).items() if k != "name"}}
    when = seal.when
    bounds = [(">=", when.at_least), ("<=", when.at_most)]
    [(sign, bound), *more] = [b for b in bounds if b[1] is not None] or [("", None)]
    plain = bound is not None and not more and float(digits(bound)) == bound
    if bool(when.quantity) != bool(when.seals) and plain:
        indicators = {} if when.indicators == "all" else {"indicators": list(when.indicators)}
        counted = {"seals": when.seals} if when.seals else indicators
        key = when.quantity.replace("_", "-") or "count"
        data["when"] = {**counted, key: f"{sign} {digits(bound or 0.0)}"}
    return data


def _dumper() -> type[yaml.SafeDumper]:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Short mappings and lists on one line; texts that would read as numbers in quotes."""

        def ignore_aliases(self, _: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002
            return super().increase_indent(flow, False)

    def mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.MappingNode:
        return dumper.represent_mapping(
            "tag:yaml.org,2002:map", data, flow_style=_on_one_line(data)
        )

    def sequence(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.SequenceNode:
        flow = not any(isinstance(x, dict) for x in data)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)

    def word(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
        style = None if isinstance(plain_scalar(data), str) else "'"
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    Dumper.add_representer(dict, mapping)
    Dumper.add_representer(list, sequence)
    Dumper.add_representer(str, word)
    return Dumper


def _on_one_line(data: dict[str, Any]) -> bool:
    if "indicator" in data or "category" in data or "rulebook" in data:
        return False
    inside = [x for v in data.values() for x in (v.values() if isinstance(v, dict) else [v])]
    return len(str(data)) <= WIDEST and not any(isinstance(x, dict) for x in inside)
