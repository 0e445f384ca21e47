"""Header paths: what stands above each column, from the group at the top to the lowest text.

A blank in an upper header row belongs to the group on its left only as far as that group goes:
to the end of its merged range, or, where nothing is merged, while there is a text below, and not
past the pattern that the other groups repeat (一季度: 计划 完成 | 二季度: 计划 完成 | 排名).
"""

from __future__ import annotations

from dataclasses import dataclass

from saima.files.sheet.grid import Grid, is_moment
from saima.files.sheet.words import is_blank, tidy

Path = tuple[tuple[int, int], ...]
"""The cells (row, column) that a column's header is made of, top to bottom."""


@dataclass(frozen=True)
class Heading:
    """One column's header: its texts top to bottom, the cells they stand in, the raw values.

    guessed: the cell of a group that was taken to reach this far although nothing is merged.
    """

    column: int
    parts: tuple[str, ...]
    cells: Path
    values: tuple[object, ...]
    guessed: tuple[int, int] | None = None


def headings(grid: Grid, header: list[int], width: int) -> list[Heading]:
    """The heading of every column up to `width` (columns without any text have no parts)."""
    owners = [_owners(grid, header, i, width) for i in range(len(header))]
    return [_heading(grid, header, owners, column) for column in range(width)]


def _heading(grid: Grid, header: list[int], owners: list[list[int]], column: int) -> Heading:
    parts: list[str] = []
    cells: list[tuple[int, int]] = []
    guessed = None
    for row, owner in zip(header, owners):
        at = owner[column]
        if at < 0:
            continue
        span = grid.spans.get((row, at))
        cell = (span[0], span[1]) if span else (row, at)
        text = header_text(grid.raw(*cell))
        if cell in cells or (parts and parts[-1] == text):
            continue
        parts.append(text)
        cells.append(cell)
        if at != column and not span:
            guessed = cell
    values = tuple(grid.raw(*cell) for cell in cells)
    return Heading(column, tuple(parts), tuple(cells), values, guessed)


def header_text(value: object) -> str:
    """A header cell as text: 2023.0 -> 2023; dates as 2024-02-24."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)[:10] if is_moment(value) else tidy(str(value))


def _owners(grid: Grid, header: list[int], index: int, width: int) -> list[int]:
    """For every column of a header row, the column whose text it shows; -1 for none."""
    row, lower = header[index], header[index + 1 :]
    own = [_own(grid, row, column) for column in range(width)]
    for column in range(1, width):
        left = own[column - 1]
        if own[column] < 0 and left >= 0 and _may_fill(grid, row, lower, left, column):
            own[column] = left
    for column, owner in enumerate(own):
        if owner >= 0 and owner != column and _past_pattern(grid, lower, own, column):
            own[column] = -1
    return own


def _own(grid: Grid, row: int, column: int) -> int:
    span = grid.spans.get((row, column))
    if span and not is_blank(grid.raw(span[0], span[1])):
        return span[1]
    return -1 if is_blank(grid.raw(row, column)) else column


def _may_fill(grid: Grid, row: int, lower: list[int], left: int, column: int) -> bool:
    """True if a group's text may reach a blank: nothing is merged there, and both have a text
    of their own below."""
    if (row, left) in grid.spans or (row, column) in grid.spans:
        return False
    return _has_below(grid, lower, left) and _has_below(grid, lower, column)


def _has_below(grid: Grid, lower: list[int], column: int) -> bool:
    return any(not is_blank(grid.raw(r, column)) for r in lower)


def _past_pattern(grid: Grid, lower: list[int], own: list[int], column: int) -> bool:
    """True if the other groups of the row end before this column's place in its group."""
    groups: dict[int, list[int]] = {}
    for c, owner in enumerate(own):
        if owner >= 0 and _has_below(grid, lower, c):
            groups.setdefault(owner, []).append(c)
    mine = groups.pop(own[column], [])
    texts = [tuple(header_text(grid.raw(lower[0], c)) for c in group) for group in groups.values()]
    if not texts or not lower or len(set(texts)) > 1 or len(texts[0]) < 2:
        return False
    pattern = texts[0]
    start = tuple(header_text(grid.raw(lower[0], c)) for c in mine[: len(pattern)])
    return start == pattern and len(mine) > len(pattern) and column >= mine[len(pattern)]
