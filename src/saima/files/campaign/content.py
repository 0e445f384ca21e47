"""A campaign as rows of words, ready to be written: what the sheets and CSV files will say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from saima.campaigns import Campaign
from saima.files.campaign.names import indicator_names, unit_names
from saima.files.campaign.schema import CAMPAIGN_FIELDS, Field, form, word
from saima.periods import parse
from saima.rules.rulebook import Rulebook
from saima.rules.writing import write_rulebook
from saima.tables import Tables

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]
"""Values by field name, or by period label in wide tables; blank ones left out."""


@dataclass
class Content:
    """What a campaign file says: settings by path, rows by table, rulebooks as rows or as text.

    `periods` are the wide tables' columns by table, as labels; none writes the long form.
    """

    settings: Row
    rows: dict[str, list[Row]]
    periods: dict[str, list[str]] = field(default_factory=dict)
    rulebook: Row = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)


def content_of(
    tables: Tables, rulebooks: Iterable[Rulebook] = (), *, named: bool = False
) -> Content:
    """A campaign that was read, as it can be written again; figures in the wide form if they fit.

    Figures with times of recording, or with a grade beside the value, stay long. With `named`,
    units and indicators go by their names, and measures are shown.
    """
    campaign = tables.campaign
    rows = {
        "units": [_plain_row("units", unit) for unit in campaign.units],
        "indicators": [_plain_row("indicators", x) for x in campaign.indicators],
        "definitions": [
            {"indicator": x.code, **_plain_row("definitions", d)}
            for x in campaign.indicators
            for d in x.definitions
        ],
        "assignments": [_plain_row("assignments", a) for a in campaign.assignments],
        "events": [_plain_row("events", e) for e in campaign.events],
        "published": [_plain_row("published", p) for p in campaign.published],
    }
    periods: dict[str, list[str]] = {}
    for table, write in (("targets", _target_rows), ("facts", _fact_rows)):
        rows[table], periods[table] = write(tables)
    if named:
        _put_names(campaign, rows)
    documents = [write_rulebook(r) for r in rulebooks]
    return Content(settings_of(campaign), rows, periods, documents=documents)


_UNITS = ("unit", "parent", "successor", "lead_unit")
_INDICATORS = ("indicator", "numerator", "denominator")


def _put_names(campaign: Campaign, rows: dict[str, list[Row]]) -> None:
    """Names for codes in all rows, where a name stands for one code only."""
    units, indicators = unit_names(campaign.units), indicator_names(campaign.indicators)
    fields = dict.fromkeys(_UNITS, units) | dict.fromkeys(_INDICATORS, indicators)
    for table, records in rows.items():
        for row in records:
            if table in ("targets", "facts"):
                row["measure"] = campaign.indicator(row["indicator"]).measure or None
            for key in fields.keys() & row.keys():
                names, code = fields[key], row[key]
                if names.find(names.label(code)) == code:
                    row[key] = names.label(code)


def settings_of(campaign: Campaign) -> Row:
    """The settings by path, defaults left out."""
    clock, papers = campaign.clock, campaign.documents
    joint = "、".join(f"{a}—{b}月" for a, b in clock.joint)
    found: Row = {
        "name": campaign.name,
        "organisation": campaign.organisation,
        "clock.kind": clock.kind.replace("_", "-"),
        "clock.start": clock.start,
        "clock.end": clock.end,
        "clock.joint": joint,
        "counts": "、".join(word("source", s) for s in campaign.counts),
        "scores": campaign.scores,
        "tracks": "、".join(campaign.tracks),
        "demo": campaign.demo,
    }
    plain = type(papers)()
    for f in CAMPAIGN_FIELDS:
        if f.name.startswith("documents."):
            attribute = f.name.split(".")[1].replace("-", "_")
            value = getattr(papers, attribute)
            if value != getattr(plain, attribute):
                found[f.name] = value
    return {k: v for k, v in found.items() if v not in ("", False, None)}


def _plain_row(table: str, entity: Any) -> Row:
    """The fields of an entity that differ from their defaults; codes and names always."""
    found: Row = {}
    for f in form(table).fields:
        if not hasattr(entity, f.name):
            continue
        value = getattr(entity, f.name)
        default = entity.__struct_defaults__
        names = entity.__struct_fields__
        position = names.index(f.name) - (len(names) - len(default))
        if f.required or f.name == "code" or position < 0 or value != default[position]:
            found[f.name] = (
                "、".join(word("source", s) for s in value) if f.kind == "sources" else value
            )
    return found


def _cell(row: Row) -> Any:
    """A fact as one cell: its value, its grade, or the mark of its kind of missing."""
    if row["grade"] or not row["missing"]:
        return row["grade"] or row["value"]
    return None if row["missing"] == "not-reported" else word("missing", row["missing"])


def _fact_rows(tables: Tables) -> tuple[list[Row], list[str]]:
    import polars as pl

    frame, keys = tables.facts, ("unit", "indicator", "source")
    both = frame.filter(pl.col("grade").cast(pl.String) != "", pl.col("value").is_not_null()).height
    timed = frame["recorded_at"].null_count() < frame.height
    if not both and not timed and _fit(tables, frame):
        return _wide(tables, frame, keys, _cell)
    return [_long_row(row) for row in frame.to_dicts()], []


def _long_row(row: Row) -> Row:
    """A fact in the long form: a kind of missing as its mark, a grade in its own column."""
    value = _cell({**row, "grade": ""}) if row["missing"] or row["value"] is not None else None
    given = {k: row[k] for k in ("unit", "indicator", "period", "source", "grade", "recorded_at")}
    return {k: v for k, v in {**given, "value": value}.items() if v not in ("", None)}


def _target_rows(tables: Tables) -> tuple[list[Row], list[str]]:
    import polars as pl

    clock, frame = tables.campaign.clock, tables.targets
    whole = clock.window(clock.start).text
    keys = ("unit", "indicator")
    simple = frame["recorded_at"].null_count() == frame.height
    if not simple or not _fit(tables, frame):
        fields = (*keys, "period", "target", "stretch", "goal", "recorded_at")
        return [
            {k: v for k in fields if (v := row[k]) not in (None, "")} for row in frame.to_dicts()
        ], []
    text = frame.with_columns(pl.col("period").cast(pl.String))
    plans, periods = _wide(
        tables,
        text.filter(pl.col("period") != whole),
        keys,
        lambda row: row["goal"] or row["target"],
    )
    rows = {(r["unit"], r["indicator"]): r for r in plans}
    for row in text.filter(pl.col("period") == whole).to_dicts():
        known = rows.setdefault((row["unit"], row["indicator"]), {k: row[k] for k in keys})
        known |= {k: row[k] for k in ("target", "stretch", "goal") if row[k] not in (None, "")}
    order = list(dict.fromkeys((r["unit"], r["indicator"]) for r in frame.select(keys).to_dicts()))
    return [rows[key] for key in order], periods


def _fit(tables: Tables, frame: pl.DataFrame) -> bool:
    return frame["period"].n_unique() <= 60 and bool(tables.campaign.units)


def _wide(
    tables: Tables, frame: pl.DataFrame, keys: tuple[str, ...], cell: Callable[[Row], Any]
) -> tuple[list[Row], list[str]]:
    """One row per key with a column per period, the columns in order of time."""
    found: dict[tuple[Any, ...], Row] = {}
    labels: dict[str, str] = {}
    for row in frame.to_dicts():
        key = tuple(row[k] for k in keys)
        known = found.setdefault(key, {k: row[k] for k in keys})
        labels.setdefault(row["period"], row["period"])
        known[row["period"]] = cell(row)
    clock = tables.campaign.clock
    return list(found.values()), sorted(labels, key=lambda text: parse(text, clock))


def written(f: Field, value: Any) -> Any:
    """A value as a sheet shows it: Chinese words for identifiers, 是 and 否 for flags."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if f.kind == "choice" and isinstance(value, str) and value:
        return word(f.words, value) if f.words != "missing" else value
    return value


def identified(value: Any) -> Any:
    """A value as a CSV file holds it: identifiers, ISO dates, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
