"""The editor of a draft: the tree of indicators, one indicator's method, the rules beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.rules.methods import method, names
from saima.rules.rulebook import Leaf
from saima.rules.rulebook import Rulebook as Book
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators import editing, shown
from saima_web.indicators.controls import Control, controls_of, quantity_choices, read
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import parsed
from saima_web.indicators.rulebook_frame import frame, labelled, row_of, save_change, tree_context
from saima_web.people.pages import Request

OWN = ("indicator", "weight", "method", "settings")  # a leaf's fields that the page draws itself
WHOLE = ("tree", "cases", "rulebook", "version", "effective", "basis")  # not on the page of rules


@campaign_page("rulebooks.edit")
@require_POST
def tree(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One change of the tree: points, an indicator or category more or less, its place or name."""
    row, post = row_of(request, campaign, pk), request.POST
    change, what = _tree_change(post)
    found = save_change(request, row, change, what)
    if request.headers.get("HX-Request"):
        context = frame(request, campaign, row, "tree") | {"found": labelled(found, ())}
        if context["book"] is not None:
            context |= tree_context(campaign, row, context["book"])
        return render(request, "indicators/_tree_state.html", context)
    for problem in found:
        messages.error(request, problem.text(shown.language()))
    return redirect("indicators:rulebook", campaign=campaign.code, pk=pk)


def _tree_change(post: QueryDict) -> tuple[editing.Change, str]:
    """What a form of the tree asks for, and in words."""
    op, at, title = post.get("op", ""), post.get("at", ""), post.get("title", "").strip()
    leaf = post.get("leaf") == "1"
    match op:
        case "add-leaf":
            code = post.get("indicator", "")
            return lambda d: editing.add_leaf(d, at, code, 0), _("增加指标%(x)s") % {"x": code}
        case "add-category":
            return lambda d: editing.add_category(d, title or _("新类别"), at), _("增加类别")
        case "rename":
            clause = post.get("clause", "").strip()
            return lambda d: editing.change_category(d, at, title or "—", clause), _("改类别名称")
        case "remove":
            return lambda d: editing.remove(d, at, leaf=leaf), _("删除第%(x)s处") % {"x": at}
        case "up" | "down":
            step = -1 if op == "up" else 1
            return lambda d: editing.move(d, at, step, leaf=leaf), _("调整顺序")
    return lambda d: _set_weights(d, post), _("改分值")


def _set_weights(data: editing.Data, post: QueryDict) -> None:
    """Points as typed in the tree: one number, or one a track."""
    typed: dict[str, dict[str, str]] = {}
    for name, value in post.items():
        if name.startswith("w/"):
            _w, at, track = name.split("/", 2)
            typed.setdefault(at, {})[track] = str(value).strip()
    for at, by_track in typed.items():
        leaf = editing.leaf_at(data, at)
        if leaf["weight"] == "assigned":
            continue
        leaf["weight"] = weight_answer(by_track)


def weight_answer(by_track: dict[str, str]) -> Any:
    """Points for all, or by track; what is no number stays for the reader to name."""
    from saima.rules.documents import plain_scalar

    points = {t: plain_scalar(v) if v else 0 for t, v in by_track.items()}
    return points[""] if set(points) == {""} else points


