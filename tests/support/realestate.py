"""A campaign folder from the bureau's real-estate figures, and the growth that was published.

The source is the long table in the shared folder: 31 provinces, autonomous regions and
municipalities, 36 months (2017–2019), year-to-date investment and housing investment with their
published growth. It is never copied into the project; where it is missing, tests pass over
themselves and say so.

Three tracks by the level of investment in the whole of 2017 (eleven, ten and ten): the level
stands in the table itself, needs no classification from elsewhere, and puts like beside like.
January is blank because the bureau publishes January and February together: the clock says so
(joint 1–2), and the blank cells are handed over as they are.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from saima.rounding import text as digits

ROOT = Path(__file__).parents[2]
TABLE = "data/realestate/province_realestate_monthly_2017_2019_long.csv"
REGIONS = "data/divisions/provinces.csv"

AMOUNTS = {"investment": "房地产投资累计值(亿元)", "housing": "房地产住宅投资累计值(亿元)"}
GROWTHS = {"investment": "房地产投资累计增长(%)", "housing": "房地产住宅投资累计增长(%)"}
TRACKS = ("规模较大", "规模居中", "规模较小")
HALF_AMOUNT, HALF_GROWTH = Decimal("0.005"), Decimal("0.05")
"""Half a unit of the last printed decimal: amounts have two, growth has one."""
NOTICEABLE = 0.06
"""Percentage points above which a difference is listed."""

Key = tuple[str, str, str]

CAMPAIGN = """\
name: 31个省（自治区、直辖市）房地产开发投资
organisation: 示例统计研究室
clock: {kind: natural-year, start: 2017-01-01, end: 2019-12-31, joint: [[1, 2]]}
counts: [official]
scores: month
tracks: [规模较大, 规模居中, 规模较小]
"""

INDICATORS = """\
code,name,category,measure,decimals,direction,nature,frequency
investment,房地产开发投资,投资,亿元,2,more,year-to-date,month
housing,住宅投资,投资,亿元,2,more,year-to-date,month
"""

RULEBOOK = """\
rulebook: real-estate
name: 房地产开发投资比较
version: 1
rounding: {marks: 2, score: 2}
tree:
  - category: 水平
    indicators:
      - {indicator: investment, weight: 30, method: efficacy, range: track, base: 60%, scale: 40%}
      - {indicator: housing, weight: 20, method: ratio-to-best}
  - category: 增速
    indicators:
      - {indicator: investment, weight: 30, method: rank-decay, of: growth, step: 5%, when-missing: exclude}
      - {indicator: housing, weight: 20, method: efficacy, of: growth, range: track, when-missing: exclude}
"""


def shared_folder() -> Path:
    """The shared folder: SAIMA_SHARED, else `../shared` beside the repository."""
    named = os.environ.get("SAIMA_SHARED")
    return Path(named) if named else ROOT.parent / "shared"


def why_missing() -> str:
    """Why a test cannot run; empty if it can."""
    lacking = [name for name in (TABLE, REGIONS) if not (shared_folder() / name).is_file()]
    return f"not in the shared folder: {', '.join(lacking)}" if lacking else ""


@dataclass(frozen=True)
class Published:
    """The table as printed: texts by (region, indicator, month), regions in official order."""

    regions: dict[str, str]
    texts: dict[Key, str]

    def text(self, region: str, indicator: str, month: str) -> str:
        return self.texts.get((region, indicator, month), "")

    @property
    def months(self) -> list[str]:
        return sorted({month for _, _, month in self.texts})


def read() -> Published:
    """Read the source. Regions: code -> name, in the order of their codes."""
    folder = shared_folder()
    with (folder / REGIONS).open(encoding="utf-8-sig", newline="") as file:
        codes = {row["name"]: row["code"] for row in csv.DictReader(file)}
    with (folder / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {(r["region"], r["indicator"], r["month"]): r["value"] for r in rows}
    regions = {codes[name]: name for name in {r["region"] for r in rows}}
    return Published(dict(sorted(regions.items())), texts)


def tracks(published: Published) -> dict[str, str]:
    """Region code -> track, by investment in the whole of 2017."""
    level = {
        code: Decimal(published.text(name, AMOUNTS["investment"], "2017-12"))
        for code, name in published.regions.items()
    }
    ordered = sorted(level, key=lambda code: -level[code])
    parts = (ordered[:11], ordered[11:21], ordered[21:])
    return {code: track for track, part in zip(TRACKS, parts, strict=True) for code in part}


def write_campaign(published: Published, folder: Path) -> Path:
    """Write the campaign in folder form; returns the folder."""
    (folder / "rulebooks").mkdir(parents=True)
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    (folder / "rulebooks" / "real-estate.yaml").write_text(RULEBOOK, encoding="utf-8")
    track = tracks(published)
    units = [[c, n, "district", i, track[c]] for i, (c, n) in enumerate(published.regions.items())]
    _write(folder / "units.csv", ["code", "name", "kind", "order", "track"], units)
    header = ["unit", "indicator", "period", "source", "value"]
    _write(folder / "facts.csv", header, list(_facts(published)))
    return folder


def _facts(published: Published) -> Iterator[list[object]]:
    for code, name in published.regions.items():
        for indicator, title in AMOUNTS.items():
            for month in published.months:
                yield [code, indicator, month, "official", published.text(name, title, month)]


def _write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


@dataclass(frozen=True)
class Compared:
    """One cell: growth as computed (percent) beside growth as published, and the two amounts."""

    region: str
    indicator: str
    month: str
    base: str
    amount: str
    published: str
    computed: float

    @property
    def difference(self) -> float:
        return self.computed - float(self.published)

    @property
    def agrees(self) -> bool:
        """Could the amounts and the growth, before they were rounded, have fitted exactly?"""
        amount, base, growth = map(Decimal, (self.amount, self.base, self.published))
        lowest = ((amount - HALF_AMOUNT) / (base + HALF_AMOUNT) - 1) * 100
        highest = ((amount + HALF_AMOUNT) / (base - HALF_AMOUNT) - 1) * 100
        return lowest <= growth + HALF_GROWTH and highest >= growth - HALF_GROWTH

    @property
    def line(self) -> str:
        name = {"investment": "投资", "housing": "住宅投资"}[self.indicator]
        return (
            f"{self.month} {self.region} {name}: {self.amount} over {self.base}, "
            f"computed {digits(self.computed, 3)}, published {self.published}, "
            f"difference {digits(self.difference, 3)}"
        )


def listing(cells: list[Compared]) -> str:
    """The comparison as a small text: the counts, then every noticeable difference."""
    wide = [c for c in cells if abs(c.difference) > NOTICEABLE]
    head = [
        "Growth of year-to-date amounts over the year before (percent), computed from the published",
        "amounts and compared with the published growth, 31 provinces, 2018 and 2019, two indicators.",
        f"cells compared: {len(cells)}",
        f"outside what rounded amounts allow: {sum(not c.agrees for c in cells)}",
        f"differing by more than {NOTICEABLE} points: {len(wide)}",
    ]
    return "\n".join([*head, "", *(c.line for c in wide), ""])
