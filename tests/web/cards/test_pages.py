"""Pages of cards: the list, one card, the rules and their preview, papers."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from saima.files.docx_check import check_docx
from saima_web.cards import actions, papers
from saima_web.cards.models import Card, CardRuleSet
from saima_web.cards.queries import my_cards
from tests.web.cards.table import ANSWER, RULES, at, issued, october, proposed, switched_on
from tests.web.cast import House

LIST, RULES_PAGE = "/c/race/cards/", "/c/race/cards/rules/"
FORM = {k: str(v) for k, v in ANSWER.items()}


def test_the_list_says_how_many_wait_and_a_unit_sees_nothing_of_proposals(house: House, as_user):
    proposed(house)
    with at():
        office = as_user(house.office).get(LIST).content.decode()
        unit = as_user(house.other_clerk).get(LIST).content.decode()
    assert "2张待决定" in office and "落后序时进度15个百分点" in office
    assert "待决定，" not in unit and "落后序时进度15个百分点" not in unit


def test_the_list_is_filtered_by_unit_and_level_and_exported(house: House, as_user):
    proposed(house)
    with at():
        client = as_user(house.office)
        red = client.get(LIST, {"level": "红牌"}).content.decode()
        other = client.get(LIST, {"unit": "E2"}).content.decode()
        export = client.get(LIST, {"export": "xlsx"})
    assert "落后序时进度22.5" in red and "落后序时进度15" not in red
    assert "落后序时进度15" in other and "落后序时进度22.5" not in other
    assert export.content[:2] == b"PK"


def test_a_unit_sees_its_own_card_once_issued_and_no_other_unit_does(house: House, as_user):
    card = proposed(house)["E2/investment"]
    address = f"{LIST}{card.pk}/"
    with at():
        assert as_user(house.other_clerk).get(address).status_code == 404
        actions.issue(card=card, by=house.office)
        assert as_user(house.other_clerk).get(address).status_code == 200
        assert as_user(house.clerk).get(address).status_code == 404


def test_a_card_goes_from_proposal_to_lifted_by_the_buttons_of_its_page(house: House, as_user):
    card = proposed(house)["E2/investment"]
    address = f"{LIST}{card.pk}/"
    office, clerk = as_user(house.office), as_user(house.other_clerk)
    with at():
        office.post(address + "step/", {"event": "issue"})
        assert "提交答复" in clerk.get(address).content.decode()
        clerk.post(address + "answer/", FORM)
        assert "认可" in office.get(address).content.decode()
        office.post(address + "step/", {"event": "accept", "words": "可以"})
    october(house, investment=3400)
    with at(date(2026, 11, 16)):
        page = office.get(address).content.decode()
        assert 'value="lift"' in page and "已达标，建议摘牌" in page
        office.post(address + "step/", {"event": "lift"})
    card.refresh_from_db()
    assert card.state == "lifted"


def test_an_answer_without_a_day_keeps_what_was_written(house: House, as_user):
    card = issued(house)
    with at():
        page = as_user(house.other_clerk).post(
            f"{LIST}{card.pk}/answer/", FORM | {"promised_on": ""}
        )
    assert page.status_code == 200 and ANSWER["cause"] in page.content.decode()
    assert not card.answers.exists()


def test_an_answer_with_a_day_past_keeps_what_was_written(house: House, as_user):
    card = issued(house)
    with at():
        page = as_user(house.other_clerk).post(
            f"{LIST}{card.pk}/answer/", FORM | {"promised_on": "2026-01-05"}
        )
    told = page.content.decode()
    assert page.status_code == 200 and ANSWER["cause"] in told and "已经过去" in told
    assert not card.answers.exists()


def test_as_many_wait_on_my_work_as_on_the_list_it_leads_to(house: House, as_user):
    """What is held waits no more; the list is opened for one's own office alone."""
    cards = proposed(house)
    Card.objects.filter(pk=cards["E2/investment"].pk).update(office="project")
    with at():
        waiting = [w for w in my_cards(house.office, house.campaign) if "待您决定" in w.title]
        page = as_user(house.office).get(waiting[0].href).content.decode()
        assert waiting[0].title.startswith("1张") and "1张待决定" in page
        assert "落后序时进度22.5" in page and "落后序时进度15" not in page
        actions.hold(card=cards["C1/revenue"], by=house.office, words="等核实后再定")
        assert not [w for w in my_cards(house.office, house.campaign) if "待您决定" in w.title]
        held = as_user(house.office).get(LIST, {"box": "held"}).content.decode()
    assert "落后序时进度22.5" in held and "1张待决定" in held


def test_a_clerk_cannot_issue_by_the_address(house: House, as_user):
    card = proposed(house)["E2/investment"]
    with at():
        answer = as_user(house.office).post(f"{LIST}{card.pk}/step/", {"event": "nonsense"})
        assert answer.status_code == 409
        answer = as_user(house.leader).post(f"{LIST}{card.pk}/step/", {"event": "issue"})
        assert answer.status_code == 403
    card.refresh_from_db()
    assert card.state == "proposed"


