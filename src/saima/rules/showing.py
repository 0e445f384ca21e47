"""A rulebook as the Chinese text of an official scheme: chapters and articles, from its own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from saima.periods import parse
from saima.rules.methods import method
from saima.rules.quantities import quantity_unit
from saima.rules.rulebook import EventRule, Grade, Leaf, Node, Rulebook, Seal, Tier
from saima.rules.words import marks_text, percent_short, points, short, term, told

Names = Mapping[str, str]

SCORED = {"day": "每日", "ten-day": "每旬", "week": "每周", "month": "每月", "two-months": "每两月",
          "quarter": "每季度", "half": "每半年", "year": "每年"}  # fmt: skip
PACES = {
    "linear-month": "按月平均（已过月数÷全年月数）",
    "linear-day": "按日平均（已过天数÷全年天数）",
    "own-plan": "按各单位自己的进度计划（累计计划÷全年目标）",
}
MISSING = {
    "zero": "缺报的计零分",
    "exclude": "缺报的剔除，其余按比例折算",
    "own-average": "缺报的按本单位其他指标平均得分率计",
    "track-average": "缺报的按同赛道该指标平均得分率计",
}
AGGREGATES = {
    "sum": "各项得分相加",
    "weighted-sum": "各项得分乘权重后相加",
    "mean": "各项按百分制加权算术平均",
    "geometric": "各项按百分制加权几何平均",
}
TIES = {
    "competition": "得分相同的名次并列，其后名次顺延",
    "dense": "得分相同的名次并列，其后名次不顺延",
    "ordinal": "名次不并列",
}
EXCEPTIONS = {
    "by-difference": "按与目标的差额计",
    "full-if-met": "达到的得满分，否则不得分",
}
REVERSES = {
    "reciprocal": "越少越好的，完成率按目标值÷完成数计",
    "swap": "越少越好的，最优与最差对调",
}
AGAINST = {"plan": "与截至本期的计划比", "current": "以本期数与本期计划比"}
EFFECTS = {"score-zero": "总分计零", "last": "列末位", "unranked": "不参加排名"}


def show(rulebook: Rulebook, names: Names | None = None) -> str:
    """The scheme in Chinese, ending with a line break. `names`: indicators' names by code."""
    writer = _Writer(rulebook, names or {})
    return "\n".join(writer.lines()) + "\n"


def clauses_of(rulebook: Rulebook, indicator: str, names: Names | None = None) -> list[str]:
    """An indicator's clauses as `show` prints them: its category, then weight and rule."""
    writer = _Writer(rulebook, names or {})
    return [
        f"{'·'.join(node.category for node in path)}：{writer.leaf(leaf)}"
        for path, leaf in rulebook.leaves()
        if leaf.indicator == indicator
    ]


