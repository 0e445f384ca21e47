"""The page of three-point estimates: how long will what is left take?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.people.languages import told
from saima_web.people.pages import Request
from saima_web.projects.gantt.estimate_actions import NAMES, Three, set_estimates
from saima_web.projects.models import Milestone
from saima_web.projects.views import find, frame


class ThreeForm(forms.Form):
    """The three estimates of one activity, in days: all or none."""

    optimistic = forms.DecimalField(label=gettext_lazy("最好"), required=False)
    likely = forms.DecimalField(label=gettext_lazy("最可能"), required=False)
    pessimistic = forms.DecimalField(label=gettext_lazy("最坏"), required=False)

    def __init__(self, data: Any, row: Milestone) -> None:
        self.row = row
        kept = {name: getattr(row, name) for name in NAMES}
        initial = {name: None if v is None else f"{v:f}" for name, v in kept.items()}
        super().__init__(data, prefix=f"m{row.pk}", initial=initial)
        for field in self.fields.values():
            label = _("%(what)s：%(name)s（天）") % {"what": row.name, "name": field.label}
            field.widget.attrs |= {"aria-label": label, "step": "0.5", "min": "0"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = [data.get(name) is not None for name in NAMES]
        if any(given) and not all(given):
            raise forms.ValidationError(_("三个都填，或都不填。"))
        return data

    @property
    def three(self) -> Three | None:
        low, likely, high = (self.cleaned_data[name] for name in NAMES)
        return None if low is None else (low, likely, high)


@campaign_page("projects.report")
def estimates(request: Request, campaign: Campaign, pk: int) -> HttpResponse:
    """At best, most likely and at worst, in days, of everything that is not finished."""
    project, problem = find(request.user, campaign, pk), ""
    open_ = [r for r in project.milestones.all() if r.duration and not r.actual_finish]
    asked = [ThreeForm(request.POST or None, row) for row in open_]
    wrong = [form for form in asked if form.errors]
    if request.method == "POST" and not wrong:
        values = {form.row.pk: form.three for form in asked if form.has_changed()}
        try:
            done = set_estimates(project=project, values=values, by=request.user)
            messages.success(request, _("已保存%(n)s项活动的估计。") % {"n": len(done)})
            return redirect("projects:gantt-one", campaign.code, pk)
        except Refused as refused:
            problem = told(refused.problem)
    context = {
        **frame(request.user, campaign, "gantt"), "project": project, "forms": asked,
        "problem": problem,
    }  # fmt: skip
    return render(
        request, "projects/estimates.html", context, status=422 if wrong or problem else 200
    )
