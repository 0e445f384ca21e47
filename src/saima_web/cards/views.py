"""Pages of cards: the list, one card with its loop, and its papers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima.problems import Refused, refuse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.cards import actions, papers, refusals
from saima_web.cards.forms import AnswerForm, InterviewForm
from saima_web.cards.links import subject_link
from saima_web.cards.models import Card
from saima_web.cards.proposing import propose
from saima_web.cards.queries import cards_for, in_force, visible
from saima_web.cards.shown import cards_table, choices, steps_of, summary
from saima_web.people.languages import told
from saima_web.people.models import Unit
from saima_web.people.pages import Request
from saima_web.people.permissions import may, require
from saima_web.ui.downloads import DOCX, file_response


@campaign_page("cards.see")
def listing(request: Request, campaign: Campaign) -> HttpResponse:
    """Cards in every state, by unit and level."""
    picked = {key: request.GET.get(key, "") for key in ("unit", "level", "office")}
    rows = list(visible(request.user, campaign, **picked))
    shown = cards_table(campaign, rows).shown(request)
    if shown.wants_export:
        return shown.export()
    everything = cards_for(request.user, campaign)
    context = {
        "campaign": campaign, "shown": shown, **picked,
        "units": Unit.objects.filter(pk__in=everything.values("unit")),
        "levels": sorted(set(everything.order_by().values_list("level", flat=True))),
        "offices": Card.Office.choices,
        "rules": in_force(campaign, today()),
        "may_judge": may(request.user, "cards.decide", campaign=campaign),
        "may_write": may(request.user, "cards.rules-edit", campaign=campaign),
        **summary(rows),
    }  # fmt: skip
    return render(request, "cards/list.html", context)


@campaign_page("cards.decide")
@require_POST
def judge_now(request: Request, campaign: Campaign) -> HttpResponse:
    """Judge what is published; proposals wait for a decision."""
    made = propose(campaign=campaign, by=request.user)
    if made.total or made.advised:
        told = "、".join(f"{level}{count}" for level, count in made.raised.items()) or "0"
        messages.success(
            request,
            _("按规则提出：%(cards)s；对已发的牌提出建议%(n)s条。是否采纳由您决定。")
            % {"cards": told, "n": made.advised},
        )
    else:
        messages.info(request, _("已评定，没有新的建议。"))
    return redirect("cards:list", campaign.code)


@campaign_page("cards.see")
def card(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One card: why, what was answered, what follows."""
    return _page(request, campaign, _card_of(request, campaign, pk))


def _card_of(request: Request, campaign: Campaign, pk: int) -> Card:
    return get_object_or_404(cards_for(request.user, campaign), pk=pk)


def _page(
    request: Request, campaign: Campaign, row: Card, form: forms.Form | None = None
) -> HttpResponse:
    can = choices(request.user, row)
    own = form is not None
    context = {
        "campaign": campaign, "card": row, "can": can, "late": row.late(today()),
        "answers": list(row.answers.select_related("by", "reviewed_by")),
        "interviews": list(row.interviews.select_related("by")),
        "steps": steps_of(row),
        "events": list(row.events.all()),
        "successor": row.replaced_by.exclude(issued_on__isnull=True).first(),
        "link": subject_link(row),
        "answer_form": form if isinstance(form, AnswerForm) else AnswerForm(),
        "interview_form": form if isinstance(form, InterviewForm) else InterviewForm(card=row),
        "opened": own,
    }  # fmt: skip
    return render(request, "cards/card.html", context)


@campaign_page("cards.see")
@require_POST
def step(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """One step of the loop, as the button pressed says; the action asks who may."""
    row = _card_of(request, campaign, pk)
    require(request.user, actions.right_of(row), campaign=campaign)
    event, words = request.POST.get("event", ""), request.POST.get("words", "")
    told, by = "", request.user
    match event:
        case "issue":
            actions.issue(card=row, by=by)
            told = _("已发出，责任单位会收到消息。")
        case "hold":
            actions.hold(card=row, words=words, by=by)
            told = _("已暂缓，在“暂缓发出”里可以再定。")
        case "waive":
            actions.waive(card=row, words=words, by=by)
            told = _("已容错免牌，理由留在记录里。")
        case "accept" | "return":
            actions.review(card=row, accepted=event == "accept", words=words, by=by)
            told = _("答复已认可，达标后摘牌。") if event == "accept" else _("已退回，限期重答。")
        case "lift":
            actions.lift(card=row, words=words, by=by)
            told = _("已摘牌。")
        case "lower":
            row = actions.lower(card=row, words=words, by=by)
            told = _("已降级，原牌销号。")
        case _other:
            raise refuse(refusals.NOT_ADVISED)
    messages.success(request, told)
    return redirect("cards:card", campaign.code, row.pk)


@campaign_page("cards.answer")
@require_POST
def answer(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """The unit answers."""
    row, form = _card_of(request, campaign, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, row, form)
    try:
        actions.answer(card=row, by=request.user, **form.cleaned_data)
    except Refused as refused:
        if refused.problem.code != refusals.PROMISE_PAST:
            raise
        form.add_error("promised_on", told(refused.problem))
        return _page(request, campaign, row, form)
    messages.success(request, _("已答复，等待复核。"))
    return redirect("cards:card", campaign.code, pk)


@campaign_page("cards.see")
@require_POST
def escalate(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """An interview and its record."""
    row = _card_of(request, campaign, pk)
    require(request.user, actions.right_to_escalate(row, request.user), campaign=campaign)
    form = InterviewForm(request.POST, card=row)
    if not form.is_valid():
        return _page(request, campaign, row, form)
    actions.escalate(card=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("约谈已记入。答复期限重新起算。"))
    return redirect("cards:card", campaign.code, pk)


@campaign_page("cards.see")
def paper(request: Request, campaign: Campaign, pk: int, kind: str) -> HttpResponse:
    """A card's own paper: the notice or the supervision slip, as Word."""
    row = _card_of(request, campaign, pk)
    if kind not in papers.PAPERS or row.issued_on is None:
        raise Http404
    name, content = papers.card_file(row, kind)
    return file_response(content, name, DOCX)


@campaign_page("cards.decide")
def bulletin(_request: Request, campaign: Campaign) -> HttpResponse:
    """The supervision bulletin on all cards in hand, as Word."""
    name, content = papers.bulletin_file(campaign, today())
    return file_response(content, name, DOCX)
