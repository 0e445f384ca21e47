"""Writes the figures of the five campaigns in `campaigns/`: invented, the same every time.

Run `python -m tests.support.make_campaigns` from the repository root. It writes targets.csv and
facts.csv of each campaign, and projects.csv of notice-002; the rest is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.make_samples import Row, chance, cumulated, half_up, write

ROOT = Path(__file__).parents[2]
CAMPAIGNS = ROOT / "campaigns"


@dataclass
class Book:
    """The figures of one campaign as they are gathered: rows of targets and of facts.

    columns: period headers of the whole campaign. known: how many of them have figures.
    """

    columns: list[str]
    known: int
    opening: str = ""
    targets: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)

    def target(self, unit: str, indicator: str, whole: object, plan: Sequence[object] = ()) -> None:
        cells = list(plan) or [""] * len(self.columns)
        self.targets.append([unit, indicator, whole, *cells])

    def fact(
        self, unit: str, indicator: str, amounts: Sequence[object], *, at_start: object = "",
        source: str = "核定数",
    ) -> None:  # fmt: skip
        cells = [*amounts[: self.known], *[""] * (len(self.columns) - len(amounts[: self.known]))]
        begin = [at_start] if self.opening else []
        self.facts.append([unit, indicator, source, *begin, *cells])

    def flow(
        self, unit: str, indicator: str, whole: int, ratio: float, shares: Sequence[float], *,
        planned: bool = False, at_start: object = "", only: Sequence[int] = (),
        source: str = "核定数",
    ) -> list[int]:  # fmt: skip
        """A target with year-to-date figures around `ratio` of its pace; `only`: columns with one."""
        upto = cumulated(shares)
        plan = [int(half_up(whole * s)) for s in upto]
        parts = [b - a for a, b in zip([0, *plan], plan)]
        self.target(unit, indicator, whole, parts if planned else ())
        luck = chance(unit, indicator, "campaigns")
        done: list[int] = []
        for k, p in enumerate(plan):
            away = 1 - (k + 1) / self.known if k < self.known else 0
            now = ratio + luck.uniform(-0.05, 0.05) * max(away, 0.0)
            done.append(max(int(half_up(p * now)), done[-1] if done else 0))
        shown = [v if not only or k in only else "" for k, v in enumerate(done)]
        self.fact(unit, indicator, shown, at_start=at_start, source=source)
        return done

    def clearing(
        self, unit: str, indicator: str, start: int, left: int, *, planned: bool = False,
        only: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """A count that falls from the start towards zero."""
        size = len(self.columns)
        plan = [int(half_up(start * (1 - (k + 1) / size))) for k in range(size)]
        self.target(unit, indicator, 0, [*plan[:-1], 0] if planned else ())
        counts = [
            int(half_up(start - (start - left) * (k + 1) / self.known)) for k in range(self.known)
        ]
        shown = [v if not only or k in only else "" for k, v in enumerate(counts)]
        self.fact(unit, indicator, shown, at_start=start)

    def level(
        self, unit: str, indicator: str, end: float, wobble: float, *, only: Sequence[int] = (),
        decimals: int = 1,
    ) -> None:  # fmt: skip
        """A level around `end`."""
        luck = chance(unit, indicator, "level")
        amounts = [
            half_up(end + luck.uniform(-wobble, wobble), decimals) for _ in range(self.known)
        ]
        shown = [v if not only or k in only else "" for k, v in enumerate(amounts)]
        self.fact(unit, indicator, shown)

    def save(self, folder: Path) -> None:
        begin = [self.opening] if self.opening else []
        write(folder / "targets.csv", ["单位", "指标", "目标", *self.columns], self.targets)
        write(folder / "facts.csv", ["单位", "指标", "数据来源", *begin, *self.columns], self.facts)


# --- 000: a hundred days in 旬, with an opening balance ------------------------------------------

TEN_DAYS = ["第1天至第8天", *(f"{m}月{t}旬" for m in (10, 11, 12) for t in "上中下")]
DAYS_IN = [8, 10, 10, 11, 10, 10, 10, 10, 10, 11]
MONTH_ENDS = (0, 3)


def notice_000(folder: Path) -> None:
    book = Book(TEN_DAYS, known=6, opening="期初")
    by_day = [d / 100 for d in DAYS_IN]
    for unit, whole, ratio, opening in (
        ("道路建设", 46000, 1.02, 96500), ("公共建筑", 38000, 0.955, 81200),
        ("产业园区", 30000, 1.06, 61800), ("景观建设", 18000, 0.885, 33400),
    ):  # fmt: skip
        book.flow(unit, "有效投资", whole, ratio, by_day, at_start=opening)
    book.flow("产业园区", "高新技术产业投资", 12000, 1.08, by_day, at_start=21500)
    book.flow("公共建筑", "高新技术产业投资", 4000, 0.97, by_day, at_start=6900)
    for unit, whole, ratio in (("道路建设", 40, 1.0), ("公共建筑", 33, 0.95), ("产业园区", 28, 1.04), ("景观建设", 24, 0.85)):  # fmt: skip
        book.flow(unit, "重点项目节点完成数", whole, ratio, by_day, planned=True)
        book.level(unit, "亮点项目打造", 93 - 80 * (1 - ratio) ** 1.0, 1.0, only=MONTH_ENDS)
    for unit, indicator, whole, ratio, only in (
        ("景区运营", "景区运营收入", 5200, 1.05, MONTH_ENDS), ("公共出行", "公共出行收入", 8600, 0.985, MONTH_ENDS),
        ("市政养护", "养护产值", 7400, 1.01, MONTH_ENDS), ("招商服务", "招商签约数", 60, 0.93, ()),
        ("贸易公司", "贸易额", 90000, 0.90, MONTH_ENDS), ("能源供应", "供能收入", 15600, 1.03, MONTH_ENDS),
        ("投融资", "融资到位额", 120000, 0.96, ()),
    ):  # fmt: skip
        book.flow(unit, indicator, whole, ratio, by_day, only=only)
    for unit, whole, ratio in (
        ("景区运营", 620, 1.08), ("公共出行", 310, 0.94), ("市政养护", 420, 1.0), ("招商服务", 180, 0.97),
        ("贸易公司", 260, 0.88), ("能源供应", 730, 1.02), ("投融资", 540, 0.99),
    ):  # fmt: skip
        before = int(half_up(whole * 2.65))
        book.flow(unit, "经营利润", whole, ratio, by_day, only=MONTH_ENDS, at_start=before)
    units = ["道路建设", "公共建筑", "产业园区", "景观建设", "景区运营", "公共出行", "市政养护", "招商服务", "贸易公司", "能源供应", "投融资"]  # fmt: skip
    for k, unit in enumerate(units):
        book.clearing(unit, "未完成年度承诺事项", 12 + k % 5, 5 + k % 4)
        book.clearing(unit, "未销号安全隐患", 20 + 3 * (k % 4), 7 + k % 5)
    for row in book.facts:  # two units' figures are reported and not yet confirmed
        if row[1] in ("招商签约数", "融资到位额"):
            row[2] = "自报数"
    book.save(folder)


# --- 001: a hundred days in weeks ----------------------------------------------------------------

WEEKS = ["第1天至第5天", *(f"2026年第{w}周" for w in range(40, 54))]


def notice_001(folder: Path) -> None:
    book = Book(WEEKS, known=9, opening="期初")
    days = [5, *[7] * 13, 4]
    by_day = [d / 100 for d in days]
    builders = (("项目公司", 62000, 1.01), ("基础设施公司", 85000, 1.045), ("资产公司", 24000, 0.93),
                ("地产公司", 51000, 0.89), ("保障房公司", 37000, 0.97))  # fmt: skip
    for k, (unit, whole, ratio) in enumerate(builders):
        book.flow(unit, "重点项目完成投资", whole, ratio, by_day)
        for indicator, count in (("前期工作办结件数", 24), ("设计成果交付件数", 20), ("招采合约签订件数", 30)):  # fmt: skip
            book.flow(unit, indicator, count + 4 * k, ratio - 0.01 * k, by_day, planned=True)
        book.clearing(unit, "现场督导未整改问题", 30 + 4 * k, int(30 * (1.5 - ratio)), planned=True)
    for unit, score, jobs, ratio, bad in (("环境公司", 88.0, 9600, 1.0, 9), ("住房租赁公司", 84.5, 5200, 0.95, 14), ("安保公司", 90.5, 7800, 1.03, 6)):  # fmt: skip
        book.level(unit, "公共服务质量测评", score, 1.5)
        _jobs(book, unit, jobs, ratio, by_day)
        counts = [int(half_up(bad * (k + 1) / book.known)) for k in range(book.known)]
        book.fact(unit, "服务投诉件数", counts)
    for unit, volume, profit, ratio in (("担保公司", 68000, 640, 1.02), ("融资租赁公司", 92000, 880, 0.95), ("基金公司", 40000, 520, 1.06)):  # fmt: skip
        book.flow(unit, "业务投放规模", volume, ratio, by_day)
        book.flow(unit, "类金融利润", profit, ratio - 0.01, by_day)
    everyone = [b[0] for b in builders] + ["环境公司", "住房租赁公司", "安保公司", "担保公司", "融资租赁公司", "基金公司"]  # fmt: skip
    for k, unit in enumerate(everyone):
        book.clearing(unit, "未达标考核指标数", 6 + k % 3, 2 + k % 3)
    _centre(book, by_day)
    book.save(folder)


def _jobs(book: Book, unit: str, whole: int, ratio: float, shares: Sequence[float]) -> None:
    """Weekly amounts: the first week began before the campaign and counts from day 1."""
    book.target(unit, "服务任务完成量", whole)
    luck = chance(unit, "jobs")
    weekly = [int(half_up(whole * s * (ratio + luck.uniform(-0.05, 0.05)))) for s in shares]
    book.fact(unit, "服务任务完成量", weekly)


def _centre(book: Book, by_day: Sequence[float]) -> None:
    """The centre that is being set up has the platform's own work and is listed apart."""
    for indicator, count in (
        ("前期工作办结件数", 40),
        ("设计成果交付件数", 32),
        ("招采合约签订件数", 46),
    ):
        book.flow("项目管理中心", indicator, count, 1.0, by_day, planned=True)
    book.clearing("项目管理中心", "未达标考核指标数", 3, 1)
    for indicator in ("重点项目完成投资", "现场督导未整改问题"):
        book.fact("项目管理中心", indicator, ["—"] * book.known)


