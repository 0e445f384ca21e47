"""`saima restore`: bring a backup back; checked before anything is touched, verified after."""

from __future__ import annotations

import argparse
from pathlib import Path

from saima_web.commands.django_setup import say, start

HELP = "从备份恢复：先核对，再换上，再校验账本；不成则退回"
HELP_EN = "restore a backup: checked first, verified after, undone where that fails"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.tar", help="备份文件")
    parser.add_argument("--replace", action="store_true", help="这里已有数据，移到一边，换上备份")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")


def run(args: argparse.Namespace) -> int:
    start()
    from saima_web.operations.restoring import restore

    manifest, aside = restore(Path(args.file), replace=args.replace)
    zh = args.lang == "zh"
    say(
        "已恢复 {when} 的备份，账本{n}条，校验通过。" if zh
        else "Restored the backup of {when}; {n} ledger entries verify.",
        when=manifest.made_at[:16].replace("T", " "), n=manifest.ledger.number,
    )  # fmt: skip
    if aside:
        say(
            "原来的数据在 {aside}，确认无误后可以删除。" if zh
            else "The former data are in {aside}; delete them once all is well.",
            aside=aside,
        )  # fmt: skip
    return 0
