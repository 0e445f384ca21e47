"""The sentences and tables of the pages about rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.base.clock import now
from saima_web.reporting import drawn
from saima_web.reporting.large_desk import LargeDesk
from saima_web.reporting.models import Round
from saima_web.reporting.queries import Owed, OwnerLine, RoundLine, label, review_address
from saima_web.reporting.review import Desk
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import moment


def rounds_answer(lines: Sequence[RoundLine]) -> list[str]:
    """What stands above the list of rounds: how far the open one is."""
    current = next((x for x in lines if x.round.state == Round.State.OPEN), None)
    if current is None:
        return [_("现在没有正在填报的轮次。")]
    words = {
        "period": label(current.round), "n": current.total, "done": current.handed_in,
        "confirmed": current.confirmed, "provided": current.provided, "given": current.given,
    }  # fmt: skip
    if not current.total and not current.provided:
        return [_("%(period)s正在填报，") % words, _("没有您要看的数据。")]
    by_units = [_("单位应报%(n)s项，已提交%(done)s项、核定%(confirmed)s项") % words]
    by_owners = [_("部门提供%(provided)s项，已提供%(given)s项") % words]
    parts = [*(by_units if current.total else []), *(by_owners if current.provided else [])]
    return [_("%(period)s正在填报：") % words, *_joined(parts)]


def _joined(parts: Sequence[str]) -> list[str]:
    """Clauses of one sentence: all but the last end with a semicolon."""
    middle, last = _("%(part)s；"), _("%(part)s。")
    return [(last if n == len(parts) else middle) % {"part": p} for n, p in enumerate(parts, 1)]


def rounds_table(lines: Sequence[RoundLine], code: str) -> Table:
    """The rounds of a campaign."""
    rows = [
        {
            "period": label(x.round), "href": reverse("reporting:round", args=[code, x.round.period]),
            "state": x.round.get_state_display(), "key": x.round.state, "due": x.round.due_at,
            "confirm_due": x.round.confirm_due_at, "total": x.total, "handed_in": x.handed_in,
            "confirmed": x.confirmed, "share": x.handed_in / x.total if x.total else None,
            "given": x.given if x.provided else None, "provided": x.provided or None,
            "trial": x.round.trial, "order": x.round.period,
        }
        for x in lines
    ]  # fmt: skip
    columns = (
        Column("period", _("期间"), link="href", sort="order"),
        Column("state", _("状态"), template="reporting/_round_state.html"),
        Column("due", _("填报截止"), "moment"),
        Column("confirm_due", _("核定截止"), "moment"),
        Column("total", _("单位应报"), "number", decimals=0, measure=_("项")),
        Column("handed_in", _("已提交"), "number", decimals=0, measure=_("项")),
        Column("share", _("报送率"), draw=drawn.share),
        Column("confirmed", _("已核定"), "number", decimals=0, measure=_("项")),
        *([Column("provided", _("部门提供"), "number", decimals=0, measure=_("项")),
           Column("given", _("已提供"), "number", decimals=0, measure=_("项"))]
          if any(x.provided for x in lines) else []),
    )  # fmt: skip
    return Table(
        columns, rows, name=_("填报轮次"), empty=_("还没有填报轮次。"),
        begin=_("考核办按月开启一轮，各单位的填报从那里开始。"), caption=_("填报轮次"), css="r-table",
    )  # fmt: skip


def round_answer(round: Round, units: Sequence[Owed], owners: Sequence[OwnerLine]) -> list[str]:
    """Whether everything has come in, who is missing, who is late."""
    total, owed = sum(x.total for x in units), sum(x.owes for x in units)
    waiting = sum(x.owes > 0 for x in units)
    late = sum(x.overdue for x in units)
    words = {
        "period": label(round), "units": len(units), "n": total, "done": total - owed,
        "waiting": waiting, "late": late, "confirm": sum(x.waits for x in owners),
        "provided": sum(x.provided for x in owners),
        "given": sum(x.provided - x.to_provide for x in owners),
    }  # fmt: skip
    if not total and not owners:
        return [_("%(period)s没有您能看的数据。") % words]
    also = [_("部门另提供%(provided)s项，已提供%(given)s项；") % words] if words["provided"] else []
    head = _("%(units)s家单位应报%(n)s项，已报%(done)s项；") % words
    if waiting and late:
        return [head, *also, _("还有%(waiting)s家没有报齐，其中%(late)s家逾期。") % words]
    if waiting:
        return [head, *also, _("还等%(waiting)s家单位。") % words]
    if words["confirm"]:
        return [_("%(units)s家单位全部报齐；") % words, _("还有%(confirm)s项等部门核定。") % words]
    return [_("%(units)s家单位全部报齐，") % words, _("并已处理完毕。")]


def _count(key: str, title: str) -> Column:
    return Column(key, title, "number", decimals=0, draw=drawn.count(key))


def units_table(round: Round, units: Sequence[Owed]) -> Table:
    """Units × states: who has reported how much, until when, and who is late."""
    address = review_address(round, unit="")
    rows = [_unit_row(line, address + quote_plus(line.unit.code)) for line in units]
    columns = (
        Column("unit", _("单位"), link="href", sort="order"),
        _count("total", _("应报")), _count("empty", _("未报")),
        _count("draft", _("已保存")), _count("returned", _("被退回")),
        _count("submitted", _("待审核")), _count("endorsed", _("待核定")),
        _count("confirmed", _("已核定")),
        Column("share", _("报送率"), draw=drawn.share),
        _count("late", _("迟报")),
        Column("due", _("截止"), draw=drawn.until),
    )  # fmt: skip
    boxes = (
        Box("owing", _("未报齐"), lambda r: bool(r["owes"])),
        Box("late", _("已逾期"), lambda r: bool(r["overdue"])),
        Box("returned", _("有退回"), lambda r: bool(r["returned"])),
        Box("submitted", _("待单位审核"), lambda r: bool(r["submitted"])),
        Box("endorsed", _("待部门核定"), lambda r: bool(r["endorsed"])),
        Box("done", _("全部核定"), lambda r: r["confirmed"] == r["total"]),
    )
    return Table(
        columns, rows, name=_("应报尽报"), search=("unit",), boxes=boxes,
        caption=_("各单位报送情况"), empty=_("没有单位自报的数据。"), css="r-table",
        begin=_("本轮的数据由部门统一提供，见下表。"),
    )  # fmt: skip


def _unit_row(line: Owed, href: str) -> dict[str, Any]:
    return {
        "unit": str(line.unit), "order": line.unit.order, "href": href,
        "total": line.total, "owes": line.owes, "late": line.late,
        "empty": line.count("empty"), "draft": line.count("draft"),
        "returned": line.count("returned"), "submitted": line.count("submitted"),
        "endorsed": line.count("endorsed"), "confirmed": line.count("confirmed"),
        "share": (line.total - line.owes) / line.total,
        "due": line.due, "overdue": line.overdue, "extended": line.extended,
        "done": not line.owes,
    }  # fmt: skip


def owners_table(round: Round, owners: Sequence[OwnerLine]) -> Table:
    """What each data owner has settled, and still has to."""
    rows = [
        {
            "owner": str(x.owner or _("未指定")), "order": x.owner.order if x.owner else 10**6,
            "indicators": "、".join(name for _order, name in sorted(x.indicators)), "total": x.total, "coming": x.coming,
            "to_confirm": x.to_confirm, "to_provide": x.to_provide, "confirmed": x.confirmed,
            "due": round.confirm_due_at, "done": not x.waits and not x.coming,
            "overdue": bool(x.waits) and round.confirm_due_at < now(), "extended": False,
        }
        for x in owners
    ]  # fmt: skip
    columns = (
        Column("owner", _("数据责任部门"), sort="order"), Column("indicators", _("指标")),
        _count("total", _("合计")), _count("coming", _("等单位")),
        _count("to_confirm", _("待核定")), _count("to_provide", _("待提供")),
        _count("confirmed", _("已核定")),
        Column("due", _("截止"), draw=drawn.until),
    )  # fmt: skip
    return Table(
        columns, rows, name=_("部门核定"), prefix="o_", caption=_("各部门核定情况"),
        css="r-table r-owners",
    )  # fmt: skip


def desk_answer(desk: Desk | LargeDesk) -> list[str]:
    """What waits for the person; else for whom the round waits."""
    words: dict[str, Any] = {
        **desk.numbers(), "period": label(desk.round),
        "units": desk.waiting_units("empty", "draft", "returned"),
        "heads": desk.waiting_units("submitted", others=True),
    }  # fmt: skip
    if not words["total"]:
        return [_("%(period)s没有您能看的数据。") % words]
    rest = _still(words)
    yours = [_("%(n)s项等您处理；") % words] if words["n"] else []
    yours += [_("%(provide)s项等您提供；") % words] if words["provide"] else []
    if yours:
        return [*yours, *(rest or [_("其余都已处理。")])]
    if rest:
        return [_("没有等您处理的；"), *rest] if desk.events else rest
    return [_("%(total)s项全部核定。") % words]


def _still(words: dict[str, Any]) -> list[str]:
    """Whom the rest waits for, in words."""
    parts = []
    if words["units"]:
        parts.append(_("还等%(units)s家单位提交") % words)
    if words["heads"]:
        parts.append(_("%(heads)s家单位待负责人审核") % words)
    if words["owners"]:
        parts.append(_("%(owners)s项待部门核定") % words)
    if words["awaited"]:
        parts.append(_("%(awaited)s项待部门提供") % words)
    middle, last = _("%(part)s，"), _("%(part)s。")
    return [(last if n == len(parts) else middle) % {"part": p} for n, p in enumerate(parts, 1)]


def deadline(round: Round) -> str:
    """A round's deadline in its question line."""
    return _("%(when)s填报截止") % {"when": moment(round.due_at)}