# --- 002: the horse race: headline targets down to company, project and month --------------------

MONTHS = [f"{m}月" for m in range(1, 13)]
SEASON = [x / 100 for x in (6.8, 5.9, 8.4, 8.0, 8.3, 8.8, 8.2, 8.3, 8.9, 9.0, 9.3, 10.1)]
BUILDING = [x / 100 for x in (3.0, 2.6, 7.2, 8.4, 9.2, 10.4, 9.2, 9.0, 10.0, 10.4, 10.6, 10.0)]
COMPANIES = ("文旅公司", "商业公司", "水务公司", "物业公司", "资产公司", "城建公司", "地产公司", "市政公司", "更新公司")  # fmt: skip
REVENUE = (98000, 132000, 116000, 54000, 62000, 187000, 268000, 58000, 25000)  # 100亿元 in 万元
PROFIT_TAX = (5200, 7100, 4800, 1900, 4300, 7600, 15800, 2200, 1100)  # 5亿元
STRENGTH = (1.06, 0.985, 1.01, 0.94, 1.02, 1.03, 0.905, 0.93, 1.0)
PROJECTS = {
    "文旅公司": (("湖滨街区提升", 26000), ("古城修缮一期", 38000)),
    "商业公司": (("中央商街改造", 21000),),
    "水务公司": (("城北水厂扩建", 34000), ("管网更新", 22000)),
    "物业公司": (("智慧停车", 6000),),
    "资产公司": (("存量厂房改造", 16000),),
    "城建公司": (("城东快速路", 128000), ("客运枢纽", 76000)),
    "地产公司": (("安置房三期", 92000), ("人才公寓", 57000)),
    "市政公司": (("内环绿道", 31000), ("老旧管廊", 40000)),
    "更新公司": (("北门片区更新", 61000), ("旧厂片区更新", 35000)),
}
"""Company -> its projects with the year's investment in 万元, 68.3亿元 in all."""


