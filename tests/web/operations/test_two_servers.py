"""Two servers with a scheduler each on one database and one folder: one dies under load."""

from __future__ import annotations

import http.client
import json
import threading
import time

import pytest

from tests.web.operations.writers import TOKEN, WRITERS, Writer, post
from tests.web.platforms import Platform, Server

Filled = tuple[Platform, int, list[tuple[int, str]]]
ADDRESS = "/c/race/cells/save/"
BOUNDARY = "a-line-between-parts"


def attach(port: int, entry: int, session: str, content: bytes) -> int:
    """Attach a file to a cell; the status."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="proof.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-CSRFToken": TOKEN,
        "Cookie": f"saima_csrf={TOKEN}; saima_session={session}",
    }  # fmt: skip
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", f"/c/race/cells/{entry}/evidence/", body, headers)
    return line.getresponse().status


def wait_for_jobs(platform: Platform) -> None:
    """Until the two schedulers between them have done what was due at their start."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        [(begun, ended)] = platform.sql("SELECT count(*), count(ended_at) FROM jobs_jobrun")
        if begun == ended >= 4:
            return
        time.sleep(1)
    raise AssertionError("the jobs did not end")


def end_session(platform: Platform, session: str) -> None:
    platform.sql(f"DELETE FROM django_session WHERE session_key = '{session}'")


def load(writers: list[Writer], one: Server) -> None:
    """All of them save for a while; in the midst of it one server is killed, scheduler and all."""
    over = threading.Event()
    threads = [threading.Thread(target=w.work, args=(over,)) for w in writers]
    for thread in threads:
        thread.start()
    time.sleep(6)
    one.kill()
    time.sleep(8)
    over.set()
    for thread in threads:
        thread.join(timeout=240)
    assert all(not thread.is_alive() for thread in threads)


@pytest.mark.proof
def test_one_of_two_servers_dies_and_nothing_is_lost_nor_a_job_run_twice(filled: Filled) -> None:
    platform, round, people = filled
    (entry, session), content = people[0], b"%PDF-1.4 kept by either"
    with platform.serving("--workers", "1") as one, platform.serving("--workers", "1") as other:
        for server in (one, other):
            server.get("/healthz", patience=120)
        assert attach(one.port, entry, session, content) == 200
        wait_for_jobs(platform)
        ports = [[one.port, other.port], [other.port, one.port]]
        writers = [Writer(n, round, e, s, ports[n % 2]) for n, (e, s) in enumerate(people)]
        load(writers, one)
        [(file,)] = platform.sql("SELECT id FROM reporting_evidence")
        cookie = {"Cookie": f"saima_session={session}"}
        status, kept = other.get(f"/c/race/evidence/{file}/", **cookie)
        assert (status, kept.encode()) == (200, content)
        end_session(platform, session)
        assert "登录赛马" in other.get(f"/c/race/evidence/{file}/", **cookie)[1]
    acknowledged = sum(len(w.sent) for w in writers)
    print(f"{acknowledged} saves acknowledged, {sum(w.again for w in writers)} sent again")
    assert [t for w in writers for t in w.trouble] == []
    assert acknowledged > 3 * WRITERS
    for writer in writers:
        rows = platform.sql(
            "SELECT f.value FROM reporting_figure f JOIN people_unit u ON u.id = f.unit_id"
            f" WHERE u.code = 'W{writer.number}' ORDER BY f.id"
        )
        assert [value for (value,) in rows] == writer.sent
    noted = platform.sql("SELECT count(*) FROM audit_entry WHERE event = 'figure.reported'")
    assert noted == [(acknowledged,)]
    runs = platform.sql("SELECT job, count(*) FROM jobs_jobrun GROUP BY job")
    assert len(runs) >= 4
    assert {number for _job, number in runs} == {1}
    assert platform.sql("SELECT count(*) FROM audit_verification") == [(1,)]
    assert platform.saima("audit", "verify").returncode == 0


@pytest.mark.proof
def test_a_session_that_one_server_ends_is_ended_on_the_other(filled: Filled) -> None:
    platform, round, people = filled
    entry, session = people[0]
    row = {"request": "x-1", "entry": entry, "text": "5", "origin": "typed"}
    body = json.dumps({"round": round, "rows": [row]})
    with platform.serving("--workers", "1") as one, platform.serving("--workers", "1") as other:
        for server in (one, other):
            server.get("/healthz", patience=120)
        both = [post(s.port, ADDRESS, body, session)[0] for s in (one, other)]
        assert both == [200, 200]
        rows = platform.sql("SELECT count(*) FROM reporting_figure WHERE request_id = 'x-1'")
        assert rows == [(1,)]
        end_session(platform, session)
        both = [post(s.port, ADDRESS, body, session)[0] for s in (one, other)]
        assert both == [302, 302]
