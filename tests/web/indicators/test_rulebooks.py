"""Rulebooks: drafts, who may write them, publication, and which version a month keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.campaigns.queries import period_in
from saima_web.indicators import rulebook_actions as acts
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.indicators.shown import standing_of
from saima_web.people.models import User
from saima_web.scoring.models import ScoreRun
from tests.web.cast import RULEBOOK, House

LogIn = Callable[[User], Client]


def draft(house: House) -> Rulebook:
    return acts.next_draft(rulebook=house.campaign.rulebooks.get(version=1), by=house.office)


def save(house: House, row: Rulebook, text: str, by: User | None = None) -> bool:
    base = acts.text_digest(row.text)
    return acts.save_draft(rulebook=row, text=text, base=base, what="改", by=by or house.office)


def publish(
    house: House, row: Rulebook, since: str = "2026-12", basis: str = "示例〔2026〕9号"
) -> None:
    acts.publish_rulebook(rulebook=row, effective_from=since, basis=basis, by=house.office)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problem.code


def in_force(house: House, period: str) -> int:
    return rulebook_in_force(house.campaign, period_in(house.campaign, period)).version


def test_next_draft_copies_the_scheme_with_the_next_version(house: House) -> None:
    row = draft(house)
    book = parsed(row.text)[0]
    assert book is not None
    assert (row.version, book.version, row.state) == (2, 2, "draft")
    assert book.tree == parsed(RULEBOOK)[0].tree  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "指标“营业收入”的分值由“60”改为“70”。"),
        ("en", "Indicator “营业收入”: weight changed from “60” to “70”."),
    ],
)
def test_comparison_is_told_in_the_readers_language(
    house: House, as_user: LogIn, language: str, said: str
) -> None:
    row = draft(house)
    assert "weight: 60" in row.text
    save(house, row, row.text.replace("weight: 60", "weight: 70", 1))
    client = as_user(house.office)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("indicators:rulebook-compare", args=["race", row.pk]))
    assert f"<li>{said}</li>" in page.content.decode()


def test_a_scheme_has_one_draft_at_a_time(house: House) -> None:
    draft(house)
    with pytest.raises(Refused) as refused:
        draft(house)
    assert code_of(refused) == "draft-there"


@pytest.mark.parametrize("who", ["clerk", "head", "owner", "leader", "admin", "viewer"])
def test_only_the_office_saves_a_draft(house: House, who: str) -> None:
    row = draft(house)
    with pytest.raises(Refused) as refused:
        save(house, row, row.text + "# 注\n", house.people[who])
    assert code_of(refused) == "not-allowed"


def test_every_save_is_in_the_ledger_and_an_earlier_text_comes_back(house: House) -> None:
    row = draft(house)
    first = row.text
    save(house, row, first.replace("weight: 60", "weight: 70"))
    acts.restore_text(rulebook=row, save=row.saves.get(number=1), by=house.office)
    assert row.text == first
    assert list(row.saves.values_list("number", flat=True)) == [3, 2, 1]
    events = Entry.objects.filter(event="rulebook.saved")
    assert [e.data["text"] for e in events.order_by("number")][-1] == acts.text_digest(first)


def test_two_people_do_not_overwrite_each_other(house: House) -> None:
    row = draft(house)
    seen = acts.text_digest(row.text)
    save(house, row, row.text + "# 甲\n")
    with pytest.raises(Refused) as refused:
        acts.save_draft(rulebook=row, text="乙", base=seen, what="改", by=house.office)
    assert code_of(refused) == "draft-changed-since"
    assert row.text.endswith("# 甲\n")


def test_a_text_with_problems_is_kept_but_not_published(house: House) -> None:
    row = draft(house)
    save(house, row, row.text.replace("method: attainment", "method: attainmnt"))
    with pytest.raises(Refused) as refused:
        publish(house, row)
    assert code_of(refused) == "draft-not-readable"
    assert Rulebook.objects.get(pk=row.pk).state == "draft"


def test_a_draft_cannot_turn_into_another_scheme(house: House) -> None:
    row = draft(house)
    with pytest.raises(Refused) as refused:
        save(house, row, row.text.replace("rulebook: race", "rulebook: other"))
    assert code_of(refused) == "draft-other-version"


def test_publishing_fixes_period_basis_and_digest(house: House) -> None:
    row = draft(house)
    publish(house, row)
    book = parsed(row.text)[0]
    assert book is not None
    assert (book.effective.from_, book.basis) == ("2026-12", "示例〔2026〕9号")
    assert row.digest == book.digest
    assert Entry.objects.get(event="rulebook.published").data["digest"] == row.digest


def test_publishing_needs_a_basis(house: House) -> None:
    with pytest.raises(Refused) as refused:
        publish(house, draft(house), basis=" ")
    assert code_of(refused) == "rulebook-no-basis"


def test_leader_cannot_publish_a_rulebook(house: House) -> None:
    row = draft(house)
    with pytest.raises(Refused) as refused:
        acts.publish_rulebook(rulebook=row, effective_from="2026-12", basis="x", by=house.leader)
    assert code_of(refused) == "not-allowed"


def test_a_published_text_never_changes(house: House) -> None:
    row = draft(house)
    publish(house, row)
    text = row.text
    for change in (
        lambda: save(house, row, text + "# 注\n"),
        lambda: acts.restore_text(rulebook=row, save=row.saves.last(), by=house.office),  # type: ignore[arg-type]
        lambda: publish(house, row),
        lambda: acts.drop_draft(rulebook=row, by=house.office),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert code_of(refused) == "rulebook-published-stays"
    assert Rulebook.objects.get(pk=row.pk).text == text


def test_earlier_months_keep_their_version(house: House) -> None:
    publish(house, draft(house), since="2026-12")
    assert [in_force(house, p) for p in ("2026-01", "2026-11", "2026-12")] == [1, 1, 2]


def test_the_old_version_is_superseded_only_from_the_new_ones_period_on(house: House) -> None:
    old = house.campaign.rulebooks.get(version=1)
    day = now().date()
    later = f"{day.year}-12" if day.month < 12 else f"{day.year + 1}-12"
    publish(house, draft(house), since=later)
    siblings = list(house.campaign.rulebooks.all())
    old.refresh_from_db()
    assert old.state == "published"
    assert standing_of(old, siblings).word == "在用"
    assert standing_of(siblings[-1], siblings).word == "尚未生效"


def test_a_version_in_effect_supersedes_the_old_one_at_once(house: House) -> None:
    publish(house, draft(house), since="2026-10")
    old = house.campaign.rulebooks.get(version=1)
    assert old.state == "superseded"
    assert in_force(house, "2026-09") == 1
    assert standing_of(old, list(house.campaign.rulebooks.all())).word == "已被替代"


def test_a_version_does_not_begin_before_the_one_it_replaces(house: House) -> None:
    publish(house, draft(house), since="2026-10")
    third = acts.next_draft(rulebook=house.campaign.rulebooks.get(version=2), by=house.office)
    with pytest.raises(Refused) as refused:
        publish(house, third, since="2026-09")
    assert code_of(refused) == "rulebook-not-after"


def test_a_month_whose_ranking_is_published_keeps_its_rulebook(house: House) -> None:
    ScoreRun.objects.create(
        campaign=house.campaign, period="2026-09", rulebook=house.campaign.rulebooks.get(),
        state="published", as_of=now(), rulebook_digest="x", input_digest="x", library="0",
        result={}, made_at=now(), published_at=now(),
    )  # fmt: skip
    row = draft(house)
    with pytest.raises(Refused) as refused:
        publish(house, row, since="2026-09")
    assert code_of(refused) == "rulebook-ranked-already"
    publish(house, row, since="2026-10")
    assert in_force(house, "2026-09") == 1


def test_one_official_scheme_ranks_a_campaign(house: House) -> None:
    text = RULEBOOK.replace("rulebook: race", "rulebook: city")
    row = acts.import_rulebook(campaign=house.campaign, text=text, official=True, by=house.office)
    with pytest.raises(Refused) as refused:
        publish(house, row)
    assert code_of(refused) == "rulebook-other-official"


def test_a_scheme_for_comparison_does_not_rank(house: House) -> None:
    text = RULEBOOK.replace("rulebook: race", "rulebook: city")
    row = acts.import_rulebook(campaign=house.campaign, text=text, official=False, by=house.office)
    publish(house, row, since="2026-01")
    assert rulebook_in_force(house.campaign, period_in(house.campaign, "2026-09")).name == "race"


def test_before_the_first_version_there_is_none_in_force(house: House) -> None:
    house.campaign.rulebooks.update(
        text=RULEBOOK.replace("from: 2026-01", "from: 2026-05"), effective_from="2026-05"
    )
    with pytest.raises(Refused) as refused:
        in_force(house, "2026-04")
    assert code_of(refused) == "no-rulebook-in-force"


def test_importing_a_known_scheme_makes_its_next_version(house: House, as_user: LogIn) -> None:
    upload = SimpleUploadedFile("办法.yaml", RULEBOOK.encode())
    address = reverse("indicators:rulebook-import", args=["race"])
    answer = as_user(house.office).post(address, {"file": upload, "official": "on"})
    assert answer.status_code == 302
    assert house.campaign.rulebooks.get(state="draft").version == 2


def test_an_import_with_problems_names_the_lines_and_keeps_nothing(
    house: House, as_user: LogIn
) -> None:
    text = RULEBOOK.replace("weight: 60", "weigth: 60")
    address = reverse("indicators:rulebook-import", args=["race"])
    page = as_user(house.office).post(address, {"text": text}).content.decode()
    assert 'data-line="12"' in page
    assert "weigth" in page
    assert not house.campaign.rulebooks.filter(state="draft").exists()


def test_clerk_reads_the_published_scheme_but_not_the_draft(house: House, as_user: LogIn) -> None:
    row, client = draft(house), as_user(house.clerk)
    published = house.campaign.rulebooks.get(version=1)
    text = client.get(reverse("indicators:rulebook-text", args=["race", published.pk]))
    assert "第一章　总则" in text.content.decode()
    assert client.get(reverse("indicators:rulebook", args=["race", row.pk])).status_code == 404
    assert (
        client.post(reverse("indicators:rulebook-next", args=["race", row.pk])).status_code == 403
    )


def test_exported_yaml_reads_back_as_the_same_scheme(house: House, as_user: LogIn) -> None:
    row = house.campaign.rulebooks.get()
    answer = as_user(house.viewer).get(reverse("indicators:rulebook-yaml", args=["race", row.pk]))
    assert parsed(answer.content.decode())[0] == parsed(RULEBOOK)[0]


def test_samples_can_be_imported_as_they_are(house: House, as_user: LogIn) -> None:
    from saima_web.indicators.samples import SAMPLES, sample_text

    for key in SAMPLES:
        book, problems = parsed(sample_text(key, house.campaign))
        assert not problems, key
        assert book is not None


def test_a_file_with_bytes_that_no_text_has_is_refused(house: House, as_user) -> None:
    client, before = as_user(house.office), house.campaign.rulebooks.count()
    file = SimpleUploadedFile("办法.yaml", RULEBOOK.encode() + b"\0")
    page = client.post("/c/race/rulebooks/import/", {"file": file}).content.decode()
    assert "不是UTF-8编码的文本" in page
    assert house.campaign.rulebooks.count() == before
