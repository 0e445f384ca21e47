"""`saima backup`: one file with the database of one moment, the files, and what they are."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone

from saima.problems import Place, refuse
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.operations.databases import database
from saima_web.operations.refusals import FILE_EXISTS, NO_ROOM

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


def back_up(target: Path, keep: int = 0) -> tuple[Path, dict[str, Any]]:
    """Write a backup to a file, or into a folder under a name made of the time.

    Of those in a folder only the newest `keep` remain, if it is given. Returns the file and its
    manifest. Errors: Refused.
    """
    file = (
        target / f"saima-{timezone.localtime(now()):%Y%m%d-%H%M%S}.tar"
        if target.is_dir()
        else target
    )
    if file.exists():
        raise refuse(FILE_EXISTS, Place(file=str(file)))
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        manifest = _written(draft)
        draft.rename(file)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", "") or error
        raise refuse(NO_ROOM, Place(file=str(file)), why=why) from None
    finally:
        with suppress(OSError):
            draft.unlink()
    _note(file, manifest)
    if keep and target.is_dir():
        for old in sorted(target.glob("saima-*-*.tar"))[:-keep]:
            old.unlink()
    return file, manifest


def _note(file: Path, manifest: dict[str, Any]) -> None:
    with writing(None) as ledger:
        end = manifest["ledger"]
        ledger.record(
            "backup.made", "backup", file=file.name, bytes=file.stat().st_size,
            number=end["number"], digest=end["digest"],
        )  # fmt: skip


def _written(draft: Path) -> dict[str, Any]:
    """The database first: a file that it names is then there already."""
    here = database(draft.parent)
    with (
        tempfile.TemporaryDirectory(dir=draft.parent, prefix=".saima-") as folder,
        draft.open("xb") as out,
    ):
        draft.chmod(0o600)  # personal data and password hashes are in it
        dump = Path(folder) / here.member
        copy = here.copy(dump)
        members: dict[str, dict[str, Any]] = {}
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            members[here.member] = _add(tar, dump, here.member)
            for path in _files():
                name = f"files/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
                with suppress(FileNotFoundError):  # removed since
                    members[name] = _add(tar, path, name)
            manifest = {
                "saima": "backup", "format": FORMAT, "version": version("saima"),
                "made_at": now().isoformat(), "database": here.kind,
                "migrations": list(copy.migrations),
                "ledger": {"number": copy.head[0], "digest": copy.head[1]}, "members": members,
            }  # fmt: skip
            _add_text(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _files() -> Iterator[Path]:
    return (p for p in sorted(Path(settings.MEDIA_ROOT).rglob("*")) if p.is_file())


class Digesting:
    """A file that is hashed as it is read, and shows no more than the size that was announced."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.hash = source, sha256()

    def read(self, size: int) -> bytes:
        block = self.source.read(size)
        self.hash.update(block)
        return block


def _add(tar: tarfile.TarFile, path: Path, name: str) -> dict[str, Any]:
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
        info.mtime = int(path.stat().st_mtime)
        hashed = Digesting(source)
        tar.addfile(info, hashed)  # type: ignore[arg-type]
    return {"size": info.size, "sha256": hashed.hash.hexdigest()}


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))
