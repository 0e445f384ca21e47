"""Checks over a table's figures: do totals add up, does one percentage stand out as a fraction."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from statistics import median

from saima.files.sheet.figures import PERCENT, Figure, plain_number
from saima.files.sheet.findings import Findings
from saima.files.sheet.measures import speaks_of_ratio
from saima.files.sheet.model import Column
from saima.files.sheet.problems import (
    PERCENT_FRACTIONS,
    PERCENT_SCALE,
    TOTAL_DIFFERS,
    TOTALS_DIFFER,
)
from saima.files.sheet.rows import Line, row_kind
from saima.files.sheet.words import key

_SHARE = re.compile(r"(完成|达成|履约|到位|开工|转化|办结|合格)率|进度")
_MANY_TOTALS, _FEW = 200, 5
Figures = dict[tuple[int, int], Figure]

_NOT_ADDED = re.compile(
    r"排名|位次|名次|得分|总分|分值|系数|指数|人均|均价|单价|平均|率|序号|年末|梯队"
)
_GROWTH = re.compile(r"增长|增速|增幅|同比|环比|差|百分点|升降")


def check_totals(
    found: Findings, lines: list[Line], columns: list[Column], figures: Figures
) -> None:
    """Compare totals with what they add up, as far as rounding of the printed figures allows.

    A total may add up the rows above it, below it, since the last total, or all rows; where its
    other names say a group or a year, only rows of those. It is told only if none of these fits
    and no part is missing.
    """
    added = [c for c in columns if c.kind == "number" and _adds_up(c)]
    parts, checked, wrong = _Parts(lines), 0, list[tuple[Figure, Column, Decimal]]()
    for i, line in enumerate(lines):
        if line.kind not in ("total", "subtotal") or "平均" in "".join(line.labels):
            continue
        options = parts.options(i) if added else []
        for column in added:
            total = figures.get((line.index, column.index))
            if total and total.number is not None and not total.missing:
                checked += 1
                nearest = _nearest(lines, options, total, column, figures)
                wrong += [(total, column, nearest)] if nearest is not None else []
    _tell(found, lines, wrong, len(wrong) > _FEW and len(wrong) * 2 > checked)


def _adds_up(column: Column) -> bool:
    return (
        column.measure not in PERCENT
        and not _NOT_ADDED.search(key(column.name))
        and not speaks_of_ratio(column.path[-1] if column.path else "")
    )


def _nearest(
    lines: list[Line], options: list[list[int]], total: Figure, column: Column, figures: Figures
) -> Decimal | None:
    """The sum nearest to a total that fits none of its options; None if it fits or cannot be told."""
    assert total.number is not None
    sums: list[Decimal] = []
    for option in options:
        cells = [figures.get((lines[i].index, column.index)) for i in option]
        numbers = [f.number for f in cells if f and f.number is not None]
        mixed = {f.measure for f in cells if f} - {total.measure}
        if len(numbers) < len(option) or mixed or total.measure in PERCENT:
            return None
        sums.append(sum(numbers, Decimal(0)))
        if abs(total.number - sums[-1]) <= _tolerance(total.number, numbers):
            return None
    gaps = [abs(total.number - s) for s in sums]
    return sums[gaps.index(min(gaps))] if sums else None


def _tell(
    found: Findings, lines: list[Line], wrong: list[tuple[Figure, Column, Decimal]], most: bool
) -> None:
    """Tell each wrong total; where most are, once: the table lists only some of the parts."""
    labels = {line.index: "/".join(dict.fromkeys(filter(None, line.labels))) for line in lines}
    for total, column, nearest in wrong[:1] if most else wrong:
        assert total.number is not None
        text, added = plain_number(total.number), plain_number(nearest)
        values = {"label": labels[total.row], "column": column.name, "text": text, "sum": added}
        if most:
            found.add(TOTALS_DIFFER, (total.row, total.column), count=len(wrong), **values)
        else:
            gap = plain_number(total.number - nearest)
            found.add(TOTAL_DIFFERS, (total.row, total.column), gap=gap, **values)


class _Parts:
    """Finds the rows that a total may add up."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.ends = [i for i, line in enumerate(lines) if line.kind in ("total", "subtotal")]
        self._groups: dict[tuple[int, ...], dict[tuple[str, ...], list[int]]] = {}

    def options(self, at: int) -> list[list[int]]:
        """Row numbers (in `lines`) of each possibility, most likely first, none empty."""
        line, pool = self.lines[at], self._pool(at)
        place = bisect_left(self.ends, at)
        before = self.ends[place - 1] if place else -1
        after = self.ends[place + 1] if place + 1 < len(self.ends) else len(self.lines)
        middle = bisect_left(pool, at)
        found = [pool[bisect_left(pool, before) : middle], pool[middle : bisect_left(pool, after)]]
        if line.kind == "total" and (len(self.ends) < _MANY_TOTALS or len(pool) < _MANY_TOTALS):
            found.append([i for i in pool if self.lines[i].section == line.section])
            found += [pool[:middle], pool]
        return [option for n, option in enumerate(found) if option and option not in found[:n]]

    def _pool(self, at: int) -> list[int]:
        """The items that share the total's other names: its group, its year."""
        labels = self.lines[at].labels
        mask = tuple(j for j, text in enumerate(labels) if text and row_kind([text]) == "item")
        own = self._group(mask).get(tuple(labels[j] for j in mask))
        return own or self._group(()).get((), [])

    def _group(self, mask: tuple[int, ...]) -> dict[tuple[str, ...], list[int]]:
        """The items by their names at some places; () gives all of them."""
        if mask not in self._groups:
            groups: dict[tuple[str, ...], list[int]] = {}
            for i, line in enumerate(self.lines):
                if line.kind == "item":
                    groups.setdefault(tuple(line.labels[j] for j in mask), []).append(i)
            self._groups[mask] = groups
        return self._groups[mask]


