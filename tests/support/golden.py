"""Writes the golden snapshot of the sample's result again.

Run `python -m tests.support.golden` from the repository root after a change that is meant to
change the result, and review tests/golden/sample.json as a diff.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from saima.files.campaign import load_campaign
from saima.periods import parse
from saima.rules.reading import choose
from saima.scoring import result, score
from tests.support.make_samples import SAMPLE

GOLDEN = Path(__file__).parents[1] / "golden" / "sample.json"
PERIOD = "2026-09"


def snapshot() -> str:
    """The sample's result of September as `saima score --json` prints it."""
    tables, rulebooks = load_campaign(SAMPLE)
    scoring = score(tables, choose(rulebooks, None, parse(PERIOD)))
    found = result(scoring, PERIOD, problems=list(tables.problems))
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(snapshot(), encoding="utf-8")
