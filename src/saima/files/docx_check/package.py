"""Open the parts of a .docx as XML, or refuse the file clearly in bounded time and memory."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import olefile  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from saima.problems import Place, Refused, declare, refuse

MAX_FILE = 100_000_000
MAX_PART = 40_000_000
"""Bytes of one XML part; a thousand pages take about half of it."""
MAX_ENTRIES = 5_000

MISSING = declare(
    "word-file-missing",
    "找不到文件。",
    "请检查路径和文件名。",
    "There is no such file.",
    "Check the path and the name.",
)
UNREADABLE = declare(
    "word-file-unreadable",
    "无法读取文件（{reason}）。",
    "请检查文件权限，或关闭正在使用它的程序后重试。",
    "The file cannot be read ({reason}).",
    "Check its permissions, or close the program that holds it.",
)
DAMAGED = declare(
    "word-file-damaged",
    "文件已损坏或不完整（{reason}）。",
    "请用 Word 或 WPS 打开并另存为 .docx；打不开时请重新索取。",
    "The file is damaged or incomplete ({reason}).",
    "Open it in Word and save it as .docx, or ask for it again.",
)
TOO_LARGE = declare(
    "word-file-too-large",
    "文件过大（{size}），超出上限 {limit}，未读取。",
    "请确认文件来源；确为正常公文的，请删去大幅图片或拆分后重试。",
    "The file takes {size}, more than the limit of {limit}; it was not read.",
    "Check where it comes from; if it is genuine, remove large pictures or split it.",
)
LOCKED = declare(
    "word-file-password",
    "文件设有打开密码，无法检查。",
    "请用密码打开后，在“文件—信息—保护文档”中取消密码，再另存为 .docx。",
    "The file can only be opened with a password.",
    "Open it with the password, remove the password and save it as .docx.",
)
OTHER_KIND = declare(
    "word-file-other-kind",
    "这是{kind}，不是 .docx。",
    "请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后重试。",
    "This is {kind}, not a .docx.",
    "Open it in Word or WPS and save it as a Word document (.docx).",
)

_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)
"""Namespaces of the strict variant, which says the same under other names."""


@dataclass
class WordPackage:
    """The parts of a Word file that say how it looks.

    parts maps relation kinds (styles, settings, numbering, theme) to roots; `by_id` relation ids
    of the main part to roots (headers and footers).
    """

    document: Any
    parts: dict[str, Any] = field(default_factory=dict)
    by_id: dict[str, Any] = field(default_factory=dict)


def open_word(path: Path) -> WordPackage:
    """Read a .docx; raises Refused for what is none, is locked, damaged or hostile."""
    place = Place(file=path.name)
    reader = _Reader(_content(path, place), place)
    main = reader.main_part()
    package = WordPackage(reader.xml(main))
    for id_, kind, target in reader.relations(main):
        if kind in ("styles", "settings", "numbering", "theme"):
            package.parts[kind] = reader.xml(target)
        elif kind in ("header", "footer"):
            package.by_id[id_] = reader.xml(target)
    return package


def _content(path: Path, place: Place) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise refuse(
                TOO_LARGE, place, size=_megabytes(path.stat().st_size), limit=_megabytes(MAX_FILE)
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refuse(MISSING, place) from error
    except OSError as error:
        reason = "这是一个文件夹" if path.is_dir() else (error.strerror or "读取失败")
        raise refuse(UNREADABLE, place, reason=reason) from error


def _megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB"


class _Reader:
    """A package's parts by name, each at most MAX_PART long."""

    def __init__(self, content: bytes, place: Place) -> None:
        self.place = place
        if not content.startswith(b"PK"):
            raise _other(content, place)
        try:
            self.package = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise refuse(DAMAGED, place, reason="压缩包结构不完整") from error
        self.infos = {info.filename.lstrip("/"): info for info in self.package.infolist()}
        if len(self.infos) > MAX_ENTRIES:
            raise refuse(DAMAGED, place, reason=f"内含 {len(self.infos)} 个部件")

    def bytes_of(self, name: str) -> bytes:
        info = self.infos.get(name)
        if info is None:
            raise refuse(DAMAGED, self.place, reason=f"缺少部件 {name}")
        if info.file_size > MAX_PART:
            raise self._too_large(info.file_size)
        try:
            with self.package.open(info) as part:
                content = part.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 无法解压") from error
        except (RuntimeError, NotImplementedError) as error:
            raise refuse(LOCKED, self.place) from error
        if len(content) > MAX_PART:
            raise self._too_large(len(content))
        return content

    def _too_large(self, size: int) -> Refused:
        return refuse(TOO_LARGE, self.place, size=_megabytes(size), limit=_megabytes(MAX_PART))

    def xml(self, name: str) -> Any:
        content = self.bytes_of(name)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 不是有效的 XML") from error
        if root.getroottree().docinfo.doctype:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 含有不允许的声明")
        return root

    def main_part(self) -> str:
        """The name of the document part; refuses packages of another kind."""
        names = set(self.infos)
        for mark, kind in (
            ("xl/workbook.xml", "电子表格（.xlsx）"),
            ("ppt/presentation.xml", "演示文稿（.pptx）"),
            ("OFD.xml", "OFD 版式文件"),
            ("content.xml", "OpenDocument 文档（.odt）"),
        ):
            if mark in names:
                raise refuse(OTHER_KIND, self.place, kind=kind)
        if "_rels/.rels" not in names:
            raise refuse(OTHER_KIND, self.place, kind="普通压缩包")
        for _, kind, target in self.relations(""):
            if kind == "officeDocument":
                return target
        raise refuse(DAMAGED, self.place, reason="没有正文部件")

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """(id, kind, target part) of a part's internal relations; the package's own for ''."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.infos:
            return []
        found = []
        for relation in self.xml(rels):
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            whole = target if target.startswith("/") else posixpath.join("/", folder, target)
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            target_name = posixpath.normpath(whole).lstrip("/")
            found.append((relation.get("Id", ""), kind, target_name))
        return found


def _other(content: bytes, place: Place) -> Refused:
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(content, place)
    if not content:
        return refuse(DAMAGED, place, reason="文件是空的")
    if content.startswith(b"%PDF"):
        return refuse(OTHER_KIND, place, kind="PDF 版式文件")
    if content.startswith(b"{\\rtf"):
        return refuse(OTHER_KIND, place, kind="RTF 文档")
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<?xml", b"mime-version")):
        return refuse(OTHER_KIND, place, kind="网页或 XML 文件（扩展名虽为 .docx）")
    return refuse(OTHER_KIND, place, kind="无法识别的文件")


def _compound(content: bytes, place: Place) -> Refused:
    """The old compound format: a .doc or .wps, or a .docx under a password."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as container:
            streams = {"/".join(entry).lower() for entry in container.listdir()}
    except Exception:  # the library raises many kinds on damaged files
        return refuse(DAMAGED, place, reason="复合文档结构不完整")
    if {"encryptedpackage", "encryptioninfo"} & streams:
        return refuse(LOCKED, place)
    if "worddocument" in streams:
        return refuse(OTHER_KIND, place, kind="旧版文档（.doc 或 .wps）")
    return refuse(OTHER_KIND, place, kind="旧版 Office 文件")
