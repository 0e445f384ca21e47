"""Who and what the demonstration is made of. Every unit, person and number is invented.

The structure is that of notice 002: revenue, taxes and profit, investment by project and month,
merchants brought in, households cleared, digital investment, goals of party branches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YEAR = 2026
DEMO_DAY = date(2026, 12, 3)
"""The day on which the demonstration begins: November is being reported."""
BEGUN = date(2026, 9, 5)
"""The platform was taken into use then; January to August came in as history."""
SPRINT = (date(2026, 9, 23), date(2026, 12, 31))
GROUP = ("G", "示例城投集团有限公司", "示例城投集团")
TRACKS = ("经营类", "建设类", "服务保障类")

DEPARTMENTS = (
    ("D0", "集团考核办公室", "考核办"),
    ("D1", "集团经营管理部", "经营管理部"),
    ("D2", "集团投资发展部", "投资发展部"),
    ("D3", "集团招商运营部", "招商运营部"),
    ("D4", "集团房屋征收办公室", "征收办"),
    ("D5", "集团数字化办公室", "数字办"),
    ("D6", "集团安全环保部", "安全环保部"),
    ("D7", "集团党群工作部", "党群工作部"),
)
"""Code, name, short name."""

UNITS = (
    ("E1", "示例栖湖文化旅游发展有限公司", "栖湖文旅", 0, 1.00, 0.92),
    ("E2", "示例澄江置业有限公司", "澄江置业", 0, 1.35, 0.975),
    ("E3", "示例云岭交通运营有限公司", "云岭交通", 0, 1.20, 0.97),
    ("E4", "示例水务有限公司", "示例水务", 0, 0.90, 0.945),
    ("E5", "示例东屏商业管理有限公司", "东屏商管", 0, 0.70, 0.9),
    ("C1", "示例望岳建设工程有限公司", "望岳建设", 1, 1.40, 0.975),
    ("C2", "示例新渠市政工程有限公司", "新渠市政", 1, 1.10, 0.965),
    ("C3", "示例南枫城市建设有限公司", "南枫城建", 1, 1.15, 0.96),
    ("C4", "示例石桥园区开发有限公司", "石桥园区", 1, 0.95, 0.935),
    ("C5", "示例临溪片区综合开发建设指挥部", "临溪片区", 1, 0.85, 0.85),
    ("S1", "示例安澜物业服务有限公司", "安澜物业", 2, 0.75, 0.97),
    ("S2", "示例青禾环境服务有限公司", "青禾环境", 2, 0.65, 0.96),
    ("S3", "示例明德资产管理有限公司", "明德资管", 2, 0.80, 0.92),
    ("S4", "示例数智云科技有限公司", "数智云科", 2, 0.40, 0.93),
)
"""Code, name, short name, track, size, how well it keeps pace with its plan."""

FOUNDED = {"S4": date(2026, 7, 20)}
"""Founded during the year: scored, listed apart until a quarter is full."""


@dataclass(frozen=True)
class Item:
    """An indicator: target is the year's for a unit of size 1, or the level to hold."""

    code: str
    name: str
    category: str
    measure: str
    decimals: int
    direction: str
    nature: str
    owner: str
    target: float
    tracks: str = "012"
    provider: str = "unit"
    definition: str = ""


