"""The year so far, played by the demonstration's people through the platform's own actions.

Nothing is written past the actions that a real office would use, so what stands in the database,
the ledger included, is what the platform itself makes of such a year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.utils import timezone

from saima.rules.reading import read_rulebook
from saima_web.audit.actions import writing
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.demo import (
    cards,
    followup,
    messaging,
    pledges,
    projects,
    redlines,
    supervision,
)
from saima_web.demo.figures import Cell, cells, project_plans, tables
from saima_web.demo.people import put_people
from saima_web.demo.plan import BEGUN, DEMO_DAY, FOUNDED, ITEMS, SPRINT, YEAR
from saima_web.demo.words import JUMPS, cause_of
from saima_web.indicators.actions import add_note
from saima_web.indicators.models import CheckRule, Indicator
from saima_web.people.models import Post, Role, Unit, User
from saima_web.publishing.actions import issue
from saima_web.reporting import actions as reporting
from saima_web.reporting.checks import findings_on
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.pen import Given
from saima_web.reporting.rounds import close_round, open_round
from saima_web.scoring import actions as scoring
from saima_web.setup.actions import import_tables
from saima_web.targets.models import ProjectPlan, TargetSet

CODE = f"race-{YEAR}"
ZONE = ZoneInfo("Asia/Shanghai")
Say = Callable[[str], None]


@dataclass
class Stage:
    """What the story needs at hand."""

    campaign: Campaign
    users: dict[str, User]
    units: dict[str, Unit]
    cells: dict[tuple[str, str], Cell]
    say: Say
    owners: dict[str, User] = field(default_factory=dict)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def tell(say: Say) -> Campaign:
    """Make the whole demonstration in an empty database."""
    with clock.at(moment(BEGUN)):
        stage = _founded(say)
    say(f"1—{BEGUN.month - 1}月：导入的数据，逐月计分、公布")
    for month in range(1, BEGUN.month):
        _score(stage, f"{YEAR}-{month:02}", BEGUN + timedelta(days=1))
    for month in range(BEGUN.month, DEMO_DAY.month - 1):
        _month(stage, month)
    _current_round(stage, DEMO_DAY.month - 1)
    projects.tell(stage)
    followup.tell(stage)
    pledges.tell(stage)
    redlines.tell(stage)
    cards.tell(stage)
    supervision.tell(stage)
    messaging.tell(stage)
    with clock.at(moment(DEMO_DAY, 6)):
        verify_and_keep()
    return stage.campaign


def _founded(say: Say) -> Stage:
    say("建立单位、指标、目标和考核办法")
    book, problems = read_rulebook(
        files("saima_web.demo").joinpath("rulebook.yaml").read_text(encoding="utf-8"), "办法"
    )
    assert book is not None, problems
    maker = User.objects.create_user("founder", None, name="系统初始化")
    Post.objects.create(user=maker, role=Role.ADMINISTRATOR)
    campaign = import_tables(
        tables=tables(), rulebooks=[book], code=CODE, by=maker, state=Campaign.State.RUNNING
    )
    Post.objects.filter(user=maker).delete()
    maker.is_active = False
    maker.save()
    campaign.sprint_start, campaign.sprint_end = SPRINT
    campaign.report_day, campaign.confirm_day, campaign.explain_from = 8, 12, 5
    campaign.save()
    users = put_people(campaign)
    stage = Stage(
        campaign, users, {u.code: u for u in Unit.objects.all()},
        {(c.unit, c.item.code): c for c in cells()}, say,
    )  # fmt: skip
    stage.owners = {item.code: users[f"owner_{item.owner.lower()}"] for item in ITEMS}
    _furnish(stage)
    _noted(stage)
    return stage


def _furnish(stage: Stage) -> None:
    """Who provides what, rules on figures, projects behind the investment, dates that matter."""
    provided = [item.code for item in ITEMS if item.provider == "owner"]
    Indicator.objects.filter(code__in=provided).update(provider=Indicator.Provider.OWNER)
    indicators = {x.code: x for x in Indicator.objects.all()}
    rules = []
    for item in ITEMS:
        row = indicators[item.code]
        rules.append(CheckRule(indicator=row, kind="minimum", limit=Decimal(0), severity="error"))
        if item.measure == "%":
            limit = Decimal(150 if item.code == "cost_ratio" else 100)
            rules.append(CheckRule(indicator=row, kind="maximum", limit=limit, severity="error"))
        elif item.nature == "in-period" and item.target > 1000:
            rules.append(CheckRule(indicator=row, kind="of-target", limit=Decimal(120)))
    CheckRule.objects.bulk_create(rules)
    batch = TargetSet.objects.get(campaign=stage.campaign)
    ProjectPlan.objects.bulk_create(
        ProjectPlan(
            batch=batch, unit=stage.units[unit], indicator=indicators["investment"],
            project=name, period=period, value=Decimal(str(value)), recorded_at=clock.now(),
        )
        for unit, name, period, value in project_plans()
    )  # fmt: skip
    KeyDate.objects.bulk_create(
        KeyDate(campaign=stage.campaign, on=day, until=until, name=name, heightened=heightened)
        for day, until, name, heightened in (
            (SPRINT[0], None, "攻坚启动", False),
            (date(YEAR, 10, 1), date(YEAR, 10, 8), "国庆假期值守", True),
            (date(YEAR, 11, 12), None, "双月点评会", False),
            (date(YEAR, 12, 24), None, "年终点评会", False),
            (SPRINT[1], None, "收官", False),
        )
    )


NOTES = (
    ("policy", 1, 9, "示例市政府", "年度重点工作赛马比拼实施方案", "示例政办发〔2026〕2号"),
    ("policy", 3, 2, "示例市国资委", "市属企业季度考核细则", "示例国资〔2026〕15号"),
    ("contact", 2, 11, "示例市统计局", "投资数按入库项目核对，每月6日前反馈", ""),
)
"""What the campaign rests on: kind, month, day, from whom, about what, number."""


def _noted(stage: Stage) -> None:
    """Policies and contacts of the whole campaign."""
    for kind, month, day, party, title, number in NOTES:
        add_note(
            campaign=stage.campaign, kind=kind, on=date(YEAR, month, day), party=party,
            title=title, number=number, by=stage.users["office"],
        )  # fmt: skip


def _month(stage: Stage, month: int) -> None:
    """One month from the first figure to the bulletin."""
    stage.say(f"{month}月：填报、审核、核定、计分、公布")
    after = date(YEAR + month // 12, month % 12 + 1, 1)
    with clock.at(moment(after, 8)):
        round = open_round(
            campaign=stage.campaign, period=f"{YEAR}-{month:02}", by=stage.users["office"]
        )
    entries = _entries(round)
    for n, (unit, rows) in enumerate(entries.items()):
        _report(stage, round, unit, rows, month, moment(after + timedelta(days=2), 9, n * 4))
    _provide(stage, entries, month, moment(after + timedelta(days=3)))
    with clock.at(moment(after + timedelta(days=7), 15)):
        _confirm(stage, round)
        close_round(round=round, by=stage.users["office"])
    _score(stage, round.period, after + timedelta(days=8))


def _entries(round: Round) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    rows = round.entries.select_related("unit", "indicator", "round__campaign")
    for entry in rows:
        founded = FOUNDED.get(entry.unit.code)
        if founded is None or round.period >= f"{founded:%Y-%m}":
            found.setdefault(entry.unit.code, []).append(entry)
    return found


def _value(stage: Stage, entry: Entry, month: int) -> Decimal:
    cell = stage.cells[entry.unit.code, entry.indicator.code]
    return Decimal(str(cell.actual[month - 1])).quantize(
        Decimal(1).scaleb(-entry.indicator.decimals)
    )


def _report(
    stage: Stage, round: Round, unit: str, entries: Sequence[Entry], month: int, at: datetime
) -> None:
    """A clerk fills in a unit's cells, explains what is behind, hands in; the head passes on."""
    own = [e for e in entries if e.indicator.provider == Indicator.Provider.UNIT]
    clerk, head = stage.users[f"clerk_{unit.lower()}"], stage.users[f"head_{unit.lower()}"]
    with clock.at(at), writing(clerk):
        given = [Given(e, _value(stage, e, month)) for e in own]
        saved = reporting.save_many(rows=given, by=clerk)
        _explain(round, saved, clerk, at)
        handed = reporting.submit(round=round, unit=stage.units[unit], by=clerk)
    with clock.at(at + timedelta(hours=5)):
        reporting.endorse(entries=handed, by=head)


