"""Bulletins as issued, their preview, units' sheets, and the public page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from mimetypes import guess_type
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.publishing import actions, papers
from saima_web.publishing.forms import IssueForm
from saima_web.publishing.models import BulletinFile, Release
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import difference, may_see_sheet, published_runs, result_of
from saima_web.ui.downloads import DOCX, file_response
from saima_web.ui.tables import Column, Table
from saima_web.ui.templatetags.saima import period as period_words


@campaign_page("bulletins.see")
def bulletins(request: Request, campaign: Campaign) -> HttpResponse:
    """All bulletins, the latest first, and what is published but not issued."""
    shown = _table(campaign).shown(request)
    if shown.wants_export:
        return shown.export()
    issues = may(request.user, "bulletins.issue", campaign=campaign)
    open_runs = [r for r in published_runs(campaign) if not r.bulletins.exists()]
    context = {
        "shown": shown, "campaign": campaign, "last": campaign.bulletins.first(),
        "may_issue": issues, "open": list(reversed(open_runs)) if issues else [],
        "may_release": may(request.user, "public.release", campaign=campaign),
    }  # fmt: skip
    return render(request, "publishing/list.html", context)


def _table(campaign: Campaign) -> Table:
    rows = [
        {
            "issue": b.issue, "title": b.title, "period": period_words(b.run.period),
            "version": b.run.version, "dated": b.dated, "by": b.issued_by.name if b.issued_by else "",
            "state": _("已被更正") if b.run.state == ScoreRun.State.SUPERSEDED else _("现行"),
            "href": reverse("publishing:bulletin", args=[campaign.code, b.pk]),
        }
        for b in campaign.bulletins.select_related("run", "issued_by").defer("run__result")
    ]  # fmt: skip
    return Table(
        columns=(
            Column("issue", _("期号"), "number", 0),
            Column("title", _("标题"), link="href"),
            Column("period", _("期间")),
            Column("version", _("版次"), "number", 0),
            Column("state", _("状态")),
            Column("dated", _("成文日期"), "date"),
            Column("by", _("印发人")),
        ),
        rows=rows,
        name=_("通报"),
        search=("title", "period"),
        empty=_("还没有印发过通报。"),
        begin=_("排名公布后，在这里编号、印发，文件原样保留。"),
    )


def _published(campaign: Campaign, pk: int) -> ScoreRun:
    return get_object_or_404(campaign.runs.select_related("campaign"), pk=pk)


@campaign_page("bulletins.issue")
def new(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The next bulletin before it is issued."""
    run = _published(campaign, pk)
    form = IssueForm(request.POST or None, initial={"dated": today()})
    if request.method == "POST" and form.is_valid():
        made = actions.issue(run=run, dated=form.cleaned_data["dated"], by=request.user)
        messages.success(request, _("已印发第%(n)s期，文件原样保留。") % {"n": made.issue})
        return redirect("publishing:bulletin", campaign=campaign.code, pk=made.pk)
    context = {
        "run": run, "form": form, "campaign": campaign, "number": actions.next_issue(campaign),
        "corrects": actions.corrected_by(run), "issued": run.bulletins.first(),
        "units": len(result_of(run).units),
    }  # fmt: skip
    return render(request, "publishing/new.html", context)


ALONE = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; sandbox allow-scripts allow-downloads; "
    "frame-ancestors 'none'"
)
"""A document that carries its own script: shut in, without our origin, asking nobody."""