@campaign_page("rulebooks.see")
def leaf(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """One scored indicator: a form made from its method's settings, the sentence, a preview."""
    row = row_of(request, campaign, pk)
    context = frame(request, campaign, row, "tree")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    raw = editing.leaf_at(editing.data_of(context["book"]), at)
    context |= _leaf_context(campaign, row, at, raw)
    return render(request, "indicators/leaf.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def leaf_form(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """The form again, for another method or with a row more; nothing is saved."""
    row = row_of(request, campaign, pk)
    raw = _leaf_answer(request.POST)
    more = {request.POST["more"]: 1} if request.POST.get("more") else {}
    context = frame(request, campaign, row, "tree") | _leaf_context(campaign, row, at, raw, more)
    context["redrawn"] = True
    return render(request, "indicators/_leaf_form.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def leaf_save(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """Save what the form says if it can be read; the sentence, or what is wrong, comes back."""
    row = row_of(request, campaign, pk)
    raw = _leaf_answer(request.POST)
    what = _("改%(x)s的计分") % {"x": raw["indicator"]}
    found = save_change(request, row, lambda d: editing.set_leaf(d, at, raw), what)
    context = frame(request, campaign, row, "tree") | {"at": at, "saved": not found}
    context["found"] = labelled(found, _leaf_controls(raw, {}))
    if not found:
        context |= _leaf_said(row, context["book"], at)
    response = render(request, "indicators/_leaf_state.html", context)
    if not found:
        response["HX-Trigger-After-Swap"] = "saved"
    return response


def _leaf_answer(post: QueryDict) -> editing.Data:
    """A leaf's data from the form: settings of the chosen method only."""
    answers = {k: str(v) for k, v in post.items()}
    chosen = answers.get("method", "")
    chosen = chosen if chosen in names() else "attainment"
    match answers.get("weight.kind", "one"):
        case "assigned":
            points: Any = "assigned"
        case "tracks":
            prefix = "weight.track."
            points = weight_answer(
                {k.removeprefix(prefix): v for k, v in answers.items() if k.startswith(prefix)}
            )
        case _:
            points = weight_answer({"": answers.get("weight", "")})
    raw = {"indicator": answers.get("indicator", ""), "weight": points, "method": chosen}
    raw |= read(Leaf, answers, "leaf", OWN)
    return raw | read(method(chosen).Settings, answers, "set")


def _leaf_controls(raw: editing.Data, more: dict[str, int]) -> tuple[list[Control], list[Control]]:
    settings = controls_of(method(raw["method"]).Settings, raw, "set", more=more)
    return settings, controls_of(Leaf, raw, "leaf", skip=OWN, more=more)


def _modified(modifiers: list[Control]) -> int:
    """How many of a leaf's modifiers are not as they are by default; the clause is not counted."""
    plain = controls_of(Leaf, {}, "leaf", skip=OWN)
    pairs = zip(modifiers, plain, strict=True)
    return sum(
        1
        for a, b in pairs
        if (a.value, a.on) != (b.value, b.on) and a.key not in ("clause", "note")
    )


def _leaf_context(
    campaign: Campaign,
    row: Rulebook,
    at: str,
    raw: editing.Data,
    more: dict[str, int] | None = None,
) -> dict[str, Any]:
    book = parsed(row.text)[0]
    settings, modifiers = _leaf_controls(raw, more or {})
    weight = raw.get("weight", 0)
    kind = "tracks" if isinstance(weight, dict) else "assigned" if weight == "assigned" else "one"
    places = [place for place, _p, _l in editing.placed_leaves(book)] if book else []
    here = places.index(at) if at in places else 0
    known = Indicator.objects.filter(code=raw["indicator"]).first()
    return {
        "at": at,
        "raw": raw,
        "settings": settings,
        "modifiers": modifiers,
        "modified": _modified(modifiers),
        "methods": shown.method_choices(),
        "weight_kind": kind,
        "weight": weight if kind == "one" else "",
        "weights": [
            (t.name, weight.get(t.name, 0) if isinstance(weight, dict) else "")
            for t in campaign.tracks.all()
        ],
        "quantities": quantity_choices(),
        "indicators": Indicator.objects.filter(retired=False),
        "indicator": known,
        "name": known.name if known else raw["indicator"],
        "before": places[here - 1] if here else "",
        "after": places[here + 1] if here + 1 < len(places) else "",
        **(_leaf_said(row, book, at) if book and at in places else {}),
    }


def _leaf_said(row: Rulebook, book: Book, at: str) -> dict[str, Any]:
    """The sentence of a leaf and what the checks find odd in it."""
    found = next(x for place, _p, x in editing.placed_leaves(book) if place == at)
    path, known = editing.path_of(at), shown.indicator_names()
    odd = [p for p in shown.checked(row.text) if p.place.path.startswith(path)]
    rows = shown.problem_rows(odd)
    for item in rows:
        item["message"] = shown.with_names(item["message"], known)
    return {"said": shown.leaf_words(found), "odd": rows}


@campaign_page("rulebooks.see")
def rules(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What is not in the tree: rounding, ranks, events, tiers, seals, grades, in one form."""
    row = row_of(request, campaign, pk)
    context = frame(request, campaign, row, "rules")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    data, more = editing.data_of(context["book"]), {}
    if request.method == "POST" and request.POST.get("more"):
        data, more = _rules_answer(data, request.POST), {request.POST["more"]: 1}
    elif request.method == "POST":
        found = save_change(
            request, row, lambda d: _put_rules(d, request.POST), _("改加扣分、梯队等")
        )
        if not found:
            messages.success(request, _("已保存。"))
            return redirect("indicators:rulebook-rules", campaign=campaign.code, pk=pk)
        data = _rules_answer(data, request.POST)
        context["found"] = labelled(found, (controls_of(Book, data, "r", skip=WHOLE),))
    context["controls"] = controls_of(Book, data, "r", skip=WHOLE, more=more)
    context["quantities"] = quantity_choices()
    return render(request, "indicators/rulebook_rules.html", context)


def _rules_answer(data: editing.Data, post: QueryDict) -> editing.Data:
    kept = {k: v for k, v in data.items() if k in WHOLE}
    return kept | read(Book, {k: str(v) for k, v in post.items()}, "r", WHOLE)


def _put_rules(data: editing.Data, post: QueryDict) -> None:
    answer = _rules_answer(data, post)
    data.clear()
    data.update(answer)
