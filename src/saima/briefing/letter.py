"""The target responsibility letter (目标责任书): what a unit takes on for a year, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from saima.briefing.model import (
    NOT_APPLICABLE,
    Annex,
    Block,
    Briefing,
    Cell,
    Column,
    Paragraph,
    Party,
    Section,
    Table,
    date_text,
    heading_number,
)
from saima.rounding import text


@dataclass(frozen=True)
class Promise:
    """One indicator of the letter.

    exceed: the target is to be exceeded (突破), not only reached. less: not to be passed.
    plans: by period label (1月), in order of time. goals: in words, by period label.
    """

    indicator: str
    measure: str = ""
    decimals: int = 0
    target: Decimal | None = None
    stretch: Decimal | None = None
    exceed: bool = False
    less: bool = False
    clear: bool = False
    plans: tuple[tuple[str, Decimal | None], ...] = ()
    goals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Letter:
    """What a letter is about: both parties, the term, the promises and the scheme they fall under.

    rulebook: the scheme's name with its number in 〔〕, empty if none is in force yet.
    """

    organisation: str
    unit: str
    campaign: str
    term: str
    start: date
    end: date
    promises: tuple[Promise, ...]
    rulebook: str = ""
    demo: bool = False


def responsibility_letter(letter: Letter, day: date) -> Briefing:
    """The letter as a document; parts without content are left out."""
    parts = [
        ("责任期限", _term(letter)),
        ("目标任务", _targets(letter)),
        ("文字目标", _words(letter)),
        ("双方责任", _duties()),
        ("考核和调整", _assessment(letter)),
    ]
    kept = [(title, blocks) for title, blocks in parts if blocks]
    sections = [Section("", (Paragraph(_opening(letter)),))]
    for place, (title, blocks) in enumerate(kept, start=1):
        sections.append(Section(heading_number(1, place) + title, tuple(blocks)))
    return Briefing(
        kind="目标责任书",
        title=f"{letter.term}目标责任书",
        subtitle=f"（{letter.unit}）",
        date=day,
        sections=tuple(sections),
        annexes=_annexes(letter),
        parties=(Party("甲方", letter.organisation), Party("乙方", letter.unit)),
        demo=letter.demo,
    )


def _opening(letter: Letter) -> str:
    return (
        f"为确保{letter.campaign}各项目标任务落到实处，{letter.organisation}（以下简称甲方）与"
        f"{letter.unit}（以下简称乙方）签订本责任书。"
    )


def _term(letter: Letter) -> list[Block]:
    return [Paragraph(f"{date_text(letter.start)}至{date_text(letter.end)}。")]


def _targets(letter: Letter) -> list[Block]:
    numbers = [p for p in letter.promises if p.target is not None or p.stretch is not None]
    if not numbers:
        return []
    planned = "；各月计划见附件" if _annexes(letter) else ""
    said = Paragraph(f"乙方承担以下{len(numbers)}项目标{planned}。")
    columns = [
        Column("序号", "rank", width=1),
        Column("指标", width=5),
        Column("计量单位", width=2),
        Column("要求", width=1.6),
        Column("全年目标", "number", width=3),
    ]
    stretched = any(p.stretch is not None for p in numbers)
    if stretched:
        columns.append(Column("奋斗目标", "number", width=3))
    rows = [_row(n, p, stretched) for n, p in enumerate(numbers, start=1)]
    return [said, Table("", tuple(columns), tuple(rows))]


def _row(number: int, promise: Promise, stretched: bool) -> tuple[Cell, ...]:
    wanted = "突破" if promise.exceed else "达到"
    if promise.clear:
        wanted = "清零"
    elif promise.less:
        wanted = "不超过"
    cells: list[Cell] = [number, promise.indicator, promise.measure or "—", wanted]
    cells.append(_amount(promise.target, promise.decimals))
    if stretched:
        cells.append(_amount(promise.stretch, promise.decimals))
    return tuple(cells)


def _amount(value: Decimal | None, decimals: int) -> Cell:
    return NOT_APPLICABLE if value is None else text(float(value), decimals, grouped=True)


def _words(letter: Letter) -> list[Block]:
    blocks: list[Block] = []
    worded = [p for p in letter.promises if p.goals]
    for place, promise in enumerate(worded, start=1):
        told = "；".join(f"{label}，{goal.rstrip('。；')}" for label, goal in promise.goals)
        blocks.append(Paragraph(f"{heading_number(2, place)}{promise.indicator}。{told}。"))
    return blocks


def _duties() -> list[Block]:
    return [
        Paragraph("甲方按月通报完成情况和排名，及时协调乙方反映的问题，同一数据不重复要求填报。"),
        Paragraph(
            "乙方把目标分解到岗位、落实到每月，按时如实报数，对数据的真实性负责；"
            "落后于序时进度的，说明原因，提出措施和完成时限。"
        ),
    ]


def _assessment(letter: Letter) -> list[Block]:
    scheme = f"按{letter.rulebook}考核，" if letter.rulebook else ""
    return [
        Paragraph(f"目标完成情况{scheme}以甲方核定数为准。"),
        Paragraph(
            "目标确需调整的，由乙方说明原因，经甲方批准后另行下达，未经批准不得自行调整。"
            "乙方因合并、撤销等发生变化的，目标由承接单位继续承担，总数不变。"
        ),
        Paragraph("本责任书一式两份，甲乙双方各执一份，自签字盖章之日起生效。"),
    ]


def _annexes(letter: Letter) -> tuple[Annex, ...]:
    """The monthly plans, one row an indicator, where there are any."""
    planned = [p for p in letter.promises if any(v is not None for _, v in p.plans)]
    if not planned:
        return ()
    labels = list(dict.fromkeys(label for p in planned for label, _ in p.plans))
    columns = [Column("指标", width=4), Column("计量单位", width=2)]
    columns += [Column(label, "number", width=2) for label in labels]
    rows = [_plan_row(p, labels) for p in planned]
    title = f"{letter.unit}{letter.term}月度计划"
    return (Annex(title, (Table(title, tuple(columns), tuple(rows)),)),)


def _plan_row(promise: Promise, labels: Sequence[str]) -> tuple[Cell, ...]:
    known = dict(promise.plans)
    amounts = (_amount(known.get(label), promise.decimals) for label in labels)
    return (promise.indicator, promise.measure or "—", *amounts)
