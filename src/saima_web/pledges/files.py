"""Files kept with promises and their proofs: accepted by what they contain."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from saima.problems import Place, declare, refuse
from saima_web.reporting.evidence import objection

FILE_REFUSED = declare(
    "file-refused",
    "文件“{name}”没有收下：{why}",
    "请换成PDF、图片或办公文档，单个不超过20MB。",
    "the file “{name}” was not taken: {why}",
    "Bring a PDF, a picture or an office document of at most 20 MB.",
)


def keep_file(row: Any, upload: UploadedFile[Any] | None) -> str:
    """Put an uploaded file on a row that has `file` and `file_name`; its digest, or nothing.

    Errors: Refused for what is no document or picture, or too large.
    """
    if upload is None:
        return ""
    name = (upload.name or "").replace("\\", "/").rsplit("/", 1)[-1][-200:]
    content = upload.read()
    why = objection(name, content)
    if why:
        raise refuse(FILE_REFUSED, Place(file=name), name=name, why=why)
    digest = hashlib.sha256(content).hexdigest()
    ending = name.rsplit(".", 1)[-1].lower()
    row.file_name = name
    row.file.save(f"{digest[:16]}.{ending}", ContentFile(content), save=False)
    return digest
