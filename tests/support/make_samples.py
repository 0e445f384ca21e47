"""Writes the figures of the shipped sample campaign: invented, seasonal, the same every time.

Run `python -m tests.support.make_samples` from the repository root. It writes targets.csv and
the tables in facts/, and nothing else: units, indicators, events and rulebooks are
written by hand.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src" / "saima" / "samples" / "hundred-days"
MONTHS = [f"{m}月" for m in range(1, 13)]
SCORED = 9
"""Months with confirmed figures; of October some units have reported."""

SEASONS: dict[str, list[float]] = {
    "revenue": [6.8, 5.9, 8.4, 8.0, 8.3, 8.8, 8.2, 8.3, 8.9, 9.0, 9.3, 10.1],
    "tourism": [6.0, 8.2, 5.8, 8.6, 9.4, 7.2, 10.8, 11.2, 6.6, 13.4, 6.2, 6.6],
    "building": [3.0, 2.6, 7.2, 8.4, 9.2, 10.4, 9.2, 9.0, 10.0, 10.4, 10.6, 10.0],
    "even": [8.0, 7.6, 8.4, 8.3, 8.4, 8.5, 8.4, 8.4, 8.5, 8.5, 8.5, 8.5],
}
"""Shares of the year's plan by month, in percent."""

# unit: {indicator: (target of the year, season, what was done by September over its plan)}
FLOWS: dict[str, dict[str, tuple[int, str, float]]] = {
    "澄江置业": {
        "营业收入": (285000, "revenue", 1.062), "利税总额": (14800, "revenue", 1.045),
        "固定资产投资": (62000, "building", 1.004), "入库纳统项目": (6, "building", 1.02),
        "品牌商家引进": (48, "even", 1.06), "应收账款清收": (5200, "even", 0.985),
        "数字化建设投资": (860, "even", 1.03),
    },
    "云岭交通": {
        "营业收入": (168000, "revenue", 1.018), "利税总额": (7600, "revenue", 1.012),
        "固定资产投资": (54000, "building", 1.011), "入库纳统项目": (5, "building", 0.95),
        "品牌商家引进": (22, "even", 1.0), "应收账款清收": (3600, "even", 1.04),
        "数字化建设投资": (1450, "even", 0.982),
    },
    "栖湖文旅": {
        "营业收入": (96000, "tourism", 1.031), "利税总额": (5400, "tourism", 1.044),
        "固定资产投资": (80000, "building", 0.926), "入库纳统项目": (5, "building", 0.85),
        "品牌商家引进": (56, "even", 1.115), "应收账款清收": (1800, "even", 1.02),
        "数字化建设投资": (1200, "even", 1.056),
    },
    "示例水务": {
        "营业收入": (124000, "revenue", 1.004), "利税总额": (6900, "revenue", 0.939),
        "固定资产投资": (46000, "building", 0.978), "入库纳统项目": (4, "building", 1.0),
        "品牌商家引进": (8, "even", 1.0), "应收账款清收": (6400, "even", 0.962),
        "数字化建设投资": (1680, "even", 1.01),
    },
    "东屏商管": {
        "营业收入": (88000, "tourism", 0.891), "利税总额": (4700, "tourism", 0.905),
        "固定资产投资": (18000, "building", 0.921), "入库纳统项目": (3, "building", 0.7),
        "品牌商家引进": (56, "even", 0.905), "应收账款清收": (2900, "even", 0.93),
        "数字化建设投资": (540, "even", 0.88),
    },
    "望岳建设": {
        "营业收入": (142000, "building", 1.012), "利税总额": (3900, "building", 1.006),
        "固定资产投资": (128000, "building", 0.985), "入库纳统项目": (9, "building", 0.95),
        "数字化建设投资": (620, "even", 1.02),
    },
    "新渠市政": {
        "营业收入": (66000, "building", 1.012), "利税总额": (1900, "building", 1.008),
        "固定资产投资": (74000, "building", 0.992), "入库纳统项目": (8, "building", 0.8),
        "数字化建设投资": (480, "even", 0.97),
    },
    "南枫城建": {
        "营业收入": (58000, "building", 1.008), "利税总额": (1650, "building", 0.985),
        "固定资产投资": (92000, "building", 0.9527), "入库纳统项目": (7, "building", 0.9),
        "数字化建设投资": (430, "even", 1.0),
    },
    "石桥园区": {
        "营业收入": (24000, "revenue", 0.968), "利税总额": (1100, "revenue", 0.942),
        "固定资产投资": (56000, "building", 0.957), "入库纳统项目": (6, "building", 0.9),
        "数字化建设投资": (380, "even", 0.94),
    },
    "临溪片区": {
        "营业收入": (11000, "revenue", 0.944), "利税总额": (520, "revenue", 0.921),
        "固定资产投资": (98000, "building", 0.791), "入库纳统项目": (6, "building", 0.6),
        "数字化建设投资": (260, "even", 0.86),
    },
    "安澜物业": {
        "营业收入": (42000, "revenue", 1.003), "利税总额": (1600, "revenue", 1.006),
        "固定资产投资": (2600, "even", 0.98), "应收账款清收": (4100, "even", 0.973),
        "数字化建设投资": (520, "even", 1.04),
    },
    "青禾环境": {
        "营业收入": (38000, "revenue", 0.996), "利税总额": (1450, "revenue", 0.988),
        "固定资产投资": (5200, "building", 1.013), "应收账款清收": (3300, "even", 0.978),
        "数字化建设投资": (460, "even", 0.965),
    },
    "明德资管": {
        "营业收入": (26000, "revenue", 0.982), "利税总额": (2400, "revenue", 1.035),
        "固定资产投资": (1800, "even", 0.955), "应收账款清收": (9800, "even", 0.906),
        "数字化建设投资": (350, "even", 0.94),
    },
}  # fmt: skip

