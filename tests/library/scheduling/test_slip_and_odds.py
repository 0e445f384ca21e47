"""What drives the finish, what has slipped and pushes what, and how likely a date is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings

from saima.problems import Refused
from saima.scheduling import Link, Project, Task, schedule
from saima.scheduling.driving import driving_chain
from saima.scheduling.model import DAY
from saima.scheduling.odds import chain_moments, odds
from saima.scheduling.slip import delayed, slippages
from saima.scheduling.words import chain_sentence, delay_sentence, headline, slip_sentence
from tests.support.generated_networks import projects

MONDAY = datetime(2026, 3, 2, 8)


def task(uid, days: float, *links: Link, **more) -> Task:
    return Task(uid, f"任务{uid}", int(days * DAY), links, **more)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def building() -> Project:
    """Design, permit, foundation, frame; paving beside it."""
    return Project(
        MONDAY,
        (
            Task(1, "设计", 5 * DAY),
            Task(2, "施工许可", 0, (Link(1, "FS", 2 * DAY),)),
            Task(3, "基础", 10 * DAY, (Link(2),)),
            Task(4, "主体", 8 * DAY, (Link(3, "SS", 5 * DAY),)),
            Task(5, "道路", 3 * DAY, (Link(1),)),
        ),
    )


def test_driving_chain_leads_from_the_start_to_the_finish():
    found = schedule(building())
    chain = [found.net.tasks[step.node].name for step in driving_chain(found)]
    assert chain == ["设计", "施工许可", "基础", "主体"]


def test_chain_is_told_in_both_languages():
    found = schedule(building())
    chinese = chain_sentence(found, "zh")
    assert chinese.startswith("完工日期 2026-03-27 由这条线决定：设计（5天），2026-03-02 开始；")
    assert "施工许可（节点），在“设计”完成后2天开始" in chinese
    assert "主体（8天），在“基础”开始后5天开始" in chinese
    assert "2 days after the finish of “设计”" in chain_sentence(found, "en")
    assert headline(found) == "预计 2026-03-27 完工；共 5 项任务，4 项在关键路径上。"


def test_chain_names_the_constraint_that_holds_a_task_back():
    late = task(1, 2, constraint="SNET", constraint_date=at("03-10T08:00"))
    assert "不得早于 2026-03-10 开始" in chain_sentence(schedule(Project(MONDAY, (late,))))


def with_baseline(uid, days: float, *links: Link, start: str, finish: str, **more) -> Task:
    begin, end = at(f"{start}T08:00"), at(f"{finish}T17:00")
    return task(uid, days, *links, baseline_start=begin, baseline_finish=end, **more)


def slipped() -> Project:
    """Task 1 was finished three working days late; 2 follows it, 3 is free, 4 waits for both."""
    done = {"actual_start": at("03-02T08:00"), "actual_finish": at("03-11T17:00")}
    return Project(
        MONDAY,
        (
            with_baseline(1, 5, start="03-02", finish="03-06", **done),
            with_baseline(2, 2, Link(1), start="03-09", finish="03-10"),
            with_baseline(3, 1, start="03-02", finish="03-02"),
            with_baseline(4, 1, Link(2), Link(3), start="03-11", finish="03-11"),
        ),
    )


def test_slip_is_counted_in_working_days_from_the_baseline():
    found = {slip.task.uid: slip for slip in slippages(schedule(slipped()))}
    assert {uid: slip.finish_days for uid, slip in found.items()} == {1: 3, 2: 3, 4: 3}
    assert found[1].start_days == 0


def test_slip_begins_where_nothing_that_drives_it_has_slipped():
    found = {slip.task.uid: slip for slip in slippages(schedule(slipped()))}
    assert [uid for uid, slip in found.items() if slip.origin] == [1]
    assert found[1].pushes == (2, 4)


def test_a_slip_that_began_before_a_task_in_progress_is_not_its_own():
    first, second, *rest = slipped().tasks
    begun = replace(second, actual_start=at("03-12T08:00"))
    found = {s.task.uid: s for s in slippages(schedule(Project(MONDAY, (first, begun, *rest))))}
    assert [uid for uid, slip in found.items() if slip.origin] == [1]
    assert found[1].pushes == (2, 4)


def test_slip_is_told_with_what_it_pushes():
    found = schedule(slipped())
    first = slippages(found)[0]
    assert slip_sentence(found, first) == "“任务1”比计划晚完成 3天，推迟了“任务2”、“任务4”。"
    assert (
        slip_sentence(found, first, "en")
        == "“任务1” finishes 3 days after plan; it pushes “任务2”, “任务4”."
    )


def test_a_delay_within_its_slack_moves_nothing():
    delay = delayed(schedule(building()), 5, 4)
    assert delay.pushed == ()
    assert delay.before == delay.after
    assert delay_sentence(delay) == "“道路”再拖 4天，不会推迟别的任务，完工日期不变。"


def test_a_delay_of_a_critical_task_moves_what_follows_and_the_finish():
    delay = delayed(schedule(building()), 1, 2)
    assert {p.task.uid: p.days for p in delay.pushed} == {2: 2, 3: 2, 4: 2, 5: 2}
    assert (delay.before.date().isoformat(), delay.after.date().isoformat()) == (
        "2026-03-27",
        "2026-03-31",
    )


@pytest.mark.parametrize("uid", [99, 1])
def test_a_delay_of_no_task_or_a_finished_one_is_refused(uid):
    with pytest.raises(Refused):
        delayed(schedule(slipped()), uid, 2)


def chain(estimates: tuple[int, int, int], count: int = 12) -> Project:
    three = tuple(e * DAY for e in estimates)
    tasks = [
        task(n, estimates[1], *([Link(n - 1)] if n else []), estimates=three) for n in range(count)
    ]
    return Project(MONDAY, tuple(tasks))


def test_simulated_chain_agrees_with_the_sum_of_its_distributions():
    found = schedule(chain((4, 6, 14)))
    simulated = odds(found, runs=20_000, seed=7)
    moments = chain_moments(list(found.project.tasks))
    line = found.net.timeline[0]
    work = line.positions(simulated.finishes) >> 1
    start = line.position(int(simulated.finishes[0])) * 0 + (found.early[0][0] >> 1)
    assert np.mean(work - start) == pytest.approx(moments.mean, rel=0.005)
    assert np.std(work - start) == pytest.approx(moments.deviation, rel=0.03)
    for share in (0.1, 0.5, 0.8, 0.95):
        reached = line.position_before(int(simulated.finishes[int(share * 20_000)])) >> 1
        assert moments.by(reached - start) == pytest.approx(share, abs=0.03)


def test_the_same_seed_gives_the_same_odds_and_another_seed_others():
    found = schedule(chain((4, 6, 14)))
    one, again, other = (odds(found, runs=500, seed=s).finishes for s in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_two_parallel_tasks_finish_later_than_either_alone():
    """The merge of two paths: the odds of both are the product, which PERT by hand forgets."""
    both = Project(
        MONDAY, tuple(task(n, 6, estimates=(4 * DAY, 6 * DAY, 14 * DAY)) for n in (1, 2))
    )
    one = Project(MONDAY, both.tasks[:1])
    day = at("03-10T17:00")
    alone = odds(schedule(one), runs=20_000).by(day)
    assert 0.3 < alone < 0.7
    assert odds(schedule(both), runs=20_000).by(day) == pytest.approx(alone**2, abs=0.02)


def test_odds_of_a_plan_without_estimates_are_refused():
    with pytest.raises(Refused):
        odds(schedule(building()))


def test_what_is_finished_is_not_drawn_again():
    done = task(
        1,
        5,
        estimates=(DAY, 5 * DAY, 90 * DAY),
        actual_start=MONDAY,
        actual_finish=at("03-06T17:00"),
    )
    sure = task(2, 2, Link(1), estimates=(2 * DAY,) * 3)
    simulated = odds(schedule(Project(MONDAY, (done, sure))), runs=100)
    assert simulated.at(0.0) == simulated.at(1.0) == at("03-10T17:00")


@settings(max_examples=40, deadline=None)
@given(projects())
def test_a_simulation_without_spread_is_the_schedule_itself(project: Project):
    fixed = tuple(replace(t, estimates=(t.duration,) * 3) for t in project.tasks)
    found = schedule(replace(project, tasks=fixed))
    simulated = odds(found, runs=3)
    assert {simulated.at(share) for share in (0.0, 0.5, 1.0)} == {found.finish}
