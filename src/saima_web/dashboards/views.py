"""Pages that people look at; each asks one question and answers it in its first line."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.dashboards import board as wall
from saima_web.dashboards import cockpit as minute
from saima_web.dashboards import leaderboard, totals, unit_page, unit_tables
from saima_web.dashboards.clock_view import rule_of
from saima_web.dashboards.matters import groups
from saima_web.dashboards.models import BoardState
from saima_web.dashboards.queries import KINDS, my_work, own_lines
from saima_web.followup.forms import InstructionForm
from saima_web.followup.queries import instructions_for
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.pages import Request
from saima_web.people.permissions import may, posts_of, require
from saima_web.reporting.models import Round
from saima_web.reporting.queries import due_for
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import (
    draft_run,
    latest_published,
    may_see_sheet,
    published_periods,
    published_run,
    published_runs,
    result_of,
    visible_run,
)
from saima_web.ui.tables import workbook_response


def run_for(request: Request, campaign: Campaign, period: str = "") -> ScoreRun | None:
    """The run that a page speaks of: of the period in its address, else the latest published."""
    wanted = period or request.GET.get("period", "")
    return visible_run(request.user, campaign, wanted) if wanted else latest_published(campaign)


def nothing(request: Request, campaign: Campaign, what: str) -> HttpResponse:
    """The page of a campaign in which nothing is published yet."""
    may_run = may(request.user, "scores.run", campaign=campaign)
    context = {"campaign": campaign, "what": what, "may_run": may_run}
    return render(request, "dashboards/nothing.html", context)


@campaign_page("campaign.see")
def work(request: Request, campaign: Campaign) -> HttpResponse:
    items = my_work(request.user, campaign)
    run = latest_published(campaign)
    late = sum(1 for i in items if i.due is not None and i.due < now())
    context: dict[str, Any] = {
        "items": [{**vars(i), "word": _(KINDS[i.kind])} for i in items],
        "clauses": _work_answer(len(items), late),
        "today": today(),
        "roles": list(dict.fromkeys(p.get_role_display() for p in posts_of(request.user))),
        "own_lines": own_lines(request.user, campaign, run) if run else [],
        "period": run.period if run else "",
        "dates": campaign.key_dates.filter(on__gte=today())[:5],
        "next_due": campaign.rounds.filter(state=Round.State.OPEN).order_by("due_at").first(),
    }
    return render(request, "dashboards/work.html", context)


def _work_answer(count: int, late: int) -> list[str]:
    if not count:
        return [_("今天没有要您办的事。")]
    clauses = [_("有%(n)s件事等您办") % {"n": count}]
    if late:
        return [clauses[0] + _("，"), _("其中%(n)s件已逾期。") % {"n": late}]
    return [clauses[0] + _("，"), _("都还来得及。")]


@campaign_page("scores.see")
def ranking(request: Request, campaign: Campaign, period: str = "") -> HttpResponse:
    run = run_for(request, campaign, period)
    if run is None:
        return nothing(request, campaign, _("排名"))
    span = request.GET.get("span", "")
    if span in totals.spans(campaign) and span:
        found = totals.to_date(campaign, run, span)
        if found.totals:
            return _to_date(request, campaign, run, found)
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    if request.GET.get("export") == "xlsx":
        header, rows = leaderboard.export_rows(board)
        return workbook_response(f"{run.period}排名", header, rows)
    box = request.GET.get("box", "")
    context = {
        "campaign": campaign, "board": board, "tracks": leaderboard.filtered(board, box),
        "boxes": leaderboard.boxes(board, box), "clauses": leaderboard.answer(board),
        **_around(request, campaign, run),
    }  # fmt: skip
    return render(request, "dashboards/ranking.html", context)


def _around(request: Request, campaign: Campaign, run: ScoreRun) -> dict[str, Any]:
    """What stands around both rankings: other months, the other view, the month's bulletin."""
    return {
        "campaign": campaign, "run": run, "periods": published_periods(campaign),
        "spans": totals.spans(campaign), "span": request.GET.get("span", ""),
        "bulletin": run.bulletins.first()
        if may(request.user, "bulletins.see", campaign=campaign)
        else None,
    }  # fmt: skip


def _to_date(
    request: Request, campaign: Campaign, run: ScoreRun, found: totals.ToDate
) -> HttpResponse:
    """The ranking of all published months together."""
    labels = totals.labels_of()
    shown = totals.table(request.user, campaign, run, found, labels).shown(request)
    if shown.wants_export:
        return shown.export()
    context = {
        "shown": shown, "clauses": totals.answer(found, labels),
        "words": totals.span_words(found), "months": len(found.months),
        **_around(request, campaign, run),
    }  # fmt: skip
    return render(request, "dashboards/totals.html", context)


