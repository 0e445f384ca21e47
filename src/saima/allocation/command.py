"""`saima allocate`: from a plan's file to the result as data, as text and as a file."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from saima.allocation.breakdown import Breakdown, Table
from saima.allocation.history import History, ReadRows, read_history
from saima.allocation.output import (
    AllocationData,
    as_builtins,
    csv_bytes,
    data_of,
    short_labels,
    xlsx_bytes,
)
from saima.allocation.plan import Plan, PlanIndicator, axis_of, read_plan
from saima.allocation.tables import Allocation, allocate_plan
from saima.problems import Place, Problem, Refused, declare, refuse

_WIDE = 400
_SHOWN = 3

declare(
    "allocation-suffix",
    "不能写出“{suffix}”格式的分解结果。",
    "请用 .xlsx 或 .csv。",
    "Cannot write an allocation as {suffix}.",
    "Use .xlsx or .csv.",
)
declare(
    "allocation-not-written",
    "分解结果没有写出（{reason}）。",
    "请确认文件夹存在、有写入权限，且文件没有在其他程序中打开。",
    "the result was not written ({reason}).",
    "Check the folder, the permission, and that no program has the file open.",
)

_WRITERS = {".xlsx": xlsx_bytes, ".csv": csv_bytes}


def run(
    plan_path: Path, out_path: Path | None = None, read_rows: ReadRows | None = None
) -> tuple[dict[str, Any], str, list[Problem]]:
    """Work out a plan: the data for JSON (`output.AllocationData`), a text table, the problems.

    A plan with faults gives data with nothing but its problems, and no text. out_path: .xlsx or
    .csv, written if anything was worked out. read_rows: reads last year's figures from other
    files than .csv. Errors: Refused for a plan that is not readable text, `allocation-suffix`
    before any work, and `allocation-not-written`.
    """
    if out_path is not None and out_path.suffix.lower() not in _WRITERS:
        raise refuse("allocation-suffix", Place(file=out_path.name), suffix=out_path.suffix)
    plan, document, problems = read_plan(plan_path)
    if document.data is None:
        raise Refused(problems[0])
    if plan is None:
        faults = [problem.as_data() for problem in problems]
        return as_builtins(AllocationData("", [], [], [], [], [], [], faults)), "", problems
    history, wrong = _history(plan, plan_path.parent, read_rows)
    problems += wrong
    allocation, wrong = allocate_plan(plan, history, document)
    problems += wrong
    if out_path is not None and allocation.items:
        _write(out_path, _WRITERS[out_path.suffix.lower()](allocation))
    return as_builtins(data_of(allocation, problems)), text_of(allocation), problems


def _history(plan: Plan, folder: Path, read_rows: ReadRows | None) -> tuple[History, list[Problem]]:
    if not plan.history:
        return History(), []
    indicators = {i.name: i.indicator for i in plan.indicators if i.name}
    indicators |= {i.indicator: i.indicator for i in plan.indicators}
    units = axis_of(plan, "projects").keys | axis_of(plan, "units").keys
    return read_history(folder / plan.history, indicators, units, read_rows)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refuse("allocation-not-written", Place(file=path.name), reason=reason) from error


# --- text ---------------------------------------------------------------------------------------


def text_of(allocation: Allocation) -> str:
    """The result for a terminal: a line per indicator, the first tables, the meter's sentences."""
    from rich.console import Console

    out = StringIO()
    console = Console(file=out, width=_WIDE, color_system=None, highlight=False)
    if allocation.items:
        console.print(_summary(allocation))
    for item in allocation.items[:_SHOWN]:
        console.print(_matrix(item.breakdown, item.table))
    if len(allocation.items) > _SHOWN:
        console.print(f"其余{len(allocation.items) - _SHOWN}个指标的分解表请用 -o 文件.xlsx 写出。")
    for chain in allocation.amplified:
        console.print(f"加码分析 {chain.name}", markup=False)
        for level in chain.levels:
            console.print(f"  {level.sentence}", markup=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _summary(allocation: Allocation) -> Any:
    from rich.markup import escape
    from rich.table import Table as Grid

    grid = Grid(title=escape(allocation.plan.plan))
    grid.add_column("指标")
    for heading in ("总目标", "各单位合计", "奋斗目标", "单位数", "期数"):
        grid.add_column(heading, justify="right")
    for item in allocation.items:
        b = item.breakdown
        stretch = "" if item.stretch is None else b.text(item.stretch.total)
        headline = f"{_verb(item.indicator)}{b.text(b.headline)}"
        counts = str(len(b.units)), str(len(b.periods))
        cells = (b.title, headline, b.text(item.table.total), stretch, *counts)
        grid.add_row(*(escape(cell) for cell in cells))
    return grid


def _verb(indicator: PlanIndicator) -> str:
    """突破 (more than) and 达到 (at least) are told apart; smaller-is-better must not exceed."""
    if indicator.less:
        return "不超过"
    return "突破" if indicator.comparator == "exceed" else "达到"


def _matrix(b: Breakdown, table: Table) -> Any:
    from rich.markup import escape
    from rich.table import Table as Grid

    grid = Grid(title=escape(f"{b.title}（{b.measure}）" if b.measure else b.title))
    grid.add_column("单位")
    for label in short_labels(b):
        grid.add_column(escape(label), justify="right")
    grid.add_column("合计", justify="right")
    for unit in table.units:
        cells = [table.targets[unit, period] for period in table.periods]
        sums = [f"{cell:,f}" for cell in (*cells, table.of_unit(unit))]
        grid.add_row(escape(b.name(unit)), *sums)
    sums = [f"{table.of_period(period):,f}" for period in table.periods]
    grid.add_row("合计", *sums, f"{table.total:,f}")
    return grid
