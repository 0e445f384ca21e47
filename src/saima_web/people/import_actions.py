"""Writing what a sheet of units, users and posts says: all of it or nothing, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.people.actions import code_of, told
from saima_web.people.importing import Plan
from saima_web.people.models import Post, Unit, User
from saima_web.people.passwords import first_password, quick_hash
from saima_web.people.permissions import require
from saima_web.people.safeguards import check_role
from saima_web.people.sheets import Row
from saima_web.people.unit_actions import plain

ROWS_WRONG = declare(
    "people-rows-wrong",
    "还有{count}行有错，没有导入。",
    "请改好后重新上传，或只导入没有问题的行。",
    "{count} rows still have errors; nothing was imported.",
    "Mend them and upload again, or import the good rows only.",
)
UNIT_FIELDS = ("name", "short_name", "kind", "parent", "order", "valid_from", "valid_to")
USER_FIELDS = ("name", "unit", "title", "phone")


@dataclass(frozen=True)
class Done:
    """How many rows were written, and the first passwords of new users, kept nowhere."""

    units: int
    posts: int
    passwords: list[tuple[User, str]]
    changed: int


def import_people(*, plan: Plan, by: Any, only_good: bool = False) -> Done:
    """Write a checked file. Errors: Refused while a row has errors, unless only the good ones
    are asked for; a row counts as bad with those it builds on."""
    require(by, "people.manage")
    if any(row.what != "same" for row in plan.of("units")):
        require(by, "units.manage")
    if plan.wrong and not only_good:
        raise refuse(ROWS_WRONG, count=len(plan.wrong))
    with writing(by) as ledger:
        units = _put_units([r for r in plan.of("units") if not r.wrong], ledger)
        passwords, changed = _put_users([r for r in plan.of("users") if not r.wrong], ledger)
        posts = _put_posts([r for r in plan.of("posts") if not r.wrong], ledger, by)
    return Done(units, posts, passwords, changed)


def _put_units(rows: list[Row], ledger: Ledger) -> int:
    """New units first, then what they and known ones point to."""
    todo = [r for r in rows if r.what != "same"]
    for row in todo:
        if row.values["here"] is None:
            row.values["here"] = Unit.objects.create(
                code=row.values["code"], name=row.values["name"]
            )
    for row in todo:
        unit: Unit = row.values["here"]
        fields = {k: _object(row.values[k]) for k in UNIT_FIELDS if k in row.values}
        changes = {k: plain(v) for k, v in fields.items() if getattr(unit, k) != v}
        for key, value in fields.items():
            setattr(unit, key, value)
        unit.save()
        event = "unit.added" if row.what == "new" else "unit.changed"
        ledger.record(event, f"unit/{unit.code}", imported=True, changes=changes)
    return len(todo)


def _put_users(rows: list[Row], ledger: Ledger) -> tuple[list[tuple[User, str]], int]:
    passwords: list[tuple[User, str]] = []
    changed = 0
    for row in rows:
        fields = {k: _object(row.values[k]) for k in USER_FIELDS if k in row.values}
        if row.what == "new":
            password = first_password()
            user = User.objects.create(
                username=row.values["username"], password=quick_hash(password),
                must_change_password=True, **fields,
            )  # fmt: skip
            row.values["here"] = user
            passwords.append((user, password))
            words = f"{user.username} {user.name}"
            ledger.record("user.added", f"user/{user.pk}", personal=words, imported=True)
        elif row.what == "changed":
            user = row.values["here"]
            given = [k for k, v in fields.items() if getattr(user, k) != v]
            for key in given:
                setattr(user, key, fields[key])
            user.save(update_fields=given)
            changed += 1
            ledger.record("user.changed", f"user/{user.pk}", fields=given, imported=True)
    return passwords, changed


def _put_posts(rows: list[Row], ledger: Ledger, by: Any) -> int:
    count = 0
    for row in rows:
        if row.what == "same":
            continue
        fields = {k: _object(v) for k, v in row.values.items()}
        check_role(user=fields["user"], role=fields["role"], by=by)
        post = Post.objects.create(**fields)
        ledger.record(
            "post.given",
            f"user/{post.user_id}",
            campaign=code_of(post),
            imported=True,
            **told(post),
        )
        count += 1
    return count


def _object(value: Any) -> Any:
    """The platform's object behind a row of the file."""
    return value.values["here"] if isinstance(value, Row) else value
