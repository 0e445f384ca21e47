"""A department's mark from the districts' results in its indicator (与县区双向挂钩)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.slopes import in_marks, stated
from saima.rules.values import Marks, Ratio
from saima.rules.words import Cell, marks_text, percent, percent_short, points, short
from saima.steps import Num, clip, maximum, minimum, named

NAME = "regions"
TITLE = ("与县区挂钩计分", "from the districts")

_MEAN, _MET, _COUNT = "regions:mean:attainment", "regions:sum:met", "regions:count:met"


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    cap: Annotated[Ratio, Meta(description="县区平均完成率最高按多少计", gt=0)] = 1.0
    credit: Annotated[Marks, Meta(description="每有一个县区达标加几分")] = 0.0
    debit: Annotated[Marks, Meta(description="每有一个县区未达标扣几分")] = 0.0
    credit_at_most: Annotated[Marks | None, Meta(description="最多加几分")] = None
    debit_at_most: Annotated[Marks | None, Meta(description="最多扣几分")] = None


def needs(_: Settings) -> tuple[str, ...]:
    return (_MEAN,)


def shows(_: Settings) -> tuple[str, ...]:
    return (_MEAN, _MET, _COUNT)


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·clip(mean attainment) + credit·met − debit·missed.

    Source: the notices' “既需要责任部门…，更需要县区全力支撑” (both credited and debited).
    """
    full = q.get("full")
    mean = named(clip(q.regions("mean", "attainment"), 0.0, s.cap), "县区平均完成率")
    met = q.regions("sum", "met")
    missed = named(q.regions("count", "met") - met, "未达标县区数")
    out = full * mean + _limited(met, s.credit, s.credit_at_most, full, "县区达标加分")
    out = out - _limited(missed, s.debit, s.debit_at_most, full, "县区未达标扣分")
    return named(maximum(out, 0.0), "与县区挂钩得分")


def _limited(count: Num, each: Marks, at_most: Marks | None, full: Num, label: str) -> Num:
    size = count * in_marks(each, full)
    return named(size if at_most is None else minimum(size, in_marks(at_most, full)), label)


def rule(s: Settings, language: str) -> str:
    zh, said = language == "zh", []
    for each, most, zh_words, en_words in (
        (s.credit, s.credit_at_most, "达标加", "that meets the target adds"),
        (s.debit, s.debit_at_most, "未达标扣", "that misses it takes"),
    ):
        if each:
            size, limit = marks_text(each, language), most and marks_text(most, language)
            zh_limit = f"，最多{zh_words[-1]}{limit}" if limit else ""
            en_limit = f", at most {limit}" if limit else ""
            said.append(
                f"每有一个县区{zh_words}{size}{zh_limit}"
                if zh
                else f"every district {en_words} {size}{en_limit}"
            )
    if not zh:
        return f"By the districts' mean attainment, at most {percent_short(s.cap)}{''.join('; ' + x for x in said)}."
    return f"按各县区平均完成率占满分的比例计分，最高按{percent_short(s.cap)}计{''.join('；' + x for x in said)}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    mean, met = c[_MEAN], c[_MET]
    missed = c[_COUNT] - met
    if language != "zh":
        return f"districts' mean attainment {percent(mean)}, {short(met)} met, {short(missed)} missed: {c.points}"
    said = f"{short(c[_COUNT])}个县区平均完成率{percent(mean)}，{short(met)}个达标、{short(missed)}个未达标"
    parts = [f"加{short(met)}×{points(stated(s.credit, c.full))}" if s.credit and met else "",
             f"扣{short(missed)}×{points(stated(s.debit, c.full))}" if s.debit and missed else ""]  # fmt: skip
    told = "".join(f"，{p}" for p in parts if p)
    return f"{said}{told}，得{c.points}分"
