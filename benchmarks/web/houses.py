"""A made-up house of any size in the database: `python -m benchmarks.web.houses UNITS INDICATORS MONTHS`.

Figures of MONTHS months up to the last one, each from its closed round, targets, a rulebook, a
published score of the last month, an open round of this month, one clerk a unit and some leaders.
Prints what the callers need.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from saima.periods import parse

PASSWORD = "draw-the-bow-7"
LEADERS = 4
OWNED = 25
"""Indicators that a department confirms."""
TRACKS = ("甲赛道", "乙赛道", "丙赛道", "丁赛道")
CATEGORIES = ("经营效益", "投资建设", "招商运营", "安全环保")


@dataclass(frozen=True)
class Size:
    """How large a house is."""

    units: int
    indicators: int
    months: int


def main(words: Sequence[str]) -> None:
    from saima_web.commands.django_setup import start

    start()
    sys.stdout.write(json.dumps(build(Size(*map(int, words)))) + "\n")


def build(size: Size) -> dict[str, Any]:
    """Make it in the empty database of the environment."""
    from saima_web.base.clock import today
    from saima_web.campaigns.models import Campaign

    year = today().year
    campaign = Campaign.objects.create(
        code="race", name=f"{year}年示例赛马行动", organisation="示例集团", state="running",
        start=date(year, 1, 1), end=date(year, 12, 31), counts=["confirmed"], demo=True,
    )  # fmt: skip
    periods = _months_before(today(), size.months)
    units, indicators = _units(campaign, size), _indicators(size)
    people = _people(campaign, units)
    _rulebook(campaign, indicators)
    _targets(campaign, units, indicators, str(year))
    _figures(units, indicators, periods)
    _closed_rounds(campaign, periods)
    _settled()
    round = _round(campaign, units, indicators)
    _score(campaign, periods[-1])
    return {
        "campaign": campaign.code, "round": round.pk, "period": round.period,
        "last": periods[-1], "clerks": people, "password": PASSWORD,
        "unit": units[0].code, "indicator": indicators[0].code,
        "entries": _entries_by_unit(round),
    }  # fmt: skip


def _months_before(day: date, count: int) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        found.insert(0, f"{day:%Y-%m}")
    return found


def _past() -> datetime:
    from saima_web.base.clock import today

    return datetime(today().year, 1, 1, 1, tzinfo=UTC)


def _units(campaign: Any, size: Size) -> list[Any]:
    from saima_web.campaigns.models import Participation, Track
    from saima_web.people.models import Unit

    group = Unit.objects.create(code="G", name="示例集团有限公司", short_name="集团", kind="group")
    units = Unit.objects.bulk_create(
        Unit(code=f"U{n:04}", name=f"示例第{n}公司", parent=group, order=n)
        for n in range(1, size.units + 1)
    )
    tracks = [
        Track.objects.create(campaign=campaign, name=name, order=n) for n, name in enumerate(TRACKS)
    ]
    Participation.objects.bulk_create(
        Participation(
            campaign=campaign, unit=unit, track=tracks[n % len(tracks)], recorded_at=_past()
        )
        for n, unit in enumerate(units)
    )
    return units


def _indicators(size: Size) -> list[Any]:
    from saima_web.indicators.models import CheckRule, Definition, Indicator
    from saima_web.people.models import Unit

    owners = [
        Unit.objects.create(code=f"D{n}", name=f"示例集团第{n}部", kind="department")
        for n in range(1, 2 + (size.indicators - 1) // OWNED)
    ]
    rows = Indicator.objects.bulk_create(
        Indicator(
            code=f"k{n:03}", name=f"示例指标{n}", category=CATEGORIES[n % len(CATEGORIES)],
            measure="万元", decimals=2, order=n, nature="in-period",
            data_owner=owners[(n - 1) // OWNED],
        )
        for n in range(1, size.indicators + 1)
    )  # fmt: skip
    Definition.objects.bulk_create(
        Definition(indicator=row, version=1, text=f"{row.name}按月统计。", recorded_at=_past())
        for row in rows
    )
    CheckRule.objects.bulk_create(
        CheckRule(indicator=row, kind=kind, limit=limit, severity=severity)
        for row in rows
        for kind, limit, severity in (("minimum", "0", "error"), ("jump", "60", "warning"))
    )
    return rows


def _people(campaign: Any, units: Sequence[Any]) -> list[str]:
    """One clerk a unit, some leaders, a department's owner and the office; the clerks' names."""
    from django.contrib.auth.hashers import make_password

    from saima_web.people.models import Post, Role, Unit, User

    secret = make_password(PASSWORD)
    wanted = [(f"clerk{unit.code}", Role.CLERK, unit) for unit in units]
    wanted += [(f"leader{n}", Role.LEADER, None) for n in range(LEADERS)]
    wanted += [("office", Role.OFFICE, None)]
    wanted += [("owner1", Role.DATA_OWNER, Unit.objects.get(code="D1"))]
    users = User.objects.bulk_create(
        User(username=name, name=f"示例{name}", unit=unit, password=secret, notice_read=1)
        for name, _role, unit in wanted
    )
    Post.objects.bulk_create(
        Post(user=user, role=role, unit=unit, campaign=campaign)
        for user, (_name, role, unit) in zip(users, wanted, strict=True)
    )
    return [name for name, role, _unit in wanted if role == Role.CLERK]


def _rulebook(campaign: Any, indicators: Sequence[Any]) -> None:
    from saima_web.indicators.models import Rulebook
    from saima_web.indicators.queries import parsed

    tree = "".join(
        f"  - category: {name}\n    indicators:\n"
        + "".join(
            f"      - {{indicator: {x.code}, weight: 1, method: attainment, cap: 1.2}}\n"
            for x in indicators
            if x.category == name
        )
        for name in CATEGORIES
    )
    text = (
        "rulebook: race\nname: 示例集团赛马比拼办法\nversion: 1\n"
        f"effective: {{from: {campaign.start.year}-01}}\nbasis: 示例1号\nscores: month\n"
        f"rounding: {{marks: 2, score: 2}}\ntree:\n{tree}"
    )
    book, problems = parsed(text)
    assert book is not None, problems
    Rulebook.objects.create(
        campaign=campaign, name="race", title=book.name, version=1, text=text, digest=book.digest,
        state="published", effective_from=f"{campaign.start.year}-01", basis=book.basis,
        saved_at=_past(), published_at=_past(),
    )  # fmt: skip


def _targets(campaign: Any, units: Sequence[Any], indicators: Sequence[Any], year: str) -> None:
    from saima_web.targets.models import Target, TargetSet

    batch = TargetSet.objects.create(
        campaign=campaign, title="年初目标", state="approved", made_at=_past(), decided_at=_past()
    )
    names = ("batch_id", "unit_id", "indicator_id", "period", "value", "goal", "locked",
             "withdrawn", "recorded_at")  # fmt: skip
    rows = (
        (batch.pk, unit.pk, indicator.pk, year, "1200", "", False, False, _past())
        for unit in units
        for indicator in indicators
    )
    pour(Target, names, rows)


def _figures(units: Sequence[Any], indicators: Sequence[Any], periods: Sequence[str]) -> None:
    """A confirmed figure for each unit, indicator and month, seeded."""
    from django.db import connection

    from saima_web.reporting.models import Figure

    if connection.vendor == "postgresql":
        _figures_by_server(periods)
        return
    names = ("unit_id", "indicator_id", "definition", "period", "source", "value", "missing",
             "grade", "origin", "on_behalf", "withdrawn", "recorded_at")  # fmt: skip
    chance, at = np.random.default_rng(2026), _past()

    def rows() -> Iterable[tuple[Any, ...]]:
        for period in periods:
            values = chance.integers(80, 120, (len(units), len(indicators)))
            for unit, line in zip(units, values.tolist(), strict=True):
                for indicator, value in zip(indicators, line, strict=True):
                    yield (unit.pk, indicator.pk, 1, period, "confirmed", str(value), "", "",
                           "history", "", False, at)  # fmt: skip

    pour(Figure, names, rows())


INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
FIGURES = """
INSERT INTO reporting_figure (unit_id, indicator_id, definition, period, source, value, missing,
    grade, origin, on_behalf, withdrawn, recorded_at)