def test_the_button_judges_and_says_what_was_proposed(house: House, as_user):
    from tests.web.dashboards.published import publish

    switched_on(house)
    with at():
        publish(house, "2026-09")
        page = as_user(house.office).post(LIST + "judge/", follow=True).content.decode()
    assert "红牌1、黄牌1" in page or "黄牌1、红牌1" in page


def test_rules_are_drafted_from_the_default_saved_checked_and_switched_on(house: House, as_user):
    client = as_user(house.office)
    client.post(RULES_PAGE + "begin/")
    row = CardRuleSet.objects.get()
    address = f"{RULES_PAGE}{row.version}/"
    page = client.get(address).content.decode()
    assert "3个例都相符" in page or "个例都相符" in page
    broken = row.text.replace("made-good: 黄牌", "made-good: 紫牌")
    answer = client.post(
        address, {"text": broken, "base": row.digest}, headers={"HX-Request": "true"}
    )
    said = answer.content.decode()
    line = broken[: broken.index("紫牌")].count("\n") + 1
    assert "没有叫“紫牌”的等级" in said and f'data-line="{line}"' in said
    on = {"effective_from": "2026-10-01", "basis": "示例考核办〔2026〕3号"}
    assert client.post(address + "on/", on).status_code == 409
    row.refresh_from_db()
    client.post(address, {"text": RULES, "base": row.digest})
    assert client.post(address + "on/", on | {"basis": ""}).status_code == 200
    assert client.post(address + "on/", on).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.basis, row.effective_from) == (
        "published", "示例考核办〔2026〕3号", date(2026, 10, 1),
    )  # fmt: skip
    assert client.post(address, {"text": "x", "base": ""}).status_code == 409


def test_a_draft_saved_elsewhere_is_not_overwritten(house: House, as_user):
    client = as_user(house.office)
    client.post(RULES_PAGE + "begin/")
    row = CardRuleSet.objects.get()
    address = f"{RULES_PAGE}{row.version}/"
    assert client.post(address, {"text": RULES, "base": row.digest}).status_code == 302
    assert client.post(address, {"text": "old", "base": row.digest}).status_code == 409
    row.refresh_from_db()
    assert row.text == RULES


def test_a_file_is_uploaded_as_a_draft_and_odd_bytes_are_told(house: House, as_user):
    client = as_user(house.office)
    file = io.BytesIO(b"\xff\xfe\x00 no yaml: [")
    file.name = "rules.yaml"
    assert client.post(RULES_PAGE + "begin/", {"file": file}).status_code == 302
    page = client.get(f"{RULES_PAGE}1/").content.decode()
    assert "处问题" in page


def test_everybody_reads_the_rules_in_force_and_only_the_office_a_draft(house: House, as_user):
    switched_on(house)
    as_user(house.office).post(RULES_PAGE + "begin/")
    viewer = as_user(house.viewer)
    assert "超过20个百分点，亮红牌" in viewer.get(RULES_PAGE).content.decode()
    assert viewer.get(f"{RULES_PAGE}1/").status_code == 200
    assert viewer.get(f"{RULES_PAGE}2/").status_code == 404
    assert viewer.get(f"{RULES_PAGE}1/preview/").status_code == 403


def test_the_preview_says_which_cards_would_have_fallen_and_issues_none(house: House, as_user):
    proposed(house)
    house.campaign.cards.all().delete()
    with at():
        page = as_user(house.office).get(f"{RULES_PAGE}1/preview/").content.decode()
    assert "示例赛马行动会亮" in page and "2026-06" in page
    assert not house.campaign.cards.exists()


@pytest.mark.parametrize("kind", ["notice", "slip"])
def test_papers_of_a_card_keep_the_official_form(house: House, as_user, tmp_path: Path, kind: str):
    card = issued(house)
    with at():
        answer = as_user(house.other_clerk).get(f"{LIST}{card.pk}/{kind}.docx")
    path = tmp_path / "牌.docx"
    path.write_bytes(answer.content)
    assert [
        f.message() if callable(f.message) else f.message for f in check_docx(path, "公文")
    ] == []


def test_the_bulletin_names_cards_in_hand_late_ones_and_interviews(
    house: House, as_user, tmp_path: Path
):
    issued(house)
    with at(date(2026, 11, 2)):
        briefing = papers.bulletin(house.campaign, date(2026, 11, 2))
        answer = as_user(house.office).get(LIST + "bulletin/")
    told = json.dumps([str(s) for s in briefing.sections], ensure_ascii=False)
    assert "在办1张，逾期未答复1张" in told and "应于2026年10月27日前答复" in told
    path = tmp_path / "督查通报.docx"
    path.write_bytes(answer.content)
    assert check_docx(path, "通报") == []


def test_a_paper_of_a_card_that_was_not_issued_is_not_there(house: House, as_user):
    card = proposed(house)["E2/investment"]
    with at():
        assert as_user(house.office).get(f"{LIST}{card.pk}/notice.docx").status_code == 404
        assert as_user(house.office).get(f"{LIST}{card.pk}/poem.docx").status_code == 404


def test_praise_that_was_given_waits_for_nobodys_answer():
    assert Card(good=True, state="issued").state_word == "已授予"
    assert Card(good=True, state="proposed").state_word == "待决定"
    assert Card(state="issued").state_word == "待答复"
