"""Twenty-four key projects of the demonstration: money by month, gates, some three hundred milestones.

The thirteen behind the investment indicator spend together what their unit reported; the others
have a plan of their own. Everything is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from saima.scheduling import Link, Schedule, Task, schedule
from saima.scheduling import Project as Plan
from saima.scheduling.model import DAY
from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.demo import sites, story
from saima_web.demo.figures import project_plans
from saima_web.demo.plan import DEMO_DAY, PROJECTS, YEAR
from saima_web.indicators.models import Indicator
from saima_web.projects import actions
from saima_web.projects.linkage.actions import declare_linkage
from saima_web.projects.models import Milestone, Project, ProjectMoney
from saima_web.projects.timing import OPENING, SITE_DAYS

Kept = ProjectMoney.Series
NOW_REPORTED = DEMO_DAY.month - 1
"""November is being reported: amounts end with October."""

OWNERS = {
    "preliminary": "投资发展部", "design": "集团项目管理中心设计部", "contracts": "招采合约部",
    "site": "集团项目管理中心工程部",
}  # fmt: skip
"""Who leads on each of the four central matters."""

Steps = tuple[tuple[str, int, str], ...]
BUILDING: Steps = (
    ("可研批复", 20, ""), ("用地批复", 25, "1"), ("初步设计", 30, "1"), ("施工许可", 0, "2 3+5"),
    ("场地平整", 15, "4"), ("桩基施工", 30, "5"), ("正负零", 0, "6+10"), ("主体施工", 120, "7"),
    ("主体封顶", 0, "8"), ("机电安装", 55, "9"), ("幕墙装修", 75, "9+10"), ("室外工程", 30, "10"),
    ("竣工验收", 10, "11 12"),
)  # fmt: skip
ROAD: Steps = (
    ("方案批复", 15, ""), ("用地预审", 20, "1"), ("施工图审查", 20, "1"), ("施工许可", 0, "2 3+5"),
    ("管线迁改", 40, "4"), ("路基施工", 110, "4+10"), ("管网敷设", 45, "5"), ("路面施工", 75, "6 7"),
    ("主线贯通", 0, "8"), ("附属工程", 50, "9"), ("交工验收", 10, "10"), ("通车", 0, "11"),
)  # fmt: skip
"""Name, days, predecessors with the days between."""

OWN = (
    ("E2", "澄江新城综合体", 96000, 0.98), ("E2", "澄江租赁住房", 38000, 0.96),
    ("E3", "云岭快速路东延", 84000, 0.93), ("E3", "公交首末站改造", 9000, 1.0),
    ("E4", "示例第二水厂", 40000, 0.97), ("E4", "老旧管网改造", 21000, 0.9),
    ("E5", "东屏商业街更新", 16000, 0.84), ("S1", "物业智慧平台", 3000, 1.02),
    ("S2", "垃圾分类中转站", 12000, 0.95), ("S3", "存量厂房盘活", 15000, 0.88),
    ("S4", "城市停车一张网", 8000, 0.97),
)  # fmt: skip
"""Unit, project without an indicator, the year's plan, how well it keeps pace."""

LATE = {
    "临溪安置房": 62, "临溪水系整治": 35, "古镇二期": 30, "东屏商业街更新": 40,
    "老旧管网改造": 24, "云岭快速路东延": 18, "存量厂房盘活": 45,
}  # fmt: skip
"""Days that a project lost on the way; the others lost none, or two or three."""
PROBLEMS = {
    "临溪安置房": ("两宗地未交付", "请集团与属地会商"),
    "云岭快速路东延": ("管线迁改配合单位未进场", "请明确牵头单位"),
    "古镇二期": ("主体封顶逾期，劳务不足", ""),
    "东屏商业街更新": ("商户搬迁还差11户", "请征收办协调"),
}
NOT_STARTED, NOT_INCLUDED, HIGHLIGHTED = "存量厂房盘活", "物业智慧平台", "澄江新城综合体"
FEW_DAYS = (0, 2, 3, 0)
AGENTS = ("示例代建管理有限公司", "示例城建代建中心")


@dataclass(frozen=True)
class Told:
    """A project of the story: its unit, its plan by month, what was done by month."""

    unit: str
    name: str
    indicator: bool
    plan: tuple[Decimal, ...]
    done: tuple[Decimal, ...]
    number: int

    @property
    def year(self) -> Decimal:
        return sum(self.plan, Decimal(0))

    @property
    def lost(self) -> int:
        return LATE.get(self.name, FEW_DAYS[self.number % 4])

    @property
    def steps(self) -> Steps:
        return ROAD if any(w in self.name for w in ("路", "管", "道", "水系", "雨污")) else BUILDING


