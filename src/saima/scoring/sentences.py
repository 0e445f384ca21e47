"""The sentence of a mark: its method's, then what the rulebook did to it, with figures put in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saima.cube import State
from saima.rounding import settle
from saima.rounding import text as digits
from saima.rules.quantities import is_quantity
from saima.rules.slopes import in_marks
from saima.rules.words import Cell, points, short
from saima.scoring.cells import Field
from saima.scoring.marks import POLICY_NAMES, LeafMarks, Status

_STATUS = tuple(Status)


class LeafSentences:
    """Sentences of one leaf in one period: columns of its quantities are taken once for all units."""

    def __init__(self, leaf: LeafMarks, field: Field, scored: int, language: str = "zh") -> None:
        self.leaf, self.scored, self.language = leaf, scored, language
        self.field = field
        self.status = [_STATUS[code] for code in self._at(leaf.status)]
        self.marks, self.full = self._at(leaf.marks), self._at(leaf.full)
        self.held = self._at(leaf.q.held)
        settings = leaf.leaf.settings
        self.shown = tuple(
            dict.fromkeys(
                (*leaf.method.needs(settings), *leaf.method.shows(settings), "difficulty")
            )
        )
        self.columns = {name: self._column(name) for name in self.shown}
        self.decimals = field.rulebook.rounding.marks
        modifiers = (leaf.leaf.cap, leaf.leaf.floor, leaf.leaf.limit)
        self.changed = leaf.leaf.difficulty != "none" or any(m is not None for m in modifiers)

    def _column(self, name: str) -> list[float]:
        q = self.leaf.q
        return self._at((q.get(name) if is_quantity(name) else q.other(name)).value)

    def _at(self, values: NDArray[Any]) -> list[Any]:
        """The period's column of (units, periods), as plain values."""
        shape = self.leaf.full.shape
        whole = values if values.shape == shape else np.broadcast_to(values, shape)
        column: list[Any] = whole[:, self.scored].tolist()
        return column

    def cell(self, unit: int, marks: float, decimals: int | None) -> Cell:
        """The plain numbers of one cell, for the method's sentence."""
        indicator = self.leaf.q.indicator
        return Cell(
            indicator.name, indicator.measure, indicator.decimals,
            self.full[unit], marks, decimals,
            {name: column[unit] for name, column in self.columns.items()},
        )  # fmt: skip

    def of(self, unit: int) -> str:
        """Why this mark, in one sentence. Empty for an indicator that the unit does not have."""
        status = self.status[unit]
        if status == Status.NOT_HELD:
            return ""
        if status != Status.MARKED:
            return self._unmarked(unit, status)
        marks = self.marks[unit]
        settings = self.leaf.leaf.settings
        if not self.changed:
            cell = self.cell(unit, marks, self.decimals)
            said = self.leaf.method.sentence(cell, settings, self.language)
        else:
            raw = float(np.broadcast_to(self.leaf.raw, self.leaf.full.shape)[unit, self.scored])
            cell = self.cell(unit, raw, None)
            said = self.leaf.method.sentence(cell, settings, self.language)
            said += self._changes(unit, raw, marks)
        return self._held(unit) + said

    def _held(self, unit: int) -> str:
        if not self.held[unit]:
            return ""
        end = self.leaf.q.cube.columns[int(self.leaf.q.column[unit, self.scored])]
        if self.language != "zh":
            return f"(held from {end.isoformat()}) "
        return f"沿用截至{end.year}年{end.month}月的数："

    def _changes(self, unit: int, raw: float, marks: float) -> str:
        """Difficulty, cap and floor, where they changed anything."""
        leaf, zh = self.leaf.leaf, self.language == "zh"
        full = self.full[unit]
        said, now = "", raw
        if leaf.difficulty == "by-unit":
            factor = self.columns["difficulty"][unit]
            now = raw * factor
            said += f"，乘难度系数{short(factor)}" if zh else f", times difficulty {short(factor)}"
        limit = self._limited(unit, raw, now)
        if limit is not None:
            now = limit
            said += (
                f"，关联指标未达标，只计{points(limit)}分"
                if zh
                else f", held down to {points(limit)}"
            )
        if leaf.cap is not None and now > full * leaf.cap:
            said += (
                f"，封顶{points(full * leaf.cap)}分"
                if zh
                else f", capped at {points(full * leaf.cap)}"
            )
        if leaf.floor is not None and now < full * leaf.floor:
            said += (
                f"，保底{points(full * leaf.floor)}分"
                if zh
                else f", at least {points(full * leaf.floor)}"
            )
        if not said:
            return ""
        return (
            f"{said}，计{points(marks, self.decimals)}分"
            if zh
            else f"{said}: {points(marks, self.decimals)}"
        )

    def _limited(self, unit: int, raw: float, marks: float) -> float | None:
        """The mark that the leaf's limit leaves while other indicators fall short, else None."""
        limit = self.leaf.leaf.limit
        if limit is None:
            return None
        q = self.leaf.q
        values = [np.broadcast_to(q.of_other(c, limit.of).value, self.leaf.full.shape)
                  for c in limit.indicators]  # fmt: skip
        if all(settle(v[unit, self.scored]) >= limit.below for v in values):
            return None
        base = np.broadcast_to(in_marks(limit.to, q.get("full")).value, self.leaf.full.shape)
        return min(marks if limit.difficulty else raw, float(base[unit, self.scored]))

    def _unmarked(self, unit: int, status: Status) -> str:
        marks = points(self.marks[unit], self.decimals)
        reason = self._reason(unit)
        if self.language != "zh":
            return f"{reason}: {status.name.lower().replace('_', ' ')}, {marks}"
        if status == Status.LEFT_OUT:
            return f"{reason}，不计入本单位满分，其余按比例折算"
        if status == Status.REFUSED:
            return f"{reason}，计0分"
        policy = POLICY_NAMES[self.leaf.leaf.when_missing]
        return f"{reason}，{policy}" + ("" if status == Status.ZERO else f"，得{marks}分")

    def _reason(self, unit: int) -> str:
        zh = self.language == "zh"
        if int(self.leaf.q.column[unit, self.scored]) < 0:
            return "非填报期，尚无可沿用的数" if zh else "off period, nothing to hold"
        state = int(self.leaf.q.state[unit, self.scored])
        if state == State.NOT_APPLICABLE:
            return "不承担该项" if zh else "not applicable"
        if state == State.EXCLUDED:
            return "按决定不计该项" if zh else "excluded"
        if state in (State.VALUE, State.BELOW_UNIT):
            return "缺少计分所需的目标或基数" if zh else "no usable target or base"
        return "未报" if zh else "not reported"


def rule_sentence(leaf: LeafMarks, language: str = "zh") -> str:
    """The clause that the mark follows, in words, as the rulebook prints it."""
    return leaf.method.rule(leaf.leaf.settings, language)


def plain(value: Any, decimals: int = 9) -> float | None:
    """A number for JSON: nine decimals, None for NaN."""
    number = float(value)
    return None if np.isnan(number) else float(digits(number, decimals))