# unit: by how much its ratios differed before September (movers)
FORM = {"栖湖文旅": -0.06, "示例水务": 0.06, "南枫城建": -0.05, "新渠市政": 0.015,
        "青禾环境": -0.06, "明德资管": 0.07, "数智云科": 0.0}  # fmt: skip

# unit: growth of revenue on the year before, to September
GROWTH = {"澄江置业": 0.093, "云岭交通": 0.048, "栖湖文旅": 0.127, "示例水务": 0.021,
          "东屏商管": -0.052, "望岳建设": 0.084, "新渠市政": 0.061, "南枫城建": 0.105,
          "石桥园区": 0.012, "临溪片区": -0.033, "安澜物业": 0.066, "青禾环境": 0.043,
          "明德资管": 0.018}  # fmt: skip

# indicator: {unit: its level by September}; levels of the months before lie around it
LEVELS: dict[str, dict[str, float]] = {
    "资金计划执行率": {"澄江置业": 96.4, "云岭交通": 97.8, "栖湖文旅": 91.2, "示例水务": 104.1,
                "东屏商管": 88.3, "望岳建设": 98.2, "新渠市政": 95.7, "南枫城建": 93.9,
                "石桥园区": 107.6, "临溪片区": 84.5, "安澜物业": 99.1, "青禾环境": 95.2,
                "明德资管": 90.6, "数智云科": 93.0},
    "重点项目节点完成率": {"望岳建设": 95.9, "新渠市政": 95.0, "南枫城建": 94.0, "石桥园区": 90.3,
                  "临溪片区": 81.6},
    "安全隐患整改率": {"澄江置业": 100.0, "云岭交通": 98.6, "栖湖文旅": 99.0, "示例水务": 97.2,
                "东屏商管": 95.4, "望岳建设": 97.9, "新渠市政": 97.8, "南枫城建": 95.9,
                "石桥园区": 96.3, "临溪片区": 93.7, "安澜物业": 100.0, "青禾环境": 96.9,
                "明德资管": 97.5, "数智云科": 98.0},
    "党建创建目标": {"澄江置业": 94.0, "云岭交通": 92.5, "栖湖文旅": 91.0, "示例水务": 93.0,
               "东屏商管": 86.5, "望岳建设": 95.0, "新渠市政": 90.5, "南枫城建": 91.5,
               "石桥园区": 88.0, "临溪片区": 84.0, "安澜物业": 91.5, "青禾环境": 89.0,
               "明德资管": 90.0, "数智云科": 85.0},
}  # fmt: skip
WOBBLE = {
    "资金计划执行率": 3.0,
    "重点项目节点完成率": 1.6,
    "安全隐患整改率": 1.2,
    "党建创建目标": 1.5,
}

# unit: (households at the year's start, left by September)
HOUSEHOLDS = {"望岳建设": (186, 34), "新渠市政": (214, 46), "南枫城建": (168, 41),
              "石桥园区": (232, 70), "临溪片区": (260, 98)}  # fmt: skip

# unit: (complaints allowed in the year, complaints by September)
COMPLAINTS = {"安澜物业": (48, 38), "青禾环境": (36, 29), "明德资管": (24, 20), "数智云科": (6, 1)}

