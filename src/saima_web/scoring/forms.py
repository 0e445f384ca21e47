"""Forms of scoring: a run, an event, a what-if."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members, periods_of
from saima_web.indicators.models import Indicator, Rulebook
from saima_web.indicators.queries import reported_indicators
from saima_web.people.models import Unit
from saima_web.scoring.models import ScoreEvent


def member_units(campaign: Campaign) -> Any:
    """The units that take part today, in official order."""
    ids = [row.unit_id for row in members(campaign, today())]
    return Unit.objects.filter(pk__in=ids)


class WhatIfForm(forms.Form):
    """One figure as it might be."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"), to_field_name="code")
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label=_("指标"), to_field_name="code"
    )
    value = forms.DecimalField(label=_("如果这个月的数是"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = member_units(campaign)  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = reported_indicators(campaign)  # type: ignore[attr-defined]


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    """A bonus, deduction, veto or gate, with its basis."""

    class Meta:
        model = ScoreEvent
        fields = ("kind", "unit", "name", "on", "count", "points", "basis", "expires", "note")
        widgets = {
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "expires": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "name": forms.TextInput(attrs={"list": "event-names"}),
        }
        help_texts = {
            "name": _("与考核办法里写的事项同名才计分。"),
            "points": _("不填则按考核办法的分值。"),
            "basis": _("文件名称和文号；没有依据不能登记。"),
            "expires": _("不填则一直有效。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = member_units(campaign)  # type: ignore[attr-defined]
        self.fields["on"].initial = today()

    def clean_count(self) -> str:
        return _number(self.cleaned_data["count"], _("次数"), required=True)

    def clean_points(self) -> str:
        return _number(self.cleaned_data["points"], _("分值"), required=False)


def _number(text: str, name: Any, required: bool) -> str:
    if not text and not required:
        return ""
    try:
        value = float(text)
    except ValueError:
        raise forms.ValidationError(_("%(name)s要写数字。") % {"name": name}) from None
    if value <= 0:
        raise forms.ValidationError(_("%(name)s要大于0。") % {"name": name})
    return text


class RunForm(forms.Form):
    """Which period to score, and how."""

    period = forms.ChoiceField(label=_("期间"))
    reason = forms.CharField(
        label=_("更正原因"), required=False, max_length=300,
        help_text=_("已公布过的期间要写：哪个数改了、依据是什么。"),
    )  # fmt: skip
    provisional = forms.BooleanField(
        label=_("含未核定数"), required=False, help_text=_("只供试算，不能公布。")
    )
    rulebook = forms.ModelChoiceField(
        Rulebook.objects.none(), label=_("换一版考核办法对照"), required=False,
        empty_label=_("用当期有效的办法"), help_text=_("只作对照，不进入公布流程。"),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = [p for p in periods_of(campaign) if p.start <= today()]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (p.text, p.label("en" if get_language() == "en" else "zh")) for p in reversed(begun)
        ]
        books = campaign.rulebooks.exclude(state=Rulebook.State.DRAFT)
        self.fields["rulebook"].queryset = books  # type: ignore[attr-defined]
