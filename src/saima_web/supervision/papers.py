"""Papers: the bulletin of an inspection, a unit's conclusion, the minutes of a dispatch meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saima.briefing.model import (
    NOT_APPLICABLE,
    Annex,
    Block,
    Briefing,
    Column,
    Paragraph,
    Table,
    date_text,
)
from saima.problems import declare, refuse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import document_settings
from saima_web.publishing.papers import numbered
from saima_web.supervision.dispatch import name_of
from saima_web.supervision.models import Finding, Inspected, Inspection, Meeting, Minute

NOTHING_TO_REPORT = declare(
    "bulletin-without-conclusions",
    "这次督查还没有送达的结论，不能通报。",
    "请先送达结论。",
    "no conclusion of this inspection has been told yet.",
    "Tell the conclusions first.",
)
FAULT, MERIT = Finding.Kind.FAULT, Finding.Kind.MERIT


def bulletin(inspection: Inspection) -> Briefing:
    """督查通报: how it went, what was good, what was wrong by unit, what is required; a list annexed.

    Only what units were told goes in. Errors: Refused where nobody was told anything.
    """
    parts = [
        p for p in inspection.parts.select_related("unit").prefetch_related("findings") if p.told
    ]
    if not parts:
        raise refuse(NOTHING_TO_REPORT)
    faults = [(p, f) for p in parts for f in p.findings.all() if f.kind == FAULT]
    merits = [(p, f) for p in parts for f in p.findings.all() if f.kind == MERIT]
    bodies: list[tuple[str, Sequence[Block]]] = [
        ("总体情况", [Paragraph(_overall(inspection, parts, faults))]),
        ("主要做法和亮点", [Paragraph(f"{p.unit.name}：{_stop(f.text)}") for p, f in merits]),
        ("存在问题", _by_unit(faults)),
        ("下步要求", [Paragraph(_demands(faults))]),
    ]
    return _paper(
        inspection.campaign, "督查通报", f"关于{inspection.title}情况的通报", bodies,
        annexes=(Annex("督查发现问题清单", (_list_of(faults),)),) if faults else (),
    )  # fmt: skip


def _overall(
    inspection: Inspection, parts: list[Inspected], faults: list[tuple[Inspected, Finding]]
) -> str:
    days = sorted(p.visited_on for p in parts if p.visited_on)
    span = f"{date_text(days[0])}" if days else ""
    if days and days[-1] != days[0]:
        span += f"至{days[-1].month}月{days[-1].day}日"
    content = "、".join(
        x.strip().rstrip("。；") for x in inspection.content.splitlines() if x.strip()
    )
    settled = sum(1 for _, f in faults if f.state == "settled")
    found = f"发现问题{len(faults)}个，已整改{settled}个" if faults else "没有发现问题"
    return f"{span}，对{len(parts)}家单位开展了督查，内容为{content}。共{found}。"


def _by_unit(faults: list[tuple[Inspected, Finding]]) -> list[Block]:
    texts: dict[str, list[str]] = {}
    for part, finding in faults:
        texts.setdefault(part.unit.name, []).append(finding.text.strip().rstrip("。；"))
    return [Paragraph(f"{unit}：{'；'.join(found)}。") for unit, found in texts.items()]


def _demands(faults: list[tuple[Inspected, Finding]]) -> str:
    days = [f.deadline for _, f in faults if f.deadline and f.state != "settled"]
    if not days:
        return "各有关单位要巩固成效，举一反三，防止问题反弹。"
    named = "、".join(dict.fromkeys(p.unit.name for p, f in faults if f.state != "settled"))
    last = max(days)
    return (
        f"{named}要对照问题清单逐项整改，最迟于{last.month}月{last.day}日前完成并反馈，"
        "整改情况经核实后销号。对逾期没有整改的，持续跟踪督办。"
    )


def _list_of(faults: list[tuple[Inspected, Finding]]) -> Table:
    columns = (
        Column("序号", "number"), Column("单位"), Column("发现问题", width=4),
        Column("整改要求", width=4), Column("期限"), Column("状态"),
    )  # fmt: skip
    rows = tuple(
        (
            place, str(part.unit), finding.text, finding.requirement,
            short_day(finding.deadline), finding.get_state_display(),
        )
        for place, (part, finding) in enumerate(faults, 1)
    )  # fmt: skip
    return Table("督查发现问题清单", columns, rows)


def conclusion(part: Inspected) -> Briefing:
    """督查结论: what was seen at one unit, what is required, until when to answer."""
    findings = list(part.findings.all())
    faults = [f for f in findings if f.kind == FAULT]
    merits = [f for f in findings if f.kind == MERIT]
    bodies: list[tuple[str, Sequence[Block]]] = [
        ("督查情况", [Paragraph(_stop(part.record))]),
        ("督查结论", [Paragraph(_stop(part.conclusion))]),
        ("亮点", [Paragraph(_stop(f.text)) for f in merits]),
        ("问题和整改要求", [Paragraph(_requirement(n, f)) for n, f in enumerate(faults, 1)]),
        ("反馈", [Paragraph(_until(part))]),
    ]
    inspection = part.inspection
    return _paper(
        inspection.campaign, "督查结论", f"{inspection.title}结论", bodies,
        addressee=part.unit.name, day=part.concluded_on,
    )  # fmt: skip


def _requirement(place: int, finding: Finding) -> str:
    said = f"{place}.{_stop(finding.text)}要求：{finding.requirement.strip().rstrip('。')}"
    return f"{said}，{short_day(finding.deadline)}前完成。"


def _until(part: Inspected) -> str:
    day = short_day(part.answer_by)
    return f"请于{day}前反馈；对结论有异议的，请在期限内提出并说明理由。"


def minutes(meeting: Meeting) -> Briefing:
    """会议纪要: what stood on the agenda, what was agreed, by whom and until when."""
    lines = list(meeting.minutes.select_related("unit"))
    where = f"在{meeting.place}" if meeting.place else ""
    chair = f"，由{meeting.chair}主持" if meeting.chair else ""
    held = f"{date_text(meeting.on)}，{where}召开第{meeting.number}次运行调度会{chair}。"
    behind = [
        Paragraph(f"{kind}{n}项。")
        for kind, n in _counted(meeting)
    ]  # fmt: skip
    bodies: list[tuple[str, Sequence[Block]]] = [
        ("会议情况", [Paragraph(held), *behind]),
        ("议定事项", [Paragraph(_agreed(n, m)) for n, m in enumerate(lines, 1)]),
    ]
    return _paper(meeting.campaign, "会议纪要", f"{name_of(meeting)}纪要", bodies, day=meeting.on)


def _counted(meeting: Meeting) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for line in meeting.agenda.all():
        word = str(line.get_kind_display())
        counts[word] = counts.get(word, 0) + 1
    return list(counts.items())


def _agreed(place: int, line: Minute) -> str:
    said = f"{place}.{line.text.strip().rstrip('。')}"
    if line.unit is None:
        return f"{said}。"
    until = f"，{short_day(line.deadline)}前完成" if line.deadline else ""
    return f"{said}。责任单位：{line.unit.name}{until}。"


def _paper(
    campaign: Campaign, kind: str, title: str, bodies: list[tuple[str, Sequence[Block]]], *,
    addressee: str = "", day: date | None = None, annexes: tuple[Annex, ...] = (),
) -> Briefing:  # fmt: skip
    """The frame of a paper; sections without content are left out and not numbered."""
    settings = document_settings(campaign)
    return Briefing(
        kind=kind, title=title, date=day or today(),
        sections=numbered(bodies),
        issuer=campaign.organisation, signature=settings.signature or campaign.organisation,
        issuer_mark=settings.letterhead, addressee=addressee or settings.addressee,
        annexes=annexes, demo=campaign.demo,
    )  # fmt: skip


def _stop(text: str) -> str:
    """A text as one paragraph that ends with a full stop."""
    said = "".join(line.strip() for line in text.splitlines())
    return said if said.endswith(("。", "！", "？")) else f"{said}。"


def short_day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else str(NOT_APPLICABLE.text)
