"""The archive of `make bundle`: installed where there is no network and no Python, then used."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.platforms import SERVER

ROOT = Path(__file__).parents[3]
PARTS = ROOT / "deploy" / "bundle"
TOOLS = (
    "sh", "cat", "chmod", "cp", "cut", "dirname", "gzip", "head", "id", "ln", "mkdir", "rm", "sed",
    "sha256sum", "tar", "tr", "uname",
)  # fmt: skip
MACHINES = {"x86_64": 62, "aarch64": 183}
"""ELF's numbers of the architectures."""

USE = """
import http.cookiejar, json, os, re, subprocess, sys, time, urllib.error, urllib.parse, urllib.request
saima, port = sys.argv[1], "8750"
subprocess.run([saima, "admin", "first", "--username", "admin", "--name", "示例管理员"], check=True)
server = subprocess.Popen([saima, "serve", "--workers", "1", "--port", port])
home = f"http://127.0.0.1:{port}"
jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
def get(path, **form):
    data = urllib.parse.urlencode(form).encode() if form else None
    with browser.open(home + path, data, timeout=60) as answer:
        return answer.status, answer.read().decode()
try:
    for _ in range(600):
        try:
            ready = get("/readyz")
            break
        except (OSError, urllib.error.URLError):
            time.sleep(.2)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\\w+)"', get("/login/")[1])[1]
    status, page = get("/login/", csrfmiddlewaretoken=token, username="admin", password=os.environ["SAIMA_PASSWORD"])
    vendored = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    print(json.dumps({
        "ready": ready, "status": status, "page": page, "python": sys.version,
        "routes": open("/proc/net/route").read().splitlines()[1:],
        "static": [get(path)[0] for path in vendored],
        "foreign": sorted({line.split()[-1] for pid in (os.getpid(), server.pid)
            for line in open(f"/proc/{pid}/maps") if "libc.so" in line or "libm.so" in line}),
    }))
finally:
    server.terminate()
    server.wait(60)
"""


