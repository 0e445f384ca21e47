"""Logs: lines to read, or JSON lines to collect (SAIMA_LOG=json), without personal data or figures.

A message that is not the platform's own appears in JSON as its template, without what was put in;
of an error stand its type and its places, without its words.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

OWN = ("saima", "gunicorn.error")


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, message, and the fields that the caller names."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.startswith(OWN)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() if own else str(record.msg).splitlines()[0],
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def settings(kind: str) -> dict[str, Any]:
    """Django's LOGGING: readable lines, or JSON with a line for every request."""
    json_lines = kind == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": JsonLines},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if json_lines else "line",
            },
        },
        "loggers": {
            "saima": {"level": "INFO" if json_lines else "WARNING"},
            "gunicorn.error": {"level": "INFO"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
    }


def note(name: str, message: str, fields: Mapping[str, Any]) -> None:
    """A line of the platform's own with its fields."""
    logging.getLogger(name).info(message, extra={"fields": dict(fields)})
