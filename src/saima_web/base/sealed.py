"""Text that the database keeps encrypted: the key comes from SAIMA_SECRET and is never stored."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.db import models

MARK = "sealed1:"
"""What sealed text begins with; other text was kept before sealing and is read as it is."""


class Lost(str):
    """Sealed text that no key opens any more: reads as nothing, and is kept as it is."""

    __slots__ = ("kept",)
    kept: str

    def __new__(cls, kept: str) -> Lost:
        made = super().__new__(cls, "")
        made.kept = kept
        return made


def sealed(text: str) -> str:
    """Text encrypted and authenticated (Fernet), the same text differently each time."""
    box: bytes = _box(_secrets()).encrypt(text.encode())
    return MARK + box.decode()


def opened(kept: str) -> str:
    """The text of what `sealed` made; Lost where it was sealed with another secret."""
    from cryptography.fernet import InvalidToken

    if not kept.startswith(MARK):
        return kept
    try:
        return str(_box(_secrets()).decrypt(kept.removeprefix(MARK).encode()).decode())
    except InvalidToken:
        return Lost(kept)


def _secrets() -> tuple[str, ...]:
    """The secret in use first, then those that may still open what it replaced."""
    return (settings.SECRET_KEY, *(str(old) for old in settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> Any:
    from cryptography.fernet import Fernet, MultiFernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    def key(secret: str) -> bytes:
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"saima sealed 1")
        return base64.urlsafe_b64encode(made.derive(secret.encode()))

    return MultiFernet([Fernet(key(secret)) for secret in secrets])


class Sealed(models.TextField):  # type: ignore[type-arg]
    """A line of text kept encrypted. It cannot be looked up: it is sealed differently each time."""

    description = "text that is encrypted at rest"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return opened(value) if value else value

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Lost):
            return value.kept
        return sealed(str(value)) if value else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": forms.TextInput, **kwargs})
