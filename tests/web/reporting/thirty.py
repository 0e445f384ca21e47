"""Thirty figures for the clerk of the house: categories, directions, rules, a returned one, history."""

from __future__ import annotations

from datetime import timedelta

from saima_web.base.clock import now
from saima_web.indicators.models import Assignment, CheckRule, Definition, Indicator
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.targets.models import ProjectPlan, Target, TargetSet
from tests.web.cast import PAST, House

M, L, C = "more", "less", "clear-to-zero"
FLOW, LEVEL = "in-period", "point-in-time"
ROWS = (
    ("profit", "利润总额", "经营效益", "万元", 0, M, FLOW, "4800", "392", "unit"),
    ("taxes", "上缴税费", "经营效益", "万元", 0, M, FLOW, "3600", "288", "unit"),
    ("cost-ratio", "成本费用率", "经营效益", "%", 1, L, LEVEL, "88", "87.2", "unit"),
    ("receivables", "应收账款清收", "经营效益", "万元", 0, M, FLOW, "2400", "210", "unit"),
    ("visitors", "景区接待游客", "经营效益", "万人次", 1, M, FLOW, "310", "28.6", "unit"),
    ("old-town", "古镇二期", "投资建设", "万元", 0, M, FLOW, "28000", "2640", "unit"),
    ("hotel", "栖湖湾度假酒店", "投资建设", "万元", 0, M, FLOW, "34000", "3020", "unit"),
    ("path", "环湖步道", "投资建设", "万元", 0, M, FLOW, "18000", "1600", "unit"),
    ("starts", "新开工项目", "投资建设", "个", 0, M, FLOW, "4", "1", "unit"),
    ("included", "入库纳统项目", "投资建设", "个", 0, M, FLOW, "5", "1", "unit"),
    ("merchants", "引进商家", "招商运营", "家", 0, M, FLOW, "48", "5", "unit"),
    ("brands", "品牌首店", "招商运营", "家", 0, M, FLOW, "6", "1", "unit"),
    ("signed", "签约投资额", "招商运营", "万元", 0, M, FLOW, "30000", "2800", "unit"),
    ("let", "资产出租率", "招商运营", "%", 1, M, LEVEL, "92", "91.4", "unit"),
    ("leads", "新增在谈线索", "招商运营", "条", 0, M, FLOW, "60", "6", "unit"),
    ("households", "剩余征收户数", "征收清零", "户", 0, C, LEVEL, "0", "12", "unit"),
    ("agreements", "已签协议", "征收清零", "户", 0, M, FLOW, "120", "4", "unit"),
    ("homes", "安置房交付", "征收清零", "套", 0, M, FLOW, "96", "0", "unit"),
    ("digital", "数字化投资", "数字化", "万元", 0, M, FLOW, "1200", "96", "unit"),
    ("tickets", "票务系统上云", "数字化", "%", 1, M, LEVEL, "100", "80", "unit"),
    ("records", "数据归集", "数字化", "万条", 1, M, FLOW, "500", "42", "unit"),
    ("cameras", "视频接入点位", "数字化", "个", 0, M, FLOW, "220", "18", "unit"),
    ("hazards", "隐患整改率", "安全环保", "%", 1, M, LEVEL, "100", "100", "owner"),
    ("accidents", "生产安全事故", "安全环保", "起", 0, L, LEVEL, "0", "0", "owner"),
    ("energy", "单位能耗下降", "安全环保", "%", 1, M, LEVEL, "3", "2.1", "unit"),
    ("branch", "支部创建目标", "党建服务", "项", 0, M, FLOW, "24", "2", "unit"),
    ("appeals", "群众诉求办结率", "党建服务", "%", 1, M, LEVEL, "98", "98.7", "owner"),
    ("training", "职工培训", "党建服务", "人次", 0, M, FLOW, "1500", "120", "unit"),
)  # fmt: skip
"""Code, name, category, measure, decimals, direction, nature, year's target, September, provider."""


