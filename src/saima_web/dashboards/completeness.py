"""Completeness (应报尽报): of the figures that a round asks for, which came, which came late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from saima.periods import parse
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.reporting.models import Round
from saima_web.reporting.queries import HANDED_IN, Owed, OwnerLine, name_missing
from saima_web.reporting.tallies import tallies_of
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, plain_number

NAMED = 6


def rounds_of(campaign: Campaign) -> list[Round]:
    """The rounds that have begun, the latest period first."""
    rows = campaign.rounds.exclude(state=Round.State.PLANNED)
    return sorted(rows, key=lambda r: parse(r.period), reverse=True)


def chosen(rounds: Sequence[Round], period: str) -> Round | None:
    """The wanted round, else the latest."""
    return next((r for r in rounds if r.period == period), rounds[0] if rounds else None)


class Names:
    """What units still owe, by name: read where it is looked at, for many units at once."""

    def __init__(self, by: User, round: Round, lines: Sequence[Owed]) -> None:
        self.by, self.round, self.lines = by, round, lines

    def read(self, lines: Sequence[Owed]) -> None:
        """Read those of some units, if they are not known."""
        unknown = [line for line in lines if line.missing is None]
        if unknown:
            name_missing(self.by, self.round, unknown)

    def words(self, line: Owed) -> str:
        """What was returned and what never came; the first few by name."""
        if line.missing is None:
            self.read(self.lines)
        names = [x.name for x in (*(line.returned or ()), *(line.missing or ()))]
        more = _("等%(n)s项") % {"n": len(names)} if len(names) > NAMED else ""
        return "、".join(names[:NAMED]) + more


def unit_table(campaign: Campaign, round: Round, owed: Sequence[Owed], names: Names) -> Table:
    """What each unit owes, in official order: this is no ranking."""
    href = reverse("reporting:round", args=[campaign.code, round.period])
    words = lazy(names.words, str)
    columns = [
        Column("unit", _("单位"), link="href"),
        Column("total", _("应报"), "number", decimals=0, measure=_("项")),
        Column("handed", _("已报"), "number", decimals=0, measure=_("项")),
        Column("share", _("报送率"), "number", decimals=1, measure="%"),
        Column("returned", _("退回待改"), "number", decimals=0, measure=_("项")),
        Column("late", _("迟报"), "number", decimals=0, measure=_("项")),
        Column("confirmed", _("已核定"), "number", decimals=0, measure=_("项")),
        Column("missing", _("还缺哪些")),
        Column("due", _("截止"), "moment"),
    ]
    boxes = [
        Box("owing", _("未报齐"), lambda r: r["handed"] < r["total"]),
        Box("overdue", _("已逾期"), lambda r: r["overdue"]),
        Box("late", _("有迟报"), lambda r: r["late"] > 0),
        Box("done", _("已报齐"), lambda r: r["handed"] == r["total"]),
    ]
    return Table(
        columns, [_unit(o, words) | {"href": href} for o in owed], name=_("应报尽报"),
        search=("unit", "missing"), boxes=boxes, css="d-lacking", empty=_("这一轮没有要单位自己报的数据。"),
    )  # fmt: skip


def _unit(owed: Owed, words: Callable[[Owed], str]) -> dict[str, Any]:
    handed = owed.count(*HANDED_IN)
    return {
        "owed": owed, "unit": str(owed.unit), "total": owed.total, "handed": handed,
        "share": handed / owed.total * 100 if owed.total else None,
        "returned": owed.count("returned"), "late": owed.late,
        "confirmed": owed.count("confirmed"), "missing": words(owed),
        "due": owed.due, "overdue": owed.overdue,
    }  # fmt: skip


def owner_table(lines: Sequence[OwnerLine]) -> Table:
    """What each data owner has settled and still has to."""
    columns = [
        Column("owner", _("数据责任单位")),
        Column("total", _("负责"), "number", decimals=0, measure=_("项")),
        Column("confirmed", _("已核定"), "number", decimals=0, measure=_("项")),
        Column("to_confirm", _("待核定"), "number", decimals=0, measure=_("项")),
        Column("to_provide", _("待提供"), "number", decimals=0, measure=_("项")),
        Column("coming", _("单位未报来"), "number", decimals=0, measure=_("项")),
    ]
    rows = [
        {
            "owner": str(x.owner) if x.owner else _("没有指定"), "total": x.total,
            "confirmed": x.confirmed, "to_confirm": x.to_confirm, "to_provide": x.to_provide,
            "coming": x.coming,
        }
        for x in lines
    ]  # fmt: skip
    return Table(columns, rows, name=_("数据责任单位核定情况"), prefix="o-")


def answer(round: Round, owed: Sequence[Owed]) -> list[str]:
    """How many of how many came, who is short, and how long there still is."""
    total = sum(o.total for o in owed)
    if not total:
        return [_("这一轮没有要单位自己报的数据。")]
    handed = sum(o.count(*HANDED_IN) for o in owed)
    words = {
        "period": month(round.period), "total": total, "n": handed,
        "share": plain_number(handed / total * 100, 1),
    }  # fmt: skip
    first = _("%(period)s应报%(total)s项，已报%(n)s项（%(share)s%%）；") % words
    owing = sum(1 for o in owed if o.owes)
    if not owing:
        return [first, _("各单位都已报齐。")]
    overdue = sum(1 for o in owed if o.overdue)
    if overdue:
        words = {"n": owing, "late": overdue}
        return [first, _("%(n)s家未报齐，") % words, _("其中%(late)s家已逾期。") % words]
    return [first, _("%(n)s家未报齐，都还在期限内。") % {"n": owing}]


def history(rounds: Sequence[Round], round: Round, owed: Sequence[Owed]) -> Chart | None:
    """Share handed in by each round's deadline, round by round; `owed` is what the one round has."""
    if len(rounds) < 2:
        return None
    tallies = tallies_of(r for r in rounds if r != round)
    shares = {
        pk: tally.count(HANDED_IN, provided=False, late=False) / tally.count(provided=False) * 100
        for pk, tally in tallies.items()
        if tally.count(provided=False)
    }
    if owed:
        shares[round.pk] = sum(o.in_time for o in owed) / sum(o.total for o in owed) * 100
    ordered = [r for r in reversed(rounds) if r.pk in shares]
    series = [Series(_("按时报送率"), [shares[r.pk] for r in ordered])]
    names = [month(r.period) for r in ordered]
    return Chart("bars", _("按时报送率"), names, series, measure="%", decimals=1)
