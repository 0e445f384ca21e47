"""Instructions: the list, writing one, taking on and answering."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.followup import actions
from saima_web.followup.forms import InstructionForm
from saima_web.followup.models import Instruction
from saima_web.followup.queries import instructions_for
from saima_web.people.pages import Request
from saima_web.people.permissions import may, units_for


@campaign_page("instructions.see")
def instructions(request: Request, campaign: Campaign) -> HttpResponse:
    rows = list(instructions_for(request.user, campaign))
    answering = set(
        units_for(request.user, "instructions.answer", campaign).values_list("pk", flat=True)
    )
    writes = may(request.user, "instructions.write", campaign=campaign)
    context = {
        "campaign": campaign, "rows": rows, "answering": answering,
        "waiting": sum(1 for r in rows if r.state != Instruction.State.ANSWERED),
        "form": InstructionForm(campaign=campaign) if writes else None,
        "turns": may(request.user, "tasks.initiate", campaign=campaign),
    }  # fmt: skip
    return render(request, "followup/instructions.html", context)


@require_POST
@campaign_page("instructions.write")
def write(request: Request, campaign: Campaign) -> HttpResponse:
    form = InstructionForm(request.POST, campaign=campaign)
    if not form.is_valid():
        told = "；".join(f"{form.fields[f].label}：{e[0]}" for f, e in form.errors.items())
        messages.error(request, _("批示没有交办：") + told)
        return redirect("followup:instructions", campaign.code)
    data = form.cleaned_data
    made = actions.write_instruction(campaign=campaign, by=request.user, **data)
    messages.success(request, _("已交办%(unit)s，并抄送督查室。") % {"unit": made.unit})
    return redirect("followup:instructions", campaign.code)


@require_POST
@campaign_page("instructions.see")
def accept(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(instructions_for(request.user, campaign), pk=pk)
    actions.accept_instruction(instruction=row, by=request.user)
    messages.success(request, _("已签收。"))
    return redirect("followup:instructions", campaign.code)


@require_POST
@campaign_page("instructions.see")
def answer(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    row = get_object_or_404(instructions_for(request.user, campaign), pk=pk)
    actions.answer_instruction(
        instruction=row, answer=request.POST.get("answer", ""), by=request.user
    )
    messages.success(request, _("已回复。"))
    return redirect("followup:instructions", campaign.code)
