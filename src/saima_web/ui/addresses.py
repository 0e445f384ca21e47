"""Addresses of lists of hundreds: the pattern is looked up once, not once a row."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse

SAFE = "!$&'()*+,;=/~:@"
"""What Django leaves as it is when it makes an address."""
PLACE = "0-0"
"""Stands where the code comes; every converter takes it."""


def addresses(name: str, *args: object) -> Callable[[str], str]:
    """`reverse(name, args=[*args, code])` as a function of the code."""
    before, _, after = reverse(name, args=[*args, PLACE]).rpartition(PLACE)
    return lambda code: before + quote(code, safe=SAFE) + after