def proof(test: Callable[..., None]) -> Callable[..., None]:
    """A long proof, which no other database would change."""
    once = pytest.mark.skipif(bool(SERVER), reason="the bundle is tried with its own SQLite")
    return pytest.mark.proof(once(test))


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive; built anew where a source of it is younger."""
    sources = [ROOT / n for n in ("requirements.lock", "pyproject.toml", ".ci/bundle")]
    sources += [
        f for f in (*(ROOT / "src").rglob("*"), *PARTS.iterdir()) if "__pycache__" not in str(f)
    ]
    newest = max(f.stat().st_mtime for f in sources if f.is_file() and f.suffix != ".mo")
    archives = [f for f in ROOT.glob("dist/saima-*-offline.tar") if f.stat().st_mtime > newest]
    if not archives:
        done = subprocess.run(
            [sys.executable, ROOT / ".ci/bundle"], text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        print(done.stdout.strip())
        archives = list(ROOT.glob("dist/saima-*-offline.tar"))
    place = tmp_path_factory.mktemp("bundle")
    with tarfile.open(archives[0]) as tar:
        tar.extractall(place, filter="data")
    return next(place.iterdir())


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The surroundings of a machine with a shell's usual programs and no Python."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    return {"PATH": str(folder), "HOME": "/nonexistent"}


def apart(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run in a network namespace with a loopback and nothing else."""
    unshare = shutil.which("unshare")
    if unshare is None or os.geteuid():
        pytest.skip("a network namespace needs root")
    up = 'ip link set lo up && exec env -i "$@"'
    given = [f"{name}={value}" for name, value in env.items()]
    return subprocess.run(
        [unshare, "-n", "sh", "-c", up, "sh", *given, *words],
        text=True, capture_output=True, timeout=900, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def installed(bundle: Path, bare: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place, began = tmp_path_factory.mktemp("place"), time.monotonic()
    done = apart(
        "sh", str(bundle / "install.sh"), "--prefix", str(place / "saima"), "--data",
        str(place / "data"), "--settings", str(place / "saima.env"), "--units",
        str(place / "units"), "--migrate", env=bare,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    size = sum(f.stat().st_size for f in (place / "saima").rglob("*") if f.is_file())
    print(f"installed in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB")
    return place


@proof
def test_the_bundle_is_installed_and_served_without_a_route(
    installed: Path, bare: dict[str, str]
) -> None:
    env = bare | {
        "SAIMA_DATA": str(installed / "data"), "SAIMA_SECRET": "only-for-this-test",
        "SAIMA_PASSWORD": "draw-the-bow-7",
    }  # fmt: skip
    own = installed / "saima/current/venv/bin/python"
    done = apart(str(own), "-c", USE, str(installed / "saima/bin/saima"), env=env)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["routes"] == []
    assert found["ready"] == [200, "ok\n"]
    assert found["status"] == 200
    assert "示例管理员" in found["page"]
    assert len(found["static"]) > 5
    assert set(found["static"]) == {200}
    assert all(library.startswith(str(installed)) for library in found["foreign"])


@proof
def test_what_the_bundle_scores_is_what_this_tree_scores(
    installed: Path, bundle: Path, bare: dict[str, str]
) -> None:
    sample = str(bundle / "campaigns/notice-000")
    there = apart(str(installed / "saima/bin/saima"), "score", sample, "--json", env=bare)
    here = subprocess.run(
        [Path(sys.executable).with_name("saima"), "score", sample, "--json"],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert there.stdout == here.stdout
    assert (there.returncode, len(there.stdout) > 1000) == (here.returncode, True)


@proof
def test_the_units_and_settings_name_the_places_that_were_asked_for(installed: Path) -> None:
    unit = (installed / "units/saima.service").read_text(encoding="utf-8")
    assert f"ExecStart={installed}/saima/bin/saima serve" in unit
    assert f"SAIMA_DATA={installed}/data" in unit
    assert re.search(r"^SAIMA_SECRET=\S{40,}$", (installed / "saima.env").read_text(), re.M)
    assert (installed / "saima.env").stat().st_mode & 0o777 == 0o600


@proof
def test_installing_again_keeps_settings_and_does_no_work_twice(
    installed: Path, bundle: Path, bare: dict[str, str]
) -> None:
    kept = (installed / "saima.env").read_text()
    words = ("--prefix", str(installed / "saima"), "--data", str(installed / "data"))
    settings = ("--settings", str(installed / "saima.env"), "--no-units")
    done = apart("sh", str(bundle / "install.sh"), *words, *settings, env=bare)
    assert done.returncode == 0, done.stderr
    assert "安装 " not in done.stdout
    assert (installed / "saima.env").read_text() == kept
    assert len(list((installed / "saima/versions").iterdir())) == 1


def machine_of(content: bytes) -> int:
    """ELF's number of the architecture, 0 for what is no program."""
    return int(struct.unpack("<H", content[18:20])[0]) if content[:4] == b"\x7fELF" else 0


@proof
@pytest.mark.parametrize("machine", MACHINES)
def test_every_pinned_wheel_is_there_for_each_architecture(bundle: Path, machine: str) -> None:
    text = (bundle / "requirements.txt").read_text()
    lines = [
        x
        for x in re.findall(r"^(\S+)==([^ \\]+)( ; [^\\]*)?", text, re.M)
        if ">= '3.12'" not in x[2]
    ]
    wheels = [f for part in ("any", machine) for f in (bundle / "wheels" / part).glob("*.whl")]
    assert all(hashlib.sha256(f.read_bytes()).hexdigest() in text for f in wheels)
    there = sorted(f.name.split("-")[0].lower().replace("_", "-") for f in wheels)
    asked = sorted(name.partition("[")[0] for name, _, _ in lines)
    assert there == asked
    natives = set[int]()
    for wheel in (bundle / "wheels" / machine).glob("*.whl"):
        with zipfile.ZipFile(wheel) as content:
            parts = [n for n in content.namelist() if re.search(r"\.so(\.|$)", n)]
            found = {machine_of(content.read(n)[:20]) for n in parts}
        assert found == {MACHINES[machine]}, wheel.name
        natives |= found
    with tarfile.open(bundle / f"python/{machine}.tar.gz") as tar:
        programs = {
            m.name: tar.extractfile(m)
            for m in tar
            if m.isfile() and re.search(r"\.so|/bin/", m.name)
        }
        natives |= {machine_of(f.read(20)) for f in programs.values() if f}
    assert natives == {MACHINES[machine]}


@proof
def test_the_other_architecture_scores_under_an_emulator(bundle: Path, tmp_path: Path) -> None:
    qemu = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    if qemu is None:
        pytest.skip("qemu-user is not here")
    with tarfile.open(bundle / "python/aarch64.tar.gz") as tar:
        tar.extractall(tmp_path, filter="fully_trusted")
    for part in ("any", "aarch64"):
        for wheel in (bundle / "wheels" / part).glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    sample = str(bundle / "campaigns/notice-000")
    code = (
        f"import sys, platform; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "assert platform.machine() == 'aarch64'\n"
        "import cryptography, django, lxml.etree, psycopg\n"
        f"from saima.cli import main; sys.exit(main(['score', {sample!r}, '--json']))"
    )
    library, began = tmp_path / "python/lib", time.monotonic()
    done = subprocess.run(
        [qemu, str(library / "ld-linux-aarch64.so.1"), "--library-path", str(library),
         str(tmp_path / "python/bin/python3.11"), "-I", "-c", code],
        text=True, capture_output=True, timeout=900, check=False,
    )  # fmt: skip
    here = subprocess.run(
        [Path(sys.executable).with_name("saima"), "score", sample, "--json"],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == here.returncode, done.stderr[-3000:]
    assert done.stdout == here.stdout
    print(f"aarch64 under qemu: the same marks, {time.monotonic() - began:.0f} s")


# ── what is refused, without a whole bundle ──


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A bundle of a few bytes whose digests are right."""
    folder = tmp_path / "small"
    folder.mkdir()
    shutil.copy(PARTS / "install.sh", folder)
    (folder / "VERSION").write_text("version=0.0.1\n")
    files = [folder / "install.sh", folder / "VERSION"]
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def refused(small: Path, place: Path, *words: str, **env: str) -> str:
    """What the installer says when it refuses; it may have made nothing."""
    done = subprocess.run(
        ["sh", str(small / "install.sh"), "--no-units", *words],
        env={"PATH": "/usr/bin:/bin"} | env, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert not place.exists()
    return done.stderr


def test_a_damaged_bundle_is_refused_before_anything_is_made(small: Path, tmp_path: Path) -> None:
    (small / "VERSION").write_text("version=0.0.2\n")
    said = refused(small, tmp_path / "p", "--prefix", str(tmp_path / "p"))
    assert "VERSION" in said
    assert "与 SHA256SUMS 不符" in said


def test_options_and_places_that_cannot_be_are_refused_in_words(
    small: Path, tmp_path: Path
) -> None:
    place = tmp_path / "p"
    assert "不认识“--fast”" in refused(small, place, "--fast")
    assert "后面要写一个路径" in refused(small, place, "--prefix")
    assert "要从 / 写起" in refused(small, place, "--prefix", "p")
    assert "只能有字母" in refused(small, place, "--prefix", str(tmp_path / "赛 马"))
    assert "太长" in refused(small, place, "--prefix", f"/{'p' * 130}")


def test_another_architecture_is_named_and_refused(small: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "uname").write_text("#!/bin/sh\necho loongarch64\n")
    (tools / "uname").chmod(0o755)
    said = refused(
        small, tmp_path / "p", "--prefix", str(tmp_path / "p"), PATH=f"{tools}:/usr/bin:/bin"
    )
    assert "这台机器是 loongarch64" in said
