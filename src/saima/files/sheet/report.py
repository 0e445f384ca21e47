"""Read a file and say what was understood of it: for people, and as JSON (`shapes`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saima.files.opening import Workbook, open_workbook
from saima.files.sheet.mapping import load_mapping, save_mapping
from saima.files.sheet.model import REASONS, Column, Reading, Role, Table, Value
from saima.files.sheet.reading import headers_of, read_workbook, remembered
from saima.places import cell_name, column_name
from saima.problems import Language, Problem


@dataclass(frozen=True)
class Report:
    """A file that was read, with all its problems: of the mapping, of the file, of its sheets."""

    workbook: Workbook
    readings: list[Reading]
    problems: list[Problem] = field(default_factory=list)

    def as_data(self, language: Language = "zh") -> dict[str, Any]:
        """The JSON shape `shapes.ReadData`."""
        return {
            "file": self.workbook.name,
            "kind": self.workbook.kind,
            "sheets": [_sheet(reading, language) for reading in self.readings],
            "problems": [problem.as_data(language) for problem in self.problems],
        }

    def text(self, language: Language = "zh") -> str:
        """What was understood and what was not, for people."""
        from saima.files.sheet.telling import told

        return told(self.workbook.name, self.readings, self.problems, language)


def read_file(path: Path, mapping: Path | None = None) -> Report:
    """Read a workbook or CSV file as it really is.

    mapping: a JSON file of headers and fields; what it says is used, headers that it does not
    know are added to it, and it is made if there is none. Raises Refused where the file or the
    mapping cannot be read at all.
    """
    known = load_mapping(mapping) if mapping else None
    workbook = open_workbook(path)
    readings = read_workbook(workbook, known)
    problems = known.absent(headers_of(readings)) if known else []
    if mapping and known:
        learned = remembered(known, readings)
        if learned.headers != known.headers:
            save_mapping(learned, mapping)
    return report(workbook, readings, problems)


def report(workbook: Workbook, readings: list[Reading], more: list[Problem]) -> Report:
    """A report of readings; `more` are problems beside the file's and the sheets' own."""
    own = [problem for reading in readings for problem in reading.problems]
    return Report(workbook, readings, [*more, *workbook.problems, *own])


def role_counts(reading: Reading) -> dict[Role, int]:
    """How many cells that are not blank have each role, the most frequent first."""
    counts: Counter[Role] = Counter(role for row in reading.roles for role in row if role)
    return dict(counts.most_common())


def _sheet(reading: Reading, language: Language) -> dict[str, Any]:
    return {
        "sheet": reading.sheet,
        "cells": role_counts(reading),
        "tables": [_table(table) for table in reading.tables],
        "unread": [
            {
                "cell": cell_name(*cell),
                "code": code,
                "reason": REASONS[code][language == "en"],
            }
            for cell, code in reading.unread.items()
        ],
        "unmapped": list(reading.unmapped),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "measures": list(table.measures),
        "context": table.context,
        "columns": [_column(column) for column in table.columns],
        "rows": [
            {
                "row": row.index + 1,
                "kind": row.kind,
                "labels": list(row.labels),
                "section": row.section,
                "hidden": row.hidden,
                "values": [_value(value) for value in row.values],
            }
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "column": column_name(column.index),
        "path": list(column.path),
        "kind": column.kind,
        "field": column.field,
        "measure": column.measure,
        "period": column.period,
        "hidden": column.hidden,
    }


def _value(value: Value) -> dict[str, Any]:
    about = ("text", "measure", "missing", "bound", "unit", "indicator", "period", "field")
    said = {name: getattr(value, name) for name in about if getattr(value, name)}
    return {"cell": value.cell, "written": value.written, "number": value.number, **said}
