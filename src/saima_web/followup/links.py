"""Where what a task came from can be looked at; the slices above are known by their addresses."""

from __future__ import annotations

from django.urls import reverse

from saima_web.followup.models import Task

SOURCE_PAGES = {
    "inspection": "supervision:inspection",
    "meeting": "supervision:meeting",
    "card": "cards:card",
    "commitment": "pledges:one",
}
"""Source -> the page of the object that `source_object` numbers."""


def source_link(task: Task) -> str:
    """The page of the inspection, meeting, card or commitment; empty where nothing is named."""
    page = SOURCE_PAGES.get(task.source)
    if page is None or task.source_object is None:
        return ""
    return reverse(page, args=[task.campaign.code, task.source_object])
