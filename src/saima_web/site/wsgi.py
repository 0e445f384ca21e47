"""The platform as a WSGI application, at the root or under a sub-path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
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


application = under(os.environ.get("SAIMA_PREFIX", "").rstrip("/"), get_wsgi_application())
