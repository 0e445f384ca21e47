"""What is noted while a sheet is read: the role of every cell, what was not read, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from saima.files.cells import Cell
from saima.files.sheet.grid import Grid
from saima.files.sheet.model import Reason, Role
from saima.places import cell_name
from saima.problems import Place, Problem


class Findings:
    """Collects roles, unread cells and problems of one sheet."""

    def __init__(self, grid: Grid, file: str, texts_are_numbers: bool = False) -> None:
        self.grid, self.file = grid, file
        self.texts_are_numbers = texts_are_numbers
        """True for CSV files, where every number is a text and nothing is odd about it."""
        self.roles: list[list[Role]] = [[""] * grid.width for _ in range(grid.height)]
        self.unread: dict[Cell, Reason] = {}
        self.problems: list[Problem] = []

    def within(self, grid: Grid) -> Findings:
        """These findings for a part of the sheet; what is noted there is noted here."""
        part = copy(self)
        part.grid = grid
        return part

    def place(self, row: int, column: int) -> Place:
        """The place of a cell of this sheet."""
        return Place(file=self.file, sheet=self.grid.sheet.name, cell=cell_name(row, column))

    def add(self, code: str, at: Cell, /, **values: Any) -> None:
        """Note a problem at a cell."""
        self.problems.append(Problem(code, self.place(*at), values))

    def mark(self, rows: Iterable[int], role: Role) -> None:
        """Give all filled cells of some rows a role."""
        for row in rows:
            for column in self.grid.filled[row]:
                self.roles[row][column] = role

    def leave(self, row: int, column: int, reason: Reason) -> None:
        """Note that a cell was not read, and why (blank cells are not noted)."""
        self.roles[row][column] = "unread"
        self.unread[row, column] = reason