def numeral(number: int) -> str:
    """1 -> 一, 12 -> 十二, 105 -> 一百零五 (below 1000)."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{digits[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not text else "")


class _Writer:
    def __init__(self, rulebook: Rulebook, names: Names) -> None:
        self.rulebook, self.names = rulebook, names
        self.articles = self.chapters = 0

    def lines(self) -> Iterator[str]:
        r = self.rulebook
        yield r.name
        yield f"（第{r.version}版{f'，依据：{r.basis}' if r.basis else ''}）"
        yield from self.general()
        yield from self.indicators()
        yield from self.events()
        yield from self.standing()
        yield from self.closing()

    def chapter(self, title: str) -> Iterator[str]:
        self.chapters += 1
        yield ""
        yield f"第{numeral(self.chapters)}章　{title}"

    def article(self, text: str) -> str:
        self.articles += 1
        return f"第{numeral(self.articles)}条　{text}"

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def named(self, text: str) -> str:
        """Codes of other indicators in a rule, as their names."""
        return re.sub(r"[A-Za-z_][\w-]*", lambda m: self.names.get(m[0], m[0]), text)

    def general(self) -> Iterator[str]:
        r = self.rulebook
        yield from self.chapter("总则")
        yield self.article(f"本办法{SCORED[r.scores]}计分一次，满分{points(r.full_marks)}分。")
        yield self.article(f"序时进度{PACES[r.pace]}计算。")
        marks = (
            f"单项得分保留{r.rounding.marks}位小数"
            if r.rounding.marks is not None
            else "单项得分不取舍"
        )
        score = (
            f"总分保留{r.rounding.score}位小数" if r.rounding.score is not None else "总分不取舍"
        )
        yield self.article(f"{marks}，{score}，均按四舍五入。")

    def indicators(self) -> Iterator[str]:
        yield from self.chapter("指标与计分")
        yield self.article(f"总分由{AGGREGATES[self.rulebook.aggregate]}得出。")
        for node in self.rulebook.tree:
            yield from self.node(node, "")

    def node(self, node: Node, above: str) -> Iterator[str]:
        title = f"{above}{node.category}"
        weight = f"，占权重{short(node.weight)}" if node.weight != 1.0 else ""
        way = f"，{AGGREGATES[node.aggregate]}" if node.aggregate != "sum" else ""
        if node.indicators:
            yield self.article(f"{title}{weight}{way}{_clause(node.clause)}：")
        for i, leaf in enumerate(node.indicators):
            yield f"　　（{numeral(i + 1)}）{self.leaf(leaf)}"
        for child in node.categories:
            yield from self.node(child, f"{title}·")

    def leaf(self, leaf: Leaf) -> str:
        rule = self.named(method(leaf.method).rule(leaf.settings, "zh").rstrip("。"))
        parts = [rule, *_modifiers(leaf, self.name)]
        extra = "，另加" if leaf.extra else ""
        return f"{self.name(leaf.indicator)}（{_weight(leaf)}{extra}）{_clause(leaf.clause)}：{'；'.join(parts)}。"

    def events(self) -> Iterator[str]:
        r = self.rulebook
        if r.events:
            yield from self.chapter("加分、扣分、门槛与一票否决")
        for rule in r.events:
            yield self.article(event_text(rule))
        limits = [("加分", r.bonus_at_most), ("扣分", r.deduction_at_most)]
        said = [f"{word}合计最多{points(most)}分" for word, most in limits if most is not None]
        if said:
            yield self.article("，".join(said) + "。")

    def standing(self) -> Iterator[str]:
        r = self.rulebook
        yield from self.chapter("排名、梯队与等次")
        within = "在各赛道内" if r.ranks.within == "track" else "在全体单位中"
        of = "取舍后的总分" if r.ranks.of == "rounded" else "未取舍的总分"
        by = "、".join(self.name(code) for code in r.ranks.break_by)
        breaks = f"；总分相同的，依次比较{by}的得分" if by else ""
        yield self.article(f"排名{within}按{of}由高到低进行，{TIES[r.ranks.ties]}{breaks}。")
        if r.tiers.order:
            keep = f"；连续{r.tiers.keep}个月低于所在梯队的才降下" if r.tiers.keep > 1 else ""
            yield self.article(f"梯队：{'，'.join(tier_text(t) for t in r.tiers.order)}{keep}。")
        if r.grades:
            yield self.article(f"等次：{'，'.join(grade_text(g) for g in r.grades)}。")
        for seal in r.seals:
            yield self.article(self.seal(seal))

    def seal(self, seal: Seal) -> str:
        when, every = seal.when, SCORED[seal.every]
        bounds = _bounds(when.at_least, when.at_most, when.quantity)
        if when.seals:
            return f"{seal.name}：{every}评定，期内“{when.seals}”次数{bounds}的获得{_clause(seal.clause)}。"
        of = {"score": "总分", "rank": "名次"}.get(when.quantity) or term(when.quantity)
        which = "" if of in ("总分", "名次") else "各项指标的"
        if when.indicators != "all":
            which = "、".join(self.name(code) for code in when.indicators) + "的"
        return f"{seal.name}：{every}评定，{which}{of}{bounds}的获得{_clause(seal.clause)}。"

    def closing(self) -> Iterator[str]:
        since, until = self.rulebook.effective.from_, self.rulebook.effective.to
        yield from self.chapter("附则")
        start = f"自{_day(since, first=True)}起施行" if since else "自公布之日起施行"
        end = f"，至{_day(until, first=False)}止" if until else ""
        yield self.article(f"本办法{start}{end}。")


def _day(text: str, *, first: bool) -> str:
    period = parse(text)
    day = period.start if first else period.end
    return f"{day.year}年{day.month}月{day.day}日"


def _clause(clause: str) -> str:
    return f"［{clause}］" if clause else ""


def _weight(leaf: Leaf) -> str:
    if isinstance(leaf.weight, (int, float)):
        return f"{points(leaf.weight)}分"
    if isinstance(leaf.weight, str):
        return "分值按各单位分工"
    return "、".join(f"{track}{points(w)}分" for track, w in leaf.weight.items())


def _modifiers(leaf: Leaf, name: Callable[[str], str]) -> Iterator[str]:
    """What the leaf adds to its method, one part each."""
    if leaf.pace is not None:
        yield f"序时进度{PACES[leaf.pace]}"
    if leaf.against != "target":
        yield AGAINST[leaf.against]
    if leaf.reverse != "two-minus":
        yield REVERSES[leaf.reverse]
    if leaf.difficulty == "by-unit":
        yield "得分乘以本单位难度系数"
    if leaf.limit is not None:
        codes = "、".join(name(code) for code in leaf.limit.indicators)
        value = told(leaf.limit.below, quantity_unit(leaf.limit.of))
        still = "" if leaf.limit.difficulty else "，不再乘难度系数"
        yield f"{codes}有一项{term(leaf.limit.of)}低于{value}的，本项最多得{marks_text(leaf.limit.to)}{still}"
    if leaf.cap is not None:
        yield f"最高得满分的{percent_short(leaf.cap)}"
    if leaf.floor is not None:
        yield f"最低得满分的{percent_short(leaf.floor)}"
    yield MISSING[leaf.when_missing]
    if leaf.off_period == "exclude":
        yield "非填报期不计该项，其余按比例折算"
    for word, way in (("零", leaf.zero_target), ("负", leaf.negative_target)):
        if way != "refuse":
            yield f"目标为{word}的，{EXCEPTIONS[way]}"
    if leaf.gate is not None:
        value = told(leaf.gate.below, quantity_unit(leaf.gate.of))
        yield f"{term(leaf.gate.of)}低于{value}的，不得评{'、'.join(_award(b) for b in leaf.gate.blocks)}{_clause(leaf.gate.clause)}"


def _award(name: str) -> str:
    return {"bonus": "加分", "banner": "流动红旗"}.get(name, name)


def event_text(rule: EventRule) -> str:
    """What an event does, as an article."""
    tail = _clause(rule.clause) + (f"（依据：{rule.basis}）" if rule.basis else "")
    lasts = f"，期限{_lasts(rule.lasts)}" if rule.lasts else ""
    if rule.kind in ("bonus", "deduction"):
        word = "加" if rule.kind == "bonus" else "扣"
        most = f"，最多{word}{points(rule.at_most)}分" if rule.at_most is not None else ""
        return f"{rule.name}：每次{word}{points(rule.each)}分{most}{tail}。"
    blocks = f"不得评{'、'.join(_award(b) for b in rule.blocks)}" if rule.blocks else ""
    if rule.kind == "gate":
        return f"门槛：发生{rule.name}的，{blocks or '不得评优'}{lasts}{tail}。"
    effect = f"评为{rule.grade}" if rule.effect == "grade" else EFFECTS[rule.effect]
    return f"一票否决：发生{rule.name}的，{effect}{f'，{blocks}' if blocks else ''}{lasts}{tail}。"


def _lasts(text: str) -> str:
    return text.replace(" months", "个月").replace(" month", "个月").replace(" year", "年")


def _bounds(at_least: float | None, at_most: float | None, of: str) -> str:
    unit = "number" if of in ("", "score", "rank") else quantity_unit(of)
    said = []
    if at_least is not None:
        said.append(f"不低于{told(at_least, unit)}")
    if at_most is not None:
        said.append(f"不高于{told(at_most, unit)}")
    return "且".join(said)


def tier_text(tier: Tier) -> str:
    """Who belongs to a tier."""
    if tier.top is not None:
        return f"前{tier.top}名为{tier.name}"
    if tier.bottom is not None:
        return f"后{tier.bottom}名为{tier.name}"
    if tier.share is not None:
        return f"其后{percent_short(tier.share)}为{tier.name}"
    if tier.at_least is not None:
        return f"总分不低于{short(tier.at_least)}分的为{tier.name}"
    return f"其余为{tier.name}"


def grade_text(grade: Grade) -> str:
    """Who is given a grade."""
    least = f"总分不低于{short(grade.at_least)}分" if grade.at_least is not None else ""
    scope = "全体单位" if grade.within == "all" else "本赛道单位"
    most = f"不超过{scope}的{percent_short(grade.at_most)}" if grade.at_most is not None else ""
    said = "、".join(x for x in (least, most) if x)
    return f"{said}的为{grade.name}" if said else f"其余为{grade.name}"
