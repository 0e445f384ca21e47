"""Narrowing projects by unit, category, kind, size, battle front, state and highlight, in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saima_web.projects.models import Project
from saima_web.projects.queries import BANDS, band

Facet = Callable[[Project], tuple[str, str]]
"""The value that stands in the address, and what the choice is called."""


def _state(project: Project) -> tuple[str, str]:
    if project.finished_on:
        return "finished", _("已竣工")
    return ("building", _("在建")) if project.started_on else ("waiting", _("未开工"))


def _band(project: Project) -> tuple[str, str]:
    if project.total is None:
        return "", ""
    at = next((n for n, floor in enumerate(BANDS) if project.total >= floor), len(BANDS))
    return f"band{at}", band(project.total)


FACETS: dict[str, Facet] = {
    "unit": lambda p: (p.unit.code, p.unit.short_name or str(p.unit)),
    "category": lambda p: (p.category, p.get_category_display()),
    "kind": lambda p: (p.kind, p.get_kind_display()),
    "size": _band,
    "front": lambda p: (p.front, p.front),
    "state": _state,
    "highlight": lambda p: ("yes", _("亮点项目")) if p.highlighted else ("", ""),
}


def titles() -> dict[str, str]:
    """What each choice is called."""
    return {
        "unit": _("责任单位"), "category": _("类别"), "kind": _("类型"), "size": _("规模"),
        "front": _("战场"), "state": _("状态"), "highlight": _("亮点"),
    }  # fmt: skip


def chosen(asked: Mapping[str, Any], project: Project) -> bool:
    """Whether the address asks for this project."""
    wanted = {key: asked.get(key) for key in FACETS}
    return all(not value or FACETS[key](project)[0] == value for key, value in wanted.items())


def choices(asked: Mapping[str, Any], seen: Sequence[Project]) -> list[dict[str, Any]]:
    """What there is to choose from; a choice that would not tell projects apart is left out."""
    found = []
    for key, title in titles().items():
        values = [FACETS[key](p) for p in seen]
        now = asked.get(key) or ""
        rows = list(dict.fromkeys(pair for pair in values if pair[0]))
        if key == "size":
            rows.sort()
        if now or len(set(values)) > 1:
            found.append({"key": key, "title": title, "rows": rows, "now": now})
    return found


def words(asked: Mapping[str, Any], seen: Sequence[Project]) -> list[str]:
    """What an address asks for, choice by choice: 责任单位：栖湖文旅."""
    found = []
    for key, title in titles().items():
        if now := asked.get(key):
            named = dict(FACETS[key](p) for p in seen)
            found.append(f"{title}：{named.get(now, now)}")
    return found


def kept(asked: Mapping[str, Any]) -> dict[str, str]:
    """The choices of an address, so that another page can keep them."""
    return {key: str(asked[key]) for key in FACETS if asked.get(key)}
