"""What the demonstration's people write when something is behind: cause and measure, invented."""

from __future__ import annotations

CAUSES = {
    "investment": (
        ("两宗地未交付，主体未进场", "专班每周协调一次，先行实施场外管网"),
        ("施工图审查补正两次，推迟开工", "设计院驻场，月内取得审查合格书"),
        ("管线迁改未完，主干道施工受阻", "与管线单位签订时限，夜间施工抢回工期"),
        ("钢材进场推迟，主体进度放慢", "更换供应商，增加两个班组"),
    ),
    "revenue": (
        ("场馆停业改造，客流减少", "错峰推出团体票，月底前恢复营业"),
        ("两处经营用房到期未续租", "逐户洽谈续租，空置房公开招租"),
        ("工程结算滞后，收入未确认", "专人跟进审计，本月完成三个项目结算"),
    ),
    "profit": (
        ("原水和电力价格上调", "压降外包费用，调整采购批次"),
        ("新站点折旧增加，客流尚在培育", "优化班次，压减空驶里程"),
    ),
    "tax": (("项目结算推迟，税款顺延", "与财务对接，下月集中申报"),),
    "receivables": (
        ("三户涉诉，等待判决", "分户制定清收方案，先收无争议部分"),
        ("物业欠费户分散，上门率低", "分片包干，开通线上缴费"),
    ),
    "signed": (("两个项目推迟到下月签约", "领导带队上门，锁定签约日期"),),
    "agreements": (("部分住户对安置位置有异议", "逐户上门解释，增开选房专场"),),
    "households_left": (("剩余住户诉求集中在安置位置", "包户到人，一户一策"),),
    "brands": (("新馆招租期与装修期重叠", "放宽进场条件，先签后装"),),
    "digital_investment": (
        ("设备到货延迟", "分批到货分批安装"),
        ("需求调整，招标推迟一个月", "冻结需求，月底前完成招标"),
    ),
}
"""Indicator -> causes and measures that its units give, each its own."""

USUAL = (("前期手续办理偏慢", "倒排工期，按周调度"), ("人手调配不足", "抽调骨干组成专班"))

JUMPS = "上月集中确认，本月回到正常水平"


def cause_of(indicator: str, unit: str) -> tuple[str, str]:
    """The cause and measure that a unit gives for an indicator: month after month the same."""
    known = CAUSES.get(indicator, USUAL)
    return known[sum(map(ord, unit)) % len(known)]