# unit: (cost target, cost at the end of each quarter); less is better
COSTS = {"澄江置业": (93.5, (94.1, 93.6, 93.2)), "云岭交通": (95.0, (95.6, 95.3, 95.1)),
         "栖湖文旅": (94.0, (97.2, 95.1, 94.4)), "示例水务": (94.5, (94.3, 94.9, 95.8)),
         "东屏商管": (94.6, (95.8, 96.2, 97.1)), "安澜物业": (96.2, (96.4, 96.1, 96.0)),
         "青禾环境": (96.5, (97.4, 96.9, 96.6)), "明德资管": (91.0, (92.4, 91.9, 91.8))}  # fmt: skip

# unit: digital progress by September; the plan is even over the year
DIGITAL = {"澄江置业": 78.0, "云岭交通": 76.5, "栖湖文旅": 80.2, "示例水务": 75.4, "东屏商管": 66.0,
           "望岳建设": 77.3, "新渠市政": 75.0, "南枫城建": 76.1, "石桥园区": 70.5, "临溪片区": 61.0,
           "安澜物业": 79.4, "青禾环境": 75.8, "明德资管": 72.2, "数智云科": 52.0}  # fmt: skip

GOALS = {
    "澄江置业": "创建先进基层党支部，年内建成1个党员先锋项目",
    "云岭交通": "打造公交党员示范线2条",
    "栖湖文旅": "建成红色讲解员队伍，开展主题活动12场",
    "示例水务": "供水抢修党员突击队挂牌运行",
    "东屏商管": "商圈党建联盟签约商户50家",
    "望岳建设": "工地临时党支部全覆盖",
    "新渠市政": "道路养护党员责任段全部挂牌",
    "南枫城建": "创建先进基层党支部",
    "石桥园区": "园区企业党组织组建率达到90%",
    "临溪片区": "征收一线党员先锋岗全部到位",
    "安澜物业": "红色物业示范小区3个",
    "青禾环境": "环卫驿站党群服务点8个",
    "明德资管": "清收攻坚党员专班实体运行",
    "数智云科": "成立党支部并完成年度组织生活计划",
}
"""Goals of the year in words."""

GRADES = ((92, "优"), (85, "良"), (75, "中"), (0, "差"))

REPORTED_OTHERWISE = {
    ("东屏商管", "营业收入", 8): 1.012,
    ("临溪片区", "固定资产投资", 9): 1.180,
    ("石桥园区", "固定资产投资", 6): 1.065,
    ("明德资管", "应收账款清收", 9): 1.031,
    ("示例水务", "利税总额", 7): 1.020,
}
"""Where what a unit reported was not what was confirmed."""

IN_OCTOBER = ("澄江置业", "云岭交通", "望岳建设", "新渠市政", "石桥园区", "安澜物业", "青禾环境")


def half_up(value: float, decimals: int = 0) -> float:
    """四舍五入 of a generated number."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(str(value)).quantize(step, ROUND_HALF_UP))


def shares(season: str) -> list[float]:
    total = sum(SEASONS[season])
    return [s / total for s in SEASONS[season]]


def spread(total: int, season: str) -> list[int]:
    """A year's target over the months in whole numbers that add up exactly."""
    done, out, so_far = 0, [], 0.0
    for share in shares(season):
        so_far += share
        upto = int(half_up(total * so_far))
        out.append(upto - done)
        done = upto
    return out


def cumulated(parts: Iterable[float]) -> list[float]:
    out, so_far = [], 0.0
    for part in parts:
        so_far += part
        out.append(so_far)
    return out


def chance(*names: str) -> random.Random:
    """A source of chance of its own for each series, so that one change moves one series."""
    return random.Random("/".join(names))


def flow(unit: str, indicator: str, months: int = SCORED + 1) -> list[int]:
    """Year-to-date amounts, whole numbers that never fall."""
    target, season, ratio = FLOWS[unit][indicator]
    plan = cumulated(spread(target, season))
    luck = chance(unit, indicator)
    out: list[int] = []
    for m in range(months):
        away = (SCORED - 1 - m) / (SCORED - 1)
        then = FORM.get(unit, 0.0) * (0.6 + 0.4 * away) if away > 0 else 0.0
        now = ratio + then + luck.uniform(-0.03, 0.03) * max(away, 0.0) ** 0.5
        out.append(max(int(half_up(plan[m] * now)), out[-1] if out else 0))
    return out


