"""Units, users and posts from a sheet: every row checked against the sheet and the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.apps import apps

from saima.problems import Problem, declare
from saima_web.base.clock import today
from saima_web.people.models import ADMINISTRATORS, Post, Unit, User
from saima_web.people.people_forms import NEEDS_CARE, NEEDS_UNIT, USERNAME, categories_known
from saima_web.people.sheets import KINDS, ROLES, Row, read_rows

MISSING = declare(
    "people-missing",
    "“{field}”没有填。",
    "请补填。",
    "{field} is empty.",
    "Fill it in.",
)
CHOICE = declare(
    "people-choice",
    "“{field}”不能是“{text}”。",
    "可以填：{choices}。",
    "{field} cannot be {text}.",
    "Use one of: {choices}.",
)
NOT_A_DATE = declare(
    "people-date",
    "“{field}”里的“{text}”不是日期。",
    "请写成2026-07-01这样。",
    "{text} in {field} is not a date.",
    "Write it as 2026-07-01.",
)
NOT_WHOLE = declare(
    "people-whole",
    "“{field}”里的“{text}”不是整数。",
    "请填整数。",
    "{text} in {field} is not a whole number.",
    "Use a whole number.",
)
UNKNOWN = declare(
    "people-unknown",
    "“{field}”里的“{text}”找不到。",
    "请改成平台上或本文件里有的名称{nearest}。",
    "{text} in {field} is unknown.",
    "Use a name that the platform or this file has{nearest}.",
)
TWICE = declare(
    "people-twice",
    "“{text}”与第{line}行重复。",
    "请删去一行。",
    "{text} stands in line {line} already.",
    "Remove one of them.",
)
USERNAME_FORM = declare(
    "people-username",
    "登录名“{text}”里有不能用的字符。",
    "只能用汉字、字母、数字和 . - _ @，不能有空格。",
    "the log-in name {text} has characters that are not allowed.",
    "Letters, digits, Chinese characters and . - _ @ only.",
)
FOLLOWS_WRONG = declare(
    "people-follows",
    "“{field}”里的“{text}”所在的第{line}行有错。",
    "先改好那一行，这一行会跟着通过。",
    "{text} in {field} stands in line {line}, which has an error.",
    "Mend that line; this one will follow.",
)
DATES_ORDER = declare(
    "people-dates-order",
    "“{field}”{text}早于起始日期或今天。",
    "请核对起止日期。",
    "{field} {text} is before the start or today.",
    "Check both dates.",
)
DEPUTY_WITHOUT_END = declare(
    "people-deputy",
    "代理没有写明截止日期。",
    "请在“止”里填写代理到哪一天；到期自动失效。",
    "a deputy's post has no last day.",
    "Say until which day; it ends by itself.",
)
CIRCLE_IN_SHEET = declare(
    "people-circle",
    "“{text}”的上级绕成了圈。",
    "请改上级，最上面的单位上级留空。",
    "the superiors of {text} go round in a circle.",
    "The topmost unit has no superior.",
)


@dataclass
class Plan:
    """All rows of a file, checked."""

    rows: list[Row]

    def of(self, key: str) -> list[Row]:
        return [r for r in self.rows if r.form.key == key]

    @property
    def good(self) -> list[Row]:
        return [r for r in self.rows if not r.wrong]

    @property
    def wrong(self) -> list[Row]:
        return [r for r in self.rows if r.wrong]

    @property
    def problems(self) -> list[Problem]:
        return [p for r in self.rows for p in r.problems]

    def count(self, key: str, what: str) -> int:
        return sum(r.what == what and not r.wrong for r in self.of(key))


def plan_of(path: Path, name: str) -> Plan:
    """Read a file and check every row. Errors: Refused where it cannot be read."""
    rows = read_rows(path, name)
    plan = Plan(rows)
    units = _Names(("code", "name", "short_name"), Unit.objects.all(), plan.of("units"))
    for row in plan.of("units"):
        _check_unit(row, units)
    _circles(plan.of("units"), units)
    units.spread(plan.of("units"), "parent")
    users = _Names(("username",), User.objects.all(), plan.of("users"))
    for row in plan.of("users"):
        _check_user(row, users, units)
    for row in plan.of("posts"):
        _check_post(row, users, units)
    return plan


class _Names:
    """What can be named in a column: rows of the platform, and rows of the file."""

    def __init__(self, keys: tuple[str, ...], known: Iterable[Any], rows: list[Row]) -> None:
        self.known: dict[str, Any] = {}
        self.rows: dict[str, Row] = {}
        self.lines: dict[str, int] = {}
        for item in known:
            for key in reversed(keys):
                if getattr(item, key):
                    self.known[getattr(item, key).casefold()] = item
        for row in rows:
            for key in keys:
                if row.texts.get(key):
                    self.rows.setdefault(row.texts[key].casefold(), row)

    def find(self, row: Row, name: str) -> Any:
        """The Row or platform object that a column names; None for nothing or a problem."""
        text = row.texts.get(name, "")
        if not text:
            return None
        found = self.rows.get(text.casefold()) or self.known.get(text.casefold())
        if found is None:
            close = get_close_matches(text.casefold(), [*self.rows, *self.known], 1, 0.5)
            nearest = f"（是不是“{close[0]}”？）" if close else ""
            row.blame(UNKNOWN, name, text=text, nearest=nearest)
        elif isinstance(found, Row) and found.wrong and found is not row:
            row.blame(FOLLOWS_WRONG, name, text=text, line=found.number)
        return found

    def existing(self, row: Row, *names: str) -> Any:
        """The platform's object that a row speaks of."""
        for name in names:
            found = self.known.get(row.texts.get(name, "").casefold())
            if found is not None:
                return found
        return None

    def once(self, row: Row, text: str) -> None:
        """Blame a second row of a name."""
        first = self.lines.setdefault(text.casefold(), row.number)
        if text and first != row.number:
            row.blame(TWICE, text=text, line=first)

    def spread(self, rows: list[Row], name: str) -> None:
        """Rows that name a row with problems fail with it, however deep."""
        changed = True
        while changed:
            changed = False
            for row in rows:
                above = row.values.get(name)
                if not row.wrong and isinstance(above, Row) and above.wrong:
                    row.blame(FOLLOWS_WRONG, name, text=row.texts[name], line=above.number)
                    changed = True


