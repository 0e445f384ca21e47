"""The simple form of a rulebook in a workbook: sheets that become the same document as YAML.

Sheets: 办法 (names and values), 办法指标, 办法事项, 办法等次. Anything that they cannot say stands
as the document itself on sheets 办法原文, one line in a row. Problems are named by cell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from saima.files.campaign.entities import Entities
from saima.files.campaign.grids import Columns
from saima.files.campaign.problems import Findings
from saima.files.campaign.rulebooks import ReadRulebook
from saima.files.campaign.schema import RULEBOOK_FIELDS, Field, choices, form
from saima.files.campaign.sheets import grids_of, named_values
from saima.files.campaign.values import number_of, plain_text, whole_of
from saima.files.opening import Sheet, Workbook
from saima.problems import Place, Problem
from saima.rules.documents import read_document
from saima.rules.methods import every
from saima.rules.reading import read_rulebook

RULEBOOK_SHEETS = ("办法", "办法指标", "办法事项", "办法等次", "办法原文")

SETTING_WORDS: dict[str, str] = {
    "按": "of",
    "保底": "floor",
    "封顶": "cap",
    "递减": "step",
    "最低": "lowest",
    "范围": "among",
    "折点": "points",
    "超出": "above",
    "不足": "below",
    "每": "each",
    "加": "adds",
    "减": "takes",
    "最多": "at-most",
    "基础": "base",
    "区间": "range",
    "公式": "formula",
    "方式": "by",
    "各档": "bands",
    "其余": "otherwise",
}
"""Chinese keys that may stand in 参数 beside the keys of the methods' own settings."""


@dataclass(frozen=True)
class Line:
    """A line of a document, the cell that it comes from, and the cells of its keys."""

    text: str
    place: Place
    cells: dict[str, Place] = field(default_factory=dict)

    def cell(self, path: str) -> Place:
        """The cell of the last key of a path; what no column is named after stands in 参数."""
        key = path.rsplit(".", 1)[-1].partition("[")[0]
        return self.cells.get(key) or self.cells.get("settings") or self.place


def read_rulebook_sheets(
    workbook: Workbook, findings: Findings
) -> tuple[list[ReadRulebook], list[Problem]]:
    """The rulebooks of a workbook, and what is wrong with them, by cell."""
    sheets = [s for s in workbook.sheets if s.name.strip().startswith("办法原文")]
    written = [_lines_of(sheet, workbook.name) for sheet in sheets]
    if workbook.sheet("办法指标") is not None:
        written.append(_simple(workbook, findings))
    found: list[ReadRulebook] = []
    problems: list[Problem] = []
    for lines in filter(None, written):
        rulebook, wrong = _read(lines, workbook.name)
        found += [rulebook] if rulebook else []
        problems += wrong
    return found, problems


def _read(lines: list[Line], name: str) -> tuple[ReadRulebook | None, list[Problem]]:
    """Read a document whose lines come from cells; a place in it is the cell of its line."""
    text = "\n".join(line.text for line in lines)

    def cell(place: Place) -> Place:
        return lines[min(max(place.line, 1), len(lines)) - 1].cell(place.path)

    rulebook, wrong = read_rulebook(text, name)
    problems = [replace(problem, place=cell(problem.place)) for problem in wrong]
    document, _ = read_document(text, name)
    if rulebook is None or document is None:
        return None, problems
    return ReadRulebook(rulebook, lambda path: cell(document.place(path))), problems


def _lines_of(sheet: Sheet, file: str) -> list[Line]:
    """A document that stands in column A as it is."""
    texts = [str(row[0]).replace("\n", " ") if row else "" for row in sheet.rows]
    return [Line(text, Place(file, sheet.name, f"A{n}")) for n, text in enumerate(texts, 1)]


def _simple(workbook: Workbook, findings: Findings) -> list[Line]:
    """The document of the simple form as lines of JSON, each with the cell it comes from."""
    head = _head(workbook, findings)
    entities = Entities(None, findings, {})
    tree = _tree(_records(workbook, "rulebook_indicators", entities))
    if not tree:
        return []
    events = _records(workbook, "rulebook_events", entities)
    grades = _records(workbook, "rulebook_grades", entities)
    place = head[0].place
    lines = [Line("{", place), *head]
    for key, rows in (("events", map(_event, events)), ("grades", map(_grade, grades))):
        items = list(rows)
        if items:
            lines += [Line(f'"{key}": [', place), *items, Line("],", place)]
    return [*lines, Line('"tree": [', place), *tree, Line("]}", place)]


Record = tuple[Columns, int, dict[str, Any]]


