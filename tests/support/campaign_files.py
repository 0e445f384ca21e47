"""A small invented campaign as files, to be changed by tests one text at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saima.files.campaign import check_tables, load_campaign
from saima.problems import Problem
from saima.rules.rulebook import Rulebook
from saima.tables import Tables

if TYPE_CHECKING:
    import polars as pl

FILES: dict[str, str] = {
    "campaign.yaml": """\
name: 示例集团赛马（虚构）
organisation: 示例集团
clock: {kind: natural-year, start: 2026-01-01, end: 2026-12-31}
counts: [confirmed]
tracks: [甲组, 乙组]
demo: true
""",
    "units.csv": """\
code,name,short-name,kind,parent,order,track
g,示例集团,集团,group,,0,
a,示例一公司,一公司,company,g,1,甲组
b,示例二公司,二公司,company,g,2,甲组
c,示例三部,三部,department,g,3,乙组
""",
    "indicators.csv": """\
code,name,category,measure,decimals,direction,nature
revenue,营业收入,经营,万元,0,more,year-to-date
cost,成本率,经营,%,2,less,point-in-time
""",
    "targets.csv": """\
unit,indicator,period,target,stretch
a,revenue,2026,1200,1300
b,revenue,2026,600,
c,revenue,2026,300,
a,cost,2026,4.5,4.2
b,cost,2026,4.5,
c,cost,2026,4.5,
""",
    "facts.csv": """\
unit,indicator,period,source,value
a,revenue,2026-01,confirmed,90
a,revenue,2026-02,confirmed,210
b,revenue,2026-01,confirmed,50
b,revenue,2026-02,confirmed,95
c,revenue,2026-02,confirmed,60
a,cost,2026-02,confirmed,4.61
b,cost,2026-02,confirmed,4.4
c,cost,2026-02,confirmed,4.5
""",
    "rulebooks/scheme.yaml": """\
rulebook: scheme
name: 示例办法
tree:
  - category: 经营
    indicators:
      - {indicator: revenue, weight: 60, method: attainment, cap: 120%}
      - {indicator: 成本率, weight: 40, method: attainment}
events:
  - {kind: bonus, name: 先进典型, each: 1}
  - {kind: veto, name: 安全事故, effect: last}
""",
}
"""The files by name; `load` of them finds nothing wrong."""


def write_files(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the campaign into a folder; None leaves a file out."""
    for name, content in {**FILES, **(changes or {})}.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    """One file with one text in it changed."""
    assert FILES[name].count(old) == 1, f"{old!r} is not once in {name}"
    return {name: FILES[name].replace(old, new)}


def load(
    folder: Path, changes: Mapping[str, str | bytes | None] | None = None
) -> tuple[Tables, tuple[Rulebook, ...]]:
    return load_campaign(write_files(folder, changes))


def found(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> list[Problem]:
    """Everything that reading and checking say about the campaign; each wording fills in."""
    tables, rulebooks = load(folder, changes)
    problems = [*tables.problems, *check_tables(tables, rulebooks)]
    for problem in problems:
        assert problem.text("zh") and "{" not in problem.text("zh")
        assert problem.text("en") and "{" not in problem.text("en")
    return problems


def where(problems: list[Problem]) -> dict[str, str]:
    """Code -> place of the first problem of that code."""
    places: dict[str, str] = {}
    for problem in problems:
        at = problem.place
        place = at.cell or (f"line {at.line}" if at.line else "")
        places.setdefault(problem.code, f"{at.sheet or at.file} {place}".strip())
    return places


def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A long table as rows in one order, without where they stood and without blank reports."""
    rows = [
        {k: v for k, v in row.items() if k not in ("table", "row", "column")}
        for row in frame.to_dicts()
        if row.get("missing") != "not-reported"
    ]
    return sorted(rows, key=lambda r: (r["unit"], r["indicator"], r["period"], r.get("source", "")))