SELECT u.id, i.id, 1, %s, 'confirmed', (80 + abs(hashtext(u.code || i.code || %s)) %% 40)::text, '',
    '', 'history', '', false, %s
FROM people_unit u CROSS JOIN indicators_indicator i WHERE u.kind = 'company'
"""


CELLS = """
INSERT INTO reporting_entry (round_id, unit_id, indicator_id, state, reported_id, confirmed_id, late,
    flagged, reason, submitted_at, changed_at)
SELECT r.id, f.unit_id, f.indicator_id, 'confirmed', f.id, f.id, f.id %% 25 = 0, false, '', r.due_at,
    r.confirm_due_at
FROM reporting_figure f JOIN reporting_round r ON r.period = f.period WHERE r.id = %s
"""


def _figures_by_server(periods: Sequence[str]) -> None:
    """The same on PostgreSQL, which makes the rows itself."""
    _fill("reporting_figure", FIGURES, ((period, period, _past()) for period in periods))


def _closed_rounds(campaign: Any, periods: Sequence[str]) -> None:
    """The months' rounds, every cell confirmed, one in 25 late; counted as a night would have."""
    from saima_web.reporting.models import Round
    from saima_web.reporting.rounds import dates_of
    from saima_web.reporting.tallies import keep_tallies

    dated = [(text, dates_of(campaign, parse(text))) for text in periods]
    rows = Round.objects.bulk_create(
        Round(
            campaign=campaign, period=text, state="closed", opens_on=dates.opens_on,
            due_at=dates.due_at, confirm_due_at=dates.confirm_due_at,
        )
        for text, dates in dated
    )  # fmt: skip
    _fill("reporting_entry", CELLS, ((row.pk,) for row in rows))
    keep_tallies()


