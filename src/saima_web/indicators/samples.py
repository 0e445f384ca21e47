"""Small schemes to begin a rulebook from, in the browser."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator

SAMPLES = {
    "blank": _("空白办法：只有框架"),
    "indicators": _("按现有指标：每个类别一章，分值平均"),
}
"""Key -> what it is."""

HEAD = """\
rulebook: {code}
name: {name}考核办法
version: 1
scores: {scores}
rounding: {{marks: 2, score: 2}}
"""
TAIL = """\
events:
  - {kind: bonus, name: 典型经验推广, each: 1, at-most: 3}
  - {kind: deduction, name: 工作推动不力, each: 1, at-most: 5}
tiers: {第一梯队: {share: 30%}, 第二梯队: {share: 40%}, 第三梯队: rest}
"""


def sample_text(key: str, campaign: Campaign) -> str:
    """A sample as YAML, for the campaign's own indicators."""
    head = HEAD.format(code=campaign.code, name=campaign.name, scores=campaign.scores)
    groups: dict[str, list[Indicator]] = {}
    if key == "indicators":
        for row in Indicator.objects.filter(retired=False, qualitative=False):
            groups.setdefault(row.category or "综合", []).append(row)
    count = sum(len(x) for x in groups.values())
    if not count:
        return head + "tree:\n  - category: 综合\n" + TAIL
    lines = ["tree:"]
    left = 100
    for category, rows in groups.items():
        lines += [f"  - category: {_quoted(category)}", "    indicators:"]
        for row in rows:
            share = left // count
            left, count = left - share, count - 1
            lines.append(
                f"      - {{indicator: {_quoted(row.code)}, weight: {share}, method: attainment}}"
            )
    return head + "\n".join(lines) + "\n" + TAIL


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
