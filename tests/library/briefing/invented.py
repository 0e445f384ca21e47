"""A campaign of an invented group, built row by row so that a test can bend it: all names invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from saima.briefing.overview import Overview
from saima.campaigns import Campaign, DocumentSettings, Event, Indicator, PublishedRank, Unit
from saima.cube import build
from saima.periods import Clock
from saima.rules.reading import read_rulebook
from saima.scoring import Scoring, result
from saima.scoring.engine import score_cube
from saima.scoring.rollup import completed
from saima.tables import FACT_COLUMNS, TARGET_COLUMNS, Tables
from tests.support.generated import frame

CLOCK = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31))

INDICATORS = (
    Indicator(
        code="revenue", name="营业收入", category="经营", measure="万元", decimals=0, rolls_up="sum"
    ),
    Indicator(
        code="investment", name="固定资产投资", category="项目", measure="万元", decimals=0,
        nature="in-period", rolls_up="sum",
    ),
    Indicator(
        code="left", name="未签约户数", category="清零", measure="户", decimals=0,
        direction="clear-to-zero", nature="point-in-time", rolls_up="sum",
    ),
    Indicator(
        code="hazards", name="隐患整改率", category="安全", measure="%", decimals=1,
        nature="point-in-time",
    ),
)  # fmt: skip

RULEBOOK = """
rulebook: demo
name: 示例赛马计分办法
version: 2
rounding: {marks: 2, score: 2}
tiers: {第一梯队: {top: 1}, 第三梯队: {bottom: 1}, 第二梯队: rest}
seals: {月月红: {every: month, when: {indicator: [revenue, investment], pace-gap: ">= 0"}}}
tree:
  - category: 经营
    indicators:
      - {indicator: revenue, weight: 40, method: attainment, of: pace_ratio, cap: 1.2, clause: 第三条}
  - category: 项目
    indicators:
      - {indicator: investment, weight: 30, method: piecewise, of: pace-gap, points: [[-50, 0], [0, full]], above: {each: 1, adds: 0.5, at-most: 10}, clause: 第四条}
      - {indicator: left, weight: 10, method: attainment, of: cleared-share, clause: 第五条}
  - category: 安全
    indicators:
      - {indicator: hazards, weight: 20, method: rank-decay, of: actual, clause: 第六条}
events:
  - {kind: bonus, name: 典型经验, each: 1, at-most: 3}
  - {kind: deduction, name: 通报批评, each: 0.5}
  - {kind: veto, name: 较大生产安全事故, effect: unranked, lasts: 12 months, basis: 示例安全责任制规定}
"""

NAMES = ("澄江置业", "云岭交通", "栖湖文旅", "望岳建设", "新渠市政", "南枫城建", "数智云科")


def units(count: int = 7, tracks: Sequence[str] = ("经营类", "建设类")) -> tuple[Unit, ...]:
    """Units dealt over the tracks in blocks; the seventh is listed apart."""
    size = -(-count // len(tracks))
    return tuple(
        Unit(
            code=f"u{n}",
            name=f"示例{NAMES[n] if n < len(NAMES) else f'第{n + 1}开发'}有限公司",
            short_name=NAMES[n] if n < len(NAMES) else f"第{n + 1}开发",
            order=n,
            track=tracks[n // size],
            ranked=n != 6,
        )
        for n in range(count)
    )


def figure(unit: int, indicator: str, month: int) -> float | None:
    """A figure that differs by unit and month, some ahead of pace and some behind."""
    drift = (unit * 37 + month * 11) % 23 - 11
    match indicator:
        case "revenue":
            return 1000.0 * month * (1 + (drift - 2) / 100)
        case "investment":
            return 500.0 + drift * (6 + unit)
        case "left":
            return max(0.0, 120.0 - month * (9 + unit) - drift)
    return 100.0 - (unit * 5 + month) % 12 / 2


def target(indicator: str) -> float:
    return {"revenue": 12000.0, "investment": 6000.0, "left": 0.0}.get(indicator, 100.0)


def tables(
    *,
    of: Sequence[Unit] | None = None,
    months: int = 9,
    changed: Mapping[tuple[str, str, int], float | None] | None = None,
    targets: Mapping[tuple[str, str], float | None] | None = None,
    indicators: Sequence[Indicator] = INDICATORS,
    clock: Clock = CLOCK,
    documents: DocumentSettings | None = None,
    events: Sequence[Event] = (),
    published: Sequence[PublishedRank] = (),
    **campaign: Any,
) -> Tables:
    """The campaign's tables; `changed` puts figures (None: not reported) by unit, indicator, month."""
    of = units() if of is None else of
    changed, targets = changed or {}, targets or {}
    facts: list[dict[str, Any]] = []
    wanted: list[dict[str, Any]] = []
    for n, unit in enumerate(of):
        for x in indicators:
            aim = targets.get((unit.code, x.code), target(x.code))
            at = {"table": "目标", "row": len(wanted) + 2, "column": 3}
            if aim is not None:
                wanted.append(
                    {"unit": unit.code, "indicator": x.code, "period": "2026", "target": aim, **at}
                )
            start = 0 if x.direction == "clear-to-zero" else 1
            for month in range(start, months + 1):
                value = changed.get((unit.code, x.code, month), figure(n, x.code, month))
                facts.append(
                    {
                        "unit": unit.code, "indicator": x.code, "source": "confirmed",
                        "period": f"2026-{month:02d}" if month else "2025-12-31",
                        "value": value, "missing": "" if value is not None else "not-reported",
                        "table": "数据", "row": len(facts) + 2, "column": 5,
                    }
                )  # fmt: skip
    named = {"name": "示例攻坚行动", "organisation": "示例集团", "demo": True, **campaign}
    made = Campaign(
        clock=clock,
        units=tuple(of),
        indicators=tuple(indicators),
        events=tuple(events),
        published=tuple(published),
        documents=documents or DocumentSettings(letterhead="示例集团文件", signature="示例集团"),
        **named,
    )
    return Tables(made, frame(wanted, TARGET_COLUMNS), frame(facts, FACT_COLUMNS), "台账.xlsx")


def scored(rulebook: str = RULEBOOK, **bent: Any) -> Scoring:
    """The campaign scored by month; see `tables` for what can be bent."""
    read, problems = read_rulebook(rulebook, "办法.yaml")
    assert read is not None, [p.text() for p in problems]
    return score_cube(completed(build(tables(**bent), "month")), read)


def overview(rulebook: str = RULEBOOK, period: str | None = None, **bent: Any) -> Overview:
    scoring = scored(rulebook, **bent)
    return Overview(scoring, result(scoring, period))
