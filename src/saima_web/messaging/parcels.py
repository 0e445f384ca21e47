"""What a channel carries, and how it fills the named fields of a template."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.utils import timezone

FIELDS = (
    "subject", "text", "link", "kind", "campaign", "time", "name", "username", "phone", "mail",
    "unit", "secret",
)  # fmt: skip
"""The names that a template may use between braces."""
ASCII = "".join(chr(n) for n in range(32, 127) if chr(n) != "%")
FIELD = re.compile("{(" + "|".join(FIELDS) + ")}")


class NotSent(Exception):
    """A delivery that did not arrive, in words for the administrator."""


@dataclass(frozen=True)
class Parcel:
    """The words of a delivery and whom they are for; a group has no name, phone or mail."""

    subject: str
    text: str
    link: str
    kind: str
    campaign: str
    at: datetime
    name: str = ""
    username: str = ""
    phone: str = ""
    mail: str = ""
    unit: str = ""

    @property
    def body(self) -> str:
        """The text with its link, as mail and robots show it."""
        return "\n\n".join(part for part in (self.text, self.link) if part) or self.subject

    def fields(self, secret: str = "") -> dict[str, str]:
        """The values of the template's fields."""
        local = timezone.localtime(self.at)
        named = {key: getattr(self, key) for key in FIELDS if key not in ("time", "secret")}
        return named | {"time": f"{local:%Y-%m-%d %H:%M}", "secret": secret}


def filled(template: str, values: dict[str, str], encode: Callable[[str], str]) -> str:
    """A template with its fields put in, each encoded; other braces stay as they are."""
    return FIELD.sub(lambda found: encode(values[found[1]]), template)


def in_json(value: str) -> str:
    """Words inside a JSON string's quotes."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def in_address(value: str) -> str:
    return quote(value, safe="")


def in_header(value: str) -> str:
    """Words in a header: one line; what is not ASCII is percent-encoded."""
    return quote(" ".join(value.split()), safe=ASCII)


def encoder(content_type: str) -> Callable[[str], str]:
    """How values are put into a body of a type, so that no value can break its frame."""
    if "json" in content_type:
        return in_json
    if "urlencoded" in content_type:
        return in_address
    return escape if "xml" in content_type else str
