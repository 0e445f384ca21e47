"""First passwords: random, easy to read aloud, shown once, and changed at the first log-in."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hashers, make_password

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def first_password() -> str:
    """Three groups of four, some 59 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def quick_hash(password: str) -> str:
    """The hash of a first password, with few rounds: its randomness is what protects it.

    So that a sheet of five hundred users is imported in seconds; the first log-in hashes it anew.
    """
    hasher = next((h for h in get_hashers() if isinstance(h, PBKDF2PasswordHasher)), None)
    if hasher is None:
        return make_password(password)
    return hasher.encode(password, hasher.salt(), iterations=20_000)
