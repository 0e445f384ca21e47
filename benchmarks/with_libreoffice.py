"""The same scoring job as a workbook full of formulas, recalculated by LibreOffice without a window."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from benchmarks.campaigns import TRACKS


def write_workbook(folder: Path, out: Path, months: int = 12) -> None:
    """One sheet of figures and one of formulas a month: marks, sums, ranks within the track."""
    units = pl.read_csv(folder / "units.csv")
    indicators = pl.read_csv(folder / "indicators.csv")["code"].to_list()
    facts = pl.read_parquet(folder / "facts" / "*.parquet")["value"].to_numpy()
    targets = pl.read_parquet(folder / "targets.parquet")["target"].to_numpy()
    shape = (len(units), len(indicators))
    value = facts.reshape((*shape, -1)).copy()
    value[:, 1::3] = value[:, 1::3].cumsum(axis=2)
    book = xlsxwriter.Workbook(str(out))
    sheet = book.add_worksheet("目标")
    for n, row in enumerate(targets.reshape(shape)):
        sheet.write_row(n, 1, row.tolist())
    for month in range(months):
        sheet = book.add_worksheet(f"数据{month + 1}")
        for n, row in enumerate(value[:, :, month]):
            sheet.write_row(n, 1, row.tolist())
        _formulas(book, f"数据{month + 1}", month + 1, units["track"].to_list(), len(indicators))
    book.close()


def _formulas(
    book: xlsxwriter.Workbook, data: str, month: int, tracks: list[str], width: int
) -> None:
    sheet = book.add_worksheet(f"得分{month}")
    last = len(tracks)
    total, track = xl_col_to_name(width + 1), xl_col_to_name(width + 2)
    for n in range(last):
        sheet.write(n, width + 2, TRACKS.index(tracks[n]))
        for k in range(width):
            column = xl_col_to_name(k + 1)
            cell = f"'{data}'!{column}{n + 1}/目标!{column}{n + 1}"
            sheet.write_formula(n, k + 1, _mark(k % 4, cell, data, column, n, month, last, track))
        first, final = xl_col_to_name(1), xl_col_to_name(width)
        sheet.write_formula(n, width + 1, f"=ROUND(SUM({first}{n + 1}:{final}{n + 1}),2)")
        rank = f'=1+COUNTIFS({track}$1:{track}${last},{track}{n + 1},{total}$1:{total}${last},">"&{total}{n + 1})'
        sheet.write_formula(n, width + 3, rank)


def _mark(
    rule: int, cell: str, data: str, column: str, n: int, month: int, last: int, track: str
) -> str:
    if rule == 0:
        return f"=ROUND(MAX(0,MIN(1.2,{cell}/({month}/12))),2)"
    if rule == 1:
        ahead = (
            f"SUMPRODUCT(({track}$1:{track}${last}={track}{n + 1})*"
            f"('{data}'!{column}$1:{column}${last}/目标!{column}$1:{column}${last}>{cell}))"
        )
        return f"=ROUND(MAX(0,1-0.05*{ahead}),2)"
    if rule == 2:
        return f"=ROUND(MAX(0,MIN(1.1,{cell})),2)"
    gap = f"(({cell}-{month}/12)*100)"
    return f"=ROUND(MAX(0,MIN(1,({gap}+50)/50))+MIN(10,MAX(0,{gap})*0.5),2)"


def recalculate(workbook: Path) -> Path:
    """Open, recalculate and save with LibreOffice; returns the new workbook. Errors: RuntimeError."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise RuntimeError("LibreOffice is not installed")
    out = Path(tempfile.mkdtemp())
    profile = f"-env:UserInstallation=file://{out}/profile"
    subprocess.run(
        [
            program,
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=1800,
    )
    return out / workbook.name
