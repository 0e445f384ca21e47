"""Default time limits by kind of paper, from a file in which each names its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from saima.problems import Place, declare, refuse
from saima.tasks.workdays import Works, added, on_or_after, usual

declare(
    "limits-unreadable",
    "看不懂时限文件：{reason}。",
    "每个时限写明 kind、name、days、count（calendar 或 working）、source。",
    "the file of time limits is not understood: {reason}.",
    "Every limit names kind, name, days, count (calendar or working) and source.",
)
declare(
    "unknown-limit",
    "没有“{kind}”这类时限。",
    "可用的有：{known}。",
    "there is no time limit “{kind}”.",
    "Known: {known}.",
)


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time limit: so many days, calendar or working, `within` the published spread if any."""

    kind: str
    name: str
    days: int
    source: str
    count: Literal["calendar", "working"] = "calendar"
    within: tuple[int, int] | None = None

    def end(self, start: date, works: Works = usual) -> date:
        """The last day, counted from the day after `start`; a day off moves it on."""
        if self.count == "working":
            return added(start, self.days, works)
        return on_or_after(start + timedelta(days=self.days), works)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    limits: tuple[Limit, ...]


def read_limits(text: str, file: str = "") -> tuple[Limit, ...]:
    """Limits from YAML. Errors: Refused `limits-unreadable`."""
    try:
        found = msgspec.convert(yaml.safe_load(text), _File).limits
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise refuse("limits-unreadable", Place(file=file), reason=str(error)[:120]) from error
    if any(limit.days < 0 for limit in found):
        raise refuse("limits-unreadable", Place(file=file), reason="days 小于0")
    return found


@cache
def default_limits() -> tuple[Limit, ...]:
    """The limits that published rules name."""
    text = files("saima.tasks").joinpath("limits.yaml").read_text(encoding="utf-8")
    return read_limits(text, "limits.yaml")


def limit_of(kind: str, limits: Iterable[Limit] | None = None) -> Limit:
    """A limit by its kind. Errors: Refused `unknown-limit`."""
    known = {limit.kind: limit for limit in (default_limits() if limits is None else limits)}
    if kind not in known:
        raise refuse("unknown-limit", kind=kind, known="、".join(known))
    return known[kind]
