"""Whole invented campaigns at random: `campaign(random)` from any `random.Random`, and as a strategy.

Numbers are coarse on purpose (whole numbers and halves), so that ties, zeros and edges are common.
All names are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from saima.campaigns import Assignment, Campaign, Event, Indicator, Unit
from saima.periods import Clock, Period, a_year_before, containing, month, span
from saima.rules.rulebook import (
    EventRule,
    Gate,
    Grade,
    Leaf,
    Limit,
    Node,
    Ranks,
    Rounding,
    Rulebook,
    Tier,
    Tiers,
)
from saima.tables import FACT_COLUMNS, TARGET_COLUMNS, Tables
from tests.support.generated_methods import ALONE, COUNTED, SETTINGS, some_method

TRACKS = ("东赛道", "西赛道")
KINDS = ("not-reported", "not-applicable", "below-unit", "unknown", "excluded")
GRADES = ("优秀", "良好", "合格", "不合格")
ONE_DAY = timedelta(days=1)


@dataclass(repr=False)
class Case:
    """A generated campaign as plain rows, before it becomes frames."""

    campaign: Campaign
    facts: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    rulebook: Rulebook
    scored: list[Period] = field(default_factory=list)

    def __repr__(self) -> str:
        """Everything that is not as by default, a line each."""
        c = self.campaign
        parts = [
            c.clock,
            c.counts,
            self.rulebook,
            *c.units,
            *c.indicators,
            *c.assignments,
            *c.events,
        ]
        rows = [{k: v for k, v in row.items() if v not in (None, "")} for row in self.facts]
        return "\n".join(str(spoken(x)) for x in [*parts, *rows, *self.targets])

    @property
    def tables(self) -> Tables:
        return Tables(
            self.campaign, frame(self.targets, TARGET_COLUMNS), frame(self.facts, FACT_COLUMNS)
        )


def spoken(part: Any) -> Any:
    """A struct without what it has by default."""
    if isinstance(part, tuple):
        return [spoken(x) for x in part]
    if not isinstance(part, Struct):
        return part
    usual = {f.name: f.default for f in fields(part)}
    said = {name: getattr(part, name) for name in usual}
    return {name: spoken(x) for name, x in said.items() if x != usual[name]}


def frame(rows: list[dict[str, Any]], columns: dict[str, str]) -> pl.DataFrame:
    """Rows as a reader hands them over; each stands in a line of its own."""
    kinds: dict[str, Any] = {"value": pl.Float64, "target": pl.Float64, "stretch": pl.Float64}
    kinds |= {"row": pl.Int32, "column": pl.Int32, "recorded_at": pl.Datetime}
    schema = {name: kinds.get(name, pl.String) for name in columns}
    empty = {"goal": "", "grade": "", "table": "示例.csv", "column": 4}
    full = [empty | row | {"row": n + 2} for n, row in enumerate(rows)]
    return pl.DataFrame([{n: row.get(n) for n in columns} for row in full], schema=schema)


def cases(**shape: Any) -> st.SearchStrategy[Case]:
    """Campaigns as a Hypothesis strategy (it shrinks to the fewest units, indicators, months)."""
    return st.randoms(use_true_random=False).map(lambda random: case(random, **shape))


def seeded(seed: int, **shape: Any) -> Case:
    """The same campaign for the same seed: quicker than the strategy, for many of them."""
    return case(Random(seed), **shape)


def chance(random: Random, odds: float) -> bool:
    return random.random() < odds


def case(
    random: Random,
    *,
    units: int = 5,
    indicators: int = 4,
    periods: int = 3,
    methods: Sequence[str] = (),
    alone: bool = False,
) -> Case:
    """At most so many units and indicators over so many scored periods (and those before them).

    `methods` limits the methods. `alone`: marks depend on the unit's own figures only (no events,
    averages, gates, limits, or methods that compare).
    """
    chosen = sorted(methods or (ALONE if alone else SETTINGS))
    clock, scores = a_clock(random)
    scored = list(clock.periods(scores.replace("-", "_")))  # type: ignore[arg-type]
    first = random.randint(0, len(scored) - 1) if chance(random, 0.4) else 0
    scored = scored[: first + random.randint(1, periods)]
    xs = [an_indicator(random, i, scores) for i in range(random.randint(1, indicators))]
    xs += derived(random, xs)
    us = some_units(random, random.randint(1, units), scored)
    campaign = Campaign(
        name="示例攻坚行动",
        organisation="示例集团",
        clock=clock,
        counts=random.choice(
            [("confirmed",), ("official", "confirmed"), ("confirmed", "reported")]
        ),
        tracks=TRACKS,
        units=tuple(us),
        indicators=tuple(xs),
        assignments=tuple(some_assignments(random, xs, us)),
        events=() if alone else tuple(some_events(random, us, scored)),
        scores=scores,
    )
    cells = [(u, x) for u in us for x in xs if not x.formula and own_figures(u, x, us)]
    facts = [r for u, x in cells for r in some_facts(random, campaign, u, x, scored)]
    targets = [r for u in us for x in xs for r in some_targets(random, campaign, u, x, scored)]
    return Case(campaign, facts, targets, a_rulebook(random, campaign, chosen, alone), scored)


# --- the campaign -------------------------------------------------------------------------------


def a_clock(random: Random) -> tuple[Clock, str]:
    """A clock and how often it is scored."""
    joint = ((1, 2),) if chance(random, 0.25) else ()
    year = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31), joint)
    assessed = Clock("assessment_year", date(2025, 12, 1), date(2026, 11, 30), joint)
    two_years = Clock("natural_year", date(2025, 1, 1), date(2026, 12, 31), joint)
    hundred = Clock("days", date(2026, 3, 1), date(2026, 6, 8))
    return random.choice(
        [
            *((year, "month"), (year, "month"), (assessed, "month"), (two_years, "month")),
            *((year, "quarter"), (hundred, "ten-day"), (hundred, "month"), (hundred, "day")),
        ]
    )


def an_indicator(random: Random, number: int, scores: str) -> Indicator:
    direction = random.choice(["more", "more", "more", "less", "clear-to-zero"])
    nature = random.choice(["year-to-date", "in-period", "point-in-time"])
    if direction == "clear-to-zero":
        nature = "point-in-time"
    often = [scores, scores, scores]
    if scores in ("month", "ten-day", "day"):
        often += ["month", "quarter"] if scores == "month" else ["month"]
    return Indicator(
        code=f"x{number}",
        name=f"指标{number}",
        direction=direction,
        nature=nature,
        frequency=random.choice(often),
        counts=random.choice([(), (), ("reported",), ("official", "reported")]),
        rolls_up="sum" if chance(random, 0.15) else "own",
    )


def derived(random: Random, xs: list[Indicator]) -> list[Indicator]:
    """Sometimes one more indicator: arithmetic over the others."""
    monthly = [x for x in xs if x.frequency == xs[0].frequency]
    if chance(random, 0.8):
        return []
    text = random.choice(["{0} + 2*{1}", "{0}/{1}", "max({0}, {1}) - 5"])
    codes = [random.choice(monthly).code for _ in range(2)]
    formula, often = text.format(*codes), xs[0].frequency
    return [Indicator(code="d", name="派生指标", formula=formula, frequency=often)]


def own_figures(unit: Unit, x: Indicator, us: list[Unit]) -> bool:
    """False where a unit's figure is added up from the units below it."""
    return x.rolls_up == "own" or all(u.parent != unit.code for u in us)


