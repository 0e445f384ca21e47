"""Files that people bring: accepted by what they contain, kept under their digest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from saima.problems import Place, declare, refuse

FILE_REFUSED = declare(
    "file-refused",
    "文件“{name}”没有收下：{why}",
    "请换成PDF、图片或办公文档，单个不超过20MB。",
    "the file “{name}” was not taken: {why}",
    "Bring a PDF, a picture or an office document of at most 20 MB.",
)
LIMIT = 20 * 1024 * 1024
"""Bytes of one file."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STARTS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "bmp": (b"BM",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
} | dict.fromkeys(("doc", "xls", "ppt", "wps", "et", "dps"), (OLE,))
MEMBERS = {
    "docx": "word/",
    "xlsx": "xl/",
    "pptx": "ppt/",
    "ofd": "OFD.xml",
}
"""What a zipped format holds, by its ending."""


def objection(name: str, content: bytes) -> str:
    """Why a file is not accepted, in words; empty if it is."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    if not content:
        return _("文件是空的。")
    if len(content) > LIMIT:
        return oversize(len(content))
    if ending not in STARTS and ending not in MEMBERS and ending != "webp":
        return _("不接受“%(kind)s”格式。") % {"kind": ending or _("没有后缀")}
    if not _is(ending, content):
        words = _("内容不是%(kind)s格式，文件可能损坏或改过后缀。")
        return words % {"kind": ending.upper()}
    return ""


def oversize(size: int) -> str:
    """Why a file of `size` bytes is not accepted; empty if it is. To be asked before reading it."""
    if size <= LIMIT:
        return ""
    return _("文件有%(size)sMB，超过20MB。") % {"size": f"{size / 1024 / 1024:.1f}"}


def _is(ending: str, content: bytes) -> bool:
    if ending == "webp":
        return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if ending in STARTS:
        return content.startswith(STARTS[ending])
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return any(n.startswith(MEMBERS[ending]) for n in names)


def bare_name(name: str) -> str:
    """A file's name without the folders that some browsers send along, at most 200 characters."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][-200:]


def store(file: FieldFile, name: str, content: bytes) -> str:
    """Keep the content under its digest (SHA-256), which is returned; the row is not saved."""
    digest = hashlib.sha256(content).hexdigest()
    ending = name.rsplit(".", 1)[-1].lower()
    file.save(f"{digest[:16]}.{ending}", ContentFile(content), save=False)
    return digest


def keep_file(row: Any, upload: UploadedFile[Any] | None) -> str:
    """Put an uploaded file on a row that has `file` and `file_name`; its digest, or nothing.

    Errors: Refused for what is no document or picture, or too large.
    """
    if upload is None:
        return ""
    name = bare_name(upload.name or "")
    why = oversize(upload.size or 0)
    content = b"" if why else upload.read()
    if why := why or objection(name, content):
        raise refuse(FILE_REFUSED, Place(file=name), name=name, why=why)
    row.file_name = name
    return store(row.file, name, content)
