"""Downloads: files under their Chinese names, always as files and never shown inside the site."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_response(content: bytes, name: str, kind: str) -> HttpResponse:
    """A download under a Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def as_brought(row: Any) -> HttpResponse:
    """The file of a row that has `file` and `file_name`, as it was brought.

    Errors: Http404 where the row has none.
    """
    if not row.file:
        raise Http404
    kind = guess_type(row.file_name)[0] or "application/octet-stream"
    with row.file.open("rb") as file:
        return file_response(file.read(), row.file_name, kind)
