"""Cards in the house, issued and only proposed, their rules, with words planted in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saima_web.base.clock import now
from saima_web.cards.models import Card, CardAnswer, CardRuleSet, CardStep, Interview
from saima_web.cards.rules_actions import digest_of
from tests.web.cards.table import RULES


def build(chest: Any, units: tuple[str, ...]) -> None:
    """Rules in force and a draft; of each unit one card that is out and one not decided."""
    rules = _rules(chest)
    for number, code in enumerate(units, 1):
        _issued(chest, rules, code, number)
        _proposed(chest, rules, code)


def _rules(chest: Any) -> CardRuleSet:
    made = [
        CardRuleSet.objects.create(
            campaign=chest.house.campaign, version=version, name="示例黄红牌规则", text=text,
            digest=digest_of(text), state=state, saved_at=now(), saved_by=chest.house.office,
            effective_from=date(2026, 1, 1) if state == "published" else None,
        )
        for version, state, text in (
            (1, "published", RULES),
            (2, "draft", RULES + f"note: {chest.word('规则草稿', 'cards.rules-edit')}\n"),
        )
    ]  # fmt: skip
    chest.add("card-rules", 1)
    chest.add("card-rules", 2, also="cards.rules-edit")
    chest.add("card-draft", 2)
    return made[0]


def _card(chest: Any, rules: CardRuleSet, code: str, **more: Any) -> Card:
    house = chest.house
    return Card.objects.create(
        campaign=house.campaign, rules=rules, year=2026, subject=f"{code}/revenue",
        subject_kind="unit-indicator", name="营业收入", unit=house.units[code],
        indicator=house.indicators["revenue"], colour="yellow", evaluated_on=date(2026, 8, 31),
        proposed_at=now(), changed_at=now(), **more,
    )  # fmt: skip


def _issued(chest: Any, rules: CardRuleSet, code: str, number: int) -> None:
    house = chest.house
    on = {"unit": house.units[code], "indicator": house.indicators["revenue"]}

    def secret(what: str) -> str:
        return str(chest.word(what, "cards.see", **on))

    card = _card(
        chest, rules, code, level="黄牌", state="answered", number=number, reason=secret("事由"),
        issued_on=date(2026, 9, 1), issued_by=house.office, due=date.today() + timedelta(days=9),
    )  # fmt: skip
    CardAnswer.objects.create(
        card=card, cause=secret("原因"), countermeasure=secret("对策"), at=now(),
        promised_on=date(2026, 12, 1), by=house.clerk,
    )  # fmt: skip
    Interview.objects.create(
        card=card, step="约谈", on=date(2026, 9, 9), interviewer="主要领导", attended="负责人",
        record=secret("约谈记录"), by=house.office, at=now(),
    )  # fmt: skip
    CardStep.objects.create(
        card=card, event="issue", state="issued", note=secret("经过"), by=house.office, at=now()
    )
    chest.add("card", card.pk, **on)


def _proposed(chest: Any, rules: CardRuleSet, code: str) -> None:
    word = chest.word("待定事由", "cards.see-proposed")
    _card(chest, rules, code, level="红牌", state="proposed", reason=word)
