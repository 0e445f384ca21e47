"""Which files are taken as evidence: by what they contain, not by what they are called."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

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
        return _("文件有%(size)sMB，超过20MB。") % {"size": f"{len(content) / 1024 / 1024:.1f}"}
    if ending not in STARTS and ending not in MEMBERS and ending != "webp":
        return _("不接受“%(kind)s”格式。") % {"kind": ending or _("没有后缀")}
    if not _is(ending, content):
        words = _("内容不是%(kind)s格式，文件可能损坏或改过后缀。")
        return words % {"kind": ending.upper()}
    return ""


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
