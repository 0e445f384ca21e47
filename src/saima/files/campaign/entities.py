"""The small tables, row by row: units, indicators, definitions, assignments, events, ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from saima.campaigns import (
    Assignment,
    Definition,
    Event,
    Indicator,
    PublishedRank,
    Source,
    Unit,
)
from saima.files.campaign.grids import LONGEST_CELL, Columns, Grid, columns_of
from saima.files.campaign.names import Names
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import WORDS, Field, choices
from saima.files.campaign.values import (
    date_of,
    moment_of,
    number_of,
    period_of,
    plain_text,
    whole_of,
)
from saima.periods import Clock, parse
from saima.places import cell_name, cell_position, column_name
from saima.problems import Place

Places = dict[tuple[str, int], Place]


_WRONG_VALUE = object()

_READERS: dict[str, Callable[[Any], Any]] = {
    "text": plain_text,
    "number": number_of,
    "whole": whole_of,
    "date": date_of,
    "moment": moment_of,
}
_WRONG = {
    "number": "number-expected",
    "whole": "whole-number-expected",
    "date": "date-expected",
    "moment": "date-expected",
    "period": "unknown-period",
}


@dataclass
class Entities:
    """Reads the small tables of one campaign, collecting problems and places.

    `places` has the first cell of each row by (table, index), and the header of each column that
    was there by (`table.field`, -1), from which the cell of any field follows. `names` resolve
    the fields `unit` and `indicator`, once the units and indicators are read.
    """

    clock: Clock | None
    findings: Findings
    places: Places
    names: dict[str, Names] = dataclass_field(default_factory=dict)

    def records(self, grids: list[Grid]) -> Iterator[tuple[Columns, int, dict[str, Any]]]:
        """(columns, record, values by field) of each record that has its required fields.

        Blank and wrong cells have no value; wrong ones are named. A record that refers to an
        unknown unit or indicator is left out.
        """
        for grid in grids:
            columns = columns_of(grid, None, self.findings)
            for name, index in columns.of.items():
                self.places[f"{grid.form.table}.{name}", -1] = grid.place(-1, index)
            yield from self._records(columns)

    def _records(self, columns: Columns) -> Iterator[tuple[Columns, int, dict[str, Any]]]:
        fields = [f for f in columns.grid.form.fields if columns.has(f.name)]
        if not fields:
            return
        raw = [_listed(columns.read(f.name)) for f in fields]
        live = [not _is_blank(cells) for cells in zip(*raw)]
        values = [self._converted(columns, f, cells, live) for f, cells in zip(fields, raw)]
        names = [f.name for f in fields]
        required = [f.name for f in fields if f.required]
        for record, cells in enumerate(zip(*values)):
            if not live[record] or _WRONG_VALUE in cells:
                continue
            found = {n: v for n, v in zip(names, cells) if v is not None}
            if all(f in found for f in required):
                yield columns, record, found

    def _converted(
        self, columns: Columns, field: Field, cells: list[Any], live: list[bool]
    ) -> list[Any]:
        """A column as its field wants it, each distinct cell read once; None if blank or wrong."""
        memo: dict[tuple[type, Any], Any] = {}
        found = []
        for record, raw in enumerate(cells):
            key = (raw.__class__, raw)
            value = memo.get(key, memo)
            if value is memo:
                value = memo[key] = self._value(field, raw)
            if value is _WRONG_VALUE or (value is None and field.required):
                if live[record]:
                    self._name_wrong(columns, record, field, plain_text(raw))
                value = _WRONG_VALUE if field.name in self.names else None
            found.append(value)
        return found

    def _value(self, field: Field, raw: object) -> Any:
        text = plain_text(raw)
        if not text:
            return None
        found = self._read(field, raw, text) if len(text) <= LONGEST_CELL else None
        return _WRONG_VALUE if found is None else found

    def _read(self, field: Field, raw: object, text: str) -> Any:
        if field.name in self.names:
            return self.names[field.name].find(text)
        match field.kind:
            case "choice":
                return choices(field.words).get(text.lower())
            case "flag":
                flag = choices("flag").get(text.lower())
                return None if flag is None else flag == "yes"
            case "sources":
                return sources_of(text)
            case "period":
                return period_of(text, self.clock)
        return _READERS[field.kind](raw)

    def _name_wrong(self, columns: Columns, record: int, field: Field, text: str) -> None:
        place, header = columns.place(record, field.name), columns.header(field.name)
        if not text:
            self.findings.add("cell-empty", place, header=header)
        elif len(text) > LONGEST_CELL:
            values = {"length": len(text), "limit": LONGEST_CELL}
            self.findings.add("cell-too-long", place, **values)
        elif field.name in self.names:
            self.names[field.name].name_unknown(text, place, self.findings)
        elif field.kind in ("choice", "flag", "sources"):
            self._name_word(place, header, field, text)
        else:
            self.findings.add(_WRONG[field.kind], place, header=header, text=text[:60])

    def _name_word(self, place: Place, header: str, field: Field, text: str) -> None:
        words = WORDS[field.words or ("flag" if field.kind == "flag" else "source")]
        values = {"words": "、".join(w[0] for w in words.values()), "names": ", ".join(words)}
        every = [w for known in words.values() for w in known]
        said = {"header": header, "text": text[:60], **values}
        self.findings.add_near("word-unknown", place, text, every, **said)


def _is_blank(cells: tuple[Any, ...]) -> bool:
    """Nothing in the record, or a line such as “注：…” below a table."""
    if cells[0] and len(cells) > 1 and cells[1]:
        return False
    given = [v for v in cells if v is not None and v != ""]
    if len(given) == 1 and isinstance(given[0], str):
        return given[0].strip().startswith("注") or not given[0].strip()
    return not given


def _listed(column: Any) -> list[Any]:
    return column if isinstance(column, list) else list(column.to_list())


def sources_of(text: str) -> tuple[Source, ...] | None:
    """核定数、自报数 -> ("confirmed", "reported"); None if a word is not known."""
    known = choices("source")
    parts = [p for p in text.replace("，", "、").replace(",", "、").split("、") if p.strip()]
    found = [known.get(p.strip().lower()) for p in parts]
    return tuple(f for f in found if f) if all(found) and found else None  # type: ignore[misc]


def read_units(entities: Entities, grids: list[Grid]) -> tuple[Unit, ...]:
    """Units in the order of the table; a code that comes twice is named and passed over."""
    return tuple(_coded(entities, grids, "units", Unit))


def read_indicators(entities: Entities, grids: list[Grid]) -> tuple[Indicator, ...]:
    return tuple(_coded(entities, grids, "indicators", Indicator))


def _coded(
    entities: Entities, grids: list[Grid], table: str, build: Callable[..., Any]
) -> Iterator[Any]:
    seen: dict[str, Place] = {}
    for columns, record, values in entities.records(grids):
        name = values.get("name") or values.get("code", "")
        code = values.get("code") or name
        if not code:
            continue
        place = columns.place(record, "code" if columns.has("code") else "name")
        if code in seen:
            entities.findings.add("code-twice", place, text=code, **seen_at(seen[code]))
            continue
        entities.places[table, len(seen)] = place
        seen[code] = place
        yield build(**{**values, "code": code, "name": name})


def read_definitions(entities: Entities, grids: list[Grid]) -> dict[str, tuple[Definition, ...]]:
    """Definitions by indicator, in the order of their effective dates."""
    found: dict[str, list[Definition]] = {}
    for _, _, values in entities.records(grids):
        known = found.setdefault(values.pop("indicator"), [])
        if "effective" in values:
            values["effective"] = parse(values["effective"], entities.clock).start.isoformat()
        values.setdefault("version", len(known) + 1)
        known.append(Definition(**values))
    return {c: tuple(sorted(ds, key=lambda d: d.effective)) for c, ds in found.items()}


def _rows(
    entities: Entities, grids: list[Grid], table: str, build: Callable[..., Any]
) -> Iterator[Any]:
    """Entities that name a unit or an indicator, with the place of each."""
    letters: dict[int, str] = {}
    for index, (columns, record, values) in enumerate(entities.records(grids)):
        grid, column = columns.grid, columns.of[next(iter(values))]
        letter = letters.get(column) or letters.setdefault(column, column_name(column))
        cell = f"{letter}{grid.first_row + record}"
        entities.places[table, index] = Place(grid.file, grid.sheet, cell)
        yield build(**values)


def read_assignments(entities: Entities, grids: list[Grid]) -> tuple[Assignment, ...]:
    """Rows with an unknown unit or indicator are left out, here and below."""
    return tuple(_rows(entities, grids, "assignments", Assignment))


def read_events(entities: Entities, grids: list[Grid]) -> tuple[Event, ...]:
    return tuple(_rows(entities, grids, "events", Event))


def read_published(entities: Entities, grids: list[Grid]) -> tuple[PublishedRank, ...]:
    return tuple(_rows(entities, grids, "published", PublishedRank))


def seen_at(place: Place) -> dict[str, str]:
    """The values `first` and `first_en` of a wording."""
    return {"first": place.text(), "first_en": place.text("en")}


def with_codes(units: tuple[Unit, ...], names: Names) -> tuple[Unit, ...]:
    """Parents and successors by code where they were written by name."""
    return tuple(_by_code(unit, ("parent", "successor"), names) for unit in units)


def indicators_with_codes(
    indicators: tuple[Indicator, ...],
    definitions: dict[str, tuple[Definition, ...]],
    own: Names,
    units: Names,
) -> tuple[Indicator, ...]:
    """Indicators with their definitions; others and lead units by code where written by name."""
    from msgspec.structs import replace

    told = (replace(x, definitions=definitions.get(x.code, ())) for x in indicators)
    linked = (_by_code(x, ("numerator", "denominator"), own) for x in told)
    return tuple(_by_code(x, ("lead_unit",), units) for x in linked)


def _by_code(entity: Any, fields: tuple[str, ...], names: Names) -> Any:
    from msgspec.structs import replace

    written = {f: getattr(entity, f) for f in fields if getattr(entity, f)}
    found = {f: names.find(text) for f, text in written.items()}
    changed = {f: code for f, code in found.items() if code and code != written[f]}
    return replace(entity, **changed) if changed else entity


def without_circles(
    units: tuple[Unit, ...], findings: Findings, places: Places
) -> tuple[Unit, ...]:
    """Units above one another in a circle are named and taken as having no parent."""
    from msgspec.structs import replace

    parent = {u.code: u.parent for u in units}
    circles: set[str] = set()
    for index, unit in enumerate(units):
        path = [unit.code]
        while (above := parent.get(path[-1], "")) and above not in path and above not in circles:
            path.append(above)
        if above == unit.code and unit.code not in circles:
            circles.update(path)
            names = " → ".join([*path, unit.code])
            findings.add(
                "units-in-a-circle", field_place(places, "units", index, "parent"), names=names
            )
    return tuple(replace(u, parent="") if u.code in circles else u for u in units)


def field_place(places: Places, table: str, index: int, field: str) -> Place:
    """The cell of a field of the index-th entity: its row under the header of the field."""
    at, header = places.get((table, index), Place()), places.get((f"{table}.{field}", -1))
    if header is None or not at.cell:
        return at
    row, column = cell_position(at.cell)[0], cell_position(header.cell)[1]
    return Place(at.file, at.sheet, cell_name(row, column))
