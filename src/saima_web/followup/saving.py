"""Saved views of tasks and of projects: an address' filters under a name, one's own or shared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import SavedView
from saima_web.people.models import User
from saima_web.people.permissions import may, require

KEPT = (
    "unit", "front", "source", "leader", "team", "project", "box", "sort", "q", "all", "category",
    "kind", "size", "state", "highlight",
)  # fmt: skip
"""What an address may ask for; a page's number or a calendar's month are of the moment."""
PAGES = {
    "list": "followup:tasks", "board": "followup:board", "calendar": "followup:calendar",
    "timeline": "followup:timeline", "projects": "projects:list", "wall": "projects:wall",
}  # fmt: skip
OF_PROJECTS = ("projects", "wall")
LONGEST = {"name": 40, "query": 1000}
SHARE = "tasks.share-view"

VIEW_UNNAMED = declare(
    "view-unnamed",
    "视图还没有名称，或名称超过{most}个字。",
    "请写一个短的名称，如“本周到期”。",
    "the view has no name, or one longer than {most} characters.",
    "Give it a short one.",
)
VIEW_NAMED = declare(
    "view-named",
    "您已经有一个叫“{name}”的视图。",
    "请换一个名称，或先删除那一个。",
    "you have a view called “{name}” already.",
    "Choose another name, or delete that one.",
)
VIEW_WRONG = declare(
    "view-wrong",
    "要保存的视图不完整。",
    "请回到任务页，重新保存当前视图。",
    "the view to be saved is incomplete.",
    "Go back to the tasks and save the view again.",
)


def kept(asked: QueryDict) -> str:
    """What an address asks for, as a view keeps it: known parameters, in a fixed order."""
    found = QueryDict(mutable=True)
    for key in KEPT:
        wanted = asked.get(key)
        if wanted:
            found[key] = str(wanted)
    return found.urlencode()


def views_for(by: User, campaign: Campaign) -> QuerySet[SavedView]:
    """One's own views and those that are shared with the campaign."""
    if not may(by, "tasks.see", campaign=campaign):
        return SavedView.objects.none()
    rows = SavedView.objects.filter(Q(owner=by) | Q(shared=True), campaign=campaign)
    return rows.select_related("owner", "campaign")


def handles(by: User, row: SavedView) -> bool:
    """Whether a person may rename or delete a view: its owner; of a shared one, who may share."""
    return row.owner_id == by.pk or (row.shared and may(by, SHARE, campaign=row.campaign))


def shown(by: User, campaign: Campaign, view: str, asked: QueryDict) -> dict[str, Any]:
    """What the menu of views above a page needs: those of tasks, or those of projects.

    keep: this address, without its moment.
    """
    here, of_projects = kept(asked), view in OF_PROJECTS
    return {
        "keep": here, "view": view, "saved_template": "followup/_saved.html",
        "shares": may(by, SHARE, campaign=campaign),
        "saved": [
            {"row": row, "href": address(row), "on": (row.view, row.query) == (view, here)}
            for row in views_for(by, campaign)
            if (row.view in OF_PROJECTS) == of_projects
        ],
    }  # fmt: skip


def address(row: SavedView) -> str:
    """Where a view leads."""
    page = reverse(PAGES[row.view], args=[row.campaign.code])
    return f"{page}?{row.query}" if row.query else page


def save_view(
    *, campaign: Campaign, name: str, view: str, query: str, by: User, shared: bool = False
) -> SavedView:
    """Keep a view under a name; the same name again replaces it.

    Errors: Refused for no name or too long a one, for no page, and where sharing is not allowed.
    """
    with writing(by) as ledger:
        require(by, "tasks.see", campaign=campaign)
        if shared:
            require(by, SHARE, campaign=campaign)
        named, wanted = _name(name), kept(QueryDict(query))
        if view not in PAGES or len(wanted) > LONGEST["query"]:
            raise refuse(VIEW_WRONG)
        said = {"view": view, "query": wanted, "shared": shared, "changed_at": now()}
        row, _made = SavedView.objects.update_or_create(
            campaign=campaign, owner=by, name=named, defaults=said
        )
        _record(ledger, "saved", row)
    return row


def rename_view(*, row: SavedView, name: str, by: User) -> SavedView:
    """Give a view another name. Errors: Refused where its owner has one of that name."""
    with writing(by) as ledger:
        found, named = _own(row, by), _name(name)
        same = SavedView.objects.filter(campaign=found.campaign, owner=found.owner, name=named)
        if same.exclude(pk=found.pk).exists():
            raise refuse(VIEW_NAMED, name=named)
        found.name, found.changed_at = named, now()
        found.save()
        _record(ledger, "renamed", found)
    return found


def share_view(*, row: SavedView, shared: bool, by: User) -> SavedView:
    """Open one's view for everybody in the campaign, or take a shared one back."""
    with writing(by) as ledger:
        found = _own(row, by)
        require(by, SHARE, campaign=found.campaign)
        found.shared, found.changed_at = shared, now()
        found.save()
        _record(ledger, "shared" if shared else "unshared", found)
    return found


def delete_view(*, row: SavedView, by: User) -> None:
    """Remove a view; the tasks stay as they are."""
    with writing(by) as ledger:
        found = _own(row, by)
        _record(ledger, "deleted", found)
        found.delete()


def _own(row: SavedView, by: User) -> SavedView:
    found = SavedView.objects.select_for_update().get(pk=row.pk)
    if not handles(by, found):
        require(by, SHARE, campaign=found.campaign)
        raise refuse(VIEW_WRONG)
    return found


def _name(text: str) -> str:
    named = " ".join(text.split())
    if not 0 < len(named) <= LONGEST["name"]:
        raise refuse(VIEW_UNNAMED, most=LONGEST["name"])
    return named


def _record(ledger: Ledger, event: str, row: SavedView) -> None:
    ledger.record(
        f"task-view.{event}", f"task-view/{row.pk}", campaign=row.campaign.code,
        personal=row.name, shared=row.shared,
    )  # fmt: skip
