"""The sample and the five campaigns, scored by the engine and by the slow reference, are the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from saima.files.campaign import load_campaign
from tests.support.comparing import differences
from tests.support.make_samples import SAMPLE
from tests.support.reference.methods import METHODS

CAMPAIGNS = Path(__file__).parents[3] / "campaigns"
FILES = [
    file
    for folder in (SAMPLE, *sorted(p for p in CAMPAIGNS.iterdir() if p.is_dir()))
    for file in sorted((folder / "rulebooks").glob("*.yaml"))
]


@pytest.mark.parametrize("file", FILES, ids=lambda p: f"{p.parents[1].name}/{p.stem}")
def test_engine_and_reference_give_the_same_marks_scores_places_tiers_and_grades(file):
    tables, rulebooks = load_campaign(file.parents[1])
    rulebook = rulebooks[sorted(file.parent.glob("*.yaml")).index(file)]
    unknown = {leaf.method for _, leaf in rulebook.leaves()} - set(METHODS)
    if unknown:
        pytest.skip(f"the reference scorer does not have: {', '.join(sorted(unknown))}")
    case = SimpleNamespace(
        tables=tables, campaign=tables.campaign, rulebook=rulebook,
        facts=tables.facts.to_dicts(), targets=tables.targets.to_dicts(),
    )  # fmt: skip
    assert differences(case) == []
