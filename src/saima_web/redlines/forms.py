"""Forms of red lines: an incident, a risk and its check, an honour, what a unit answered for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import units_for
from saima_web.redlines.contribution_actions import READERS
from saima_web.redlines.models import (
    AccountabilityRecord,
    AllowedVeto,
    Contribution,
    Honour,
    Incident,
    RiskCheck,
    RiskItem,
)
from saima_web.redlines.queries import members


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def choose(form: forms.BaseForm, name: str, rows: Any) -> None:
    form.fields[name].queryset = rows  # type: ignore[attr-defined]


class VetoForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may follow from an incident in a domain."""

    class Meta:
        model = AllowedVeto
        fields = ("domain", "name", "effect", "basis")
        widgets = {"name": forms.TextInput(attrs={"list": "rule-names"})}
        help_texts = {
            "name": _("与考核办法里写的事项同名才起作用。"),
            "basis": _("文件名称和文号；没有依据不能列入。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "domain", campaign.domains.all())


class IncidentForm(forms.ModelForm):  # type: ignore[type-arg]
    """What happened, where, by which document, and what should follow."""

    class Meta:
        model = Incident
        fields = (
            "unit", "veto", "name", "on", "description", "basis", "file", "points", "expires"
        )  # fmt: skip
        widgets = {
            "on": day_input(), "expires": day_input(), "file": forms.FileInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip
        help_texts = {
            "veto": _("只能从本行动许可的清单里选。"),
            "basis": _("事故认定、处理决定等文件名称和文号；没有依据不能登记。"),
            "points": _("扣分时填；不填则按考核办法的分值。"),
            "expires": _("考核办法写了期限的可不填，到期自动失效。"),
            "description": _("写单位和事实，不写个人姓名。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", members(campaign))
        live = campaign.allowed_vetoes.filter(retired_at=None)
        choose(self, "veto", live.select_related("domain"))
        self.fields["on"].initial = today()

    def clean_points(self) -> Decimal | None:
        points: Decimal | None = self.cleaned_data["points"]
        if points is not None and points <= 0:
            raise forms.ValidationError(_("分值要大于0。"))
        return points


class RiskForm(forms.ModelForm):  # type: ignore[type-arg]
    """A risk, who answers for it, what is done about it."""

    class Meta:
        model = RiskItem
        fields = ("domain", "unit", "name", "measure", "every_days", "plan")
        widgets = {"plan": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, campaign: Campaign, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "domain", campaign.domains.all())
        own = units_for(by, "risks.check", campaign)
        choose(self, "unit", members(campaign).filter(pk__in=own))


class CheckForm(forms.ModelForm):  # type: ignore[type-arg]
    """A check and its result."""

    class Meta:
        model = RiskCheck
        fields = ("on", "result", "note")
        widgets = {"on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class HonourForm(forms.ModelForm):  # type: ignore[type-arg]
    """A bonus, deduction, commendation or warning with its basis."""

    class Meta:
        model = Honour
        fields = ("kind", "unit", "name", "on", "points", "counts_in", "basis", "note")
        widgets = {"on": day_input(), "name": forms.TextInput(attrs={"list": "rule-names"})}
        help_texts = {
            "name": _("与考核办法里写的事项同名才计分。"),
            "points": _("表彰、通报批评可不填，不填则不计分；超过年度上限的部分不计。"),
            "basis": _("文件名称和文号；没有依据不能登记。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", members(campaign))
        self.fields["on"].initial = today()


class CapsForm(forms.Form):
    """How many points of each kind a unit can get in a year."""

    def __init__(self, *args: Any, caps: dict[str, Decimal], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind, title in Honour.Kind.choices:
            self.fields[kind] = forms.DecimalField(
                label=title, min_value=0, required=False, initial=caps.get(kind)
            )


class AccountabilityForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a unit answered for."""

    class Meta:
        model = AccountabilityRecord
        fields = ("unit", "on", "matter", "form", "basis", "words")
        widgets = {"on": day_input(), "words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "form": _("例：约谈、书面检查、通报。"),
            "words": _("只有考核办和领导能看；不写与事由无关的个人情况。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", members(campaign))
        self.fields["on"].initial = today()


class ContributionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person did, with its basis."""

    class Meta:
        model = Contribution
        fields = ("unit", "person", "user", "on", "what", "basis")
        widgets = {"on": day_input(), "what": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "user": _("选了登录名，本人能看到自己的记录，并要求更正或删除。"),
            "what": _("只写与本行动有关的事实。"),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose(self, "unit", members(campaign))
        people = User.objects.filter(is_active=True, posts__campaign=campaign).distinct()
        choose(self, "user", people)
        self.fields["on"].initial = today()


class SwitchForm(forms.Form):
    """Whether contribution records are kept, for whom, on what basis."""

    roles = forms.MultipleChoiceField(
        label=_("可以查看的角色"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(r.value, r.label) for r in READERS],
    )  # fmt: skip
    reason = forms.CharField(label=_("开启的依据"), max_length=200, required=False)
