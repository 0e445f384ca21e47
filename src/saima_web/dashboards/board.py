"""The wall: a published ranking, frozen and revealed from the last place to the first.

A draft is shown whole and marked as one, to those who may see drafts; it is never revealed.

What is covered is not sent: neither names nor ties. The office moves the reveal; every screen asks
again every few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.campaigns.models import Campaign
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.dashboards.models import BoardState
from saima_web.people.models import User
from saima_web.people.permissions import require

LONG = 12
"""Rows that one column of the wall holds at ease."""

STEPS = ("freeze", "next", "back", "all")
NO_SUCH_STEP = declare(
    "no-such-board-step",
    "大屏没有“{step}”这一步。",
    "请用封榜、揭晓下一名、退回一名、全部揭晓。",
    "the wall knows no step “{step}”.",
    "Freeze, reveal the next, take one back, or show all.",
)


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

    @property
    def columns(self) -> int:
        """Into how many columns a single long track is set."""
        return -(-self._longest // LONG) if len(self.tracks) == 1 else 1

    @property
    def rows(self) -> int:
        """How many rows have to find room under one another."""
        return -(-self._longest // self.columns) if self._longest else 1

    @property
    def _longest(self) -> int:
        return max((len(rows) for _name, _units, rows in self.tracks), default=1)


def wall_of(board: Leaderboard, state: BoardState | None) -> Wall:
    """The wall in a state: all shown where it is not frozen."""
    frozen = state is not None and state.frozen and state.period == board.run.period
    order = steps_of(board)
    opened = order[: state.revealed] if frozen and state else order
    latest = opened[-1] if frozen and opened else None
    done = len(opened) == len(order)
    tracks = []
    for track in board.tracks:
        ranked = [line for line in track.lines if line.unit.rank]
        shown = [line for line in ranked if (track.name, line.unit.rank) in opened]
        rows = [Place(n + 1, None) for n in range(len(ranked) - len(shown))]
        rows += [Place(x.unit.rank, x, (track.name, x.unit.rank) == latest) for x in shown]
        if done:
            rows += [Place(None, line) for line in track.lines if line.unit.rank is None]
        tracks.append((track.name, len(track.lines), rows))
    count = sum(1 for _n, _u, rows in tracks for row in rows if row.line and row.number)
    return Wall(tracks, count, sum(t.ranked for t in board.tracks), frozen)


def steps_of(board: Leaderboard) -> list[tuple[str, int]]:
    """In which order places come out: the last of each track, then the one before, and so on.

    Tied units come out together, since one of them beside a cover would tell of the tie.
    """
    places = [
        (t.name, sorted({x.unit.rank for x in t.lines if x.unit.rank}, reverse=True))
        for t in board.tracks
    ]
    deepest = max((len(ranks) for _name, ranks in places), default=0)
    return [(name, ranks[n]) for n in range(deepest) for name, ranks in places if n < len(ranks)]


def move(*, campaign: Campaign, period: str, step: str, by: User) -> BoardState:
    """Freeze, reveal the next, take one back, show all. Ledgered, since it is done in public."""
    with writing(by) as ledger:
        require(by, "board.run", campaign=campaign)
        if step not in STEPS:
            raise refuse(NO_SUCH_STEP, step=step)
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
