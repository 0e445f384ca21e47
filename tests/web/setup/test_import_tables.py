"""A library campaign goes into the database and scores there as it did in its files."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from saima.files.campaign import load_campaign
from saima.periods import parse
from saima.problems import Refused
from saima.rules.reading import choose
from saima.scoring import result, score
from saima.tables import Tables
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.actions import first_administrator
from saima_web.people.models import Unit, User
from saima_web.reporting.models import Figure
from saima_web.scoring.tables import tables_of
from saima_web.setup.actions import import_tables
from tests.web.cast import House

ROOT = Path(__file__).resolve().parents[3]
CAMPAIGNS = [
    (ROOT / "campaigns/notice-002", ("2026-04", "2026-06")),
    (ROOT / "src/saima/samples/hundred-days", ("2026-06", "2026-09")),
]


@pytest.fixture
def admin(db: None) -> User:
    """The administrator of an empty platform."""
    return first_administrator(username="first", name="江启明", password="draw-the-bow-7")


def standing(tables: Tables, book: object, period: str) -> list[object]:
    """What a result says of every unit, as plain data."""
    found = result(score(tables, book), period)  # type: ignore[arg-type]
    return [msgspec.to_builtins(u) for u in found.units]


@pytest.mark.parametrize(("folder", "periods"), CAMPAIGNS, ids=lambda x: getattr(x, "name", None))
def test_imported_campaign_scores_as_its_files_do(
    admin: User, folder: Path, periods: tuple[str, ...]
) -> None:
    tables, books = load_campaign(folder)
    campaign = import_tables(tables=tables, rulebooks=books, code="imported", by=admin)
    back = tables_of(campaign, now())
    for text in periods:
        period = parse(text, tables.campaign.clock)
        mine, _ = parsed(rulebook_in_force(campaign, period).text)
        assert standing(back, mine, text) == standing(tables, choose(books, None, period), text)


def test_every_table_stands_in_the_ledger_with_count_and_digest(admin: User) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    campaign = import_tables(tables=tables, rulebooks=books, code="imported", by=admin)
    entries = {e.subject: e.data for e in Entry.objects.filter(event="table.imported")}
    figures = entries["campaign/imported/figures"]
    assert figures["rows"] == Figure.objects.count() > 300
    assert len(figures["digest"]) == 64
    assert (
        campaign.target_sets.get().targets.count() == entries["campaign/imported/targets"]["rows"]
    )


def test_clerk_cannot_import_a_campaign(house: House) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    with pytest.raises(Refused, match="新建行动"):
        import_tables(tables=tables, rulebooks=books, code="imported", by=house.clerk)
    assert Campaign.objects.count() == 1


def test_office_of_one_campaign_cannot_make_another(house: House) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    with pytest.raises(Refused, match="新建行动"):
        import_tables(tables=tables, rulebooks=books, code="imported", by=house.office)


def test_taken_code_is_refused(admin: User) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    import_tables(tables=tables, rulebooks=books, code="imported", by=admin)
    with pytest.raises(Refused, match="已经用于"):
        import_tables(tables=tables, rulebooks=books, code="imported", by=admin)


def test_second_campaign_reuses_units_indicators_and_figures(admin: User) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    import_tables(tables=tables, rulebooks=books, code="first", by=admin)
    before = Unit.objects.count(), Indicator.objects.count(), Figure.objects.count()
    second = import_tables(tables=tables, rulebooks=books, code="second", by=admin)
    assert (Unit.objects.count(), Indicator.objects.count(), Figure.objects.count()) == before
    assert tables_of(second, now()).facts.height == Figure.objects.count()


def test_indicator_with_another_meaning_is_refused_and_nothing_written(admin: User) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    import_tables(tables=tables, rulebooks=books, code="first", by=admin)
    first, *rest = tables.campaign.indicators
    other = structs.replace(
        tables.campaign, indicators=(structs.replace(first, measure="亿元"), *rest)
    )
    changed = Tables(other, tables.targets, tables.facts, tables.name)
    with pytest.raises(Refused, match="计量单位不同：平台为“万元”，文件为“亿元”"):
        import_tables(tables=changed, rulebooks=books, code="second", by=admin)
    assert not Campaign.objects.filter(code="second").exists()


def test_figure_that_differs_is_refused_with_its_cell(admin: User) -> None:
    tables, books = load_campaign(CAMPAIGNS[0][0])
    import_tables(tables=tables, rulebooks=books, code="first", by=admin)
    row = Figure.objects.filter(period="2026-01").first()
    assert row is not None
    Figure.objects.filter(pk=row.pk).update(value="1.5")
    with pytest.raises(Refused, match=r"facts\.csv.*平台上已有1\.5"):
        import_tables(tables=tables, rulebooks=books, code="second", by=admin)
