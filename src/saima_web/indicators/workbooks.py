"""The indicator library as a workbook: written with the campaign workbook's own columns, read back.

Two sheets, 指标 and 口径, as docs/reference/campaign-workbook.md describes them; two more columns
(数据来源方式, 顺序) are the platform's own.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saima.campaigns import Indicator as Known
from saima.files.campaign.content import written
from saima.files.campaign.entities import Entities, read_definitions, read_indicators
from saima.files.campaign.names import indicator_names
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import form
from saima.files.campaign.sheets import grids_of
from saima.files.opening import open_workbook
from saima.problems import Place, Problem, declare
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicator_field, library_indicator
from saima_web.people.models import Unit

LINKED = ("lead_unit", "data_owner")
READ = tuple(f.name for f in form("indicators").fields if f.name not in ("counts", "code", *LINKED))

declare(
    "library-unit-unknown",
    "“{name}”的{field}“{text}”不是已登记的单位。",
    "请填单位的代码、名称或简称，或先在“人员和单位”中登记。",
    "{field} “{text}” of “{name}” is not a known unit.",
    "Write a unit's code or name, or add the unit first.",
)
declare(
    "library-no-sheet",
    "没有名为“指标”的工作表，或表头对不上。",
    "请先导出一份，在它上面修改。",
    "there is no sheet 指标 with known headers.",
    "Export the library first and edit that workbook.",
)
declare(
    "library-needs-definition",
    "新指标“{name}”没有口径。",
    "请在“口径”表中补一行。",
    "the new indicator “{name}” has no definition.",
    "Add a row to the sheet 口径.",
)
declare(
    "library-name-too-long",
    "“{text}…”太长（{field}最多{most}个字）。",
    "请写短一些。",
    "“{text}…” is too long ({field}: at most {most}).",
    "Shorten it.",
)


@dataclass
class Preview:
    """What a workbook would do to the library, row by row, and what is wrong with it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(1 for p in self.problems if p.severity == "error")

    @property
    def new_count(self) -> int:
        return self._count("new")

    @property
    def changed_count(self) -> int:
        return self._count("changed")

    @property
    def same_count(self) -> int:
        return self._count("same")

    def _count(self, what: str) -> int:
        return sum(1 for row in self.shown if row["what"] == what)


def library_workbook(rows: Iterable[Indicator]) -> bytes:
    """The library as a workbook, two sheets."""
    import xlsxwriter

    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, settings)
    known = [library_indicator(row) for row in rows]
    definitions = [(x.code, d) for x in known for d in x.definitions]
    _sheet(book, "indicators", [(x, {}) for x in known])
    _sheet(book, "definitions", [(d, {"indicator": code}) for code, d in definitions])
    book.close()
    return stream.getvalue()


def _sheet(book: Any, table: str, rows: list[tuple[Any, dict[str, Any]]]) -> None:
    shape = form(table)
    sheet, bold = book.add_worksheet(shape.sheet), book.add_format({"bold": True, "bottom": 1})
    fields = [f for f in shape.fields if f.name != "counts"]
    sheet.write_row(0, 0, [f.headers[0] for f in fields], bold)
    for r, (entity, given) in enumerate(rows, 1):
        for c, f in enumerate(fields):
            value = given.get(f.name, getattr(entity, f.name, None))
            value = written(f, value)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(r, c, value)
            elif value not in (None, ""):
                sheet.write_string(r, c, str(value))
    for c, f in enumerate(fields):
        sheet.set_column(c, c, 40 if f.name == "text" else 14)
    sheet.freeze_panes(1, 0)


def read_library(content: bytes, name: str) -> Preview:
    """What an uploaded workbook would change. Errors: Refused for a file that cannot be opened."""
    findings, entities = Findings(), Entities(None, Findings(), {})
    entities.findings = findings
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "指标库.xlsx")
        path.write_bytes(content)
        book = open_workbook(path)
    grids: dict[str, list[Any]] = {"indicators": [], "definitions": []}
    for table, found in grids.items():
        for sheet in book.sheets:
            if sheet.name.strip() == form(table).sheet:
                found += grids_of(sheet, form(table), book.name, findings)
    if not grids["indicators"]:
        return Preview(problems=[*findings.all(), Problem("library-no-sheet", Place(book.name))])
    read = read_indicators(entities, grids["indicators"])
    known = Indicator.objects.prefetch_related("definitions")
    everything = {x.code: library_indicator(x) for x in known} | {x.code: x for x in read}
    entities.names = {"indicator": indicator_names(everything.values())}
    definitions = read_definitions(entities, grids["definitions"])
    preview = Preview(problems=findings.all())
    given = {
        column.name for g in grids["indicators"] for column in form("indicators").fields
        if (f"indicators.{column.name}", -1) in entities.places
    }  # fmt: skip
    before = {x.code: x for x in known.select_related("lead_unit", "data_owner")}
    for i, row in enumerate(read):
        place = entities.places["indicators", i]
        texts = definitions.get(row.code, ())
        _add_row(preview, row, before.get(row.code), given, texts, place)
    return preview


def _add_row(
    preview: Preview,
    found: Known,
    before: Indicator | None,
    given: set[str],
    texts: tuple[Any, ...],
    place: Place,
) -> None:
    """One indicator: what is new or different; only columns that the workbook has count."""
    values: dict[str, Any] = {k: getattr(found, k) for k in READ if k in given or before is None}
    for key in LINKED:
        if key in given:
            values[key] = _unit(preview, found, key, place)
    _check_lengths(preview, values, place)
    changes = _changes(before, values) if before else []
    if before is None and not texts:
        preview.problems.append(Problem("library-needs-definition", place, {"name": found.name}))
    row: dict[str, Any] = {"code": found.code, **values}
    if before is None and texts:
        first = texts[0]
        row["definition"] = {"text": first.text, "effective": first.effective, "basis": first.basis}
    what = "new" if before is None else "changed" if changes else "same"
    if what != "same":
        preview.rows.append(row)
    preview.shown.append({"code": found.code, "name": found.name, "what": what, "changes": changes})


def _unit(preview: Preview, found: Known, key: str, place: Place) -> Unit | None:
    text = getattr(found, key)
    if not text:
        return None
    for lookup in ("code", "name", "short_name"):
        unit = Unit.objects.filter(**{lookup: text}).first()
        if unit is not None:
            return unit
    label = str(indicator_field(key).verbose_name)
    values = {"name": found.name, "field": label, "text": text}
    preview.problems.append(Problem("library-unit-unknown", place, values))
    return None


def _check_lengths(preview: Preview, values: Mapping[str, Any], place: Place) -> None:
    for key, value in values.items():
        most = getattr(indicator_field(key), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            label = str(indicator_field(key).verbose_name)
            values_ = {"text": value[:20], "field": label, "most": most}
            preview.problems.append(Problem("library-name-too-long", place, values_))


def _changes(before: Indicator, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field's name, was, becomes) of what differs."""
    found = []
    for key, value in values.items():
        was = getattr(before, key)
        if was != value:
            label = str(indicator_field(key).verbose_name)
            found.append((label, _words(key, was), _words(key, value)))
    return found


def _words(key: str, value: Any) -> str:
    choices = dict(indicator_field(key).flatchoices)
    return str(choices.get(value, "" if value is None else value)) or "（空）"
