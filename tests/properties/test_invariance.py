"""What must not matter does not: the order of rows, and what units are called."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest

from tests.support.comparing import engine_score
from tests.support.generated import Case, seeded

SEEDS = range(25)


def by_unit(case: Case) -> dict[str, dict[str, Any]]:
    return {
        period: {row["unit"]: row for row in rows} for period, rows in engine_score(case).items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_row_order_never_matters(seed: int) -> None:
    case, random = seeded(seed), Random(seed)
    campaign = msgspec.structs.replace(
        case.campaign,
        events=shuffled(case.campaign.events, random),
        assignments=shuffled(case.campaign.assignments, random),
    )
    other = replace(
        case,
        campaign=campaign,
        facts=list(shuffled(case.facts, random)),
        targets=list(shuffled(case.targets, random)),
    )
    assert by_unit(other) == by_unit(case)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_units_matters_only_through_their_official_order(seed: int) -> None:
    case, random = seeded(seed), Random(seed)
    units = [msgspec.structs.replace(u, order=n) for n, u in enumerate(case.campaign.units)]
    first = replace(case, campaign=msgspec.structs.replace(case.campaign, units=tuple(units)))
    mixed = shuffled(units, random)
    other = replace(case, campaign=msgspec.structs.replace(case.campaign, units=mixed))
    assert by_unit(other) == by_unit(first)


@pytest.mark.parametrize("seed", SEEDS)
def test_names_of_units_carry_no_weight(seed: int) -> None:
    case = seeded(seed)
    codes = [u.code for u in case.campaign.units]
    names = dict(zip(codes, [f"z{9 - n}" for n in range(len(codes))], strict=True))
    renamed = by_unit(with_codes(case, names))
    plain = by_unit(case)
    expected = {
        period: {names[code]: row | {"unit": names[code]} for code, row in rows.items()}
        for period, rows in plain.items()
    }
    assert renamed == expected


def shuffled(rows: Any, random: Random) -> tuple[Any, ...]:
    return tuple(random.sample(list(rows), len(rows)))


def with_codes(case: Case, names: dict[str, str]) -> Case:
    """The same campaign with its units called otherwise (alphabetically the other way round)."""
    old, change = case.campaign, msgspec.structs.replace
    campaign = change(
        old,
        units=tuple(
            change(
                u,
                code=names[u.code],
                name=f"甲{names[u.code]}",
                parent=names[u.parent] if u.parent else "",
            )
            for u in old.units
        ),
        events=tuple(change(e, unit=names[e.unit]) for e in old.events),
        assignments=tuple(change(a, unit=names[a.unit]) if a.unit else a for a in old.assignments),
    )
    facts = [row | {"unit": names[row["unit"]]} for row in case.facts]
    targets = [row | {"unit": names[row["unit"]]} for row in case.targets]
    return replace(case, campaign=campaign, facts=facts, targets=targets)
