"""Give a campaign back with its problems marked: bad cells coloured and commented, and a list."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saima.files.saving import check_folder, save
from saima.places import cell_position
from saima.problems import Language, Place, Problem, refuse

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LIST_SHEET = "问题清单"
_RED, _YELLOW = "FFF4C7C3", "FFFCE8B2"
_HEADERS = ("序号", "程度", "位置", "问题", "怎么改")
_WIDTHS = (6, 8, 30, 60, 60)
_SEVERITY = {"error": "错误", "warning": "请核对"}
_LONGEST_COMMENT = 2000


def annotate(path: Path, problems: Sequence[Problem], out: Path, language: Language = "zh") -> None:
    """Write to `out` a copy of a workbook with the cells that `problems` name marked.

    Each such cell is coloured (red: error, yellow: to be confirmed) and carries a comment; a new
    first sheet 问题清单 lists all problems with links. For a folder only the list is written.
    The original is never touched. Errors: Refused where `out` exists, is not an .xlsx or cannot
    be written, or the workbook cannot be copied (an .xls: save it as .xlsx first).
    """
    if out.suffix.lower() != ".xlsx":
        raise refuse("annotated-not-xlsx", Place(file=out.name))
    if out.exists():
        raise refuse("target-exists", Place(file=out.name), name=out.name)
    check_folder(out)
    book = _new_book() if path.is_dir() else _copy(path)
    marked = _mark_cells(book, problems, language)
    _write_list(book, problems, marked, language)
    stream = BytesIO()
    book.save(stream)
    save(out, stream.getvalue())


def _new_book() -> Workbook:
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    return book


def _copy(path: Path) -> Workbook:
    """The workbook as openpyxl holds it; formulas stay formulas, links are dropped."""
    import openpyxl

    try:
        return openpyxl.load_workbook(path, keep_links=False)
    except Exception as error:
        reason = str(error)[:80] or type(error).__name__
        raise refuse("annotated-not-copied", Place(file=path.name), reason=reason) from error


def _mark_cells(book: Workbook, problems: Sequence[Problem], language: Language) -> set[int]:
    """Colour and comment the cells that problems name; the numbers of those problems."""
    by_cell: dict[tuple[str, str], list[int]] = {}
    for number, problem in enumerate(problems):
        place = problem.place
        if place.sheet in book.sheetnames and place.cell:
            by_cell.setdefault((place.sheet, place.cell), []).append(number)
    for (sheet, cell), numbers in by_cell.items():
        _mark(book[sheet], cell, [problems[n] for n in numbers], language)
    return {n for numbers in by_cell.values() for n in numbers}


def _mark(sheet: Worksheet, cell: str, problems: list[Problem], language: Language) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    row, column = cell_position(cell)
    target: Any = _anchor(sheet, row + 1, column + 1)
    colour = _RED if any(p.severity == "error" for p in problems) else _YELLOW
    target.fill = PatternFill("solid", start_color=colour, end_color=colour)
    old = f"{target.comment.text}\n" if target.comment else ""
    told = "\n".join(f"{p.message(language)}{p.hint(language)}" for p in problems)
    comment = Comment((old + told)[:_LONGEST_COMMENT], LIST_SHEET)
    comment.width, comment.height = 320, 120
    target.comment = comment


def _anchor(sheet: Worksheet, row: int, column: int) -> Any:
    """The cell, or the first one of the merged range that it lies in."""
    from openpyxl.cell.cell import MergedCell

    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _write_list(
    book: Workbook, problems: Sequence[Problem], marked: set[int], language: Language
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(_free_name(book), 0)
    book.active = 0
    for column, (title, width) in enumerate(zip(_HEADERS, _WIDTHS), 1):
        head = sheet.cell(1, column)
        head.value, head.font = title, Font(bold=True)
        head.fill = PatternFill("solid", start_color="FFF1F0EC", end_color="FFF1F0EC")
        sheet.column_dimensions[head.column_letter].width = width
    for number, problem in enumerate(problems, 1):
        place = problem.place
        severity = _SEVERITY[problem.severity]
        texts = (place.text(language), problem.message(language), problem.hint(language))
        values: tuple[str | int, ...] = (number, severity, *texts)
        for column, value in enumerate(values, 1):
            cell = sheet.cell(number + 1, column)
            _put(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        if number - 1 in marked:
            _link(sheet.cell(number + 1, 3), place)
    sheet.freeze_panes = "A2"


def _free_name(book: Workbook) -> str:
    names = [LIST_SHEET, *(f"{LIST_SHEET}{n}" for n in range(2, 99))]
    return next(name for name in names if name not in book.sheetnames)


def _put(cell: Any, value: str | int) -> None:
    """Write a value; a text is a text even if it starts like a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _link(cell: Any, place: Place) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    name = place.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{place.cell}")
    cell.font = Font(color="FF0563C1", underline="single")
