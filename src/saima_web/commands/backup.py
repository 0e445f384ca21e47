"""`saima backup`: the database of one moment and the files, in one file, while people work."""

from __future__ import annotations

import argparse
from pathlib import Path

from saima_web.commands.django_setup import say, start

HELP = "备份：数据库、附件和印发的文件，写成一个文件；运行中也可以备份"
HELP_EN = "back up the database and the files into one file, while people work"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.tar", help="写到哪个文件；给目录则按时间取名")
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="目录里只留最近的 N 份")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")


def run(args: argparse.Namespace) -> int:
    start()
    from saima_web.operations.backing import back_up

    file, manifest = back_up(Path(args.target), max(args.keep, 0))
    say(
        "已备份：{file}（{size:.1f} MB，附件{files}个，账本{n}条）"
        if args.lang == "zh"
        else "Backed up: {file} ({size:.1f} MB, {files} files, {n} ledger entries)",
        file=file,
        size=file.stat().st_size / 1e6,
        files=len(manifest["members"]) - 1,
        n=manifest["ledger"]["number"],
    )
    return 0
