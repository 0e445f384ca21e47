"""Why a unit stands where it stands: figures of the result, and no cause of our own."""

from __future__ import annotations

from datetime import date

from saima.briefing.reasons import lost, reasons
from saima.campaigns import Event
from tests.library.briefing.invented import RULEBOOK, overview, units


def said(view, code: str, language="zh") -> list[str]:
    return reasons(view, view.by_code[code], language)


def test_reasons_name_losses_the_gap_to_the_next_and_what_moved():
    assert said(overview(), "u3") == [
        "失分在营业收入4.00分（欠序时7.5个百分点）、未签约户数1.79分（清零率82.14%）",
        "与栖湖文旅的差距主要在营业收入（少3.60分）",
        "得分较8月降2.52分，其中营业收入降4.80分",
    ]


def test_reasons_speak_english_too():
    assert said(overview(), "u3", "en") == [
        "lost 营业收入 4.00 (7.5 pt behind pace), 未签约户数 1.79 (清零率82.14%)",
        "behind 栖湖文旅 above all in 营业收入 (-3.60)",
        "down 2.52 on 2026-08, 营业收入 -4.80",
    ]


def test_a_mark_that_follows_a_comparison_is_explained_by_the_comparison_not_by_pace():
    losses = said(overview(), "u0")[0]
    assert "隐患整改率3.00分（完成数居赛道内第4位）" in losses


def test_what_was_not_reported_is_said_and_not_explained_away():
    view = overview(changed={("u2", "investment", 9): None})
    assert said(view, "u2")[0].startswith("失分在固定资产投资30.00分（未报）")


def test_a_mark_that_could_not_be_given_is_said():
    view = overview(targets={("u2", "revenue"): 0.0})
    assert said(view, "u2")[0].startswith("失分在营业收入40.00分（无法计分）")


def test_unit_with_full_marks_throughout_is_told_so():
    assert said(overview(), "u4")[0] == "各项均得满分"


def test_first_month_has_nothing_to_compare_with():
    assert not any("较" in clause for clause in said(overview(months=1), "u0"))


def test_bonus_deduction_and_veto_are_stated_with_their_events():
    events = [
        Event(kind="bonus", unit="u1", name="典型经验", on=date(2026, 8, 3)),
        Event(kind="deduction", unit="u1", name="通报批评", on=date(2026, 8, 4), count=2),
        Event(
            kind="veto", unit="u1", name="较大生产安全事故", on=date(2026, 8, 5), basis="示例规定"
        ),
    ]
    clauses = said(overview(events=events), "u1")
    assert clauses[0] == "一票否决：较大生产安全事故"
    assert clauses[-2:] == ["加1.00分（典型经验）", "扣1.00分（通报批评）"]


def test_bonus_behind_a_gate_is_said_not_to_count():
    gated = RULEBOOK.replace(
        "clause: 第三条}", "clause: 第三条, gate: {of: attainment, below: 100%, blocks: [bonus]}}"
    )
    event = Event(kind="bonus", unit="u1", name="典型经验", on=date(2026, 8, 3))
    clauses = said(overview(gated, events=[event]), "u1")
    assert "未过门槛，加分不计" in clauses
    assert not any(clause.startswith("加") for clause in clauses)


def test_losses_never_exceed_full_marks_and_bonus_marks_are_no_loss():
    view = overview()
    for unit in view.result.units:
        for mark in unit.marks:
            assert 0 <= lost(mark) <= mark.full_marks


def test_unit_alone_in_its_track_is_compared_with_nobody():
    view = overview(of=units(1))
    assert not any("差距" in clause for clause in said(view, "u0"))
