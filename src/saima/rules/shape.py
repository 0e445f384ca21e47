"""The readable shape of a rulebook and its full shape: unfolding when read, folding when written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from saima.problems import Problem, declare
from saima.rules.building import fields_of
from saima.rules.documents import Document, Path
from saima.rules.quantities import quantity_named, quantity_unit
from saima.rules.rulebook import Leaf
from saima.rules.values import ratio_of

declare(
    "rulebook-condition",
    "“{name}”的条件“{text}”看不懂。",
    "请写成 {{top: 3}}、{{bottom: 3}}、{{share: 30%}}、“>= 90”、“>= 95, at most 30%”、rest 或 otherwise。",
    "the condition “{text}” of “{name}” is not understood.",
    "Write {{top: 3}}, {{share: 30%}}, “>= 90”, “>= 95, at most 30%”, rest or otherwise.",
)

REST_WORDS = ("rest", "otherwise", "其余")
_LEAF_KEYS = frozenset(fields_of(Leaf))


def unfold(document: Document) -> list[Problem]:
    """Bring a rulebook's data from the readable to the full shape, in place."""
    problems: list[Problem] = []
    data = document.data
    if isinstance(data.get("tiers"), dict):
        data["tiers"] = _unfold_tiers(data["tiers"], document, problems)
    for part, reader in (("grades", _grade), ("seals", _seal)):
        if isinstance(data.get(part), dict):
            data[part] = list(_unfold_named(part, data[part], reader, document, problems))
    for leaf, path in _leaves(data.get("tree"), ("tree",)):
        _unfold_leaf(leaf, path, document)
    return problems


def _leaves(nodes: Any, path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    for i, node in enumerate(nodes if isinstance(nodes, list) else []):
        if isinstance(node, dict):
            for j, leaf in enumerate(node.get("indicators") or []):
                if isinstance(leaf, dict):
                    yield leaf, (*path, i, "indicators", j)
            yield from _leaves(node.get("categories"), (*path, i, "categories"))


def _unfold_leaf(leaf: dict[str, Any], path: Path, document: Document) -> None:
    """Keys that are not the leaf's own are settings of its method."""
    settings = leaf.get("settings", {})
    for key in [k for k in leaf if k not in _LEAF_KEYS]:
        if isinstance(settings, dict):
            settings[key] = leaf.pop(key)
            document.moved[(*path, "settings", key)] = (*path, key)
    leaf["settings"] = settings
    missing = leaf.get("when-missing")
    if missing == {"exclude": "re-weight"}:
        leaf["when-missing"] = "exclude"


def _unfold_tiers(
    raw: dict[str, Any], document: Document, problems: list[Problem]
) -> dict[str, Any]:
    if "order" in raw:
        return raw
    named = {k: v for k, v in raw.items() if k != "keep"}
    order = list(_unfold_named("tiers", named, _tier, document, problems))
    places = sorted(range(len(order)), key=lambda i: _height(order[i]))
    for new, old in enumerate(places):
        document.moved[("tiers", "order", new)] = ("tiers", order[old]["name"])
    return {"order": [order[i] for i in places], **_keep(raw.get("keep"))}


def _height(tier: dict[str, Any]) -> int:
    """Top conditions first, then the rest, then last places."""
    return 2 if "bottom" in tier else 1 if tier.get("rest") else 0


def _keep(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    match = re.fullmatch(r"(\d{1,4}) months?", str(raw))
    return {"keep": int(match[1]) if match else raw}


Reader = Callable[[str, Any], dict[str, Any] | None]


def _unfold_named(
    part: str, raw: dict[str, Any], reader: Reader, document: Document, problems: list[Problem]
) -> Iterator[dict[str, Any]]:
    kept = 0
    for name, condition in raw.items():
        found = reader(name, condition)
        if found is None:
            values = {"name": name, "text": str(condition)}
            problems.append(Problem("rulebook-condition", document.place((part, name)), values))
            continue
        document.moved[(part, kept)] = (part, name)
        kept += 1
        yield {"name": name, **found}


def _tier(_: str, raw: Any) -> dict[str, Any] | None:
    if isinstance(raw, dict):
        return raw
    if raw in REST_WORDS:
        return {"rest": True}
    bounds = _bounds(raw)
    return bounds if bounds and set(bounds) == {"at-least"} else None


def _grade(_: str, raw: Any) -> dict[str, Any] | None:
    if isinstance(raw, dict):
        return raw
    if raw in REST_WORDS:
        return {}
    found: dict[str, Any] = {}
    for part in str(raw).split(","):
        share = re.fullmatch(r"\s*at most ([\d.]+%)( of all)?\s*", part)
        bounds = _bounds(part)
        if share and ratio_of(share[1]) is not None:
            found |= {"at-most": share[1], **({"within": "all"} if share[2] else {})}
        elif bounds and set(bounds) == {"at-least"}:
            found |= bounds
        else:
            return None
    return found


def _seal(_: str, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("when"), dict):
        return None
    when = dict(raw["when"])
    if when.keys() & {"quantity", "at-least", "at-most"}:
        return raw
    full: dict[str, Any] = {}
    for key in ("indicator", "indicators"):
        if key in when:
            listed = when.pop(key)
            full["indicators"] = [listed] if isinstance(listed, str) and listed != "all" else listed
    if "seals" in when:
        full["seals"] = when.pop("seals")
        when = {"seals" if k == "count" else k: v for k, v in when.items()}
    for key, text in when.items():
        bounds = _bounds(text)
        name = key if key in ("score", "rank", "seals") else quantity_named(key)
        if bounds is None or name is None or "quantity" in full:
            return None
        if key != "seals":
            full["quantity"] = name
        full |= _in_unit(bounds, key)
    return {**raw, "when": full}


def _in_unit(bounds: dict[str, Any], key: str) -> dict[str, Any]:
    name = quantity_named(key)
    if name is None or quantity_unit(name) != "ratio":
        return bounds
    return {k: ratio_of(v) if isinstance(v, str) else v for k, v in bounds.items()}


def _bounds(text: Any) -> dict[str, Any] | None:
    """`>= 90` -> {"at-least": 90}; a percentage stays text; None for anything else."""
    match = re.fullmatch(r"\s*(>=|<=|≥|≤)\s*([-+]?\d+(?:\.\d+)?)(\s*%)?\s*", str(text))
    if not match:
        return None
    key = "at-least" if match[1] in (">=", "≥") else "at-most"
    return {key: match[2] + "%" if match[3] else float(match[2])}
