"""What the pages of setting up show: problems by place, what a file holds, what is still to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saima.problems import Problem
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_members
from saima_web.indicators.models import Rulebook
from saima_web.people.languages import reader
from saima_web.people.models import Post, Role
from saima_web.setup.history import Read
from saima_web.setup.sources import Loaded
from saima_web.targets.models import Target, TargetSet
from saima_web.ui.tables import Box, Column, Table


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems in the reader's language: severity, place, what is wrong, what to do."""
    language = reader()
    rows = [
        {
            "severity": p.severity, "place": p.place.text(language),
            "message": p.message(language), "hint": p.hint(language),
        }
        for p in problems
    ]  # fmt: skip
    return sorted(rows, key=lambda r: r["severity"])


def problem_counts(problems: Iterable[Problem]) -> dict[str, int]:
    """How many stop the import, and how many are to be looked at."""
    given = list(problems)
    errors = sum(p.severity == "error" for p in given)
    return {"errors": errors, "warnings": len(given) - errors}


def contents(loaded: Loaded) -> list[dict[str, Any]]:
    """What a campaign's file holds, with counts."""
    tables, books = loaded
    named = tables.campaign
    return [
        {"title": _("单位"), "count": len(named.units)},
        {"title": _("赛道"), "count": len(named.tracks)},
        {"title": _("指标"), "count": len(named.indicators)},
        {"title": _("分工"), "count": len(named.assignments)},
        {"title": _("目标"), "count": tables.targets.height},
        {"title": _("数据"), "count": tables.facts.height},
        {"title": _("加减分事项"), "count": len(named.events)},
        {"title": _("考核办法"), "count": len(books)},
    ]


def history_table(read: Read) -> Table:
    """The figures of a file of history, beside what is known."""
    kinds = {"new": _("新增"), "changed": _("改动"), "same": _("已有，不变"), "wrong": _("有错")}
    measures = {x.code: x.measure for x in read.tables.campaign.indicators}
    rows = [
        {
            "unit": line.unit, "indicator": line.indicator,
            "measure": measures[line.row["indicator"]], "period": line.row["period"],
            "source": line.source, "was": line.was, "there": line.there, "kind": line.kind,
            "state": kinds[line.kind],
        }
        for line in read.lines
    ]  # fmt: skip
    return Table(
        name=_("历史数据"),
        columns=[
            Column("unit", _("单位")),
            Column("indicator", _("指标")),
            Column("period", _("期间"), template="setup/_period.html"),
            Column("source", _("数据来源")),
            Column("measure", _("计量单位")),
            Column("was", _("平台上"), kind="number", template="setup/_figure.html"),
            Column("there", _("文件里"), kind="number", template="setup/_figure.html"),
            Column("state", _("结果")),
        ],
        rows=rows,
        search=("unit", "indicator", "period"),
        boxes=[Box(k, t, lambda r, k=k: r["kind"] == k) for k, t in kinds.items()],  # type: ignore[misc]
        empty=_("文件里没有数据。"),
        begin=_("请按模板填写后再上传。"),
    )


def steps(campaign: Campaign) -> list[dict[str, Any]]:
    """What a campaign needs before it can start, done or not, each with where to do it."""
    day = min(max(today(), campaign.start), campaign.end)
    members = active_members(campaign, day)
    assigned = campaign.assignments.count()
    published = campaign.rulebooks.filter(official=True).exclude(state=Rulebook.State.DRAFT)
    targets = Target.objects.filter(
        batch__campaign=campaign, batch__state=TargetSet.State.APPROVED
    ).count()
    clerks = Post.objects.filter(campaign=campaign, role=Role.CLERK).values("unit").distinct()
    return [
        _step(_("单位和赛道"), bool(members and campaign.tracks.exists()),
              _n(len(members), _("%(n)s个单位")), "campaigns:members", campaign),
        _step(_("指标和分工"), bool(assigned or published), _n(assigned, _("%(n)s条分工")) if assigned else _("没有分工的，按办法对所有单位计分"),
              "indicators:list", campaign),
        _step(_("考核办法"), published.exists(),
              _("已发布") if published.exists() else _("还没有发布"), "indicators:rulebooks", campaign),
        _step(_("目标"), targets > 0, _n(targets, _("%(n)s个已批准")), "targets:list", campaign),
        _step(_("填报人员"), clerks.count() > 0, _n(clerks.count(), _("%(n)s个单位有填报员")),
              "people:users", None),
        _step(_("历史数据"), campaign.past_ranks.exists() or _has_history(campaign),
              _("导入上年和启用前各月，才能算同比和进步"), "setup:history", campaign, optional=True),
        _step(_("重要时间点"), campaign.key_dates.exists(),
              _n(campaign.key_dates.count(), _("%(n)s个")), "campaigns:dates", campaign,
              optional=True),
    ]  # fmt: skip


def _n(count: int, words: str) -> str:
    return words % {"n": count}


def _has_history(campaign: Campaign) -> bool:
    from saima_web.reporting.models import Figure

    units = campaign.participations.values("unit")
    return Figure.objects.filter(unit__in=units, origin=Figure.Origin.HISTORY).exists()


def _step(
    title: str, done: bool, told: str, name: str, campaign: Campaign | None, optional: bool = False
) -> dict[str, Any]:
    try:
        href = reverse(name, args=[campaign.code] if campaign else [])
    except NoReverseMatch:
        href = ""
    return {"title": title, "done": done, "told": told, "href": href, "optional": optional}


def ready_words(rows: list[dict[str, Any]]) -> list[str]:
    """The page's answer: ready, or how many steps are left and which is next."""
    left = [r for r in rows if not r["done"] and not r["optional"]]
    if not left:
        return [_("准备就绪"), _("可以启动行动")]
    first = ngettext("还差%(n)s步可以启动", "还差%(n)s步可以启动", len(left)) % {"n": len(left)}
    return [first, _("下一步：%(title)s") % {"title": left[0]["title"]}]


def history_known(campaign: Campaign) -> dict[str, Any]:
    """How many figures of history the members have, from which period to which."""
    from saima_web.reporting.models import Figure

    units = campaign.participations.values("unit")
    periods = sorted(
        set(
            Figure.objects.filter(unit__in=units, origin=Figure.Origin.HISTORY).values_list(
                "period", flat=True
            )
        )
    )
    count = Figure.objects.filter(unit__in=units, origin=Figure.Origin.HISTORY).count()
    return {"count": count, "first": periods[0] if periods else "", "last": periods[-1:] or [""]}
