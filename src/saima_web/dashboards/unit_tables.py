"""The table of a unit's marks: with figures for those who may see them, marks for the others."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from saima_web.dashboards.unit_page import MarkLine
from saima_web.ui.tables import Box, Column, Table


def marks_table(lines: Sequence[MarkLine], opened: bool, name: str) -> Table:
    """All marks of a unit; figures and explanations only where `opened`."""
    rows = [_row(line, opened) for line in lines]
    columns = [
        Column("category", _("类别")),
        Column("name", _("指标"), link="why"),
        *(_figures() if opened else ()),
        Column("marks", _("得分"), "number", decimals=2),
        Column("full", _("分值"), "number", decimals=0),
        Column("lost", _("失分"), "number", decimals=2),
    ]
    boxes = [
        Box("behind", _("欠序时"), lambda r: (r["gap"] or 0.0) < -0.05),
        Box("lost", _("有失分"), lambda r: (r["lost"] or 0.0) > 0),
        Box("full", _("满分"), lambda r: r["lost"] == 0.0),
    ]
    return Table(
        columns, rows, name=_("%(unit)s各项得分") % {"unit": name}, search=("name", "category"),
        boxes=boxes if opened else boxes[1:],
    )  # fmt: skip


def _figures() -> list[Column]:
    return [
        Column("actual", _("完成"), "number", template="dashboards/_figure.html"),
        Column("target", _("目标"), "number", template="dashboards/_figure.html"),
        Column("attainment", _("完成率"), "number", decimals=1, measure="%"),
        Column("gap", _("超欠序时（点）"), "number", template="dashboards/_gap.html"),
    ]


def _row(line: MarkLine, opened: bool) -> dict[str, object]:
    mark = line.mark
    shared: dict[str, object] = {
        "category": mark.category, "name": mark.name, "marks": mark.marks, "full": mark.full_marks,
        "lost": None if mark.marks is None else line.lost, "why": line.why, "gap": None,
    }  # fmt: skip
    if not opened:
        return shared
    return shared | {
        "actual": mark.actual, "target": mark.target, "decimals": line.decimals,
        "attainment": None if mark.attainment is None else mark.attainment * 100,
        "gap": mark.pace_gap, "measure": line.measure,
    }  # fmt: skip
