"""Three separated administrators, the log-in notice, and what the ledger keeps of log-ins."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.actions import writing
from saima_web.audit.erasing import KEPT, erase
from saima_web.audit.models import Entry, PersonalText
from saima_web.base import clock
from saima_web.people import actions, log_ins, safeguards
from saima_web.people.models import ADMINISTRATORS, LoginSession, Role, User
from saima_web.people.permissions import RULES, may
from tests.web.cast import PASSWORD, House

As = Callable[[User], Client]
SOURCE = Path(__file__).parents[3] / "src" / "saima_web"


@pytest.fixture
def separated(house: House) -> House:
    safeguards.separate(by=house.admin)
    return fresh(house)


def fresh(house: House) -> House:
    """The same people as a later request finds them."""
    house.people = {name: User.objects.get(pk=u.pk) for name, u in house.people.items()}
    return house


# ── What each of the three may ──


def test_no_action_that_changes_something_is_open_to_two_of_the_three() -> None:
    looking = {name for name in RULES if name.endswith(".see")} | {"rulebooks.see"}
    for name, rule in RULES.items():
        both = set(rule.reach) & {Role.SYSTEM, Role.SECURITY, Role.AUDIT}
        assert len(both) <= 1 or name in looking or ".see" in name or "-see" in name, name


def test_audit_administrator_changes_nothing(house: House) -> None:
    allowed = {name for name in RULES if may(house.auditor, name)}
    assert {"audit.see", "log-ins.see", "people.see"} <= allowed
    assert all("see" in name for name in allowed), allowed


def test_system_administrator_manages_units_and_channels_but_nobodys_rights(house: House) -> None:
    for action in ("units.manage", "campaign.manage", "messages.manage", "operations.see"):
        assert may(house.system, action)
    for action in ("people.manage", "audit.see", "log-ins.see"):
        assert not may(house.system, action)


def test_security_administrator_manages_rights_but_neither_units_nor_the_ledger(
    house: House,
) -> None:
    assert may(house.security, "people.manage")
    for action in ("units.manage", "campaign.manage", "messages.manage", "audit.see"):
        assert not may(house.security, action)


# ── Separating them ──


def test_separating_ends_the_administrator_of_everything(separated: House, as_user: As) -> None:
    assert not may(separated.admin, "people.manage")
    assert as_user(separated.admin).get("/people/").status_code == 403
    events = list(Entry.objects.values_list("event", flat=True))
    assert events == ["administrators.separated", "post.ended"]


def test_separating_waits_until_there_are_three(house: House) -> None:
    house.auditor.posts.all().delete()
    with pytest.raises(Refused, match="没有在用的审计管理员"):
        safeguards.separate(by=house.admin)
    assert may(house.admin, "people.manage")


def test_separating_waits_while_one_person_is_two_of_the_three(house: House) -> None:
    actions.give_post(user=house.system, role=Role.AUDIT, by=house.admin)
    with pytest.raises(Refused, match="不能兼任两员"):
        safeguards.separate(by=house.admin)


def test_before_separating_one_person_may_be_two(house: House) -> None:
    actions.give_post(user=house.system, role=Role.SECURITY, by=house.admin)
    assert may(User.objects.get(pk=house.system.pk), "people.manage")


def test_separating_twice_is_refused(separated: House) -> None:
    with pytest.raises(Refused, match="已经实行三员分立"):
        safeguards.separate(by=separated.security)


def test_neither_system_nor_audit_administrator_separates(house: House) -> None:
    for by in (house.system, house.auditor, house.office):
        with pytest.raises(Refused, match="管理用户"):
            safeguards.separate(by=by)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.AUDIT])
def test_nobody_becomes_a_second_of_the_three(separated: House, role: str) -> None:
    other = separated.system if role == Role.AUDIT else separated.auditor
    with pytest.raises(Refused, match="不能兼任两员"):
        actions.give_post(user=other, role=role, by=separated.security)


def test_also_not_from_a_day_to_come(separated: House) -> None:
    later = clock.today() + timedelta(days=30)
    with pytest.raises(Refused, match="不能兼任两员"):
        actions.give_post(
            user=separated.system, role=Role.AUDIT, valid_from=later, by=separated.security
        )


def test_security_administrator_gives_others_roles_but_not_oneself(separated: House) -> None:
    actions.give_post(user=separated.stranger, role=Role.AUDIT, by=separated.security)
    for role in (Role.OFFICE, Role.SYSTEM, Role.VIEWER):
        with pytest.raises(Refused, match="不能给自己加角色"):
            actions.give_post(user=separated.security, role=role, by=separated.security)
    assert separated.security.posts.count() == 1


def test_nobody_becomes_administrator_of_everything_again(separated: House) -> None:
    with pytest.raises(Refused, match="不再设综合管理员"):
        actions.give_post(user=separated.stranger, role=Role.ADMINISTRATOR, by=separated.security)


def test_a_deputy_of_one_cannot_be_another(separated: House) -> None:
    with pytest.raises(Refused, match="不能兼任两员"):
        actions.give_deputy(
            post=separated.auditor.posts.get(), deputy=separated.system, since=clock.today(),
            until=clock.today(), by=separated.security,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["system", "security", "auditor"])
def test_the_last_of_each_of_the_three_stays(separated: House, name: str) -> None:
    last = separated.people[name]
    with pytest.raises(Refused, match="最后一位"):
        actions.end_post(post=last.posts.get(), by=separated.security)
    with pytest.raises(Refused, match="最后一位"):
        actions.set_active(user=last, active=False, by=separated.security)
    actions.give_post(user=separated.stranger, role=last.posts.get().role, by=separated.security) \
        if name != "security" else None  # fmt: skip
    if name != "security":
        actions.end_post(post=last.posts.get(), by=separated.security)
        assert last.posts.get().valid_to < clock.today()


def test_the_three_hold_everywhere_whatever_was_asked(house: House) -> None:
    post = actions.give_post(
        user=house.stranger, role=Role.AUDIT, campaign=house.campaign, unit=house.units["E1"],
        by=house.admin,
    )  # fmt: skip
    assert (post.campaign, post.unit, post.categories) == (None, None, [])


def test_audit_administrator_sees_who_gave_what_to_whom(separated: House, as_user: As) -> None:
    actions.give_post(user=separated.stranger, role=Role.VIEWER, by=separated.security)
    page = as_user(separated.auditor).get("/ledger/?of=administrators").content.decode()
    assert separated.security.name in page
    assert f"user/{separated.stranger.pk}" in page
    assert "viewer" in page


def test_the_page_separates_after_asking(house: House, as_user: As) -> None:
    page = as_user(house.admin).get("/people/safeguards/").content.decode()
    assert "没有实行三员分立" in page
    assert "程运维" in page
    as_user(house.admin).post("/people/safeguards/separate/")
    page = as_user(house.security).get("/people/safeguards/").content.decode()
    assert "没有综合管理员" in page


def test_every_administrators_role_is_among_them() -> None:
    assert set(ADMINISTRATORS) == {"administrator", "system", "security", "audit"}


# ── The log-in notice ──


def test_the_log_in_page_says_what_must_not_be_entered(db: None) -> None:
    assert "不得存储、处理、传输国家秘密" in Client().get("/login/").content.decode()


def test_a_new_notice_is_shown_until_taken_note_of_once(house: House, as_user: As) -> None:
    assert "知道了" not in as_user(house.clerk).get("/account/").content.decode()
    safeguards.set_notice(text="只办公开事项<b>。", by=house.admin)
    assert "只办公开事项&lt;b&gt;" in Client().get("/login/").content.decode()
    house.clerk.refresh_from_db()
    client = as_user(house.clerk)
    for _ in range(2):
        assert "只办公开事项&lt;b&gt;" in client.get("/account/").content.decode()
    assert client.post("/account/notice/", {"next": "/account/"})["Location"] == "/account/"
    assert "只办公开事项" not in client.get("/account/").content.decode()
    house.clerk.refresh_from_db()
    assert "只办公开事项" not in as_user(house.clerk).get("/account/").content.decode()
    assert Entry.objects.filter(event="log-in-notice.accepted", actor=house.clerk).count() == 1


def test_taking_note_leads_to_no_strange_site(house: House, as_user: As) -> None:
    answer = as_user(house.clerk).post("/account/notice/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_only_who_manages_users_changes_the_notice(house: House) -> None:
    for by in (house.system, house.auditor, house.office):
        with pytest.raises(Refused, match="管理用户"):
            safeguards.set_notice(text="别的", by=by)


# ── Log-ins in the ledger ──


def test_coming_and_going_stand_in_the_ledger(house: House) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    client.post("/logout/")
    kept = list(Entry.objects.values_list("event", "actor", "subject"))
    mine = (house.clerk.pk, f"user/{house.clerk.pk}")
    assert kept == [("log-in.succeeded", *mine), ("log-in.ended", *mine)]


def test_a_failure_is_kept_without_what_was_typed(house: House) -> None:
    secret = "my-password-by-mistake"
    for name in ("clerk", secret):
        Client().post("/login/", {"username": name, "password": secret})
    rows = list(Entry.objects.all())
    assert [r.subject for r in rows] == [f"user/{house.clerk.pk}", "user/?"]
    assert not PersonalText.objects.exists()
    assert all(
        secret not in str((r.data, r.subject)) and "127.0.0.1" not in str(r.data) for r in rows
    )


def test_guessing_does_not_fill_the_ledger(house: House) -> None:
    for _ in range(log_ins.FAILURES_KEPT + 5):
        log_ins.failed(house.clerk, "password")
    assert Entry.objects.count() == log_ins.FAILURES_KEPT
    log_ins.failed(house.head, "password")
    assert Entry.objects.count() == log_ins.FAILURES_KEPT + 1


def test_log_ins_are_shown_to_audit_but_not_to_the_office(house: House, as_user: As) -> None:
    Client().post("/login/", {"username": "clerk", "password": PASSWORD})
    assert "log-in.succeeded" in as_user(house.auditor).get("/ledger/").content.decode()
    assert "log-in.succeeded" not in as_user(house.office).get("/ledger/").content.decode()
    page = as_user(house.office).get("/ledger/?event=log-in").content.decode()
    assert "log-in.succeeded" not in page


# ── Kept for half a year and longer ──


def test_entries_cannot_be_deleted_or_changed(house: House) -> None:
    log_ins.failed(house.clerk, "password")
    row = Entry.objects.get()
    for attempt in (
        row.delete, Entry.objects.all().delete, lambda: Entry.objects.update(event="other")
    ):  # fmt: skip
        with pytest.raises(Refused, match="不能删除"):
            attempt()
    assert Entry.objects.get().event == "log-in.failed"


def test_a_user_with_entries_cannot_be_deleted(house: House) -> None:
    from django.db.models import ProtectedError

    Client().post("/login/", {"username": "clerk", "password": PASSWORD})
    with pytest.raises(ProtectedError):
        house.clerk.delete()


def test_words_about_users_are_not_erased_within_half_a_year(house: House) -> None:
    actions.change_user(user=house.clerk, by=house.admin, phone="8800")
    subject = f"user/{house.clerk.pk}"
    assert erase(subjects=[subject], campaign="", reason="要求", by=house.admin) == 0
    assert PersonalText.objects.get().text
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        assert erase(subjects=[subject], campaign="", reason="要求", by=house.admin) == 1
    assert not PersonalText.objects.get().text


def test_other_personal_words_are_erased_at_once(house: House) -> None:
    with writing(house.office) as ledger:
        ledger.record("contribution.recorded", "contribution/1", personal="某人某事")
    assert erase(subjects=["contribution/1"], campaign="race", reason="要求", by=house.office) == 1


def test_ending_a_log_in_does_not_end_its_record(house: House) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    client.get("/account/")
    actions.end_sessions(user=house.clerk, by=house.admin)
    assert not LoginSession.objects.exists()
    assert Entry.objects.filter(event="log-in.succeeded").count() == 1


def test_no_statement_of_the_product_deletes_from_the_ledger() -> None:
    words = re.compile(r"(DELETE\s+FROM|TRUNCATE)\s+\"?audit_|_base_manager|_raw_delete", re.I)
    found = [p for p in SOURCE.rglob("*.py") if words.search(p.read_text("utf-8"))]
    assert found == []
