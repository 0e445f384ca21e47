"""Pages that people look at; each asks one question and answers it in its first line."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.dashboards import leaderboard
from saima_web.dashboards.queries import KINDS, my_work
from saima_web.people.pages import Request
from saima_web.people.permissions import may, posts_of
from saima_web.reporting.models import Round
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import latest_published, published_periods, visible_run
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
    board = leaderboard.leaderboard_of(request.user, campaign, run) if run else None
    late = sum(1 for i in items if i.due is not None and i.due < now())
    context: dict[str, Any] = {
        "items": [{**vars(i), "word": _(KINDS[i.kind])} for i in items],
        "clauses": _work_answer(len(items), late),
        "today": today(),
        "roles": list(dict.fromkeys(p.get_role_display() for p in posts_of(request.user))),
        "own_lines": [line for line in board.lines if line.own] if board else [],
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
        return [clauses[0] + "，", _("其中%(n)s件已逾期。") % {"n": late}]
    return [clauses[0] + "，", _("都还来得及。")]


@campaign_page("scores.see")
def ranking(request: Request, campaign: Campaign, period: str = "") -> HttpResponse:
    run = run_for(request, campaign, period)
    if run is None:
        return nothing(request, campaign, _("排名"))
    board = leaderboard.leaderboard_of(request.user, campaign, run)
    if request.GET.get("export") == "xlsx":
        header, rows = leaderboard.export_rows(board)
        return workbook_response(f"{run.period}排名", header, rows)
    box = request.GET.get("box", "")
    context = {
        "campaign": campaign, "board": board, "tracks": leaderboard.filtered(board, box),
        "boxes": leaderboard.boxes(board, box), "clauses": leaderboard.answer(board),
        "periods": published_periods(campaign),
    }  # fmt: skip
    return render(request, "dashboards/ranking.html", context)
