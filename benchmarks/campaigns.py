"""Made-up campaigns of any size as Parquet folders, and their rules, for the benchmarks."""

from __future__ import annotations

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
    pl.DataFrame(
        {
            "code": names,
            "name": [f"示例指标{n + 1}" for n in range(indicators)],
            "measure": ["万元"] * indicators,
            "nature": [NATURES[n % 3] for n in range(indicators)],
        }
    ).write_csv(folder / "indicators.csv")
    _figures(folder, codes, names, months)
    return folder


def _settings(folder: Path, indicators: int) -> None:
    campaign = {
        "name": "规模测试（演示数据，均为虚构）",
        "organisation": "示例集团",
        "demo": True,
        "clock": {"kind": "natural-year", "start": "2026-01-01", "end": "2026-12-31"},
        "tracks": list(TRACKS),
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


def _figures(folder: Path, codes: list[str], names: list[str], months: int) -> None:
    rng = np.random.default_rng(2026)
    indicators = len(names)
    unit_type, indicator_type = pl.Enum(codes), pl.Enum(names)
    labels = [f"2026-{m + 1:02d}" for m in range(months)]
    block = 500
    for start in range(0, len(codes), block):
        some = codes[start : start + block]
        monthly = np.round(rng.gamma(4.0, 20.0, (len(some), indicators, months)), 2)
        values = np.where(
            (np.arange(indicators) % 3 == 1)[None, :, None], monthly, monthly.cumsum(axis=2)
        )
        pl.DataFrame(
            {
                "unit": pl.Series(np.repeat(some, indicators * months)).cast(unit_type),
                "indicator": pl.Series(np.tile(np.repeat(names, months), len(some))).cast(
                    indicator_type
                ),
                "period": pl.Series(np.tile(labels, len(some) * indicators)).cast(pl.Enum(labels)),
                "source": pl.Series(["confirmed"] * values.size).cast(pl.Enum(["confirmed"])),
                "value": np.round(values, 2).ravel(),
            }
        ).write_parquet(folder / "facts" / f"part-{start // block:03d}.parquet")
    pl.DataFrame(
        {
            "unit": np.repeat(codes, indicators),
            "indicator": np.tile(names, len(codes)),
            "period": ["2026"] * (len(codes) * indicators),
            "target": np.round(rng.gamma(30.0, 33.0, len(codes) * indicators), 2),
        }
    ).write_parquet(folder / "targets.parquet")
