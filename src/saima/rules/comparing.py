"""What changed between two rulebooks, as Chinese sentences that an official can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from msgspec import Meta, Struct
from msgspec.structs import replace

from saima.rules.building import fields_of
from saima.rules.methods import method
from saima.rules.rulebook import EventRule, Grade, Leaf, Node, Rulebook, Seal, Tier
from saima.rules.showing import (
    AGGREGATES,
    EXCEPTIONS,
    MISSING,
    PACES,
    SCORED,
    TIES,
    event_text,
    grade_text,
    tier_text,
)
from saima.rules.words import points
from saima.rules.writing import plain_value

LABELS = {
    "name": "名称", "version": "版本", "from_": "施行时间", "to": "停止时间", "basis": "依据",
    "scores": "计分周期", "pace": "序时进度的算法", "re_weight": "折算范围", "marks": "单项得分小数位",
    "score": "总分小数位", "of": "比较的量", "ties": "并列的处理", "break_by": "并列时的比较顺序",
    "within": "范围", "aggregate": "汇总方式", "full_marks": "满分", "bonus_at_most": "加分上限",
    "deduction_at_most": "扣分上限", "clause": "条款", "weight": "分值", "reverse": "反向指标的算法",
    "difficulty": "难度系数", "cap": "得分上限", "floor": "得分下限", "when_missing": "缺报的处理",
    "off_period": "非填报期的处理", "zero_target": "零目标的处理", "negative_target": "负目标的处理",
    "against": "对照的目标", "gate": "门槛", "limit": "关联指标限制", "extra": "是否另加", "note": "备注",
    "each": "每次分值", "at_most": "上限", "at_least": "下限", "effect": "后果", "grade": "等次",
    "lasts": "期限", "blocks": "不得享受的", "kind": "种类", "top": "前几名", "bottom": "后几名",
    "share": "比例", "rest": "其余", "keep": "降梯队须连续的月数", "every": "评定周期", "when": "条件",
}  # fmt: skip


WORDS: dict[str, dict[str, str]] = {
    "scores": SCORED, "pace": PACES, "aggregate": AGGREGATES, "ties": TIES, "when_missing": MISSING,
    "zero_target": {"refuse": "不计分", **EXCEPTIONS}, "negative_target": {"refuse": "不计分", **EXCEPTIONS},
    "within": {"track": "赛道内", "all": "全体单位"}, "difficulty": {"none": "不乘", "by-unit": "乘"},
}  # fmt: skip


def compare(old: Rulebook, new: Rulebook) -> list[str]:
    """What a reader of the old version must know about the new one; empty if nothing changed.

    Cases are left out: they do not change a mark. A method whose settings changed is told by its
    settings; where the method itself changed, both rules are quoted.
    """
    return [
        *_whole(old, new),
        *_nodes(old, new),
        *_leaves(old, new),
        *_named("事项", _events(old), _events(new)),
        *_tiers(old, new),
        *_order("等次", old.grades, new.grades),
        *_named("等次", _by_name(old.grades), _by_name(new.grades)),
        *_named("标志", _by_name(old.seals), _by_name(new.seals)),
    ]


def _whole(old: Rulebook, new: Rulebook) -> Iterator[str]:
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
        yield f"这是两份不同的办法：“{old.rulebook}”与“{new.rulebook}”。"
    yield from _fields("", old, new, skip={"rulebook", *parts})
    yield from _fields("", old.effective, new.effective)
    yield from _fields("", old.rounding, new.rounding)
    yield from _fields("排名的", old.ranks, new.ranks)


def _fields(
    subject: str,
    old: Struct,
    new: Struct,
    skip: set[str] | frozenset[str] = frozenset(),
    labels: Mapping[str, str] = LABELS,
) -> Iterator[str]:
    """One sentence for every field that differs."""
    for key, item in fields_of(type(old)).items():
        a, b = getattr(old, item.name), getattr(new, item.name)
        if a != b and item.name not in skip:
            label = labels.get(item.name) or _described(item.type) or key
            was, now = (_said(v, item.type, item.name) for v in (a, b))
            yield f"{subject}{label}由{was}改为{now}。"


def _described(kind: Any) -> str:
    """The description of a setting, up to its first comma."""
    found = [m.description for m in get_args(kind) if isinstance(m, Meta) and m.description]
    return found[0].partition("，")[0].partition("：")[0] if found else ""


def _said(value: Any, kind: Any, name: str = "") -> str:
    if value is None or value in ("", (), {}):
        return "“无”"
    if isinstance(value, bool):
        return "“是”" if value else "“否”"
    word = WORDS.get(name, {}).get(value) if isinstance(value, str) else None
    return f"“{word or _flat(plain_value(value, kind))}”"


def _flat(plain: Any) -> str:
    if isinstance(plain, Mapping):
        return "，".join(f"{k} {_flat(v)}" for k, v in plain.items())
    if isinstance(plain, list):
        return "、".join(
            f"[{_flat(v)}]" if isinstance(v, (list, Mapping)) else _flat(v) for v in plain
        )
    return points(plain) if isinstance(plain, float) else str(plain)


# --- the tree -----------------------------------------------------------------------------------


def _walk(nodes: tuple[Node, ...], above: str = "") -> Iterator[tuple[str, Node]]:
    for node in nodes:
        yield f"{above}{node.category}", node
        yield from _walk(node.categories, f"{above}{node.category}·")


def _nodes(old: Rulebook, new: Rulebook) -> Iterator[str]:
    before, after = dict(_walk(old.tree)), dict(_walk(new.tree))
    yield from (f"新增类别“{name}”。" for name in after if name not in before)
    yield from (f"取消类别“{name}”。" for name in before if name not in after)
    skip = {"category", "indicators", "categories"}
    for name in before:
        if name in after:
            yield from _fields(f"类别“{name}”的", before[name], after[name], skip)


def _keyed(rulebook: Rulebook) -> dict[tuple[str, int], tuple[str, Leaf]]:
    """Leaves by indicator and how many times it stood before, with their category."""
    keyed: dict[tuple[str, int], tuple[str, Leaf]] = {}
    for path, leaf in rulebook.leaves():
        times = sum(1 for code, _ in keyed if code == leaf.indicator)
        keyed[leaf.indicator, times] = ("·".join(n.category for n in path), leaf)
    return keyed


def _leaves(old: Rulebook, new: Rulebook) -> Iterator[str]:
    before, after = _keyed(old), _keyed(new)
    for key, (place, leaf) in after.items():
        if key not in before:
            rule = method(leaf.method).rule(leaf.settings, "zh")
            yield f"“{place}”新增指标{_title(key)}，{_weight(leaf)}：{rule}"
    for key, (place, leaf) in before.items():
        if key not in after:
            yield f"“{place}”取消指标{_title(key)}（原{_weight(leaf)}）。"
    for key, (place, leaf) in before.items():
        if key in after:
            yield from _leaf(_title(key), place, leaf, *after[key])


def _title(key: tuple[str, int]) -> str:
    code, times = key
    return f"“{code}”" if times == 0 else f"“{code}”（第{times + 1}处）"


def _weight(leaf: Leaf) -> str:
    said = _said(leaf.weight, None).strip("“”")
    return "分值按分工" if leaf.weight == "assigned" else f"{said}分"


def _leaf(title: str, place: str, old: Leaf, to: str, new: Leaf) -> Iterator[str]:
    if place != to:
        yield f"指标{title}由“{place}”移到“{to}”。"
    yield from _fields(f"指标{title}的", old, new, {"indicator", "method", "settings"})
    rules = [method(x.method).rule(x.settings, "zh") for x in (old, new)]
    if old.method != new.method:
        names = (method(old.method).TITLE[0], method(new.method).TITLE[0])
        yield f"指标{title}由{names[0]}改为{names[1]}。原为：{rules[0]}改为：{rules[1]}"
        return
    if rules[0] != rules[1]:
        was, now = _differing(*rules)
        yield f"指标{title}的计分规则由“{was}”改为“{now}”。"
    yield from _fields(f"指标{title}的", old.settings, new.settings, _voiced(old, new), labels={})


def _voiced(old: Leaf, new: Leaf) -> set[str]:
    """The settings whose change shows in the words of the rule."""
    rule = method(old.method).rule
    kept: Struct = old.settings
    return {
        item.name
        for item in fields_of(type(kept)).values()
        if rule(kept, "zh")
        != rule(replace(kept, **{item.name: getattr(new.settings, item.name)}), "zh")
    }


def _differing(old: str, new: str) -> tuple[str, str]:
    """The parts of two rules that the other does not have; the whole rules if one is empty."""
    a, b = (re.split("[，；。：]", text) for text in (old, new))
    was, now = [x for x in a if x not in b], [x for x in b if x not in a]
    return ("，".join(was), "，".join(now)) if was and now else (old, new)


# --- events, tiers, grades, seals ---------------------------------------------------------------


def _events(rulebook: Rulebook) -> dict[str, EventRule]:
    words = {"bonus": "加分", "deduction": "扣分", "veto": "一票否决", "gate": "门槛"}
    return {f"{words[e.kind]}：{e.name}": e for e in rulebook.events}


def _by_name(items: tuple[Grade, ...] | tuple[Seal, ...]) -> dict[str, Grade | Seal]:
    return {item.name: item for item in items}


def _named(what: str, old: Mapping[str, Struct], new: Mapping[str, Struct]) -> Iterator[str]:
    for name, item in new.items():
        if name not in old:
            yield f"新增{what}“{name}”{_told(item)}。"
        else:
            yield from _fields(f"{what}“{name}”的", old[name], item, {"name"})
    for name in old:
        if name not in new:
            yield f"取消{what}“{name}”。"


def _told(item: Struct) -> str:
    """What a new event, grade or tier is about."""
    if isinstance(item, EventRule):
        return "：" + event_text(item).partition("：")[2].rstrip("。")
    if isinstance(item, Grade):
        return "：" + grade_text(item)
    return "：" + tier_text(item) if isinstance(item, Tier) else ""


def _order(what: str, old: tuple[Grade, ...], new: tuple[Grade, ...]) -> Iterator[str]:
    before = [x.name for x in old if x.name in {y.name for y in new}]
    after = [x.name for x in new if x.name in {y.name for y in old}]
    if before != after:
        yield f"{what}的顺序改为{'、'.join(after)}。"


def _tiers(old: Rulebook, new: Rulebook) -> Iterator[str]:
    before: dict[str, Tier] = {t.name: t for t in old.tiers.order}
    yield from _named("梯队", before, {t.name: t for t in new.tiers.order})
    yield from _fields("", old.tiers, new.tiers, {"order"})
