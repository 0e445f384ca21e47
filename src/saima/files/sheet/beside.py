"""Tables that stand side by side under one title: a header that says the same columns again."""

from __future__ import annotations

from dataclasses import replace

from saima.files.sheet.columns import LABELS
from saima.files.sheet.grid import Grid
from saima.files.sheet.headers import headings
from saima.files.sheet.layout import Block
from saima.files.sheet.mapping import Mapping


def beside(grid: Grid, block: Block, mapping: Mapping) -> list[tuple[Grid, Block]]:
    """The parts of a block, each with its own columns only; the block itself where it has one."""
    starts = _starts(grid, block, mapping)
    if len(starts) < 2:
        return [(grid, block)]
    ends = [*starts[1:], grid.width]
    parts = [_part(grid, start, end) for start, end in zip(starts, ends)]
    return [(part, _own_rows(part, block)) for part in parts]


def _starts(grid: Grid, block: Block, mapping: Mapping) -> list[int]:
    """The columns at which the same sequence of headers begins."""
    heads = [h for h in headings(grid, block.header, grid.width) if h.parts]
    if not heads:
        return []
    first = heads[0].parts
    starts = [i for i, h in enumerate(heads) if h.parts == first]
    groups = [heads[a:b] for a, b in zip(starts, [*starts[1:], len(heads)])]
    same = {tuple(h.parts for h in group) for group in groups}
    if len(same) > 1 or len(groups[0]) < 2 or mapping.field_of(first) not in {*LABELS, "sequence"}:
        return []
    return [group[0].column for group in groups]


def _part(grid: Grid, start: int, end: int) -> Grid:
    """The same sheet with all other columns blank."""
    rows = [["" if not start <= c < end else v for c, v in enumerate(row)] for row in grid.rows]
    inside = [m for m in grid.sheet.merged if start <= m[0][1] < end]
    return Grid(replace(grid.sheet, rows=rows, merged=tuple(inside)))


def _own_rows(part: Grid, block: Block) -> Block:
    data = [row for row in block.data if part.filled[row]]
    sections = [row for row in block.sections if part.filled[row]]
    repeats = [row for row in block.repeats if part.filled[row]]
    return replace(block, data=data, sections=sections, repeats=repeats)
