"""Red lines in the demonstration: risks and their checks, two incidents, honours and warnings.

What touches scores is decided after October was published: published rankings keep their input.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.demo import story
from saima_web.demo.plan import BEGUN, YEAR
from saima_web.redlines import actions, honour_actions, risk_actions, setup_actions
from saima_web.redlines.models import AllowedVeto, Domain, Honour, RiskItem

SCHEME = "示例城投〔2026〕8号"
VETOES = (
    ("安全生产", "安全生产责任事故", "veto", "示例集团安全生产责任制规定"),
    ("信访维稳", "督查整改未完成", "gate", f"{SCHEME}第十一条"),
    ("党风廉政", "督查通报批评", "deduction", f"{SCHEME}第十一条"),
)
RISKS = (
    ("安全生产", "C1", "深基坑和高支模", 7, True),
    ("安全生产", "C2", "有限空间作业", 7, True),
    ("安全生产", "C3", "塔吊群作业", 7, True),
    ("安全生产", "E1", "景区大客流", 10, True),
    ("安全生产", "E3", "营运车辆带病上路", 15, True),
    ("安全生产", "E4", "加氯间泄漏", 15, True),
    ("生态环保", "S2", "渗滤液外溢", 30, True),
    ("生态环保", "C5", "水系整治扬尘和淤泥", 15, False),
    ("信访维稳", "C5", "征收安置过渡费发放", 15, True),
    ("信访维稳", "E2", "交付延期引发集中诉求", 30, False),
    ("党风廉政", "C4", "厂房招租程序", 30, True),
    ("党风廉政", "S3", "资产处置评估", 30, True),
)
"""Domain, unit, risk, checked every so many days, whether there is a plan."""

FOUND = {"塔吊群作业": ("found", "两台塔吊防碰撞装置失灵，已停用待修。")}


def tell(stage: story.Stage) -> None:
    """Domains and allowed vetoes, the list of risks, two incidents, honours."""
    stage.say("红线、底线清单和奖惩")
    domains, vetoes = _set_up(stage)
    _risks(stage, domains)
    _incidents(stage, vetoes)
    _honours(stage)


def _set_up(stage: story.Stage) -> tuple[dict[str, Domain], dict[str, AllowedVeto]]:
    office = stage.users["office"]
    with clock.at(story.moment(BEGUN, 10)), writing(office):
        setup_actions.add_usual_domains(campaign=stage.campaign, by=office)
        domains = {d.name: d for d in stage.campaign.domains.all()}
        vetoes = {
            name: setup_actions.allow_veto(
                campaign=stage.campaign, domain=domains[domain], name=name, effect=effect,
                basis=basis, by=office,
            )
            for domain, name, effect, basis in VETOES
        }  # fmt: skip
        caps = {"bonus": Decimal(2), "deduction": Decimal(5)}
        honour_actions.set_caps(campaign=stage.campaign, caps=caps, by=office)
    return domains, vetoes


def _risks(stage: story.Stage, domains: dict[str, Domain]) -> None:
    office = stage.users["office"]
    with clock.at(story.moment(date(YEAR, 8, 12))), writing(office):
        risks = [_risk(stage, domains, *row) for row in RISKS]
    for day, forgotten in ((date(YEAR, 10, 20), False), (date(YEAR, 12, 1), True)):
        with clock.at(story.moment(day, 16)), writing(office):
            for risk in risks:
                if not forgotten or risk.name != "渗滤液外溢":
                    _check(stage, risk, day)


def _risk(
    stage: story.Stage, domains: dict[str, Domain], domain: str, unit: str, name: str,
    every: int, planned: bool,
) -> RiskItem:  # fmt: skip
    return risk_actions.enter_risk(
        campaign=stage.campaign, domain=domains[domain], unit=stage.units[unit], name=name,
        every_days=every, measure="班前检查，隐患不消除不作业。",
        plan="发现即停、即报，负责人到场，半小时内报考核办。" if planned else "",
        by=stage.users[f"clerk_{unit.lower()}"],
    )  # fmt: skip


def _check(stage: story.Stage, risk: RiskItem, day: date) -> None:
    """A check as its unit's clerk keeps it; in December one found something."""
    clerk = stage.users[f"clerk_{risk.unit.code.lower()}"]
    result, note = FOUND.get(risk.name, ("sound", "")) if day.month == 12 else ("sound", "")
    risk_actions.check_risk(risk=risk, on=day, result=result, note=note, by=clerk)


