"""Write campaigns: templates to start from, and any campaign as a folder or a workbook."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from saima.files.campaign.content import Row, content_of, identified
from saima.files.campaign.sample import sample
from saima.files.campaign.schema import FORMS, Form
from saima.files.campaign.template import workbook_bytes
from saima.files.cells import safe_text
from saima.files.saving import check_folder, save
from saima.problems import Place, refuse
from saima.rules.rulebook import Rulebook
from saima.tables import Tables

Template = Literal["workbook", "folder"]


def write_template(path: Path, kind: Template | None = None) -> None:
    """Write a campaign to start from, with a worked sample that scores as it stands.

    `kind` follows from the path if not given: a folder unless it ends in .xlsx. Errors: Refused
    where something is there already (nothing is overwritten) or the place cannot be written.
    """
    chosen = kind or ("workbook" if path.suffix.lower() == ".xlsx" else "folder")
    if chosen == "workbook":
        _refuse_existing(path)
        check_folder(path)
        save(path, workbook_bytes(sample()))
        return
    from saima.files.campaign import load_campaign

    with tempfile.TemporaryDirectory() as scratch:
        book = Path(scratch) / "sample.xlsx"
        book.write_bytes(workbook_bytes(sample()))
        tables, rulebooks = load_campaign(book)
    _save_folder(path, tables, rulebooks, parquet=False)


def save_campaign(
    tables: Tables, rulebooks: Iterable[Rulebook], out: Path, *, parquet: bool = False
) -> None:
    """Write a campaign that was read: as one workbook if `out` ends in .xlsx, else as a folder.

    With `parquet`, a folder's targets and facts are Parquet. Errors: Refused where something is
    there already (an empty folder may be filled), or the place cannot be written.
    """
    if out.suffix.lower() == ".xlsx":
        _refuse_existing(out)
        check_folder(out)
        save(out, workbook_bytes(content_of(tables, rulebooks, named=True)))
    else:
        _save_folder(out, tables, tuple(rulebooks), parquet)


def _save_folder(
    path: Path, tables: Tables, rulebooks: tuple[Rulebook, ...], parquet: bool
) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise refuse("target-exists", Place(file=path.name), name=path.name)
    check_folder(path)
    content = content_of(tables, rulebooks)
    try:
        (path / "rulebooks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refuse(
            "output-not-writable", Place(file=path.name), folder=path.name, reason=reason
        ) from error
    save(path / "campaign.yaml", _settings_text(content.settings).encode())
    for rulebook, text in zip(rulebooks, content.documents):
        save(path / "rulebooks" / f"{rulebook.rulebook}-v{rulebook.version}.yaml", text.encode())
    for form in FORMS:
        rows, large = content.rows[form.table], form.table in ("targets", "facts")
        if large and parquet:
            _write_parquet(path / f"{form.table}.parquet", form, tables)
        elif rows or form.table in ("units", "indicators", "facts"):
            text = csv_text(form, rows, content.periods.get(form.table) or [])
            save(path / f"{form.table}.csv", text.encode())


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise refuse("target-exists", Place(file=path.name), name=path.name)


def _write_parquet(path: Path, form: Form, tables: Tables) -> None:
    """The long table itself, without where it stood."""
    import polars as pl

    frame = getattr(tables, form.table).drop("table", "row", "column")
    if frame["recorded_at"].null_count() == frame.height:
        frame = frame.drop("recorded_at")
    strings = [
        pl.col(n).cast(pl.String) for n, k in frame.schema.items() if k in (pl.Enum, pl.Categorical)
    ]
    frame.with_columns(*strings).write_parquet(path)


def csv_text(form: Form, rows: list[Row], periods: list[str]) -> str:
    """Rows as CSV under English headers; texts never start a formula."""
    used = {key for row in rows for key in row}
    fields = [f for f in form.fields if f.name in used or f.required]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(f.name.replace("_", "-") for f in fields), *periods])
    for row in rows:
        cells = [identified(row.get(f.name)) for f in fields]
        cells += [row.get(period) for period in periods]
        writer.writerow([_cell(value) for value in cells])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return safe_text(value) if isinstance(value, str) else value


def _settings_text(settings: Row) -> str:
    """campaign.yaml: nested mappings by path."""
    import yaml

    nested: dict[str, Any] = {}
    for key, value in settings.items():
        first, _, second = key.partition(".")
        if second:
            nested.setdefault(first, {})[second] = value
        else:
            nested[first] = value
    return yaml.safe_dump(nested, allow_unicode=True, sort_keys=False, width=1000)
