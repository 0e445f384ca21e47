"""Tables that sort, filter, keep their view in the address and export what they show."""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from saima_web.ui.downloads import XLSX, file_response

Row = Mapping[str, Any]
Kind = Literal["text", "number", "date", "moment"]
PAGE = 100


class Selection(Sequence[Row]):
    """Rows that are searched, filtered and paged where they are kept; they come in their own order.

    `counts` says by a box's key how many rows it keeps, "" for all; a box it does not name has
    no number.
    """

    @abstractmethod
    def asked(self, query: str, box: str) -> Selection: ...

    @abstractmethod
    def counts(self, query: str) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Column:
    """A column of rows' `key`. `template` draws the cell (it gets `row`, `column`, `value`).

    draw: makes the cell's HTML of its row, where hundreds of cells would keep a template busy.
    decimals: for numbers, the same down the column. measure stands in the header. link: key of
    the row's address. sort: key to sort by, if not its own; empty for unsortable.
    """

    key: str
    title: str
    kind: Kind = "text"
    decimals: int | None = None
    measure: str = ""
    template: str = ""
    draw: Callable[[Row], str] | None = None
    link: str = ""
    sort: str | None = None
    export: bool = True

    @property
    def header(self) -> str:
        return f"{self.title}（{self.measure}）" if self.measure else str(self.title)

    @property
    def sort_key(self) -> str:
        return self.key if self.sort is None else self.sort


@dataclass(frozen=True)
class Box:
    """A count box that is a filter: its key in the address, its title, which rows it keeps."""

    key: str
    title: str
    test: Callable[[Row], bool]


@dataclass(frozen=True)
class Table:
    """Rows and how to show them. `search` names the keys that the search field looks in.

    empty, begin: what the empty table says: what comes here, and how to begin. row_class: key
    of a CSS class for the row (`me`, `first`). stacks: cells carry their column's key and title,
    so that a style sheet can set a row as a card on a phone. heads: key of the column that heads
    such a card, if not the first.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    name: str = field(default_factory=lambda: gettext("表格"))
    search: Sequence[str] = ()
    boxes: Sequence[Box] = ()
    empty: str = field(default_factory=lambda: gettext("还没有内容。"))
    begin: str = ""
    caption: str = ""
    row_class: str = "row_class"
    prefix: str = ""
    css: str = ""
    stacks: bool = False
    heads: str = ""

    def shown(self, request: HttpRequest) -> Shown:
        """The rows that the address asks for, sorted and filtered."""
        return Shown(self, request)


@dataclass
class Shown:
    """A table as one request sees it."""

    table: Table
    request: HttpRequest
    query: str = field(init=False)
    sort: str = field(init=False)
    box: str = field(init=False)

    def __post_init__(self) -> None:
        get = self.request.GET.get
        self.query = (get(self._name("q")) or "").strip()
        self.sort = get(self._name("sort")) or ""
        self.box = get(self._name("box")) or ""
        rows = self.table.rows
        self.found: Sequence[Row]
        if isinstance(rows, Selection):
            self.found = rows.asked(self.query, self.box)
        else:
            self.found = self._sorted(self._kept(self._searched(rows)))
        self.page = Paginator(self.found, PAGE).get_page(get(self._name("page")))

    def _name(self, key: str) -> str:
        return self.table.prefix + key

    def _searched(self, rows: Sequence[Row]) -> list[Row]:
        if not self.query or not self.table.search:
            return list(rows)
        words = self.query.casefold().split()
        texts = (
            (" ".join(str(r.get(k) or "") for k in self.table.search).casefold(), r) for r in rows
        )
        return [row for text, row in texts if all(word in text for word in words)]

    def _kept(self, rows: list[Row]) -> list[Row]:
        box = next((b for b in self.table.boxes if b.key == self.box), None)
        return [row for row in rows if box.test(row)] if box else rows

    def _sorted(self, rows: list[Row]) -> list[Row]:
        key, down = self.sort.lstrip("-"), self.sort.startswith("-")
        if not any(c.sort_key == key for c in self.table.columns if key):
            return rows
        known = [r for r in rows if r.get(key) not in (None, "")]
        known.sort(key=lambda r: _comparable(r[key]), reverse=down)
        return known + [r for r in rows if r.get(key) in (None, "")]

    def address(self, **changes: str | None) -> str:
        """This page's address with some of the table's parameters changed (None removes)."""
        params = self.request.GET.copy()
        params.pop(self._name("page"), None)
        for key, value in changes.items():
            if value:
                params[self._name(key)] = value
            else:
                params.pop(self._name(key), None)
        return "?" + params.urlencode()

    @property
    def headers(self) -> list[dict[str, Any]]:
        """Each column with the address that sorts by it and how it is sorted now."""
        return [
            {
                "column": c,
                "sort": self.address(sort=self._next(c)) if c.sort_key else "",
                "state": {c.sort_key: "ascending", "-" + c.sort_key: "descending"}.get(
                    self.sort if c.sort_key else "\0", ""
                ),
            }
            for c in self.table.columns
        ]

    def _next(self, column: Column) -> str | None:
        first, second = column.sort_key, "-" + column.sort_key
        if column.kind != "text":
            first, second = second, first
        return {first: second, second: None}.get(self.sort, first)

    @property
    def boxes(self) -> list[dict[str, Any]]:
        counts = self._counts()
        every = {
            "title": gettext("全部"),
            "count": counts[""],
            "href": self.address(box=None),
            "on": not self.box,
        }
        return [
            every,
            *(
                {
                    "title": b.title,
                    "count": counts.get(b.key),
                    "href": self.address(box=b.key),
                    "on": self.box == b.key,
                }
                for b in self.table.boxes
            ),
        ]

    def _counts(self) -> Mapping[str, int]:
        """How many of the rows searched for each box keeps."""
        if isinstance(self.table.rows, Selection):
            return self.table.rows.counts(self.query)
        rows = self._searched(self.table.rows)
        kept = {b.key: sum(1 for r in rows if b.test(r)) for b in self.table.boxes}
        return {"": len(rows)} | kept

    @property
    def export_address(self) -> str:
        return self.address(export=self.table.prefix + "xlsx")

    @property
    def wants_export(self) -> bool:
        return self.request.GET.get(self._name("export")) == self.table.prefix + "xlsx"

    def export(self) -> HttpResponse:
        """What is shown, all pages of it, as a workbook."""
        return workbook_response(
            self.table.name,
            [c.header for c in self.table.columns if c.export],
            ([row.get(c.key) for c in self.table.columns if c.export] for row in self.found),
        )


def _comparable(value: Any) -> tuple[int, Any]:
    if isinstance(value, (bool, int, float, Decimal)):
        return 0, value
    return (1, value) if isinstance(value, (date, datetime)) else (2, str(value))


def workbook_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A workbook of one sheet: header in bold, kept in view; text is never taken for a formula."""
    return file_response(workbook_bytes(name, header, rows), f"{name}.xlsx", XLSX)


def workbook_bytes(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of such a workbook."""
    import xlsxwriter

    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, settings)
    sheet = book.add_worksheet("".join(c for c in name if c not in "[]:*?/\\'")[:31] or "-")
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, list(header), bold)
    widths = [len(str(h)) for h in header]
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row):
            _put(sheet, r, c, value, day)
            widths[c] = max(widths[c], min(40, len(str(value or ""))))
    for c, width in enumerate(widths):
        sheet.set_column(c, c, 2 + width * 1.7)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, gettext("是") if value else gettext("否"))
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        sheet.write_string(row, column, f"{local:%Y-%m-%d %H:%M}")
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    else:
        sheet.write_string(row, column, str(value))