def furnish(house: House) -> list[Entry]:
    """Give 栖湖文旅 thirty indicators in October's round; its entries in the page's order."""
    batch = TargetSet.objects.get(campaign=house.campaign)
    round = house.campaign.rounds.get()
    unit = house.units["E1"]
    for order, row in enumerate(ROWS, 10):
        indicator = _indicator(house, order, row)
        Target.objects.create(
            batch=batch, unit=unit, indicator=indicator, period="2026", value=row[7],
            recorded_at=PAST,
        )  # fmt: skip
        _history(house, indicator, row[6], row[8])
        Entry.objects.create(round=round, unit=unit, indicator=indicator)
    _extras(house, round, batch)
    return list(round.entries.filter(unit=unit).order_by("indicator__order"))


def _indicator(house: House, order: int, row: tuple) -> Indicator:  # type: ignore[type-arg]
    code, name, category, measure, decimals, direction, nature, _, _, provider = row
    indicator = Indicator.objects.create(
        code=code, name=name, category=category, measure=measure, decimals=decimals,
        direction=direction, nature=nature, provider=provider, order=order,
        data_owner=house.units["D2"],
    )  # fmt: skip
    house.indicators[code] = indicator
    Definition.objects.create(
        indicator=indicator, version=1, text=f"{name}按月统计，口径见指标手册。", recorded_at=PAST
    )
    Assignment.objects.create(campaign=house.campaign, indicator=indicator, unit=house.units["E1"])
    return indicator


def _history(house: House, indicator: Indicator, nature: str, september: str) -> None:
    for month in range(1, 10):
        Figure.objects.create(
            unit=house.units["E1"], indicator=indicator, period=f"2026-{month:02}",
            source="confirmed", value=september, origin="history",
            recorded_at=PAST + timedelta(days=30 * month),
        )  # fmt: skip
    if indicator.direction == C:
        Figure.objects.create(
            unit=house.units["E1"], indicator=indicator, period="2025-12", source="confirmed",
            value="120", origin="history", recorded_at=PAST,
        )  # fmt: skip


def _extras(house: House, round: Round, batch: TargetSet) -> None:
    """A rule of each severity, project plans, last month's promise, a returned figure."""
    money = house.indicators["receivables"]
    CheckRule.objects.create(indicator=money, kind="of-target", limit="300", severity="error")
    CheckRule.objects.create(
        indicator=house.indicators["visitors"], kind="jump", limit="40", severity="warning"
    )
    for project, value in (("古镇二期", "2600"), ("栖湖湾度假酒店", "3600"), ("环湖步道", "1600")):
        ProjectPlan.objects.create(
            batch=batch, unit=house.units["E1"], indicator=house.indicators["investment"],
            project=project, period="2026-10", value=value, recorded_at=PAST,
        )  # fmt: skip
    _promise(house, round)
    _returned(house, round)


def _promise(house: House, round: Round) -> None:
    before = Round.objects.create(
        campaign=house.campaign, period="2026-09", state="closed",
        opens_on=(now() - timedelta(days=33)).date(), due_at=now() - timedelta(days=30),
        confirm_due_at=now() - timedelta(days=26),
    )  # fmt: skip
    entry = Entry.objects.create(
        round=before, unit=house.units["E1"], indicator=house.indicators["investment"],
        state="confirmed",
    )  # fmt: skip
    Remark.objects.create(
        entry=entry, kind="behind", text="幕墙变更审批未完成", measure="幕墙变更10月20日前批复",
        catch_up_on=(now() + timedelta(days=20)).date(), by=house.clerk,
        at=now() - timedelta(days=31),
    )  # fmt: skip


def _returned(house: House, round: Round) -> None:
    entry = Entry.objects.get(
        round=round, unit=house.units["E1"], indicator=house.indicators["cameras"]
    )
    entry.reported = Figure.objects.create(
        unit=entry.unit, indicator=entry.indicator, period="2026-10", source="reported",
        value="30", recorded_at=now() - timedelta(days=2), by=house.clerk,
    )  # fmt: skip
    entry.state, entry.reason = "returned", "台账新增18个，请核对后再报。"
    entry.changed_at, entry.changed_by = now() - timedelta(days=1), house.other_owner
    entry.save()
    Remark.objects.create(
        entry=entry,
        kind="return",
        text=entry.reason,
        by=house.other_owner,
        at=now() - timedelta(days=1),
    )
