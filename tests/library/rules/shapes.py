"""Generated rulebooks: every method with settings of its own, in trees, with modifiers."""

from __future__ import annotations

from hypothesis import strategies as st

from saima.rules import methods
from saima.rules.methods.ballot import VoterClass
from saima.rules.methods.efficacy import Range
from saima.rules.methods.growth_and_level import Lens
from saima.rules.methods.lowest_base import Shrunk
from saima.rules.methods.per_event import EventPoints
from saima.rules.methods.references import Reference
from saima.rules.methods.volume import SmallBase
from saima.rules.rulebook import (
    Effective,
    EventRule,
    Gate,
    Grade,
    Leaf,
    Limit,
    Node,
    Rounding,
    Rulebook,
    Seal,
    SealCondition,
    Tier,
    Tiers,
)
from saima.rules.slopes import Slope

RATIOS = ("attainment", "growth", "plan_attainment", "deviation", "pace_ratio", "best_attainment")
AMOUNTS = ("actual", "last_year", "change", "shortfall", "mean_all_actual")
OTHERS = ("votes_a", "votes_b", "three_year_mean")
EVENTS = ("新开工", "通报")
LEVELS = ("好", "中", "差")


def numbers(low, high, places=2):
    scale = 10**places
    return st.integers(int(low * scale), int(high * scale)).map(lambda n: n / scale)


def sizes(low=0.0, high=20.0):
    """Marks as a rulebook may state them."""
    shares = st.integers(0, 120).map(lambda n: f"{n}%")
    return st.one_of(numbers(low, high), st.just("full"), shares)


def quantities():
    return st.sampled_from(RATIOS + AMOUNTS + ("pace_gap",))


def ascending(low, high, least=1, most=4):
    return st.lists(numbers(low, high), min_size=least, max_size=most, unique=True).map(sorted)


def optional(strategy):
    return st.one_of(st.none(), strategy)


@st.composite
def slopes(draw):
    adds = draw(st.booleans())
    size = draw(sizes())
    return Slope(
        each=draw(numbers(0.01, 5)), adds=size if adds else None, takes=None if adds else size,
        at_most=draw(optional(sizes())), steps=draw(st.sampled_from(["linear", "whole", "begun"])),
    )  # fmt: skip


@st.composite
def attainment(draw):
    floor = draw(numbers(0, 1))
    return {"of": draw(st.sampled_from(RATIOS)), "floor": floor,
            "cap": draw(optional(numbers(0, 2).map(lambda x: floor + x)))}  # fmt: skip


@st.composite
def piecewise(draw):
    xs = draw(ascending(-2, 3))
    points = tuple((x, draw(sizes())) for x in xs)
    return {"of": draw(quantities()), "points": points, "above": draw(optional(slopes())),
            "below": draw(optional(slopes())), "lowest": draw(sizes(0, 2))}  # fmt: skip


@st.composite
def stepped(draw):
    start = st.one_of(numbers(-1, 2), st.sampled_from(["target", "last_year", "mean_all_growth"]))
    return {
        "of": draw(quantities()), "from_": draw(start), "base": draw(sizes()),
        "each": draw(numbers(0.01, 3)), "adds": draw(sizes(0.5)), "takes": draw(sizes(0.5)),
        "adds_at_most": draw(optional(sizes())), "takes_at_most": draw(optional(sizes())),
        "steps": draw(st.sampled_from(["linear", "whole", "begun"])),
    }  # fmt: skip


@st.composite
def bands(draw):
    bounds = [(x, draw(sizes())) for x in draw(ascending(-1, 3))]
    side = draw(st.sampled_from(["at_least", "at_most"]))
    ordered = tuple(reversed(bounds)) if side == "at_least" else tuple(bounds)
    return {"of": draw(quantities()), side: ordered, "otherwise": draw(sizes())}


@st.composite
def all_or_nothing(draw):
    than = st.one_of(numbers(-1, 2), st.sampled_from(["target", "mean_all_growth", "last_year"]))
    tests = ["at-least", "more-than", "at-most", "less-than"]
    return {"of": draw(quantities()), "test": draw(st.sampled_from(tests)), "than": draw(than),
            "marks": draw(sizes()), "otherwise": draw(sizes())}  # fmt: skip


@st.composite
def efficacy(draw):
    low, high = draw(ascending(-5, 50, 2, 2))
    stated = Range(unacceptable=low, satisfactory=high)
    return {"of": draw(quantities()), "range": draw(st.sampled_from(["track", "all", stated])),
            "base": draw(numbers(0, 1)), "scale": draw(numbers(0, 1)), "clamp": draw(st.booleans()),
            "when_equal": draw(sizes())}  # fmt: skip


@st.composite
def rank_decay(draw):
    return {"of": draw(quantities()), "step": draw(numbers(0.01, 1)),
            "lowest": draw(numbers(0, 1)), "among": draw(st.sampled_from(["track", "all"]))}  # fmt: skip


