"""`saima audit`: verify the ledger, in the database or in an exported file; export it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from saima_web.commands.django_setup import say, start

HELP = "校验和导出账本"
HELP_EN = "verify and export the ledger"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    verify = what.add_parser("verify", help="校验：有没有被改、删、插、调换、截断、整段重算")
    verify.add_argument("file", nargs="?", help="导出的账本；不写则校验数据库里的")
    verify.add_argument(
        "--anchor", action="append", default=[], metavar="N:摘要", help="通报上印的锚点，可写多个"
    )
    verify.add_argument("--json", action="store_true", help="输出 JSON")
    export = what.add_parser("export", help="导出，可离线校验")
    export.add_argument("-o", "--out", required=True, metavar="FILE", help="写到哪个文件（.jsonl）")


def run(args: argparse.Namespace) -> int:
    if args.what == "verify":
        return _verify(args)
    start()
    from saima_web.audit.exporting import write

    path = Path(args.out)
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as out:
        count = write(out)
    draft.replace(path)
    say(
        "已导出{n}条：{file}" if args.lang == "zh" else "{n} entries: {file}",
        n=count,
        file=args.out,
    )
    return 0


def _verify(args: argparse.Namespace) -> int:
    _start_for(args.file)
    from saima_web.audit import exporting, verifying

    printed = dict(_anchor(text) for text in args.anchor)
    if args.file:
        path = Path(args.file)
        known = exporting.read_header(path)
        known = verifying.Known(known.end, known.digest, {**known.anchors, **printed})
        verdict = verifying.verify(lambda: exporting.read_rows(path), known)
    else:
        verdict = verifying.verify_database(printed, os.cpu_count() or 1, _progress)
    if args.json:
        breaks = [vars(b) for b in verdict.breaks]
        sys.stdout.write(json.dumps({"entries": verdict.entries, "breaks": breaks}) + "\n")
    else:
        _tell(verdict, args.lang)
    return 0 if verdict.sound else 1


def _progress(passed: int, of: int) -> None:
    """Count on a terminal, in one line that goes away at the end."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + (f"{passed:,} / {of:,}" if passed < of else ""))
        sys.stderr.flush()


def _start_for(file: str | None) -> None:
    """An exported file needs no database and no secret."""
    if file:
        os.environ["SAIMA_SECRET"] = os.environ.get("SAIMA_SECRET") or "offline"
    start()


def _anchor(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) < 8:
        raise SystemExit("锚点请写成 条数:摘要，如通报上所印。")
    return int(number), digest


def _tell(verdict: object, language: str) -> None:
    from saima_web.audit.verifying import Verdict

    assert isinstance(verdict, Verdict)
    if verdict.sound:
        say(
            "账本完整：{n}条，校验通过。" if language == "zh" else "Sound: {n} entries.",
            n=verdict.entries,
        )
        return
    head = "账本有{n}处断裂：" if language == "zh" else "{n} breaks:"
    say(head, n=len(verdict.breaks))
    for found in verdict.breaks:
        say("  " + (found.sentence if language == "zh" else f"{found.kind} {found.number}"))
