"""The tables of a campaign file: their fields, the headers and words under which each is known.

One alias table serves folders and workbooks, reading and writing; docs/reference repeats it for
people and a test holds the two together. The first name of a field is the one that is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["text", "number", "whole", "date", "moment", "flag", "choice", "period", "sources"]


@dataclass(frozen=True)
class Field:
    """One column: identifier, Chinese headers (the first is written), kind of its values."""

    name: str
    headers: tuple[str, ...]
    kind: Kind = "text"
    words: str = ""  # key of WORDS for a choice
    required: bool = False
    note: str = ""  # what a clerk is told beside the header


@dataclass(frozen=True)
class Form:
    """One table: its file name in a folder (without suffix), its sheet, its fields."""

    table: str
    sheet: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "unit-kind": {
        "group": ("集团",),
        "company": ("企业", "公司", "国企"),
        "department": ("部门", "科室", "机关"),
        "district": ("区县", "县区", "县（市、区）", "乡镇", "镇街", "板块"),
        "branch": ("党支部", "支部"),
    },
    "direction": {
        "more": ("越大越好", "正向", "正极性"),
        "less": ("越小越好", "逆向", "反向", "负极性"),
        "centred": ("适中", "趋中"),
        "clear-to-zero": ("清零", "销号清零"),
    },
    "nature": {
        "year-to-date": ("累计数", "累计", "年初累计"),
        "in-period": ("当期数", "当期", "本期"),
        "point-in-time": ("时点数", "时点", "期末数"),
    },
    "frequency": {
        "day": ("日", "每日", "天"),
        "ten-day": ("旬",),
        "week": ("周", "每周"),
        "month": ("月", "月度", "每月"),
        "two-months": ("双月", "两月"),
        "quarter": ("季", "季度", "每季"),
        "half": ("半年", "半年度"),
        "year": ("年", "年度", "全年"),
    },
    "roll-up": {
        "own": ("自身数", "本级数", "不汇总"),
        "sum": ("下级合计", "合计", "加总"),
        "ratio": ("加权比率", "分子分母汇总"),
    },
    "source": {
        "reported": ("自报数", "自报"),
        "confirmed": ("核定数", "核定"),
        "official": ("统计反馈数", "统计反馈", "反馈数"),
    },
    "event": {
        "bonus": ("加分",),
        "deduction": ("扣分", "减分"),
        "veto": ("一票否决", "否决"),
        "gate": ("门槛",),
    },
    "flag": {"yes": ("是", "true", "y", "1", "√"), "no": ("否", "false", "n", "0", "×")},
    "clock": {
        "natural-year": ("自然年", "日历年"),
        "assessment-year": ("考核年", "考核年度"),
        "days": ("按天数", "攻坚天数", "百日攻坚"),
    },
    "order": {"rank": ("按名次", "名次"), "official": ("按机构序", "机构序")},
    "when-missing": {
        "zero": ("按零分", "零分"),
        "exclude": ("不计并重新分摊权重", "不计"),
        "own-average": ("按本单位平均得分率",),
        "track-average": ("按同赛道平均得分率",),
    },
    "ties": {
        "competition": ("并列占位",),
        "dense": ("并列不占位",),
        "ordinal": ("依次排列", "不并列"),
    },
    "pace": {
        "linear-month": ("按月序时", "按月"),
        "linear-day": ("按日序时", "按日"),
        "own-plan": ("按计划序时", "按计划"),
    },
    "within": {"track": ("赛道内", "同赛道"), "all": ("全体单位", "全体")},
    "aggregate": {
        "sum": ("得分相加", "相加"),
        "weighted-sum": ("加权相加",),
        "mean": ("加权平均",),
        "geometric": ("几何平均",),
    },
    "reverse": {
        "two-minus": ("2减完成率", "2-完成率"),
        "reciprocal": ("目标除以实际", "倒数"),
        "swap": ("上下限互换",),
    },
    "effect": {
        "grade": ("定为等次", "降等"),
        "score-zero": ("总分计零",),
        "last": ("列末位",),
        "unranked": ("不参与排名",),
    },
    "missing": {
        "not-reported": ("", "未报", "缺报", "暂无数据", "待报"),
        "not-applicable": ("—", "——", "－", "-", "–", "/", "／", "不适用", "无此项"),
        "below-unit": ("…", "……", "...", "⋯"),
        "unknown": ("不详",),
        "excluded": ("不计", "不计入"),
    },
}
"""Words of closed lists: identifier -> the words that stand for it; the first is written."""


def _unit(required: bool = True) -> Field:
    note = "填单位代码、名称或简称，须与“单位”表一致"
    return Field("unit", ("单位", "单位名称", "单位代码"), required=required, note=note)


def _indicator(required: bool = True) -> Field:
    note = "填指标代码或名称，须与“指标”表一致"
    headers = ("指标", "指标名称", "指标代码", "考核指标")
    return Field("indicator", headers, required=required, note=note)


_MEASURE = Field("measure", ("计量单位",), note="如 万元、户、%；须与“指标”表一致")
_SOURCE = Field(
    "source", ("数据来源", "来源"), "choice", "source", note="自报数、核定数或统计反馈数"
)
_RECORDED = Field(
    "recorded_at", ("录入时间", "记录时间"), "moment", note="何时录入；有此列才能按时点重算"
)
_BASIS = Field("basis", ("依据", "依据文件"), note="文件名称和文号")

FORMS: tuple[Form, ...] = (
    Form("units", "单位", (
        Field("code", ("代码", "单位代码"), note="不填时以名称为代码"),
        Field("name", ("名称", "单位名称", "单位"), required=True),
        Field("short_name", ("简称",), note="表格和图中用的短名"),
        Field("kind", ("类型", "单位类型"), "choice", "unit-kind"),
        Field("parent", ("上级", "上级单位"), note="上级单位的代码或名称"),
        Field("order", ("机构序", "序号", "排序"), "whole", note="公文中的先后，整数"),
        Field("track", ("赛道", "组别", "同类组"), note="在哪条赛道比；不参加的留空"),
        Field("ranked", ("参与排名", "是否排名"), "flag", note="填“否”为单列：计分不排名"),
        Field("valid_from", ("起始日期", "成立日期"), "date", note="何时起有此单位"),
        Field("valid_to", ("终止日期", "撤并日期"), "date", note="何时止"),
        Field("successor", ("继任单位", "承接单位"), note="撤并后由谁承接"),
        Field("difficulty", ("难度系数",), "number"),
    )),
    Form("indicators", "指标", (
        Field("code", ("代码", "指标代码"), note="不填时以名称为代码"),
        Field("name", ("名称", "指标名称", "指标"), required=True),
        Field("category", ("类别", "指标类别", "一级指标")),
        Field("battle_line", ("战役", "阵地", "战役阵地")),
        Field("business_line", ("业务板块", "板块")),
        _MEASURE,
        Field("decimals", ("小数位", "小数位数"), "whole", note="数值最多几位小数"),
        Field("direction", ("方向", "指标方向", "指标属性"), "choice", "direction"),
        Field("nature", ("数据性质", "统计方式"), "choice", "nature", note="累计数、当期数或时点数"),
        Field("frequency", ("频度", "报送频度"), "choice", "frequency"),
        Field("lead_unit", ("牵头单位",), note="牵头单位的代码或名称"),
        Field("data_owner", ("数据责任单位", "数据来源单位")),
        Field("rolls_up", ("汇总方式",), "choice", "roll-up"),
        Field("numerator", ("分子", "分子指标"), note="加权比率的分子指标"),
        Field("denominator", ("分母", "分母指标"), note="加权比率的分母指标"),
        Field("formula", ("公式", "计算公式"), note="由其他指标代码计算的派生指标"),
        Field("counts", ("采用数据", "以何为准"), "sources", note="不填时用“活动”表的规定"),
        Field("qualitative", ("定性", "是否定性"), "flag", note="用文字目标和等次的填“是”"),
    )),
    Form("definitions", "口径", (
        _indicator(),
        Field("version", ("版本", "版次"), "whole"),
        Field("effective", ("生效期", "生效日期"), "period", note="从何时起用，如 2026-01"),
        Field("text", ("口径", "口径说明"), required=True),
        _BASIS,
        Field("comparable", ("可比", "是否可比"), "flag", note="填“否”为与上一版不可比"),
    )),
    Form("assignments", "分工", (
        _indicator(),
        _unit(required=False),
        Field("track", ("赛道", "组别", "同类组"), note="单位和赛道都不填为所有单位"),
        Field("weight", ("分值", "权重"), "number", note="不填时用办法中的分值"),
    )),
    Form("targets", "目标", (
        _unit(),
        _indicator(),
        _MEASURE,
        Field("period", ("期间", "时间"), "period"),
        Field("target", ("全年目标", "目标", "目标值", "年度目标"), "number"),
        Field("stretch", ("奋斗目标", "加压目标"), "number"),
        Field("goal", ("文字目标", "定性目标", "目标内容")),
        _RECORDED,
    )),
    Form("facts", "数据", (
        _unit(),
        _indicator(),
        _MEASURE,
        _SOURCE,
        Field("period", ("期间", "时间"), "period"),
        Field("value", ("数值", "完成数", "实际值"), "number"),
        Field("missing", ("缺报原因", "缺报类型"), "choice", "missing"),
        Field("grade", ("等次", "评价等次"), note="定性目标的等次"),
        _RECORDED,
    )),
    Form("events", "加减分与否决", (
        Field("kind", ("类型", "事项类型"), "choice", "event", required=True),
        _unit(),
        Field("name", ("事项", "事项名称"), required=True, note="须与办法中的事项名称一致"),
        Field("on", ("日期", "发生日期"), "date", required=True),
        Field("count", ("次数", "数量"), "number"),
        Field("points", ("分数", "加减分"), "number", note="不填时按办法计"),
        _BASIS,
        Field("expires", ("有效期至", "到期日期"), "date", note="一票否决必填"),
        _indicator(required=False),
        Field("note", ("备注", "说明")),
    )),
    Form("published", "已公布位次", (
        _unit(),
        Field("period", ("期间", "时间"), "period", required=True),
        Field("rank", ("位次", "名次", "排名"), "whole", required=True),
    )),
)  # fmt: skip
"""All tables, in the order in which they are read and written."""

RULEBOOK_FORMS: tuple[Form, ...] = (
    Form("rulebook_indicators", "办法指标", (
        Field("category", ("类别", "指标类别", "一级指标"), note="同类的只填第一行也可以"),
        Field("indicator", ("指标", "指标名称", "指标代码"), required=True),
        Field("weight", ("分值", "权重", "满分"), required=True,
              note="数字；按赛道不同的写 国企: 30, 部门: 20；按分工表的写 按分工"),
        Field("method", ("计分方法",), required=True, note="从下拉列表中选"),
        Field("settings", ("参数", "计分参数"), note="如 封顶: 120%, 保底: 0"),
        Field("when-missing", ("缺报处理",), "choice", "when-missing"),
        Field("clause", ("依据条款", "条款"), note="如 第三条第一款"),
        Field("pace", ("序时口径",), "choice", "pace"),
        Field("reverse", ("逆向处理",), "choice", "reverse", note="越小越好的指标如何算完成率"),
        Field("difficulty", ("乘难度系数",), "flag", note="填“是”的乘单位的难度系数"),
        Field("gate", ("门槛",), note="如 below: 60%, blocks: [优秀]"),
        Field("note", ("备注", "说明")),
    )),
    Form("rulebook_events", "办法事项", (
        Field("kind", ("类型", "事项类型"), "choice", "event", required=True),
        Field("name", ("事项", "事项名称"), required=True),
        Field("each", ("每次分值", "每项分值"), "number"),
        Field("at-most", ("上限", "最多"), "number"),
        Field("effect", ("后果",), "choice", "effect", note="一票否决的后果"),
        Field("grade", ("等次",), note="定为哪一等次"),
        Field("lasts", ("影响期",), note="如 12 months"),
        Field("blocks", ("阻止", "不得评为"), note="门槛阻止的等次，用顿号隔开"),
        Field("clause", ("依据条款", "条款")),
        Field("basis", ("依据", "依据文件")),
    )),
    Form("rulebook_grades", "办法等次", (
        Field("name", ("等次",), required=True, note="由高到低"),
        Field("at-least", ("最低分", "分数线"), "number", note="最后一等留空"),
        Field("at-most", ("比例上限", "名额比例"), note="如 30%"),
        Field("within", ("比例范围",), "choice", "within"),
    )),
)  # fmt: skip
"""The sheets of the simple form of a rulebook; field names are the keys of its document."""

RULEBOOK_FIELDS: tuple[Field, ...] = (
    Field("rulebook", ("办法代码",), note="英文字母和连字符，如 monthly"),
    Field("name", ("办法名称",), required=True),
    Field("version", ("版本",), "whole"),
    Field("effective.from", ("生效", "生效期"), note="从何时起，如 2026-01"),
    Field("effective.to", ("失效", "失效期")),
    Field("basis", ("依据", "依据文件")),
    Field("scores", ("计分周期",), "choice", "frequency"),
    Field("pace", ("序时口径",), "choice", "pace"),
    Field("aggregate", ("汇总方式",), "choice", "aggregate"),
    Field("rounding.marks", ("单项小数位",), "whole", note="不填为单项不取整"),
    Field("rounding.score", ("总分小数位",), "whole"),
    Field("ranks.ties", ("并列处理",), "choice", "ties"),
    Field("ranks.within", ("排名范围",), "choice", "within"),
    Field("ranks.break-by", ("同分比较",), note="依次比较的指标，用顿号隔开"),
    Field("bonus-at-most", ("加分上限",), "number"),
    Field("deduction-at-most", ("扣分上限",), "number"),
    Field("tiers", ("梯队",), note="如 第一梯队: {top: 3}, 第二梯队: rest"),
    Field("seals", ("红旗", "月月红"), note="如 月月红: {when: {pace-gap: '>= 0'}}"),
)  # fmt: skip
"""The rows of the sheet 办法, by path in the rulebook's document."""

