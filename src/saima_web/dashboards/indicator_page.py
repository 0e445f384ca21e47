"""An indicator's page: all units on one indicator, how they spread, how it went month by month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saima.scoring.result import Mark, Result
from saima_web.dashboards.heat import SLACK, rate
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.indicators.models import Indicator
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, plain_number


@dataclass(frozen=True)
class Standing:
    """A unit's mark on the indicator; `opened` where its raw figures may be seen."""

    line: Line
    mark: Mark
    opened: bool


def standings(board: Leaderboard, code: str, opened: Collection[str]) -> list[Standing]:
    """Every unit that has the indicator, the best first."""
    found = [
        Standing(line, mark, line.unit.unit in opened)
        for line in board.lines
        for mark in line.unit.marks
        if mark.indicator == code
    ]
    return sorted(found, key=lambda s: (-(rate(s.mark) or 0.0), -(s.mark.attainment or 0.0)))


def table(row: Indicator, found: Sequence[Standing]) -> Table:
    """All units; actual and target only where one may see them."""
    gaps = [abs(s.mark.pace_gap) for s in found if s.mark.pace_gap is not None]
    scale = max([*gaps, 5.0])
    figures = any(s.opened for s in found)
    columns = [
        Column("unit", _("单位"), link="href"),
        Column("track", _("赛道")),
        *(_figures(row) if figures else ()),
        Column("attainment", _("完成率"), "number", decimals=1, measure="%"),
        Column("gap", _("超欠序时"), "number", template="dashboards/_pace.html", measure=_("点")),
        Column("marks", _("得分"), "number", decimals=2),
        Column("full", _("分值"), "number", decimals=1),
    ]
    boxes = [
        Box("behind", _("欠序时"), lambda r: (r["gap"] or 0.0) < -SLACK),
        Box("lost", _("有失分"), lambda r: r["marks"] is not None and r["marks"] < r["full"]),
        Box("own", _("本单位"), lambda r: r["row_class"] == "me"),
    ]
    rows = [_row(s, scale) for s in found]
    return Table(columns, rows, name=row.name, search=("unit", "track"), boxes=boxes)


def _figures(row: Indicator) -> list[Column]:
    return [
        Column("actual", _("完成"), "number", decimals=row.decimals, measure=row.measure),
        Column("target", _("目标"), "number", decimals=row.decimals, measure=row.measure),
    ]


def _row(found: Standing, scale: float) -> dict[str, Any]:
    mark, line = found.mark, found.line
    return {
        "unit": line.label, "href": line.href, "track": line.unit.track,
        "actual": mark.actual if found.opened else None,
        "target": mark.target if found.opened else None,
        "attainment": None if mark.attainment is None else mark.attainment * 100,
        "gap": mark.pace_gap, "scale": scale, "marks": mark.marks, "full": mark.full_marks,
        "row_class": "me" if line.own else "",
    }  # fmt: skip


def answer(board: Leaderboard, found: Sequence[Standing]) -> list[str]:
    """How many keep pace, and who is furthest ahead and behind."""
    known = [s for s in found if s.mark.attainment is not None]
    if not known:
        return [_("%(period)s还没有这项指标的完成率。") % {"period": month(board.run.period)}]
    gaps = [s for s in known if s.mark.pace_gap is not None]
    late = sum(1 for s in gaps if (s.mark.pace_gap or 0.0) < -SLACK)
    top = max(known, key=lambda s: s.mark.attainment or 0.0)
    low = min(known, key=lambda s: s.mark.attainment or 0.0)
    head = {"period": month(board.run.period), "n": len(known), "late": late}
    if gaps:
        first = _("%(period)s%(n)s家中%(late)s家欠序时；") % head
    else:
        first = _("%(period)s%(n)s家有完成率；") % head
    if len(known) == 1:
        return [first, _("%(top)s完成%(n)s%%。") % {"top": top.line.label, "n": _share(top)}]
    words = {"top": top.line.label, "a": _share(top), "low": low.line.label, "b": _share(low)}
    return [first, _("最高是%(top)s，%(a)s%%，") % words, _("最低是%(low)s，%(b)s%%。") % words]


def _share(found: Standing) -> str:
    return plain_number((found.mark.attainment or 0.0) * 100, 1)


def distribution(row: Indicator, found: Sequence[Standing]) -> Chart | None:
    """Attainment of every unit, with the pace as a line where it is one for all."""
    known = [s for s in found if s.mark.attainment is not None]
    if len(known) < 2:
        return None
    known.sort(key=lambda s: -(s.mark.attainment or 0.0))
    values = [(s.mark.attainment or 0.0) * 100 for s in known]
    own = next((s.line.label for s in known if s.line.own), "")
    return Chart(
        "rows", _("%(name)s完成率") % {"name": row.name}, [s.line.label for s in known],
        [Series(_("完成率"), values)], measure="%", decimals=1, own=own, mark=_pace(known),
        mark_name=_("序时"), min=0.0,
    )  # fmt: skip


def _pace(found: Sequence[Standing]) -> float | None:
    paces = {
        round((s.mark.attainment or 0.0) * 100 - s.mark.pace_gap, 1)
        for s in found
        if s.mark.pace_gap is not None
    }
    return paces.pop() if len(paces) == 1 else None


def trend(row: Indicator, results: Sequence[Result], own: Sequence[Line]) -> Chart | None:
    """Attainment month by month: the average of all units, and one's own units beside it."""
    if len(results) < 2:
        return None
    known = [{u.unit: _attainment(u.marks, row.code) for u in r.units} for r in results]
    series = [Series(_("各单位平均"), [_mean(list(m.values())) for m in known], line=bool(own))]
    series += [Series(x.label, [m.get(x.unit.unit) for m in known]) for x in own[:3]]
    names = [month(r.period) for r in results]
    return Chart("lines", _("完成率走势"), names, series, measure="%", decimals=1)


def _attainment(marks: Sequence[Mark], code: str) -> float | None:
    found = next((m.attainment for m in marks if m.indicator == code), None)
    return None if found is None else found * 100


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def own_lines(board: Leaderboard, found: Sequence[Standing]) -> list[Line]:
    """One's own units among those that have the indicator."""
    having = {s.line.unit.unit for s in found}
    return [x for x in board.lines if x.own and x.unit.unit in having]


def versions(row: Indicator) -> list[dict[str, Any]]:
    """The definition's versions, the latest first, with where the series breaks."""
    return [
        {"version": d.version, "effective": d.effective, "text": d.text, "basis": d.basis,
         "broken": d.version > 1 and not d.comparable}
        for d in row.definitions.order_by("-version")
    ]  # fmt: skip
