"""`saima demo`: the platform on an embedded database with a populated demonstration."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import secrets
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from saima.problems import Place, declare, refuse
from saima_web.commands.django_setup import migrate, say, start

MARK = "saima-demo.json"
"""The file that makes a folder one of the demonstration's, with its clock's offset."""

NOT_A_DEMO = declare(
    "folder-not-a-demo",
    "这个目录里已有别的文件，不能放演示数据。",
    "请用 --dir 换一个空目录，或不存在的目录。",
    "this folder holds other files; the demonstration cannot go there.",
    "Name an empty or new folder with --dir.",
)

SHOWN = (
    ("office", "考核办，管全过程"),
    ("clerk_e1", "栖湖文旅填报员，本月填了三分之二"),
    ("head_e1", "栖湖文旅负责人，审核和申诉"),
    ("clerk_c5", "临溪片区填报员，落后要说明原因"),
    ("owner_d2", "投资发展部，核定投资类指标"),
    ("owner_d6", "安全环保部，统一提供安全类数据"),
    ("leader", "集团主要领导，看驾驶舱、审定、批示"),
    ("project_office", "项目办，编制项目计划"),
    ("lead_office", "领导小组办公室，管征收清零类"),
    ("inspector", "督查员"),
    ("admin", "综合管理员，管人员和账本"),
    ("viewer", "只看公布的结果"),
)


def run(args: argparse.Namespace) -> int:
    """Make the demonstration where it is not there yet, and serve it."""
    folder = Path(args.dir or "saima-demo").resolve()
    began = time.monotonic()
    fresh = _prepare(folder)
    if fresh:
        _populate_apart(folder, args.lang)
        say(
            "演示数据已备好，用时{n}秒" if args.lang == "zh" else "ready in {n} s",
            n=round(time.monotonic() - began),
        )
    start()
    if not fresh:
        migrate()
    _tell(args.port, args.lang)

    from saima_web.commands.serve import serve

    serve("127.0.0.1", args.port, workers=1, threads=8)
    return 0


def _prepare(folder: Path) -> bool:
    """Set the environment for a demonstration in a folder; True where it is to be made."""
    known = folder / MARK
    fresh = not known.exists()
    if fresh and folder.exists() and any(folder.iterdir()):
        raise refuse(NOT_A_DEMO, Place(file=str(folder)))
    if fresh:
        from saima_web.demo.plan import DEMO_DAY

        folder.mkdir(parents=True, exist_ok=True)
        real = datetime.now(UTC)
        story = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, 1, 30, tzinfo=UTC)
        settings: dict[str, Any] = {
            "secret": secrets.token_urlsafe(48),
            "offset": (story - real).total_seconds(),
        }
    else:
        settings = json.loads(known.read_text(encoding="utf-8"))
    os.environ.update(
        SAIMA_DATA=str(folder), SAIMA_SECRET=settings["secret"], SAIMA_DATABASE="",
        SAIMA_CLOCK_OFFSET=str(settings["offset"]),
    )  # fmt: skip
    if fresh:
        (folder / "draft.json").write_text(json.dumps(settings), encoding="utf-8")
    return fresh


def _populate_apart(folder: Path, language: str) -> None:
    """Tell the story in a process of its own.

    Polars starts its threads at its first use, and the server's workers, forked from this
    process, would wait for threads that they do not have.
    """
    child = multiprocessing.get_context("spawn").Process(target=_populate, args=(folder, language))
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(child.exitcode)


def _populate(folder: Path, language: str) -> None:
    """Tell the story; a half-told one is removed, so that the next start begins anew."""
    start()
    from saima_web.demo.story import tell

    say(
        "正在生成演示数据（均为虚构），约需一分钟："
        if language == "zh"
        else "Making invented data:"
    )
    try:
        migrate()
        tell(lambda line: say("  {line}", line=line))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / "draft.json").rename(folder / MARK)


def _tell(port: int, language: str) -> None:
    from saima_web.demo.people import PASSWORD

    zh = language == "zh"
    say("\n打开 http://127.0.0.1:{port}/" if zh else "\nOpen http://127.0.0.1:{port}/", port=port)
    say("演示用户，密码都是 {p}：" if zh else "Log-ins, all with the password {p}:", p=PASSWORD)
    for username, what in SHOWN:
        say("  {u:<16}{what}", u=username, what=what)
    say("" if not zh else "按 Ctrl+C 结束；数据留在目录里，下次接着用。")
