"""The monthly bulletin (月度通报): how the month stands, who stands where, what lags, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from saima.briefing.charts import pace_chart, score_chart, trend_chart
from saima.briefing.issues import issue_sentences, issue_table
from saima.briefing.model import (
    Annex,
    Block,
    Briefing,
    Imprint,
    Paragraph,
    Section,
    Table,
    heading_number,
)
from saima.briefing.next_steps import days_left, need_sentences
from saima.briefing.overview import Group, Overview
from saima.briefing.phrases import behind, gap_size, gap_text, until, whole_word
from saima.briefing.progress import Progress, all_progress, progress_sentence
from saima.briefing.progress_tables import level_tables, progress_table, rest_table, summary_table
from saima.briefing.ranking_tables import marks_tables, ranking_table
from saima.briefing.reasons import reasons
from saima.briefing.sentences import (
    apart_sentence,
    before_text,
    headline,
    ranking_sentence,
)
from saima.campaigns import SOURCE_NAMES
from saima.rounding import text
from saima.rules.words import percent
from saima.scoring import Scoring, result
from saima.scoring.result import UnitResult

_MOST_INDICATORS = 8
"""Indicators that the body speaks of one by one; the annex has all."""
_MOST_ENDS = 5
_MOST_NAMED = 8
_MOST_CHARTS = 3
_ORDINALS = "一二三四五六七八九"


Form = Literal["paper", "slides", "full"]
"""What the document is read on: paper has words in the body and figures in the annexes; slides
have tables and charts beside the words and no annex but the list of problems; full has all."""


def monthly(
    scoring: Scoring,
    period: str | None,
    *,
    today: date,
    issue: int | None = None,
    form: Form = "full",
) -> Briefing:
    """The bulletin of a scored period (the latest, if none is named).

    today: 成文日期. issue: the number that {issue} in the campaign's document number stands for;
    None counts on from the first issue. Every number in it is of the result, rounded half up, or
    added up from it; a part without content is left out. Errors: KeyError for a period that was
    not scored.
    """
    view = Overview(scoring, result(scoring, period, with_needs=False))
    settings, campaign = view.campaign.documents, view.campaign
    progress = all_progress(view)
    number = view.s + settings.first_issue if issue is None else issue
    signature = settings.signature or campaign.organisation
    return Briefing(
        kind="通报",
        title=f"关于{view.period.label()}{campaign.name}情况的通报",
        date=today,
        sections=_numbered(
            [
                [_overall(view, progress)],
                _places(view, form),
                [_indicators(view, progress, form)],
                [_issues(view, progress)],
                _next(view, progress, form),
            ],
            opening=_opening(view),
        ),
        number=settings.number.replace("{issue}", str(number)),
        issuer=campaign.organisation,
        issuer_mark=settings.letterhead,
        addressee=settings.addressee,
        headline=headline(view),
        annexes=_annexes(view, progress, form),
        signature=signature,
        imprint=Imprint(settings.printed_by or signature, today, settings.copies_to),
        demo=campaign.demo,
    )


Part = tuple[str, tuple[Block, ...], str]
"""A heading without its number, what stands below it, and the title of its slide."""


def _numbered(parts: Sequence[Sequence[Part]], opening: str) -> tuple[Section, ...]:
    """Sections with their numbers: the first part of each group is 一、, those after it （一）."""
    found = [Section("", (Paragraph(opening),))]
    place = 0
    for group in parts:
        kept = [part for part in group if part[1] or len(group) > 1]
        if not any(part[1] for part in group):
            continue
        place += 1
        for inner, (heading, blocks, sentence) in enumerate(kept):
            level = 1 if inner == 0 else 2
            number = heading_number(level, place if inner == 0 else inner)
            found.append(Section(f"{number}{heading}", blocks, level, sentence))
    return tuple(found)


def _paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(said) for said in texts if said)


def _blocks(*blocks: Block | None) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block is not None)


# --- the opening and the whole ------------------------------------------------------------------


def _opening(view: Overview) -> str:
    book = view.scoring.rulebook
    basis = f"（{book.basis}）" if book.basis else ""
    counts = "、".join(SOURCE_NAMES[source] for source in view.campaign.counts)
    return (
        f"根据《{book.name}》{basis}，以{counts}为准，对{len(view.result.units)}家单位"
        f"截至{until(view.period)}的工作完成情况进行了计分排名。现将有关情况通报如下。"
    )


def _overall(view: Overview, progress: list[Progress]) -> Part:
    texts = [_taking_part(view), _awards(view), _totals(view, progress)]
    ranked = sum(len(group.ranked) for group in view.groups)
    moves = _moves(view)
    sentence = f"{ranked}家单位参加排名" + (f"：{moves}" if moves else "")
    return "总体情况", _paragraphs(*texts), sentence


def _taking_part(view: Overview) -> str:
    """本期14家单位参加计分，其中参加排名13家，分3个赛道。与8月相比，5家进位…"""
    units, groups = view.result.units, [g for g in view.groups if g.name]
    ranked = sum(len(group.ranked) for group in view.groups)
    said = f"{view.period.label()}共{len(units)}家单位参加计分"
    said += "" if ranked == len(units) else f"，其中参加排名{ranked}家"
    if len(groups) > 1:
        said += f"，分{'、'.join(g.name for g in groups)}{len(groups)}个赛道"
    moves = _moves(view)
    return f"{said}。" + (f"与{before_text(view)}相比，{moves}。" if moves else "")


def _moves(view: Overview) -> str:
    if not view.moved:
        return ""
    moved = [u.movement for group in view.groups for u in group.ranked if u.movement is not None]
    if moved and not any(moved):
        return "各单位位次均无变化"
    counts = (
        (sum(m > 0 for m in moved), "位次上升"),
        (sum(m < 0 for m in moved), "位次下降"),
        (sum(m == 0 for m in moved), "位次持平"),
    )
    return "、".join(f"{count}家{word}" for count, word in counts if count)


def _awards(view: Overview) -> str:
    """Tiers, grades and seals, counted."""
    units = view.result.units
    book = view.scoring.rulebook
    tiers = _counted([t.name for t in book.tiers.order], [u.tier for u in units])
    grades = _counted([g.name for g in book.grades], [u.grade for u in units])
    parts = [
        f"分梯队看，{tiers}" if tiers else "",
        f"分等次看，{grades}" if grades else "",
    ]
    for name in dict.fromkeys(award.name for u in units for award in u.seals):
        who = [
            view.label(u.unit) for u in units if any(a.name == name and a.earned for a in u.seals)
        ]
        parts.append(_earned(name, who))
    kept = [part for part in parts if part]
    return f"{'。'.join(kept)}。" if kept else ""


def _earned(seal: str, who: list[str]) -> str:
    """6家单位获“月月红”，分别是…"""
    if len(who) < 2:
        return f"{who[0] if who else '没有单位'}获“{seal}”"
    named = f"，分别是{'、'.join(who)}" if len(who) <= _MOST_NAMED else ""
    return f"{len(who)}家单位获“{seal}”{named}"


def _counted(names: list[str], given: list[str | None]) -> str:
    counts = ((name, given.count(name)) for name in names)
    return "、".join(f"{name}{count}家" for name, count in counts if count)


def _totals(view: Overview, progress: list[Progress]) -> str:
    """全部单位累计完成营业收入…，为全年目标的…: the weightiest indicators that add up."""
    found = [p for p in progress if p.total is not None and not p.clearing]
    found.sort(key=lambda p: -sum(r.mark.full_marks for r in p.rows))
    said = []
    for one in found[:_MOST_CHARTS]:
        total, x = one.total, one.indicator
        assert total is not None
        amount = text(total.actual, x.decimals, grouped=True)
        who = "" if total.units == len(one.rows) else f"（{total.units}家单位）"
        said.append(
            f"{x.name}{amount}{x.measure}{who}，为{whole_word(view.campaign.clock)}目标的"
            f"{percent(total.attainment)}，{gap_text(total.gap)}"
        )
    return f"截至{until(view.period)}，累计完成{'；'.join(said)}。" if said else ""


# --- places -------------------------------------------------------------------------------------


def _places(view: Overview, form: Form) -> list[Part]:
    """One part for all units, or a heading and a part for each track."""
    groups = [group for group in view.groups if group.units]
    if len(groups) <= 1:
        return [("排名情况", _group_blocks(view, group, form), "") for group in groups]
    head: Part = ("分赛道排名情况", (), "")
    return [head, *((group.name, _group_blocks(view, group, form), "") for group in groups)]


def _group_blocks(view: Overview, group: Group, form: Form) -> tuple[Block, ...]:
    texts = []
    if group.ranked:
        texts.append(ranking_sentence(view, group) + _spread(view, group))
    texts += [_risen(view, group), apart_sentence(view, group)]
    if form == "paper":
        return _paragraphs(*texts)
    shown = _blocks(ranking_table(view, group), score_chart(view, group), trend_chart(view, group))
    return (*_paragraphs(*texts), *shown)


def _spread(view: Overview, group: Group) -> str:
    """The mean and the distance from first to last; empty where all are level."""
    scores = [u.score or 0.0 for u in group.ranked]
    if len(set(scores)) < 2:
        return ""
    mean, size = sum(scores) / len(scores), max(scores) - min(scores)
    return f"平均{view.score_text(mean)}分，首末位相差{view.score_text(size)}分。"


def _risen(view: Overview, group: Group) -> str:
    """Who rose two places or more, each with what moved."""
    risers = [u for u in group.ranked if (u.movement or 0) >= 2]
    risers = sorted(risers, key=lambda u: -(u.movement or 0))[:_MOST_ENDS]
    said = [f"{view.label(u.unit)}升{u.movement}位{_moved_by(view, u)}" for u in risers]
    return f"进位较快的：{'；'.join(said)}。" if said else ""


def _moved_by(view: Overview, unit: UnitResult) -> str:
    rose = (view.score_change(unit.unit) or 0.0) > 0
    change = next((r for r in reasons(view, unit) if rose and r.startswith("得分较")), "")
    return f"，{change}" if change else ""


# --- indicators ---------------------------------------------------------------------------------


def _indicators(view: Overview, progress: list[Progress], form: Form) -> Part:
    paced = [p for p in progress if p.known]
    rows = [r for p in paced for r in p.known]
    if not rows:
        return "主要指标进展", (), ""
    late = sum(behind(r.mark.pace_gap) for r in rows)
    counts = f"有序时要求的{len(paced)}项指标、{len(rows)}项次{_kept(len(rows), late)}。"
    weighty = sorted(paced, key=lambda p: -sum(r.mark.full_marks for r in p.rows))
    chosen = {id(p) for p in weighty[:_MOST_INDICATORS]}
    texts = [counts + _leading(view)]
    said = [progress_sentence(p) for p in paced if id(p) in chosen and form != "slides"]
    texts += [f"{place}.{sentence}" for place, sentence in enumerate(said, start=1)]
    tables = [] if form == "paper" else [summary_table(paced)]
    drawn = [] if form == "paper" else weighty[:_MOST_CHARTS]
    charts = [c for p in drawn if (c := pace_chart(view, p))]
    sentence = f"{len(rows)}项次{_kept(len(rows), late)}"
    return "主要指标进展", (*_paragraphs(*texts), *tables, *charts), sentence


def _kept(count: int, late: int) -> str:
    """How many of some items keep pace: 中，达到或超过序时进度的37项次，占46.84%；欠序时进度的42项次."""
    if not late:
        return "均达到或超过序时进度"
    if late == count:
        return "均欠序时进度"
    share = percent((count - late) / count)
    return f"中，{count - late}项次达到或超过序时进度，占{share}；{late}项次欠序时进度"


def _leading(view: Overview) -> str:
    """Who leads, over all indicators that have a pace; who lags stands under 存在问题."""
    ahead = [r for r in view.pace_rows if gap_text(r.gap).startswith("超")][:_MOST_ENDS]
    said = [
        f"{view.label(r.unit)}{view.paced[r.indicator].q.indicator.name}（超{gap_size(r.gap)}）"
        for r in ahead
    ]
    return f"超序时较多的是{'、'.join(said)}。" if said else ""


# --- what is wrong and what is due --------------------------------------------------------------


def _issues(view: Overview, progress: list[Progress]) -> Part:
    found = issue_sentences(view, progress)
    if not found:
        return "存在问题", (), ""
    if len(found) == 1:
        return "存在问题", _paragraphs(found[0]), ""
    texts = [f"{_ORDINALS[place]}是{said}" for place, said in enumerate(found)]
    table = issue_table(view, progress)
    return "存在问题", _paragraphs(*texts), table.sentence if table else ""


def _next(view: Overview, progress: list[Progress], form: Form) -> list[Part]:
    """What the figures ask for: catching up, mending, reporting, following up."""
    days, late = days_left(view), any(behind(r.gap) for r in view.pace_rows)
    head: Part = ("下步要求", (), f"距{_end_word(view)}还有{days}天" if days > 0 else "")
    parts = [head]
    needs = need_sentences(view, progress)
    if days > 0:
        parts.append(("倒排时间抓进度", _paragraphs(_pressing(view, days, needs)), ""))
    if late and days <= 0:
        said = "未完成目标任务的责任单位要对照问题清单逐项说明原因，提出改进措施，抓好后续推进。"
        parts.append(("对照清单补短板", _paragraphs(said), ""))
    elif late:
        said = (
            "欠序时进度的责任单位要对照问题清单逐项说明原因，明确整改措施、责任人和追平序时的时间，"
            "认真组织整改；指标牵头单位要加强调度，及时协调解决困难。"
        )
        parts.append(("对照清单补短板", _paragraphs(said), ""))
    if any(p.code in ("not-reported", "missing-target", "missing-base") for p in view.problems):
        said = (
            "未报送或数据不全的单位要尽快补报，数据责任单位要把好审核关，确保数据真实、准确、完整。"
        )
        parts.append(("真实及时报数据", _paragraphs(said), ""))
    said = (
        "位次上升的单位要巩固成果，位次下降的单位要查找差距。对连续欠序时的事项重点督查，持续跟踪。"
    )
    if not view.moved:
        said = "对连续欠序时的事项重点督查，持续跟踪。"
    parts.append(("跟踪问效促落实", _paragraphs(said), ""))
    if form == "slides":  # few words: one slide
        return [(head[0], tuple(b for part in parts for b in part[1]), head[2])]
    return parts


def _end_word(view: Overview) -> str:
    clock = view.campaign.clock
    return "攻坚期结束" if clock.kind == "days" else "年度任务截止"


def _pressing(view: Overview, days: int, needs: list[str]) -> str:
    whole = whole_word(view.campaign.clock)
    said = f"距{_end_word(view)}还有{days}天，各单位要倒排任务，以天保周、以周保月、以月保季。"
    if needs:
        said += f"要完成{whole}目标，{'；'.join(needs)}。"
    return said


# --- annexes ------------------------------------------------------------------------------------


def _annexes(view: Overview, progress: list[Progress], form: Form) -> tuple[Annex, ...]:
    label, issues = view.period.label(), issue_table(view, progress)
    found: list[tuple[str, Sequence[Table]]] = []
    if form == "paper":  # elsewhere it stands in the body
        found.append((f"{label}排名表", [ranking_table(view, g) for g in view.groups if g.units]))
    if form != "slides":
        marks = [t for g in view.groups for t in marks_tables(view, g)]
        found.append((f"{label}分项得分表", marks))
        found.append((f"{label}指标完成情况表", _progress_tables(view, progress)))
    if form == "full":
        rests = [t for p in progress if (t := rest_table(view, p))]
        found.append(("后续任务测算表", rests))
    found.append(("问题清单", [issues] if issues else []))
    return tuple(Annex(title, tuple(tables)) for title, tables in found if tables)


def _progress_tables(view: Overview, progress: list[Progress]) -> list[Table]:
    """One table for each indicator that has a pace, the others side by side."""
    known = [p for p in progress if p.known]
    levels = [p for p in progress if not p.known]
    paced = [progress_table(p) for p in known]
    summary = [summary_table(known)] if len(known) > 1 else []
    return [
        *summary,
        *paced,
        *level_tables(view, levels, "其他指标完成情况" if paced else "指标完成情况"),
    ]