def _places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _tolerance(total: Decimal, parts: list[Decimal]) -> Decimal:
    """What rounding of the printed figures can come to: half a unit for each of them.

    The unit is the total's or the parts', whichever is coarser; zeros at the end are not printed,
    so parts are taken to have the most places of them all.
    """
    places = min(max(_places(total), 1), max(map(_places, parts)))
    return Decimal(10) ** -places * (len(parts) + 1) / 2


def check_percents(
    found: Findings, lines: list[Line], columns: list[Column], figures: Figures
) -> None:
    """Note a percentage that stands out as a fraction: 0.972 among 97.1 and 98.4."""
    for column in columns:
        if column.kind != "number" or _GROWTH.search(key(column.name)):
            continue
        cells = [figures.get((line.index, column.index)) for line in lines]
        if any(f and f.number is not None and f.measure not in PERCENT for f in cells):
            continue
        own = [(f, abs(f.number)) for f in cells if f and f.number is not None]
        if len(own) < 3:
            continue
        middle = median(number for _, number in own)
        if middle <= Decimal("1.5"):
            _check_fractions(found, column, own)
        for figure, number in own:
            if middle > 15 and 0 < number <= Decimal("1.2"):
                text = plain_number(figure.number or number)
                found.add(
                    PERCENT_SCALE,
                    (figure.row, figure.column),
                    text=figure.written,
                    value=text,
                )


def _check_fractions(found: Findings, column: Column, own: list[tuple[Figure, Decimal]]) -> None:
    """Note a column of shares that look like fractions throughout (0.95, 0.88, 1.02)."""
    share = column.field in ("attainment", "pace") or _SHARE.search(key(column.name))
    shown = found.grid.sheet.facts.percents
    written = all(f.written.endswith("%") or (f.row, f.column) in shown for f, _ in own)
    if share and not written and all(number <= 2 for _, number in own):
        first = own[0][0]
        found.add(PERCENT_FRACTIONS, (first.row, first.column), column=column.name)
