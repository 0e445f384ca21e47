"""The reviewer's desk: the cells of a round, and deciding on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saima.problems import Refused, refuse
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.pages import Request
from saima_web.reporting import actions, drawn, queries, round_words
from saima_web.reporting.large_desk import BOXES
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.refusals import NOT_SETTLED, REASON_NEEDED, cell_name
from saima_web.reporting.review import desk_for, desk_table, event_name
from saima_web.reporting.typed import NOT_READ, read, told
from saima_web.reporting.views import round_or_404
from saima_web.ui.tables import Row

DECISIONS = ("endorse", "confirm", "return")
KEPT = "review-kept"
"""The session's key for what a refused decision had in its form."""


@dataclass
class Kept:
    """What somebody typed and chose, until it is decided; texts and messages by entry id."""

    values: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    reason: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    reason_wrong: str = ""


@require_GET
@campaign_page("figures.see")
def review(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """The reviewer's desk: everybody sees their scope, buttons only where permitted."""
    found = round_or_404(campaign, period)
    desk = desk_for(
        request.user, found, unit=request.GET.get("unit", ""),
        indicator=request.GET.get("indicator", ""), whole=_needs_whole(request),
    )  # fmt: skip
    kept = _kept(request, found)
    shown = desk_table(desk).shown(request)
    shown.page.object_list = [_typed_on(row, kept) for row in shown.page.object_list]
    if shown.wants_export:
        return shown.export()
    context = {
        "campaign": campaign, "round": found, "desk": desk, "shown": shown, "kept": kept,
        "answer": round_words.desk_answer(desk), "here": request.get_full_path(),
        "units": drawn.options(desk.units, desk.unit.pk if desk.unit else None),
        "indicators": drawn.options(desk.indicators, desk.indicator.pk if desk.indicator else None),
    }  # fmt: skip
    return render(request, "reporting/review.html", context)


def _needs_whole(request: Request) -> bool:
    """Whether somebody asks for what only the figures of all cells can tell, or for the workbook."""
    get = request.GET.get
    return bool(get("sort") or get("export") or get("box", "") not in ("", *BOXES))


def _typed_on(row: Row, kept: Kept) -> Row:
    key = str(row["pk"])
    typed = {"typed": kept.values.get(key, ""), "chosen": key in kept.chosen}
    return {**row, **typed, "wrong": kept.wrong.get(key, "")}


@require_POST
@campaign_page("figures.see")
def decide(request: Request, campaign: Campaign, period: str) -> HttpResponse:
    """Endorse, confirm or return the chosen cells; what is refused comes back as it was typed."""
    found = round_or_404(campaign, period)
    event = request.POST.get("do", "")
    if event not in DECISIONS:
        raise Http404
    kept = _typed(request)
    chosen = [pk for pk in kept.chosen if pk.isdecimal()]
    entries = list(queries.entries_seen(request.user, found).filter(pk__in=chosen))
    if not entries:
        messages.error(request, _("请先勾选要处理的数据。"))
        return _back(request, found, kept)
    values = _values(kept, entries) if event == "confirm" else {}
    if kept.wrong:
        _say_wrong(request, kept)
        return _back(request, found, kept)
    try:
        done = _decide(request, event, entries, values, kept.reason)
    except Refused as error:
        if error.problem.code == "not-allowed":
            raise
        _blame(kept, error, entries)
        messages.error(request, told(error))
        return _back(request, found, kept)
    words = {"n": len(done), "event": event_name(event)}
    messages.success(request, _("已%(event)s%(n)s项。") % words)
    return _back(request, found, _left(kept, done))


def _decide(
    request: Request, event: str, entries: list[Entry], values: Mapping[int, Decimal], reason: str
) -> list[Entry]:
    if event == "endorse":
        return actions.endorse(entries=entries, by=request.user)
    if event == "return":
        return actions.return_(entries=entries, reason=reason, by=request.user)
    return actions.confirm(entries=entries, by=request.user, values=values, reason=reason)


def _typed(request: Request) -> Kept:
    """The form as it was sent."""
    values = {
        key.removeprefix("value-"): str(text).strip()[:60]
        for key, text in request.POST.items()
        if key.startswith("value-") and str(text).strip()
    }
    return Kept(values, request.POST.getlist("entry"), request.POST.get("reason", "")[:300])


def _values(kept: Kept, entries: Sequence[Entry]) -> dict[int, Decimal]:
    """The figures that the owner settles otherwise than reported; what is none goes to `wrong`."""
    found = {}
    for entry in entries:
        text = kept.values.get(str(entry.pk), "")
        if not text:
            continue
        try:
            found[entry.pk] = _settled(text, entry)
        except Refused as error:
            kept.wrong[str(entry.pk)] = told(error)
    return found


def _settled(text: str, entry: Entry) -> Decimal:
    """A typed figure. Errors: Refused for what is no number, the marks of a cell too."""
    try:
        value = read(text, entry.indicator).value
    except Refused as error:
        if error.problem.code != NOT_READ:
            raise
        value = None
    if value is None:
        raise refuse(NOT_SETTLED, text=text)
    return value


def _say_wrong(request: Request, kept: Kept) -> None:
    """One wrong figure is said in full; several are counted, each is marked at its place."""
    if len(kept.wrong) == 1:
        messages.error(request, next(iter(kept.wrong.values())))
        return
    text = _("有%(n)s个核定数不能用，已在各自旁边注明；您填的都还在。")
    messages.error(request, text % {"n": len(kept.wrong)})


def _blame(kept: Kept, error: Refused, entries: Sequence[Entry]) -> None:
    """Put a refusal beside what it is about: the reason, or a cell."""
    if error.problem.code == REASON_NEEDED:
        kept.reason_wrong = told(error)
    for entry in entries:
        if error.problem.place.path == cell_name(entry):
            kept.wrong[str(entry.pk)] = told(error)


def _left(kept: Kept, done: Sequence[Entry]) -> Kept:
    """What was typed beside cells that were not decided on."""
    gone = {str(entry.pk) for entry in done}
    return Kept({key: text for key, text in kept.values.items() if key not in gone})


def _kept(request: Request, round: Round) -> Kept:
    """What the last refusal left of the form; given once."""
    found = request.session.get(KEPT)
    if not found or found["round"] != round.pk:
        return Kept()
    del request.session[KEPT]
    return Kept(**found["form"])


def _back(request: Request, round: Round, kept: Kept) -> HttpResponse:
    """To the list one came from, with its filters and what is still to be decided."""
    if kept != Kept():
        request.session[KEPT] = {"round": round.pk, "form": asdict(kept)}
    here = request.POST.get("next", "")
    base = reverse("reporting:review", args=[round.campaign.code, round.period])
    if not url_has_allowed_host_and_scheme(here, {request.get_host()}) or "review" not in here:
        here = base
    return redirect(here)
