"""What the demonstration tells of a few projects' sites: risks, inspections, estimates. Invented."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from saima_web.demo import story
from saima_web.demo.plan import DEMO_DAY
from saima_web.projects.gantt import estimate_actions
from saima_web.projects.models import Project
from saima_web.projects.site import actions as site_actions

RISKS = (
    ("临溪安置房", "两宗地未交付，主体工序接不上", "high", "每周与属地会商，先交付先进场", 60, "happened"),
    ("临溪水系整治", "汛期围堰渗水", "middle", "备双电源水泵，雨前巡查", 120, "closed"),
    ("古镇二期", "劳务班组不足，封顶再推迟", "high", "与总包约定节点奖罚，增加一个班组", 30, "watched"),
    ("云岭快速路东延", "管线权属单位多，迁改窗口短", "middle", "建立联络表，夜间窗口提前两周报", 45, "watched"),
    ("东屏商业街更新", "商户搬迁不齐，无法围挡", "high", "一户一策，分段围挡施工", 50, "happened"),
    ("澄江新城综合体", "幕墙板块到货迟", "low", "驻厂监造，备用厂家报价", 20, "watched"),
)  # fmt: skip
"""Project, what, level, measure, days since it was found, what became of it."""

VISITS = (
    ("临溪安置房", 25, "脚手架验收牌缺失，材料堆放占道", "3日内补挂验收牌、清理通道", 18, "验收牌已补挂，通道已清理并拍照留底"),
    ("古镇二期", 12, "主体八层，作业面人员不足三成", "增加班组，报赶工计划", 3, ""),
    ("东屏商业街更新", 9, "围挡破损两处，夜间照明不足", "修复围挡，加装照明", 0, ""),
    ("澄江新城综合体", 16, "样板先行，实测合格率较高，可作观摩点", "", None, ""),
    ("存量厂房盘活", 6, "现场未进场，前期手续缺施工图审查", "明确送审日期，倒排开工", -8, ""),
)  # fmt: skip
"""Project, days ago, found, required, days ago its answer was due, the answer."""

ESTIMATED = ("古镇二期", "云岭快速路东延", "东屏商业街更新")


def tell(stage: story.Stage) -> None:
    """Within the projects' own moment of the story."""
    projects = {p.name: p for p in stage.campaign.projects.select_related("unit")}
    for name, what, level, measure, ago, state in RISKS:
        _risk(stage, projects[name], what, level, measure, ago, state)
    for name, ago, found, required, due, answer in VISITS:
        _visit(stage, projects[name], ago, found, required, due, answer)
    for name in ESTIMATED:
        _estimates(stage, projects[name])


def _risk(
    stage: story.Stage, project: Project, what: str, level: str, measure: str, ago: int, state: str
) -> None:
    clerk = stage.users[f"clerk_{project.unit.code.lower()}"]
    made = site_actions.add_risk(
        project=project, what=what, level=level, owner=project.leader, measure=measure, by=clerk,
        found_on=DEMO_DAY - timedelta(days=ago),
    )  # fmt: skip
    if state != "watched":
        site_actions.change_risk(
            risk=made, level=level, owner=project.leader, measure=measure, state=state,
            on=DEMO_DAY - timedelta(days=ago // 2), by=clerk,
        )  # fmt: skip


def _visit(
    stage: story.Stage,
    project: Project,
    ago: int,
    found: str,
    required: str,
    due: int | None,
    answer: str,
) -> None:
    office = stage.users["project_office"]
    made = site_actions.record_inspection(
        project=project, on=DEMO_DAY - timedelta(days=ago), inspector=office.name, found=found,
        required=required, by=office,
        answer_by=None if due is None else DEMO_DAY - timedelta(days=due),
    )  # fmt: skip
    if answer:
        clerk = stage.users[f"clerk_{project.unit.code.lower()}"]
        site_actions.answer_inspection(inspection=made, answer=answer, by=clerk)


def _estimates(stage: story.Stage, project: Project) -> None:
    """What is left may take a tenth less, or half as long again."""
    open_ = [r for r in project.milestones.all() if r.duration and not r.actual_finish]
    estimate_actions.set_estimates(
        project=project, by=stage.users[f"clerk_{project.unit.code.lower()}"],
        values={
            r.pk: (r.duration * Decimal("0.9"), r.duration, r.duration * Decimal("1.5"))
            for r in open_
        },
    )  # fmt: skip
