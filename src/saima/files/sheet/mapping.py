"""Which header means which field: known Chinese headers, and what the office has said itself.

The file is JSON: {"headers": {"完成投资": "actual", "开工情况": "", "新表头": null}}. An empty text
says that a header is known and has no field; null is a header that nobody has decided yet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from saima.files.saving import save
from saima.files.sheet.measures import without_measure
from saima.files.sheet.problems import BAD_MAPPING, MAPPED_ABSENT
from saima.files.sheet.words import key
from saima.problems import Place, Problem, refuse

KNOWN = {
    "period": "期间 日期 统计日期 年份 月份 时间 年度 报告期 季度 年 月 year month period",
    "unit": "unit 单位 单位名称 责任单位 地区 县市区 县（市、区） 区县 区县市 市州 "
    "市县 乡镇 镇街 街道 部门 公司 企业 企业名称 公司名称 板块 园区",
    "project": "项目名称 重点项目",
    "indicator": "indicator 指标 指标名称 项目 考核指标 三级指标 二级指标 具体指标 工作任务 考核内容",
    "category": "一级指标 指标类别 类别 分类 项目类别 指标分类",
    "code": "代码 编码 单位代码 指标代码 行政区划代码 区划代码",
    "sequence": "序号 编号 序 No No.",
    "measure": "计量单位 指标单位 单位（计量）",
    "target": "目标值 目标 年度目标 全年目标 年度目标值 全年计划 年度计划 计划 计划数 任务数",
    "stretch": "奋斗目标 挑战目标 加压目标",
    "plan": "本月计划 本季计划 序时计划 累计计划",
    "actual": "实际值 完成 完成数 完成值 实际 实际完成 累计完成 完成情况 累计完成数 累计值",
    "in_period": "本期完成 本月完成 当月完成 本月 当月 本季完成",
    "base": "上年同期 去年同期 上年实际 基期值 基数",
    "attainment": "完成率 达成率 目标完成率 完成进度 投资完成率",
    "pace": "序时进度",
    "pace_gap": "序时差 超欠序时 与序时差",
    "growth": "同比 同比增长 增速 增幅 增长率 同比增速 累计增长",
    "on_previous": "环比 环比增长",
    "weight": "权重",
    "full_marks": "分值 满分 标准分",
    "marks": "得分 单项得分 考核得分",
    "score": "总分 总得分 综合得分",
    "rank": "排名 位次 名次 排位",
    "movement": "位次变化 进位 升降",
    "lead_unit": "牵头单位 牵头部门",
    "remark": "备注 说明",
    "deadline": "完成时限 完成时间 时限",
}
"""The words of headers that have one usual meaning, by field."""

_FIELDS = {key(word): name for name, words in KNOWN.items() for word in words.split()}


@dataclass(frozen=True)
class Mapping:
    """Header texts and the fields they mean; texts are compared without spaces and width."""

    headers: dict[str, str | None] = field(default_factory=dict)
    name: str = ""

    def field_of(self, path: tuple[str, ...]) -> str:
        """The field of a header path: as decided for the whole path, for its last or first part,
        else as the words are generally used, else ''."""
        decided = {key(text): name for text, name in self.headers.items() if name is not None}
        bare = [without_measure(part) for part in path]
        for text in ("/".join(path), *path[::-1][:1], "/".join(bare), *bare[::-1], *bare[:1]):
            if key(text) in decided:
                return decided[key(text)]
        known = (_FIELDS.get(key(text), "") for text in (*bare[::-1],))
        return next((name for name in known if name), "")

    def decides(self, header: str) -> bool:
        """True if it is said what a header means, or that it means nothing."""
        said = {key(text) for text, name in self.headers.items() if name is not None}
        return key(header) in said

    def learned(self, headers: dict[str, str]) -> Mapping:
        """This mapping with further headers: those with a field, and the others as null."""
        known = {key(text) for text in self.headers}
        new = {text: name or None for text, name in headers.items() if key(text) not in known}
        return Mapping({**self.headers, **new}, self.name)

    def absent(self, seen: set[str]) -> list[Problem]:
        """Headers that the mapping names with a field and no sheet of the file has."""
        keys = {key(text) for text in seen}
        place = Place(file=self.name)
        missing = [text for text, name in self.headers.items() if name and key(text) not in keys]
        return [Problem(MAPPED_ABSENT, place, {"text": text}) for text in missing]


def load_mapping(path: Path) -> Mapping:
    """The mapping of a file; an empty one if there is none yet. Raises Refused if it is broken."""
    if not path.exists():
        return Mapping(name=path.name)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        headers = dict(data["headers"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refuse(BAD_MAPPING, Place(file=path.name), reason=type(error).__name__) from error
    if not all(isinstance(k, str) and isinstance(v, str | None) for k, v in headers.items()):
        raise refuse(BAD_MAPPING, Place(file=path.name), reason="字段不是文本")
    return Mapping(headers, path.name)


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write the mapping, so that the next file of the same form needs no decisions."""
    text = json.dumps({"headers": mapping.headers}, ensure_ascii=False, indent=2)
    save(path, (text + "\n").encode())
