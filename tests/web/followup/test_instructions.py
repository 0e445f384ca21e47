"""A leader's instructions: written, taken on, answered; and by whom they may not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import today
from saima_web.followup import actions
from saima_web.followup.models import Instruction
from saima_web.people.models import User
from tests.web.cast import House

As = Callable[[User], Client]
HERE = "/c/race/instructions/"


def write(house: House, unit: str = "E1", by: User | None = None, days: int = 5) -> Instruction:
    return actions.write_instruction(
        campaign=house.campaign, unit=house.units[unit], text="请说明投资滞后的原因。",
        due_on=today() + timedelta(days=days), by=by or house.leader,
    )  # fmt: skip


def test_leader_writes_to_a_unit_from_the_page(house: House, as_user: As) -> None:
    data = {"text": "请三日内答复。", "unit": house.units["E1"].pk, "due_on": today().isoformat()}
    answer = as_user(house.leader).post(HERE + "write/", data, follow=True)
    assert "已交办栖湖文旅" in answer.content.decode()
    assert Instruction.objects.get().written_by == house.leader


@pytest.mark.parametrize("who", ["office", "head", "clerk", "viewer", "inspector"])
def test_nobody_but_a_leader_writes_instructions(house: House, who: str) -> None:
    with pytest.raises(Refused):
        write(house, by=house.people[who])
    assert not Instruction.objects.exists()


def test_empty_words_and_past_dates_are_refused(house: House) -> None:
    with pytest.raises(Refused, match="内容"):
        actions.write_instruction(
            campaign=house.campaign, unit=house.units["E1"], text="  ", due_on=today(),
            by=house.leader,
        )  # fmt: skip
    with pytest.raises(Refused, match="期限"):
        write(house, days=-1)


def test_form_without_words_says_what_is_missing(house: House, as_user: As) -> None:
    data = {"text": "", "unit": house.units["E1"].pk, "due_on": today().isoformat()}
    page = as_user(house.leader).post(HERE + "write/", data, follow=True).content.decode()
    assert "批示没有交办" in page and not Instruction.objects.exists()


def test_unit_takes_on_and_answers_its_own_instruction(house: House, as_user: As) -> None:
    made = write(house)
    client = as_user(house.head)
    assert "请说明投资滞后的原因" in client.get(HERE).content.decode()
    client.post(f"{HERE}{made.pk}/accept/")
    client.post(f"{HERE}{made.pk}/answer/", {"answer": "幕墙变更已批，下月追平。"})
    made.refresh_from_db()
    assert (made.state, made.accepted_by, made.answered_by) == ("answered", house.head, house.head)
    assert "幕墙变更已批" in as_user(house.office).get(HERE).content.decode()


def test_other_units_do_not_see_or_answer_it(house: House, as_user: As) -> None:
    made = write(house)
    client = as_user(house.other_head)
    assert "请说明投资滞后的原因" not in client.get(HERE).content.decode()
    assert client.post(f"{HERE}{made.pk}/answer/", {"answer": "代答"}).status_code == 404
    with pytest.raises(Refused):
        actions.answer_instruction(instruction=made, answer="代答", by=house.other_head)


def test_office_sees_all_and_cannot_answer_for_a_unit(house: House, as_user: As) -> None:
    made = write(house)
    assert "请说明投资滞后的原因" in as_user(house.office).get(HERE).content.decode()
    with pytest.raises(Refused):
        actions.answer_instruction(instruction=made, answer="代答", by=house.office)


def test_an_answer_is_given_once_and_not_empty(house: House) -> None:
    made = write(house)
    with pytest.raises(Refused, match="回复内容"):
        actions.answer_instruction(instruction=made, answer=" ", by=house.head)
    actions.answer_instruction(instruction=made, answer="已追平。", by=house.head)
    with pytest.raises(Refused, match="已经回复过"):
        actions.answer_instruction(instruction=made, answer="再答。", by=house.head)
    made.refresh_from_db()
    assert made.answer == "已追平。"


def test_words_stand_beside_the_ledger_not_in_it(house: House) -> None:
    write(house)
    entry = Entry.objects.get(event="instruction.written")
    assert "投资滞后" not in str(entry.data)
    assert entry.personal.text == "请说明投资滞后的原因。"


def test_viewer_may_not_open_instructions(house: House, as_user: As) -> None:
    assert as_user(house.viewer).get(HERE).status_code == 403
