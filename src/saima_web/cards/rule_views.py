"""Pages of card rules: versions, the draft's text with what is wrong, the preview, switching on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.cards.cases import run_cases
from saima.cards.reading import default_text
from saima.cards.words import sentences
from saima.problems import Problem
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.cards import rules_actions as acts
from saima_web.cards.forms import SwitchOnForm
from saima_web.cards.models import CardRuleSet
from saima_web.cards.past import not_replayed
from saima_web.cards.queries import draft_of, in_force, parsed
from saima_web.cards.shown import previews
from saima_web.indicators.queries import parsed as parsed_rulebook
from saima_web.people.pages import Request
from saima_web.people.permissions import may

State = CardRuleSet.State


@campaign_page("cards.rules-see")
def versions(request: Request, campaign: Campaign) -> HttpResponse:
    """The rules in force as sentences, and all versions."""
    edits = may(request.user, "cards.rules-edit", campaign=campaign)
    rows = campaign.card_rules.select_related("saved_by", "published_by")
    current = in_force(campaign, today())
    context = {
        "campaign": campaign, "current": current, "edits": edits,
        "rows": rows if edits else rows.filter(state=State.PUBLISHED),
        "lines": sentences_of(current) if current else [], "draft": draft_of(campaign),
    }  # fmt: skip
    return render(request, "cards/rules.html", context)


def sentences_of(row: CardRuleSet) -> list[str]:
    """A version told clause by clause, without its title; empty where it does not read."""
    rules = parsed(row.text)[0]
    return sentences(rules)[1:] if rules else []


@campaign_page("cards.rules-edit")
@require_POST
def begin(request: Request, campaign: Campaign) -> HttpResponse:
    """A draft: from the version in force, a file that is uploaded, or the default."""
    upload, current = request.FILES.get("file"), in_force(campaign, today())
    text = current.text if current else default_text()
    if upload is not None:
        text = upload.read(400_000).decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")
    row = acts.begin_draft(campaign=campaign, text=text, by=request.user)
    if upload is not None and row.text != text:
        acts.save_draft(row=row, text=text, base="", by=request.user)
    return redirect("cards:rules-version", campaign.code, row.version)


@campaign_page("cards.rules-see")
def version(request: Request, campaign: Campaign, version: int) -> HttpResponse:
    """One version: its text (a draft's to be edited), its sentences, what it would have done."""
    row = _row(request, campaign, version)
    edits = may(request.user, "cards.rules-edit", campaign=campaign)
    editable = edits and row.state == State.DRAFT
    if request.method == "POST":
        row = acts.save_draft(
            row=row, text=request.POST.get("text", "").replace("\r\n", "\n"),
            base=request.POST.get("base", ""), by=request.user,
        )  # fmt: skip
        if request.headers.get("HX-Request"):
            return render(request, "cards/_rules_state.html", _state(campaign, row, editable))
        messages.success(request, _("已保存。"))
        return redirect("cards:rules-version", campaign.code, row.version)
    form = SwitchOnForm(initial={"basis": row.basis, "effective_from": today()})
    context = _state(campaign, row, editable) | {"form": form, "edits": edits}
    return render(request, "cards/rules_version.html", context)


def _row(request: Request, campaign: Campaign, number: int) -> CardRuleSet:
    rows = campaign.card_rules.select_related("saved_by", "published_by", "campaign")
    if not may(request.user, "cards.rules-edit", campaign=campaign):
        rows = rows.filter(state=State.PUBLISHED)
    return get_object_or_404(rows, version=number)


def _state(campaign: Campaign, row: CardRuleSet, editable: bool) -> dict[str, Any]:
    """The text's problems, cases and sentences."""
    rules, problems = parsed(row.text)
    failed = run_cases(rules) if rules else []
    return {
        "campaign": campaign, "row": row, "editable": editable, "token": row.digest,
        "found": [_problem(p) for p in [*problems, *failed]],
        "errors": sum(p.severity == "error" for p in [*problems, *failed]),
        "lines": sentences_of(row), "cases": len(rules.cases) if rules else 0,
        "unknown_event": rules is not None and not _knows(campaign, rules.deducts_as)
        and _deducts(rules) and rules.deducts_as,
    }  # fmt: skip


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.place.line, "path": problem.place.path, "message": problem.message(),
        "hint": problem.hint(), "severity": problem.severity,
    }  # fmt: skip


def _deducts(rules: Any) -> bool:
    return any(x.deducts for x in (*rules.levels, *rules.escalation))


def _knows(campaign: Campaign, name: str) -> bool:
    """Whether the scoring rulebook has a deduction of a name."""
    row = campaign.rulebooks.filter(official=True, state="published").order_by("-version").first()
    book = parsed_rulebook(row.text)[0] if row else None
    return book is None or any(e.kind == "deduction" and e.name == name for e in book.events)


@campaign_page("cards.rules-edit")
def preview(request: Request, campaign: Campaign, version: int) -> HttpResponse:
    """Which cards would have fallen: nothing is proposed."""
    row = _row(request, campaign, version)
    rules = parsed(row.text)[0]
    context = {
        "campaign": campaign, "row": row, "rules": rules,
        "previews": previews(campaign, rules) if rules else [],
        "gaps": not_replayed(rules) if rules else [],
    }  # fmt: skip
    return render(request, "cards/preview.html", context)


@campaign_page("cards.rules-edit")
@require_POST
def switch_on(request: Request, campaign: Campaign, version: int) -> HttpResponse:
    """Let a draft take effect."""
    row, form = _row(request, campaign, version), SwitchOnForm(request.POST)
    if not form.is_valid():
        editable = row.state == State.DRAFT
        context = _state(campaign, row, editable) | {"form": form, "edits": True}
        return render(request, "cards/rules_version.html", context)
    acts.switch_on(row=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("已启用。下一次评定按这一版。"))
    return redirect("cards:rules", campaign.code)


@campaign_page("cards.rules-edit")
@require_POST
def drop(request: Request, campaign: Campaign, version: int) -> HttpResponse:
    """Throw a draft away."""
    acts.drop_draft(row=_row(request, campaign, version), by=request.user)
    messages.success(request, _("草稿已删除。"))
    return redirect("cards:rules", campaign.code)
