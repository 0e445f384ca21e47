"""Pages of rulebooks: the list, the official text, checks, comparison, drafts, publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Problem
from saima.rules.showing import show
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators import rulebook_actions, shown
from saima_web.indicators.forms import PublishForm, RulebookUploadForm
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import parsed
from saima_web.indicators.rulebook_frame import frame, row_of, said_of, tree_context
from saima_web.indicators.samples import SAMPLES, sample_text
from saima_web.people.pages import Request
from saima_web.people.permissions import may
from saima_web.ui.downloads import file_response


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
    context = frame(request, campaign, row_of(request, campaign, pk), "tree")
    if context["book"] is None:
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    context |= tree_context(campaign, context["row"], context["book"])
    return render(request, "indicators/rulebook.html", context)


@campaign_page("rulebooks.see")
def text(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The scheme as an official Chinese text, to read and to print."""
    context = frame(request, campaign, row_of(request, campaign, pk), "text")
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
    row = row_of(request, campaign, pk)
    return file_response(row.text.encode(), f"{row.name}-v{row.version}.yaml", "application/yaml")


@campaign_page("rulebooks.see")
def checks(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    context = frame(request, campaign, row_of(request, campaign, pk), "checks")
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
    row = row_of(request, campaign, pk)
    context = frame(request, campaign, row, "compare")
    rows = shown.visible_rulebooks(campaign, request.user).exclude(pk=row.pk)
    others = [x for x in rows if parsed(x.text)[0] is not None]
    wanted = request.GET.get("with", "")
    other = next((x for x in others if str(x.pk) == wanted), context["base"])
    context |= {
        "others": others,
        "other": other,
        "said": said_of(other, row),
        "effects": shown.address("scoring:preview-all", campaign.code, pk),
    }
    return render(request, "indicators/rulebook_compare.html", context)


@campaign_page("rulebooks.see")
def history(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    context = frame(request, campaign, row_of(request, campaign, pk), "history")
    context["saves"] = context["row"].saves.select_related("by").defer("text")
    return render(request, "indicators/rulebook_history.html", context)


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
    row = rulebook_actions.next_draft(rulebook=row_of(request, campaign, pk), by=request.user)
    messages.success(request, _("已建立第%(n)s版草稿。") % {"n": row.version})
    return redirect("indicators:rulebook", campaign=campaign.code, pk=row.pk)


@campaign_page("rulebooks.edit")
@require_POST
def drop(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    rulebook_actions.drop_draft(rulebook=row_of(request, campaign, pk), by=request.user)
    messages.success(request, _("草稿已删除，账本中仍有记录。"))
    return redirect("indicators:rulebooks", campaign=campaign.code)


@campaign_page("rulebooks.see")
def source(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The YAML itself, with each problem at its line; saved even while it has problems."""
    row = row_of(request, campaign, pk)
    if request.method == "POST":
        written = request.POST.get("text", "").replace("\r\n", "\n")
        changed = rulebook_actions.save_draft(
            rulebook=row, text=written, base=request.POST.get("base", ""), what=_("改正文"),
            by=request.user,
        )  # fmt: skip
        context = frame(request, campaign, row, "source")
        context |= {"found": shown.problem_rows(context["problems"]), "changed": changed}
        if request.headers.get("HX-Request"):
            return render(request, "indicators/_source_state.html", context)
        messages.success(request, _("已保存。") if changed else _("没有改动。"))
        return redirect("indicators:rulebook-source", campaign=campaign.code, pk=pk)
    context = frame(request, campaign, row, "source")
    context["found"] = shown.problem_rows(context["problems"])
    return render(request, "indicators/rulebook_source.html", context)


@campaign_page("rulebooks.edit")
@require_POST
def restore(request: Request, campaign: Campaign, pk: int, number: int) -> HttpResponse:
    row = row_of(request, campaign, pk)
    save = get_object_or_404(row.saves, number=number)
    rulebook_actions.restore_text(rulebook=row, save=save, by=request.user)
    messages.success(request, _("已恢复到第%(n)s次保存的正文。") % {"n": number})
    return redirect("indicators:rulebook", campaign=campaign.code, pk=pk)


@campaign_page("rulebooks.publish")
def publish(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = row_of(request, campaign, pk)
    context = frame(request, campaign, row, "publish")
    form = PublishForm(
        request.POST or None, campaign=campaign,
        initial={"basis": context["book"].basis if context["book"] else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        rulebook_actions.publish_rulebook(rulebook=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("已发布，正文从此不再改动。"))
        return redirect("indicators:rulebook-text", campaign=campaign.code, pk=pk)
    context["form"] = form
    context["said"] = said_of(context["base"], row)
    return render(request, "indicators/rulebook_publish.html", context)