def _explain(round: Round, entries: Iterable[Entry], by: User, at: datetime) -> None:
    rows = {e.pk: e for e in entries}
    for pk, findings in findings_on(round, list(rows.values())).items():
        for finding in findings:
            if finding.open and finding.kind == "behind":
                cause, measure = cause_of(rows[pk].indicator.code, rows[pk].unit.code)
                until = timezone.localdate(at) + timedelta(days=40)
                reporting.remark(
                    entry=rows[pk], kind="behind", text=cause, measure=measure,
                    catch_up_on=until, by=by,
                )  # fmt: skip
            elif finding.open and finding.kind == "jump":
                reporting.remark(entry=rows[pk], kind="jump", text=JUMPS, by=by)


def _provide(stage: Stage, entries: dict[str, list[Entry]], month: int, at: datetime) -> None:
    """Departments give the figures that they hold for all units."""
    owned: dict[str, list[Entry]] = {}
    for rows in entries.values():
        for entry in rows:
            if entry.indicator.provider == Indicator.Provider.OWNER:
                owned.setdefault(entry.indicator.code, []).append(entry)
    with clock.at(at):
        for code, rows in owned.items():
            given = [Given(e, _value(stage, e, month)) for e in rows]
            reporting.save_many(rows=given, by=stage.owners[code])


