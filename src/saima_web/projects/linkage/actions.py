"""Declaring which indicators are sums of their projects, and taking over their plans as targets."""

from __future__ import annotations

from saima.problems import Problem, Refused, declare, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.linkage.sums import can_be_linked, in_measure, linked_projects
from saima_web.projects.models import Linkage
from saima_web.projects.money import money_of
from saima_web.targets import actions as targets
from saima_web.targets.cells import months_of, project_plans
from saima_web.targets.edits import PlanEdit
from saima_web.targets.models import TargetSet

NOT_MONEY = declare(
    "linkage-not-money",
    "“{indicator}”（{measure}）不是金额，不能由项目投资合计。",
    "请选计量单位为元、万元或亿元、按期累加的指标。",
    "“{indicator}” ({measure}) is no amount of money; projects cannot add up to it.",
    "Choose an indicator in yuan that adds up over time.",
)
BAD_SERIES = declare(
    "linkage-series",
    "没有“{text}”这种口径。",
    "请在统计口径、实物量口径、资金支付中选一种。",
    "There is no series “{text}”.",
    "Choose one of the three.",
)
NO_PLANS = declare(
    "linkage-no-plans",
    "“{indicator}”的项目都还没有月度计划，没有可以填入的目标。",
    "请先给项目编月度计划，或导入带月度计划的项目工作簿。",
    "No project of “{indicator}” has a monthly plan yet.",
    "Plan the projects by month first.",
)


def declare_linkage(*, campaign: Campaign, indicator: Indicator, series: str, by: User) -> Linkage:
    """Say by which one series an indicator is the sum of its projects; none lifts it.

    Errors: Refused for what is no money, and for an unknown series.
    """
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        if series and series not in Linkage.Series.values:
            raise refuse(BAD_SERIES, text=series)
        if series and not can_be_linked(indicator):
            raise refuse(NOT_MONEY, indicator=indicator.name, measure=indicator.measure or "—")
        made = Linkage.objects.create(
            campaign=campaign, indicator=indicator, series=series, recorded_at=now(), by=by
        )
        ledger.record("project.linkage", indicator.code, campaign=campaign.code, series=series)
    return made


def take_plans(*, campaign: Campaign, indicator: Indicator, by: User) -> TargetSet:
    """The units' monthly targets become what their projects plan, in the maker's draft.

    A project's own plan moves into the targets on the way; what targets hold already stays.
    Errors: Refused where nothing is planned, or a cell cannot take its sum (nothing is written).
    """
    with writing(by) as ledger:
        require(by, "targets.edit", campaign=campaign, indicator=indicator)
        edits = _own_plans(campaign, indicator, by)
        if edits:
            targets.put_plans(campaign=campaign, edits=edits, by=by)
        if not project_plans(campaign, by, indicator, draft=True):
            raise refuse(NO_PLANS, indicator=indicator.name)
        batch, problems = targets.put_sums(campaign=campaign, indicator=indicator, by=by)
        if batch is None:
            raise Refused(_first(problems))
        ledger.record(
            "project.plans-taken", indicator.code, campaign=campaign.code, batch=batch.pk,
            plans=len({(e.unit.pk, e.project) for e in edits}),
        )  # fmt: skip
    return batch


def _own_plans(campaign: Campaign, indicator: Indicator, by: User) -> list[PlanEdit]:
    """Plans that projects keep themselves, in the indicator's measure, for months without one."""
    held = {(k[0], k[2]) for k in project_plans(campaign, by, indicator, draft=True)}
    projects = linked_projects(campaign, [indicator.pk])
    money = money_of(projects, f"{campaign.start.year}-12")
    months = {p.text for p in months_of(campaign)}
    return [
        PlanEdit(project.unit, indicator, project.name, month, in_measure(value, indicator))
        for project in projects
        if (project.unit_id, project.name) not in held
        for month, value in sorted(money[project.pk].plan.items())
        if month in months
    ]


def _first(problems: list[Problem]) -> Problem:
    return next((p for p in problems if p.severity == "error"), problems[0])
