"""The platform as a WSGI application, at the root or under a sub-path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saima_web.site.settings")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def under(prefix: str, application: Wsgi) -> Wsgi:
    """Serve a sub-path, whether the proxy in front takes it off the address or leaves it on."""

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ, start)

    return serve if prefix else application


def behind(proxies: str, application: Wsgi) -> Wsgi:
    """Take the reader's address from the proxy in front, where it is one of ours: `*` is any."""
    known = {word.strip() for word in proxies.split(",") if word.strip()}

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        told = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if told and ("*" in known or environ.get("REMOTE_ADDR") in known):
            with suppress(ValueError):
                environ["REMOTE_ADDR"] = str(ip_address(told))
        return application(environ, start)

    return serve


application = under(os.environ.get("SAIMA_PREFIX", "").rstrip("/"), get_wsgi_application())
application = behind(os.environ.get("SAIMA_PROXIES", "127.0.0.1"), application)