def last_year(unit: str) -> list[int]:
    """Last year's year-to-date revenue, every month."""
    target, season, _ = FLOWS[unit]["营业收入"]
    done = flow(unit, "营业收入")[SCORED - 1]
    plan = cumulated(spread(target, season))
    scale = done / (1.0 + GROWTH[unit]) / plan[SCORED - 1]
    luck = chance(unit, "2025")
    return [int(half_up(p * scale * (1 + luck.uniform(-0.02, 0.02) * (m != SCORED - 1))))
            for m, p in enumerate(plan)]  # fmt: skip


def level(unit: str, indicator: str) -> list[float]:
    """Levels that wobble and end at what is stated for September."""
    end, size = LEVELS[indicator][unit], WOBBLE[indicator]
    luck = chance(unit, indicator)
    out = [half_up(end + luck.uniform(-size, size * 0.4), 1) for _ in range(SCORED - 1)] + [end]
    return [min(v, 100.0) for v in out] if indicator != "资金计划执行率" else out


def falling(start: int, end: int, name: str) -> list[int]:
    """A count that falls from the year's start to September, faster towards the end."""
    luck = chance(name, "households")
    out = []
    for m in range(1, SCORED + 1):
        gone = (m / SCORED) ** 1.15 + (luck.uniform(-0.02, 0.02) if m < SCORED else 0.0)
        out.append(min(int(half_up(start - (start - end) * gone)), out[-1] if out else start))
    return out


def rising(end: float, name: str, decimals: int) -> list[float]:
    """A year-to-date count or progress that rises to what is stated for September."""
    luck = chance(name, "rising")
    parts = [1.0 + luck.uniform(-0.35, 0.35) for _ in range(SCORED)]
    return [half_up(end * c / sum(parts), decimals) for c in cumulated(parts)]


Row = list[object]


def months_of(unit: str, amounts: Sequence[object]) -> list[object]:
    """Amounts under January to December; 数智云科 was founded in July."""
    row = [*amounts, *[""] * (12 - len(amounts))]
    return ["" if unit == "数智云科" and m < 6 else v for m, v in enumerate(row)]


def in_period(amounts: Sequence[int]) -> list[int]:
    return [b - a for a, b in zip([0, *amounts], amounts)]


