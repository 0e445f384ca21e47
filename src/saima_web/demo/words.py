"""What the demonstration's people write when something is behind: cause and measure, invented."""

from __future__ import annotations

CAUSES = {
    "investment": ("两宗地未交付，主体未进场", "专班每周协调一次，先行实施场外管网"),
    "revenue": ("场馆停业改造，客流减少", "错峰推出团体票，月底前恢复营业"),
    "profit": ("原水和电力价格上调", "压降外包费用，调整采购批次"),
    "tax": ("项目结算推迟，税款顺延", "与财务对接，下月集中申报"),
    "receivables": ("三户涉诉，等待判决", "分户制定清收方案，先收无争议部分"),
    "signed": ("两个项目推迟到下月签约", "领导带队上门，锁定签约日期"),
    "agreements": ("部分住户对安置位置有异议", "逐户上门解释，增开选房专场"),
    "households_left": ("剩余住户诉求集中在安置位置", "包户到人，一户一策"),
    "brands": ("新馆招租期与装修期重叠", "放宽进场条件，先签后装"),
    "digital_investment": ("设备到货延迟", "分批到货分批安装"),
}
"""Indicator -> cause and measure."""

USUAL = ("前期手续办理偏慢", "倒排工期，按周调度")

JUMPS = "上月集中确认，本月回到正常水平"


def cause_of(indicator: str) -> tuple[str, str]:
    """The cause and measure that people give for an indicator."""
    return CAUSES.get(indicator, USUAL)