@st.composite
def rank_bands(draw):
    share = draw(st.booleans())
    bounds = draw(ascending(0.1, 1)) if share else draw(ascending(1, 9))
    return {"of": draw(quantities()), "counted": "share" if share else "places",
            "bands": tuple((b, draw(sizes())) for b in bounds), "otherwise": draw(sizes())}  # fmt: skip


@st.composite
def ratio_to_best(draw):
    return {"of": draw(quantities()), "floor": draw(numbers(0, 1))}


@st.composite
def pace(draw):
    if draw(st.booleans()):
        return {"floor": draw(numbers(0, 0.5)), "cap": draw(optional(numbers(0.5, 2)))}
    return {"by": "points", "adds": draw(sizes(0.1)), "takes": draw(sizes(0.1)),
            "adds_at_most": draw(optional(sizes()))}  # fmt: skip


@st.composite
def per_event(draw):
    adds = draw(st.booleans())
    events = tuple(
        EventPoints(name=n, adds=draw(sizes()) if adds else None,
                    takes=None if adds else draw(sizes()), at_most=draw(optional(sizes())))
        for n in EVENTS
    )  # fmt: skip
    return {"events": events, "base": draw(sizes()), "at_most": draw(optional(sizes()))}


FORMULAS = [
    "min(W, W*actual/target)",
    "W*clip(growth - mean_all_growth, 0, 1)",
    "if(attainment >= 100%, W, W*attainment*0.8) + (actual > last_year)",
    "W*actual/max(1, value('three_year_mean'))",
]


@st.composite
def five_band(draw):
    standards = draw(ascending(-5, 60, 5, 5))
    if draw(st.booleans()):
        standards = standards[::-1]
    coefficients = tuple(sorted(draw(st.tuples(*[numbers(0, 1)] * 5)), reverse=True))
    return {"of": draw(quantities()), "standards": tuple(standards), "coefficients": coefficients,
            "below": draw(numbers(0, 0.2))}  # fmt: skip


@st.composite
def growth_and_level(draw):
    part = draw(numbers(0.1, 0.9))
    by = st.sampled_from(["efficacy", "rank", "best"])
    lenses = (
        Lens(of="actual", part=part, by=draw(by), base=draw(numbers(0, 1))),
        Lens(of="growth", part=round(1 - part, 2), by=draw(by), step=draw(numbers(0.01, 1))),
    )
    return {"lenses": lenses, "among": draw(st.sampled_from(["track", "all"]))}


@st.composite
def references(draw):
    than = st.one_of(numbers(0.1, 2), st.sampled_from(["last_year", "plan", "mean_all_actual"]))
    short = st.sampled_from(["none", "proportional"])
    items = tuple(
        Reference(of=draw(quantities()), than=draw(than), marks=draw(sizes()), short=draw(short))
        for _ in range(draw(st.integers(1, 3)))
    )
    return {"references": items, "floor": draw(numbers(0, 0.5))}


@st.composite
def lowest_base(draw):
    shrunk = tuple(
        Shrunk(within=b, at_most=draw(numbers(0, 5)))
        if draw(st.booleans())
        else Shrunk(below=b, at_most=draw(numbers(0, 5)))
        for b in draw(ascending(0.05, 0.9, 0, 3))
    )
    return {
        "base": draw(sizes()), "bases": ("last_year", "value:three_year_mean"),
        "each": draw(numbers(0.01, 0.2)), "adds": draw(numbers(0, 3)), "takes": draw(numbers(0, 3)),
        "adds_at_most": draw(numbers(0, 9)), "takes_at_most": draw(optional(numbers(0, 9))),
        "shrunk": shrunk, "otherwise": draw(numbers(0, 3)), "loss_at_most": draw(numbers(0, 3)),
    }  # fmt: skip


@st.composite
def clear_to_zero(draw):
    return {"part": draw(numbers(0, 1)), "clear": draw(sizes()), "each_left": draw(numbers(0, 2))}


@st.composite
def share(draw):
    return {"base": draw(sizes()), "up": draw(slopes()), "down": draw(optional(slopes()))}


@st.composite
def volume(draw):
    small = SmallBase(below=draw(numbers(1, 50)), times=draw(numbers(1.1, 3)))
    return {"each": draw(numbers(0.1, 20)), "adds": draw(sizes()), "at_most": draw(optional(sizes())),
            "threshold": draw(optional(numbers(1, 100))), "small": draw(optional(st.just(small)))}  # fmt: skip


@st.composite
def grade(draw):
    return {"levels": {name: draw(sizes()) for name in LEVELS}}


