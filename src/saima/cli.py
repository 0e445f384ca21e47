"""The command line `saima`: finds the command, turns refusals into one line and a status, no logic."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any, NoReturn

from saima.problems import Language, Refused

COMMANDS: dict[str, str] = {
    "new": "生成空白台账或目录（带可直接计分的示例）",
    "check": "检查台账，一次列出全部问题",
    "score": "计分并排名",
    "explain": "说明一个得分是怎么来的",
    "brief": "写出通报：.docx .xlsx .pptx .html",
    "demo": "用自带的示例走一遍全过程",
    "rules": "考核办法：展示、比较、检查、运行案例",
    "cards": "黄红牌规则：展示、评定、逐期重演、运行案例",
    "allocate": "分解目标，分项加总严格相等",
    "tasks": "任务清单：逾期、临期、要素不全的，连同写错的单元格",
    "projects": "重点项目：投资、开工、入统，写出项目通报",
    "schedule": "项目网络计划：日期、时差、关键路径、推迟什么",
    "read": "读一个现实中的表格，说明读懂了什么",
    "docx-check": "检查 Word 公文格式",
    "watch": "台账一保存就重新计分，列出变化",
}
"""Command -> what it does, in the order of the help."""


class _Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the words of a call."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sys.stderr.write(f"用法不对：{_in_chinese(message)}。运行 {self.prog} --help 查看说明。\n")
        raise SystemExit(2)


_PHRASES = (
    ("the following arguments are required: ", "缺少参数 "),
    ("unrecognized arguments: ", "不认识的参数 "),
    ("expected one argument", "后面要跟一个值"),
    ("invalid choice: ", "没有这个选项 "),
    ("argument ", "参数 "),
    ("(choose from", "（可选："),
)


def _in_chinese(message: str) -> str:
    for english, chinese in _PHRASES:
        message = message.replace(english, chinese)
    return message.replace("(可选：", "（可选：").rstrip(")") if "可选" in message else message


def added_commands() -> dict[str, Any]:
    """Commands that installed packages add, such as the platform's `serve`: name -> entry point."""
    return {point.name: point for point in entry_points(group="saima.commands")}


def parser_for(name: str) -> argparse.ArgumentParser:
    """The parser of one command; only its module is imported, so that the start is fast.

    Errors: KeyError for what no package names, ImportError where its package is not whole.
    """
    if name in COMMANDS:
        module = importlib.import_module(f"saima.commands.{name.replace('-', '_')}")
        does = COMMANDS[name]
    else:
        module = added_commands()[name].load()
        does = module.HELP
    parser = _Parser(prog=f"saima {name}", description=does, add_help=True)
    module.add(parser)
    parser.set_defaults(run=module.run)
    return parser


def _added_help() -> dict[str, str]:
    """What the added commands do; one whose package is not whole is left out."""
    found = {}
    for name, point in added_commands().items():
        with suppress(ImportError):
            found[name] = point.load().HELP
    return found


def _usage() -> str:
    lines = [f"  {name:<12}{does}" for name, does in (COMMANDS | _added_help()).items()]
    return "\n".join(
        [
            "saima（赛马）：考核办法、计分排名、通报。",
            "",
            "用法：saima 命令 [参数]；saima 命令 --help 查看一个命令的说明。",
            "",
            *lines,
            "",
            "退出状态：0 没有问题；1 发现问题（能做的已做，其余列出）；2 用法不对或文件读不了。",
            "",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status; never shows a traceback for bad input."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0 if words else 2
    if words[0] in ("-V", "--version"):
        from importlib.metadata import version

        sys.stdout.write(f"saima {version('saima')}\n")
        return 0
    if words[0] not in COMMANDS and words[0] not in added_commands():
        sys.stderr.write(f"没有“{words[0]}”这个命令。\n\n{_usage()}")
        return 2
    gc.set_threshold(100_000)  # a command builds much and leaves no cycles: look for them rarely
    return _run(parser_for(words[0]), words[1:])


def _run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    try:
        args = parser.parse_args(words)
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except Refused as refusal:
        language: Language = (
            "en" if "--lang=en" in words or _after(words, "--lang") == "en" else "zh"
        )
        sys.stderr.write(refusal.problem.text(language) + "\n")
        return 2
    except BrokenPipeError:  # the reader of our output went away: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("已中断，原文件没有改动。\n")
        return 130


def _after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1] if option in words[:-1] else ""
