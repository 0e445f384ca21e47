"""The round's own workbook: prefilled to download, read back into a preview of exact changes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from django.core import signing
from django.utils.translation import gettext as _

from saima.files.opening import Sheet as RawSheet
from saima.files.opening import Workbook, open_workbook
from saima.files.sheet.measures import measure_in, without_measure
from saima.files.sheet.words import plain, tidy
from saima.places import cell_name
from saima.problems import Place, Refused, declare, refuse
from saima_web.base.fields import canonical
from saima_web.people.models import User
from saima_web.reporting.actions import save_each
from saima_web.reporting.grid import cells_to_save
from saima_web.reporting.grid_data import month_names
from saima_web.reporting.grid_lines import Axis, Line, Sheet
from saima_web.reporting.models import Round
from saima_web.reporting.pen import Given
from saima_web.reporting.typed import MARKS, Typed, read, told
from saima_web.ui.templatetags.saima import month, period

NO_TABLE = declare(
    "no-entry-table",
    "没有找到填报表：要有“{names}”一列和“{month}”一列。",
    "请下载本轮的工作簿，填好后原样上传。",
    "no entry table was found: it needs a column “{names}” and a column “{month}”.",
    "Download this round's workbook, fill it in and upload it.",
)
Outcome = Literal["change", "same", "blank", "locked", "wrong", "unknown", "twice"]
SALT = "saima.entry-workbook"
HEADER_ROWS = 20
"""How far down the header is looked for."""
NAME_HEADERS: dict[Axis, set[str]] = {
    "unit": {"指标", "指标名称", "名称", "Indicator"},
    "indicator": {"单位", "单位名称", "名称", "Unit"},
}
CODE_HEADERS: dict[Axis, set[str]] = {
    "unit": {"指标代码", "代码", "Indicator code"},
    "indicator": {"单位代码", "代码", "Unit code"},
}
"""What the column of names or codes may be called, in either language of a download."""
VALUE_HEADERS = ("本月", "本期", "当月", "当期", "本月数", "本期数", "实际完成", "实际值")


@dataclass(frozen=True)
class Change:
    """What one row of an uploaded workbook would do; `wrong` says why it cannot."""

    place: Place
    name: str
    raw: str
    outcome: Outcome
    line: Line | None = None
    typed: Typed = field(default_factory=Typed)
    wrong: str = ""

    @property
    def before(self) -> str:
        return self.line.text if self.line else ""

    @property
    def after(self) -> str:
        return text_of(self.typed)


def text_of(typed: Typed) -> str:
    """A reading as it stands in a cell."""
    if typed.value is not None:
        return canonical(typed.value)
    return typed.grade or MARKS.get(typed.missing, "")


def headers_of(sheet: Sheet) -> list[str]:
    """The columns of the workbook; the last but one is to be filled in."""
    named = (_("指标"), _("指标代码")) if sheet.axis == "unit" else (_("单位"), _("单位代码"))
    return [*named, _("计量单位"), _("全年目标"), _("上期数"), value_header(sheet), _("说明")]


def value_header(sheet: Sheet) -> str:
    return _("%(month)s（填这一列）") % {"month": month(sheet.period.text)}


def title_of(sheet: Sheet) -> str:
    return _("%(period)s填报　%(subject)s") % {
        "period": period(sheet.period.text),
        "subject": sheet.subject,
    }


def workbook_of(sheet: Sheet, failed: Sequence[tuple[str, str, str, str]] | None = None) -> bytes:
    """The page's workbook, prefilled; or only the failed rows (code, name, text, why)."""
    import xlsxwriter

    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, settings)
    page = book.add_worksheet("填报")
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "fill": book.add_format({"bg_color": "#FFF7E6", "border": 1, "align": "right"}),
        "grey": book.add_format({"font_color": "#7A7A7A", "align": "right"}),
    }
    page.write_string(0, 0, title_of(sheet), styles["title"])
    page.write_string(1, 0, _("只填有底色的一列，其他列不要改；没有的填“—”，不改的留原数。"))
    for c, header in enumerate(headers_of(sheet)):
        page.write_string(2, c, header, styles["head"])
    rows = _failed_rows(sheet, failed) if failed is not None else map(_row, sheet.lines)
    for r, row in enumerate(rows, 3):
        _write_row(page, r, row, styles)
    for c, width in enumerate((24, 16, 10, 12, 12, 16, 40)):
        page.set_column(c, c, width)
    page.freeze_panes(3, 1)
    book.close()
    return stream.getvalue()