CAMPAIGN_FIELDS: tuple[Field, ...] = (
    Field("name", ("活动名称", "名称"), required=True),
    Field("organisation", ("主办单位", "组织单位"), required=True),
    Field("clock.kind", ("计时方式",), "choice", "clock", required=True,
          note="自然年、考核年或按天数"),
    Field("clock.start", ("开始日期", "起始日期"), "date", required=True),
    Field("clock.end", ("结束日期", "终止日期"), "date", note="按天数的可改填天数"),
    Field("clock.days", ("天数", "攻坚天数"), "whole"),
    Field("clock.joint", ("合并报送", "合并期间"), note="合并报送的月份，如 1—2月"),
    Field("counts", ("采用数据", "以何为准"), "sources", note="以何种数据为准，先后用顿号隔开"),
    Field("scores", ("计分周期",), "choice", "frequency"),
    Field("tracks", ("赛道",), note="按公布顺序，用顿号隔开"),
    Field("demo", ("演示数据", "虚构数据"), "flag", note="填“是”的，文件上标明数据为虚构"),
    Field("documents.letterhead", ("发文机关标志",)),
    Field("documents.number", ("发文字号",), note="{issue} 处填期号"),
    Field("documents.first-issue", ("首期期号",), "whole"),
    Field("documents.addressee", ("主送",)),
    Field("documents.signature", ("落款",)),
    Field("documents.copies-to", ("抄送",)),
    Field("documents.printed-by", ("印发机关",)),
    Field("documents.named-places", ("点名前几位",), "whole"),
    Field("documents.order", ("单位排列",), "choice", "order"),
    Field("documents.template", ("Word模板",)),
    Field("documents.title-font", ("标题字体",)),
    Field("documents.body-font", ("正文字体",)),
)  # fmt: skip
"""What stands in campaign.yaml (by path) or as rows of the sheet 活动 (by Chinese name)."""


def plain_header(text: str) -> str:
    """A header without case, blanks, hyphens and the marks for required columns."""
    text = re.sub(r"[（(]必填[)）]|[*＊\s]", "", text)
    return text.replace("-", "_").lower()


@cache
def form(table: str) -> Form:
    """The form of a table. Errors: KeyError."""
    for found in (*FORMS, *RULEBOOK_FORMS):
        if found.table == table:
            return found
    raise KeyError(table)


@cache
def headers(table: str) -> dict[str, str]:
    """Plain header -> field name; earlier fields keep a header that two of them claim."""
    known: dict[str, str] = {}
    for field in form(table).fields:
        known.setdefault(field.name, field.name)
    for field in form(table).fields:
        for header in field.headers:
            known.setdefault(plain_header(header), field.name)
    return known


@cache
def choices(words: str) -> dict[str, str]:
    """Word (lower case) -> identifier, the identifiers themselves included."""
    known: dict[str, str] = {}
    for name, texts in WORDS[words].items():
        known[name] = name
        known.update((text.lower(), name) for text in texts)
    return known


def word(words: str, name: str) -> str:
    """The Chinese word that is written for an identifier."""
    return next(text for text in WORDS[words][name] if text)
