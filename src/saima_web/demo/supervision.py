"""Supervision in the demonstration: the year's inspections, problems in all states, two meetings.

What touches scores is decided after October was published: published rankings keep their input.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.demo import story
from saima_web.demo.plan import DEMO_DAY, YEAR
from saima_web.people.models import User
from saima_web.supervision import actions, dispatch, findings, problems
from saima_web.supervision.dispatch import Line
from saima_web.supervision.models import Inspected, Inspection, Problem


def day(month: int, number: int) -> date:
    return date(YEAR, month, number)


PLAN = (
    ("三季度投资和开工入库专项督查", "special", "投资建设", "D2", (10, 12), (10, 16), ("C1", "C4", "C5"),
     "亿元以上项目开工情况\n在建项目入库纳统情况\n形象进度与报数是否一致"),
    ("征收清零专项督查", "special", "征收清零", "D4", (10, 26), (10, 30), ("C4", "C5", "E2"),
     "剩余户数和协议签订情况\n过渡费发放情况"),
    ("安全生产综合督查", "comprehensive", "安全环保", "D6", (11, 16), (11, 20), ("C3", "E3", "E4"),
     "重大隐患整改情况\n值班值守和应急预案"),
    ("数字化投资专项督查", "special", "数字化", "D5", (12, 8), (12, 10), ("S4", "E5"),
     "数字化项目投资真实性\n系统上云情况"),
    ("四季度投资冲刺回头看", "second-look", "投资建设", "D2", (12, 15), (12, 18), ("C4", "C5"),
     "三季度督查问题整改情况"),
)  # fmt: skip
"""Title, kind, category, department, begin, end, units, what is looked at."""

SEEN = {
    "C1": ("实地查看5个项目，形象进度与报数一致，入库资料齐全。", "推进有力，予以肯定。",
           (("merit", "入库资料由专人按周核对，做到开工一个、入库一个", "", 0),)),
    "C4": ("查看4个项目，2个已开工未入库。", "开工及时，入库滞后，限期整改。",
           (("fault", "标准厂房二期等2个项目开工两个月未入库", "补齐施工合同和现场照片，完成入库", 30),
            ("fault", "形象进度月报比现场超前", "按现场实际更正，今后照片随月报上传", 15))),
    "C5": ("查看3个项目，水系整治停工一个月。", "进度严重滞后，限期整改，纳入通报。",
           (("fault", "水系整治工程停工一个月未报告", "立即复工，倒排工期报投资发展部", 25),
            ("fault", "剩余地块征收没有分户计划", "逐户制定签约计划，明确责任人", 60))),
}  # fmt: skip
"""Unit -> record, conclusion, findings: kind, text, requirement, days to make it good."""

PROBLEMS = (
    ("C5", "problem", "剩余8户评估分歧，征收清零卡住", "征收清零", "D4", "片区路网东段"),
    ("C4", "guarantee", "标准厂房二期缺用地指标38亩", "投资建设", "D2", "石桥标准厂房二期"),
    ("E2", "problem", "配套学校移交手续三家来回", "投资建设", "D2", "澄江一品"),
    ("E1", "upward", "争取文旅专项资金2000万元", "经营效益", "D1", "栖湖夜游提升"),
    ("C3", "problem", "电力迁改影响南枫路主线贯通", "投资建设", "D2", "南枫路改造"),
    ("C1", "problem", "甲供材结算口径不一致", "投资建设", "D2", ""),
    ("E4", "guarantee", "新水厂用电增容未批复", "投资建设", "D2", "示例第二水厂"),
    ("S3", "problem", "两处门面承租人拒不腾退", "招商运营", "D3", ""),
    ("E3", "upward", "争取新能源公交补贴续发", "经营效益", "D1", ""),
    ("S1", "problem", "服务中心办公用房不足", "经营效益", "D1", ""),
    ("C2", "problem", "雨污分流图纸与现状不符", "投资建设", "D2", "雨污分流三标"),
)
"""Unit, kind, title, category, department that leads, project; their fates stand in `_fates`."""


def tell(stage: story.Stage) -> None:
    """Inspections from plan to bulletin, problems in every state, dispatch meetings."""
    stage.say("督查、难题和运行调度")
    rows = _plan(stage)
    _first_inspection(stage, rows[0])
    _second_inspection(stage, rows[1])
    _third_inspection(stage, rows[2])
    _meetings(stage)
    _problems(stage)


def at(month: int, number: int, hour: int = 10) -> AbstractContextManager[None]:
    return clock.at(story.moment(day(month, number), hour))


def _plan(stage: story.Stage) -> list[Inspection]:
    made = []
    with at(9, 8), writing(stage.users["inspector"]):
        for title, kind, category, lead, begins, ends, units, content in PLAN:
            made.append(
                actions.plan_inspection(
                    campaign=stage.campaign, title=title, kind=kind, category=category,
                    lead_unit=stage.units[lead], begins_on=day(*begins), ends_on=day(*ends),
                    content=content, units=[stage.units[u] for u in units],
                    by=stage.users["inspector"],
                )
            )  # fmt: skip
        actions.save_rhythm(
            campaign=stage.campaign, by=stage.users["office"],
            values={"dispatch_every": "month", "dispatch_day": 16},
        )  # fmt: skip
    with at(9, 10):
        actions.approve_plan(campaign=stage.campaign, year=YEAR, by=stage.users["leader"])
    return made


def _visited(stage: story.Stage, part: Inspected, on: date) -> Inspected:
    text, conclusion, found = SEEN[part.unit.code]
    by = stage.users["inspector"]
    with clock.at(story.moment(on, 16)), writing(by):
        part = actions.record(
            part=part, visited_on=on, inspectors="严督查、顾征迁", text=text, by=by
        )
        for kind, said, requirement, days in found:
            findings.add_finding(
                part=part, kind=kind, text=said, requirement=requirement,
                deadline=on + timedelta(days=days) if days else None, by=by,
            )  # fmt: skip
        return actions.conclude(part=part, conclusion=conclusion, by=by)


def _head(stage: story.Stage, part: Inspected) -> User:
    return stage.users[f"head_{part.unit.code.lower()}"]


def _first_inspection(stage: story.Stage, row: Inspection) -> None:
    """One closed, one that makes good, one that is late and objected to in vain."""
    by = stage.users["inspector"]
    parts = {
        p.unit.code: _visited(stage, p, day(10, 13 + n))
        for n, p in enumerate(row.parts.select_related("unit", "inspection__campaign"))
    }
    with at(10, 19):
        part = actions.answer(
            part=parts["C1"], text="继续保持，做法已在各项目部推开。", by=_head(stage, parts["C1"])
        )
        actions.close(part=part, by=by)
    with at(10, 21):
        actions.answer(
            part=parts["C4"], text="已列整改清单，逐项销号。", by=_head(stage, parts["C4"])
        )
        first = parts["C4"].findings.order_by("pk").last()
        assert first is not None
        findings.report(
            finding=first, measure="已更正9月月报，照片随报上传。", by=_head(stage, parts["C4"])
        )
    with at(10, 22):
        findings.judge(finding=first, settled=True, note="核对属实。", by=by)
        actions.object_to(part=parts["C5"], text="停工已口头报告。", by=_head(stage, parts["C5"]))
    with at(10, 26):
        part = actions.review(
            part=parts["C5"], upheld=True, text="没有书面报告，事实清楚，维持。", by=by
        )
        actions.answer(part=part, text="接受结论，11月1日已复工。", by=_head(stage, part))
    with at(11, 20):
        worst = parts["C5"].findings.order_by("pk").first()
        assert worst is not None
        findings.report(
            finding=worst, measure="已复工，工期计划已报。", by=_head(stage, parts["C5"])
        )
        findings.score(
            finding=worst, kind="deduction", name="督查通报批评", by=stage.users["office"]
        )


def _second_inspection(stage: story.Stage, row: Inspection) -> None:
    """Told and answered by one, owed by one, disputed by one."""
    by = stage.users["lead_office"]
    said = "签约进度基本符合计划，个别地块缺少分户方案。"
    for n, part in enumerate(row.parts.select_related("unit", "inspection__campaign")):
        with at(11, 24 + n), writing(by):
            part = actions.record(
                part=part,
                visited_on=day(10, 27),
                inspectors="顾征迁",
                text="查看台账，走访6户。",
                by=by,
            )
            findings.add_finding(
                part=part, kind="fault", text="过渡费发放清册没有签收", by=by,
                requirement="补签收，今后当月归档", deadline=day(12, 5 + 5 * n),
            )  # fmt: skip
            part = actions.conclude(part=part, conclusion=said, by=by)
    first, second, _third = row.parts.select_related("unit", "inspection__campaign")
    with at(12, 1):
        actions.answer(part=first, text="已补签收。", by=_head(stage, first))
        actions.object_to(part=second, text="清册9月已签收，附复印件。", by=_head(stage, second))


def _third_inspection(stage: story.Stage, row: Inspection) -> None:
    """One was seen and waits for its conclusion, one was left out."""
    by = stage.users["inspector"]
    parts = list(row.parts.select_related("unit", "inspection__campaign"))
    with at(11, 30), writing(by):
        seen = actions.record(
            part=parts[0],
            visited_on=day(11, 18),
            inspectors="严督查",
            text="查看塔吊群作业，值守到位。",
            by=by,
        )
        findings.add_finding(
            part=seen, kind="fault", text="防碰撞装置检测记录不全", requirement="补检测并留档",
            deadline=day(12, 20), by=by,
        )  # fmt: skip
        actions.drop(part=parts[-1], reason="上级同期检查，合并进行", by=by)


# --- problems -----------------------------------------------------------------------------------


def _problems(stage: story.Stage) -> None:
    rows = [_raised(stage, n, *values) for n, values in enumerate(PROBLEMS)]
    for row, fate in zip(rows, _fates(stage), strict=True):
        fate(row)


def _raised(
    stage: story.Stage,
    n: int,
    unit: str,
    kind: str,
    title: str,
    category: str,
    _lead: str,
    concerns: str,
) -> Problem:
    extra = {"upward": {"upward_to": "省级主管部门"}, "guarantee": {"element": "land"}}.get(
        kind, {}
    )
    listed = stage.campaign.projects.filter(name=concerns, unit=stage.units[unit]).first()
    with clock.at(story.moment(day(10, 9) + timedelta(days=4 * n), 9)):
        return problems.raise_problem(
            campaign=stage.campaign, unit=stage.units[unit], kind=kind, title=title,
            category=category, detail=f"{title}，已协调两次没有结果。", project=listed,
            concerns="" if listed else concerns, asks="请牵头部门会商明确办法和时限。",
            by=stage.users[f"head_{unit.lower()}"], **extra,
        )  # fmt: skip


Fate = Callable[[Problem], None]


def _fates(stage: story.Stage) -> list[Fate]:
    """What becomes of each problem, in the order of PROBLEMS."""
    users, units = stage.users, stage.units
    leads = {title: units[lead] for _u, _k, title, _c, lead, _p in PROBLEMS}

    def sort(row: Problem, event: str, on: tuple[int, int]) -> Problem:
        with at(*on):
            return problems.sort(
                problem=row, event=event, lead_unit=leads[row.title], by=users["office"]
            )

    def decide(row: Problem, by: str, on: tuple[int, int], days: int) -> Problem:
        with at(*on, 15):
            return problems.decide(
                problem=row, decision="由牵头部门会同属地一周内商定，逐户逐项落实。",
                responsible_unit=leads[row.title] if row.level == "leaders" else row.unit,
                due_on=day(*on) + timedelta(days=days), by=users[by],
            )  # fmt: skip

    def report(row: Problem, on: tuple[int, int]) -> Problem:
        unit = row.responsible_unit or row.unit
        with at(*on):
            by = users[f"head_{unit.code.lower()}"]
            return problems.report(problem=row, result="已达成一致，手续办结。", by=by)

    def ruled(row: Problem) -> None:
        row = decide(sort(row, "to_leaders", (11, 12)), "leader", (11, 13), 30)

    def solved(row: Problem) -> None:
        row = report(decide(sort(row, "to_meeting", (10, 20)), "office", (10, 21), 20), (11, 6))
        with at(11, 9):
            problems.close(problem=row, note="现场核实，已解决。", by=users["office"])

    def late(row: Problem) -> None:
        decide(sort(row, "to_meeting", (10, 27)), "office", (10, 28), 20)

    def awaited(row: Problem) -> None:
        report(decide(sort(row, "to_meeting", (11, 3)), "office", (11, 4), 30), (12, 1))

    def returned(row: Problem) -> None:
        row = report(decide(sort(row, "to_meeting", (11, 10)), "office", (11, 11), 30), (11, 24))
        with at(11, 25):
            problems.return_(problem=row, reason="只完成一处", by=users["office"])

    def declined(row: Problem) -> None:
        with at(11, 16):
            problems.decline(
                problem=row, reason="属日常事务，请按办公用房程序申请。", by=users["office"]
            )

    def withdrawn(row: Problem) -> None:
        with at(11, 20):
            problems.withdraw(problem=row, note="已自行解决", by=row.raised_by)

    return [
        ruled, late, solved, lambda r: _done(sort(r, "to_leaders", (12, 1))), awaited,
        lambda r: _done(sort(r, "to_team", (11, 2))),
        lambda r: _done(sort(r, "to_meeting", (12, 1))), returned,
        _done, declined, withdrawn,
    ]  # fmt: skip


def _done(_row: Problem) -> None:
    """Nothing more becomes of it."""


# --- meetings -----------------------------------------------------------------------------------


def _meetings(stage: story.Stage) -> None:
    """November's with minutes and a task; December's put down with its agenda."""
    office = stage.users["office"]
    with at(11, 13):
        row = dispatch.plan_meeting(
            campaign=stage.campaign,
            on=day(11, 16),
            place="集团三楼会议室",
            chair="集团主要领导",
            by=office,
        )
        dispatch.draw_agenda(meeting=row, by=office)
    with at(11, 16, 17):
        lines = [
            Line("补齐标准厂房二期入库资料，11月底前完成入库。", stage.units["C4"], day(11, 30)),
            Line("水系整治工程倒排工期，每周报一次形象进度。", stage.units["C5"], day(12, 20)),
            Line("各单位欠序时指标逐项写明追赶措施。"),
        ]
        dispatch.hold(meeting=row, lines=lines, by=office)
        dispatch.issue(meeting=row, by=office)
    with clock.at(story.moment(DEMO_DAY - timedelta(days=1), 9)):
        row = dispatch.plan_meeting(
            campaign=stage.campaign, on=day(12, 16), place="集团三楼会议室", by=office
        )
        dispatch.draw_agenda(meeting=row, by=office)
