"""deploy/nginx.conf as it stands, in front of a server: at a host's root and under a sub-path."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from saima_web.site.wsgi import behind
from tests.web.platforms import PASSWORD, Platform

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "nginx.conf"
READER = "127.0.0.2"
"""Where the reader sits: not where the proxy does."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def proxy(folder: Path, inner: int) -> Iterator[int]:
    """nginx with the file of deploy/; only ports and the certificate's place are others."""
    program, outer = shutil.which("nginx"), free_port()
    if program is None:
        pytest.skip("nginx is not here")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=portal.example", "-keyout", folder / "key", "-out", folder / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = CONFIGURATION.read_text(encoding="utf-8")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{outer} ssl")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{inner}")
    text = re.sub(r"(ssl_certificate_key +)\S+;", rf"\1{folder}/key;", text)
    text = re.sub(r"(ssl_certificate +)\S+;", rf"\1{folder}/cert;", text)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{text}\n}}",
        encoding="utf-8",
    )
    process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        yield outer
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Reader:
    """A browser at another address, which keeps cookies and tells nobody's address but its own."""

    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str, str]:
        """Status, where it points to, words."""
        context = ssl._create_unverified_context()
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(READER, 0), context=context
        )
        sent = headers | {
            "Host": self.host, "Referer": f"https://{self.host}/", "X-Forwarded-For": "203.0.113.9",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }  # fmt: skip
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was all sent
            line.request(method, path, body or None, sent)
        answer = line.getresponse()
        for text in answer.headers.get_all("Set-Cookie") or []:
            self.raw.append(text)
            self.cookies |= {name: m.value for name, m in SimpleCookie(text).items()}
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def post(self, path: str, **form: str) -> tuple[int, str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form).encode(), **kind)


def log_in(reader: Reader, prefix: str) -> str:
    """Through the page and its form; the page that follows."""
    status, to, _ = reader.ask("GET", f"{prefix}/")
    assert (status, urlsplit(to).path) == (302, f"{prefix}/login/")
    page = reader.ask("GET", f"{prefix}/login/")[2]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    form = {"csrfmiddlewaretoken": found[1], "username": "admin", "password": PASSWORD}
    status, to, said = reader.post(f"{prefix}/login/", **form)
    assert status == 302, said[-500:]
    assert urlsplit(to).path.startswith(f"{prefix}/")
    for _ in range(3):
        status, to, page = reader.ask("GET", urlsplit(to).path)
        if status == 200:
            return page
    raise AssertionError(f"{status} {to}")


@pytest.mark.proof
@pytest.mark.parametrize(("host", "prefix"), [("portal.example", "/saima"), ("saima.example", "")])
def test_people_work_through_the_proxy_of_the_recipe(
    platform: Platform, tmp_path: Path, host: str, prefix: str
) -> None:
    settings = {"SAIMA_HOSTS": host, "SAIMA_ORIGINS": f"https://{host}", "SAIMA_HTTPS": "1"}
    folder = tmp_path / "proxy"
    folder.mkdir()
    with (
        platform.serving("--workers", "1", **settings, SAIMA_PREFIX=prefix) as server,
        proxy(folder, server.port) as port,
    ):
        server.get("/healthz", patience=150, Host=host)
        reader, end = Reader(port, host), time.monotonic() + 120
        while time.monotonic() < end:
            with suppress(ConnectionRefusedError):
                if reader.ask("GET", f"{prefix}/healthz")[0] == 200:
                    break
            time.sleep(0.2)
        if prefix:
            status, to, _ = reader.ask("GET", prefix)
            assert (status, urlsplit(to).path) == (301, f"{prefix}/")
        page = log_in(reader, prefix)
        assert "江启明" in page
        assert all("Secure" in text for text in reader.raw)
        assert all(f"Path={prefix or '/'}" in text for text in reader.raw)
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert [link for link in links if not link.startswith(f"{prefix}/")] == []
        static = [link for link in links if "/static/" in link]
        assert len(static) > 4
        assert {reader.ask("GET", link)[0] for link in static} == {200}
        assert reader.ask("GET", f"{prefix}/metrics")[0] == 404
        large = b"x" * (65 * 1024 * 1024)
        assert reader.ask("POST", f"{prefix}/login/", large)[0] == 413
        assert reader.ask("POST", f"{prefix}/login/", large[: 2 << 20])[0] == 403
    addresses = platform.sql("SELECT DISTINCT address FROM people_loginsession")
    assert [str(address) for (address,) in addresses] == [READER]


def seen(proxies: str, peer: str, told: str | None) -> str:
    """The address that the application is given."""
    found: list[str] = []

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        found.append(environ["REMOTE_ADDR"])
        return []

    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": told} if told else {})
    behind(proxies, application)(environ, lambda *_: None)
    return found[0]


def test_the_readers_address_comes_from_our_proxy_and_from_nobody_else() -> None:
    assert seen("127.0.0.1", "127.0.0.1", "10.1.2.3") == "10.1.2.3"
    assert seen("127.0.0.1", "127.0.0.1", "203.0.113.9, 10.1.2.3") == "10.1.2.3"
    assert seen("10.0.0.1, 10.0.0.2", "10.0.0.2", "2001:db8::7") == "2001:db8::7"
    assert seen("*", "10.9.9.9", "10.1.2.3") == "10.1.2.3"
    assert seen("127.0.0.1", "10.1.2.4", "10.1.2.3") == "10.1.2.4"
    assert seen("127.0.0.1", "127.0.0.1", "unknown") == "127.0.0.1"
    assert seen("127.0.0.1", "127.0.0.1", None) == "127.0.0.1"
