"""Drafts change nothing in force; a leader who did not make them approves; all is in the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.people.models import Post, Role
from saima_web.targets import actions
from saima_web.targets.models import Target, TargetSet
from tests.web.cast import House
from tests.web.targets.helpers import edit, put, set_targets, value, wrong


def test_a_draft_changes_nothing_in_force(house: House) -> None:
    put(house, edit(house, "E1", "2026", value="13000"))
    assert value(house, "E1", "2026") == Decimal(12000)


def test_an_approved_change_is_in_force_and_touches_only_its_cell(house: House) -> None:
    batch = set_targets(house, edit(house, "E1", "2026", value="13000"))
    assert value(house, "E1", "2026") == Decimal(13000)
    assert value(house, "E2", "2026") == Decimal(12000)
    assert batch.targets.count() == 1


def test_unchanged_cells_get_no_row(house: House) -> None:
    batch = put(
        house,
        edit(house, "E1", "2026", value="12000"),
        edit(house, "E2", "2026", value="12500"),
    )
    assert [t.unit.code for t in batch.targets.all()] == ["E2"]


def test_rows_in_force_are_never_rewritten(house: House) -> None:
    before = list(Target.objects.values_list("pk", "value").order_by("pk"))
    set_targets(house, edit(house, "E1", "2026", value="13000"))
    assert list(Target.objects.values_list("pk", "value").order_by("pk"))[: len(before)] == before


def test_the_ledger_keeps_old_and_new_values(house: House) -> None:
    set_targets(house, edit(house, "E1", "2026", value="13000"))
    entry = Entry.objects.get(event="targets.approved")
    assert entry.data["cells"] == [
        {
            "unit": "E1", "indicator": "revenue", "period": "2026",
            "old": {"value": "12000"}, "new": {"value": "13000"},
        }
    ]  # fmt: skip
    assert entry.actor_id == house.leader.pk


def test_changing_an_approved_target_needs_a_reason(house: House) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    with pytest.raises(Refused, match="没有写原因"):
        actions.submit(batch=batch, by=house.office)
    assert actions.submit(batch=batch, by=house.office, reason="新增项目").state == "submitted"


def test_a_new_target_needs_no_reason(house: House) -> None:
    batch = put(house, edit(house, "E1", "2026-03", value="900"))
    assert actions.submit(batch=batch, by=house.office).state == "submitted"


def test_an_empty_draft_cannot_be_submitted(house: House) -> None:
    batch = actions.draft_targets(campaign=house.campaign, by=house.office)
    with pytest.raises(Refused, match="没有改动"):
        actions.submit(batch=batch, by=house.office)


def test_nobody_approves_their_own_targets(house: House) -> None:
    Post.objects.create(user=house.leader, role=Role.OFFICE, campaign=house.campaign)
    batch = put(house, edit(house, "E1", "2026", value="13000"), by=house.leader)
    actions.submit(batch=batch, by=house.leader, reason="调整")
    with pytest.raises(Refused, match="自己编制"):
        actions.approve(batch=batch, by=house.leader)
    assert value(house, "E1", "2026") == Decimal(12000)


def test_the_office_cannot_approve(house: House) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    actions.submit(batch=batch, by=house.office, reason="调整")
    with pytest.raises(Refused, match="批准目标"):
        actions.approve(batch=batch, by=house.project_office)


def test_a_refused_set_never_comes_into_force_and_says_why(house: House) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    actions.submit(batch=batch, by=house.office, reason="调整")
    with pytest.raises(Refused):
        actions.refuse_set(batch=batch, by=house.leader, decision=" ")
    actions.refuse_set(batch=batch, by=house.leader, decision="依据不足")
    assert batch.state == TargetSet.State.REFUSED
    assert value(house, "E1", "2026") == Decimal(12000)
    with pytest.raises(Refused, match="不在待批准状态"):
        actions.approve(batch=batch, by=house.leader)


def test_a_set_overtaken_by_another_cannot_be_approved(house: House) -> None:
    mine = put(house, edit(house, "E1", "2026", value="13000"))
    actions.submit(batch=mine, by=house.office, reason="调整")
    other = put(house, edit(house, "E1", "2026", value="14000"), by=house.project_office)
    actions.submit(batch=other, by=house.project_office, reason="另一次调整")
    actions.approve(batch=other, by=house.leader)
    with pytest.raises(Refused, match="别的批次改过"):
        actions.approve(batch=mine, by=house.leader)
    assert value(house, "E1", "2026") == Decimal(14000)


def test_only_the_maker_submits_or_takes_back(house: House) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    with pytest.raises(Refused, match="只有编制人"):
        actions.submit(batch=batch, by=house.project_office, reason="调整")
    actions.submit(batch=batch, by=house.office, reason="调整")
    with pytest.raises(Refused, match="只有编制人"):
        actions.take_back(batch=batch, by=house.project_office)
    assert actions.take_back(batch=batch, by=house.office).state == "draft"


def test_clerk_cannot_edit_targets(house: House) -> None:
    with pytest.raises(Refused, match="编制目标"):
        put(house, edit(house, "E1", "2026", value="1"), by=house.clerk)


def test_a_locked_cell_is_refused_until_unlocked(house: House) -> None:
    set_targets(house, edit(house, "E1", "2026", locked=True))
    found = wrong(house, edit(house, "E1", "2026", value="13000"))
    assert "已锁定" in found[0].text()
    assert found[0].place.path == "栖湖文旅2026年"
    put(house, edit(house, "E1", "2026", value="13000", locked=False))


def test_a_value_with_too_many_decimals_is_named_with_its_place(house: House) -> None:
    found = wrong(house, edit(house, "E1", "2026-03", value="1.5"))
    assert found[0].text().startswith("栖湖文旅2026年3月：1.5的小数多于0位")


def test_an_easier_stretch_is_refused_and_a_harder_one_kept(house: House) -> None:
    assert "还容易" in wrong(house, edit(house, "E1", "2026", stretch="11000"))[0].text()
    set_targets(house, edit(house, "E1", "2026", stretch="13000"))
    row = Target.objects.latest("pk")
    assert (row.value, row.stretch) == (Decimal(12000), Decimal(13000))


def test_with_one_wrong_cell_nothing_is_written(house: House) -> None:
    count = Target.objects.count()
    wrong(house, edit(house, "E1", "2026", value="13000"), edit(house, "E2", "2030-01", value="1"))
    assert Target.objects.count() == count


def test_bounds_hold_until_lifted(house: House) -> None:
    bound = {
        "campaign": house.campaign, "indicator": house.indicators["revenue"],
        "unit": house.units["E1"], "period": "", "lower": None, "note": "产能", "by": house.office,
    }  # fmt: skip
    actions.set_bound(upper=Decimal(12500), **bound)
    assert "不超过12500（产能）" in wrong(house, edit(house, "E1", "2026", value="13000"))[0].text()
    actions.set_bound(upper=None, **bound)
    put(house, edit(house, "E1", "2026", value="13000"))


def test_a_cleared_cell_is_withdrawn(house: House) -> None:
    set_targets(house, edit(house, "E1", "2026", value=None))
    assert value(house, "E1", "2026") is None