def _fill(table: str, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
    """Run a statement for each values, on PostgreSQL with the table's indexes made at the end."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        indexes: list[tuple[str, str]] = []
        if connection.vendor == "postgresql":
            cursor.execute(INDEXES, (table,))
            indexes = cursor.fetchall()
            cursor.execute("SET LOCAL session_replication_role = replica")
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for given in values:
            cursor.execute(statement, given)
        for _name, definition in indexes:
            cursor.execute(definition)


def _round(campaign: Any, units: Sequence[Any], indicators: Sequence[Any]) -> Any:
    from saima_web.base.clock import now, today
    from saima_web.reporting.models import Entry, Round

    round = Round.objects.create(
        campaign=campaign, period=f"{today():%Y-%m}", state="open", opens_on=today(),
        due_at=now() + timedelta(days=3), confirm_due_at=now() + timedelta(days=7),
    )  # fmt: skip
    names = ("round_id", "unit_id", "indicator_id", "state", "late", "flagged", "reason")
    pour(Entry, names, (
        (round.pk, unit.pk, indicator.pk, "empty", False, False, "")
        for unit in units for indicator in indicators
    ))  # fmt: skip
    return round


def _score(campaign: Any, period: str) -> None:
    """Score the last month, and put it where publication would."""
    from saima_web.people.models import User
    from saima_web.scoring.actions import run

    made = run(campaign=campaign, period=period, by=User.objects.get(username="office"))
    made.state, made.version, made.published_at = "published", 1, made.made_at
    made.save()


def _entries_by_unit(round: Any) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    rows = round.entries.order_by("unit__order", "indicator__order")
    for pk, unit in rows.values_list("pk", "unit_id"):
        found.setdefault(unit, []).append(pk)
    return list(found.values())


def pour(model: Any, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Many rows past Django: by COPY into PostgreSQL, by prepared statements into SQLite."""
    from django.db import connection, transaction

    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(names))
        order = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        cursor.executemany(order, rows)


def _settled() -> None:
    """Let the database count what it holds, as autovacuum would by the next day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1:])
