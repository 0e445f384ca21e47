"""Forms about targets, in words that officials use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets.checking import number_of
from saima_web.targets.models import Countermeasure, Headline, Lead, LeadStep
from saima_web.ui.selects import LongSelect, offer

Units = tuple[QuerySet[Unit], Sequence[tuple[int, str]]]
"""The units to choose from, and their names by id."""

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NumberField(forms.CharField):
    """A number as people type it, exact: 1,234.50 and full-width digits are understood."""

    def to_python(self, value: Any) -> Any:
        try:
            return number_of(value)
        except ValueError:
            raise forms.ValidationError(_("请填数字，计量单位不用填。")) from None

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(_("请填数字。"))

    def run_validators(self, value: Any) -> None:
        """Nothing beyond being a number."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}" if isinstance(value, Decimal) else value


class SubmitForm(forms.Form):
    """Handing a draft in."""

    title = forms.CharField(label=_("名称"), max_length=120)
    reason = forms.CharField(
        label=_("原因"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("改动已批准的目标时必填。"),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("依据"), max_length=120, required=False, help_text=_("如会议纪要、文号。")
    )


class DecisionForm(forms.Form):
    """A leader's word on a set."""

    decision = forms.CharField(
        label=_("意见"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("不批准时必填。"),
    )  # fmt: skip


class HeadlineForm(forms.Form):
    """What the upper level assigned."""

    comparator = forms.ChoiceField(label=_("要求"), choices=Headline.Comparator.choices)
    assigned = NumberField(label=_("上级下达"), required=False)
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)


class BoundForm(forms.Form):
    """A bound on a unit's year, a month's sum or one cell."""

    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), required=False, widget=LongSelect,
        empty_label=_("各单位合计"),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("期间"), required=False)
    lower = NumberField(label=_("不低于"), required=False)
    upper = NumberField(label=_("不超过"), required=False)
    note = forms.CharField(
        label=_("说明"), max_length=80, required=False, help_text=_("如产能、工期。")
    )

    def __init__(self, *args: Any, units: Units, periods: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        offer(self.fields["unit"], *units)
        self.fields["period"].choices = [("", _("全年")), *periods]  # type: ignore[attr-defined]


class TransferForm(forms.Form):
    """A transfer between two units."""

    giver = forms.ModelChoiceField(
        label=_("划出单位"), queryset=Unit.objects.none(), widget=LongSelect
    )
    taker = forms.ModelChoiceField(
        label=_("划入单位"), queryset=Unit.objects.none(), widget=LongSelect
    )
    amount = NumberField(
        label=_("数额"), required=False, help_text=_("不填为全部划转（如单位合并）。")
    )
    since = forms.ChoiceField(label=_("从何时起"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=300)
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)

    def __init__(self, *args: Any, units: Units, periods: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name in ("giver", "taker"):
            offer(self.fields[name], *units)
        self.fields["since"].choices = [("", _("全年")), *periods]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("giver") and data.get("giver") == data.get("taker"):
            self.add_error("taker", _("划出、划入是同一个单位。"))
        return data


class ImportForm(forms.Form):
    """A workbook with the sheet 目标."""

    file = forms.FileField(label=_("工作簿"), help_text=_("含“目标”表的 .xlsx，可先导出再修改。"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 10_000_000:
            raise forms.ValidationError(_("文件超过10MB，请只保留“目标”表。"))
        return file


class LeadForm(forms.Form):
    """A new lead, plot, project or household."""

    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none())
    indicator = forms.ModelChoiceField(label=_("支撑的指标"), queryset=Indicator.objects.none())
    kind = forms.ChoiceField(label=_("类型"), choices=Lead.Kind.choices)
    group = forms.CharField(
        label=_("清单"), max_length=60, required=False, help_text=_("如三大行动、四个一。")
    )
    name = forms.CharField(label=_("名称"), max_length=120)
    place = forms.CharField(label=_("位置、来源"), max_length=120, required=False)
    stage = forms.ChoiceField(label=_("阶段"), choices=LeadStep.Stage.choices)
    on = forms.DateField(label=_("日期"), widget=DAY)

    def __init__(self, *args: Any, units: Any, indicators: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = indicators  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """Progress of a lead."""

    stage = forms.ChoiceField(label=_("阶段"), choices=LeadStep.Stage.choices)
    on = forms.DateField(label=_("日期"), widget=DAY)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class CountermeasureForm(forms.ModelForm):  # type: ignore[type-arg]
    """Cause, measure, who and until when."""

    class Meta:
        model = Countermeasure
        fields = ("cause", "measure", "responsible", "due", "done")
        widgets = {
            "cause": forms.Textarea(attrs={"rows": 2}),
            "measure": forms.Textarea(attrs={"rows": 2}),
            "due": DAY,
        }
