"""What the settings' pages show: sentences, tables and steps, made from rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saima_web.base.clock import today
from saima_web.campaigns.actions import STEPS
from saima_web.campaigns.forms import COUNTS, FREQUENCIES
from saima_web.campaigns.models import Campaign, Participation
from saima_web.campaigns.queries import active_members, day_count, exists, members
from saima_web.ui.tables import Box, Column, Table


def summary(campaign: Campaign) -> list[str]:
    """The state, the day, how it is scored: clauses of the settings page's sentence."""
    clauses = [str(campaign.get_state_display())]
    count = day_count(campaign)
    if count:
        clauses.append(_("今天是第%(day)s天，还有%(left)s天") % {"day": count[0], "left": count[1]})
    elif today() < campaign.start:
        clauses.append(_("还有%(n)s天开始") % {"n": (campaign.start - today()).days})
    counts = ",".join(campaign.counts or ["confirmed"])
    sources = str(dict(COUNTS).get(counts, counts))
    scored = str(FREQUENCIES.get(campaign.scores, campaign.scores))
    clauses.append(_("%(how)s计分，采用%(sources)s") % {"how": scored, "sources": sources})
    return clauses


def steps(campaign: Campaign) -> dict[str, Any]:
    """Where the campaign may go from here."""
    titles = {
        ("preparing", "running"): _("启动行动"),
        ("running", "closed"): _("收官"),
        ("closed", "running"): _("恢复为进行中"),
        ("running", "preparing"): _("退回筹备"),
    }
    return {
        "steps": [
            {"to": to, "title": titles[here, to], "reason": STEPS[here, to]}
            for here, to in STEPS
            if here == campaign.state
        ]
    }


def member_counts(campaign: Campaign) -> dict[str, Any]:
    """How many take part, in how many tracks, how many apart."""
    now = active_members(campaign, _day(campaign))
    clauses = [
        ngettext("%(n)s个单位参加", "%(n)s个单位参加", len(now)) % {"n": len(now)},
        ngettext("分%(n)s个赛道", "分%(n)s个赛道", campaign.tracks.count())
        % {"n": campaign.tracks.count()},
    ]
    apart = sum(1 for p in now if p.track and not p.ranked)
    if apart:
        clauses.append(_("%(n)s个单列") % {"n": apart})
    tracks = [
        {"row": t, "count": sum(1 for p in now if p.track_id == t.pk)}
        for t in campaign.tracks.all()
    ]
    return {"summary": clauses, "tracks": tracks}


def members_table(campaign: Campaign) -> Table:
    """Who takes part now, in official order, and who did."""
    now = {p.pk for p in members(campaign, _day(campaign))}
    latest = {p.unit_id: p for p in campaign.participations.select_related("unit", "track")}
    rows = sorted(latest.values(), key=lambda p: (p.unit.order, p.unit.code))
    return Table(
        name=_("成员和赛道"),
        columns=[
            Column("order", _("机构序"), kind="number", decimals=0),
            Column("unit", _("单位"), link="href"),
            Column("track", _("赛道")),
            Column("ranked", _("排名")),
            Column("difficulty", _("难度系数"), kind="number", decimals=2),
            Column("since", _("参加起"), kind="date"),
            Column("standing", _("现状")),
            Column("reason", _("变动原因")),
        ],
        rows=[_member(campaign, p, now) for p in rows],
        search=("unit", "track", "reason"),
        boxes=[
            Box("ranked", _("参与排名"), lambda r: bool(r["is_ranked"])),
            Box("apart", _("单列或不排名"), lambda r: not r["is_ranked"]),
        ],
        empty=_("还没有单位参加。"),
        begin=_("在下面加入单位，或从行动工作簿导入。"),
    )


def _member(campaign: Campaign, row: Participation, now: set[int]) -> dict[str, Any]:
    here = row.pk in now and exists(row.unit, _day(campaign))
    ranked = row.ranked and row.track_id is not None
    return {
        "order": row.unit.order,
        "unit": row.unit.name,
        "href": reverse("campaigns:member", args=[campaign.code, row.pk]),
        "track": row.track.name if row.track else "",
        "ranked": _("参与") if ranked else _("单列") if row.track else _("不排名"),
        "is_ranked": ranked and here,
        "difficulty": float(row.difficulty),
        "since": row.valid_from or campaign.start,
        "standing": _("参加") if here else _("已并入%(unit)s") % {"unit": row.unit.successor}
        if row.unit.successor else _("已退出") if row.valid_to else _("尚未开始"),
        "reason": row.reason,
    }  # fmt: skip


def _day(campaign: Campaign) -> Any:
    """Today within the campaign."""
    return min(max(today(), campaign.start), campaign.end)


def dates(campaign: Campaign) -> dict[str, Any]:
    """Key dates in order, the next of them, and whether heightened duty is on."""
    rows = list(campaign.key_dates.all())
    coming = [r for r in rows if (r.until or r.on) >= today()]
    on_duty = next((r for r in coming if r.heightened and r.on <= today()), None)
    past = [r for r in rows if r not in coming]
    return {"rows": rows, "past": past, "next": coming[0] if coming else None, "duty": on_duty}
