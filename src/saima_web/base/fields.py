"""A decimal that both databases keep exactly: text in canonical form, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class ExactDecimal(models.CharField):  # type: ignore[type-arg]
    """A Decimal kept as text. Not for ordering or sums in SQL: those are done in Python."""

    description = "an exact decimal"
    _pyi_private_set_type: Decimal | str | int | None  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> Decimal | None:
        return Decimal(value) if value else None

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "" or isinstance(value, Decimal):
            return value or None if value == "" else value
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise ValidationError(f"“{value}”不是数字。") from None

    def run_validators(self, value: Any) -> None:
        """The text's own length is checked, as it is kept: a number has none."""
        super().run_validators(self.get_prep_value(value))

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        return None if number is None else canonical(number)


def canonical(number: Decimal) -> str:
    """The one text of a number: no exponent, no trailing zeros, no minus zero."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text
