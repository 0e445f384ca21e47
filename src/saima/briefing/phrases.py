"""Small words of bulletins and rankings, Chinese with English beside: lists, periods, gaps, moves."""

from __future__ import annotations

from collections.abc import Sequence

from saima.periods import Clock, Period
from saima.rounding import number, text
from saima.rules.words import amount, short

PERCENT_MEASURES = ("%", "％")


def listed(names: Sequence[str], most: int | None = None, counter: str = "家") -> str:
    """甲、乙、丙; with `most`, 甲、乙等5家."""
    if most is None or len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}{counter}"


def short_period(period: Period, beside: Period, language: str = "zh") -> str:
    """A period named beside another one: 8月, with its year if that differs."""
    if language != "zh":
        return period.text
    label = period.label()
    return label.removeprefix(f"{beside.start.year}年") if period.kind != "range" else label


def until(period: Period) -> str:
    """The end of a period, as figures to date speak of it: 2026年9月底, 2026年9月20日."""
    end = period.end
    if period.kind in ("month", "two_months", "quarter", "half", "year"):
        return f"{end.year}年{end.month}月底"
    return f"{end.year}年{end.month}月{end.day}日"


def whole_word(clock: Clock) -> str:
    """What targets speak of: 全年, or the N days of a campaign as 攻坚期."""
    return "攻坚期" if clock.kind == "days" else "全年"


def gap_text(gap: float, language: str = "zh") -> str:
    """超序时9.94个百分点 / 欠序时…; English: 9.94 pt behind pace."""
    size = short(number(abs(gap), 2))
    if language != "zh":
        return "on pace" if size == "0" else f"{size} pt {'ahead of' if gap > 0 else 'behind'} pace"
    if size == "0":
        return "与序时持平"
    return f"{'超' if gap > 0 else '欠'}序时{size}个百分点"


def gap_size(gap: float) -> str:
    """The size of a pace gap: 9.94个百分点."""
    return f"{short(number(abs(gap), 2))}个百分点"


def behind(gap: float | None) -> bool:
    """True for a pace gap that prints as behind (0.00 percentage points is on pace)."""
    return gap is not None and number(gap, 2) < 0


def rank_text(rank: int, tied: bool) -> str:
    """第2位, 并列第2位."""
    return f"{'并列' if tied else ''}第{rank}位"


def move_text(places: int) -> str:
    """升2位, 降1位, 位次持平."""
    return "位次持平" if places == 0 else f"{'升' if places > 0 else '降'}{abs(places)}位"


def quantity(value: float, measure: str, decimals: int) -> str:
    """A difference of figures in their measure: 7,950万元; of percentages: 5.0个百分点."""
    if measure in PERCENT_MEASURES:
        return f"{text(value, decimals)}个百分点"
    return amount(value, measure, decimals)
