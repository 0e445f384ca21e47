"""The tables of inspections, findings, problems and dispatch meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima.workflows.inspection import TO_ANSWER
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.supervision.findings import task_done
from saima_web.supervision.models import Finding, Inspection, Meeting, Problem
from saima_web.supervision.queries import is_late, may_read, parts_for
from saima_web.supervision.recording import address_of
from saima_web.supervision.words import INSPECTION_STATES
from saima_web.ui.tables import Box, Column, Table

ORDER = (
    "objected", "returned", "concluded", "upheld", "answered", "recorded", "planned", "closed",
    "dropped",
)  # fmt: skip
"""States of a unit's inspection, the one that most waits for somebody first."""


def counts_of(by: User, inspection: Inspection) -> dict[str, Any]:
    """What a user may know of an inspection: its units, findings and the state that waits most."""
    parts = parts_for(by, inspection)
    read = [p for p in parts if may_read(by, p)]
    faults = [f for p in read for f in p.findings.all() if f.kind == Finding.Kind.FAULT]
    states = [p.state for p in parts] if read else ["planned"]
    first = min(states, key=ORDER.index) if states else "planned"
    return {
        "units": len(parts), "faults": len(faults), "parts": parts, "states": set(states),
        "settled": sum(1 for f in faults if f.state == "settled"),
        "late": sum(1 for f in faults if is_finding_late(f)),
        "state": first, "state_word": str(dict(INSPECTION_STATES)[first]),
    }  # fmt: skip


def is_finding_late(row: Finding) -> bool:
    """Whether a fault is past its day; one whose task was struck off waits for who inspects."""
    past = row.deadline is not None and row.deadline < today()
    return row.state == "open" and past and not task_done(row)


def inspections_table(by: User, rows: Iterable[Inspection]) -> Table:
    """Inspections with what they found; boxes by what waits."""
    shown = [
        {
            "number": r.number, "title": r.title, "kind": str(r.get_kind_display()),
            "category": r.category, "lead_unit": str(r.lead_unit or ""),
            "begins_on": r.begins_on, "ends_on": r.ends_on, "planned": r.planned,
            "in_plan": _("计划内") if r.planned else _("计划外"),
            "href": address_of(r), **counts_of(by, r),
        }
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("number", _("编号"), "number"),
            Column("title", _("督查"), link="href"),
            Column("kind", _("类型")),
            Column("category", _("工作类别")),
            Column("lead_unit", _("牵头部门")),
            Column("begins_on", _("开始"), "date"),
            Column("ends_on", _("结束"), "date"),
            Column("in_plan", _("计划")),
            Column("units", _("督查对象"), "number", measure=_("家")),
            Column("faults", _("发现问题"), "number", measure=_("个")),
            Column("settled", _("已整改"), "number", measure=_("个")),
            Column("state_word", _("状态"), template="supervision/_inspected_state.html"),
        ),
        shown, name=_("督查计划"), search=("title", "category", "lead_unit"),
        boxes=(
            Box("planned", _("待督查"), lambda r: "planned" in r["states"]),
            Box("waiting", _("待反馈"), lambda r: bool(r["states"] & set(TO_ANSWER))),
            Box("objected", _("有异议"), lambda r: "objected" in r["states"]),
            Box("faults", _("整改中"), lambda r: r["faults"] > r["settled"]),
            Box("late", _("整改逾期"), lambda r: r["late"] > 0),
            Box("closed", _("已办结"), lambda r: r["states"] <= {"closed", "dropped"}),
        ),
        css="s-rows", stacks=True, heads="title",
        empty=_("还没有安排督查。"),
        begin=_("督查员和领导小组办公室把全年的督查列进计划，报领导批准。"),
    )  # fmt: skip


def findings_table(by: User, rows: Iterable[Inspection]) -> Table:
    """Every fault that a user may read, with what became of it."""
    shown = [
        {
            "unit": str(p.unit), "text": f.text, "requirement": f.requirement,
            "deadline": f.deadline, "state": f.state, "state_word": f.get_state_display(),
            "late": is_finding_late(f), "measure": f.measure, "inspection": r.title,
            "task": f.task.number if f.task else None, "href": f"{address_of(r)}#part-{p.pk}",
            "scored": _("已计分") if f.event and not f.event.withdrawn_at else "",
        }
        for r in rows
        for p in parts_for(by, r)
        if may_read(by, p)
        for f in p.findings.all()
        if f.kind == Finding.Kind.FAULT
    ]  # fmt: skip
    return Table(
        (
            Column("unit", _("单位")),
            Column("text", _("发现问题"), link="href"),
            Column("requirement", _("整改要求")),
            Column("deadline", _("整改期限"), "date"),
            Column("state_word", _("状态"), template="supervision/_finding_state.html"),
            Column("measure", _("整改情况")),
            Column("inspection", _("督查")),
            Column("task", _("任务编号"), "number"),
            Column("scored", _("计分")),
        ),
        shown, name=_("督查发现问题台账"), search=("unit", "text", "inspection"),
        boxes=(
            Box("open", _("整改中"), lambda r: r["state"] == "open"),
            Box("late", _("逾期"), lambda r: bool(r["late"])),
            Box("reported", _("待核实"), lambda r: r["state"] == "reported"),
            Box("settled", _("已整改"), lambda r: r["state"] == "settled"),
        ),
        css="s-rows", stacks=True, heads="text",
        empty=_("还没有发现问题。"), begin=_("督查结论送达后，问题和整改情况列在这里。"),
    )  # fmt: skip


