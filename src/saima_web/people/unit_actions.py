"""Writing about units: founding, renaming, moving in the tree, ending."""

from __future__ import annotations

from datetime import date
from typing import Any

from saima.problems import declare, refuse
from saima_web.audit.actions import writing
from saima_web.people.models import Unit
from saima_web.people.permissions import below, require

CIRCLE = declare(
    "unit-circle",
    "“{unit}”不能放在“{parent}”下面：后者是它自己或它的下级。",
    "请选别的上级。",
    "{unit} cannot stand below {parent}, which is itself or below it.",
    "Choose another superior.",
)
FIELDS = (
    "name", "short_name", "kind", "parent", "order", "valid_from", "valid_to", "successor",
)  # fmt: skip


def save_unit(*, by: Any, unit: Unit | None = None, **fields: Any) -> Unit:
    """Add a unit (with its `code`) or change one; what changed stands in the ledger."""
    require(by, "units.manage")
    row = Unit.objects.get(pk=unit.pk) if unit is not None and unit.pk else Unit()
    refuse_circle(row, fields.get("parent"))
    with writing(by) as ledger:
        told = {k: [plain(getattr(row, k)), plain(v)] for k, v in fields.items() if getattr(row, k) != v}  # fmt: skip
        event = "unit.changed" if row.pk else "unit.added"
        for key, value in fields.items():
            setattr(row, key, value)
        row.save()
        if told:
            ledger.record(event, f"unit/{row.code}", changes=told)
    return row


def refuse_circle(unit: Unit, parent: Unit | None) -> None:
    """Refuse a superior that stands below the unit."""
    if unit.pk and parent is not None and parent.pk in below(unit.pk):
        raise refuse(CIRCLE, unit=str(unit), parent=str(parent))


def plain(value: Any) -> Any:
    """A value as it stands in the ledger."""
    if isinstance(value, Unit):
        return value.code
    return value.isoformat() if isinstance(value, date) else value
