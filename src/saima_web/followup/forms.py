"""The form of an instruction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import member_ids
from saima_web.people.models import Unit
from saima_web.people.queries import unit_choices
from saima_web.ui.selects import LongSelect, offer


class InstructionForm(forms.Form):
    """What, to whom, until when; usually within a week."""

    text = forms.CharField(
        label=_("批示内容"),
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("例：请说明卡在哪一步，需要集团协调什么。")}
        ),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("交办单位"), empty_label=None, widget=LongSelect
    )
    due_on = forms.DateField(
        label=_("期限"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = member_ids(campaign, today())
        units = Unit.objects.filter(pk__in=ids)
        offer(self.fields["unit"], units, unit_choices(units))
        self.fields["due_on"].initial = today() + timedelta(days=7)
