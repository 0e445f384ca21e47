"""What all pages of one rulebook share: the row, the frame, saving a change, naming problems."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from saima.problems import Problem
from saima.rules.rulebook import Rulebook as Book
from saima_web.campaigns.models import Campaign
from saima_web.indicators import editing, rulebook_actions, shown
from saima_web.indicators.controls import Control
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import parsed
from saima_web.people.pages import Request
from saima_web.people.permissions import may


def row_of(request: Request, campaign: Campaign, pk: int) -> Rulebook:
    """A version; for people who may not see drafts, drafts do not exist (404)."""
    rows = shown.visible_rulebooks(campaign, request.user)
    return get_object_or_404(rows.select_related("campaign", "saved_by", "published_by"), pk=pk)


def said_of(old: Rulebook | None, row: Rulebook) -> list[str]:
    """What a version changes against another, in sentences; nothing where one is unreadable."""
    base, book = parsed(old.text)[0] if old else None, parsed(row.text)[0]
    if base is None or book is None:
        return []
    return shown.differences(base, book, draft=row.state == Rulebook.State.DRAFT)


def frame(request: Request, campaign: Campaign, row: Rulebook, tab: str) -> dict[str, Any]:
    """What all pages of one rulebook show: how it stands, whether it may be edited, the tabs."""
    book, problems = parsed(row.text)
    editable = row.state == Rulebook.State.DRAFT and may(
        request.user, "rulebooks.edit", campaign=campaign
    )
    base = shown.base_of(row)
    return {
        "campaign": campaign,
        "row": row,
        "book": book,
        "problems": problems,
        "standing": shown.standing_of(row, list(campaign.rulebooks.filter(name=row.name))),
        "editable": editable,
        "may_edit": may(request.user, "rulebooks.edit", campaign=campaign),
        "may_publish": may(request.user, "rulebooks.publish", campaign=campaign),
        "draft": row.state == Rulebook.State.DRAFT,
        "tab": tab,
        "base": base,
        "token": rulebook_actions.text_digest(row.text),
        "warnings": len(shown.checked(row.text)),
        "differences": len(said_of(base, row)),
        "leaves": len(list(book.leaves())) if book else 0,
        "totals": shown.totals(campaign, book) if book else [],
    }


def tree_context(campaign: Campaign, row: Rulebook, book: Book) -> dict[str, Any]:
    rows = shown.tree_rows(campaign, row, book)
    return {
        "tree": rows,
        "tracks": shown.track_names(campaign, book),
        "categories": [r for r in rows if r["kind"] == "category"],
        "indicators": Indicator.objects.filter(retired=False),
    }


def save_change(
    request: Request, row: Rulebook, change: editing.Change, what: str
) -> list[Problem]:
    """Change a draft's data and save its text; with problems nothing is saved."""
    book, problems = parsed(row.text)
    written, found = editing.changed_text(book, len(problems), change)
    if written:
        base = request.POST.get("base", "")
        rulebook_actions.save_draft(
            rulebook=row, text=written, base=base, what=what, by=request.user
        )
    return found


def labelled(problems: list[Problem], groups: tuple[list[Control], ...]) -> list[dict[str, Any]]:
    """Problems in the words of the form: each with the label of the field that it is about."""
    labels = {c.key: (c.label, c.name) for group in groups for c in _every(group)}
    labels |= {"weight": (_("分值"), "weight"), "indicator": (_("指标"), "indicator")}
    rows = shown.problem_rows(problems)
    for problem, item in zip(problems, rows, strict=True):
        keys = [k.partition("[")[0] for k in str(item["path"]).split(".")]
        keys += [str(problem.values.get("key", ""))]
        item["label"], item["field"] = next(
            (labels[k] for k in reversed(keys) if k in labels), ("", "")
        )
        if problem.code == "rulebook-missing-key" and item["label"]:
            item["message"], item["hint"] = _("还没有填。"), ""
        elif problem.code == "rulebook-wrong-value" and item["field"] == "weight":
            item["message"] = _("“%(x)s”不是分值，请写数。") % {"x": problem.values["value"]}
            item["hint"] = ""
    return rows


def _every(controls: list[Control]) -> list[Control]:
    """Controls with those inside groups; the outermost of a key speaks for it."""
    inner = [x for c in controls for part in c.parts for x in _every(list(part)) if x.label]
    return [*inner, *controls]
