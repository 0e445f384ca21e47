"""The desk of a round with very many cells: counted and paged by the database, a page read in full.

It holds what `review.Desk` holds, in the same order; only what hangs on a cell's figures (questions,
second reports) is left to the whole desk, which is read when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from saima_web.people.models import User
from saima_web.people.permissions import cells_for, units_for
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.reporting.queries import OWNER, Choice, entries_seen, indicators_of, units_of
from saima_web.reporting.recording import reported_units
from saima_web.ui.tables import Row, Selection

ORDER = ("returned", "submitted", "endorsed", "draft", "empty", "awaited", "confirmed")
"""The states of rows; `awaited` is what the owner has yet to provide."""
BOXES: dict[str, Callable[[Group], bool]] = {
    "mine": lambda g: g.mine,
    "owed": lambda g: g.state in ("empty", "draft"),
    **{s: lambda g, s=s: g.state == s for s in ORDER},  # type: ignore[misc]
}
"""The filters that a group of cells answers for all its cells."""


@dataclass(frozen=True)
class Group:
    """Cells of one unit that stand alike, and how many they are."""

    unit: int
    state: str
    mine: bool
    provides: bool
    returns: bool
    cells: int


@dataclass(frozen=True)
class LargeDesk:
    """A person's desk by groups of cells. `read` makes the rows of some cells."""

    by: User
    round: Round
    read: Callable[[Sequence[Entry]], list[dict[str, Any]]]
    narrowed: Q = field(default_factory=Q)
    asked: dict[str, LargeDesk] = field(default_factory=dict)
    unit: None = None
    indicator: None = None

    @cached_property
    def groups(self) -> list[Group]:
        """In the order of the desk."""
        rows = _grouped(self.by, self.round, self.scope.filter(self.narrowed))
        place = {unit.pk: n for n, unit in enumerate(self.units)}
        key = lambda g: (not g.mine, ORDER.index(g.state), place[g.unit])  # noqa: E731
        return sorted(rows, key=key)

    @cached_property
    def scope(self) -> QuerySet[Entry]:
        return entries_seen(self.by, self.round).order_by()

    @cached_property
    def units(self) -> list[Choice]:
        return units_of(self.scope)

    @cached_property
    def indicators(self) -> list[Choice]:
        return indicators_of(self.scope)

    @property
    def rows(self) -> Cells:
        return Cells(self, self.groups)

    @cached_property
    def events(self) -> set[str]:
        """The decisions that the person may take on some cell."""
        mine = {"endorse" if g.state == "submitted" else "confirm" for g in self.groups if g.mine}
        return mine | ({"return"} if mine or any(g.returns for g in self.groups) else set())

    @property
    def has_awaited(self) -> bool:
        return any(g.state == "awaited" for g in self.groups)

    @property
    def has_elsewhere(self) -> bool:
        back = self.scope.filter(state="returned", remarks__kind=Remark.Kind.SHARED)
        return back.exists()

    @property
    def has_official(self) -> bool:
        """Wherever the period has any: the whole desk looks at its rows."""
        rows = Figure.objects.filter(source=Figure.Source.OFFICIAL, period=self.round.period)
        return rows.filter(indicator__in=[x.pk for x in self.indicators]).exists()

    def count(self, wanted: Callable[[Group], bool]) -> int:
        return sum(g.cells for g in self.groups if wanted(g))

    def waiting_units(self, *states: str, others: bool = False) -> int:
        """How many units have cells in some states; `others`: that wait for somebody else."""
        return len({g.unit for g in self.groups if g.state in states and not (others and g.mine)})

    def numbers(self) -> dict[str, int]:
        """How many cells wait for whom."""
        return {
            "n": self.count(lambda g: g.mine), "total": self.count(lambda _g: True),
            "awaited": self.count(lambda g: g.state == "awaited" and not g.provides),
            "provide": self.count(lambda g: g.provides),
            "owners": self.count(lambda g: g.state == "endorsed" and not g.mine),
        }  # fmt: skip

    def searched(self, query: str) -> LargeDesk:
        """The desk of the cells whose unit and indicator have all words of a query."""
        if not query:
            return self
        found = Q()
        for word in query.casefold().split():
            units = [u.pk for u in self.units if word in u.name.casefold()]
            indicators = [x.pk for x in self.indicators if word in x.name.casefold()]
            found &= Q(unit__in=units) | Q(indicator__in=indicators)
        if query not in self.asked:
            self.asked[query] = LargeDesk(self.by, self.round, self.read, found)
        return self.asked[query]


