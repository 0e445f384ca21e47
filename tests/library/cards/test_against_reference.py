"""Generated rules and histories: replaying gives what the slow, obvious judge gives."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from saima.cards import Observation, replay
from saima.cards.rules import Band, CardRule, CardRules, Escalation, Level
from saima.periods import last_of_month
from tests.library.cards.reference import slow_replay

NAMES = ("一级", "二级", "三级", "四级")
VALUES = st.sampled_from([-5.0, 0.0, 9.99, 10.0, 10.01, 20.0, 30.0, 30.5])


@st.composite
def levels(draw: st.DrawFn) -> tuple[Level, ...]:
    names = NAMES[: draw(st.integers(1, 4))]
    return tuple(
        Level(
            name=name,
            colour="yellow",
            card=draw(st.integers(0, 4)) > 0,
            made_good=draw(st.sampled_from(("", *names[:i]))),
        )
        for i, name in enumerate(names)
    )


@st.composite
def card_rules(draw: st.DrawFn) -> CardRules:
    known = draw(levels())
    # a card made good must not turn into a mere light
    known = tuple(
        level
        if not level.made_good or next(x for x in known if x.name == level.made_good).card
        else Level(name=level.name, colour="yellow", card=level.card)
        for level in known
    )
    bound = st.none() | st.sampled_from([0.0, 10.0, 20.0, 30.0])
    band = st.builds(
        Band,
        level=st.sampled_from([x.name for x in known]),
        in_a_row=st.integers(1, 3),
        at_least=bound,
        more_than=bound,
        at_most=bound,
        less_than=bound,
    )
    rule = st.builds(
        CardRule,
        subject=st.just("project"),
        of=st.sampled_from(["behind-pace", "days-overdue"]),
        bands=st.lists(band, min_size=1, max_size=3).map(tuple),
    )
    step = st.builds(
        Escalation,
        level=st.sampled_from([x.name for x in known]),
        when=st.just("repeat"),
        times=st.integers(1, 3),
        step=st.sampled_from(["约谈", "通报"]),
    )
    return CardRules(
        cards="generated",
        name="生成的规则",
        levels=known,
        rules=tuple(draw(st.lists(rule, min_size=1, max_size=3))),
        lasts=draw(st.sampled_from(["until-made-good", "until-next"])),
        clear_for=draw(st.integers(1, 3)),
        escalation=tuple(draw(st.lists(step, max_size=2))),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Observation]:
    """Some subjects over some months of one year; a subject or a metric may be missing."""
    found = []
    for month in range(1, draw(st.integers(1, 9)) + 1):
        for subject in ("示例甲", "示例乙"):
            values = {
                name: draw(VALUES)
                for name in ("behind-pace", "days-overdue")
                if draw(st.integers(0, 5))
            }
            if draw(st.integers(0, 7)):
                on = last_of_month(2026, month)
                found.append(Observation(subject=subject, kind="project", on=on, values=values))
    return found


@settings(max_examples=120, deadline=None)
@given(card_rules(), histories())
def test_replaying_equals_the_slow_obvious_judge(rules: CardRules, history: list[Observation]):
    done = replay(rules, history)
    lines = [
        (p.on, p.subject, p.kind, p.step if p.kind == "step" else p.level, p.was)
        for p in done.proposals
    ]
    assert sorted(lines) == slow_replay(rules, history)


@settings(max_examples=25, deadline=None)
@given(card_rules(), histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_observations_come_changes_nothing(
    rules: CardRules, history: list[Observation], chance: random.Random
):
    mixed = list(history)
    chance.shuffle(mixed)
    once, again = replay(rules, history), replay(rules, mixed)
    key = str
    assert sorted(once.proposals, key=key) == sorted(again.proposals, key=key)
    assert sorted(once.cards, key=key) == sorted(again.cards, key=key)


@settings(max_examples=25, deadline=None)
@given(card_rules(), histories())
def test_at_most_one_card_of_a_subject_stands_at_a_time(
    rules: CardRules, history: list[Observation]
):
    for n in range(1, 10):
        until = [o for o in history if o.on <= date(2026, n, 28) or o.on.month < n]
        standing = [c.subject for c in replay(rules, until).cards if c.open]
        assert len(standing) == len(set(standing))