def notice_002(folder: Path) -> None:
    book = Book(MONTHS, known=6, opening="2025年12月")
    book.target("集团", "企业营收", sum(REVENUE))
    book.target("集团", "利税", sum(PROFIT_TAX))
    book.target("集团", "项目建设投资", sum(w for ps in PROJECTS.values() for _, w in ps))
    projects: list[Row] = []
    for unit, revenue, profit_tax, form in zip(COMPANIES, REVENUE, PROFIT_TAX, STRENGTH):
        book.flow(unit, "企业营收", revenue, form, SEASON, planned=True)
        book.flow(unit, "利税", profit_tax, form - 0.01, SEASON, planned=True)
        projects += _project_investment(book, unit, form)
        spent = int(half_up(revenue * 0.004))
        book.flow(unit, "数字化建设投资", spent, form + 0.01, SEASON, planned=True)
        plan = [half_up(100 * s, 1) for s in cumulated([1 / 12] * 12)]
        book.target(unit, "数字化建设进度", 100, [*plan[:-1], 100])
        reached = [half_up(p * (form + 0.01), 1) for p in plan]
        book.fact(unit, "数字化建设进度", reached)
    for unit, count, form in zip(COMPANIES, (36, 120, 6, 18, 40), STRENGTH[:5]):
        book.flow(unit, "商家品牌引进数", count, form, [1 / 12] * 12, planned=True)
    for unit, start, left in (("城建公司", 160, 84), ("地产公司", 210, 131), ("市政公司", 120, 66), ("更新公司", 380, 176)):  # fmt: skip
        book.clearing(unit, "未签约户数", start, left, planned=True)
    for unit, marks in (("文旅支部", 94), ("商业支部", 90), ("水务支部", 92), ("城建支部", 96), ("更新支部", 87)):  # fmt: skip
        book.level(unit, "支部创建目标", marks, 2.5)
        months = [f"{m}：{goal}" for m, goal in zip(MONTHS, GOALS)]
        book.targets.append([unit, "支部创建目标", "", *months])
    book.save(folder)
    write(folder / "projects.csv", ["单位", "项目", "全年计划投资", *MONTHS], projects)


