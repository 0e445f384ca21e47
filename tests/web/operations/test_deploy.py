"""What deploy/ says holds: the units, the proxy's file, a sub-path, logs and metrics of a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.platforms import SERVER, Platform, Server

DEPLOY = Path(__file__).parents[3] / "deploy"


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not here")
    return found


def test_the_units_are_such_as_systemd_takes_and_are_hardened(tmp_path: Path) -> None:
    program = needs("systemd-analyze")
    for unit in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = unit.read_text(encoding="utf-8").replace("/opt/saima/bin/saima", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(f) for f in tmp_path.iterdir()]
    found = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    looked = subprocess.run(
        [program, "security", "--offline=true", "--threshold=30", str(tmp_path / "saima.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert looked.returncode == 0, looked.stdout[-500:]


def test_every_setting_of_the_example_is_one_that_the_platform_knows() -> None:
    known = (DEPLOY.parent / "src/saima_web/site/settings.py").read_text(encoding="utf-8")
    named = re.findall(r"SAIMA_\w+", (DEPLOY / "saima.env.example").read_text(encoding="utf-8"))
    assert [n for n in named if f"\n{n} " not in known] == []


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    program = needs("nginx")
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"listen 443 ssl;|ssl_certificate(_key)? .*;", "", text)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {text} }}", encoding="utf-8")
    subprocess.run([program, "-t", "-c", str(whole)], check=True, capture_output=True)


def test_the_image_is_built_from_files_that_exist() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    sources = [w for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.M) for w in line.split()]
    assert len(sources) >= 7
    assert [s for s in sources if not (DEPLOY.parent / s).exists()] == []
    assert re.search(r"^USER saima$", text, re.M)


def test_a_server_under_a_sub_path_keeps_to_it(platform: Platform) -> None:
    """With its JSON log and the numbers of both workers, on the way."""
    settings = {"SAIMA_PREFIX": "/saima", "SAIMA_LOG": "json"}
    with platform.serving("--workers", "2", **settings) as server:
        status, page = server.get("/login/")
        assert status == 200
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert len(links) > 3
        assert [link for link in links if not link.startswith("/saima/")] == []
        assert "--s-paper" in server.get("/static/ui/tokens.css")[1]
        for link in links:
            assert server.get(urlsplit(link.removeprefix("/saima")).path)[0] == 200, link
        inside = Server.__new__(Server)
        inside.__dict__ = server.__dict__ | {"address": server.address.removesuffix("/saima")}
        assert inside.get("/login/")[0] == 200, "a proxy may take the sub-path off"
        assert inside.get("/saimaxyz/")[0] == 404
        for _ in range(8):
            server.get("/healthz")
        asked = server.get("/metrics")[1]
    assert 'saima_requests_total{method="GET",page="healthz",status="200"} 8.0' in asked
    assert "saima_database_up 1.0" in asked
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line[0] == "{"]
    pages = [line["page"] for line in lines if line["logger"] == "saima.requests"]
    assert {"people:login", "healthz", "operations:metrics"} <= set(pages)
    plain = [line for line in server.log.read_text().splitlines() if line[0] != "{"]
    assert len(plain) <= 1, plain  # what saima says to whoever started it


def put_away(platform: Platform, away: bool) -> None:
    """Take the database from under a running server, or bring it back."""
    other = f"{platform.name}_away"
    if SERVER:
        old, new = (platform.name, other) if away else (other, platform.name)
        platform.order(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{old}'"
        )
        platform.order(f"ALTER DATABASE {old} RENAME TO {new}")
        return
    kept = platform.folder / "kept"
    kept.mkdir(exist_ok=True)
    if away:
        for file in list(platform.folder.glob("saima.sqlite3*")):
            file.rename(kept / file.name)
        platform.file.mkdir()
    else:
        platform.file.rmdir()
        for file in list(kept.iterdir()):
            file.rename(platform.folder / file.name)


def test_a_database_that_goes_away_under_a_server_is_told_and_comes_back(
    platform: Platform,
) -> None:
    cookie = {"Cookie": "saima_session=abcdefghijklmnopqrstuvwxyz012345"}
    with platform.serving("--workers", "1") as server:
        assert server.get("/readyz") == (200, "ok\n")
        put_away(platform, True)
        try:
            assert server.get("/readyz") == (503, "database\n")
            assert server.get("/healthz") == (200, "ok\n")
            status, page = server.get("/", **cookie)
            assert status == 503
            assert "数据库暂时连不上" in page
            assert "Traceback" not in page
            assert "saima_database_up 0.0" in server.get("/metrics")[1]
        finally:
            put_away(platform, False)
        assert server.get("/readyz") == (200, "ok\n")
        assert server.get("/", **cookie)[0] == 200


def test_a_server_without_its_database_does_not_start_and_says_why(platform: Platform) -> None:
    answer = platform.saima("serve", SAIMA_DATABASE="postgresql://saima@127.0.0.1:9/none")
    assert answer.returncode == 2
    assert "打不开数据库" in answer.stderr
    assert "Traceback" not in answer.stderr
