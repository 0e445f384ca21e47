"""What changed between two rulebooks, as sentences that an official can follow."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from msgspec import Meta, Struct
from msgspec.structs import replace

from saima.problems import Language
from saima.rules.building import fields_of
from saima.rules.methods import method
from saima.rules.rulebook import EventRule, Grade, Leaf, Node, Rulebook, Seal, Tier
from saima.rules.telling import EN, ZH, Tongue
from saima.rules.words import points
from saima.rules.writing import plain_value


def compare(old: Rulebook, new: Rulebook, language: Language = "zh") -> list[str]:
    """What a reader of the old version must know about the new one; empty if nothing changed.

    Cases are left out: they do not change a mark. A method whose settings changed is told by its
    settings; where the method itself changed, both rules are quoted.
    """
    t = ZH if language == "zh" else EN
    return [
        *_whole(t, old, new),
        *_nodes(t, old, new),
        *_leaves(t, old, new),
        *_named(t, "event", _events(t, old), _events(t, new)),
        *_tiers(t, old, new),
        *_order(t, "grade", old.grades, new.grades),
        *_named(t, "grade", _by_name(old.grades), _by_name(new.grades)),
        *_named(t, "seal", _by_name(old.seals), _by_name(new.seals)),
    ]


def _whole(t: Tongue, old: Rulebook, new: Rulebook) -> Iterator[str]:
    parts = {
        "tree",
        "events",
        "grades",
        "seals",
        "tiers",
        "cases",
        "rounding",
        "ranks",
        "effective",
    }
    if old.rulebook != new.rulebook:
        yield t.says("other", old=old.rulebook, new=new.rulebook)
    yield from _fields(t, "", old, new, skip={"rulebook", *parts})
    yield from _fields(t, "", old.effective, new.effective)
    yield from _fields(t, "", old.rounding, new.rounding)
    yield from _fields(t, t.says("of-ranks"), old.ranks, new.ranks)


def _fields(
    t: Tongue, subject: str, old: Struct, new: Struct,
    skip: set[str] | frozenset[str] = frozenset(), labels: Mapping[str, str] | None = None,
) -> Iterator[str]:  # fmt: skip
    """One sentence for every field that differs; `labels` in place of the tongue's own."""
    called = t if labels is None else dataclasses.replace(t, labels=labels)
    for key, item in fields_of(type(old)).items():
        a, b = getattr(old, item.name), getattr(new, item.name)
        if a != b and item.name not in skip:
            label = called.label(item.name, _described(item.type), key)
            was, now = (_said(t, v, item.type, item.name) for v in (a, b))
            yield t.says("changed", subject=subject, label=label, was=was, now=now)


def _described(kind: Any) -> str:
    """The description of a setting, up to its first comma."""
    found = [m.description for m in get_args(kind) if isinstance(m, Meta) and m.description]
    return found[0].partition("，")[0].partition("：")[0] if found else ""


def _said(t: Tongue, value: Any, kind: Any, name: str = "") -> str:
    if value is None or value in ("", (), {}):
        return t.says("none")
    if isinstance(value, bool):
        return t.says("yes" if value else "no")
    word = t.values.get(name, {}).get(value) if isinstance(value, str) else None
    return f"“{word or _flat(t, plain_value(value, kind))}”"


def _flat(t: Tongue, plain: Any) -> str:
    if isinstance(plain, Mapping):
        return t.says("comma").join(f"{k} {_flat(t, v)}" for k, v in plain.items())
    if isinstance(plain, list):
        return t.says("list").join(
            f"[{_flat(t, v)}]" if isinstance(v, (list, Mapping)) else _flat(t, v) for v in plain
        )
    return points(plain) if isinstance(plain, float) else str(plain)


# --- the tree -----------------------------------------------------------------------------------


def _walk(nodes: tuple[Node, ...], above: str = "") -> Iterator[tuple[str, Node]]:
    for node in nodes:
        yield f"{above}{node.category}", node
        yield from _walk(node.categories, f"{above}{node.category}·")


def _nodes(t: Tongue, old: Rulebook, new: Rulebook) -> Iterator[str]:
    before, after = dict(_walk(old.tree)), dict(_walk(new.tree))
    yield from (t.says("new-category", name=name) for name in after if name not in before)
    yield from (t.says("no-category", name=name) for name in before if name not in after)
    skip = {"category", "indicators", "categories"}
    for name in before:
        if name in after:
            subject = t.says("of", what=t.says("category"), name=name)
            yield from _fields(t, subject, before[name], after[name], skip)


