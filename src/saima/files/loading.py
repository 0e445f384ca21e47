"""The whole content of a file, or a refusal that says why it cannot be had."""

from __future__ import annotations

from pathlib import Path

from saima.files.refusals import DIRECTORY, EMPTY, MISSING, TOO_LARGE, UNREADABLE, megabytes
from saima.problems import Place, refuse


def content(path: Path, limit: int) -> bytes:
    """The bytes of a file. Errors: Refused for a folder, no file, none or over `limit` bytes."""
    place = Place(file=path.name)
    try:
        if path.is_dir():
            raise refuse(DIRECTORY, place)
        size = path.stat().st_size
        if size > limit:
            raise refuse(TOO_LARGE, place, size=megabytes(size), limit=megabytes(limit))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise refuse(MISSING, place) from error
    except (OSError, ValueError) as error:
        raise refuse(UNREADABLE, place, reason=type(error).__name__) from error
    if not data:
        raise refuse(EMPTY, place)
    return data
