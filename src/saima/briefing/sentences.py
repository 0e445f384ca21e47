"""The sentences of a ranking: the answer in one line, and each track's places in words."""

from __future__ import annotations

from saima.briefing.overview import Group, Overview
from saima.briefing.phrases import listed, move_text, rank_text, short_period
from saima.periods import previous
from saima.problems import Language
from saima.scoring.result import UnitResult

_MOST_NAMES = 3
_MOST_GROUPS = 6
_LONGEST = 120
"""Characters of an answer; a longer one says only who is first."""


def headline(view: Overview, language: Language = "zh") -> str:
    """2026年9月：甲、乙、丙分列各赛道第一；丁、戊各升2位，己降2位。"""
    parts = [p for p in (_firsts(view, language), _moves(view, language)) if p]
    if sum(map(len, parts)) > _LONGEST:
        parts = parts[:1]
    if language != "zh":
        return f"{view.period.text}: {'; '.join(parts) or 'no unit is ranked'}."
    return f"{view.period.label()}：{'；'.join(parts) or '没有参加排名的单位'}。"


def _firsts(view: Overview, language: Language) -> str:
    groups = [group for group in view.groups if group.ranked][:_MOST_GROUPS]
    firsts = [[view.label(u.unit) for u in g.ranked if u.rank == 1] for g in groups]
    plain = all(len(names) == 1 for names in firsts)
    if sum(len(g.ranked) for g in groups) == 1:
        return _only(view, groups[0].ranked[0], language)
    if language != "zh":
        said = [
            f"{', '.join(n)} first{f' in {g.name}' if g.name else ''}"
            for n, g in zip(firsts, groups)
        ]
        return "; ".join(said)
    if len(groups) > 1 and plain:
        return f"{'、'.join(names[0] for names in firsts)}分列{_whose(view, groups)}第一"
    said = [
        f"{f'{group.name}' if len(groups) > 1 else ''}{listed(names, _MOST_NAMES)}"
        f"{'并列' if len(names) > 1 else '居'}第一"
        for names, group in zip(firsts, groups, strict=True)
    ]
    return "，".join(said)


def _only(view: Overview, unit: UnitResult, language: Language) -> str:
    score = view.score_text(unit.score or 0.0)
    name = view.label(unit.unit)
    return f"{name}得{score}分" if language == "zh" else f"{name} {score}"


def _whose(view: Overview, groups: list[Group]) -> str:
    if len(groups) == len(view.groups):
        return "各赛道"
    return "、".join(group.name for group in groups)


def _moves(view: Overview, language: Language) -> str:
    """Who rose most and who fell most; nothing where there is no period to compare with."""
    if not view.moved:
        return ""
    ranked = [u for group in view.groups for u in group.ranked]
    units = [u for u in ranked if u.movement]
    if len(ranked) < 2:
        return ""
    if not units:
        return "各单位位次均无变化" if language == "zh" else "no place changed"
    rose = _furthest(view, [u for u in units if (u.movement or 0) > 0], language)
    fell = _furthest(view, [u for u in units if (u.movement or 0) < 0], language)
    return ("，" if language == "zh" else ", ").join(filter(None, (rose, fell)))


def _furthest(view: Overview, units: list[UnitResult], language: Language) -> str:
    if not units:
        return ""
    size = max(abs(u.movement or 0) for u in units)
    names = [view.label(u.unit) for u in units if abs(u.movement or 0) == size]
    up = (units[0].movement or 0) > 0
    if language != "zh":
        return f"{', '.join(names[:_MOST_NAMES])} {'up' if up else 'down'} {size}"
    each = "各" if len(names) > 1 else ""
    return f"{listed(names, _MOST_NAMES)}{each}{'升' if up else '降'}{size}位"


def before_text(view: Overview) -> str:
    """The period that movement is measured against: 8月."""
    periods = view.scoring.cube.scored
    before = periods[view.s - 1] if view.s else previous(view.period)
    return short_period(before, view.period)


def ranking_sentence(view: Overview, group: Group) -> str:
    """The front places of a group with scores and movement, ties as ties; how many is a setting.

    Units stand by rank, or in official order if the campaign's documents say so.
    """
    settings, count = view.campaign.documents, len(group.ranked)
    level = {u.score for u in group.ranked}
    if len(level) == 1:
        score = view.score_text(level.pop() or 0.0)
        if count == 1:
            return f"参加排名的单位1家，{view.label(group.ranked[0].unit)}得{score}分。"
        if group.ranked[-1].rank == 1:
            return f"参加排名的{count}家单位均得{score}分，并列第1位。"
    named = [
        u for u in group.ranked if (u.rank or 0) <= (settings.named_places or len(group.ranked))
    ]
    if settings.order == "official":
        order = {u.unit: n for n, u in enumerate(view.result.units)}
        named.sort(key=lambda u: order[u.unit])
    said = "；".join(_placed(view, u) for u in named)
    official = settings.order == "official"
    return f"{_opening(group, named, settings.named_places, official)}{said}。"


def _opening(group: Group, named: list[UnitResult], places: int, official: bool) -> str:
    count = len(group.ranked)
    order = "（按机构序排列）" if official else ""
    if len(named) == count:
        word = "" if official else "由高到低"
        return f"参加排名的{count}家单位得分{word}依次为{order}："
    return f"参加排名的{count}家单位中，得分居前{places}位的是{order}："


def _placed(view: Overview, unit: UnitResult) -> str:
    said = f"{view.label(unit.unit)}{view.score_text(unit.score or 0.0)}分，居{rank_text(unit.rank or 0, unit.tied)}"
    said = said.replace("居并列", "并列")
    if view.moved and unit.movement is not None:
        said += f"，{move_text(unit.movement)}"
    return said


def apart_sentence(view: Overview, group: Group) -> str:
    """Units without a place, each with the reason and its score; empty if there are none."""
    if not group.apart:
        return ""
    said = [
        f"{view.label(u.unit)}（{view.apart_reason(u)}"
        + (f"，得{view.score_text(u.score)}分" if u.score is not None else "")
        + "）"
        for u in group.apart
    ]
    return f"不参加排名的：{'、'.join(said)}。"
