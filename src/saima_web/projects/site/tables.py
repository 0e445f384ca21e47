"""Lists of risks and of site inspections over all projects."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.projects.models import Project, ProjectRisk, SiteInspection
from saima_web.projects.site.queries import visit_of
from saima_web.ui.tables import Box, Column, Row, Table

Level, State = ProjectRisk.Level, ProjectRisk.State


def _of(campaign: Campaign, project: Project) -> Row:
    return {
        "project": project.name, "unit": project.unit.short_name or str(project.unit),
        "href": reverse("projects:one", args=[campaign.code, project.pk]),
    }  # fmt: skip


def risks_table(campaign: Campaign, rows: list[ProjectRisk]) -> Table:
    """Risks, those that are open and grave first."""
    order = {Level.HIGH: 0, Level.MIDDLE: 1, Level.LOW: 2}
    ranked = sorted(rows, key=lambda r: (r.state == State.CLOSED, order[Level(r.level)], r.pk))
    return Table(
        (
            Column("project", _("项目"), link="href"),
            Column("unit", _("责任单位")),
            Column("what", _("风险")),
            Column("level", _("等级"), template="projects/_risk_level.html"),
            Column("owner", _("责任人")),
            Column("measure", _("防控措施")),
            Column("state", _("状态"), template="projects/_risk_state.html"),
            Column("found_on", _("登记日期"), "date"),
            Column("closed_on", _("解除日期"), "date"),
        ),
        [_risk(campaign, row) for row in ranked],
        name=_("项目风险"),
        search=("project", "unit", "what", "owner", "measure"),
        boxes=(
            Box("open", _("没有解除"), lambda r: r["stands"] != State.CLOSED),
            Box("high", _("重大"), lambda r: r["grade"] == Level.HIGH),
            Box("happened", _("已发生"), lambda r: r["stands"] == State.HAPPENED),
        ),
        empty=_("还没有登记风险。"),
        begin=_("责任单位在项目页登记：有什么风险，谁负责，怎么防。"),
        prefix="r-",
        css="j-site-list",
        stacks=True,
    )


def _risk(campaign: Campaign, row: ProjectRisk) -> Row:
    return {
        **_of(campaign, row.project), "what": row.what, "level": row.get_level_display(),
        "grade": row.level, "owner": row.owner, "measure": row.measure, "stands": row.state,
        "state": row.get_state_display(), "found_on": row.found_on, "closed_on": row.closed_on,
    }  # fmt: skip


def inspections_table(campaign: Campaign, rows: list[SiteInspection], day: date) -> Table:
    """Visits to sites, the latest first."""
    return Table(
        (
            Column("project", _("项目"), link="href"),
            Column("unit", _("责任单位")),
            Column("on", _("检查日期"), "date"),
            Column("inspector", _("检查人")),
            Column("found", _("发现情况")),
            Column("required", _("整改要求")),
            Column("answer_by", _("整改期限"), "date"),
            Column("answer", _("整改情况")),
            Column("answered_by", _("答复人")),
            Column("state", _("状态"), template="projects/_visit_state.html"),
        ),
        [_visit(campaign, row, day) for row in rows],
        name=_("现场检查"),
        search=("project", "unit", "inspector", "found", "required", "answer"),
        boxes=(
            Box("waiting", _("待答复"), lambda r: bool(r["waiting"])),
            Box("late", _("答复逾期"), lambda r: bool(r["late"])),
        ),
        empty=_("还没有现场检查记录。"),
        begin=_("项目管理办、督查人员检查后在项目页登记。"),
        prefix="i-",
        css="j-site-list",
        stacks=True,
    )


def _visit(campaign: Campaign, row: SiteInspection, day: date) -> Row:
    seen = visit_of(row, day)
    return {
        **_of(campaign, row.project), "on": row.on, "inspector": row.inspector, "found": row.found,
        "required": row.required, "answer_by": row.answer_by, "answer": row.answer,
        "answered_by": row.answered_by.name if row.answered_by else "",
        "asked": seen.asked, "waiting": seen.waiting, "late": seen.late, "state": seen.state,
    }  # fmt: skip
