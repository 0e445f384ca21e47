"""What the demonstration's units promised in August and September, and how it stands since."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.campaigns.models import KeyDate
from saima_web.demo import story
from saima_web.demo.plan import DEMO_DAY, SPRINT, UNITS, YEAR
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.pledges import (
    actions,
    duty_actions,
    institution_actions,
    plan_actions,
    pledge_actions,
)
from saima_web.pledges.institution_actions import Article
from saima_web.pledges.models import ActionPlan, Commitment

COMMITMENTS = (
    ("E1", "环湖步道国庆前开放", "9月28日前全线贯通，验收合格", date(YEAR, 9, 28), "fulfil"),
    ("E1", "古镇二期首批商户进场", "12月20日前进场30家", date(YEAR, 12, 20), "step"),
    ("E2", "存量车位清仓", "11月底前去化车位600个", date(YEAR, 11, 30), "fail"),
    ("E2", "租赁住房入住率", "年底入住率不低于92%", date(YEAR, 12, 25), "step"),
    ("E3", "新增公交微循环线路", "12月10日前开通4条", date(YEAR, 12, 10), "claim"),
    ("E4", "老旧供水管网改造", "年内完成18公里", date(YEAR, 12, 28), "none"),
    ("E4", "用水报装时限压缩", "10月底前压缩到3个工作日", date(YEAR, 10, 31), "fulfil"),
    ("E5", "沿街空铺盘活", "年底前盘活空铺40间", date(YEAR, 12, 25), "none"),
    ("C1", "望岳大道主线通车", "12月15日前主线双向通车", date(YEAR, 12, 15), "step"),
    ("C2", "雨污分流三标完工", "11月15日前完工并移交", date(YEAR, 11, 15), "late"),
    ("C3", "南枫中学主体封顶", "10月20日前封顶", date(YEAR, 10, 20), "fulfil"),
    ("C3", "文化馆幕墙完工", "12月31日前完成幕墙", date(YEAR, 12, 31), "step"),
    ("C4", "标准厂房二期交付", "交付企业12家", date(YEAR, 12, 20), "claim"),
    ("C5", "安置房分房到户", "12月18日前交付96套", date(YEAR, 12, 18), "none"),
    ("S1", "物业投诉24小时答复", "11月起答复率100%", date(YEAR, 11, 30), "fulfil"),
    ("S2", "分类垃圾房改造", "年内改造60座", date(YEAR, 12, 24), "step"),
    ("S3", "历史遗留产权办证", "年内办证35宗", date(YEAR, 12, 28), "step"),
    ("S4", "城市停车一张网", "12月1日前接入停车场50个", date(YEAR, 12, 1), "draft"),
)
"""Unit, what, goal, due, how it goes on."""

MADE = date(YEAR, 8, 20)
STEPS = (
    (date(YEAR, 9, 25), "方案已批，队伍已进场。"),
    (date(YEAR, 10, 28), "完成过半，按倒排计划推进。"),
    (date(YEAR, 11, 24), "剩余工程量已排到天，本月底前收尾。"),
)

PLEDGED = (("revenue", 1.0), ("investment", 1.0), ("brands", 1.02), ("agreements", 1.0))
"""Indicator and the share of its target of the year that was pledged at the launch."""

MEASURES = (
    ("倒排工期，周调度、日通报", "总经理", date(YEAR, 10, 15)),
    ("欠账指标逐项定责任人和赶超日期", "分管副总", date(YEAR, 11, 10)),
    ("年底冲刺：剩余任务分解到周", "总经理", date(YEAR, 12, 10)),
)

ARTICLES = (
    ("项目周调度制度：每周一调度，问题当周交办", "C1"),
    ("首问负责制度：企业诉求由首接单位跟到底", "C4"),
    ("并联审批制度：前期手续能并联的一律并联", "C2"),
    ("现场观摩制度：每双月观摩一次", "C3"),
    ("要素保障清单制度：用地用电用工逐项销号", "C5"),
    ("招商线索首报制度", "E5"),
    ("欠账清单制度：欠序时指标逐周核销", "E1"),
    ("质量安全双随机制度", "C1"),
    ("容错备案制度", "E3"),
    ("亮点项目申报制度", "E2"),
)


def tell(stage: story.Stage) -> None:
    """Commitments, pledges at the launch, plans, ten institutions, the holiday's duty.

    What happens on one day is one transaction: the demonstration has to start fast.
    """
    stage.say("承诺、表态、作战方案、制度和值守")
    _commitments(stage)
    _pledges(stage)
    _plans(stage)
    _institutions(stage)
    _duty(stage)


def _commitments(stage: story.Stage) -> None:
    office = stage.users["office"]
    with clock.at(story.moment(MADE)), writing(office):
        made = [(_commitment(stage, *row), row[3], row[4]) for row in COMMITMENTS]
    for n, (day, text) in enumerate(STEPS):
        with clock.at(story.moment(day, 16)), writing(office):
            for row, due, end in made:
                if day < due and end not in ("none", "draft") and (n == 0 or end != "late"):
                    clerk = stage.users[f"clerk_{row.unit.code.lower()}"]
                    actions.report_step(commitment=row, text=text, by=clerk)
    with clock.at(story.moment(date(YEAR, 12, 1), 10)), writing(office):
        for row, _due, end in made:
            if end in ("fulfil", "claim"):
                head = stage.users[f"head_{row.unit.code.lower()}"]
                words = "已按目标完成，资料随附台账。"
                actions.claim(commitment=row, words=words, by=head)
    with clock.at(story.moment(DEMO_DAY, 5)), writing(office):
        for row, _due, end in made:
            _judged(row, end, office)


def _commitment(
    stage: story.Stage, unit: str, what: str, goal: str, due: date, end: str
) -> Commitment:
    clerk, head = stage.users[f"clerk_{unit.lower()}"], stage.users[f"head_{unit.lower()}"]
    made = actions.draft_commitment(
        campaign=stage.campaign, unit=stage.units[unit], what=what, goal=goal, due_on=due,
        responsible="分管副总", public=True, indicator=None, target=None, by=clerk,
    )  # fmt: skip
    return made if end == "draft" else actions.make_commitment(commitment=made, by=head)


def _judged(row: Commitment, end: str, office: User) -> None:
    if end == "fulfil":
        actions.judge(commitment=row, event="fulfil", words="现场核实，属实。", by=office)
        actions.release(commitment=row, reviewed=True, by=office)
    elif end == "fail":
        words = "到期去化412个，未达到600个。"
        actions.judge(commitment=row, event="fail", words=words, by=office)


def _pledges(stage: story.Stage) -> None:
    """At the launch every unit named what it would reach, from its own targets of the year."""
    indicators = {x.code: x for x in Indicator.objects.filter(code__in=dict(PLEDGED))}
    with clock.at(story.moment(SPRINT[0], 11)), writing(stage.users["office"]):
        for unit, *_rest in UNITS:
            head = stage.users[f"head_{unit.lower()}"]
            values = {
                indicators[code]: _rounded(stage.cells[unit, code].target * share)
                for code, share in PLEDGED
                if (unit, code) in stage.cells
            }
            pledge_actions.record_pledge(
                campaign=stage.campaign, unit=stage.units[unit], on=SPRINT[0], by=head,
                occasion="攻坚动员会", values=values,
                words="立下军令状，全年目标一个不少，落后一项补上一项。",
            )  # fmt: skip


def _rounded(value: float) -> Decimal:
    return Decimal(round(value))


def _plans(stage: story.Stage) -> None:
    """Plans come in by the end of September; one is returned, one waits, two are missing."""
    office = stage.users["office"]
    with clock.at(story.moment(date(YEAR, 9, 26))), writing(office):
        plans = [_plan(stage, unit, short) for unit, _name, short, *_rest in UNITS[:12]]
    with clock.at(story.moment(date(YEAR, 9, 29), 15)), writing(office):
        for plan in plans[:10]:
            plan_actions.decide_plan(plan=plan, event="approve", words="同意。", by=office)
        words = "措施没有落到周，请补。"
        plan_actions.decide_plan(plan=plans[10], event="return", words=words, by=office)
    for n, (_what, _who, due) in enumerate(MEASURES[:2]):
        with clock.at(story.moment(due, 17)), writing(office):
            for k, plan in enumerate(plans[:10]):
                if n == 0 or k % 3:
                    _measure_done(stage, plan, n)


def _plan(stage: story.Stage, unit: str, short: str) -> ActionPlan:
    head = stage.users[f"head_{unit.lower()}"]
    plan = plan_actions.draft_plan(
        campaign=stage.campaign, unit=stage.units[unit], by=head, title=f"{short}百日攻坚作战方案",
        text="一、攻坚目标：全年目标任务。\n二、重点战役：对照欠账清单逐项突围。\n"
        "三、保障：每周调度一次，问题不过夜。",
    )  # fmt: skip
    for what, who, due in MEASURES:
        plan_actions.add_measure(plan=plan, what=what, responsible=who, due_on=due, by=head)
    return plan_actions.submit_plan(plan=plan, by=head)


def _measure_done(stage: story.Stage, plan: ActionPlan, n: int) -> None:
    clerk = stage.users[f"clerk_{plan.unit.code.lower()}"]
    measure = plan.measures.all()[n]
    note = "已落实，见周调度台账。"
    plan_actions.do_measure(measure=measure, done_on=measure.due_on, note=note, by=clerk)


def _institutions(stage: story.Stage) -> None:
    """Ten articles: seven reported, four in place, one found wanting."""
    office, units = stage.users["office"], stage.units
    articles = [Article(text, units[unit], date(YEAR, 11, 30)) for text, unit in ARTICLES]
    with clock.at(story.moment(date(YEAR, 9, 24), 10)):
        made = institution_actions.enter_document(
            campaign=stage.campaign, title="项目攻坚十项制度", number="示例城投〔2026〕31号",
            on=date(YEAR, 9, 24), articles=articles, by=office,
        )  # fmt: skip
    rows = list(made.measures.select_related("unit"))
    with clock.at(story.moment(date(YEAR, 11, 18))), writing(office):
        for row in rows[:7]:
            clerk, words = stage.users[f"clerk_{row.unit.code.lower()}"], "已印发细则，按周执行。"
            institution_actions.report_article(measure=row, evidence=words, by=clerk)
    with clock.at(story.moment(date(YEAR, 11, 26))), writing(office):
        for n, row in enumerate(rows[:5]):
            finding = "只发了文，没有执行记录。" if n == 3 else ""
            institution_actions.check_article(
                measure=row, sound=not finding, finding=finding, by=office
            )


def _duty(stage: story.Stage) -> None:
    """The national holiday was kept and forgotten; New Year's Eve is being arranged."""
    office = stage.users["office"]
    holiday = stage.campaign.key_dates.filter(heightened=True).first()
    assert holiday is not None, "the story begins with a holiday"
    eve = KeyDate.objects.create(
        campaign=stage.campaign, on=date(YEAR, 12, 29), until=date(YEAR, 12, 31),
        name="岁末值守", heightened=True, note="安全生产、信访维稳零报告",
    )  # fmt: skip
    for window, day, upto in ((holiday, date(YEAR, 9, 28), 6), (eve, date(YEAR, 12, 2), 5)):
        with clock.at(story.moment(day, 14)), writing(office):
            for unit, *_rest in UNITS[:upto]:
                _roster(stage, window, unit)
    with clock.at(story.moment(date(YEAR, 10, 12))):
        duty_actions.clear_duty(key_date=holiday, by=office)


def _roster(stage: story.Stage, window: KeyDate, unit: str) -> None:
    clerk, head = stage.users[f"clerk_{unit.lower()}"], stage.users[f"head_{unit.lower()}"]
    given = {"leader": head.name, "keeper": clerk.name, "phone": "值班室"}
    rows = [(day, given) for day in duty_actions.days_of(window)]
    row = stage.units[unit]
    duty_actions.set_roster(key_date=window, unit=row, rows=rows, by=clerk)
    duty_actions.confirm_duty(key_date=window, unit=row, by=head)