def _incidents(stage: story.Stage, vetoes: dict[str, AllowedVeto]) -> None:
    """One is in force and appealed; the other was taken back on an appeal."""
    office, leader = stage.users["office"], stage.users["leader"]
    accident, unmended = vetoes["安全生产责任事故"], vetoes["督查整改未完成"]
    with clock.at(story.moment(date(YEAR, 11, 17))), writing(office):
        first = actions.record_incident(
            campaign=stage.campaign, domain=accident.domain, unit=stage.units["C2"],
            on=date(YEAR, 11, 14), name="新渠综合管廊一般坍塌事故", by=office, veto=accident,
            description="沟槽边坡局部坍塌，两人轻伤，认定为一般责任事故。",
            basis="示例事故认定书〔2026〕2号",
        )  # fmt: skip
        second = actions.record_incident(
            campaign=stage.campaign, domain=unmended.domain, unit=stage.units["S1"],
            on=date(YEAR, 11, 13), name="物业收费诉求逾期未整改", by=office, veto=unmended,
            description="督查反馈的收费公示问题到期没有回复整改情况。",
            basis="示例督查〔2026〕14号", expires=date(YEAR, 12, 31),
        )  # fmt: skip
    with clock.at(story.moment(date(YEAR, 11, 19), 15)), writing(leader):
        first = actions.confirm(incident=first, words="依规处理，举一反三。", by=leader)
        second = actions.confirm(incident=second, words="同意。", by=leader)
    with clock.at(story.moment(date(YEAR, 11, 21), 10)):
        grounds = "整改已于11月10日完成并报送，附收文回执，因收文登记差错未转督查室。"
        second = actions.appeal(incident=second, grounds=grounds, by=stage.users["head_s1"])
    with clock.at(story.moment(date(YEAR, 11, 25), 9)):
        words = "经核对收文登记，整改属实、按期，予以撤销。"
        actions.withdraw(incident=second, words=words, by=leader)
    with clock.at(story.moment(date(YEAR, 11, 28), 11)):
        grounds = "认定书第三条注明分包单位负主要责任，请核减。"
        actions.appeal(incident=first, grounds=grounds, by=stage.users["head_c2"])


HONOURS = (
    ("E3", "bonus", "典型经验推广", date(YEAR, 11, 12), "示例城投〔2026〕40号", "0.5", "approve"),
    ("C3", "bonus", "典型经验推广", date(YEAR, 11, 20), "示例城投〔2026〕43号", "0.5", "wait"),
    ("C5", "deduction", "督查通报批评", date(YEAR, 11, 13), "示例督查〔2026〕13号", "1", "approve"),
    ("E2", "commendation", "月度攻坚先进单位", date(YEAR, 10, 20), "示例城投〔2026〕35号", "", "approve"),
    ("E5", "warning", "招商推进不力提醒", date(YEAR, 11, 5), "示例督查〔2026〕12号", "", "approve"),
)  # fmt: skip
"""Unit, kind, matter, day, basis, points, what became of it."""


def _honours(stage: story.Stage) -> None:
    """Honours and warnings, most of them approved; one unit was called in."""
    office, leader = stage.users["office"], stage.users["leader"]
    with clock.at(story.moment(date(YEAR, 11, 24), 10)), writing(office):
        made = [
            honour_actions.record_honour(
                campaign=stage.campaign, unit=stage.units[unit], kind=Honour.Kind(kind), name=name,
                on=on, basis=basis, points=Decimal(points) if points else None, by=office,
            )
            for unit, kind, name, on, basis, points, _end in HONOURS
        ]  # fmt: skip
        honour_actions.record_accountability(
            campaign=stage.campaign, unit=stage.units["C2"], on=date(YEAR, 11, 23), by=office,
            matter="安全生产主体责任落实不到位", form="约谈", basis="示例集团安全生产责任制规定",
            words="约谈单位负责人，限15日报整改报告。",
        )  # fmt: skip
    with clock.at(story.moment(date(YEAR, 11, 26), 10)), writing(leader):
        for row, values in zip(made, HONOURS, strict=True):
            if values[-1] == "approve":
                honour_actions.approve_honour(honour=row, words="同意。", by=leader)