def _keyed(rulebook: Rulebook) -> dict[tuple[str, int], tuple[str, Leaf]]:
    """Leaves by indicator and how many times it stood before, with their category."""
    keyed: dict[tuple[str, int], tuple[str, Leaf]] = {}
    for path, leaf in rulebook.leaves():
        times = sum(1 for code, _ in keyed if code == leaf.indicator)
        keyed[leaf.indicator, times] = ("·".join(n.category for n in path), leaf)
    return keyed


def _leaves(t: Tongue, old: Rulebook, new: Rulebook) -> Iterator[str]:
    before, after = _keyed(old), _keyed(new)
    for key, (place, leaf) in after.items():
        if key not in before:
            told = {"rule": method(leaf.method).rule(leaf.settings, t.language)}
            told |= {"place": place, "title": _title(t, key), "weight": _weight(t, leaf)}
            yield t.says("new-leaf", **told)
    for key, (place, leaf) in before.items():
        if key not in after:
            yield t.says("no-leaf", place=place, title=_title(t, key), weight=_weight(t, leaf))
    for key, (place, leaf) in before.items():
        if key in after:
            yield from _leaf(t, _title(t, key), place, leaf, *after[key])


def _title(t: Tongue, key: tuple[str, int]) -> str:
    code, times = key
    return f"“{code}”" if times == 0 else t.says("again", code=code, times=times + 1)


def _weight(t: Tongue, leaf: Leaf) -> str:
    said = _said(t, leaf.weight, None).strip("“”")
    return t.says("assigned") if leaf.weight == "assigned" else t.says("weight", said=said)


def _leaf(t: Tongue, title: str, place: str, old: Leaf, to: str, new: Leaf) -> Iterator[str]:
    if place != to:
        yield t.says("moved", title=title, old=place, new=to)
    subject = t.says("of-indicator", title=title)
    yield from _fields(t, subject, old, new, {"indicator", "method", "settings"})
    was, now = (method(x.method).rule(x.settings, t.language) for x in (old, new))
    if old.method != new.method:
        names = [method(x.method).TITLE[t.index] for x in (old, new)]
        yield t.says("method", title=title, old=names[0], new=names[1], was=was, now=now)
        return
    if was != now:
        was, now = _differing(was, now, t.language)
        yield t.says("rule", title=title, was=was, now=now)
    yield from _fields(t, subject, old.settings, new.settings, _voiced(t, old, new), labels={})


def _voiced(t: Tongue, old: Leaf, new: Leaf) -> set[str]:
    """The settings whose change shows in the words of the rule."""
    rule = method(old.method).rule
    kept: Struct = old.settings
    return {
        item.name
        for item in fields_of(type(kept)).values()
        if rule(kept, t.language)
        != rule(replace(kept, **{item.name: getattr(new.settings, item.name)}), t.language)
    }


def _differing(old: str, new: str, language: Language) -> tuple[str, str]:
    """The parts of two rules that the other does not have; the whole rules if one is empty."""
    signs, comma = ("[，；。：]", "，") if language == "zh" else (r"[,;:] |\. |\.$", ", ")
    a, b = (re.split(signs, text) for text in (old, new))
    was, now = [x for x in a if x not in b], [x for x in b if x not in a]
    return (comma.join(was), comma.join(now)) if was and now else (old, new)


# --- events, tiers, grades, seals ---------------------------------------------------------------


def _events(t: Tongue, rulebook: Rulebook) -> dict[str, EventRule]:
    return {f"{t.says(e.kind)}{t.says('colon')}{e.name}": e for e in rulebook.events}


def _by_name(items: tuple[Grade, ...] | tuple[Seal, ...]) -> dict[str, Grade | Seal]:
    return {item.name: item for item in items}


def _named(
    t: Tongue, kind: str, old: Mapping[str, Struct], new: Mapping[str, Struct]
) -> Iterator[str]:
    what = t.says(kind)
    for name, item in new.items():
        if name not in old:
            yield t.says("new", what=what, name=name, told=t.about(item))
        else:
            yield from _fields(t, t.says("of", what=what, name=name), old[name], item, {"name"})
    for name in old:
        if name not in new:
            yield t.says("gone", what=what, name=name)


def _order(t: Tongue, kind: str, old: tuple[Grade, ...], new: tuple[Grade, ...]) -> Iterator[str]:
    before = [x.name for x in old if x.name in {y.name for y in new}]
    after = [x.name for x in new if x.name in {y.name for y in old}]
    if before != after:
        yield t.says("order", what=t.says(kind), names=t.says("list").join(after))


def _tiers(t: Tongue, old: Rulebook, new: Rulebook) -> Iterator[str]:
    before: dict[str, Tier] = {tier.name: tier for tier in old.tiers.order}
    yield from _named(t, "tier", before, {tier.name: tier for tier in new.tiers.order})
    yield from _fields(t, "", old.tiers, new.tiers, {"order"})
