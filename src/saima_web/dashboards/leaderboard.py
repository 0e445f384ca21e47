"""The leaderboard of a published period: lines per track, what moved, and the answer on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from saima.briefing.phrases import listed
from saima.rules.rulebook import Rulebook, Tier
from saima.rules.showing import tier_text
from saima.scoring.result import UnitResult
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.queries import parsed
from saima_web.people.languages import reader
from saima_web.people.models import User
from saima_web.people.permissions import posts_of
from saima_web.people.queries import names_by_code
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import published_runs, result_of
from saima_web.ui.addresses import addresses
from saima_web.ui.templatetags.saima import month, plain_number


@dataclass(frozen=True)
class Line:
    """One unit's line: its result, and its months so far."""

    unit: UnitResult
    label: str
    own: bool
    tier_number: int
    seal: str
    seals: list[bool | None]
    scores: list[float | None]
    lead: float | None
    href: str
    why: str

    @property
    def red(self) -> int:
        return sum(1 for s in self.seals if s)

    @property
    def css(self) -> str:
        first = "first" if self.unit.rank == 1 else ""
        return " ".join(w for w in (first, "me" if self.own else "", self.apart) if w)

    @property
    def apart(self) -> str:
        return "apart" if self.unit.rank is None else ""


@dataclass(frozen=True)
class Track:
    """A track's lines, the first place first, listed-apart units last."""

    name: str
    lines: list[Line]

    @property
    def ranked(self) -> int:
        return sum(1 for line in self.lines if line.unit.rank)


@dataclass(frozen=True)
class Leaderboard:
    """A period's ranking as the page shows it."""

    run: ScoreRun
    tracks: list[Track]
    seal: str
    months: int
    notes: list[str]
    tiers: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [line for track in self.tracks for line in track.lines]


def leaderboard_of(by: User, campaign: Campaign, run: ScoreRun) -> Leaderboard:
    """The ranking of a run with what came before it in the same campaign."""
    found = result_of(run)
    before = [r for r in published_runs(campaign) if r.period < run.period and not r.trial]
    history = [{u.unit: u for u in result_of(r).units} for r in before]
    history.append({u.unit: u for u in found.units})
    book = parsed(run.rulebook.text)[0]
    monthly = [s.name for s in book.seals if s.every == "month"] if book else []
    tiers = [t.name for t in book.tiers.order] if book else []
    labels = names_by_code()
    own = {p.unit.code for p in posts_of(by) if p.unit is not None}
    make = _maker(campaign, run, history, labels, own, monthly[0] if monthly else "", tiers)
    names = list(dict.fromkeys(u.track for u in found.units))
    tracks = [
        Track(name, sorted((make(u) for u in found.units if u.track == name), key=_order))
        for name in names
    ]
    notes = rank_notes(book) if book else []
    months = len(periods_of(campaign))
    return Leaderboard(run, tracks, monthly[0] if monthly else "", months, notes, tiers)


def rank_notes(book: Rulebook) -> list[str]:
    """How places and tiers come about: the rulebook's own words, or English made of the same."""
    of = _("按取舍后的总分排名") if book.ranks.of == "rounded" else _("按未取舍的总分排名")
    english = reader() == "en"
    tiers = [tier_words(t) if english else tier_text(t) for t in book.tiers.order]
    ties = {
        "competition": _("得分相同的名次并列，其后名次顺延"),
        "dense": _("得分相同的名次并列，其后名次不顺延"),
        "ordinal": _("名次不并列"),
    }
    comma = ", " if english else "，"
    return [f"{of}{comma}{ties[book.ranks.ties]}", *([comma.join(tiers)] if tiers else [])]


def tier_words(tier: Tier) -> str:
    """Who belongs to a tier, in English; the tier's name is data and stays."""
    if tier.top is not None:
        return f"the first {tier.top}: {tier.name}"
    if tier.bottom is not None:
        return f"the last {tier.bottom}: {tier.name}"
    if tier.share is not None:
        return f"the next {plain_number(tier.share * 100)}%: {tier.name}"
    if tier.at_least is not None:
        return f"at least {plain_number(tier.at_least)}: {tier.name}"
    return f"the rest: {tier.name}"


def _order(line: Line) -> tuple[bool, int]:
    return line.unit.rank is None, line.unit.rank or 0


def _maker(
    campaign: Campaign,
    run: ScoreRun,
    history: Sequence[dict[str, UnitResult]],
    labels: dict[str, str],
    own: set[str],
    seal: str,
    tiers: Sequence[str],
) -> Callable[[UnitResult], Line]:
    months = len(periods_of(campaign))
    page = addresses("dashboards:unit", campaign.code)
    why = addresses("scoring:why-score", campaign.code, run.period)

    def make(unit: UnitResult) -> Line:
        earned = [_earned(h.get(unit.unit), seal) for h in history]
        scores = [h[unit.unit].score if unit.unit in h else None for h in history]
        lead = unit.behind.gap if unit.rank == 1 and unit.behind else None
        return Line(
            unit=unit,
            label=labels.get(unit.unit, unit.name),
            own=unit.unit in own,
            tier_number=tiers.index(unit.tier) + 1 if unit.tier in tiers else 0,
            seal=seal,
            seals=earned + [None] * (months - len(earned)),
            scores=scores,
            lead=lead,
            href=page(unit.unit) + f"?period={run.period}",
            why=why(unit.unit),
        )

    return make


