"""Papers of cards in official form: the card itself, the supervision slip (督办单), the bulletin."""

from __future__ import annotations

from datetime import date

from saima.briefing.model import (
    Block,
    Briefing,
    Column,
    Imprint,
    Paragraph,
    Table,
    date_text,
)
from saima.cards.rules import SUBJECT_NAMES
from saima.rounding import text as digits
from saima_web.campaigns.models import Campaign
from saima_web.cards.models import Card
from saima_web.publishing.papers import numbered, word_file

State = Card.State
Parts = list[tuple[str, list[Block]]]
"""Headings with what stands under them; empty parts are left out."""


def card_file(card: Card, kind: str) -> tuple[str, bytes]:
    """A card's paper as (file name, Word document). Errors: KeyError for an unknown kind."""
    briefing = PAPERS[kind](card)
    return f"{briefing.title}（{card.title}）.docx", word_file(briefing, card.campaign)


def notice(card: Card) -> Briefing:
    """The card as an official notice to its unit."""
    parts: Parts = [
        ("事由", [_why(card)]),
        ("要求", [Paragraph(line) for line in _demands(card)]),
        ("处理", [Paragraph(line) for line in _follows(card)]),
    ]
    return _official(card, f"关于对{card.unit}“{card.name}”{_verb(card)}的通知", "通知", parts)


def supervision_slip(card: Card) -> Briefing:
    """The supervision slip: one matter, what is demanded, by when, what was answered."""
    rows = [
        ("编号", card.title),
        ("责任单位", card.unit.name),
        ("督办事项", card.name),
        ("事由", card.reason),
        ("依据", _basis(card)),
        ("要求", "".join(_demands(card))),
        ("答复期限", date_text(card.due) if card.due else "—"),
        ("办理情况", _answered(card)),
    ]
    table = Table("", (Column("项目", width=1), Column("内容", width=5)), tuple(rows))
    opening = Paragraph(f"现将下列事项交你单位办理，请按要求办结并书面反馈。{_deadline(card)}")
    return _official(card, "督办单", "督办单", [("", [opening, table])])


PAPERS = {"notice": notice, "slip": supervision_slip}
"""Word in the address -> what makes the paper."""


def _official(card: Card, title: str, kind: str, parts: Parts) -> Briefing:
    campaign = card.campaign
    day = card.issued_on or card.evaluated_on
    office = f"{campaign.organisation}{card.get_office_display()}"
    return Briefing(
        kind=kind, title=title, date=day, sections=numbered(parts), number=card.title,
        issuer=office, signature=office, addressee=card.unit.name,
        imprint=Imprint(
            printed_by=office, printed_on=day, copies_to="，".join(card.receivers)
        ),
        demo=campaign.demo,
    )  # fmt: skip


def _verb(card: Card) -> str:
    return card.level if card.level.startswith("通报") else f"亮{card.level}"


def _why(card: Card) -> Paragraph:
    kind = SUBJECT_NAMES.get(card.subject_kind, "")
    return Paragraph(
        f"截至{date_text(card.evaluated_on)}，{card.unit.name}{kind}“{card.name}”"
        f"{card.reason}{_basis(card)}，决定对其{_verb(card)}。"
    )


def _basis(card: Card) -> str:
    clause = card.clause and f"（{card.clause}）"
    return f"依据《{card.rules.name}》{clause}"


def _demands(card: Card) -> list[str]:
    if card.good:
        return []
    return [f"请分析原因，提出对策，明确完成时限，书面答复。{_deadline(card)}"]


def _deadline(card: Card) -> str:
    return f"答复期限为{date_text(card.due)}。" if card.due else ""


def _follows(card: Card) -> list[str]:
    lines = [f"{card.step}。"] if card.step else []
    if card.deducts:
        number = digits(card.deducts, 2).rstrip("0").rstrip(".")
        lines.append(f"按规则扣{number}分，计入发牌后的计分。")
    if not card.good:
        lines.append("达标并经复核后摘牌；逾期不答复的，按规则升级处理。")
    return lines


