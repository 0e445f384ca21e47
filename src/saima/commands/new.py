"""`saima new`: a campaign to start from, with a worked sample in it that scores as it stands."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="FILE.xlsx|DIR", help="写到哪里：一份台账，或一个目录")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")


def run(args: argparse.Namespace) -> int:
    from saima.files.campaign import write_template

    write_template(Path(args.path))
    named = shlex.quote(args.path)
    if args.lang == "zh":
        said = (
            f"已写出：{args.path}\n"
            "里面是一份虚构的示例，可以直接计分；把内容换成自己的，改完保存。\n"
            f"检查：saima check {named}\n"
            f"计分：saima score {named}\n"
        )
    else:
        said = (
            f"Written: {args.path}\n"
            "It holds an invented sample that scores as it stands; put your own in its place.\n"
            f"Check: saima check {named}\n"
            f"Score: saima score {named}\n"
        )
    sys.stdout.write(said)
    return 0