def _require(row: Row) -> None:
    for field in row.form.fields:
        if field.required and not row.texts.get(field.name):
            row.blame(MISSING, field.name)


def _choice(row: Row, name: str, words: dict[str, str], default: str = "") -> str:
    text = row.texts.get(name, "")
    if not text:
        return default
    if text not in words and text not in words.values():
        row.blame(CHOICE, name, text=text, choices="、".join(words))
    return words.get(text, text)


def _date(row: Row, name: str) -> date | None:
    text = row.texts.get(name, "").replace("/", "-").replace(".", "-")
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    row.blame(NOT_A_DATE, name, text=text)
    return None


def _whole(row: Row, name: str) -> int | None:
    text = row.texts.get(name, "")
    try:
        return int(float(text)) if text else None
    except ValueError:
        row.blame(NOT_WHOLE, name, text=text)
        return None


def _check_unit(row: Row, units: _Names) -> None:
    _require(row)
    code = row.texts.get("code") or row.texts.get("name", "")
    units.once(row, code)
    here = units.existing(row, "code") or (None if row.texts.get("code") else units.existing(row, "name"))  # fmt: skip
    given = {
        "name": row.texts.get("name", ""), "short_name": row.texts.get("short_name", ""),
        "kind": _choice(row, "kind", KINDS), "order": _whole(row, "order"),
        "parent": units.find(row, "parent"), "valid_from": _date(row, "valid_from"),
        "valid_to": _date(row, "valid_to"),
    }  # fmt: skip
    first, last = given["valid_from"], given["valid_to"]
    if first and last and last < first:
        row.blame(DATES_ORDER, "valid_to", text=row.texts["valid_to"])
    row.values = {"here": here, "code": code[:40]} | {k: v for k, v in given.items() if v not in (None, "")}  # fmt: skip
    row.what = _what(here, row.values, ("here", "code"))


def _circles(rows: list[Row], units: _Names) -> None:
    """Blame rows whose superiors lead back to themselves."""

    def above(node: Any) -> Any:
        if isinstance(node, Row):
            found = node.values.get("parent")
            if found is None and node.values.get("here") is not None:
                found = node.values["here"].parent
        else:
            found = node.parent
        if isinstance(found, Unit):
            return units.rows.get(found.code.casefold(), found)
        return found

    for row in rows:
        seen, at = {id(row)}, above(row)
        while at is not None and id(at) not in seen:
            seen.add(id(at))
            at = above(at)
        if at is row:
            row.blame(CIRCLE_IN_SHEET, "parent", text=row.key)