def _confirm(stage: Stage, round: Round) -> None:
    """Every data owner settles the figures in its care."""
    waiting: dict[str, list[Entry]] = {}
    rows = round.entries.filter(state="endorsed")
    for entry in rows.select_related("unit", "indicator", "round__campaign", "reported"):
        waiting.setdefault(stage.owners[entry.indicator.code].username, []).append(entry)
    for username, found in waiting.items():
        reporting.confirm(entries=found, by=stage.users[username])


def _score(stage: Stage, period: str, day: date) -> None:
    """From the draft to the published ranking, in three days."""
    office, leader = stage.users["office"], stage.users["leader"]
    with clock.at(moment(day)):
        run = scoring.run(campaign=stage.campaign, period=period, by=office)
        scoring.send_for_checking(run=run, by=office)
    with clock.at(moment(day + timedelta(days=1))), writing(office):
        for check in run.checks.select_related("unit"):
            by = stage.users[f"head_{check.unit.code.lower()}"]
            scoring.answer_check(check=check, agreed=True, note="", by=by)
        scoring.close_checking(run=run, by=office)
    with clock.at(moment(day + timedelta(days=2))):
        scoring.approve(run=run, by=leader, note="同意")
        published = scoring.publish(run=run, by=office)
        if period >= f"{BEGUN:%Y-%m}":
            issue(run=published, dated=clock.today(), by=office)


def _current_round(stage: Stage, month: int) -> None:
    """The open round, half full: some units are done, some are at it, some have not begun."""
    stage.say(f"{month}月：正在填报")
    after = date(YEAR + month // 12, month % 12 + 1, 1)
    with clock.at(moment(after, 8)):
        round = open_round(
            campaign=stage.campaign, period=f"{YEAR}-{month:02}", by=stage.users["office"]
        )
    entries = _entries(round)
    for n, (unit, rows) in enumerate(entries.items()):
        at = moment(after + timedelta(days=1), 9, n * 4)
        if n % 2:
            _report(stage, round, unit, rows, month, at)
        elif n % 4 == 0:
            _begin(stage, unit, rows, month, at)


def _begin(stage: Stage, unit: str, entries: Sequence[Entry], month: int, at: datetime) -> None:
    """A clerk who has saved two thirds of the cells, and has not handed in."""
    own = [e for e in entries if e.indicator.provider == Indicator.Provider.UNIT]
    part = own[: len(own) * 2 // 3]
    clerk = stage.users[f"clerk_{unit.lower()}"]
    with clock.at(at), writing(clerk):
        given = [Given(e, _value(stage, e, month)) for e in part]
        saved = reporting.save_many(rows=given, by=clerk)
        _explain(part[0].round, saved[: len(saved) - 8], clerk, at)
