"""The tables of promises' pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.pledges import queries
from saima_web.pledges.models import ActionPlan, Commitment, InstitutionMeasure, Pledge
from saima_web.ui.tables import Box, Column, Table

State = Commitment.State


def commitments_table(campaign: Campaign, rows: Iterable[Commitment], day: date) -> Table:
    """All commitments that one may see, with how they stand."""
    months = queries.settings_of(campaign).stalled_months
    lines = [commitment_line(campaign, r, months, day) for r in rows]
    return Table(
        (
            Column("unit", _("单位")),
            Column("what", _("承诺事项"), link="href"),
            Column("goal", _("可衡量的目标")),
            Column("due_on", _("完成时限"), "date"),
            Column(
                "points", _("序时"), "number", 1, measure=_("点"), template="pledges/_pace.html"
            ),
            Column("moved", _("最近进展"), "date"),
            Column("state", _("状态"), template="pledges/_state.html"),
        ),
        lines,
        name=_("承诺"),
        search=("unit", "what", "goal"),
        boxes=(
            Box("open", _("履行中"), lambda r: r["code"] == "made"),
            Box("behind", _("欠序时"), lambda r: (r["points"] or 0.0) < 0),
            Box("asked", _("该报进展"), lambda r: bool(r["asked"])),
            Box("stalled", _("久无进展"), lambda r: bool(r["stalled"])),
            Box("overdue", _("已逾期"), lambda r: bool(r["overdue"])),
            Box("claimed", _("待认定"), lambda r: r["code"] == "claimed"),
            Box("fulfilled", _("已兑现"), lambda r: r["code"] == "fulfilled"),
            Box("unfulfilled", _("未兑现"), lambda r: r["code"] == "unfulfilled"),
        ),
        css="s-rows",
        stacks=True,
        heads="what",
        empty=_("还没有承诺。"),
        begin=_("单位写下承诺事项、可衡量的目标和时限，由负责人作出承诺。"),
    )


def commitment_line(campaign: Campaign, row: Commitment, months: int, day: date) -> dict[str, Any]:
    """One commitment as the table shows it."""
    count = queries.count_of(row, day)
    return {
        "points": round(count.points, 1) if count else None, "count": count,
        "counted_by": row.get_counted_by_display(), "asked": queries.asks_progress(row, day),
        "unit": str(row.unit), "what": row.what, "goal": row.goal, "due_on": row.due_on,
        "moved": queries.moved_on(row), "state": row.get_state_display(), "code": row.state,
        "stalled": queries.is_stalled(row, months, day), "months": months,
        "overdue": queries.is_overdue(row, day), "released": row.released_at is not None,
        "href": reverse("pledges:one", args=[campaign.code, row.pk]),
    }  # fmt: skip


def fulfilment_table(rows: Iterable[queries.Fulfilment]) -> Table:
    """How far each unit keeps its word."""
    lines = [
        {"unit": str(r.unit), "made": r.made, "due": r.due, "fulfilled": r.fulfilled,
         "rate": None if r.rate is None else r.rate * 100, "stalled": r.stalled}
        for r in rows
    ]  # fmt: skip
    return Table(
        (
            Column("unit", _("单位")),
            Column("made", _("承诺"), "number", 0, measure=_("件")),
            Column("due", _("已到期或已认定"), "number", 0, measure=_("件")),
            Column("fulfilled", _("已兑现"), "number", 0, measure=_("件")),
            Column("rate", _("兑现率"), "number", 1, measure="%"),
            Column("stalled", _("久无进展"), "number", 0, measure=_("件")),
        ),
        lines, name=_("承诺兑现率"), prefix="r-", css="s-rows", stacks=True, empty=_("还没有承诺。"),
    )  # fmt: skip


def pledged_table(campaign: Campaign, rows: Iterable[Pledge]) -> Table:
    """What was pledged beside what was reached, one line an indicator."""
    values = queries.pledged(rows)
    found = queries.compare(campaign, ((p.unit.code, v.indicator, v.value) for p, v in values))
    lines = []
    for pledge, value in values:
        x, compared = value.indicator, found[pledge.unit.code, value.indicator.code]
        lines.append(
            {
                "unit": str(pledge.unit), "indicator": x.name, "measure": x.measure,
                "decimals": x.decimals, "value": value.value, "actual": compared.actual,
                "gap": compared.gap, "through": compared.through.text if compared.through else "",
                "ratio": None if compared.ratio is None else compared.ratio * 100,
                "kept": compared.kept, "final": compared.final, "occasion": pledge.occasion,
                "on": pledge.on, "state": outcome(compared),
                "href": reverse("pledges:pledge", args=[campaign.code, pledge.pk]),
            }
        )  # fmt: skip
    return Table(
        (
            Column("unit", _("单位"), link="href"),
            Column("indicator", _("指标")),
            Column("measure", _("计量单位")),
            Column("value", _("表态值"), "number", template="pledges/_exact.html"),
            Column("actual", _("实际值"), "number", template="pledges/_exact.html"),
            Column("gap", _("相差"), "number", template="pledges/_exact.html"),
            Column("ratio", _("完成"), "number", 1, measure="%"),
            Column("through", _("截至"), template="pledges/_period.html"),
            Column("state", _("结果"), template="pledges/_kept.html"),
        ),
        lines,
        name=_("表态与实绩"),
        search=("unit", "indicator", "occasion"),
        boxes=(
            Box("kept", _("已达到"), lambda r: r["kept"] is True),
            Box("open", _("还没达到"), lambda r: r["kept"] is False),
            Box("none", _("还没有数"), lambda r: r["kept"] is None),
        ),
        css="s-rows",
        stacks=True,
        heads="unit",
        empty=_("还没有表态。"),
        begin=_("单位负责人登记表态的内容和数，年底与实际完成数逐项对照。"),
    )


def outcome(compared: queries.Compared) -> str:
    """What the comparison says, in words."""
    if compared.kept is None:
        return _("还没有数")
    if compared.final:
        return _("兑现") if compared.kept else _("没有兑现")
    return _("已达到") if compared.kept else _("还在做")


def plans_table(campaign: Campaign, rows: Iterable[ActionPlan], day: date) -> Table:
    """Action plans with their measures done and late."""
    lines = []
    for row in rows:
        measures = list(row.measures.all())
        open_ = [m for m in measures if m.done_on is None]
        late = sum(1 for m in open_ if m.due_on < day)
        lines.append(
            {
                "unit": str(row.unit), "title": row.title, "state": row.get_state_display(),
                "code": row.state, "measures": len(measures), "done": len(measures) - len(open_),
                "late": late if row.state == ActionPlan.State.APPROVED else 0,
                "next": min((m.due_on for m in open_), default=None),
                "href": reverse("pledges:plan", args=[campaign.code, row.pk]),
            }
        )  # fmt: skip
    return Table(
        (
            Column("unit", _("单位")),
            Column("title", _("方案"), link="href"),
            Column("state", _("状态")),
            Column("measures", _("措施"), "number", 0, measure=_("条")),
            Column("done", _("完成"), "number", 0, measure=_("条")),
            Column("late", _("逾期"), "number", 0, measure=_("条")),
            Column("next", _("下一个时限"), "date"),
        ),
        lines,
        name=_("作战方案"),
        search=("unit", "title"),
        boxes=(
            Box("waiting", _("待审定"), lambda r: r["code"] == "submitted"),
            Box("approved", _("执行中"), lambda r: r["code"] == "approved"),
            Box("late", _("有逾期"), lambda r: bool(r["late"])),
            Box("returned", _("被退回"), lambda r: r["code"] == "returned"),
        ),
        css="s-rows",
        stacks=True,
        heads="title",
        empty=_("还没有作战方案。"),
        begin=_("单位写方案、列出带时限的措施，负责人提交，考核办审定后逐条跟进。"),
    )


def articles_table(campaign: Campaign, by: User, document: int | None = None) -> Table:
    """Articles of institution documents, as checkable measures."""
    rows = queries.articles_for(by, campaign)
    if document is not None:
        rows = rows.filter(document=document)
    lines = [_article_line(campaign, r) for r in rows]
    first = [] if document is not None else [Column("document", _("文件"), link="href")]
    return Table(
        (
            *first,
            Column("order", _("序号"), "number", 0),
            Column("text", _("条文"), link="one"),
            Column("unit", _("责任单位")),
            Column("due_on", _("落实时限"), "date"),
            Column("state", _("状态")),
            Column("evidence", _("落实情况")),
            Column("finding", _("核查意见")),
        ),
        lines,
        name=_("制度落实"),
        search=("document", "text", "unit"),
        boxes=(
            Box("open", _("未报"), lambda r: r["code"] == "open"),
            Box("reported", _("待核查"), lambda r: r["code"] == "reported"),
            Box("accepted", _("已落实"), lambda r: r["code"] == "accepted"),
            Box("returned", _("未落实"), lambda r: r["code"] == "returned"),
        ),
        css="s-rows",
        stacks=True,
        heads="text",
        empty=_("还没有制度文件。"),
        begin=_("考核办登记文件，一条一条列出责任单位，单位报落实情况，考核办核查。"),
    )


def _article_line(campaign: Campaign, row: InstitutionMeasure) -> dict[str, Any]:
    document = row.document
    return {
        "document": document.title, "order": row.order, "text": row.text, "unit": str(row.unit),
        "due_on": row.due_on, "state": row.get_state_display(), "code": row.state,
        "evidence": row.evidence, "finding": row.finding,
        "href": reverse("pledges:institution", args=[campaign.code, document.pk]),
        "one": reverse("pledges:article", args=[campaign.code, row.pk]),
    }  # fmt: skip