def some_units(random: Random, count: int, scored: list[Period]) -> list[Unit]:
    return [
        Unit(
            code=f"u{i}",
            name=f"示例{i}公司",
            order=random.randint(0, 9),
            parent="u0" if i and chance(random, 0.3) else "",
            track=random.choice(TRACKS) if chance(random, 0.95) else "",
            ranked=chance(random, 0.85),
            valid_from=random.choice(scored).end if chance(random, 0.1) else None,
            valid_to=random.choice(scored).start if chance(random, 0.1) else None,
            difficulty=random.choice([0.8, 0.95, 1.0, 1.1, 1.25]),
        )
        for i in range(count)
    ]


def some_assignments(random: Random, xs: list[Indicator], us: list[Unit]) -> list[Assignment]:
    found = []
    for x in xs:
        if chance(random, 0.6):
            continue
        rows = [Assignment(indicator=x.code, unit=u.code, weight=a_weight(random)) for u in us[:2]]
        rows += [Assignment(indicator=x.code, track=t, weight=a_weight(random)) for t in TRACKS]
        rows += [Assignment(indicator=x.code, weight=a_weight(random))]
        found += random.sample(rows, random.randint(1, 3))
    return found


def a_weight(random: Random) -> float | None:
    return random.choice([None, 0.0, 5.0, 10.0, 12.5])


