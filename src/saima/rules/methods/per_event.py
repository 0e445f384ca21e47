"""Points for every counted event (按件计分): projects started, awards, circulars."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.slopes import in_marks, stated
from saima.rules.values import Marks
from saima.rules.words import Cell, marks_text, points, short
from saima.steps import Num, maximum, minimum, named, total

NAME = "per-event"
TITLE = ("按件计分", "points per event")


class EventPoints(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One kind of event: what each adds or takes, and the most that it does together."""

    name: Annotated[str, Meta(description="事件名称，与事件表一致")]
    adds: Annotated[Marks | None, Meta(description="每件加几分")] = None
    takes: Annotated[Marks | None, Meta(description="每件扣几分")] = None
    at_most: Annotated[Marks | None, Meta(description="最多加（扣）几分")] = None


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    events: Annotated[tuple[EventPoints, ...], Meta(description="计分的事件", min_length=1)]
    base: Annotated[Marks, Meta(description="起评分")] = 0.0
    lowest: Annotated[Marks, Meta(description="最低得分")] = 0.0
    at_most: Annotated[Marks | None, Meta(description="最高得分，空为不封顶")] = "full"


def check(s: Settings) -> list[str]:
    return [
        f"“{e.name}”要写 adds（加分）或 takes（扣分）之一"
        for e in s.events
        if (e.adds is None) == (e.takes is None)
    ]


def needs(_: Settings) -> tuple[str, ...]:
    return ()


def shows(s: Settings) -> tuple[str, ...]:
    return tuple(f"events:{e.name}" for e in s.events)


def marks(q: Quantities, s: Settings) -> Num:
    """S = clip(base ± points·count, lowest, at_most). Source: 延安 2017 重点项目考核."""
    full = q.get("full")
    out = total([in_marks(s.base, full), *(_points(q, e, full) for e in s.events)])
    out = maximum(out, in_marks(s.lowest, full))
    if s.at_most is not None:
        out = minimum(out, in_marks(s.at_most, full))
    return named(out, "按件得分")


def _points(q: Quantities, e: EventPoints, full: Num) -> Num:
    size = q.events(e.name) * in_marks(_each(e), full)
    if e.at_most is not None:
        size = minimum(size, in_marks(e.at_most, full))
    return named(
        size if e.takes is None else -size, f"{e.name}{'加' if e.takes is None else '扣'}分"
    )


def _each(e: EventPoints) -> float | str:
    return e.adds if e.adds is not None else e.takes or 0.0


def rule(s: Settings, language: str) -> str:
    zh = language == "zh"
    said = [_event_rule(e, language) for e in s.events]
    base = marks_text(s.base, language)
    most = "" if s.at_most is None else marks_text(s.at_most, language)
    if not zh:
        return f"From {base}: {'; '.join(said)}" + (f"; at most {most}." if most else ".")
    start = "" if s.base == 0.0 else f"起评{base}，"
    return f"{start}{'；'.join(said)}" + (f"；最高得{most}。" if most else "。")


def _event_rule(e: EventPoints, language: str) -> str:
    each = marks_text(_each(e), language)
    most = "" if e.at_most is None else marks_text(e.at_most, language)
    if language != "zh":
        does = "adds" if e.takes is None else "takes"
        return f"each {e.name} {does} {each}" + (f", at most {most}" if most else "")
    does = "加" if e.takes is None else "扣"
    return f"{e.name}每件{does}{each}" + (f"，最多{does}{most}" if most else "")


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    said = [_said(e, c, zh) for e in s.events if c[f"events:{e.name}"]]
    if not zh:
        return f"{'; '.join(said) or 'nothing counted'}: {c.points}"
    return f"{'；'.join(said) or '没有计分事件'}；计{c.points}分"


def _said(e: EventPoints, c: Cell, zh: bool) -> str:
    """2件，加2×5=10分, with the limit where it bites."""
    count, each = c[f"events:{e.name}"], stated(_each(e), c.full)
    sum_ = f"{short(count)}×{short(each)}={points(count * each)}"
    most = float("inf") if e.at_most is None else stated(e.at_most, c.full)
    if not zh:
        return f"{e.name}: {sum_}" + (f", at most {points(most)}" if count * each > most else "")
    sign = "加" if e.takes is None else "扣"
    limit = f"（最多{sign}{points(most)}分）" if count * each > most else ""
    return f"{e.name}{short(count)}件，{sign}{sum_}分{limit}"
