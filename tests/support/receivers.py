"""Receivers that listen on this machine, so that what is sent out is really sent and received."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Call:
    """One request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Gateway:
    """An HTTP server that keeps what it is sent and answers what it is told to."""

    calls: list[Call] = field(default_factory=list)
    status: int = 200
    answer: str = "{}"
    location: str = ""
    pause: float = 0
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def gateway(**told: Any) -> Iterator[Gateway]:
    kept = Gateway(**told)

    class Handler(BaseHTTPRequestHandler):
        def take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            kept.calls.append(Call(self.command, self.path, dict(self.headers), body))
            time.sleep(kept.pause)
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(kept.answer.encode())

        do_GET = do_POST = do_PUT = take  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            return None

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        kept.port = port
        yield kept


@dataclass
class Post:
    """A mail server's letterbox. `refuses` turns every recipient away."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    port: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def post_office(**told: Any) -> Iterator[Post]:
    """Enough of SMTP (RFC 5321) to take mail from a client."""
    kept = Post(**told)

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            for raw in self.rfile:
                verb = raw.split()[0].upper() if raw.split() else b""
                if verb == b"QUIT":
                    self.say("221 bye")
                    return
                if verb == b"RCPT" and kept.refuses:
                    self.say("550 no such mailbox")
                elif verb == b"DATA":
                    self.take()
                else:
                    self.say("250 well")

        def take(self) -> None:
            self.say("354 go on")
            lines = []
            for raw in self.rfile:
                if raw == b".\r\n":
                    break
                lines.append(raw[1:] if raw.startswith(b"..") else raw)
            found = message_from_bytes(b"".join(lines), policy=policy.default)
            kept.mails.append(found)  # type: ignore[arg-type]
            self.say("250 taken")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with serving(Server(("127.0.0.1", 0), Handler)) as port:
        kept.port = port
        yield kept


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    """A server in a thread; its port."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[misc]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