@st.composite
def ballot(draw):
    weight = draw(numbers(0.1, 0.9))
    votes = {"好": "votes_a", "差": "votes_b"}
    classes = (VoterClass(name="领导", weight=weight, votes=votes),
               VoterClass(name="群众", weight=round(1 - weight, 2), votes=votes))  # fmt: skip
    return {
        "levels": {"好": draw(numbers(0.5, 1)), "差": draw(numbers(0, 0.5))},
        "classes": classes,
    }


@st.composite
def regions(draw):
    return {"cap": draw(numbers(0.5, 1.5)), "credit": draw(sizes()), "debit": draw(sizes()),
            "credit_at_most": draw(optional(sizes())), "debit_at_most": draw(optional(sizes()))}  # fmt: skip


@st.composite
def outer_rank(draw):
    return {"bands": tuple((b, draw(sizes())) for b in draw(ascending(1, 30))),
            "otherwise": draw(sizes()), "up": draw(sizes()), "down": draw(sizes()),
            "up_at_most": draw(optional(sizes())), "at_most": draw(optional(sizes()))}  # fmt: skip


SETTINGS = {
    "attainment": attainment(), "piecewise": piecewise(), "stepped": stepped(), "bands": bands(),
    "all-or-nothing": all_or_nothing(), "efficacy": efficacy(), "rank-decay": rank_decay(),
    "rank-bands": rank_bands(), "ratio-to-best": ratio_to_best(), "pace": pace(),
    "per-event": per_event(), "formula": st.sampled_from(FORMULAS).map(lambda f: {"marks": f}),
    "five-band": five_band(), "growth-and-level": growth_and_level(), "references": references(),
    "lowest-base": lowest_base(), "clear-to-zero": clear_to_zero(), "share": share(),
    "volume": volume(), "grade": grade(), "ballot": ballot(), "regions": regions(),
    "outer-rank": outer_rank(),
}  # fmt: skip


@st.composite
def leaves(draw, indicator="x", names=tuple(SETTINGS)):
    """A leaf of any method, with any modifiers."""
    name = draw(st.sampled_from(names))
    settings = methods.method(name).Settings(**draw(SETTINGS[name]))
    limit = Limit(indicators=("x",), below=draw(numbers(0.5, 1)), to=draw(sizes()))
    gate = Gate(below=draw(numbers(0, 1)), blocks=("优秀",))
    return Leaf(
        indicator=indicator, weight=draw(numbers(1, 40)), method=name, settings=settings,
        clause=draw(st.sampled_from(["", "第三条"])),
        reverse=draw(st.sampled_from(["two-minus", "reciprocal", "swap"])),
        difficulty=draw(st.sampled_from(["none", "by-unit"])),
        cap=draw(optional(numbers(0.5, 2))), floor=draw(optional(numbers(0, 0.4))),
        when_missing=draw(st.sampled_from(["zero", "exclude", "own-average", "track-average"])),
        zero_target=draw(st.sampled_from(["refuse", "full-if-met"])),
        negative_target=draw(st.sampled_from(["refuse", "by-difference", "full-if-met"])),
        gate=draw(optional(st.just(gate))), limit=draw(optional(st.just(limit))),
        extra=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def rulebooks(draw):
    """A whole rulebook of mixed shapes."""
    tree = tuple(
        Node(
            category=f"类别{i}",
            weight=draw(numbers(1, 60)),
            aggregate=draw(st.sampled_from(["sum", "mean", "geometric", "weighted-sum"])),
            indicators=tuple(draw(leaves(f"x{i}{j}")) for j in range(draw(st.integers(1, 2)))),
        )
        for i in range(draw(st.integers(1, 2)))
    )
    grades = (Grade(name="优秀", at_least=draw(numbers(80, 99)), at_most=draw(optional(numbers(0.1, 0.5)))),
              Grade(name="合格", at_least=60.0), Grade(name="不合格"))  # fmt: skip
    tiers = Tiers(order=(Tier(name="甲", top=3), Tier(name="乙", rest=True), Tier(name="丙", bottom=2)),
                  keep=draw(st.integers(1, 3)))  # fmt: skip
    when = SealCondition(quantity="pace_gap", at_least=draw(numbers(-5, 5)))
    events = (EventRule(kind="bonus", name="表彰", each=draw(numbers(0, 3)), at_most=draw(optional(numbers(0, 9)))),
              EventRule(kind="veto", name="事故", grade="不合格", lasts="12 months", basis="示例"))  # fmt: skip
    return Rulebook(
        rulebook="mixed", name="混合办法", version=draw(st.integers(1, 9)), tree=tree, grades=grades,
        effective=Effective(from_=draw(st.sampled_from(["", "2026-07", "2026"]))),
        tiers=tiers, seals=(Seal(name="月月红", when=when),), events=events,
        rounding=Rounding(marks=draw(optional(st.integers(0, 4)))),
        scores=draw(st.sampled_from(["month", "quarter"])),
        pace=draw(st.sampled_from(["linear-month", "own-plan"])),
    )  # fmt: skip