@campaign_page("bulletins.issue")
def preview(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The bulletin as a page, before it is issued."""
    run, asked = _published(campaign, pk), request.GET.get("dated", "")
    try:
        dated = date.fromisoformat(asked)
    except ValueError:
        dated = today()
    issue = papers.Issue(actions.next_issue(campaign), dated, "", actions.corrected_by(run))
    page = papers.bulletin_file(run, issue, "html")
    return HttpResponse(page, headers={"Content-Security-Policy": ALONE})


@campaign_page("bulletins.see")
def bulletin(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One bulletin with its files, what it corrects, and what corrects it."""
    found = get_object_or_404(campaign.bulletins.select_related("run", "issued_by"), pk=pk)
    same = campaign.bulletins.filter(run__period=found.run.period)
    before = same.filter(issue__lt=found.issue).first()
    context = {
        "bulletin": found, "run": found.run, "campaign": campaign, "before": before,
        "after": same.filter(issue__gt=found.issue).order_by("issue").first(),
        "changes": difference(before.run, found.run) if before else [],
        "release": Release.objects.filter(run=found.run).select_related("released_by").first(),
        "may_release": may(request.user, "public.release", campaign=campaign)
        and found.run.state == ScoreRun.State.PUBLISHED,
        "may_issue": may(request.user, "bulletins.issue", campaign=campaign),
    }  # fmt: skip
    return render(request, "publishing/bulletin.html", context)


@campaign_page("bulletins.see")
def file(request: Request, campaign: Campaign, pk: int) -> HttpResponse:  # noqa: ARG001
    """A file as it was issued."""
    found = get_object_or_404(BulletinFile, pk=pk, bulletin__campaign=campaign)
    kind = guess_type(found.name)[0] or "application/octet-stream"
    return file_response(found.file.read(), found.name, kind)


@campaign_page("scores.see")
def sheet(request: Request, campaign: Campaign, pk: int, unit: str) -> HttpResponse:
    """A unit's sheet as .docx: its own people's, and the office's."""
    run, whose = _published(campaign, pk), get_object_or_404(Unit, code=unit)
    if not may_see_sheet(request.user, run, whose):
        require(request.user, "scores.see-draft", campaign=campaign)
    line = next((u for u in result_of(run).units if u.unit == unit), None)
    if line is None:
        raise Http404
    return file_response(papers.sheet_file(run, line), f"{line.name}{run.period}成绩单.docx", DOCX)


@campaign_page("bulletins.issue")
def sheets(request: Request, campaign: Campaign, pk: int) -> HttpResponse:  # noqa: ARG001
    """Every unit's sheet in one archive."""
    run = _published(campaign, pk)
    return file_response(papers.all_sheets(run), f"{run.period}成绩单.zip", "application/zip")


@campaign_page("public.release")
@require_POST
def release(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """Release a published ranking to the public page, or take it off."""
    run = _published(campaign, pk)
    if request.POST.get("event") == "withdraw":
        actions.withdraw_release(run=run, by=request.user)
        messages.success(request, _("已从公示页撤下。"))
    else:
        actions.release(
            run=run, with_marks=request.POST.get("with_marks") == "1",
            reviewed=request.POST.get("reviewed") == "1", by=request.user,
        )  # fmt: skip
        messages.success(request, _("已对外公示。"))
    found = run.bulletins.first()
    if found is None:
        return redirect("publishing:list", campaign=campaign.code)
    return redirect("publishing:bulletin", campaign=campaign.code, pk=found.pk)


def public(request: HttpRequest, campaign: str) -> HttpResponse:
    """What was released, for everybody: places, scores, and marks where so decided; no figures."""
    found = get_object_or_404(Campaign, code=campaign, public=True)
    rows = Release.objects.filter(run__campaign=found, run__state=ScoreRun.State.PUBLISHED)
    releases = list(rows.select_related("run").order_by("-run__period"))
    wanted = request.GET.get("period", "")
    chosen = next((r for r in releases if r.run.period == wanted), None)
    if chosen is None:
        chosen = releases[0] if releases else None
    context = {
        "campaign": found, "releases": releases, "release": chosen,
        "tracks": _tracks(chosen) if chosen else [],
    }  # fmt: skip
    return render(request, "publishing/public.html", context)


public.action = "public"  # type: ignore[attr-defined]


def _tracks(release: Release) -> Iterable[dict[str, Any]]:
    """The ranking by track; marks only where they were released."""
    tracks: dict[str, list[dict[str, Any]]] = {}
    for unit in result_of(release.run).units:
        row: dict[str, Any] = {
            "name": unit.name,
            "rank": unit.rank,
            "tied": unit.tied,
            "score": unit.score,
        }
        if release.with_marks:
            row["marks"] = {m.name: m.marks for m in unit.marks}
        tracks.setdefault(unit.track, []).append(row)
    for name, units in tracks.items():
        units.sort(key=lambda r: (r["rank"] is None, r["rank"] or 0))
        heads = list(dict.fromkeys(n for u in units for n in u.get("marks", {})))
        for unit_row in units:
            unit_row["cells"] = [unit_row.get("marks", {}).get(h) for h in heads]
        yield {"name": name, "units": units, "heads": heads}


@campaign_page("public.release")
def review(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The public page as it would look, before a leader releases it."""
    run = _published(campaign, pk)
    draft = Release(run=run, with_marks=request.GET.get("with_marks") == "1")
    context = {"campaign": campaign, "releases": [draft], "release": draft, "review": True,
               "tracks": list(_tracks(draft))}  # fmt: skip
    return render(request, "publishing/public.html", context)
