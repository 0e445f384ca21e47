"""`saima restore`: a backup checked to its last byte, then put in the place of what is here."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from saima.problems import Place, refuse
from saima_web.audit.actions import writing
from saima_web.audit.verifying import verify_database
from saima_web.base.clock import now
from saima_web.operations.backing import BLOCK, FORMAT, MANIFEST
from saima_web.operations.databases import Database, database
from saima_web.operations.refusals import (
    BROKEN_CHAIN,
    NOT_A_BACKUP,
    OCCUPIED,
    OTHER_DATABASE,
    STILL_SERVING,
    TOO_NEW,
)
from saima_web.operations.serving import alone


class End(msgspec.Struct):
    number: int
    digest: str


class Member(msgspec.Struct):
    size: int
    sha256: str


class Manifest(msgspec.Struct):
    """What a backup says of itself."""

    saima: str
    format: int
    version: str
    made_at: str
    database: str
    migrations: list[str]
    ledger: End
    members: dict[str, Member]


def restore(file: Path, *, replace: bool = False) -> tuple[Manifest, str]:
    """Bring a backup in. Returns its manifest, and where the former data were put, if anywhere.

    Nothing is touched before the whole file has been checked; what fails later is undone.
    Errors: Refused.
    """
    with alone(settings.DATA) as nobody_serves:
        if not nobody_serves:
            raise refuse(STILL_SERVING)
        settings.DATA.mkdir(parents=True, exist_ok=True)
        here = database(settings.DATA)
        with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".restoring-") as folder:
            manifest = _unpacked(file, Path(folder), here)
            aside = _aside_name(here, replace)
            _swap(Path(folder), manifest, here, aside)
    with writing(None) as ledger:
        end = manifest.ledger
        ledger.record(
            "backup.restored", "backup", file=file.name, number=end.number, digest=end.digest
        )
    return manifest, aside


# --- checking -----------------------------------------------------------------------------------


def _unpacked(file: Path, to: Path, here: Database) -> Manifest:
    """Unpack a backup beside the data, checking every member. Errors: Refused."""
    try:
        with tarfile.open(file) as tar:
            manifest = _manifest(tar, file)
            _suits(manifest, here, file)
            found = {info.name: info for info in tar if info.name != MANIFEST}
            _complete(found, manifest, file)
            for name, info in found.items():
                _unpack(tar, info, to / name, manifest.members[name], file)
    except (tarfile.TarError, EOFError) as error:
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why=error) from None
    except OSError as error:
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why=error.strerror or error) from None
    return manifest


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    try:
        source = tar.extractfile(MANIFEST)
        manifest = msgspec.json.decode(source.read() if source else b"", type=Manifest)
    except (KeyError, msgspec.MsgspecError):
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why="没有说明文件") from None
    if manifest.saima != "backup":
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why="说明文件不对")
    return manifest


def _suits(manifest: Manifest, here: Database, file: Path) -> None:
    place, ours = Place(file=str(file)), version("saima")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if manifest.format > FORMAT or set(manifest.migrations) - known:
        raise refuse(TOO_NEW, place, theirs=manifest.version, ours=ours)
    if manifest.database != here.kind:
        raise refuse(OTHER_DATABASE, place, theirs=manifest.database, ours=here.kind)


def _complete(found: Mapping[str, tarfile.TarInfo], manifest: Manifest, file: Path) -> None:
    for name in sorted(set(found) ^ set(manifest.members)):
        why = f"缺少{name}" if name in manifest.members else f"多出{name}"
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why=why)


def _unpack(
    tar: tarfile.TarFile, info: tarfile.TarInfo, to: Path, said: Member, file: Path
) -> None:
    path = PurePosixPath(info.name)
    source = tar.extractfile(info) if info.isreg() else None
    if source is None or path.is_absolute() or ".." in path.parts:
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why=f"{info.name}不是普通文件")
    to.parent.mkdir(parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with to.open("xb") as out:
        while block := source.read(BLOCK):
            digest.update(block)
            size += out.write(block)
    to.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    if (size, digest.hexdigest()) != (said.size, said.sha256):
        raise refuse(NOT_A_BACKUP, Place(file=str(file)), why=f"{info.name}的内容与校验值不符")


# --- changing -----------------------------------------------------------------------------------


def _aside_name(here: Database, replace: bool) -> str:
    """A name for what is here now, nothing where nothing is. Errors: Refused without --replace."""
    files = Path(settings.MEDIA_ROOT)
    there = ["数据库"] * here.occupied() + ["附件"] * (files.exists() and any(files.iterdir()))
    if there and not replace:
        raise refuse(OCCUPIED, what="、".join(there))
    return f"replaced_{timezone.localtime(now()):%Y%m%d_%H%M%S}" if there else ""


def _swap(unpacked: Path, manifest: Manifest, here: Database, aside: str) -> None:
    """Put aside what is here, bring in what was unpacked; all is undone where that fails."""
    name = aside or "replaced_nothing"
    files, old_files = Path(settings.MEDIA_ROOT), settings.DATA / name / "files"
    connection.close()
    here.put_aside(name)
    try:
        here.bring_in(unpacked / here.member)
        _whole(manifest)
        call_command("migrate", interactive=False, verbosity=0)
        if files.exists():
            old_files.parent.mkdir(parents=True, exist_ok=True)
            files.rename(old_files)
        if (unpacked / "files").exists():
            (unpacked / "files").rename(files)
    except BaseException:
        here.put_back(name)
        if old_files.exists():
            old_files.rename(files)
        raise
    if not aside:
        here.drop_empty(name)


def _whole(manifest: Manifest) -> None:
    """The chain verifies and passes the end that the manifest names. Errors: Refused."""
    end = manifest.ledger
    try:
        verdict = verify_database({end.number: end.digest} if end.number else {})
    except DatabaseError as error:
        raise refuse(BROKEN_CHAIN, why=type(error).__name__) from None
    if not verdict.sound:
        raise refuse(BROKEN_CHAIN, why="；".join(b.sentence for b in verdict.breaks[:3]))
