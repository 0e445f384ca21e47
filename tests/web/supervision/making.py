"""Things to begin with: an inspection, a problem, a meeting, brought to a state by its actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saima_web.base.clock import today
from saima_web.supervision import actions, findings, problems
from saima_web.supervision.models import Finding, Inspected, Inspection, Problem
from tests.web.cast import House


def later(days: int = 10) -> date:
    return today() + timedelta(days=days)


def planned(house: House, *units: str, by: str = "inspector", **values: Any) -> Inspection:
    given = {
        "title": "三季度投资进度专项督查", "kind": "special", "category": "投资建设",
        "lead_unit": house.units["D2"], "begins_on": today(), "ends_on": later(7),
        "content": "亿元项目开工\n在建项目入库",
    } | values  # fmt: skip
    return actions.plan_inspection(
        campaign=house.campaign, units=[house.units[u] for u in units or ("E1",)],
        by=house.people[by], **given,
    )  # fmt: skip


def part_of(row: Inspection, unit: str = "E1") -> Inspected:
    return row.parts.get(unit__code=unit)


def recorded(house: House, part: Inspected) -> Inspected:
    return actions.record(
        part=part, visited_on=today(), inspectors="严督、顾小组", text="查看3个工地，2个在建。",
        by=house.inspector,
    )  # fmt: skip


def fault(house: House, part: Inspected, text: str = "1个项目开工未入库") -> Finding:
    return findings.add_finding(
        part=part, kind="fault", text=text, requirement="补齐资料，本月入库", deadline=later(20),
        by=house.inspector,
    )  # fmt: skip


def concluded(house: House, part: Inspected) -> Inspected:
    return actions.conclude(part=part, conclusion="总体有序，入库滞后。", by=house.inspector)


def raised(house: House, unit: str = "E1", **values: Any) -> Problem:
    given = {
        "title": "地块征收卡在两户", "detail": "评估价有分歧，谈了三次。", "asks": "请投资部协调评估",
        "category": "投资建设",
    } | values  # fmt: skip
    by = house.head if unit == "E1" else house.other_head
    return problems.raise_problem(campaign=house.campaign, unit=house.units[unit], by=by, **given)


def sorted_to(house: House, row: Problem, event: str) -> Problem:
    return problems.sort(problem=row, event=event, lead_unit=house.units["D2"], by=house.office)


def decided(house: House, row: Problem, responsible: str = "E2") -> Problem:
    row = sorted_to(house, row, "to_meeting")
    return problems.decide(
        problem=row, decision="由澄江置业先行垫付", responsible_unit=house.units[responsible],
        due_on=later(), by=house.office,
    )  # fmt: skip