def _row(line: Line) -> list[Any]:
    value = line.value if line.value is not None else line.text
    last = line.last.value if line.last and line.last.value is not None else line.last_text
    target = line.goal.value if line.goal and line.goal.value is not None else line.target_text
    note = "" if line.editable else _("不用填")
    return [line.label, code_of(line), line.indicator.measure, target, last, value, note]


def code_of(line: Line) -> str:
    """The code by which a line is found again: the indicator's by row, the unit's by column."""
    return line.indicator.code if _by_row(line) else line.entry.unit.code


def _by_row(line: Line) -> bool:
    return line.label == line.indicator.name


def _failed_rows(sheet: Sheet, failed: Sequence[tuple[str, str, str, str]]) -> Iterator[list[Any]]:
    by_code = {_row(line)[1]: _row(line) for line in sheet.lines}
    for code, name, text, why in failed:
        known = by_code.get(code, [name, code, "", "", "", "", ""])
        yield [*known[:5], text, why]


def _write_row(page: Any, r: int, row: Sequence[Any], styles: dict[str, Any]) -> None:
    for c, value in enumerate(row):
        style = styles["fill"] if c == 5 else styles["grey"] if c in (3, 4) else None
        if isinstance(value, Decimal):
            page.write_number(r, c, float(value), style)
        elif value == "" and style is not None:
            page.write_blank(r, c, None, style)
        else:
            page.write_string(r, c, str(value), style)


# --- reading back ---------------------------------------------------------------------------------


def read_upload(sheet: Sheet, name: str, content: bytes) -> list[Change]:
    """What an uploaded workbook would change, row by row. Errors: Refused if it cannot be read."""
    book = _opened(name, content)
    for raw in book.sheets:
        head = _header(raw, sheet)
        if head is not None:
            return _marked_twice(list(_changes(sheet, book.name, raw, *head)))
    names = headers_of(sheet)[0]
    raise refuse(NO_TABLE, Place(file=book.name), names=names, month=month(sheet.period.text))


def _opened(name: str, content: bytes) -> Workbook:
    safe = Path(name.replace("\\", "/")).name[-80:].lstrip(".") or "填报.xlsx"
    with TemporaryDirectory(prefix="saima-") as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        return open_workbook(path)


def _header(raw: RawSheet, sheet: Sheet) -> tuple[int, int, int] | None:
    """Row of the header, column of the names (codes before names), column of the values."""
    names, codes = NAME_HEADERS[sheet.axis], CODE_HEADERS[sheet.axis]
    labels = {plain(text) for text in month_names(sheet)}
    for r, row in enumerate(raw.rows[:HEADER_ROWS]):
        texts = [tidy(str(value)) for value in row]
        column = next(
            (c for group in (codes, names) for c, t in enumerate(texts) if t in group), None
        )
        values = next((c for c, t in enumerate(texts) if _is_value(plain(t), labels)), None)
        if column is not None and values is not None:
            return r, column, values
    return None


def _is_value(text: str, labels: set[str]) -> bool:
    bare = text.partition("(")[0].strip()
    return bare in labels or bare in VALUE_HEADERS


def _changes(
    sheet: Sheet, file: str, raw: RawSheet, head: int, names: int, values: int
) -> Iterator[Change]:
    known = _index(sheet.lines)
    for r in range(head + 1, len(raw.rows)):
        name = tidy(str(raw.rows[r][names]))
        if not name:
            continue
        place = Place(file=file, sheet=raw.name, cell=cell_name(r, values))
        line = known.get(plain(name).casefold()) or known.get(_bare(name))
        yield _change(line, name, raw, (r, values), place)


def _bare(name: str) -> str:
    """A name without the measure behind it: 利润总额（万元） -> 利润总额."""
    return plain(without_measure(name)).casefold()


def _index(lines: Iterable[Line]) -> dict[str, Line]:
    """Lines by code, then by their names."""
    found: dict[str, Line] = {}
    for line in lines:
        unit, indicator = line.entry.unit, line.indicator
        names = (
            [indicator.code, indicator.name]
            if _by_row(line)
            else [unit.code, unit.name, unit.short_name]
        )
        for name in names:
            if name:
                found.setdefault(plain(tidy(name)).casefold(), line)
    return found