def _answered(card: Card) -> str:
    last = card.answers.last()
    if last is None:
        return "尚未答复"
    return f"原因：{last.cause}对策：{last.countermeasure}完成时限：{date_text(last.promised_on)}。"


def bulletin_file(campaign: Campaign, day: date) -> tuple[str, bytes]:
    """The supervision bulletin (督查通报) on all cards in hand at a day."""
    briefing = bulletin(campaign, day)
    return f"{briefing.title}.docx", word_file(briefing, campaign)


def bulletin(campaign: Campaign, day: date) -> Briefing:
    """Who has which card, who is late, who was spoken to, what was made good."""
    rows = campaign.cards.filter(good=False, issued_on__isnull=False, issued_on__lte=day)
    every = list(
        rows.select_related("unit").prefetch_related("interviews").order_by("unit__order", "pk")
    )
    out = [c for c in every if c.out]
    parts: Parts = [
        ("总体情况", [Paragraph(_overall(every, out, day))]),
        ("在办的牌", _held(out, day)),
        ("逾期未答复", _late(out, day)),
        ("约谈情况", _interviews(every)),
        ("摘牌情况", _lifted(every)),
        ("工作要求", [Paragraph("各责任单位要对照原因抓整改，按期答复、按期达标；逾期的按规则升级处理。")]),
    ]  # fmt: skip
    office = f"{campaign.organisation}考核办"
    return Briefing(
        kind="通报", title="关于黄牌红牌整改情况的督查通报", date=day, sections=numbered(parts),
        issuer=office, signature=office, addressee="各有关单位", demo=campaign.demo,
        imprint=Imprint(printed_by=office, printed_on=day),
    )  # fmt: skip


def _overall(every: list[Card], out: list[Card], day: date) -> str:
    if not every:
        return f"截至{date_text(day)}，没有发出黄牌、红牌。"
    lifted = sum(c.state == State.LIFTED for c in every)
    late = sum(c.late(day) for c in out)
    return (
        f"截至{date_text(day)}，共发出{_by_level(every)}，已摘牌{lifted}张，"
        f"在办{len(out)}张，逾期未答复{late}张。"
    )


def _by_level(cards: list[Card]) -> str:
    levels = dict.fromkeys(c.level for c in cards)
    return "、".join(f"{name}{sum(c.level == name for c in cards)}张" for name in levels)


def _held(out: list[Card], day: date) -> list[Block]:
    if not out:
        return []
    columns = (
        Column("序号", "rank", width=0.8), Column("责任单位", width=2.2), Column("事项", width=2.4),
        Column("编号", width=2.2), Column("状态", width=1.4),
    )  # fmt: skip
    rows = tuple(
        (n, str(c.unit), c.name, c.title, "逾期" if c.late(day) else c.get_state_display())
        for n, c in enumerate(out, 1)
    )
    return [Paragraph(f"在办的牌共{len(out)}张，情况如下。"), Table("", columns, rows)]


def _late(out: list[Card], day: date) -> list[Block]:
    late = [c for c in out if c.late(day)]
    return [
        Paragraph(f"{c.unit.name}：{c.title}“{c.name}”，应于{date_text(c.due)}前答复。")
        for c in late
        if c.due is not None
    ]


def _interviews(every: list[Card]) -> list[Block]:
    return [
        Paragraph(
            f"{date_text(i.on)}，{i.interviewer}就{c.unit}“{c.name}”{i.step}，{i.attended}参加。"
        )
        for c in every
        for i in c.interviews.all()
    ]


def _lifted(every: list[Card]) -> list[Block]:
    return [
        Paragraph(f"{c.unit}“{c.name}”已达标，{c.title}于{date_text(c.closed_on)}摘牌。")
        for c in every
        if c.state == State.LIFTED and c.closed_on is not None
    ]
