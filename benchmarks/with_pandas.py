"""The same scoring job as an office's analyst would write it in pandas."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl


def score(folder: Path) -> pd.DataFrame:
    """One row per unit and month with score and rank, of a folder made by benchmarks.campaigns."""
    units = pd.read_csv(folder / "units.csv")
    indicators = pd.read_csv(folder / "indicators.csv")
    facts = pd.DataFrame(pl.read_parquet(folder / "facts" / "*.parquet").to_dict(as_series=False))
    targets = pd.DataFrame(pl.read_parquet(folder / "targets.parquet").to_dict(as_series=False))
    indicators["rule"] = np.arange(len(indicators)) % 4
    facts = facts.merge(units[["code", "track"]], left_on="unit", right_on="code")
    facts = facts.merge(
        indicators[["code", "nature", "rule"]], left_on="indicator", right_on="code"
    ).merge(targets[["unit", "indicator", "target"]], on=["unit", "indicator"])
    facts["month"] = facts["period"].str[-2:].astype(int)
    facts = facts.sort_values(["unit", "indicator", "month"])
    summed = facts.groupby(["unit", "indicator"])["value"].cumsum()
    facts["actual"] = facts["value"].where(facts["nature"] != "in-period", summed)
    facts["pace"] = facts["month"] / 12
    facts["attainment"] = facts["actual"] / facts["target"]
    place = facts.groupby(["track", "indicator", "month"])["attainment"].rank(
        method="min", ascending=False
    )
    gap = (facts["attainment"] - facts["pace"]) * 100
    facts["marks"] = np.select(
        [facts["rule"] == 0, facts["rule"] == 1, facts["rule"] == 2],
        [
            (facts["attainment"] / facts["pace"]).clip(0, 1.2),
            (1 - 0.05 * (place - 1)).clip(lower=0),
            facts["attainment"].clip(0, 1.1),
        ],
        ((gap + 50) / 50).clip(0, 1) + (gap.clip(lower=0) * 0.5).clip(upper=10),
    )
    facts["marks"] = facts["marks"].round(2)
    scores = facts.groupby(["track", "unit", "month"])["marks"].sum().round(2).reset_index()
    scores["rank"] = scores.groupby(["track", "month"])["marks"].rank(method="min", ascending=False)
    return scores


if __name__ == "__main__":
    print(score(Path(sys.argv[1]))["marks"].sum())
