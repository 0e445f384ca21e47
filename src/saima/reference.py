"""Writes the generated reference: JSON Schemas, scoring methods, problem codes (`make docs`)."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import msgspec

import saima
from saima.problems import CATALOGUE
from saima.rules.methods import every
from saima.shapes import SHAPES


def schemas() -> dict[str, str]:
    """File name -> text of every JSON Schema (draft 2020-12)."""
    out = {}
    for name, shape in SHAPES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        schema |= msgspec.json.schema(shape)
        out[f"{name}.schema.json"] = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
    return out


def methods_page() -> str:
    """The scoring methods as a page, from their own text and fields."""
    lines = ["# 计分方法", "", "由 `make docs` 从各方法的源文件生成。", ""]
    for method in every():
        lines += [f"## {method.TITLE[0]} `{method.NAME}`", ""]
        lines += ["| 参数 | 说明 | 默认 |", "| --- | --- | --- |", *_fields(method.Settings), ""]
    return "\n".join(lines).rstrip() + "\n"


def _fields(settings: type[msgspec.Struct]) -> list[str]:
    rows = []
    schema = msgspec.json.schema_components([settings])[1][settings.__name__]["properties"]
    for field in msgspec.structs.fields(settings):
        about = schema.get(field.encode_name, {}).get("description", "")
        default = "必填" if field.required else _default(field)
        rows.append(f"| `{field.encode_name}` | {about} | {default} |")
    return rows


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is msgspec.NODEFAULT:
        return "空"
    return "不限" if field.default is None else f"`{field.default}`"


def problems_page() -> str:
    """Every problem code with its wording, in alphabetical order."""
    for module in pkgutil.walk_packages(saima.__path__, "saima."):
        importlib.import_module(module.name)
    lines = ["# 问题代码", "", "由 `make docs` 生成。花括号里是当次的值。", ""]
    lines += ["| 代码 | 程度 | 说明 | 怎么改 |", "| --- | --- | --- | --- |"]
    for code, wording in sorted(CATALOGUE.items()):
        level = "错误" if wording.severity == "error" else "提醒"
        lines.append(f"| `{code}` | {level} | {wording.zh} | {wording.zh_hint} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Path below docs/ -> text of everything generated."""
    out = {f"reference/{name}": text for name, text in schemas().items()}
    out["generated/methods.md"] = methods_page()
    out["generated/problems.md"] = problems_page()
    return out


def main(folder: str = "docs") -> int:
    """Write all pages below a folder."""
    for name, text in pages().items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