def _records(workbook: Workbook, table: str, entities: Entities) -> list[Record]:
    wanted = form(table)
    sheet = workbook.sheet(wanted.sheet)
    if sheet is None:
        return []
    grids = grids_of(sheet, wanted, workbook.name, entities.findings)
    return list(entities.records(grids))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(workbook: Workbook, findings: Findings) -> list[Line]:
    """The entries of the sheet 办法, nested ones as one line."""
    sheet = workbook.sheet("办法")
    at = Place(workbook.name, "办法" if sheet else "办法指标")
    raw, places = named_values(sheet, workbook.name) if sheet else ({}, {})
    known = {h: f for f in RULEBOOK_FIELDS for h in (f.name, *f.headers)}
    data: dict[str, Any] = {"rulebook": "scheme", "name": "考核办法"}
    lines: dict[str, Place] = dict.fromkeys(data, at)
    for key, value in raw.items():
        field = known.get(key)
        if field is None:
            values = {"key": key[:60], "nearest": "", "nearest_en": ""}
            findings.add("campaign-key-unknown", places[key], **values)
            continue
        first, _, second = field.name.partition(".")
        read = _value(field, value)
        data[first] = {**data.get(first, {}), second: read} if second else read
        lines[first] = places[key]
    return [Line(f"{_json(key)}: {_json(value)},", lines[key]) for key, value in data.items()]


def _value(field: Field, raw: Any) -> Any:
    """A cell as plain data; what cannot be read stays a text, for the rulebook reader to name."""
    text = plain_text(raw)
    if field.kind == "choice":
        return choices(field.words).get(text.lower(), text)
    if field.kind == "whole":
        whole = whole_of(raw)
        return text if whole is None else whole
    if field.kind == "number":
        number = number_of(raw)
        return text if number is None else number
    if field.name in ("tiers", "seals"):
        return mapping_of(text)
    return listed(text) if field.name == "ranks.break-by" else text


def listed(text: str) -> list[str]:
    """甲、乙 -> ["甲", "乙"]."""
    parts = text.replace("，", "、").replace(",", "、").split("、")
    return [part.strip() for part in parts if part.strip()]


def mapping_of(text: str) -> Any:
    """`封顶: 120%, 保底: 0` as a mapping; what cannot be read stays the text."""
    plain = text.strip().translate(str.maketrans("：，；｛｝［］", ":,,{}[]")).replace("\n", ", ")
    if not plain.startswith("{"):
        plain = "{" + plain + "}"
    document, problems = read_document(plain.replace(":", ": "), "")
    if document is None or problems or not isinstance(document.data, dict):
        return text
    return _translated(document.data)


def _translated(value: Any) -> Any:
    if isinstance(value, dict):
        return {SETTING_WORDS.get(k, k): _translated(v) for k, v in value.items()}
    return [_translated(v) for v in value] if isinstance(value, list) else value


def _item(record: Record, values: dict[str, Any]) -> Line:
    """One entry of a list on a line of its own."""
    columns, number, _ = record
    cells = {name: columns.place(number, name) for name in columns.of}
    return Line(f"{_json(values)},", next(iter(cells.values())), cells)


def _tree(records: list[Record]) -> list[Line]:
    """One category after another, each indicator on a line of its own."""
    categories: dict[str, list[Line]] = {}
    name = "指标"
    for record in records:
        name = record[2].pop("category", name)
        categories.setdefault(name, []).append(_item(record, _leaf(record[2])))
    lines: list[Line] = []
    for name, leaves in categories.items():
        at = leaves[0].place
        head = f'{{"category": {_json(name)}, "indicators": ['
        lines += [Line(head, at), *leaves, Line("]},", at)]
    return lines


def _leaf(values: dict[str, Any]) -> dict[str, Any]:
    methods = {m.TITLE[0]: m.NAME for m in every()}
    leaf = dict(values)
    leaf["weight"] = _weight(leaf["weight"])
    leaf["method"] = methods.get(leaf["method"], leaf["method"])
    if leaf.pop("difficulty", False):
        leaf["difficulty"] = "by-unit"
    if "gate" in leaf:
        leaf["gate"] = mapping_of(leaf["gate"])
    settings = mapping_of(leaf.pop("settings")) if "settings" in leaf else {}
    return {**settings, **leaf} if isinstance(settings, dict) else {**leaf, "settings": settings}


def _weight(text: str) -> Any:
    if text in ("按分工", "assigned"):
        return "assigned"
    number = number_of(text)
    return mapping_of(text) if number is None else number


def _event(record: Record) -> Line:
    values = dict(record[2])
    if "blocks" in values:
        values["blocks"] = listed(values["blocks"])
    return _item(record, values)


def _grade(record: Record) -> Line:
    values = dict(record[2])
    share = number_of(values.get("at-most", ""))
    return _item(record, values if share is None else {**values, "at-most": share})
