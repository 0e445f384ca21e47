"""Made-up campaigns of any size as Parquet folders, and their rules, for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np
import polars as pl
import yaml

TRACKS = ("甲赛道", "乙赛道", "丙赛道", "丁赛道")
NATURES = ("year-to-date", "in-period", "point-in-time")
RULES = (
    {"method": "attainment", "of": "pace_ratio", "cap": 1.2},
    {"method": "rank-decay", "of": "attainment"},
    {"method": "attainment", "cap": 1.1},
    {
        "method": "piecewise",
        "of": "pace_gap",
        "points": [[-50, 0], [0, "full"]],
        "above": {"each": 1, "adds": 0.5, "at-most": 10},
    },
)
"""Four rules in turn: indicator n follows RULES[n % 4]."""


def write_campaign(folder: Path, units: int, indicators: int, months: int = 12) -> Path:
    """A folder campaign: `units` × `indicators` × `months` figures, seeded, with year targets."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rulebooks").mkdir(exist_ok=True)
    (folder / "facts").mkdir(exist_ok=True)
    _settings(folder, indicators)
    codes = [f"u{n:04d}" for n in range(units)]
    names = [f"k{n:03d}" for n in range(indicators)]
    pl.DataFrame(
        {
            "code": codes,
            "name": [f"示例第{n + 1}单位" for n in range(units)],
            "order": list(range(1, units + 1)),
            "track": [TRACKS[n % 4] for n in range(units)],
        }
    ).write_csv(folder / "units.csv")
    _indicators(folder, names)
    _figures(folder, codes, names, months)
    return folder


def write_country(folder: Path, units: int, indicators: int, tracks: int, months: int = 12) -> Path:
    """The same, with a file of facts and targets a track: `units` in all, spread evenly."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("rulebooks", "facts", "targets"):
        (folder / part).mkdir(exist_ok=True)
    names = [f"赛道{n + 1:02d}" for n in range(tracks)]
    _settings(folder, indicators, names)
    codes = [f"u{n:06d}" for n in range(units)]
    keys = [f"k{n:03d}" for n in range(indicators)]
    pl.DataFrame(
        {
            "code": codes,
            "name": [f"示例第{n + 1}单位" for n in range(units)],
            "order": list(range(1, units + 1)),
            "track": [names[n % tracks] for n in range(units)],
        }
    ).write_csv(folder / "units.csv")
    _indicators(folder, keys)
    rng = np.random.default_rng(2026)
    for n, track in enumerate(names):
        mine = codes[n::tracks]
        _facts_of(mine, keys, months, rng).write_parquet(folder / "facts" / f"{track}.parquet")
        _targets_of(mine, keys, rng).write_parquet(folder / "targets" / f"{track}.parquet")
    return folder


def _settings(folder: Path, indicators: int, tracks: Sequence[str] = TRACKS) -> None:
    campaign = {
        "name": "规模测试（演示数据，均为虚构）",
        "organisation": "示例集团",
        "demo": True,
        "clock": {"kind": "natural-year", "start": "2026-01-01", "end": "2026-12-31"},
        "tracks": list(tracks),
        "counts": ["confirmed"],
    }
    rulebook = {
        "rulebook": "scale",
        "name": "规模测试办法",
        "rounding": {"marks": 2, "score": 2},
        "tree": [
            {
                "category": "全部指标",
                "indicators": [
                    {"indicator": f"k{n:03d}", "weight": 1, **deepcopy(RULES[n % 4])}
                    for n in range(indicators)
                ],
            }
        ],
    }
    for name, data in (("campaign.yaml", campaign), ("rulebooks/scale.yaml", rulebook)):
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")


def _indicators(folder: Path, names: list[str]) -> None:
    pl.DataFrame(
        {
            "code": names,
            "name": [f"示例指标{n + 1}" for n in range(len(names))],
            "measure": ["万元"] * len(names),
            "nature": [NATURES[n % 3] for n in range(len(names))],
        }
    ).write_csv(folder / "indicators.csv")


def _figures(folder: Path, codes: list[str], names: list[str], months: int) -> None:
    rng = np.random.default_rng(2026)
    block = 500
    for start in range(0, len(codes), block):
        facts = _facts_of(codes[start : start + block], names, months, rng)
        facts.write_parquet(folder / "facts" / f"part-{start // block:03d}.parquet")
    _targets_of(codes, names, rng).write_parquet(folder / "targets.parquet")


def _facts_of(
    codes: list[str], names: list[str], months: int, rng: np.random.Generator
) -> pl.DataFrame:
    labels = [f"2026-{m + 1:02d}" for m in range(months)]
    monthly = np.round(rng.gamma(4.0, 20.0, (len(codes), len(names), months)), 2)
    flows = (np.arange(len(names)) % 3 == 1)[None, :, None]
    values = np.round(np.where(flows, monthly, monthly.cumsum(axis=2)), 2)
    indicators = np.tile(np.repeat(names, months), len(codes))
    return pl.DataFrame(
        {
            "unit": pl.Series(np.repeat(codes, len(names) * months)).cast(pl.Enum(codes)),
            "indicator": pl.Series(indicators).cast(pl.Enum(names)),
            "period": pl.Series(np.tile(labels, len(codes) * len(names))).cast(pl.Enum(labels)),
            "source": pl.Series(["confirmed"] * values.size).cast(pl.Enum(["confirmed"])),
            "value": values.ravel(),
        }
    )


def _targets_of(codes: list[str], names: list[str], rng: np.random.Generator) -> pl.DataFrame:
    size = len(codes) * len(names)
    return pl.DataFrame(
        {
            "unit": np.repeat(codes, len(names)),
            "indicator": np.tile(names, len(codes)),
            "period": ["2026"] * size,
            "target": np.round(rng.gamma(30.0, 33.0, size), 2),
        }
    )
