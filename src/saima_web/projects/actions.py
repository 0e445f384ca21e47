"""Writes of key projects: the office manages them, the responsible unit reports on its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from saima.problems import refuse
from saima.rounding import text
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.projects import refusals
from saima_web.projects.gate_actions import with_passages
from saima_web.projects.models import (
    Gate,
    GatePassage,
    Milestone,
    Project,
    ProjectMoney,
    ProjectPaper,
    ProjectReport,
)
from saima_web.projects.money import money_of, plans_in_targets
from saima_web.projects.queries import lacking_evidence
from saima_web.projects.timing import plan_of

Series = ProjectMoney.Series
Matter = Gate.Matter
USUAL_GATES: tuple[tuple[str, str], ...] = (
    ("谋划储备", Matter.PRELIMINARY), ("立项（代码）", Matter.PRELIMINARY),
    ("用地预审与选址意见", Matter.PRELIMINARY), ("可研批复", Matter.PRELIMINARY),
    ("环评、能评、水保、稳评", Matter.PRELIMINARY), ("用地批复、供地", Matter.PRELIMINARY),
    ("建设用地规划许可", Matter.PRELIMINARY), ("初步设计概算", Matter.DESIGN),
    ("建设工程规划许可", Matter.DESIGN), ("施工图审查", Matter.DESIGN),
    ("招投标、合同", Matter.CONTRACTS), ("施工许可", Matter.CONTRACTS),
    ("开工", Matter.SITE), ("桩基、基础", Matter.SITE), ("正负零", Matter.SITE),
    ("主体施工", Matter.SITE), ("主体封顶", Matter.SITE), ("安装装修、设备", Matter.SITE),
    ("竣工验收", Matter.SITE), ("投产投用", Matter.SITE), ("达产", Matter.SITE),
    ("决算、档案", Matter.SITE),
)  # fmt: skip
"""The 22 usual stages, each under one of the four central matters; a campaign changes its own."""

FIELDS = (
    "name", "category", "kind", "unit", "leader", "centre", "agent", "investor", "front",
    "highlighted", "indicator", "total", "before", "year_plan", "start_due", "finish_due",
    "contingency",
)  # fmt: skip


def subject(project: Project) -> str:
    return f"project/{project.campaign.code}/{project.pk}"


def add_usual_gates(*, campaign: Campaign, by: User) -> list[Gate]:
    """The 22 usual gates, those left out that are there; projects that are there get them too."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        there = set(campaign.gates.values_list("name", flat=True))
        last: int = campaign.gates.aggregate(last=Max("order"))["last"] or 0
        wanted = [pair for pair in USUAL_GATES if pair[0] not in there]
        made = Gate.objects.bulk_create(
            Gate(campaign=campaign, order=last + at, name=name, matter=matter)
            for at, (name, matter) in enumerate(wanted, 1)
        )
        if made:
            with_passages(campaign, made)
            names = [gate.name for gate in made]
            ledger.record(
                "gate.added", f"gates/{campaign.code}", campaign=campaign.code, names=names
            )
    return made


def set_gate(*, gate: Gate, name: str, matter: str, owner: str, by: User) -> Gate:
    """Rename a gate, put it under another matter, say who owns it."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=gate.campaign)
        gate.name, gate.matter, gate.owner = name.strip()[:40], matter, owner.strip()[:60]
        gate.save()
        code = gate.campaign.code
        ledger.record("gate.changed", f"gate/{code}/{gate.pk}", campaign=code, name=gate.name)
    return gate


def add_project(
    *, campaign: Campaign, by: User, supporting: Iterable[Unit] = (), **values: Any
) -> Project:
    """Enter a project; it gets the campaign's gates. Errors: Refused for money, dates, the name."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign, unit=values["unit"])
        project = Project(campaign=campaign, **{k: v for k, v in values.items() if k in FIELDS})
        _check(project)
        project.save()
        project.supporting.set(supporting)
        GatePassage.objects.bulk_create(
            GatePassage(project=project, gate=gate) for gate in campaign.gates.all()
        )
        ledger.record(
            "project.added", subject(project), campaign=campaign.code, name=project.name,
            unit=project.unit.code, total=_plain(project.total), year_plan=_plain(project.year_plan),
        )  # fmt: skip
    return project


