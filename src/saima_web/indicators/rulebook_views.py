"""Pages of rulebooks: the list, the official text, the editor of a draft, publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Problem
from saima.rules.methods import method, names
from saima.rules.rulebook import Leaf
from saima.rules.rulebook import Rulebook as Book
from saima.rules.showing import show
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators import editing, rulebook_actions, shown
from saima_web.indicators.controls import Control, controls_of, quantity_choices, read
from saima_web.indicators.forms import PublishForm, RulebookUploadForm
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import parsed
from saima_web.indicators.samples import SAMPLES, sample_text
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.ui.tables import file_response

OWN = ("indicator", "weight", "method", "settings")  # a leaf's fields that the page draws itself
WHOLE = ("tree", "cases", "rulebook", "version", "effective", "basis")  # not on the page of rules


def _row(request: Request, campaign: Campaign, pk: int) -> Rulebook:
    """A version; for people who may not see drafts, drafts do not exist (404)."""
    rows = shown.visible_rulebooks(campaign, request.user)
    return get_object_or_404(rows.select_related("campaign", "saved_by", "published_by"), pk=pk)


def _said(old: Rulebook | None, row: Rulebook) -> list[str]:
    """What a version changes against another, in sentences; nothing where one is unreadable."""
    base, book = parsed(old.text)[0] if old else None, parsed(row.text)[0]
    if base is None or book is None:
        return []
    return shown.differences(base, book, draft=row.state == Rulebook.State.DRAFT)


def _frame(request: Request, campaign: Campaign, row: Rulebook, tab: str) -> dict[str, Any]:
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
        "differences": len(_said(base, row)),
        "leaves": len(list(book.leaves())) if book else 0,
        "totals": shown.totals(campaign, book) if book else [],
    }


@campaign_page("rulebooks.see")
def index(request: Request, campaign: Campaign) -> HttpResponse:
    table = shown.rulebook_table(campaign, request.user).shown(request)
    if table.wants_export:
        return table.export()
    context = {
        "campaign": campaign,
        "shown": table,
        "current": shown.current_rulebook(campaign),
        "drafts": sum(1 for r in table.table.rows if r["draft"]),
        "may_edit": may(request.user, "rulebooks.edit", campaign=campaign),
    }
    return render(request, "indicators/rulebooks.html", context)


@campaign_page("rulebooks.see")
def rulebook(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The tree: a draft's editor, or how a published version scores."""
    context = _frame(request, campaign, _row(request, campaign, pk), "tree")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    context |= _tree(campaign, context["row"], context["book"])
    return render(request, "indicators/rulebook.html", context)


def _tree(campaign: Campaign, row: Rulebook, book: Book) -> dict[str, Any]:
    rows = shown.tree_rows(campaign, row, book)
    return {
        "tree": rows,
        "tracks": shown.track_names(campaign, book),
        "categories": [r for r in rows if r["kind"] == "category"],
        "indicators": Indicator.objects.filter(retired=False),
    }


