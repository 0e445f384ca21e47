"""The same scoring job by hand in NumPy: the floor that the engine is compared with.

No checks, no kinds of missing, no traces, no sentences: only the arithmetic of the four rules.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl


def half_up(x: np.ndarray, places: int) -> np.ndarray:
    scale = 10.0**places
    return np.floor(np.abs(x) * scale + 0.5 + 1e-9) / scale * np.sign(x)


def score(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Scores and ranks, (units, months), of a folder made by benchmarks.campaigns."""
    units = pl.read_csv(folder / "units.csv")
    indicators = pl.read_csv(folder / "indicators.csv")["code"].to_list()
    facts = pl.read_parquet(folder / "facts" / "*.parquet", columns=["value"])["value"].to_numpy()
    targets = pl.read_parquet(folder / "targets.parquet", columns=["target"])["target"].to_numpy()
    shape = (len(units), len(indicators), -1)
    value = facts.reshape(shape).transpose(1, 0, 2).copy()
    target = targets.reshape(shape[:2]).T[:, :, None]
    value[1::3] = value[1::3].cumsum(axis=2)
    months = value.shape[2]
    pace = np.arange(1, months + 1) / 12.0
    tracks = units["track"].to_numpy()
    groups = [np.nonzero(tracks == t)[0] for t in np.unique(tracks)]
    total = np.zeros(value.shape[1:])
    for n in range(len(indicators)):
        attainment = value[n] / target[n]
        if n % 4 == 0:
            marks = np.clip(attainment / pace, 0.0, 1.2)
        elif n % 4 == 1:
            marks = np.zeros_like(attainment)
            for rows in groups:
                of = half_up(attainment[rows], 9)
                ordered = np.sort(-of, axis=0)
                for m in range(months):
                    rank = np.searchsorted(ordered[:, m], -of[:, m], side="left")
                    marks[rows, m] = np.maximum(1.0 - 0.05 * rank, 0.0)
        elif n % 4 == 2:
            marks = np.clip(attainment, 0.0, 1.1)
        else:
            gap = (attainment - pace) * 100.0
            marks = np.clip((gap + 50.0) / 50.0, 0.0, 1.0) + np.minimum(
                np.maximum(gap, 0) * 0.5, 10
            )
        total += half_up(marks, 2)
    scores = half_up(total, 2)
    ranks = np.zeros(scores.shape, dtype=int)
    for rows in groups:
        for m in range(months):
            ordered = np.sort(-scores[rows, m])
            ranks[rows, m] = np.searchsorted(ordered, -scores[rows, m], side="left") + 1
    return scores, ranks


if __name__ == "__main__":
    print(score(Path(sys.argv[1]))[0].sum())
