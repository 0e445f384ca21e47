"""Forms about a project's site: risks, inspections and answers, contingency plan, photographs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.projects.forms import day_input
from saima_web.projects.models import ProjectFile, ProjectRisk, SiteInspection


class RiskForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new risk."""

    class Meta:
        model = ProjectRisk
        fields = ("what", "level", "owner", "measure", "found_on")
        widgets = {"measure": forms.Textarea(attrs={"rows": 2}), "found_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_on"].initial = today


class RiskStateForm(forms.ModelForm):  # type: ignore[type-arg]
    """What became of a risk."""

    on = forms.DateField(label=_("解除日期"), required=False, widget=day_input())

    class Meta:
        model = ProjectRisk
        fields = ("level", "owner", "measure", "state")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["on"] = data.get("on") or today()
        return data

    def _post_clean(self) -> None:
        """The action changes the risk."""


class InspectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A visit to the site."""

    class Meta:
        model = SiteInspection
        fields = ("on", "inspector", "found", "required", "answer_by")
        widgets = {
            "on": day_input(), "answer_by": day_input(),
            "found": forms.Textarea(attrs={"rows": 3}), "required": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip
        help_texts = {"required": _("没有要整改的就不填；填了，责任单位须答复。")}


class AnswerForm(forms.Form):
    """What the unit did."""

    answer = forms.CharField(
        label=_("整改情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ContingencyForm(forms.Form):
    """The contingency plan: words, and a file if there is one."""

    text = forms.CharField(
        label=_("预案"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    file = forms.FileField(
        label=_("预案文件"), required=False, help_text=_("PDF或办公文档，可不传。")
    )


class PhotoForm(forms.ModelForm):  # type: ignore[type-arg]
    """A photograph of the site."""

    class Meta:
        model = ProjectFile
        fields = ("file", "caption", "taken_on", "checked_by")
        labels = {"file": _("照片")}
        widgets = {
            "taken_on": day_input(),
            "file": forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        }
