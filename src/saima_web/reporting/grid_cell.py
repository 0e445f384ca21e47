"""One cell's details beside the entry page: history, the last twelve values, its limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from saima.periods import previous
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import cells_for
from saima_web.reporting import refusals
from saima_web.reporting.checks import Basis
from saima_web.reporting.grid import RANK, period_of
from saima_web.reporting.grid_lines import figure_text, number_text
from saima_web.reporting.models import Entry, Figure, Remark
from saima_web.reporting.progress import keeps_pace
from saima_web.reporting.refusals import stop
from saima_web.targets.models import ProjectPlan, Target, TargetSet
from saima_web.ui.templatetags.saima import (
    day,
    moment,
    month,
    plain_number,
)
from saima_web.ui.uploads import oversize


@dataclass(frozen=True)
class Event:
    """One line of a cell's history: what happened, who did it, when."""

    words: str
    who: str
    when: str


def cell_of(by: User, campaign: Campaign, pk: int) -> Entry:
    """A cell that somebody may see. Errors: Http404."""
    found: Entry | None = (
        Entry.objects.filter(cells_for(by, "figures.see", campaign), round__campaign=campaign)
        .select_related(
            "round", "unit", "indicator", "indicator__data_owner", "reported", "confirmed"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.round.campaign = campaign
    return found


def content_of(upload: UploadedFile[Any], name: str) -> bytes:
    """What somebody sends as evidence; one that is too large is refused before it is read."""
    if why := oversize(upload.size or 0):
        stop(refusals.BAD_EVIDENCE, name=name, why=why)
    content: bytes = upload.read()
    return content


def history_of(entry: Entry) -> list[Event]:
    """Every figure given for a cell and every return, the latest first."""
    figures = list(
        Figure.objects.filter(
            unit=entry.unit, indicator=entry.indicator, period=period_of(entry).text
        ).select_related("by", "by__unit")
    )
    rows: list[tuple[Any, Event]] = []
    before: dict[str, str] = {}
    for figure in figures:
        text = figure_text(figure, entry.indicator)
        words = _figure_words(figure, text, before.get(figure.source, ""))
        before[figure.source] = "" if figure.withdrawn else text
        rows.append((figure.recorded_at, Event(words, _who(figure.by), moment(figure.recorded_at))))
    for remark in entry.remarks.exclude(kind=Remark.Kind.COMMENT).select_related("by", "by__unit"):
        rows.append((remark.at, Event(_remark_words(remark), _who(remark.by), moment(remark.at))))
    rows.sort(key=lambda row: row[0], reverse=True)
    return [event for _at, event in rows]


def _figure_words(figure: Figure, text: str, before: str) -> str:
    if figure.withdrawn:
        return _("撤销%(before)s") % {"before": before or text}
    names = {
        "reported": _("填入%(text)s"),
        "confirmed": _("核定为%(text)s"),
        "official": _("统计反馈%(text)s"),
    }
    words = names[figure.source] % {"text": text or "—"}
    if before and before != text:
        words = _("由%(before)s改为%(text)s") % {"before": before, "text": text or "—"}
    origin = {"pasted": _("（粘贴）"), "workbook": _("（工作簿）")}.get(figure.origin, "")
    behalf = _("，代填：%(words)s") % {"words": figure.on_behalf} if figure.on_behalf else ""
    return words + origin + behalf


def _remark_words(remark: Remark) -> str:
    if remark.kind == Remark.Kind.SHARED:
        return remark.text
    if remark.kind == Remark.Kind.RETURN:
        return _("退回：%(text)s") % {"text": remark.text}
    if remark.kind == Remark.Kind.JUMP:
        return _("变动原因：%(text)s") % {"text": remark.text}
    until = day(remark.catch_up_on) if remark.catch_up_on else "—"
    return _("滞后原因：%(text)s；措施：%(measure)s；追平：%(until)s") % {
        "text": remark.text,
        "measure": remark.measure,
        "until": until,
    }


def _who(user: Any) -> str:
    if user is None:
        return _("系统")
    return f"{user.unit} {user.name}" if user.unit else user.name


def series_of(entry: Entry) -> tuple[list[str], list[float | None]]:
    """The names and values of the twelve periods up to this one; in-period figures as reported."""
    periods = [period_of(entry)]
    while len(periods) < 12:
        periods.insert(0, previous(periods[0]))
    rows = sorted(
        Figure.objects.filter(
            unit=entry.unit, indicator=entry.indicator, period__in=[p.text for p in periods]
        ),
        key=lambda f: (RANK[f.source], f.pk),
    )
    latest = {r.period: r for r in rows if not r.withdrawn}
    values = [latest[p.text].value if p.text in latest else None for p in periods]
    return [month(p.text) for p in periods], [None if v is None else float(v) for v in values]


def limits_of(entry: Entry, basis: Basis) -> list[tuple[str, str]]:
    """What the sidebar lists under limits: the period's plan, the rules, what it must equal."""
    indicator = entry.indicator
    found: list[tuple[str, str]] = []
    plan = _approved(Target, entry).last()
    if plan is not None and not plan.withdrawn and plan.value is not None:
        found.append((_("本期计划"), _amount(plan.value, indicator)))
    if basis.target is not None and basis.target > basis.accrued and keeps_pace(indicator):
        found.append((_("此前距全年目标"), _amount(basis.target - basis.accrued, indicator)))
    if basis.last_year is not None:
        found.append((_("上年同期"), _amount(basis.last_year, indicator)))
    for rule in indicator.checks.all():
        sign = _("须说明") if rule.severity == "warning" else _("不能保存")
        found.append((rule.get_kind_display(), f"{plain_number(rule.limit)}（{sign}）"))
    latest = {row.project: row.value for row in _approved(ProjectPlan, entry)}
    if latest:
        total = sum((v for v in latest.values() if v is not None), Decimal(0))
        words = _("%(n)s个项目计划之和") % {"n": len(latest)}
        found.append((words, _amount(total, indicator)))
    return found


def _approved(model: Any, entry: Entry) -> Any:
    """The approved targets or project plans of a cell's period, the latest last."""
    return model.objects.filter(
        batch__campaign=entry.round.campaign,
        batch__state=TargetSet.State.APPROVED,
        unit=entry.unit,
        indicator=entry.indicator,
        period=entry.round.period,
    ).order_by("batch__decided_at", "pk")


def _amount(value: Decimal, indicator: Indicator) -> str:
    return number_text(value, indicator.decimals) + indicator.measure
