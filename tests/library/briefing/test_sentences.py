"""The answer in one line, and each track's places in words."""

from __future__ import annotations

from datetime import date

import msgspec

from saima.briefing.sentences import apart_sentence, before_text, headline, ranking_sentence
from saima.campaigns import DocumentSettings, Event, PublishedRank
from tests.library.briefing.invented import INDICATORS, figure, overview, units

LEVEL = {
    (u.code, x.code, m): figure(1, x.code, m)
    for u in units()
    for x in INDICATORS
    for m in range(10)
}
"""Every unit has the figures of one."""


def test_headline_names_the_first_of_each_track_and_the_furthest_moves():
    assert headline(overview()) == (
        "2026年9月：云岭交通、新渠市政分列各赛道第一；云岭交通、栖湖文旅各升2位，澄江置业降3位。"
    )


def test_headline_speaks_english_too():
    assert headline(overview(), "en") == (
        "2026-09: 云岭交通 first in 经营类; 新渠市政 first in 建设类; "
        "云岭交通, 栖湖文旅 up 2, 澄江置业 down 3."
    )


def test_headline_of_a_first_month_speaks_of_no_movement():
    assert headline(overview(months=1)) == "2026年1月：澄江置业、新渠市政分列各赛道第一。"


def test_headline_says_that_nothing_moved_and_who_shares_the_first_place():
    assert headline(overview(changed=LEVEL)) == (
        "2026年9月：经营类澄江置业、云岭交通、栖湖文旅等4家并列第一，"
        "建设类新渠市政、南枫城建并列第一；各单位位次均无变化。"
    )


def test_headline_of_a_single_unit_gives_its_score_instead_of_a_place():
    assert headline(overview(of=units(1))) == "2026年9月：澄江置业得95.72分。"


def test_headline_without_a_ranked_unit_says_so():
    apart = tuple(msgspec.structs.replace(u, ranked=False) for u in units(2))
    assert headline(overview(of=apart)) == "2026年9月：没有参加排名的单位。"


def test_headline_with_very_long_names_keeps_to_who_is_first():
    long = tuple(msgspec.structs.replace(u, short_name="示例" * 20 + u.name) for u in units())
    said = headline(overview(of=long))
    assert said.endswith("分列各赛道第一。")


def test_ranking_sentence_names_as_many_places_as_the_office_names():
    view = overview(documents=DocumentSettings(named_places=2))
    assert ranking_sentence(view, view.groups[0]) == (
        "参加排名的4家单位中，得分居前2位的是："
        "云岭交通100.00分，居第1位，升2位；栖湖文旅94.49分，居第2位，升2位。"
    )


def test_ranking_sentence_can_stand_in_official_order():
    view = overview(documents=DocumentSettings(named_places=4, order="official"))
    assert ranking_sentence(view, view.groups[0]) == (
        "参加排名的4家单位得分依次为（按机构序排列）："
        "澄江置业92.72分，居第4位，降3位；云岭交通100.00分，居第1位，升2位；"
        "栖湖文旅94.49分，居第2位，升2位；望岳建设93.49分，居第3位，降1位。"
    )


def test_tied_units_are_named_together_even_past_the_last_named_place():
    twins = {("u2", x.code, m): figure(3, x.code, m) for x in INDICATORS for m in range(10)}
    view = overview(changed=twins, documents=DocumentSettings(named_places=2))
    assert ranking_sentence(view, view.groups[0]).endswith(
        "栖湖文旅93.49分，并列第2位，位次持平；望岳建设93.49分，并列第2位，位次持平。"
    )


def test_units_that_are_all_level_are_said_in_one_clause():
    view = overview(changed=LEVEL)
    assert ranking_sentence(view, view.groups[0]) == "参加排名的4家单位均得101.00分，并列第1位。"


def test_single_unit_gets_no_place():
    view = overview(of=units(1))
    assert ranking_sentence(view, view.groups[0]) == "参加排名的单位1家，澄江置业得95.72分。"


def test_units_without_a_place_are_named_with_the_reason():
    veto = Event(
        kind="veto", unit="u4", name="较大生产安全事故", on=date(2026, 5, 1), basis="示例规定"
    )
    view = overview(events=[veto])
    assert apart_sentence(view, view.groups[1]) == (
        "不参加排名的：新渠市政（一票否决，得103.77分）、数智云科（单列，得101.08分）。"
    )
    assert apart_sentence(view, view.groups[0]) == ""


def test_movement_is_against_the_published_rank_where_there_is_one():
    published = [PublishedRank(unit="u1", period="2026-08", rank=4)]
    view = overview(published=published)
    assert view.by_code["u1"].movement == 3
    assert before_text(view) == "8月"
