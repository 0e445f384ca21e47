"""Where commands print: a terminal of any width, or plain text of 100 columns for files and pipes."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

PLAIN_WIDTH = 100
_NARROW = 96
_NARROWEST = 40
_LONGEST_HEAD, _STEP = 0.4, 5


class Screen:
    """A console and its width in half ems; nothing that is said depends on colour."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @property
    def width(self) -> int:
        return self.console.width

    @property
    def narrow(self) -> bool:
        return self.width < _NARROW

    def print(self, line: object = "") -> None:
        """Write one piece; lines end where their text ends."""
        if isinstance(line, str):
            rows = wrapped(line, self.width)
        else:
            with self.console.capture() as written:
                self.console.print(line, markup=False, highlight=False)
            rows = written.get().splitlines()
        for row in rows:
            self.console.file.write(f"{row.rstrip()}\n")

    def bold(self, line: str) -> Text:
        from rich.text import Text

        return Text("\n".join(wrapped(line, self.width)), style="bold")

    def table(self) -> Table:
        """An empty table with hairlines under its header only."""
        from rich import box
        from rich.table import Table

        return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)

    def column(
        self, table: Table, header: str, *, right: bool = False, fold: bool = True, width: int = 0
    ) -> None:
        """Add a column, `width` half ems at least where there is room; one that does not fold
        keeps its words on one line."""
        table.add_column(
            header,
            justify="right" if right else "left",
            no_wrap=not fold,
            overflow="fold",
            min_width=width if not fold or self.width >= PLAIN_WIDTH else None,
        )

    def hanging(self, head: str, said: str) -> str:
        """A head and a text that wraps beside it."""
        from rich.cells import cell_len

        indent = cell_len(head)
        if indent > self.width * _LONGEST_HEAD:  # a long name runs on into its text
            return f"\n{' ' * _STEP}".join(wrapped(head + said, self.width - _STEP))
        return head + f"\n{' ' * indent}".join(wrapped(said, self.width - indent))

    def grid(self, above: list[str], below: list[str]) -> Table | None:
        """Two lines in columns, centred over one another; None where they are wider than this."""
        from rich.cells import cell_len
        from rich.table import Table

        pairs = list(zip(above, below, strict=True))
        if sum(max(cell_len(a), cell_len(b)) + 1 for a, b in pairs) > self.width:
            return None
        grid = Table.grid(padding=(0, 1, 0, 0))
        for _ in above:
            grid.add_column(justify="center", no_wrap=True)
        grid.add_row(*above)
        grid.add_row(*below)
        return grid


def screen(width: int | None = None) -> Screen:
    """Standard output as a screen: its own width, COLUMNS if set, 100 for a file or pipe."""
    from rich.console import Console

    chosen = width or (None if sys.stdout.isatty() else _columns())
    return Screen(Console(width=chosen, file=sys.stdout, highlight=False, emoji=False))


_PIECE = re.compile(r"[0-9A-Za-z.,%+_/-]+|\s|.")
_NO_START = "，。；：、）》”！？%"
_NO_END = "（《“"


def wrapped(line: str, width: int) -> list[str]:
    """Lines of at most `width` half ems: figures stay whole, no line starts with a 逗号."""
    from rich.cells import cell_len

    rows: list[str] = []
    for given in line.split("\n"):
        row, used = "", 0
        for piece in _pieces(given):
            if row.strip() and used + cell_len(piece.rstrip()) > width:
                rows.append(row)
                row, used = "", 0
                piece = piece.lstrip()
            row += piece
            used += cell_len(piece)
        rows.append(row)
    return rows


def _pieces(line: str) -> list[str]:
    """What must not be parted: a figure, a character with the marks that cling to it."""
    out: list[str] = []
    for piece in _PIECE.findall(line):
        clings = out and (piece in _NO_START or out[-1][-1] in _NO_END)
        out[-1:] = [out[-1] + piece] if clings else [*out[-1:], piece]
    return out


def _columns() -> int:
    wanted = os.environ.get("COLUMNS", "")
    return max(_NARROWEST, int(wanted)) if wanted.isdigit() else PLAIN_WIDTH
