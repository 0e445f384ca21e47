"""The notice of a quarter's project assessment: places, marks by measure, where they were lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saima.briefing.model import (
    NOT_APPLICABLE,
    Annex,
    Block,
    Briefing,
    Cell,
    Column,
    Paragraph,
    Section,
    Table,
    Tied,
    heading_number,
)
from saima.briefing.phrases import listed
from saima.periods import Period
from saima.projects.assessment import (
    MISSING_RULE,
    PROBLEM_RULE,
    Assessed,
    Item,
    Mark,
    Method,
    Tally,
)
from saima.rounding import text
from saima.rules.words import percent

_MOST = 8


def assessment_notice(
    lines: Sequence[Assessed], whole: Assessed, quarter: Period, month: str, *, today: date
) -> Briefing:
    """The notice. lines: best first; whole: all projects as one; month: up to which money counts."""
    parts: list[tuple[str, list[Block]]] = [
        ("", [Paragraph(_opening(lines, whole, quarter, month))]),
        ("考核结果", [*_said(_places(lines)), _table(lines, whole.method)]),
        ("总体情况", [*_said(_overall(whole))]),
        ("失分情况", [*(Paragraph(said) for said in map(_lost, lines) if said)]),
    ]
    numbered = [(title, blocks) for title, blocks in parts if blocks]
    sections = tuple(
        Section(heading_number(1, n) + title if title else "", tuple(blocks))
        for n, (title, blocks) in enumerate(numbered)
    )
    return Briefing(
        kind="通报",
        title=f"关于{quarter.label()}重点项目考核情况的通报",
        date=today,
        sections=sections,
        headline=_places(lines),
        annexes=(Annex("项目考核办法", (_method(whole.method), *_rules(whole.method))),),
    )


def _said(words: str) -> list[Block]:
    return [Paragraph(words)] if words else []


def _opening(lines: Sequence[Assessed], whole: Assessed, quarter: Period, month: str) -> str:
    year, number = month.split("-")
    return (
        f"现将{len(lines)}家单位{len(whole.projects)}个重点项目{quarter.label()}的考核情况通报如下。"
        f"投资按统计口径计至{year}年{int(number)}月，各项满分和算法见附件。"
    )


def _places(lines: Sequence[Assessed]) -> str:
    placed = [f"{x.unit}（{text(x.score, 2)}分）" for x in lines if x.score is not None]
    return f"得分由高到低依次是：{'、'.join(placed)}。" if len(placed) > 1 else ""


def _overall(whole: Assessed) -> str:
    """应开工12个，已开工10个，占83.33%；…"""
    kinds = (
        (whole.starts, "应开工", "已开工", "个，占"), (whole.statistics, "应入库纳统", "已入库", "个，占"),
        (whole.milestones, "本季到期节点", "按时完成", "个，占"),
    )  # fmt: skip
    said = [
        f"{due}{tally.of}个，{done}{tally.met}{share}{percent(tally.share)}"
        for tally, due, done, share in kinds
        if tally.share is not None
    ]
    if whole.yellow or whole.red:
        said.append(f"本季项目领黄牌{whole.yellow}张、红牌{whole.red}张")
    return f"{'；'.join(said)}。" if said else ""


def _lost(line: Assessed) -> str:
    """Where a unit lost marks, the most first, with what was missed."""
    lost = sorted((m for m in line.marks if _short(m) > 0), key=_short, reverse=True)
    if line.score is None or not (lost or line.deduction):
        return ""
    said = [f"{m.measure.name}失{text(_short(m), 2)}分{_missed(line, m)}" for m in lost]
    if line.deduction:
        said.append(f"黄红牌扣{text(line.deduction)}分")
    return f"{line.unit}：{'；'.join(said)}。"


def _short(mark: Mark) -> float:
    """Marks that were to be had and were not, as printed: less than half a hundredth is none."""
    gone = 0.0 if mark.marks is None else mark.measure.full - mark.marks
    return gone if gone >= 0.005 else 0.0


def _missed(line: Assessed, mark: Mark) -> str:
    tallies = {
        "starts": line.starts, "statistics": line.statistics, "milestones": line.milestones,
    }  # fmt: skip
    tally: Tally | None = tallies.get(mark.measure.key)
    if tally is None or not tally.missed:
        return ""
    return f"（{listed([_named(item) for item in tally.missed], _MOST, '个')}）"


def _named(item: Item) -> str:
    return f"{item.project.name}“{item.what}”" if item.what else item.project.name


def _table(lines: Sequence[Assessed], method: Method) -> Table:
    """A unit a line: marks by measure, what cards took off, the score."""
    columns = (
        Column("名次", "rank", width=1.15), Column("单位", width=2.5),
        Column("项目", "number", width=1.1),
        *(Column(m.name, "number", 2, width=1.5) for m in method.measures),
        Column("扣分", "number", 1, width=1.1), Column("得分", "number", 2, width=1.5),
    )  # fmt: skip
    places = [x.place for x in lines]
    return Table(
        "各单位重点项目考核得分表", columns, tuple(_row(x, places) for x in lines), "单位：分",
        (f"各项满分：{'、'.join(f'{m.name}{text(m.full)}' for m in method.measures)}。",),
    )  # fmt: skip


def _row(line: Assessed, places: Sequence[int]) -> tuple[Cell, ...]:
    place: Cell = Tied(line.place) if places.count(line.place) > 1 else line.place
    marks = (NOT_APPLICABLE if m.marks is None else m.marks for m in line.marks)
    return (
        place if line.place else NOT_APPLICABLE, line.unit, len(line.projects), *marks,
        line.deduction, NOT_APPLICABLE if line.score is None else line.score,
    )  # fmt: skip


def _method(method: Method) -> Table:
    columns = (
        Column("项", width=1.6), Column("满分", "number", width=1), Column("算法", width=5),
        Column("出处", width=4),
    )  # fmt: skip
    rows = tuple((m.name, text(m.full), m.words, m.source) for m in method.measures)
    return Table("各项满分和算法", columns, rows)


def _rules(method: Method) -> tuple[Paragraph, ...]:
    return (Paragraph(f"{MISSING_RULE}；{method.deduction_rule}；{PROBLEM_RULE}。"),)