def _change(
    line: Line | None, name: str, raw: RawSheet, at: tuple[int, int], place: Place
) -> Change:
    value = raw.rows[at[0]][at[1]]
    text = _written(value)
    if line is None:
        return Change(place, name, text, "unknown", wrong=_("本表没有这一行，没有读取。"))
    if at in raw.facts.uncomputed:
        words = _("公式没有保存结果，请在电子表格里重新计算并保存，或直接填数。")
        return Change(place, name, text, "wrong", line, wrong=words)
    if text == "":
        return Change(place, name, text, "blank", line)
    if at in raw.facts.percents and isinstance(value, float):
        value = f"{canonical(Decimal(repr(value)) * 100)}%"
    return _read(line, name, text, value, place)


def _read(line: Line, name: str, text: str, value: object, place: Place) -> Change:
    try:
        typed = read(value, line.indicator, measure=measure_in(name))
    except Refused as error:
        return Change(place, name, text, "wrong", line, wrong=told(error))
    if _is_same(line, typed):
        return Change(place, name, text, "same", line, typed)
    if not line.editable:
        words = _("由部门统一提供，不用填。") if line.provided else _("已提交或已核定，不能修改。")
        return Change(place, name, text, "locked", line, typed, words)
    found = next((x.message for x in examine(line, typed) if x.kind == "error"), "")
    return Change(place, name, text, "wrong" if found else "change", line, typed, found)


def examine(line: Line, typed: Typed) -> list[Any]:
    """What the rules say of a value that would be given."""
    from saima_web.reporting.checks import bases_of

    bases = bases_of(line.entry.round, {line.entry.unit_id}, {line.indicator})
    return bases.examine(line.entry.unit_id, line.indicator, typed.value)


def _is_same(line: Line, typed: Typed) -> bool:
    figure = line.figure
    if figure is None:
        return typed == Typed()
    return (figure.value, figure.missing, figure.grade) == (
        typed.value,
        typed.missing,
        typed.grade,
    )


def _written(value: object) -> str:
    """A raw cell as people saw it."""
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    return str(value).strip()


def _marked_twice(changes: list[Change]) -> list[Change]:
    """The second row for the same line changes nothing and says so."""
    seen: set[int] = set()
    found = []
    for change in changes:
        twice = change.line is not None and change.line.entry.pk in seen
        if change.line is not None:
            seen.add(change.line.entry.pk)
        found.append(
            Change(
                change.place, change.name, change.raw, "twice", change.line, change.typed,
                _("同一行出现两次，只用第一次。"),
            )
            if twice
            else change
        )  # fmt: skip
    return found


# --- applying -------------------------------------------------------------------------------------


def packed(sheet: Sheet, changes: Iterable[Change], by: User) -> str:
    """The changes as a signed text that the preview carries back."""
    rows = [
        {
            "e": c.line.entry.pk,
            "t": c.after,
            "x": (c.line.entry.confirmed_id if c.line.provided else c.line.entry.reported_id) or 0,
            "n": c.line.label,
            "c": code_of(c.line),
        }
        for c in changes
        if c.outcome == "change" and c.line is not None
    ]
    return signing.dumps(
        {"by": by.pk, "round": sheet.round.pk, "rows": rows}, salt=SALT, compress=True
    )


def unpacked(text: str, sheet: Sheet, by: User) -> list[dict[str, Any]]:
    """The rows of `packed`, if they are this person's for this round and of today; else none."""
    try:
        found = signing.loads(text, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return []
    if (found["by"], found["round"]) != (by.pk, sheet.round.pk):
        return []
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def apply(
    *, round: Round, rows: Sequence[dict[str, Any]], on_behalf: str, by: User
) -> tuple[int, list[tuple[str, str, str, str]]]:
    """Save each row for itself; how many were saved, and those that failed with why."""
    cells = cells_to_save(by, round.campaign, round.pk, [row["e"] for row in rows])
    entries = {e.pk: e for e in cells}
    given: list[Given] = []
    kept: list[dict[str, Any]] = []
    errors: list[tuple[dict[str, Any], Refused]] = []
    for row in rows:
        entry = entries.get(row["e"])
        if entry is None:
            continue
        try:
            typed = read(row["t"], entry.indicator)
        except Refused as error:
            errors.append((row, error))
            continue
        given.append(
            Given(
                entry, typed.value, typed.missing, typed.grade, expected=row["x"],
                origin="workbook", on_behalf=on_behalf.strip(),
            )
        )  # fmt: skip
        kept.append(row)
    told_each = save_each(rows=given, by=by) if given else []
    errors += [(row, why) for row, why in zip(kept, told_each, strict=True) if why]
    failed = [(row["c"], row["n"], row["t"], told(why)) for row, why in errors]
    return told_each.count(None), failed