def _check_user(row: Row, users: _Names, units: _Names) -> None:
    _require(row)
    text = row.texts.get("username", "")
    users.once(row, text)
    if text and not USERNAME.match(text):
        row.blame(USERNAME_FORM, "username", text=text)
    given = {
        "name": row.texts.get("name", ""), "title": row.texts.get("title", ""),
        "phone": row.texts.get("phone", ""), "unit": units.find(row, "unit"),
    }  # fmt: skip
    here = users.existing(row, "username")
    row.values = {"here": here, "username": text} | {k: v for k, v in given.items() if v not in (None, "")}  # fmt: skip
    row.what = _what(here, row.values, ("here", "username"))


def _what(here: Any, values: dict[str, Any], apart: tuple[str, ...]) -> str:
    """new, changed or same."""
    if here is None:
        return "new"
    given = ((k, v) for k, v in values.items() if k not in apart)
    changed = any(
        (v.values.get("here") is None or v.values["here"] != getattr(here, k))
        if isinstance(v, Row)
        else getattr(here, k) != v
        for k, v in given
    )
    return "changed" if changed else "same"


def _check_post(row: Row, users: _Names, units: _Names) -> None:
    _require(row)
    given: dict[str, Any] = {
        "user": users.find(row, "username"), "role": _choice(row, "role", ROLES),
        "unit": units.find(row, "unit"), "campaign": _campaign(row),
        "categories": _categories(row), "valid_from": _date(row, "valid_from"),
        "valid_to": _date(row, "valid_to"), "deputy_for": users.find(row, "deputy_for"),
    }  # fmt: skip
    _check_reach(row, given)
    if given["role"] in ADMINISTRATORS:
        given |= {"unit": None, "campaign": None, "categories": []}
    row.values = given
    row.what = "same" if not row.wrong and _has_post(given) else "new"


def _check_reach(row: Row, given: dict[str, Any]) -> None:
    named_unit = bool(row.texts.get("unit"))
    if given["role"] in NEEDS_UNIT and not named_unit:
        row.blame(MISSING, "unit")
    if given["role"] in NEEDS_CARE and not named_unit and not given["categories"]:
        row.blame(MISSING, "categories")
    last = given["valid_to"]
    if last and last < (given["valid_from"] or today()):
        row.blame(DATES_ORDER, "valid_to", text=row.texts["valid_to"])
    if row.texts.get("deputy_for") and last is None and not row.texts.get("valid_to"):
        row.blame(DEPUTY_WITHOUT_END, "valid_to")


def _campaign(row: Row) -> Any:
    """The campaign of a code or name; people stand below campaigns and ask by the model's name."""
    text = row.texts.get("campaign", "")
    if not text or text in ("全部", "全部行动"):
        return None
    every = list(apps.get_model("campaigns", "Campaign").objects.all())
    found = next((c for c in every if text in (c.code, c.name)), None)
    if found is None:
        close = get_close_matches(text, [c.name for c in every], 1, 0.4)
        nearest = f"（是不是“{close[0]}”？）" if close else ""
        row.blame(UNKNOWN, "campaign", text=text, nearest=nearest)
    return found


def _categories(row: Row) -> list[str]:
    text = row.texts.get("categories", "").replace("，", "、").replace(",", "、")
    given = [part.strip() for part in text.split("、") if part.strip()]
    known = categories_known()
    for name in given:
        if known and name not in known:
            row.blame(CHOICE, "categories", text=name, choices="、".join(known))
    return given


def _has_post(given: dict[str, Any]) -> bool:
    """Whether the platform has the same post already."""
    plain: Callable[[Any], Any] = lambda v: v.values.get("here") if isinstance(v, Row) else v  # noqa: E731
    user, unit = plain(given["user"]), plain(given["unit"])
    if user is None or (given["unit"] is not None and unit is None):
        return False
    same = Post.objects.filter(
        user=user, role=given["role"], unit=unit, campaign=given["campaign"],
        valid_from=given["valid_from"], valid_to=given["valid_to"],
        deputy_for=plain(given["deputy_for"]),
    )  # fmt: skip
    return any(p.categories == given["categories"] for p in same)
