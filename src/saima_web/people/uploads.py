"""Files that wait for their preview to be confirmed: kept for their owner only, then removed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from saima.problems import Place, declare, refuse
from saima_web.base.clock import now
from saima_web.people.models import Upload

LARGEST = 30 * 1024 * 1024
KEPT = timedelta(days=3)

UPLOAD_TOO_LARGE = declare(
    "upload-too-large",
    "文件有{size}MB，超过{limit}MB的上限。",
    "请删去与本次导入无关的工作表和图片后再上传。",
    "the file has {size} MB; the limit is {limit} MB.",
    "Remove sheets and pictures that are not needed, and upload it again.",
)
UPLOAD_KIND = declare(
    "upload-kind",
    "不能读取“{ending}”文件。",
    "请上传{endings}。",
    "files of the kind {ending} cannot be read.",
    "Upload one of {endings}.",
)


def keep(*, file: UploadedFile[Any], kind: str, endings: tuple[str, ...], by: Any, campaign: Any = None) -> Upload:  # fmt: skip
    """Keep an uploaded file for its preview. Errors: Refused for its size or its kind."""
    name = Path(file.name or "").name
    ending = Path(name).suffix.lower()
    if ending not in endings:
        raise refuse(UPLOAD_KIND, Place(file=name), ending=ending, endings="、".join(endings))
    size = file.size or 0
    if size > LARGEST:
        values = {"size": size // 2**20, "limit": LARGEST // 2**20}
        raise refuse(UPLOAD_TOO_LARGE, Place(file=name), **values)
    forget_old()
    content = file.read()
    file.seek(0)
    return Upload.objects.create(
        kind=kind, campaign=campaign, name=name[-200:], file=file,
        digest=hashlib.sha256(content).hexdigest(), by=by, at=now(),
    )  # fmt: skip


def find(*, pk: int, kind: str, by: Any, campaign: Any = None) -> Upload:
    """One's own upload; somebody else's does not exist (404)."""
    found = Upload.objects.filter(pk=pk, kind=kind, by=by, campaign=campaign).first()
    if found is None:
        raise Http404
    return found


def forget(upload: Upload) -> None:
    """Remove an upload and its file."""
    upload.file.delete(save=False)
    upload.delete()


def forget_old() -> None:
    """Remove uploads that nobody confirmed."""
    for upload in Upload.objects.filter(at__lt=now() - KEPT):
        forget(upload)