def change_project(
    *, project: Project, by: User, supporting: Iterable[Unit] | None = None, **values: Any
) -> Project:
    """Change what a project is; what happened is recorded elsewhere."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
        changed = {
            k: v for k, v in values.items() if k in FIELDS and getattr(project, k) != v
        }  # fmt: skip
        for key, value in changed.items():
            setattr(project, key, value)
        _check(project)
        project.save()
        if supporting is not None:
            project.supporting.set(supporting)
        ledger.record(
            "project.changed", subject(project), campaign=project.campaign.code,
            changed={k: str(v) for k, v in changed.items()},
        )  # fmt: skip
    return project


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _check(project: Project) -> None:
    rows = Project.objects.filter(campaign=project.campaign, name=project.name)
    if rows.exclude(pk=project.pk).exists():
        raise refuse(refusals.NAME_THERE, name=project.name)
    parts = (("至上年底完成", project.before), ("年度计划", project.year_plan))
    _within(project, parts)
    if project.total is not None and project.before and project.year_plan:
        both = project.before + project.year_plan
        _within(project, (("至上年底完成与年度计划之和", both),))
    if project.start_due and project.finish_due and project.finish_due < project.start_due:
        raise refuse(
            refusals.DATES_ORDER, name=project.name, later="计划竣工", late=project.finish_due,
            earlier="计划开工", early=project.start_due,
        )  # fmt: skip


def _within(project: Project, parts: Sequence[tuple[str, Decimal | None]]) -> None:
    """Refuse amounts below zero or above the total."""
    for what, amount in (*parts, ("总投资", project.total)):
        shown = text(float(amount or 0), 2)
        values: dict[str, Any] = {"name": project.name, "what": what, "amount": shown}
        if amount is not None and amount < 0:
            raise refuse(refusals.NEGATIVE_MONEY, **values)
        if amount is not None and project.total is not None and amount > project.total:
            total = text(float(project.total), 2)
            raise refuse(refusals.ABOVE_TOTAL, **values, total=total)


def set_plan(*, project: Project, months: dict[str, Decimal], by: User) -> None:
    """A monthly plan of its own. Errors: Refused where targets hold it, or it leaves the total."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
        year = str(project.campaign.start.year)
        if project.indicator and plans_in_targets([project], year).get(project.pk):
            indicator = project.indicator.name
            raise refuse(refusals.PLAN_IN_TARGETS, name=project.name, indicator=indicator)
        _within(project, [(f"{month}计划", value) for month, value in months.items()])
        _within(project, (("月度计划之和", sum(months.values(), Decimal(0))),))
        _keep(project, Series.PLAN, months, by)
        said = {m: str(v) for m, v in months.items()}
        ledger.record(
            "project.planned", subject(project), campaign=project.campaign.code, months=said
        )


def _keep(project: Project, series: str, months: dict[str, Decimal], by: User) -> None:
    ProjectMoney.objects.bulk_create(
        ProjectMoney(
            project=project, series=series, month=month, value=value, recorded_at=now(), by=by
        )
        for month, value in months.items()
    )


def report_month(
    *,
    project: Project,
    month: str,
    by: User,
    amounts: dict[str, Decimal | None],
    physical_progress: str = "",
    problem: str = "",
    asks: str = "",
) -> ProjectReport:
    """A month's three amounts, each its own series, and how the site looks.

    Errors: Refused for a month to come, a negative amount, or more than the total.
    """
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        _month_is_open(project.campaign, month)
        money = money_of([project], month)[project.pk]
        for series in (Series.STATISTICAL, Series.PHYSICAL, Series.PAID):
            value = amounts.get(series)
            if value is None:
                continue
            others = sum((v for m, v in money.series[series].items() if m != month), money.before)
            _within(
                project,
                ((f"{month}{series.label}", value), (f"{series.label}累计", others + value)),
            )
            _keep(project, series, {month: value}, by)
        report = ProjectReport.objects.create(
            project=project, month=month, physical_progress=physical_progress.strip()[:300],
            problem=problem.strip()[:300], asks=asks.strip()[:300], recorded_at=now(), by=by,
        )  # fmt: skip
        ledger.record(
            "project.reported", subject(project), campaign=project.campaign.code, month=month,
            amounts={str(k): _plain(v) for k, v in amounts.items()},
        )  # fmt: skip
    return report


def _month_is_open(campaign: Campaign, month: str) -> None:
    first, last = f"{campaign.start:%Y-%m}", f"{today():%Y-%m}"
    try:
        date.fromisoformat(f"{month}-01")
    except ValueError:
        raise refuse(refusals.BAD_MONTH, text=month) from None
    if not first <= month <= min(last, f"{campaign.end:%Y-%m}"):
        raise refuse(refusals.BAD_MONTH, text=month)


def record_start(*, project: Project, on: date, by: User) -> Project:
    """The day on which work on the site began."""
    return _happened(project, "started_on", "实际开工", on, by)


def record_finish(*, project: Project, on: date, by: User) -> Project:
    """The day on which the project was finished. Errors: Refused before its start."""
    if project.started_on is None:
        raise refuse(refusals.NOT_STARTED, name=project.name, what="实际竣工")
    if on < project.started_on:
        raise refuse(
            refusals.DATES_ORDER, name=project.name, later="实际竣工", late=on,
            earlier="实际开工", early=project.started_on,
        )  # fmt: skip
    return _happened(project, "finished_on", "实际竣工", on, by)


def record_inclusion(*, project: Project, on: date, by: User) -> Project:
    """Taken up into the statistics. Errors: Refused before the start, or without its evidence."""
    if project.started_on is None:
        raise refuse(refusals.NOT_STARTED, name=project.name, what="入库纳统")
    if lacking := lacking_evidence(project, list(project.papers.all())):
        raise refuse(refusals.EVIDENCE_LACKING, name=project.name, lacking="；".join(lacking))
    return _happened(project, "included_on", "入库纳统", on, by)


