"""How an entry's digest is made: SHA-256 over canonical JSON, the digest before it inside."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

ALGORITHM = "sha256-json-1"
START = "0" * 64
"""What the first entry names as the digest before it."""


def digest_of(
    *,
    number: int,
    at: datetime,
    actor: int | None,
    event: str,
    campaign: str,
    subject: str,
    data: dict[str, Any],
    personal_digest: str,
    algorithm: str,
    previous: str,
) -> str:
    """The hex digest of one entry."""
    body = {
        "number": number,
        "at": moment_text(at),
        "actor": actor,
        "event": event,
        "campaign": campaign,
        "subject": subject,
        "data": data,
        "personal_digest": personal_digest,
        "algorithm": algorithm,
        "previous": previous,
    }
    return hashlib.sha256(canonical(body)).hexdigest()


def canonical(body: Any) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: one text for one content."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def moment_text(at: datetime) -> str:
    """A moment in UTC to the microsecond, the same from either database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def personal_digest(salt: str, text: str) -> str:
    return hashlib.sha256((salt + text).encode()).hexdigest()
