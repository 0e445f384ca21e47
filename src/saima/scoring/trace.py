"""Why this mark, why this score: the tree of steps, each of which recomputes from its children."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from saima.problems import Language
from saima.scoring.additions import points, vetoes
from saima.scoring.aggregation import combine
from saima.scoring.boards import boards, remaining
from saima.scoring.engine import Marking, Scoring, cell_part
from saima.scoring.marks import LeafMarks, Status, trace_mark
from saima.scoring.sentences import LeafSentences, rule_sentence
from saima.steps import Num, Step, named, rounded, step_of


def mark_steps(
    scoring: Marking, leaf: LeafMarks, unit: int, scored: int, language: Language = "zh"
) -> Num:
    """The traced mark of one cell, labelled with its indicator, clause and sentence."""
    own = scoring.own if leaf.leaf.when_missing == "own-average" else None
    mark = trace_mark(leaf, own, scoring.field, unit, scored)
    said = LeafSentences(leaf, scoring.field, scored, language).of(unit)
    detail = {"indicator": leaf.leaf.indicator, "clause": leaf.leaf.clause, "sentence": said}
    if mark.step is None:
        mark = Num(mark.value, step_of(mark))
    return named(mark, leaf.q.indicator.name, **{k: v for k, v in detail.items() if v})


def score_steps(
    scoring: Scoring, unit: int, scored: int, language: Language = "zh", *, deep: bool = True
) -> Num:
    """The traced score of a unit in a period: marks, the tree, bonus, deduction, veto, rounding.

    Where it is not deep the marks stand as they are, without the steps that made them.
    """
    rulebook = scoring.rulebook

    def value_of(leaf: LeafMarks) -> Num:
        if not leaf.counted[unit, scored]:
            return Num(0.0)
        if deep or leaf.status[unit, scored] != Status.MARKED:
            return mark_steps(scoring, leaf, unit, scored, language)
        return _mark_alone(leaf, float(leaf.marks[unit, scored]), rulebook.rounding.marks)

    parts = {
        id(m.leaf): cell_part(scoring.parts[id(m.leaf)], value_of(m), unit, scored)
        for m in scoring.marked
    }
    value = combine(rulebook.root, parts, rulebook.re_weight).value
    bonus = points(scoring.field, "bonus", unit, scored)
    deduction = points(scoring.field, "deduction", unit, scored)
    if scoring.bonus_blocked[unit, scored]:
        bonus = Num(0.0, Step("constant", 0.0, (), "加分（未过门槛，不计）"))
    if bonus.step is not None:
        value = named(value + bonus, "加分后")
    if deduction.step is not None:
        value = named(value - deduction, "扣分后")
    if scoring.zeroed[unit, scored]:
        names = "、".join(e.name for e, _ in vetoes(scoring.field, unit, scored))
        value = Num(0.0, Step("constant", 0.0, (), f"一票否决：{names}"))
    places = rulebook.rounding.score
    value = value if places is None else rounded(value, places)
    return named(value, "总分")


def _mark_alone(leaf: LeafMarks, value: float, places: int | None) -> Num:
    known = {"indicator": leaf.leaf.indicator, "clause": leaf.leaf.clause, "places": places}
    detail = {name: known[name] for name in known if known[name] not in (None, "")}
    return Num(value, Step("constant", value, (), leaf.q.indicator.name, detail))


def explain(
    scoring: Marking,
    period: str,
    unit: str,
    indicator: str | None = None,
    language: Language = "zh",
    *,
    deep: bool = True,
) -> dict[str, Any]:
    """The explanation of a unit's score, or of one indicator's mark, as data.

    A score is explained from a whole `Scoring`; a mark also from one of its indicator alone.
    Where it is not deep a score's steps go down to its marks only.
    `language` is that of the sentences and rules; the steps keep their terms, which
    `saima.scoring.equations` says in either.
    Shape: docs/reference/explain.schema.json. Errors: KeyError for a period, unit or indicator
    that is not there.
    """
    s = scoring.index_of(period)
    u = scoring.cube.campaign.unit_index[unit]
    leaves = [m for m in scoring.marked if indicator in (None, m.leaf.indicator)]
    if not leaves:
        raise KeyError(indicator)
    ahead: list[Any] = []
    left: list[Any] = []
    if indicator is not None:
        steps = _marks_of(scoring, leaves, u, s, language)
    else:
        assert isinstance(scoring, Scoring), "some leaves make no score"
        steps = score_steps(scoring, u, s, language, deep=deep)
        ahead = [to_builtins(b) for b in boards(scoring, s, u)]
        left = [to_builtins(r) for r in remaining(scoring, s, u)]
    rulebook = scoring.rulebook
    return {
        "period": period,
        "unit": unit,
        "name": scoring.cube.campaign.units[u].name,
        "rulebook": {
            "name": rulebook.rulebook,
            "title": rulebook.name,
            "version": rulebook.version,
            "digest": rulebook.digest,
            "basis": rulebook.basis,
        },
        "marks": [_mark(scoring, m, u, s, language) for m in leaves if m.held[u, s]],
        "steps": step_of(steps).as_data(),
        "boards": ahead,
        "remaining": left,
    }


def _marks_of(
    scoring: Marking, leaves: list[LeafMarks], unit: int, scored: int, language: Language
) -> Num:
    """The mark of an indicator (the sum, where a rulebook scores it twice)."""
    marks = [mark_steps(scoring, m, unit, scored, language) for m in leaves]
    out = marks[0]
    for mark in marks[1:]:
        out = out + mark
    return out


def _mark(
    scoring: Marking, leaf: LeafMarks, unit: int, scored: int, language: Language
) -> dict[str, Any]:
    said = LeafSentences(leaf, scoring.field, scored, language).of(unit)
    definition = leaf.q.indicator.definition_at(scoring.cube.scored[scored])
    column = int(leaf.q.column[unit, scored])
    place = str(scoring.cube.place(leaf.q.row, unit, column)) if column >= 0 else ""
    return {
        "indicator": leaf.leaf.indicator,
        "name": leaf.q.indicator.name,
        "category": leaf.path[-1].category,
        "marks": float(leaf.marks[unit, scored]) if leaf.counted[unit, scored] else None,
        "full_marks": float(leaf.full[unit, scored]),
        "status": Status(int(leaf.status[unit, scored])).name.lower(),
        "sentence": said,
        "clause": leaf.leaf.clause,
        "rule": rule_sentence(leaf, language),
        "definition": (
            {
                "version": definition.version,
                "effective": definition.effective,
                "text": definition.text,
            }
            if definition
            else None
        ),
        "place": place,
    }
