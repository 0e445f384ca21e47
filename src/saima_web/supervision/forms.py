"""Forms of inspections, problems and dispatch meetings; every step's form keeps what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members
from saima_web.people.models import Unit
from saima_web.supervision.models import Finding, Inspection, Meeting, Problem, Rhythm
from saima_web.supervision.scope import categories_of


def day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def area(rows: int = 3, placeholder: Any = "") -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": placeholder})


def departments(campaign: Campaign) -> Any:
    """Units that may lead or be made responsible: members, and what stands beside and above them."""
    ids = {row.unit_id for row in members(campaign, today())}
    others = Unit.objects.filter(kind__in=(Unit.Kind.DEPARTMENT, Unit.Kind.GROUP))
    return Unit.objects.filter(pk__in=ids) | others.filter(valid_to__isnull=True)


def members_of(campaign: Campaign) -> Any:
    return Unit.objects.filter(pk__in=[row.unit_id for row in members(campaign, today())])


class Words(forms.Form):
    """A step that takes words: an answer, a reason, an opinion."""

    text = forms.CharField(widget=area())

    def __init__(self, *args: Any, label: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].required = required


class InspectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An inspection of the plan."""

    category = forms.ChoiceField(label=_("工作类别"), required=False)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("督查对象"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Inspection
        fields = (
            "title", "kind", "category", "lead_unit", "begins_on", "ends_on", "units", "content",
            "reason",
        )  # fmt: skip
        widgets = {
            "begins_on": day(), "ends_on": day(),
            "content": area(4, _("一行一项，例：三季度亿元项目开工情况")),
        }  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = categories_of(campaign)
        self.fields["category"].choices = [("", _("不分类别")), *((n, n) for n in names)]  # type: ignore[attr-defined]
        self.fields["lead_unit"].queryset = departments(campaign)  # type: ignore[attr-defined]
        self.fields["units"].queryset = members_of(campaign)  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["units"], self.fields["reason"]


class RecordForm(forms.Form):
    """What was seen."""

    visited_on = forms.DateField(label=_("督查日期"), widget=day(), initial=today)
    inspectors = forms.CharField(label=_("督查人员"), max_length=120)
    text = forms.CharField(label=_("督查情况"), widget=area(5))


class ConcludeForm(forms.Form):
    """The conclusion as it is told."""

    conclusion = forms.CharField(label=_("督查结论"), widget=area(4))
    answer_by = forms.DateField(label=_("反馈期限"), widget=day())


class FindingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A fault with its requirement and day, or a merit."""

    class Meta:
        model = Finding
        fields = ("kind", "text", "requirement", "deadline")
        widgets = {"text": area(2), "requirement": area(2), "deadline": day()}


class ScoreForm(forms.Form):
    """What a finding counts for: an item of the rulebook in force."""

    item = forms.ChoiceField(label=_("计分事项"))

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class ProblemForm(forms.ModelForm):  # type: ignore[type-arg]
    """A problem as its owner brings it."""

    category = forms.ChoiceField(label=_("工作类别"), required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("提出单位"), empty_label=None)

    class Meta:
        model = Problem
        fields = (
            "unit", "kind", "title", "category", "project", "concerns", "detail", "asks",
            "element", "upward_to", "amount",
        )  # fmt: skip
        widgets = {
            "detail": area(4, _("卡在哪一步，已经做过什么")),
            "asks": area(2, _("请谁做什么，什么时候以前")),
        }
        help_texts = {
            "project": _("选了的，难题列在这个项目的页面上。"),
            "concerns": _("不在重点项目清单里的写这里。"),
        }

    def __init__(
        self, *args: Any, campaign: Campaign, units: Any, projects: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = categories_of(campaign)
        self.fields["category"].choices = [("", _("不分类别")), *((n, n) for n in names)]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        self.fields["project"].empty_label = _("不涉及重点项目")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Problem.Kind.UPWARD and not data.get("upward_to"):
            self.add_error("upward_to", _("向上争取要写明争取对象，例：省重点项目办。"))
        if data.get("kind") == Problem.Kind.GUARANTEE and not data.get("element"):
            self.add_error("element", _("要素保障要选明是哪种要素。"))
        return data


class SortForm(forms.Form):
    """Who leads on it, and on which day it is met."""

    lead_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("牵头部门"), required=False)
    slot_on = forms.DateField(label=_("会商日"), widget=day(), required=False)
    note = forms.CharField(label=_("意见"), widget=area(2), required=False)

    def __init__(self, *args: Any, campaign: Campaign, meets: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = departments(campaign)  # type: ignore[attr-defined]
        if not meets:
            del self.fields["slot_on"]


class PostponeForm(forms.Form):
    """Another day."""

    slot_on = forms.DateField(label=_("改到"), widget=day())
    note = forms.CharField(label=_("原因"), max_length=200, required=False)


class DecideForm(forms.Form):
    """What is done, by whom, until when."""

    decision = forms.CharField(label=_("议定意见"), widget=area(3))
    responsible_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    due_on = forms.DateField(label=_("办结期限"), widget=day())

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible_unit"].queryset = departments(campaign)  # type: ignore[attr-defined]
        self.fields["due_on"].initial = today() + timedelta(days=14)


class MeetingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A dispatch meeting."""

    class Meta:
        model = Meeting
        fields = ("on", "place", "chair")
        widgets = {"on": day()}


class MinuteForm(forms.Form):
    """A line of minutes; with a unit and a day it becomes a task."""

    text = forms.CharField(label=_("议定事项"), widget=area(2))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"), required=False)
    deadline = forms.DateField(label=_("完成时限"), widget=day(), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = departments(campaign)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("unit")) != bool(data.get("deadline")) and not self.errors:
            self.add_error("deadline", _("责任单位和完成时限要一起填，或都不填。"))
        return data


class RhythmForm(forms.ModelForm):  # type: ignore[type-arg]
    """The campaign's rhythm."""

    class Meta:
        model = Rhythm
        fields = (
            "raise_weekday", "slot_weekday", "dispatch_every", "dispatch_weekday", "dispatch_day",
            "answer_days", "review_days",
        )  # fmt: skip

    def clean_dispatch_day(self) -> int:
        found: int = self.cleaned_data["dispatch_day"]
        if not 1 <= found <= 28:
            raise forms.ValidationError(_("请填1到28日，每个月都有这一天。"))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("answer_days", "review_days"):
            if not 1 <= (data.get(name) or 1) <= 90:
                self.add_error(name, _("请填1到90日。"))
        return data
