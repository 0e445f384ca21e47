"""The administrator's page, metrics, logs and the pages of failures."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from saima_web.audit.actions import writing
from saima_web.audit.models import Entry
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.base.clock import now
from saima_web.jobs.models import JobRun
from saima_web.messaging.models import Channel, Delivery
from saima_web.operations import failures, queries
from saima_web.operations.logs import JsonLines
from saima_web.operations.queries import Check
from saima_web.operations.serving import COUNTS, counting_together
from saima_web.people.models import User
from tests.web.cast import House

As = Callable[[User], Client]


def checks() -> dict[str, Check]:
    return {check.title: check for check in queries.state()}


def backed_up() -> None:
    with writing(None) as ledger:
        ledger.record("backup.made", "backup", file="saima-20261122-010000.tar", bytes=2_000_000)


def job(name: str, *, failed: bool = False, ended: bool = True, hours: float = 1) -> None:
    began = now() - timedelta(hours=hours)
    JobRun.objects.create(
        job=name, due_at=began, began_at=began, ended_at=began if ended else None,
        failed=failed, outcome="OSError: no space" if failed else "通过",
    )  # fmt: skip


# ── the page ──


def test_a_well_kept_house_is_all_well(house: House, as_user: As) -> None:
    backed_up()
    verify_and_keep()
    job("audit.verify")
    wrong = [c for c in queries.state() if c.state != "ok" and c.title != "磁盘"]
    assert wrong == []
    page = as_user(house.admin).get("/operations/").content.decode()
    assert "运行正常" in page
    assert "saima-20261122-010000.tar" in page


def test_a_neglected_house_says_what_is_wrong_and_what_to_do(house: House, as_user: As) -> None:
    job("audit.verify", failed=True, hours=30)
    job("reporting.open-rounds", ended=False, hours=40)
    channel = Channel.objects.create(name="短信", kind="http")
    Delivery.objects.create(channel=channel, state="failed", made_at=now(), due_at=now())
    found = checks()
    bad = {title for title, check in found.items() if check.state == "bad"}
    assert bad == {"定时作业", "校验账本", "对外消息", "最近的备份"}
    assert found["按日历开启填报"].state == "attention"
    assert found["账本"].state == "attention"
    assert all(found[title].todo for title in bad)
    page = as_user(house.admin).get("/operations/").content.decode()
    assert "4处要处理" in page
    assert "saima backup" in page


def test_a_broken_ledger_and_missing_tables_are_told(house: House) -> None:
    backed_up()
    Entry._base_manager.filter(number=1).update(subject="bent")
    verify_and_keep()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    found = checks()
    assert (found["账本"].state, found["数据库的表"].state) == ("bad", "bad")


def test_a_clock_set_back_is_told_and_the_chain_stays_whole(house: House) -> None:
    backed_up()
    with clock.at(now() - timedelta(days=3)):
        assert checks()["时钟"].state == "bad"
        backed_up()
        assert verify_and_keep().sound
    assert checks()["时钟"].state == "ok"


@pytest.mark.parametrize("who", ["office", "leader", "clerk", "viewer"])
def test_only_the_administrator_sees_it(house: House, as_user: As, who: str) -> None:
    assert as_user(getattr(house, who)).get("/operations/").status_code == 403
    assert as_user(house.admin).get("/operations/").status_code == 200


# ── metrics ──


def test_metrics_are_for_this_host_or_with_the_token(house: House) -> None:
    backed_up()
    here, away = Client(), Client(REMOTE_ADDR="10.1.2.3")
    text = here.get("/metrics").content.decode()
    assert "saima_ledger_entries " in text
    assert "saima_database_up 1.0" in text
    assert "saima_backup_timestamp_seconds " in text
    assert (
        'saima_requests_total{method="GET",page="operations:metrics"'
        in here.get("/metrics").content.decode()
    )
    assert away.get("/metrics").status_code == 403
    assert here.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    with override_settings(SAIMA_METRICS_TOKEN="a-token", SAIMA_METRICS_FROM=["10.1.2.4"]):
        assert away.get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200
        assert away.get("/metrics", headers={"Authorization": "Bearer a-tokem"}).status_code == 403
        assert Client(REMOTE_ADDR="10.1.2.4").get("/metrics").status_code == 200
    assert away.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


def test_metrics_name_nobody(house: House, as_user: As) -> None:
    as_user(house.clerk).get("/operations/")
    text = Client().get("/metrics").content.decode()
    assert [u.name for u in User.objects.all() if u.name in text] == []


# ── logs ──


def line(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(JsonLines().format(record)))


def test_a_log_line_of_another_library_does_not_show_what_was_put_in() -> None:
    record = logging.LogRecord(
        "axes.handlers", logging.WARNING, "x.py", 1, "failure by %s", ("沈知禾",), None
    )
    assert line(record)["message"] == "failure by %s"
    own = logging.LogRecord("saima.jobs", logging.INFO, "x.py", 1, "job %s", ("audit",), None)
    assert line(own)["message"] == "job audit"


def test_an_error_is_logged_with_its_places_without_its_words() -> None:
    try:
        raise ValueError("沈知禾 reported 12345.67")
    except ValueError as error:
        trouble = (ValueError, error, error.__traceback__)
    found = line(logging.LogRecord("saima", logging.ERROR, "x.py", 1, "failed", (), trouble))
    assert found["error"] == "ValueError"
    assert "test_state.py" in str(found["places"])
    assert "12345" not in str(found)
    assert "沈知禾" not in str(found)


def test_every_answer_has_a_number_and_a_line_by_user_id(
    house: House, as_user: As, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "saima.requests"):
        answer = as_user(house.admin).get("/operations/?q=沈知禾")
    [record] = [r for r in caplog.records if r.name == "saima.requests"]
    found = line(record)
    assert found["request"] == answer["X-Request-Id"]
    assert (found["page"], found["status"], found["user"]) == (
        "operations:state", 200, house.admin.pk,
    )  # fmt: skip
    assert "沈知禾" not in json.dumps(found, ensure_ascii=False)
    kept = Client().get("/healthz", headers={"X-Request-Id": "proxy-12345"})
    assert kept["X-Request-Id"] == "proxy-12345"
    assert Client().get("/healthz", headers={"X-Request-Id": "a b"})["X-Request-Id"] != "a b"


# ── failures ──


def away(*_: object) -> None:
    raise OperationalError("connection to server failed: Connection refused")


def full(*_: object) -> None:
    raise OperationalError("database or disk is full")


def locked(*_: object) -> None:
    raise OperationalError("database is locked")


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def bug(*_: object) -> None:
    raise KeyError("沈知禾")


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (away, 503, "数据库暂时连不上"), (full, 503, "磁盘满了"), (locked, 503, "现在太忙"),
        (no_space, 503, "磁盘满了"), (bug, 500, "系统出了差错"),
    ],
)  # fmt: skip
def test_a_failure_has_a_page_of_words(
    house: House, as_user: As, monkeypatch: pytest.MonkeyPatch,
    failure: Callable[..., None], status: int, words: str,
) -> None:  # fmt: skip
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    client = as_user(house.admin)
    client.raise_request_exception = False
    monkeypatch.setattr(queries, "state", failure)
    answer = client.get("/operations/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "沈知禾" not in answer.content.decode()
    if status == 503:
        assert answer["X-Request-Id"] in answer.content.decode()
        assert answer["Retry-After"] == "30"
        asked = client.get("/operations/", headers={"Accept": "application/json"})
        assert asked.json()["problem"]["code"] == "unavailable"


def test_a_request_that_is_too_large_is_refused_before_it_is_read(db: None) -> None:
    answer = Client().post("/login/", CONTENT_LENGTH=str(65 * 1024 * 1024))
    assert answer.status_code == 413
    assert "最多发64MB" in answer.content.decode()
    assert Client().post("/login/", {}).status_code == 200


def test_a_wrong_statement_is_a_bug_and_no_passing_failure() -> None:
    from django.db import ProgrammingError

    assert failures.said(ProgrammingError("no such column")) == ("", "")


# ── servers that count ──

COUNTS_UNTIL_TOLD = (
    "from saima_web.operations.serving import COUNTS, counting_together as c\n"
    "import os\n"
    "with c(1):\n    print(os.environ[COUNTS], flush=True); input()\n"
)


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another server at the same port, and the folder it counts in."""
    pipe = subprocess.PIPE
    server = subprocess.Popen(
        [sys.executable, "-c", COUNTS_UNTIL_TOLD], stdin=pipe, stdout=pipe, text=True
    )
    with server:
        assert server.stdout is not None
        yield server, Path(server.stdout.readline().strip())
        server.kill()


def test_a_server_that_still_ends_leaves_its_successors_counts(
    other: tuple[subprocess.Popen[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COUNTS, "")
    server, theirs = other
    with counting_together(1):
        ours = Path(os.environ[COUNTS])
        server.communicate("\n")
        assert ours.is_dir() and not theirs.exists()
    assert not ours.exists()


def test_what_a_killed_server_counted_goes_with_the_next_start(
    other: tuple[subprocess.Popen[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COUNTS, "")
    server, theirs = other
    with counting_together(1):
        assert theirs.is_dir()
    server.kill()
    server.wait()
    with counting_together(1):
        assert not theirs.exists()
