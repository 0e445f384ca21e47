"""Reads whose SQL is made once and run often: making it costs more than reading a few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

Row = TypeVar("Row")
Value = int | str | Iterable[int] | Iterable[str]
FIRST_MARK = 2_000_000_000
"""Numbers that stand for values while the SQL is made; they fit every column of numbers."""


@dataclass
class Prepared(Generic[Row]):
    """A queryset as a function of its values: numbers, texts, or collections of these.

    It answers with a list of what the queryset gives: objects with what `select_related` brings,
    or the tuples of `values_list`. A collection is filled up to a power of two with its last
    member, so that few statements stand for all lengths. PostgreSQL keeps their plans too.
    """

    make: Callable[..., QuerySet[Any, Row]]
    kept: dict[tuple[Any, ...], Statement] = field(default_factory=dict)

    def __call__(self, *values: Value) -> list[Row]:
        given = [v if isinstance(v, (int, str)) else _filled(tuple(v)) for v in values]
        if () in given:
            return []
        key = (connection.vendor, *map(_shape, given))
        if key not in self.kept:
            self.kept[key] = _statement(self.make, given)
        return self.kept[key].run(given)


def prepared(make: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """The same queryset, kept ready. It asks for nothing but what its parameters name."""
    return Prepared(make)


@dataclass(frozen=True)
class Mark:
    """Where a value goes: which of the values, and which of its members."""

    value: int
    member: int = -1

    def of(self, values: Sequence[Any]) -> int | str:
        found = values[self.value]
        return found if self.member < 0 else found[self.member]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Statement:
    """SQL, what stands at its places, and how rows become what the queryset gives."""

    sql: str
    places: Sequence[Any]
    compiler: Any
    converters: dict[int, Any]
    read: Callable[[Any], Any]

    def run(self, values: Sequence[Any]) -> list[Any]:
        with _cursor() as cursor:
            cursor.execute(
                self.sql, [p.of(values) if isinstance(p, Mark) else p for p in self.places]
            )
            rows = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [self.read(row) for row in rows]


def _filled(members: tuple[Any, ...]) -> tuple[Any, ...]:
    length = 1 << (len(members) - 1).bit_length() if members else 0
    return members + members[-1:] * (length - len(members))


def _shape(value: Any) -> tuple[type, int]:
    return (type(value[0]), len(value)) if isinstance(value, tuple) else (type(value), -1)


def _statement(make: Callable[..., QuerySet[Any, Any]], given: Sequence[Any]) -> Statement:
    marks: dict[int | str, Mark] = {}

    def mark(like: int | str, place: Mark) -> int | str:
        number = FIRST_MARK + len(marks)
        name = number if isinstance(like, int) else f"mark {number}"
        marks[name] = place
        return name

    rows = make(
        *(
            tuple(mark(member, Mark(n, m)) for m, member in enumerate(value))
            if isinstance(value, tuple) else mark(value, Mark(n))
            for n, value in enumerate(given)
        )
    )  # fmt: skip
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    places = [marks.get(p, p) if isinstance(p, (int, str)) else p for p in parameters]
    lost = set(marks.values()) - {p for p in places if isinstance(p, Mark)}
    if lost:
        raise ValueError(f"the statement does not ask for its values {lost}: {sql}")
    columns = [s[0] for s in compiler.select[: compiler.col_count]]
    return Statement(
        sql, places, compiler, compiler.get_converters(columns), _reader(rows, compiler)
    )


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Any], Any]:
    """How a row of the database becomes one of the queryset's: as `ModelIterable` does it."""
    if not issubclass(rows._iterable_class, ModelIterable):
        return tuple
    known, select = compiler.klass_info, compiler.select
    first, end = known["select_fields"][0], known["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:end]]
    populators: Any = get_related_populators  # the stubs speak of a later Django
    related = populators(known, select, connection.alias)

    def read(row: Any) -> Any:
        found = known["model"].from_db(connection.alias, names, row[first:end])
        for populator in related:
            populator.populate(row, found)
        return found

    return read


def _cursor() -> AbstractContextManager[Any]:
    """A cursor; on PostgreSQL one whose values go beside the statement, so that plans are kept."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    with connection.cursor():  # opens the connection, or finds that it was lost
        pass
    binding: Any = ServerBindingCursor
    with connection.wrap_database_errors:
        own = binding(connection.connection)
    seen = connection.queries_logged
    return connection.make_debug_cursor(own) if seen else connection.make_cursor(own)