FLOW, LEVEL = "in-period", "point-in-time"
ITEMS = (
    Item("revenue", "营业收入", "经营效益", "万元", 0, "more", FLOW, "D1", 62000,
         definition="当期确认的营业收入，按财务快报填列，不含内部往来。"),
    Item("profit", "利润总额", "经营效益", "万元", 0, "more", FLOW, "D1", 4800,
         definition="财务快报利润总额，资产处置收益单列说明。"),
    Item("tax", "上缴税费", "经营效益", "万元", 0, "more", FLOW, "D1", 3600,
         definition="当期实际入库的各项税费。"),
    Item("cost_ratio", "成本费用率", "经营效益", "%", 1, "less", LEVEL, "D1", 88, "02",
         definition="成本费用总额与营业收入之比，累计口径。"),
    Item("receivables", "应收账款清收", "经营效益", "万元", 0, "more", FLOW, "D1", 2400,
         definition="年初应收账款本年收回的金额。"),
    Item("customers", "服务客流", "经营效益", "万人次", 1, "more", FLOW, "D1", 310, "02",
         definition="景区、场馆、车辆服务的人次，以闸机和票务系统为准。"),
    Item("investment", "固定资产投资", "投资建设", "万元", 0, "more", FLOW, "D2", 80000, "01",
         definition="当月完成的固定资产投资额，按形象进度与支付凭证孰低填报，不含土地费用。"),
    Item("new_starts", "新开工项目", "投资建设", "个", 0, "more", FLOW, "D2", 4, "01",
         definition="取得施工许可并实际动工的项目数。"),
    Item("included", "入库纳统项目", "投资建设", "个", 0, "more", FLOW, "D2", 5, "01",
         definition="经统计部门审核入库的项目数。"),
    Item("completed", "竣工交付项目", "投资建设", "个", 0, "more", FLOW, "D2", 3, "01",
         definition="完成竣工验收并交付的项目数。"),
    Item("milestones", "节点按期完成率", "投资建设", "%", 1, "more", LEVEL, "D2", 95, "01",
         definition="到期节点中按期完成的比例，累计口径。"),
    Item("brands", "引进商家", "招商运营", "家", 0, "more", FLOW, "D3", 48,
         definition="签约并进场的商家数，同一品牌只计一次。"),
    Item("first_stores", "品牌首店", "招商运营", "家", 0, "more", FLOW, "D3", 6, "02",
         definition="本市第一家门店开业数。"),
    Item("signed", "签约投资额", "招商运营", "万元", 0, "more", FLOW, "D3", 30000, "01",
         definition="正式投资合同金额，不含框架协议。"),
    Item("occupancy", "资产出租率", "招商运营", "%", 1, "more", LEVEL, "D3", 92,
         definition="月末已出租面积与可出租面积之比。"),
    Item("leads", "新增在谈线索", "招商运营", "条", 0, "more", FLOW, "D3", 60,
         definition="有两次以上洽谈记录的线索。"),
    Item("households_left", "剩余征收户数", "征收清零", "户", 0, "clear-to-zero", LEVEL, "D4", 0, "01",
         definition="月末尚未签约的户数，年底清零。"),
    Item("agreements", "已签协议", "征收清零", "户", 0, "more", FLOW, "D4", 120, "01",
         definition="当月签订征收补偿协议的户数。"),
    Item("housing", "安置房交付", "征收清零", "套", 0, "more", FLOW, "D4", 96, "01",
         definition="完成交付手续的安置房套数。"),
    Item("digital_investment", "数字化投资", "数字化", "万元", 0, "more", FLOW, "D5", 1200,
         definition="数字化建设项目当月完成投资额。"),
    Item("cloud", "业务系统上云率", "数字化", "%", 1, "more", LEVEL, "D5", 100,
         definition="已上云业务系统数与应上云系统数之比。"),
    Item("records", "数据归集", "数字化", "万条", 1, "more", FLOW, "D5", 500,
         definition="归集到集团数据平台并通过质量检查的记录数。"),
    Item("video", "视频接入点位", "数字化", "个", 0, "more", FLOW, "D5", 220,
         definition="接入集团视频平台并在线的点位数。"),
    Item("hazards", "隐患整改率", "安全环保", "%", 1, "more", LEVEL, "D6", 100, provider="owner",
         definition="到期隐患中已整改销号的比例，由安全环保部统一提供。"),
    Item("accidents", "生产安全事故", "安全环保", "起", 0, "less", FLOW, "D6", 0, provider="owner",
         definition="一般及以上生产安全事故起数，由安全环保部统一提供。"),
    Item("energy", "单位能耗下降", "安全环保", "%", 1, "more", LEVEL, "D6", 3,
         definition="单位产值能耗比上年下降的百分比，累计口径。"),
    Item("branch_goals", "支部创建目标", "党建服务", "项", 0, "more", FLOW, "D7", 24,
         definition="各党支部当月完成的创建目标项数。"),
    Item("petitions", "群众诉求办结率", "党建服务", "%", 1, "more", LEVEL, "D7", 98, provider="owner",
         definition="到期诉求中按期办结的比例，由党群工作部统一提供。"),
    Item("training", "职工培训", "党建服务", "人次", 0, "more", FLOW, "D7", 1500,
         definition="参加半天以上培训的人次。"),
    Item("suggestions", "合理化建议采纳", "党建服务", "条", 0, "more", FLOW, "D7", 36,
         definition="职工提出并被采纳实施的建议条数。"),
)  # fmt: skip

PROJECTS = {
    "E1": (("古镇二期", 28000), ("栖湖湾度假酒店", 34000), ("环湖步道", 18000)),
    "C1": (("望岳大道快速化改造", 62000), ("城北医院扩建", 50000)),
    "C2": (("新渠综合管廊", 48000), ("雨污分流三标", 40000)),
    "C3": (("南枫中学迁建", 52000), ("文化馆", 40000)),
    "C4": (("石桥标准厂房二期", 46000), ("园区配套道路", 30000)),
    "C5": (("临溪安置房", 42000), ("临溪水系整治", 26000)),
}
"""Unit -> its projects with the year's planned investment, in ten thousand yuan at size 1."""

LEADERS = (
    ("leader", "集团主要领导", "leader", "", ()),
    ("office", "沈考核", "office", "D0", ()),
    ("admin", "江启明", "administrator", "", ()),
    ("project_office", "陆工程", "project-office", "D2", ()),
    ("lead_office", "顾征迁", "lead-office", "D4", ("征收清零",)),
    ("inspector", "严督查", "inspector", "D0", ()),
    ("viewer", "白观察", "viewer", "", ()),
)
"""Log-in name, invented name, role, unit, categories."""

SURNAMES = "沈周何许方石顾陆江严白苏"
GIVEN = (
    "知禾",
    "临川",
    "小满",
    "望舒",
    "明远",
    "清越",
    "思齐",
    "若水",
    "亦安",
    "景行",
    "书言",
    "怀瑾",
)
