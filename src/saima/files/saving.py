"""Put a finished file in its place: whole or not at all, same bytes for the same content."""

from __future__ import annotations

import re
import uuid
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

from saima.problems import Place, declare, refuse

NO_FOLDER = declare(
    "output-folder-missing",
    "文件夹“{folder}”不存在，文件没有写出。",
    "请先建好该文件夹，或改写到已有的文件夹。",
    "The folder {folder} does not exist; nothing was written.",
    "Create the folder first, or write to one that exists.",
)
NOT_WRITABLE = declare(
    "output-not-writable",
    "无法写入“{folder}”（{reason}），原有文件未改动。",
    "请确认有写入权限、磁盘未满，且目标文件没有在其他程序中打开。",
    "Cannot write to {folder} ({reason}); an existing file was not touched.",
    "Check the permission, the free space, and that no other program has the file open.",
)

_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def check_folder(path: Path) -> None:
    """Refuse early if the folder that `path` names does not exist."""
    if not path.parent.is_dir():
        raise refuse(NO_FOLDER, Place(file=path.name), folder=str(path.parent))


def save(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and move it there; a failure leaves an old file untouched."""
    check_folder(path)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        folder = str(path.parent)
        raise refuse(NOT_WRITABLE, Place(file=path.name), folder=folder, reason=reason) from error


def fixed_package(content: bytes, day: date) -> bytes:
    """The same Office package with every time in it set to `day` (workbooks inside it too)."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, _fixed_part(name, old.read(name), day))
    return result.getvalue()


def _fixed_part(name: str, content: bytes, day: date) -> bytes:
    if name.endswith(".xlsx"):
        return fixed_package(content, day)
    if name == "docProps/core.xml":
        return _DATES.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(), content)
    return content
