"""Write a briefing as the document that its file's suffix names.

One module a kind: docx_writer, xlsx_writer, pptx_writer and html_writer, each with its neighbours;
table_layout serves them all.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from saima.briefing.model import Briefing, Options
from saima.problems import Place, declare, refuse

UNKNOWN_SUFFIX = declare(
    "document-suffix-unknown",
    "不能写出“{suffix}”格式的文件。",
    "请用 .docx、.xlsx、.pptx 或 .html。",
    "Cannot write a file of the kind {suffix}.",
    "Use .docx, .xlsx, .pptx or .html.",
)
OTHER_OFFICE = declare(
    "document-suffix-other-office",
    "不写出“{suffix}”格式的文件。",
    "请用 {instead}：WPS 可直接打开，也可在 WPS 中另存为“{suffix}”。",
    "Files of the kind {suffix} are not written.",
    "Use {instead}: WPS opens it, and can save it as {suffix}.",
)

SUFFIXES = ("docx", "xlsx", "pptx", "html")
_INSTEAD = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".ofd": ".docx",
    ".pdf": ".docx",
    ".xls": ".xlsx",
    ".et": ".xlsx",
    ".ppt": ".pptx",
    ".dps": ".pptx",
    ".htm": ".html",
}


def write(briefing: Briefing, path: Path, options: Options | None = None) -> None:
    """Write `briefing` to `path` as .docx, .xlsx, .pptx or .html.

    Raises Refused for another suffix, a missing folder, or a place that cannot be written.
    """
    writer(path)(briefing, path, options)


def writer(path: Path) -> Callable[[Briefing, Path, Options | None], None]:
    """The function that writes files named like `path`; refuses what there is none for."""
    suffix = path.suffix.lower()
    if suffix in _INSTEAD:
        place = Place(file=path.name)
        raise refuse(OTHER_OFFICE, place, suffix=suffix, instead=_INSTEAD[suffix])
    name = suffix.removeprefix(".")
    if name not in SUFFIXES:
        raise refuse(UNKNOWN_SUFFIX, Place(file=path.name), suffix=suffix or path.name)
    found: Callable[[Briefing, Path, Options | None], None] = getattr(
        import_module(f"{__name__}.{name}_writer"), f"write_{name}"
    )
    return found