@campaign_page("rulebooks.see")
def text(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The scheme as an official Chinese text, to read and to print."""
    context = _frame(request, campaign, _row(request, campaign, pk), "text")
    known = dict(Indicator.objects.values_list("code", "name"))
    lines = show(context["book"], known).splitlines() if context["book"] else []
    context["lines"] = [{"text": x, "kind": _line_kind(i, x)} for i, x in enumerate(lines)]
    return render(request, "indicators/rulebook_text.html", context)


def _line_kind(number: int, line: str) -> str:
    if number < 2:
        return ("title", "sub")[number]
    if line.startswith("第") and "章　" in line[:8]:
        return "chapter"
    return "item" if line.startswith("　　") else "article"


@campaign_page("rulebooks.see")
def export(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = _row(request, campaign, pk)
    return file_response(row.text.encode(), f"{row.name}-v{row.version}.yaml", "application/yaml")


@campaign_page("rulebooks.see")
def checks(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    context = _frame(request, campaign, _row(request, campaign, pk), "checks")
    book = context["book"]
    places = shown.place_words(book) if book else {}
    rows, names_ = shown.problem_rows(shown.checked(context["row"].text)), shown.indicator_names()
    for item in rows:
        item["message"] = shown.with_names(item["message"], names_)
        at, item["words"] = places.get(item["path"], ("", item["path"]))
        item["href"] = reverse("indicators:leaf", args=[campaign.code, pk, at]) if at else ""
    context["found"] = rows
    return render(request, "indicators/rulebook_checks.html", context)


@campaign_page("rulebooks.see")
def comparison(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What is different from another version, in sentences; the one before, if none is named."""
    row = _row(request, campaign, pk)
    context = _frame(request, campaign, row, "compare")
    rows = shown.visible_rulebooks(campaign, request.user).exclude(pk=row.pk)
    others = [x for x in rows if parsed(x.text)[0] is not None]
    wanted = request.GET.get("with", "")
    other = next((x for x in others if str(x.pk) == wanted), context["base"])
    context |= {
        "others": others,
        "other": other,
        "said": _said(other, row),
        "effects": shown.address("scoring:preview-all", campaign.code, pk),
    }
    return render(request, "indicators/rulebook_compare.html", context)


@campaign_page("rulebooks.see")
def history(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    context = _frame(request, campaign, _row(request, campaign, pk), "history")
    context["saves"] = context["row"].saves.select_related("by").defer("text")
    return render(request, "indicators/rulebook_history.html", context)


# --- drafts -------------------------------------------------------------------------------------


@campaign_page("rulebooks.edit")
def import_(request: Request, campaign: Campaign) -> HttpResponse:
    """A draft from a YAML file, a pasted text, or one of the samples."""
    wanted = request.GET.get("sample", "")
    initial = {"text": sample_text(wanted, campaign)} if wanted in SAMPLES else None
    form = RulebookUploadForm(request.POST or None, request.FILES or None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data["text"]
        book, problems = parsed(written)
        if book is not None:
            row = rulebook_actions.import_rulebook(
                campaign=campaign, text=written, official=form.cleaned_data["official"],
                by=request.user,
            )  # fmt: skip
            messages.success(request, _("已存为草稿，发布之前都可以改。"))
            return redirect("indicators:rulebook", campaign=campaign.code, pk=row.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "found": shown.problem_rows(problems),
        "samples": SAMPLES.items(),
    }
    return render(request, "indicators/rulebook_import.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def next_(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = rulebook_actions.next_draft(rulebook=_row(request, campaign, pk), by=request.user)
    messages.success(request, _("已建立第%(n)s版草稿。") % {"n": row.version})
    return redirect("indicators:rulebook", campaign=campaign.code, pk=row.pk)


@campaign_page("rulebooks.edit")
@require_POST
def drop(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    rulebook_actions.drop_draft(rulebook=_row(request, campaign, pk), by=request.user)
    messages.success(request, _("草稿已删除，账本中仍有记录。"))
    return redirect("indicators:rulebooks", campaign=campaign.code)


@campaign_page("rulebooks.see")
def source(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The YAML itself, with each problem at its line; saved even while it has problems."""
    row = _row(request, campaign, pk)
    if request.method == "POST":
        written = request.POST.get("text", "").replace("\r\n", "\n")
        changed = rulebook_actions.save_draft(
            rulebook=row, text=written, base=request.POST.get("base", ""), what=_("改正文"),
            by=request.user,
        )  # fmt: skip
        context = _frame(request, campaign, row, "source")
        context |= {"found": shown.problem_rows(context["problems"]), "changed": changed}
        if request.headers.get("HX-Request"):
            return render(request, "indicators/_source_state.html", context)
        messages.success(request, _("已保存。") if changed else _("没有改动。"))
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    context = _frame(request, campaign, row, "source")
    context["found"] = shown.problem_rows(context["problems"])
    return render(request, "indicators/rulebook_source.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def tree(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One change of the tree: points, an indicator or category more or less, its place or name."""
    row, post = _row(request, campaign, pk), request.POST
    change, what = _tree_change(post)
    found = _save(request, row, change, what)
    if request.headers.get("HX-Request"):
        context = _frame(request, campaign, row, "tree") | {"found": _labelled(found, ())}
        if context["book"] is not None:
            context |= _tree(campaign, row, context["book"])
        return render(request, "indicators/_tree_state.html", context)
    for problem in found:
        messages.error(request, problem.text(shown.language()))
    return redirect("indicators:rulebook", campaign=campaign.code, pk=pk)


def _save(request: Request, row: Rulebook, change: editing.Change, what: str) -> list[Problem]:
    """Change a draft's data and save its text; with problems nothing is saved."""
    book, problems = parsed(row.text)
    written, found = editing.changed_text(book, len(problems), change)
    if written:
        base = request.POST.get("base", "")
        rulebook_actions.save_draft(
            rulebook=row, text=written, base=base, what=what, by=request.user
        )
    return found


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
    row = _row(request, campaign, pk)
    context = _frame(request, campaign, row, "tree")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    raw = editing.leaf_at(editing.data_of(context["book"]), at)
    context |= _leaf_context(campaign, row, at, raw)
    return render(request, "indicators/leaf.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def leaf_form(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """The form again, for another method or with a row more; nothing is saved."""
    row = _row(request, campaign, pk)
    raw = _leaf_answer(request.POST)
    more = {request.POST["more"]: 1} if request.POST.get("more") else {}
    context = _frame(request, campaign, row, "tree") | _leaf_context(campaign, row, at, raw, more)
    context["redrawn"] = True
    return render(request, "indicators/_leaf_form.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def leaf_save(request: Request, campaign: Campaign, pk: int, at: str) -> HttpResponse:
    """Save what the form says if it can be read; the sentence, or what is wrong, comes back."""
    row = _row(request, campaign, pk)
    raw = _leaf_answer(request.POST)
    what = _("改%(x)s的计分") % {"x": raw["indicator"]}
    found = _save(request, row, lambda d: editing.set_leaf(d, at, raw), what)
    context = _frame(request, campaign, row, "tree") | {"at": at, "saved": not found}
    context["found"] = _labelled(found, _leaf_controls(raw, {}))
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


def _labelled(problems: list[Problem], groups: tuple[list[Control], ...]) -> list[dict[str, Any]]:
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


@campaign_page("rulebooks.see")
def rules(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """What is not in the tree: rounding, ranks, events, tiers, seals, grades, in one form."""
    row = _row(request, campaign, pk)
    context = _frame(request, campaign, row, "rules")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    data, more = editing.data_of(context["book"]), {}
    if request.method == "POST" and request.POST.get("more"):
        data, more = _rules_answer(data, request.POST), {request.POST["more"]: 1}
    elif request.method == "POST":
        found = _save(request, row, lambda d: _put_rules(d, request.POST), _("改加扣分、梯队等"))
        if not found:
            messages.success(request, _("已保存。"))
            return redirect("indicators:rulebook-rules", campaign=campaign.code, pk=pk)
        data = _rules_answer(data, request.POST)
        context["found"] = _labelled(found, (controls_of(Book, data, "r", skip=WHOLE),))
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


@campaign_page("rulebooks.edit")
@require_POST
def restore(request: Request, campaign: Campaign, pk: int, number: int) -> HttpResponse:
    row = _row(request, campaign, pk)
    save = get_object_or_404(row.saves, number=number)
    rulebook_actions.restore_text(rulebook=row, save=save, by=request.user)
    messages.success(request, _("已恢复到第%(n)s次保存的正文。") % {"n": number})
    return redirect("indicators:rulebook", campaign=campaign.code, pk=pk)


@campaign_page("rulebooks.publish")
def publish(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = _row(request, campaign, pk)
    context = _frame(request, campaign, row, "publish")
    form = PublishForm(
        request.POST or None, campaign=campaign,
        initial={"basis": context["book"].basis if context["book"] else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        rulebook_actions.publish_rulebook(rulebook=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已发布，正文从此不再改动。"))
        return redirect("indicators:rulebook-text", campaign=campaign.code, pk=pk)
    context["form"] = form
    context["said"] = _said(context["base"], row)
    return render(request, "indicators/rulebook_publish.html", context)
