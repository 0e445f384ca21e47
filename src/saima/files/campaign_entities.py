"""The small tables, row by row: units, indicators, definitions, assignments, events, ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from saima.files.campaign_grids import LONGEST_CELL, Columns, Grid, columns_of
from saima.files.campaign_names import Names
from saima.files.campaign_problems import Findings, suggestion
from saima.files.campaign_schema import WORDS, Field, choices
from saima.files.campaign_values import (
    date_of,
    moment_of,
    number_of,
    period_of,
    plain_text,
    whole_of,
)
from saima.periods import Clock, parse
from saima.problems import Place

Places = dict[tuple[str, int], Place]


@dataclass
class Entities:
    """Reads the small tables of one campaign, collecting problems and places.

    `places` has the first cell of each row by (table, index), and the header of each column that
    was there by (`table.field`, -1), from which the cell of any field follows.
    """

    clock: Clock
    findings: Findings
    places: Places

    def records(self, grids: list[Grid]) -> Iterator[tuple[Columns, int, dict[str, Any]]]:
        """(columns, record, values by field) of every record that is not blank."""
        for grid in grids:
            columns = columns_of(grid, None, self.findings)
            for name, index in columns.of.items():
                self.places[f"{grid.form.table}.{name}", -1] = grid.place(-1, index)
            yield from self._records(columns)

    def _records(self, columns: Columns) -> Iterator[tuple[Columns, int, dict[str, Any]]]:
        fields = [f for f in columns.grid.form.fields if columns.has(f.name)]
        cells = {f.name: _listed(columns.read(f.name)) for f in fields}
        for record in range(columns.grid.height):
            raw = {name: column[record] for name, column in cells.items()}
            if all(v is None or v == "" for v in raw.values()) or _is_note(raw):
                continue
            values = {f.name: self.value(columns, record, f, raw[f.name]) for f in fields}
            yield columns, record, {n: v for n, v in values.items() if v is not None}

    def value(self, columns: Columns, record: int, field: Field, raw: object) -> Any:
        """A cell as its field wants it; None if blank or wrong (wrong ones are named)."""
        text = plain_text(raw)
        if not text:
            if field.required:
                place = columns.place(record, field.name)
                self.findings.add("cell-empty", place, header=columns.header(field.name))
            return None
        if len(text) > LONGEST_CELL:
            values = {"length": len(text), "limit": LONGEST_CELL}
            self.findings.add("cell-too-long", columns.place(record, field.name), **values)
            return None
        found = self._converted(field, raw, text)
        if found is None:
            self._name_wrong(columns, record, field, text)
        return found

    def _converted(self, field: Field, raw: object, text: str) -> Any:
        match field.kind:
            case "choice" | "flag":
                found = choices(field.words or "flag").get(text.lower())
                return found if field.kind == "choice" or found is None else found == "yes"
            case "sources":
                return sources_of(text)
            case "period":
                return period_of(text, self.clock)
        return _READERS[field.kind](raw)

    def _name_wrong(self, columns: Columns, record: int, field: Field, text: str) -> None:
        place, header = columns.place(record, field.name), columns.header(field.name)
        if field.kind in ("choice", "flag", "sources"):
            words = WORDS[field.words or ("flag" if field.kind == "flag" else "source")]
            shown = "、".join(w[0] for w in words.values())
            near = suggestion(text, (w for known in words.values() for w in known))
            values = {"header": header, "text": text[:60], "words": shown, **near}
            self.findings.add("word-unknown", place, names=", ".join(words), **values)
        else:
            self.findings.add(_WRONG[field.kind], place, header=header, text=text[:60])

    def keep(self, columns: Columns, record: int, table: str, index: int) -> None:
        """Remember where the index-th entity of a table stands."""
        self.places[table, index] = columns.place(record, "code" if table == "units" else "name")


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


def _listed(column: Any) -> list[Any]:
    return column if isinstance(column, list) else list(column.to_list())


def _is_note(raw: dict[str, Any]) -> bool:
    """A line such as “注：…” below a table."""
    given = [v for v in raw.values() if v not in (None, "")]
    return len(given) == 1 and isinstance(given[0], str) and given[0].strip().startswith("注")


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
        values.setdefault("code", values.get("name", ""))
        values.setdefault("name", values["code"])
        code, place = values["code"], columns.place(record, "code")
        if not code:
            continue
        if code in seen:
            entities.findings.add("code-twice", place, code=code, **seen_at(seen[code]))
            continue
        entities.places[table, len(seen)] = place
        seen[code] = place
        yield build(**values)


def read_definitions(
    entities: Entities, grids: list[Grid], indicators: Names
) -> dict[str, tuple[Definition, ...]]:
    """Definitions by indicator, in the order of their effective dates."""
    found: dict[str, list[Definition]] = {}
    for columns, record, values in entities.records(grids):
        code = _referred(entities, columns, record, values, "indicator", indicators)
        if code is None:
            continue
        values.pop("indicator")
        if "effective" in values:
            values["effective"] = parse(values["effective"], entities.clock).start.isoformat()
        values.setdefault("version", len(found.get(code, ())) + 1)
        found.setdefault(code, []).append(Definition(**values))
    return {c: tuple(sorted(ds, key=lambda d: d.effective)) for c, ds in found.items()}


def seen_at(place: Place) -> dict[str, str]:
    """The values `first` and `first_en` of a wording."""
    return {"first": place.text(), "first_en": place.text("en")}


def _referred(
    entities: Entities,
    columns: Columns,
    record: int,
    values: dict[str, Any],
    field: str,
    names: Names,
) -> str | None:
    """The code that a cell refers to; None (named) if there is none, '' if the cell is blank."""
    text = values.get(field, "")
    if not text:
        return None if columns.grid.form.field(field).required else ""
    code = names.find(text)
    if code is None:
        names.name_unknown(text, columns.place(record, field), entities.findings)
    return code


def _rows(
    entities: Entities,
    grids: list[Grid],
    table: str,
    build: Callable[..., Any],
    units: Names,
    indicators: Names,
) -> Iterator[Any]:
    """Entities that name a unit or an indicator; rows with an unknown one are left out."""
    index = 0
    for columns, record, values in entities.records(grids):
        fields = {f.name for f in columns.grid.form.fields}
        references = {"unit": units, "indicator": indicators}
        codes = {
            name: _referred(entities, columns, record, values, name, names)
            for name, names in references.items()
            if name in fields
        }
        required = [f.name for f in columns.grid.form.fields if f.required]
        if None in codes.values() or any(name not in values for name in required):
            continue
        entities.places[table, index] = columns.place(record, required[0])
        index += 1
        yield build(**{**values, **codes})


def read_assignments(
    entities: Entities, grids: list[Grid], units: Names, indicators: Names
) -> tuple[Assignment, ...]:
    return tuple(_rows(entities, grids, "assignments", Assignment, units, indicators))


def read_events(
    entities: Entities, grids: list[Grid], units: Names, indicators: Names
) -> tuple[Event, ...]:
    return tuple(_rows(entities, grids, "events", Event, units, indicators))


def read_published(
    entities: Entities, grids: list[Grid], units: Names
) -> tuple[PublishedRank, ...]:
    return tuple(_rows(entities, grids, "published", PublishedRank, units, units))


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
    from saima.places import cell_name, cell_position

    at, header = places.get((table, index), Place()), places.get((f"{table}.{field}", -1))
    if header is None or not at.cell:
        return at
    row, column = cell_position(at.cell)[0], cell_position(header.cell)[1]
    return Place(at.file, at.sheet, cell_name(row, column))