def problem_row(r: Problem) -> dict[str, Any]:
    return {
        "number": r.number, "title": r.title, "kind": str(r.get_kind_display()), "code": r.kind,
        "unit": str(r.unit), "category": r.category, "state": r.state,
        "state_word": r.get_state_display(), "level": r.get_level_display() if r.level else "",
        "level_code": r.level, "slot_on": r.slot_on, "due_on": r.due_on, "late": is_late(r),
        "responsible": str(r.responsible_unit or ""), "raised_at": r.raised_at,
        "concerns": concerns(r), "asks": r.asks, "decision": r.decision, "result": r.result,
        "closed_on": r.closed_on, "href": address_of(r), "done": r.state == "closed",
    }  # fmt: skip


def concerns(r: Problem) -> str:
    """What a problem is about: its project of the list, then what its words name besides."""
    named = [r.project.name] if r.project else []
    return "；".join([*named, *([r.concerns] if r.concerns not in ("", *named) else [])])


def problems_table(rows: Iterable[Problem]) -> Table:
    """The list of problems; boxes by where they stand."""

    def at(*states: str) -> Any:
        return lambda r: r["state"] in states

    return Table(
        (
            Column("number", _("编号"), "number"),
            Column("title", _("难题"), link="href"),
            Column("state_word", _("状态"), template="supervision/_problem_state.html"),
            Column("kind", _("类型")),
            Column("unit", _("提出单位")),
            Column("slot_on", _("会商日"), "date"),
            Column("responsible", _("责任单位")),
            Column("due_on", _("办结期限"), "date"),
            Column("raised_at", _("提出时间"), "moment"),
            Column("closed_on", _("销号日期"), "date"),
        ),
        [problem_row(r) for r in rows], name=_("难题台账"),
        search=("title", "unit", "responsible", "concerns", "category"),
        boxes=(
            Box("raised", _("待分流"), at("raised")),
            Box("team", _("专班协调"), at("with_team")),
            Box("meeting", _("待会商"), at("for_meeting")),
            Box("leaders", _("待领导决策"), at("for_leaders")),
            Box("decided", _("办理中"), at("decided")),
            Box("late", _("逾期"), lambda r: bool(r["late"])),
            Box("reported", _("待销号"), at("reported")),
            Box("closed", _("已销号"), at("closed")),
            Box("upward", _("向上争取"), lambda r: r["code"] == "upward"),
            Box("guarantee", _("要素保障"), lambda r: r["code"] == "guarantee"),
        ),
        css="s-rows", stacks=True, heads="title",
        empty=_("还没有难题。"), begin=_("单位遇到自己解决不了的痛点堵点，点“提出难题”。"),
    )  # fmt: skip


def meeting_word(row: Meeting) -> str:
    return _("第%(n)s次运行调度会") % {"n": row.number}


def meetings_table(campaign: Campaign, rows: Iterable[Meeting]) -> Table:
    shown = [
        {
            "name": meeting_word(r), "on": r.on, "place": r.place, "chair": r.chair,
            "state": r.state, "state_word": r.get_state_display(),
            "lines": r.agenda.count(), "minutes": r.minutes.count() if r.state == "issued" else None,
            "href": reverse("supervision:meeting", args=[campaign.code, r.pk]),
        }
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("on", _("日期"), "date"),
            Column("name", _("会议"), link="href"),
            Column("place", _("地点")),
            Column("chair", _("主持人")),
            Column("lines", _("议程"), "number", measure=_("项")),
            Column("minutes", _("议定"), "number", measure=_("项")),
            Column("state_word", _("状态"), template="supervision/_meeting_state.html"),
        ),
        shown, name=_("运行调度会"), search=("name", "place", "chair"),
        boxes=(
            Box("planned", _("待召开"), lambda r: r["state"] == "planned"),
            Box("held", _("待印发纪要"), lambda r: r["state"] == "held"),
            Box("issued", _("纪要已印发"), lambda r: r["state"] == "issued"),
        ),
        css="s-rows", stacks=True, heads="name",
        empty=_("还没有运行调度会。"),
        begin=_("考核办定好日期后，议程按落后的指标、逾期的任务和待解的难题自动生成。"),
    )  # fmt: skip