@dataclass(frozen=True)
class Cells(Selection):
    """The rows of a large desk, read when a page of them is asked for."""

    desk: LargeDesk
    groups: Sequence[Group]

    def __len__(self) -> int:
        return sum(g.cells for g in self.groups)

    def __iter__(self) -> Iterator[Row]:
        return iter(self[:])

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self[at : at + 1][0]
        start, stop, _step = at.indices(len(self))
        kept, before = self._reaching(start, stop)
        if not kept:
            return []
        ids = self._ordered(kept)[start - before : stop - before]
        entries = self.desk.scope.in_bulk(ids)
        by_pk = {row["pk"]: row for row in self.desk.read([entries[pk] for pk in ids])}
        return [by_pk[pk] for pk in ids]

    def _reaching(self, start: int, stop: int) -> tuple[list[Group], int]:
        """The groups in which a stretch of rows lies, and how many rows come before them."""
        at, before, kept = 0, 0, []
        for group in self.groups:
            if at + group.cells <= start:
                before = at + group.cells
            elif at < stop:
                kept.append(group)
            at += group.cells
        return kept, before

    def _ordered(self, kept: Sequence[Group]) -> list[int]:
        """The ids of all cells of some groups, in the order of the desk."""
        cells = self.desk.scope.filter(
            self.desk.narrowed, unit__in={g.unit for g in kept},
            state__in={"empty" if g.state == "awaited" else g.state for g in kept},
        )  # fmt: skip
        rows = _stood(self.desk.by, self.desk.round, cells).values_list(
            "unit_id", "stands", "mine", "pk"
        )
        found: dict[tuple[int, int, int], list[int]] = {}
        for unit, state, mine, pk in rows.order_by("indicator__order", "indicator__pk"):
            found.setdefault((unit, state, mine), []).append(pk)
        keys = dict.fromkeys((g.unit, ORDER.index(g.state), int(g.mine)) for g in kept)
        return [pk for key in keys for pk in found.get(key, ())]

    def asked(self, query: str, box: str) -> Cells:
        desk = self.desk.searched(query)
        test = BOXES.get(box)
        return Cells(desk, [g for g in desk.groups if test is None or test(g)])

    def counts(self, query: str) -> dict[str, int]:
        desk = self.desk.searched(query)
        return {"": desk.count(lambda _g: True)} | {k: desk.count(t) for k, t in BOXES.items()}


def _grouped(by: User, round: Round, cells: QuerySet[Entry]) -> list[Group]:
    rows = _stood(by, round, cells).values_list("unit_id", "stands", "mine", "provides", "returns")
    return [
        Group(unit, ORDER[state], bool(mine), bool(provides), bool(returns), n)
        for unit, state, mine, provides, returns, n in rows.annotate(n=Count("pk"))
    ]


def _stood(by: User, round: Round, cells: QuerySet[Entry]) -> QuerySet[Any, Any]:
    """Each cell with how it stands and what the person may do there, as `Powers` says it."""
    nothing, open = Q(pk__in=[]), round.state == Round.State.OPEN
    owned = cells_for(by, "figures.confirm", round.campaign) if open else nothing
    free = owned & ~Q(unit__in=reported_units(by)) & ~Q(pk__in=_given(by, round))
    ends = units_for(by, "figures.endorse", round.campaign).values_list("pk", flat=True)
    mine = Q(state="submitted", unit__in=list(ends)) if open else nothing
    own = ~Q(indicator__provider=OWNER) & Q(reported__isnull=False)
    awaited = Q(state="empty", indicator__provider=OWNER)
    known = [When(state=s, then=Value(n)) for n, s in enumerate(ORDER) if s != "awaited"]
    stands = Case(When(awaited, then=Value(ORDER.index("awaited"))), *known, default=Value(0))
    return cells.annotate(
        stands=stands, mine=_flag(mine | (Q(state="endorsed") & free)),
        provides=_flag(awaited & owned), returns=_flag(Q(state="confirmed") & free & own),
    )  # fmt: skip


def _flag(test: Q) -> Case:
    return Case(When(test, then=Value(1)), default=Value(0), output_field=IntegerField())


def _given(by: User, round: Round) -> list[int]:
    """The cells whose figure the person gave: these one does not settle."""
    own = round.entries.filter(reported__by=by, state__in=("endorsed", "confirmed"))
    return list(own.order_by().values_list("pk", flat=True))
