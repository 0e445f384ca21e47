"""The watermark (水印): who reads a page and when, faintly over all of it, on paper too."""

from __future__ import annotations

from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone

from saima_web.base.clock import now
from saima_web.people.models import User

DRAWN = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='340' height='190'><text x='16' y='150' "
    "transform='rotate(-20 16 150)' font-family='sans-serif' font-size='15' fill='#808080' "
    "fill-opacity='.17'>{words}</text></svg>"
)


def watermark(user: User) -> str:
    """The style of the sheet laid over a page; empty where `SAIMA_WATERMARK` is off."""
    if not settings.SAIMA_WATERMARK:
        return ""
    words = f"{user.name} {user.username} {timezone.localtime(now()):%Y-%m-%d %H:%M}"
    return f"background-image:url(data:image/svg+xml,{quote(DRAWN.format(words=escape(words)))})"
