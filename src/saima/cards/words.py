"""Card rules in words: the reason of a card, and a whole set of rules as sentences."""

from __future__ import annotations

from saima.cards.finding import Finding
from saima.cards.metrics import EVENT, Metric, metric_named
from saima.cards.rules import (
    EVALUATED_NAMES,
    OFFICE_NAMES,
    SUBJECT_NAMES,
    Band,
    Bounds,
    CardRule,
    CardRules,
    Combine,
    Escalation,
    Level,
)
from saima.rounding import text as digits


def bounds_text(bounds: Bounds, metric: Metric) -> str:
    """10个百分点（含）至30个百分点（含）, 超过30个百分点; empty without bounds."""
    low = bounds.at_least if bounds.at_least is not None else bounds.more_than
    high = bounds.at_most if bounds.at_most is not None else bounds.less_than
    say = metric.value_text
    if low is not None and high is not None:
        ends = [_IN[bounds.at_least is not None], _IN[bounds.at_most is not None]]
        return say(low) if low == high else f"{say(low)}{ends[0]}至{say(high)}{ends[1]}"
    if low is not None:
        return f"{say(low)}及以上" if bounds.at_least is not None else f"超过{say(low)}"
    if high is None:
        return ""
    closed = "以内" if metric.unit == "place" else "及以下"
    return f"{say(high)}{closed}" if bounds.at_most is not None else f"不到{say(high)}"


_IN = {True: "（含）", False: "（不含）"}


def reason(found: Finding, key: str) -> str:
    """Why a card is due: what was measured, and the band it falls into."""
    rule, band = found.rule, found.band
    metric = metric_named(rule.of)
    value = f"{metric.words}{metric.value_text(found.value)}"
    if rule.of == EVENT:
        value = f"{rule.event}{metric.value_text(found.value)}"
    whose = f"{found.seen.title}：" if found.seen.subject != key else ""
    row = f"，连续{band.in_a_row}次" if band.in_a_row > 1 else ""
    standard = bounds_text(band, metric) if rule.of != EVENT else ""
    return f"{whose}{value}{row}" + (f"，{band.level}标准是{standard}。" if standard else "。")


def sentences(rules: CardRules) -> list[str]:
    """The rules as numbered sentences, one clause each."""
    basis = f"（依据：{rules.basis}）" if rules.basis else ""
    lines = [f"《{rules.name}》第{rules.version}版{basis}"]
    lines.append(f"{EVALUATED_NAMES[rules.evaluated]}评定一次。{_lasting(rules)}")
    lines += [_level(level) for level in rules.levels]
    lines += [_rule(rule, rules) for rule in rules.rules]
    lines += [_combine(item) for item in rules.combine]
    lines += [_escalation(item) for item in rules.escalation]
    if rules.year_from != 1:
        lines.append(f"考核年度从上年{rules.year_from}月起算。")
    if rules.note:
        lines.append(rules.note)
    return lines


def _lasting(rules: CardRules) -> str:
    whose = "同一单位按最重的一项定牌。" if rules.per == "unit" else ""
    if rules.lasts == "until-next":
        return f"{whose}每次评定重新定级。"
    if rules.made_good_by:
        return f"{whose}“{rules.made_good_by}”后经复核摘牌。"
    times = f"连续{rules.clear_for}次" if rules.clear_for > 1 else ""
    return f"{whose}{times}达标后经复核摘牌。"


def _level(level: Level) -> str:
    kind = "只作提示，不发牌" if not level.card else "激励" if level.good else ""
    parts = [kind, answer_text(level)]
    parts.append(f"送{'、'.join(level.receivers)}" if level.receivers else "")
    parts.append(level.step)
    parts.append(f"扣{_number(level.deducts)}分" if level.deducts else "")
    parts.append(f"达标后降为{level.made_good}" if level.made_good else "")
    told = "；".join(part for part in parts if part)
    return f"{level.name}：{told}。{_clause(level.clause)}" if told else f"{level.name}。"


def answer_text(level: Level) -> str:
    """Within which time an answer is due, and whether that is our own default."""
    if level.answer_months is not None:
        text, key = f"{level.answer_months}个月内书面答复", "answer-months"
    elif level.answer_days is not None:
        text, key = f"{level.answer_days}个工作日内答复", "answer-days"
    else:
        return ""
    return f"{text}（本系统默认，公布的办法没有规定）" if key in level.ours else text


def _rule(rule: CardRule, rules: CardRules) -> str:
    metric = metric_named(rule.of)
    who = SUBJECT_NAMES[rule.subject]
    if rule.groups or rule.indicators:
        who += f"（{'、'.join((*rule.groups, *rule.indicators))}）"
    what = metric.words
    if rule.of == EVENT:
        what = f"{'考核年度内累计' if rule.counts == 'year' else ''}发生“{rule.event}”"
    bands = "；".join(
        f"{_band(band, metric)}，{_leads(rules.level(band.level))}" for band in rule.bands
    )
    return f"{who}{what}{bands}。由{OFFICE_NAMES[rule.office]}提出。{_clause(rule.clause)}"


def _band(band: Band, metric: Metric) -> str:
    row = f"，连续{band.in_a_row}次" if band.in_a_row > 1 else ""
    also = "".join(
        f"，且{m.words}{bounds_text(c, m)}" for c in band.also for m in [metric_named(c.of)]
    )
    return f"{bounds_text(band, metric)}{row}{also}"


def _leads(level: Level) -> str:
    return f"{level.verb}{level.name}"


def _combine(item: Combine) -> str:
    return (
        f"同一单位有{item.times}项达到{item.level}及以上的，该单位按{item.makes}处理。"
        f"{_clause(item.clause)}"
    )


def _escalation(item: Escalation) -> str:
    late = f"逾期{item.days}天以上未答复" if item.days else "逾期未答复"
    whose = "同一单位" if item.over == "unit" else ""
    when = {
        "overdue": f"{item.level}{late}",
        "repeat": f"{whose}本年第{item.times}次{item.level}",
        "in-a-row": f"连续{item.times}次{item.level}",
    }[item.when]
    parts = [item.step, f"升为{item.to}" if item.to else ""]
    parts.append(f"送{'、'.join(item.receivers)}" if item.receivers else "")
    parts.append(f"扣{_number(item.deducts)}分" if item.deducts else "")
    return f"{when}的，{'；'.join(p for p in parts if p)}。{_clause(item.clause)}"


def _number(value: float) -> str:
    number = digits(value, 2)
    return number.rstrip("0").rstrip(".") if "." in number else number


def _clause(clause: str) -> str:
    return f"（{clause}）" if clause else ""
