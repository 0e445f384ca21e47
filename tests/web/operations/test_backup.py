"""Backup and restore as they are typed, on the database at hand: SQLite, or PostgreSQL."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.platforms import SERVER, Platform

Build = Callable[[str], Platform]
ENTRIES = "SELECT count(*), max(number) FROM audit_entry"
HEAD = "SELECT number, digest FROM audit_head"

NOTE = """
import sys
from saima_web.audit.actions import writing
from saima_web.people.models import Unit
for number in range(int(sys.argv[2])):
    with writing(None) as ledger:
        Unit.objects.create(code=f"{sys.argv[1]}-{number}", name="示例单位")
        ledger.record("unit.created", f"{sys.argv[1]}-{number}")
"""


@pytest.fixture
def backup(platform: Platform, tmp_path: Path) -> Path:
    """A backup of a platform with a file."""
    evidence = platform.folder / "files" / "evidence" / "佐证.txt"
    evidence.parent.mkdir(parents=True)
    evidence.write_text("示例", encoding="utf-8")
    file = tmp_path / "backup.tar"
    answer = platform.saima("backup", str(file))
    assert answer.returncode == 0, answer.stderr
    assert re.fullmatch(r"已备份：.*backup\.tar（\d+\.\d MB，附件1个，账本\d+条）\n", answer.stdout)
    return file


def units(platform: Platform) -> int:
    return int(platform.sql("SELECT count(*) FROM people_unit")[0][0])


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], Any], name: str) -> Path:
    """The backup with its members changed, in their order."""
    with tarfile.open(backup) as tar:
        members = {i.name: tar.extractfile(i).read() for i in tar}  # type: ignore[union-attr]
    change(members)
    other = backup.with_name(name)
    with tarfile.open(other, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return other


def manifest_with(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(
            json.loads(members["manifest.json"]) | changes
        ).encode()

    return change


def refused(platform: Platform, *commands: tuple[str, ...]) -> list[str]:
    """What refused commands say; nothing may have changed."""
    before = [platform.sql(q) for q in (ENTRIES, HEAD)]
    answers = platform.saima_each(*commands)
    assert [a.returncode for a in answers] == [2] * len(commands), answers
    assert before == [platform.sql(q) for q in (ENTRIES, HEAD)]
    assert not list(platform.folder.glob(".*-*"))
    return [a.stderr for a in answers]


# ── there and back ──


def test_a_backup_comes_back_whole_in_an_empty_place(backup: Path, empty: Build) -> None:
    other = empty("other")
    answer = other.saima("restore", str(backup))
    assert answer.returncode == 0, answer.stderr
    assert "校验通过" in answer.stdout
    assert other.sql("SELECT username FROM people_user") == [("admin",)]
    assert (other.folder / "files/evidence/佐证.txt").read_text(encoding="utf-8") == "示例"
    assert other.saima("audit", "verify").returncode == 0
    assert other.sql("SELECT count(*) FROM audit_entry WHERE event = 'backup.restored'") == [(1,)]
    assert (backup.stat().st_mode & 0o777) == 0o600


def test_what_was_written_while_it_was_made_does_not_tear_it(
    platform: Platform, empty: Build, tmp_path: Path
) -> None:
    writers = [platform.python(NOTE, f"W{k}", "150") for k in range(2)]
    made = []
    while any(w.poll() is None for w in writers):
        file = tmp_path / f"{len(made)}.tar"
        answer = platform.saima("backup", str(file))
        assert answer.returncode == 0, answer.stderr
        made.append(file)
    assert [w.communicate()[1] for w in writers if w.returncode] == []
    with tarfile.open(made[0]) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    other = empty("other")
    assert other.saima("restore", str(made[0])).returncode == 0
    number = manifest["ledger"]["number"]
    there = "SELECT count(*) FROM audit_entry WHERE event = 'unit.created' AND number <= "
    assert other.sql(f"{there}{number}")[0][0] == units(other)
    assert units(platform) == 300


def test_restoring_over_data_needs_a_word_and_keeps_them_aside(
    platform: Platform, backup: Path
) -> None:
    platform.done(NOTE, "later", "3")
    assert "--replace" in refused(platform, ("restore", str(backup)))[0]
    assert units(platform) == 3
    answer = platform.saima("restore", "--replace", str(backup))
    assert answer.returncode == 0, answer.stderr
    assert units(platform) == 0
    aside = re.search(r"replaced_\d+_\d+", answer.stdout)
    assert aside is not None
    assert (platform.folder / aside[0] / "files/evidence/佐证.txt").exists()
    if SERVER:
        assert platform.sql(f"SELECT count(*) FROM {aside[0]}.people_unit") == [(3,)]
    else:
        assert (platform.folder / aside[0] / "saima.sqlite3").exists()


def test_a_folder_gets_named_backups_and_keeps_the_newest(
    platform: Platform, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(3):
        (folder / f"saima-2026010{day}-000000.tar").write_text("old")
    (folder / "other.tar").write_text("somebody's")
    assert platform.saima("backup", str(folder), "--keep", "2").returncode == 0
    names = sorted(f.name for f in folder.iterdir())
    assert names[:2] == ["other.tar", "saima-20260102-000000.tar"]
    assert len(names) == 3
    last = platform.sql("SELECT subject FROM audit_entry WHERE event = 'backup.made'")
    assert last == [("backup",)]


# ── what is refused ──


def test_a_backup_overwrites_nothing_and_needs_a_folder(
    platform: Platform, backup: Path, tmp_path: Path
) -> None:
    digest = hashlib.sha256(backup.read_bytes()).digest()
    there, nowhere = refused(
        platform, ("backup", str(backup)), ("backup", str(tmp_path / "no" / "backup.tar"))
    )
    assert "没有覆盖" in there
    assert "备份没有写成" in nowhere
    assert hashlib.sha256(backup.read_bytes()).digest() == digest


def climb(members: dict[str, bytes]) -> None:
    """A member that lies outside the folder, with a right digest."""
    members["files/../../evil"] = b"x"
    manifest = json.loads(members["manifest.json"])
    manifest["members"]["files/../../evil"] = {
        "size": 1,
        "sha256": hashlib.sha256(b"x").hexdigest(),
    }
    members["manifest.json"] = json.dumps(manifest).encode()


BENT: tuple[tuple[Callable[[dict[str, bytes]], Any], str], ...] = (
    (manifest_with(saima="else"), "不是完整的赛马备份"),
    (manifest_with(format=99, version="9.9"), "更新的版本 9.9"),
    (manifest_with(migrations=["audit.9999_future"]), "更新的版本"),
    (manifest_with(database="Oracle"), "备份来自 Oracle"),
    (lambda m: m.pop("manifest.json"), "不是完整的赛马备份"),
    (lambda m: m.pop("files/evidence/佐证.txt"), "缺少files/evidence/佐证.txt"),
    (lambda m: m.update({"files/../../evil": b"x"}), "多出files/../../evil"),
    (climb, "不是普通文件"),
)


def test_a_damaged_or_foreign_backup_is_refused_before_anything_is_touched(
    platform: Platform, backup: Path
) -> None:
    content, kept = backup.read_bytes(), backup.with_name
    kept("cut.tar").write_bytes(content[: len(content) // 2])
    kept("bit.tar").write_bytes(content[:9000] + bytes([content[9000] ^ 1]) + content[9001:])
    kept("nonsense.tar").write_text("这不是备份")
    files = [kept(n) for n in ("cut.tar", "bit.tar", "nonsense.tar", "not-there.tar")]
    files += [rewritten(backup, change, f"{n}.tar") for n, (change, _) in enumerate(BENT)]
    words = ["不是完整的赛马备份"] * 4 + [word for _, word in BENT]
    said = refused(platform, *(("restore", "--replace", str(f)) for f in files))
    assert [w for w, text in zip(words, said, strict=True) if w not in text] == []
    assert not list(backup.parent.rglob("evil"))


def test_a_bent_ledger_in_a_backup_brings_the_former_data_back(
    platform: Platform, tmp_path: Path
) -> None:
    platform.done(NOTE, "early", "3")
    head = platform.sql(HEAD)
    platform.sql("UPDATE audit_entry SET subject = 'bent' WHERE number = 2")
    file = tmp_path / "bent.tar"
    assert platform.saima("backup", str(file)).returncode == 0
    platform.sql("UPDATE audit_entry SET subject = 'early-0' WHERE number = 2")
    platform.done(NOTE, "later", "2")
    [said] = refused(platform, ("restore", "--replace", str(file)))
    assert "第2条：内容被改动" in said
    assert "已退回原来的数据" in said
    assert units(platform) == 5
    assert platform.sql(HEAD) != head


def test_nothing_is_restored_under_a_running_server(platform: Platform, backup: Path) -> None:
    with platform.serving("--workers", "1") as server:
        assert server.get("/healthz") == (200, "ok\n")
        assert "正在运行" in refused(platform, ("restore", "--replace", str(backup)))[0]
        server.kill()
    assert platform.saima("restore", "--replace", str(backup)).returncode == 0


@pytest.mark.skipif(not SERVER, reason="pg_dump is asked on PostgreSQL only")
def test_a_missing_program_is_named(platform: Platform, tmp_path: Path) -> None:
    answer = platform.saima("backup", str(tmp_path / "x.tar"), PATH="/nowhere")
    assert answer.returncode == 2
    assert "pg_dump 没有成功" in answer.stderr


@pytest.mark.skipif(bool(SERVER), reason="the disk of a PostgreSQL server is its own")
def test_a_full_disk_leaves_no_half_backup(platform: Platform, tmp_path: Path) -> None:
    disk = tmp_path / "small"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs root")
    try:
        answer = platform.saima("backup", str(disk / "backup.tar"))
        assert answer.returncode == 2
        assert "备份没有写成" in answer.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