GOALS = ("民主评议", "学习计划", "主题党日", "先锋岗授牌", "红色宣讲", "先进评选", "结对共建", "志愿服务", "技能比武", "重温誓词", "问题整改", "年度述职")  # fmt: skip
"""One goal in words for each month."""


def _project_investment(book: Book, unit: str, form: float) -> list[Row]:
    """Each project's plan by month; the company's plan is their sum, month by month."""
    rows: list[Row] = []
    for name, whole in PROJECTS[unit]:
        plan = [int(half_up(whole * s)) for s in cumulated(BUILDING)]
        rows.append([unit, name, whole, *(b - a for a, b in zip([0, *plan], plan))])
    planned = [sum(int(str(r[3 + m])) for r in rows) for m in range(12)]
    book.target(unit, "项目建设投资", sum(planned), planned)
    luck = chance(unit, "项目建设投资")
    amounts = [int(half_up(p * (form + luck.uniform(-0.06, 0.06)))) for p in planned]
    book.fact(unit, "项目建设投资", amounts)
    return rows


# --- 003: a district's quarterly tournament ------------------------------------------------------

QUARTERS = ["2026年一季度", "2026年二季度", "2026年三季度", "2026年四季度"]
BY_QUARTER = [0.20, 0.25, 0.27, 0.28]
PLACES = {
    "发改": (("生产总值增速全市位次", (5, 4, 3)), ("固定资产投资增速全市位次", (6, 5, 4))),
    "经信": (("规上工业增加值增速全市位次", (4, 3, 2)),),
    "农业农村": (("农业增加值增速全市位次", (3, 3, 3)),),
    "商务": (("社会消费品零售总额增速全市位次", (7, 7, 6)),),
    "住建": (("建筑业产值增速全市位次", (6, 7, 8)),),
    "交通": (("公路水路投资增速全市位次", (2, 1, 1)),),
    "文旅": (("旅游收入增速全市位次", (5, 6, 4)),),
    "科技": (("研发投入强度全市位次", (4, 4, 5)),),
    "投资促进": (("招商到位资金全市位次", (3, 2, 2)),),
    "自然资源": (("供地率全市位次", (8, 9, 7)),),
}
FORM = {"发改": 1.02, "经信": 1.03, "农业农村": 0.99, "商务": 0.94, "住建": 0.9, "交通": 1.05, "文旅": 1.0,
        "科技": 0.97, "投资促进": 1.04, "自然资源": 0.92, "城建集团": 1.03, "产业集团": 0.99, "文旅集团": 1.05,
        "农发集团": 0.93}  # fmt: skip


def notice_003(folder: Path) -> None:
    book = Book(QUARTERS, known=3)
    for unit, held in PLACES.items():
        for indicator, places in held:
            book.fact(unit, indicator, places, source="统计反馈数")
    for k, (unit, form) in enumerate(FORM.items()):
        book.flow(unit, "重点工作完成件数", 32 + k % 6, form, BY_QUARTER)
        book.flow(unit, "重点项目开工数", 10 + k % 5, form, BY_QUARTER, planned=True)
        book.flow(
            unit, "重点项目入统数", 9 + k % 4, form - 0.02, BY_QUARTER, planned=True,
            source="统计反馈数",
        )  # fmt: skip
        book.level(unit, "现场测评", 88 + 60 * (form - 1), 1.2, decimals=2)
        if unit in PLACES:
            book.fact(unit, "对上对接批次", [5 + k, 11 + k + k % 4, 17 + k + 2 * (k % 6)])
    for unit, revenue, profit in (("城建集团", 86000, 5200), ("产业集团", 64000, 4100), ("文旅集团", 38000, 2600), ("农发集团", 29000, 1300)):  # fmt: skip
        book.flow(unit, "营业收入", revenue, FORM[unit], BY_QUARTER)
        book.flow(unit, "利润总额", profit, FORM[unit] - 0.01, BY_QUARTER)
    book.save(folder)