def tell(stage: story.Stage) -> None:
    """Gates, projects, their plans, history and the last three months."""
    stage.say("重点项目：24个项目的投资、关口和节点")
    office = stage.users["project_office"]
    told = [*_linked(stage), *_others()]
    with clock.at(story.moment(DEMO_DAY - timedelta(days=2))), writing(office):
        gates = actions.add_usual_gates(campaign=stage.campaign, by=office)
        for gate in gates:
            actions.set_gate(
                gate=gate, name=gate.name, matter=gate.matter, owner=OWNERS[gate.matter], by=office
            )
        declare_linkage(
            campaign=stage.campaign, indicator=Indicator.objects.get(code="investment"),
            series=Kept.STATISTICAL, by=office,
        )  # fmt: skip
        for one in told:
            _enter(stage, one)
        sites.tell(stage)


def _linked(stage: story.Stage) -> Iterator[Told]:
    """A unit's projects spend what it reported, in the proportion of their plans."""
    plans: dict[tuple[str, str], list[Decimal]] = {}
    for unit, name, _month, value in project_plans():
        plans.setdefault((unit, name), []).append(Decimal(str(value)))
    number = 0
    for unit, projects in PROJECTS.items():
        actual = [Decimal(str(v)) for v in stage.cells[unit, "investment"].actual]
        names = [name for name, _ in projects]
        left = list(actual)
        for name in names:
            plan = plans[unit, name]
            wholes = [sum(plans[unit, n][m] for n in names) for m in range(12)]
            done = [
                left[m]
                if name == names[-1]
                else (actual[m] * plan[m] / wholes[m]).to_integral_value()
                for m in range(12)
            ]
            left = [a - b for a, b in zip(left, done, strict=True)]
            number += 1
            yield Told(unit, name, True, tuple(plan), tuple(done), number)


SHARES = (5, 5, 8, 8, 9, 9, 9, 9, 9, 10, 10, 9)


