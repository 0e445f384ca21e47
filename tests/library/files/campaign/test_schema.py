"""The alias tables: what the reference says to people is what the readers know."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from saima.campaigns import (
    Assignment,
    Definition,
    DocumentSettings,
    Event,
    Indicator,
    PublishedRank,
    Unit,
)
from saima.files.campaign.rulebook_sheets import SETTING_WORDS
from saima.files.campaign.schema import (
    CAMPAIGN_FIELDS,
    FORMS,
    RULEBOOK_FIELDS,
    RULEBOOK_FORMS,
    WORDS,
    choices,
    headers,
)
from saima.periods import Clock, parse
from saima.tables import FACT_COLUMNS, MISSING_KINDS, TARGET_COLUMNS

REFERENCE = Path(__file__).parents[4] / "docs" / "reference"
CLOCK = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31))
ENTITIES = {
    "units": Unit,
    "indicators": Indicator,
    "definitions": Definition,
    "assignments": Assignment,
    "events": Event,
    "published": PublishedRank,
}


def rows_of(name: str) -> list[list[str]]:
    """The cells of all tables of a page, without code marks."""
    text = (REFERENCE / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[c.strip().replace("`", "") for c in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.table)
def test_every_column_is_documented_with_all_its_names(form):
    documented = {row[0]: row[1] for row in rows_of("campaign-folder.md") if len(row) > 1}
    text = (REFERENCE / "campaign-folder.md").read_text(encoding="utf-8")
    section = text.split(f"### `{form.table}`（{form.sheet}）")[1].split("\n#")[0]
    assert documented
    for field in form.fields:
        name = field.name.replace("_", "-")
        assert f"| `{name}` | {'、'.join(field.headers)} |" in section


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("campaign-folder.md", CAMPAIGN_FIELDS),
        ("campaign-workbook.md", RULEBOOK_FIELDS),
        *(("campaign-workbook.md", form.fields) for form in RULEBOOK_FORMS),
    ],
)
def test_every_setting_is_documented_with_all_its_names(page, fields):
    documented = {(row[0], row[1]) for row in rows_of(page)}
    assert {(f.name.replace("_", "-"), "、".join(f.headers)) for f in fields} <= documented


def test_every_word_is_documented():
    documented = {
        (row[0], row[1], row[2]) for row in rows_of("campaign-folder.md") if len(row) == 3
    }
    for words, known in WORDS.items():
        for name, texts in known.items():
            shown = "、".join(text or "（留空）" for text in texts)
            assert (words, name, shown) in documented
    settings = {(row[0], row[1]) for row in rows_of("campaign-workbook.md") if len(row) == 2}
    assert set(SETTING_WORDS.items()) <= settings


@pytest.mark.parametrize("form", [*FORMS, *RULEBOOK_FORMS], ids=lambda f: f.table)
def test_no_header_means_two_columns_of_a_table(form):
    claimed = [h for field in form.fields for h in (field.name, *field.headers)]
    known = headers(form.table)
    assert len(known) == len(set(claimed))


@pytest.mark.parametrize("words", WORDS)
def test_no_word_means_two_things(words):
    texts = [text.lower() for known in WORDS[words].values() for text in known]
    assert len(texts) == len(set(texts))
    assert set(choices(words).values()) == set(WORDS[words])


@pytest.mark.parametrize("table", ENTITIES)
def test_fields_are_those_of_the_campaign(table):
    wanted = {f.name for f in msgspec.structs.fields(ENTITIES[table])} - {"definitions"}
    form = next(f for f in FORMS if f.table == table)
    extra = {"indicator"} if table == "definitions" else set()
    assert {f.name for f in form.fields} == wanted | extra


def test_figures_have_the_columns_of_the_long_tables():
    for table, columns in (("facts", FACT_COLUMNS), ("targets", TARGET_COLUMNS)):
        form = next(f for f in FORMS if f.table == table)
        assert {f.name for f in form.fields} - {"measure"} == set(columns) - {
            "table",
            "row",
            "column",
        }
    assert set(WORDS["missing"]) == set(MISSING_KINDS) - {""}


def test_document_settings_are_all_there():
    wanted = {f.name.replace("_", "-") for f in msgspec.structs.fields(DocumentSettings)}
    assert {f.name.removeprefix("documents.") for f in CAMPAIGN_FIELDS} >= wanted


PERIODS = [
    (writing, re.split(r"（|、", row[1])[0])
    for row in rows_of("periods.md")
    if len(row) == 3 and re.match(r"\d{4}", row[1])
    for writing in row[2].split("、")
]


def test_reference_of_periods_has_many_writings():
    assert len(PERIODS) > 25


@pytest.mark.parametrize(("writing", "standard"), PERIODS)
def test_documented_writing_of_a_period_is_read(writing, standard):
    assert parse(writing, CLOCK) == parse(standard, CLOCK)
    assert parse(standard, CLOCK).text == standard


def test_documented_example_of_settings_is_read(tmp_path):
    from saima.files.campaign import load_campaign

    text = (REFERENCE / "campaign-folder.md").read_text(encoding="utf-8")
    (tmp_path / "campaign.yaml").write_text(
        text.split("```yaml\n")[1].split("```")[0], encoding="utf-8"
    )
    tables, _ = load_campaign(tmp_path)
    assert {p.code for p in tables.problems} == {"table-missing"}
    assert tables.campaign.counts == ("confirmed", "reported")
    assert tables.campaign.clock.joint == ((1, 2),)
    assert tables.campaign.documents.named_places == 3