def some_events(random: Random, us: list[Unit], scored: list[Period]) -> list[Event]:
    """Events of the rulebook's names, and things that are only counted."""
    found = []
    for _ in range(random.randint(0, 6)):
        on = random.choice(scored).end - timedelta(days=random.randint(0, 40))
        kind = random.choice(["bonus", "deduction", "veto", "gate"])
        counted = chance(random, 0.3)
        found.append(
            Event(
                kind="bonus" if counted else kind,
                unit=random.choice(us).code,
                name=random.choice(COUNTED) if counted else f"{kind}{random.randint(0, 1)}",
                on=on,
                count=random.choice([1.0, 2.0]),
                points=None if counted else random.choice([None, None, 0.5, 3.0]),
                expires=on + timedelta(days=random.randint(0, 60)) if chance(random, 0.3) else None,
            )
        )
    return found


# --- figures ------------------------------------------------------------------------------------


def own_periods(campaign: Campaign, x: Indicator, scored: list[Period]) -> list[Period]:
    """The periods for which an indicator is reported, up to the last that is scored."""
    kind = x.frequency.replace("-", "_")
    return [p for p in campaign.clock.periods(kind) if p.end <= scored[-1].end]  # type: ignore[arg-type]


def a_year_earlier(p: Period) -> Period:
    end = a_year_before(p.end)
    return containing(p.kind, end)


def some_facts(
    random: Random, campaign: Campaign, unit: Unit, x: Indicator, scored: list[Period]
) -> list[dict[str, Any]]:
    periods = own_periods(campaign, x, scored)
    rows = []
    before = [q for q in (a_year_earlier(p) for p in periods) if q.end < campaign.clock.start]
    so_far: dict[Period, float] = {}
    for p in [*before, *periods]:
        window = campaign.clock.window(p.end)
        amount = a_number(random, x)
        so_far[window] = so_far.get(window, 0.0) + amount
        value = so_far[window] if x.nature == "year-to-date" else amount
        rows += fact_rows(random, campaign, unit, x, as_reported(random, campaign, p), value)
    eve = campaign.clock.window(scored[-1].end).start - ONE_DAY
    at_start = campaign.clock.start == eve + ONE_DAY and not any(q.end == eve for q in before)
    if x.nature == "point-in-time" and at_start:
        text = random.choice(["D0", eve.isoformat()])
        rows += fact_rows(random, campaign, unit, x, text, 20.0 + a_number(random, x))
    return rows


def as_reported(random: Random, campaign: Campaign, p: Period) -> str:
    """A month that ends a joint span is reported as that month or as the span."""
    joint = {last: first for first, last in campaign.clock.joint}
    if p.kind == "month" and p.end.month in joint and chance(random, 0.7):
        return span(month(p.end.year, joint[p.end.month]), p).text
    return p.text


def fact_rows(
    random: Random, campaign: Campaign, unit: Unit, x: Indicator, period: str, value: float
) -> list[dict[str, Any]]:
    sources = x.counts or campaign.counts
    rows = []
    for source in ("reported", "confirmed", "official"):
        if not chance(random, 0.9 if source in sources else 0.2):
            continue
        missing = random.choice(KINDS) if chance(random, 0.08) else ""
        shown = value if source == sources[0] else value + random.choice([0.0, 1.0, -0.5])
        row = {"unit": unit.code, "indicator": x.code, "period": period, "source": source}
        rows.append(row | {"value": None if missing else shown, "missing": missing})
    return rows


def a_number(random: Random, x: Indicator) -> float:
    """Mostly small and coarse, sometimes zero, rarely negative."""
    kind = random.random()
    if kind < 0.08:
        return 0.0
    if kind < 0.1 and x.direction == "more":
        return -float(random.randint(1, 3))
    return random.randint(1, 40) / random.choice([1, 1, 2, 4])