def _others() -> Iterator[Told]:
    for number, (unit, name, year, steady) in enumerate(OWN, 20):
        plan = tuple(Decimal(year * share // 100) for share in SHARES)
        factor = Decimal(0) if name == NOT_STARTED else Decimal(str(steady))
        done = tuple((value * factor).to_integral_value() for value in plan)
        yield Told(unit, name, False, plan, done, number)


def _enter(stage: story.Stage, one: Told) -> None:
    office, begun = stage.users["project_office"], _begun(one)
    unit = stage.units[one.unit]
    project = actions.add_project(
        campaign=stage.campaign, by=office, name=one.name, unit=unit,
        category=Project.Category.CONTINUING if one.number % 3 else Project.Category.NEW,
        kind=tuple(Project.Kind)[one.number % 4].value, leader=stage.users[f"head_{one.unit.lower()}"].name,
        centre="集团项目管理中心", agent=AGENTS[one.number % 2], investor=unit.name,
        front="城市更新" if one.number % 2 else "产业园区", highlighted=one.name == HIGHLIGHTED,
        indicator=Indicator.objects.get(code="investment") if one.indicator else None,
        total=one.year * 3, before=one.year * Decimal("0.6"), year_plan=one.year,
        start_due=begun, finish_due=_schedule(one, 0).finish.date() + timedelta(days=14),
        contingency="关键工序备两支队伍；雨季、停电各有预案，材料提前15天进场。",
    )  # fmt: skip
    if not one.indicator:
        months = {f"{YEAR}-{m + 1:02}": v for m, v in enumerate(one.plan)}
        actions.set_plan(project=project, months=months, by=office)
    _papers(stage, project, begun)
    _network(stage, project, one)
    _money(stage, project, one)


def _begun(one: Told) -> date:
    """The day on which the project's first step was planned."""
    return date(YEAR, 1, 5) + timedelta(days=(one.number * 11) % 60)


def _runs_out(project: Project) -> date:
    """A permit holds for a year; every sixth is about to run out on the demonstration's day."""
    return DEMO_DAY + timedelta(days=17 if project.pk % 6 == 1 else 150 + project.pk)


def _papers(stage: story.Stage, project: Project, begun: date) -> None:
    clerk = stage.users[f"clerk_{project.unit.code.lower()}"]
    if project.name != NOT_STARTED:
        actions.record_start(project=project, on=begun + timedelta(days=3), by=clerk)
    wanted = (
        ("licence", "营业执照", "", date(YEAR - 6, 5, 8), None),
        ("approval", f"{project.name}立项批复", project.unit.name, date(YEAR - 1, 10, 20), None),
        ("contract", f"{project.name}施工总承包合同", project.unit.name, date(YEAR - 1, 12, 5), None),
        ("permit", "建设用地规划许可证", "", date(YEAR, 1, 8), _runs_out(project)),
    )  # fmt: skip
    for kind, name, holder, on, expires in wanted:
        if kind == "contract" and project.name in (NOT_STARTED, NOT_INCLUDED):
            continue
        actions.add_paper(
            project=project, by=clerk, kind=kind, name=name, holder=holder, on=on, expires=expires
        )
    if project.name not in (NOT_STARTED, NOT_INCLUDED):
        actions.record_inclusion(project=project, on=begun + timedelta(days=40), by=clerk)


def _network(stage: story.Stage, project: Project, one: Told) -> None:
    """Planned dates from the plan's own schedule, what happened from one with the days lost."""
    planned, really = (_schedule(one, lost) for lost in (0, one.lost))
    rows = []
    for number, (name, days, links) in enumerate(one.steps, 1):
        plan, real = planned.tasks[number], really.tasks[number]
        began = real.early_start.date() < DEMO_DAY and one.name != NOT_STARTED
        done = began and real.early_finish.date() < DEMO_DAY
        spent = (DEMO_DAY - real.early_start.date()).days
        length = max((real.early_finish - real.early_start).days, 1)
        rows.append(
            Milestone(
                number=number, name=name, duration=Decimal(days), predecessors=_written(links),
                planned_start=plan.early_start.date(), planned_finish=plan.early_finish.date(),
                actual_start=real.early_start.date() if began and (days or done) else None,
                actual_finish=real.early_finish.date() if done else None,
                percent=100 if done else (min(95, 100 * spent // length) if began and days else 0),
            )
        )  # fmt: skip
    actions.set_milestones(project=project, rows=rows, by=stage.users["project_office"])
    last = rows[-1].actual_finish
    if last and last <= clock.today():
        clerk = stage.users[f"clerk_{project.unit.code.lower()}"]
        actions.record_finish(project=project, on=last, by=clerk)
    _gates(stage, project, {row.name: row for row in rows})


def _written(links: str) -> str:
    pieces = [piece.partition("+") for piece in links.split()]
    return "，".join(f"{before}FS+{lag}天" if lag else before for before, _, lag in pieces)


def _schedule(one: Told, lost: int) -> Schedule:
    """The steps from the project's first day; the days lost fall on its longest step."""
    longest = max(one.steps, key=lambda step: step[1])[0]
    tasks = []
    for number, (name, days, links) in enumerate(one.steps, 1):
        before = [piece.partition("+") for piece in links.split()]
        found = tuple(Link(int(b), "FS", int(lag or 0) * DAY) for b, _, lag in before)
        longer = days + (lost if name == longest else 0)
        tasks.append(Task(number, name, longer * DAY, found))
    return schedule(Plan(_opening(_begun(one)), tuple(tasks), calendars={"": SITE_DAYS}))


def _opening(day: date) -> datetime:
    return datetime.combine(day, OPENING)


EARLY = (
    "谋划储备", "立项（代码）", "用地预审与选址意见", "环评、能评、水保、稳评", "建设用地规划许可",
    "建设工程规划许可", "施工图审查", "招投标、合同", "可研批复", "用地批复、供地", "初步设计概算",
)  # fmt: skip
GATES = {
    "可研批复": "可研批复", "用地批复": "用地批复、供地", "初步设计": "初步设计概算",
    "施工图审查": "施工图审查", "用地预审": "用地预审与选址意见", "施工许可": "施工许可",
    "桩基施工": "桩基、基础", "正负零": "正负零", "主体施工": "主体施工", "主体封顶": "主体封顶",
    "竣工验收": "竣工验收", "交工验收": "竣工验收", "通车": "投产投用",
}  # fmt: skip


def _gates(stage: story.Stage, project: Project, rows: dict[str, Milestone]) -> None:
    """The gates that milestones stand for; those before the year are passed."""
    before, day = date(YEAR - 1, 9, 1), date(YEAR - 1, 9, 20)
    dates: dict[str, tuple[date | None, date | None]] = dict.fromkeys(
        ("谋划储备", "立项（代码）"), (before, day)
    )
    for name, row in rows.items():
        if name in GATES:
            dates[GATES[name]] = (row.planned_finish, row.actual_finish)
    if project.started_on:
        dates["开工"] = (project.start_due, project.started_on)
    actions.set_gates(project=project, dates=dates, by=stage.users["project_office"])


def _money(stage: story.Stage, project: Project, one: Told) -> None:
    """Months up to August came in with the workbook; the unit reported the others."""
    months = {f"{YEAR}-{m + 1:02}": v for m, v in enumerate(one.done)}
    history = {m: v for m, v in months.items() if int(m[-2:]) <= 8}
    actions.bring_history(project=project, months=history, by=stage.users["project_office"])
    clerk = stage.users[f"clerk_{one.unit.lower()}"]
    problem, asks = PROBLEMS.get(one.name, ("", ""))
    for number in range(9, NOW_REPORTED):
        month = f"{YEAR}-{number:02}"
        value = months[month]
        actions.report_month(
            project=project, month=month, by=clerk,
            amounts={
                Kept.STATISTICAL: value,
                Kept.PHYSICAL: (value * Decimal("1.08")).to_integral_value(),
                Kept.PAID: (value * Decimal("0.72")).to_integral_value(),
            },
            physical_progress=_site(project), problem=problem if number == NOW_REPORTED - 1 else "", asks=asks,
        )  # fmt: skip


def _site(project: Project) -> str:
    done = [m.name for m in project.milestones.all() if m.actual_finish]
    return f"{done[-1]}已完成" if done else "前期手续办理中"
