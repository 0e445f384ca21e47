"""Reads card rules and observations from YAML or JSON, with every problem on its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

from saima.cards.metrics import EVENT, METRICS
from saima.cards.model import Observation
from saima.cards.rules import SUBJECT_NAMES, Band, CardRules
from saima.periods import parse
from saima.problems import Problem, Refused, declare, has_errors
from saima.rules.building import WRONG, Builder, near
from saima.rules.documents import Document, Path, read_document, read_document_file
from saima.rules.values import ratio_of

declare(
    "cards-not-rules",
    "这不是一份黄红牌规则（要有 cards、name、levels、rules）。",
    "请从 rulebooks/cards 文件夹里的样本改起。",
    "this is not a set of card rules.",
    "Start from a sample in rulebooks/cards.",
)
declare(
    "cards-unknown-level",
    "没有叫“{level}”的等级。",
    "{suggestion}",
    "there is no level “{level}”.",
    "{suggestion_en}",
)
declare(
    "cards-level-twice",
    "等级“{level}”写了两次。",
    "请改名或删去一处。",
    "the level “{level}” stands twice.",
    "Rename or remove one.",
)
declare(
    "cards-unknown-metric",
    "没有叫“{metric}”的衡量口径。",
    "{suggestion}",
    "there is no metric “{metric}”.",
    "{suggestion_en}",
)
declare(
    "cards-percent-here",
    "“{metric}”按{unit}计，这里写的是百分比“{value}”。",
    "请直接写数（百分点写 10，不写 10%）。",
    "“{metric}” is not a ratio; “{value}” is a percentage.",
    "Write a plain number.",
)
declare(
    "cards-ratio-here",
    "“{metric}”是比率，“{value}”看来是百分数。",
    "请写成 {value}% 或小数。",
    "“{metric}” is a ratio; “{value}” looks like a percentage.",
    "Write {value}% or a decimal.",
)
declare(
    "cards-event-name",
    "按事件定牌的规则要写明是哪个事件（event）。",
    "请补写 event；不按事件的规则请删去它。",
    "a rule on events names its event, no other rule does.",
    "Add or remove `event`.",
)
declare(
    "cards-empty-bounds",
    "“{level}”的下限高于上限，任何数都不会落在里面。",
    "请核对 at-least、more-than、at-most、less-than。",
    "no value lies within the bounds of “{level}”.",
    "Check its bounds.",
)
declare(
    "cards-heavier",
    "“{level}”达标后应降为更轻的等级，写的是“{to}”。",
    "请写排在它前面的等级；直接摘牌的，删去这一项。",
    "“{level}” has to fall to a lighter level, not “{to}”.",
    "Name a level before it, or leave it out.",
)
declare(
    "cards-lighter",
    "“{level}”升级后应是更重的等级，写的是“{to}”。",
    "请写排在它后面的等级。",
    "“{level}” has to rise to a heavier level, not “{to}”.",
    "Name a level after it.",
)
declare(
    "cards-nothing-follows",
    "这一条没有写后果（step 或 to）。",
    "请写明做什么，或升为哪一级。",
    "nothing follows from this.",
    "Give `step` or `to`.",
)
declare(
    "cards-gap",
    "“{metric}”在{low}与{high}之间没有规定。",
    "确属不作处理的可以不管；否则请接上两档，或加一个只作提示的等级。",
    "nothing is said of “{metric}” between {low} and {high}.",
    "Join the bands, or add a level that is only a light.",
    "warning",
)
declare(
    "cards-bad-observation",
    "第{row}条观测的“{key}”看不懂。",
    "{suggestion}",
    "“{key}” of observation {row} is not understood.",
    "{suggestion_en}",
)

_PLAIN = {"subject", "kind", "on", "events", "name", "unit", "group", "indicator"}


def read_card_rules(text: str, name: str = "") -> tuple[CardRules | None, list[Problem]]:
    """Read card rules; with errors there are none, warnings come beside them."""
    return card_rules_from(*read_document(text, name))


def read_card_rules_file(path: FilePath) -> tuple[CardRules | None, list[Problem]]:
    """Read card rules from a .yaml or .json file."""
    return card_rules_from(*read_document_file(path))


def card_rules_from(
    document: Document | None, problems: list[Problem]
) -> tuple[CardRules | None, list[Problem]]:
    """Build the rules of a document that was read, after the problems that reading found."""
    if document is None:
        return None, problems
    data = document.data
    if not isinstance(data, dict) or "cards" not in data or "rules" not in data:
        return None, [*problems, Problem("cards-not-rules", document.place(()))]
    builder = Builder(document)
    built = builder.build(CardRules, data, ())
    found = [*problems, *builder.problems]
    if built is not WRONG:
        found += _Checks(built, document).all()
    found.sort(key=lambda p: p.place.line)
    return (None if has_errors(found) or built is WRONG else built), found


class _Checks:
    """What shape alone does not tell: names that are known, bounds that hold, an order."""

    def __init__(self, rules: CardRules, document: Document) -> None:
        self.rules, self.document = rules, document
        self.names = [level.name for level in rules.levels]

    def all(self) -> Iterator[Problem]:
        yield from self._levels()
        for i in range(len(self.rules.rules)):
            yield from self._rule(i, ("rules", i))
        for i, item in enumerate(self.rules.combine):
            for key, level in (("level", item.level), ("makes", item.makes)):
                yield from self._known(level, ("combine", i, key))
        yield from self._escalations()
        yield from self._times()

    def problem(self, code: str, path: Path, **values: Any) -> Problem:
        return Problem(code, self.document.place(path), values)

    def _known(self, level: str, path: Path) -> Iterator[Problem]:
        if level not in self.names:
            yield self.problem("cards-unknown-level", path, level=level, **near(level, self.names))

    def _levels(self) -> Iterator[Problem]:
        for i, level in enumerate(self.rules.levels):
            if level.name in self.names[:i]:
                yield self.problem("cards-level-twice", ("levels", i), level=level.name)
            if level.made_good:
                path: Path = ("levels", i, "made-good")
                yield from self._known(level.made_good, path)
                if level.made_good in self.names[i:]:
                    yield self.problem("cards-heavier", path, level=level.name, to=level.made_good)

    def _rule(self, i: int, path: Path) -> Iterator[Problem]:
        rule = self.rules.rules[i]
        yield from self._measure(rule.of, (*path, "of"), (EVENT,))
        if (rule.of == EVENT) != bool(rule.event):
            yield self.problem("cards-event-name", path)
        for j, band in enumerate(rule.bands):
            at: Path = (*path, "bands", j)
            yield from self._known(band.level, (*at, "level"))
            yield from self._bounds(rule.of, at)
            if _empty(band):
                yield self.problem("cards-empty-bounds", at, level=band.level)
            for k, condition in enumerate(band.also):
                yield from self._measure(condition.of, (*at, "also", k, "of"))
                yield from self._bounds(condition.of, (*at, "also", k))
        if rule.of in METRICS:
            yield from self._gaps(rule.of, rule.bands, path)

    def _measure(self, name: str, path: Path, also: tuple[str, ...] = ()) -> Iterator[Problem]:
        if name not in METRICS and name not in also:
            tips = near(name, (*METRICS, *also))
            yield self.problem("cards-unknown-metric", path, metric=name, **tips)

    def _bounds(self, metric: str, path: Path) -> Iterator[Problem]:
        """A percentage where a plain number is wanted, and the other way round."""
        raw = self._raw(path)
        for key in ("at-least", "more-than", "at-most", "less-than"):
            value = raw.get(key)
            unit = METRICS[metric].unit if metric in METRICS else ""
            if unit and unit != "ratio" and isinstance(value, str) and ratio_of(value) is not None:
                told = {"metric": metric, "unit": METRICS[metric].value_text(1)[1:]}
                yield self.problem("cards-percent-here", (*path, key), value=value, **told)
            if unit == "ratio" and isinstance(value, int | float) and value > 5:
                yield self.problem("cards-ratio-here", (*path, key), metric=metric, value=value)

    def _raw(self, path: Path) -> dict[str, Any]:
        found = self.document.data
        for step in path:
            found = found[step]
        return found if isinstance(found, dict) else {}

    def _gaps(self, name: str, bands: tuple[Band, ...], path: Path) -> Iterator[Problem]:
        """Where values lie between two bands and in neither."""
        metric = METRICS[name]
        plain = sorted((b for b in bands if not b.also), key=_lower)
        reach: tuple[float, bool] | None = None
        for band in plain:
            low = _lower(band)
            if reach and (low[0] > reach[0] or (low[0] == reach[0] and low[1] and not reach[1])):
                texts = {"low": metric.value_text(reach[0]), "high": metric.value_text(low[0])}
                if low[0] > reach[0]:
                    words = metric.words.removesuffix("第").removesuffix("为")
                    yield self.problem("cards-gap", path, metric=words, **texts)
            upper = _upper(band)
            reach = upper if reach is None else max(reach, upper)

    def _escalations(self) -> Iterator[Problem]:
        for i, item in enumerate(self.rules.escalation):
            path: Path = ("escalation", i)
            yield from self._known(item.level, (*path, "level"))
            if item.to:
                yield from self._known(item.to, (*path, "to"))
                if 0 <= self.rules.weight(item.to) <= self.rules.weight(item.level):
                    yield self.problem("cards-lighter", path, level=item.level, to=item.to)
            elif not item.step:
                yield self.problem("cards-nothing-follows", path)

    def _times(self) -> Iterator[Problem]:
        """`effective` holds period texts."""
        for key, text in (("from", self.rules.effective.from_), ("to", self.rules.effective.to)):
            try:
                if text:
                    parse(text)
            except Refused as refused:
                place = self.document.place(("effective", key))
                yield Problem(refused.problem.code, place, refused.problem.values)


def _lower(band: Band) -> tuple[float, bool]:
    """The lower end and whether it is open."""
    if band.at_least is not None:
        return band.at_least, False
    return (float("-inf"), False) if band.more_than is None else (band.more_than, True)


def _upper(band: Band) -> tuple[float, bool]:
    """The upper end and whether it belongs to the band."""
    if band.at_most is not None:
        return band.at_most, True
    return (float("inf"), True) if band.less_than is None else (band.less_than, False)


def _empty(band: Band) -> bool:
    low, high = _lower(band), _upper(band)
    return low[0] > high[0] or (low[0] == high[0] and (low[1] or not high[1]))


def read_observations(path: FilePath, rules: CardRules) -> tuple[list[Observation], list[Problem]]:
    """Observations from a .yaml or .json file: `observations:` as the cases of rules give them."""
    document, problems = read_document_file(path)
    if document is None:
        return [], problems
    data = document.data.get("observations") if isinstance(document.data, dict) else None
    if not isinstance(data, list):
        return [], [*problems, Problem("cards-not-rules", document.place(()))]
    found, wrong = observations_from(data, rules)
    return found, [
        *problems,
        *(Problem(c, document.place(("observations", r)), v) for r, c, v in wrong),
    ]


Wrong = tuple[int, str, dict[str, Any]]


def observations_from(
    rows: Iterable[Any], rules: CardRules
) -> tuple[list[Observation], list[Wrong]]:
    """Rows of `{on: 2026-03, subject: …, behind-pace: 12}` as observations; what is wrong beside.

    The kind is that of the first rule where none is given; a subject without name is 示例.
    """
    found: list[Observation] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(rows):
        try:
            found.append(_observation(row, rules))
        except _Wrong as reason:
            values = {"row": number + 1, "key": reason.key, **near(reason.key, reason.known)}
            wrong.append((number, "cards-bad-observation", values))
    return found, wrong


class _Wrong(Exception):
    def __init__(self, key: str, known: Iterable[str] = ()) -> None:
        self.key, self.known = key, tuple(known)


def _observation(row: Any, rules: CardRules) -> Observation:
    if not isinstance(row, dict):
        raise _Wrong(str(row), _PLAIN)
    kind = str(row.get("kind", rules.rules[0].subject if rules.rules else "unit"))
    if kind not in SUBJECT_NAMES:
        raise _Wrong(kind, SUBJECT_NAMES)
    events = row.get("events", ())
    try:
        on = parse(str(row.get("on", "2026-01"))).end
    except Refused:
        raise _Wrong(str(row.get("on"))) from None
    return Observation(
        subject=str(row.get("subject", "示例")),
        kind=kind,  # type: ignore[arg-type]
        on=on,
        values={k: _number(k, v) for k, v in row.items() if k not in _PLAIN},
        events=tuple(map(str, events if isinstance(events, list) else (events,))),
        **{k: str(row.get(k, "")) for k in ("name", "unit", "group", "indicator")},
    )


def _number(key: str, raw: Any) -> float:
    if key not in METRICS:
        raise _Wrong(key, (*METRICS, *_PLAIN))
    if isinstance(raw, str) and (ratio := ratio_of(raw)) is not None:
        return ratio
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _Wrong(f"{key}: {raw}")
    return float(raw)


def default_text() -> str:
    """The card rules that a campaign begins with."""
    return files("saima.cards").joinpath("default.yaml").read_text(encoding="utf-8")
