"""Writing cells: who may report, what a figure must be, saving twice, two people in one cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import today
from saima_web.indicators.models import CheckRule
from saima_web.people.models import Post, User
from saima_web.reporting import actions, rounds
from saima_web.reporting.models import Entry, Figure, Round
from saima_web.reporting.pen import Given
from saima_web.ui.uploads import LIMIT
from tests.web.cast import House


def cell(house: House, unit: str = "E1", indicator: str = "revenue") -> Entry:
    return Entry.objects.get(unit=house.units[unit], indicator=house.indicators[indicator])


def save(entry: Entry, by: User, value: str | None, **more: object) -> Entry:
    number = None if value is None else Decimal(value)
    return actions.save_figure(entry=entry, value=number, by=by, **more)  # type: ignore[arg-type]


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.problem.code


def test_clerk_saves_a_figure_of_the_own_unit(house: House) -> None:
    entry = save(cell(house), house.clerk, "1000.50")
    assert entry.state == "draft"
    assert entry.reported is not None and entry.reported.value == Decimal("1000.50")
    row = LedgerEntry.objects.order_by("number").last()
    assert row is not None and row.event == "figure.reported"
    assert row.subject == "E1/revenue/2026-10" and row.data["value"] == "1000.5"


def test_whole_way_of_a_figure(house: House) -> None:
    entry = cell(house)
    save(entry, house.clerk, "9999")
    actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    actions.endorse(entries=[entry], by=house.head)
    actions.confirm(entries=[entry], by=house.owner)
    entry.refresh_from_db()
    assert entry.state == "confirmed"
    assert entry.confirmed is not None and entry.confirmed.source == "confirmed"
    assert Figure.objects.filter(period="2026-10").count() == 2


def through(entry: Entry, house: House, value: str = "9999") -> Entry:
    """A cell reported, handed in and endorsed."""
    save(entry, house.clerk, value)
    actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    return actions.endorse(entries=[entry], by=house.head)[0]


def test_clerk_cannot_save_a_figure_of_another_unit(house: House) -> None:
    with pytest.raises(Refused) as error:
        save(cell(house, "E2"), house.clerk, "1")
    assert refusal(error) == "not-allowed"
    assert not Figure.objects.filter(period="2026-10").exists()


def test_office_cannot_edit_a_units_figure(house: House) -> None:
    with pytest.raises(Refused) as error:
        save(cell(house), house.office, "1", on_behalf="考核办代填")
    assert refusal(error) == "not-allowed"
    assert cell(house).reported is None


def test_owner_reports_for_a_unit_only_in_its_name(house: House) -> None:
    with pytest.raises(Refused) as error:
        save(cell(house), house.owner, "900")
    assert refusal(error) == "on-behalf-unnamed"
    entry = save(cell(house), house.owner, "900", on_behalf="受沈知禾委托，电话核对")
    assert entry.reported is not None and entry.reported.on_behalf.startswith("受沈知禾")


def test_who_reported_in_a_units_name_cannot_confirm_it(house: House) -> None:
    entry = save(cell(house), house.owner, "9999", on_behalf="受沈知禾委托，电话核对")
    actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    actions.endorse(entries=[entry], by=house.head)
    with pytest.raises(Refused) as error:
        actions.confirm(entries=[entry], by=house.owner)
    assert refusal(error) == "own-figure"


def test_reviewer_cannot_confirm_own_unit(house: House) -> None:
    entry = through(cell(house), house)
    house.indicators["revenue"].data_owner = house.units["E1"]
    house.indicators["revenue"].save()
    Post.objects.create(
        user=house.head, role="data-owner", unit=house.units["E1"], campaign=house.campaign
    )
    judge = User.objects.get(pk=house.head.pk)
    with pytest.raises(Refused) as error:
        actions.confirm(entries=[entry], by=judge)
    assert refusal(error) == "own-figure"
    with pytest.raises(Refused) as error:
        actions.return_(entries=[entry], reason="请核实", by=judge)
    assert refusal(error) == "own-figure"


def test_same_request_twice_saves_once(house: House) -> None:
    first = save(cell(house), house.clerk, "100", request_id="r-1")
    save(first, house.clerk, "200", request_id="r-2")
    again = save(cell(house), house.clerk, "100", request_id="r-1")
    assert again.reported is not None and again.reported.value == 200
    assert Figure.objects.filter(period="2026-10").count() == 2


def test_request_of_another_cell_is_refused(house: House) -> None:
    save(cell(house), house.clerk, "100", request_id="r-1")
    with pytest.raises(Refused) as error:
        save(cell(house, indicator="investment"), house.clerk, "100", request_id="r-1")
    assert refusal(error) == "request-used"


def test_second_of_two_people_in_a_cell_is_told(house: House) -> None:
    seen = cell(house).reported_id or 0
    save(cell(house), house.clerk, "100", expected=seen)
    with pytest.raises(Refused) as error:
        save(cell(house), house.head, "120", expected=seen)
    assert refusal(error) == "changed-meanwhile"
    assert "沈知禾" in str(error.value) and "100" in str(error.value)
    now_there = cell(house)
    assert now_there.reported is not None and now_there.reported.value == 100
    entry = save(now_there, house.head, "120", expected=now_there.reported_id)
    assert entry.reported is not None and entry.reported.value == 120


def test_both_typing_the_same_figure_is_no_conflict(house: House) -> None:
    save(cell(house), house.clerk, "100", expected=0)
    entry = save(cell(house), house.head, "100", expected=0)
    assert entry.reported is not None and entry.reported.by == house.clerk


def test_zero_is_a_figure_and_nothing_is_not(house: House) -> None:
    assert save(cell(house), house.clerk, "0").state == "draft"
    cleared = save(cell(house), house.clerk, None)
    assert (cleared.state, cleared.reported) == ("empty", None)
    assert Figure.objects.latest("pk").withdrawn


def test_not_applicable_is_an_answer_but_leaving_out_is_not_the_units(house: House) -> None:
    entry = save(cell(house), house.clerk, None, missing="not-applicable")
    assert entry.state == "draft"
    with pytest.raises(Refused) as error:
        save(cell(house), house.clerk, None, missing="excluded")
    assert refusal(error) == "not-a-figure"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e60"])
def test_what_is_no_number_is_refused(house: House, value: str) -> None:
    with pytest.raises(Refused) as error:
        save(cell(house), house.clerk, value)
    assert refusal(error) == "not-a-figure"


def test_value_beyond_an_error_bound_is_not_saved_and_beyond_a_warning_is(house: House) -> None:
    revenue = house.indicators["revenue"]
    CheckRule.objects.create(indicator=revenue, kind="minimum", limit="0", severity="error")
    CheckRule.objects.create(indicator=revenue, kind="maximum", limit="5000", severity="warning")
    with pytest.raises(Refused) as error:
        save(cell(house), house.clerk, "-1")
    assert "小于下限0" in str(error.value)
    assert save(cell(house), house.clerk, "9000").state == "draft"


def test_saving_many_is_all_or_nothing(house: House) -> None:
    rows = [
        Given(cell(house), Decimal(1)),
        Given(cell(house, "E2"), Decimal(2)),
    ]
    with pytest.raises(Refused):
        actions.save_many(rows=rows, by=house.clerk)
    assert not Figure.objects.filter(period="2026-10").exists()
    done = actions.save_many(rows=rows, by=house.owner, origin="workbook", on_behalf="汇总表代填")
    assert [e.state for e in done] == ["draft", "draft"]


def test_submitting_without_the_words_owed_names_every_open_point(house: House) -> None:
    revenue = house.indicators["revenue"]
    CheckRule.objects.create(indicator=revenue, kind="jump", limit="50", severity="warning")
    entry = save(cell(house), house.clerk, "100")
    with pytest.raises(Refused) as error:
        actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    text = str(error.value)
    assert "2处" in text and "欠序时" in text and "比上期900变动88.9%" in text
    actions.remark(entry=entry, kind="jump", text="检修停业", by=house.clerk)
    actions.remark(
        entry=entry, kind="behind", text="检修停业", measure="加开夜游",
        catch_up_on=today() + timedelta(days=30), by=house.clerk,
    )  # fmt: skip
    assert (
        actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)[0].state == "submitted"
    )


def test_being_behind_needs_cause_measure_and_date(house: House) -> None:
    entry = save(cell(house), house.clerk, "100")
    with pytest.raises(Refused) as error:
        actions.remark(entry=entry, kind="behind", text="停业", by=house.clerk)
    assert "措施、追平日期" in str(error.value)
    with pytest.raises(Refused) as error:
        actions.remark(
            entry=entry, kind="behind", text="停业", measure="加班",
            catch_up_on=today() - timedelta(days=1), by=house.clerk,
        )  # fmt: skip
    assert "已经过去" in str(error.value)


def test_a_rule_made_later_stops_what_was_saved_before(house: House) -> None:
    entry = save(cell(house), house.clerk, "9999")
    CheckRule.objects.create(
        indicator=house.indicators["revenue"], kind="maximum", limit="9000", severity="error"
    )
    with pytest.raises(Refused) as error:
        actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    assert refusal(error) == "open-points"
    assert cell(house).state == "draft"


def test_late_is_what_comes_after_the_units_own_deadline(house: House) -> None:
    after = Round.objects.get().due_at + timedelta(hours=1)
    for unit, clerk in (("E1", house.clerk), ("E2", house.other_clerk)):
        save(cell(house, unit), clerk, "9999")
    rounds.extend(
        round=Round.objects.get(), units=[house.units["E2"]], until=after + timedelta(days=1),
        reason="系统停机", by=house.office,
    )  # fmt: skip
    first = actions.submit(
        round=Round.objects.get(), unit=house.units["E1"], by=house.clerk, at=after
    )
    second = actions.submit(
        round=Round.objects.get(), unit=house.units["E2"], by=house.other_clerk, at=after
    )
    assert first[0].late and not second[0].late


def test_what_came_in_time_and_is_returned_does_not_become_late(house: House) -> None:
    entry = save(cell(house), house.clerk, "9999")
    round, unit = entry.round, entry.unit
    actions.submit(round=round, unit=unit, by=house.clerk)
    actions.return_(entries=[entry], reason="请核实", by=house.head)
    save(cell(house), house.clerk, "9998")
    after = round.due_at + timedelta(days=1)
    assert not actions.submit(round=round, unit=unit, by=house.clerk, at=after)[0].late


def test_withdrawing_forfeits_the_time(house: House) -> None:
    entry = save(cell(house), house.clerk, "9999")
    round, unit = entry.round, entry.unit
    actions.submit(round=round, unit=unit, by=house.clerk)
    actions.withdraw(round=round, unit=unit, by=house.clerk)
    after = round.due_at + timedelta(days=1)
    assert actions.submit(round=round, unit=unit, by=house.clerk, at=after)[0].late


def test_another_value_than_reported_needs_a_reason(house: House) -> None:
    entry = through(cell(house), house)
    with pytest.raises(Refused) as error:
        actions.confirm(entries=[entry], by=house.owner, values={entry.pk: Decimal(9000)})
    assert refusal(error) == "reason-needed"
    assert cell(house).state == "endorsed"
    actions.confirm(
        entries=[entry], by=house.owner, values={entry.pk: Decimal(9000)}, reason="剔除预付款"
    )
    settled = cell(house)
    assert settled.reported is not None and settled.reported.value == 9999
    assert settled.confirmed is not None and settled.confirmed.value == 9000
    assert "剔除预付款" in settled.remarks.get().text


def test_returning_needs_a_reason_and_takes_the_confirmed_figure_back(house: House) -> None:
    entry = through(cell(house), house)
    actions.confirm(entries=[entry], by=house.owner)
    with pytest.raises(Refused) as error:
        actions.return_(entries=[entry], reason="  ", by=house.owner)
    assert refusal(error) == "reason-needed"
    actions.return_(entries=[entry], reason="与统计数不符", by=house.owner)
    back = cell(house)
    assert (back.state, back.confirmed, back.reason) == ("returned", None, "与统计数不符")
    assert Figure.objects.filter(source="confirmed").latest("pk").withdrawn


def test_batch_is_refused_as_a_whole_where_one_cell_is(house: House) -> None:
    mine = through(cell(house), house)
    other = cell(house, indicator="investment")
    save(other, house.clerk, "9999")
    with pytest.raises(Refused):
        actions.confirm(entries=[mine, other], by=house.owner)
    assert cell(house).state == "endorsed"


def test_provided_figures_stand_as_official_and_confirmed(house: House) -> None:
    house.indicators["revenue"].provider = "owner"
    house.indicators["revenue"].save()
    with pytest.raises(Refused) as error:
        save(cell(house), house.clerk, "1")
    assert refusal(error) == "provided-by-owner"
    entry = save(cell(house), house.owner, "950")
    assert entry.state == "confirmed" and entry.reported is None
    sources = Figure.objects.filter(period="2026-10").values_list("source", flat=True)
    assert sorted(sources) == ["confirmed", "official"]


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def test_evidence_is_judged_by_its_content(house: House) -> None:
    entry = cell(house)
    kept = actions.attach(entry=entry, name="现场.png", content=PNG, by=house.clerk)
    assert kept.size == len(PNG) and len(kept.digest) == 64
    for name, content in (("现场.pdf", PNG), ("a.exe", b"MZ"), ("b.png", b""), ("c.docx", b"PK")):
        with pytest.raises(Refused) as error:
            actions.attach(entry=entry, name=name, content=content, by=house.clerk)
        assert refusal(error) == "bad-evidence"


def test_evidence_of_more_than_twenty_megabytes_is_refused(house: House) -> None:
    with pytest.raises(Refused) as error:
        actions.attach(entry=cell(house), name="a.png", content=PNG + bytes(LIMIT), by=house.clerk)
    assert "超过20MB" in str(error.value)


def test_other_unit_can_neither_comment_nor_flag_nor_attach(house: House) -> None:
    entry = cell(house)
    actions.remark(entry=entry, kind="comment", text="请核对", by=house.owner)
    assert actions.flag(entry=entry, on=True, by=house.office).flagged
    attempts: list[Callable[[], object]] = [
        lambda: actions.remark(entry=entry, kind="comment", text="看看", by=house.other_clerk),
        lambda: actions.flag(entry=entry, on=False, by=house.other_clerk),
        lambda: actions.attach(entry=entry, name="a.png", content=PNG, by=house.other_clerk),
        lambda: actions.attach(entry=entry, name="a.png", content=PNG, by=house.office),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as error:
            attempt()
        assert refusal(error) == "not-allowed"


def test_reasons_stand_beside_the_chain_not_in_it(house: House) -> None:
    entry = through(cell(house), house)
    actions.return_(entries=[entry], reason="与周临川电话核实", by=house.owner)
    row = LedgerEntry.objects.order_by("number").last()
    assert row is not None and row.event == "figure.returned"
    assert "周临川" not in str(row.data) and row.personal.text == "与周临川电话核实"
