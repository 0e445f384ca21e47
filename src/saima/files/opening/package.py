"""Look into the package of an .xlsx before it is read: limits, sheets, links, percent styles."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from io import BytesIO
from xml.etree import ElementTree

from saima.files.refusals import (
    BOMB,
    DAMAGED,
    LOCKED,
    NO_WORKBOOK,
    TOO_MANY_SHEETS,
    megabytes,
)
from saima.problems import Place, refuse

MAX_UNPACKED = 500_000_000
"""Bytes that all parts of a package may unpack to; 100,000 rows of ten columns take 4·10^7."""
MAX_RATIO = 250
"""Unpacked over packed size allowed in packages that unpack to more than RATIO_FROM bytes."""
RATIO_FROM = 50_000_000
MAX_PARTS = 50_000
MAX_SMALL_PART = 20_000_000
"""Bytes of a part that is read whole: workbook, styles, relations."""
MAX_SHARED = 4_000_000
MAX_TEXT = 400_000_000
"""Bytes that the shared texts of one workbook's cells may come to."""


class Package:
    """The checked parts of an .xlsx; raises Refused where the package is broken or hostile."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.place = data, Place(file=name)
        try:
            with zipfile.ZipFile(BytesIO(data)) as package:
                self.infos = {info.filename.lstrip("/"): info for info in package.infolist()}
                entries = package.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise refuse(DAMAGED, self.place, reason="压缩包结构不完整") from error
        self._check_sizes(entries)

    def _check_sizes(self, entries: list[zipfile.ZipInfo]) -> None:
        declared = sum(info.file_size for info in entries)
        packed = max(1, len(self.data))
        if len(entries) > MAX_PARTS:
            raise refuse(DAMAGED, self.place, reason=f"内含 {len(entries)} 个部件")
        if declared > MAX_UNPACKED or (declared > RATIO_FROM and declared > MAX_RATIO * packed):
            limit = min(MAX_UNPACKED, max(RATIO_FROM, MAX_RATIO * packed))
            raise refuse(BOMB, self.place, size=megabytes(declared), limit=megabytes(limit))
        if any(info.flag_bits & 1 for info in entries):
            raise refuse(LOCKED, self.place)

    def part(self, name: str) -> bytes:
        """The unpacked bytes of a part, never more than its declared size."""
        info = self.infos[name]
        start = info.header_offset
        lengths = self.data[start + 26 : start + 30]
        start += 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        packed = self.data[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            content = packed
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            try:
                content = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
            except zlib.error as error:
                raise refuse(DAMAGED, self.place, reason=f"部件 {name} 无法解压") from error
        else:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 的压缩方式不受支持")
        if len(content) != info.file_size:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 的大小与声明不符")
        return content

    def tree(self, name: str) -> ElementTree.Element:
        """A small part as an element tree."""
        if self.infos[name].file_size > MAX_SMALL_PART:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 过大")
        try:
            return ElementTree.fromstring(self.part(name))
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise refuse(DAMAGED, self.place, reason=f"部件 {name} 不是有效的 XML") from error

    def shared_sizes(self) -> list[int]:
        """The size in bytes of each text that the workbook's cells share."""
        name = next((n for n in self.infos if n.lower() == "xl/sharedstrings.xml"), "")
        sizes = [len(text) for text in self.part(name).split(b"<si")[1:]] if name else []
        if len(sizes) > MAX_SHARED:
            raise refuse(DAMAGED, self.place, reason=f"共享文本有 {len(sizes)} 条")
        return sizes


def text_size(xml: bytes, sizes: list[int]) -> int:
    """Bytes of the shared texts of a sheet's cells, each counted as often as it is used.

    A small file can share one long text among millions of cells. Cells whose type is written in
    an unusual way are taken to hold the longest text.
    """
    longest = max(sizes, default=0)
    used = Counter(re.findall(rb' t="s"[^<>]*><v>(\d{1,9})</v>', xml))
    others = sum(xml.count(b' t="%s"' % t) for t in (b"n", b"str", b"b", b"e", b"inlineStr", b"d"))
    typed = sum(1 for _ in re.finditer(rb"<c\s[^<>]*?\bt\s*=", xml))
    unusual = max(0, typed - others - sum(used.values())) * longest
    return unusual + sum(sizes[int(i)] * n for i, n in used.items() if int(i) < len(sizes))


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def sheet_parts(package: Package, limit: int) -> list[tuple[str, str]]:
    """(sheet name, part name) of the worksheets, in the workbook's order."""
    if "xl/workbook.xml" not in package.infos:
        raise refuse(NO_WORKBOOK, package.place, reason="压缩包内没有工作簿")
    entries = [e for e in package.tree("xl/workbook.xml").iter() if local(e.tag) == "sheet"]
    if len(entries) > limit:
        raise refuse(TOO_MANY_SHEETS, package.place, count=len(entries), limit=limit)
    targets = _targets(package, "xl/_rels/workbook.xml.rels")
    found = []
    for entry in entries:
        key = next((v for k, v in entry.attrib.items() if local(k) == "id"), "")
        target = targets.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in package.infos:
            found.append((entry.get("name", ""), part))
    return found


def _targets(package: Package, part: str) -> dict[str, str]:
    if part not in package.infos:
        return {}
    entries = package.tree(part).iter()
    return {e.get("Id", ""): e.get("Target", "") for e in entries if local(e.tag) == "Relationship"}


def external_links(package: Package) -> list[str]:
    """Targets of links to other workbooks (never followed), in the package's order."""
    parts = [n for n in package.infos if re.fullmatch(r"xl/externalLinks/_rels/[^/]+\.rels", n)]
    return [target for part in parts for target in _targets(package, part).values() if target]


def percent_styles(package: Package) -> frozenset[bytes]:
    """Indices of the cell styles that show a number as a percentage."""
    if "xl/styles.xml" not in package.infos:
        return frozenset()
    root = package.tree("xl/styles.xml")
    codes = {"9": "0%", "10": "0.00%"}
    for entry in root.iter():
        if local(entry.tag) == "numFmt":
            codes[entry.get("numFmtId", "")] = entry.get("formatCode", "")
    lists = [e for e in root if local(e.tag) == "cellXfs"]
    formats = [style.get("numFmtId", "") for style in (lists[0] if lists else ())]
    return frozenset(
        str(i).encode() for i, f in enumerate(formats) if "%" in _plain(codes.get(f, ""))
    )


def _plain(code: str) -> str:
    """A number format without its quoted and escaped literals."""
    return re.sub(r'"[^"]*"|\\.', "", code)
