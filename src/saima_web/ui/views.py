"""A page that shows every component, so that a new page is put together from what there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima_web.base.clock import today
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table

TOKENS = (
    "paper", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "line-2", "accent", "link",
    "ahead", "ahead-soft", "behind", "behind-fill", "behind-soft", "rise", "fall", "bad",
    "bad-soft", "seal", "red-card", "yellow-card", "data-1", "data-2", "data-3", "data-4",
    "data-5", "data-6", "data-7",
)  # fmt: skip
MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月")
UNITS = (
    ("栖湖文旅", "经营类", 91.26, 2, -9.9),
    ("澄江置业", "经营类", 94.26, 0, 2.2),
    ("示例省域城乡综合开发与生态环境治理建设投资运营集团有限公司", "建设类", 79.68, -1, -18.1),
    ("数智云科", "服务保障类", None, None, None),
)
"""Invented units: a usual one, the first, a very long name, one without a score."""


class SampleForm(forms.Form):
    """One field of every kind, one of them filled in wrongly."""

    title = forms.CharField(
        label=gettext_lazy("名称"),
        help_text=gettext_lazy("写全称"),
        initial=gettext_lazy("示例行动"),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("数值"), error_messages={"invalid": gettext_lazy("这不是数字。")}
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        choices=[("a", gettext_lazy("单位填报")), ("b", gettext_lazy("部门统一提供"))],
    )
    on = forms.DateField(
        label=gettext_lazy("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@login_required
def components(request: HttpRequest) -> HttpResponse:
    shown = sample_table().shown(request)
    if shown.wants_export:
        return shown.export()
    context: dict[str, Any] = {
        "shown": shown, "empty": Table([Column("a", _("名称"))], [], empty=_("还没有内容。"),
            begin=_("这里说从哪里开始。")).shown(request),
        "tokens": TOKENS, "gaps": [8.2, 1.4, 0.0, -3.2, -18.1, None],
        "moves": [2, -1, 0, None],
        "seals": [True, True, False, True, None, None],
        "scores": [81.0, 83.5, 82.2, 86.0, 88.4, 91.3],
        "dates": [today() + timedelta(days=n) for n in (-3, 0, 2, 30)],
        "numbers": [1234567.891, 0, -0.0049, None],
        "charts": charts(), "form": SampleForm({"title": _("示例行动"), "amount": "三万", "kind": "a"}),
    }  # fmt: skip
    return render(request, "ui/components.html", context)


components.action = None  # type: ignore[attr-defined]


def sample_table() -> Table:
    """A table with every kind of column, a filter, a search field and a long name."""
    columns = [
        Column("unit", _("单位"), link="href"),
        Column("track", _("赛道")),
        Column("score", _("得分"), "number", decimals=2, measure=_("分")),
        Column("on", _("日期"), "date"),
    ]
    rows = [
        {"unit": u, "track": t, "score": s, "href": "#table", "on": today(),
         "row_class": "me" if n == 0 else ""}
        for n, (u, t, s, _m, _g) in enumerate(UNITS)
    ]  # fmt: skip
    boxes = [Box("scored", _("有得分"), lambda r: r["score"] is not None)]
    return Table(columns, rows, name=_("示例表"), search=("unit",), boxes=boxes)


def charts() -> list[tuple[str, Chart]]:
    """One chart of every kind."""
    actual, plan = [8.0, 15.0, 21.5, 30.2, 38.8, 49.0], [9.0, 18.0, 27.0, 36.0, 45.0, 54.0]
    names = [u[0] for u in UNITS[:3]]
    return [
        ("bars", Chart("bars", _("逐月完成"), MONTHS, [Series(_("完成"), actual), Series(_("计划"), plan, line=True)], measure=_("亿元"))),
        ("lines", Chart("lines", _("位次走势"), MONTHS, [Series(_("位次"), [5, 5, 4, 4, 5, 3])], decimals=0, inverse=True)),
        ("rows", Chart("rows", _("各单位完成率"), names, [Series(_("完成率"), [65.1, 77.2, 56.9])], measure="%", decimals=1, own=names[0], mark=75.0, mark_name=_("序时"))),
    ]  # fmt: skip
