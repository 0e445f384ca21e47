"""Why a unit stands where it stands: its losses and gains, what moved, what events did.

Every clause repeats figures of the result; where a mark follows a comparison with others, the
rulebook's own sentence is quoted instead of a cause of ours.
"""

from __future__ import annotations

from saima.briefing.overview import Overview
from saima.briefing.phrases import behind, gap_text, short_period
from saima.problems import Language
from saima.rounding import number
from saima.rules.words import percent
from saima.scoring.additions import events_at, rule_for
from saima.scoring.marks import LeafMarks
from saima.scoring.result import Mark, UnitResult

_COMPARING = {"rank", "best", "worst", "mean", "sum", "count"}
_RATIOS = {"attainment", "pace_ratio"}
_STATUS = {
    "zero": ("未报", "not reported"),
    "refused": ("无法计分", "no mark possible"),
    "own_average": ("未报，按本单位平均得分率计", "not reported, own average rate"),
    "track_average": ("未报，按同赛道平均得分率计", "not reported, track's average rate"),
}


def reasons(view: Overview, unit: UnitResult, language: Language = "zh") -> list[str]:
    """Clauses that say why, the weightiest first; empty for a unit without marks."""
    clauses = [
        *_vetoes(unit, language),
        _losses(view, unit, language),
        _ahead(view, unit, language),
        _change(view, unit, language),
        *_events(view, unit, language),
    ]
    return [clause for clause in clauses if clause]


def lost(mark: Mark) -> float:
    """Marks short of full marks; 0 for a mark that does not count or exceeds them."""
    return 0.0 if mark.marks is None else max(0.0, mark.full_marks - mark.marks)


def cause(mark: Mark, leaf: LeafMarks, language: Language = "zh") -> str:
    """What a mark followed from, in a few words: 欠序时9.94个百分点, 完成率居赛道内第3位."""
    if mark.status in _STATUS:
        return _STATUS[mark.status][0 if language == "zh" else 1]
    needs = set(leaf.method.needs(leaf.leaf.settings))
    if any(name.split("_")[0] in _COMPARING for name in needs):
        return mark.sentence.partition("，")[0].partition(", ")[0]
    if mark.pace_gap is not None and behind(mark.pace_gap) and needs & {"pace_gap", "pace_ratio"}:
        return gap_text(mark.pace_gap, language)
    if mark.attainment is not None and needs & _RATIOS:
        word = "完成率" if language == "zh" else "attainment "
        return f"{word}{percent(mark.attainment)}"
    return mark.sentence.partition("，")[0].partition(", ")[0]


def _losses(view: Overview, unit: UnitResult, language: Language) -> str:
    """The two largest losses, each with what it followed from; all full: says so."""
    found = [(lost(mark), mark, leaf) for mark, leaf in view.leaves(unit)]
    most = sorted((f for f in found if f[0] > 0), key=lambda f: -f[0])[:2]
    worst = [f for f in most if number(f[0], view.mark_decimals) > 0]
    if not worst:
        full = bool(found) and all(mark.marks is not None for _, mark, _ in found)
        return ("各项均得满分" if language == "zh" else "full marks throughout") if full else ""
    if language != "zh":
        said = (f"{m.name} {view.marks_text(x)} ({cause(m, leaf, 'en')})" for x, m, leaf in worst)
        return f"lost {', '.join(said)}"
    said = (f"{m.name}{view.marks_text(x)}分（{cause(m, leaf)}）" for x, m, leaf in worst)
    return f"失分在{'、'.join(said)}"


def _ahead(view: Overview, unit: UnitResult, language: Language) -> str:
    """Where the distance to the one ahead comes from: the largest difference in one mark."""
    if unit.ahead is None:
        return ""
    other = {m.indicator: m for m in view.by_code[unit.ahead.unit].marks if m.marks is not None}
    pairs = ((m, other.get(m.indicator)) for m in unit.marks if m.marks is not None)
    short_of = [
        ((o.marks or 0.0) - (m.marks or 0.0), m.name)
        for m, o in pairs
        if o is not None and o.full_marks == m.full_marks
    ]
    most = max(short_of, default=(0.0, ""), key=lambda pair: pair[0])
    if number(most[0], view.mark_decimals) <= 0:
        return ""
    name, size = view.label(unit.ahead.unit), view.marks_text(most[0])
    if language != "zh":
        return f"behind {name} above all in {most[1]} (-{size})"
    return f"与{name}的差距主要在{most[1]}（少{size}分）"


def _change(view: Overview, unit: UnitResult, language: Language) -> str:
    """The score against the period before, and the mark that moved most the same way."""
    change = view.score_change(unit.unit)
    if change is None or view.before is None:
        return ""
    before = short_period(view.scoring.cube.scored[view.before], view.period, language)
    zh, rounded = language == "zh", number(change, view.score_decimals)
    if rounded == 0:
        return f"得分与{before}持平" if zh else f"score as in {before}"
    size = view.score_text(abs(rounded))
    moved = _largest_move(view, unit, rounded, language)
    if not zh:
        return f"{'up' if rounded > 0 else 'down'} {size} on {before}{moved}"
    return f"得分较{before}{'升' if rounded > 0 else '降'}{size}分{moved}"


def _largest_move(view: Overview, unit: UnitResult, change: float, language: Language) -> str:
    moves = [
        (view.mark_change(leaf, unit.unit) or 0.0, mark.name) for mark, leaf in view.leaves(unit)
    ]
    sign = 1.0 if change > 0 else -1.0
    size, name = max(moves, default=(0.0, ""), key=lambda move: sign * move[0])
    rounded = number(sign * size, view.mark_decimals)
    if rounded <= 0:
        return ""
    if language != "zh":
        return f", {name} {'+' if change > 0 else '-'}{view.marks_text(rounded)}"
    return f"，其中{name}{'升' if change > 0 else '降'}{view.marks_text(rounded)}分"


def _vetoes(unit: UnitResult, language: Language) -> list[str]:
    if not unit.vetoes:
        return []
    names = "、".join(dict.fromkeys(unit.vetoes))
    return [f"一票否决：{names}" if language == "zh" else f"veto: {names}"]


def _events(view: Overview, unit: UnitResult, language: Language) -> list[str]:
    """Bonus and deduction with their events, and a bonus that a gate takes away."""
    zh, said = language == "zh", []
    for kind, points in (("bonus", unit.bonus), ("deduction", unit.deduction)):
        if not points:
            continue
        names = "、".join(event_names(view, unit.unit, kind))
        word = {"bonus": "加", "deduction": "扣"}[kind]
        size = view.marks_text(points)
        said.append(f"{word}{size}分（{names}）" if zh else f"{kind} {size} ({names})")
    if "bonus" in unit.blocked:
        said.append("未过门槛，加分不计" if zh else "below the gate: no bonus")
    return said


def event_names(view: Overview, unit: str, kind: str) -> list[str]:
    """Names of a unit's events of a kind that count in the period, each once."""
    events = events_at(view.scoring.field, unit, view.period)
    rulebook = view.scoring.rulebook
    known = (
        e for e in events if e.kind == kind and (e.points is not None or rule_for(rulebook, e))
    )
    return list(dict.fromkeys(e.name for e in known))
