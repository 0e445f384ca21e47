"""Reading what people upload: a campaign's workbook, or a zip of its folder, safely unpacked."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from saima.files.campaign import load_campaign
from saima.problems import Place, declare, refuse
from saima.rules.rulebook import Rulebook
from saima.tables import Tables
from saima_web.people.models import Upload

ENDINGS = (".xlsx", ".xls", ".zip")
INSIDE = (".yaml", ".csv", ".parquet", ".md")
MOST_FILES, MOST_BYTES = 500, 200 * 2**20

ZIP_BROKEN = declare(
    "zip-broken",
    "压缩包打不开。",
    "请重新压缩成zip格式，不要加密。",
    "the zip cannot be opened.",
    "Zip the folder again, without a password.",
)
ZIP_TOO_LARGE = declare(
    "zip-too-large",
    "压缩包里的文件太多或太大。",
    "只压缩行动文件夹本身：campaign.yaml、各表和rulebooks。",
    "the zip holds too many files, or too large ones.",
    "Zip the campaign folder alone: campaign.yaml, tables and rulebooks.",
)
ZIP_WITHOUT_CAMPAIGN = declare(
    "zip-without-campaign",
    "压缩包里没有campaign.yaml。",
    "请压缩整个行动文件夹；也可以改用行动工作簿。",
    "the zip holds no campaign.yaml.",
    "Zip the whole campaign folder, or use the campaign workbook.",
)

Loaded = tuple[Tables, tuple[Rulebook, ...]]


@contextmanager
def opened(upload: Upload) -> Iterator[Path]:
    """The workbook or the unpacked folder of an upload, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="saima-") as scratch:
        copy = Path(scratch) / upload.name
        with upload.file.open("rb") as stream:
            copy.write_bytes(stream.read())
        yield unpacked(copy, Path(scratch)) if copy.suffix.lower() == ".zip" else copy


def load(upload: Upload) -> Loaded:
    """A campaign from an upload. Errors: Refused where it cannot be read at all."""
    with opened(upload) as path:
        return load_campaign(path)


def unpacked(file: Path, scratch: Path) -> Path:
    """The folder with campaign.yaml in a zip. Errors: Refused for a zip that is not one."""
    folder = scratch / file.stem
    folder.mkdir()
    try:
        with zipfile.ZipFile(file) as archive:
            _extract(archive, folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise refuse(ZIP_BROKEN, Place(file=file.name)) from None
    for home in sorted(folder.rglob("campaign.yaml"), key=lambda p: len(p.parts)):
        return home.parent
    raise refuse(ZIP_WITHOUT_CAMPAIGN, Place(file=file.name))


def _extract(archive: zipfile.ZipFile, folder: Path) -> None:
    """Write the files that a campaign is made of; never outside the folder."""
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > MOST_FILES or sum(m.file_size for m in members) > MOST_BYTES:
        raise refuse(ZIP_TOO_LARGE, Place(file=Path(archive.filename or "").name))
    for member in members:
        name = PurePosixPath(_name(member).replace("\\", "/"))
        if name.suffix.lower() not in INSIDE or name.is_absolute() or ".." in name.parts:
            continue
        target = folder.joinpath(*name.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as stream:
            target.write_bytes(stream.read(MOST_BYTES))


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; Windows writes Chinese ones in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
