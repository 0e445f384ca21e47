"""What card rules metric: the name, its Chinese words, how its value is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from saima.rounding import text as digits

Unit = Literal["points", "ratio", "days", "months", "place", "places", "marks", "times"]

UNIT_WORDS: dict[Unit, str] = {
    "points": "个百分点",
    "ratio": "%",
    "days": "天",
    "months": "个月",
    "place": "名",
    "places": "位",
    "marks": "分",
    "times": "次",
}


@dataclass(frozen=True)
class Metric:
    """A metric: its words, the unit its value is in; `worse` tells which way it is worse."""

    words: str
    unit: Unit
    worse: Literal["more", "less"] = "more"

    def value_text(self, value: float) -> str:
        """The value as people read it: 12.5个百分点, 78.3%."""
        shown = value * 100 if self.unit == "ratio" else value
        number = digits(shown, 2)
        plain = number.rstrip("0").rstrip(".") if "." in number else number
        return f"{plain}{UNIT_WORDS[self.unit]}"


METRICS: dict[str, Metric] = {
    "behind-pace": Metric("落后序时进度", "points"),
    "pace-ratio": Metric("完成进度为序时进度的", "ratio", "less"),
    "attainment": Metric("完成年度目标的", "ratio", "less"),
    "period-attainment": Metric("完成当期任务的", "ratio", "less"),
    "growth": Metric("同比增幅为", "ratio", "less"),
    "growth-over-plan": Metric("增幅与计划之差为", "points", "less"),
    "growth-over-peers": Metric("增幅与平均之差为", "points", "less"),
    "score": Metric("得分为", "marks", "less"),
    "rank": Metric("排名第", "place"),
    "bottom": Metric("排名倒数第", "place", "less"),
    "fall": Metric("排名后退", "places"),
    "days-left": Metric("距办理时限还有", "days", "less"),
    "days-overdue": Metric("逾期", "days"),
    "months-open": Metric("交办以来已有", "months"),
    "months-without-movement": Metric("没有进展已有", "months"),
    "not-started": Metric("应开工而未开工", "months"),
    "not-included": Metric("开工后未入库", "months"),
}
"""behind-pace is positive where the figure is behind. bottom counts from the last place: 1 is
last. Months of not-started and not-included are counted by the end of each month."""

EVENT = "event"
"""The metric of a rule on events: how often the named one fell in the assessment year."""

EVENT_METRIC = Metric("", "times")


def metric_named(name: str) -> Metric:
    """A metric by name; rules on events count times."""
    return EVENT_METRIC if name == EVENT else METRICS[name]