@campaign_page("cockpit.see")
def cockpit(request: Request, campaign: Campaign) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("驾驶舱"))
    found = result_of(run)
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    heads, late = minute.headlines(campaign, run), minute.behind(campaign, board)
    clauses = minute.answer(heads, late, len(found.units))
    gaps = [abs(h.gap or 0.0) for h in heads] + [abs(b.mark.pace_gap or 0.0) for b in late]
    writes = may(request.user, "instructions.write", campaign=campaign)
    context = {
        "campaign": campaign, "run": run, "heads": heads, "behind": late, "clauses": clauses,
        "tracks": minute.tracks(board), "rule": rule_of(campaign), "today": today(),
        "scale": max([*gaps, 5.0]), "due": minute.due(request.user, campaign),
        "brief": minute.brief(clauses, board, heads, late),
        "groups": groups(request.user, campaign), "mine": _decisions(request.user, campaign),
        "form": InstructionForm(campaign=campaign) if writes else None,
        "instructions": instructions_for(request.user, campaign)[:3],
    }  # fmt: skip
    return render(request, "dashboards/cockpit.html", context)


MINE = 6
"""How many of the things that wait for oneself the cockpit shows."""


def _decisions(by: User, campaign: Campaign) -> dict[str, Any]:
    """What waits for who looks at the cockpit, the most urgent first, and how much there is."""
    items = my_work(by, campaign)
    shown = [{**vars(i), "word": _(KINDS[i.kind])} for i in items[:MINE]]
    return {"items": shown, "count": len(items), "more": max(0, len(items) - MINE)}


def _explains_all(by: User, campaign: Campaign, unit: Unit, codes: list[str]) -> bool:
    """Whether the figures behind all marks are open; who owns a few follows those one by one."""
    on: dict[str, Any] = {"campaign": campaign, "unit": unit}
    rows = Indicator.objects.filter(code__in=codes)
    return may(by, "scores.explain", **on) and all(
        may(by, "scores.explain", indicator=x, **on) for x in rows
    )


@campaign_page("scores.see")
def unit(request: Request, campaign: Campaign, unit: str) -> HttpResponse:
    run = run_for(request, campaign)
    if run is None:
        return nothing(request, campaign, _("单位"))
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    line = unit_page.line_of(board, unit)
    if line is None:
        raise Http404
    row = Unit.objects.get(code=unit)
    lines = unit_page.mark_lines(campaign, run, line.unit)
    opened = _explains_all(request.user, campaign, row, [x.mark.indicator for x in lines])
    shown = unit_tables.marks_table(lines, opened, str(row)).shown(request)
    if shown.wants_export:
        return shown.export()
    history = [r for r in published_runs(campaign) if r.period < run.period and not r.trial]
    ranks = unit_page.ranks_of([result_of(r) for r in [*history, run]], unit)
    places, scores = unit_page.charts(campaign, line, ranks)
    gaps = [abs(x.mark.pace_gap or 0.0) for x in lines]
    context = {
        "campaign": campaign, "run": run, "board": board, "line": line, "shown": shown,
        "clauses": unit_page.answer(line, result_of(run)), "near": unit_page.near(board, line),
        "chase": unit_page.chase(lines), "lead": unit_page.lead(lines), "open_marks": opened,
        "composition": unit_page.composition(lines), "places": places, "scores": scores,
        "scale": max([*gaps, 5.0]), "periods": published_periods(campaign),
        "may_sheet": may_see_sheet(request.user, run, row),
        "todo": [w for w in due_for(request.user, campaign) if w.unit == row][:2],
    }  # fmt: skip
    return render(request, "dashboards/unit.html", context)


@campaign_page("board.see")
def board(request: Request, campaign: Campaign, period: str = "") -> HttpResponse:
    context = _wall(request, campaign, period)
    if context is None:
        return nothing(request, campaign, _("大屏"))
    return render(request, "dashboards/board.html", context)


@campaign_page("board.see")
def board_wall(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    context = _wall(request, campaign, period)
    if context is None:
        raise Http404
    return render(request, "dashboards/_board.html", context)


@require_POST
@campaign_page("board.run")
def board_move(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    wall.move(campaign=campaign, period=period, step=request.POST.get("step", ""), by=request.user)
    return board_wall(request, campaign.code, period=period)


def _wall(request: Request, campaign: Campaign, period: str) -> dict[str, Any] | None:
    """The wall of a published period; of a draft only where it is asked for, by who may see it."""
    draft = "draft" in request.GET
    if draft:
        require(request.user, "scores.see-draft", campaign=campaign)
        run = draft_run(campaign, period)
    else:
        run = published_run(campaign, period) if period else latest_published(campaign)
    if run is None:
        return None
    found = leaderboard.leaderboard_of(request.user, campaign, run)
    state = None if draft else BoardState.objects.filter(campaign=campaign).first()
    sees = may(request.user, "scores.see-draft", campaign=campaign)
    return {
        "campaign": campaign, "run": run, "wall": wall.wall_of(found, state), "draft": draft,
        "rule": rule_of(campaign), "runs": may(request.user, "board.run", campaign=campaign),
        "other": draft_run(campaign) if sees and not draft else None,
        "last": latest_published(campaign) if draft else None,
    }  # fmt: skip