def fact_rows() -> list[Row]:
    rows: list[Row] = []
    for unit, flows in FLOWS.items():
        for indicator in flows:
            rows += _flow_rows(unit, indicator)
    for indicator, units in LEVELS.items():
        for unit in units if indicator != "党建创建目标" else ():
            rows.append([unit, indicator, "核定数", *months_of(unit, level(unit, indicator))])
    for unit, (start, end) in HOUSEHOLDS.items():
        rows.append([unit, "未签约征收户数", "核定数", *months_of(unit, falling(start, end, unit))])
    for unit, (_, done) in COMPLAINTS.items():
        counts = [int(v) for v in rising(done, unit, 0)]
        rows.append([unit, "服务投诉件数", "核定数", *months_of(unit, counts)])
    for unit, (_, quarters) in COSTS.items():
        cells = [quarters[m // 3] if m % 3 == 2 else "" for m in range(SCORED)]
        rows.append([unit, "百元营收成本费用", "核定数", *months_of(unit, cells)])
    for unit, done in DIGITAL.items():
        rows.append([unit, "数字化建设进度", "核定数", *months_of(unit, rising(done, unit, 1))])
    rows += _new_unit_rows()
    order = list(GOALS)
    return sorted(rows, key=lambda r: order.index(str(r[0])))


def _flow_rows(unit: str, indicator: str) -> list[Row]:
    done = flow(unit, indicator)
    amounts: list[int] = in_period(done) if indicator == "固定资产投资" else done
    confirmed: list[object] = list(amounts[:SCORED])
    if (unit, indicator) == ("东屏商管", "数字化建设投资"):
        confirmed[0] = "…"  # less than one 万元
    reported = [
        int(half_up(a * REPORTED_OTHERWISE.get((unit, indicator, m + 1), 1.0)))
        for m, a in enumerate(amounts)
    ]
    told: list[object] = list(reported if unit in IN_OCTOBER else reported[:SCORED])
    return [
        [unit, indicator, "自报数", *months_of(unit, told)],
        [unit, indicator, "核定数", *months_of(unit, confirmed)],
    ]


def _new_unit_rows() -> list[Row]:
    """数智云科 came in July: half a year's targets, no figures of last year."""
    unit = "数智云科"
    done = {"营业收入": [0] * 6 + [380, 1050, 1840], "利税总额": [0] * 6 + [12, 41, 78],
            "固定资产投资": [0] * 6 + [60, 95, 110], "数字化建设投资": [0] * 6 + [150, 420, 700]}  # fmt: skip
    rows: list[Row] = []
    for indicator, amounts in done.items():
        cells = [*amounts, "", "", ""] if indicator == "固定资产投资" else months_of(unit, amounts)
        rows += [[unit, indicator, source, *cells] for source in ("自报数", "核定数")]
    rows.append([unit, "应收账款清收", "核定数", *months_of(unit, ["—"] * SCORED)])
    rows.append([unit, "百元营收成本费用", "核定数", *months_of(unit, [""] * 8 + [97.4])])
    return rows


def target_rows() -> list[Row]:
    rows: list[Row] = []
    for unit, flows in FLOWS.items():
        for indicator, (target, season, _) in flows.items():
            stretch = int(half_up(target * 1.06))
            rows.append([unit, indicator, target, stretch, "", *spread(target, season)])
    for unit in LEVELS["资金计划执行率"]:
        rows.append([unit, "资金计划执行率", 100, "", "", *[""] * 12])
    for unit, goal in GOALS.items():
        rows.append([unit, "党建创建目标", "", "", goal, *[""] * 12])
    for unit, (start, _) in HOUSEHOLDS.items():
        left = [int(half_up(start * (1 - s))) for s in cumulated(shares("even"))]
        rows.append([unit, "未签约征收户数", 0, "", "", *left[:-1], 0])
    for unit, (allowed, _) in COMPLAINTS.items():
        rows.append([unit, "服务投诉件数", allowed, "", "", *spread(allowed, "even")])
    for unit, (target, _) in COSTS.items():
        rows.append([unit, "百元营收成本费用", target, "", "", *[""] * 12])
    for unit in DIGITAL:
        plan = [half_up(100 * s, 1) for s in cumulated(shares("even"))]
        rows.append([unit, "数字化建设进度", 100, "", "", *plan[:-1], 100])
    rows += _new_unit_targets()
    order = list(GOALS)
    return sorted(rows, key=lambda r: order.index(str(r[0])))


def _new_unit_targets() -> list[Row]:
    plans = {
        "营业收入": [400, 700, 800, 850, 950, 1100],
        "利税总额": [15, 30, 35, 35, 40, 45],
        "固定资产投资": [60, 90, 120, 120, 130, 130],
        "数字化建设投资": [160, 280, 300, 300, 310, 350],
    }
    rows: list[Row] = [
        ["数智云科", name, sum(parts), "", "", *[0] * 6, *parts] for name, parts in plans.items()
    ]
    rows.append(["数智云科", "百元营收成本费用", 97.0, "", "", *[""] * 12])
    return rows


def graded_rows() -> list[Row]:
    """Goals in words are answered with points and a grade: one row for each month."""
    rows: list[Row] = []
    for unit in LEVELS["党建创建目标"]:
        for m, points in enumerate(months_of(unit, level(unit, "党建创建目标"))[:SCORED], 1):
            if points != "":
                grade = next(word for least, word in GRADES if float(str(points)) >= least)
                rows.append([unit, "党建创建目标", "核定数", f"2026-{m:02}", points, grade])
    return rows


def opening_rows() -> list[Row]:
    """2025: revenue of every month, and the households left over at the year's end.

    The business of 数智云科 was part of a department then; its revenue is restated.
    """
    months = [[unit, "营业收入", "核定数", *last_year(unit)] for unit in FLOWS]
    left = [[unit, "未签约征收户数", "核定数", *[""] * 11, start]
            for unit, (start, _) in HOUSEHOLDS.items()]  # fmt: skip
    before = ["数智云科", "营业收入", "核定数", *[0] * 6, 362, 1010, 1790, 2500, 3300, 4200]
    return [*months, before, *left]


def write(path: Path, header: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make(folder: Path = SAMPLE) -> None:
    """Write the tables of figures into a folder."""
    (folder / "facts").mkdir(parents=True, exist_ok=True)
    key = ["单位", "指标"]
    write(
        folder / "targets.csv", [*key, "全年目标", "奋斗目标", "文字目标", *MONTHS], target_rows()
    )
    write(folder / "facts" / "2026.csv", [*key, "数据来源", *MONTHS], fact_rows())
    graded = [*key, "数据来源", "期间", "数值", "等次"]
    write(folder / "facts" / "party.csv", graded, graded_rows())
    headers = [f"2025年{m}" for m in MONTHS]
    write(folder / "facts" / "2025.csv", [*key, "数据来源", *headers], opening_rows())


if __name__ == "__main__":
    make()