def some_targets(
    random: Random, campaign: Campaign, unit: Unit, x: Indicator, scored: list[Period]
) -> list[dict[str, Any]]:
    if chance(random, 0.05):
        return []
    rows = []
    windows = {campaign.clock.window(p.end) for p in scored}
    for window in sorted(windows):
        whole = a_target(random, x)
        form = random.choice(["year", "year and months", "months", "year and ranges"])
        if form != "months" or x.nature == "point-in-time":
            text = "全年" if len(windows) == 1 else window.text
            stretch = random.choice([None, whole * 1.25])
            rows.append(target_row(unit, x, text, whole, stretch))
        if form != "year":
            rows += plan_rows(unit, x, window, whole, as_ranges=form == "year and ranges")
    return rows


def plan_rows(
    unit: Unit, x: Indicator, window: Period, whole: float, *, as_ranges: bool
) -> list[dict[str, Any]]:
    """A plan by months that adds up to the whole: month by month, or cumulative."""
    months = []
    at = window.start
    while at <= window.end:
        months.append(month(at.year, at.month))
        at = months[-1].end + ONE_DAY
    even = float(int(whole / len(months)))
    amounts = [even] * (len(months) - 1) + [whole - even * (len(months) - 1)]
    if x.nature == "point-in-time":
        return [target_row(unit, x, m.text, whole * (i + 1) / 8) for i, m in enumerate(months[:8])]
    if not as_ranges:
        return [target_row(unit, x, m.text, a) for m, a in zip(months, amounts, strict=True)]
    return [
        target_row(unit, x, span(months[0], m).text, sum(amounts[: i + 1]))
        for i, m in enumerate(months[:-1])
    ]


def target_row(
    unit: Unit, x: Indicator, period: str, target: float, stretch: float | None = None
) -> dict[str, Any]:
    row = {"unit": unit.code, "indicator": x.code, "period": period, "target": target}
    return row | {"stretch": stretch}


def a_target(random: Random, x: Indicator) -> float:
    kind = random.random()
    if x.direction == "clear-to-zero":
        return random.choice([0.0, 0.0, 4.0])
    if kind < 0.05:
        return 0.0
    return -20.0 if kind < 0.1 else float(random.choice([48, 60, 100, 120, 125]))


# --- the rulebook -------------------------------------------------------------------------------


def a_rulebook(random: Random, campaign: Campaign, methods: Sequence[str], alone: bool) -> Rulebook:
    codes = [x.code for x in campaign.indicators]
    if chance(random, 0.2):
        codes.append(random.choice(codes))
    leaves = [a_leaf(random, campaign, code, methods, alone) for code in codes]
    cut = random.randint(0, len(leaves))
    tree = [
        a_node(random, f"类别{i}", part)
        for i, part in enumerate((leaves[:cut], leaves[cut:]))
        if part
    ]
    if len(tree) == 2 and chance(random, 0.3):
        inner = a_node(random, "大类", [])
        tree = [inner.__class__(**{**as_fields(inner), "categories": tuple(tree)})]
    share = {"aggregate": an_aggregate(random)}
    if not alone:
        share |= {"events": tuple(event_rules(random)), "grades": grades(random)}
        share |= {"tiers": tiers(random), "ranks": ranks(random, codes)}
        share |= {
            "bonus_at_most": random.choice([None, 4.0]),
            "deduction_at_most": random.choice([None, 2.0]),
        }
    return Rulebook(
        rulebook="generated",
        name="示例考核办法",
        scores=campaign.scores,
        pace=random.choice(["linear-month", "linear-day", "own-plan"]),
        re_weight=random.choice(["total", "category"]),
        rounding=Rounding(
            marks=random.choice([None, 2, 2, 1]), score=random.choice([2, 2, 1, 0, None])
        ),
        tree=tuple(tree),
        **share,
    )


def as_fields(node: Node) -> dict[str, Any]:
    return {name: getattr(node, name) for name in node.__struct_fields__}


def an_aggregate(random: Random) -> str:
    return random.choice(["sum", "sum", "sum", "sum", "weighted-sum", "mean", "geometric"])


def a_node(random: Random, name: str, leaves: list[Leaf]) -> Node:
    weight = random.choice([1.0, 0.8, 0.2, 3.0])
    return Node(
        category=name, weight=weight, aggregate=an_aggregate(random), indicators=tuple(leaves)
    )


