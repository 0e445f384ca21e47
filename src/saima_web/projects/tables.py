"""The tables of projects' pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.projects.queries import Overview, Standing, band, is_behind
from saima_web.ui.tables import Box, Column, Row, Table


def projects_table(campaign: Campaign, seen: Overview) -> Table:
    """Projects with their money, pace against the own plan, gate, next milestone and problem."""
    return Table(
        (
            Column("name", _("项目"), link="href"),
            Column("unit", _("责任单位")),
            Column("category", _("类别")),
            Column("band", _("规模"), export=True),
            Column("year_plan", _("年度计划"), "number", 0, _("万元")),
            Column("done", _("已完成"), "number", 0, _("万元")),
            Column("share", _("完成率"), "number", 1, "%"),
            Column("gap", _("超欠计划"), "number", 1, _("点"), template="projects/_gap.html"),
            Column("included", _("入库纳统"), template="projects/_included.html"),
            Column("stage", _("已过关口"), template="projects/_stage.html"),
            Column("next", _("下一节点"), template="projects/_next.html"),
            Column("problem", _("问题")),
        ),
        [_row(campaign, line) for line in seen.lines],
        name=_("重点项目"),
        search=("name", "unit", "leader", "problem"),
        boxes=(
            Box("behind", _("欠计划5点以上"), lambda r: is_behind(r["gap"])),
            Box("overdue", _("节点逾期"), lambda r: bool(r["overdue"])),
            Box("not-started", _("应开未开"), lambda r: bool(r["not_started"])),
            Box("not-included", _("应统未统"), lambda r: bool(r["not_included"])),
            Box("lacking", _("入库依据不齐"), lambda r: bool(r["lacking"])),
            Box("expiring", _("材料到期"), lambda r: bool(r["expiring"])),
            Box("problem", _("有问题"), lambda r: bool(r["problem"])),
        ),
        empty=_("还没有重点项目。"),
        begin=_("项目管理办从工作簿导入，或逐个新建；责任单位每月填报。"),
        css="j-list s-rows",
        stacks=True,
    )


def _row(campaign: Campaign, line: Standing) -> Row:
    project, money = line.project, line.money
    return {
        "name": project.name, "unit": project.unit.short_name or str(project.unit),
        "leader": project.leader, "category": project.get_category_display(),
        "band": band(project.total), "year_plan": project.year_plan, "done": money.done,
        "share": money.share, "gap": money.gap, "stage": line.stage.gate.name if line.stage else "",
        "stuck": line.stuck_at.gate.name if line.stuck_at else "",
        "next": line.next.name if line.next else "",
        "next_day": line.next.planned_finish if line.next else None,
        "overdue": len(line.overdue), "expiring": len(line.expiring), "not_started": line.not_started,
        "not_included": line.not_included, "problem": line.problem,
        "lacking": "；".join(line.lacking), "included": project.included_on,
        "href": reverse("projects:one", args=[campaign.code, project.pk]),
    }  # fmt: skip