def _happened(project: Project, key: str, what: str, on: date, by: User) -> Project:
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        _not_to_come(project.name, what, on)
        setattr(project, key, on)
        project.save()
        ledger.record(
            f"project.{key.removesuffix('_on')}", subject(project), campaign=project.campaign.code,
            on=on.isoformat(),
        )  # fmt: skip
    return project


def _not_to_come(name: str, what: str, on: date) -> None:
    if on > today():
        raise refuse(refusals.FUTURE, name=name, what=what, day=on)


def pass_gate(
    *, passage: GatePassage, by: User, due: date | None, done_on: date | None, note: str = ""
) -> GatePassage:
    """When a gate is to be passed, and when it was."""
    project = passage.project
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        if done_on:
            _not_to_come(project.name, passage.gate.name, done_on)
        passage.due, passage.done_on, passage.note = due, done_on, note.strip()[:200]
        passage.save()
        ledger.record(
            "project.gate", subject(project), campaign=project.campaign.code, gate=passage.gate.name,
            due=str(due or ""), done=str(done_on or ""),
        )  # fmt: skip
    return passage


def add_paper(*, project: Project, by: User, **values: Any) -> ProjectPaper:
    """An approval, contract, permit or photograph."""
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        made = ProjectPaper.objects.create(project=project, recorded_at=now(), by=by, **values)
        ledger.record(
            "project.paper", subject(project), campaign=project.campaign.code, kind=made.kind,
            name=made.name, number=made.number,
        )  # fmt: skip
    return made


def set_milestones(*, project: Project, rows: Sequence[Milestone], by: User) -> list[Milestone]:
    """Replace a project's milestones. Errors: Refused where their network has no schedule."""
    from saima.scheduling import schedule

    with writing(by) as ledger:
        require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
        if rows:
            schedule(plan_of(project, list(rows), today()))
        project.milestones.all().delete()
        for row in rows:
            row.project = project
        made = Milestone.objects.bulk_create(rows)
        ledger.record(
            "project.milestones", subject(project), campaign=project.campaign.code, count=len(made)
        )
    return made


def report_milestone(
    *,
    milestone: Milestone,
    by: User,
    actual_start: date | None,
    actual_finish: date | None,
    percent: int,
) -> Milestone:
    """What has happened of a milestone. Errors: Refused for days to come or in the wrong order."""
    project = milestone.project
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        begun = actual_start or actual_finish
        for what, on in (("实际开始", begun), ("实际完成", actual_finish)):
            if on:
                _not_to_come(milestone.name, what, on)
        if begun and actual_finish and actual_finish < begun:
            raise refuse(
                refusals.DATES_ORDER, name=milestone.name, later="实际完成", late=actual_finish,
                earlier="实际开始", early=begun,
            )  # fmt: skip
        milestone.actual_start, milestone.actual_finish = begun, actual_finish
        milestone.percent = 100 if actual_finish else max(0, min(percent, 99))
        milestone.save()
        ledger.record(
            "project.milestone", subject(project), campaign=project.campaign.code,
            name=milestone.name, done=str(actual_finish or ""), percent=milestone.percent,
        )  # fmt: skip
    return milestone


def bring_history(
    *, project: Project, months: dict[str, Decimal], by: User, series: str = Series.STATISTICAL
) -> None:
    """Amounts of one series of months that are over, as the office's workbook has them."""
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
        known = money_of([project], max(months))[project.pk].series[series]
        fresh = {month: value for month, value in months.items() if known.get(month) != value}
        if not fresh:
            return
        whole = sum((known | months).values(), project.before or Decimal(0))
        _within(project, [(f"{month}完成", value) for month, value in fresh.items()])
        _within(project, (("累计完成", whole),))
        _keep(project, series, fresh, by)
        said = {month: str(value) for month, value in fresh.items()}
        code = project.campaign.code
        ledger.record(
            "project.history", subject(project), campaign=code, months=said, series=str(series)
        )


def bring_inclusion(*, project: Project, on: date, by: User) -> Project:
    """A day in the statistics as the office's workbook has it; what its papers lack stays asked for.

    Errors: Refused before the start.
    """
    require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
    if project.started_on is None:
        raise refuse(refusals.NOT_STARTED, name=project.name, what="入库纳统")
    return _happened(project, "included_on", "入库纳统", on, by)


def set_gates(
    *, project: Project, dates: dict[str, tuple[date | None, date | None]], by: User
) -> list[GatePassage]:
    """Several gates at once, by name: when each is due, and when it was passed."""
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        rows = list(project.passages.filter(gate__name__in=dates).select_related("gate"))
        for row in rows:
            row.due, row.done_on = dates[row.gate.name]
            if row.done_on:
                _not_to_come(project.name, row.gate.name, row.done_on)
        GatePassage.objects.bulk_update(rows, ("due", "done_on"))
        passed = [row.gate.name for row in rows if row.done_on]
        code = project.campaign.code
        ledger.record("project.gate", subject(project), campaign=code, passed=passed)
    return rows
