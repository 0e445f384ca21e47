"""One's own work, the cockpit, the ranking, a unit's page, the wall."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima.problems import Refused
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import now, today
from saima_web.dashboards import board as wall
from saima_web.dashboards.leaderboard import leaderboard_of
from saima_web.dashboards.models import BoardState
from saima_web.followup.actions import write_instruction
from saima_web.people.models import User
from saima_web.reporting.models import Entry, Round
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreRun
from tests.web.cast import House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
HERE = "/c/race/"
NAMES = ("栖湖文旅", "澄江置业", "望岳建设")


def text(client: Client, address: str) -> str:
    answer = client.get(HERE + address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# ── My work ──


def test_clerk_finds_what_to_report_with_a_link_to_it(house: House, as_user: As) -> None:
    page = text(as_user(house.clerk), "")
    assert "有1件事等您办" in page
    assert re.search(r'href="/c/race/[^"]*2026-10/E1/"', page)


def test_overdue_work_is_said_first(house: House, as_user: As) -> None:
    Round.objects.update(due_at=now() - timedelta(days=2))
    page = text(as_user(house.clerk), "")
    assert "其中1件已逾期" in page and "逾期2天" in page


def test_unit_sees_its_place_without_the_whole_result_being_read(house: House, as_user: As) -> None:
    run = publish(house, "2026-08", "2026-09")[-1]
    line = next(x for x in leaderboard_of(house.clerk, house.campaign, run).lines if x.own)
    with CaptureQueriesContext(connection) as seen:
        page = text(as_user(house.clerk), "")
    assert f'href="{line.href}"' in page and f"第{line.unit.rank}名" in page
    assert f"{line.unit.score:.2f}" in page
    assert not [q for q in seen if '"scoring_scorerun"."result"' in q["sql"]]
    assert "<h2>本单位</h2>" not in text(as_user(house.office), "")


def test_who_has_nothing_to_do_is_told_so(house: House, as_user: As) -> None:
    Entry.objects.filter(unit__code="E1").update(state="confirmed")
    page = text(as_user(house.clerk), "")
    assert "今天没有要您办的事" in page and "眼下没有要您办的事" in page


def test_leader_finds_the_run_to_approve_and_the_clerk_does_not(house: House, as_user: As) -> None:
    run = scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    run = scoring.send_for_checking(run=run, by=house.office)
    scoring.close_checking(run=run, by=house.office)
    assert "待您审定" in text(as_user(house.leader), "")
    assert "待您审定" not in text(as_user(house.clerk), "")


def test_head_finds_the_sheet_to_check_of_own_unit_only(house: House, as_user: As) -> None:
    run = scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    scoring.send_for_checking(run=run, by=house.office)
    assert "成绩单待栖湖文旅核对" in text(as_user(house.head), "")
    assert "成绩单待澄江置业核对" not in text(as_user(house.head), "")


# ── Cockpit ──


@pytest.mark.parametrize("who", ["viewer", "clerk", "head", "owner"])
def test_cockpit_is_closed_to_those_who_do_not_lead(house: House, as_user: As, who: str) -> None:
    publish(house)
    assert as_user(house.people[who]).get(HERE + "cockpit/").status_code == 403


def test_cockpit_sums_the_group_and_names_the_unit_to_ask(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.leader), "cockpit/")
    assert "全集团营业收入完成65.0%" in page  # 23400 of 36000
    assert "最需要过问的是望岳建设" in page
    assert "23,400" in page and "36,000" in page


def test_only_a_leader_may_write_an_instruction_in_the_cockpit(house: House, as_user: As) -> None:
    publish(house)
    assert "写批示" in text(as_user(house.leader), "cockpit/")
    assert "写批示" not in text(as_user(house.office), "cockpit/")


def test_cockpit_lists_what_is_due_within_a_week(house: House, as_user: As) -> None:
    publish(house)
    write_instruction(
        campaign=house.campaign, unit=house.units["E1"], text="请说明投资滞后的原因。",
        due_on=today() + timedelta(days=2), by=house.leader,
    )  # fmt: skip
    page = text(as_user(house.leader), "cockpit/").split("临期与逾期")[1]
    assert "请说明投资滞后的原因" in page and "还有2天" in page


# ── Ranking and unit ──


def test_ranking_shows_places_scores_and_what_closes_the_gap(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.viewer), "ranking/")
    assert all(name in page for name in NAMES)
    assert "月度排名" in page and "得分相同的名次并列，其后名次顺延" in page
    assert "本单位" in text(as_user(house.clerk), "ranking/")


def test_boxes_filter_the_ranking(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.clerk), "ranking/?box=own").split("<tbody>")[1]
    assert "栖湖文旅" in page and "望岳建设" not in page.split("</table>")[0]


def test_unit_page_shows_figures_to_its_own_people_and_marks_to_others(
    house: House, as_user: As
) -> None:
    publish(house)
    own, other = (text(as_user(house.people[w]), "units/E1/") for w in ("clerk", "other_clerk"))
    assert "8,100" in own and "8,100" not in other
    assert "40.50" in own and "40.50" in other  # the mark is published


def test_unit_that_does_not_take_part_is_not_found(house: House, as_user: As) -> None:
    publish(house)
    assert as_user(house.leader).get(HERE + "units/nobody/").status_code == 404


# ── The wall ──


def test_covers_hold_no_name_and_no_score_before_the_reveal(house: House, as_user: As) -> None:
    publish(house)
    wall.move(campaign=house.campaign, period="2026-09", step="freeze", by=house.office)
    for address in ("board/", "board/2026-09/", "board/2026-09/wall/"):
        page = text(as_user(house.viewer), address)
        assert not any(name in page for name in NAMES)
        assert page.count("b-cover") == 3
        assert "已封榜，等待揭晓" in page


def test_places_come_out_from_the_last_to_the_first(house: House, as_user: As) -> None:
    publish(house)
    wall.move(campaign=house.campaign, period="2026-09", step="freeze", by=house.office)
    client, seen = as_user(house.office), []
    for _ in range(3):
        client.post(HERE + "board/2026-09/move/", {"step": "next"})
        page = text(as_user(house.viewer), "board/2026-09/wall/")
        seen.append({name for name in NAMES if name in page})
    assert [len(s) for s in seen] == [1, 2, 3]
    ranks = ScoreRun.objects.get(period="2026-09").standings.filter(track="经营类")
    last = ranks.order_by("-rank").first()
    assert last is not None and seen[0] == {str(last.unit)}


def test_tied_units_come_out_together(house: House) -> None:
    run = publish(house, "2026-09")[0]
    for unit in run.result["units"]:
        if unit["track"] == "经营类":
            unit["rank"], unit["tied"] = 1, True
    tie = ScoreRun.objects.create(**{
        f.name: getattr(run, f.name) for f in ScoreRun._meta.fields if f.name != "id"
    } | {"period": "2026-08"})  # fmt: skip
    board = leaderboard_of(house.viewer, house.campaign, tie)
    assert wall.steps_of(board) == [("经营类", 1), ("建设类", 1)]
    state = BoardState(campaign=house.campaign, period="2026-08", frozen=True, revealed=0)
    assert [row.number for row in wall.wall_of(board, state).tracks[0][2]] == [1, 2]
    state.revealed = 1
    assert [row.number for row in wall.wall_of(board, state).tracks[0][2]] == [1, 1]


def test_a_place_can_be_taken_back_and_all_be_shown(house: House) -> None:
    publish(house)
    on = {"campaign": house.campaign, "period": "2026-09", "by": house.office}
    wall.move(step="freeze", **on)
    wall.move(step="next", **on)
    assert wall.move(step="back", **on).revealed == 0
    assert wall.move(step="back", **on).revealed == 0
    assert not wall.move(step="all", **on).frozen
    assert LedgerEntry.objects.filter(event__startswith="board.").count() == 5


def test_nobody_but_the_office_moves_the_wall(house: House, as_user: As) -> None:
    publish(house)
    for user in (house.leader, house.clerk, house.viewer):
        answer = as_user(user).post(HERE + "board/2026-09/move/", {"step": "freeze"})
        assert answer.status_code == 403
    assert not BoardState.objects.exists()
    with pytest.raises(Refused):
        wall.move(campaign=house.campaign, period="2026-09", step="jump", by=house.office)


def test_draft_never_comes_on_the_wall_unasked(house: House, as_user: As) -> None:
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    assert "还没有公布过排名" in text(as_user(house.office), "board/2026-09/")
    assert as_user(house.office).get(HERE + "board/2026-09/wall/").status_code == 404


def test_draft_on_the_wall_is_marked_for_those_who_may_see_drafts(
    house: House, as_user: As
) -> None:
    publish(house, "2026-08")
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    for who in (house.office, house.leader):
        for address in ("board/2026-09/?draft=1", "board/2026-09/wall/?draft=1"):
            page = text(as_user(who), address)
            assert "未定稿" in page and all(name in page for name in NAMES)
            assert "wall/?draft=1" in page and "封榜" not in page
    assert "?draft=1" in text(as_user(house.office), "board/")
    assert "board/2026-09/?draft=1" in text(as_user(house.office), "ranking/2026-09/")
    assert "未定稿" not in text(as_user(house.viewer), "board/")


@pytest.mark.parametrize("who", ["viewer", "clerk", "head", "owner", "inspector"])
def test_draft_wall_is_closed_to_all_others(house: House, as_user: As, who: str) -> None:
    publish(house, "2026-08")
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    for address in ("board/?draft=1", "board/2026-09/?draft=1", "board/2026-09/wall/?draft=1"):
        answer = as_user(house.people[who]).get(HERE + address)
        assert answer.status_code == 403
        assert "b-score" not in answer.content.decode()


def test_a_draft_is_not_touched_by_the_reveal_and_ends_with_publication(
    house: House, as_user: As
) -> None:
    publish(house, "2026-09")
    wall.move(campaign=house.campaign, period="2026-09", step="freeze", by=house.office)
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office, reason="更正")
    assert all(name in text(as_user(house.leader), "board/2026-09/?draft=1") for name in NAMES)
    ScoreRun.objects.filter(state="draft").update(made_at=now() - timedelta(days=1))
    assert "还没有公布过排名" in text(as_user(house.leader), "board/2026-09/?draft=1")