def a_leaf(
    random: Random, campaign: Campaign, code: str, methods: Sequence[str], alone: bool
) -> Leaf:
    name, settings = some_method(random, methods)
    missing = ["zero", "exclude"] if alone else ["zero", "exclude", "own-average", "track-average"]
    by_track = {t: random.choice([0.0, 10.0, 25.0]) for t in TRACKS}
    weights = [30.0, 12.5, 10.0, by_track]
    if any(a.indicator == code for a in campaign.assignments):
        weights.append("assigned")
    return Leaf(
        indicator=code,
        weight=random.choice(weights),
        method=name,
        settings=settings,
        reverse=random.choice(["two-minus", "two-minus", "reciprocal", "swap"]),
        difficulty=random.choice(["none", "none", "by-unit"]),
        cap=random.choice([None, None, 1.0, 1.2]),
        floor=random.choice([None, None, 0.0, 0.2]),
        when_missing=random.choice(missing),
        off_period=random.choice(["hold", "exclude"]),
        zero_target=random.choice(["refuse", "full-if-met"]),
        negative_target=random.choice(["refuse", "by-difference", "full-if-met"]),
        pace=random.choice([None, None, "linear-month", "linear-day", "own-plan"]),
        against=random.choice(["target", "target", "target", "plan", "current"]),
        gate=None if alone else a_gate(random),
        limit=None if alone else a_limit(random, campaign),
    )


def a_gate(random: Random) -> Gate | None:
    if chance(random, 0.7):
        return None
    blocks = tuple(random.sample(["bonus", "优秀", "良好"], random.randint(1, 2)))
    return Gate(
        below=random.choice([0.1, 0.5, 1.0]),
        of=random.choice(["attainment", "actual"]),
        blocks=blocks,
    )


def a_limit(random: Random, campaign: Campaign) -> Limit | None:
    if chance(random, 0.85):
        return None
    return Limit(
        indicators=(random.choice(campaign.indicators).code,),
        below=random.choice([0.2, 0.8]),
        to=random.choice(["full", "60%", 5.0]),
        difficulty=random.choice([True, False]),
    )


def event_rules(random: Random) -> list[EventRule]:
    rules = []
    for kind in ("bonus", "deduction"):
        for i in range(2):
            limit = random.choice([None, 2.5])
            rules.append(
                EventRule(
                    kind=kind, name=f"{kind}{i}", each=random.choice([0.5, 1.0]), at_most=limit
                )
            )
    for i in range(2):
        effect = random.choice(["grade", "score-zero", "last", "unranked"])
        lasts = random.choice(["", "1 months", "12 months"])
        grade = random.choice(GRADES[2:])
        rules.append(
            EventRule(kind="veto", name=f"veto{i}", effect=effect, grade=grade, lasts=lasts)
        )
        blocks = (random.choice(["bonus", "优秀"]),)
        rules.append(EventRule(kind="gate", name=f"gate{i}", blocks=blocks, lasts=lasts))
    return [rule for rule in rules if chance(random, 0.85)]


def grades(random: Random) -> tuple[Grade, ...]:
    return tuple(
        Grade(
            name=name,
            at_least=floor,
            at_most=random.choice([None, 0.3, 0.5]) if name != "不合格" else None,
            within=random.choice(["track", "all"]),
        )
        for name, floor in zip(GRADES, (60.0, 40.0, 10.0, None), strict=True)
    )


def ranks(random: Random, codes: list[str]) -> Ranks:
    return Ranks(
        of=random.choice(["rounded", "unrounded"]),
        ties=random.choice(["competition", "dense", "ordinal"]),
        break_by=tuple(random.sample(sorted(set(codes)), random.randint(0, 1))),
        within=random.choice(["track", "all"]),
    )


def tiers(random: Random) -> Tiers:
    keep = random.choice([1, 2, 3])
    top, rest, bottom = (
        Tier(name="第一", top=1),
        Tier(name="第二", rest=True),
        Tier(name="第三", bottom=1),
    )
    shares = (Tier(name="甲", share=0.3), Tier(name="乙", share=0.4), Tier(name="丙", rest=True))
    scores = (
        Tier(name="上", at_least=50.0),
        Tier(name="中", at_least=20.0),
        Tier(name="下", rest=True),
    )
    order = random.choice([(), (top, rest, bottom), shares, scores])
    return Tiers(order=order, keep=keep)