# --- 004: a city's battle lines, counties and departments ---------------------------------------

REGIONS = {"东区": 1.03, "西区": 0.97, "南区": 1.0, "北县": 0.92, "湖县": 1.06, "山县": 0.95, "河县": 0.88,
           "经开园区": 1.05, "高新园区": 1.08, "生态园区": 0.91}  # fmt: skip
SIZES = {"东区": 1.3, "西区": 1.1, "南区": 0.9, "北县": 0.7, "湖县": 0.8, "山县": 0.5, "河县": 0.6,
         "经开园区": 1.8, "高新园区": 1.5, "生态园区": 0.4}  # fmt: skip
CITY = {
    "产业项目投资": (620000, BUILDING, "发改部门", False),
    "城建项目投资": (240000, BUILDING, "发改部门", False),
    "向上争取资金": (86000, SEASON, "发改部门", False),
    "签约重大产业化项目": (24, SEASON, "投促部门", False),
    "新增规上企业": (42, SEASON, "工信部门", False),
    "上市后备企业": (12, [0.4, *[0.06] * 10, 0.0], "工信部门", True),
}
"""Indicator -> a middle-sized region's target, shares of the year, department in charge, planned."""
QUARTER_ENDS = (2, 5, 8)


def notice_004(folder: Path) -> None:
    book = Book(MONTHS, known=9)
    for indicator, (base, shares, department, planned) in CITY.items():
        _region_and_department(book, indicator, base, shares, department, planned)
    for unit, form in REGIONS.items():
        whole = int(half_up(60000 * SIZES[unit]))
        everything = [int(half_up(whole * (k + 1) / 12)) for k in range(12)]
        book.fact(unit, "受理政务事项", everything)
        book.fact(
            unit, "按时办结政务事项", [int(v * (0.97 + 0.2 * (form - 1))) for v in everything]
        )
        _major_projects(book, unit, form)
    for indicator in ("受理政务事项", "按时办结政务事项"):
        book.fact("政务部门", indicator, _summed(book, indicator))
    book.save(folder)


def _region_and_department(
    book: Book, indicator: str, base: int, shares: Sequence[float], department: str, planned: bool
) -> None:
    """Regions have their own target; the department in charge answers for the sum of them all."""
    only = QUARTER_ENDS if planned else ()
    whole, kept = 0, len(book.targets)
    for unit, form in REGIONS.items():
        if indicator == "城建项目投资" and unit.endswith("园区"):
            continue
        size = max(1, int(half_up(base * SIZES[unit])))
        book.flow(unit, indicator, size, form, shares, planned=planned, only=only)
        whole += size
    if not planned:
        book.target(department, indicator, whole)
    else:
        mine = book.targets[kept:]
        plans = [sum(int(str(r[3 + m])) for r in mine) for m in range(12)]
        levels = [int(v) for v in cumulated(plans)]
        book.target(department, indicator, whole, levels)
        for row in mine:
            row[3:] = [int(v) for v in cumulated(int(str(v)) for v in row[3:])]
    book.fact(department, indicator, _summed(book, indicator))


def _summed(book: Book, indicator: str) -> list[object]:
    rows = [r for r in book.facts if r[1] == indicator]
    return [
        sum(int(str(r[3 + m])) for r in rows) if rows[0][3 + m] != "" else ""
        for m in range(book.known)
    ]


def _major_projects(book: Book, unit: str, form: float) -> None:
    """Quarterly figures under the months in which quarters end; plans by month."""
    size = SIZES[unit]
    for indicator, base in (
        ("重特大项目开工数", 12),
        ("重特大项目完成投资", 380000),
        ("重特大项目竣工数", 6),
    ):
        whole = max(2, int(half_up(base * size)))
        book.flow(unit, indicator, whole, form, BUILDING, planned=True, only=QUARTER_ENDS)


NOTICES: dict[str, Callable[[Path], None]] = {
    "notice-000": notice_000,
    "notice-001": notice_001,
    "notice-002": notice_002,
    "notice-003": notice_003,
    "notice-004": notice_004,
}


def make(folder: Path = CAMPAIGNS) -> None:
    """Write the figures of all five campaigns into their folders."""
    for name, write_one in NOTICES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        write_one(folder / name)


if __name__ == "__main__":
    make()