def _earned(unit: UnitResult | None, seal: str) -> bool | None:
    found = [s.earned for s in unit.seals if s.name == seal] if unit else []
    return found[0] if found else None


def answer(board: Leaderboard) -> list[str]:
    """The page's sentence in clauses: who leads, who rose and fell most."""
    firsts = [line.label for track in board.tracks for line in track.lines if line.unit.rank == 1]
    clauses = [_("%(month)s：") % {"month": month(board.run.period)}]
    if len(board.tracks) > 1:
        clauses.append(_("%(names)s分列各赛道第一；") % {"names": "、".join(firsts[:6])})
    else:
        clauses.append(_("%(names)s第一；") % {"names": "、".join(firsts[:6])})
    clauses += _moves(board.lines)
    return clauses


def _moves(lines: Sequence[Line]) -> list[str]:
    moved = [(line.unit.movement or 0, line.label) for line in lines]
    best, worst = max((m for m, _n in moved), default=0), min((m for m, _n in moved), default=0)
    said = []
    if best > 0:
        names = [n for m, n in moved if m == best]
        said.append(_("%(names)s升%(n)s位") % {"names": listed(names, 3), "n": best})
    if worst < 0:
        names = [n for m, n in moved if m == worst]
        said.append(_("%(names)s降%(n)s位") % {"names": listed(names, 3), "n": -worst})
    if not said:
        return [_("位次与上月相同。")]
    return [s + (_("，") if i < len(said) - 1 else _("。")) for i, s in enumerate(said)]


BOXES: dict[str, Callable[[Line], bool]] = {
    "up": lambda line: (line.unit.movement or 0) > 0,
    "down": lambda line: (line.unit.movement or 0) < 0,
    "apart": lambda line: line.unit.rank is None,
    "own": lambda line: line.own,
}


def boxes(board: Leaderboard, chosen: str) -> list[dict[str, Any]]:
    """Count boxes that are filters: all, risen, fallen, earned the seal, each tier, apart, own."""
    period = month(board.run.period)
    titles = {"up": _("进位"), "down": _("退位"), "apart": _("单列"), "own": _("本单位")}
    kinds: list[tuple[str, str, Callable[[Line], bool]]] = [
        ("", _("全部"), lambda _line: True),
        ("up", titles["up"], BOXES["up"]),
        ("down", titles["down"], BOXES["down"]),
    ]
    if board.seal:
        kinds.append(("seal", f"{period}{board.seal[-1:]}", sealed(board)))
    kinds += [(f"tier{i}", name, tier_is(i)) for i, name in enumerate(board.tiers, 1)]
    kinds += [("apart", titles["apart"], BOXES["apart"]), ("own", titles["own"], BOXES["own"])]
    found = []
    for key, title, test in kinds:
        count = sum(1 for line in board.lines if test(line))
        if count or key == "":
            found.append({"key": key, "title": title, "count": count, "on": key == chosen})
    return found


def sealed(board: Leaderboard) -> Callable[[Line], bool]:
    """Whether a line earned the seal in the board's own period."""
    return lambda line: bool(_earned(line.unit, board.seal))


def tier_is(number: int) -> Callable[[Line], bool]:
    return lambda line: line.tier_number == number


def filtered(board: Leaderboard, key: str) -> list[Track]:
    """The tracks with the lines that a box keeps; empty tracks are left out."""
    test: Callable[[Line], bool] = BOXES.get(key, lambda _line: True)
    if key == "seal":
        test = sealed(board)
    elif key.startswith("tier") and key[4:].isdigit():
        test = tier_is(int(key[4:]))
    tracks = [Track(t.name, [line for line in t.lines if test(line)]) for t in board.tracks]
    return [t for t in tracks if t.lines]


def export_rows(board: Leaderboard) -> tuple[list[str], list[list[Any]]]:
    """The ranking as a plain table: header and rows."""
    header = [
        _("赛道"), _("位次"), _("比上月"), _("单位"), _("梯队"), _("得分"), _("距前一名"),
        _("进一位还需"), board.seal or _("月月红"),
    ]  # fmt: skip
    rows = [
        [
            track.name, line.unit.rank or _("单列"), line.unit.movement, line.label,
            line.unit.tier, line.unit.score, line.unit.ahead.gap if line.unit.ahead else None,
            line.unit.need.sentence if line.unit.need else "", line.red,
        ]
        for track in board.tracks
        for line in track.lines
    ]  # fmt: skip
    return header, rows


def gap(value: float | None) -> str:
    """A distance in points to two decimals."""
    return "" if value is None else plain_number(value, 2)
