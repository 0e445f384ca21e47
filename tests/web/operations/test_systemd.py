"""The units of the bundle under a real systemd: a Debian of its own, booted without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.operations.test_bundle import bundle, proof

__all__ = ["bundle"]

NEEDED = ("debootstrap", "systemd-nspawn", "nsenter")
MIRROR = os.environ.get("SAIMA_TEST_DEBIAN", "http://deb.debian.org/debian")
ASK = """
import sys, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:8000" + sys.argv[1], timeout=20).read().decode())
"""


class Machine:
    """A Debian in a folder, booted with systemd as its first process and only a loopback."""

    def __init__(self, root: Path) -> None:
        self.root, self.console = root, root.with_suffix(".log")

    def boot(self) -> None:
        with self.console.open("ab") as console:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "-D", self.root, "-b", "--private-network", "--register=no",
                 "--keep-unit", "--console=pipe"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        until(lambda: self.says("systemctl is-system-running --wait") in ("running", "degraded"))

    def says(self, words: str) -> str:
        """What a command inside prints; nothing where it failed."""
        done = self.run(words)
        return done.stdout.strip() if done.returncode == 0 else ""

    def run(self, words: str) -> subprocess.CompletedProcess[str]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        first = children.split()[0] if children.split() else "0"
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            ["env", "-i", path, "nsenter", "-t", first, "-m", "-u", "-i", "-n", "-p",
             "-C", "-r", "-w", "sh", "-c", words],
            text=True, capture_output=True, timeout=600, check=False,
        )  # fmt: skip

    def down(self) -> None:
        self.run("systemctl poweroff")
        self.process.wait(60)

    def ready(self) -> bool:
        python = "/opt/saima/current/venv/bin/python"
        return self.says(f"{python} -c '{ASK}' /readyz") == "ok"


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(1)


@pytest.fixture(scope="module")
def machine(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing or os.geteuid():
        pytest.skip(f"needs root and {', '.join(NEEDED)}")
    root = tmp_path_factory.mktemp("debian") / "root"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus", "bookworm",
         str(root), MIRROR],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-2000:]
    shutil.copytree(bundle, root / "srv" / "bundle")
    one = Machine(root)
    one.boot()
    yield one
    one.down()
    shutil.rmtree(root)


@proof
def test_the_units_serve_back_up_and_come_back(machine: Machine) -> None:
    """Installed with units; a killed server, a backup and a restart of the whole machine."""
    installed = machine.run("cd /srv/bundle && sh install.sh --migrate")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert "WARNING" not in installed.stderr
    begun = machine.run("systemctl enable --now saima saima-backup.timer")
    assert begun.returncode == 0, begun.stderr
    until(machine.ready)
    assert machine.says("stat -c %U:%a /var/lib/saima /etc/saima/saima.env").split() == [
        "saima:750", "root:600",
    ]  # fmt: skip
    assert machine.says("systemctl is-active saima-backup.timer") == "active"

    machine.run("kill -9 $(systemctl show -p MainPID --value saima)")
    until(lambda: machine.says("systemctl show -p NRestarts --value saima") == "1")
    until(machine.ready)

    assert machine.run("systemctl start saima-backup").returncode == 0
    kept = machine.says("ls /var/backups/saima")
    assert re.fullmatch(r"saima-\d{8}-\d{6}\.tar", kept), kept

    machine.down()
    machine.boot()
    until(machine.ready)
    machine.run("systemctl stop saima")
    assert machine.says("systemctl show -p Result --value saima") == "success"
    said = machine.says("systemd-analyze security saima --no-pager | tail -1")
    exposure = re.search(r": (\d+\.\d)", said)
    assert exposure, said
    assert float(exposure[1]) < 2, "the unit keeps its walls"
    print(said)
