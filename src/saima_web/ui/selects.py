"""A choice among hundreds: drawn at once, where Django draws every option by a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


def offer(field: Any, rows: QuerySet[Any], names: Iterable[tuple[int, str]]) -> None:
    """Let a field choose among rows by their names, which are at hand: no object for each."""
    field.queryset = rows
    blank = [] if field.empty_label is None else [("", field.empty_label)]
    field.widget.choices = [*blank, *names]


class LongSelect(forms.Select):
    """`forms.Select` for plain choices without groups."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - Django names it
    ) -> SafeString:  # fmt: skip
        chosen = set(self.format_value(value))
        said = {"name": name} | self.build_attrs(self.attrs, dict(attrs or {}))
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) in chosen else ""}>'
            f"{escape(str(label))}</option>"
            for key, label in self.choices
        )
        return mark_safe(f"<select{flatatt(said)}>{options}</select>")
