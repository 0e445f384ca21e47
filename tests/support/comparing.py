"""The engine's scoring in the reference's plain shape, and what differs between the two."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from tests.support.generated import Case
from tests.support.reference import score as reference_score

CLOSE = 1e-9
Scored = dict[str, list[dict[str, Any]]]


def engine_score(case: Case) -> Scored:
    """Period text -> units, as `reference.score` gives them."""
    from saima.scoring import score

    scoring = score(case.tables, case.rulebook)
    return {
        period.text: [
            unit_row(scoring, i, s, unit)
            for i, unit in enumerate(case.campaign.units)
            if unit.track and unit.valid_at(period.end)
        ]
        for s, period in enumerate(scoring.cube.scored)
    }


def unit_row(scoring: Any, i: int, s: int, unit: Any) -> dict[str, Any]:
    standing = scoring.standing
    return {
        "unit": unit.code,
        "track": unit.track,
        "score": plain(scoring.score[i, s]),
        "rank": int(standing.rank[i, s]) or None,
        "tier": standing.tiers[s][i] or "",
        "grade": standing.grades[s][i] or "",
        "marks": [mark_row(m, i, s) for m in scoring.marked if status(m, i, s) != "not_held"],
    }


def mark_row(m: Any, i: int, s: int) -> dict[str, Any]:
    left_out = status(m, i, s) == "left_out"
    return {
        "indicator": m.leaf.indicator,
        "marks": None if left_out else plain(m.marks[i, s]),
        "full_marks": float(m.full[i, s]),
        "state": status(m, i, s),
    }


def status(m: Any, i: int, s: int) -> str:
    from saima.scoring.marks import Status

    return Status(m.status[i, s]).name.lower()


def reported(case: Case) -> dict[str, dict[str, Any]]:
    """Unit -> row of the last period, from the published result alone (the JSON of `saima score`)."""
    from saima.scoring import result, score

    data = msgspec.to_builtins(result(score(case.tables, case.rulebook)))
    rows = {}
    for row in data["units"]:
        marks = [
            {key: mark[key] for key in ("indicator", "marks", "full_marks")}
            | {"state": mark["status"]}
            for mark in row["marks"]
        ]
        keys = ("unit", "track", "score", "rank", "tier", "grade")
        rows[row["unit"]] = {key: row[key] for key in keys} | {"marks": marks}
        rows[row["unit"]] |= {key: row[key] or "" for key in ("tier", "grade")}
    return rows


def plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def reference(case: Case) -> Scored:
    return reference_score(case.campaign, case.facts, case.targets, case.rulebook)


def differences(case: Case) -> list[str]:
    """What the engine and the reference say differently, as sentences; empty if nothing."""
    theirs, ours = engine_score(case), reference(case)
    if list(theirs) != list(ours):
        return [f"periods: engine {list(theirs)}, reference {list(ours)}"]
    found = []
    for period, rows in ours.items():
        by_unit = {row["unit"]: row for row in theirs[period]}
        if set(by_unit) != {row["unit"] for row in rows}:
            found.append(f"{period}: units differ")
            continue
        for row in rows:
            found += unlike(by_unit[row["unit"]], row, f"{period} {row['unit']}")
    return found


def unlike(theirs: Any, ours: Any, path: str) -> list[str]:
    if isinstance(ours, dict):
        return [x for key in ours for x in unlike(theirs[key], ours[key], f"{path} {key}")]
    if isinstance(ours, list):
        if len(theirs) != len(ours):
            return [f"{path}: engine has {len(theirs)}, reference {len(ours)}"]
        return [
            x for i, pair in enumerate(zip(theirs, ours)) for x in unlike(*pair, f"{path}[{i}]")
        ]
    if isinstance(ours, float) and isinstance(theirs, float):
        same = math.isclose(theirs, ours, rel_tol=CLOSE, abs_tol=CLOSE)
    else:
        same = theirs == ours
    return [] if same else [f"{path}: engine {theirs!r}, reference {ours!r}"]
