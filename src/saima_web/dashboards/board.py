"""The wall: a published ranking, frozen and revealed from the last place to the first.

What is covered is not sent: neither names nor ties. The office moves the reveal; every screen asks
again every few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from saima_web.audit.actions import writing
from saima_web.campaigns.models import Campaign
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.dashboards.models import BoardState
from saima_web.people.models import User
from saima_web.people.permissions import require


@dataclass(frozen=True)
class Place:
    """One row of the wall; a covered one has no line."""

    number: int | None
    line: Line | None
    just: bool = False


@dataclass(frozen=True)
class Wall:
    """The tracks' rows, and how many units are revealed of how many."""

    tracks: list[tuple[str, int, list[Place]]]
    shown: int
    whole: int
    frozen: bool


def wall_of(board: Leaderboard, state: BoardState | None) -> Wall:
    """The wall in a state: all shown where it is not frozen."""
    whole = sum(t.ranked for t in board.tracks)
    frozen = state is not None and state.frozen and state.period == board.run.period
    shown = min(state.revealed, whole) if frozen and state else whole
    open_ranks = _revealed(board, shown) if frozen else {t.name: t.ranked for t in board.tracks}
    latest = _latest(board, shown) if frozen else set()
    tracks = []
    for track in board.tracks:
        ranked = [line for line in track.lines if line.unit.rank]
        hidden = len(ranked) - open_ranks[track.name]
        rows = [Place(n + 1, None) for n in range(hidden)]
        rows += [
            Place(x.unit.rank, x, (track.name, i + hidden) in latest)
            for i, x in enumerate(ranked[hidden:])
        ]
        if not frozen or shown == whole:
            rows += [Place(None, line) for line in track.lines if line.unit.rank is None]
        tracks.append((track.name, len(track.lines), rows))
    return Wall(tracks, shown, whole, frozen)


def _order(board: Leaderboard) -> list[str]:
    """In which order tracks give a place: the last of each, then the one before, and so on."""
    deepest = max((t.ranked for t in board.tracks), default=0)
    return [t.name for n in range(deepest) for t in board.tracks if n < t.ranked]


def _revealed(board: Leaderboard, shown: int) -> dict[str, int]:
    opened = _order(board)[:shown]
    return {t.name: opened.count(t.name) for t in board.tracks}


def _latest(board: Leaderboard, shown: int) -> set[tuple[str, int]]:
    """The row revealed last, by track and index from the top."""
    if not shown:
        return set()
    opened = _order(board)[:shown]
    track = next(t for t in board.tracks if t.name == opened[-1])
    return {(track.name, track.ranked - opened.count(track.name))}


def move(*, campaign: Campaign, period: str, step: str, by: User) -> BoardState:
    """Freeze, reveal the next, take one back, show all. Ledgered, since it is done in public."""
    with writing(by) as ledger:
        require(by, "board.run", campaign=campaign)
        state, _made = BoardState.objects.select_for_update().get_or_create(campaign=campaign)
        if step == "freeze" or state.period != period:
            state.period, state.frozen, state.revealed = period, True, 0
        elif step == "next":
            state.revealed += 1
        elif step == "back":
            state.revealed = max(0, state.revealed - 1)
        if step == "all":
            state.frozen = False
        state.save()
        ledger.record(
            "board." + step, f"board/{campaign.code}", campaign=campaign.code, shown=state.revealed
        )
    return state
