"""What a file really is, by its content, and opening those with the default read-only password."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from saima.files.refusals import DAMAGED, LOCKED, NO_WORKBOOK, SAVE_AS
from saima.problems import Place, Refused, refuse

MAX_SPINS = 1_000_000
"""Hash rounds allowed for the default read-only password; spreadsheet programs use 100,000."""

_OTHERS = {
    "wps": ("WPS 专有格式（.et/.wps）", "WPS", ".xlsx（文字文件另存为 .docx）"),
    "ofd": ("OFD 版式", "OFD 阅读器", ".xlsx/.docx（或向报送单位索取原表）"),
    "pdf": ("PDF 版式", "生成它的程序", ".xlsx/.docx（或向报送单位索取原表）"),
    "ods": ("OpenDocument 表格（.ods）", "WPS 或 LibreOffice", ".xlsx"),
    "docx": ("Word 文档", "Word 或 WPS", ".xlsx（把其中的表格复制到电子表格）"),
    "pptx": ("演示文稿", "PowerPoint 或 WPS", ".xlsx（把其中的表格复制到电子表格）"),
    "xlsb": ("二进制工作簿（.xlsb）", "Excel", ".xlsx"),
    "html": ("网页（扩展名虽为表格，内容是 HTML 或 XML）", "Excel 或 WPS", ".xlsx"),
}


def other_kind(kind: str, name: str) -> Refused:
    if kind in _OTHERS:
        what, program, suffix = _OTHERS[kind]
        return refuse(SAVE_AS, Place(file=name), kind=what, program=program, suffix=suffix)
    return refuse(NO_WORKBOOK, Place(file=name), reason="内容无法识别")


def kind_of(data: bytes, suffix: str) -> str:
    """What a file is, by its first bytes; the suffix decides only for WPS's own and plain text."""
    if suffix in {".et", ".ett", ".wps", ".wpt", ".dps"}:
        return "wps"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(b"%PDF"):
        return "pdf"
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"mime-version")):
        return "html"
    if data.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00\x04\x00")):
        return "xls"
    return "csv" if suffix in {".csv", ".txt", ".tsv"} else "unknown"


def _zip_kind(data: bytes) -> str:
    end = data[-2_000_000:] if len(data) > 2_000_000 else data
    marks = {
        b"xl/workbook.bin": "xlsb",
        b"xl/workbook.xml": "xlsx",
        b"OFD.xml": "ofd",
        b"word/document.xml": "docx",
        b"ppt/presentation.xml": "pptx",
        b"opendocument.spreadsheet": "ods",
    }
    found = [kind for mark, kind in marks.items() if mark in end or mark in data[:200]]
    return found[0] if found else "xlsx"


def unlocked(data: bytes, name: str) -> tuple[bytes, str]:
    """Open a compound file; files "locked" with the default read-only password are decrypted.

    Spreadsheet programs encrypt with the password `VelvetSweatshop` where a workbook is only
    marked as protected and open it without asking ([MS-OFFCRYPTO] and [MS-XLS] FilePass).
    """
    import msoffcrypto
    import olefile  # type: ignore[import-untyped]

    place = Place(file=name)
    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            streams = {"/".join(entry).lower() for entry in container.listdir()}
        if "encryptioninfo" not in streams and not streams & {"workbook", "book"}:
            return data, "docx" if "worddocument" in streams else "unknown"
        office = msoffcrypto.OfficeFile(BytesIO(data))
        if not office.is_encrypted():
            return data, "xls"
    except Exception as error:
        raise refuse(DAMAGED, place, reason="复合文档结构不完整") from error
    return _decrypted(office, place)


def _decrypted(office: Any, place: Place) -> tuple[bytes, str]:
    out = BytesIO()
    package = office.format == "ooxml"
    if package and office.info.get("spinValue", 0) > MAX_SPINS:
        raise refuse(LOCKED, place)
    checked = {"verify_password": True} if package else {}
    try:
        office.load_key(password="VelvetSweatshop", **checked)
        office.decrypt(out)
    except Exception as error:
        raise refuse(LOCKED, place) from error
    return out.getvalue(), "xlsx" if package else "xls"
