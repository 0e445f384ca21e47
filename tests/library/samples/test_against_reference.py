"""The sample and the five campaigns, scored by the engine and by the slow reference, are the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from saima.files.campaigns import load_campaign
from tests.support.comparing import differences
from tests.support.make_samples import SAMPLE

CAMPAIGNS = Path(__file__).parents[3] / "campaigns"
FOLDERS = [SAMPLE, *sorted(p for p in CAMPAIGNS.iterdir() if p.is_dir())]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_engine_and_reference_give_the_same_marks_scores_places_tiers_and_grades(folder):
    tables, rulebooks = load_campaign(folder)
    rows = {"facts": tables.facts.to_dicts(), "targets": tables.targets.to_dicts()}
    for rulebook in rulebooks:
        case = SimpleNamespace(
            tables=tables, campaign=tables.campaign, rulebook=rulebook, **rows
        )  # fmt: skip
        assert differences(case) == [], rulebook.name
